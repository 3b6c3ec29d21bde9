//! Rules about exports, and about the package.

use signalk_plugin_host::{
    Capability, LoadError, Module, Package, Problem, Report, ServerVersion, check,
};

use crate::fixture::Wat;

pub(crate) fn report(wat: &Wat) -> Report {
    check(&wat.wasm(), &wat.package(&Capability::ALL), ServerVersion::V2_32)
}

/// The only problem, whose text says all that is listed.
#[track_caller]
pub(crate) fn only_problem(report: &Report, says: &[&str]) -> Problem {
    let [problem] = report.problems() else { panic!("expected one problem, found:\n{report}") };
    let text = problem.to_string();
    assert!(says.iter().all(|says| text.contains(says)), "{text:?} does not say {says:?}");
    problem.clone()
}

#[test]
fn a_sound_plugin_has_no_problem() {
    assert_eq!(report(&Wat::new()).problems(), &[]);
    assert!(Module::load(Wat::new().wasm(), Package::new("test-plugin")).is_ok());
}

#[test]
fn what_is_not_wasm_is_refused_with_what_it_begins_with() {
    for (bytes, found) in
        [(&b""[..], "nothing"), (b"#!/bin/sh", "#!/bin/s"), (b"\0asm\x0d\0\x01\0", r"\x00asm\r")]
    {
        let report = check(bytes, &Package::new("test-plugin"), ServerVersion::V2_32);
        let problem = only_problem(&report, &[found, "not a WebAssembly module"]);
        assert!(matches!(problem, Problem::NotWasm { .. }));
    }
}

#[test]
fn a_damaged_module_is_refused() {
    let mut wasm = Wat::new().wasm();
    wasm.truncate(wasm.len() - 10);
    let report = check(&wasm, &Package::new("test-plugin"), ServerVersion::V2_32);
    assert!(matches!(only_problem(&report, &[]), Problem::Invalid { .. }));
}

#[test]
fn a_command_is_refused() {
    let report = report(&Wat::new().and(r#"(func (export "_start"))"#));
    let problem = only_problem(&report, &["_start", "cdylib"]);
    assert_eq!(problem, Problem::Command { name: "_start".to_owned() });
}

#[test]
fn a_module_without_plugin_id_or_allocate_is_not_recognised() {
    for missing in ["plugin_id", "allocate"] {
        only_problem(&report(&Wat::new().without(missing)), &[missing, "Rust plugin"]);
    }
    let report = report(&Wat::new().without("plugin_id").without("allocate"));
    only_problem(&report, &["exports plugin_id and allocate"]);
}

#[test]
fn each_missing_export_is_named_with_its_signature() {
    for (missing, signature) in [
        ("deallocate", "(i32, i32)"),
        ("plugin_name", "(i32, i32) -> i32"),
        ("plugin_schema", "(i32, i32) -> i32"),
        ("plugin_start", "(i32, i32) -> i32"),
        ("plugin_stop", "() -> i32"),
    ] {
        only_problem(&report(&Wat::new().without(missing)), &[missing, signature]);
    }
}

#[test]
fn a_memory_that_is_not_exported_is_named() {
    let report = report(&Wat::new().with("memory", "(memory 64)"));
    only_problem(&report, &["the export memory is missing"]);
}

#[test]
fn wrong_signatures_are_shown_with_the_right_ones() {
    let wrong = Wat::new()
        .with("plugin_start", r#"(func (export "plugin_start") (param i32) (param i64))"#)
        .and(r#"(func (export "poll"))"#)
        .and(r#"(global (export "delta_handler") i32 (i32.const 0))"#)
        .and(r#"(func (export "handle_put_vessels_self_a") (param i32))"#)
        .and(r#"(func (export "resources_get_resource") (param i32))"#)
        .and(r#"(func (export "some_helper") (param i64))"#);
    let found: Vec<_> = report(&wrong).problems().iter().map(ToString::to_string).collect();
    assert_eq!(found.len(), 5, "{found:#?}");
    for says in [
        "plugin_start is a function (i32, i64), but the server calls it as a function (i32, i32) -> i32",
        "poll is a function (), but the server calls it as a function () -> i32",
        "delta_handler is a global, but",
        "handle_put_vessels_self_a is a function (i32), but the server calls it as a function (i32, i32, i32, i32) -> i32",
        "resources_get_resource is a function (i32)",
    ] {
        assert!(found.iter().any(|text| text.contains(says)), "{says:?} in {found:#?}");
    }
}

#[test]
fn a_scoped_name_is_a_warning() {
    let report = check(&Wat::new().wasm(), &Package::new("@me/plugin"), ServerVersion::V2_32);
    only_problem(&report, &["@me/plugin", "sk_save_config"]);
    assert!(!report.has_errors());
    let module = Module::load(Wat::new().wasm(), Package::new("@me/plugin")).unwrap();
    assert_eq!(module.warnings().problems().len(), 1);
}

#[test]
fn load_refuses_errors_and_shows_them_all() {
    let wat = Wat::new().without("plugin_stop").without("deallocate");
    let LoadError::Refused(report) =
        Module::load(wat.wasm(), Package::new("test-plugin")).unwrap_err()
    else {
        panic!("another error");
    };
    assert_eq!(report.errors().count(), 2);
    assert_eq!(report.to_string().lines().filter(|line| line.starts_with("error: ")).count(), 2);
}

#[test]
fn a_feature_that_only_the_newer_node_has_is_named_for_the_older_server() {
    let wat = Wat::new().and(r#"(memory 1)"#);
    let package = Package::new("test-plugin");
    assert!(!check(&wat.wasm(), &package, ServerVersion::V2_32).has_errors());
    let report = check(&wat.wasm(), &package, ServerVersion::V2_23);
    only_problem(&report, &["Node.js of server 2.23.0"]);
}

#[test]
fn package_json_is_read_as_the_server_reads_it() {
    let json = r#"{"name":"a","version":"1.0.0","wasmManifest":"p.wasm","wasmCapabilities":{"rawSockets":1,"network":false}}"#;
    let package = Package::from_json(json).unwrap();
    assert_eq!(
        (package.name(), package.version_text(), package.manifest()),
        ("a", "1.0.0", Some("p.wasm"))
    );
    assert!(package.has(Capability::RawSockets) && !package.has(Capability::Network));
    assert_eq!(Package::new("@a/b").id(), "_a_b");
}

#[test]
fn a_package_json_that_is_no_plugins_says_what_is_missing() {
    for (json, says) in [
        ("{", "not JSON"),
        (r#"{"wasmManifest":"p.wasm"}"#, "\"name\""),
        (r#"{"name":"a"}"#, "\"wasmManifest\""),
    ] {
        let error = Package::from_json(json).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}
