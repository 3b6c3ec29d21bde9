//! Plugins from `new` to the real servers.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_host::required_capabilities;
use signalk_plugin_tests::delta::dashboard_line;
use signalk_plugin_tests::env::InstalledServer;
use signalk_plugin_tests::{Server, copy_folder};
use tempfile::TempDir;

use common::results;

const TEMPLATES: [&str; 7] =
    ["hello", "anchor-watch", "ais", "resource-provider", "weather", "nmea0183", "derived-data"];

const PATIENCE: Duration = Duration::from_secs(60);

/// A workspace with a plugin of each template, packed, in a folder with a blank in its path.
fn packed() -> &'static Path {
    static WORKSPACE: OnceLock<PathBuf> = OnceLock::new();
    WORKSPACE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("my plugins");
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        let manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"signalk-*\"]\n";
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        for template in TEMPLATES {
            let name = format!("signalk-my-{template}");
            results(&folder, &["new", &name, "--template", template, "--quiet"]);
        }
        results(&folder, &["pack", "--quiet"]);
        folder
    })
}

fn cargo(folder: &Path, arguments: &[&str]) {
    let output = Command::new("cargo").args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", common::errors(&output));
}

fn built(workspace: &Path, template: &str) -> PathBuf {
    workspace.join("target/signalk/packages").join(format!("signalk-my-{template}"))
}

fn package_json(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join("package.json")).unwrap()).unwrap()
}

#[test]
#[ignore = "needs the wasm target: cargo xtask test --only tool"]
fn each_template_is_formatted_passes_its_lints_and_its_tests() {
    cargo(packed(), &["fmt", "--check"]);
    cargo(packed(), &["clippy", "--all-targets", "--", "-D", "warnings"]);
    cargo(packed(), &["test", "--quiet"]);
}

#[test]
#[ignore = "needs the wasm target: cargo xtask test --only tool"]
fn package_json_says_what_cargo_toml_and_the_wasm_say() {
    for template in TEMPLATES {
        let folder = built(packed(), template);
        let package = package_json(&folder);
        let wasm = fs::read(folder.join("plugin.wasm")).unwrap();
        assert_eq!(package["wasmCapabilities"], Value::Object(required_capabilities(&wasm)));
        let category = package["keywords"][2].as_str().unwrap();
        assert!(category.starts_with("signalk-category-"), "{package}");
        assert_eq!(package["main"], "main.js");
        for file in package["files"].as_array().unwrap() {
            assert!(folder.join(file.as_str().unwrap()).exists(), "{file}");
        }
    }
    let hello = package_json(&built(packed(), "hello"));
    assert_eq!(hello["signalk"]["displayName"], "My Hello");
    assert_eq!(hello["license"], "Apache-2.0");
}

#[test]
#[ignore = "needs the wasm target: cargo xtask test --only tool"]
fn a_plugin_is_the_same_bytes_again_and_in_another_folder() {
    let tarball =
        |folder: &Path| fs::read(folder.join("target/signalk/signalk-my-hello-0.1.0.tgz")).unwrap();
    let first = tarball(packed());
    let elsewhere = tempfile::tempdir().unwrap();
    copy_folder(&packed().join("signalk-my-hello"), &elsewhere.path().join("signalk-my-hello"))
        .unwrap();
    // The same dependencies, as a clone has them.
    for file in ["Cargo.toml", "Cargo.lock"] {
        fs::copy(packed().join(file), elsewhere.path().join(file)).unwrap();
    }
    results(elsewhere.path(), &["pack", "--quiet"]);
    assert!(tarball(elsewhere.path()) == first, "another folder, other bytes");
    fs::remove_file(elsewhere.path().join("target/signalk/signalk-my-hello-0.1.0.tgz")).unwrap();
    results(elsewhere.path(), &["pack", "--quiet"]);
    assert!(tarball(elsewhere.path()) == first, "packed again, other bytes");
    let wasm = fs::read(built(elsewhere.path(), "hello").join("plugin.wasm")).unwrap();
    let folder = elsewhere.path().to_str().unwrap().as_bytes();
    assert!(!wasm.windows(folder.len()).any(|part| part == folder), "the .wasm names its folder");
}

#[test]
#[ignore = "needs a real server: cargo xtask test --only tool"]
fn packed_plugins_run_on_2_32() {
    packed_plugins_run(InstalledServer::v2_32().unwrap());
}

#[test]
#[ignore = "needs a real server: cargo xtask test --only tool"]
fn packed_plugins_run_on_2_23() {
    packed_plugins_run(InstalledServer::v2_23().unwrap());
}

/// Installs the packages as the App Store does, and switches each on.
fn packed_plugins_run(installed: InstalledServer) {
    let folder = installed_by_npm();
    let mut builder = Server::builder(installed);
    for template in TEMPLATES {
        let package = folder.path().join("node_modules").join(format!("signalk-my-{template}"));
        builder = builder.plugin(package);
    }
    let server = builder.start().unwrap();
    let stream = server.stream().unwrap();
    for template in TEMPLATES {
        let id = format!("signalk-my-{template}");
        let (status, answer) = server
            .rest()
            .post(
                &format!("/plugins/{id}/config"),
                &json!({ "enabled": true, "configuration": {} }),
            )
            .unwrap();
        assert_eq!(status, 200, "{id}: {answer}");
        stream
            .wait_for_after(0, &id, PATIENCE, |message| {
                dashboard_line(message, &id).is_some_and(|line| {
                    assert!(!line.text.contains("needs signalk-server"), "main.js was loaded");
                    !line.text.is_empty()
                })
            })
            .unwrap();
    }
    let (_, plugins) = server.rest().get("/skServer/plugins").unwrap();
    let plugins = plugins.to_string();
    assert!(plugins.contains("My Hello"), "{plugins}");
}

#[test]
#[ignore = "needs a real server: cargo xtask test --only tool"]
fn a_server_without_webassembly_is_told_of_2_32() {
    main_tells_what_is_missing(InstalledServer::v2_32().unwrap());
}

#[test]
#[ignore = "needs a real server: cargo xtask test --only tool"]
fn a_server_without_webassembly_is_told_of_2_23() {
    main_tells_what_is_missing(InstalledServer::v2_23().unwrap());
}

/// An older server passes `wasmManifest` over: without that key, these do as it does.
fn main_tells_what_is_missing(installed: InstalledServer) {
    const PLUGIN: &str = "signalk-my-hello";
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path().join(PLUGIN);
    copy_folder(&built(packed(), "hello"), &package).unwrap();
    let mut json = package_json(&package);
    json.as_object_mut().unwrap().remove("wasmManifest");
    fs::write(package.join("package.json"), json.to_string()).unwrap();
    let server = Server::builder(installed).enabled_plugin(package, &json!({})).start().unwrap();
    let stream = server.stream().unwrap();
    let told = stream.wait_for_after(0, "the line", PATIENCE, |message| {
        dashboard_line(message, PLUGIN).is_some_and(|line| {
            line.is_error && line.text.contains("needs signalk-server 2.23 or newer")
        })
    });
    told.unwrap();
}

/// A folder into which npm has installed all packages.
fn installed_by_npm() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("package.json"), "{}").unwrap();
    let mut npm = Command::new("npm");
    npm.current_dir(folder.path());
    npm.args(["install", "--save", "--ignore-scripts", "--offline", "--no-audit", "--no-fund"]);
    for template in TEMPLATES {
        npm.arg(packed().join(format!("target/signalk/signalk-my-{template}-0.1.0.tgz")));
    }
    let output = npm.output().unwrap();
    assert!(output.status.success(), "{}", common::errors(&output));
    folder
}
