//! Refuses what no form of the server can show. The author hears of it when the plugin is tested and built.

use serde_json::Value;
use signalk_plugin_contract::ENABLE_DEBUG;

use super::object::Object;
use crate::config;

/// Tells what is wrong, in a sentence, with a schema as schemars writes it.
pub(super) fn problem(schema: &Value) -> Option<String> {
    if schema.to_string().contains("\"$ref\"") {
        return Some(
            "the configuration type contains itself, and the server's form cannot draw that: \
             give it a fixed depth"
                .into(),
        );
    }
    let root = schema.as_object().filter(|root| root.get("type").is_some_and(|it| it == "object"));
    let Some(root) = root else {
        return Some(
            "the configuration is no struct, and the server knows no other form: write a struct \
             with named fields, and make what it is now one of them"
                .into(),
        );
    };
    if ["oneOf", "anyOf", "allOf"].into_iter().any(|keyword| root.contains_key(keyword)) {
        return Some(
            "the configuration is an enum, or has one that is flattened into it, and the form of \
             servers up to 2.23 does not show what is chosen there: make the enum a field of its own, \
             without #[serde(flatten)]"
                .into(),
        );
    }
    let properties = root.get("properties").and_then(Value::as_object);
    for reserved in [ENABLE_DEBUG, config::RESERVED] {
        if properties.is_some_and(|properties| properties.contains_key(reserved)) {
            return Some(format!(
                "a setting named `{reserved}` never reaches the plugin, for the server or the SDK \
                 keeps that name for itself: name it otherwise"
            ));
        }
    }
    within(root, "")
}

/// The first problem in a schema and what is below it. `path` says where it is.
fn within(schema: &Object, path: &str) -> Option<String> {
    let of_a_map = schema.get("additionalProperties").is_some_and(|it| *it != Value::Bool(false));
    if of_a_map || schema.contains_key("patternProperties") || schema.contains_key("propertyNames")
    {
        return Some(format!(
            "{} is a map, and the server's form has no button to add an entry to one: write a list \
             of structs, each with the key as a field (Vec<Entry>, struct Entry {{ name, value }}), \
             or leave it out of the form with #[schemars(skip)]",
            place(path)
        ));
    }
    if schema.contains_key("allOf") {
        return Some(format!(
            "{} has several enums that are flattened, and the form draws one at most: make each a \
             field of its own, without #[serde(flatten)]",
            place(path)
        ));
    }
    for keyword in ["anyOf", "oneOf"] {
        for option in schema.get(keyword).and_then(Value::as_array).into_iter().flatten() {
            if let Some(problem) = part(option, path) {
                return Some(problem);
            }
        }
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        let path = if path.is_empty() { name.clone() } else { [path, ".", name].concat() };
        if let Some(problem) = part(property, &path) {
            return Some(problem);
        }
    }
    let items = match schema.get("items") {
        Some(Value::Array(each)) => &**each,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let path = [path, "[]"].concat();
    items.iter().find_map(|item| part(item, &path))
}

fn part(schema: &Value, path: &str) -> Option<String> {
    match schema.as_object() {
        Some(schema) if says_what_it_takes(schema) => within(schema, path),
        _ => Some(format!(
            "{} takes any value, and the form has nothing to draw for that: give it a type of its \
             own, or leave it out of the form with #[schemars(skip)]",
            place(path)
        )),
    }
}

fn says_what_it_takes(schema: &Object) -> bool {
    ["type", "enum", "const", "anyOf", "oneOf", "allOf", "properties"]
        .into_iter()
        .any(|keyword| schema.contains_key(keyword))
}

fn place(path: &str) -> String {
    if path.is_empty() {
        return "the configuration".into();
    }
    ["the setting `", path, "`"].concat()
}
