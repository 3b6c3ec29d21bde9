//! Text: what is found in it, and what may be shown of it.

use std::borrow::Cow;

/// Returns the place where `needle` first stands in `text`. The standard library's own search is made for large
/// texts, and three kilobytes itself. This one looks for the first two bytes of `needle`, of which the
/// rest rarely follows.
pub(crate) fn find(text: &str, needle: &str) -> Option<usize> {
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    let (first, second) = match needle {
        [] => return Some(0),
        [byte] => return position_of(text, *byte),
        [first, second, ..] => (repeated(*first), repeated(*second)),
    };
    // The highest bit of each byte that may be the first, of the eight before.
    let mut before = 0;
    let seconds = |eight| {
        let firsts = zeros(eight ^ first);
        let seconds = zeros(eight ^ second) & (firsts << 8 | before >> 56);
        before = firsts;
        seconds
    };
    let second = position(text, seconds, |at| starts(text, at.checked_sub(1), needle))?;
    second.checked_sub(1)
}

/// A text that is looked for again and again, by that of its bytes which stands most rarely in a delta.
#[derive(Debug)]
pub(crate) struct Needle {
    text: String,
    rarest: usize,
}

impl Needle {
    pub(crate) fn new(text: String) -> Self {
        /// The letters of Signal K's paths, the rarest first.
        const RARE: &[u8] = b"QJZXKWYVGBFMHUPDLCSNRIOATE";
        let rank = |byte: u8| RARE.iter().position(|rare| *rare == byte.to_ascii_uppercase());
        let ranks = text.bytes().map(|byte| rank(byte).unwrap_or(RARE.len()));
        let rarest = ranks.enumerate().min_by_key(|(_, rank)| *rank).map_or(0, |(at, _)| at);
        Self { text, rarest }
    }

    /// Tells whether it stands in `text`.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        let (text, needle) = (text.as_bytes(), self.text.as_bytes());
        let Some(rare) = needle.get(self.rarest) else {
            return true;
        };
        let rare = repeated(*rare);
        let is_around = |at: usize| starts(text, at.checked_sub(self.rarest), needle);
        position(text, |eight| zeros(eight ^ rare), is_around).is_some()
    }
}

/// Tells whether one of the bytes is `byte`.
pub(crate) fn has_byte(text: &str, byte: u8) -> bool {
    position_of(text.as_bytes(), byte).is_some()
}

/// The number of bytes up to the first that does not stand for itself in a JSON string: a quote, a backslash
/// or a control character.
pub(crate) fn plain_len(bytes: &[u8]) -> usize {
    const CONTROLS: u64 = repeated(0x20);
    let specials = |eight: u64| {
        let controls = eight.wrapping_sub(CONTROLS) & !eight & repeated(0x80);
        controls | zeros(eight ^ repeated(b'"')) | zeros(eight ^ repeated(b'\\'))
    };
    let is_special = |at: usize| matches!(bytes.get(at), Some(b'"' | b'\\' | 0..=0x1f));
    position(bytes, specials, is_special).unwrap_or(bytes.len())
}

fn position_of(text: &[u8], byte: u8) -> Option<usize> {
    let pattern = repeated(byte);
    position(text, |eight| zeros(eight ^ pattern), |at| text.get(at) == Some(&byte))
}

/// The first place that `is_it`. Eight bytes are looked at in one go: `marked` has the highest bit of each
/// that may be it.
fn position(
    text: &[u8],
    mut marked: impl FnMut(u64) -> u64,
    is_it: impl Fn(usize) -> bool,
) -> Option<usize> {
    let mut start = 0;
    let mut rest = text;
    while let Some((eight, behind)) = rest.split_first_chunk() {
        let mut found = marked(u64::from_le_bytes(*eight));
        while found != 0 {
            let at = start + found.trailing_zeros() as usize / 8;
            if is_it(at) {
                return Some(at);
            }
            found &= found - 1;
        }
        start += 8;
        rest = behind;
    }
    (start..text.len()).find(|at| is_it(*at))
}

/// Tells whether `needle` stands at a place of `text`, if it is one.
fn starts(text: &[u8], at: Option<usize>, needle: &[u8]) -> bool {
    at.and_then(|at| text.get(at..)).is_some_and(|rest| rest.starts_with(needle))
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

/// At most so many characters of a text, none of which does anything but stand there: a terminal obeys
/// some, and a browser turns the direction of the rest of the line with others.
pub(crate) fn cut(text: &str, most: usize) -> Cow<'_, str> {
    let acts = |char: char| {
        char.is_control() || matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let end = text.char_indices().nth(most).map_or(text.len(), |(end, _)| end);
    let start = text.get(..end).unwrap_or_default();
    if end == text.len() && !start.contains(acts) {
        return Cow::Borrowed(text);
    }
    let shown = |char: char| match char {
        '\n' | '\t' => ' ',
        char if acts(char) => '\u{fffd}',
        char => char,
    };
    let mut shown: String = start.chars().map(shown).collect();
    if end < text.len() {
        shown.push('…');
    }
    Cow::Owned(shown)
}

/// Tells whether it is what HTTP calls a token: a method, or the name of a header or a parameter.
pub(crate) fn is_token(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_part)
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
            ("0123456\"path\"", "\"path\""),
            ("01234567", "78"),
            ("0123456789", "89"),
            ("aaaaaaaaaaaaaaab", "aab"),
            // What the bit trick takes for a zero as well.
            ("\"#######", "\"#"),
            ("!\"!\"!\"ab", "\"a"),
        ] {
            assert_eq!(Needle::new(needle.into()).is_in(text), text.contains(needle));
            assert_eq!(find(text, needle), text.find(needle), "{needle:?} in {text:?}");
        }
        // Every place of the needle within the eight bytes, and every length behind it.
        for before in 0..20 {
            for behind in 0..10 {
                let text = ["-".repeat(before), "ab".into(), "a".repeat(behind)].concat();
                for needle in ["ab", "abaa", "-a", "aa", "a", "ba"] {
                    assert_eq!(find(&text, needle), text.find(needle), "{needle:?} in {text:?}");
                    assert_eq!(Needle::new(needle.into()).is_in(&text), text.contains(needle));
                    let byte = needle.as_bytes()[0];
                    assert_eq!(has_byte(&text, byte), text.as_bytes().contains(&byte));
                }
            }
        }
        assert_eq!(split("a, b, c", ", "), Some(("a", "b, c")));
    }
}
