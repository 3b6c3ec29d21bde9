//! Writing JSON by hand, and comparing it.

use super::parser;

/// `text` as a JSON string, quotes included.
pub(crate) fn quoted(text: &str) -> String {
    // Writing a string to memory has no way to fail.
    super::to_string(text).unwrap_or_default()
}

/// Tells whether two texts say the same: JavaScript writes `5.0` as `5`, and some keys in another order.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    // What nests no deeper than can be read needs no more of the stack than that.
    let can_be_read = |text| parser::check_readable(text).is_ok();
    one == other
        || (can_be_read(one) && can_be_read(other) && says_the_same(one.trim(), other.trim()))
}

fn says_the_same(one: &str, other: &str) -> bool {
    match one.as_bytes().first() {
        Some(b'{') => has_the_same_entries(one, other),
        Some(b'[') if other.starts_with('[') => {
            let elements = |text| parser::elements(text).unwrap_or_default();
            let (ones, others) = (elements(one), elements(other));
            let mut pairs = ones.iter().zip(&others);
            ones.len() == others.len() && pairs.all(|(one, other)| says_the_same(one, other))
        }
        Some(b'"') => {
            other.starts_with('"') && parser::string(one).ok() == parser::string(other).ok()
        }
        _ => match (parser::number(one), parser::number(other)) {
            (Some(one), Some(other)) => one == other,
            _ => one == other,
        },
    }
}

fn has_the_same_entries(one: &str, other: &str) -> bool {
    /// Beyond it looking for what has moved costs more than it spares.
    const MOST_MOVED: usize = 1000;
    let (Ok(ones), Ok(mut others)) = (parser::object(one), parser::object(other)) else {
        return false;
    };
    let mut moved = 0;
    ones.len() == others.len()
        && ones.iter().enumerate().all(|(at, (key, value))| {
            let Some(found) = others.iter().skip(at).position(|(other, _)| other == key) else {
                return false;
            };
            others.swap(at, at + found);
            moved += usize::from(found > 0);
            moved <= MOST_MOVED && others.get(at).is_some_and(|other| says_the_same(value, other.1))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_javascript_writes_otherwise_is_the_same() {
        for (one, other) in [
            ("5.0", "5"),
            ("-0.0", "0"),
            ("1e21", "1e+21"),
            ("123456789012.0", "123456789012"),
            ("[1.0,{\"a\":2.50}]", " [ 1 , { \"a\" : 2.5 } ] "),
            (r#"{"10":1,"9":2}"#, r#"{"9":2,"10":1}"#),
            (r#"{"a":1,"b":2,"c":3}"#, r#"{"c":3,"a":1,"b":2}"#),
            (r#""\u00e9\/""#, "\"é/\""),
            ("null", " null"),
        ] {
            assert!(is_same(one, other) && is_same(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("5", "\"5\""),
            ("5", "5.1"),
            ("[1,2]", "[2,1]"),
            ("[12]", "[1,2]"),
            ("[[1],2]", "[1,[2]]"),
            (r#"{"a":1}"#, r#"{"a":1,"b":null}"#),
            (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
            (r#"{"a":1,"a":1}"#, r#"{"a":1,"b":1}"#),
            ("{}", "5"),
            (r#"{"a":"b"}"#, r#"["a","b"]"#),
            ("null", "false"),
            ("{}", "[]"),
        ] {
            assert!(!is_same(one, other), "{one} {other}");
        }
        let deep = ["[".repeat(100_000), "]".repeat(100_000)].concat();
        assert!(is_same(&deep, &deep) && !is_same(&deep, "[]"));
    }
}
