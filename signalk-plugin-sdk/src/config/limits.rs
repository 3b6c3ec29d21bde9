//! The limits that a schema states, known where the schema is: when the plugin is compiled.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;

/// What a schema may hold that is to be checked, a bit each.
pub(super) const NUMBERS: u16 = 1;
pub(super) const LENGTHS: u16 = 2;
pub(super) const FORMATS: u16 = 4;
pub(super) const PATTERNS: u16 = 8;
pub(super) const COUNTS: u16 = 16;
pub(super) const CONSTANTS: u16 = 32;
/// Those that are no limits, but lead to some.
pub(super) const LISTS: u16 = 64;
pub(super) const CHOICES: u16 = 128;
const LEADING: u16 = LISTS | CHOICES;

/// The words of a schema that there is code for.
const WORDS: [(&str, u16); 25] = [
    ("minimum", NUMBERS),
    ("maximum", NUMBERS),
    ("exclusiveMinimum", NUMBERS),
    ("exclusiveMaximum", NUMBERS),
    ("multipleOf", NUMBERS),
    ("minLength", LENGTHS),
    ("maxLength", LENGTHS),
    ("email", FORMATS),
    ("uri", FORMATS),
    ("ip", FORMATS),
    ("ipv4", FORMATS),
    ("ipv6", FORMATS),
    ("pattern", PATTERNS),
    ("minProperties", COUNTS),
    ("maxProperties", COUNTS),
    ("minItems", COUNTS | LISTS),
    ("maxItems", COUNTS | LISTS),
    ("uniqueItems", COUNTS | LISTS),
    ("enum", CONSTANTS),
    ("const", CONSTANTS),
    ("not", CONSTANTS),
    ("items", LISTS),
    ("allOf", CHOICES),
    ("anyOf", CHOICES),
    ("oneOf", CHOICES),
];

/// What of a schema is to be checked. Known at compile time where the schema is, so that the code for
/// the rest is in no .wasm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits(u16);

impl Limits {
    /// No value has limits.
    pub const NONE: Self = Self(0);
    /// Whatever the schema holds.
    pub const ANY: Self = Self(u16::MAX);

    /// Finds the limits of a schema. A setting that is called as a keyword is costs some code and nothing else.
    #[must_use]
    pub const fn of(schema: &str) -> Self {
        let text = schema.as_bytes();
        let mut found = 0;
        let mut at = 0;
        while at < text.len() {
            let mut word = 0;
            while text[at] == b'"' && word < WORDS.len() {
                if is_at(text, at + 1, WORDS[word].0.as_bytes()) {
                    found |= WORDS[word].1;
                }
                word += 1;
            }
            if is_at(text, at + 1, KEYS) && !is_at_numbers(text, at + KEYS.len() + 5) {
                found |= PATTERNS;
            }
            at += 1;
        }
        if found & !LEADING == 0 { Self::NONE } else { Self(found) }
    }

    /// Tells whether no value has limits.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Tells whether the schema is made when the plugin runs, and not known before.
    #[must_use]
    pub const fn is_unknown(self) -> bool {
        self.0 == Self::ANY.0
    }

    pub(super) const fn has(self, kinds: u16) -> bool {
        self.0 & kinds != 0
    }
}

/// The patterns of keys, and `":{"` behind them.
const KEYS: &[u8] = b"patternProperties";

/// Tells whether a pattern of keys that are numbers stands there, the only ones that schemas are made with
/// for ordinary maps.
const fn is_at_numbers(text: &[u8], at: usize) -> bool {
    is_at(text, at, br"^\\d+$") || is_at(text, at, br"^-?\\d+$")
}

/// Tells whether a word and a closing quote stand there.
const fn is_at(text: &[u8], at: usize, word: &[u8]) -> bool {
    let end = at + word.len();
    if end >= text.len() || text[end] != b'"' {
        return false;
    }
    let mut same = 0;
    while same < word.len() {
        if text[at + same] != word[same] {
            return false;
        }
        same += 1;
    }
    true
}

/// A type that has limits, for the compiler to leave out what they do not hold.
pub(crate) trait Limited {
    /// The type that the settings are read as.
    type Config: DeserializeOwned;
    const LIMITS: Limits;
}

/// The schema of a type, with all that limits it. What the form gets may leave out what it cannot draw.
pub(crate) fn schema_of<C: JsonSchema>() -> String {
    let mut settings = SchemaSettings::draft07();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    settings.into_generator().into_root_schema_for::<C>().to_value().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::NoConfig;

    #[test]
    fn a_schema_tells_at_compile_time_what_is_to_be_checked() {
        const { assert!(Limits::of(r#"{"properties":{"a":{"maximum":3}}}"#).has(NUMBERS)) };
        const { assert!(!Limits::of(r#"{"properties":{"a":{"maximum":3}}}"#).has(LENGTHS)) };
        const { assert!(Limits::of(r#"{"properties":{"a":{"minLength":3}}}"#).has(LENGTHS)) };
        const { assert!(Limits::of(r#"{"properties":{"a":{"maxItems":3}}}"#).has(LISTS)) };
        const { assert!(Limits::of(r#"{"properties":{"a":{"pattern":"a"}}}"#).has(PATTERNS)) };
        const { assert!(Limits::of(r#"{"properties":{"minute":{"items":{}}}}"#).is_empty()) };
        const { assert!(Limits::of(r#"{"properties":{"minimums":{}}}"#).is_empty()) };
        const NUMBERED: &str = r#"{"patternProperties":{"^-?\\d+$":{"maximum":3}}}"#;
        const { assert!(!Limits::of(NUMBERED).has(PATTERNS)) };
        const { assert!(Limits::of(r#"{"patternProperties":{"^a":{"maximum":3}}}"#).has(PATTERNS)) };
        for cut in ["", "\"", "\"enum", "\"minimum"] {
            assert!(Limits::of(cut).is_empty(), "{cut}");
        }
        assert_eq!(Limits::of(&schema_of::<NoConfig>()), Limits::NONE);
    }
}
