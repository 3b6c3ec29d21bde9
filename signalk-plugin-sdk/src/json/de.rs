//! serde's side of reading.

use std::borrow::Cow;

use serde::de::value::{BorrowedStrDeserializer, StringDeserializer};
use serde::de::{self, DeserializeSeed, Deserializer, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};

use super::error::{Error, shortened};
use super::number::{self, Number};
use super::parser::{Parser, Token};
use super::{foreign, told};

/// Reads a value of any type that serde can read.
///
/// # Errors
/// When the text is not JSON, or does not fit the type; see [`Error`].
pub fn from_str<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Error> {
    let mut parser = Parser::new(text);
    let value = T::deserialize(&mut parser)?;
    parser.end()?;
    Ok(value)
}

impl<'de> Parser<'de> {
    fn list<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        let mut elements = Elements { parser: self, index: 0 };
        let value = visitor.visit_seq(&mut elements)?;
        let (first, index) = (elements.index == 0, elements.index);
        if self.more(first, b']')? {
            return Err(Error::new(format!("a list of more than {index} elements")));
        }
        Ok(value)
    }

    fn object<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        let mut entries = Entries { parser: self, first: true, key: Cow::Borrowed("") };
        let value = visitor.visit_map(&mut entries)?;
        let first = entries.first;
        if self.more(first, b'}')? {
            return Err(self.syntax("more entries than were asked for"));
        }
        Ok(value)
    }

    /// Reads a token with `take`, and says what stood there where it was the wrong one.
    fn visit<T>(
        &mut self,
        take: impl FnOnce(&mut Self, Token<'de>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.peek();
        let here = self.clone();
        let token = self.token()?;
        take(self, token).map_err(|error| error.found(|| here.describe()))
    }
}

pub(crate) fn visit_number<'de, V: Visitor<'de>>(
    number: Number,
    visitor: V,
) -> Result<V::Value, Error> {
    match number {
        Number::Unsigned(value) => visitor.visit_u64(value),
        Number::Signed(value) => visitor.visit_i64(value),
        Number::Float(value) => visitor.visit_f64(value),
    }
}

fn visit_text<'de, V: Visitor<'de>>(text: Cow<'de, str>, visitor: V) -> Result<V::Value, Error> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_string(text),
    }
}

/// What the visitor expected; the reader fills in what it found.
pub(crate) fn wrong<'de, V: Visitor<'de>>(visitor: &V) -> Error {
    Error::expected(visitor)
}

/// Methods that take one kind of token: each is small, and is in every .wasm once for each type.
macro_rules! only {
    ($($method:ident)* => $token:ident($value:ident) => $visit:expr) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.visit(|_, token| match token {
                Token::$token($value) => $visit($value, visitor),
                _ => Err(wrong(&visitor)),
            })
        }
    )*};
    ($($method:ident)* => $token:ident => $visit:expr) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.visit(|parser, token| match token {
                Token::$token => $visit(parser, visitor),
                _ => Err(wrong(&visitor)),
            })
        }
    )*};
}

impl<'de> Deserializer<'de> for &mut Parser<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.visit(|parser, token| match token {
            Token::Null => visitor.visit_unit(),
            Token::Bool(value) => visitor.visit_bool(value),
            Token::Number(number) => visit_number(number, visitor),
            Token::Text(text) => visit_text(text, visitor),
            Token::List => parser.list(visitor),
            Token::Object => parser.object(visitor),
        })
    }

    only!(deserialize_bool => Bool(value) => |value, visitor: V| visitor.visit_bool(value));
    only!(deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        => Number(number) => |number: Number, visitor| visit_number(number.whole(), visitor));
    only!(deserialize_f32 deserialize_f64 => Number(number) => visit_number);
    only!(deserialize_char deserialize_str deserialize_string deserialize_identifier
        => Text(text) => visit_text);
    only!(deserialize_unit => Null => |_, visitor: V| visitor.visit_unit());
    only!(deserialize_seq => List => Parser::list);
    only!(deserialize_map => Object => Parser::object);

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.peek() == Some(b'n') {
            return self.visit(|_, _| visitor.visit_none());
        }
        visitor.visit_some(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        if name == foreign::OWN_RAW {
            return visitor.visit_borrowed_str(self.skip_readable()?);
        }
        if foreign::is_raw(name) {
            return visitor.visit_map(foreign::AsRaw(Some(self.skip_readable()?)));
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.visit(|parser, token| match token {
            Token::Text(Cow::Borrowed(text)) => {
                visitor.visit_enum(BorrowedStrDeserializer::new(text))
            }
            Token::Text(Cow::Owned(text)) => {
                told::variant(&text);
                visitor.visit_enum(
                    de::IntoDeserializer::into_deserializer(text) as StringDeserializer<Error>
                )
            }
            Token::Object => {
                if !parser.more(true, b'}')? {
                    return Err(Error::new("found nothing in the brackets, expected one entry"));
                }
                let value = visitor.visit_enum(Variant { parser })?;
                if parser.more(false, b'}')? {
                    return Err(Error::new("found several entries in the brackets, expected one"));
                }
                Ok(value)
            }
            _ => Err(wrong(&visitor)),
        })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.skip()?;
        visitor.visit_unit()
    }

    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.whole() {
            Some(value) => visitor.visit_i128(value),
            None => self.deserialize_i64(visitor),
        }
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.whole() {
            Some(value) => visitor.visit_u128(value),
            None => self.deserialize_u64(visitor),
        }
    }

    forward_to_deserialize_any!(bytes byte_buf);
}

struct Elements<'p, 'de> {
    parser: &'p mut Parser<'de>,
    index: usize,
}

impl<'de> de::SeqAccess<'de> for &mut Elements<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        // A list that is at its end stays there: the bracket is the caller's to take.
        if self.parser.peek() == Some(b']') {
            return Ok(None);
        }
        self.parser.more(self.index == 0, b']')?;
        let value = seed.deserialize(&mut *self.parser).map_err(|error| error.in_index(self.index));
        self.index += 1;
        value.map(Some)
    }
}

struct Entries<'p, 'de> {
    parser: &'p mut Parser<'de>,
    first: bool,
    key: Cow<'de, str>,
}

impl<'de> de::MapAccess<'de> for &mut Entries<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        if self.parser.peek() == Some(b'}') {
            return Ok(None);
        }
        self.parser.more(self.first, b'}')?;
        self.first = false;
        self.key = self.parser.key()?;
        seed.deserialize(Key(self.key.clone())).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(&mut *self.parser).map_err(|error| error.in_key(&self.key))
    }
}

/// A key: a text, or what the text says where a map is keyed by numbers, or by true and false.
struct Key<'de>(Cow<'de, str>);

impl Key<'_> {
    fn is_not<'de, V: Visitor<'de>>(&self, visitor: &V) -> Error {
        wrong(visitor).found(|| ["the key \"", &*shortened(&self.0), "\""].concat())
    }
}

/// Has one method of a `Deserializer` do for others.
macro_rules! one_for_all {
    ($one:ident: $($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.$one(visitor)
        }
    )*};
}
pub(crate) use one_for_all;

macro_rules! large_numbers {
    ($($method:ident => $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match Parser::new(&self.0).whole().filter(|_| is_number(&self.0)) {
                Some(value) => visitor.$visit(value),
                None => Err(self.is_not(&visitor)),
            }
        }
    )*};
}

/// Tells whether the whole text is a number.
fn is_number(text: &str) -> bool {
    number::parse(text.as_bytes()).is_some_and(|(_, len)| len == text.len())
}

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visit_text(self.0, visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(de::IntoDeserializer::<Error>::into_deserializer(&*self.0))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &*self.0 {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(self.is_not(&visitor)),
        }
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match number::parse(self.0.as_bytes()).filter(|(_, len)| *len == self.0.len()) {
            Some((number, _)) => visit_number(number, visitor),
            None => Err(self.is_not(&visitor)),
        }
    }

    one_for_all!(deserialize_u64: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_f32 deserialize_f64);

    large_numbers!(deserialize_i128 => visit_i128 deserialize_u128 => visit_u128);

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// A variant with a value: the one entry of an object.
struct Variant<'p, 'de> {
    parser: &'p mut Parser<'de>,
}

impl<'de> de::EnumAccess<'de> for Variant<'_, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let key = self.parser.key()?;
        Ok((seed.deserialize(Key(key))?, self))
    }
}

impl<'de> de::VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Deserialize::deserialize(self.parser)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.parser)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Error> {
        self.parser.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.parser.deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Everything<'a> {
        number: f64,
        small: i8,
        #[serde(borrow)]
        text: Cow<'a, str>,
        list: Vec<Option<u32>>,
        pair: (bool, char),
        map: BTreeMap<u16, Unit>,
        variants: Vec<Kind>,
        #[serde(default)]
        absent: Option<String>,
        wrapped: Wrapped,
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Nested(Vec<Nested>);

    #[derive(Debug, PartialEq, Deserialize)]
    struct Unit;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Wrapped(i64);

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Plain,
        New(u8),
        Pair(u8, u8),
        Named { a: u8 },
    }

    const ALL: &str = r#"{"number":1,"small":-8,"text":"a\nb","list":[1,null,3],"pair":[true,"x"],
        "map":{"7":null},"variants":["plain",{"new":1},{"pair":[1,2]},{"named":{"a":3}}],"wrapped":-9}"#;

    #[test]
    fn every_kind_of_type_is_read_as_serde_json_reads_it() {
        let ours: Everything<'_> = from_str(ALL).unwrap();
        assert_eq!(ours, serde_json::from_str(ALL).unwrap());
    }

    #[test]
    fn a_whole_number_may_be_written_with_a_fraction_of_nothing() {
        assert_eq!(from_str::<(u8, i64)>("[2.0,-3e2]").unwrap(), (2, -300));
        assert_eq!(from_str::<Vec<u64>>("[1e18]").unwrap(), [1_000_000_000_000_000_000]);
        assert_eq!(from_str::<f64>("-0.0").unwrap().to_bits(), (-0.0_f64).to_bits());
        for text in ["2.5", "-1.0", "256.0", "1e3"] {
            assert!(from_str::<u8>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn untyped_values_are_the_same_too() {
        for text in
            [ALL, "[]", "{}", "null", "-0", "[1.5,{\"a\":[true,\"\"]}]", "18446744073709551615"]
        {
            assert_eq!(
                from_str::<Value>(text).unwrap(),
                serde_json::from_str::<Value>(text).unwrap()
            );
        }
    }

    #[test]
    fn an_error_says_where_what_was_found_and_what_was_expected() {
        for (from, to, message) in [
            ("1,\"small", "\"x\",\"small", "number: found the text \"x\", expected a number"),
            ("-8", "-800", "small: found -800, expected a whole number"),
            ("-8", "1.5", "small: found 1.5, expected a whole number"),
            ("-8", "1.28e2", "small: found 128, expected a whole number"),
            ("null,3]", "null,-3]", "list[2]: found -3, expected a whole number, not negative"),
            ("[1,null,3]", "{}", "list: found a group of values, expected a list"),
            ("[1,null,3]", "null", "list: found nothing, expected a list"),
            ("\"x\"]", "\"xy\"]", "pair[1]: found the text \"xy\", expected a character"),
            ("[true,\"x\"]", "[true,\"x\",1]", "pair: a list of more than 2 elements"),
            (
                "\"plain\"",
                "\"fancy\"",
                "variants[0]: found the text \"fancy\", expected \"plain\", \"new\", \"pair\" or \"named\"",
            ),
            ("\"plain\"", "7", "variants[0]: found 7, expected the name of a choice"),
            (
                "\"a\":3",
                "\"a\":[]",
                "variants[3].a: found a list, expected a whole number from 0 to 255",
            ),
            ("\"a\":3", "", "variants[3]: a is missing"),
            (
                "\"wrapped\"",
                "\"wraped\"",
                "\"wraped\" is not known here, expected \"number\", \"small\", \"text\", \"list\", \"pair\", \"map\", \"variants\", \"absent\" or \"wrapped\"",
            ),
            (
                "\"7\"",
                "\"seven\"",
                "map: found the key \"seven\", expected a whole number from 0 to 65535",
            ),
            ("{\"number\":1", "{\"number\":1,\"number\":1", "number is there twice"),
        ] {
            let text = ALL.replacen(from, to, 1);
            assert_ne!(text, ALL, "{from}");
            assert_eq!(from_str::<Everything<'_>>(&text).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn cut_anywhere_it_is_an_error_and_never_a_panic() {
        for end in 0..ALL.len() - 1 {
            assert!(from_str::<Everything<'_>>(&ALL[..end]).is_err(), "{end}");
            assert!(from_str::<Value>(&ALL[..end]).is_err(), "{end}");
        }
    }

    #[test]
    fn nesting_ends_with_a_sentence() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(from_str::<Value>(&deep(127)).is_ok());
        let error = from_str::<Value>(&deep(128)).unwrap_err();
        assert_eq!(error.problem(), "nested too deeply (more than 127 levels)");
        assert!(from_str::<Value>(&deep(100_000)).is_err());
        // Not read, and so no matter.
        assert!(from_str::<de::IgnoredAny>(&deep(100_000)).is_ok());
    }

    #[test]
    fn an_error_of_a_type_that_was_read_before_says_what_it_was_given() {
        #[derive(Debug, Deserialize)]
        #[allow(dead_code)]
        struct Flat {
            #[serde(flatten)]
            inner: Inner,
        }
        #[derive(Debug, Deserialize)]
        #[allow(dead_code)]
        struct Inner {
            radius: f64,
        }
        #[derive(Debug, Deserialize)]
        #[serde(tag = "type")]
        #[allow(dead_code)]
        enum Tagged {
            Fixed { radius: f64 },
        }
        fn positive<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
            let value = f64::deserialize(deserializer)?;
            let found = de::Unexpected::Float(value);
            if value > 0.0 {
                Ok(value)
            } else {
                Err(de::Error::invalid_value(found, &"a positive number"))
            }
        }
        #[derive(Debug, Deserialize)]
        #[allow(dead_code)]
        struct Checked(#[serde(deserialize_with = "positive")] f64);

        #[derive(Debug, Deserialize)]
        #[serde(untagged)]
        #[allow(dead_code)]
        enum Untagged {
            Pair(u8, u8),
            Inner(Inner),
        }

        let untagged = from_str::<Vec<Untagged>>("[\"x\"]").unwrap_err().to_string();
        assert_eq!(untagged, "[0]: found something that fits none of the choices");
        let tagged = from_str::<Tagged>("5").unwrap_err().to_string();
        assert_eq!(tagged, "found 5, expected a group of values");
        let pair = from_str::<(u8, u8)>("5").unwrap_err().to_string();
        assert_eq!(pair, "found 5, expected a list");
        let message = "found the text \"x\", expected a number";
        assert_eq!(from_str::<Flat>(r#"{"radius":"x"}"#).unwrap_err().to_string(), message);
        let tagged = from_str::<Tagged>(r#"{"type":"Fixed","radius":"x"}"#).unwrap_err();
        assert_eq!(tagged.to_string(), message);
        let checked = from_str::<Checked>("-1.5").unwrap_err();
        assert_eq!(checked.to_string(), "found -1.5, expected a positive number");
    }

    #[test]
    fn a_long_text_is_cut_in_the_message() {
        let text = format!("\"{}\"", "é".repeat(1_000_000));
        assert!(from_str::<f64>(&text).unwrap_err().to_string().len() < 200);
        for json in ["{\"long\":1}", "{\"variants\":[\"long\"]}", "{\"long\":{\"long\":[]}}"] {
            let json = json.replace("long", &"é".repeat(1_000_000));
            let error = from_str::<Everything<'_>>(&json).unwrap_err().to_string();
            assert!(error.len() < 400, "{} bytes", error.len());
        }
        let nested = format!("{{\"a\":{}1{}}}", "[".repeat(126), "]".repeat(126));
        let error = from_str::<BTreeMap<String, Nested>>(&nested).unwrap_err().to_string();
        assert!(error.len() < 250, "{error}");
        let digits = "1".repeat(1_000_000);
        assert!(from_str::<bool>(&digits).unwrap_err().to_string().len() < 200);
    }
}
