//! Signal K paths and contexts, checked when the plugin is compiled.

use syn::LitStr;

use crate::mistakes::Mistakes;

/// Notes what is wrong with a path pattern.
pub(crate) fn check_path(literal: &LitStr, mistakes: &mut Mistakes) {
    let path = literal.value();
    if let Some(problem) = problem(&path) {
        mistakes.at(literal, format!("\"{path}\" is not a Signal K path: {problem}"));
    }
}

fn problem(path: &str) -> Option<String> {
    if path.is_empty() {
        return Some("it is empty; write `#[delta]` without a path to get whole deltas".into());
    }
    if path.contains('/') {
        return Some(format!("write \"{}\"", path.trim_matches('/').replace('/', ".")));
    }
    if let Some((rest, context)) = with_context(path) {
        return Some(match context {
            "vessels.self" => format!("the own ship is meant anyway, so write \"{rest}\""),
            _ => format!("write `\"{rest}\", context = \"{context}\"`"),
        });
    }
    if path.contains(char::is_whitespace) {
        return Some(format!(
            "it holds white space; write \"{}\"",
            path.replace(char::is_whitespace, "")
        ));
    }
    if path.split('.').any(str::is_empty) {
        let parts: Vec<_> = path.split('.').filter(|part| !part.is_empty()).collect();
        return Some(format!("a part between two dots is empty; write \"{}\"", parts.join(".")));
    }
    None
}

/// Splits `vessels.self.navigation.position` into path and context.
fn with_context(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix("vessels.")?;
    let end = rest.find('.')?;
    let at = "vessels.".len() + end;
    Some((&path[at + 1..], &path[..at]))
}

/// Notes what is wrong with a context pattern.
pub(crate) fn check_context(literal: &LitStr, mistakes: &mut Mistakes) {
    let context = literal.value();
    let first = context.split('.').next().unwrap_or_default();
    // What the Signal K schema has at its root, beside "self" and "version".
    const KINDS: [&str; 6] = ["vessels", "aircraft", "aton", "sar", "shore", "atons"];
    if context == "*"
        || (KINDS.contains(&first) && context.contains('.') && !context.ends_with('.'))
    {
        return;
    }
    let hint = match context.as_str() {
        "self" => "write \"vessels.self\", or leave `context` out, which says the same".to_owned(),
        _ if KINDS.contains(&context.as_str()) => format!("write \"{context}.*\""),
        _ => "write \"vessels.*\" for all vessels, \"*\" for everything, or a context such as \
              \"vessels.urn:mrn:imo:mmsi:244123456\""
            .to_owned(),
    };
    mistakes.at(literal, format!("\"{context}\" is not a Signal K context: {hint}"));
}
