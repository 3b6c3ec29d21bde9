//! What is kept of other vessels, the root of a vessel, and what a source says of itself.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_sdk::clock;
use signalk_plugin_sdk::delta::{DeltaBuilder, Origin};
use signalk_plugin_sdk::model::{self, Vessel};
use signalk_plugin_sdk::notification::AlarmState;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::{Event, OTHER_VESSEL, TestHost};

const SPEED: &str = "navigation.speedOverGround";
const SECOND: Duration = Duration::from_secs(1);

/// Keeps all vessels, and writes down what comes at the root.
struct Lookout;

/// Some of what comes at the root.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct About {
    name: Option<String>,
    mmsi: Option<String>,
}

#[signalk_plugin(
    model("environment.wind.*"),
    model(context = "vessels.*", "navigation.*", ""),
    model(context = "aton.*", "")
)]
impl Lookout {
    fn start() -> Self {
        Self
    }

    #[delta("", context = "vessels.*")]
    fn about(&mut self, about: About, origin: &Origin<'_>) {
        let details = origin.details();
        let sentence = details.sentence.unwrap_or_default();
        let age = origin.measured().map(clock::Timestamp::age);
        server::debug(&format!("{about:?} {} {sentence} {age:?}", origin.is_self));
    }

    #[put("test.judge")]
    fn judge(&mut self, metres: f64) -> Result<()> {
        let closest = json!({ "distance": metres });
        DeltaBuilder::new()
            .context(OTHER_VESSEL)
            .value("navigation.closestApproach", closest)
            .value(
                "notifications.navigation.closestApproach",
                json!({"state": "warn", "message": "m", "method": []}),
            )
            .send()
    }
}

fn names() -> Vec<String> {
    model::vessels().map(|vessel| vessel.title()).collect()
}

fn other() -> Vessel {
    model::vessel(OTHER_VESSEL)
}

#[test]
fn each_vessel_has_its_values_and_what_is_too_old_is_none() {
    let mut host = TestHost::<Lookout>::start_default();
    assert_eq!(model::vessels().count(), 0);
    host.receive_other(OTHER_VESSEL, SPEED, 4.5);
    host.receive_other("vessels.urn:mrn:imo:mmsi:211000001", SPEED, 7.5);
    host.receive_other("vessels.urn:mrn:imo:mmsi:211000002", "environment.wind.speedTrue", 7.5);
    host.receive_other("aircraft.urn:mrn:imo:mmsi:111000001", SPEED, 90.0);
    host.receive_other("aton.urn:mrn:imo:mmsi:992110000", SPEED, 0.0);
    host.receive_other("aton.urn:mrn:imo:mmsi:992110000", "", json!({ "name": "Kiel" }));
    host.receive(SPEED, 3.5);
    assert_eq!(names(), ["Kiel", "211000001", "244999999"]);
    host.advance(7 * SECOND);
    let entry = other().entry::<f64>(SPEED).unwrap().unwrap();
    assert_eq!((entry.value, &*entry.source, entry.age), (4.5, "test.source", Some(7 * SECOND)));
    assert_eq!(entry.measured().map(clock::Timestamp::age), Some(7 * SECOND));
    assert_eq!(other().get_within::<f64>(SPEED, 7 * SECOND).unwrap(), Some(4.5));
    assert_eq!(other().get_within::<f64>(SPEED, 6 * SECOND).unwrap(), None);
    host.receive_other(OTHER_VESSEL, SPEED, json!(null));
    assert_eq!(other().get::<f64>(SPEED).unwrap(), None);
    // The own one is asked in the same way, and is none of them.
    assert_eq!(model::self_vessel().get::<f64>(SPEED).unwrap(), Some(3.5));
    assert_eq!(model::get::<f64>(SPEED).unwrap(), Some(3.5));
    assert_eq!(model::vessel(&host.self_context()).get::<f64>(SPEED).unwrap(), Some(3.5));
}

#[test]
fn one_that_is_silent_is_forgotten_and_what_the_plugin_says_of_it_is_no_sign_of_life() {
    let mut host = TestHost::<Lookout>::start_default();
    host.receive_other(OTHER_VESSEL, SPEED, 4.5);
    for _ in 0..600 {
        host.advance(SECOND);
        host.put("test.judge", 50.0);
    }
    assert_eq!(names(), ["244999999"]);
    assert_eq!(other().get::<Value>("navigation.closestApproach").unwrap(), None);
    host.advance(SECOND);
    assert_eq!(other().get::<f64>(SPEED).unwrap(), None);
    assert!(names().is_empty());
    // What comes again begins anew.
    host.receive_other(OTHER_VESSEL, "", json!({ "name": "Anna" }));
    assert_eq!(names(), ["Anna"]);
    assert_eq!(other().get::<f64>(SPEED).unwrap(), None);
}

#[test]
fn names_that_somebody_makes_up_do_not_fill_the_memory() {
    let mut host = TestHost::<Lookout>::start_default();
    for index in 0..1_100 {
        host.receive_other(&format!("vessels.urn:mrn:imo:mmsi:{index:09}"), SPEED, 4.5);
        host.advance(SECOND / 10);
    }
    assert_eq!(model::vessels().count(), 1_000);
    assert_eq!(names().first().map(String::as_str), Some("000000100"), "the most silent went");
    for index in 0..100 {
        host.receive_other(OTHER_VESSEL, &format!("navigation.made{index}"), index);
        host.advance(SECOND / 10);
    }
    assert_eq!(other().get::<u32>("navigation.made35").unwrap(), None);
    assert_eq!(other().get::<u32>("navigation.made36").unwrap(), Some(36));
}

#[test]
fn of_two_receivers_one_counts() {
    let mut host = TestHost::<Lookout>::start_default();
    for _ in 0..5 {
        for (source, speed) in [("ais", 4.5), ("internet", 9.0)] {
            let delta = json!({ "context": OTHER_VESSEL, "updates": [
                { "$source": source, "values": [{ "path": SPEED, "value": speed }] },
            ]});
            host.receive_json(&delta.to_string());
            assert_eq!(other().get::<f64>(SPEED).unwrap(), Some(4.5));
        }
        host.advance(SECOND);
    }
}

#[test]
fn the_root_is_put_together_and_found_by_its_paths() {
    let mut host = TestHost::<Lookout>::start_default();
    let own = host.self_context();
    for context in [OTHER_VESSEL, &own] {
        for root in [
            json!({ "name": "Anna" }),
            json!({ "communication": { "callsignVhf": "PA1234" } }),
            json!({ "communication": { "phone": "+31" } }),
        ] {
            // Not by way of the server, which keeps what instruments say of the own one's name to itself.
            let values = json!([{ "path": "", "value": root }]);
            let delta = json!({ "context": context, "updates": [{ "values": values }] });
            host.receive_json(&delta.to_string());
        }
        let vessel = model::vessel(context);
        let text = |path: &str| vessel.get::<String>(path).unwrap();
        assert_eq!(text("name").as_deref(), Some("Anna"), "{context}");
        assert_eq!(text("communication.callsignVhf").as_deref(), Some("PA1234"));
        assert_eq!(text("communication.phone").as_deref(), Some("+31"));
        assert_eq!(text("mmsi"), None);
        let root: Value = vessel.get("").unwrap().unwrap();
        assert_eq!(root["communication"]["phone"], "+31");
        assert_eq!(vessel.title(), "Anna");
    }
    host.receive_other(OTHER_VESSEL, "", json!({ "name": format!("\u{7}{}", "@".repeat(500)) }));
    assert_eq!(other().title(), "@".repeat(40));
}

#[test]
fn a_handler_of_the_root_gets_each_piece_with_what_its_source_says_of_itself() {
    let mut host = TestHost::<Lookout>::start_default();
    let now = clock::now_rfc3339();
    host.advance(5 * SECOND);
    let source = json!({ "label": "ais", "type": "NMEA0183", "talker": "AI", "sentence": "VDM" });
    for time in [&*now, "yesterday"] {
        let delta = json!({ "context": OTHER_VESSEL, "updates": [{
            "source": source, "$source": "ais.AI", "timestamp": time,
            "values": [{ "path": "", "value": { "name": "Anna" } }],
        }]});
        host.receive_json(&delta.to_string());
    }
    let told = host.events().into_iter().filter_map(|event| match event {
        Event::Debug(line) => Some(line),
        _ => None,
    });
    let told: Vec<_> = told.collect();
    let expected = [
        r#"About { name: Some("Anna"), mmsi: None } false VDM Some(5s)"#,
        r#"About { name: Some("Anna"), mmsi: None } false VDM None"#,
    ];
    assert_eq!(told, expected);
}

#[test]
fn what_is_not_kept_is_an_error_that_says_what_to_write_and_so_is_a_value_of_another_type() {
    let mut host = TestHost::<Lookout>::start_default();
    let error = model::vessel("sar.urn:mrn:imo:mmsi:111000002").get::<f64>(SPEED).unwrap_err();
    assert_eq!(
        error.to_string(),
        "\"navigation.speedOverGround\" is not kept of sar.urn:mrn:imo:mmsi:111000002: write \
         #[signalk_plugin(model(context = \"sar.*\", \"navigation.speedOverGround\"))]"
    );
    host.receive_other(OTHER_VESSEL, SPEED, "fast");
    let error = other().get::<f64>(SPEED).unwrap_err().to_string();
    assert_eq!(error, format!("{SPEED}: found the text \"fast\", expected a number"));
}

#[test]
fn a_test_sees_what_is_sent_for_another_vessel() {
    let mut host = TestHost::<Lookout>::start_default();
    host.put("test.judge", 50.5);
    let sent = host.sent_for(OTHER_VESSEL);
    assert_eq!(sent.value("navigation.closestApproach"), Some(json!({ "distance": 50.5 })));
    assert_eq!(sent.notification("navigation.closestApproach").state, AlarmState::Warn);
    assert_eq!(sent.notification_state("navigation.closestApproach").as_deref(), Some("warn"));
    assert_eq!(
        sent.paths(),
        ["navigation.closestApproach", "notifications.navigation.closestApproach"]
    );
    assert_eq!(host.value("navigation.closestApproach"), None);
    assert!(host.sent_for("vessels.urn:mrn:imo:mmsi:211000001").paths().is_empty());
}
