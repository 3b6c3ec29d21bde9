//! Decimal text to numbers.

use super::exact;

/// The shortest text that reads back as the same number; `ryu` with its small tables makes it with a
/// quarter of the code that the standard library needs. One that is not finite is null.
pub(super) fn shortest(value: impl ryu::Float, is_finite: bool, buffer: &mut ryu::Buffer) -> &str {
    if is_finite { buffer.format_finite(value) } else { "null" }
}

/// A number as the text has it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
}

impl Number {
    /// A number without a fraction as a whole one, however it is written: to JavaScript, `2.0` and
    /// `2e0` are 2.
    pub(crate) fn whole(self) -> Self {
        let Self::Float(value) = self else {
            return self;
        };
        let (unsigned, signed) = (value as u64, value as i64);
        // The last of each is also what stands for all that are beyond.
        if value >= 0.0 && unsigned < u64::MAX && unsigned as f64 == value {
            Self::Unsigned(unsigned)
        } else if value < 0.0 && signed > i64::MIN && signed as f64 == value {
            Self::Signed(signed)
        } else {
            self
        }
    }
}

/// Reads the number that `text` starts with; the number of bytes it took. `None` where there is
/// none that JSON allows.
pub(super) fn parse(text: &[u8]) -> Option<(Number, usize)> {
    let negative = text.first() == Some(&b'-');
    let mut at = usize::from(negative);
    let mut digits = Digits::default();
    let start = at;
    at = digits.take(text, start);
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
            let value = nearest(text.get(start..at).unwrap_or_default(), &digits);
            if !value.is_finite() {
                return None;
            }
            Number::Float(if negative { -value } else { value })
        }
    };
    Some((number, at))
}

/// The length of the number that `text` starts with, as [`parse`] takes it, without decoding it.
pub(super) fn len(text: &[u8]) -> Option<usize> {
    /// A number of fewer bytes is finite if it has no exponent.
    const MOST: usize = 300;
    let digits = |start: usize| {
        let rest = text.get(start..).unwrap_or_default();
        rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let start = usize::from(text.first() == Some(&b'-'));
    let whole = digits(start);
    if whole == 0 || (text.get(start) == Some(&b'0') && whole > 1) {
        return None;
    }
    let mut at = start + whole;
    if text.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return None;
        }
        at += 1 + fraction;
    }
    if at > MOST || matches!(text.get(at), Some(b'e' | b'E')) {
        return parse(text).map(|(_, len)| len);
    }
    Some(at)
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
            // Most numbers are far from the limit, where a check costs a multiplication of 128 bits.
            let has_room = self.value < u64::MAX / 10;
            let value = if has_room {
                Some(self.value * 10 + u64::from(digit - b'0'))
            } else {
                let value = self.value.checked_mul(10);
                value.and_then(|value| value.checked_add(u64::from(digit - b'0')))
            };
            match value {
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

/// The double nearest to the number that starts with `text`, of which `digits` were read.
fn nearest(text: &[u8], digits: &Digits) -> f64 {
    /// Up to here every whole number is a double.
    const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;
    let near = scale(digits.value as f64, digits.exponent.saturating_add(digits.dropped));
    if digits.dropped == 0 {
        if digits.value <= EXACT && (-MOST_EXACT..=MOST_EXACT).contains(&digits.exponent) {
            return near;
        }
        if let Some(nearest) = nearest_fraction(digits, near) {
            return nearest;
        }
    }
    exact::nearest(text, digits.exponent, near)
}

/// As [`nearest`], for the fractions of up to nineteen digits that JavaScript writes; `None` for most other
/// numbers. `near` may be a few units in the last place beside it.
fn nearest_fraction(digits: &Digits, mut near: f64) -> Option<f64> {
    /// The largest power of ten that a `u64` holds.
    const MOST_PLACES: u32 = 19;
    /// Until it is met, one is moved by one unit.
    const MOST_MOVES: u32 = 8;
    let places = u32::try_from(digits.exponent.checked_neg()?).ok()?;
    let power = 10u64.pow(Some(places).filter(|places| *places <= MOST_PLACES)?);
    let (value, power) = (u128::from(digits.value), u128::from(power));
    for _ in 0..MOST_MOVES {
        let (mantissa, bits) = binary_fraction(near)?;
        if value.leading_zeros() <= bits + 1 {
            return None;
        }
        // The nearest is where value / power and mantissa / 2^bits are half a unit apart at the most. All of
        // it times two, so that the half is a whole number.
        let value = value << (bits + 1);
        let product = 2 * u128::from(mantissa) * power;
        let may_be_half = mantissa.is_multiple_of(2);
        let distance = value.abs_diff(product);
        if distance < power || (distance == power && may_be_half) {
            return Some(near);
        }
        near = if value > product { near.next_up() } else { near.next_down() };
    }
    None
}

/// A number as `mantissa / 2^bits`; `None` for those whose neighbours are not equally far, or that are whole.
fn binary_fraction(number: f64) -> Option<(u64, u32)> {
    const FIRST: u64 = 1 << (f64::MANTISSA_DIGITS - 1);
    /// The exponent, as the bits have it, of a mantissa that counts ones.
    const ONES: u64 = 1075;
    let bits = number.to_bits();
    let exponent = bits / FIRST;
    let mantissa = bits % FIRST;
    if exponent == 0 || mantissa == 0 {
        return None;
    }
    let bits = ONES.checked_sub(exponent).filter(|bits| *bits < 120)?;
    Some((mantissa | FIRST, bits as u32))
}

/// The largest power of ten that is a double.
const MOST_EXACT: i32 = 22;

/// `value · 10^exponent`, a few units in the last place beside it where not both factors are doubles.
fn scale(mut value: f64, mut exponent: i32) -> f64 {
    /// The powers of ten that are exact doubles.
    const EXACT: [f64; 23] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];
    // Nothing to scale, and nothing that would end: exponents may have any size.
    while value != 0.0 && value.is_finite() && exponent != 0 {
        let step = exponent.clamp(-MOST_EXACT, MOST_EXACT);
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

    fn assert_is_exact(text: &str) {
        let (ours, theirs): (f64, f64) = (float(text), text.parse().unwrap());
        assert_eq!(ours.to_bits(), theirs.to_bits(), "{text}: {ours:e} and {theirs:e}");
    }

    #[test]
    fn a_number_without_a_fraction_is_a_whole_one_however_it_is_written() {
        let whole = |text: &str| parse(text.as_bytes()).unwrap().0.whole();
        for (text, number) in [
            ("2.0", Number::Unsigned(2)),
            ("2e0", Number::Unsigned(2)),
            ("1.5e1", Number::Unsigned(15)),
            ("-0.0", Number::Unsigned(0)),
            ("-2.00", Number::Signed(-2)),
            ("1e18", Number::Unsigned(1_000_000_000_000_000_000)),
            ("2.5", Number::Float(2.5)),
            ("-0.5", Number::Float(-0.5)),
            ("1e19", Number::Unsigned(10_000_000_000_000_000_000)),
            ("1e20", Number::Float(1e20)),
            ("-1e19", Number::Float(-1e19)),
            ("18446744073709551616", Number::Float(18446744073709551616.0)),
            ("-9223372036854775809", Number::Float(-9223372036854775808.0)),
        ] {
            assert_eq!(whole(text), number, "{text}");
        }
    }

    #[test]
    fn fractions_are_those_of_the_standard_library() {
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
            "1.7976931348623158e308",
            "9007199254740993.0",
            "9007199254740993",
            "9007199254740992.99999999999999999999999999999999",
            "0.000000000000000000000000000001234567",
            "4.9e-320",
            "5e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "2.2250738585072011e-308",
            "2.2250738585072014e-308",
            "6.631236846766476e-316",
            "0.1000000000000000055511151231257827021181583404541015625",
            "0.10000000000000000555111512312578270211815834045410156250000001",
            "8.5e19",
            "1e308",
            "0.5",
            "54.1234567890123",
            "54.508333333333336",
            "10.123456789012345",
            "0.9007199254740993",
            "9007199254740.993",
            "1844674407370955.1615",
            "1.8446744073709551615",
            "0.18446744073709551615",
            "4503599627370496.5",
            "4503599627370497.5",
            "9007199254740993.5",
            "-10.25",
            "288.15",
            "1e-5",
        ] {
            if !matches!(parse(text.as_bytes()), Some((Number::Unsigned(_), _))) {
                assert_is_exact(text);
            }
        }
        assert!(float("-0").is_sign_negative());
        assert_eq!(parse(b"1.7976931348623159e308"), None, "beyond the largest");
    }

    /// A generator of numbers that look as if they were thrown (xorshift).
    struct Dice(u64);

    impl Dice {
        fn next(&mut self) -> u64 {
            for shift in [13, -7, 17] {
                let bits = self.0;
                self.0 ^= if shift > 0 { bits << shift } else { bits >> -shift };
            }
            self.0
        }
    }

    #[test]
    fn doubles_are_read_as_they_were_written() {
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        for _ in 0..100_000 {
            let value = f64::from_bits(dice.next());
            if value.is_finite() {
                assert_is_exact(&format!("{value:e}"));
                let longitude = (dice.next() as f64 / u64::MAX as f64 - 0.5) * 360.0;
                let text = crate::json::to_string(&longitude).unwrap();
                assert_eq!(float(&text).to_bits(), longitude.to_bits(), "{text}");
            }
        }
    }

    #[test]
    fn single_precision_is_read_as_it_was_written() {
        let mut dice = Dice(0x6a09_e667_f3bc_c908);
        for _ in 0..100_000 {
            let value = f32::from_bits(dice.next() as u32);
            if value.is_finite() {
                let text = crate::json::to_string(&value).unwrap();
                let read: f32 = crate::json::from_str(&text).unwrap();
                assert_eq!(read.to_bits(), value.to_bits(), "{text}");
            }
        }
    }

    /// The hardest there are: halfway between two doubles, and next to it on either side.
    #[test]
    fn what_lies_between_two_doubles_is_the_even_one_and_else_the_nearer() {
        let mut dice = Dice(0x2545_f491_4f6c_dd1d);
        for _ in 0..1_000 {
            let bits = dice.next() & (u64::MAX >> 1);
            let (low, high) = (f64::from_bits(bits), f64::from_bits(bits + 1));
            if !high.is_finite() {
                continue;
            }
            // Both have at most 1,100 digits, and so has what lies between them.
            let digits = |value: f64| format!("{value:.1100}");
            let middle = halfway(&digits(low), &digits(high));
            for more in ["", "000", "001"] {
                assert_is_exact(&(middle.clone() + more));
            }
            let below = middle.trim_end_matches('0');
            let below = match below.strip_suffix('5') {
                Some(start) => format!("{start}4999"),
                None => continue,
            };
            assert_is_exact(&below);
        }
    }

    /// Half of the sum of two decimal numbers with as many digits behind the point.
    fn halfway(low: &str, high: &str) -> String {
        let (whole, _) = high.split_once('.').unwrap();
        let low = format!("{low:0>width$}", width = high.len());
        let mut carry = 0;
        let mut sum: Vec<u8> = Vec::new();
        for (low, high) in low.bytes().rev().zip(high.bytes().rev()).filter(|it| it.0 != b'.') {
            let both = low - b'0' + (high - b'0') + carry;
            sum.push(both % 10);
            carry = both / 10;
        }
        sum.push(carry);
        let mut rest = 0;
        let mut half = String::new();
        for digit in sum.into_iter().rev().chain([0]) {
            let both = rest * 10 + digit;
            half.push(char::from(b'0' + both / 2));
            rest = both % 2;
        }
        half.insert(whole.len() + 1, '.');
        let half = half.trim_start_matches('0');
        if half.starts_with('.') { format!("0{half}") } else { half.to_owned() }
    }

    #[test]
    fn digits_without_end_are_read_in_a_time_that_grows_with_them() {
        for text in [
            format!("1.{}1", "0".repeat(100_000)),
            format!("0.{}1e100001", "0".repeat(100_000)),
            format!("{}.5e-100000", "9".repeat(100_000)),
            format!("1{}e-100000", "0".repeat(100_000)),
        ] {
            assert_is_exact(&text);
        }
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
            assert_eq!(len(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse(b"1-2"), Some((Number::Unsigned(1), 1)));
        assert_eq!(len(b"1-2"), Some(1));
    }

    #[test]
    fn what_is_passed_over_is_as_long_as_what_is_read() {
        let nines = "9".repeat(400);
        for text in ["0", "-0", "12", "1.25", "-1.25e3", "1e-5", "1e999", "0.0,", "7]", &nines] {
            let read = parse(text.as_bytes()).map(|(_, len)| len);
            assert_eq!(len(text.as_bytes()), read, "{text}");
        }
    }
}
