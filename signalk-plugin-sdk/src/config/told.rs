//! Errors of settings in the words of the form.

use super::label;
use crate::error::{ConfigError, Error};

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
    } else if setting.schema.contains("\"format\":\"password\"") {
        hidden(problem)
    } else {
        problem.to_owned()
    };
    error.tell(setting.label, problem);
}

/// `found …, expected …` without what was found.
fn hidden(problem: &str) -> String {
    match problem.rsplit_once(", expected ") {
        Some((found, expected)) if found.starts_with("found ") && !found.contains("***") => {
            let found = "found something else (not shown, for it may be secret), expected ";
            [found, expected].concat()
        }
        _ => problem.to_owned(),
    }
}
