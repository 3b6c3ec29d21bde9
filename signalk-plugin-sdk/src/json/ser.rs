//! serde's side of writing.

use serde::ser::{self, Serialize};

use super::number::{self, Number};
use super::{Error, foreign, parser};

/// Writes a value as JSON, without white space. [`from_str`](super::from_str) reads it back as the same
/// type, as far as serde has a way to: it has none for numbers as keys, and for whole numbers beyond
/// 64 bits, in what is flattened, untagged or tagged inside.
///
/// # Errors
/// When the value cannot be written as JSON: a map with keys that are neither texts nor numbers,
/// or an error of the type's own `Serialize`.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    let mut out = String::with_capacity(64);
    value.serialize(&mut Writer::new(&mut out))?;
    Ok(out)
}

/// As [`to_string`], for what the server keeps: it reads every number as a double and writes it anew, so
/// one that does not come through that is an error.
pub(crate) fn to_kept_string<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    let mut out = String::with_capacity(64);
    value.serialize(&mut Writer { out: &mut out, is_kept: true })?;
    Ok(out)
}

pub(super) struct Writer<'o> {
    out: &'o mut String,
    /// Tells whether every number has to come back as it is.
    is_kept: bool,
}

impl<'o> Writer<'o> {
    pub(super) fn new(out: &'o mut String) -> Self {
        Self { out, is_kept: false }
    }

    fn text(&mut self, text: &str) {
        self.out.push('"');
        // Nearly all of a text is taken over in long parts.
        let mut start = 0;
        for (at, byte) in text.bytes().enumerate() {
            let escape = match byte {
                b'"' => "\\\"",
                b'\\' => "\\\\",
                b'\n' => "\\n",
                b'\r' => "\\r",
                b'\t' => "\\t",
                0..=0x1f => "\\u00",
                _ => continue,
            };
            self.out.push_str(text.get(start..at).unwrap_or_default());
            self.out.push_str(escape);
            if escape.len() > 2 {
                for shift in [4, 0] {
                    let digit = char::from_digit(u32::from(byte) >> shift & 15, 16);
                    self.out.push(digit.unwrap_or('0'));
                }
            }
            start = at + 1;
        }
        self.out.push_str(text.get(start..).unwrap_or_default());
        self.out.push('"');
    }

    fn unsigned(&mut self, value: u64) -> Result<(), Error> {
        self.whole(value.to_string(), value <= MOST_KEPT)
    }

    fn signed(&mut self, value: i64) -> Result<(), Error> {
        if value < 0 {
            self.out.push('-');
        }
        self.unsigned(value.unsigned_abs())
    }

    fn signed_128(&mut self, value: i128) -> Result<(), Error> {
        self.whole(value.to_string(), value.unsigned_abs() <= MOST_KEPT.into())
    }

    fn unsigned_128(&mut self, value: u128) -> Result<(), Error> {
        self.whole(value.to_string(), value <= MOST_KEPT.into())
    }

    fn whole(&mut self, digits: String, comes_back: bool) -> Result<(), Error> {
        if self.is_kept && !comes_back {
            return Err(Error::mismatch(
                &digits,
                "a whole number of at most 9007199254740991: the server would round it, so store \
                 it as a text",
            ));
        }
        self.out.push_str(&digits);
        Ok(())
    }

    fn float(&mut self, value: impl ryu::Float, is_finite: bool) -> Result<(), Error> {
        if self.is_kept && !is_finite {
            return Err(Error::mismatch("a number that is none or infinite", "another, or `None`"));
        }
        self.out.push_str(number::shortest(value, is_finite, &mut ryu::Buffer::new()));
        Ok(())
    }

    /// Adds what a text says, which is to be JSON that can be read.
    fn json(&mut self, text: &str) -> Result<(), Error> {
        let text = &*parser::string(text)?;
        parser::check_readable(text)?;
        match number::parse(text.as_bytes()) {
            Some((Number::Unsigned(value), len)) if len == text.len() => self.unsigned(value),
            Some((Number::Signed(value), len)) if len == text.len() => self.signed(value),
            _ => {
                self.out.push_str(text);
                Ok(())
            }
        }
    }

    /// `{"variant":`, to be closed with `}`.
    fn variant(&mut self, variant: &str) {
        self.out.push('{');
        self.text(variant);
        self.out.push(':');
    }
}

/// The largest whole number up to which a double has all of them.
const MOST_KEPT: u64 = (1 << f64::MANTISSA_DIGITS) - 1;

macro_rules! write_as {
    ($($method:ident: $type:ty => $write:ident as $as:ty;)*) => {$(
        fn $method(self, value: $type) -> Result<(), Error> {
            self.$write(<$as>::from(value))
        }
    )*};
}

impl<'w, 'o> ser::Serializer for &'w mut Writer<'o> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Open<'w, 'o>;
    type SerializeTuple = Open<'w, 'o>;
    type SerializeTupleStruct = Open<'w, 'o>;
    type SerializeTupleVariant = Open<'w, 'o>;
    type SerializeMap = Open<'w, 'o>;
    type SerializeStruct = Open<'w, 'o>;
    type SerializeStructVariant = Open<'w, 'o>;

    write_as! {
        serialize_i8: i8 => signed as i64;
        serialize_i16: i16 => signed as i64;
        serialize_i32: i32 => signed as i64;
        serialize_i64: i64 => signed as i64;
        serialize_u8: u8 => unsigned as u64;
        serialize_u16: u16 => unsigned as u64;
        serialize_u32: u32 => unsigned as u64;
        serialize_u64: u64 => unsigned as u64;
        serialize_i128: i128 => signed_128 as i128;
        serialize_u128: u128 => unsigned_128 as u128;
    }

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.out.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.float(value, value.is_finite())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        self.float(value, value.is_finite())
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.text(value.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.text(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.out.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.variant(variant);
        value.serialize(&mut *self)?;
        self.out.push('}');
        Ok(())
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Open<'w, 'o>, Error> {
        Ok(Open::new(self, '[', "]"))
    }

    fn serialize_tuple(self, _len: usize) -> Result<Open<'w, 'o>, Error> {
        Ok(Open::new(self, '[', "]"))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _len: usize,
    ) -> Result<Open<'w, 'o>, Error> {
        Ok(Open::new(self, '[', "]"))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Open<'w, 'o>, Error> {
        self.variant(variant);
        Ok(Open::new(self, '[', "]}"))
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Open<'w, 'o>, Error> {
        Ok(Open::new(self, '{', "}"))
    }

    fn serialize_struct(self, name: &'static str, _len: usize) -> Result<Open<'w, 'o>, Error> {
        Ok(match foreign::is_json(name) {
            // The text of its one field is what it stands for.
            true => Open { writer: self, first: true, end: foreign::END },
            false => Open::new(self, '{', "}"),
        })
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Open<'w, 'o>, Error> {
        self.variant(variant);
        Ok(Open::new(self, '{', "}}"))
    }
}

/// A list or an object that is being written.
pub(super) struct Open<'w, 'o> {
    writer: &'w mut Writer<'o>,
    first: bool,
    end: &'static str,
}

impl<'w, 'o> Open<'w, 'o> {
    fn new(writer: &'w mut Writer<'o>, start: char, end: &'static str) -> Self {
        writer.out.push(start);
        Self { writer, first: true, end }
    }

    fn comma(&mut self) {
        if !std::mem::replace(&mut self.first, false) {
            self.writer.out.push(',');
        }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.comma();
        value.serialize(&mut *self.writer)
    }

    fn field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        if self.end == foreign::END {
            return self.writer.json(&to_string(value)?);
        }
        self.comma();
        self.writer.text(key);
        self.writer.out.push(':');
        value.serialize(&mut *self.writer)
    }

    fn close(self) {
        self.writer.out.push_str(self.end);
    }
}

macro_rules! elements {
    ($($trait:ident $method:ident)*) => {$(
        impl ser::$trait for Open<'_, '_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.element(value)
            }

            fn end(self) -> Result<(), Error> {
                self.close();
                Ok(())
            }
        }
    )*};
}

elements! {
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
    SerializeTupleVariant serialize_field
}

macro_rules! fields {
    ($($trait:ident)*) => {$(
        impl ser::$trait for Open<'_, '_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Error> {
                self.field(key, value)
            }

            fn end(self) -> Result<(), Error> {
                self.close();
                Ok(())
            }
        }
    )*};
}

fields!(SerializeStruct SerializeStructVariant);

impl ser::SerializeMap for Open<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.comma();
        let start = self.writer.out.len();
        // In quotes it is a text to the server.
        let is_kept = std::mem::replace(&mut self.writer.is_kept, false);
        key.serialize(&mut *self.writer)?;
        self.writer.is_kept = is_kept;
        let key = self.writer.out.get(start..).unwrap_or_default();
        match key.as_bytes().first() {
            Some(b'"') => {}
            // A number is a key once it stands in quotes, and so are true and false.
            Some(b'0'..=b'9' | b'-' | b't' | b'f') => {
                self.writer.out.insert(start, '"');
                self.writer.out.push('"');
            }
            _ => {
                return Err(Error::new(format!(
                    "found the key {key}, expected a text or a number"
                )));
            }
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.writer.out.push(':');
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(serde::Serialize)]
    struct Everything {
        int: i8,
        big: u64,
        float: f32,
        text: &'static str,
        char: char,
        none: Option<u8>,
        some: Option<u8>,
        unit: (),
        tuple: (bool, u16),
        empty: Vec<u8>,
        map: BTreeMap<i32, Kind>,
        wrapped: Wrapped,
        #[serde(skip_serializing_if = "Option::is_none")]
        skipped: Option<u8>,
    }

    #[derive(serde::Serialize)]
    struct Wrapped(u8);

    #[derive(serde::Serialize)]
    enum Kind {
        Unit,
        New(u8),
        Pair(u8, u8),
        Named { a: u8 },
    }

    #[test]
    fn every_kind_of_type_is_written_as_serde_json_writes_it() {
        let value = Everything {
            int: -8,
            big: u64::MAX,
            float: 0.1,
            text: "a\"\\\u{1}\u{1f}é\n\r\t😀\u{7f}",
            char: 'x',
            none: None,
            some: Some(1),
            unit: (),
            tuple: (true, 2),
            empty: Vec::new(),
            map: BTreeMap::from([
                (-1, Kind::Unit),
                (0, Kind::New(1)),
                (1, Kind::Pair(1, 2)),
                (2, Kind::Named { a: 3 }),
            ]),
            wrapped: Wrapped(9),
            skipped: None,
        };
        assert_eq!(to_string(&value).unwrap(), serde_json::to_string(&value).unwrap());
        let value = serde_json::json!({"a": [1, -2, 2.5, null, {"b": {}}], "c": i64::MIN});
        assert_eq!(to_string(&value).unwrap(), value.to_string());
    }

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
        assert_eq!(to_string(&[1.0, f64::NAN, f64::INFINITY]).unwrap(), "[1.0,null,null]");
    }

    #[test]
    fn a_key_that_is_no_text_is_an_error() {
        let map = BTreeMap::from([((1, 2), 3)]);
        let error = to_string(&map).unwrap_err().to_string();
        assert_eq!(error, "found the key [1,2], expected a text or a number");
    }

    #[test]
    fn an_error_of_the_types_own_is_kept() {
        struct Picky;
        impl Serialize for Picky {
            fn serialize<S: ser::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                Err(ser::Error::custom("not today"))
            }
        }
        assert_eq!(to_string(&[Picky]).unwrap_err().to_string(), "not today");
    }
}
