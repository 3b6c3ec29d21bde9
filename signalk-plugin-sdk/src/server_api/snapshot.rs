//! What the server knows of a vessel.

use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::json::{self, ObjectWriter, Raw};
use crate::model::{self, Entry};

/// What the server knows of a vessel, as it was when it was asked.
#[derive(Debug, Clone)]
pub struct Snapshot(Raw);

/// The keys of a node that are no paths below it.
const OWN_KEYS: [&str; 7] = ["meta", "values", "$source", "timestamp", "sentence", "pgn", "value"];

/// No path has so many parts.
const MOST_PARTS: usize = 16;

impl Snapshot {
    pub(super) fn of(tree: Option<Raw>) -> Self {
        Self(tree.unwrap_or_default())
    }

    /// Returns the value of a path, from whichever source the server has it; `None` if it knows none. Of what
    /// stands at the root, `name` and `mmsi` for example, each is a path of its own.
    ///
    /// # Errors
    /// When the value does not fit `T`.
    pub fn get<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>> {
        Ok(self.entry(path)?.map(|entry| entry.value))
    }

    /// Returns the value of a path with its source and time; it has no age, for nobody knows when it arrived.
    ///
    /// # Errors
    /// When the value does not fit `T`.
    pub fn entry<T: DeserializeOwned>(&self, path: &str) -> Result<Option<Entry<T>>> {
        let mut node = self.0.as_str();
        for part in path.split('.') {
            if !node.starts_with('{') {
                return Ok(None);
            }
            match json::field(node, part)? {
                Some(child) => node = child,
                None => return Ok(None),
            }
        }
        model::read_node(node, path)
    }

    /// Fills the [model](crate::model) with the values that it is to keep and no delta has brought yet. They have no age, so
    /// [`model::get_within`](crate::model::get_within) leaves them out. Only of the own vessel's.
    ///
    /// `name`, `mmsi` and the like stand at the path `""` of the model, as deltas have them.
    ///
    /// # Errors
    /// When the server's answer is no tree.
    pub fn fill_model(&self) -> Result<()> {
        let tree = self.0.as_str();
        if tree == "null" {
            return Ok(());
        }
        let mut root = ObjectWriter::new();
        for (key, value) in json::object(tree)? {
            if value.starts_with('{') {
                fill(&key, value, 1)?;
            } else {
                root = root.json(&key, value);
            }
        }
        model::keep_known("", &json::object_of([("value", &*root.end())]))
    }
}

/// Keeps the value of a node, and those below it.
fn fill(path: &str, node: &str, parts: usize) -> Result<()> {
    if parts > MOST_PARTS {
        return Err(Error::msg("a tree of the server's has no end"));
    }
    let entries = json::object(node)?;
    if entries.iter().any(|(key, _)| key == "value") {
        model::keep_known(path, node)?;
    }
    for (key, child) in entries {
        if child.starts_with('{') && !OWN_KEYS.contains(&&*key) {
            fill(&[path, ".", &*key].concat(), child, parts + 1)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::delta::Delta;
    use crate::types::Position;

    /// As both servers answer.
    const TREE: &str = r#"{"url":"undefined","name":"Maia","mmsi":"230099999",
        "design":{"beam":{"meta":{"units":"m","value":9},"value":3.4,"$source":"defaults",
            "timestamp":"2026-12-01T06:04:08.471Z"}},
        "navigation":{"position":{"meta":{},"value":{"latitude":60.1,"longitude":24.9},
            "values":{"a.GP":{"value":{"latitude":1,"longitude":2}}},"$source":"b.GP",
            "timestamp":"2026-12-01T06:00:00Z"},
            "gnss":{"satellites":{"value":null,"$source":"b.GP"}}},
        "propulsion":{"value":{"revolutions":{"value":5}}}}"#;

    fn snapshot() -> Snapshot {
        Snapshot::of(Some(Raw::parse(TREE).unwrap()))
    }

    #[test]
    fn a_value_is_found_by_its_path_with_its_source_and_time() {
        let beam = snapshot().entry::<f64>("design.beam").unwrap().unwrap();
        assert_eq!((beam.value, &*beam.source), (3.4, "defaults"));
        assert_eq!(beam.timestamp, "2026-12-01T06:04:08.471Z");
        assert_eq!((beam.age, beam.arrived), (None, None));
        let position = snapshot().get::<Position>("navigation.position").unwrap();
        assert_eq!(position, Some(Position::new(60.1, 24.9)));
        assert_eq!(snapshot().get::<String>("name").unwrap().as_deref(), Some("Maia"));
    }

    #[test]
    fn what_the_server_does_not_know_is_none() {
        for path in ["design", "design.draft", "name.first", "navigation.gnss.satellites", "", "x"]
        {
            assert_eq!(snapshot().get::<Raw>(path).unwrap(), None, "{path}");
            assert_eq!(Snapshot::of(None).get::<Raw>(path).unwrap(), None, "{path}");
        }
        let error = snapshot().get::<f64>("name").unwrap_err().to_string();
        assert_eq!(error, "name: found the text \"Maia\", expected a number");
    }

    #[test]
    fn the_model_gets_what_it_is_to_keep_and_no_delta_has_brought() {
        crate::instance::reset();
        model::watch(&["design.*", "navigation.position", ""]);
        let delta = r#"{"updates":[{"$source":"new","values":[
            {"path":"navigation.position","value":{"latitude":61,"longitude":25}}]}]}"#;
        model::keep(&Delta::parse(delta).unwrap().updates[0]);
        snapshot().fill_model().unwrap();
        assert_eq!(model::get::<f64>("design.beam").unwrap(), Some(3.4));
        assert_eq!(model::get_within::<f64>("design.beam", Duration::MAX).unwrap(), None);
        assert_eq!(model::position().unwrap(), Some(Position::new(61.0, 25.0)));
        let root = model::get::<Raw>("").unwrap().unwrap();
        assert_eq!(json::field(root.as_str(), "name").unwrap(), Some("\"Maia\""));
        Snapshot::of(None).fill_model().unwrap();
        crate::instance::reset();
    }

    #[test]
    fn a_delta_takes_the_place_of_what_the_server_knew() {
        crate::instance::reset();
        model::watch(&["design.beam"]);
        snapshot().fill_model().unwrap();
        let delta =
            r#"{"updates":[{"$source":"x","values":[{"path":"design.beam","value":3.5}]}]}"#;
        model::keep(&Delta::parse(delta).unwrap().updates[0]);
        assert_eq!(model::get::<f64>("design.beam").unwrap(), Some(3.5));
        crate::instance::reset();
    }
}
