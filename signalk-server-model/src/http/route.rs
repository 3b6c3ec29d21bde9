//! Express paths.

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::query::percent_decode;

/// The plugin's own endpoints in the order of their registration.
#[derive(Debug, Default)]
pub struct Router {
    routes: Vec<Route>,
}

/// An endpoint of the plugin.
#[derive(Debug)]
#[non_exhaustive]
pub struct Route {
    /// The method, in capitals.
    pub method: String,
    /// The path, as Express takes it.
    pub path: String,
    /// The export that is called.
    pub handler: String,
    pattern: Regex,
    keys: Vec<String>,
}

/// The outcome of looking for a route.
pub(super) enum Found {
    Handler { handler: String, params: Map<String, Value> },
    BadParameter,
    Nothing,
}

impl Router {
    /// Adds a route.
    ///
    /// # Errors
    ///
    /// If Express throws, which keeps the server from adding any further one.
    pub fn add(&mut self, method: &str, path: &str, handler: &str) -> Result<(), String> {
        let (pattern, keys) = translate(path);
        let pattern = Regex::new(&pattern)
            .map_err(|error| format!("the path {path:?} is no Express path: {error}"))?;
        self.routes.push(Route {
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            handler: handler.to_owned(),
            pattern,
            keys,
        });
        Ok(())
    }

    /// The routes in the order in which they were added.
    #[must_use]
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    pub(super) fn find(&self, method: &str, path: &str) -> Found {
        // HEAD is served by GET.
        let method = if method == "HEAD" { "GET" } else { method };
        for route in self.routes.iter().filter(|route| route.method == method) {
            let Some(captures) = route.pattern.captures(path) else { continue };
            let mut params = Map::new();
            for (key, found) in route.keys.iter().zip(captures.iter().skip(1)) {
                let Some(found) = found else { continue };
                match percent_decode(found.as_str()) {
                    Some(value) => params.insert(key.clone(), Value::from(value)),
                    None => return Found::BadParameter,
                };
            }
            return Found::Handler { handler: route.handler.clone(), params };
        }
        Found::Nothing
    }
}

/// An Express 4 path as a regular expression with the names of its groups: `:name`, `:name(\\d+)`,
/// `:name?`, `*`; brackets, `+` and `?` work as in a regular expression. Letter case and a slash at
/// the end make no difference.
fn translate(path: &str) -> (String, Vec<String>) {
    let mut pattern = String::from("(?i)^");
    let mut keys = Vec::new();
    let mut unnamed = 0;
    let mut name_unnamed = |keys: &mut Vec<String>| {
        keys.push(unnamed.to_string());
        unnamed += 1;
    };
    // The literal text between a parameter and the next one in the same part of the path.
    let mut between = String::new();
    let mut rest = path;
    while let Some(next) = rest.chars().next() {
        if let Some((slash, after)) = parameter_start(rest) {
            let end = after
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .unwrap_or(after.len());
            keys.push(after[..end].to_owned());
            rest = &after[end..];
            let mut group = format!("([^/{}]+?)", excluded(slash, &between));
            between.clear();
            if let Some(close) = rest.strip_prefix('(').and_then(|inner| inner.find(')')) {
                group = rest[..close + 2].to_owned();
                rest = &rest[close + 2..];
            }
            pattern.push_str(&format!("(?:{slash}{group})"));
            continue;
        }
        rest = &rest[next.len_utf8()..];
        match next {
            '/' | '*' => between.clear(),
            other => between.push(other),
        }
        match next {
            '*' => {
                name_unnamed(&mut keys);
                pattern.push_str("(.*)");
            }
            '.' => pattern.push_str("\\."),
            '/' if rest.starts_with('(') => {
                rest = &rest[1..];
                pattern.push_str("/(?:");
            }
            '(' => {
                if !rest.starts_with('?') {
                    name_unnamed(&mut keys);
                }
                pattern.push('(');
            }
            '\\' => {
                pattern.push('\\');
                if let Some(escaped) = rest.chars().next() {
                    pattern.push(escaped);
                    rest = &rest[escaped.len_utf8()..];
                }
            }
            other => pattern.push(other),
        }
    }
    pattern.push_str(if pattern.ends_with('/') { "?$" } else { "/?$" });
    (pattern, keys)
}

/// What a parameter does not contain besides a slash: the one character that parts it from the
/// parameter before it. Express looks at longer texts too, by a look-ahead that this engine lacks.
fn excluded(slash: &str, between: &str) -> String {
    let mut characters = between.chars();
    match (slash, characters.next(), characters.next()) {
        ("\\.", ..) => "\\.".to_owned(),
        ("", Some(only), None) if only.is_ascii_punctuation() => format!("\\{only}"),
        ("", Some(only), None) => only.to_string(),
        _ => String::new(),
    }
}

/// Splits off the slash or dot before a `:name`, if one begins here.
fn parameter_start(rest: &str) -> Option<(&'static str, &str)> {
    let (prefix, after) = if let Some(after) = rest.strip_prefix("/:") {
        ("/", after)
    } else if let Some(after) = rest.strip_prefix(".:") {
        ("\\.", after)
    } else {
        ("", rest.strip_prefix(':')?)
    };
    after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_').then_some((prefix, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(path: &str, request: &str) -> Option<String> {
        let mut router = Router::default();
        router.add("get", path, "h").unwrap();
        match router.find("GET", request) {
            Found::Handler { params, .. } => Some(Value::Object(params).to_string()),
            _ => None,
        }
    }

    #[test]
    fn parameters_are_taken_from_the_path_and_decoded() {
        assert_eq!(params("/api/item/:id", "/api/item/a%20b").unwrap(), r#"{"id":"a b"}"#);
        assert_eq!(params("/a/:x-:y", "/a/1-2-3").unwrap(), r#"{"x":"1-2","y":"3"}"#);
        assert_eq!(params("/a/:x.:y", "/a/1.2.3").unwrap(), r#"{"x":"1.2","y":"3"}"#);
        assert_eq!(params("/a/:n(\\d+)", "/a/12").unwrap(), r#"{"n":"12"}"#);
        assert_eq!(params("/a/:n(\\d+)", "/a/x"), None);
        assert_eq!(params("/a/:id?", "/a").unwrap(), "{}");
        assert_eq!(params("/files/*", "/files/a/b").unwrap(), r#"{"0":"a/b"}"#);
    }

    #[test]
    fn letter_case_and_a_last_slash_make_no_difference() {
        assert!(params("/api/Status", "/API/status/").is_some());
        assert!(params("/api/status", "/api/status/x").is_none());
        assert!(params("/api.json", "/apixjson").is_none());
    }

    #[test]
    fn a_bad_pattern_is_an_error() {
        let error = Router::default().add("get", "/a(", "h").unwrap_err();
        assert!(error.contains("/a("), "{error}");
    }
}
