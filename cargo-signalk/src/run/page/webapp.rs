//! The plugin's own pages, served as the server does: below the package's name, if it is a web app.

use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;
use signalk_plugin_host::contract::package::WEBAPP_KEYWORD;

/// A file, and its type.
pub(super) struct File {
    pub(super) bytes: Vec<u8>,
    pub(super) content_type: &'static str,
}

/// The package that is run.
pub(super) struct Webapp {
    package: PathBuf,
}

impl Webapp {
    pub(super) fn new(package: PathBuf) -> Self {
        Self { package }
    }

    /// The name of the package, and if it is a web app. Read anew each time, for it may change.
    pub(super) fn name(&self) -> Result<(String, bool)> {
        let file = self.package.join("package.json");
        let text = fs::read_to_string(&file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
        let json: Value = serde_json::from_str(&text)?;
        let name = json["name"].as_str().unwrap_or_default().to_owned();
        let mut keywords = json["keywords"].as_array().into_iter().flatten();
        Ok((name, keywords.any(|keyword| keyword == WEBAPP_KEYWORD)))
    }

    /// The file of a path below the package's name.
    pub(super) fn file(&self, path: &str) -> Option<File> {
        let public = self.package.join("public");
        let root = if public.is_dir() { public } else { self.package.clone() };
        let mut file = root.join(inside(path)?);
        if file.is_dir() {
            file.push("index.html");
        }
        Some(File { bytes: fs::read(&file).ok()?, content_type: type_of(&file) })
    }
}

/// A path that cannot lead out of the folder, nor to a hidden file.
fn inside(path: &str) -> Option<PathBuf> {
    let path = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    let path = Path::new(path.trim_start_matches('/'));
    let is_inside = path.components().all(
        |part| matches!(part, Component::Normal(name) if !name.to_string_lossy().starts_with('.')),
    );
    is_inside.then(|| path.to_owned())
}

fn type_of(file: &Path) -> &'static str {
    mime_guess::from_path(file).first_raw().unwrap_or("application/octet-stream")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        assert_eq!(inside("/img/a%20b.png"), Some(PathBuf::from("img/a b.png")));
        assert_eq!(inside("/"), Some(PathBuf::new()));
        for path in ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "//etc/../passwd", "/.git/config"] {
            assert_eq!(inside(path), None, "{path}");
        }
    }
}
