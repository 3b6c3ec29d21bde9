//! The parts of a schema that the server's form can show.

use serde_json::{Map, Value};
use signalk_plugin_host::contract::ENABLE_DEBUG;

use crate::finding::{Finding, Place};
use crate::subject::ModuleFile;

/// Keywords that say of what type a value is.
const SAYING_A_TYPE: [&str; 7] = ["type", "enum", "const", "oneOf", "anyOf", "allOf", "$ref"];

/// The rule that there is an object to make a form of.
pub(super) fn form_is_an_object(module: &ModuleFile) -> Vec<Finding> {
    let Some(schema) = module.schema() else { return Vec::new() };
    if *schema == Value::Object(Map::new()) || schema["type"] == "object" || has_choices(schema) {
        return Vec::new();
    }
    let found = match &schema["type"] {
        Value::Null => "no type".to_owned(),
        other => format!("the type {other}"),
    };
    let message = format!(
        "the schema has {found} at its root, and the server saves nothing but an object: write \
         {{\"type\":\"object\",\"properties\":{{…}}}}, with what it is now as one of the properties"
    );
    vec![finding(Finding::error("schema-root", message), module)]
}

fn has_choices(schema: &Value) -> bool {
    ["oneOf", "anyOf", "allOf"].iter().any(|keyword| schema.get(keyword).is_some())
}

/// The rule that the root is no choice between objects.
pub(super) fn choices_at_the_root(module: &ModuleFile) -> Vec<Finding> {
    let Some(schema) = module.schema().filter(|it| has_choices(it)) else { return Vec::new() };
    let keyword = ["oneOf", "anyOf", "allOf"].into_iter().find(|it| schema.get(it).is_some());
    let message = format!(
        "the schema has {} at its root, which the form of servers up to 2.23 does not show: make the choice \
         one of the properties",
        keyword.unwrap_or_default()
    );
    vec![finding(Finding::warning("schema-root", message), module)]
}

/// The rule that no setting has a name that the server keeps for itself.
pub(super) fn reserved_settings(module: &ModuleFile) -> Vec<Finding> {
    let Some(schema) = module.schema() else { return Vec::new() };
    if schema["properties"].get(ENABLE_DEBUG).is_none() {
        return Vec::new();
    }
    let message = format!(
        "the setting `{ENABLE_DEBUG}` never reaches the plugin, for the server writes its own value there: name it \
         otherwise"
    );
    vec![finding(Finding::error("schema-reserved", message), module)]
}

/// The rule that every setting says what may be in it.
pub(super) fn settings_without_a_type(module: &ModuleFile) -> Vec<Finding> {
    let says =
        |it: &Map<String, Value>| SAYING_A_TYPE.iter().any(|keyword| it.contains_key(*keyword));
    let told = settings(module).into_iter().filter(|(_, setting)| !says(setting)).map(|(name, _)| {
        let message = format!(
            "the setting `{name}` has no type in the schema, and the form shows an error in its place: give it a \
             \"type\", or \"enum\""
        );
        finding(Finding::warning("schema-type", message), module)
    });
    told.collect()
}

/// The rule that every list says what is in it.
pub(super) fn lists_without_items(module: &ModuleFile) -> Vec<Finding> {
    let is_bare = |it: &Map<String, Value>| {
        it.get("type").is_some_and(|it| it == "array") && !it.contains_key("items")
    };
    let told = settings(module).into_iter().filter(|(_, setting)| is_bare(setting)).map(|(name, _)| {
        let message = format!(
            "the list `{name}` has no \"items\" in the schema, so the form cannot add any: say what is in the list"
        );
        finding(Finding::warning("schema-items", message), module)
    });
    told.collect()
}

/// All settings, with those inside of others, by their path.
fn settings(module: &ModuleFile) -> Vec<(String, Map<String, Value>)> {
    let mut found = Vec::new();
    if let Some(Value::Object(schema)) = module.schema() {
        settings_in(schema, "", &mut found);
    }
    found
}

fn settings_in(
    schema: &Map<String, Value>,
    at: &str,
    found: &mut Vec<(String, Map<String, Value>)>,
) {
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, setting) in properties.into_iter().flatten() {
        let Some(setting) = setting.as_object() else { continue };
        let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        settings_in(setting, &path, found);
        if let Some(items) = setting.get("items").and_then(Value::as_object) {
            settings_in(items, &path, found);
        }
        found.push((path, setting.clone()));
    }
}

fn finding(finding: Finding, module: &ModuleFile) -> Finding {
    finding.at(Place::file(&module.file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::module::testing::plugin;
    use crate::rules::testing::one;

    fn of(rule: fn(&ModuleFile) -> Vec<Finding>, schema: &str) -> Vec<Finding> {
        rule(&plugin(schema, ""))
    }

    #[test]
    fn a_root_that_is_no_object_is_an_error() {
        one(
            &of(form_is_an_object, r#"{"type":"array"}"#),
            "plugin.wasm",
            &["\"array\"", "properties"],
        );
        one(&of(form_is_an_object, r#"{"properties":{}}"#), "plugin.wasm", &["no type"]);
        for fine in ["{}", r#"{"type":"object"}"#, r#"{"oneOf":[]}"#] {
            assert_eq!(of(form_is_an_object, fine), [], "{fine}");
        }
    }

    #[test]
    fn a_choice_at_the_root_is_a_warning_that_names_the_server() {
        let schema = r#"{"type":"object","oneOf":[{"properties":{}}]}"#;
        let found = one(&of(choices_at_the_root, schema), "plugin.wasm", &["oneOf", "2.23"]);
        assert!(!found.is_error());
        assert_eq!(of(choices_at_the_root, r#"{"type":"object"}"#), []);
    }

    #[test]
    fn a_setting_with_a_name_of_the_server_is_an_error() {
        let schema = r#"{"type":"object","properties":{"enableDebug":{"type":"boolean"}}}"#;
        one(&of(reserved_settings, schema), "plugin.wasm", &["`enableDebug`", "name it otherwise"]);
        assert_eq!(of(reserved_settings, r#"{"type":"object","properties":{"debug":{}}}"#), []);
    }

    #[test]
    fn a_setting_without_a_type_is_named_by_its_path() {
        let schema = r#"{"type":"object","properties":{"a":{"type":"object","properties":{"b":{"title":"B"}}}}}"#;
        one(&of(settings_without_a_type, schema), "plugin.wasm", &["`a.b`"]);
        let fine = r#"{"type":"object","properties":{"a":{"enum":[1]},"b":{"type":"number"}}}"#;
        assert_eq!(of(settings_without_a_type, fine), []);
    }

    #[test]
    fn a_list_of_nothing_in_particular_is_named() {
        let schema = r#"{"type":"object","properties":{"a":{"type":"array"}}}"#;
        one(&of(lists_without_items, schema), "plugin.wasm", &["`a`", "items"]);
        let fine =
            r#"{"type":"object","properties":{"a":{"type":"array","items":{"type":"number"}}}}"#;
        assert_eq!(of(lists_without_items, fine), []);
    }
}
