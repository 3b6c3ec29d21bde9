//! What JavaScript does to values on their way through the server.

mod parse;
mod stringify;

use serde_json::{Map, Value};

pub use parse::{JsonError, parse};
pub use stringify::stringify;

/// JavaScript's idea of a true value.
#[must_use]
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(b) => *b,
        Value::Number(n) => n.as_f64().is_some_and(|n| n != 0.0),
        Value::String(s) => !s.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// Text as `TextDecoder` gives it: invalid UTF-8 becomes U+FFFD, a leading byte order mark goes.
#[must_use]
pub fn decode(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).into_owned()
}

/// Puts keys that look like array indices first, in rising order, as JavaScript's objects have them.
#[must_use]
pub fn in_order(map: Map<String, Value>) -> Map<String, Value> {
    let (mut indices, rest): (Vec<_>, Vec<_>) = map.into_iter().partition(|(key, _)| is_index(key));
    indices.sort_by_key(|(key, _)| key.parse::<u32>().unwrap_or(u32::MAX));
    indices.into_iter().chain(rest).collect()
}

fn is_index(key: &str) -> bool {
    (key == "0" || !key.starts_with('0'))
        && key.bytes().all(|b| b.is_ascii_digit())
        && key.parse::<u32>().is_ok_and(|index| index != u32::MAX)
}

/// `{...value}`: an object's own entries, an array's items by index, a string's characters by index.
#[must_use]
pub fn spread(value: &Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map.clone(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| (index.to_string(), item.clone()))
            .collect(),
        Value::String(text) => text
            .encode_utf16()
            .enumerate()
            .map(|(index, unit)| {
                (index.to_string(), Value::String(String::from_utf16_lossy(&[unit])))
            })
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn spreading_a_string_gives_its_characters() {
        assert_eq!(Value::Object(spread(&json!("ab"))), json!({"0": "a", "1": "b"}));
        assert!(spread(&json!(7)).is_empty());
    }

    #[test]
    fn a_byte_order_mark_is_dropped_and_invalid_utf8_replaced() {
        assert_eq!(decode(b"\xef\xbb\xbfa\xff"), "a\u{fffd}");
    }
}
