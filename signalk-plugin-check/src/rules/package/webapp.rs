//! The plugin's own pages.

use signalk_plugin_host::contract::package as keys;

use crate::finding::Finding;
use crate::fix::Fix;
use crate::subject::PackageFolder;

/// The folder of the pages.
const PAGES: &str = "public/";

fn pages(package: &PackageFolder) -> bool {
    package.files.iter().any(|file| file.starts_with(PAGES))
}

/// The rule that a web app has pages.
pub(super) fn has_pages(package: &PackageFolder) -> Vec<Finding> {
    if !package.has_keyword(keys::WEBAPP_KEYWORD) || package.has_file("public/index.html") {
        return Vec::new();
    }
    let found = if pages(package) {
        "public has no index.html, so its first page is \"not found\": put one there"
    } else {
        "there is no folder public, so the server serves all files of the package: put the pages there"
    };
    let message = format!("package.json has the keyword {}, and {found}", keys::WEBAPP_KEYWORD);
    vec![Finding::warning("webapp", message).at(package.json.place_of(&["keywords"]))]
}

/// The rule that pages are served.
pub(super) fn pages_are_served(package: &PackageFolder) -> Vec<Finding> {
    if package.has_keyword(keys::WEBAPP_KEYWORD) || !package.has_file("public/index.html") {
        return Vec::new();
    }
    let message = format!(
        "the server does not serve public/index.html, for the keyword {} is missing: add it",
        keys::WEBAPP_KEYWORD
    );
    let fix = Fix::add(&package.json.file, "keywords", keys::WEBAPP_KEYWORD);
    vec![Finding::warning("webapp", message).at(package.json.place_of(&["keywords"])).fixed_by(fix)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::one;

    const WEBAPP: &str = r#"{"keywords": ["signalk-webapp"]}"#;

    #[test]
    fn a_web_app_without_pages_is_told() {
        let of = |files: &[&str]| has_pages(&PackageFolder::of(WEBAPP, files));
        one(&of(&[]), "package.json:1", &["all files of the package"]);
        one(&of(&["public/a.html"]), "package.json:1", &["no index.html"]);
        assert_eq!(of(&["public/index.html"]), []);
    }

    #[test]
    fn pages_that_no_server_serves_are_told() {
        let of = |json: &str| pages_are_served(&PackageFolder::of(json, &["public/index.html"]));
        let found =
            one(&of(r#"{"keywords": []}"#), "package.json:1", &["signalk-webapp is missing"]);
        assert!(found.fix.is_some());
        assert_eq!(of(WEBAPP), []);
    }
}
