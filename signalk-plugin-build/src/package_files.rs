//! The files that go into a plugin's package beside its .wasm and its package.json.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use ignore::WalkBuilder;
use ignore::overrides::{Override, OverrideBuilder};
use serde_json::{Map, Value};

/// Files of each package: those that npm always takes, the plugin's pages, and what the server's store
/// shows of it.
const ALWAYS: [&str; 7] =
    ["/README*", "/LICENSE*", "/LICENCE*", "/NOTICE*", "/CHANGELOG*", "/public/**", "/assets/**"];

/// Files that npm never takes.
const NEVER: [&str; 8] = [
    "!.git",
    "!node_modules",
    "!.npmrc",
    "!package-lock.json",
    "!.DS_Store",
    "!*.orig",
    "!.*.swp",
    "!/target",
];

/// Copies the files of a package: those above, and what `files` in its package.json names as npm
/// understands it: files, folders and globs, `!` in front of what is left out.
pub(crate) fn copy(from: &Path, package_json: &Map<String, Value>, to: &Path) -> Result<()> {
    let wanted = wanted(from, package_json)?;
    let mut walk = WalkBuilder::new(from);
    // Only what is said here is left out.
    walk.standard_filters(false).overrides(wanted).follow_links(false).sort_by_file_name(Ord::cmp);
    for entry in walk.build() {
        let entry = entry.context("the files of the package cannot be listed")?;
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        let target = to.join(entry.path().strip_prefix(from)?);
        fs::create_dir_all(target.parent().unwrap_or(to))?;
        fs::copy(entry.path(), &target)
            .with_context(|| format!("{} could not be copied", entry.path().display()))?;
    }
    Ok(())
}

fn wanted(folder: &Path, package_json: &Map<String, Value>) -> Result<Override> {
    let mut all = OverrideBuilder::new(folder);
    // npm's own are found in any case.
    all.case_insensitive(true)?;
    for pattern in ALWAYS {
        all.add(pattern)?;
    }
    all.case_insensitive(false)?;
    let files = match package_json.get("files") {
        None => &[],
        Some(Value::Array(files)) => files.as_slice(),
        Some(other) => bail!(
            "package.json has {other} as \"files\", expected a list such as [\"plugin.wasm\", \"assets\"]"
        ),
    };
    for file in files {
        let pattern = file.as_str().with_context(|| {
            format!("package.json has {file} in \"files\", expected the name of a file or folder")
        })?;
        for pattern in anchored(pattern)? {
            all.add(&pattern).with_context(|| {
                format!("package.json has {file} in \"files\", which is no glob")
            })?;
        }
    }
    for pattern in NEVER {
        all.add(pattern)?;
    }
    Ok(all.build()?)
}

/// A pattern of package.json begins at the package's folder, and a folder stands for all that is in it.
fn anchored(pattern: &str) -> Result<[String; 2]> {
    let (not, path) = match pattern.strip_prefix('!') {
        Some(path) => ("!", path),
        None => ("", pattern),
    };
    if path.split(['/', '\\']).any(|part| part == "..") {
        bail!(
            "package.json has \"{pattern}\" in \"files\", which leads out of the package's folder: move \
             the file there, or leave it out"
        );
    }
    let path = path.trim_start_matches("./").trim_start_matches('/').trim_end_matches('/');
    let path = if path.is_empty() || path == "." { "*" } else { path };
    Ok([format!("{not}/{path}"), format!("{not}/{path}/**")])
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    /// Names what is copied of a folder with these files.
    fn copied(files: &[&str], package_json: &Value) -> Vec<String> {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for file in files {
            let path = from.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        copy(from.path(), package_json.as_object().unwrap(), to.path()).unwrap();
        let files = WalkBuilder::new(to.path()).standard_filters(false).build();
        let files = files.map(Result::unwrap).filter(|entry| entry.path().is_file());
        let name = |entry: ignore::DirEntry| {
            let path = entry.path().strip_prefix(to.path()).unwrap();
            assert_eq!(fs::read_to_string(entry.path()).unwrap(), path.to_str().unwrap());
            path.to_str().unwrap().to_owned()
        };
        let mut files: Vec<_> = files.map(name).collect();
        files.sort();
        files
    }

    const ALL: [&str; 17] = [
        "Cargo.toml",
        "src/lib.rs",
        "README.md",
        "Licence",
        "CHANGELOG.md",
        "assets/icon.png",
        "assets/raw/icon.svg",
        "public/index.html",
        "public/.hidden",
        "docs/guide.md",
        "docs/draft/a.md",
        "more/assets/b.png",
        "data.json",
        ".env",
        "target/x.json",
        "node_modules/a/package.json",
        ".git/config",
    ];

    #[test]
    fn pages_assets_and_what_npm_always_takes_are_in_each_package() {
        assert_eq!(
            copied(&ALL, &json!({})),
            [
                "CHANGELOG.md",
                "Licence",
                "README.md",
                "assets/icon.png",
                "assets/raw/icon.svg",
                "public/.hidden",
                "public/index.html",
            ]
        );
    }

    #[test]
    fn files_folders_and_globs_of_package_json_are_taken_as_npm_takes_them() {
        let of = |files: Value| {
            let mut found = copied(&ALL, &json!({ "files": files }));
            let always = copied(&ALL, &json!({}));
            found.retain(|file| !always.contains(file));
            found
        };
        assert_eq!(of(json!(["docs"])), ["docs/draft/a.md", "docs/guide.md"]);
        assert_eq!(
            of(json!(["docs/", "./data.json"])),
            ["data.json", "docs/draft/a.md", "docs/guide.md"]
        );
        assert_eq!(of(json!(["docs/*.md"])), ["docs/guide.md"]);
        assert_eq!(of(json!(["docs/**/*.md"])), ["docs/draft/a.md", "docs/guide.md"]);
        assert_eq!(of(json!(["*.{json,toml}"])), ["Cargo.toml", "data.json"]);
        assert_eq!(of(json!(["docs", "!docs/draft"])), ["docs/guide.md"]);
        assert_eq!(
            of(json!(["guide.md", "plugin.wasm", "node_modules", ".git"])),
            Vec::<String>::new()
        );
        assert_eq!(of(json!(["more"])), ["more/assets/b.png"]);
    }

    #[test]
    fn what_leads_out_of_the_folder_or_is_no_pattern_is_refused_with_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        for (files, part) in [
            (json!(["../secrets"]), "leads out of the package's folder"),
            (json!(["a/../../b"]), "leads out of the package's folder"),
            (json!([5]), "expected the name of a file"),
            (json!("docs"), "expected a list"),
            (json!(["a[b"]), "which is no glob"),
        ] {
            let error =
                wanted(folder.path(), json!({ "files": files }).as_object().unwrap()).unwrap_err();
            assert!(format!("{error:#}").contains(part), "{error:#}");
        }
    }
}
