//! `cargo signalk check` as a process: what it mends, what it prints, how it exits.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what it expects by unwrapping it"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const SOUND: &str = include_str!("negative/sound.wat");

/// A package with a sound module in it.
fn package(package_json: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("package.json"), package_json).unwrap();
    fs::write(folder.path().join("main.js"), "module.exports = () => ({})\n").unwrap();
    fs::write(folder.path().join("plugin.wasm"), wat::parse_str(SOUND).unwrap()).unwrap();
    folder
}

fn check(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-signalk"));
    command.args(["signalk", "check"]).args(arguments).current_dir(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const WRONG: &str = r#"{
    "name": "signalk-depth", "version": "v1.0",
    "main": "main.js",
    "keywords": ["depth"],
    "wasmManifest": "dist/plugin.wasm",
    "wasmCapabilities": { "rawSockets": "no" },
    "files": ["main.js"]
}
"#;

#[test]
fn what_is_mechanical_is_mended_and_said_and_all_else_stays_as_it_is_written() {
    let package = package(WRONG);
    let before = check(package.path(), &[]);
    assert_eq!(before.status.code(), Some(1));
    let mended = check(package.path(), &["--fix"]);
    let told = text(&mended.stdout);
    for says in [
        "mended package.json: version = \"1.0.0\"",
        "mended package.json: \"signalk-wasm-plugin\" added to keywords",
        "mended package.json: \"signalk-node-server-plugin\" added to keywords",
        "mended package.json: wasmManifest = \"plugin.wasm\"",
        "mended package.json: \"plugin.wasm\" added to files",
        "nothing found",
    ] {
        assert!(told.contains(says), "{says:?} in {told}{}", text(&mended.stderr));
    }
    assert_eq!(mended.status.code(), Some(0));
    let json = fs::read_to_string(package.path().join("package.json")).unwrap();
    assert!(
        json.starts_with("{\n    \"name\": \"signalk-depth\", \"version\": \"1.0.0\",\n"),
        "{json}"
    );
    assert!(
        json.contains("[\"depth\", \"signalk-wasm-plugin\", \"signalk-node-server-plugin\"]"),
        "{json}"
    );
    let again = check(package.path(), &["--fix"]);
    assert_eq!(text(&again.stdout), "nothing found\n");
}

#[test]
fn json_has_every_finding_with_its_rule_file_and_line() {
    let package = package(WRONG);
    let output = check(package.path(), &["--json"]);
    assert_eq!(output.status.code(), Some(1));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = json["findings"].as_array().unwrap();
    let version = findings.iter().find(|it| it["rule"] == "version").unwrap();
    assert_eq!((&version["severity"], &version["line"]), (&"error".into(), &2.into()));
    assert_eq!(version["fix"], "version = \"1.0.0\"");
    assert!(version["file"].as_str().unwrap().ends_with("package.json"));
    let errors = findings.iter().filter(|it| it["severity"] == "error").count();
    assert_eq!(json["errors"], errors);
    assert_eq!(json["warnings"], findings.len() - errors);
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn a_module_alone_is_checked_without_a_package() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.wasm"), wat::parse_str(SOUND).unwrap()).unwrap();
    let output = check(folder.path(), &["a.wasm"]);
    assert_eq!(
        (text(&output.stdout), output.status.code()),
        ("nothing found\n".to_owned(), Some(0))
    );
    fs::write(folder.path().join("b.wasm"), "MZ\0\0").unwrap();
    let output = check(folder.path(), &["b.wasm"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("not a WebAssembly module"), "{}", text(&output.stderr));
}

#[test]
fn where_there_is_nothing_to_check_it_says_what_to_give() {
    let folder = tempfile::tempdir().unwrap();
    for (path, says) in
        [(".", "neither a package.json nor a Cargo.toml"), ("a.wasm", "there is no a.wasm")]
    {
        let output = check(folder.path(), &[path]);
        assert_eq!(output.status.code(), Some(3));
        assert!(text(&output.stderr).contains(says), "{}", text(&output.stderr));
    }
    assert_eq!(check(folder.path(), &["--fixx"]).status.code(), Some(2));
}

#[test]
fn warnings_alone_are_no_failure_and_quiet_leaves_them_out() {
    let package = package(WRONG);
    check(package.path(), &["--fix"]);
    let json = package.path().join("package.json");
    let text_of = fs::read_to_string(&json).unwrap();
    fs::write(&json, text_of.replacen('{', "{ \"private\": true,", 1)).unwrap();
    let output = check(package.path(), &[]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        text(&output.stdout).contains("0 errors, 1 warning; --fix mends 1"),
        "{}",
        text(&output.stdout)
    );
    assert_eq!(text(&check(package.path(), &["--quiet"]).stderr), "");
}
