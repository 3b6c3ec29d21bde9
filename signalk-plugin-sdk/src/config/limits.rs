//! The kinds of limits that a schema states.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;

/// The kinds of limits that a schema may state. Known at compile time if the schema is, so that the code for
/// the rest is in no .wasm: the macro looks for the words of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits(u16);

impl Limits {
    /// No value has limits.
    pub const NONE: Self = Self(0);
    /// Whatever the schema holds.
    pub const ANY: Self = Self(u16::MAX);
    /// Bounds of numbers.
    pub const NUMBERS: Self = Self(1);
    /// Lengths of strings.
    pub const LENGTHS: Self = Self(2);
    /// Formats of strings.
    pub const FORMATS: Self = Self(4);
    /// Patterns of strings and of keys.
    pub const PATTERNS: Self = Self(8);
    /// Numbers of elements and of entries.
    pub const COUNTS: Self = Self(16);
    /// Constants to choose from.
    pub const CONSTANTS: Self = Self(32);
    /// Lists, which lead to the limits of their elements.
    pub const LISTS: Self = Self(64);
    /// Alternatives, which lead to their own limits.
    pub const CHOICES: Self = Self(128);

    /// Both kinds.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
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

    pub(super) const fn has(self, kind: Self) -> bool {
        self.0 & kind.0 != 0
    }
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
