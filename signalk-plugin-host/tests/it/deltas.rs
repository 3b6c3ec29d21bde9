//! Deltas in and out.

use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_host::{Event, Host, Plugin, ServerVersion};

use crate::fixture::{Wat, log, traps};

const SELF: &str = "vessels.urn:mrn:signalk:uuid:b7590868-1d62-47d9-989c-32321b349fb9";

/// Sends a text at every poll and logs what `delta_handler` gets.
fn sending(text: &str, version: i32) -> Wat {
    Wat::new()
        .env("sk_handle_message", "(param i32 i32 i32)")
        .poll(&format!(
            "{{log:before}} (call $sk_handle_message {{text:{text}}} (i32.const {version})) {{log:after}} (i32.const 0)"
        ))
        .delta_handler("(call $debug (local.get $ptr) (local.get $len))")
}

fn polled(wat: &Wat, version: ServerVersion) -> Plugin {
    let mut plugin = Host::builder().version(version).build().install(wat.module()).unwrap();
    plugin.enable("{}").unwrap();
    plugin.advance(Duration::from_secs(1)).unwrap();
    plugin
}

/// What came back to `delta_handler` while one text was sent.
fn echo(text: &str, version: ServerVersion) -> Vec<String> {
    let log = log(&polled(&sending(text, 1), version));
    let (before, after) =
        (log.iter().position(|it| it == "before"), log.iter().position(|it| it == "after"));
    log[before.unwrap() + 1..after.unwrap()].to_vec()
}

#[test]
fn an_own_delta_comes_back_before_the_call_returns_completed_by_the_server() {
    let text = r#"{"updates":[{"values":[{"path":"a.b","value":1.0}]}]}"#;
    assert_eq!(
        echo(text, ServerVersion::V2_32),
        [format!(
            r#"{{"updates":[{{"values":[{{"path":"a.b","value":1}}],"$source":"test-plugin","timestamp":"2026-01-01T00:00:01.000Z"}}],"context":"{SELF}"}}"#
        )]
    );
}

#[test]
fn sending_no_values_tells_the_own_context() {
    let text = r#"{"updates":[{"values":[]}]}"#;
    assert_eq!(
        echo(text, ServerVersion::V2_32),
        [format!(r#"{{"updates":[],"context":"{SELF}"}}"#)]
    );
    assert_eq!(
        echo(text, ServerVersion::V2_23),
        [format!(
            r#"{{"updates":[{{"$source":"test-plugin","timestamp":"2026-01-01T00:00:01.000Z"}}],"context":"{SELF}"}}"#
        )]
    );
}

#[test]
fn vessels_self_becomes_the_urn_and_other_contexts_stay() {
    let text = |context: &str| {
        format!(r#"{{"context":"{context}","updates":[{{"values":[{{"path":"a","value":1}}]}}]}}"#)
    };
    assert!(
        echo(&text("vessels.self"), ServerVersion::V2_32)[0]
            .contains(&format!(r#""context":"{SELF}""#))
    );
    let plugin = polled(&sending(&text("vessels.urn:x"), 1), ServerVersion::V2_32);
    assert_eq!(plugin.value("a"), None);
    assert_eq!(plugin.value_of("vessels.urn:x", "a"), Some(json!(1)));
}

#[test]
fn source_and_time_of_the_sender_stay() {
    let text = r#"{"updates":[{"$source":"gps","timestamp":"2020-01-01T00:00:00.000Z","values":[{"path":"a","value":1}]}]}"#;
    let stored = polled(&sending(text, 1), ServerVersion::V2_32).stored("a").unwrap();
    assert_eq!(
        (stored.source.as_str(), stored.timestamp.as_str()),
        ("gps", "2020-01-01T00:00:00.000Z")
    );
    let source = r#"{"updates":[{"source":{"label":"my/label","talker":"GP"},"values":[{"path":"a","value":1}]}]}"#;
    assert_eq!(
        polled(&sending(source, 1), ServerVersion::V2_32).stored("a").unwrap().source,
        "test-plugin.GP"
    );
}

#[test]
fn a_delta_of_version_2_passes_but_does_not_reach_the_model() {
    let text = r#"{"updates":[{"values":[{"path":"a","value":1}]}]}"#;
    let plugin = polled(&sending(text, 2), ServerVersion::V2_32);
    assert_eq!(plugin.value("a"), None);
    assert!(log(&plugin)[1].contains(r#""path":"a""#));
    let sent = plugin.events().into_iter().find_map(|it| match it.event {
        Event::Delta { version, .. } => Some(version),
        _ => None,
    });
    assert_eq!(sent, Some(2));
}

#[test]
fn what_the_server_drops_is_recorded_with_the_reason() {
    for (text, says) in [("oops", "not JSON"), ("{}", "no array \"updates\""), ("7", "no array")] {
        let plugin = polled(&sending(text, 1), ServerVersion::V2_32);
        let found = plugin.events().into_iter().find_map(|it| match it.event {
            Event::DeltaDropped { reason, .. } => Some(reason),
            _ => None,
        });
        assert!(found.as_ref().is_some_and(|reason| reason.contains(says)), "{text}: {found:?}");
        assert_eq!(log(&plugin), ["before", "after"]);
    }
}

#[test]
fn a_malformed_update_is_dropped_alone_by_2_32_and_with_the_delta_by_2_23() {
    let text = r#"{"updates":[{"values":[null]},{"values":[{"value":1}]},{"values":[{"path":"a","value":1}]}]}"#;
    let plugin = polled(&sending(text, 1), ServerVersion::V2_32);
    assert_eq!(plugin.value("a"), Some(json!(1)));
    let dropped =
        plugin.events().iter().filter(|it| matches!(it.event, Event::UpdateDropped { .. })).count();
    assert_eq!(dropped, 2);

    let plugin = polled(&sending(text, 1), ServerVersion::V2_23);
    assert_eq!(plugin.value("a"), None);
    assert!(plugin.events().iter().any(|it| matches!(it.event, Event::DeltaDropped { .. })));
}

#[test]
fn static_data_of_the_own_vessel_is_filtered_out() {
    let text = r#"{"updates":[{"values":[{"path":"","value":{"name":"X","communication":{"callsignVhf":"Y"},"flag":"FI"}},
        {"path":"design.beam","value":{"value":3}},{"path":"a","value":1}]}]}"#;
    let plugin = polled(&sending(text, 1), ServerVersion::V2_32);
    let paths: Vec<_> = plugin.values().into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["a", "flag"]);
}

#[test]
fn deltas_come_only_between_the_end_of_start_and_the_beginning_of_stop() {
    let text = r#"{"updates":[{"values":[{"path":"a","value":1}]}]}"#;
    let send = format!("(call $sk_handle_message {{text:{text}}} (i32.const 1)) (i32.const 0)");
    let wat = Wat::new()
        .env("sk_handle_message", "(param i32 i32 i32)")
        .start(&send)
        .stop(&send)
        .delta_handler("{log:delta}");
    let mut plugin = wat.running();
    assert_eq!(plugin.value("a"), Some(json!(1)), "it reaches the model all the same");
    assert_eq!(log(&plugin), [""; 0]);
    plugin.deliver_delta(text).unwrap();
    assert_eq!(log(&plugin), ["delta"]);
    plugin.disable().unwrap();
    plugin.deliver_delta(text).unwrap();
    assert_eq!(log(&plugin), ["delta"]);
}

#[test]
fn a_delta_reaches_the_model_while_no_instance_is_there() {
    let mut plugin = Wat::new().installed();
    plugin.deliver_delta(r#"{"updates":[{"values":[{"path":"a","value":null}]}]}"#).unwrap();
    assert_eq!(plugin.value("a"), Some(Value::Null));
    assert_eq!(plugin.stored("a").unwrap().source, "host");
}

#[test]
fn a_delta_of_another_vessel_arrives_with_its_context() {
    let mut plugin =
        Wat::new().delta_handler("(call $debug (local.get $ptr) (local.get $len))").running();
    let delta = r#"{"context":"vessels.urn:mrn:imo:mmsi:230000000","updates":[{"$source":"ais","timestamp":"t","meta":[]}]}"#;
    plugin.deliver_delta(delta).unwrap();
    assert_eq!(log(&plugin), [delta]);
}

#[test]
fn a_trap_in_the_delta_handler_is_swallowed_and_its_buffer_freed() {
    let wat = Wat::new()
        .with("deallocate", r#"(func (export "deallocate") (param i32 i32) {log:deallocate})"#)
        .delta_handler("{log:delta} unreachable");
    let mut plugin = wat.running();
    plugin.take_events();
    plugin.deliver_delta(r#"{"updates":[{"values":[{"path":"a","value":1}]}]}"#).unwrap();
    assert_eq!(log(&plugin), ["delta", "deallocate"]);
    assert_eq!(traps(&plugin), [("delta_handler".to_owned(), "unreachable".to_owned())]);
}

#[test]
fn a_trap_in_a_reentrant_call_leaves_the_sender_going() {
    let text = r#"{"updates":[{"values":[{"path":"a","value":1}]}]}"#;
    let wat = Wat::new()
        .env("sk_handle_message", "(param i32 i32 i32)")
        .poll(&format!(
            "(call $sk_handle_message {{text:{text}}} (i32.const 1)) {{log:after}} (i32.const 0)"
        ))
        .delta_handler("unreachable");
    let plugin = polled(&wat, ServerVersion::V2_32);
    assert_eq!((log(&plugin), traps(&plugin).len()), (vec!["after".to_owned()], 1));
    assert_eq!(plugin.value("a"), Some(json!(1)));
}

#[test]
fn an_echo_that_never_ends_runs_out_of_stack_and_not_out_of_host() {
    let text = r#"{"updates":[{"values":[{"path":"a","value":1}]}]}"#;
    let send = format!("(call $sk_handle_message {{text:{text}}} (i32.const 1))");
    let wat = Wat::new().env("sk_handle_message", "(param i32 i32 i32)").delta_handler(&send);
    let mut plugin = wat.running();
    plugin.deliver_delta(text).unwrap();
    assert_eq!(
        traps(&plugin),
        [("delta_handler".to_owned(), "Maximum call stack size exceeded".to_owned())]
    );
}

#[test]
fn a_text_outside_the_memory_is_ignored() {
    let wat = Wat::new()
        .env("sk_handle_message", "(param i32 i32 i32)")
        .start("(call $sk_handle_message (i32.const -1) (i32.const 5) (i32.const 1)) {log:after} (i32.const 0)");
    assert_eq!(log(&wat.running()), ["after"]);
}

fn reading_self_path(max: i32) -> Wat {
    Wat::new().env("sk_get_self_path", "(param i32 i32 i32 i32) (result i32)").poll(&format!(
        "(call $debug (i32.const 40000) (call $sk_get_self_path {{text:a}} (i32.const 40000) (i32.const {max}))) (i32.const 0)"
    ))
}

#[test]
fn the_data_model_cannot_be_read_unless_the_host_is_told_so() {
    let read = |host: Host, max| {
        let mut plugin = host.install(reading_self_path(max).module()).unwrap();
        plugin.enable("{}").unwrap();
        plugin.deliver_delta(r#"{"updates":[{"values":[{"path":"a","value":1}]}]}"#).unwrap();
        plugin.advance(Duration::from_secs(1)).unwrap();
        log(&plugin).pop().unwrap()
    };
    assert_eq!(read(Host::new(), 1000), "");
    let answering = || Host::builder().answers_self_path(true).build();
    assert_eq!(
        read(answering(), 1000),
        r#"{"value":1,"$source":"host","timestamp":"2026-01-01T00:00:00.000Z"}"#
    );
    assert_eq!(read(answering(), 10), "");
}

#[test]
fn a_delta_that_is_not_json_is_refused_by_the_host() {
    let error = Wat::new().running().deliver_delta("{").unwrap_err().to_string();
    assert!(error.contains("a delta must be JSON"), "{error}");
}

#[test]
fn a_context_that_is_no_text_stops_values_on_the_newer_server() {
    let values = r#"{"context":7,"updates":[{"values":[{"path":"a","value":1}]}]}"#;
    assert_eq!(echo(values, ServerVersion::V2_32).len(), 0);
    assert_eq!(echo(values, ServerVersion::V2_23).len(), 1);
    let meta = r#"{"context":7,"updates":[{"meta":[{"path":"a","value":{}}]}]}"#;
    assert_eq!(echo(meta, ServerVersion::V2_32).len(), 1);
}

#[test]
fn a_source_that_is_no_object_drops_the_delta() {
    for source in ["null", "7", r#""text""#] {
        let text =
            format!(r#"{{"updates":[{{"source":{source},"values":[{{"path":"a","value":1}}]}}]}}"#);
        for version in [ServerVersion::V2_23, ServerVersion::V2_32] {
            assert_eq!(echo(&text, version).len(), 0, "{source}");
        }
    }
}

#[test]
fn the_own_vessel_set_to_null_drops_the_delta_on_the_older_server() {
    let text = r#"{"updates":[{"values":[{"path":"","value":null}]}]}"#;
    assert_eq!(echo(text, ServerVersion::V2_23).len(), 0);
    assert_eq!(echo(text, ServerVersion::V2_32).len(), 1);
}

#[test]
fn numbers_arrive_as_javascript_writes_them() {
    let text = r#"{"updates":[{"values":[{"path":"a","value":[1e21,1e-6,1e20,1e400]}]}]}"#;
    let heard = echo(text, ServerVersion::V2_32);
    assert!(heard[0].contains("[1e+21,0.000001,100000000000000000000,null]"), "{}", heard[0]);
}
