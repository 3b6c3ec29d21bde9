//! Reads types out of a query and the parts of a path, which the server hands over as a JSON object of texts:
//! there are no numbers in it, only `"10"`.

use std::borrow::Cow;

use serde::de::value::SeqDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::json::{self, Entry, Error, Parser, Token, one_for_all, visit_number, wrong};

/// Reads JSON whose numbers and booleans may stand in quotes.
pub(super) fn from_texts<T: DeserializeOwned>(json: &str) -> Result<T, Error> {
    T::deserialize(Texts(json))
}

#[derive(Clone, Copy)]
struct Texts<'a>(&'a str);

impl<'a> Texts<'a> {
    /// The text in quotes where it reads as another scalar, else what stands there.
    fn scalar(self) -> Cow<'a, str> {
        match json::string(self.0) {
            Ok(text) if self.0.starts_with('"') && json::check(&text).is_ok() => text,
            _ => Cow::Borrowed(self.0),
        }
    }

    fn is(self, start: u8) -> bool {
        self.0.as_bytes().first() == Some(&start)
    }
}

impl<'de> IntoDeserializer<'de, Error> for Texts<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Texts<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is(b'{') {
            return self.deserialize_map(visitor);
        }
        if self.is(b'[') {
            return self.deserialize_seq(visitor);
        }
        match Parser::new(self.0).token()? {
            Token::Text(text) => visitor.visit_string(text.into_owned()),
            Token::Null => visitor.visit_unit(),
            _ => self.deserialize_f64(visitor),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let text = self.scalar();
        let value = match Parser::new(&text).token()? {
            Token::Bool(value) => visitor.visit_bool(value),
            Token::Number(number) => visit_number(number.whole(), visitor),
            _ => Err(wrong(&visitor)),
        };
        value.map_err(|error| error.found(|| Parser::new(self.0).describe()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            "null" => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
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
        visitor.visit_enum(json::string(self.0)?.into_deserializer())
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let elements = match self.is(b'[') {
            true => json::list(self.0)?,
            // A key that is given once is a list of one.
            false => vec![self.0],
        };
        let mut elements = SeqDeserializer::new(elements.into_iter().map(Texts));
        let value = visitor.visit_seq(&mut elements)?;
        elements.end()?;
        Ok(value)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let entries = json::object(self.0)?.into_iter();
        visitor.visit_map(Entries { entries, current: (Cow::Borrowed(""), "") })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    one_for_all! {
        deserialize_f64: deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32
        deserialize_i128 deserialize_u128
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct tuple tuple_struct identifier
        ignored_any
    }
}

struct Entries<'a> {
    entries: std::vec::IntoIter<Entry<'a>>,
    current: Entry<'a>,
}

impl<'de> de::MapAccess<'de> for Entries<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some(entry) = self.entries.next() else {
            return Ok(None);
        };
        self.current = entry;
        seed.deserialize((*self.current.0).into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let (key, value) = &self.current;
        seed.deserialize(Texts(value)).map_err(|error| error.in_key(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Query {
        most: Option<u32>,
        ratio: f64,
        on: bool,
        name: String,
        #[serde(default)]
        kinds: Vec<Kind>,
        #[serde(default)]
        ids: Vec<u8>,
    }

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        A,
        B,
    }

    #[test]
    fn numbers_and_booleans_come_out_of_quotes_and_texts_stay_texts() {
        let query: Query = from_texts(
            r#"{"most":"10","ratio":"0.5","on":"true","name":"10","kinds":["a","b"],"ids":"7"}"#,
        )
        .unwrap();
        assert_eq!(
            query,
            Query {
                most: Some(10),
                ratio: 0.5,
                on: true,
                name: "10".into(),
                kinds: vec![Kind::A, Kind::B],
                ids: vec![7],
            }
        );
        assert_eq!(from_texts::<u8>("\"5\"").unwrap(), 5);
        assert_eq!(from_texts::<String>("\"5\"").unwrap(), "5");
    }

    #[test]
    fn a_tuple_takes_as_many_as_it_has() {
        assert_eq!(from_texts::<(f64, i128)>(r#"["1.5","2"]"#).unwrap(), (1.5, 2));
        assert!(from_texts::<(f64, f64)>(r#"["1","2","3"]"#).is_err());
        assert!(from_texts::<(f64, f64)>(r#"["1"]"#).is_err());
    }

    #[test]
    fn an_error_names_the_key() {
        let error = |json: &str| from_texts::<Query>(json).unwrap_err().to_string();
        assert_eq!(
            error(r#"{"most":"ten","ratio":"1","on":"true","name":""}"#),
            "most: found the text \"ten\", expected a whole number, not negative"
        );
        assert_eq!(error(r#"{"ratio":"1","on":"true"}"#), "name is missing");
    }
}
