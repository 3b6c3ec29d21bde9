//! Decimal text to numbers.

/// A number as the text has it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
}

/// Reads the number that `text` starts with; the number of bytes it took. `None` where there is
/// none that JSON allows.
pub(super) fn parse(text: &[u8]) -> Option<(Number, usize)> {
    let negative = text.first() == Some(&b'-');
    let mut at = usize::from(negative);
    let mut digits = Digits::default();
    let start = at;
    at = digits.take(text, at);
    // At least one digit, and no more behind a leading zero.
    if at == start || (text.get(start) == Some(&b'0') && at > start + 1) {
        return None;
    }
    let mut whole = digits.dropped == 0;
    if text.get(at) == Some(&b'.') {
        whole = false;
        let before = digits.dropped + digits.kept;
        let start = at + 1;
        at = digits.take(text, start);
        if at == start {
            return None;
        }
        let after = digits.dropped + digits.kept - before;
        digits.exponent = digits.exponent.saturating_sub(after);
    }
    if let Some(b'e' | b'E') = text.get(at) {
        whole = false;
        at += 1;
        let down = text.get(at) == Some(&b'-');
        if let Some(b'+' | b'-') = text.get(at) {
            at += 1;
        }
        let start = at;
        let mut exponent = 0i32;
        while let Some(digit @ b'0'..=b'9') = text.get(at) {
            exponent = exponent.saturating_mul(10).saturating_add(i32::from(digit - b'0'));
            at += 1;
        }
        if at == start {
            return None;
        }
        let exponent = if down { -exponent } else { exponent };
        digits.exponent = digits.exponent.saturating_add(exponent);
    }
    let number = match (whole, negative) {
        (true, false) => Number::Unsigned(digits.value),
        (true, true) if digits.value > 0 => match 0i64.checked_sub_unsigned(digits.value) {
            Some(value) => Number::Signed(value),
            None => Number::Float(-(digits.value as f64)),
        },
        _ => {
            let exponent = digits.exponent.saturating_add(digits.dropped);
            let value = scale(digits.value as f64, exponent);
            if !value.is_finite() {
                return None;
            }
            Number::Float(if negative { -value } else { value })
        }
    };
    Some((number, at))
}

/// The leading digits of a number, as many as a `u64` holds.
#[derive(Default)]
struct Digits {
    value: u64,
    /// How many digits went into `value`, and how many more there were.
    kept: i32,
    dropped: i32,
    exponent: i32,
}

impl Digits {
    fn take(&mut self, text: &[u8], mut at: usize) -> usize {
        while let Some(digit @ b'0'..=b'9') = text.get(at) {
            let value = self.value.checked_mul(10);
            match value.and_then(|value| value.checked_add(u64::from(digit - b'0'))) {
                Some(value) if self.dropped == 0 => {
                    self.value = value;
                    self.kept = self.kept.saturating_add(1);
                }
                _ => self.dropped = self.dropped.saturating_add(1),
            }
            at += 1;
        }
        at
    }
}

/// `value · 10^exponent`. Exact where both factors are exact doubles, which is so up to 15 digits
/// and an exponent of 22; a last bit may be off beyond.
fn scale(mut value: f64, mut exponent: i32) -> f64 {
    /// The powers of ten that are exact doubles.
    const EXACT: [f64; 23] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];
    // Nothing to scale, and nothing that would end: exponents may have any size.
    while value != 0.0 && value.is_finite() && exponent != 0 {
        let step = exponent.clamp(-22, 22);
        exponent -= step;
        let power = EXACT.get(step.unsigned_abs() as usize).copied().unwrap_or(1.0);
        if step < 0 {
            value /= power;
        } else {
            value *= power;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn float(text: &str) -> f64 {
        match parse(text.as_bytes()).unwrap() {
            (Number::Float(value), len) if len == text.len() => value,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn whole_numbers_keep_every_digit() {
        for (text, number) in [
            ("0", Number::Unsigned(0)),
            ("18446744073709551615", Number::Unsigned(u64::MAX)),
            ("-1", Number::Signed(-1)),
            ("-9223372036854775808", Number::Signed(i64::MIN)),
        ] {
            assert_eq!(parse(text.as_bytes()), Some((number, text.len())), "{text}");
        }
        assert_eq!(float("18446744073709551616"), 18446744073709551616.0);
        assert_eq!(float("-9223372036854775809"), -9223372036854775809.0);
    }

    #[test]
    fn fractions_agree_with_the_standard_library_to_the_last_bit_or_one_beside_it() {
        for text in [
            "0.0",
            "1.5",
            "54.123456789",
            "54.12345678901234567",
            "-0.1",
            "1e0",
            "1E+2",
            "2.5e-3",
            "123456789012345678901234567890",
            "1e22",
            "1e23",
            "1.7976931348623157e308",
            "9007199254740993.0",
            "0.000000000000000000000000000001234567",
            "4.9e-320",
        ] {
            let (ours, theirs): (f64, f64) = (float(text), text.parse().unwrap());
            let apart = ours.to_bits().abs_diff(theirs.to_bits());
            assert!(apart <= 4, "{text}: {ours:e} and {theirs:e} are {apart} apart");
        }
        for text in ["0.5", "54.1234567890123", "-10.25", "288.15", "1e-5"] {
            assert_eq!(float(text).to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
        }
        assert!(float("-0").is_sign_negative());
    }

    #[test]
    fn exponents_of_any_size_end() {
        assert_eq!(parse(b"1e999999999999999999999"), None, "too large for any double");
        assert_eq!(float("1e-999999999999999999999"), 0.0);
        assert_eq!(float("0e999999999"), 0.0);
        let long = format!("0.{}1", "0".repeat(100_000));
        assert_eq!(float(&long), 0.0);
    }

    #[test]
    fn what_json_does_not_allow_is_no_number() {
        for text in ["", "-", "01", "-01", ".5", "1.", "1.e5", "1e", "1e+", "+1", "x"] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse(b"1-2"), Some((Number::Unsigned(1), 1)));
    }
}
