//! Paths of the Signal K data model.

use signalk_plugin_contract::path::{self, Problem};

use crate::error::{Error, Result};

/// Refuses what the server would file under a wrong place, or drop.
pub(crate) fn check(path: &str) -> Result<()> {
    let problem = match path::problem(path) {
        None => return Ok(()),
        Some(Problem::Empty) => "it is empty",
        Some(Problem::Slash) => "write dots instead of slashes",
        Some(Problem::Context) => {
            "leave out the context, and set it with `context(…)` where it is another vessel"
        }
        Some(Problem::EmptyPart) => "a part between two dots is empty",
        Some(Problem::WhiteSpace | Problem::Star) => "it holds white space or a star",
    };
    Err(Error::msg(format!("\"{path}\" is not a Signal K path: {problem}")))
}
