//! The arguments of `#[signalk_plugin(…)]`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use signalk_plugin_contract::{capability, package};
use syn::{Expr, ExprCall, Lit, LitStr, Path, Type};

use crate::args::{self, Arg, Once};
use crate::mistakes::{Mistakes, meant, shown};
use crate::path::Use;
use crate::{path, peel, size};

const KEYS: [&str; 4] = ["name", "on_start_error", "large_responses", "crate"];
/// Arguments without a value, or with their values in brackets.
const WORDS: [&str; 4] = ["resources", "weather", "radar", "model"];

#[derive(Default)]
pub(crate) struct PluginArgs {
    pub(crate) name: Option<LitStr>,
    pub(crate) fail_on_start_error: bool,
    pub(crate) large_responses: Option<usize>,
    /// The path of the SDK.
    pub(crate) krate: Option<Path>,
    /// The types of resources that the plugin provides.
    pub(crate) resources: Vec<Type>,
    pub(crate) weather: Option<Expr>,
    pub(crate) radar: Option<Expr>,
    /// The paths that the SDK keeps.
    pub(crate) kept: Vec<LitStr>,
}

pub(crate) fn understand(tokens: TokenStream, mistakes: &mut Mistakes) -> PluginArgs {
    let mut understood = PluginArgs::default();
    let mut name = Once::new();
    let mut on_start_error = Once::new();
    let mut large_responses = Once::new();
    let mut krate = Once::new();
    for arg in args::of_tokens(tokens, mistakes).unwrap_or_default() {
        match arg {
            Arg::Pair(key, value) if key == "name" => {
                let text = args::string("name", &value, mistakes)
                    .filter(|text| check_name(text, mistakes));
                name.set(key, text, mistakes);
            }
            Arg::Pair(key, value) if key == "on_start_error" => {
                let text = args::string("on_start_error", &value, mistakes);
                let fail = text.and_then(|text| match text.value().as_str() {
                    "wait" => Some(false),
                    "fail" => Some(true),
                    _ => {
                        mistakes.at(&text, "`on_start_error` is \"wait\" or \"fail\"");
                        None
                    }
                });
                on_start_error.set(key, fail, mistakes);
            }
            Arg::Pair(key, value) if key == "large_responses" => {
                let text = args::string("large_responses", &value, mistakes);
                let bytes = text.and_then(|text| size::parse(&text, mistakes));
                large_responses.set(key, bytes, mistakes);
            }
            Arg::Pair(key, value) if key == "crate" => {
                let path = path_of(&value, mistakes);
                krate.set(key, path, mistakes);
            }
            Arg::Pair(key, value) if WORDS.contains(&key.to_string().as_str()) => {
                let value = shown(&value);
                let value = value.trim_matches(['[', ']', '(', ')', ' ']);
                let written = match key.to_string().as_str() {
                    "resources" | "model" => format!("{key}({value})"),
                    _ => key.to_string(),
                };
                mistakes.at(&key, format!("write `{written}`"));
            }
            Arg::Pair(key, _) => args::unknown(&key, "signalk_plugin", &KEYS, mistakes),
            Arg::Value(value) => understood.word(value, mistakes),
        }
    }
    understood.name = name.get();
    understood.fail_on_start_error = on_start_error.get().unwrap_or(false);
    understood.large_responses = large_responses.get();
    understood.krate = krate.get();
    understood
}

/// A path, or the text of one, as serde takes it.
fn path_of(value: &Expr, mistakes: &mut Mistakes) -> Option<Path> {
    let path = match value {
        Expr::Path(path) if path.qself.is_none() => Some(path.path.clone()),
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => text.parse_with(Path::parse_mod_style).ok(),
            _ => None,
        },
        _ => None,
    };
    if path.is_none() {
        mistakes.at(
            value,
            "`crate` is where the SDK is found: write `crate = path::to::signalk_plugin_sdk`",
        );
    }
    path
}

impl PluginArgs {
    fn word(&mut self, value: Expr, mistakes: &mut Mistakes) {
        let (word, call) = match &value {
            Expr::Call(call) => (shown(&call.func), Some(call)),
            other => (shown(other), None),
        };
        match (word.as_str(), call) {
            ("resources", Some(call)) if !call.args.is_empty() => self.resources(call, mistakes),
            ("resources", _) => {
                mistakes.at(&value, "which types does it provide? Write `resources(Route)`");
            }
            ("model", Some(call)) if !call.args.is_empty() => self.kept(call, mistakes),
            ("model", _) => mistakes
                .at(&value, "which paths are to be kept? Write `model(\"navigation.position\")`"),
            ("weather", None) => once(&mut self.weather, value, mistakes),
            ("radar", None) => once(&mut self.radar, value, mistakes),
            ("weather" | "radar", Some(_)) => {
                mistakes.at(&value, format!("the plugin itself is the provider: write `{word}`"));
            }
            _ if capability::ALL.iter().any(|it| it.key == word) => mistakes.at(
                &value,
                format!(
                    "`{word}` is granted by package.json: write `\"{word}\": true` in its `{}`",
                    package::CAPABILITIES
                ),
            ),
            _ => match meant(&word, &WORDS) {
                Some(meant) => {
                    mistakes.at(&value, format!("there is no `{word}`: write `{meant}`"));
                }
                None if matches!(value, Expr::Lit(_)) => {
                    mistakes.at(&value, format!("write `name = {word}`"));
                }
                None => {
                    let known = [&KEYS[..], &WORDS[..]].concat().join("`, `");
                    mistakes
                        .at(&value, format!("`#[signalk_plugin]` has no `{word}`, only `{known}`"));
                }
            },
        }
    }

    fn resources(&mut self, call: &ExprCall, mistakes: &mut Mistakes) {
        for arg in &call.args {
            let bare = peel::expression(arg.clone());
            let Ok(ty) = syn::parse2::<Type>(bare.to_token_stream()) else {
                mistakes.at(
                    arg,
                    "a type of resources is a Rust type: write `resources(Route, Waypoint)`",
                );
                continue;
            };
            if self.resources.iter().any(|known| shown(known) == shown(&ty)) {
                mistakes.at(arg, format!("`{}` is given twice: keep one", shown(arg)));
                continue;
            }
            self.resources.push(ty);
        }
    }

    fn kept(&mut self, call: &ExprCall, mistakes: &mut Mistakes) {
        for arg in &call.args {
            match peel::expression(arg.clone()) {
                Expr::Lit(literal) if matches!(literal.lit, Lit::Str(_)) => {
                    if let Lit::Str(text) = literal.lit {
                        path::check_path(&text, Use::Model, mistakes);
                        self.kept.push(text);
                    }
                }
                Expr::Array(list) => {
                    let paths: Vec<_> = list.elems.iter().map(shown).collect();
                    let paths = paths.join(", ");
                    mistakes.at(arg, format!("paths stand side by side: write `model({paths})`"));
                }
                other => {
                    let bare = args::without_quotes(&other);
                    let bare = bare.unwrap_or_else(|| "navigation.position".to_owned());
                    mistakes.at(arg, format!("a path is a text that is known when the plugin is compiled: write `model(\"{bare}\")`"));
                }
            }
        }
    }
}

fn once(slot: &mut Option<Expr>, value: Expr, mistakes: &mut Mistakes) {
    if slot.is_some() {
        let word = shown(&value);
        return mistakes.at(&value, format!("`{word}` is given twice: keep one"));
    }
    *slot = Some(value);
}

fn check_name(name: &LitStr, mistakes: &mut Mistakes) -> bool {
    const LONGEST: usize = 200;
    let length = name.value().len();
    if name.value().contains(path::is_unseen) {
        let seen = name.value().replace(path::is_unseen, "");
        mistakes
            .at(name, format!("the name holds a character that nobody can see: write \"{seen}\""));
    } else if name.value().trim().is_empty() {
        mistakes.at(name, "the name is empty: write what people should see in the server's list, or leave `name` out");
    } else if length > LONGEST {
        mistakes.at(name, format!("the name takes {length} bytes: write one of at most {LONGEST}"));
    } else {
        return true;
    }
    false
}
