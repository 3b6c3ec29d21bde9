//! By attribute: `fail` has one mistake a file, each of which gives one error, at the place of the mistake,
//! that says what to write; `pass` has what works, and runs it.
#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

use std::fs;
use std::path::PathBuf;

fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "ui"].iter().collect()
}

/// The files of that extension in `fail` or `pass` of each attribute.
fn cases(kind: &str, extension: &str) -> Vec<Vec<PathBuf>> {
    let attributes = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let of_one = |attribute: PathBuf| {
        let files = fs::read_dir(attribute.join(kind)).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|file| file.extension().is_some_and(|it| it == extension)).collect()
    };
    attributes.map(of_one).collect()
}

#[test]
fn each_mistake_gives_one_error_that_says_what_to_write_and_what_is_right_runs() {
    let tests = trybuild::TestCases::new();
    tests.pass("tests/ui/*/pass/*.rs");
    tests.pass("tests/expand/*.rs");
    tests.compile_fail("tests/ui/*/fail/*.rs");
}

#[test]
fn no_mistake_gives_more_than_one_error() {
    let all = cases("fail", "stderr");
    for path in all.iter().flatten() {
        let errors = fs::read_to_string(path).unwrap();
        let count = errors.lines().filter(|line| line.starts_with("error")).count();
        assert_eq!(count, 1, "{}:\n{errors}", path.display());
    }
    assert!(all.iter().flatten().count() >= 130, "{all:?}");
}

#[test]
fn each_attribute_has_mistakes_and_what_works() {
    assert!(cases("fail", "rs").iter().all(|files| !files.is_empty()));
    assert!(cases("pass", "rs").iter().all(|files| !files.is_empty()));
}
