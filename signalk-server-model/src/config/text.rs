//! Configurations as text. The server reads JSON of any depth; `serde_json::Value` takes 128
//! levels, so what is deeper is passed on as it was written.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use signalk_plugin_contract::ENABLE_DEBUG;

use crate::js::{self, JsonError};

/// `JSON.stringify(JSON.parse(text))`.
///
/// # Errors
///
/// If the text is not JSON.
pub fn compact(text: &str) -> Result<String, JsonError> {
    match js::parse(text) {
        Ok(value) => Ok(js::stringify(&value)),
        // Skipping a value is not recursive, so this tells wrong from deep.
        Err(error) => serde_json::from_str::<Box<RawValue>>(text)
            .map(|raw| raw.get().to_owned())
            .map_err(|_| error),
    }
}

/// The members of an object in the order of their first mention, as compact JSON; `None` where the
/// text is no JSON object.
pub(super) fn members(text: &str) -> Option<Vec<(String, String)>> {
    serde_json::from_str::<Members>(text).ok().map(|members| members.0)
}

/// The text that `plugin_start` gets: the configuration spread into an object, with `enableDebug` added.
#[must_use]
pub fn for_start(configuration: Option<&str>, enable_debug: &Value) -> String {
    let configuration = configuration.unwrap_or("null");
    let mut members = match js::parse(configuration) {
        Ok(Value::String(text)) => characters(&text),
        Ok(value) => js::spread(&value)
            .into_iter()
            .map(|(key, value)| (key, js::stringify(&value)))
            .collect(),
        Err(_) => members(configuration).or_else(|| items(configuration)).unwrap_or_default(),
    };
    let enable_debug = js::stringify(enable_debug);
    match members.iter_mut().find(|(key, _)| key == ENABLE_DEBUG) {
        Some((_, old)) => *old = enable_debug,
        None => members.push((ENABLE_DEBUG.to_owned(), enable_debug)),
    }
    object(&members)
}

/// The document that the server writes when the owner saves. A configuration that is missing or null
/// becomes an empty object.
#[must_use]
pub fn document(configuration: Option<&str>, enabled: &Value, enable_debug: &Value) -> String {
    let configuration = configuration.filter(|text| *text != "null").unwrap_or("{}");
    pretty_object(&[
        ("configuration".to_owned(), configuration.to_owned()),
        ("enabled".to_owned(), enabled.to_string()),
        (ENABLE_DEBUG.to_owned(), enable_debug.to_string()),
    ])
}

/// An object as `JSON.stringify(value, null, 2)` writes it.
pub(super) fn pretty_object(members: &[(String, String)]) -> String {
    let compact = object(members);
    js::parse(&compact)
        .ok()
        .and_then(|value| serde_json::to_string_pretty(&value).ok())
        .unwrap_or(compact)
}

fn object(members: &[(String, String)]) -> String {
    let members: Vec<_> = members
        .iter()
        .map(|(key, value)| format!("{}:{value}", Value::from(key.as_str())))
        .collect();
    format!("{{{}}}", members.join(","))
}

/// A text spread out: each half of a character that JavaScript sees as two stands for itself.
fn characters(text: &str) -> Vec<(String, String)> {
    let written = |unit: u16| match char::from_u32(unit.into()) {
        Some(character) => Value::from(character.to_string()).to_string(),
        None => format!("\"\\u{unit:04x}\""),
    };
    let units = text.encode_utf16().enumerate();
    units.map(|(index, unit)| (index.to_string(), written(unit))).collect()
}

fn items(text: &str) -> Option<Vec<(String, String)>> {
    let items = serde_json::from_str::<Vec<Box<RawValue>>>(text).ok()?;
    Some(
        items
            .into_iter()
            .enumerate()
            .map(|(index, item)| (index.to_string(), item.get().to_owned()))
            .collect(),
    )
}

struct Members(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members: Vec<(String, String)> = Vec::new();
                while let Some((key, raw)) = map.next_entry::<String, Box<RawValue>>()? {
                    let text = compact(raw.get()).unwrap_or_else(|_| raw.get().to_owned());
                    match members.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, old)) => *old = text,
                        None => members.push((key, text)),
                    }
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_debug_switch_is_added_last_or_replaced_in_place() {
        assert_eq!(
            for_start(Some(r#"{"b": 1.0, "a": 2}"#), &Value::Bool(false)),
            r#"{"b":1,"a":2,"enableDebug":false}"#
        );
        assert_eq!(
            for_start(Some(r#"{"enableDebug": "x", "a": 2}"#), &Value::Bool(true)),
            r#"{"enableDebug":true,"a":2}"#
        );
    }

    #[test]
    fn only_an_object_can_arrive() {
        assert_eq!(for_start(None, &Value::Bool(false)), r#"{"enableDebug":false}"#);
        assert_eq!(for_start(Some("7"), &Value::Bool(false)), r#"{"enableDebug":false}"#);
        assert_eq!(
            for_start(Some(r#""ab""#), &Value::Bool(false)),
            r#"{"0":"a","1":"b","enableDebug":false}"#
        );
        assert_eq!(
            for_start(Some("\"\u{1f600}\""), &Value::Bool(false)),
            r#"{"0":"\ud83d","1":"\ude00","enableDebug":false}"#
        );
        assert_eq!(
            for_start(Some("[true]"), &Value::Bool(false)),
            r#"{"0":true,"enableDebug":false}"#
        );
    }

    #[test]
    fn a_configuration_of_any_depth_arrives() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        let config = format!(r#"{{"a":{deep}}}"#);
        assert_eq!(
            for_start(Some(&config), &Value::Bool(false)),
            format!(r#"{{"a":{deep},"enableDebug":false}}"#)
        );
        assert_eq!(compact(&config).unwrap(), config);
    }
}
