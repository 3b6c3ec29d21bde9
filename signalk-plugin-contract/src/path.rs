//! The rule for Signal K paths.

/// Why a string is not a Signal K path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// It is empty.
    Empty,
    /// It holds a slash, where a path has dots.
    Slash,
    /// It holds white space or a control character.
    WhiteSpace,
    /// A part before, between or after dots is empty.
    EmptyPart,
    /// It begins with `vessels.`, a context, which stands in a delta beside the paths.
    Context,
    /// It holds a star, which only patterns have.
    Star,
}

/// Finds what is wrong with a path that is sent to the server, which would file the value under a wrong
/// place, or drop it. A pattern is right if its only problem is [`Problem::Star`].
#[must_use]
pub fn problem(path: &str) -> Option<Problem> {
    let path = path.as_bytes();
    let has = |unwanted: fn(u8) -> bool| path.iter().any(|byte| unwanted(*byte));
    if path.is_empty() {
        Some(Problem::Empty)
    } else if has(|byte| byte == b'/') {
        Some(Problem::Slash)
    } else if has(|byte| byte <= b' ' || byte == 0x7f) {
        Some(Problem::WhiteSpace)
    } else if path.split(|byte| *byte == b'.').any(<[u8]>::is_empty) {
        Some(Problem::EmptyPart)
    } else if path.starts_with(b"vessels.") {
        Some(Problem::Context)
    } else if has(|byte| byte == b'*') {
        Some(Problem::Star)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_has_its_problem_and_a_path_has_none() {
        for (path, expected) in [
            ("navigation.position", None),
            ("electrical.switches.bank-1.0.state", None),
            ("vessels", None),
            ("", Some(Problem::Empty)),
            ("navigation/position", Some(Problem::Slash)),
            ("vessels.self.navigation.position", Some(Problem::Context)),
            (".navigation", Some(Problem::EmptyPart)),
            ("navigation.", Some(Problem::EmptyPart)),
            ("navigation..position", Some(Problem::EmptyPart)),
            ("navigation. position", Some(Problem::WhiteSpace)),
            ("navigation\u{7f}", Some(Problem::WhiteSpace)),
            ("tanks.*.level", Some(Problem::Star)),
        ] {
            assert_eq!(problem(path), expected, "{path}");
        }
    }
}
