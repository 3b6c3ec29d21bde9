//! HTTP endpoints.

use serde_json::{Value, json};
use signalk_plugin_host::{
    ConfigStore, Event, Host, HttpRequest, Plugin, PluginState, Registration, ServerVersion,
};

use crate::fixture::{Wat, log, text_out, traps};

fn serving(endpoints: &str) -> Wat {
    Wat::new().and(text_out("http_endpoints", endpoints))
}

/// One endpoint whose handler logs the request and answers.
fn echoing(method: &str, path: &str) -> Wat {
    serving(&format!(r#"[{{"method":"{method}","path":"{path}","handler":"it"}}]"#)).exchange(
        "it",
        r#"(call $debug (local.get $ptr) (local.get $len))
           (memory.copy (local.get $out) {text:{"body":{"ok":true}}}) {len:{"body":{"ok":true}}}"#,
    )
}

fn request_seen(plugin: &Plugin) -> Value {
    serde_json::from_str(&log(plugin).pop().unwrap()).unwrap()
}

#[test]
fn a_handler_gets_the_request_and_its_answer_is_sent() {
    let mut plugin = echoing("GET", "/api/item/:id").running();
    let answer =
        plugin.http(&HttpRequest::get("/api/item/a%20b?x=1&x=2&y").header("X-Trace", "7")).unwrap();
    assert_eq!((answer.status, answer.json().unwrap()), (200, json!({"ok": true})));
    assert_eq!(
        request_seen(&plugin),
        json!({
            "method": "GET",
            "path": "/api/item/a%20b",
            "query": {"x": ["1", "2"], "y": ""},
            "params": {"id": "a b"},
            "body": {},
            "headers": {"host": "localhost:3000", "x-trace": "7"}
        })
    );
}

#[test]
fn a_json_body_arrives_as_object_or_array_and_anything_else_as_an_empty_object() {
    let mut plugin = echoing("POST", "/a").running();
    let mut body = |request: HttpRequest| {
        plugin.http(&request).unwrap();
        request_seen(&plugin)["body"].clone()
    };
    assert_eq!(body(HttpRequest::post("/a").json("[1]")), json!([1]));
    assert_eq!(body(HttpRequest::post("/a").json(r#"{"a":1}"#)), json!({"a": 1}));
    assert_eq!(body(HttpRequest::post("/a").body("a")), json!({}));
    let form = HttpRequest::post("/a")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body("a=1");
    assert_eq!(body(form.clone()), json!({"a": "1"}));

    let host = Host::builder().version(ServerVersion::V2_23).build();
    let mut old = host.install(echoing("POST", "/a").module()).unwrap();
    old.enable("{}").unwrap();
    old.http(&form).unwrap();
    assert_eq!(request_seen(&old)["body"], json!({}));
}

#[test]
fn a_body_that_the_server_refuses_never_reaches_the_plugin() {
    let mut plugin = echoing("POST", "/a").running();
    for (body, status) in
        [("{".to_owned(), 400), ("7".to_owned(), 400), (format!("[{}]", " ".repeat(11 << 20)), 413)]
    {
        assert_eq!(plugin.http(&HttpRequest::post("/a").json(body)).unwrap().status, status);
    }
    assert_eq!(log(&plugin), [""; 0]);
}

#[test]
fn head_runs_the_handler_of_get_and_sends_no_body() {
    let mut plugin = echoing("GET", "/a").running();
    let answer = plugin.http(&HttpRequest::new("HEAD", "/a")).unwrap();
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert_eq!(request_seen(&plugin)["method"], json!("HEAD"));
}

#[test]
fn what_no_endpoint_matches_is_not_found() {
    let mut plugin = echoing("GET", "/a").running();
    for request in [HttpRequest::get("/b"), HttpRequest::post("/a"), HttpRequest::get("/a/b")] {
        assert_eq!(plugin.http(&request).unwrap().status, 404);
    }
    let mut item = echoing("GET", "/:id").running();
    assert_eq!(item.http(&HttpRequest::get("/%ff")).unwrap().status, 400);
}

#[test]
fn a_trap_in_a_handler_is_a_500_and_its_buffers_stay() {
    let wat = serving(r#"[{"method":"GET","path":"/a","handler":"it"}]"#)
        .with("deallocate", r#"(func (export "deallocate") (param i32 i32) {log:deallocate})"#)
        .exchange("it", "{log:it} unreachable");
    let mut plugin = wat.running();
    plugin.take_events();
    let answer = plugin.http(&HttpRequest::get("/a")).unwrap();
    assert_eq!((answer.status, answer.json().unwrap()), (500, json!({"error": "unreachable"})));
    assert_eq!(log(&plugin), ["it"]);
    assert_eq!((traps(&plugin).len(), plugin.state()), (1, PluginState::Running));
}

#[test]
fn returned_lengths_are_not_checked() {
    let answer = |body: &str| {
        let wat = serving(r#"[{"method":"GET","path":"/a","handler":"it"}]"#).exchange("it", body);
        wat.running().http(&HttpRequest::get("/a")).unwrap()
    };
    assert_eq!(
        answer("(i32.const -1)").json().unwrap(),
        json!({"error": "Invalid typed array length: -1"})
    );
    let far = answer("(i32.const 0x7fffffff)");
    assert_eq!(far.json().unwrap(), json!({"error": "Invalid typed array length: 2147483647"}));
    let long = answer(
        r#"(memory.fill (local.get $out) (i32.const 0x20) (i32.const 200000))
           (memory.copy (local.get $out) {text:{"body":"long"}}) (i32.const 200000)"#,
    );
    assert_eq!(long.text(), "long", "an answer beyond the buffer is read whole");
}

#[test]
fn a_handler_that_is_not_exported_is_a_500() {
    let mut plugin = serving(r#"[{"method":"GET","path":"/a","handler":"absent"}]"#).running();
    let answer = plugin.http(&HttpRequest::get("/a")).unwrap();
    assert_eq!(answer.json().unwrap(), json!({"error": "Handler function absent not found"}));
}

#[test]
fn one_bad_endpoint_stops_those_behind_it_and_other_methods_are_skipped() {
    let endpoints = r#"[{"method":"PATCH","path":"/p","handler":"it"},{"method":"get","path":"/a","handler":"it"},
        {"path":"/b","handler":"it"},{"method":"GET","path":"/c","handler":"it"}]"#;
    let plugin = serving(endpoints).running();
    let registration = Registration::Http {
        method: "GET".to_owned(),
        path: "/a".to_owned(),
        handler: "it".to_owned(),
    };
    assert_eq!(plugin.registrations(), [registration]);
    assert_eq!(traps(&plugin)[0].0, "http_endpoints");
    assert_eq!(plugin.state(), PluginState::Running);
}

#[test]
fn the_first_of_two_endpoints_that_match_answers() {
    let endpoints = r#"[{"method":"GET","path":"/:x","handler":"one"},{"method":"GET","path":"/a","handler":"two"}]"#;
    let mut plugin = serving(endpoints)
        .answers("one", r#"{"body":"1"}"#)
        .answers("two", r#"{"body":"2"}"#)
        .running();
    assert_eq!(plugin.http(&HttpRequest::get("/a")).unwrap().text(), "1");
}

#[test]
fn endpoints_answer_after_a_stop_and_without_any_start() {
    let mut plugin = echoing("GET", "/a").running();
    plugin.disable().unwrap();
    assert_eq!(plugin.http(&HttpRequest::get("/a")).unwrap().status, 200);

    let store = ConfigStore::in_memory();
    store.write("test-plugin", "{}").unwrap();
    let mut loaded =
        Host::builder().config_store(store).build().install(echoing("GET", "/a").module()).unwrap();
    assert_eq!(loaded.http(&HttpRequest::get("/a")).unwrap().status, 200);
}

#[test]
fn the_server_has_pages_of_its_own() {
    let mut plugin = echoing("GET", "/").installed();
    assert_eq!(
        plugin.http(&HttpRequest::get("/a")).unwrap().status,
        404,
        "nothing is registered while it is disabled"
    );
    let save = HttpRequest::post("/config").json(r#"{"enabled":true,"configuration":{"a":1}}"#);
    let answer = plugin.http(&save).unwrap();
    assert_eq!(answer.json().unwrap(), json!("Saved configuration for plugin test-plugin"));
    assert_eq!(plugin.state(), PluginState::Running);
    let page = plugin.http(&HttpRequest::get("/")).unwrap().json().unwrap();
    assert_eq!(page["name"], json!("Test Plugin"));
    let config = plugin.http(&HttpRequest::get("/config")).unwrap().json().unwrap();
    assert_eq!(config, json!({"enabled": true, "enableDebug": false, "configuration": {"a": 1}}));
    assert_eq!(log(&plugin), [""; 0]);
}

#[test]
fn a_save_that_fails_is_a_500() {
    let mut plugin = Wat::new().start("(i32.const 3)").installed();
    let answer = plugin.http(&HttpRequest::post("/config").json(r#"{"enabled":true}"#)).unwrap();
    assert_eq!(answer.json().unwrap(), json!({"error": "Plugin start() returned error code: 3"}));
    assert_eq!(plugin.events().last().unwrap().event, Event::State(PluginState::Error));
}

#[test]
fn a_header_is_taken_once_or_joined_as_node_js_does() {
    let mut plugin = echoing("GET", "/a").running();
    let request = HttpRequest::get("/a").header("Host", "boat");
    let headers = [("Accept", "a"), ("Accept", "b"), ("Cookie", "a=1"), ("Cookie", "b=2")];
    let headers = headers.into_iter().chain([("User-Agent", "one"), ("User-Agent", "two")]);
    let request = headers.fold(request, |request, (name, value)| request.header(name, value));
    plugin.http(&request).unwrap();
    assert_eq!(
        request_seen(&plugin)["headers"].to_string(),
        r#"{"host":"boat","accept":"a, b","cookie":"a=1; b=2","user-agent":"one"}"#
    );
}

#[test]
fn a_content_type_counts_in_any_case() {
    let mut plugin = echoing("POST", "/a").running();
    let request = HttpRequest::post("/a").header("Content-Type", "Application/JSON; charset=utf-8");
    plugin.http(&request.body(r#"{"a":1}"#)).unwrap();
    assert_eq!(request_seen(&plugin)["body"], json!({"a": 1}));
}

#[test]
fn what_nothing_answers_is_the_page_of_express() {
    let mut plugin = echoing("GET", "/a").running();
    let answer = plugin.http(&HttpRequest::get("/<b>")).unwrap();
    assert_eq!(answer.status, 404);
    let text = answer.text();
    assert!(text.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"), "{text}");
    assert!(text.contains("<pre>Cannot GET /plugins/test-plugin/&lt;b&gt;</pre>"), "{text}");
}

#[test]
fn options_are_answered_by_the_server_alone() {
    let mut plugin = echoing("GET", "/a").running();
    let answer = plugin.http(&HttpRequest::new("OPTIONS", "/a")).unwrap();
    assert_eq!((answer.status, answer.text().as_str()), (204, ""));
    assert!(log(&plugin).is_empty());
}

#[test]
fn a_handler_that_answers_no_json_shows_what_is_wrong_with_it() {
    let serving = serving(r#"[{"method":"GET","path":"/a","handler":"it"}]"#);
    let mut plugin = serving.answers("it", "{'a'}").running();
    let answer = plugin.http(&HttpRequest::get("/a")).unwrap().json().unwrap();
    let error = answer["error"].as_str().unwrap();
    assert!(error.starts_with("not JSON: expected a key or '}'"), "{error}");
}
