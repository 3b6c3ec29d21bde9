//! Numbers as people read them.

/// A number in groups of three: 131,162.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_threes() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(313), "313");
        assert_eq!(grouped(2_048), "2,048");
        assert_eq!(grouped(1_131_162), "1,131,162");
    }
}
