//! Faults of package.json of which a real server says nothing, and lists no plugin: each is an error of the check.
//!
//! `cargo xtask test --only server` runs this.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what it expects by unwrapping it"
)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use signalk_plugin_tests::{Server, Way, cases};

use common::signalk;

/// The folders in `negative` with such a fault.
const FAULTS: [&str; 6] = [
    "import_of_wasm_bindgen",
    "key_misspelt",
    "keywords_missing",
    "manifest_in_another_case",
    "manifest_leads_nowhere",
    "manifest_missing",
];

/// One with a warning only: a server finds it by its other keyword.
const NO_FAULT: &str = "keyword_misspelt";

cases! {
    [server]
    what_the_check_refuses_is_not_listed
}

fn what_the_check_refuses_is_not_listed(way: Way) {
    let folder = tempfile::tempdir().unwrap();
    let mut builder = Server::builder(way.installed());
    for case in FAULTS.into_iter().chain([NO_FAULT]) {
        let package = package_of(case, folder.path());
        let checked = signalk(&package, &["check"]);
        let is_refused = checked.status.code() == Some(1);
        assert_eq!(is_refused, case != NO_FAULT, "{case}: {}", common::errors(&checked));
        builder = builder.plugin_with_document(package, json!({ "enabled": false }));
    }
    let server = builder.start().unwrap();
    let is_listed = |case: &str| server.rest().plugin(&id(case)).is_ok();
    assert!(is_listed(NO_FAULT), "{}", server.log());
    let listed: Vec<_> = FAULTS.into_iter().filter(|case| is_listed(case)).collect();
    assert_eq!(listed, [""; 0]);
}

fn id(case: &str) -> String {
    format!("signalk-{}", case.replace('_', "-"))
}

/// The package of a case, under a name of its own.
fn package_of(case: &str, folder: &Path) -> PathBuf {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/negative");
    let package = folder.join(id(case));
    fs::create_dir(&package).unwrap();
    for file in ["package.json", "main.js"] {
        if let Ok(text) = fs::read_to_string(all.join(case).join(file)) {
            fs::write(package.join(file), text.replace("signalk-depth", &id(case))).unwrap();
        }
    }
    let own = all.join(case).join("plugin.wat");
    let source = if own.exists() { own } else { all.join("sound.wat") };
    fs::write(package.join("plugin.wasm"), wat::parse_file(source).unwrap()).unwrap();
    package
}
