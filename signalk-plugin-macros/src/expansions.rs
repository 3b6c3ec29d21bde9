//! What is written for four small plugins, beside what was reviewed: `tests/expand` has the plugins,
//! `tests/expand/expanded` the code. The plugins are passing cases of `tests/ui.rs`, too.

use std::path::Path;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Item, Meta};

/// `EXPAND=overwrite` writes the files anew instead of comparing them.
const OVERWRITE: &str = "EXPAND";

/// The code that the attribute makes of its block.
fn expanded(source: &str) -> String {
    let blocks = syn::parse_file(source).unwrap().items.into_iter();
    let mut with_attribute = blocks.filter_map(|item| {
        let Item::Impl(mut block) = item else {
            return None;
        };
        let is_ours = |attribute: &syn::Attribute| attribute.path().is_ident("signalk_plugin");
        let at = block.attrs.iter().position(is_ours)?;
        let arguments = match block.attrs.remove(at).meta {
            Meta::List(list) => list.tokens,
            _ => TokenStream::new(),
        };
        Some((arguments, block))
    });
    let (arguments, block) = with_attribute.next().expect("a block with the attribute");
    let code = crate::expand::expand(arguments, block.into_token_stream());
    prettyplease::unparse(&syn::parse2(code).unwrap())
}

fn check(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expand");
    let file = format!("{name}.rs");
    let found = expanded(&std::fs::read_to_string(folder.join(&file)).unwrap());
    let reviewed = folder.join("expanded").join(&file);
    if std::env::var_os(OVERWRITE).is_some_and(|value| value == "overwrite") {
        std::fs::write(reviewed, found).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&reviewed).unwrap_or_default();
    let mut lines = found.lines().zip(expected.lines().chain(std::iter::repeat("")));
    if let Some((found, expected)) = lines.find(|(found, expected)| found != expected) {
        panic!(
            "{}: found `{found}`, expected `{expected}`; if that is meant, run with \
             {OVERWRITE}=overwrite and look at the difference",
            reviewed.display()
        );
    }
    assert_eq!(found, expected, "{}", reviewed.display());
}

#[test]
fn a_plugin_with_a_delta_and_a_timer_is_written_as_reviewed() {
    check("delta");
}

#[test]
fn a_plugin_with_requests_is_written_as_reviewed() {
    check("requests");
}

#[test]
fn a_provider_is_written_as_reviewed() {
    check("provider");
}

#[test]
fn ids_in_paths_and_what_comes_after_them_are_written_as_reviewed() {
    check("ids");
}
