//! Rules about imports.

use signalk_plugin_host::{Capability, Package, Problem, ServerVersion, check};

use crate::check_exports::{only_problem, report};
use crate::fixture::Wat;

#[test]
fn an_import_from_another_module_is_refused() {
    let wat = Wat::new()
        .import(r#"(import "__wbindgen_placeholder__" "__wbindgen_throw" (func (param i32 i32)))"#);
    only_problem(&report(&wat), &["__wbindgen_throw", "__wbindgen_placeholder__", "wasm-bindgen"]);
    let wat =
        Wat::new().import(r#"(import "as-fetch" "_fetchGET" (func (param i32) (result i32)))"#);
    only_problem(&report(&wat), &["AssemblyScript only", "rawSockets"]);
}

#[test]
fn an_import_that_the_server_lacks_is_refused_with_a_hint() {
    for (name, says) in [
        ("sk_get_path", "keep what delta_handler brings"),
        ("sk_emit_delta", "it is called sk_handle_message"),
        ("sk_debgu", "did you mean sk_debug?"),
        ("sk_tcp_recv", "did you mean sk_"),
    ] {
        let problem =
            only_problem(&report(&Wat::new().env(name, "(param i32 i32)")), &[name, says]);
        assert!(matches!(problem, Problem::UnknownImport { .. }));
    }
    let unknown = report(&Wat::new().env("something_else_entirely", "(param i32 i32)"));
    only_problem(&unknown, &["something_else_entirely", "would not load"]);
    let wasi =
        Wat::new().import(r#"(import "wasi_snapshot_preview1" "fd_dance" (func (result i32)))"#);
    only_problem(&report(&wasi), &["fd_dance", "wasi_snapshot_preview1"]);
}

#[test]
fn an_import_with_another_signature_is_shown_with_the_right_one() {
    let wat = Wat::new().env("sk_save_config", "(param i32 i32 i32) (result i32)");
    only_problem(
        &report(&wat),
        &[
            "sk_save_config as a function (i32, i32, i32) -> i32, but the server offers a function (i32, i32) -> i32",
        ],
    );
    let global = Wat::new().import(r#"(import "env" "sk_set_status" (global i32))"#);
    only_problem(&report(&global), &["as a global"]);
}

#[test]
fn a_delta_may_be_sent_without_a_version() {
    assert_eq!(report(&Wat::new().env("sk_handle_message", "(param i32 i32)")).problems(), &[]);
}

#[test]
fn an_import_without_its_capability_is_a_warning() {
    let wat = Wat::new()
        .env("sk_udp_create", "(param i32) (result i32)")
        .env("sk_tcp_create", "(result i32)");
    let warned = check(&wat.wasm(), &Package::new("test-plugin"), ServerVersion::V2_32);
    only_problem(&warned, &["sk_udp_create", "\"rawSockets\": true"]);
    assert!(!warned.has_errors());
    let granted = Package::new("test-plugin").capability(Capability::RawSockets);
    assert_eq!(check(&wat.wasm(), &granted, ServerVersion::V2_32).problems(), &[]);
}
