//! The arguments of `#[signalk_plugin(…)]` itself.

use proc_macro2::TokenStream;
use quote::ToTokens;
use signalk_plugin_contract::{ANSWER_BUFFER, capability, package};
use syn::{Expr, Ident, Lit, LitStr, Path, Type};

use crate::arguments::Arguments;
use crate::mistakes::{Mistakes, shown};
use crate::model::{self, Kept};
use crate::path;
use crate::peel;
use signalk_plugin_contract::spelling::nearest;

const NAME: &str = "signalk_plugin";

#[derive(Default)]
pub(crate) struct Plugin {
    pub(crate) name: Option<LitStr>,
    pub(crate) fail_on_start_error: bool,
    /// How many bytes an answer may have, if that is more than the host's buffer holds.
    pub(crate) response_buffer: Option<usize>,
    /// The path of the SDK, if the author gives one.
    pub(crate) krate: Option<Path>,
    /// The types of resources that the plugin provides.
    pub(crate) resources: Vec<Type>,
    /// The word itself, for its span.
    pub(crate) weather: Option<Expr>,
    /// The word itself, for its span.
    pub(crate) radar: Option<Expr>,
    /// The paths that the SDK keeps.
    pub(crate) kept: Kept,
}

/// An argument that is no `key = value`.
struct Word {
    name: &'static str,
    takes: Takes,
}

enum Takes {
    /// Nothing: what is noted is the word.
    Nothing(fn(&mut Plugin) -> &mut Option<Expr>),
    /// Values in brackets. Without any, the author is asked for them.
    Values { ask: &'static str, all: fn(&mut Plugin, &Expr, Vec<Expr>, &mut Mistakes) },
}

const WORDS: [Word; 4] = [
    Word {
        name: "resources",
        takes: Takes::Values {
            ask: "which types does it provide? Write `resources(Route)`",
            all: |plugin, _, types, mistakes| {
                types.iter().for_each(|ty| plugin.resource(ty, mistakes));
            },
        },
    },
    Word { name: "weather", takes: Takes::Nothing(|plugin| &mut plugin.weather) },
    Word { name: "radar", takes: Takes::Nothing(|plugin| &mut plugin.radar) },
    Word {
        name: "model",
        takes: Takes::Values {
            ask: model::ASK,
            all: |plugin, word, arguments, mistakes| plugin.kept.add(word, arguments, mistakes),
        },
    },
];

pub(crate) fn understand(tokens: TokenStream, mistakes: &mut Mistakes) -> Plugin {
    let mut plugin = Plugin::default();
    let Some(mut arguments) = Arguments::of_tokens(NAME, tokens, mistakes) else {
        return plugin;
    };
    for word in &WORDS {
        for pair in arguments.stray(word.name) {
            word.with_equals(&pair, mistakes);
        }
    }
    plugin.name = arguments.string("name", mistakes).filter(|name| check_name(name, mistakes));
    plugin.fail_on_start_error =
        arguments.string("on_start_error", mistakes).is_some_and(|text| fails(&text, mistakes));
    plugin.response_buffer =
        arguments.string("response_buffer", mistakes).and_then(|text| size(&text, mistakes));
    plugin.krate =
        arguments.pair("crate", mistakes).and_then(|(_, value)| path_of(&value, mistakes));
    for value in arguments.values() {
        plugin.word(value, arguments.known(), mistakes);
    }
    if let Some(word) = &plugin.radar {
        check_radar(word, cfg!(feature = "unstable-radar"), mistakes);
    }
    arguments.end(mistakes);
    plugin
}

/// Refuses `radar` where the SDK has it not switched on.
fn check_radar(word: &Expr, is_on: bool, mistakes: &mut Mistakes) {
    if !is_on {
        mistakes.at(
            word,
            "the server's radar API is not stable, so `radar` is a feature of the SDK: write \
             `signalk-plugin-sdk = { …, features = [\"unstable-radar\"] }` in Cargo.toml",
        );
    }
}

fn fails(text: &LitStr, mistakes: &mut Mistakes) -> bool {
    let text_value = text.value();
    if !["wait", "fail"].contains(&&*text_value) {
        mistakes.at(text, "`on_start_error` is \"wait\" or \"fail\"");
    }
    text_value == "fail"
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

impl Word {
    /// Tells of `word = …`.
    fn with_equals(&self, (key, value): &(Ident, Expr), mistakes: &mut Mistakes) {
        let written = match self.takes {
            Takes::Values { .. } => {
                let value = shown(value);
                format!("{key}({})", value.trim_matches(['[', ']', '(', ')', ' ']))
            }
            Takes::Nothing(_) => key.to_string(),
        };
        mistakes.at(key, format!("write `{written}`"));
    }
}

impl Plugin {
    fn word(&mut self, value: Expr, keys: &[&str], mistakes: &mut Mistakes) {
        let (word, values) = match &value {
            Expr::Call(call) => (shown(&call.func), Some(&call.args)),
            other => (shown(other), None),
        };
        let Some(known) = WORDS.iter().find(|known| known.name == word) else {
            return unknown(&value, &word, keys, mistakes);
        };
        match (&known.takes, values) {
            (Takes::Values { all, .. }, Some(values)) if !values.is_empty() => {
                let values = values.iter().cloned().collect();
                all(self, &value, values, mistakes);
            }
            (Takes::Values { ask, .. }, _) => mistakes.at(&value, ask),
            (Takes::Nothing(_), Some(_)) => {
                mistakes.at(&value, format!("the plugin itself is the provider: write `{word}`"))
            }
            (Takes::Nothing(slot), None) => match slot(self) {
                Some(_) => mistakes.at(&value, format!("`{word}` is given twice: keep one")),
                slot => *slot = Some(value),
            },
        }
    }

    fn resource(&mut self, arg: &Expr, mistakes: &mut Mistakes) {
        let bare = peel::expression(arg.clone());
        let Ok(ty) = syn::parse2::<Type>(bare.to_token_stream()) else {
            mistakes
                .at(arg, "a type of resources is a Rust type: write `resources(Route, Waypoint)`");
            return;
        };
        if self.resources.iter().any(|known| shown(known) == shown(&ty)) {
            mistakes.at(arg, format!("`{}` is given twice: keep one", shown(arg)));
            return;
        }
        self.resources.push(ty);
    }
}

/// Tells of a word that the attribute does not have.
fn unknown(value: &Expr, word: &str, keys: &[&str], mistakes: &mut Mistakes) {
    let words = WORDS.map(|word| word.name);
    let message = if capability::ALL.iter().any(|it| it.key == word) {
        format!(
            "`{word}` is granted by package.json: write `\"{word}\": true` in its `{}`",
            package::CAPABILITIES
        )
    } else if let Some(meant) = nearest(word, words.iter().copied()) {
        format!("there is no `{word}`: write `{meant}`")
    } else if matches!(value, Expr::Lit(_)) {
        format!("write `name = {word}`")
    } else {
        let known = [keys, &words].concat().join("`, `");
        format!("`#[{NAME}]` has no `{word}`, only `{known}`")
    };
    mistakes.at(value, message);
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

/// Reads a number of bytes such as `"8 MiB"`.
fn size(literal: &LitStr, mistakes: &mut Mistakes) -> Option<usize> {
    /// More would take a large part of the memory that wasm has.
    const MOST: usize = 64 << 20;
    let text = literal.value();
    let (number, unit) =
        text.split_at(text.find(|char: char| !char.is_ascii_digit()).unwrap_or(text.len()));
    let unit = match unit.trim() {
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "kB" => 1_000,
        "MB" => 1_000_000,
        _ => 0,
    };
    let size = number.parse::<usize>().ok().and_then(|number| number.checked_mul(unit));
    let message = match size {
        Some(size) if size > MOST => {
            format!("\"{text}\" is too much: write \"64 MiB\" or less")
        }
        Some(size) if size <= ANSWER_BUFFER && size > 0 => format!(
            "the server's buffer holds {ANSWER_BUFFER} bytes without it: write more, or remove it"
        ),
        Some(size) if size > 0 => return Some(size),
        _ => format!("\"{text}\" is no size: write a number and a unit, as in \"8 MiB\""),
    };
    mistakes.at(literal, message);
    None
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn a_radar_without_its_feature_is_told_what_to_write_in_cargo_toml() {
        let errors = |is_on| {
            let mut mistakes = Mistakes::default();
            check_radar(&parse_quote!(radar), is_on, &mut mistakes);
            mistakes.into_compile_errors().map(|errors| errors.to_string())
        };
        assert!(errors(false).is_some_and(|text| text.contains("unstable-radar")));
        assert_eq!(errors(true), None);
    }
}
