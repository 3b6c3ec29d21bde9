//! What JavaScript does to values on their way through the server.

use serde_json::{Map, Number, Value};

/// JavaScript's idea of a true value.
pub(crate) fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(b) => *b,
        Value::Number(n) => n.as_f64().is_some_and(|n| n != 0.0),
        Value::String(s) => !s.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// Text as `TextDecoder` gives it: invalid UTF-8 becomes U+FFFD, a leading byte order mark goes.
pub(crate) fn decode(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).into_owned()
}

/// `JSON.parse`. Deeper nesting than 128 levels is refused here, which the server would still read.
pub(crate) fn parse(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(text).map(normalise)
}

/// Gives a value the form that it has after `JSON.parse` and `JSON.stringify`: `5.0` is `5`,
/// integers are no more exact than an `f64`, and keys that look like array indices come first.
pub(crate) fn normalise(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(normalise_number(number)),
        Value::Array(items) => Value::Array(items.into_iter().map(normalise).collect()),
        Value::Object(map) => {
            let (mut indices, rest): (Vec<_>, Vec<_>) = map
                .into_iter()
                .map(|(key, value)| (key, normalise(value)))
                .partition(|(key, _)| is_index(key));
            indices.sort_by_key(|(key, _)| key.parse::<u32>().unwrap_or(u32::MAX));
            Value::Object(indices.into_iter().chain(rest).collect::<Map<_, _>>())
        }
        other => other,
    }
}

/// JavaScript writes whole numbers without fraction and exponent up to 1e21. What fits no 64-bit
/// integer stays an `f64` of the same value.
// The range checks make the casts exact.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn normalise_number(number: Number) -> Number {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    let Some(value) = number.as_f64() else { return number };
    if value.fract() == 0.0 && value.abs() < TWO_TO_63 {
        return Number::from(value as i64);
    }
    if value.fract() == 0.0 && (0.0..2.0 * TWO_TO_63).contains(&value) {
        return Number::from(value as u64);
    }
    Number::from_f64(value).unwrap_or(number)
}

fn is_index(key: &str) -> bool {
    (key == "0" || !key.starts_with('0'))
        && key.bytes().all(|b| b.is_ascii_digit())
        && key.parse::<u32>().is_ok_and(|index| index != u32::MAX)
}

/// `{...value}`: an object's own entries, an array's items by index, a string's characters by index.
pub(crate) fn spread(value: &Value) -> Map<String, Value> {
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
    fn whole_numbers_lose_their_fraction_and_large_ones_their_last_digits() {
        assert_eq!(
            parse("[5.0, -0.0, 1.5, 9007199254740993]").unwrap().to_string(),
            "[5,0,1.5,9007199254740992]"
        );
    }

    #[test]
    fn index_like_keys_come_first_in_rising_order() {
        assert_eq!(
            parse(r#"{"b":1,"10":2,"a":3,"9":4,"01":5}"#).unwrap().to_string(),
            r#"{"9":4,"10":2,"b":1,"a":3,"01":5}"#
        );
    }

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
