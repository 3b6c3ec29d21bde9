//! The examples are for reading: none is longer than what is read in one go.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::fs;
use std::path::Path;

/// The most lines of an example, and of those that have more to show.
const MOST_LINES: usize = 149;
const LONGER: [(&str, usize); 1] = [("weather", 249)];

/// Lines that are neither blank nor a comment alone, of all files but the tests.
fn lines_of_code(sources: &Path) -> usize {
    let files = fs::read_dir(sources).unwrap().map(|file| file.unwrap().path());
    files
        .filter(|file| !file.ends_with("tests.rs"))
        .map(|file| {
            let text = fs::read_to_string(file).unwrap();
            let lines = text.lines().map(str::trim);
            lines.filter(|line| !line.is_empty() && !line.starts_with("//")).count()
        })
        .sum()
}

#[test]
fn each_example_is_short() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut seen = 0;
    for example in fs::read_dir(examples).unwrap() {
        let example = example.unwrap();
        let lines = lines_of_code(&example.path().join("src"));
        let longer = LONGER.iter().find(|(name, _)| *name == example.file_name());
        let most = longer.map_or(MOST_LINES, |(_, most)| *most);
        assert!(lines <= most, "{}: {lines}", example.path().display());
        seen += 1;
    }
    assert!(seen >= 6, "{seen}");
}
