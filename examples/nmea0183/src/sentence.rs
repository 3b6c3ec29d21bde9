//! The form of a sentence: `$`, a name, fields between commas, `*` and a checksum in two hexadecimal
//! digits. The name is two letters for the talker and three for the kind: `SDDBT`.

/// A sentence that has arrived whole.
#[derive(Debug)]
pub(crate) struct Sentence<'t>(Vec<&'t str>);

impl<'t> Sentence<'t> {
    /// `None` for a line that was damaged, or is no sentence.
    pub(crate) fn parse(line: &'t [u8], takes_without_checksum: bool) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?.trim_ascii();
        let body = without_tag_blocks(line)?.strip_prefix(['$', '!'])?;
        let body = match body.rsplit_once('*') {
            Some((body, sum)) if checksum(body).eq_ignore_ascii_case(sum) => body,
            None if takes_without_checksum => body,
            _ => return None,
        };
        Some(Self(body.split(',').collect()))
    }

    /// Talker and kind.
    pub(crate) fn name(&self) -> &'t str {
        self.field(0)
    }

    /// The three letters behind the talker's; empty for sentences of a manufacturer's own, which begin
    /// with P.
    pub(crate) fn kind(&self) -> &'t str {
        let name = self.name();
        if name.starts_with('P') || name.len() != 5 {
            return "";
        }
        name.get(2..).unwrap_or_default()
    }

    /// A field by its number; the first one behind the name is 1. One that is left out is empty.
    pub(crate) fn field(&self, at: usize) -> &'t str {
        self.0.get(at).copied().unwrap_or_default()
    }

    /// The number of fields behind the name.
    pub(crate) fn len(&self) -> usize {
        self.0.len().saturating_sub(1)
    }
}

/// Between two backslashes a multiplexer may say when and from whom a sentence came (NMEA 0183, 4.0).
fn without_tag_blocks(mut line: &str) -> Option<&str> {
    while let Some(block) = line.strip_prefix('\\') {
        (_, line) = block.split_once('\\')?;
    }
    Some(line)
}

/// A sentence without its line end.
pub(crate) fn line(fields: &[&str]) -> String {
    let body = fields.join(",");
    ["$", &body, "*", &checksum(&body)].concat()
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
