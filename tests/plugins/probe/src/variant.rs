//! What the probe does at registration, before anything can tell it: it goes by the package name,
//! which the host puts into WASI's environment.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::program::answer;

const PACKAGE: &str = "signalk-test-probe";

/// Longer than what the host has room for.
const LONG: usize = 20_000;
const _: () = assert!(LONG > signalk_plugin_contract::TEXT_BUFFER);

/// What comes behind the package's own name, without the dash.
fn variant() -> String {
    let id = std::env::var("PLUGIN_ID").unwrap_or_default();
    let rest = id.strip_prefix(PACKAGE).unwrap_or_default();
    rest.strip_prefix('-').unwrap_or(rest).to_owned()
}

/// Answers of an export that writes a text: the sound one, or what the variant has in mind.
pub(crate) fn told(export: &str, out: i32, sound: &str, long: &str) -> i32 {
    let variant = variant();
    if variant == format!("outside-{export}") {
        return i32::MAX;
    }
    if variant == format!("trap-{export}") {
        core::arch::wasm32::unreachable();
    }
    if variant == format!("not-json-{export}") {
        return answer(out, b"<not json>");
    }
    match variant.as_str() {
        "zero" => 0,
        "negative" => -1,
        "long" => answer(out, long.as_bytes()),
        _ => answer(out, sound.as_bytes()),
    }
}

pub(crate) fn name(out: i32) -> i32 {
    told("name", out, "Probe é", &"Probe ".repeat(LONG / 6))
}

pub(crate) fn schema(out: i32) -> i32 {
    let schema = |title: &str| json!({ "type": "object", "title": title }).to_string();
    told("schema", out, &schema("Probe"), &schema(&"x".repeat(LONG)))
}

pub(crate) fn endpoints(out: i32) -> i32 {
    let endpoint = |method: &str, path: &str, handler: &str| json!({ "method": method, "path": path, "handler": handler });
    let mut all = vec![
        endpoint("POST", "/do", "http_do"),
        endpoint("GET", "/do", "http_do"),
        endpoint("put", "/do", "http_do"),
        endpoint("Delete", "/do", "http_do"),
        endpoint("PATCH", "/do", "http_do"),
        endpoint("GET", "/item/:id/:rest?", "http_do"),
        endpoint("GET", "/missing", "http_missing"),
        endpoint("GET", "/config", "http_do"),
    ];
    let sound = Value::from(all.clone()).to_string();
    all.push(endpoint("GET", &format!("/{}", "x".repeat(LONG)), "http_do"));
    told("endpoints", out, &sound, &Value::from(all).to_string())
}

/// The host calls this twice; one variant cannot bear it.
pub(crate) fn initialize() {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    if CALLS.fetch_add(1, Ordering::Relaxed) > 0 && variant() == "trap-initialize" {
        core::arch::wasm32::unreachable();
    }
}
