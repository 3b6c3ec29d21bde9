//! The known word that was probably meant by another.

/// The known word that is near enough, if one is: a letter or two of typing, or another case.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let flat = flat(word);
    let most = (flat.len() / 5).clamp(1, 3);
    let far = |known: &str| strsim::osa_distance(&flat, &self::flat(known));
    let (distance, best) = known.into_iter().map(|it| (far(it), it)).min()?;
    (distance <= most).then_some(best)
}

/// Without what people write in several ways.
fn flat(word: &str) -> String {
    let letters = word.chars().filter(|char| !matches!(char, '-' | '_' | ' '));
    letters.flat_map(char::to_lowercase).collect()
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
        assert_eq!(nearest("gpio", known), None);
        assert_eq!(nearest("x", []), None);
    }
}
