//! Whether settings keep to the limits that their schema states.
//!
//! The form keeps to them; a file written by hand, or by an older version, may not. A plugin would
//! then run with a radius of nothing. What is checked is what `#[schemars(range(…))]` and
//! `#[schemars(length(…))]` write: least and most of numbers, of the length of texts and of lists.

use crate::json::{self, Entry, Error};

/// What a schema may hold that is to be checked, a bit each.
const NUMBERS: u8 = 1;
const LENGTHS: u8 = 2;
const LISTS: u8 = 4;
const CHOICES: u8 = 8;
const ALL: u8 = NUMBERS | LENGTHS | LISTS | CHOICES;

/// What of a schema is to be checked. Known at compile time where the schema is, so that the code for
/// the rest is in no .wasm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits(u8);

impl Limits {
    /// No value has limits.
    pub const NONE: Self = Self(0);
    /// Whatever the schema holds.
    pub const ANY: Self = Self(ALL);

    /// What a schema holds. A setting whose name begins as a keyword does costs some code and
    /// nothing else.
    #[must_use]
    pub const fn of(schema: &str) -> Self {
        let text = schema.as_bytes();
        let mut found = 0;
        let mut at = 0;
        while at + 4 < text.len() {
            if text[at] == b'"' {
                found |= match [text[at + 1], text[at + 2], text[at + 3], text[at + 4]] {
                    // minimum, maximum
                    [b'm', b'i', b'n', b'i'] | [b'm', b'a', b'x', b'i'] => NUMBERS,
                    // minLength, maxLength
                    [b'm', b'i', b'n', b'L'] | [b'm', b'a', b'x', b'L'] => LENGTHS,
                    // minItems, maxItems
                    [b'm', b'i', b'n', b'I'] | [b'm', b'a', b'x', b'I'] => LENGTHS | LISTS,
                    // items
                    [b'i', b't', b'e', b'm'] => LISTS,
                    // anyOf, oneOf
                    [b'a', b'n', b'y', b'O'] | [b'o', b'n', b'e', b'O'] => CHOICES,
                    _ => 0,
                };
            }
            at += 1;
        }
        if found & (NUMBERS | LENGTHS) == 0 { Self::NONE } else { Self(found) }
    }

    /// Whether anything has limits.
    #[must_use]
    pub const fn are_there(self) -> bool {
        self.0 != 0
    }

    const fn has(self, kind: u8) -> bool {
        self.0 & kind != 0
    }
}

/// Whose limits they are: a type, for the compiler to leave out what they do not hold.
pub(crate) trait Limited {
    const LIMITS: Limits;
}

/// The first value that is outside of the limits of its schema. The settings are right but for that,
/// so what cannot be read, of either, is no mistake of theirs.
pub(crate) fn check<L: Limited>(schema: &str, value: &str) -> Result<(), Error> {
    // There are schemas that are `true`, too.
    let Ok(keywords) = json::object(schema) else {
        return Ok(());
    };
    match value.bytes().next() {
        Some(b'{') => check_object::<L>(&keywords, value)?,
        Some(b'[') if L::LIMITS.has(LISTS) => check_list::<L>(&keywords, value)?,
        Some(b'"') if L::LIMITS.has(LENGTHS) => {
            let length = json::string(value).unwrap_or_default().chars().count().to_string();
            within(&length, &keywords, "minLength", "maxLength", " characters")?;
        }
        Some(b'-' | b'0'..=b'9') if L::LIMITS.has(NUMBERS) => {
            let unit = unit(keyword(&keywords, "title"));
            within(value, &keywords, "minimum", "maximum", &unit)?;
        }
        _ => {}
    }
    if L::LIMITS.has(CHOICES) {
        for name in ["anyOf", "oneOf"] {
            one_of::<L>(keyword(&keywords, name), value)?;
        }
    }
    Ok(())
}

fn check_object<L: Limited>(keywords: &[Entry<'_>], value: &str) -> Result<(), Error> {
    let known = json::object(keyword(keywords, "properties")).unwrap_or_default();
    // Of a map. Beside settings with names it may be meant for others than what is there, which may
    // go by another name.
    let others = if known.is_empty() { keyword(keywords, "additionalProperties") } else { "" };
    for (key, value) in json::object(value).unwrap_or_default() {
        let schema = known.iter().find(|(name, _)| *name == key).map_or(others, |it| it.1);
        check::<L>(schema, value).map_err(|error| error.in_key(&key))?;
    }
    Ok(())
}

fn check_list<L: Limited>(keywords: &[Entry<'_>], value: &str) -> Result<(), Error> {
    let items = keyword(keywords, "items");
    // One schema for each element, or one for all.
    let each = json::elements(items).unwrap_or_default();
    let elements = json::elements(value).unwrap_or_default();
    for (index, element) in elements.iter().enumerate() {
        let schema = each.get(index).copied().unwrap_or(items);
        check::<L>(schema, element).map_err(|error| error.in_index(index))?;
    }
    if L::LIMITS.has(LENGTHS) {
        within(&elements.len().to_string(), keywords, "minItems", "maxItems", " entries")?;
    }
    Ok(())
}

/// One of those schemas that are for such a value has to take it.
fn one_of<L: Limited>(schemas: &str, value: &str) -> Result<(), Error> {
    let mut outcome = Ok(());
    for schema in json::elements(schemas).unwrap_or_default() {
        if is_for(schema, value) {
            outcome = check::<L>(schema, value);
            if outcome.is_ok() {
                break;
            }
        }
    }
    outcome
}

/// Whether a schema is for such a value, limits aside.
fn is_for(schema: &str, value: &str) -> bool {
    let Ok(keywords) = json::object(schema) else {
        return true;
    };
    let kinds = keyword(&keywords, "type");
    let is_kind =
        kinds.is_empty() || kind(value).iter().any(|kind| json::find(kinds, kind).is_some());
    let same = |other: &&str| match (json::string(other), json::string(value)) {
        (Ok(other), Ok(value)) => other == value,
        _ => **other == *value,
    };
    let constant = keyword(&keywords, "const");
    let is_constant = constant.is_empty() || same(&constant);
    let values = json::elements(keyword(&keywords, "enum")).unwrap_or_default();
    if !is_kind || !is_constant || !(values.is_empty() || values.iter().any(same)) {
        return false;
    }
    let Ok(entries) = json::object(value) else {
        return true;
    };
    let known = json::object(keyword(&keywords, "properties")).unwrap_or_default();
    let required = json::elements(keyword(&keywords, "required")).unwrap_or_default();
    let has = |name: &&str| {
        json::string(name).is_ok_and(|name| entries.iter().any(|(key, _)| *key == name))
    };
    required.iter().all(has)
        && entries.iter().all(|(key, value)| {
            known.iter().find(|(name, _)| name == key).is_none_or(|it| is_for(it.1, value))
        })
}

/// What a schema may call a value.
fn kind(value: &str) -> &'static [&'static str] {
    match value.bytes().next() {
        Some(b'{') => &["object"],
        Some(b'[') => &["array"],
        Some(b'"') => &["string"],
        Some(b't' | b'f') => &["boolean"],
        Some(b'n') => &["null"],
        _ => &["number", "integer"],
    }
}

#[inline(never)]
fn keyword<'t>(keywords: &[Entry<'t>], name: &str) -> &'t str {
    keywords.iter().find(|(keyword, _)| keyword == name).map_or("", |(_, value)| *value)
}

/// The unit that stands in brackets at the end of a label: `Alarm radius (m)`,
/// `Latitude (degrees, north positive)`.
fn unit(title: &str) -> String {
    let from = title.bytes().rposition(|byte| byte == b'(').map_or(title.len(), |at| at + 1);
    let unit = title.get(from..).unwrap_or_default();
    let end = unit.bytes().position(|byte| matches!(byte, b')' | b',')).unwrap_or_default();
    match unit.get(..end) {
        None | Some("") => String::new(),
        Some(unit) => [" ", unit].concat(),
    }
}

/// Numbers are taken and shown as they stand in the schema and in the settings.
#[inline(never)]
fn within(
    found: &str,
    keywords: &[Entry<'_>],
    least: &str,
    most: &str,
    unit: &str,
) -> Result<(), Error> {
    let (least, most) = (keyword(keywords, least), keyword(keywords, most));
    let number = json::number(found).unwrap_or(f64::NAN);
    if json::number(least).is_none_or(|least| number >= least)
        && json::number(most).is_none_or(|most| number <= most)
    {
        return Ok(());
    }
    let plain = |number: &str| number.strip_suffix(".0").unwrap_or(number).to_owned();
    let (least, most) = (plain(least), plain(most));
    let expected = match (&*least, &*most) {
        (least, "") => [least, unit, " or more"].concat(),
        ("", most) => [most, unit, " or less"].concat(),
        (least, most) => [least, " to ", most, unit].concat(),
    };
    Err(Error::mismatch(found, &expected))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;
    use schemars::JsonSchema;

    #[derive(JsonSchema)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code)]
    struct Config {
        /// Alarm radius (m)
        #[schemars(range(min = 10.0, max = 1000.0))]
        max_radius: f64,
        #[schemars(range(min = 5))]
        least: Option<u32>,
        #[schemars(range(max = -1.5))]
        most: f64,
        place: Option<crate::Position>,
        /// Names
        #[schemars(length(min = 1, max = 2), inner(length(min = 2)))]
        names: Vec<String>,
        pair: (u8, Side),
        by_name: std::collections::BTreeMap<String, Side>,
        kind: Kind,
        tagged: Tagged,
        named: Named,
        anything: Anything,
    }

    #[derive(JsonSchema)]
    #[serde(tag = "type")]
    #[allow(dead_code)]
    enum Tagged {
        Circle {
            #[schemars(range(min = 10.0))]
            radius: f64,
        },
        Box {
            #[schemars(range(max = 3.0))]
            width: f64,
        },
        Nothing,
    }

    #[derive(JsonSchema)]
    #[allow(dead_code)]
    enum Named {
        Circle(#[schemars(range(min = 10.0))] f64),
        Box(#[schemars(range(max = 3.0))] f64),
        Nothing,
    }

    #[derive(JsonSchema)]
    #[serde(untagged)]
    #[allow(dead_code)]
    enum Anything {
        Number(#[schemars(range(min = 1.0))] f64),
        Other(serde_json::Value),
    }

    #[derive(JsonSchema)]
    #[allow(dead_code)]
    struct Side {
        /// Length (m)
        #[schemars(range(min = 1))]
        length: i8,
    }

    #[derive(JsonSchema)]
    #[serde(untagged)]
    #[allow(dead_code)]
    enum Kind {
        Text(String),
        Many(#[schemars(range(min = 3))] i32),
        Side(Side),
    }

    struct Any;

    impl Limited for Any {
        const LIMITS: Limits = Limits::ANY;
    }

    fn outcome(settings: &str) -> String {
        match check::<Any>(&schema::of::<Config>(), settings) {
            Ok(()) => "fine".into(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn what_is_within_the_limits_or_has_none_or_is_not_there_is_fine() {
        for settings in [
            "{}",
            r#"{"maxRadius":10,"least":5,"most":-1.5,"names":["ab"],"other":-1e9}"#,
            r#"{"maxRadius":1000.0,"least":null,"place":null,"names":["ab","éé"],"kind":"x"}"#,
            r#"{"place":{"latitude":-90,"longitude":180,"altitude":null},"kind":3}"#,
            r#"{"tagged":{"type":"Circle","radius":10},"named":{"Box":3},"anything":"x"}"#,
            r#"{"tagged":{"type":"Nothing","radius":1},"named":"Nothing","anything":0}"#,
            r#"{"tagged":{"type":"Unknown","radius":1},"named":{"Else":1},"anything":[true]}"#,
            r#"{"pair":[0,{"length":1}],"byName":{"a":{"length":1}},"kind":{"length":1}}"#,
        ] {
            assert_eq!(outcome(settings), "fine", "{settings}");
        }
    }

    #[test]
    fn what_is_outside_is_named_with_the_limits_and_their_unit() {
        for (settings, expected) in [
            (r#"{"maxRadius":9.99}"#, "maxRadius: found 9.99, expected 10 to 1000 m"),
            (r#"{"maxRadius":1.001e3}"#, "maxRadius: found 1.001e3, expected 10 to 1000 m"),
            (r#"{"least":4}"#, "least: found 4, expected 5 or more"),
            (r#"{"most":-1}"#, "most: found -1, expected -1.5 or less"),
            (
                r#"{"place":{"latitude":91,"longitude":0}}"#,
                "place.latitude: found 91, expected -90 to 90 degrees",
            ),
            (r#"{"names":[]}"#, "names: found 0, expected 1 to 2 entries"),
            (r#"{"names":["ab","é"]}"#, "names[1]: found 1, expected 2 characters or more"),
            (r#"{"pair":[1,{"length":0}]}"#, "pair[1].length: found 0, expected 1 to 127 m"),
            (r#"{"byName":{"a":{"length":0}}}"#, "byName.a.length: found 0, expected 1 to 127 m"),
            (
                r#"{"tagged":{"type":"Circle","radius":-5}}"#,
                "tagged.radius: found -5, expected 10 or more",
            ),
            (r#"{"tagged":{"type":"Box","width":4}}"#, "tagged.width: found 4, expected 3 or less"),
            (r#"{"named":{"Circle":9}}"#, "named.Circle: found 9, expected 10 or more"),
            (r#"{"kind":2}"#, "kind: found 2, expected 3 or more"),
            (r#"{"kind":{"length":-1}}"#, "kind.length: found -1, expected 1 to 127 m"),
        ] {
            assert_eq!(outcome(settings), expected, "{settings}");
        }
    }

    #[test]
    fn a_schema_that_cannot_be_read_is_no_mistake_of_the_settings() {
        for schema in ["true", "", "{", r#"{"properties":3}"#, r#"{"anyOf":[3,{"type":7}]}"#] {
            assert!(check::<Any>(schema, r#"{"a":[1,"x",{}]}"#).is_ok(), "{schema}");
        }
    }

    #[test]
    fn a_schema_tells_at_compile_time_what_is_to_be_checked() {
        const { assert!(Limits::of(r#"{"properties":{"a":{"maximum":3}}}"#).has(NUMBERS)) };
        const { assert!(!Limits::of(r#"{"properties":{"a":{"maximum":3}}}"#).has(LENGTHS)) };
        const { assert!(Limits::of(r#"{"properties":{"a":{"minLength":3}}}"#).has(LENGTHS)) };
        const { assert!(Limits::of(r#"{"properties":{"a":{"maxItems":3}}}"#).has(LISTS)) };
        const { assert!(!Limits::of(r#"{"properties":{"minute":{"items":{}}}}"#).are_there()) };
        assert_eq!(Limits::of(&schema::of::<Config>()), Limits::ANY);
        assert_eq!(Limits::of(&schema::of::<crate::config::NoConfig>()), Limits::NONE);
    }
}
