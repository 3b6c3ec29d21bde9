//! From the bytes that `plugin_start` gets to the author's configuration type.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::ConfigError;

/// The configuration of a plugin whose `start` takes none.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
pub struct NoConfig {}

/// What the host sent, with its own addition taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    /// The author's object, as JSON.
    pub(crate) settings: String,
    /// The switch "Enable debug log" of the server's form.
    pub(crate) enable_debug: bool,
}

impl Received {
    /// Takes `enableDebug` out of the object, byte for byte keeping the rest.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, ConfigError> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            ConfigError::new("", format!("not UTF-8 text: byte {} is wrong", error.valid_up_to()))
        })?;
        let object: Object<'_> = serde_json::from_str(text)
            .map_err(|error| ConfigError::new("", whole(text, &error)))?;
        let mut received =
            Self { settings: String::with_capacity(text.len()), enable_debug: false };
        received.settings.push('{');
        for (key, value) in &object.0 {
            if key == "enableDebug" {
                received.enable_debug = value.get() == "true";
                continue;
            }
            if received.settings.len() > 1 {
                received.settings.push(',');
            }
            received.settings.push_str(&crate::json::text(key));
            received.settings.push(':');
            received.settings.push_str(value.get());
        }
        received.settings.push('}');
        Ok(received)
    }
}

/// Reads the author's type; an error names the field, what was found and what was expected.
pub(crate) fn deserialise<C: DeserializeOwned>(settings: &str) -> Result<C, ConfigError> {
    let mut reader = serde_json::Deserializer::from_str(settings);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let field = match error.path().to_string() {
            path if path == "." => String::new(),
            path => path,
        };
        ConfigError::new(field, plain(&error.inner().to_string()))
    })
}

/// Says what is wrong with a configuration that is not an object at all.
fn whole(text: &str, error: &serde_json::Error) -> String {
    let found = match text.trim_start().as_bytes().first() {
        _ if error.is_syntax() || error.is_eof() => return plain(&error.to_string()),
        Some(b'[') => "a list",
        Some(b'"') => "a text",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "nothing",
        _ => "a number",
    };
    format!("found {found}, expected a group of settings")
}

/// Puts a message of serde into words that a boat's owner understands.
///
/// What it does not know stays as it is: serde's own words are better than none.
pub(crate) fn plain(message: &str) -> String {
    let message = match message.rfind(" at line ") {
        Some(at) => &message[..at],
        None => message,
    };
    if message.starts_with("recursion limit exceeded") {
        return "nested too deeply (more than 127 levels)".into();
    }
    if let Some(name) = quoted(message, "missing field `") {
        return format!("{name} is missing");
    }
    let variant = message.strip_prefix("unknown variant `");
    if let Some((name, choices)) = variant.and_then(|rest| rest.split_once("`, expected ")) {
        let choices = choices.strip_prefix("one of ").unwrap_or(choices);
        return format!("found the text \"{name}\", expected {}", choices.replace('`', "\""));
    }
    let rest =
        message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "));
    if let Some((found, expected)) = rest.and_then(|rest| rest.rsplit_once(", expected ")) {
        return format!("found {}, expected {}", found_plain(found), expected_plain(expected));
    }
    message.to_owned()
}

fn quoted<'m>(message: &'m str, before: &str) -> Option<&'m str> {
    message.strip_prefix(before)?.strip_suffix('`')
}

fn found_plain(found: &str) -> Cow<'_, str> {
    match found {
        "map" => "a group of settings".into(),
        "sequence" => "a list".into(),
        "null" => "nothing".into(),
        _ => {
            if let Some(text) = found.strip_prefix("string ") {
                return shortened(&format!("the text {text}")).into();
            }
            let number = ["integer `", "floating point `", "boolean `", "number `"]
                .iter()
                .find_map(|kind| quoted(found, kind));
            number.map_or(Cow::Borrowed(found), Cow::Borrowed)
        }
    }
}

fn expected_plain(expected: &str) -> Cow<'_, str> {
    match expected {
        "f64" | "f32" => "a number".into(),
        "u8" => "a whole number from 0 to 255".into(),
        "u16" => "a whole number from 0 to 65535".into(),
        "u32" | "u64" | "usize" | "u128" => "a whole number, not negative".into(),
        "i8" | "i16" | "i32" | "i64" | "isize" | "i128" => "a whole number".into(),
        "a string" => "a text".into(),
        "a boolean" => "true or false".into(),
        "a sequence" => "a list".into(),
        "a map" => "a group of settings".into(),
        _ if expected.starts_with("struct ") => "a group of settings".into(),
        _ => expected.into(),
    }
}

/// A status line is no place for a megabyte of somebody's text.
fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// The entries of an object in their order, values as they came.
struct Object<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Object<'de>, M::Error> {
                let mut entries = Vec::new();
                while let Some((crate::json::Str(key), value)) = map.next_entry()? {
                    entries.push((key, value));
                }
                Ok(Object(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Config {
        max_radius: f64,
        #[serde(default)]
        count: Option<u8>,
        #[serde(default)]
        mode: Option<Mode>,
        #[serde(default)]
        inner: Option<Inner>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Mode {
        Day,
        Night,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Inner {
        list: Vec<String>,
    }

    fn error(json: &str) -> String {
        match Received::parse(json.as_bytes()) {
            Err(error) => error.to_string(),
            Ok(received) => deserialise::<Config>(&received.settings)
                .map(|config| panic!("accepted: {config:?}"))
                .map_err(|error| error.to_string())
                .unwrap_err(),
        }
    }

    #[test]
    fn enable_debug_is_taken_out_and_the_rest_stays_as_it_came() {
        let received =
            Received::parse(br#"{"maxRadius" : 1e2,"enableDebug":true,"a\"b":[1, 2]}"#).unwrap();
        assert!(received.enable_debug);
        assert_eq!(received.settings, r#"{"maxRadius":1e2,"a\"b":[1, 2]}"#);
        assert!(!Received::parse(br#"{"enableDebug":false}"#).unwrap().enable_debug);
    }

    #[test]
    fn a_type_that_forbids_unknown_settings_still_starts() {
        let received = Received::parse(br#"{"maxRadius":5,"enableDebug":false}"#).unwrap();
        let config: Config = deserialise(&received.settings).unwrap();
        assert_eq!(config.max_radius, 5.0);
    }

    #[test]
    fn a_wrong_type_names_the_field_what_was_found_and_what_was_expected() {
        assert_eq!(
            error(r#"{"maxRadius":"fifty"}"#),
            "Configuration: maxRadius: found the text \"fifty\", expected a number"
        );
        assert_eq!(
            error(r#"{"maxRadius":1,"count":-3}"#),
            "Configuration: count: found -3, expected a whole number from 0 to 255"
        );
        assert_eq!(
            error(r#"{"maxRadius":[1]}"#),
            "Configuration: maxRadius: found a list, expected a number"
        );
        assert_eq!(
            error(r#"{"maxRadius":1,"mode":"dusk"}"#),
            "Configuration: mode: found the text \"dusk\", expected \"day\" or \"night\""
        );
        assert_eq!(
            error(r#"{"maxRadius":1,"inner":{"list":["a",true]}}"#),
            "Configuration: inner.list[1]: found true, expected a text"
        );
    }

    #[test]
    fn a_missing_setting_is_named() {
        assert_eq!(error("{}"), "Configuration: maxRadius is missing");
    }

    #[test]
    fn a_configuration_that_is_no_object_is_told() {
        assert_eq!(error("[]"), "Configuration: found a list, expected a group of settings");
        assert_eq!(error("null"), "Configuration: found nothing, expected a group of settings");
        assert_eq!(error("\"x\""), "Configuration: found a text, expected a group of settings");
    }

    #[test]
    fn text_that_is_not_utf8_or_not_json_is_told() {
        assert_eq!(
            Received::parse(b"{\"a\":\"\xff\"}").unwrap_err().to_string(),
            "Configuration: not UTF-8 text: byte 6 is wrong"
        );
        assert!(error("{\"a\":").starts_with("Configuration: EOF while parsing"));
    }

    #[test]
    fn deep_nesting_is_an_error_with_a_sentence_and_not_a_stack_overflow() {
        #[derive(Debug, Deserialize)]
        struct Deep {
            #[allow(dead_code)]
            deep: serde_json::Value,
        }
        let json = format!("{{\"deep\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        let received = Received::parse(json.as_bytes()).unwrap();
        let error = deserialise::<Deep>(&received.settings).unwrap_err().to_string();
        assert!(error.ends_with("nested too deeply (more than 127 levels)"), "{error}");
    }

    #[test]
    fn a_megabyte_of_text_is_cut_in_the_message() {
        let json = format!("{{\"maxRadius\":\"{}\"}}", "é".repeat(1_000_000));
        assert!(error(&json).chars().count() < 150);
    }
}
