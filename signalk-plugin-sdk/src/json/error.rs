//! What is wrong with a text, in words that a boat's owner understands.

use std::borrow::Cow;
use std::fmt;

use serde::{de, ser};

use super::{number, told};
use crate::text::{cut, find};

/// A text that is not what was expected: where in it, what was found, what was expected.
pub struct Error(Box<Inner>);

#[derive(Default)]
struct Inner {
    /// `anchor.latitude`, `list[2]`; empty for the whole.
    path: String,
    problem: String,
    /// What was expected, where `problem` does not say it yet.
    expected: Option<String>,
}

impl Error {
    pub(super) fn new(problem: impl Into<String>) -> Self {
        Self(Box::new(Inner { problem: problem.into(), ..Inner::default() }))
    }

    /// A value that is of the right type, and still not what was expected.
    pub(crate) fn mismatch(found: &str, expected: &str) -> Self {
        Self::new(mismatch(found, expected))
    }

    /// Not JSON at all.
    pub(super) fn syntax(problem: &str, at: usize) -> Self {
        Self::new(format!("not JSON: {problem} at byte {at}"))
    }

    /// The reader came upon something else than `expected`, and is to say upon what.
    pub(super) fn expected(expected: &dyn de::Expected) -> Self {
        let expected = Some(expected.to_string());
        Self(Box::new(Inner {
            expected,
            problem: "found something else".into(),
            path: String::new(),
        }))
    }

    /// Fills in what was found, which only the reader knows.
    pub(crate) fn found(mut self, found: impl FnOnce() -> String) -> Self {
        if let Some(expected) = self.0.expected.take() {
            self.0.problem = mismatch(&found(), plain(&expected));
        }
        self
    }

    /// The mistake is in the value of this key.
    pub(crate) fn in_key(self, key: &str) -> Self {
        self.within(&shortened(key))
    }

    /// The mistake is in this element of a list.
    pub(crate) fn in_index(self, index: usize) -> Self {
        self.within(&format!("[{index}]"))
    }

    fn within(mut self, place: &str) -> Self {
        /// Beyond it the outer places are left out: a status line is no place for a hundred.
        const LONGEST: usize = 120;
        let path = &mut self.0.path;
        if path.starts_with('…') {
            return self;
        }
        if !path.is_empty() && !path.starts_with('[') {
            path.insert(0, '.');
        }
        path.insert_str(0, if path.len() > LONGEST { "…" } else { place });
        self
    }

    /// The path of the value that is wrong, `anchor.latitude` or `list[2]`; empty for the whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// What is wrong with it, without the path.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.0.problem
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.path.is_empty() {
            f.write_str(&self.0.path)?;
            f.write_str(": ")?;
        }
        f.write_str(&self.0.problem)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

impl ser::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        let message = message.to_string();
        // What serde says of an untagged enum; the name of a Rust type is nothing to an owner.
        if message.starts_with("data did not match any variant") {
            return Self::new("found something that fits none of the choices");
        }
        Self::new(message)
    }

    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(mismatch(&describe(found), plain(&expected.to_string())))
    }

    fn invalid_value(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        told::refused(&found);
        Self::invalid_type(found, expected)
    }

    fn unknown_variant(variant: &str, known: &'static [&'static str]) -> Self {
        told::variant(variant);
        Self::new(mismatch(&the_text(variant), &either(known)))
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        Self::new(format!("\"{}\" is not known here, expected {}", shortened(field), either(known)))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(field.to_owned() + " is missing")
    }

    fn duplicate_field(field: &'static str) -> Self {
        told::twice(field);
        Self::new(field.to_owned() + " is there twice")
    }
}

/// A status line is no place for a megabyte of somebody's text.
pub(super) fn shortened(text: &str) -> Cow<'_, str> {
    cut(text, 60)
}

/// Put together by hand, here and below: each `format!` of a text costs a hundred bytes.
pub(super) fn mismatch(found: &str, expected: &str) -> String {
    ["found ", found, ", expected ", expected].concat()
}

/// A text in quotes, cut where it is long.
pub(crate) fn the_text(text: &str) -> String {
    ["the text \"", &*shortened(text), "\""].concat()
}

/// What a type was given, in words.
fn describe(found: de::Unexpected<'_>) -> String {
    match found {
        de::Unexpected::Bool(value) => if value { "true" } else { "false" }.into(),
        de::Unexpected::Unsigned(value) => value.to_string(),
        de::Unexpected::Signed(value) => value.to_string(),
        de::Unexpected::Float(value) => {
            let mut buffer = ryu::Buffer::new();
            let text = number::shortest(value, value.is_finite(), &mut buffer);
            // People write 91, whatever the type.
            text.strip_suffix(".0").unwrap_or(text).to_owned()
        }
        de::Unexpected::Str(text) => the_text(text),
        de::Unexpected::Char(char) => the_text(char.encode_utf8(&mut [0; 4])),
        de::Unexpected::Unit | de::Unexpected::Option => "nothing".into(),
        de::Unexpected::Seq => "a list".into(),
        de::Unexpected::Map => "a group of values".into(),
        _ => "something else".into(),
    }
}

/// `"a", "b" or "c"`.
pub(crate) fn either(choices: &[&str]) -> String {
    let mut text = String::new();
    for (index, choice) in choices.iter().enumerate() {
        if index > 0 {
            text.push_str(if index + 1 == choices.len() { " or " } else { ", " });
        }
        text.push('"');
        text.push_str(choice);
        text.push('"');
    }
    if text.is_empty() {
        text.push_str("nothing");
    }
    text
}

/// Puts serde's word for a type into plain ones; what it does not know stays as it is.
fn plain(expected: &str) -> &str {
    match expected {
        "f64" | "f32" => "a number",
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" | "u64" | "usize" => "a whole number, not negative",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "a string" => "a text",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "a group of values",
        _ if expected.starts_with("enum ") => "the name of a choice",
        _ if expected.starts_with("struct ") || find(expected, "tagged enum ").is_some() => {
            "a group of values"
        }
        _ if expected.starts_with("tuple ") || expected.starts_with("a tuple ") => "a list",
        _ => expected,
    }
}
