//! package.json as JSON.

use serde_json::Value;

use crate::finding::Finding;
use crate::subject::PackageFolder;

/// The rule that it is a JSON object.
pub(super) fn an_object(package: &PackageFolder) -> Vec<Finding> {
    let json = &package.json;
    // Of that there is a rule of its own.
    let text = json.text.trim_start_matches('\u{feff}');
    let message = match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(_)) => return Vec::new(),
        Ok(other) => format!(
            "package.json is {}, expected an object: write {{\"name\": …}}",
            shortened(&other.to_string())
        ),
        Err(error) => {
            let message = format!(
                "package.json is not JSON ({error}), so the server passes the package over without a word: mend \
                 the line"
            );
            let line = text.split_inclusive('\n').take(error.line().saturating_sub(1));
            let byte = line.map(str::len).sum();
            return vec![Finding::error("json", message).at(json.place_of_byte(byte))];
        }
    };
    vec![Finding::error("json", message).at(json.place())]
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

/// The rule that it begins with what it says.
pub(super) fn no_byte_order_mark(package: &PackageFolder) -> Vec<Finding> {
    if !package.json.text.starts_with('\u{feff}') {
        return Vec::new();
    }
    let message = "package.json begins with a byte order mark, which tools other than Node.js take for no JSON: \
                   save it as UTF-8 without one";
    vec![Finding::warning("json-mark", message).at(package.json.place())]
}

/// The rule that no key is there twice.
pub(super) fn no_key_twice(package: &PackageFolder) -> Vec<Finding> {
    let told = package.json.keys_given_twice().into_iter().map(|(key, byte)| {
        let message = format!(
            "package.json has the key \"{key}\" twice in one object, and the first one is lost: put both together"
        );
        Finding::error("json-twice", message).at(package.json.place_of_byte(byte))
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::one;

    fn of(rule: fn(&PackageFolder) -> Vec<Finding>, json: &str) -> Vec<Finding> {
        rule(&PackageFolder::of(json, &[]))
    }

    #[test]
    fn what_is_no_json_is_told_with_its_line() {
        one(
            &of(an_object, "{\n \"name\": \"a\",\n}"),
            "package.json:3",
            &["not JSON", "passes the package over"],
        );
        one(&of(an_object, "[1]"), "package.json", &["[1]", "expected an object"]);
        assert_eq!(of(an_object, "{}"), []);
    }

    #[test]
    fn a_byte_order_mark_is_told() {
        one(&of(no_byte_order_mark, "\u{feff}{}"), "package.json", &["byte order mark"]);
        assert_eq!(of(an_object, "\u{feff}{}"), []);
        assert_eq!(of(no_byte_order_mark, "{}"), []);
    }

    #[test]
    fn a_key_that_is_there_twice_is_told_with_its_second_line() {
        let json = "{\"wasmCapabilities\": {},\n\"wasmCapabilities\": {}}";
        one(&of(no_key_twice, json), "package.json:2", &["\"wasmCapabilities\" twice"]);
        assert_eq!(of(no_key_twice, "{\"a\": {\"a\": 1}}"), []);
    }
}
