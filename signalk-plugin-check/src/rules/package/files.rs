//! `files`, and what npm leaves out of a package.

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use serde_json::Value;

use crate::finding::Finding;
use crate::fix::Fix;
use crate::subject::{PackageFolder, bare};

const FILES: &str = "files";

/// The rule that it is a list.
pub(super) fn a_list(package: &PackageFolder) -> Vec<Finding> {
    let found = package.json.value.get(FILES);
    let is_list = |it: &Value| it.as_array().is_some_and(|list| list.iter().all(Value::is_string));
    let Some(found) = found.filter(|found| !is_list(found)) else { return Vec::new() };
    let message = format!(
        "\"files\" is {found}, expected a list of files and folders: write [\"plugin.wasm\", \"assets\"]"
    );
    vec![Finding::error(FILES, message).at(package.json.place_of(&[FILES]))]
}

/// The rule that the .wasm is in what npm publishes.
pub(super) fn the_module_is_packed(package: &PackageFolder) -> Vec<Finding> {
    let Some(module) = package.manifest().map(bare) else { return Vec::new() };
    if package.is_source || !package.has_file(module) || is_packed(package, module) {
        return Vec::new();
    }
    let why = if package.json.value.get(FILES).is_some() {
        "\"files\" does not name it"
    } else {
        ".npmignore or .gitignore names it, and there is no \"files\""
    };
    let message = format!(
        "npm leaves {module} out of the package, for {why}, and whoever installs the plugin gets none: add it to \
         \"files\""
    );
    let place = package.json.place_of(&[FILES]);
    let fix = Fix::add(&package.json.file, FILES, module);
    vec![Finding::error("files-module", message).at(place).fixed_by(fix)]
}

/// The rule that all it names is there.
pub(super) fn nothing_that_is_missing(package: &PackageFolder) -> Vec<Finding> {
    if package.is_source {
        return Vec::new();
    }
    let listed = package.json.value.get(FILES).and_then(Value::as_array).into_iter().flatten();
    let mut told = Vec::new();
    for (index, pattern) in listed.enumerate() {
        let Some(pattern) = pattern.as_str().filter(|it| !it.starts_with('!')) else { continue };
        let Some(chosen) = chosen_by(&[pattern]) else { continue };
        if package.files.iter().any(|file| is_chosen(&chosen, file)) {
            continue;
        }
        let message = format!(
            "\"files\" names {pattern}, and there is no such file: put it there, or leave it out"
        );
        let place = package.json.place_of(&[FILES, &index.to_string()]);
        told.push(Finding::warning("files-missing", message).at(place));
    }
    told
}

/// Tells if npm would publish a file: what `files` names, or without that, what nothing tells it to ignore.
pub(super) fn is_packed(package: &PackageFolder, file: &str) -> bool {
    let Some(listed) = package.json.value.get(FILES).and_then(Value::as_array) else {
        return !package.ignored.as_deref().is_some_and(|ignored| is_ignored(ignored, file));
    };
    let patterns: Vec<_> = listed.iter().filter_map(Value::as_str).collect();
    chosen_by(&patterns).is_none_or(|chosen| is_chosen(&chosen, file))
}

fn is_ignored(patterns: &str, file: &str) -> bool {
    let mut builder = GitignoreBuilder::new("");
    for pattern in patterns.lines() {
        // npm passes over what is no pattern.
        let _ = builder.add_line(None, pattern);
    }
    builder.build().is_ok_and(|ignored| is_chosen(&ignored, file))
}

/// npm reads `files` as a .gitignore the other way round; `None` where a pattern is none.
fn chosen_by(patterns: &[&str]) -> Option<Gitignore> {
    let mut builder = GitignoreBuilder::new("");
    for pattern in patterns {
        let (not, path) = match pattern.strip_prefix('!') {
            Some(path) => ("!", path),
            None => ("", *pattern),
        };
        let path = bare(path).trim_end_matches('/');
        let path = if path.is_empty() || path == "." { "**" } else { path };
        builder.add_line(None, &format!("{not}/{path}")).ok()?;
    }
    builder.build().ok()
}

fn is_chosen(chosen: &Gitignore, file: &str) -> bool {
    matches!(chosen.matched_path_or_any_parents(file, false), Match::Ignore(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::one;

    fn package(files: &str) -> PackageFolder {
        let json = format!("{{\"wasmManifest\": \"plugin.wasm\",\n\"files\":\n{files}}}");
        PackageFolder::of(&json, &["assets/icon.png", "dist/a.js"])
    }

    #[test]
    fn files_that_are_no_list_are_an_error() {
        one(&a_list(&package("\"plugin.wasm\"")), "package.json:2", &["expected a list"]);
        one(&a_list(&package("[5]")), "package.json:2", &["[5]"]);
        assert_eq!(a_list(&package("[]")), []);
    }

    #[test]
    fn a_wasm_that_npm_leaves_out_is_an_error_with_a_fix() {
        for without in ["[\"dist\"]", "[]", "[\"*.js\"]", "[\"*\", \"!*.wasm\"]"] {
            let found = the_module_is_packed(&package(without));
            let found = one(&found, "package.json:2", &["leaves plugin.wasm out"]);
            assert_eq!(found.fix.unwrap().says(), "\"plugin.wasm\" added to files", "{without}");
        }
        for with in
            ["[\"plugin.wasm\"]", "[\"./plugin.wasm\"]", "[\"*.wasm\"]", "[\".\"]", "[\"**\"]"]
        {
            assert_eq!(the_module_is_packed(&package(with)), [], "{with}");
        }
        let all = PackageFolder::of("{\"wasmManifest\": \"plugin.wasm\"}", &[]);
        assert_eq!(the_module_is_packed(&all), []);
    }

    #[test]
    fn a_wasm_that_npm_is_told_to_ignore_is_an_error_unless_files_names_it() {
        let ignoring = |json: &str| {
            let ignored = Some("# built\n*.wasm\n/target\n".to_owned());
            the_module_is_packed(&PackageFolder { ignored, ..PackageFolder::of(json, &[]) })
        };
        let found = ignoring("{\"wasmManifest\": \"plugin.wasm\"}");
        one(&found, "package.json", &["leaves plugin.wasm out", ".gitignore names it"]);
        assert_eq!(
            ignoring("{\"wasmManifest\": \"plugin.wasm\", \"files\": [\"plugin.wasm\"]}"),
            []
        );
    }

    #[test]
    fn a_file_that_is_named_and_not_there_is_told() {
        let found = nothing_that_is_missing(&package("[\"plugin.wasm\",\n\"docs\"]"));
        one(&found, "package.json:4", &["names docs"]);
        assert_eq!(nothing_that_is_missing(&package("[\"assets\", \"dist/*.js\", \"!x\"]")), []);
    }
}
