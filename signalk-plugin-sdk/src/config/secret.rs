//! Settings that nobody is to read by chance.

use std::cell::Cell;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer, EnumAccess, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::instance::state;
use crate::json;

/// Text in place of a secret wherever it is written but in the server's file.
const STARS: &str = "***";

/// Words of an error about a value that was to be a secret.
const HIDDEN: &str = "found something else (not shown, for it is secret), expected a text";

/// Words of an error about a secret that was hidden.
const IS_STARS: &str =
    "found ***, which is written in place of a secret, expected the secret itself";

/// A password, a token: a text that stands in no log, no status line, no error and no answer.
///
/// The form shows it as dots. `{:?}` gives none of it, there is no `Display`, and an error about a
/// setting of the wrong kind does not quote it. [`Secret::reveal`] gives the text where it is used.
///
/// It writes itself as `***`, by this crate's [`json`](crate::json) and by any other format, in a
/// delta, an HTTP answer or an error. It stands plainly in one place, the server's file of the
/// plugin's configuration: [`config::save`](crate::config::save),
/// [`config::merge`](crate::config::merge), `migrate` and [`storage::save`](crate::storage::save)
/// write it there as it is. Who can read that file can read it, and so can everyone who is an
/// administrator of the server. With `DEBUG=signalk:wasm:*` the server itself logs whole
/// configurations.
///
/// The text `***` is read as an error, not as a password: it is a secret that was hidden, in a
/// document that a page got from the plugin and sends back, for example.
///
/// ```
/// use signalk_plugin_sdk::config::Secret;
/// use signalk_plugin_sdk::json;
/// use signalk_plugin_sdk::prelude::*;
///
/// #[derive(Debug, Deserialize, Serialize, JsonSchema)]
/// pub struct Config {
///     /// Token of the weather service
///     token: Secret,
/// }
///
/// let config: Config = json::from_str(r#"{"token":"hunter2"}"#)?;
/// assert_eq!(format!("{config:?}"), "Config { token: *** }");
/// assert_eq!(json::to_string(&config)?, r#"{"token":"***"}"#);
/// assert_eq!(config.token.reveal(), "hunter2");
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A secret that the plugin came by itself: a token that a service has handed out.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether it was left empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(STARS)
    }
}

state! {
    /// Tells whether what is written goes into the server's file.
    call static IS_PLAIN: Cell<bool> = false;
}

/// Writes what is for the server's file, secrets included.
pub(crate) fn to_saved<T: Serialize + ?Sized>(value: &T) -> Result<String, json::Error> {
    with_secrets(|| json::to_string(value))
}

/// Has secrets written as they are meanwhile, for the server's file.
pub(crate) fn with_secrets<T>(write: impl FnOnce() -> T) -> T {
    /// Hides them again, also where a panic goes through.
    struct Plainly(bool);

    impl Drop for Plainly {
        fn drop(&mut self) {
            IS_PLAIN.set(self.0);
        }
    }

    let _plainly = Plainly(IS_PLAIN.replace(true));
    write()
}

/// Hides them again after a panic on wasm, which drops nothing.
pub(crate) fn hide_secrets() {
    IS_PLAIN.set(false);
}

/// As stars, but for the server's file.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_shown = self.is_empty() || IS_PLAIN.get();
        serializer.serialize_str(if is_shown { &self.0 } else { STARS })
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct("Secret", SecretVisitor)
    }
}

struct SecretVisitor;

/// Kinds of values that are no text: serde's own answers to them would quote them.
macro_rules! hidden {
    ($($method:ident($type:ty))*) => {$(
        fn $method<E: de::Error>(self, _: $type) -> Result<Secret, E> {
            Err(E::custom(HIDDEN))
        }
    )*};
}

/// Whatever it is read from: serde keeps what it cannot place yet in a form of its own, and reads it
/// from there by other ways than this crate's.
impl<'de> Visitor<'de> for SecretVisitor {
    type Value = Secret;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Secret, D::Error> {
        /// An error with the sentence about the stars is one of our own.
        fn hide<E: de::Error>(error: &E) -> E {
            let is_about_stars = error.to_string().ends_with(IS_STARS);
            E::custom(if is_about_stars { IS_STARS } else { HIDDEN })
        }
        inner.deserialize_string(SecretVisitor).map_err(|error| hide(&error))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Secret, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Secret, E> {
        if text == STARS { Err(E::custom(IS_STARS)) } else { Ok(Secret(text)) }
    }

    hidden! {
        visit_bool(bool)
        visit_i64(i64)
        visit_i128(i128)
        visit_u64(u64)
        visit_u128(u128)
        visit_f64(f64)
        visit_bytes(&[u8])
    }

    fn visit_none<E: de::Error>(self) -> Result<Secret, E> {
        Err(E::custom(HIDDEN))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Secret, E> {
        Err(E::custom(HIDDEN))
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Secret, D::Error> {
        self.visit_newtype_struct(inner)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Secret, A::Error> {
        Err(A::Error::custom(HIDDEN))
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Secret, A::Error> {
        Err(A::Error::custom(HIDDEN))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<Secret, A::Error> {
        Err(A::Error::custom(HIDDEN))
    }
}

impl JsonSchema for Secret {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "password" })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::de::DeserializeOwned;

    use super::*;
    use crate::error::ConfigError;

    #[derive(Debug, Deserialize, Serialize, JsonSchema)]
    struct Config {
        /// Token
        token: Secret,
        #[serde(default)]
        other: Option<Secret>,
    }

    #[derive(Debug, Deserialize, Serialize)]
    struct Flat<T> {
        #[serde(flatten)]
        inner: T,
    }

    #[derive(Debug, Deserialize, Serialize)]
    #[serde(tag = "kind")]
    enum Internal {
        Token { token: Secret },
        Many { token: Vec<Secret> },
        Whole(Config),
    }

    #[derive(Debug, Deserialize, Serialize)]
    #[serde(tag = "kind", content = "with")]
    enum Adjacent {
        Token(Secret),
        Named { token: Secret },
    }

    #[derive(Debug, Deserialize, Serialize)]
    enum External {
        Token(Secret),
        Named { token: Secret },
        Pair(u8, Secret),
    }

    #[derive(Debug, Deserialize, Serialize)]
    #[serde(untagged)]
    enum Untagged {
        Pair { count: u8, token: Secret },
        Token(Secret),
    }

    #[derive(Debug, Deserialize, Serialize)]
    struct Around(Secret);

    /// Reads it with every reader there is, and gives what they say.
    fn errors<T: DeserializeOwned>(text: &str) -> Vec<String> {
        let mut errors = vec![json::from_str::<T>(text).map(drop).unwrap_err().to_string()];
        if let Ok(value) = serde_json::from_str::<serde_json::Value>(text) {
            errors.push(serde_json::from_str::<T>(text).map(drop).unwrap_err().to_string());
            errors.push(serde_json::from_value::<T>(value).map(drop).unwrap_err().to_string());
        }
        errors
    }

    #[test]
    fn errors_do_not_quote_it_wherever_it_is_read_from() {
        let secrets = ["7319", "-7319", "73.19", "[\"hunter2\"]", "{\"hunter2\":\"hunter2\"}"];
        for secret in secrets {
            let put = |text: &str| text.replace('?', secret);
            let all = [
                errors::<Secret>(secret),
                errors::<Around>(secret),
                errors::<Config>(&put(r#"{"token":?}"#)),
                errors::<Config>(&put(r#"{"token":"a","other":?}"#)),
                errors::<Vec<Secret>>(&put("[?]")),
                errors::<(u8, Secret)>(&put("[1,?]")),
                errors::<BTreeMap<String, Secret>>(&put(r#"{"a":?}"#)),
                errors::<Flat<Config>>(&put(r#"{"token":?}"#)),
                errors::<Flat<Flat<Config>>>(&put(r#"{"token":"a","other":?}"#)),
                errors::<Flat<BTreeMap<String, Secret>>>(&put(r#"{"a":?}"#)),
                errors::<Flat<Internal>>(&put(r#"{"kind":"Token","token":?}"#)),
                errors::<Internal>(&put(r#"{"kind":"Token","token":?}"#)),
                errors::<Internal>(&put(r#"{"token":?,"kind":"Token"}"#)),
                errors::<Internal>(&put(r#"{"token":[?],"kind":"Many"}"#)),
                errors::<Internal>(&put(r#"{"token":"a","other":?,"kind":"Whole"}"#)),
                errors::<Adjacent>(&put(r#"{"kind":"Token","with":?}"#)),
                errors::<Adjacent>(&put(r#"{"with":?,"kind":"Token"}"#)),
                errors::<Adjacent>(&put(r#"{"with":{"token":?},"kind":"Named"}"#)),
                errors::<External>(&put(r#"{"Token":?}"#)),
                errors::<External>(&put(r#"{"Named":{"token":?}}"#)),
                errors::<External>(&put(r#"{"Pair":[1,?]}"#)),
                errors::<Untagged>(secret),
                errors::<Untagged>(&put(r#"{"count":1,"token":?}"#)),
            ];
            for error in all.concat() {
                assert!(!error.contains("73") && !error.contains("hunt"), "{secret}: {error}");
            }
        }
        for error in errors::<Untagged>(r#"{"count":"x","token":"hunter2"}"#) {
            assert!(!error.contains("hunt"), "{error}");
        }
        for cut in ["\"hunt", "{\"token\":\"hunt"] {
            assert!(!errors::<Config>(cut).concat().contains("hunt"));
        }
    }

    #[test]
    fn errors_name_the_setting_and_say_one_sentence() {
        for (wrong, place) in
            [("{\"token\":7319}", "token"), ("{\"token\":\"a\",\"other\":5}", "other")]
        {
            let error = json::from_str::<Config>(wrong).unwrap_err().to_string();
            assert_eq!(error, [place, ": ", HIDDEN].concat());
        }
        for wrong in ["true", "null"] {
            assert_eq!(json::from_str::<Secret>(wrong).unwrap_err().to_string(), HIDDEN);
        }
        let flat = json::from_str::<Flat<Config>>("{\"token\":7319}").unwrap_err();
        assert_eq!(flat.to_string(), HIDDEN);
    }

    /// Written as stars, and to the server's file as it is, from which it is read again.
    fn is_hidden<T: Serialize + DeserializeOwned + fmt::Debug>(plain: &str) {
        let value: T = json::from_str(plain).unwrap();
        let stars = plain.replace("hunter2", "***");
        assert_eq!(json::to_string(&value).unwrap(), stars);
        assert_eq!(serde_json::to_string(&value).unwrap(), stars);
        assert_eq!(to_saved(&value).unwrap(), plain);
        assert!(!format!("{value:?}").contains("hunt"));
        assert_eq!(json::to_string(&value).unwrap(), stars, "and hidden again after that");
        let error = json::from_str::<T>(&stars).unwrap_err().to_string();
        assert!(error.ends_with(IS_STARS) || error.contains("none of the choices"), "{error}");
        let error = ConfigError::expected("a", &value, "something else").to_string();
        assert!(!error.contains("hunt"), "{error}");
        let error = ConfigError::ensure(false, "a", &value, "something else").unwrap_err();
        assert!(!error.to_string().contains("hunt"), "{error}");
    }

    #[test]
    fn it_is_written_as_stars_but_to_the_file_and_stars_are_no_secret() {
        is_hidden::<Secret>(r#""hunter2""#);
        is_hidden::<Around>(r#""hunter2""#);
        is_hidden::<Config>(r#"{"token":"hunter2","other":null}"#);
        is_hidden::<Config>(r#"{"token":"hunter2","other":"hunter2"}"#);
        is_hidden::<Vec<Secret>>(r#"["hunter2"]"#);
        is_hidden::<(u8, Secret)>(r#"[1,"hunter2"]"#);
        is_hidden::<Flat<Config>>(r#"{"token":"hunter2","other":null}"#);
        is_hidden::<Flat<Internal>>(r#"{"kind":"Token","token":"hunter2"}"#);
        is_hidden::<Internal>(r#"{"kind":"Many","token":["hunter2"]}"#);
        is_hidden::<Internal>(r#"{"kind":"Whole","token":"hunter2","other":null}"#);
        is_hidden::<Adjacent>(r#"{"kind":"Named","with":{"token":"hunter2"}}"#);
        is_hidden::<Flat<Adjacent>>(r#"{"kind":"Token","with":"hunter2"}"#);
        is_hidden::<External>(r#"{"Pair":[1,"hunter2"]}"#);
        is_hidden::<Flat<External>>(r#"{"Named":{"token":"hunter2"}}"#);
        is_hidden::<Untagged>(r#"{"count":1,"token":"hunter2"}"#);
        is_hidden::<Untagged>(r#""hunter2""#);
    }

    #[test]
    fn one_that_was_left_empty_is_written_as_what_it_is() {
        assert_eq!(json::to_string(&Secret::default()).unwrap(), "\"\"");
        assert!(json::from_str::<Secret>("\"\"").unwrap().is_empty());
    }

    #[test]
    fn a_panic_on_the_way_to_the_file_hides_them_again() {
        struct Panics;
        impl Serialize for Panics {
            fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                panic!("on purpose");
            }
        }
        assert!(std::panic::catch_unwind(|| to_saved(&Panics)).is_err());
        assert_eq!(json::to_string(&Secret::new("hunter2")).unwrap(), "\"***\"");
        // On wasm, where nothing is dropped, any call that begins does, a start among them.
        IS_PLAIN.set(true);
        drop(crate::boundary::entry::begin());
        assert_eq!(json::to_string(&Secret::new("hunter2")).unwrap(), "\"***\"");
    }

    #[test]
    fn an_error_of_migrate_quotes_none_that_an_older_version_had_as_a_text() {
        #[derive(Debug, Deserialize)]
        #[allow(dead_code)]
        struct Older {
            password: String,
        }
        let schema = crate::schema::of::<Config>();
        let migrated = |settings: &str| {
            let outcome = crate::config::migrate::migrated::<Config>(settings, |saved| {
                saved.deserialize::<Older>()?;
                Ok(None)
            });
            crate::config::for_owner(outcome.unwrap_err(), &schema).to_string()
        };
        let error = migrated(r#"{"password":7319}"#);
        assert!(error.contains("password") && !error.contains("7319"), "{error}");
        assert_eq!(migrated("{}"), "Configuration: password is missing");
    }

    #[test]
    fn the_form_shows_dots_and_no_default() {
        #[derive(Deserialize, JsonSchema)]
        #[serde(default)]
        #[allow(dead_code)]
        struct Defaults {
            /// Token
            token: Secret,
            /// Login
            login: Login,
        }
        #[derive(Deserialize, Serialize, JsonSchema)]
        struct Login {
            pin: Secret,
        }
        impl Default for Defaults {
            fn default() -> Self {
                Self { token: Secret::new("hunter2"), login: Login { pin: Secret::new("7319") } }
            }
        }
        let schema = crate::schema::of::<Config>();
        let token = r#""token":{"type":"string","format":"password","title":"Token"}"#;
        assert!(schema.contains(token), "{schema}");
        let schema = crate::schema::of::<Defaults>();
        assert!(schema.contains(token), "{schema}");
        for default in ["***", "hunter2", "7319"] {
            assert!(!schema.contains(default), "{schema}");
        }
    }
}
