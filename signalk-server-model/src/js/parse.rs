//! `JSON.parse`.

use serde_json::{Map, Number, Value};

/// Deeper nesting is refused here, which the server would still read.
const MOST_LEVELS: usize = 128;

/// Why a text is not JSON. A server has the words of its Node.js for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not JSON: expected {expected}, found {found} at byte {place}")]
pub struct JsonError {
    expected: &'static str,
    found: String,
    place: usize,
}

/// Reads a value as JavaScript does: numbers are `f64`, one that is too large becomes `null`, as it
/// would when it is written again; half of a surrogate pair becomes U+FFFD.
///
/// # Errors
///
/// If the text is not JSON, or nested too deeply.
pub fn parse(text: &str) -> Result<Value, JsonError> {
    let mut parser = Parser { text, place: 0 };
    let value = parser.value(0)?;
    parser.skip_blanks();
    if parser.peek().is_some() {
        return Err(parser.wrong("the end"));
    }
    Ok(value)
}

struct Parser<'a> {
    text: &'a str,
    place: usize,
}

type Parsed<T> = Result<T, JsonError>;

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.place).copied()
    }

    fn take_if(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.place += usize::from(found);
        found
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.place += 1;
        }
    }

    fn value(&mut self, level: usize) -> Parsed<Value> {
        self.skip_blanks();
        match self.peek() {
            Some(b'{' | b'[') if level >= MOST_LEVELS => Err(self.wrong("at most 128 levels")),
            Some(b'{') => self.object(level + 1),
            Some(b'[') => self.array(level + 1),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal("true", Value::Bool(true)),
            Some(b'f') => self.literal("false", Value::Bool(false)),
            Some(b'n') => self.literal("null", Value::Null),
            _ => Err(self.wrong("a value")),
        }
    }

    fn object(&mut self, level: usize) -> Parsed<Value> {
        self.place += 1;
        self.skip_blanks();
        let mut members = Map::new();
        if self.take_if(b'}') {
            return Ok(Value::Object(members));
        }
        let mut missing = "a key or '}'";
        loop {
            self.skip_blanks();
            if self.peek() != Some(b'"') {
                return Err(self.wrong(missing));
            }
            let key = self.string()?;
            self.skip_blanks();
            if !self.take_if(b':') {
                return Err(self.wrong("':'"));
            }
            let value = self.value(level)?;
            members.insert(key, value);
            self.skip_blanks();
            if self.take_if(b'}') {
                return Ok(Value::Object(super::in_order(members)));
            }
            if !self.take_if(b',') {
                return Err(self.wrong("',' or '}'"));
            }
            missing = "a key in double quotes";
        }
    }

    fn array(&mut self, level: usize) -> Parsed<Value> {
        self.place += 1;
        self.skip_blanks();
        let mut items = Vec::new();
        if self.take_if(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(level)?);
            self.skip_blanks();
            if self.take_if(b']') {
                return Ok(Value::Array(items));
            }
            if !self.take_if(b',') {
                return Err(self.wrong("',' or ']'"));
            }
        }
    }

    fn literal(&mut self, word: &'static str, value: Value) -> Parsed<Value> {
        for wanted in word.bytes() {
            if !self.take_if(wanted) {
                return Err(self.wrong(word));
            }
        }
        Ok(value)
    }

    fn number(&mut self) -> Parsed<Value> {
        let begin = self.place;
        if self.take_if(b'-') && !self.is_at_digit() {
            return Err(self.wrong("a digit"));
        }
        if self.take_if(b'0') {
            if self.is_at_digit() {
                return Err(self.wrong("no digit behind a leading 0"));
            }
        } else {
            self.skip_digits();
        }
        if self.take_if(b'.') {
            if !self.is_at_digit() {
                return Err(self.wrong("a digit"));
            }
            self.skip_digits();
        }
        if self.take_if(b'e') || self.take_if(b'E') {
            let _sign = self.take_if(b'+') || self.take_if(b'-');
            if !self.is_at_digit() {
                return Err(self.wrong("a digit"));
            }
            self.skip_digits();
        }
        let number = self.text.get(begin..self.place).and_then(|digits| digits.parse().ok());
        Ok(number.and_then(number_from).map_or(Value::Null, Value::Number))
    }

    fn is_at_digit(&self) -> bool {
        self.peek().is_some_and(|byte| byte.is_ascii_digit())
    }

    fn skip_digits(&mut self) {
        while self.is_at_digit() {
            self.place += 1;
        }
    }

    fn string(&mut self) -> Parsed<String> {
        self.place += 1;
        let mut units: Option<Vec<u16>> = None;
        let mut text = String::new();
        let mut begin = self.place;
        loop {
            match self.peek() {
                None => return Err(self.wrong("'\"'")),
                Some(b'"') => break,
                Some(0..0x20) => {
                    return Err(self.wrong("no control character"));
                }
                Some(b'\\') => {
                    // Two halves of a surrogate pair make one character only next to each other.
                    let plain = self.text.get(begin..self.place).unwrap_or_default();
                    if !plain.is_empty() {
                        text.push_str(&flush(&mut units));
                        text.push_str(plain);
                    }
                    units.get_or_insert_default().push(self.escape()?);
                    begin = self.place;
                }
                Some(_) => self.place += 1,
            }
        }
        text.push_str(&flush(&mut units));
        text.push_str(self.text.get(begin..self.place).unwrap_or_default());
        self.place += 1;
        Ok(text)
    }

    fn escape(&mut self) -> Parsed<u16> {
        self.place += 1;
        let plain = match self.peek() {
            None => return Err(self.wrong("an escape")),
            Some(b'u') => return self.unicode_escape(),
            Some(b'b') => 8,
            Some(b't') => 9,
            Some(b'n') => 10,
            Some(b'f') => 12,
            Some(b'r') => 13,
            Some(other @ (b'"' | b'\\' | b'/')) => u16::from(other),
            Some(_) => return Err(self.wrong("an escape")),
        };
        self.place += 1;
        Ok(plain)
    }

    fn unicode_escape(&mut self) -> Parsed<u16> {
        self.place += 1;
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit.and_then(|digit| u16::try_from(digit).ok()) else {
                return Err(self.wrong("four hexadecimal digits"));
            };
            unit = unit * 16 + digit;
            self.place += 1;
        }
        Ok(unit)
    }

    fn wrong(&self, expected: &'static str) -> JsonError {
        let found = self.text.get(self.place..).and_then(|rest| rest.chars().next());
        let found = found.map_or("the end".to_owned(), |found| format!("{found:?}"));
        JsonError { expected, found, place: self.place }
    }
}

fn flush(units: &mut Option<Vec<u16>>) -> String {
    units.take().map(|units| String::from_utf16_lossy(&units)).unwrap_or_default()
}

/// A number as `serde_json` keeps it: what JavaScript counts exactly as an integer.
// The range check makes the cast exact.
#[expect(clippy::cast_possible_truncation, reason = "see above")]
fn number_from(number: f64) -> Option<Number> {
    const SAFE: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < SAFE {
        return Some(Number::from(number as i64));
    }
    Number::from_f64(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::js::stringify;

    fn again(text: &str) -> String {
        stringify(&parse(text).unwrap())
    }

    #[test]
    fn numbers_come_back_as_javascript_keeps_them() {
        assert_eq!(
            again("[5.0,-0.0,1.5,9007199254740993,1e400,123456789012345678901234567890]"),
            "[5,0,1.5,9007199254740992,null,1.2345678901234568e+29]"
        );
    }

    #[test]
    fn index_like_keys_come_first_and_the_last_of_two_values_stays() {
        assert_eq!(
            again(r#"{"b":1,"10":1,"a":3,"9":2,"b":4,"01":5}"#),
            r#"{"9":2,"10":1,"b":4,"a":3,"01":5}"#
        );
    }

    #[test]
    fn texts_are_unescaped() {
        assert_eq!(parse(r#""é\u00e9\n\/\ud83d\ude00|\ud83d|\"""#).unwrap(), "éé\n/😀|\u{fffd}|\"");
    }

    #[test]
    fn an_error_says_what_is_there_instead_and_where() {
        for (text, message) in [
            ("", "expected a value, found the end at byte 0"),
            ("nul", "expected null, found the end at byte 3"),
            ("01", "expected no digit behind a leading 0, found '1' at byte 1"),
            ("1.", "expected a digit, found the end at byte 2"),
            ("\"a", "expected '\"', found the end at byte 2"),
            ("\"\\x\"", "expected an escape, found 'x' at byte 2"),
            ("{'a'}", "expected a key or '}', found '\\'' at byte 1"),
            ("{\"a\":1,}", "expected a key in double quotes, found '}' at byte 7"),
            ("[1 2]", "expected ',' or ']', found '2' at byte 3"),
            ("{} é", "expected the end, found 'é' at byte 3"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert_eq!(error.strip_prefix("not JSON: "), Some(message), "{text:?}");
        }
    }
}
