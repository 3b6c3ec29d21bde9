//! The places of defaults. The form takes those of the innermost settings and then those around them,
//! serde the other way round: a group that is not there at all is as the type around it says.

use serde_json::Value;

use super::object::Object;

/// Moves the default of a group to the settings in it.
pub(super) fn move_inwards(schema: &mut Object) {
    let Some(Value::Object(default)) = schema.get("default").cloned() else {
        return;
    };
    give(schema, &default);
    let is_choice = ["anyOf", "oneOf"].into_iter().any(|keyword| schema.contains_key(keyword));
    // A choice needs it, to know what is chosen.
    if schema.get("type").is_some_and(|it| it == "object") && !is_choice {
        schema.shift_remove("default");
    }
}

fn give(schema: &mut Object, default: &Object) {
    for keyword in ["anyOf", "oneOf"] {
        let options = schema.get_mut(keyword).and_then(Value::as_array_mut);
        let mut options = options.into_iter().flatten().filter_map(Value::as_object_mut);
        if let Some(option) = options.find(|option| is_for(option, default)) {
            give(option, default);
        }
    }
    let Some(Value::Object(properties)) = schema.get_mut("properties") else {
        return;
    };
    for (name, value) in default {
        match properties.get_mut(name) {
            Some(Value::Object(property)) if !property.contains_key("const") => {
                property.insert("default".to_owned(), value.clone());
            }
            _ => {}
        }
    }
}

/// Tells whether an option is the one that a default takes.
fn is_for(option: &Object, default: &Object) -> bool {
    for keyword in ["anyOf", "oneOf"] {
        if let Some(Value::Array(options)) = option.get(keyword) {
            let mut options = options.iter().filter_map(Value::as_object);
            return options.any(|option| is_for(option, default));
        }
    }
    let Some(Value::Object(properties)) = option.get("properties") else {
        return false;
    };
    let required = option.get("required").and_then(Value::as_array).into_iter().flatten();
    let mut required = required.filter_map(Value::as_str);
    required.all(|name| {
        let is_tag_of_another = properties.get(name).is_some_and(|property| {
            property.get("const").is_some_and(|tag| Some(tag) != default.get(name))
        });
        default.contains_key(name) && !is_tag_of_another
    })
}
