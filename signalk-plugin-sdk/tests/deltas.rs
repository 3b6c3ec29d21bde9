//! Which deltas reach which handler, in which order, and what comes back from the server.
#![cfg(not(target_family = "wasm"))]

use std::collections::BTreeMap;

use signalk_plugin_sdk::delta::{Delta, DeltaBuilder, DeltaVersion, Origin};
use signalk_plugin_sdk::notification;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::serde_json::{Value, json};
use signalk_plugin_sdk::testing::{Event, OTHER_VESSEL, TestHost};

/// Writes down what it got, as debug lines.
struct Plugin;

fn note(handler: &str, what: impl std::fmt::Display) {
    server::debug(&format!("{handler} {what}"));
}

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self
    }

    #[delta("a.one")]
    fn optional(&mut self, value: Option<f64>) {
        note("optional", format_args!("{value:?}"));
    }

    #[delta("a.one")]
    fn plain(&mut self, value: f64) {
        note("plain", value);
    }

    #[delta("b.*.speed", "c.speed")]
    fn wildcard(&mut self, _value: Value, origin: &Origin<'_>) {
        note("wildcard", format_args!("{} from {}", origin.path, origin.source));
    }

    #[delta("d", context = "vessels.*")]
    fn every_vessel(&mut self, value: i32, origin: &Origin<'_>) {
        note("every_vessel", format_args!("{value} own={}", origin.is_self));
    }

    #[delta("echo.in")]
    fn echo_in(&mut self, value: i32) -> Result<()> {
        // The server hands both back from inside the call.
        delta::set("echo.in", value + 1)?;
        delta::set("echo.out", value + 1)
    }

    #[delta("echo.out", echo = true)]
    fn echo_out(&mut self, value: i32) {
        note("echo_out", value);
    }

    #[delta("order.in")]
    fn order(&mut self, value: i32) -> Result<()> {
        for n in 0..3 {
            delta::set("order.out", value * 10 + n)?;
        }
        notification::raise("order", notification::AlarmState::Alert, "between")?;
        delta::set("order.out", value * 10 + 9)
    }

    #[delta("flood.in")]
    fn flood_in(&mut self, count: u64) -> Result<()> {
        (0..count).try_for_each(|n| delta::set("flood.out", n))
    }

    #[delta("flood.out", echo = true)]
    fn flood_out(&mut self, n: u64) {
        note("flood_out", n);
    }

    #[delta("place")]
    fn place(&mut self, place: Option<Position>) {
        note("place", format_args!("{:?}", place.map(|place| place.latitude)));
    }

    #[delta("place")]
    fn certain_place(&mut self, place: Position) {
        note("certain_place", place.latitude);
    }

    #[delta("place")]
    fn own_type(&mut self, place: BTreeMap<String, Option<f64>>) {
        note("own_type", place.len());
    }

    #[delta("meta", context = "aton.*")]
    fn never(&mut self, _: f64) {}

    #[delta("send")]
    fn send(&mut self, _value: i32) -> Result<()> {
        let delta = |value| json!({"context": OTHER_VESSEL, "updates": [{"values": [{"path": "sent", "value": value}]}]});
        delta::send(&delta("serialized"), DeltaVersion::V1)?;
        delta::send_json(&delta("text").to_string(), DeltaVersion::V2)?;
        DeltaBuilder::new()
            .context(OTHER_VESSEL)
            .version(DeltaVersion::V2)
            .value("sent", "built")
            .send()
    }

    #[delta("loop", echo = true)]
    fn endless(&mut self, value: u64) -> Result<()> {
        delta::set("loop", value + 1)
    }

    #[delta(context = "aton.*")]
    fn whole(&mut self, delta: &Delta<'_>) {
        note("whole", delta.updates.len());
    }

    #[delta(context = "aton.*")]
    fn text(&mut self, json: &str) {
        note("text", json);
    }
}

fn host() -> TestHost<Plugin> {
    let mut host = TestHost::start("{}");
    host.new_events();
    host
}

fn notes(host: &mut TestHost<Plugin>) -> Vec<String> {
    let debug = host.new_events().into_iter().filter_map(|event| match event {
        Event::Debug(text) => Some(text),
        _ => None,
    });
    debug.collect()
}

#[test]
fn a_null_is_none_and_does_not_reach_a_handler_that_has_no_place_for_it() {
    let mut host = host();
    host.receive("a.one", 1.5);
    host.receive("a.one", Value::Null);
    assert_eq!(notes(&mut host), ["optional Some(1.5)", "plain 1.5", "optional None"]);
    assert_eq!(host.error(), None);
}

#[test]
fn wildcards_and_several_paths_reach_one_handler() {
    let mut host = host();
    for path in ["b.port.speed", "b.x.y.speed", "c.speed", "b.speed", "cc.speed"] {
        host.receive(path, 1);
    }
    assert_eq!(
        notes(&mut host),
        [
            "wildcard b.port.speed from test.source",
            "wildcard b.x.y.speed from test.source",
            "wildcard c.speed from test.source"
        ]
    );
}

#[test]
fn other_vessels_reach_only_the_handlers_that_ask_for_them() {
    let mut host = host();
    host.receive_other(OTHER_VESSEL, "a.one", 1.0);
    host.receive_other(OTHER_VESSEL, "d", 7);
    host.receive("d", 8);
    host.receive_other("aircraft.urn:mrn:x", "d", 9);
    assert_eq!(notes(&mut host), ["every_vessel 7 own=false", "every_vessel 8 own=true"]);
}

#[test]
fn the_first_delta_of_all_is_already_routed_by_vessel() {
    let mut host = TestHost::<Plugin>::start("{}");
    host.new_events();
    host.receive("a.one", 2.0);
    assert_eq!(notes(&mut host), ["optional Some(2.0)", "plain 2"]);
}

#[test]
fn the_question_for_the_own_ship_leaves_nothing_behind() {
    let mut host = host();
    host.receive("unwanted.path", 1);
    assert_eq!(host.new_events(), []);
}

#[test]
fn whole_deltas_come_typed_and_as_the_very_text() {
    let mut host = host();
    let json = r#"{ "context":"aton.urn:mrn:x","updates":[{"values":[]},{"values":[]}] }"#;
    host.receive_json(json);
    assert_eq!(notes(&mut host), ["whole 2".to_owned(), format!("text {json}")]);
}

#[test]
fn what_the_plugin_sends_does_not_come_back_to_it_unless_it_asks() {
    let mut host = host();
    host.receive("echo.in", 1);
    assert_eq!(notes(&mut host), ["echo_out 2"]);
    assert_eq!(host.value("echo.in").unwrap(), 2);
}

#[test]
fn what_a_handler_sends_goes_out_once_and_in_order() {
    let mut host = host();
    host.receive("order.in", 4);
    let sent: Vec<_> = host
        .new_events()
        .into_iter()
        .filter_map(|event| match event {
            Event::Delta { delta, .. } => Some(delta["updates"][0]["values"][0]["value"].clone()),
            Event::Notification { value, .. } => Some(value["message"].clone()),
            _ => None,
        })
        .collect();
    assert_eq!(sent, [json!(40), json!(41), json!(42), json!("between"), json!(49)]);
}

#[test]
fn odd_texts_beside_it_do_not_hide_a_value() {
    for beside in [
        r#"{"path":"plugins.files","value":{"path":"C:\\logs"}}"#,
        r#"{"path":"with \"quotes\"","value":1}"#,
        r#"{"path":"design.name","value":"cut \ud83d"}"#,
        r#"{"path":"a","value":"\\"}"#,
        r#"{"value":1}"#,
        "null",
    ] {
        let mut host = host();
        host.receive_json(&format!(
            r#"{{"updates":[{{"values":[{beside},{{"path":"a.one","value":1}}]}}],"context":"vessels.self"}}"#
        ));
        assert_eq!(notes(&mut host), ["optional Some(1.0)", "plain 1"], "{beside}");
    }
}

#[test]
fn a_null_that_a_handler_does_not_take_leaves_its_error_where_it_is() {
    let mut host = host();
    host.receive("d", "text");
    let error = "d: found the text \"text\", expected a whole number";
    assert_eq!(host.error().unwrap(), error);
    host.receive("d", Value::Null);
    assert_eq!(host.error().unwrap(), error);
    host.receive("d", 1);
    assert_eq!(host.error(), None);
}

#[test]
fn more_than_one_call_handles_keeps_its_order_and_what_is_lost_is_told_until_it_is_over() {
    let mut host = host();
    host.receive("flood.in", 900);
    host.receive("flood.in", 0);
    for _ in 0..10 {
        host.advance(Duration::from_secs(1));
    }
    let seen: Vec<u64> = notes(&mut host)
        .iter()
        .filter_map(|note| note.strip_prefix("flood_out ")?.parse().ok())
        .collect();
    assert_eq!(seen, (0..900).collect::<Vec<_>>());
    host.receive("flood.in", 1500);
    assert!(host.error().unwrap().starts_with("500 deltas"), "{:?}", host.error());
    host.advance(Duration::from_secs(10));
    assert_eq!(host.error(), None);
}

#[test]
fn deltas_of_the_own_types_and_of_the_second_data_model_go_out() {
    let mut host = host();
    host.receive("send", 1);
    let sent: Vec<_> = host
        .new_events()
        .into_iter()
        .filter_map(|event| match event {
            Event::Delta { delta, version } => {
                Some((delta["updates"][0]["values"].clone(), version))
            }
            _ => None,
        })
        .collect();
    let values = |value: &str| json!([{"path": "sent", "value": value}]);
    assert_eq!(sent, [(values("serialized"), 1), (values("text"), 2), (values("built"), 2)]);
    assert_eq!(host.value("sent"), None, "it was about another vessel last");
}

#[test]
fn an_echo_loop_that_was_asked_for_does_not_hang_the_server() {
    let mut host = host();
    host.receive("loop", 0);
    let sent = host.value("loop").unwrap().as_u64().unwrap();
    assert!((100..1000).contains(&sent), "{sent}");
}

#[test]
fn what_cannot_be_read_is_ignored_and_the_next_delta_is_handled() {
    let mut host = host();
    for json in [
        "",
        "{",
        "null",
        "[]",
        r#"{"path":"a.one"}"#,
        r#"{"context":"vessels.self","updates":[{"values":[{"path":"a.one"}]}"#,
        r#"{"context":5,"updates":[{"values":[{"path":"a.one","value":1}]}]}"#,
        r#"{"context":"vessels.self","updates":[{"values":{"path":"a.one","value":1}}]}"#,
    ] {
        host.receive_json(json);
    }
    notes(&mut host);
    host.receive_json(
        r#"{"context":"vessels.self","updates":[{"values":[{"path":"a.one","value":1}]}]}"#,
    );
    assert_eq!(notes(&mut host), ["optional Some(1.0)", "plain 1"]);
}

#[test]
fn a_loop_that_was_asked_for_ends_and_is_told_too() {
    let mut host = host();
    host.receive("loop", 0);
    let error = host.error().unwrap();
    assert!(error.contains("loop has come back to the plugin 100 times in a row"), "{error}");
    let sent = host.value("loop");
    host.advance(Duration::from_secs(3));
    assert_eq!(host.value("loop"), sent);
}

#[test]
fn one_odd_field_loses_nothing_else() {
    for update in [
        r#"{"$source":"gps","timestamp":1700000000,"values":[V]}"#,
        r#"{"$source":5,"values":[V]}"#,
        r#"{"values":[V],"meta":{"path":"a"}}"#,
        r#"{"values":[5,null,"x",{"path":7,"value":1},V]}"#,
    ] {
        let mut host = host();
        let value = r#"{"path":"a.one","value":1}"#;
        host.receive_json(&format!(
            r#"{{"context":"vessels.self","updates":[null,5,{}]}}"#,
            update.replace('V', value)
        ));
        assert_eq!(notes(&mut host), ["optional Some(1.0)", "plain 1"], "{update}");
        assert_eq!(host.error(), None);
    }
}

#[test]
fn what_is_written_with_escapes_is_wanted_too() {
    for (from, to) in [("path", "p\\u0061th"), ("a.one", "a\\u002eone"), ("urn:", "urn\\u003a")] {
        let mut host = host();
        let context = host.self_context();
        let json = format!(
            r#"{{"context":"{context}","updates":[{{"values":[{{"path":"a.one","value":1}}]}}]}}"#
        );
        host.receive_json(&json.replacen(from, to, 1));
        assert_eq!(notes(&mut host), ["optional Some(1.0)", "plain 1"], "{to}");
    }
}

#[test]
fn a_position_without_a_fix_is_as_good_as_null() {
    for place in [
        json!({"latitude": null, "longitude": null}),
        json!({"latitude": null, "longitude": 10.5}),
        json!({"latitude": 54.5, "longitude": null, "altitude": 3}),
    ] {
        let mut host = host();
        host.receive("place", &place);
        let own = format!("own_type {}", place.as_object().unwrap().len());
        assert_eq!(notes(&mut host), ["place None".to_owned(), own], "{place}");
        assert_eq!(host.error(), None);
    }
    let mut host = host();
    host.receive("place", json!({"latitude": "NaN", "longitude": "NaN"}));
    assert_eq!(notes(&mut host)[0], "place None");
}

#[test]
fn a_position_outside_of_the_earth_is_none_or_an_error() {
    let mut host = host();
    host.receive("place", json!({"latitude": 91, "longitude": 1e300}));
    let notes = notes(&mut host);
    assert_eq!(notes[0], "place None");
    let error = "place.latitude: found 91, expected -90 to 90 degrees";
    assert_eq!(host.error().unwrap(), error);
    host.receive("place", json!({"latitude": 90, "longitude": -180}));
    assert_eq!(host.error(), None);
}

#[test]
fn what_the_server_would_drop_is_refused() {
    let _host = host();
    for (delta, place) in [
        ("5", "found 5"),
        ("[]", "found a list"),
        ("{}", "updates"),
        (r#"{"updates":5}"#, "updates: found 5"),
        (r#"{"updates":[{"values":[{"value":1}]}]}"#, "updates[0].values[0].path"),
    ] {
        let error = delta::send_json(delta, DeltaVersion::V1).unwrap_err().to_string();
        assert!(error.starts_with("the delta was not sent: "), "{error}");
        assert!(error.contains(place), "{error}");
    }
    assert!(delta::send(&json!([]), DeltaVersion::V1).is_err());
}
