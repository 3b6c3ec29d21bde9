//! Resource, weather and radar providers.

use serde_json::json;
use signalk_plugin_host::contract::ANSWER_BUFFER;
use signalk_plugin_host::{CallStep, CallTrace, Error, Host, Plugin};

use crate::fixture::{Wat, log, traps};

fn registering(import: &str, name: &str) -> Wat {
    Wat::new().env(import, "(param i32 i32) (result i32)").start(&format!(
        "(if (i32.eqz (call ${import} {{text:{name}}})) (then {{log:refused}})) (i32.const 0)"
    ))
}

fn resources() -> Wat {
    registering("sk_register_resource_provider", "charts")
}

/// An export that logs the request and answers.
fn logging(wat: Wat, export: &str, answer: &str) -> Wat {
    wat.exchange(
        export,
        &format!(
            "(call $debug (local.get $ptr) (local.get $len))
             (memory.copy (local.get $out) {{text:{answer}}}) {{len:{answer}}}"
        ),
    )
}

#[test]
fn resource_requests_arrive_as_the_server_makes_them() {
    let mut wat = resources();
    for export in ["list_resources", "get_resource", "set_resource", "delete_resource"] {
        wat = logging(wat, &format!("resources_{export}"), r#"{"a":1}"#);
    }
    let mut plugin = wat.running();
    assert_eq!(plugin.list_resources("charts", &json!({"limit": "3"})).unwrap(), json!({"a": 1}));
    assert_eq!(plugin.get_resource("charts", "x", None).unwrap(), json!({"a": 1}));
    plugin.get_resource("charts", "x", Some("p.q")).unwrap();
    plugin.set_resource("charts", "x", &json!({"b": 2})).unwrap();
    plugin.delete_resource("charts", "x").unwrap();
    assert_eq!(
        log(&plugin),
        [
            r#"{"limit":"3","resourceType":"charts"}"#,
            r#"{"id":"x","resourceType":"charts"}"#,
            r#"{"id":"x","property":"p.q","resourceType":"charts"}"#,
            r#"{"id":"x","value":{"b":2},"resourceType":"charts"}"#,
            r#"{"id":"x","resourceType":"charts"}"#
        ]
    );
}

#[test]
fn not_found_is_text_that_is_not_json_and_everything_else_counts_as_found() {
    let get = |wat: Wat| wat.running().get_resource("charts", "x", None);
    let not_found = get(resources().answers("resources_get_resource", "not found"));
    assert!(matches!(not_found, Err(Error::Answer { .. })));
    assert_eq!(get(resources().answers("resources_get_resource", "")).unwrap(), json!({}));
    assert_eq!(
        get(resources().exchange("resources_get_resource", "unreachable")).unwrap(),
        json!({})
    );
    assert_eq!(get(resources()).unwrap(), json!({}), "a missing export too");
}

#[test]
fn what_set_answers_is_ignored() {
    let mut plugin = resources().exchange("resources_set_resource", "unreachable").running();
    plugin.set_resource("charts", "x", &json!({})).unwrap();
    assert_eq!(traps(&plugin).len(), 1);
}

#[test]
fn a_provider_that_is_not_registered_is_named() {
    let mut plugin = resources().running();
    let error = plugin.list_resources("routes", &json!({})).unwrap_err().to_string();
    assert!(
        error.contains("a provider of routes") && error.contains("sk_register_resource_provider"),
        "{error}"
    );
}

#[test]
fn an_empty_resource_type_is_refused() {
    assert_eq!(log(&registering("sk_register_resource_provider", "").running()), ["refused"]);
}

#[test]
fn without_the_capability_each_registration_answers_0() {
    for kind in ["resource", "weather", "radar"] {
        let wat = registering(&format!("sk_register_{kind}_provider"), "x");
        let mut plugin = Host::new().install(wat.module_with(&[])).unwrap();
        plugin.enable("{}").unwrap();
        assert_eq!(log(&plugin), ["refused"], "{kind}");
        assert_eq!(plugin.registrations(), []);
    }
}

#[test]
fn a_provider_registered_after_start_or_by_a_failed_start_is_never_asked() {
    let late = Wat::new()
        .env("sk_register_resource_provider", "(param i32 i32) (result i32)")
        .poll("(drop (call $sk_register_resource_provider {text:charts})) (i32.const 0)");
    let mut plugin = logging(late, "resources_get_resource", r#"{"a":1}"#).running();
    plugin.advance(std::time::Duration::from_secs(1)).unwrap();
    assert_eq!(plugin.get_resource("charts", "x", None).unwrap(), json!({}));
    assert_eq!(log(&plugin), [""; 0]);

    let failing = resources()
        .start("(drop (call $sk_register_resource_provider {text:charts})) (i32.const 1)");
    let mut plugin = logging(failing, "resources_get_resource", r#"{"a":1}"#).installed();
    plugin.enable("{}").unwrap_err();
    assert_eq!(plugin.get_resource("charts", "x", None).unwrap(), json!({}));
}

fn weather(export: &str, answer: &str) -> Plugin {
    logging(registering("sk_register_weather_provider", "Met"), export, answer).running()
}

#[test]
fn weather_requests_arrive_as_the_server_makes_them() {
    let position = json!({"latitude": 60, "longitude": 25});
    let mut plugin = weather("weather_get_forecasts", "[1]");
    assert_eq!(
        plugin.weather_forecasts(&position, "daily", &json!({"maxCount": 2})).unwrap(),
        json!([1])
    );
    assert_eq!(
        log(&plugin),
        [r#"{"position":{"latitude":60,"longitude":25},"type":"daily","options":{"maxCount":2}}"#]
    );
    let mut plugin = weather("weather_get_observations", "oops");
    assert_eq!(plugin.weather_observations(&position, &json!({})).unwrap(), json!([]));
    let mut plugin = weather("weather_get_warnings", "[]");
    plugin.weather_warnings(&position).unwrap();
    assert_eq!(log(&plugin), [r#"{"position":{"latitude":60,"longitude":25}}"#]);
}

fn radar(export: &str, answer: &str) -> Plugin {
    logging(registering("sk_register_radar_provider", "Radar"), export, answer).running()
}

#[test]
fn radar_answers_are_read_as_the_server_reads_them() {
    let request = json!({"radarId": "front"});
    for (export, answer, read) in [
        ("radar_set_power", "true", json!(true)),
        ("radar_set_power", r#"{"success":true}"#, json!(false)),
        ("radar_cancel_target", "true", json!(true)),
        ("radar_get_state", r#"{"error":"off"}"#, json!(null)),
        ("radar_get_state", r#"{"on":1}"#, json!({"on": 1})),
        ("radar_get_radar_info", r#"{"error":"off"}"#, json!({"error": "off"})),
        ("radar_set_control", "oops", json!({"success": false, "error": "Invalid response"})),
        ("radar_acquire_target", "", json!({"success": false, "error": "No response"})),
    ] {
        let mut plugin = radar(export, answer);
        assert_eq!(plugin.radar(export, &request).unwrap(), read, "{export} {answer}");
        assert_eq!(log(&plugin), [r#"{"radarId":"front"}"#]);
    }
}

#[test]
fn the_list_of_radars_is_asked_for_without_a_request() {
    let wat = registering("sk_register_radar_provider", "Radar")
        .and(crate::fixture::text_out("radar_get_radars", r#"["front"]"#));
    assert_eq!(wat.running().radar("radar_get_radars", &json!({})).unwrap(), json!(["front"]));
}

#[test]
fn an_unknown_radar_handler_is_refused_with_the_known_ones() {
    let error =
        radar("radar_get_state", "{}").radar("radar_fly", &json!({})).unwrap_err().to_string();
    assert!(error.contains("radar_fly") && error.contains("radar_set_power"), "{error}");
}

#[test]
fn a_radar_gets_its_buffer_before_its_request() {
    let trace = CallTrace::new();
    let wat = logging(registering("sk_register_radar_provider", "Radar"), "radar_get_state", "{}");
    let mut plugin = Host::builder().trace(&trace).build().install(wat.module()).unwrap();
    plugin.enable("{}").unwrap();
    trace.take();
    plugin.radar("radar_get_state", &json!({"radarId": "a", "bearing": 1.0})).unwrap();
    let calls = trace.take().into_iter().filter_map(|call| match call.step {
        CallStep::Call { arguments, .. } if call.name == "allocate" => Some(arguments[0]),
        _ => None,
    });
    let request = r#"{"radarId":"a","bearing":1}"#.len() as i32;
    assert_eq!(calls.collect::<Vec<_>>(), [ANSWER_BUFFER as i32, request]);
}
