//! The boundary as real wasm in Node.js, against the `env` of `tests/node/env/index.js`: buffers,
//! strings and re-entrant calls by the exports that the server uses.
//!
//! Run by `cargo xtask test --only node`.
#![cfg(all(target_family = "wasm", target_os = "unknown"))]

use signalk_plugin_contract::{ANSWER_BUFFER, TEXT_BUFFER};
use signalk_plugin_sdk::http::Path;
use signalk_plugin_sdk::notification;
use signalk_plugin_sdk::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[derive(Deserialize, JsonSchema)]
struct Config {
    /// Greeting
    greeting: String,
}

struct Plugin {
    seen: u32,
}

#[signalk_plugin(name = "Grenze ⚓", response_buffer = "1 MiB")]
impl Plugin {
    fn start(config: Config) -> Result<Self> {
        server::set_status(&config.greeting);
        Ok(Self { seen: 0 })
    }

    #[delta("in")]
    fn take(&mut self, text: String) -> Result<()> {
        self.seen += 1;
        delta::set("out", format!("{text} {}", self.seen))?;
        notification::raise("in", notification::AlarmState::Warn, &text)
    }

    #[put("steering.mode")]
    fn steer(&mut self, mode: String) -> Result<()> {
        delta::set("steering.mode", &mode)
    }

    #[get("/api/repeat/:times")]
    fn repeat(&self, Path(times): Path<usize>) -> String {
        "é".repeat(times)
    }

    #[delta("panic")]
    fn panic(&mut self, text: String) {
        panic!("{text}");
    }

    #[delta("out", echo = true)]
    fn echo(&mut self, text: String) {
        server::debug(&text);
    }

    #[every("1s")]
    fn tick(&mut self) -> Result<()> {
        delta::set("seen", self.seen)
    }
}

/// The host on the JavaScript side, with this module's exports handed to it.
fn host() -> JsValue {
    let host = js_sys::Reflect::get(&js_sys::global(), &"signalkHost".into()).unwrap();
    js_sys::Reflect::set(&host, &"exports".into(), &wasm_bindgen::exports()).unwrap();
    js_sys::Reflect::set(&host, &"calls".into(), &js_sys::Array::new()).unwrap();
    host
}

fn call(host: &JsValue, method: &str, arguments: &[JsValue]) -> JsValue {
    let method: js_sys::Function =
        js_sys::Reflect::get(host, &method.into()).unwrap().unchecked_into();
    method.apply(host, &arguments.iter().collect()).unwrap()
}

fn send(host: &JsValue, export: &str, text: &str) -> JsValue {
    call(host, "sendText", &[export.into(), text.into()])
}

fn exported(host: &JsValue, name: &str, arguments: &[JsValue]) -> JsValue {
    let exports = js_sys::Reflect::get(host, &"exports".into()).unwrap();
    call(&exports, name, arguments)
}

/// Whether a call ended in a trap, as a panic does.
fn trapped(host: &JsValue, name: &str, arguments: &[JsValue]) -> bool {
    let exports = js_sys::Reflect::get(host, &"exports".into()).unwrap();
    let export: js_sys::Function =
        js_sys::Reflect::get(&exports, &name.into()).unwrap().unchecked_into();
    export.apply(&exports, &arguments.iter().collect()).is_err()
}

fn panics(host: &JsValue, text: &str) {
    let delta = delta_of(&format!("\"{text}\"")).replace("\"in\"", "\"panic\"");
    let method: js_sys::Function =
        js_sys::Reflect::get(host, &"sendText".into()).unwrap().unchecked_into();
    assert!(method.call2(host, &"delta_handler".into(), &delta.into()).is_err());
}

/// What the plugin told its host since this was last asked, as JSON.
fn calls(host: &JsValue) -> String {
    let calls = js_sys::Reflect::get(host, &"calls".into()).unwrap();
    js_sys::Reflect::set(host, &"calls".into(), &js_sys::Array::new()).unwrap();
    js_sys::JSON::stringify(&calls).unwrap().into()
}

const CONFIG: &str = r#"{"greeting":"Moin ⚓","enableDebug":true}"#;

fn started() -> JsValue {
    let host = host();
    // The tests share an instance: an earlier one may have left an alarm, which ends with a start.
    send(&host, "plugin_start", CONFIG);
    exported(&host, "plugin_stop", &[]);
    calls(&host);
    let result = send(&host, "plugin_start", CONFIG);
    assert_eq!(result, 0);
    assert_eq!(calls(&host), r#"[["put","vessels.self","steering.mode"],["status","Moin ⚓"]]"#);
    host
}

fn exchange(host: &JsValue, export: &str, request: &str, max: usize) -> String {
    call(host, "exchange", &[export.into(), request.into(), (max as u32).into()])
        .as_string()
        .unwrap()
}

fn delta_of(value: &str) -> String {
    format!(
        r#"{{"context":"vessels.urn:mrn:imo:mmsi:244000001","updates":[{{"$source":"x","values":[{{"path":"in","value":{value}}}]}}]}}"#
    )
}

#[wasm_bindgen_test]
fn name_and_schema_are_read_through_the_hosts_buffer() {
    let host = host();
    assert_eq!(
        call(&host, "ask", &["plugin_name".into(), (TEXT_BUFFER as u32).into()]),
        "Grenze ⚓"
    );
    assert_eq!(
        call(&host, "ask", &["plugin_id".into(), (TEXT_BUFFER as u32).into()]),
        "signalk-plugin-sdk"
    );
    let schema = call(&host, "ask", &["plugin_schema".into(), (TEXT_BUFFER as u32).into()])
        .as_string()
        .unwrap();
    assert!(schema.contains(r#""greeting":{"type":"string","title":"Greeting"}"#), "{schema}");
}

#[wasm_bindgen_test]
fn an_answer_that_does_not_fit_is_an_empty_one_and_nothing_is_written() {
    let host = host();
    assert_eq!(call(&host, "ask", &["plugin_name".into(), 3.into()]), "");
    assert!(calls(&host).contains("a buffer of 3 bytes"));
}

#[wasm_bindgen_test]
fn a_delta_that_comes_back_from_inside_the_call_is_handled_after_it() {
    let host = started();
    send(&host, "delta_handler", &delta_of("\"é\""));
    assert_eq!(
        calls(&host),
        concat!(
            r#"[["delta",1,"[{\"values\":[{\"path\":\"out\",\"value\":\"é 1\"}]}]"],"#,
            r#"["notification","notifications.in","{\"state\":\"warn\",\"method\":[\"visual\"],\"message\":\"é\"}"],"#,
            r#"["debug","é 1"]]"#
        )
    );
}

#[wasm_bindgen_test]
fn a_poll_runs_the_timers() {
    let host = started();
    assert_eq!(exported(&host, "poll", &[]), 0);
    assert_eq!(calls(&host), r#"[["delta",1,"[{\"values\":[{\"path\":\"seen\",\"value\":0}]}]"]]"#);
}

#[wasm_bindgen_test]
fn lengths_and_pointers_that_are_wrong_are_told_and_do_no_harm() {
    let host = started();
    for (pointer, len) in [(0, 5), (-1, -1), (4, i32::MAX), (16, 0), (-8, 0)] {
        exported(&host, "delta_handler", &[pointer.into(), len.into()]);
        assert_eq!(exported(&host, "plugin_start", &[pointer.into(), len.into()]), 1);
        exported(&host, "deallocate", &[pointer.into(), len.into()]);
        assert_eq!(exported(&host, "plugin_name", &[pointer.into(), len.into()]), 0);
    }
    let told = calls(&host);
    assert_eq!(told.matches("a pointer that `allocate` never gave out").count(), 15, "{told}");
    // Memory that is not to be had ends the host's call before it writes anywhere.
    assert!(trapped(&host, "allocate", &[(-1).into()]));
    // It still works.
    send(&host, "delta_handler", &delta_of("\"a\""));
    assert!(calls(&host).contains("\"a 1"));
}

#[wasm_bindgen_test]
fn bytes_that_are_no_utf8_are_an_error_and_not_a_trap() {
    let host = started();
    let bytes = js_sys::Uint8Array::from(&b"{\"greeting\":\"\xff\"}"[..]);
    call(&host, "send", &["delta_handler".into(), bytes.clone().into()]);
    assert!(calls(&host).contains("not UTF-8"));
    assert_eq!(call(&host, "send", &["plugin_start".into(), bytes.into()]), 0);
    assert!(calls(&host).contains("not UTF-8 text: byte 13 is wrong"));
}

#[wasm_bindgen_test]
fn a_put_is_answered_through_the_hosts_buffer() {
    let host = started();
    let answer =
        exchange(&host, "handle_put_vessels_self_steering_mode", "\"wind ⚓\"", TEXT_BUFFER);
    assert_eq!(answer, r#"{"state":"COMPLETED","statusCode":200}"#);
    assert!(calls(&host).contains("wind ⚓"));
    let answer = exchange(&host, "handle_put_vessels_self_steering_mode", "5", TEXT_BUFFER);
    assert!(
        answer.contains(r#""statusCode":400,"message":"found 5, expected a text""#),
        "{answer}"
    );
    // What does not fit is an empty answer, and nothing is written beyond the buffer.
    assert_eq!(exchange(&host, "handle_put_vessels_self_steering_mode", "5", 10), "");
}

#[wasm_bindgen_test]
fn a_large_answer_goes_beyond_what_the_host_asked_for_and_one_too_large_does_not() {
    let host = started();
    let endpoints = call(&host, "ask", &["http_endpoints".into(), (TEXT_BUFFER as u32).into()]);
    assert_eq!(
        endpoints,
        r#"[{"method":"GET","path":"/api/repeat/:times","handler":"endpoint_repeat"}]"#
    );
    let request = |times: u32| format!(r#"{{"method":"GET","params":{{"times":"{times}"}}}}"#);
    for _ in 0..3 {
        let answer = exchange(&host, "endpoint_repeat", &request(100_000), ANSWER_BUFFER);
        assert_eq!(answer.matches('é').count(), 100_000);
    }
    let answer = exchange(&host, "endpoint_repeat", &request(600_000), ANSWER_BUFFER);
    assert!(answer.contains("the server reads 1048576"), "{answer}");
    // A buffer of another size is no response buffer of the server's.
    let answer = exchange(&host, "endpoint_repeat", &request(1_000), 1_000);
    assert!(answer.contains("the server reads 1000"), "{answer}");
}

#[wasm_bindgen_test]
fn after_a_panic_the_plugin_says_so_and_starts_afresh_after_a_second() {
    let host = started();
    panics(&host, "oh no");
    let told = calls(&host);
    assert!(
        told.contains(r#"["error","Crashed: oh no ("#) && told.contains("boundary.rs"),
        "{told}"
    );
    // Nothing reaches the broken instance.
    send(&host, "delta_handler", &delta_of("\"a\""));
    assert!(!calls(&host).contains("[\"delta\""));
    exported(&host, "poll", &[]);
    assert!(calls(&host).ends_with(r#"["status","Moin ⚓"]]"#));
    send(&host, "delta_handler", &delta_of("\"a\""));
    assert!(calls(&host).contains("\"a 1"), "it counts from the beginning");
}

#[wasm_bindgen_test]
fn the_third_crash_in_a_row_ends_the_attempts_until_the_configuration_is_saved() {
    let host = started();
    for (crash, polls) in [(1, 1), (2, 2)] {
        panics(&host, &format!("crash {crash}"));
        for _ in 0..polls {
            exported(&host, "poll", &[]);
        }
        assert!(calls(&host).ends_with(r#"["status","Moin ⚓"]]"#));
    }
    panics(&host, "crash 3");
    for _ in 0..100 {
        exported(&host, "poll", &[]);
    }
    let told = calls(&host);
    assert!(told.contains("Crashed: crash 3") && told.contains("third crash in a row"), "{told}");
    assert!(!told.contains("Moin"));
    let notice =
        r#"["notification","notifications.plugins.signalk-plugin-sdk","{\"state\":\"alarm\""#;
    assert_eq!(told.matches(notice).count(), 1, "{told}");
    assert_eq!(send(&host, "plugin_start", r#"{"greeting":"again"}"#), 0);
    let told = calls(&host);
    assert!(told.contains(r#"["status","again"]"#), "{told}");
    assert!(told.contains(&notice.replace("alarm", "normal")), "{told}");
}

#[wasm_bindgen_test]
fn every_buffer_is_given_back() {
    let host = started();
    let exports = js_sys::Reflect::get(&host, &"exports".into()).unwrap();
    let memory = js_sys::Reflect::get(&exports, &"memory".into()).unwrap();
    let memory: js_sys::WebAssembly::Memory = memory.unchecked_into();
    let size = || js_sys::ArrayBuffer::from(memory.buffer()).byte_length();
    let text = delta_of(&format!("\"{}\"", "x".repeat(10_000)));
    for _ in 0..50 {
        send(&host, "delta_handler", &text);
    }
    let before = size();
    for _ in 0..500 {
        send(&host, "delta_handler", &text);
    }
    assert_eq!(size(), before, "the memory grew");
}

#[wasm_bindgen_test]
fn a_notification_that_the_server_refuses_is_shown() {
    let host = started();
    js_sys::Reflect::set(&host, &"refuse".into(), &true.into()).unwrap();
    send(&host, "delta_handler", &delta_of("\"a\""));
    js_sys::Reflect::set(&host, &"refuse".into(), &false.into()).unwrap();
    assert!(calls(&host).contains("the server refused notifications.in"));
    // The server may have what was there before, so the next one goes over normal.
    send(&host, "delta_handler", &delta_of("\"a\""));
    assert!(calls(&host).contains(r#"{\"state\":\"normal\",\"method\":[],\"message\":\"\"}"#));
}
