//! `JSON.stringify`.

use serde_json::Value;

/// The text of a value as JavaScript writes it: numbers are `f64`, with exponents only from 1e21
/// on and below 1e-6.
#[must_use]
pub fn stringify(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, into: &mut String) {
    match value {
        Value::Number(number) => match number.as_f64().filter(|number| number.is_finite()) {
            Some(number) => into.push_str(ryu_js::Buffer::new().format_finite(number)),
            None => into.push_str("null"),
        },
        Value::Array(items) => {
            into.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    into.push(',');
                }
                write(item, into);
            }
            into.push(']');
        }
        Value::Object(members) => {
            into.push('{');
            for (place, (key, member)) in members.iter().enumerate() {
                if place > 0 {
                    into.push(',');
                }
                into.push_str(&Value::from(key.as_str()).to_string());
                into.push(':');
                write(member, into);
            }
            into.push('}');
        }
        // Here the two do not differ.
        Value::Null | Value::Bool(_) | Value::String(_) => into.push_str(&value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_javascript_does() {
        for (number, text) in [
            (5.0, "5"),
            (-0.0, "0"),
            (1.5, "1.5"),
            (-1500.25, "-1500.25"),
            (0.1, "0.1"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.25e21, "1.25e+21"),
            (12_345_678_901_234_567_890.0, "12345678901234567000"),
            (0.000_001, "0.000001"),
            (1e-7, "1e-7"),
            (-1.5e-9, "-1.5e-9"),
            (f64::MAX, "1.7976931348623157e+308"),
            (5e-324, "5e-324"),
        ] {
            assert_eq!(stringify(&Value::from(number)), text);
        }
    }

    #[test]
    fn everything_else_is_written_without_blanks() {
        let value = serde_json::json!({ "a\n": [null, true, "é\u{1}\u{2028}"], "b": {} });
        assert_eq!(stringify(&value), "{\"a\\n\":[null,true,\"é\\u0001\u{2028}\"],\"b\":{}}");
    }
}
