//! No file of a crate imports from one that imports from it, on whatever way.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod floors;
mod source;

use std::path::Path;

use floors::Crate;

fn has_no_circle(name: &str) {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = Crate::read(&workspace.join(name).join("src"));
    let layers = read.layers();
    let (problems, picture) = (layers.problems(), layers.picture());
    println!("{picture}");
    assert!(problems.is_empty(), "{problems}{picture}");
}

/// A test a crate.
macro_rules! without_circles {
    ($($test:ident: $name:literal,)*) => {
        $(
            #[test]
            fn $test() {
                has_no_circle($name);
            }
        )*
    };
}

without_circles! {
    the_build_library_has_no_circle: "signalk-plugin-build",
    the_catalogue_of_paths_has_no_circle: "signalk-path-catalogue",
    the_check_has_no_circle: "signalk-plugin-check",
    the_command_line_has_no_circle: "cargo-signalk",
    the_contract_has_no_circle: "signalk-plugin-contract",
    the_host_has_no_circle: "signalk-plugin-host",
    the_macros_have_no_circle: "signalk-plugin-macros",
    the_model_of_the_server_has_no_circle: "signalk-server-model",
    the_sdk_has_no_circle: "signalk-plugin-sdk",
}

#[test]
fn a_circle_is_found_on_whatever_way_it_goes() {
    let problems_of = |a: &str, b: &str| {
        let files =
            [("", "mod a;\nmod b;\npub use a::Roof;"), ("a", a), ("b", "mod c;\npub use c::C;")];
        Crate::of(files.into_iter().chain([("b::c", b)])).layers().problems()
    };
    let a = "use crate::b::C;\npub struct A(C);\npub struct Roof;";
    for back in [
        "use crate::a::A;",
        "use super::super::a::{self as other, A};",
        "use crate::a;\nfn f() { a::f(); }",
        "fn f() -> crate::a::A { 'x'; \"\\\"\"; r#\"\"\"#; todo() }",
        "pub use crate::a::A;\npub struct C(A);",
        "use crate::{b, a::*};",
    ] {
        let found = problems_of(a, &[back, "pub struct C;"].concat());
        assert!(found.starts_with("a circle:\n  a has of b::c: crate::b::C\n"), "{back}: {found}");
    }
    for fine in [
        "pub use crate::a::A;",
        "// use crate::a::A;",
        "fn f() { \"crate::a::A\"; r#\"\" crate::a::A\"#; }",
        "#[cfg(test)]\nmod tests { use crate::a::A; fn f() { A {} } }",
        "use a::A;",
        "use crate::b;",
        "pub(in crate::a) struct D;",
    ] {
        assert_eq!(problems_of(a, &[fine, "pub struct C;"].concat()), "", "{fine}");
    }
    let of_roof = problems_of("", "use crate::Roof;\npub struct C;");
    assert_eq!(of_roof, "b::c imports Roof from the roof\n");
}

#[test]
fn a_function_that_is_called_as_its_file_is_an_import_too() {
    let files = [
        ("", "mod a;\nmod b;"),
        ("a", "use crate::b::b;\npub fn a() { b() }"),
        ("b", "use crate::a::a;\npub fn b() { a() }"),
    ];
    let problems = Crate::of(files).layers().problems();
    assert_eq!(problems, "a circle:\n  a has of b: crate::b::b\n  b has of a: crate::a::a\n");
}
