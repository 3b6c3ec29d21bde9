//! The JSON Schema of a configuration, as the server's form wants it.
//!
//! The form is drawn by `@rjsf/core` from a draft-07 schema without references. The first
//! paragraph of a field's doc comment is its label, the rest its help text.

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde_json::Value;

/// How many bytes of a schema the server reads; a longer one is cut and the form is lost.
pub(crate) const MAX_BYTES: usize = 8192;

/// The schema of `C`, minified.
#[must_use]
pub(crate) fn of<C: JsonSchema>() -> String {
    let mut settings = SchemaSettings::draft07();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    let mut schema = settings.into_generator().into_root_schema_for::<C>();
    // The root's title would be the name of a Rust type.
    schema.remove("title");
    let description = schema.remove("description");
    ForTheForm.transform(&mut schema);
    if let Some(description) = description {
        schema.insert("description".into(), description);
    }
    if schema.get("properties").is_none() {
        schema.insert("properties".into(), Value::Object(serde_json::Map::new()));
    }
    schema.to_value().to_string()
}

/// The first paragraph becomes the label, the rest the help text.
fn label(schema: &mut Schema, text: &str) {
    let (label, help) = match text.split_once("\n\n") {
        Some((label, help)) => (label, Some(help)),
        None => (text, None),
    };
    let label = label.replace('\n', " ");
    schema.insert("title".into(), label.trim_end_matches('.').into());
    if let Some(help) = help {
        schema.insert("description".into(), help.replace('\n', " ").into());
    }
}

struct ForTheForm;

impl Transform for ForTheForm {
    fn transform(&mut self, schema: &mut Schema) {
        if schema.get("title").is_none()
            && let Some(Value::String(text)) = schema.remove("description")
        {
            label(schema, &text);
        }
        // Names of Rust's number types are no formats of JSON Schema, and the form warns of them.
        let is_rust = |format: &Value| {
            matches!(format.as_str(), Some("double" | "float" | "char"))
                || format
                    .as_str()
                    .is_some_and(|format| format.starts_with("int") || format.starts_with("uint"))
        };
        if schema.get("format").is_some_and(is_rust) {
            schema.remove("format");
        }
        // A form would fill in the stars of a secret, and save them as one.
        if schema.get("default").is_some_and(|default| default.to_string().contains("\"***\"")) {
            schema.remove("default");
        }
        transform_subschemas(self, schema);
        make_a_choice(schema);
    }
}

/// A group of settings that may be left out becomes a choice. The form draws the plain schema of one
/// as if it had to be filled in, and cannot be saved before it was.
fn make_a_choice(schema: &mut Schema) {
    let is_optional = schema.get("type").and_then(Value::as_array).is_some_and(|types| {
        types.len() == 2
            && types.iter().any(|it| it == "object")
            && types.iter().any(|it| it == "null")
    });
    let Some(object) = schema.as_object_mut().filter(|_| is_optional) else {
        return;
    };
    let mut group = serde_json::Map::from_iter([
        ("title".to_owned(), Value::from("Set")),
        ("type".to_owned(), Value::from("object")),
    ]);
    for key in ["properties", "required", "additionalProperties"] {
        group.extend(object.shift_remove(key).map(|value| (key.to_owned(), value)));
    }
    object.shift_remove("type");
    let nothing = serde_json::json!({"title": "Not set", "type": "null"});
    object.insert("anyOf".to_owned(), Value::Array(vec![nothing, Value::Object(group)]));
}

/// What is wrong with a schema, in a sentence; `None` where the server can use it.
#[must_use]
pub(crate) fn problem(schema: &str) -> Option<String> {
    if schema.len() > MAX_BYTES {
        return Some(format!(
            "the configuration form takes {} bytes of JSON Schema and the server reads {MAX_BYTES}: \
             shorten doc comments of the configuration, or give it fewer settings",
            schema.len()
        ));
    }
    if schema.contains("\"$ref\"") {
        return Some(
            "the configuration type contains itself, and the server's form cannot draw that: \
             give it a fixed depth"
                .into(),
        );
    }
    let properties = crate::json::object(schema);
    if let Ok(properties) = &properties
        && !properties.iter().any(|(key, value)| key == "type" && *value == "\"object\"")
    {
        return Some("the configuration is no struct, and the server knows no other form".into());
    }
    properties.err().map(|error| format!("the configuration's schema is not JSON: {error}"))
}

/// What to hand to the server: the schema, or one that says why there is no form. A schema that
/// the server cannot read would make the plugin vanish from its list.
pub(crate) fn or_excuse(schema: String) -> String {
    let Some(excuse) = problem(&schema) else {
        return schema;
    };
    let mut text = String::from("{\"type\":\"object\",\"properties\":{},\"description\":");
    text.push_str(&crate::json::quoted(&excuse));
    text.push('}');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the boat may swing.
    #[derive(serde::Deserialize, serde::Serialize, JsonSchema, Default)]
    #[serde(rename_all = "camelCase", default)]
    #[allow(dead_code)]
    struct Config {
        /// Alarm radius (m).
        ///
        /// The distance from the anchor
        /// at which the alarm goes on.
        #[schemars(range(min = 10.0, max = 1000.0))]
        max_radius: f64,
        count: Option<u8>,
        mode: Mode,
    }

    #[derive(serde::Deserialize, serde::Serialize, JsonSchema, Default)]
    enum Mode {
        #[default]
        /// By day.
        Day,
        /// By night.
        Night,
    }

    #[test]
    fn labels_and_help_come_from_doc_comments_in_the_order_of_the_fields() {
        assert_eq!(
            of::<Config>(),
            concat!(
                r#"{"type":"object","properties":{"#,
                r#""maxRadius":{"type":"number","description":"The distance from the anchor at which the alarm goes on.","#,
                r#""default":0.0,"minimum":10.0,"maximum":1000.0,"title":"Alarm radius (m)"},"#,
                r#""count":{"type":["integer","null"],"default":null,"minimum":0,"maximum":255},"#,
                r#""mode":{"oneOf":[{"type":"string","const":"Day","title":"By day"},"#,
                r#"{"type":"string","const":"Night","title":"By night"}],"default":"Day"}},"#,
                r#""description":"Where the boat may swing."}"#
            )
        );
    }

    #[test]
    fn a_group_of_settings_that_may_be_left_out_is_a_choice() {
        #[derive(serde::Deserialize, JsonSchema)]
        #[allow(dead_code)]
        struct Outer {
            /// Anchor.
            ///
            /// Where it lies.
            anchor: Option<Inner>,
            always: Inner,
        }
        #[derive(serde::Deserialize, JsonSchema)]
        #[allow(dead_code)]
        struct Inner {
            depth: f64,
        }
        assert_eq!(
            of::<Outer>(),
            concat!(
                r#"{"type":"object","properties":{"anchor":{"title":"Anchor","description":"Where it lies.","anyOf":["#,
                r#"{"title":"Not set","type":"null"},"#,
                r#"{"title":"Set","type":"object","properties":{"depth":{"type":"number"}},"required":["depth"]}]},"#,
                r#""always":{"type":"object","properties":{"depth":{"type":"number"}},"required":["depth"]}},"#,
                r#""required":["always"]}"#
            )
        );
    }

    #[test]
    fn no_configuration_is_an_object_without_properties() {
        assert!(of::<crate::config::NoConfig>().contains(r#""properties":{}"#));
    }

    #[test]
    fn a_schema_that_the_server_would_cut_becomes_a_form_that_says_so() {
        let schema = or_excuse(format!("{{\"title\":\"{}\"}}", "x".repeat(9000)));
        assert!(schema.len() < MAX_BYTES);
        let value: Value = serde_json::from_str(&schema).unwrap();
        assert!(value["description"].as_str().unwrap().contains("9012 bytes"));
    }

    #[test]
    fn a_type_that_contains_itself_is_a_problem() {
        #[derive(serde::Deserialize, JsonSchema)]
        #[allow(dead_code)]
        struct Loop {
            inner: Vec<Loop>,
        }
        assert!(problem(&of::<Loop>()).unwrap().contains("contains itself"));
        assert_eq!(problem(&of::<Config>()), None);
    }
}
