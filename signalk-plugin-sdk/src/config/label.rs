//! Naming a setting as the form does: `Engines, 4th: Fuel rate (l/h)` for `engines[3].fuelRate`.

use super::keywords::{self, get};
use crate::json;
use crate::text;

/// A setting as the form shows it.
#[derive(Debug, PartialEq)]
pub(super) struct Labelled<'t> {
    /// The labels on the way to it, or the keys where there are none.
    pub(super) label: String,
    /// The schema of it, empty where there is none.
    pub(super) schema: &'t str,
    /// Tells that there may be a secret in it or, if it is not known, in what it is a part of.
    pub(super) is_secret: bool,
}

/// The setting with this path.
pub(super) fn of<'t>(schema: &'t str, path: &str) -> Labelled<'t> {
    let mut label = String::new();
    let mut schema = schema;
    let mut rest = path;
    while !rest.is_empty() {
        rest = rest.strip_prefix('.').unwrap_or(rest);
        if let Some((index, behind)) = index(rest) {
            label.push_str(", ");
            label.push_str(&ordinal(index));
            let element = element(schema, index);
            if element.is_empty() && is_secret(schema) {
                // Not what is to be there: it has no labels, and may hold what belongs beside it.
                label.push_str(behind);
                return Labelled { label, schema: "", is_secret: true };
            }
            schema = element;
            rest = behind;
            continue;
        }
        if !label.is_empty() {
            label.push_str(": ");
        }
        let Some((key, property)) = property(schema, rest) else {
            // An entry of a map, and whatever is in it.
            label.push_str(rest);
            let others = get(&keywords::of(schema), "additionalProperties");
            return Labelled { label, schema: others, is_secret: is_secret(schema) };
        };
        let title = get(&keywords::of(property), "title");
        let title = json::string(title).unwrap_or_default();
        label.push_str(if matches!(&*title, "" | " ") { key } else { &title });
        schema = property;
        rest = rest.get(key.len()..).unwrap_or_default();
    }
    Labelled { label, schema, is_secret: is_secret(schema) }
}

fn is_secret(schema: &str) -> bool {
    text::find(schema, "\"format\":\"password\"").is_some()
}

/// `3` and what is behind it in `[3].id`.
fn index(rest: &str) -> Option<(usize, &str)> {
    let (index, behind) = rest.strip_prefix('[')?.split_once(']')?;
    Some((index.parse().ok()?, behind))
}

/// `4th` for 3.
fn ordinal(index: usize) -> String {
    let count = index.saturating_add(1);
    let ending = match (count % 100, count % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    [&*count.to_string(), ending].concat()
}

/// The property that a path goes on with. There may be dots in its name. Of several variants that have it,
/// the one where it is a secret.
fn property<'t, 'p>(schema: &'t str, path: &'p str) -> Option<(&'p str, &'t str)> {
    let mut found: Option<(&str, &str)> = None;
    keywords::each_property(schema, &mut |name, property, _| {
        let longest = found.map_or(0, |(key, _)| key.len());
        let is_better = |key: &&str| {
            key.len() > longest || (key.len() == longest && longest > 0 && is_secret(property))
        };
        let key = path.get(..name.len()).filter(|key| *key == name).filter(is_better);
        let behind = path.get(name.len()..).unwrap_or_default();
        if let Some(key) = key
            && (behind.is_empty() || behind.starts_with(['.', '[']))
        {
            found = Some((key, property));
        }
        false
    });
    found
}

/// The schema of an element of a list, be the list one of several choices: the one where it is a secret.
fn element(schema: &str, index: usize) -> &str {
    let keywords = keywords::of(schema);
    let element = keywords::of_element(&keywords, index);
    if !element.is_empty() {
        return element;
    }
    let choices = keywords::IN_PLACE
        .iter()
        .flat_map(|name| json::elements(get(&keywords, name)).unwrap_or_default());
    let elements = choices.map(|schema| self::element(schema, index));
    let mut found = "";
    for element in elements.filter(|element| !element.is_empty()) {
        if found.is_empty() || is_secret(element) {
            found = element;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code)]
    struct Config {
        /// Alarm radius (m)
        ///
        /// Not too small.
        max_radius: f64,
        /// Engines
        engines: Option<Vec<Engine>>,
        /// Place
        place: Option<crate::Position>,
        pair: (u8, Engine),
        kind: Kind,
        /// Limits
        limits: std::collections::BTreeMap<String, Engine>,
        #[serde(rename = "a.b")]
        /// Dotted
        dotted: Engine,
        a: u8,
    }

    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code)]
    struct Engine {
        /// Id
        id: String,
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "type")]
    #[allow(dead_code)]
    enum Kind {
        A {
            /// Length
            length: u8,
        },
    }

    #[test]
    fn a_setting_is_called_as_in_the_form() {
        let schema = crate::schema::of::<Config>();
        for (path, label) in [
            ("", ""),
            ("maxRadius", "Alarm radius (m)"),
            ("engines[3].id", "Engines, 4th: Id"),
            ("engines[0]", "Engines, 1st"),
            ("engines[110]", "Engines, 111th"),
            ("engines[21].id", "Engines, 22nd: Id"),
            ("place.latitude", "Place: Latitude (degrees, north positive)"),
            ("pair[1].id", "pair, 2nd: Id"),
            ("kind.length", "kind: Length"),
            ("limits.navigation.speed.id", "Limits: navigation.speed.id"),
            ("a.b.id", "Dotted: Id"),
            ("a", "a"),
            ("other.x[3]", "other.x[3]"),
            ("…[3].x", "…[3].x"),
            ("[2].x", ", 3rd: x"),
        ] {
            assert_eq!(of(&schema, path).label, label, "{path}");
        }
        assert!(of(&schema, "a").schema.contains(r#""maximum":255"#));
        assert_eq!(of("true", "a[1").label, "a[1");
    }

    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code)]
    struct Guarded {
        way: Way,
        #[serde(alias = "oldLogins")]
        logins: Vec<Login>,
        pair: Option<(crate::config::Secret, u8)>,
        list: Vec<u8>,
        name: String,
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "type")]
    #[allow(dead_code)]
    enum Way {
        Count { value: u8, more: Vec<u8> },
        Token { value: crate::config::Secret, more: Vec<crate::config::Secret> },
    }

    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code)]
    struct Login {
        user: String,
        pin: crate::config::Secret,
    }

    #[test]
    fn where_a_secret_may_be_or_what_is_there_is_not_known_is_secret() {
        let schema = crate::schema::of::<Guarded>();
        for path in [
            "",
            "way",
            "way.value",
            "way.more",
            "way.more[3]",
            // A list where there is to be a group, what stands in the place of a list.
            "way[1]",
            "way[1].x",
            "logins[0].pin",
            "logins.pin",
            // By another name.
            "oldLogins[0]",
            "logins[0].password",
            "pair[0]",
            "pair[2]",
            "…[0]",
        ] {
            assert!(of(&schema, path).is_secret, "{path}");
        }
        for path in ["way.type", "logins[0].user", "pair[1]", "list", "list[0]", "name"] {
            assert!(!of(&schema, path).is_secret, "{path}");
        }
        // Where there is no secret there is none.
        let schema = crate::schema::of::<Config>();
        for path in ["", "maxRadius", "engines[0].x", "other", "pair[5]"] {
            assert!(!of(&schema, path).is_secret, "{path}");
        }
    }
}
