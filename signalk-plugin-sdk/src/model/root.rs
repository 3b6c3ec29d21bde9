//! The root of a context: name, mmsi, communication and the like, which come as objects at the path `""`.

use crate::json;

/// Objects within the root are merged down to this level; what is deeper, and no path of the specification, is
/// replaced. So a value that somebody has nested without end takes no stack.
const LEVELS: u8 = 4;

/// The root with what an update says of it, as the server merges them. A member that is null goes.
pub(super) fn merged(root: &str, update: &str) -> String {
    merge(root, update, LEVELS).unwrap_or_else(|_| root.to_owned())
}

fn merge(old: &str, new: &str, levels: u8) -> Result<String, json::Error> {
    let is_object = |text: &str| text.trim_start().starts_with('{');
    if levels == 0 || !is_object(old) || !is_object(new) {
        return Ok(new.to_owned());
    }
    let old = json::object(old)?;
    let mut members: Vec<_> = old.into_iter().map(|(key, value)| (key, value.to_owned())).collect();
    for (key, value) in json::object(new)? {
        let known = members.iter_mut().find(|(known, _)| *known == key);
        match known {
            Some((_, known)) => *known = merge(known, value, levels - 1)?,
            None => members.push((key, value.to_owned())),
        }
    }
    members.retain(|(_, value)| value != "null");
    Ok(json::object_of(members.iter().map(|(key, value)| (key, &**value))))
}

/// The JSON of a member below the root, `communication.callsignVhf` for example.
pub(super) fn member<'t>(root: &'t str, path: &str) -> Option<&'t str> {
    let mut value = root;
    for part in path.split('.') {
        value = json::field(value, part).ok()??;
    }
    (value != "null").then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_piece_by_piece_is_put_together() {
        let mut root = "{}".to_owned();
        for update in [
            r#"{"mmsi":"244999999"}"#,
            r#"{"name":"Anna","communication":{"callsignVhf":"PA1234"}}"#,
            r#"{"communication":{"phone":"+31"},"registrations":{"imo":"IMO 1"}}"#,
            r#"{"registrations":null,"name":"Anna II"}"#,
        ] {
            root = merged(&root, update);
        }
        assert_eq!(
            root,
            r#"{"mmsi":"244999999","name":"Anna II","communication":{"callsignVhf":"PA1234","phone":"+31"}}"#
        );
        assert_eq!(member(&root, "communication.phone"), Some(r#""+31""#));
        assert_eq!(member(&root, "name"), Some(r#""Anna II""#));
        for none in ["registrations", "name.first", "communication.fax", "", "."] {
            assert_eq!(member(&root, none), None, "{none}");
        }
    }

    #[test]
    fn what_is_nested_without_end_takes_no_stack() {
        let deep = [r#"{"a":"#.repeat(100_000), "1".to_owned(), "}".repeat(100_000)].concat();
        let twice = merged(&deep, &deep);
        assert_eq!(twice.len(), deep.len());
        assert_eq!(member(&twice, &["a"; 50].join(".")).map(str::len), Some(deep.len() - 6 * 50));
    }
}
