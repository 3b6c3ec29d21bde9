//! The form of a sentence: `$`, fields between commas, `*` and a checksum in two hexadecimal digits.

/// The fields of a sentence whose checksum is right.
pub(crate) fn fields(line: &[u8]) -> Option<Vec<&str>> {
    let line = std::str::from_utf8(line).ok()?;
    let (body, sum) = line.strip_prefix(['$', '!'])?.rsplit_once('*')?;
    checksum(body).eq_ignore_ascii_case(sum).then(|| body.split(',').collect())
}

/// A whole sentence, its end included.
pub(crate) fn line(fields: &[&str]) -> String {
    let body = fields.join(",");
    ["$", &body, "*", &checksum(&body), "\r\n"].concat()
}

/// The exclusive or of all between `$` and `*`.
fn checksum(body: &str) -> String {
    format!("{:02X}", body.bytes().fold(0, |sum, byte| sum ^ byte))
}

/// A number with one decimal. The standard library's own way takes 12 kB of the .wasm.
pub(crate) fn tenths(value: f64) -> String {
    let tenths = (value * 10.0).round() as i64;
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
}

/// An angle in degrees from 0.0 to 359.9, of one in rad.
pub(crate) fn degrees(radians: f64) -> String {
    // Rounded first: 359.96 is 0.0, and not 360.0.
    tenths((radians.to_degrees() * 10.0).round().rem_euclid(3600.0) / 10.0)
}

/// Digits with at most one point. `f64::from_str` takes `inf` and `nan` too, and much code.
pub(crate) fn number(text: &str) -> Option<f64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let (mut value, mut scale) = (0.0, 1.0);
    for digit in whole.chars().chain(part.chars()) {
        value = value * 10.0 + f64::from(digit.to_digit(10)?);
    }
    part.bytes().for_each(|_| scale *= 10.0);
    // Up to fifteen digits the division gives the nearest number there is.
    (!whole.is_empty() && text.len() <= 16).then_some(value / scale)
}
