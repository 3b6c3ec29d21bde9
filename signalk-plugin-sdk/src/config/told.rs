//! Errors of settings in the words of the form.

use super::label;
use crate::error::{ConfigError, Error};
use crate::{schema, text};

/// Names the setting that an error is about as the form does, and quotes nothing from where a secret
/// is: a password may stand in a wrong place beside its own.
pub(crate) fn for_owner(mut error: Error, schema: &str) -> Error {
    if let Some(error) = error.config_error_mut() {
        explain(error, schema);
    }
    error
}

fn explain(error: &mut ConfigError, schema: &str) {
    const MISSING: &str = " is missing";
    let setting = label::of(schema, error.field());
    let problem = error.problem();
    let problem = if let Some(key) = problem.strip_suffix(MISSING) {
        [&*label::of(setting.schema, key).label, MISSING].concat()
    } else if setting.is_secret || schema::is_no_form(schema) {
        hidden(problem)
    } else {
        problem.to_owned()
    };
    error.tell(setting.label, problem);
}

/// `found …, expected …` without what was found.
fn hidden(problem: &str) -> String {
    const EXPECTED: &str = ", expected ";
    if !problem.starts_with("found ") || problem.starts_with("found ***,") {
        return problem.to_owned();
    }
    // The last one: what was found may say it, too.
    let mut expected = "";
    let mut rest = problem;
    while let Some(at) = text::find(rest, EXPECTED) {
        rest = rest.get(at + EXPECTED.len()..).unwrap_or_default();
        expected = rest;
    }
    if expected.is_empty() {
        return problem.to_owned();
    }
    ["found something else (not shown, for it may be secret)", EXPECTED, expected].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(problem: &str, schema: &str) -> String {
        for_owner(ConfigError::new("", problem).into(), schema).to_string()
    }

    #[test]
    fn of_settings_without_a_form_nothing_is_quoted_for_nobody_knows_what_is_a_secret() {
        let no_form = r#"{"type":"object","properties":{},"$comment":"no form","description":"x"}"#;
        assert_eq!(
            told("found the text \"hunter2\", expected a number", no_form),
            "Configuration: found something else (not shown, for it may be secret), expected a number"
        );
        let form = r#"{"type":"object","properties":{}}"#;
        assert!(told("found the text \"far\", expected a number", form).contains("far"));
    }
}
