//! The keywords, by which servers and their App Store find a plugin.

use serde_json::Value;
use signalk_plugin_host::contract::package as keys;
use signalk_plugin_host::contract::spelling::nearest;

use crate::finding::Finding;
use crate::fix::Fix;
use crate::subject::PackageFolder;

const KEYWORDS: &str = "keywords";

/// Those that mean something to a server.
const KNOWN: [&str; 4] =
    [keys::KEYWORD, keys::APP_STORE_KEYWORD, keys::WEBAPP_KEYWORD, "signalk-embeddable-webapp"];

/// The rule that they are a list of texts.
pub(super) fn a_list(package: &PackageFolder) -> Vec<Finding> {
    let Some(found) = package.json.value.get(KEYWORDS) else { return Vec::new() };
    if found.as_array().is_some_and(|list| list.iter().all(Value::is_string)) {
        return Vec::new();
    }
    let message = format!(
        "the keywords are {found}, expected a list of texts, by which the App Store sorts: write [\"{}\", \"{}\"]",
        keys::APP_STORE_KEYWORD,
        keys::KEYWORD
    );
    let fix =
        Fix::set(&package.json.file, &[KEYWORDS], vec![keys::APP_STORE_KEYWORD, keys::KEYWORD]);
    vec![Finding::error(KEYWORDS, message).at(package.json.place_of(&[KEYWORDS])).fixed_by(fix)]
}

/// Tells if there is a list, or nothing in place of it.
fn can_be_added_to(package: &PackageFolder) -> bool {
    package.json.value.is_object() && package.json.value.get(KEYWORDS).is_none_or(Value::is_array)
}

/// The rule that a server loads the plugin at all.
pub(super) fn found_by_the_server(package: &PackageFolder) -> Vec<Finding> {
    if !can_be_added_to(package) || package.has_keyword(keys::KEYWORD) {
        return Vec::new();
    }
    let fix = Fix::add(&package.json.file, KEYWORDS, keys::KEYWORD);
    let place = package.json.place_of(&[KEYWORDS]);
    if package.has_keyword(keys::APP_STORE_KEYWORD) {
        let message = format!(
            "the keyword {} is missing, by which lists of WebAssembly plugins find it: add it",
            keys::KEYWORD
        );
        return vec![Finding::warning("keyword-wasm", message).at(place).fixed_by(fix)];
    }
    let message = format!(
        "there is neither the keyword {} nor {}, so no server loads the plugin, and none says so: add both",
        keys::KEYWORD,
        keys::APP_STORE_KEYWORD
    );
    vec![Finding::error("keyword-wasm", message).at(place).fixed_by(fix)]
}

/// The rule that the App Store lists the plugin.
pub(super) fn found_by_the_store(package: &PackageFolder) -> Vec<Finding> {
    if !can_be_added_to(package) || package.has_keyword(keys::APP_STORE_KEYWORD) {
        return Vec::new();
    }
    let message = format!(
        "the keyword {} is missing, by which alone the App Store lists a plugin: add it",
        keys::APP_STORE_KEYWORD
    );
    let fix = Fix::add(&package.json.file, KEYWORDS, keys::APP_STORE_KEYWORD);
    let place = package.json.place_of(&[KEYWORDS]);
    vec![Finding::warning("keyword-store", message).at(place).fixed_by(fix)]
}

/// The rule that no keyword is nearly one of the server's.
pub(super) fn spelt_right(package: &PackageFolder) -> Vec<Finding> {
    let mut told = Vec::new();
    for (index, keyword) in package.keywords().enumerate() {
        if KNOWN.contains(&keyword) || keyword.starts_with(keys::CATEGORY_PREFIX) {
            continue;
        }
        let Some(meant) = nearest(keyword, KNOWN).filter(|meant| !package.has_keyword(meant))
        else {
            continue;
        };
        let message =
            format!("no server looks for the keyword \"{keyword}\": did you mean \"{meant}\"?");
        let place = package.json.place_of(&[KEYWORDS, &index.to_string()]);
        told.push(Finding::warning("keyword-unknown", message).at(place));
    }
    told
}

/// The rule that the App Store has the category.
pub(super) fn known_categories(package: &PackageFolder) -> Vec<Finding> {
    let mut told = Vec::new();
    for (index, keyword) in package.keywords().enumerate() {
        let Some(category) = keyword.strip_prefix(keys::CATEGORY_PREFIX) else { continue };
        if keys::CATEGORIES.contains(&category) {
            continue;
        }
        let way_out = match nearest(category, keys::CATEGORIES.iter().copied()) {
            Some(meant) => format!("did you mean \"{}{meant}\"?", keys::CATEGORY_PREFIX),
            None => format!("those it has are {}", keys::CATEGORIES.join(", ")),
        };
        let message = format!("the App Store has no category \"{category}\": {way_out}");
        let place = package.json.place_of(&[KEYWORDS, &index.to_string()]);
        told.push(Finding::warning("keyword-category", message).at(place));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::one;

    fn of(rule: fn(&PackageFolder) -> Vec<Finding>, keywords: &str) -> Vec<Finding> {
        rule(&PackageFolder::of(&format!("{{\n\"keywords\":\n{keywords}}}"), &[]))
    }

    const BOTH: &str = r#"["signalk-node-server-plugin", "signalk-wasm-plugin"]"#;

    #[test]
    fn keywords_that_are_no_list_of_texts_are_an_error() {
        for (wrong, says) in [("\"signalk-wasm-plugin\"", "expected a list"), ("[1]", "[1]")] {
            let found = one(&of(a_list, wrong), "package.json:2", &[says]);
            assert!(found.is_error() && found.fix.is_some());
        }
        assert_eq!(of(a_list, BOTH), []);
        assert_eq!(of(found_by_the_server, "5"), []);
    }

    #[test]
    fn a_plugin_that_no_server_loads_is_an_error() {
        let found =
            one(&of(found_by_the_server, "[\"depth\"]"), "package.json:2", &["no server loads"]);
        assert!(found.is_error());
        let alone = of(found_by_the_server, "[\"signalk-node-server-plugin\"]");
        assert!(!one(&alone, "package.json:2", &["signalk-wasm-plugin"]).is_error());
        assert_eq!(of(found_by_the_server, BOTH), []);
    }

    #[test]
    fn a_plugin_that_the_app_store_does_not_list_is_a_warning_with_a_fix() {
        let found = of(found_by_the_store, "[\"signalk-wasm-plugin\"]");
        let found = one(&found, "package.json:2", &["signalk-node-server-plugin", "App Store"]);
        assert_eq!(found.fix.unwrap().says(), "\"signalk-node-server-plugin\" added to keywords");
        assert_eq!(of(found_by_the_store, BOTH), []);
    }

    #[test]
    fn a_misspelt_keyword_is_told_at_its_line() {
        let found = of(spelt_right, "[\"depth\",\n\"signalk-wasm-plugins\"]");
        one(&found, "package.json:4", &["did you mean \"signalk-wasm-plugin\"?"]);
        assert_eq!(of(spelt_right, "[\"signalk\", \"signalk-wasm-plugin\", \"wasm\"]"), []);
    }

    #[test]
    fn an_unknown_category_is_told_with_the_nearest() {
        let found = of(known_categories, "[\"signalk-category-instrument\"]");
        one(&found, "package.json:3", &["did you mean \"signalk-category-instruments\"?"]);
        one(
            &of(known_categories, "[\"signalk-category-fun\"]"),
            "package.json:3",
            &["chart-plotters"],
        );
        assert_eq!(of(known_categories, "[\"signalk-category-ais\"]"), []);
    }
}
