//! `JSON.parse`, with the messages of Node.js, which users of a server get to see.

use std::fmt;

use serde_json::{Map, Number, Value};

use crate::version::ServerVersion;

/// Deeper nesting is refused here, which the server would still read.
const MOST_LEVELS: usize = 128;

/// Why a text is not JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    message: String,
    /// Line and column, which only newer versions of Node.js tell.
    place: Option<(usize, usize)>,
}

impl JsonError {
    /// The message of the Node.js that a server version runs on.
    #[must_use]
    pub fn message(&self, version: ServerVersion) -> String {
        if version >= ServerVersion::V2_32 { self.to_string() } else { self.message.clone() }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match self.place {
            Some((line, column)) => write!(f, " (line {line} column {column})"),
            None => Ok(()),
        }
    }
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
        return Err(parser.wrong("Unexpected non-whitespace character after JSON"));
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
            Some(b'{' | b'[') if level >= MOST_LEVELS => Err(JsonError {
                message: format!("this host reads {MOST_LEVELS} levels of nesting"),
                place: None,
            }),
            Some(b'{') => self.object(level + 1),
            Some(b'[') => self.array(level + 1),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal("true", Value::Bool(true)),
            Some(b'f') => self.literal("false", Value::Bool(false)),
            Some(b'n') => self.literal("null", Value::Null),
            _ => Err(self.unexpected()),
        }
    }

    fn object(&mut self, level: usize) -> Parsed<Value> {
        self.place += 1;
        self.skip_blanks();
        let mut members = Map::new();
        if self.take_if(b'}') {
            return Ok(Value::Object(members));
        }
        let mut missing = "Expected property name or '}' in JSON";
        loop {
            self.skip_blanks();
            if self.peek() != Some(b'"') {
                return Err(self.wrong(missing));
            }
            let key = self.string()?;
            self.skip_blanks();
            if !self.take_if(b':') {
                return Err(self.wrong("Expected ':' after property name in JSON"));
            }
            let value = self.value(level)?;
            members.insert(key, value);
            self.skip_blanks();
            if self.take_if(b'}') {
                return Ok(Value::Object(super::in_order(members)));
            }
            if !self.take_if(b',') {
                return Err(self.wrong("Expected ',' or '}' after property value in JSON"));
            }
            missing = "Expected double-quoted property name in JSON";
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
                return Err(self.wrong("Expected ',' or ']' after array element in JSON"));
            }
        }
    }

    fn literal(&mut self, word: &str, value: Value) -> Parsed<Value> {
        for wanted in word.bytes() {
            if !self.take_if(wanted) {
                return Err(self.unexpected());
            }
        }
        Ok(value)
    }

    fn number(&mut self) -> Parsed<Value> {
        let begin = self.place;
        if self.take_if(b'-') && !self.is_at_digit() {
            return Err(self.wrong("No number after minus sign in JSON"));
        }
        if self.take_if(b'0') {
            if self.is_at_digit() {
                return Err(self.wrong("Unexpected number in JSON"));
            }
        } else {
            self.skip_digits();
        }
        if self.take_if(b'.') {
            if !self.is_at_digit() {
                return Err(self.wrong("Unterminated fractional number in JSON"));
            }
            self.skip_digits();
        }
        if self.take_if(b'e') || self.take_if(b'E') {
            let _sign = self.take_if(b'+') || self.take_if(b'-');
            if !self.is_at_digit() {
                return Err(self.wrong("Exponent part is missing a number in JSON"));
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
                None => return Err(self.wrong("Unterminated string in JSON")),
                Some(b'"') => break,
                Some(0..0x20) => {
                    return Err(self.wrong("Bad control character in string literal in JSON"));
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
            None => return Err(self.unexpected()),
            Some(b'u') => return self.unicode_escape(),
            Some(b'b') => 8,
            Some(b't') => 9,
            Some(b'n') => 10,
            Some(b'f') => 12,
            Some(b'r') => 13,
            Some(other @ (b'"' | b'\\' | b'/')) => u16::from(other),
            Some(_) => return Err(self.wrong("Bad escaped character in JSON")),
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
                return Err(self.wrong("Bad Unicode escape in JSON"));
            };
            unit = unit * 16 + digit;
            self.place += 1;
        }
        Ok(unit)
    }

    /// An error that names its position, in UTF-16 units.
    fn wrong(&self, message: &str) -> JsonError {
        let before = self.text.get(..self.place).unwrap_or(self.text);
        let position = length(before);
        let lines = before.replace("\r\n", "\n").replace('\r', "\n");
        let column = before.rfind(['\n', '\r']).map_or(before, |end| &before[end + 1..]);
        JsonError {
            message: format!("{message} at position {position}"),
            place: Some((lines.matches('\n').count() + 1, length(column) + 1)),
        }
    }

    /// An error at what nothing can begin with.
    fn unexpected(&self) -> JsonError {
        let rest = self.text.get(self.place..).unwrap_or_default();
        let found = rest.chars().next();
        if matches!(self.text, "NaN" | "Infinity" | "undefined" | "[object Object]") {
            return without_place(format!("\"{}\" is not valid JSON", self.text));
        }
        match found {
            None => without_place("Unexpected end of JSON input".to_owned()),
            Some('0'..='9') => self.wrong("Unexpected number in JSON"),
            Some('"') => self.wrong("Unexpected string in JSON"),
            Some(found) => {
                // JavaScript sees the two halves of such a character.
                let found = if found.len_utf16() > 1 { '\u{fffd}' } else { found };
                let context = self.context();
                without_place(format!("Unexpected token '{found}', {context} is not valid JSON"))
            }
        }
    }

    /// What is around the error: ten UTF-16 units on either side of a longer text.
    fn context(&self) -> String {
        const AROUND: usize = 10;
        let units: Vec<u16> = self.text.encode_utf16().collect();
        if units.len() <= 2 * AROUND {
            return format!("\"{}\"", self.text);
        }
        let place = length(self.text.get(..self.place).unwrap_or_default());
        let shown = |from: usize, to: usize| {
            String::from_utf16_lossy(units.get(from..to).unwrap_or_default())
        };
        let end = units.len();
        if place < AROUND {
            format!("\"{}\"...", shown(0, place + AROUND))
        } else if place < end - AROUND {
            format!("...\"{}\"...", shown(place - AROUND, place + AROUND))
        } else {
            format!("...\"{}\"", shown(place - AROUND, end))
        }
    }
}

fn without_place(message: String) -> JsonError {
    JsonError { message, place: None }
}

fn length(text: &str) -> usize {
    text.encode_utf16().count()
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
    fn errors_are_those_of_node_js() {
        for (text, message) in [
            ("{", "Expected property name or '}' in JSON at position 1 (line 1 column 2)"),
            ("nul", "Unexpected end of JSON input"),
            ("", "Unexpected end of JSON input"),
            ("01", "Unexpected number in JSON at position 1 (line 1 column 2)"),
            ("1.", "Unterminated fractional number in JSON at position 2 (line 1 column 3)"),
            ("1e+", "Exponent part is missing a number in JSON at position 3 (line 1 column 4)"),
            ("--1", "No number after minus sign in JSON at position 1 (line 1 column 2)"),
            ("\"a", "Unterminated string in JSON at position 2 (line 1 column 3)"),
            (
                "\"\t\"",
                "Bad control character in string literal in JSON at position 1 (line 1 column 2)",
            ),
            ("\"\\x\"", "Bad escaped character in JSON at position 2 (line 1 column 3)"),
            ("\"\\u12x\"", "Bad Unicode escape in JSON at position 5 (line 1 column 6)"),
            ("\"\\", "Unexpected end of JSON input"),
            ("{\"a\"", "Expected ':' after property name in JSON at position 4 (line 1 column 5)"),
            (
                "{\"a\":1,}",
                "Expected double-quoted property name in JSON at position 7 (line 1 column 8)",
            ),
            (
                "{\"a\":\"b\" \r\n:",
                "Expected ',' or '}' after property value in JSON at position 11 (line 2 column 1)",
            ),
            (
                "[1 2]",
                "Expected ',' or ']' after array element in JSON at position 3 (line 1 column 4)",
            ),
            ("[1,]", "Unexpected token ']', \"[1,]\" is not valid JSON"),
            (
                "{} x",
                "Unexpected non-whitespace character after JSON at position 3 (line 1 column 4)",
            ),
            ("tru3", "Unexpected number in JSON at position 3 (line 1 column 4)"),
            ("é", "Unexpected token 'é', \"é\" is not valid JSON"),
            ("NaN", "\"NaN\" is not valid JSON"),
            ("xxxxxxxxxxxxxxxxxxxxx", "Unexpected token 'x', \"xxxxxxxxxx\"... is not valid JSON"),
            (
                "[1,2,3,4,5,6,7,8,9,10,x,11,12,13,14,15]",
                "Unexpected token 'x', ...\",7,8,9,10,x,11,12,13\"... is not valid JSON",
            ),
            (
                "[1,2,3,4,5,6,7,8,9,10,11,12,x]",
                "Unexpected token 'x', ...\",10,11,12,x]\" is not valid JSON",
            ),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), message, "{text:?}");
        }
    }

    #[test]
    fn the_older_server_has_an_older_node_js_that_tells_no_line() {
        let error = parse("{").unwrap_err();
        assert_eq!(
            error.message(ServerVersion::V2_23),
            "Expected property name or '}' in JSON at position 1"
        );
    }
}
