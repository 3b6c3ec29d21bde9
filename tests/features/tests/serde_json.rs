//! Values of `serde_json`, with the features that change what they are made of.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Number, Value, json};
use signalk_plugin_sdk::http::Json;
use signalk_plugin_sdk::json::{self, Raw};
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::storage;
use signalk_plugin_sdk::testing::{Event, TestHost};

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self
    }

    #[delta("in")]
    fn value(&mut self, value: Value) -> Result<()> {
        delta::set("out", json!({ "was": value, "half": 2.5 }))?;
        server::debug(&json::to_string(&value)?);
        storage::save("value", &value)
    }

    #[get("/api/value")]
    fn answer(&self) -> Json<Value> {
        Json(json!({ "n": [1, -2, 2.5] }))
    }
}

const TEXT: &str = r#"{"a":[1,-2,2.5,1e300,null,true,"x",{}],"b":{"c":18446744073709551615}}"#;

#[test]
fn the_features_are_on() {
    assert_eq!(serde_json::from_str::<Value>("1.10").unwrap().to_string(), "1.10");
    assert_eq!(RawValue::from_string("[ 1 ]".into()).unwrap().get(), "[ 1 ]");
}

#[test]
fn untyped_values_are_written_as_what_they_are() {
    let value: Value = serde_json::from_str(TEXT).unwrap();
    let written = json::to_string(&value).unwrap();
    assert!(!written.contains("private"), "{written}");
    assert_eq!(written, serde_json::to_string(&value).unwrap());
    assert_eq!(json::to_string(&json!(2.5)).unwrap(), "2.5");
    let long = "123456789012345678901234567890.5";
    assert_eq!(json::to_string(&serde_json::from_str::<Number>(long).unwrap()).unwrap(), long);
    let keys = HashMap::from([(Number::from(7), 1)]);
    assert_eq!(json::to_string(&keys).unwrap(), r#"{"7":1}"#);
    assert_eq!(Raw::from_value(&value).unwrap().as_str(), written);
}

#[test]
fn untyped_values_are_read() {
    let value: Value = json::from_str(TEXT).unwrap();
    assert_eq!(value["a"][2].as_f64(), Some(2.5));
    assert_eq!(value["a"][3].as_f64(), Some(1e300));
    assert_eq!(value["a"][1].as_i64(), Some(-2));
    assert_eq!(value["b"]["c"].as_u64(), Some(u64::MAX));
    assert_eq!(json::from_str::<Number>("0.1").unwrap().as_f64(), Some(0.1));
    let raw: Raw = serde_json::from_str(TEXT).unwrap();
    assert_eq!(raw.deserialize::<Value>().unwrap(), value);
}

#[test]
fn a_raw_value_is_written_and_read_as_it_is() {
    #[derive(Serialize, Deserialize)]
    struct Outer<'a> {
        #[serde(borrow)]
        borrowed: &'a RawValue,
        owned: Box<RawValue>,
        list: Vec<Option<Box<RawValue>>>,
    }
    let text = r#"{"borrowed":{"a": [1.50]},"owned":"\u00e9","list":[null,[]]}"#;
    let outer: Outer<'_> = json::from_str(text).unwrap();
    assert_eq!(outer.borrowed.get(), r#"{"a": [1.50]}"#);
    assert_eq!(outer.owned.get(), r#""\u00e9""#);
    assert_eq!(json::to_string(&outer).unwrap(), text);
    let deep = ["[".repeat(128), "]".repeat(128)].concat();
    let error = json::to_string(&RawValue::from_string(deep).unwrap()).unwrap_err();
    assert!(error.to_string().contains("nested too deeply"), "{error}");
}

#[test]
fn what_takes_their_names_and_is_no_json_is_refused() {
    #[derive(Serialize)]
    #[serde(rename = "$serde_json::private::RawValue")]
    struct False {
        text: &'static str,
    }
    for text in ["", "{", "1,2", "null}"] {
        assert!(json::to_string(&False { text }).is_err(), "{text}");
    }
}

#[test]
fn a_plugin_takes_sends_answers_and_stores_them() {
    let mut host = TestHost::<Plugin>::start("{}");
    host.receive("in", json!({ "a": 1.5 }));
    assert_eq!(host.error(), None);
    assert_eq!(host.value("out").unwrap()["half"].as_f64(), Some(2.5));
    assert!(host.events().contains(&Event::Debug(r#"{"a":1.5}"#.into())));
    assert_eq!(storage::load::<Value>("value").unwrap().unwrap()["a"].as_f64(), Some(1.5));
    assert_eq!(host.get("/api/value").body["n"][2].as_f64(), Some(2.5));
    // Any number that a server passes on is a double.
    let own = host.self_context();
    let values = json!([{ "path": "in", "value": { "a": u64::MAX } }]);
    let update = json!({ "$source": "test.source", "values": values });
    host.receive_json(&json!({ "updates": [update], "context": own }).to_string());
    assert!(host.error().unwrap().contains("18446744073709551615"), "{:?}", host.error());
}
