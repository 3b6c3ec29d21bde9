//! `source` and `all_sources` of `#[delta]`.

use syn::{Expr, Ident, Lit};

use crate::args::{self, Once};
use crate::mistakes::{Mistakes, shown};
use crate::model::{Source, Takes};

/// The sources that were written.
pub(crate) struct Sources {
    named: Once<(Ident, Box<Expr>)>,
    all: Once<(Ident, bool)>,
}

impl Sources {
    pub(crate) fn new() -> Self {
        Self { named: Once::new(), all: Once::new() }
    }

    pub(crate) fn named(&mut self, key: Ident, value: Expr, mistakes: &mut Mistakes) {
        let value = match &value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) if text.value().trim().is_empty() => {
                    mistakes.at(text, "the source is empty: write its reference, `source = \"gps.GP\"` for example, or leave it out");
                    None
                }
                Lit::Str(_) => Some(value),
                other => {
                    let bare = shown(other);
                    mistakes.at(other, format!("a source is a text: write `source = \"{bare}\"`"));
                    None
                }
            },
            _ => Some(value),
        };
        let value = value.map(|value| (key.clone(), Box::new(value)));
        self.named.set(key, value, mistakes);
    }

    pub(crate) fn all(&mut self, key: Ident, value: &Expr, mistakes: &mut Mistakes) {
        let value = args::boolean("all_sources", value, mistakes);
        let value = value.map(|value| (key.clone(), value.value));
        self.all.set(key, value, mistakes);
    }

    pub(crate) fn of(self, takes: &Takes, mistakes: &mut Mistakes) -> Source {
        let (named, all) = (self.named.get(), self.all.get());
        let key = named.as_ref().map(|(key, _)| key).or(all.as_ref().map(|(key, _)| key));
        if let (Some(key), Takes::Delta | Takes::Text) = (key, takes) {
            mistakes.at(
                key,
                format!("whole deltas come from every source: remove `{key}`, or name a path"),
            );
            return Source::Used;
        }
        match (named, all) {
            (Some(_), Some((key, true))) => {
                mistakes.at(
                    &key,
                    "`source` takes one source, and `all_sources` all of them: keep one of the two",
                );
                Source::Used
            }
            (Some((_, source)), _) => Source::Named(source),
            (None, Some((_, true))) => Source::All,
            (None, _) => Source::Used,
        }
    }
}
