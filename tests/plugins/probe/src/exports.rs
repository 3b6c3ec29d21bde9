//! Every export that a host may call.
#![allow(unsafe_code)]

use serde_json::{Value, json};
use signalk_plugin_contract::provider_calls;

use crate::program::{self, Outcome, answer};
use crate::{memory, variant};

// SAFETY of every `no_mangle` and `export_name` here: the names are those of the host contract, and
// nothing else in the module has them.

macro_rules! exchanges {
    ($($name:ident)*) => {
        $(
            #[unsafe(no_mangle)]
            extern "C" fn $name(ptr: i32, len: i32, out: i32, _max: i32) -> i32 {
                exchange(stringify!($name), ptr, len, out)
            }
        )*
    };
}

exchanges! { http_do handle_put_vessels_self_probe_value }

macro_rules! provided {
    ($($provider:ident { $(
        $constant:ident: $export:ident($($request:ident)?), $function:ident, $words:literal, $reply:ident;
    )* })*) => {
        $($(provided!(@ $export($($request)?));)*)*
    };
    (@ $export:ident(request)) => { exchanges! { $export } };
    (@ $export:ident()) => {
        #[unsafe(no_mangle)]
        extern "C" fn $export(out: i32, _max: i32) -> i32 {
            let name = stringify!($export);
            let outcome = program::run(&program::armed(name).unwrap_or_default(), out);
            outcome.result.unwrap_or_else(|| answer(out, br#"["front"]"#))
        }
    };
}

provider_calls!(provided);

#[unsafe(export_name = "handle_put_vessels_self_probe_bank-1_0_state")]
extern "C" fn put_with_a_dash(ptr: i32, len: i32, out: i32, _max: i32) -> i32 {
    exchange("handle_put_vessels_self_probe_bank-1_0_state", ptr, len, out)
}

#[unsafe(no_mangle)]
extern "C" fn allocate(size: i32) -> i32 {
    memory::allocate(size)
}

#[unsafe(no_mangle)]
extern "C" fn deallocate(ptr: i32, size: i32) {
    memory::deallocate(ptr, size);
}

#[unsafe(no_mangle)]
extern "C" fn _initialize() {
    variant::initialize();
}

#[unsafe(no_mangle)]
extern "C" fn plugin_id(out: i32, _max: i32) -> i32 {
    answer(out, b"probe")
}

#[unsafe(no_mangle)]
extern "C" fn plugin_name(out: i32, _max: i32) -> i32 {
    variant::name(out)
}

#[unsafe(no_mangle)]
extern "C" fn plugin_schema(out: i32, _max: i32) -> i32 {
    variant::schema(out)
}

#[unsafe(no_mangle)]
extern "C" fn http_endpoints(out: i32, _max: i32) -> i32 {
    variant::endpoints(out)
}

#[unsafe(no_mangle)]
extern "C" fn plugin_start(ptr: i32, len: i32) -> i32 {
    let config = json(ptr, len);
    let program = program::armed("plugin_start").or_else(|| config["start"].as_array().cloned());
    program::run(&program.unwrap_or_default(), 0).result.unwrap_or(0)
}

#[unsafe(no_mangle)]
extern "C" fn plugin_stop() -> i32 {
    told("plugin_stop")
}

#[unsafe(no_mangle)]
extern "C" fn poll() -> i32 {
    told("poll")
}

#[unsafe(no_mangle)]
extern "C" fn delta_handler(ptr: i32, len: i32) {
    let program = program::armed("delta_handler").or_else(|| in_delta(&json(ptr, len)));
    program::run(&program.unwrap_or_default(), 0);
}

fn told(export: &str) -> i32 {
    program::run(&program::armed(export).unwrap_or_default(), 0).result.unwrap_or(0)
}

/// An export `(ptr, len, out, max) -> written`.
fn exchange(export: &str, ptr: i32, len: i32, out: i32) -> i32 {
    let request = json(ptr, len);
    let program = program::armed(export).or_else(|| in_request(export, &request));
    let Outcome { result, report } = program::run(&program.unwrap_or_default(), out);
    result.unwrap_or_else(|| {
        let text = match export {
            "http_do" => json!({ "statusCode": 200, "body": { "report": report } }),
            "handle_put_vessels_self_probe_value" => {
                json!({ "state": "COMPLETED", "statusCode": 200, "message": "done" })
            }
            name if name.starts_with("weather_") => json!([]),
            name if name.starts_with("radar_set_") => json!(true),
            _ => json!({}),
        };
        answer(out, text.to_string().as_bytes())
    })
}

/// A program as the body of an HTTP request or as the value of a PUT.
fn in_request(export: &str, request: &Value) -> Option<Vec<Value>> {
    match export {
        "http_do" => request["body"].as_array().cloned(),
        name if name.starts_with("handle_put_") => request.as_array().cloned(),
        _ => None,
    }
}

/// A program as the value of the path `probe.do`.
fn in_delta(delta: &Value) -> Option<Vec<Value>> {
    let updates = delta["updates"].as_array()?.iter();
    updates
        .filter_map(|update| update["values"].as_array())
        .flatten()
        .find(|entry| entry["path"] == "probe.do")?["value"]
        .as_array()
        .cloned()
}

fn json(ptr: i32, len: i32) -> Value {
    serde_json::from_slice(&memory::read(ptr, len)).unwrap_or_default()
}
