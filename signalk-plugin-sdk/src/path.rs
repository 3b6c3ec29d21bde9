//! Paths of the Signal K data model.

use crate::error::{Error, Result};
use crate::text;

/// Refuses what the server would file under a wrong place, or drop.
pub(crate) fn check(path: &str) -> Result<()> {
    let problem = if path.is_empty() {
        "it is empty"
    } else if path.bytes().any(|byte| byte == b'/') {
        "write dots instead of slashes"
    } else if path.starts_with("vessels.") {
        "leave out the context, and set it with `context(…)` where it is another vessel"
    } else if path.starts_with('.') || path.ends_with('.') || text::find(path, "..").is_some() {
        "a part between two dots is empty"
    } else if path.bytes().any(|byte| byte <= b' ' || byte == b'*' || byte == 0x7f) {
        "it holds white space or a star"
    } else {
        return Ok(());
    };
    Err(Error::msg(format!("\"{path}\" is not a Signal K path: {problem}")))
}
