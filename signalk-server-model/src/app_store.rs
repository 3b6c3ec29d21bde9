//! The App Store, as far as it reads a plugin's package.json.

use serde_json::Value;

/// A picture that the App Store shows of a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture<'a> {
    /// The key below `signalk` that names it: `appIcon` or `screenshots`.
    pub key: &'static str,
    /// The file, relative to package.json.
    pub path: &'a str,
}

impl Picture<'_> {
    /// The picture in a word.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        if self.key == ICON { "icon" } else { "screenshot" }
    }
}

const ICON: &str = "appIcon";
const SCREENSHOTS: &str = "screenshots";

/// The pictures of a package.json that are files of the package. One of a web site is none.
pub fn pictures(package_json: &Value) -> impl Iterator<Item = Picture<'_>> {
    let signalk = &package_json["signalk"];
    let icon = signalk[ICON].as_str().map(|path| Picture { key: ICON, path });
    let screenshots = signalk[SCREENSHOTS].as_array().into_iter().flatten();
    let screenshots = screenshots.filter_map(Value::as_str);
    let screenshots = screenshots.map(|path| Picture { key: SCREENSHOTS, path });
    icon.into_iter().chain(screenshots).filter(|it| !is_elsewhere(it.path))
}

fn is_elsewhere(path: &str) -> bool {
    path.contains("//") || path.starts_with("data:")
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    #[test]
    fn icon_and_screenshots_are_pictures_if_they_are_files_of_the_package() {
        let json = json!({ "signalk": {
            "appIcon": "./icon.png",
            "screenshots": ["a.png", "https://example.org/b.png", "data:image/png;base64,", 7],
        }});
        let found: Vec<_> = pictures(&json).map(|it| (it.kind(), it.path)).collect();
        assert_eq!(found, [("icon", "./icon.png"), ("screenshot", "a.png")]);
        assert_eq!(pictures(&json!({})).count(), 0);
    }
}
