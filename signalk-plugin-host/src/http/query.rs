//! Query strings and urlencoded bodies as Express reads them.

use serde_json::{Map, Value};

/// A repeated key is an array, `a[]=1` too, and `a[b]=1` an object.
pub(crate) fn parse(query: &str) -> Value {
    let mut root = Map::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()).take(1000) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let key = decode(key);
        let (name, rest) =
            key.split_once('[').map_or((key.as_str(), ""), |(name, _)| (name, &key[name.len()..]));
        let parts: Vec<&str> = rest.split(['[', ']']).filter(|part| !part.is_empty()).collect();
        let as_array = rest == "[]";
        put(&mut root, name, &parts, as_array, Value::from(decode(value)));
    }
    Value::Object(root)
}

fn put(into: &mut Map<String, Value>, name: &str, parts: &[&str], as_array: bool, value: Value) {
    if let [first, rest @ ..] = parts {
        let nested = into.entry(name).or_insert_with(|| Value::Object(Map::new()));
        if let Some(nested) = nested.as_object_mut() {
            put(nested, first, rest, as_array, value);
        }
        return;
    }
    match into.get_mut(name) {
        None if as_array => {
            into.insert(name.to_owned(), Value::Array(vec![value]));
        }
        None => {
            into.insert(name.to_owned(), value);
        }
        Some(Value::Array(values)) => values.push(value),
        Some(before) => *before = Value::Array(vec![before.take(), value]),
    }
}

fn decode(text: &str) -> String {
    percent_decode(&text.replace('+', " ")).unwrap_or_else(|| text.to_owned())
}

/// `decodeURIComponent`; `None` where it would throw.
pub(crate) fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| {
                char::from(byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
            };
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            bytes.push(high * 16 + low);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_repeated_key_is_an_array() {
        assert_eq!(parse("a=1&b=x+y&a=2&c"), json!({"a": ["1", "2"], "b": "x y", "c": ""}));
    }

    #[test]
    fn brackets_make_arrays_and_objects() {
        assert_eq!(parse("a[]=1&b[c]=2&b[d]=3"), json!({"a": ["1"], "b": {"c": "2", "d": "3"}}));
    }

    #[test]
    fn percent_signs_are_decoded_or_left() {
        assert_eq!(parse("a=%C3%A9&b=%"), json!({"a": "é", "b": "%"}));
        assert_eq!(percent_decode("%ff"), None);
    }
}
