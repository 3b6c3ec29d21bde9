//! From the bytes that `plugin_start` gets to the author's configuration type.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use signalk_plugin_contract::ENABLE_DEBUG;

use crate::error::ConfigError;
use crate::json;

/// The key of what [`storage`](crate::storage) keeps.
pub(crate) const RESERVED: &str = "signalk-plugin-sdk";

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
    /// What the plugin stores beside its settings.
    pub(crate) stored: Option<String>,
}

impl Received {
    /// Takes `enableDebug` and the reserved key out of the object, byte for byte keeping the rest.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, ConfigError> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            ConfigError::new("", format!("not UTF-8 text: byte {} is wrong", error.valid_up_to()))
        })?;
        let mut entries = json::object(text)?;
        let mut take = |key| {
            let at = entries.iter().position(|(known, _)| *known == key)?;
            Some(entries.remove(at).1)
        };
        let enable_debug = take(ENABLE_DEBUG) == Some("true");
        let stored = take(RESERVED).map(str::to_owned);
        let settings = json::object_of(entries);
        Ok(Self { settings, enable_debug, stored })
    }
}

impl From<json::Error> for ConfigError {
    fn from(error: json::Error) -> Self {
        const VALUES: &str = "a group of values";
        // What it is to the owner.
        const SETTINGS: &str = "a group of settings";
        let problem = error.problem();
        let found = problem.strip_prefix("found ").and_then(|it| it.strip_prefix(VALUES));
        let problem = match (problem.strip_suffix(VALUES), found) {
            (Some(before), _) => [before, SETTINGS].concat(),
            (_, Some(behind)) => ["found ", SETTINGS, behind].concat(),
            _ => problem.to_owned(),
        };
        Self::new(error.path(), problem)
    }
}

/// Reads the author's type; an error names the field, what was found and what was expected.
pub(crate) fn deserialize<C: DeserializeOwned>(settings: &str) -> Result<C, ConfigError> {
    json::from_str(settings).map_err(Into::into)
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
            Ok(received) => deserialize::<Config>(&received.settings)
                .map(|config| panic!("accepted: {config:?}"))
                .map_err(|error| error.to_string())
                .unwrap_err(),
        }
    }

    #[test]
    fn enable_debug_is_taken_out_and_the_rest_stays_as_it_came() {
        let received = Received::parse(
            br#"{"maxRadius" : 1e2,"enableDebug":true,"a\"b":[1, 2],"signalk-plugin-sdk":{"x": 1}}"#,
        )
        .unwrap();
        assert_eq!(received.stored.as_deref(), Some(r#"{"x": 1}"#));
        assert!(received.enable_debug);
        assert_eq!(received.settings, r#"{"maxRadius":1e2,"a\"b":[1, 2]}"#);
        assert!(!Received::parse(br#"{"enableDebug":false}"#).unwrap().enable_debug);
    }

    #[test]
    fn a_type_that_forbids_unknown_settings_still_starts() {
        let received = Received::parse(br#"{"maxRadius":5,"enableDebug":false}"#).unwrap();
        let config: Config = deserialize(&received.settings).unwrap();
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
        assert_eq!(
            error("\"x\""),
            "Configuration: found the text \"x\", expected a group of settings"
        );
    }

    #[test]
    fn text_that_is_not_utf8_or_not_json_is_told() {
        assert_eq!(
            Received::parse(b"{\"a\":\"\xff\"}").unwrap_err().to_string(),
            "Configuration: not UTF-8 text: byte 6 is wrong"
        );
        assert!(error("{\"a\":").starts_with("Configuration: not JSON: the text ends early"));
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
        let error = deserialize::<Deep>(&received.settings).unwrap_err().to_string();
        assert!(error.ends_with("nested too deeply (more than 127 levels)"), "{error}");
    }

    #[test]
    fn a_megabyte_of_text_is_cut_in_the_message() {
        let json = format!("{{\"maxRadius\":\"{}\"}}", "é".repeat(1_000_000));
        assert!(error(&json).chars().count() < 150);
    }
}
