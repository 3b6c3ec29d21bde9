//! Rules that run the module.

use signalk_plugin_host::Problem;
use signalk_plugin_host::contract::TEXT_BUFFER;

use crate::check_exports::{only_problem, report};
use crate::fixture::{Wat, text_out};

#[test]
fn an_initialize_that_traps_on_its_second_call_is_refused() {
    let once = r#"(global $ready (mut i32) (i32.const 0))
        (func (export "_initialize")
            (if (global.get $ready) (then unreachable))
            (global.set $ready (i32.const 1)))"#;
    let problem = only_problem(&report(&Wat::new().and(once)), &["second call", "unreachable"]);
    assert!(matches!(problem, Problem::InitializeTwice { .. }));
    assert_eq!(report(&Wat::new().and(r#"(func (export "_initialize"))"#)).problems(), &[]);
}

#[test]
fn a_module_that_cannot_be_instantiated_is_refused() {
    let trapping = report(&Wat::new().and("(func $boom unreachable) (start $boom)"));
    assert!(matches!(only_problem(&trapping, &["unreachable"]), Problem::Instantiation { .. }));
    let initialize = report(&Wat::new().and(r#"(func (export "_initialize") unreachable)"#));
    only_problem(&initialize, &["_initialize: unreachable"]);
}

#[test]
fn a_plugin_without_a_name_is_refused() {
    for written in ["0", "-1"] {
        let name = format!(
            r#"(func (export "plugin_name") (param i32 i32) (result i32) (i32.const {written}))"#
        );
        assert_eq!(
            only_problem(&report(&Wat::new().with("plugin_name", name)), &[]),
            Problem::NoName
        );
    }
    let trap = r#"(func (export "plugin_name") (param i32 i32) (result i32) unreachable)"#;
    only_problem(
        &report(&Wat::new().with("plugin_name", trap)),
        &["plugin_name fails", "unreachable"],
    );
}

#[test]
fn a_name_outside_the_memory_is_refused() {
    let far =
        r#"(func (export "plugin_name") (param i32 i32) (result i32) (i32.const 0x7fffffff))"#;
    only_problem(
        &report(&Wat::new().with("plugin_name", far)),
        &["Invalid typed array length: 2147483647"],
    );
}

#[test]
fn an_allocate_that_answers_0_is_refused() {
    let null = r#"(func (export "allocate") (param i32) (result i32) (i32.const 0))"#;
    let report = report(&Wat::new().with("allocate", null));
    let texts: Vec<_> = report.problems().iter().map(ToString::to_string).collect();
    let expected = format!("Failed to allocate {TEXT_BUFFER} bytes");
    assert!(texts.iter().all(|text| text.contains(&expected)), "{texts:?}");
    assert_eq!(texts.len(), 2);
}

#[test]
fn a_schema_that_is_not_json_is_refused() {
    let report =
        report(&Wat::new().with("plugin_schema", text_out("plugin_schema", "{type: object}")));
    only_problem(&report, &["(14 bytes) is not JSON", "vanish"]);
}

#[test]
fn a_schema_cut_at_the_buffer_is_told_from_other_rubbish() {
    let cut = r#"(func (export "plugin_schema") (param $out i32) (param $max i32) (result i32)
        (memory.fill (local.get $out) (i32.const 0x5b) (local.get $max)) (local.get $max))"#;
    let expected = format!("cut off at the {TEXT_BUFFER} bytes");
    only_problem(&report(&Wat::new().with("plugin_schema", cut)), &[&expected]);
}

#[test]
fn a_schema_beyond_the_buffer_is_refused() {
    let long = r#"(func (export "plugin_schema") (param $out i32) (param $max i32) (result i32)
        (memory.fill (local.get $out) (i32.const 0x20) (i32.const 9000))
        (i32.store8 (local.get $out) (i32.const 0x31)) (i32.const 9000))"#;
    only_problem(
        &report(&Wat::new().with("plugin_schema", long)),
        &["9000 bytes", &TEXT_BUFFER.to_string()],
    );
}

#[test]
fn an_empty_schema_and_a_reference_are_warnings() {
    let empty = report(&Wat::new().with("plugin_schema", text_out("plugin_schema", "")));
    assert_eq!(only_problem(&empty, &[]), Problem::NoSchema);
    let schema = r##"{"properties":{"a":{"items":[{"$ref":"#/$defs/A"}]}}}"##;
    let reference = report(&Wat::new().with("plugin_schema", text_out("plugin_schema", schema)));
    only_problem(&reference, &["#/$defs/A", "inline"]);
    assert!(!empty.has_errors() && !reference.has_errors());
}

#[test]
fn a_schema_function_that_never_returns_is_refused() {
    let endless = r#"(func (export "plugin_schema") (param i32 i32) (result i32) (loop (br 0)) (i32.const 0))"#;
    only_problem(
        &report(&Wat::new().with("plugin_schema", endless)),
        &["plugin_schema", "out of fuel"],
    );
}

fn endpoints(json: &str) -> Wat {
    Wat::new()
        .and(text_out("http_endpoints", json))
        .answers("get_it", "{}")
        .and(r#"(func (export "odd"))"#)
}

#[test]
fn sound_endpoints_have_no_problem() {
    let wat = endpoints(r#"[{"method":"GET","path":"/api/item/:id","handler":"get_it"}]"#);
    assert_eq!(report(&wat).problems(), &[]);
}

#[test]
fn endpoints_that_are_no_json_array_are_refused() {
    only_problem(&report(&endpoints("oops")), &["http_endpoints", "not JSON"]);
    only_problem(&report(&endpoints("{}")), &["no array"]);
}

#[test]
fn each_endpoint_that_cannot_work_is_named() {
    for (endpoint, says) in [
        (r#"{"method":"PATCH","path":"/a","handler":"get_it"}"#, "GET, POST, PUT and DELETE only"),
        (r#"{"method":"GET","path":"/config","handler":"get_it"}"#, "answers this path itself"),
        (r#"{"method":"GET","path":"api","handler":"get_it"}"#, "does not begin with /"),
        (r#"{"method":"GET","path":"/a(","handler":"get_it"}"#, "all endpoints behind it are lost"),
        (r#"{"method":"GET","path":"/a","handler":"absent"}"#, "absent is not exported"),
        (r#"{"method":"GET","path":"/a","handler":"odd"}"#, "odd is ()"),
        (r#"{"method":"GET","path":"/a"}"#, "\"handler\""),
    ] {
        only_problem(&report(&endpoints(&format!("[{endpoint}]"))), &[says]);
    }
}
