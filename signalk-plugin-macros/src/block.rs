//! The `impl` block, with all its mistakes noted.

use syn::ext::IdentExt;
use syn::{Attribute, Ident, ImplItem, ImplItemFn, ItemImpl, Meta, Type, parse_quote};

use crate::mistakes::{Mistakes, shown};
use crate::plugin::Plugin;
use crate::request::Asked;
use crate::signature::{Function, check_handler};
use crate::start::{self, Start};
use crate::{cfg, delta, every, http, migrate, peel, put, settled, stop};
use signalk_plugin_contract::spelling::nearest;

/// An `impl` block that has been understood.
pub(crate) struct Block {
    /// The block without our attributes.
    pub(crate) block: ItemImpl,
    pub(crate) plugin: Plugin,
    pub(crate) start: Start,
    /// None, one, or one for each of several builds.
    pub(crate) stops: Vec<Function>,
    /// None, one, or one for each of several builds.
    pub(crate) migrates: Vec<Function>,
    pub(crate) handlers: Handlers,
}

/// The functions with an attribute.
#[derive(Default)]
pub(crate) struct Handlers {
    pub(crate) deltas: Vec<delta::Handler>,
    pub(crate) settled: Vec<settled::Handler>,
    pub(crate) timers: Vec<every::Handler>,
    pub(crate) puts: Vec<put::Handler>,
    pub(crate) endpoints: Vec<http::Handler>,
}

/// Understands a function with an attribute of ours.
type Understand = fn(&mut Handlers, &Attribute, &ImplItemFn, &mut Mistakes);

/// The attributes of functions.
const ATTRIBUTES: [(&str, Understand); 7] = [
    ("delta", |handlers, attribute, function, mistakes| {
        handlers.deltas.extend(delta::understand(attribute, function, mistakes));
    }),
    ("settled", |handlers, attribute, function, mistakes| {
        handlers.settled.extend(settled::understand(attribute, function, mistakes));
    }),
    ("every", |handlers, attribute, function, mistakes| {
        handlers.timers.extend(every::understand(attribute, function, mistakes));
    }),
    ("put", |handlers, attribute, function, mistakes| match Asked::of(attribute, mistakes) {
        Some(asked) if !asked.is_http() => {
            handlers.puts.extend(put::understand(asked, function, mistakes));
        }
        asked => handlers
            .endpoints
            .extend(asked.and_then(|asked| http::understand(asked, function, mistakes))),
    }),
    ("get", Handlers::http),
    ("post", Handlers::http),
    ("delete", Handlers::http),
];

impl Handlers {
    fn http(&mut self, attribute: &Attribute, function: &ImplItemFn, mistakes: &mut Mistakes) {
        let asked = Asked::of(attribute, mistakes);
        self.endpoints.extend(asked.and_then(|it| http::understand(it, function, mistakes)));
    }
}

/// Functions that the server calls by their names.
const NAMED: [&str; 3] = ["start", "stop", "migrate"];

/// Attributes of the language, never taken for a misspelt one of ours.
const BUILTIN: [&str; 14] = [
    "allow",
    "cfg",
    "cfg_attr",
    "cold",
    "deny",
    "deprecated",
    "doc",
    "expect",
    "forbid",
    "inline",
    "must_use",
    "test",
    "track_caller",
    "warn",
];

/// Understands the block; `None` if something is missing without which nothing can be written.
pub(crate) fn understand(
    plugin: Plugin,
    mut block: ItemImpl,
    mistakes: &mut Mistakes,
) -> Option<Block> {
    check(&block, mistakes);
    let mut starts: Vec<(Ident, Option<Start>)> = Vec::new();
    let (mut stops, mut migrates) = (Vec::new(), Vec::new());
    let mut handlers = Handlers::default();
    for item in &mut block.items {
        let function = match item {
            ImplItem::Fn(function) => function,
            ImplItem::Macro(call) => {
                mistakes.at(&call.mac.path, "functions that a macro writes are not seen here, so the server would never call them: write them out, or call the macro in another `impl` block");
                continue;
            }
            _ => continue,
        };
        let ours = take_ours(function, mistakes);
        let name = function.sig.ident.unraw();
        if NAMED.iter().any(|named| name == named) {
            for attribute in &ours {
                mistakes.at(attribute, format!("`{name}` is called by the server itself and takes no such attribute: remove it"));
            }
        }
        if name == "start" {
            starts.push((name, start::understand(function, mistakes)));
        } else if name == "stop" {
            stops.push(stop::understand(function, mistakes));
        } else if name == "migrate" {
            migrates.push(migrate::understand(function, mistakes));
        } else {
            handler(&mut handlers, &ours, function, mistakes);
        }
    }
    put::check_collisions(&handlers.puts, mistakes);
    http::check_collisions(&handlers.endpoints, mistakes);
    let takes_values = !handlers.deltas.is_empty() || !plugin.kept.is_empty();
    settled::check_values(&handlers.settled, takes_values, mistakes);
    let start = start::only(&block, starts, mistakes)?;
    check_alternatives("stop", &stops, mistakes);
    check_alternatives("migrate", &migrates, mistakes);
    if let (Some(migrate), None) = (migrates.first(), &start.config) {
        mistakes.at(&migrate.ident, "`migrate` makes the configuration for `start`, which takes none: write `fn start(config: Config) -> Result<Self>`");
    }
    Some(Block { block, plugin, start, stops, migrates, handlers })
}

fn handler(
    handlers: &mut Handlers,
    ours: &[Attribute],
    function: &ImplItemFn,
    mistakes: &mut Mistakes,
) {
    let Some((first, rest)) = ours.split_first() else {
        return;
    };
    for second in rest {
        mistakes.at(
            second,
            "a function takes one such attribute: write a second function that calls this one",
        );
    }
    check_handler(function, mistakes);
    if let Some((_, understand)) = ATTRIBUTES.iter().find(|(name, _)| first.path().is_ident(name)) {
        understand(handlers, first, function, mistakes);
    }
}

/// Takes off the block what the compiler would complain of once more: our attributes, those that
/// were nearly ours, and a second function if there may be one.
pub(crate) fn strip(block: &mut ItemImpl) {
    let mut seen: Vec<(Ident, bool)> = Vec::new();
    block.items.retain_mut(|item| {
        let ImplItem::Fn(function) = item else {
            return true;
        };
        take_ours(function, &mut Mistakes::default());
        let name = function.sig.ident.unraw();
        let is_conditional = name != "start" && !cfg::of(&function.attrs).is_empty();
        if !NAMED.iter().any(|named| name == named) {
            return true;
        }
        let is_another = seen.iter().any(|(other, is)| *other == name && !(*is && is_conditional));
        seen.push((name, is_conditional));
        !is_another
    });
}

/// Two functions of one name are for two builds. One of them that is always there leaves no place for
/// another.
fn check_alternatives(name: &str, functions: &[Function], mistakes: &mut Mistakes) {
    for (index, second) in functions.iter().enumerate() {
        let is_always = |function: &&Function| function.cfgs.is_empty();
        let before = functions.get(..index).unwrap_or_default();
        if !before.is_empty() && (is_always(&second) || before.iter().any(|it| is_always(&it))) {
            mistakes.at(&second.ident, format!("a plugin has one `{name}`, and there is one above: keep one of them, or put a `#[cfg(…)]` on each so that no build has both"));
        }
    }
}

fn is_ours(path: &syn::Path) -> bool {
    ATTRIBUTES.iter().any(|(name, _)| path.is_ident(name))
}

fn take_ours(function: &mut ImplItemFn, mistakes: &mut Mistakes) -> Vec<Attribute> {
    let all = std::mem::take(&mut function.attrs).into_iter();
    let (ours, mut others): (Vec<_>, Vec<_>) = all.partition(|it| is_ours(it.path()));
    others.retain_mut(|attribute| take_hidden(attribute, mistakes));
    others.retain(|attribute| {
        let Some(name) = attribute.path().get_ident().map(Ident::to_string) else {
            return true;
        };
        if BUILTIN.contains(&name.as_str()) {
            return true;
        }
        let Some(meant) = nearest(&name, ATTRIBUTES.map(|(name, _)| name)) else {
            return true;
        };
        mistakes.at(attribute, format!("there is no `#[{name}]`: write `#[{meant}(…)]`"));
        false
    });
    function.attrs = others;
    ours
}

/// Takes what is ours out of a `#[cfg_attr(…)]`, where it cannot be; whether anything is left.
fn take_hidden(attribute: &mut Attribute, mistakes: &mut Mistakes) -> bool {
    let hidden = cfg::hidden(attribute, |meta: &Meta| is_ours(meta.path()));
    for (conditions, meta) in &hidden {
        let condition = match conditions.as_slice() {
            [condition] => shown(condition),
            several => format!("all({})", several.iter().map(shown).collect::<Vec<_>>().join(", ")),
        };
        let (name, meta) = (shown(meta.path()), shown(meta));
        mistakes.at(&*attribute, format!("`{name}` does not count inside of `cfg_attr`: write a second function with `#[cfg({condition})]` and `#[{meta}]`, which calls this one"));
    }
    if hidden.is_empty() {
        return true;
    }
    // What else is in it may be needed.
    let cfgs = cfg::of(std::slice::from_ref(attribute));
    let Some(Attribute { meta, .. }) = cfgs.into_iter().next() else {
        return false;
    };
    *attribute = parse_quote!(#[#meta]);
    true
}

fn check(block: &ItemImpl, mistakes: &mut Mistakes) {
    if let Some((name, _)) = &block.trait_ {
        mistakes.at(
            name,
            "write `#[signalk_plugin]` on the type's own `impl` block, not on that of a trait",
        );
    }
    if !block.generics.params.is_empty() {
        mistakes.at(
            &block.generics,
            "a plugin has no generic parameters: write the types that it is to run with",
        );
    }
    if let Some(token) = &block.unsafety {
        mistakes.at(token, "remove `unsafe`");
    }
    let is_path = matches!(peel::ty(&block.self_ty), Type::Path(path) if path.qself.is_none());
    if !is_path {
        mistakes.at(&block.self_ty, "a plugin is a struct or an enum of your own");
    }
}
