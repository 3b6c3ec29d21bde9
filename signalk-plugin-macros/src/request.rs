//! The parts that `#[put]` and the attributes of HTTP share: one path, which says what it is, and perhaps a
//! context.

use syn::{Attribute, Expr, Lit, LitStr};

use crate::arguments::{self, Arguments};
use crate::mistakes::{Mistakes, shown};

pub(crate) struct Asked {
    /// The attribute's name.
    pub(crate) name: String,
    pub(crate) path: LitStr,
    pub(crate) context: Option<LitStr>,
}

impl Asked {
    pub(crate) fn of(attribute: &Attribute, mistakes: &mut Mistakes) -> Option<Self> {
        let name = shown(attribute.path());
        let mut arguments = Arguments::of(attribute, mistakes)?;
        let mut path: Option<LitStr> = None;
        for value in arguments.values() {
            if path.is_some() {
                mistakes.at(
                    &value,
                    format!("`#[{name}]` takes one path: write a second function for another"),
                );
                return None;
            }
            match &value {
                Expr::Lit(literal) if matches!(literal.lit, Lit::Str(_)) => {
                    if let Lit::Str(text) = &literal.lit {
                        path = Some(text.clone());
                    }
                }
                _ => {
                    mistakes.at(&value, no_text(&name, &value));
                    return None;
                }
            }
        }
        let context = arguments.string("context", mistakes);
        arguments.end(mistakes);
        let Some(path) = path else {
            let example = if name == "put" { "navigation.anchor.position" } else { "/api/status" };
            mistakes.at(
                attribute,
                format!("`#[{name}]` needs a path: write `#[{name}(\"{example}\")]`"),
            );
            return None;
        };
        Some(Self { name, path, context })
    }

    /// Tells whether the path is one of HTTP.
    pub(crate) fn is_http(&self) -> bool {
        self.path.value().starts_with('/')
    }
}

/// Tells of a path that is no text.
fn no_text(name: &str, value: &Expr) -> String {
    if let Some(bare) = arguments::without_quotes(value) {
        return format!("a path is a text: write `#[{name}(\"{bare}\")]`");
    }
    if name == "put" {
        return "a path is a text that is known when the plugin is compiled, for the server is told of it before there is a plugin: write `#[put(\"navigation.anchor.position\")]`, and a function for each path".to_owned();
    }
    format!(
        "a path is a text that is known when the plugin is compiled: write `#[{name}(\"/api/status\")]`, with `:name` for a part that varies, as in `#[{name}(\"/api/item/:id\")]`"
    )
}
