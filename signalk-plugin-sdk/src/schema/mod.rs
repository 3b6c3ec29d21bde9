//! The JSON Schema of a configuration, as the server's form wants it.
//!
//! The form is drawn by `@rjsf/core` 5 from a draft-07 schema without references, and checked by
//! ajv. The first paragraph of a doc comment is a label, the rest its help text. [`form`] turns what
//! schemars writes into what that library draws; [`fit`] knows what it cannot draw at all.

mod choice;
mod default;
mod fit;
mod form;
mod label;
mod object;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// The most bytes of a schema that the server reads; a longer one is cut and the form is lost.
pub(crate) use signalk_plugin_contract::TEXT_BUFFER as MAX_BYTES;

/// The schema of `C`, minified.
#[must_use]
#[cfg_attr(not(test), expect(dead_code))]
pub(crate) fn of<C: JsonSchema>() -> String {
    form::of(written::<C>()).to_string()
}

/// The schema of `C` to hand to the server, or one that says why there is no form. A schema that the
/// server cannot read would make the plugin vanish from its list.
pub(crate) fn or_excuse<C: JsonSchema>() -> String {
    match checked::<C>() {
        Ok(schema) => schema,
        Err(problem) => excuse(&problem),
    }
}

/// Tells what keeps the schema of `C` from being a form, in a sentence that says what to write instead.
#[cfg(not(target_family = "wasm"))]
#[must_use]
pub(crate) fn problem<C: JsonSchema>() -> Option<String> {
    checked::<C>().err()
}

fn checked<C: JsonSchema>() -> Result<String, String> {
    let written = written::<C>();
    if let Some(problem) = fit::problem(&written) {
        return Err(problem);
    }
    let schema = form::of(written).to_string();
    match too_long(&schema) {
        Some(problem) => Err(problem),
        None => Ok(schema),
    }
}

/// The schema that schemars makes of the type.
fn written<C: JsonSchema>() -> Value {
    let mut settings = SchemaSettings::draft07();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    settings.into_generator().into_root_schema_for::<C>().to_value()
}

fn too_long(schema: &str) -> Option<String> {
    let length = schema.len();
    (length > MAX_BYTES).then(|| {
        format!(
            "the configuration form takes {length} bytes of JSON Schema and the server reads \
             {MAX_BYTES}: shorten doc comments of the configuration, or give it fewer settings"
        )
    })
}

/// The mark by which the build, too, knows it.
const NO_FORM: &str = "\"$comment\":\"no form\"";

/// Tells whether a schema is one of [`excuse`].
pub(crate) fn is_no_form(schema: &str) -> bool {
    crate::text::find(schema, NO_FORM).is_some()
}

/// A form without settings. It can be saved, and keeps what was there. By its comment the build knows
/// that it is none, and stops.
fn excuse(problem: &str) -> String {
    let schema = crate::json::ObjectWriter::new().string("type", "object").json("properties", "{}");
    schema.entries_of(&["{", NO_FORM, "}"].concat()).string("description", problem).end()
}
