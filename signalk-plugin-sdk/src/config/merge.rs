//! JSON Merge Patch, RFC 7396.

use crate::json::{self, Error};

/// `target` with the changes of `patch`. Both are JSON; a target that is no object counts as an
/// empty one. The order of keys stays, new ones come last.
pub(super) fn merge(target: &str, patch: &str) -> Result<String, Error> {
    if !patch.trim_start().starts_with('{') {
        return Ok(patch.to_owned());
    }
    let is_object = target.trim_start().starts_with('{');
    let mut entries: Vec<(_, String)> = if is_object { json::object(target)? } else { Vec::new() }
        .into_iter()
        .map(|(key, value)| (key, value.to_owned()))
        .collect();
    for (key, value) in json::object(patch)? {
        let at = entries.iter().position(|(known, _)| *known == key);
        match (at, value) {
            (Some(at), "null") => drop(entries.remove(at)),
            (None, "null") => {}
            (Some(at), value) => {
                if let Some((_, known)) = entries.get_mut(at) {
                    *known = merge(known, value)?;
                }
            }
            (None, value) => entries.push((key, merge("", value)?)),
        }
    }
    Ok(json::object_of(entries.iter().map(|(key, value)| (key, &**value))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_merged_and_null_removes() {
        // The example cases of the RFC's appendix that are about objects.
        for (target, patch, result) in [
            (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"a":null}"#, "{}"),
            (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
            (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"c"}"#, r#"{"a":["b"]}"#, r#"{"a":["b"]}"#),
            (r#"{"a":{"b":"c"}}"#, r#"{"a":{"b":"d","c":null}}"#, r#"{"a":{"b":"d"}}"#),
            (r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
            (r#"{"e":null}"#, r#"{"a":1}"#, r#"{"e":null,"a":1}"#),
            ("[1,2]", r#"{"a":"b","c":null}"#, r#"{"a":"b"}"#),
            ("{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
        ] {
            assert_eq!(merge(target, patch).unwrap(), result, "{target} {patch}");
        }
    }
}
