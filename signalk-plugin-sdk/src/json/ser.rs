//! Writing, by serde_json's serialiser with another way to write numbers.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::Error;

/// Writes a value as JSON, without white space.
///
/// # Errors
/// When the value cannot be written as JSON: a map with keys that are no texts, for example.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    let mut out = Vec::with_capacity(64);
    value
        .serialize(&mut Serializer::with_formatter(&mut out, SmallNumbers))
        .map_err(|error| Error::new(error.to_string()))?;
    // A serialiser writes UTF-8 only.
    Ok(String::from_utf8(out).unwrap_or_default())
}

/// Floating point numbers by `ryu` with its small tables, a kilobyte of code and tables instead of
/// the eleven of serde_json's own choice. Both write the shortest text that reads back the same.
struct SmallNumbers;

impl Formatter for SmallNumbers {
    fn write_f64<W: io::Write + ?Sized>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(ryu::Buffer::new().format_finite(value).as_bytes())
    }

    fn write_f32<W: io::Write + ?Sized>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        writer.write_all(ryu::Buffer::new().format_finite(value).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_so_that_they_read_back_the_same() {
        for value in [
            0.0,
            -0.0,
            1.0,
            0.1,
            -288.15,
            1e-7,
            1.5e-300,
            1e17,
            123_456_789.123_456_79,
            f64::MAX,
            5e-324,
        ] {
            let text = to_string(&value).unwrap();
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.to_bits(), "{text}");
            assert!(serde_json::from_str::<f64>(&text).is_ok(), "{text}");
        }
        assert_eq!(to_string(&0.1f32).unwrap(), "0.1");
        assert_eq!(to_string(&[1.0, f64::NAN, f64::INFINITY]).unwrap(), "[1.0,null,null]");
    }

    #[test]
    fn what_is_no_json_is_an_error() {
        let map = std::collections::BTreeMap::from([((1, 2), 3)]);
        assert!(to_string(&map).is_err());
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(to_string("a\"\\\u{1}\u{e9}\n").unwrap(), r#""a\"\\\u0001é\n""#);
    }
}
