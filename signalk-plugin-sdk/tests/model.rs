//! The SDK's copy of the data model.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

use std::time::Duration;

use serde_json::json;
use signalk_plugin_sdk::model;
use signalk_plugin_sdk::plausible;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::{OTHER_VESSEL, TestHost};

struct Looker;

#[signalk_plugin(model("environment.wind.*", "navigation.position", "test.own"))]
impl Looker {
    fn start() -> Self {
        Self
    }

    #[put("test.send")]
    fn send(&mut self, value: f64) -> Result<()> {
        delta::set("test.own", value)
    }
}

const WIND: &str = "environment.wind.speedTrue";

fn from(source: &str, value: serde_json::Value, time: &str) -> String {
    json!({
        "context": "vessels.self",
        "updates": [{"$source": source, "timestamp": time, "values": [{"path": WIND, "value": value}]}],
    })
    .to_string()
}

#[test]
fn the_latest_value_is_there_with_source_time_and_age() {
    let mut host = TestHost::<Looker>::start("{}");
    assert_eq!(model::get::<f64>(WIND).unwrap(), None);
    host.receive_json(&from("mast", json!(5.5), "2026-01-01T00:00:00Z"));
    host.advance(Duration::from_secs(7));
    let entry = model::entry::<f64>(WIND).unwrap().unwrap();
    assert_eq!((entry.value, &*entry.source), (5.5, "mast"));
    assert_eq!(entry.timestamp, "2026-01-01T00:00:00Z");
    assert_eq!(entry.age, Some(Duration::from_secs(7)));
    assert_eq!(model::get::<f64>(WIND).unwrap(), Some(5.5));
}

#[test]
fn a_value_that_is_too_old_is_none() {
    let mut host = TestHost::<Looker>::start("{}");
    host.receive(WIND, 5.5);
    host.advance(Duration::from_secs(30));
    assert_eq!(model::get_within::<f64>(WIND, Duration::from_secs(30)).unwrap(), Some(5.5));
    host.advance(Duration::from_secs(1));
    assert_eq!(model::get_within::<f64>(WIND, Duration::from_secs(30)).unwrap(), None);
}

#[test]
fn each_source_has_its_own_value_and_the_newest_comes_first() {
    let mut host = TestHost::<Looker>::start("{}");
    host.receive_json(&from("mast", json!(5.0), ""));
    host.advance(Duration::from_secs(1));
    host.receive_json(&from("ais", json!(6.0), ""));
    host.receive_json(&from("model", json!(7.0), ""));
    let sources = model::sources::<f64>(WIND).unwrap();
    let all: Vec<_> = sources.iter().map(|entry| (&*entry.source, entry.value)).collect();
    assert_eq!(all, [("model", 7.0), ("ais", 6.0), ("mast", 5.0)]);
    // The one that was there first counts.
    assert_eq!(model::get::<f64>(WIND).unwrap(), Some(5.0));
    // One that clears its value has none, and the others still have theirs.
    host.advance(Duration::from_secs(1));
    host.receive_json(&from("mast", json!(null), ""));
    assert_eq!(model::sources::<f64>(WIND).unwrap().len(), 2);
    assert_eq!(model::get::<f64>(WIND).unwrap(), Some(7.0));
    for source in ["model", "ais"] {
        host.receive_json(&from(source, json!(null), ""));
    }
    assert_eq!(model::get::<f64>(WIND).unwrap(), None);
}

#[test]
fn of_sources_that_take_turns_one_counts_until_it_falls_silent() {
    let mut host = TestHost::<Looker>::start("{}");
    for _ in 0..10 {
        for (source, value) in [("mast", 5.0), ("ais", 6.0)] {
            host.receive_json(&from(source, json!(value), ""));
            assert_eq!(model::get::<f64>(WIND).unwrap(), Some(5.0));
        }
        host.advance(Duration::from_secs(1));
    }
    for _ in 0..10 {
        host.receive_json(&from("ais", json!(6.0), ""));
        host.advance(Duration::from_secs(1));
    }
    assert_eq!(model::get::<f64>(WIND).unwrap(), Some(6.0));
    host.receive_json(&from("mast", json!(5.0), ""));
    assert_eq!(model::get::<f64>(WIND).unwrap(), Some(6.0), "it keeps to the one that it has");
}

#[test]
fn what_the_plugin_sends_counts_only_while_nobody_else_speaks() {
    let mut host = TestHost::<Looker>::start("{}");
    host.put("test.send", 3.5);
    host.receive("test.own", 4.5);
    host.put("test.send", 3.5);
    assert_eq!(model::get::<f64>("test.own").unwrap(), Some(4.5));
    host.receive("test.own", json!(null));
    assert_eq!(model::get::<f64>("test.own").unwrap(), Some(3.5));
}

#[test]
fn where_one_source_tells_what_cannot_be_another_is_believed() {
    const POSITION: &str = "navigation.position";
    let mut host = TestHost::<Looker>::start("{}");
    let mut plausible = plausible::Plausible::position();
    let position = |source: &str, latitude: f64| {
        json!({
            "context": "vessels.self",
            "updates": [{"$source": source, "values": [
                {"path": POSITION, "value": {"latitude": latitude, "longitude": latitude / 5.0}},
            ]}],
        })
        .to_string()
    };
    host.receive_json(&position("plotter", 0.0));
    assert_eq!(model::believe(POSITION, &mut plausible).unwrap(), None);
    for _ in 0..3 {
        host.receive_json(&position("plotter", 0.0));
        host.receive_json(&position("gps", 54.5));
        host.advance(Duration::from_secs(1));
        let here = Some(Position::new(54.5, 10.9));
        assert_eq!(model::believe(POSITION, &mut plausible).unwrap(), here);
        assert_eq!(plausible.last(), here);
    }
    host.receive(POSITION, "here");
    assert!(model::believe(POSITION, &mut plausible).unwrap().is_some());
}

#[test]
fn a_value_of_the_model_is_judged_by_when_it_arrived() {
    let mut host = TestHost::<Looker>::start("{}");
    let mut plausible = plausible::Plausible::within(0.0..=100.0).rate(1.0);
    let mut look = || {
        let entry = model::entry::<f64>(WIND).unwrap()?;
        plausible.believe_at(entry.value, entry.arrived?)
    };
    host.receive(WIND, 5.0);
    assert_eq!(look(), Some(5.0));
    host.advance(Duration::from_secs(1));
    host.receive(WIND, 50.0);
    for _ in 0..5 {
        host.advance(Duration::from_secs(1));
        assert_eq!(look(), None, "looked at again and again, one value stays one value");
    }
    host.receive(WIND, 50.5);
    assert_eq!(look(), Some(50.5));
}

#[test]
fn a_path_that_is_not_named_is_an_error_that_says_what_to_write() {
    let _host = TestHost::<Looker>::start("{}");
    let error = model::get::<f64>("environment.depth.belowKeel").unwrap_err().to_string();
    assert_eq!(
        error,
        "\"environment.depth.belowKeel\" is not kept: write \
         #[signalk_plugin(model(\"environment.depth.belowKeel\"))]"
    );
}

#[test]
fn a_value_of_another_type_is_an_error_that_names_the_path() {
    let mut host = TestHost::<Looker>::start("{}");
    host.receive(WIND, "strong");
    let error = model::get::<f64>(WIND).unwrap_err().to_string();
    assert_eq!(error, "environment.wind.speedTrue: found the text \"strong\", expected a number");
    assert_eq!(model::get::<String>(WIND).unwrap().unwrap(), "strong");
}

#[test]
fn other_vessels_are_left_out_and_what_the_plugin_sends_is_in() {
    let mut host = TestHost::<Looker>::start("{}");
    host.receive_other(OTHER_VESSEL, WIND, 9.0);
    assert_eq!(model::get::<f64>(WIND).unwrap(), None);
    host.put("test.send", 3.5);
    assert_eq!(model::get::<f64>("test.own").unwrap(), Some(3.5));
}

#[test]
fn what_is_known_outlives_a_save_of_the_configuration() {
    let mut host = TestHost::<Looker>::start("{}");
    host.receive(WIND, 5.5);
    host.configure("{}");
    assert_eq!(model::get::<f64>(WIND).unwrap(), Some(5.5));
}

#[test]
fn a_server_that_answers_is_asked_for_what_no_delta_has_brought() {
    let mut host = TestHost::<Looker>::start("{}");
    let node = json!({"value": 4.0, "$source": "mast", "timestamp": "2026-01-01T00:00:00Z"});
    host.answer_self_path(WIND, node);
    let entry = model::entry::<f64>(WIND).unwrap().unwrap();
    assert_eq!((entry.value, &*entry.source, entry.age), (4.0, "mast", None));
    assert_eq!(model::get_within::<f64>(WIND, Duration::MAX).unwrap(), None);
    host.receive(WIND, 5.5);
    assert_eq!(model::get::<f64>(WIND).unwrap(), Some(5.5));
}

#[test]
fn names_that_somebody_makes_up_do_not_fill_the_memory() {
    let mut host = TestHost::<Looker>::start("{}");
    for index in 0..2_100 {
        host.receive(&format!("environment.wind.made{index}"), index);
    }
    assert_eq!(model::get::<u32>("environment.wind.made0").unwrap(), None);
    assert_eq!(model::get::<u32>("environment.wind.made2099").unwrap(), Some(2_099));
    for index in 0..20 {
        host.receive_json(&from(&format!("source{index}"), json!(index), ""));
    }
    assert_eq!(model::sources::<u32>(WIND).unwrap().len(), 16);
}
