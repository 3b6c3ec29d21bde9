//! The parts that `#[put]` and the attributes of HTTP share: a path, which says what it is, and perhaps a
//! context.

use syn::{Attribute, Expr, Lit, LitStr};

use crate::arguments::{self, Arguments};
use crate::mistakes::{Mistakes, shown};

pub(crate) struct Asked {
    /// The attribute's name.
    pub(crate) name: String,
    pub(crate) path: LitStr,
    /// Further paths of the data model.
    pub(crate) others: Vec<LitStr>,
    pub(crate) context: Option<LitStr>,
}

impl Asked {
    pub(crate) fn of(attribute: &Attribute, mistakes: &mut Mistakes) -> Option<Self> {
        let name = shown(attribute.path());
        let mut arguments = Arguments::of(attribute, mistakes)?;
        let mut paths: Vec<LitStr> = Vec::new();
        for value in arguments.values() {
            let Expr::Lit(literal) = &value else {
                mistakes.at(&value, no_text(&name, &value));
                return None;
            };
            let Lit::Str(path) = &literal.lit else {
                mistakes.at(&value, no_text(&name, &value));
                return None;
            };
            // Each path of the data model has an export of its own, and one of HTTP the function's.
            if !paths.is_empty() && (is_http(path) || paths.iter().any(is_http) || name != "put") {
                mistakes.at(
                    path,
                    format!("`#[{name}]` takes one path: write a second function for another"),
                );
                return None;
            }
            paths.push(path.clone());
        }
        let context = arguments.string("context", mistakes);
        arguments.end(mistakes);
        let mut paths = paths.into_iter();
        let Some(path) = paths.next() else {
            let example = if name == "put" { "navigation.anchor.position" } else { "/api/status" };
            mistakes.at(
                attribute,
                format!("`#[{name}]` needs a path: write `#[{name}(\"{example}\")]`"),
            );
            return None;
        };
        Some(Self { name, path, others: paths.collect(), context })
    }

    /// Tells whether the path is one of HTTP.
    pub(crate) fn is_http(&self) -> bool {
        is_http(&self.path)
    }
}

fn is_http(path: &LitStr) -> bool {
    path.value().starts_with('/')
}

/// Tells of a path that is no text.
fn no_text(name: &str, value: &Expr) -> String {
    if let Some(bare) = arguments::without_quotes(value) {
        return format!("a path is a text: write `#[{name}(\"{bare}\")]`");
    }
    if name == "put" {
        return "a path is a text that is known when the plugin is compiled, for the server is told of it before there is a plugin: write `#[put(\"navigation.anchor.position\")]`, and each path that there is".to_owned();
    }
    format!(
        "a path is a text that is known when the plugin is compiled: write `#[{name}(\"/api/status\")]`, with `:name` for a part that varies, as in `#[{name}(\"/api/item/:id\")]`"
    )
}
