//! What the fuzzer has learnt, many small inputs in one file: one a line, escaped as Rust does it.

use std::ascii::escape_default;

/// The line of an input.
#[must_use]
pub fn line(input: &[u8]) -> String {
    input.iter().flat_map(|byte| escape_default(*byte)).map(char::from).collect()
}

/// The input of a line; `None` where it is none that [`line()`] has written.
#[must_use]
pub fn input(line: &str) -> Option<Vec<u8>> {
    let mut chars = line.chars();
    let mut bytes = Vec::new();
    while let Some(char) = chars.next() {
        let byte = match char {
            '\\' => match chars.next()? {
                't' => b'\t',
                'r' => b'\r',
                'n' => b'\n',
                'x' => {
                    let (high, low) = (chars.next()?.to_digit(16)?, chars.next()?.to_digit(16)?);
                    u8::try_from(high << 4 | low).ok()?
                }
                other => u8::try_from(other).ok()?,
            },
            plain => u8::try_from(plain).ok()?,
        };
        bytes.push(byte);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(input(&line(&all)), Some(all.clone()));
        assert!(!line(&all).contains('\n'));
        assert_eq!(input("\\x7"), None);
        assert_eq!(input("é\u{100}"), None);
    }
}
