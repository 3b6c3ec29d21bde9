//! One mistake a file: each gives one error, at the place of the mistake, that says what to write.
#![cfg(not(target_family = "wasm"))]

#[test]
fn each_mistake_gives_one_error_that_says_what_to_write() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/*.rs");
}

#[test]
fn no_mistake_gives_more_than_one_error() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ui");
    let mut cases = 0;
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "stderr") {
            let errors = std::fs::read_to_string(&path).unwrap();
            let count = errors.lines().filter(|line| line.starts_with("error")).count();
            assert_eq!(count, 1, "{}:\n{errors}", path.display());
            cases += 1;
        }
    }
    assert!(cases >= 20, "only {cases} cases");
}
