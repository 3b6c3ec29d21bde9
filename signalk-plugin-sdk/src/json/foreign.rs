//! Values that are handed over under names of their own, those of `serde_json` among them.
//!
//! With its features `arbitrary_precision` and `raw_value`, which any dependency may switch on for all, its
//! `Number` and `RawValue` are structs with one field, whose text is the JSON that they stand for. Every
//! format that takes `serde_json`'s values has to know their names.

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, MapAccess};

use super::Error;

/// By this name the reader knows that it is asked for a [`Raw`](super::Raw), and hands over the text itself.
pub(super) const OWN_RAW: &str = "signalk_plugin_sdk::json::Raw";

const NUMBER: &str = "$serde_json::private::Number";
const RAW: &str = "$serde_json::private::RawValue";

/// The end of such a struct: it has no brackets.
pub(super) const END: &str = "";

pub(super) fn is_json(name: &str) -> bool {
    name == NUMBER || is_raw(name)
}

pub(super) fn is_raw(name: &str) -> bool {
    name == RAW
}

/// A `RawValue` as its `Deserialize` wants it: the one entry of a map.
pub(super) struct AsRaw<'de>(pub(super) Option<&'de str>);

impl<'de> MapAccess<'de> for AsRaw<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        if self.0.is_none() {
            return Ok(None);
        }
        seed.deserialize(BorrowedStrDeserializer::new(RAW)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(BorrowedStrDeserializer::new(self.0.take().unwrap_or_default()))
    }
}
