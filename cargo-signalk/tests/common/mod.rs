//! The tool as a process.

use std::path::Path;
use std::process::{Command, Output};

/// The tool in a folder, with these arguments.
pub(crate) fn signalk(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-signalk"))
        .arg("signalk")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

/// Its results, of a call that went well.
#[allow(dead_code, reason = "one of the tests that share this file does not use it")]
pub(crate) fn results(folder: &Path, arguments: &[&str]) -> String {
    let output = signalk(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", errors(&output));
    String::from_utf8(output.stdout).unwrap()
}

pub(crate) fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
