//! Names that a setting cannot have.

use serde::de::DeserializeOwned;

use super::keywords::{self, get};
use signalk_plugin_contract::ENABLE_DEBUG;

use super::received::RESERVED;
use crate::json::{self, told};

/// Tells what is wrong with a configuration that has a setting of such a name, in a sentence.
pub(crate) fn reserved_setting<C: DeserializeOwned>(schema: &str) -> Option<String> {
    for (name, whose) in [(ENABLE_DEBUG, "the server"), (RESERVED, "the SDK")] {
        if keywords::has_property(schema, Some(name)) || is_read::<C>(schema, name) {
            return Some(format!(
                "the configuration has a setting that goes by the name `{name}`, which {whose} keeps for \
                 itself, so what the owner sets would never reach the plugin: give it another name"
            ));
        }
    }
    None
}

/// Tells whether the type knows a setting by a name that is not in its schema, an alias.
fn is_read<C: DeserializeOwned>(schema: &str, name: &str) -> bool {
    // A variant has its settings once it is known which it is.
    let mut beginnings = vec![String::new()];
    keywords::each_property(schema, &mut |tag, property, _| {
        let variant = get(&keywords::of(property), "const");
        if !variant.is_empty() {
            beginnings.push([&*json::quoted(tag), ":", variant, ","].concat());
        }
        false
    });
    let name = json::quoted(name);
    beginnings.iter().any(|beginning| {
        VALUES.iter().any(|value| {
            let twice = [&*name, ":", value, ",", &*name, ":", value].concat();
            is_told::<C>(&[beginning, &*twice].concat())
        })
    })
}

/// Values of every kind that a setting may have.
const VALUES: [&str; 7] = ["true", "0", "1", "\"\"", "[]", "{}", "null"];

/// Tells whether the type tells of a field that is there twice among these entries. What is flattened is
/// read after the settings of the struct itself, so those that it asks for are added.
fn is_told<C: DeserializeOwned>(entries: &str) -> bool {
    let mut others: Vec<(String, usize)> = Vec::new();
    // Each turn adds a setting, or tries another value for one.
    for _ in 0..500 {
        let mut text = ["{", entries].concat();
        for (key, value) in &others {
            let value = VALUES.get(*value).copied().unwrap_or_default();
            text.push_str(&[",", &*json::quoted(key), ":", value].concat());
        }
        text.push('}');
        if told::field_twice(|| drop(json::from_str::<C>(&text))).is_some() {
            return true;
        }
        let Err(error) = json::from_str::<C>(&text) else {
            return false;
        };
        let other = others.iter_mut().find(|(key, _)| error.path().starts_with(&**key));
        match (other, error.problem().strip_suffix(" is missing")) {
            (Some((_, value)), _) if *value + 1 < VALUES.len() => *value += 1,
            (None, Some(key)) => others.push((key.to_owned(), 0)),
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;
    use serde::Deserialize;

    use super::*;
    use crate::config::limits::schema_of;

    fn problem<C: DeserializeOwned + JsonSchema>() -> Option<String> {
        reserved_setting::<C>(&schema_of::<C>())
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code)]
    struct Plain {
        enable_debug: bool,
    }

    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code)]
    struct Renamed {
        radius: f64,
        #[serde(rename = "enableDebug")]
        verbose: Option<u8>,
    }

    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code)]
    struct Alias {
        radius: f64,
        #[serde(alias = "enableDebug")]
        name: String,
    }

    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code)]
    struct Flat {
        radius: f64,
        #[serde(flatten)]
        more: Option<Alias>,
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "kind")]
    #[allow(dead_code)]
    enum Tagged {
        One { radius: f64 },
        Two(Alias),
    }

    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code)]
    struct Sdk {
        #[serde(rename = "signalk-plugin-sdk", default)]
        own: Option<u8>,
    }

    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code)]
    struct Below {
        radius: f64,
        /// Not at the root.
        inner: Option<Plain>,
        #[serde(flatten)]
        rest: std::collections::BTreeMap<String, serde_json::Value>,
    }

    #[test]
    fn a_setting_of_a_name_that_is_taken_is_a_problem_however_it_got_it() {
        for problem in [
            problem::<Plain>(),
            problem::<Renamed>(),
            problem::<Alias>(),
            problem::<Flat>(),
            problem::<Tagged>(),
        ] {
            let problem = problem.unwrap();
            assert!(problem.contains("`enableDebug`, which the server keeps"), "{problem}");
        }
        assert!(problem::<Sdk>().unwrap().contains("`signalk-plugin-sdk`, which the SDK keeps"));
        assert_eq!(problem::<Below>(), None);
        assert_eq!(problem::<crate::config::NoConfig>(), None);
    }
}
