//! JSON objects and lists, put together from parts that are JSON already.

use super::text::quoted;

/// An object, written entry by entry.
#[derive(Debug)]
pub(crate) struct ObjectWriter(String);

impl ObjectWriter {
    /// An object without entries.
    pub(crate) fn new() -> Self {
        Self("{".into())
    }

    /// Adds an entry whose value is JSON.
    pub(crate) fn json(mut self, key: &str, value: &str) -> Self {
        self.add(key, value);
        self
    }

    /// Adds an entry whose value is a string.
    pub(crate) fn string(self, key: &str, value: &str) -> Self {
        self.json(key, &quoted(value))
    }

    /// Adds an entry, if there is a value.
    pub(crate) fn string_if(self, key: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.string(key, value),
            None => self,
        }
    }

    /// As [`Self::json`], in a loop.
    pub(crate) fn add(&mut self, key: &str, value: &str) {
        separate(&mut self.0);
        self.0.push_str(&quoted(key));
        self.0.push(':');
        self.0.push_str(value);
    }

    /// Adds the entries of an object that is JSON.
    pub(crate) fn entries_of(mut self, object: &str) -> Self {
        let entries = object.strip_prefix('{').and_then(|object| object.strip_suffix('}'));
        let entries = entries.unwrap_or_default().trim();
        if !entries.is_empty() {
            separate(&mut self.0);
            self.0.push_str(entries);
        }
        self
    }

    /// The text of the object.
    pub(crate) fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// An object of keys and values that are JSON.
pub(crate) fn object_of<'t, K: AsRef<str>>(
    entries: impl IntoIterator<Item = (K, &'t str)>,
) -> String {
    let mut object = ObjectWriter::new();
    for (key, value) in entries {
        object.add(key.as_ref(), value);
    }
    object.end()
}

/// A list, written element by element.
#[derive(Debug)]
pub(crate) struct ListWriter(String);

impl ListWriter {
    /// A list without elements.
    pub(crate) fn new() -> Self {
        Self("[".into())
    }

    /// Adds an element that is JSON.
    pub(crate) fn push(&mut self, element: &str) {
        separate(&mut self.0);
        self.0.push_str(element);
    }

    /// Tells whether it has no elements.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.len() == 1
    }

    /// The text of the list.
    pub(crate) fn end(mut self) -> String {
        self.0.push(']');
        self.0
    }
}

impl Default for ListWriter {
    fn default() -> Self {
        Self::new()
    }
}

/// Puts a comma behind what is there, if it is more than the bracket.
fn separate(text: &mut String) {
    if text.len() > 1 {
        text.push(',');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_and_elements_are_parted_by_commas_and_keys_are_quoted() {
        assert_eq!(ObjectWriter::new().end(), "{}");
        let mut list = ListWriter::new();
        assert!(list.is_empty());
        assert_eq!(ListWriter::new().end(), "[]");
        list.push("1");
        list.push("null");
        let object = ObjectWriter::new().json("list", &list.end()).string("\"", "\n");
        assert_eq!(object.end(), r#"{"list":[1,null],"\"":"\n"}"#);
    }

    #[test]
    fn the_entries_of_another_object_come_behind() {
        let with = |other| ObjectWriter::new().string("a", "b").entries_of(other).end();
        assert_eq!(with("{}"), r#"{"a":"b"}"#);
        assert_eq!(with("{ }"), r#"{"a":"b"}"#);
        assert_eq!(with(r#"{"c":{}}"#), r#"{"a":"b","c":{}}"#);
        assert_eq!(ObjectWriter::new().entries_of("{}").end(), "{}");
    }
}
