//! The strings in a crate's source code.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use ignore::WalkBuilder;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::finding::Place;

/// A string of the code, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Between the quotes, as it is written.
    pub text: String,
    /// The line that it begins on.
    pub place: Place,
}

/// All strings of the code below a folder, but for those of tests. What is no Rust is left to the compiler.
pub(super) fn texts_in(folder: &Path) -> Vec<Text> {
    let files = WalkBuilder::new(folder).sort_by_file_name(Ord::cmp).build().flatten();
    let sources = files.map(ignore::DirEntry::into_path).filter(|file| is_source(file, folder));
    sources
        .flat_map(|file| match fs::read_to_string(&file) {
            Ok(text) => texts_of(&file, &text),
            Err(_) => Vec::new(),
        })
        .collect()
}

fn is_source(file: &Path, folder: &Path) -> bool {
    let inside = file.strip_prefix(folder).unwrap_or(file);
    let is_of_tests = inside.iter().any(|part| part == "tests" || part == "tests.rs");
    file.extension().is_some_and(|it| it == "rs") && !is_of_tests
}

/// The strings of one file.
pub(super) fn texts_of(file: &Path, source: &str) -> Vec<Text> {
    let mut texts = Vec::new();
    if let Ok(tokens) = TokenStream::from_str(source) {
        collect(tokens, file, &mut texts);
    }
    texts
}

fn collect(tokens: TokenStream, file: &Path, texts: &mut Vec<Text>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                // Of the file or the module: `#![…]`.
                tokens.next_if(|it| matches!(it, TokenTree::Punct(mark) if mark.as_char() == '!'));
                let Some(TokenTree::Group(attribute)) = tokens.peek() else { continue };
                match attribute.stream().to_string().replace(' ', "").as_str() {
                    "cfg(test)" => skip_item(&mut tokens),
                    // A comment.
                    text if text.starts_with("doc=") => drop(tokens.next()),
                    _ => {}
                }
            }
            TokenTree::Group(group) => collect(group.stream(), file, texts),
            TokenTree::Literal(literal) => {
                if let Some(text) = between_quotes(&literal.to_string()) {
                    let line = Some(literal.span().start().line);
                    let place = Place { file: PathBuf::from(file), line };
                    texts.push(Text { text: text.to_owned(), place });
                }
            }
            _ => {}
        }
    }
}

/// Up to the end of what an attribute stands in front of.
fn skip_item(tokens: &mut impl Iterator<Item = TokenTree>) {
    for token in tokens {
        let is_end = match token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        if is_end {
            return;
        }
    }
}

fn between_quotes(literal: &str) -> Option<&str> {
    let inside = literal.strip_prefix('r').unwrap_or(literal);
    inside.trim_matches('#').strip_prefix('"')?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_found_with_their_lines_and_those_of_tests_and_comments_are_not() {
        let source = r##"
//! "a.comment"
/// "another.one"
const A: &str = "navigation.position";
#[delta("a.b")] fn f() { g(r"c.d", r#"e.f"#, 'x', b"bytes"); }
#[cfg(test)]
mod tests { const T: &str = "of.a.test"; }
#[cfg(test)] const U: &str = "of.another";
fn last() { "the.last" }
"##;
        let found = texts_of(Path::new("lib.rs"), source);
        let found: Vec<_> = found.iter().map(|it| (it.text.as_str(), it.place.line)).collect();
        assert_eq!(
            found,
            [
                ("navigation.position", Some(4)),
                ("a.b", Some(5)),
                ("c.d", Some(5)),
                ("e.f", Some(5)),
                ("the.last", Some(9)),
            ]
        );
        assert_eq!(texts_of(Path::new("lib.rs"), "fn ( {"), []);
    }
}
