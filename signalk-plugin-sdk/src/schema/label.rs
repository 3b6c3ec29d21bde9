//! What people read in the form.

use serde_json::Value;

use super::Object;

/// Before what needs no label of its own. A form without a title shows the name of the setting.
pub(super) const BLANK: &str = " ";

/// Makes label and help text of a doc comment: its first paragraph, and the rest.
pub(super) fn of_doc_comment(schema: &mut Object) {
    if schema.contains_key("title") {
        return;
    }
    let Some(Value::String(text)) = schema.shift_remove("description") else {
        return;
    };
    let (label, help) = match text.split_once("\n\n") {
        Some((label, help)) => (label, Some(help)),
        None => (&*text, None),
    };
    let label = label.replace('\n', " ");
    schema.insert("title".to_owned(), label.trim_end_matches('.').into());
    if let Some(help) = help {
        schema.insert("description".to_owned(), help.replace('\n', " ").into());
    }
}

/// A name in the code as words: `north_east` and `NorthEast` are both "North east". What is written
/// in capitals stays as it is.
pub(super) fn readable(name: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut before = None;
    for letter in name.chars() {
        let is_separator = matches!(letter, '_' | '-' | ' ');
        let begins = match before {
            None => true,
            Some(before) => letter.is_uppercase() && char::is_lowercase(before),
        };
        before = (!is_separator).then_some(letter);
        if is_separator {
            continue;
        }
        match words.last_mut() {
            Some(word) if !begins => word.push(letter),
            _ => words.push(letter.into()),
        }
    }
    let words = words.into_iter().enumerate().map(|(index, word)| {
        let mut letters = word.chars();
        let first = letters.next();
        let rest = letters.as_str();
        let is_acronym = rest.chars().any(char::is_uppercase);
        match first {
            Some(first) if index == 0 => first.to_uppercase().chain(rest.chars()).collect(),
            Some(_) if is_acronym => word,
            _ => word.to_lowercase(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        for (name, expected) in [
            ("NorthEast", "North east"),
            ("northEast", "North east"),
            ("north_east", "North east"),
            ("NORTH", "NORTH"),
            ("TcpClient", "Tcp client"),
            ("viaUDP", "Via UDP"),
            ("nmea-0183", "Nmea 0183"),
            ("Day", "Day"),
            ("ärger", "Ärger"),
            ("a", "A"),
            ("", ""),
            ("__", ""),
        ] {
            assert_eq!(readable(name), expected);
        }
    }
}
