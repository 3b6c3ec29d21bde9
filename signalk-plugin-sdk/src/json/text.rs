//! Searching and quoting text.

/// Where `needle` first stands in `text`. The standard library's own search is made for large
/// texts, and three kilobytes itself.
pub(crate) fn find(text: &str, needle: &str) -> Option<usize> {
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    let Some(first) = needle.first() else {
        return Some(0);
    };
    text.windows(needle.len()).position(|window| window.first() == Some(first) && window == needle)
}

/// Splits `text` around the first `needle`.
pub(crate) fn split<'t>(text: &'t str, needle: &str) -> Option<(&'t str, &'t str)> {
    let at = find(text, needle)?;
    Some((text.get(..at)?, text.get(at + needle.len()..)?))
}

/// `text` as a JSON string, quotes included.
pub(crate) fn quoted(text: &str) -> String {
    // Writing a string to memory has no way to fail.
    super::to_string(text).unwrap_or_default()
}

/// An object of keys and values that are JSON.
pub(crate) fn object_of<'t, K: AsRef<str>>(
    entries: impl IntoIterator<Item = (K, &'t str)>,
) -> String {
    let mut text = String::from("{");
    for (key, value) in entries {
        push_entry(&mut text, key.as_ref(), value);
    }
    text.push('}');
    text
}

/// Adds an entry to an object that was begun with its brace.
pub(crate) fn push_entry(object: &mut String, key: &str, value: &str) {
    if object.len() > 1 {
        object.push(',');
    }
    object.push_str(&quoted(key));
    object.push(':');
    object.push_str(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_finds_what_the_standard_library_finds() {
        for (text, needle) in [
            ("", ""),
            ("", "a"),
            ("abc", ""),
            ("abcabc", "bc"),
            ("aab", "ab"),
            ("ab", "abc"),
            ("öä", "ä"),
        ] {
            assert_eq!(find(text, needle), text.find(needle), "{needle:?} in {text:?}");
        }
        assert_eq!(split("a, b, c", ", "), Some(("a", "b, c")));
    }
}
