//! The guide's table of faults names tests that there are, and has them where it says.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::fs;
use std::path::Path;

/// Lists that are gone through in the embedded host and on the real servers.
const LISTS: [&str; 3] = ["examples", "faults", "fetch"];

/// Where the functions of a file are.
const FOLDERS: [&str; 2] = ["tests", "../signalk-plugin-sdk/tests"];

#[test]
fn each_fault_names_tests_that_are_there_for_the_embedded_host_and_for_real_servers() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = fs::read_to_string(tests.join("../docs/guide.md")).unwrap();
    let (_, rows) = guide.split_once("| fault |").unwrap();
    let mut seen = 0;
    for row in rows.lines().skip(2).take_while(|line| line.starts_with('|')) {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [fault, .., embedded, real] = &cells[..] else {
            unreachable!("{row}");
        };
        assert_eq!(cells.len(), 5, "{row}");
        for cell in [embedded, real] {
            let named = functions(cell);
            for (file, function) in &named {
                assert!(is_in(tests, file, function), "{fault}: there is no {file}::{function}");
            }
            let is_there = match *cell {
                same if same.starts_with("the same") => {
                    functions(embedded).iter().all(|(file, _)| LISTS.contains(&&**file))
                }
                limit if limit.starts_with('(') => true,
                _ => !named.is_empty(),
            };
            assert!(is_there, "{fault}: {cell} is no test");
        }
        seen += 1;
    }
    assert!(seen > 30, "{seen}");
}

/// `file::function` of what stands in backticks.
fn functions(cell: &str) -> Vec<(String, String)> {
    let quoted = cell.split('`').skip(1).step_by(2);
    let names = quoted.filter_map(|name| name.split_once("::"));
    names.map(|(file, function)| (file.to_owned(), function.to_owned())).collect()
}

fn is_in(tests: &Path, file: &str, function: &str) -> bool {
    FOLDERS.iter().any(|folder| {
        let file = tests.join(folder).join(file);
        let text = fs::read_to_string(file.with_extension("rs"));
        let text = text.unwrap_or_else(|_| texts_in(&file));
        let begins = |end| text.contains(&format!("fn {function}{end}"));
        begins('(') || begins('<')
    })
}

/// The files of a list that is a folder, one for each topic.
fn texts_in(folder: &Path) -> String {
    let Ok(files) = fs::read_dir(folder) else {
        return String::new();
    };
    files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}
