//! The tests of this package by their names, read from its sources: a topic is a file or folder in `tests/tests`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A file or folder of tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// The name of its test program.
    pub name: String,
    /// The first sentence of its documentation.
    pub about: String,
    /// Its tests, in the order of files and lines.
    pub tests: Vec<Test>,
}

/// A test, with all ways in which it is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// The name of its function.
    pub name: String,
    /// The ways, by the words of [`cases!`](crate::cases); a plain `#[test]` is run natively.
    pub ways: Vec<String>,
}

impl Topic {
    /// All topics of a folder, by their names.
    ///
    /// # Errors
    ///
    /// If the folder cannot be read.
    pub fn all(folder: &Path) -> Result<Vec<Self>> {
        let mut topics = Vec::new();
        for path in sorted(folder)? {
            let main = path.join("main.rs");
            let files = match path.is_dir() {
                true if main.exists() => rust_files(&path)?,
                false if path.extension().is_some_and(|it| it == "rs") => vec![path.clone()],
                _ => continue,
            };
            let about = about(&fs::read_to_string(if main.exists() { &main } else { &path })?);
            let mut tests = Vec::new();
            for file in files {
                tests.extend(tests_in(&fs::read_to_string(file)?));
            }
            let name = path.file_stem().context("a file without a name")?;
            topics.push(Self { name: name.to_string_lossy().into_owned(), about, tests });
        }
        Ok(topics)
    }

    /// The test of a name.
    #[must_use]
    pub fn test(&self, name: &str) -> Option<&Test> {
        self.tests.iter().find(|test| test.name == name)
    }
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("no folder {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in sorted(folder)? {
        match path.is_dir() {
            true => files.extend(rust_files(&path)?),
            false if path.extension().is_some_and(|it| it == "rs") => files.push(path),
            false => {}
        }
    }
    Ok(files)
}

/// The first sentence of a file's documentation, in one line.
fn about(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let text = lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    match text.split_once(". ") {
        Some((first, _)) => first.to_owned(),
        None => text.trim_end_matches('.').to_owned(),
    }
}

fn tests_in(text: &str) -> Vec<Test> {
    let mut tests = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line == "cases! {" {
            let listed: Vec<_> = lines.by_ref().take_while(|line| *line != "}").collect();
            tests.extend(listed_in(&listed.join(" ")));
        } else if line.trim() == "#[test]" {
            let name = lines.by_ref().find_map(|line| line.trim().strip_prefix("fn "));
            let name = name.and_then(|name| name.split_once('(')).unwrap_or_default().0;
            tests.push(Test { name: name.to_owned(), ways: vec!["native".to_owned()] });
        }
    }
    tests
}

/// The tests of `runner, [ways] names`.
fn listed_in(cases: &str) -> Vec<Test> {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let Some((ways, names)) = cases.split_once(']') else {
        return Vec::new();
    };
    let ways = words(ways.split_once('[').unwrap_or_default().1);
    words(names).into_iter().map(|name| Test { name, ways: ways.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_found_with_their_ways() {
        let text = "cases! {\n    on_boat, [native server]\n    one\n    two\n}\n\n#[test]\nfn three() {}\n";
        let found: Vec<_> =
            tests_in(text).into_iter().map(|it| (it.name, it.ways.join(" "))).collect();
        let expected = [("one", "native server"), ("two", "native server"), ("three", "native")];
        assert_eq!(found, expected.map(|(name, ways)| (name.to_owned(), ways.to_owned())));
    }

    #[test]
    fn the_first_sentence_says_what_a_topic_is_about() {
        assert_eq!(
            about("//! Disks that\n//! are full. And more.\n\nuse x;"),
            "Disks that are full"
        );
    }
}
