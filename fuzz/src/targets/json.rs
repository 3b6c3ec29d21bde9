//! The JSON reader and writer, beside serde_json.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use signalk_plugin_sdk::json::{self, Raw};

use super::answers::is_half_a_character;
use crate::plain::alike;

/// Every kind of type of which both readers think alike: `serde_json` also reads structs from lists.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Unit,
    Bool(bool),
    Small(i8),
    Big(u64),
    Signed(i64),
    Float(f64),
    Text(String),
    Char(char),
    Maybe(Option<i32>),
    Pair(u8, u16),
    List(Vec<Kind>),
    Numbered(BTreeMap<i16, Option<Kind>>),
    Boxed(Box<Kind>),
    Nothing(()),
}

pub(crate) fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Some(value) = compare::<Value>(text, alike) {
        kept(text, &value);
    }
    compare::<BTreeMap<String, Kind>>(text, |a, b| {
        alike(&serde_json::to_value(a).unwrap(), &serde_json::to_value(b).unwrap())
    });
    compare::<Vec<Kind>>(text, |a, b| {
        alike(&serde_json::to_value(a).unwrap(), &serde_json::to_value(b).unwrap())
    });
    exact_number(text);
    // As a text that is to be written.
    let written = json::to_string(text).unwrap();
    assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
}

/// Reads with both, and gives back what both have read.
fn compare<T: DeserializeOwned + Debug>(text: &str, same: fn(&T, &T) -> bool) -> Option<T> {
    let ours = json::from_str::<T>(text);
    let theirs = serde_json::from_str::<T>(text);
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => {
            assert!(same(&ours, &theirs), "{ours:?} and {theirs:?} from {text:?}");
            Some(ours)
        }
        (Err(_), Err(_)) => None,
        (Err(_), Ok(_)) if at_the_end_of_doubles(text) => None,
        (Ok(_), Err(_)) if at_the_end_of_doubles(text) => None,
        (Err(ours), Ok(theirs)) => panic!("refused ({ours}), and is {theirs:?}: {text:?}"),
        (Ok(ours), Err(theirs)) => {
            // Documented.
            assert!(
                is_half_a_character(&theirs),
                "taken as {ours:?}, and is none ({theirs}): {text:?}"
            );
            None
        }
    }
}

/// Near the largest double a unit in the last place is the difference between a number and none.
fn at_the_end_of_doubles(text: &str) -> bool {
    let is_part = |char: char| matches!(char, '0'..='9' | '-' | '+' | '.' | 'e' | 'E');
    let numbers = text.split(|char| !is_part(char)).filter_map(|part| part.parse::<f64>().ok());
    numbers.map(f64::abs).any(|number| number > 1.797_693_134_862_31e308)
}

/// What both have read is kept as it came, and comes back from being written.
fn kept(text: &str, value: &Value) {
    let raw = Raw::parse(text).expect("what can be read can be kept");
    assert_eq!(raw.as_str(), text);
    let written = json::to_string(value).unwrap();
    assert!(alike(&serde_json::from_str(&written).unwrap(), value), "{written}");
    assert!(alike(&json::from_str(&written).unwrap(), value), "{written}");
    let passed_on: Value = serde_json::from_str(&json::to_string(&raw).unwrap()).unwrap();
    assert!(alike(&passed_on, value), "{passed_on} from {text:?}");
    let from_theirs: Raw = serde_json::from_str(text).unwrap();
    assert!(alike(&from_theirs.deserialize().unwrap(), value), "{from_theirs} from {text:?}");
}

/// A number is the double that is nearest to it: documented.
fn exact_number(text: &str) {
    let Ok(ours) = json::from_str::<f64>(text) else {
        return;
    };
    let text = text.trim_matches([' ', '\t', '\n', '\r']);
    let exact: f64 = text.parse().expect("a number of JSON is one of Rust");
    assert_eq!(ours.to_bits(), exact.to_bits(), "{ours:e} and {exact:e}: {text}");
}
