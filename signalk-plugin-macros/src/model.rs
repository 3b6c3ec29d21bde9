//! `model(…)` in `#[signalk_plugin]`: the paths whose latest values the SDK keeps.

use proc_macro2::TokenStream;
use quote::quote;
use signalk_plugin_contract::SELF_CONTEXT;
use syn::{Expr, ExprAssign, Lit, LitStr};

use crate::arguments;
use crate::code::Target;
use crate::mistakes::{Mistakes, shown};
use crate::path::{self, Use};
use crate::peel;
use signalk_plugin_contract::spelling::nearest;

pub(crate) const ASK: &str = "which paths are to be kept? Write `model(\"navigation.position\")`";

const CONTEXT: &str = "context";

/// The paths that the SDK keeps.
#[derive(Default)]
pub(crate) struct Kept {
    own: Vec<LitStr>,
    /// By the pattern of contexts.
    others: Vec<(LitStr, Vec<LitStr>)>,
}

impl Kept {
    /// Tells whether nothing is kept.
    pub(crate) fn is_empty(&self) -> bool {
        self.own.is_empty() && self.others.is_empty()
    }

    /// Notes the arguments of one `model(…)`, the word.
    pub(crate) fn add(&mut self, word: &Expr, arguments: Vec<Expr>, mistakes: &mut Mistakes) {
        let (mut contexts, mut paths) = (Vec::new(), Vec::new());
        for argument in arguments {
            match peel::expression(argument) {
                Expr::Assign(pair) => contexts.extend(context(&pair, mistakes)),
                value => paths.push(kept(&value, mistakes)),
            }
        }
        if let [_, second, ..] = contexts.as_slice() {
            mistakes.at(
                second,
                "`context` is given twice: keep one, and write another `model(…)` for the other",
            );
        }
        if paths.is_empty() {
            mistakes.at(word, ASK);
        }
        let paths: Vec<_> = paths.into_iter().flatten().collect();
        let context = contexts.into_iter().next();
        if context.as_ref().is_none_or(|context| fits_own(&context.value())) {
            self.own.extend(paths.iter().cloned());
        }
        if let Some(context) = context.filter(|context| context.value() != SELF_CONTEXT) {
            self.others.push((context, paths));
        }
    }

    /// The constants of the plugin, those that are not empty.
    pub(crate) fn constants(&self, Target { sdk, .. }: &Target) -> TokenStream {
        let kept = &self.own;
        let own = (!kept.is_empty())
            .then(|| quote!(const MODEL: &'static [&'static #sdk::lang::str] = &[#(#kept),*];));
        let others = self.others.iter();
        let others: Vec<_> = others
        .map(|(context, paths)| quote!(#sdk::ModelOf { context: #context, paths: &[#(#paths),*] }))
        .collect();
        let others = (!others.is_empty())
            .then(|| quote!(const MODEL_OF_OTHERS: &'static [#sdk::ModelOf] = &[#(#others),*];));
        quote!(#own #others)
    }
}

/// Tells whether a pattern of contexts takes the own vessel in: the SDK keeps that apart.
fn fits_own(context: &str) -> bool {
    matches!(context, SELF_CONTEXT | "*" | "vessels.*")
}

/// The value of `context = "…"`.
fn context(pair: &ExprAssign, mistakes: &mut Mistakes) -> Option<LitStr> {
    let key = shown(&pair.left);
    if key != CONTEXT {
        let message = match nearest(&key, [CONTEXT]) {
            Some(meant) => format!("`model` has no `{key}`: write `{meant} = …`"),
            None => format!("`model` has no `{key}`, only `{CONTEXT}`"),
        };
        mistakes.at(&pair.left, message);
        return None;
    }
    match peel::expression((*pair.right).clone()) {
        Expr::Lit(literal) if matches!(literal.lit, Lit::Str(_)) => {
            let Lit::Str(text) = literal.lit else { return None };
            path::check_context(&text, mistakes);
            Some(text)
        }
        other => {
            mistakes.at(&other, "`context` takes a text: write `context = \"vessels.*\"`");
            None
        }
    }
}

/// A path.
fn kept(arg: &Expr, mistakes: &mut Mistakes) -> Option<LitStr> {
    match arg {
        Expr::Lit(literal) if matches!(literal.lit, Lit::Str(_)) => {
            let Lit::Str(text) = &literal.lit else { return None };
            path::check_path(text, Use::Model, mistakes);
            return Some(text.clone());
        }
        Expr::Array(list) => {
            let paths: Vec<_> = list.elems.iter().map(shown).collect();
            let paths = paths.join(", ");
            mistakes.at(arg, format!("paths stand side by side: write `model({paths})`"));
        }
        other => {
            let bare = arguments::without_quotes(other);
            let bare = bare.unwrap_or_else(|| "navigation.position".to_owned());
            mistakes.at(arg, format!("a path is a text that is known when the plugin is compiled: write `model(\"{bare}\")`"));
        }
    }
    None
}
