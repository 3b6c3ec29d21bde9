//! The words and refusals of the tool before it builds anything.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod common;

use std::fs;
use std::path::Path;

use common::{errors, results, signalk};

fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = signalk(folder, arguments);
    assert!(!output.status.success(), "{arguments:?} went well");
    errors(&output)
}

#[test]
fn a_new_plugin_has_all_its_files_and_its_own_names() {
    let folder = tempfile::tempdir().unwrap();
    results(folder.path(), &["new", "signalk-deep-water", "--template", "anchor-watch"]);
    let plugin = folder.path().join("signalk-deep-water");
    let read = |name: &str| fs::read_to_string(plugin.join(name)).unwrap();
    let manifest = read("Cargo.toml");
    assert!(manifest.contains("name = \"signalk-deep-water\""), "{manifest}");
    assert!(manifest.contains("display-name = \"Deep Water\""), "{manifest}");
    assert!(!manifest.contains("workspace"), "{manifest}");
    assert!(read("src/lib.rs").contains("#[signalk_plugin(name = \"Deep Water\")]"));
    let readme = read("README.md");
    assert!(readme.starts_with("# Deep Water\n") && readme.contains("## Install"), "{readme}");
    assert!(!readme.contains("anchor-watch"), "{readme}");
    assert!(read(".github/workflows/ci.yml").contains("cargo signalk build"));
    for file in ["clippy.toml", "rustfmt.toml", ".gitignore", "LICENSE", "CHANGELOG.md"] {
        assert!(plugin.join(file).is_file(), "{file}");
    }
}

#[test]
fn a_name_a_template_or_an_sdk_that_will_not_do_is_refused_and_nothing_is_left() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, part) in [
        (&["new", "@me/signalk-depth"][..], "the server mixes up the settings"),
        (&["new", "Signalk-Depth"], "write `signalk-depth`"),
        (&["new", "signalk-depth", "--template", "helo"], "'hello'"),
        (&["new", "signalk-depth", "--sdk", "nowhere"], "no folder, no version"),
    ] {
        let error = refused(folder.path(), arguments);
        assert!(error.contains(part), "{arguments:?}: {error}");
    }
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    fs::create_dir(folder.path().join("signalk-depth")).unwrap();
    let error = refused(folder.path(), &["new", "signalk-depth"]);
    assert!(error.contains("is there already"), "{error}");
}

#[test]
fn the_sdk_may_be_a_version_or_a_repository() {
    let folder = tempfile::tempdir().unwrap();
    // Neither is asked for anything here.
    signalk(folder.path(), &["new", "a1", "--sdk", "0.1"]);
    let manifest = fs::read_to_string(folder.path().join("a1/Cargo.toml")).unwrap();
    assert!(manifest.contains("signalk-plugin-sdk = { version = \"0.1\" }"), "{manifest}");
    let address = "file:///nowhere/sdk.git";
    signalk(folder.path(), &["new", "a2", "--template", "weather", "--sdk", address]);
    let manifest = fs::read_to_string(folder.path().join("a2/Cargo.toml")).unwrap();
    let dependency =
        format!("signalk-plugin-sdk = {{ git = \"{address}\", features = [\"tls\"] }}");
    assert!(manifest.contains(&dependency), "{manifest}");
}

#[test]
fn what_cargo_toml_says_wrong_is_told_before_anything_is_built() {
    let folder = tempfile::tempdir().unwrap();
    results(folder.path(), &["new", "signalk-depth"]);
    let plugin = folder.path().join("signalk-depth");
    let manifest = fs::read_to_string(plugin.join("Cargo.toml")).unwrap();
    for (right, wrong, part) in [
        (
            "display-name",
            "displayName",
            "there is no key `displayName`: did you mean `display-name`?",
        ),
        ("[\"instruments\"]", "[\"instrument\"]", "did you mean \"instruments\"?"),
        ("[\"instruments\"]", "\"instruments\"", "expected a list of texts"),
        ("crate-type = [\"cdylib\"]", "", "needs crate-type = [\"cdylib\"]"),
    ] {
        fs::write(plugin.join("Cargo.toml"), manifest.replace(right, wrong)).unwrap();
        let error = refused(&plugin, &["build"]);
        assert!(error.contains(part), "{wrong}: {error}");
        assert!(!error.contains("Compiling"), "{error}");
    }
    fs::write(plugin.join("Cargo.toml"), manifest).unwrap();
    fs::write(plugin.join("package.json"), "{}").unwrap();
    let error = refused(&plugin, &["build"]);
    assert!(error.contains("keep one of them"), "{error}");
}

/// Cargo itself brings Cargo.lock up to date unless it is told not to. So does the tool.
#[test]
fn a_lock_file_that_is_to_stay_as_it_is_is_not_touched_by_any_command() {
    let folder = tempfile::tempdir().unwrap();
    results(folder.path(), &["new", "signalk-depth"]);
    let plugin = folder.path().join("signalk-depth");
    let lock = plugin.join("Cargo.lock");
    let _ = fs::remove_file(&lock);
    for command in [&["check", "--locked"][..], &["build", "--locked"]] {
        let error = signalk(&plugin, command);
        assert!(!error.status.success(), "{command:?}");
        assert!(errors(&error).contains("--locked"), "{}", errors(&error));
        assert!(!lock.exists(), "{command:?} wrote a Cargo.lock");
    }
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock"), &lock).unwrap();
    results(&plugin, &["check", "--offline"]);
    results(&plugin, &["check", "--locked", "--offline"]);
}

#[test]
fn a_folder_without_a_crate_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = refused(folder.path(), &["build"]);
    assert!(error.contains("cargo cannot read the crate or workspace"), "{error}");
    let error = refused(folder.path(), &["build", "nowhere"]);
    assert!(error.contains("there is no folder nowhere"), "{error}");
}

#[test]
fn completions_the_manual_and_the_doctor_know_all_commands() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["completions", "bash"][..], &["man"]] {
        let text = results(folder.path(), arguments);
        for command in ["new", "build", "pack", "doctor"] {
            assert!(text.contains(command), "{arguments:?} has no {command}");
        }
    }
    let found = signalk(folder.path(), &["doctor"]);
    let found = String::from_utf8(found.stdout).unwrap();
    assert!(found.contains("wasm32-wasip1") && found.contains("WebAssembly"), "{found}");
}

#[test]
fn there_are_colours_only_where_they_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let piped = refused(folder.path(), &["build"]);
    assert!(!piped.contains('\u{1b}'), "{piped:?}");
    let asked_for = refused(folder.path(), &["build", "--color", "always"]);
    assert!(asked_for.contains("\u{1b}["), "{asked_for:?}");
}
