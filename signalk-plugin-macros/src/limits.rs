//! The limits that a schema states, found when the macro embeds it: code for the others is in no .wasm.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The words of a schema that there is code for in the SDK, with the constants of its `Limits` that name it.
const WORDS: [(&str, &[&str]); 25] = [
    ("minimum", &["NUMBERS"]),
    ("maximum", &["NUMBERS"]),
    ("exclusiveMinimum", &["NUMBERS"]),
    ("exclusiveMaximum", &["NUMBERS"]),
    ("multipleOf", &["NUMBERS"]),
    ("minLength", &["LENGTHS"]),
    ("maxLength", &["LENGTHS"]),
    ("email", &["FORMATS"]),
    ("uri", &["FORMATS"]),
    ("ip", &["FORMATS"]),
    ("ipv4", &["FORMATS"]),
    ("ipv6", &["FORMATS"]),
    ("pattern", &["PATTERNS"]),
    ("minProperties", &["COUNTS"]),
    ("maxProperties", &["COUNTS"]),
    ("minItems", &["COUNTS", "LISTS"]),
    ("maxItems", &["COUNTS", "LISTS"]),
    ("uniqueItems", &["COUNTS", "LISTS"]),
    ("enum", &["CONSTANTS"]),
    ("const", &["CONSTANTS"]),
    ("not", &["CONSTANTS"]),
    ("items", &["LISTS"]),
    ("allOf", &["CHOICES"]),
    ("anyOf", &["CHOICES"]),
    ("oneOf", &["CHOICES"]),
];

/// Those that are no limits, but lead to some.
const LEADING: [&str; 2] = ["LISTS", "CHOICES"];

/// The patterns of keys that are numbers, the only ones that schemas are made with for ordinary maps.
const NUMBER_KEYS: [&str; 2] = [r#":{"^\\d+$""#, r#":{"^-?\\d+$""#];

/// Writes the limits of a schema as a constant.
pub(crate) fn expand(schema: &str, sdk: &TokenStream) -> TokenStream {
    let found = find(schema).into_iter().map(|name| format_ident!("{name}"));
    quote!(#sdk::Limits::NONE #(.and(#sdk::Limits::#found))*)
}

/// Names what is to be checked. A setting that is called as a keyword is costs some code and nothing else.
fn find(schema: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for (word, names) in WORDS {
        if schema.contains(&format!("\"{word}\"")) {
            found.extend(names);
        }
    }
    let mut behind_keys = schema.split("\"patternProperties\"").skip(1);
    if behind_keys.any(|rest| !NUMBER_KEYS.iter().any(|numbers| rest.starts_with(numbers))) {
        found.push("PATTERNS");
    }
    found.sort_unstable();
    found.dedup();
    if found.iter().all(|name| LEADING.contains(name)) {
        found.clear();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_tells_what_is_to_be_checked_and_no_more() {
        for (schema, found) in [
            (r#"{"properties":{"a":{"maximum":3}}}"#, vec!["NUMBERS"]),
            (r#"{"properties":{"a":{"minLength":3}}}"#, vec!["LENGTHS"]),
            (r#"{"properties":{"a":{"maxItems":3}}}"#, vec!["COUNTS", "LISTS"]),
            (r#"{"properties":{"a":{"pattern":"a"}}}"#, vec!["PATTERNS"]),
            (r#"{"properties":{"a":{"items":{"enum":["b"]}}}}"#, vec!["CONSTANTS", "LISTS"]),
            (r#"{"properties":{"minute":{"items":{}}}}"#, vec![]),
            (r#"{"properties":{"minimums":{}}}"#, vec![]),
            (r#"{"patternProperties":{"^-?\\d+$":{"maximum":3}}}"#, vec!["NUMBERS"]),
            (r#"{"patternProperties":{"^\\d+$":{}}}"#, vec![]),
            (r#"{"patternProperties":{"^a":{"maximum":3}}}"#, vec!["NUMBERS", "PATTERNS"]),
            ("", vec![]),
        ] {
            assert_eq!(find(schema), found, "{schema}");
        }
    }

    #[test]
    fn limits_are_written_as_a_constant() {
        let written = |schema| expand(schema, &quote!(sdk)).to_string().replace(' ', "");
        assert_eq!(written("{}"), "sdk::Limits::NONE");
        let both = written(r#"{"a":{"maximum":3},"b":{"const":3}}"#);
        assert_eq!(both, "sdk::Limits::NONE.and(sdk::Limits::CONSTANTS).and(sdk::Limits::NUMBERS)");
    }
}
