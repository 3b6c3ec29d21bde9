//! Signal K paths and contexts, checked when the plugin is compiled.

use signalk_plugin_contract::path::{self, Problem};
use syn::LitStr;

use crate::mistakes::Mistakes;
use crate::parts;
pub(crate) use crate::parts::Use;
use signalk_plugin_contract::spelling::nearest;

/// The keys at the root of the Signal K schema, beside "self" and "version".
const KINDS: [&str; 6] = ["vessels", "aircraft", "aton", "sar", "shore", "atons"];

/// The paths that braces make of one, which is right as it is written; `None` if they make no sense.
pub(crate) fn expanded(
    literal: &LitStr,
    usage: Use,
    mistakes: &mut Mistakes,
) -> Option<Vec<LitStr>> {
    let path = literal.value();
    match parts::alternatives(&path) {
        Ok(paths) if paths.len() == 1 => Some(vec![literal.clone()]),
        Ok(paths) => {
            let paths = paths.iter().map(|path| LitStr::new(path, literal.span()));
            let paths: Vec<_> = paths.collect();
            paths.iter().all(|path| check_path(path, usage, mistakes)).then_some(paths)
        }
        Err(problem) => {
            mistakes.at(literal, format!("\"{path}\" is not a Signal K path: {problem}"));
            None
        }
    }
}

/// Notes what is wrong with a path pattern; whether it is right.
pub(crate) fn check_path(literal: &LitStr, usage: Use, mistakes: &mut Mistakes) -> bool {
    let path = literal.value();
    let problem = problem(&path, usage);
    if let Some(problem) = &problem {
        let path = as_written(&path);
        mistakes.at(literal, format!("\"{path}\" is not a Signal K path: {problem}"));
    }
    problem.is_none()
}

/// A text with what cannot be seen in it as a literal has it.
fn as_written(text: &str) -> String {
    let write = |char: char| match char {
        '\'' => "'".to_owned(),
        char => char.escape_debug().to_string(),
    };
    text.chars().map(write).collect()
}

fn problem(path: &str, usage: Use) -> Option<String> {
    if path.contains(is_unseen) {
        let seen = path.replace(is_unseen, "");
        return Some(format!("it holds a character that nobody can see; write \"{seen}\""));
    }
    let spaced = || {
        let bare = path.replace(char::is_whitespace, "");
        Some(format!("it holds white space; write \"{bare}\""))
    };
    match path::problem(path) {
        // The root of a context.
        Some(Problem::Empty) if usage != Use::Put => return None,
        Some(Problem::Empty) => {
            return Some("it is empty; write `#[put(\"navigation.anchor.position\")]`".into());
        }
        Some(Problem::Slash) => {
            let dotted = path.trim_matches('/').replace('/', ".");
            return Some(format!("write \"{dotted}\""));
        }
        Some(Problem::WhiteSpace) => return spaced(),
        _ if path.contains(char::is_whitespace) => return spaced(),
        // The server would take it, but nobody means it.
        _ if path.contains(['"', '\'', '\\']) => {
            let bare = path.replace(['"', '\'', '\\'], "");
            return Some(format!("it holds a quotation mark or a backslash; write \"{bare}\""));
        }
        Some(Problem::EmptyPart) => {
            let parts: Vec<_> = path.split('.').filter(|part| !part.is_empty()).collect();
            let whole = parts.join(".");
            return Some(format!("a part between two dots is empty; write \"{whole}\""));
        }
        // A pattern may have stars, and for contexts there is better advice.
        Some(Problem::Star | Problem::Context) | None => {}
    }
    parts::problem(path, usage).or_else(|| with_context(path, usage))
}

/// Tells of a path that begins with whose it is.
fn with_context(path: &str, usage: Use) -> Option<String> {
    let of_own = |rest: &str| format!("the own ship is meant anyway, so write \"{rest}\"");
    let (kind, rest) = path.split_once('.').unwrap_or((path, ""));
    if kind == "self" {
        return Some(match rest {
            "" => "it is the own ship itself; write a path of it, as in \"navigation.position\""
                .into(),
            rest => of_own(rest),
        });
    }
    if !KINDS.contains(&kind) {
        return None;
    }
    let (id, rest) = rest.split_once('.').unwrap_or((rest, ""));
    // The schema has nothing of these names in a vessel, but a plugin may have invented `shore.power`.
    let is_certain = kind == "vessels" || rest.is_empty() || !matches!(kind, "shore" | "sar");
    if !is_certain && !id.starts_with("urn:") && !matches!(id, "*" | "self") {
        return None;
    }
    let rest = if rest.is_empty() { "navigation.position" } else { rest };
    let id = if id.is_empty() { "*" } else { id };
    Some(match usage {
        _ if (kind, id) == ("vessels", "self") => of_own(rest),
        Use::Model => format!("write `model(context = \"{kind}.{id}\", \"{rest}\")`"),
        Use::Put if id == "*" => {
            format!("write `\"{rest}\"` for the own ship, or add `context = \"{kind}.urn:…\"`")
        }
        Use::Delta | Use::Put => format!("write `\"{rest}\", context = \"{kind}.{id}\"`"),
    })
}

/// Tells whether a character leaves nothing on the screen, so that nobody finds it in what was pasted.
pub(crate) fn is_unseen(char: char) -> bool {
    let is_format = matches!(
        char,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    (char.is_control() && !char.is_whitespace()) || is_format
}

/// Notes what is wrong with a context pattern.
pub(crate) fn check_context(literal: &LitStr, mistakes: &mut Mistakes) {
    let context = literal.value();
    if context == "*" {
        return;
    }
    let bare = context.replace(|char: char| is_unseen(char) || char.is_whitespace(), "");
    let bare = bare.replace(['"', '\'', '\\'], "");
    // The schema lets a vessel be named by an address, too.
    if bare == context && bare.starts_with("vessels.http") {
        return;
    }
    let parts: Vec<_> = bare.split(['.', '/']).filter(|part| !part.is_empty()).collect();
    let hint = match (parts.as_slice(), parts.first()) {
        (["self"], _) => {
            "write \"vessels.self\", or leave `context` out, which says the same".to_owned()
        }
        (["vessels", "self", rest @ ..], _) if !rest.is_empty() => {
            format!("the path is written for itself: write `#[delta(\"{}\")]`", rest.join("."))
        }
        ([kind], _) if KINDS.contains(kind) => format!("write \"{kind}.*\""),
        ([_, _, ..], Some(kind)) if KINDS.contains(kind) => {
            let right = parts.join(".");
            if right == context {
                return;
            }
            format!("write \"{right}\"")
        }
        ([_, rest @ ..], Some(kind)) => match nearest(kind, KINDS) {
            Some(meant) if rest.is_empty() => format!("write \"{meant}.*\""),
            Some(meant) => format!("write \"{meant}.{}\"", rest.join(".")),
            None => anything(),
        },
        _ => anything(),
    };
    let context = as_written(&context);
    mistakes.at(literal, format!("\"{context}\" is not a Signal K context: {hint}"));
}

fn anything() -> String {
    "write \"vessels.*\" for all vessels, \"*\" for everything, or a context such as \
     \"vessels.urn:mrn:imo:mmsi:244123456\""
        .to_owned()
}
