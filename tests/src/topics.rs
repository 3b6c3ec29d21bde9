//! The tests of this package by their names, read from its sources: a topic is a file or folder in `tests/tests`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

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
            let mut tests: Vec<Test> = Vec::new();
            for file in files {
                for test in tests_in(&fs::read_to_string(file)?) {
                    // What is tested in two functions of one name is one thing.
                    match tests.iter_mut().find(|it| it.name == test.name) {
                        Some(same) => same.ways.extend(test.ways),
                        None => tests.push(test),
                    }
                }
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
        } else if let Some(way) = way_of(line.trim()) {
            let name = lines.by_ref().find_map(|line| line.trim().strip_prefix("fn "));
            let name = name.and_then(|name| name.split_once('(')).unwrap_or_default().0;
            tests.push(Test { name: name.to_owned(), ways: vec![way.to_owned()] });
        }
    }
    tests
}

/// The way in which a function with an attribute is run.
fn way_of(attribute: &str) -> Option<&'static str> {
    match attribute {
        "#[test]" => Some("native"),
        "#[wasm_bindgen_test]" => Some("node"),
        _ => None,
    }
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

/// The page of all tests, as it is kept in `tests/TESTED.md`, from the folder of the repository.
///
/// # Errors
///
/// If a folder or the guide cannot be read.
pub fn page(root: &Path) -> Result<String> {
    let (topics, natively) = all(root)?;
    let mut page = String::from(
        "# The tests by their names\n\nWritten by `cargo xtask tables`; the test `guide` fails while it is not up to date. \
         A test is run by its name and way:\n`cargo xtask test --only embedded` and `server` run all, \
         `cargo test -p signalk-plugin-tests --test faults a_full_disk -- --ignored` one.\n",
    );
    for Topic { name, about, tests } in &topics {
        page += &format!("\n## `{name}`: {about}\n\n| test | ways |\n|---|---|\n");
        for Test { name, ways } in tests {
            page += &format!("| `{name}` | {} |\n", ways.join(", "));
        }
    }
    page += "\n## Natively, in `signalk-plugin-sdk/tests`\n\n| file | tests | |\n|---|---:|---|\n";
    for Topic { name, about, tests } in &natively {
        if !tests.is_empty() {
            page += &format!("| `{name}` | {} | {about} |\n", tests.len());
        }
    }
    page += "\n## Plugins that only the tests use\n\n| in `tests/plugins` | |\n|---|---|\n";
    for folder in sorted(&root.join("tests/plugins"))? {
        let name = folder.file_name().context("a folder without a name")?.to_string_lossy();
        let about = about(&fs::read_to_string(folder.join("src/lib.rs"))?);
        page += &format!("| `{name}` | {about} |\n");
    }
    page += "\n## Faults\n\nThe [guide](../docs/guide.md) says what becomes of each.\n\n\
             | fault | tests | ways |\n|---|---|---|\n";
    for Fault { fault, tests, limit } in faults(root)? {
        let names: Vec<_> =
            tests.iter().map(|(topic, test)| format!("`{topic}::{test}`")).collect();
        let mut ways = ways_of(topics.iter().chain(&natively), &tests);
        ways.extend(limit.map(|limit| format!("({limit})")));
        page += &format!("| {fault} | {} | {} |\n", names.join(", "), ways.join(", "));
    }
    Ok(page)
}

/// A row of the guide's table of faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What goes wrong.
    pub fault: String,
    /// Topics and tests that show what then becomes of it.
    pub tests: Vec<(String, String)>,
    /// What cannot be shown everywhere, and why.
    pub limit: Option<String>,
}

/// The guide's table of faults, from the folder of the repository.
///
/// # Errors
///
/// If the guide cannot be read, or has no such table.
pub fn faults(root: &Path) -> Result<Vec<Fault>> {
    let guide = fs::read_to_string(root.join("docs/guide.md"))?;
    let (_, rows) = guide.split_once("| fault |").context("the guide has no table of faults")?;
    let rows = rows.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [fault, _, _, tests] = cells[..] else {
            bail!("the row has not four cells: {row}");
        };
        let named = tests.split('`').skip(1).step_by(2).filter_map(|name| name.split_once("::"));
        let limit = tests.split_once('(').and_then(|(_, limit)| limit.rsplit_once(')'));
        Ok(Fault {
            fault: fault.to_owned(),
            tests: named.map(|(topic, test)| (topic.to_owned(), test.to_owned())).collect(),
            limit: limit.map(|(limit, _)| limit.to_owned()),
        })
    })
    .collect()
}

/// All topics, of `tests/tests` and of `signalk-plugin-sdk/tests`.
///
/// # Errors
///
/// If a folder cannot be read.
pub fn all(root: &Path) -> Result<(Vec<Topic>, Vec<Topic>)> {
    let topics = Topic::all(&root.join("tests/tests"))?;
    Ok((topics, Topic::all(&root.join("signalk-plugin-sdk/tests"))?))
}

/// The ways in which some tests are run, each once; a topic may have a name of both folders.
#[must_use]
pub fn ways_of<'a>(
    topics: impl Iterator<Item = &'a Topic>,
    tests: &[(String, String)],
) -> Vec<String> {
    let mut ways = Vec::new();
    for topic in topics {
        for (_, name) in tests.iter().filter(|(name, _)| *name == topic.name) {
            for way in topic.test(name).map(|test| test.ways.as_slice()).unwrap_or_default() {
                if !ways.contains(way) {
                    ways.push(way.clone());
                }
            }
        }
    }
    ways
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
