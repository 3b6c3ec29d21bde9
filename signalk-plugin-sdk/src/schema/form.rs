//! From what schemars writes to what the server's form can draw and save.
//!
//! The form posts the settings as it got them, with what it does not show and with the key that the
//! SDK keeps for itself, so nothing may forbid keys that a schema does not name. serde does that
//! where the author wants it.

use serde_json::{Value, json};

use super::object::Object;
use super::{choice, default, label};

/// The largest whole number that JavaScript, and so the server, keeps to its last digit.
const MOST_EXACT: i64 = (1 << 53) - 1;

/// Keywords of the root that reach the form. Servers up to 2.23 take description and properties alone.
const OF_THE_ROOT: [&str; 4] = ["type", "properties", "required", "description"];

pub(super) fn of(written: Value) -> Value {
    let Value::Object(mut root) = written else {
        return written;
    };
    // Its title would be the name of a Rust type, and its doc comment has no label.
    root.shift_remove("title");
    let description = root.shift_remove("description");
    normalize(&mut root);
    root.extend(description.map(|text| ("description".to_owned(), text)));
    root.retain(|keyword, _| OF_THE_ROOT.contains(&&**keyword));
    root.entry("properties").or_insert_with(|| json!({}));
    Value::Object(root)
}

fn normalize(schema: &mut Object) {
    label::of_doc_comment(schema);
    formats(schema);
    // A form would fill in the stars of a secret, and save them as one.
    if schema.get("default").is_some_and(|default| default.to_string().contains("\"***\"")) {
        schema.shift_remove("default");
    }
    default::move_inwards(schema);
    for schema in parts(schema) {
        normalize(schema);
    }
    allow_other_keys(schema);
    // A box that is not ticked posts nothing until it was ticked once.
    if schema.get("type").is_some_and(|it| it == "boolean") && !schema.contains_key("const") {
        schema.entry("default").or_insert(Value::Bool(false));
    }
    choice::make(schema);
    label::of_list(schema);
}

/// The schemas in a schema.
fn parts(schema: &mut Object) -> Vec<&mut Object> {
    let mut parts = Vec::new();
    for (keyword, value) in schema {
        match (&**keyword, value) {
            ("properties" | "patternProperties", Value::Object(named)) => {
                parts.extend(named.values_mut().filter_map(Value::as_object_mut));
            }
            ("items" | "anyOf" | "oneOf" | "allOf", Value::Array(list)) => {
                parts.extend(list.iter_mut().filter_map(Value::as_object_mut));
            }
            ("items" | "additionalProperties", Value::Object(one)) => parts.push(one),
            _ => {}
        }
    }
    parts
}

/// The formats that the form draws or checks. It warns of others, such as the names of Rust's types,
/// and its picker for the time of day leaves out the zone that its own check wants.
fn formats(schema: &mut Object) {
    const KNOWN: [&str; 14] = [
        "color",
        "date",
        "date-time",
        "duration",
        "email",
        "hostname",
        "ipv4",
        "ipv6",
        "password",
        "textarea",
        "uri",
        "uri-reference",
        "url",
        "uuid",
    ];
    let Some(Value::String(format)) = schema.get("format") else {
        return;
    };
    if KNOWN.contains(&&**format) {
        return;
    }
    let bounds = match &**format {
        "uint64" | "uint128" => Some((0, MOST_EXACT)),
        "int64" | "int128" => Some((-MOST_EXACT, MOST_EXACT)),
        // On a boat, the plugin runs where those without a width have 32 bits.
        "uint" => Some((0, i64::from(u32::MAX))),
        "int" => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
        _ => None,
    };
    schema.shift_remove("format");
    if let Some((least, most)) = bounds {
        let least_known = schema.get("minimum").and_then(Value::as_f64);
        if least_known.is_none_or(|known| known < least as f64) {
            schema.insert("minimum".to_owned(), least.into());
        }
        let most_known = schema.get("maximum").and_then(Value::as_f64);
        if most_known.is_none_or(|known| known > most as f64) {
            schema.insert("maximum".to_owned(), most.into());
        }
    }
}

/// A map's own values keep their schema, for the limits in it. What may be a map by an enum is said to be
/// one, for keys that are variants by another name.
fn allow_other_keys(schema: &mut Object) {
    let others = schema.get("additionalProperties");
    if others == Some(&Value::Bool(false))
        && !schema.contains_key("required")
        && has_equal_properties(schema)
    {
        schema.insert("$comment".to_owned(), "map".into());
    }
    for keyword in ["additionalProperties", "unevaluatedProperties"] {
        if schema.get(keyword).is_some_and(Value::is_boolean) {
            schema.shift_remove(keyword);
        }
    }
}

fn has_equal_properties(schema: &Object) -> bool {
    let properties = schema.get("properties").and_then(Value::as_object);
    let mut values = properties.into_iter().flat_map(|it| it.values());
    let first = values.next();
    first.is_some() && values.all(|value| Some(value) == first)
}
