//! Errors of settings in the words of the form.

use super::label;
use crate::error::{ConfigError, Error};
use crate::json;

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
    } else if json::find(setting.schema, "\"format\":\"password\"").is_some() {
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
    while let Some(at) = json::find(rest, EXPECTED) {
        rest = rest.get(at + EXPECTED.len()..).unwrap_or_default();
        expected = rest;
    }
    if expected.is_empty() {
        return problem.to_owned();
    }
    ["found something else (not shown, for it may be secret)", EXPECTED, expected].concat()
}
