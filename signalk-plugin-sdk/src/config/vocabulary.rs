//! Limits that a schema states and nothing but the server's form keeps to.

use regex_lite::Regex;
use serde_json::Value;

/// Keywords that the settings are held against, or that lead to others.
const CHECKED: [&str; 28] = [
    "type",
    "enum",
    "const",
    "not",
    "allOf",
    "anyOf",
    "oneOf",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "items",
    "additionalItems",
    "minItems",
    "maxItems",
    "uniqueItems",
    "properties",
    "patternProperties",
    "additionalProperties",
    "minProperties",
    "maxProperties",
    // Reading the type sees to it.
    "required",
    // Not in a schema of the draft that the form reads, but in one that was made for a later draft.
    "$schema",
];

/// Keywords that say something and limit nothing.
const SAYING: [&str; 8] = [
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$comment",
];

/// Keywords of JSON Schema that limit a value and are not known here.
const UNCHECKED: [&str; 19] = [
    "if",
    "then",
    "else",
    "contains",
    "minContains",
    "maxContains",
    "propertyNames",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedItems",
    "unevaluatedProperties",
    "prefixItems",
    "contentEncoding",
    "contentMediaType",
    "formatMinimum",
    "formatMaximum",
    "formatExclusiveMinimum",
    "formatExclusiveMaximum",
];

/// The first limit that settings are not held against, in a sentence.
pub(crate) fn unchecked(schema: &str) -> Option<String> {
    find(&serde_json::from_str(schema).ok()?, "")
}

fn find(schema: &Value, path: &str) -> Option<String> {
    let keywords = schema.as_object()?;
    keywords.iter().find_map(|(keyword, value)| {
        if let Some(problem) = problem(keyword, value) {
            let path = if path.is_empty() { "the configuration" } else { path };
            return Some(format!(
                "the schema of {path} says `{keyword}`, and {problem}: leave it out, and check such \
                 settings in `start`, with `ConfigError::ensure`"
            ));
        }
        let below = |name: &str| {
            let dot = if path.is_empty() { "" } else { "." };
            [path, dot, name].concat()
        };
        match (keyword.as_str(), value) {
            ("properties" | "patternProperties", Value::Object(schemas)) => {
                schemas.iter().find_map(|(name, schema)| find(schema, &below(name)))
            }
            (_, Value::Array(schemas)) => schemas.iter().find_map(|schema| find(schema, path)),
            ("items" | "additionalItems" | "additionalProperties" | "not", schema) => {
                find(schema, path)
            }
            _ => None,
        }
    })
}

fn problem(keyword: &str, value: &Value) -> Option<String> {
    let is_unknown = !CHECKED.contains(&keyword) && !SAYING.contains(&keyword);
    if is_unknown && UNCHECKED.contains(&keyword) {
        return Some(
            "only the server's form keeps to that, not a file that was written by hand".into(),
        );
    }
    let patterns: Vec<_> = match (keyword, value) {
        ("pattern", Value::String(pattern)) => vec![pattern],
        ("patternProperties", Value::Object(schemas)) => schemas.keys().collect(),
        _ => Vec::new(),
    };
    for pattern in patterns {
        if Regex::new(pattern).is_err() {
            let problem = "is not understood outside of the server's form";
            return Some(format!("the pattern {pattern} {problem}"));
        }
        if let Some(part) = unknown_to_javascript(pattern) {
            return Some(format!(
                "the pattern {pattern} has `{part}`, which the server's form does not understand and then \
                 saves nothing at all"
            ));
        }
    }
    None
}

/// The first part of a pattern that is none in JavaScript, or another, where the form reads patterns of
/// Unicode. It is known to be a pattern here, which leaves the rest that both have.
fn unknown_to_javascript(pattern: &str) -> Option<&str> {
    /// Letters and signs that may stand behind a backslash: classes, characters by a letter, and what has a meaning itself.
    const ESCAPES: &str = "dDwWsSbBtnvfr^$\\.*+?()[]{}|/";
    let mut is_class = false;
    let mut rest = pattern;
    while let Some(char) = rest.chars().next() {
        let mut behind = rest.get(char.len_utf8()..).unwrap_or_default();
        let part = |length: usize| rest.get(..length).or(Some(rest));
        match char {
            '\\' => {
                let escaped = behind.chars().next()?;
                behind = behind.get(escaped.len_utf8()..).unwrap_or_default();
                let is_known = ESCAPES.contains(escaped)
                    || (escaped == '-' && is_class)
                    || (escaped == 'x' && !behind.starts_with('{'))
                    || (escaped == 'u' && is_short(behind));
                if !is_known || behind.starts_with("{start") || behind.starts_with("{end") {
                    return part(1 + escaped.len_utf8());
                }
                let is_range = behind.starts_with('-') && !behind.starts_with("-]");
                if is_class && is_range && "dDwWsS".contains(escaped) {
                    return part(3);
                }
                // The digits, braces among them.
                if escaped == 'u' && behind.starts_with('{') {
                    behind = behind.split_once('}').map_or("", |it| it.1);
                }
            }
            '[' if is_class => return part(1),
            '[' => is_class = true,
            ']' if is_class => is_class = false,
            '&' | '~' | '-' if is_class && behind.starts_with(char) => return part(2),
            _ if is_class => {}
            '(' if behind.starts_with('?')
                && !["?:", "?<"].iter().any(|it| behind.starts_with(it)) =>
            {
                return part(3);
            }
            '{' => behind = behind.split_once('}').map_or("", |it| it.1),
            ']' | '}' => return part(1),
            _ => {}
        }
        rest = behind;
    }
    None
}

/// Tells whether the digits behind `\u` are four, or stand in braces.
fn is_short(behind: &str) -> bool {
    behind.starts_with('{') || behind.bytes().take(4).filter(u8::is_ascii_hexdigit).count() == 4
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet, HashMap};
    use std::net::IpAddr;
    use std::num::{NonZeroI8, NonZeroU16};
    use std::ops::{Bound, Range, RangeInclusive};
    use std::path::PathBuf;
    use std::time::{Duration, SystemTime};

    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::config::limits::schema_of;

    /// Every shape that a schema is made of by deriving it, and every attribute that limits a value.
    #[derive(Deserialize, Serialize, JsonSchema)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    #[allow(dead_code)]
    struct Zoo {
        numbers: (u8, i8, u16, i16, u32, i32, u64, i64, usize, isize, f32, f64),
        others: (bool, char, String, (), PathBuf, IpAddr),
        non_zero: (NonZeroU16, NonZeroI8),
        #[schemars(range(min = 1, max = 9))]
        range: u8,
        #[schemars(length(min = 1, max = 9))]
        length: String,
        #[schemars(length(equal = 2), inner(range(min = 1)))]
        list: Vec<u8>,
        #[schemars(regex(pattern = r"^a\d$"))]
        regex: String,
        #[schemars(contains(pattern = "a"))]
        contains: String,
        #[schemars(email)]
        email: String,
        #[schemars(url)]
        url: String,
        #[schemars(required)]
        required: Option<u8>,
        #[schemars(title = "t", description = "d", example = 3)]
        #[deprecated]
        said: u8,
        #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 9, "multipleOf" = 2))]
        more: f64,
        set: BTreeSet<u8>,
        array: [u8; 3],
        none: [u8; 0],
        map: BTreeMap<String, u8>,
        by_number: HashMap<i16, Option<u8>>,
        by_name: BTreeMap<Unit, u8>,
        option: Option<Option<Box<Inner>>>,
        result: Result<u8, String>,
        ranges: (Range<u8>, RangeInclusive<f64>, Bound<u8>),
        times: (Duration, SystemTime),
        value: serde_json::Value,
        number: serde_json::Number,
        object: serde_json::Map<String, Value>,
        unit: Unit,
        documented: Documented,
        external: External,
        internal: Internal,
        adjacent: Adjacent,
        untagged: Untagged,
        newtype: Newtype,
        transparent: Transparent,
        tuple: Tuple,
        with: With,
        flat: Flat,
        flat_map: FlatMap,
        secret: crate::config::Secret,
        position: crate::Position,
        #[serde(skip_serializing, default)]
        #[schemars(with = "u8")]
        read: u8,
        #[serde(skip_deserializing)]
        written: u8,
    }

    #[derive(Deserialize, Serialize, JsonSchema)]
    struct Inner {
        #[serde(default)]
        a: u8,
    }

    #[derive(Deserialize, Serialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
    enum Unit {
        A,
        B,
    }

    #[derive(Deserialize, Serialize, JsonSchema)]
    enum Documented {
        /// An a
        A,
        /// A b
        B,
    }

    #[derive(Deserialize, Serialize, JsonSchema)]
    enum External {
        Unit,
        Newtype(u8),
        Tuple(u8, u8),
        Struct {
            a: u8,
        },
        #[serde(untagged)]
        Rest(String),
    }

    #[derive(Deserialize, Serialize, JsonSchema)]
    #[serde(tag = "kind", deny_unknown_fields)]
    enum Internal {
        Unit,
        Newtype(Inner),
        Struct { a: u8 },
    }

    #[derive(Deserialize, Serialize, JsonSchema)]
    #[serde(tag = "kind", content = "with", deny_unknown_fields)]
    enum Adjacent {
        Unit,
        Newtype(u8),
        Tuple(u8, u8),
        Struct { a: u8 },
    }

    #[derive(Deserialize, Serialize, JsonSchema)]
    #[serde(untagged)]
    enum Untagged {
        Unit,
        Newtype(u8),
        Tuple(u8, u8),
        Struct { a: u8 },
    }

    #[derive(Deserialize, Serialize, JsonSchema)]
    struct Newtype(#[schemars(range(min = 1))] u8);

    #[derive(Deserialize, Serialize, JsonSchema)]
    #[serde(transparent)]
    struct Transparent {
        a: u8,
    }

    #[derive(Deserialize, Serialize, JsonSchema)]
    struct Tuple(u8, Option<u8>, Inner);

    #[derive(Deserialize, Serialize, JsonSchema)]
    #[serde(from = "u8", into = "u8")]
    #[derive(Clone)]
    struct With(u8);

    impl From<u8> for With {
        fn from(number: u8) -> Self {
            Self(number)
        }
    }

    impl From<With> for u8 {
        fn from(with: With) -> Self {
            with.0
        }
    }

    #[derive(Deserialize, Serialize, JsonSchema)]
    struct Flat {
        own: u8,
        #[serde(flatten)]
        inner: Inner,
        #[serde(flatten)]
        external: External,
        #[serde(flatten)]
        internal: Option<Internal>,
        #[serde(flatten)]
        untagged: Option<Untagged>,
        #[serde(flatten)]
        rest: serde_json::Map<String, Value>,
    }

    #[derive(Deserialize, Serialize, JsonSchema)]
    struct FlatMap {
        #[serde(flatten)]
        adjacent: Adjacent,
        #[serde(flatten)]
        rest: BTreeMap<String, u8>,
    }

    fn keywords(schema: &Value, found: &mut BTreeSet<String>) {
        for (keyword, value) in schema.as_object().into_iter().flatten() {
            found.insert(keyword.clone());
            match (keyword.as_str(), value) {
                ("default" | "enum" | "const" | "examples" | "required" | "type", _) => {}
                ("properties" | "patternProperties", Value::Object(schemas)) => {
                    schemas.values().for_each(|schema| keywords(schema, found));
                }
                (_, Value::Array(schemas)) => {
                    schemas.iter().for_each(|schema| keywords(schema, found));
                }
                (_, schema) => keywords(schema, found),
            }
        }
    }

    /// A new release of `schemars` that writes another keyword fails here.
    #[test]
    fn every_keyword_that_a_schema_is_made_of_is_known() {
        let schema = schema_of::<Zoo>();
        let mut found = BTreeSet::new();
        keywords(&serde_json::from_str(&schema).unwrap(), &mut found);
        for keyword in &found {
            let is_known = CHECKED.contains(&&**keyword) || SAYING.contains(&&**keyword);
            assert!(is_known, "{keyword} in {schema}");
        }
        // The zoo has all that can be checked, but for what only an author can write.
        for keyword in CHECKED {
            let is_written =
                ["minProperties", "maxProperties", "$schema", "additionalItems"].contains(&keyword);
            assert!(is_written || found.contains(keyword), "{keyword} is not in {schema}");
        }
        assert_eq!(unchecked(&schema), None);
    }

    #[test]
    fn a_limit_that_only_the_form_keeps_is_a_problem_with_its_place() {
        #[derive(Deserialize, JsonSchema)]
        #[allow(dead_code)]
        struct Outer {
            list: Vec<Extended>,
        }
        #[derive(Deserialize, JsonSchema)]
        #[allow(dead_code)]
        struct Extended {
            #[schemars(extend("contains" = {"minimum": 5}))]
            numbers: Vec<u8>,
        }
        #[derive(Deserialize, JsonSchema)]
        #[allow(dead_code)]
        struct Ahead {
            #[schemars(regex(pattern = "^(?=a)"))]
            text: String,
        }
        let problem = unchecked(&schema_of::<Outer>()).unwrap();
        assert!(
            problem.starts_with("the schema of list.numbers says `contains`, and only"),
            "{problem}"
        );
        let problem = unchecked(&schema_of::<Ahead>()).unwrap();
        assert!(problem.contains("the pattern ^(?=a) is not understood"), "{problem}");
        #[derive(Deserialize, JsonSchema)]
        #[allow(dead_code)]
        struct Flags {
            #[schemars(regex(pattern = "(?i)^[a-z]+$"))]
            text: String,
        }
        let problem = unchecked(&schema_of::<Flags>()).unwrap();
        assert!(
            problem.contains("(?i)^[a-z]+$ has `(?i`, which the server's form does"),
            "{problem}"
        );
        for keyword in UNCHECKED {
            let schema = serde_json::json!({"properties": {"a": {keyword: {}}}}).to_string();
            assert!(unchecked(&schema).unwrap().contains(keyword), "{keyword}");
        }
        for schema in [r#"{"properties":{"if":{},"contains":{}}}"#, r#"{"x-unit":"m"}"#, "true"] {
            assert_eq!(unchecked(schema), None, "{schema}");
        }
    }

    /// Each was tried with `new RegExp(pattern, "u")`, as the form's validator has it. Two of the former
    /// are understood there, as something else.
    #[test]
    fn a_pattern_that_is_none_in_javascript_would_keep_the_form_from_saving() {
        for pattern in [
            r"(?i)abc",
            r"(?i:a)",
            r"(?x)a b",
            r"(?P<n>a)",
            r"\Aab\z",
            r"^\d+\-\d+$",
            r"a\_b",
            r"a\@b",
            r"\x{41}",
            r"[[:alpha:]]+",
            r"[a&&b]",
            r"[a-z--c]",
            r"a}",
            r"a]",
            r"\b{start}a",
            r"\<a",
            r"[a\&b]",
            r"\a",
            r"[\w-.]",
            r"a\ b",
            r"\U0001F600",
        ] {
            if Regex::new(pattern).is_ok() {
                assert!(unknown_to_javascript(pattern).is_some(), "{pattern}");
            }
        }
        for pattern in [
            r"^[A-Z]{2}\d+$",
            r"^(?:a|b)+?\.(c{1,3})*$",
            r"^(?<year>\d{4})-(\d\d)$",
            r"[\-\]a^.]",
            r"[^a-z0-9_-]",
            r"[\w.+-]+@[\w-]+\.[\w.]+",
            r"^$|^\s*\S+$",
            r"\x41\u0041\u{1F600}",
            r"é|ü{2,}",
            r"[{}()]",
            r"\{\}\[\]\/\|",
            r"\bword\B",
        ] {
            if Regex::new(pattern).is_ok() {
                assert_eq!(unknown_to_javascript(pattern), None, "{pattern}");
            }
        }
    }
}
