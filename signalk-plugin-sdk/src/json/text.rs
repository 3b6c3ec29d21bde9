//! Searching, quoting and comparing text.

use super::{Raw, parser};

/// Where `needle` first stands in `text`. The standard library's own search is made for large
/// texts, and three kilobytes itself. This one looks at eight bytes at a time for the first two of
/// `needle`, of which the rest rarely follows.
pub(crate) fn find(text: &str, needle: &str) -> Option<usize> {
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    let (first, second) = match needle {
        [] => return Some(0),
        [byte] => return text.iter().position(|other| other == byte),
        [first, second, ..] => (repeated(*first), repeated(*second)),
    };
    let is_at = |at| text.get(at..).is_some_and(|rest| rest.starts_with(needle));
    let mut start = 0;
    let mut rest = text;
    // The highest bit of each byte that may be the first, of the eight before.
    let mut before = 0;
    while let Some((eight, behind)) = rest.split_first_chunk() {
        let eight = u64::from_le_bytes(*eight);
        let firsts = zeros(eight ^ first);
        let mut pairs = zeros(eight ^ second) & (firsts << 8 | before >> 56);
        while pairs != 0 {
            // Where the first byte is: the one before that of the lowest bit.
            let at = (start + pairs.trailing_zeros() as usize / 8).saturating_sub(1);
            if is_at(at) {
                return Some(at);
            }
            pairs &= pairs - 1;
        }
        before = firsts;
        start += 8;
        rest = behind;
    }
    (start.saturating_sub(1)..text.len()).find(|at| is_at(*at))
}

/// Tells whether one of the bytes is `byte`.
pub(crate) fn has_byte(text: &str, byte: u8) -> bool {
    let pattern = repeated(byte);
    let mut rest = text.as_bytes();
    while let Some((eight, behind)) = rest.split_first_chunk() {
        if zeros(u64::from_le_bytes(*eight) ^ pattern) != 0 {
            return true;
        }
        rest = behind;
    }
    rest.contains(&byte)
}

/// The number of bytes up to the first that does not stand for itself in a JSON string: a quote, a backslash
/// or a control character.
pub(super) fn plain_len(bytes: &[u8]) -> usize {
    const CONTROLS: u64 = repeated(0x20);
    let mut rest = bytes;
    while let Some((eight, behind)) = rest.split_first_chunk() {
        let eight = u64::from_le_bytes(*eight);
        let controls = eight.wrapping_sub(CONTROLS) & !eight & repeated(0x80);
        let found = controls | zeros(eight ^ repeated(b'"')) | zeros(eight ^ repeated(b'\\'));
        if found != 0 {
            return bytes.len() - rest.len() + found.trailing_zeros() as usize / 8;
        }
        rest = behind;
    }
    let is_plain = |byte: &&u8| !matches!(byte, b'"' | b'\\' | 0..=0x1f);
    bytes.len() - rest.len() + rest.iter().take_while(is_plain).count()
}

const fn repeated(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The highest bit of each byte that is zero. Bytes above a zero may have it as well, so that the first is
/// certain, and none is missing.
const fn zeros(bytes: u64) -> u64 {
    bytes.wrapping_sub(repeated(1)) & !bytes & repeated(0x80)
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

/// Tells whether two texts say the same: JavaScript writes `5.0` as `5`, and some keys in another order.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    // What nests no deeper than can be read needs no more of the stack than that.
    let can_be_read = |text| Raw::parse(text).is_ok();
    one == other
        || (can_be_read(one) && can_be_read(other) && says_the_same(one.trim(), other.trim()))
}

fn says_the_same(one: &str, other: &str) -> bool {
    match one.as_bytes().first() {
        Some(b'{') => has_the_same_entries(one, other),
        Some(b'[') if other.starts_with('[') => {
            let elements = |text| parser::elements(text).unwrap_or_default();
            let (ones, others) = (elements(one), elements(other));
            let mut pairs = ones.iter().zip(&others);
            ones.len() == others.len() && pairs.all(|(one, other)| says_the_same(one, other))
        }
        Some(b'"') => {
            other.starts_with('"') && parser::string(one).ok() == parser::string(other).ok()
        }
        _ => match (parser::number(one), parser::number(other)) {
            (Some(one), Some(other)) => one == other,
            _ => one == other,
        },
    }
}

fn has_the_same_entries(one: &str, other: &str) -> bool {
    /// Beyond it looking for what has moved costs more than it spares.
    const MOST_MOVED: usize = 1000;
    let (Ok(ones), Ok(mut others)) = (parser::object(one), parser::object(other)) else {
        return false;
    };
    let mut moved = 0;
    ones.len() == others.len()
        && ones.iter().enumerate().all(|(at, (key, value))| {
            let Some(found) = others.iter().skip(at).position(|(other, _)| other == key) else {
                return false;
            };
            others.swap(at, at + found);
            moved += usize::from(found > 0);
            moved <= MOST_MOVED && others.get(at).is_some_and(|other| says_the_same(value, other.1))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_javascript_writes_otherwise_is_the_same() {
        for (one, other) in [
            ("5.0", "5"),
            ("-0.0", "0"),
            ("1e21", "1e+21"),
            ("123456789012.0", "123456789012"),
            ("[1.0,{\"a\":2.50}]", " [ 1 , { \"a\" : 2.5 } ] "),
            (r#"{"10":1,"9":2}"#, r#"{"9":2,"10":1}"#),
            (r#"{"a":1,"b":2,"c":3}"#, r#"{"c":3,"a":1,"b":2}"#),
            (r#""\u00e9\/""#, "\"é/\""),
            ("null", " null"),
        ] {
            assert!(is_same(one, other) && is_same(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("5", "\"5\""),
            ("5", "5.1"),
            ("[1,2]", "[2,1]"),
            ("[12]", "[1,2]"),
            ("[[1],2]", "[1,[2]]"),
            (r#"{"a":1}"#, r#"{"a":1,"b":null}"#),
            (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
            (r#"{"a":1,"a":1}"#, r#"{"a":1,"b":1}"#),
            ("{}", "5"),
            (r#"{"a":"b"}"#, r#"["a","b"]"#),
            ("null", "false"),
            ("{}", "[]"),
        ] {
            assert!(!is_same(one, other), "{one} {other}");
        }
        let deep = ["[".repeat(100_000), "]".repeat(100_000)].concat();
        assert!(is_same(&deep, &deep) && !is_same(&deep, "[]"));
    }

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
            ("0123456\"path\"", "\"path\""),
            ("01234567", "78"),
            ("0123456789", "89"),
            ("aaaaaaaaaaaaaaab", "aab"),
            // What the bit trick takes for a zero as well.
            ("\"#######", "\"#"),
            ("!\"!\"!\"ab", "\"a"),
        ] {
            assert_eq!(find(text, needle), text.find(needle), "{needle:?} in {text:?}");
        }
        // Every place of the needle within the eight bytes, and every length behind it.
        for before in 0..20 {
            for behind in 0..10 {
                let text = ["-".repeat(before), "ab".into(), "a".repeat(behind)].concat();
                for needle in ["ab", "abaa", "-a", "aa", "a", "ba"] {
                    assert_eq!(find(&text, needle), text.find(needle), "{needle:?} in {text:?}");
                    let byte = needle.as_bytes()[0];
                    assert_eq!(has_byte(&text, byte), text.as_bytes().contains(&byte));
                }
            }
        }
        assert_eq!(split("a, b, c", ", "), Some(("a", "b, c")));
    }
}
