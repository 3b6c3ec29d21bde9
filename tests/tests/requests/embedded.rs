//! PUT and HTTP requests to a plugin in the embedded host, as either server version hands them over.

use std::time::Duration;

use crate::addresses::{self, Outcome};
use serde_json::json;
use signalk_plugin_host::{Host, HttpRequest, Module, Plugin, ServerVersion};
use signalk_plugin_tests::{BuiltPlugin, Way, cases};

cases! {
    [embedded]
    a_put_is_carried_out_and_a_bad_one_is_answered_with_its_reason
    answers_arrive_as_they_were_meant
    addresses_and_bodies_are_handed_over_as_the_server_reads_them
    large_answers_arrive_whole
    a_stopped_plugin_answers_that_it_is_not_running
    a_crash_is_shown_and_the_plugin_starts_afresh
    crashes_eat_the_stack_and_at_half_of_it_the_plugin_gives_up
    a_stack_that_ran_over_and_memory_that_ran_out_are_crashes_without_a_message
}

fn started(version: ServerVersion) -> Plugin {
    Host::builder().version(version).build().install_enabled(module(), "{}").unwrap()
}

fn module() -> Module {
    BuiltPlugin::of("signalk-test-requests").unwrap().module().unwrap()
}

/// The status and the body of the answer to a GET.
fn get(plugin: &mut Plugin, path: &str) -> (u16, String) {
    let answer = plugin.http(&HttpRequest::get(path)).unwrap();
    (answer.status, String::from_utf8(answer.body).unwrap())
}

fn a_put_is_carried_out_and_a_bad_one_is_answered_with_its_reason(way: Way) {
    let mut plugin = started(way.version());
    plugin.put("vessels.self", "test.put.value", "5").unwrap();
    assert_eq!(plugin.value("test.put.done").unwrap(), 5);
    for (value, status, message) in [
        ("-1", "409", "-1 is taken"),
        ("\"x\"", "400", "found the text \\\"x\\\", expected a whole number"),
    ] {
        let outcome = plugin.put("vessels.self", "test.put.value", value).unwrap();
        let outcome = format!("{outcome:?}").replace("\\\\\\\"", "\\\"");
        assert!(outcome.contains(status) && outcome.contains(message), "{outcome}");
    }
    assert_eq!(plugin.value("test.put.done").unwrap(), 5);
}

fn answers_arrive_as_they_were_meant(way: Way) {
    let mut plugin = started(way.version());
    let search = get(&mut plugin, "/api/search?most=5&kind=a&kind=b");
    assert_eq!(search, (200, r#"[5,["a","b"]]"#.into()));
    assert_eq!(get(&mut plugin, "/api/search?most=500").0, 400);
    let bad = HttpRequest::post("/api/drop").json(r#"{"maxRadius":"far"}"#);
    let bad = plugin.http(&bad).unwrap();
    assert!(bad.status == 400 && bad.text().contains("maxRadius: found"), "{}", bad.text());
    // A name may be whatever its owner has typed.
    let item = get(&mut plugin, "/api/items/%3Cb%3E");
    assert_eq!(item, (200, "<p>&lt;b&gt; for </p>".into()));
    for (kind, body) in [
        ("number", "42"),
        ("text", "\"hi\""),
        ("nothing", "null"),
        ("large", "[18446744073709551615]"),
    ] {
        assert_eq!(get(&mut plugin, &format!("/api/scalar/{kind}")), (200, body.into()), "{kind}");
    }
    assert_eq!(get(&mut plugin, "/api/scalar/other").0, 404);
    assert_eq!(get(&mut plugin, "/api/text"), (200, "7".into()));
}

fn addresses_and_bodies_are_handed_over_as_the_server_reads_them(way: Way) {
    let mut plugin = started(way.version());
    for (address, outcome) in addresses::all() {
        let (status, body) = get(&mut plugin, address);
        match outcome {
            Outcome::Refused(expected) => assert_eq!(status, expected, "{address}"),
            Outcome::Echo(part, query) => {
                let path = addresses::path_of(address);
                let body: serde_json::Value = serde_json::from_str(&body).unwrap();
                assert_eq!(body, json!(["GET", path, part, query]), "{address}");
            }
        }
    }
    for (media_type, body, status, expected) in addresses::bodies() {
        let request = HttpRequest::post("/api/echo").header("Content-Type", media_type).body(body);
        let answer = plugin.http(&request).unwrap();
        assert_eq!(answer.status, status, "{media_type} {body}");
        if let Some(expected) = expected {
            assert_eq!(answer.json().unwrap(), expected, "{media_type} {body}");
        }
    }
}

fn large_answers_arrive_whole(way: Way) {
    let mut plugin = started(way.version());
    for _ in 0..3 {
        let (status, body) = get(&mut plugin, "/api/size/2000000");
        assert_eq!((status, body.len()), (200, 2_000_000));
    }
    let (status, body) = get(&mut plugin, "/api/size/5000000");
    assert_eq!(status, 500);
    assert!(body.contains("the server reads 4194304"), "{body}");
}

fn a_stopped_plugin_answers_that_it_is_not_running(way: Way) {
    let mut plugin = started(way.version());
    plugin.disable().unwrap();
    let (status, body) = get(&mut plugin, "/api/text");
    assert_eq!(status, 503);
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body, json!({ "error": "the plugin is not running" }));
}

fn a_crash_is_shown_and_the_plugin_starts_afresh(way: Way) {
    let mut plugin = started(way.version());
    let line = |plugin: &Plugin| plugin.status().unwrap().message;
    plugin.put("vessels.self", "test.panic", "\"oh no\"").unwrap();
    assert!(line(&plugin).starts_with("Crashed: oh no ("), "{}", line(&plugin));
    assert_eq!(get(&mut plugin, "/api/text").0, 503);
    plugin.advance(Duration::from_secs(2)).unwrap();
    assert_eq!(line(&plugin), "Started");
    assert_eq!(get(&mut plugin, "/api/text"), (200, "7".into()));
}

fn crashes_eat_the_stack_and_at_half_of_it_the_plugin_gives_up(way: Way) {
    let mut plugin = started(way.version());
    let memory = |plugin: &mut Plugin| get(plugin, "/api/memory").1.parse::<u64>();
    let (mut crashes, first, mut last) = (0, memory(&mut plugin).unwrap(), 0);
    loop {
        plugin.put("vessels.self", "test.panic", "\"on purpose\"").unwrap();
        crashes += 1;
        // A save starts it afresh, however often it has crashed.
        plugin.save_config("{}").unwrap();
        let line = plugin.status().unwrap().message;
        if line.contains("Half of its stack") {
            assert!(line.ends_with("restart the server to go on"), "{line}");
            break;
        }
        assert_eq!(line, "Started");
        last = memory(&mut plugin).unwrap();
        assert!(crashes < 2_000, "it does not give up");
    }
    // As much as on the servers.
    assert!(last <= first + crashes * 1_024 + 65_536, "{crashes} crashes: {first} to {last}");
    assert!(crashes > 100, "a crash has eaten more than was measured once: {crashes}");
    assert_eq!(get(&mut plugin, "/api/text").0, 503);
    let notice = plugin.value("notifications.plugins.signalk-test-requests").unwrap();
    assert_eq!(notice["state"], "alarm");
}

fn a_stack_that_ran_over_and_memory_that_ran_out_are_crashes_without_a_message(way: Way) {
    let host = Host::builder().version(way.version()).memory_limit(Some(32 << 20)).build();
    for (path, value) in [("test.hoard", "1000000"), ("test.recurse", "0")] {
        let mut plugin = host.install_enabled(module(), "{}").unwrap();
        plugin.put("vessels.self", path, value).unwrap();
        plugin.advance(Duration::from_secs(1)).unwrap();
        let line = plugin.status().unwrap().message;
        assert!(line.starts_with("Crashed: no message"), "{path}: {line}");
        // Without a stack every call traps, and nothing but a new instance helps.
        plugin.advance(Duration::from_secs(2)).unwrap();
        let line = plugin.status().unwrap().message;
        let goes_on = line == "Started";
        assert!(goes_on || line.contains("restart the server to go on"), "{path}: {line}");
        assert_eq!(goes_on, path == "test.hoard", "{path}: {line}");
    }
}
