//! Labels and help texts of the form.

use serde_json::Value;

use super::object::Object;

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

/// The admin pages show the help text of a list twice, above and below its label. It is shown once as
/// part of the label; then the entries, which are labelled after the list, need one of their own.
pub(super) fn of_list(schema: &mut Object) {
    let is_list = schema.get("type").is_some_and(|it| it == "array");
    if !is_list || is_drawn_as_select(schema) {
        return;
    }
    let Some(Value::String(help)) = schema.shift_remove("description") else {
        return;
    };
    let label = schema.get("title").and_then(Value::as_str).unwrap_or(BLANK).to_owned();
    let whole = [&label, ": ", &help].concat();
    schema.insert("title".to_owned(), whole.into());
    of_entries(schema, &label);
}

/// Labels those entries of a list that have no label.
pub(super) fn of_entries(list: &mut Object, label: &str) {
    match list.get_mut("items") {
        Some(Value::Object(each)) => {
            each.entry("title").or_insert(label.into());
        }
        Some(Value::Array(each)) => {
            for (index, entry) in each.iter_mut().filter_map(Value::as_object_mut).enumerate() {
                let number = (index + 1).to_string();
                entry.entry("title").or_insert([label, " ", &number].concat().into());
            }
        }
        _ => {}
    }
}

/// A set of an enum is no list of entries in the form, but one list of which several are chosen.
fn is_drawn_as_select(list: &Object) -> bool {
    list.get("uniqueItems").is_some_and(|it| *it == Value::Bool(true))
        && list.get("items").is_some_and(|it| it["enum"].is_array() || it["oneOf"].is_array())
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
