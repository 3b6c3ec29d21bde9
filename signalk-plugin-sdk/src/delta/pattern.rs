//! Path and context patterns, and the scan that spares parsing a delta that nobody wants.

use crate::text;

/// Whether `text` fits `pattern`, in which `*` stands for any run of characters, dots included, as in
/// the server's own subscriptions: `navigation.*`, `propulsion.*.temperature`, `*`.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    match text::split(pattern, "*") {
        Some((start, rest)) => fits(start, rest, text),
        None => pattern == text,
    }
}

/// A pattern with a `*`, split once.
#[derive(Debug)]
pub(crate) struct Pattern {
    /// The part before the first `*`, and that behind it.
    start: &'static str,
    rest: &'static str,
}

impl Pattern {
    /// `None` for one without a `*`, which is the path itself.
    pub(crate) fn new(pattern: &'static str) -> Option<Self> {
        let (start, rest) = text::split(pattern, "*")?;
        Some(Self { start, rest })
    }

    /// As [`matches`].
    pub(crate) fn matches(&self, text: &str) -> bool {
        fits(self.start, self.rest, text)
    }
}

fn fits(start: &str, mut pattern: &str, text: &str) -> bool {
    let Some(mut text) = text.strip_prefix(start) else {
        return false;
    };
    while let Some((part, rest)) = text::split(pattern, "*") {
        let Some((_, after)) = text::split(text, part) else {
            return false;
        };
        (pattern, text) = (rest, after);
    }
    text.ends_with(pattern)
}

/// Calls `wanted` with every path that the JSON text of a delta names, until it says yes.
///
/// It finds each `"path"` key without parsing, so a nested key of that name is offered too: it may
/// say yes to a delta that turns out to be of no use, and never no to one that is. It is no way for a
/// text that [has escapes](has_escapes).
pub(crate) fn names_a_path(delta: &str, mut wanted: impl FnMut(&str) -> bool) -> bool {
    let mut rest = delta;
    while let Some((_, after)) = text::split(rest, "\"path\"") {
        rest = after;
        // As JavaScript writes it, or with white space.
        let value = rest.strip_prefix(":\"").or_else(|| {
            let value = skip_space(rest).strip_prefix(':').map(skip_space);
            value.and_then(|value| value.strip_prefix('"'))
        });
        let Some(value) = value else {
            continue;
        };
        let len = text::plain_len(value.as_bytes());
        let (Some(path), Some(after)) = (value.get(..len), value.get(len + 1..)) else {
            return false;
        };
        if wanted(path) {
            return true;
        }
        rest = after;
    }
    false
}

/// Tells whether some key or text may be written otherwise than it reads.
pub(crate) fn has_escapes(json: &str) -> bool {
    text::has_byte(json, b'\\')
}

fn skip_space(text: &str) -> &str {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    let spaces = text.bytes().take_while(is_space).count();
    text.get(spaces..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_without_a_star_is_the_path_itself() {
        assert!(matches("navigation.position", "navigation.position"));
        assert!(!matches("navigation.position", "navigation.positions"));
        assert!(!matches("navigation.position", "a.navigation.position"));
    }

    #[test]
    fn a_star_stands_for_any_run_of_characters() {
        assert!(matches("*", ""));
        assert!(matches("*", "navigation.position"));
        assert!(matches("navigation.*", "navigation.gnss.satellites"));
        assert!(matches("propulsion.*.temperature", "propulsion.port.temperature"));
        assert!(matches("propulsion.*.temperature", "propulsion.port.oil.temperature"));
        assert!(!matches("propulsion.*.temperature", "propulsion.temperature"));
        assert!(matches("a*b*c", "abbc"));
        assert!(!matches("a*b*c", "acb"));
        assert!(!matches("ab*ba", "aba"));
        assert!(matches("*.*", "a.b"));
    }

    #[test]
    fn the_scan_finds_each_path_with_or_without_white_space() {
        let json = r#"{"updates":[{"values":[{"path":"a.b","value":1},{"path" : "c.d" ,"value":"path"}]}]}"#;
        let mut seen = Vec::new();
        assert!(!names_a_path(json, |path| {
            seen.push(path.to_owned());
            false
        }));
        assert_eq!(seen, ["a.b", "c.d"]);
        assert!(names_a_path(json, |path| path == "c.d"));
    }

    #[test]
    fn what_is_written_with_escapes_is_taken_as_wanted() {
        for json in [
            r#"{"path":"a\u002eb"}"#,
            r#"{"p\u0061th":"a.b"}"#,
            r#"{"context":"vessels.urn\u003amrn"}"#,
        ] {
            assert!(has_escapes(json), "{json}");
        }
    }

    #[test]
    fn cut_text_ends_the_scan() {
        assert!(!names_a_path(r#"{"path":"a.b"#, |_| true));
        assert!(!names_a_path(r#"{"path""#, |_| true));
        assert!(!names_a_path("", |_| true));
    }
}
