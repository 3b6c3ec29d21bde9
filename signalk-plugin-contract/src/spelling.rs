//! The known word that was probably meant by another: the one rule of everything that says "did you mean …?".

extern crate alloc;

use alloc::string::String;

/// The known word that is near enough, if one is: another case, other dashes, one for many, an end that is missing, or a slip or two of the finger, more in long
/// words than in short ones. Neighbours that are swapped are one slip.
///
/// ```
/// use signalk_plugin_contract::spelling::nearest;
///
/// assert_eq!(nearest("raw_sokcets", ["rawSockets", "network"]), Some("rawSockets"));
/// assert_eq!(nearest("gpio", ["rawSockets", "network"]), None);
/// ```
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let flat_word = flat(word);
    let letters = flat_word.chars().count();
    let slips = |known: &str| strsim::osa_distance(&flat_word, &flat(known));
    // One that goes on where the word ends comes after all with few slips.
    let mut longer = None;
    let mut best: Option<(usize, &str)> = None;
    for it in known {
        if letters >= LONG_ENOUGH && flat(it).starts_with(&flat_word) {
            longer = longer.or(Some(it));
        }
        let slips = slips(it);
        if best.is_none_or(|(least, _)| slips < least) {
            best = Some((slips, it));
        }
    }
    let near = best.filter(|(slips, _)| *slips <= most_slips(letters)).map(|(_, it)| it);
    near.or(longer)
}

/// A shorter word can be the beginning of anything.
const LONG_ENOUGH: usize = 4;

/// A slip makes another word of one with three letters: `set` is not `get`.
fn most_slips(letters: usize) -> usize {
    if letters < LONG_ENOUGH { 0 } else { (letters / 5).clamp(1, 3) }
}

/// Without what people write in several ways: case, dashes, and one for many.
fn flat(word: &str) -> String {
    let letters = word.chars().filter(|char| !matches!(char, '-' | '_' | ' '));
    let mut flat: String = letters.flat_map(char::to_lowercase).collect();
    if flat.ends_with("ies") {
        flat.truncate(flat.len() - 3);
        flat.push('y');
    } else if flat.ends_with('s') {
        flat.pop();
    }
    flat
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_near_by_case_by_dashes_and_by_a_slip_of_the_finger() {
        let known = ["rawSockets", "putHandlers"];
        for word in ["rawsockets", "raw_sockets", "rawSocket", "rawScokets"] {
            assert_eq!(nearest(word, known), Some("rawSockets"), "{word}");
        }
        assert_eq!(nearest("category", ["categories", "keywords"]), Some("categories"));
        assert_eq!(
            nearest("sk_tcp_recv", ["sk_tcp_send", "sk_tcp_recv_raw"]),
            Some("sk_tcp_recv_raw")
        );
        assert_eq!(nearest("gpio", known), None);
        assert_eq!(nearest("x", []), None);
    }

    #[test]
    fn a_stranger_is_not_taken_for_a_known_word() {
        let known = ["delta", "every", "get", "put"];
        assert_eq!(nearest("dleta", known), Some("delta"));
        assert_eq!(nearest("evry", known), Some("every"));
        assert_eq!(nearest("GET", known), Some("get"));
        for stranger in ["inline", "event", "data", "delay", "set", "cut"] {
            assert_eq!(nearest(stranger, known), None, "{stranger}");
        }
    }
}
