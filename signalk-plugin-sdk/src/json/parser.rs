//! The tokens of JSON, and texts taken apart one level at a time.

use std::borrow::Cow;
use std::str::FromStr;

use super::error::{Error, mismatch, the_text};
use super::number::{self, Number};
use crate::text;

/// How deep lists and objects may be nested.
const MAX_DEPTH: u32 = 127;
const TOO_DEEP: &str = "nested too deeply (more than 127 levels)";

/// A scalar, or the start of something larger.
pub(crate) enum Token<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List,
    Object,
}

/// A place in a text, which goes over it once.
///
/// ```ignore
/// let mut parser = Parser::new(text);
/// parser.enter_object()?;
/// while let Some(key) = parser.next_key()? {
///     match &*key {
///         "name" => name = parser.string_or_skip()?,
///         _ => drop(parser.skip()?),
///     }
/// }
/// parser.end()?;
/// ```
#[derive(Clone)]
pub(crate) struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
    /// Tells whether nothing was asked for of the list or object that was entered last.
    is_first: bool,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0, is_first: false }
    }

    pub(super) fn syntax(&self, problem: &str) -> Error {
        Error::syntax(problem, self.at)
    }

    /// The next byte that is no white space, left where it is.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                byte => return byte.copied(),
            }
        }
    }

    /// Takes `byte` where it is the next.
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        // Without white space before it, as JavaScript writes.
        let is_here = self.text.as_bytes().get(self.at) == Some(&byte);
        let is_next = is_here || self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn word(&mut self, word: &str, token: Token<'a>) -> Result<Token<'a>, Error> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return Err(self.syntax("unknown word"));
        }
        self.at += word.len();
        Ok(token)
    }

    /// The next token; the bracket of a list or an object is taken with it.
    pub(crate) fn token(&mut self) -> Result<Token<'a>, Error> {
        match self.peek() {
            None => Err(self.syntax("the text ends early")),
            Some(b'n') => self.word("null", Token::Null),
            Some(b't') => self.word("true", Token::Bool(true)),
            Some(b'f') => self.word("false", Token::Bool(false)),
            Some(b'"') => self.string().map(Token::Text),
            Some(b'[') => self.open(Token::List),
            Some(b'{') => self.open(Token::Object),
            Some(b'-' | b'0'..=b'9') => {
                let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
                let Some((number, len)) = number::parse(rest) else {
                    return Err(self.syntax("malformed number"));
                };
                self.at += len;
                Ok(Token::Number(number))
            }
            Some(_) => Err(self.syntax("unexpected character")),
        }
    }

    /// Takes a whole number of any size, where there is one that fits.
    pub(super) fn whole<T: FromStr>(&mut self) -> Option<T> {
        self.peek();
        let rest = self.text.as_bytes().get(self.at..)?;
        let (_, len) = number::parse(rest)?;
        let value = self.text.get(self.at..self.at + len)?.parse().ok()?;
        self.at += len;
        Some(value)
    }

    fn open<T>(&mut self, token: T) -> Result<T, Error> {
        if self.depth >= MAX_DEPTH {
            return Err(Error::new(TOO_DEEP));
        }
        self.depth += 1;
        self.at += 1;
        Ok(token)
    }

    /// Whether another element follows in the list or object that `end` closes.
    pub(super) fn more(&mut self, first: bool, end: u8) -> Result<bool, Error> {
        match self.peek() {
            Some(byte) if byte == end => {
                self.at += 1;
                self.depth = self.depth.saturating_sub(1);
                Ok(false)
            }
            _ if first => Ok(true),
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            _ => Err(self.syntax("expected a comma or a closing bracket")),
        }
    }

    /// A key and its colon.
    pub(super) fn key(&mut self) -> Result<Cow<'a, str>, Error> {
        self.key_by(Self::string)
    }

    /// A key, taken by a function, and its colon.
    #[inline(always)]
    fn key_by<T>(&mut self, take: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        if self.peek() != Some(b'"') {
            return Err(self.syntax("expected a key in quotes"));
        }
        let key = take(self)?;
        if !self.take(b':') {
            return Err(self.syntax("expected a colon"));
        }
        Ok(key)
    }

    /// A string, from its opening quote on; borrowed where it holds no escapes.
    fn string(&mut self) -> Result<Cow<'a, str>, Error> {
        self.at += 1;
        let (part, end) = self.part()?;
        if end == b'"' { Ok(Cow::Borrowed(part)) } else { self.string_with_escapes(part) }
    }

    /// The rest of a string that goes on with an escape, whose backslash is taken.
    #[cold]
    fn string_with_escapes(&mut self, start: &str) -> Result<Cow<'a, str>, Error> {
        let mut owned = String::from(start);
        loop {
            owned.push(self.escape()?);
            let (part, end) = self.part()?;
            owned.push_str(part);
            if end == b'"' {
                return Ok(Cow::Owned(owned));
            }
        }
    }

    /// What stands for itself in a string, and the quote or the backslash behind it, which are taken.
    #[inline(always)]
    fn part(&mut self) -> Result<(&'a str, u8), Error> {
        let start = self.at;
        let end = self.plain()?;
        let part = self.text.get(start..self.at).unwrap_or_default();
        self.at += 1;
        Ok((part, end))
    }

    /// Passes over a string, from its opening quote on.
    fn skip_string(&mut self) -> Result<(), Error> {
        self.at += 1;
        loop {
            let byte = self.plain()?;
            self.at += 1;
            if byte == b'"' {
                return Ok(());
            }
            self.escape()?;
        }
    }

    /// Passes over what stands for itself in a string, up to the quote or the backslash.
    #[inline(always)]
    fn plain(&mut self) -> Result<u8, Error> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += text::plain_len(rest);
        match self.text.as_bytes().get(self.at) {
            Some(byte @ (b'"' | b'\\')) => Ok(*byte),
            Some(_) => Err(self.syntax("control character in a string")),
            None => Err(self.syntax("the text ends within a string")),
        }
    }

    fn escape(&mut self) -> Result<char, Error> {
        let byte = self.text.as_bytes().get(self.at);
        self.at += 1;
        Ok(match byte {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let mut code = u32::from(self.unit()?);
                let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
                if (0xd800..0xdc00).contains(&code) && rest.starts_with(b"\\u") {
                    self.at += 2;
                    let low = u32::from(self.unit()?);
                    match low.wrapping_sub(0xdc00) {
                        low @ 0..0x400 => code = 0x10000 + ((code - 0xd800) << 10) + low,
                        // Not its other half, but a character of its own, to be read as that.
                        _ => self.at -= 6,
                    }
                }
                // JavaScript cuts characters in half and writes the halves.
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return Err(self.syntax("unknown escape")),
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Result<u16, Error> {
        let mut unit = 0;
        for _ in 0..4 {
            let byte = self.text.as_bytes().get(self.at).copied().unwrap_or_default();
            let Some(digit) = char::from(byte).to_digit(16) else {
                return Err(self.syntax("malformed \\u escape"));
            };
            unit = unit << 4 | digit as u16;
            self.at += 1;
        }
        Ok(unit)
    }

    /// Passes over a value of any depth, checking it; the text of it.
    pub(crate) fn skip(&mut self) -> Result<&'a str, Error> {
        self.skip_within(usize::MAX)
    }

    /// As [`Self::skip`], for a value that is nested no deeper than can be read.
    pub(super) fn skip_readable(&mut self) -> Result<&'a str, Error> {
        self.skip_within(MAX_DEPTH as usize)
    }

    /// Checks what it passes over, and decodes nothing of it.
    fn skip_within(&mut self, levels: usize) -> Result<&'a str, Error> {
        let bracket = self.peek();
        let start = self.at;
        if !matches!(bracket, Some(b'[' | b'{')) {
            self.skip_scalar(bracket)?;
            return Ok(self.text.get(start..self.at).unwrap_or_default());
        }
        // Here the brackets count it.
        let depth = self.depth;
        let mut open = Brackets::default();
        loop {
            let mut first = false;
            match self.peek() {
                Some(bracket @ (b'[' | b'{')) => {
                    self.at += 1;
                    open.push(bracket == b'{');
                    if open.depth > levels {
                        return Err(Error::new(TOO_DEEP));
                    }
                    first = true;
                }
                byte => self.skip_scalar(byte)?,
            }
            while let Some(is_object) = open.last() {
                if self.more(first, if is_object { b'}' } else { b']' })? {
                    if is_object {
                        self.key_by(Self::skip_string)?;
                    }
                    break;
                }
                open.pop();
                first = false;
            }
            if open.depth == 0 {
                break;
            }
        }
        self.depth = depth;
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    /// Passes over a string, a number or a word that starts with `byte`.
    fn skip_scalar(&mut self, byte: Option<u8>) -> Result<(), Error> {
        match byte {
            Some(b'"') => self.skip_string(),
            Some(b'-' | b'0'..=b'9') => self.skip_number(),
            _ => self.token().map(drop),
        }
    }

    fn skip_number(&mut self) -> Result<(), Error> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let Some(len) = number::len(rest) else {
            return Err(self.syntax("malformed number"));
        };
        self.at += len;
        Ok(())
    }

    /// Passes over a value by its brackets and strings alone; the text of it. To be used for text that is
    /// checked when it is read, or read by nobody, for it takes half of the time of [`Self::skip`].
    pub(crate) fn pass(&mut self) -> Result<&'a str, Error> {
        let bracket = self.peek();
        let start = self.at;
        if matches!(bracket, Some(b'[' | b'{')) {
            self.pass_brackets()?;
        } else {
            self.skip_scalar(bracket)?;
        }
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    fn pass_brackets(&mut self) -> Result<(), Error> {
        let bytes = self.text.as_bytes();
        let mut open = 0usize;
        // In a variable of its own, for it changes with every byte.
        let mut at = self.at;
        while let Some(byte) = bytes.get(at) {
            at += 1;
            match byte {
                b'"' => at = behind_string(bytes, at),
                b'[' | b'{' => open += 1,
                b']' | b'}' if open == 1 => {
                    self.at = at;
                    return Ok(());
                }
                b']' | b'}' => open -= 1,
                _ => {}
            }
        }
        self.at = bytes.len();
        Err(self.syntax("the text ends early"))
    }

    /// Enters the object that has to stand here.
    pub(crate) fn enter_object(&mut self) -> Result<(), Error> {
        let here = self.clone();
        let Token::Object = self.token()? else {
            return Err(here.not("a group of values"));
        };
        self.is_first = true;
        Ok(())
    }

    /// Enters the list or the object that `bracket` opens, or passes over what stands there instead.
    pub(crate) fn enters(&mut self, bracket: u8) -> Result<bool, Error> {
        if self.peek() == Some(bracket) {
            self.open(())?;
            self.is_first = true;
            return Ok(true);
        }
        self.skip()?;
        Ok(false)
    }

    /// The next key of the object that was entered; `None` at its end, which is left with it.
    pub(crate) fn next_key(&mut self) -> Result<Option<Cow<'a, str>>, Error> {
        if self.goes_on(b'}')? { self.key().map(Some) } else { Ok(None) }
    }

    /// Tells whether the list that was entered has another element; it is left with its end.
    pub(crate) fn next_element(&mut self) -> Result<bool, Error> {
        self.goes_on(b']')
    }

    #[inline(always)]
    fn goes_on(&mut self, end: u8) -> Result<bool, Error> {
        let is_first = std::mem::replace(&mut self.is_first, false);
        self.more(is_first, end)
    }

    /// A string, or `None` for what stands there instead, which is passed over.
    pub(crate) fn string_or_skip(&mut self) -> Result<Option<Cow<'a, str>>, Error> {
        if self.peek() == Some(b'"') {
            return self.string().map(Some);
        }
        self.skip()?;
        Ok(None)
    }

    /// The text of a value, which is [passed over](Self::pass); `None` for null.
    pub(crate) fn value_or_null(&mut self) -> Result<Option<&'a str>, Error> {
        Ok(Some(self.pass()?).filter(|text| *text != "null"))
    }

    /// Nothing but white space is left.
    pub(crate) fn end(&mut self) -> Result<(), Error> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.syntax("more text behind the end")),
        }
    }

    /// What stands here is not what was expected.
    fn not(self, expected: &str) -> Error {
        Error::new(mismatch(&self.describe(), expected))
    }

    /// What stands here, for an error message. To be asked before it is read.
    pub(crate) fn describe(mut self) -> String {
        const MOST: usize = 60;
        self.depth = 0;
        match self.token() {
            Err(_) => "something that is not JSON".into(),
            Ok(Token::Null) => "nothing".into(),
            Ok(Token::Bool(true)) => "true".into(),
            Ok(Token::Bool(false)) => "false".into(),
            Ok(Token::List) => "a list".into(),
            Ok(Token::Object) => "a group of values".into(),
            Ok(Token::Text(text)) => the_text(&text),
            Ok(Token::Number(_)) => {
                let start = self.text.as_bytes().get(..self.at).unwrap_or_default();
                let is_part =
                    |byte: &&u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
                let len = start.iter().rev().take_while(is_part).take(MOST).count();
                self.text.get(self.at - len..self.at).unwrap_or_default().into()
            }
        }
    }
}

/// The place behind the string whose first byte is at a place.
fn behind_string(bytes: &[u8], mut at: usize) -> usize {
    loop {
        at += text::plain_len(bytes.get(at..).unwrap_or_default());
        match bytes.get(at) {
            Some(b'"') => return at + 1,
            // With the byte that it makes a plain one.
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
            None => return at,
        }
    }
}

/// The brackets that are open, each a bit: whether it is an object's.
#[derive(Default)]
struct Brackets {
    /// The innermost ones, the last in the lowest bit.
    bits: u64,
    /// Those before, where there are more than fit.
    outer: Vec<u64>,
    depth: usize,
}

impl Brackets {
    fn push(&mut self, is_object: bool) {
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.outer.push(self.bits);
        }
        self.bits = self.bits << 1 | u64::from(is_object);
        self.depth += 1;
    }

    fn last(&self) -> Option<bool> {
        (self.depth > 0).then_some(self.bits & 1 == 1)
    }

    fn pop(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.bits >>= 1;
        if self.depth.is_multiple_of(64) {
            self.bits = self.outer.pop().unwrap_or_default();
        }
    }
}

/// A key and the text of its value.
pub(crate) type Entry<'a> = (Cow<'a, str>, &'a str);

/// The entries of an object in their order, values as they came.
pub(crate) fn object(text: &str) -> Result<Vec<Entry<'_>>, Error> {
    let mut parser = Parser::new(text);
    let mut entries = Vec::new();
    parser.enter_object()?;
    while let Some(key) = parser.next_key()? {
        entries.push((key, parser.skip()?));
    }
    parser.end()?;
    Ok(entries)
}

/// The value of one entry of an object, unparsed; `None` where there is none.
pub(crate) fn field<'t>(text: &'t str, key: &str) -> Result<Option<&'t str>, Error> {
    Ok(object(text)?.into_iter().find(|(name, _)| name == key).map(|(_, value)| value))
}

/// The elements of a list as they came; none where there is null instead.
pub(crate) fn elements(text: &str) -> Result<Vec<&str>, Error> {
    let mut parser = Parser::new(text);
    let mut elements = Vec::new();
    let here = parser.clone();
    match parser.token()? {
        Token::List => {}
        Token::Null => return Ok(elements),
        _ => return Err(here.not("a list")),
    }
    while parser.more(elements.is_empty(), b']')? {
        elements.push(parser.skip()?);
    }
    parser.end()?;
    Ok(elements)
}

/// As [`elements`], without those that are null.
pub(crate) fn list(text: &str) -> Result<Vec<&str>, Error> {
    let mut elements = elements(text)?;
    elements.retain(|element| *element != "null");
    Ok(elements)
}

/// A string; empty where there is null instead.
pub(crate) fn string(text: &str) -> Result<Cow<'_, str>, Error> {
    let mut parser = Parser::new(text);
    let here = parser.clone();
    let string = match parser.token()? {
        Token::Text(text) => text,
        Token::Null => Cow::Borrowed(""),
        _ => return Err(here.not("a text")),
    };
    parser.end()?;
    Ok(string)
}

/// A number; `None` where there is something else.
pub(crate) fn number(text: &str) -> Option<f64> {
    match number::parse(text.as_bytes())?.0 {
        Number::Unsigned(number) => Some(number as f64),
        Number::Signed(number) => Some(number as f64),
        Number::Float(number) => Some(number),
    }
}

/// Whether `text` is JSON.
pub(crate) fn check(text: &str) -> Result<(), Error> {
    let mut parser = Parser::new(text);
    parser.skip()?;
    parser.end()
}

/// As [`check`], for JSON that is nested no deeper than can be read.
pub(super) fn check_readable(text: &str) -> Result<(), Error> {
    let mut parser = Parser::new(text);
    parser.skip_readable()?;
    parser.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_what_serde_json_takes_and_refuses_what_it_refuses() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        for text in [
            "null",
            "true",
            " false ",
            "0",
            "-1.5e3",
            "\"\"",
            "\"a\\u00e9\\n\\ud83d\\ude00\"",
            "[]",
            "{}",
            "[1,2,[3,{\"a\":[]}]]",
            "{\"a\":{},\"b\":[null]}",
            "\t[ 1 , 2 ]\r\n",
            "[[],[]]",
            "[{},{}]",
            // Wrong.
            "",
            " ",
            "nul",
            "nulll",
            "[",
            "]",
            "[1",
            "[1,",
            "[1,]",
            "[,1]",
            "[1 2]",
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,}",
            "{a:1}",
            "{\"a\" 1}",
            "{1:2}",
            "[}",
            "{]",
            "\"",
            "\"\\\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u12g4\"",
            "\"a\nb\"",
            "01",
            "1.",
            "-",
            "1 1",
            "[1]]",
            "{}}",
            "tru",
            "'a'",
            "[1}",
            "\u{feff}1",
            "// 1",
            "NaN",
            "Infinity",
        ] {
            let ours = check(text);
            let theirs = serde_json::from_str::<serde::de::IgnoredAny>(text);
            assert_eq!(ours.is_ok(), theirs.is_ok(), "{text:?}: {ours:?} and {theirs:?}");
        }
        assert!(check(&deep).is_ok(), "passing over needs no stack");
    }

    #[test]
    fn what_is_passed_over_ends_where_it_ends() {
        for text in [
            "[1,[2,{}],{\"a\":[]}]",
            r#"{"a\"]}":"\\","b":"}{]["}"#,
            "5.5",
            "\"a\\\"b\"",
            "null",
            "[]",
        ] {
            let list = format!(" [ {text} , 1]");
            let mut parser = Parser::new(&list);
            assert!(parser.enters(b'[').unwrap() && parser.next_element().unwrap());
            assert_eq!(parser.pass().unwrap(), text);
            assert!(parser.next_element().unwrap(), "{list}");
        }
        for text in ["[", "{\"a\":[1]", "[\"]", "[\"\\", "", "]", "tru", "\"a"] {
            assert!(Parser::new(text).pass().is_err(), "{text}");
        }
    }

    #[test]
    fn half_a_character_is_read_as_one_that_is_unknown() {
        for (json, text) in [
            ("\"cut \\ud83d\"", "cut \u{fffd}"),
            ("\"\\udc00x\"", "\u{fffd}x"),
            ("\"\\ud800\\u0041\"", "\u{fffd}A"),
            ("\"\\ud83d\\ud83d\\ude00\"", "\u{fffd}😀"),
        ] {
            assert_eq!(string(json).unwrap(), text, "{json}");
        }
    }

    #[test]
    fn an_object_is_taken_apart_with_its_values_as_they_came() {
        let entries = object(r#" {"a" : [1, 2] ,"b\"":{"c":"}"}, "a":null} "#).unwrap();
        assert_eq!(
            entries,
            [
                (Cow::from("a"), "[1, 2]"),
                (Cow::from("b\""), r#"{"c":"}"}"#),
                (Cow::from("a"), "null")
            ]
        );
        assert!(object("{}").unwrap().is_empty());
        assert_eq!(
            object("[]").unwrap_err().to_string(),
            "found a list, expected a group of values"
        );
    }

    #[test]
    fn a_list_loses_its_nulls_and_null_is_an_empty_one() {
        assert_eq!(list("[1,null,[null],\"null\"]").unwrap(), ["1", "[null]", "\"null\""]);
        assert_eq!(list("null").unwrap(), [] as [&str; 0]);
        assert_eq!(list("-5.25").unwrap_err().to_string(), "found -5.25, expected a list");
    }

    #[test]
    fn a_string_is_borrowed_where_it_can_be() {
        assert!(matches!(string("\"abc\"").unwrap(), Cow::Borrowed("abc")));
        assert_eq!(string(r#""a\tb\u00e9\ud83d\ude00""#).unwrap(), "a\tbé😀");
        assert_eq!(string("null").unwrap(), "");
        assert!(string("5").is_err());
    }
}
