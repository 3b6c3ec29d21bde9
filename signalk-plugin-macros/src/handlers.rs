//! From an `impl` block to the model, with all its mistakes noted.

use proc_macro2::Span;
use quote::{ToTokens, quote};
use signalk_plugin_contract::SELF_CONTEXT;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{
    Attribute, Expr, FnArg, Ident, ImplItem, ImplItemFn, ItemImpl, Lit, LitStr, Meta, Receiver,
    ReceiverKind, ReturnType, Type, parse_quote,
};

use crate::args::{self, Arg, Once};
use crate::mistakes::{Mistakes, meant, shown};
use crate::model::{DeltaHandler, Function, Model, Period, Start, Takes, TimerHandler};
use crate::path::Use;
use crate::plugin_args::PluginArgs;
use crate::sources::Sources;
use crate::{cfg, path, peel, period, requests};

const HANDLERS: [&str; 6] = ["delta", "every", "put", "get", "post", "delete"];

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

/// Understands the block; `None` where something is missing without which nothing can be written.
pub(crate) fn understand(
    args: PluginArgs,
    mut block: ItemImpl,
    mistakes: &mut Mistakes,
) -> Option<Model> {
    check_block(&block, mistakes);
    let mut starts: Vec<(Ident, Option<Start>)> = Vec::new();
    let mut stops = Vec::new();
    let mut migrates = Vec::new();
    let mut deltas = Vec::new();
    let mut timers = Vec::new();
    let mut puts = Vec::new();
    let mut endpoints = Vec::new();
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
        if name == "start" || name == "stop" || name == "migrate" {
            for attribute in &ours {
                mistakes.at(attribute, format!("`{name}` is called by the server itself and takes no such attribute: remove it"));
            }
            if name == "start" {
                starts.push((name, start(function, mistakes)));
            } else if name == "stop" {
                check_stop(function, mistakes);
                stops.push(function_of(function));
            } else {
                check_migrate(function, mistakes);
                migrates.push(function_of(function));
            }
            continue;
        }
        let Some((first, rest)) = ours.split_first() else {
            continue;
        };
        for second in rest {
            mistakes.at(
                second,
                "a function takes one such attribute: write a second function that calls this one",
            );
        }
        check_handler(function, mistakes);
        if first.path().is_ident("delta") {
            deltas.extend(delta_handler(first, function, mistakes));
        } else if first.path().is_ident("every") {
            timers.extend(timer_handler(first, function, mistakes));
        } else {
            match requests::understand(first, function, mistakes) {
                Some(requests::Handler::Put(put)) => puts.push(put),
                Some(requests::Handler::Http(endpoint)) => endpoints.push(endpoint),
                None => {}
            }
        }
    }
    requests::check_collisions(&puts, &endpoints, mistakes);
    let start = the_start(&block, starts, mistakes)?;
    check_alternatives("stop", &stops, mistakes);
    check_alternatives("migrate", &migrates, mistakes);
    if let (Some(migrate), None) = (migrates.first(), &start.config) {
        mistakes.at(&migrate.ident, "`migrate` makes the configuration for `start`, which takes none: write `fn start(config: Config) -> Result<Self>`");
    }
    Some(Model {
        plugin: peel::ty(&block.self_ty).clone(),
        krate: args.krate,
        name: args.name,
        fail_on_start_error: args.fail_on_start_error,
        start,
        stops,
        deltas,
        timers,
        puts,
        endpoints,
        large_responses: args.large_responses,
        migrates,
        resources: args.resources,
        weather: args.weather,
        radar: args.radar,
        kept: args.kept,
        block,
    })
}

/// Takes off the block what the compiler would complain of once more: our attributes, those that
/// were nearly ours, and a second function where there may be one.
pub(crate) fn strip(block: &mut ItemImpl) {
    let mut seen: Vec<(Ident, bool)> = Vec::new();
    block.items.retain_mut(|item| {
        let ImplItem::Fn(function) = item else {
            return true;
        };
        take_ours(function, &mut Mistakes::default());
        let name = function.sig.ident.unraw();
        let is_conditional = name != "start" && !cfg::of(&function.attrs).is_empty();
        if !["start", "stop", "migrate"].iter().any(|single| name == single) {
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

fn is_ours(attribute: &Attribute) -> bool {
    HANDLERS.iter().any(|name| attribute.path().is_ident(name))
}

fn take_ours(function: &mut ImplItemFn, mistakes: &mut Mistakes) -> Vec<Attribute> {
    let (ours, mut others): (Vec<_>, Vec<_>) =
        std::mem::take(&mut function.attrs).into_iter().partition(is_ours);
    others.retain_mut(|attribute| take_hidden(attribute, mistakes));
    others.retain(|attribute| {
        let Some(name) = attribute.path().get_ident().map(Ident::to_string) else {
            return true;
        };
        if BUILTIN.contains(&name.as_str()) {
            return true;
        }
        let Some(meant) = meant(&name, &HANDLERS) else {
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
    let is_ours = |meta: &Meta| HANDLERS.iter().any(|name| meta.path().is_ident(name));
    let hidden = cfg::hidden(attribute, is_ours);
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

fn check_block(block: &ItemImpl, mistakes: &mut Mistakes) {
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

fn the_start(
    block: &ItemImpl,
    starts: Vec<(Ident, Option<Start>)>,
    mistakes: &mut Mistakes,
) -> Option<Start> {
    let mut starts = starts.into_iter();
    let Some((_, start)) = starts.next() else {
        mistakes.at(
            &block.self_ty,
            "the plugin has no `start`: add `fn start(config: Config) -> Result<Self>`, or `fn start() -> Result<Self>` where there is nothing to configure",
        );
        return None;
    };
    // One that is wrong was told of.
    for (second, _) in starts.filter(|(_, understood)| understood.is_some()) {
        mistakes.at(&second, "a plugin has one `start`, and there is one above: keep one of them");
    }
    start
}

fn start(function: &ImplItemFn, mistakes: &mut Mistakes) -> Option<Start> {
    let signature = &function.sig;
    if let Some(receiver) = signature.receiver() {
        mistakes.at(receiver, "`start` makes the plugin, so there is no `self` yet: write `fn start(config: Config) -> Result<Self>`");
        return None;
    }
    check_plain(function, mistakes);
    if let Some(cfg) = cfg::of(&function.attrs).first() {
        mistakes.at(cfg, "the plugin always has a `start`: put what depends on a `cfg` into it");
        return None;
    }
    let mut inputs = signature.inputs.iter();
    let config = inputs.next().and_then(|input| match input {
        FnArg::Typed(typed) => Some(peel::ty(&typed.ty).clone()),
        _ => None,
    });
    if let Some(second) = inputs.next() {
        mistakes.at(
            second,
            "`start` takes the configuration and nothing else: put it all into one struct",
        );
        return None;
    }
    if let Some(reference @ Type::Reference(inner)) = &config {
        let owned = shown(&inner.elem);
        mistakes.at(reference, format!("`start` owns the configuration: write `{owned}`"));
        return None;
    }
    match &signature.output {
        ReturnType::Default => {
            let end = signature.paren_token.span.close();
            mistakes.at_span(end, "`start` makes the plugin: write `-> Result<Self>`");
            None
        }
        ReturnType::Type(_, output) => Some(Start { config, output: output.to_token_stream() }),
    }
}

fn check_stop(function: &ImplItemFn, mistakes: &mut Mistakes) {
    check_plain(function, mistakes);
    check_receiver(function, "stop", "fn stop(&mut self)", mistakes);
    if let Some(extra) = function.sig.inputs.iter().nth(1) {
        mistakes.at(extra, "`stop` takes nothing but `&mut self`: remove this");
    }
}

fn check_migrate(function: &ImplItemFn, mistakes: &mut Mistakes) {
    const SHOWN: &str = "fn migrate(saved: &Raw) -> Result<Option<Config>>";
    check_plain(function, mistakes);
    if let Some(receiver) = function.sig.receiver() {
        mistakes.at(
            receiver,
            format!("`migrate` comes before `start`, so there is no `self` yet: write `{SHOWN}`"),
        );
        return;
    }
    match parameters(function).as_slice() {
        [Type::Reference(reference)]
            if !is_str(&reference.elem) && !matches!(function.sig.output, ReturnType::Default) => {}
        _ => mistakes.at(
            &function.sig.ident,
            format!("`migrate` turns what was saved into today's configuration: write `{SHOWN}`"),
        ),
    }
}

fn check_handler(function: &ImplItemFn, mistakes: &mut Mistakes) {
    check_plain(function, mistakes);
    let name = function.sig.ident.to_string();
    let signature = match function.sig.inputs.iter().find(|input| matches!(input, FnArg::Typed(_)))
    {
        Some(input) => format!("fn {name}(&mut self, {})", shown(input)),
        None => format!("fn {name}(&mut self)"),
    };
    check_receiver(function, &name, &signature, mistakes);
}

fn check_plain(function: &ImplItemFn, mistakes: &mut Mistakes) {
    let signature = &function.sig;
    let name = &signature.ident;
    if let Some(token) = &signature.asyncness {
        mistakes.at(
            token,
            format!("the server calls `{name}` and waits for it to return: remove `async`"),
        );
    }
    if !signature.generics.params.is_empty() {
        mistakes.at(&signature.generics, format!("`{name}` is called by the server, which chooses no types: remove the generic parameters"));
    }
    if let syn::Safety::Unsafe(token) = &signature.safety {
        mistakes.at(
            token,
            format!("`{name}` is called by the server, which promises nothing: remove `unsafe`"),
        );
    }
    for input in &signature.inputs {
        let (FnArg::Typed(syn::PatType { attrs, .. }) | FnArg::Receiver(Receiver { attrs, .. })) =
            input;
        let of_build = |attribute: &&Attribute| {
            attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr")
        };
        if let Some(attribute) = attrs.iter().find(of_build) {
            mistakes.at(attribute, format!("the server calls `{name}` with the same parameters in every build: remove this, or write two functions, each under a `#[cfg(…)]`"));
        }
    }
    if let Some(abi) = &signature.abi {
        mistakes.at(
            abi,
            "plain Rust is what is asked for: remove this, the exports are written for you",
        );
    }
}

fn check_receiver(function: &ImplItemFn, name: &str, shown: &str, mistakes: &mut Mistakes) {
    match function.sig.receiver() {
        None => mistakes
            .at(&function.sig.ident, format!("`{name}` works on the plugin: write `{shown}`")),
        Some(receiver) if is_borrowed(receiver) => {}
        Some(receiver) => {
            mistakes.at(receiver, format!("the plugin lives on after `{name}`: write `{shown}`"))
        }
    }
}

fn is_borrowed(receiver: &Receiver) -> bool {
    match &receiver.kind {
        ReceiverKind::Typed(_, ty) => matches!(peel::ty(ty), Type::Reference(_)),
        kind => matches!(kind, ReceiverKind::Reference(..)),
    }
}

pub(crate) fn function_of(function: &ImplItemFn) -> Function {
    Function {
        ident: function.sig.ident.clone(),
        cfgs: cfg::of(&function.attrs),
        output: match &function.sig.output {
            ReturnType::Type(_, output) => output.to_token_stream(),
            _ => quote!(()),
        },
    }
}

/// The parameters behind `self`.
pub(crate) fn parameters(function: &ImplItemFn) -> Vec<&Type> {
    let typed = function.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(peel::ty(&typed.ty)),
        _ => None,
    });
    typed.collect()
}

fn delta_handler(
    attribute: &Attribute,
    function: &ImplItemFn,
    mistakes: &mut Mistakes,
) -> Option<DeltaHandler> {
    const KEYS: [&str; 4] = ["context", "echo", "source", "all_sources"];
    let mut paths = Vec::new();
    let mut context = Once::new();
    let mut echo = Once::new();
    let mut sources = Sources::new();
    for arg in args::of_attribute(attribute, mistakes)? {
        match arg {
            Arg::Value(Expr::Lit(literal)) if matches!(literal.lit, Lit::Str(_)) => {
                if let Lit::Str(text) = literal.lit {
                    path::check_path(&text, Use::Delta, mistakes);
                    paths.push(text);
                }
            }
            Arg::Value(value) if shown(&value) == "all_sources" => {
                mistakes.at(&value, "write `all_sources = true`");
                return None;
            }
            Arg::Value(value) => {
                let message = match args::without_quotes(&value) {
                    Some(bare) => format!("a path is a text: write `#[delta(\"{bare}\")]`"),
                    None => "a path is a text that is known when the plugin is compiled: write `#[delta(\"navigation.position\")]`, or one with a star, as in `#[delta(\"tanks.*\")]`, and choose by the `path` of a second parameter `&Origin`".to_owned(),
                };
                mistakes.at(&value, message);
                return None;
            }
            Arg::Pair(key, value) if key == "context" => {
                let text = args::string("context", &value, mistakes);
                if let Some(text) = &text {
                    path::check_context(text, mistakes);
                }
                context.set(key, text, mistakes);
            }
            Arg::Pair(key, value) if key == "echo" => {
                let value = args::boolean("echo", &value, mistakes);
                echo.set(key, value, mistakes);
            }
            Arg::Pair(key, value) if key == "source" => sources.named(key, value, mistakes),
            Arg::Pair(key, value) if key == "all_sources" => sources.all(key, &value, mistakes),
            Arg::Pair(key, _) => args::unknown(&key, "delta", &KEYS, mistakes),
        }
    }
    let takes = takes(attribute, paths, function, mistakes)?;
    let source = sources.of(&takes, mistakes);
    Some(DeltaHandler {
        function: function_of(function),
        context: context.get().filter(|context| context.value() != SELF_CONTEXT),
        echo: echo.get().is_some_and(|echo| echo.value),
        source,
        takes,
    })
}

fn takes(
    attribute: &Attribute,
    paths: Vec<LitStr>,
    function: &ImplItemFn,
    mistakes: &mut Mistakes,
) -> Option<Takes> {
    let name = &function.sig.ident;
    let parameters = parameters(function);
    if paths.is_empty() {
        return match parameters.as_slice() {
            [Type::Reference(reference)] if is_str(&reference.elem) => Some(Takes::Text),
            [Type::Reference(_)] => Some(Takes::Delta),
            _ => {
                mistakes.at(
                    attribute,
                    format!("without a path this takes whole deltas: write `fn {name}(&mut self, delta: &Delta)`, or `&str` for the JSON text; or name a path, as in `#[delta(\"navigation.position\")]`"),
                );
                None
            }
        };
    }
    match parameters.as_slice() {
        [] => {
            mistakes.at(&function.sig.ident, format!("`{name}` has no parameter for the value: write `fn {name}(&mut self, value: Option<f64>)`, or whatever type the path has"));
            None
        }
        [_, _, third, ..] => {
            mistakes.at(third, format!("`{name}` gets the value and, where it wants it, `&Origin`, which has path, source and time: remove this"));
            None
        }
        [Type::Reference(reference), ..] => {
            let owned =
                if is_str(&reference.elem) { "String".to_owned() } else { shown(&reference.elem) };
            mistakes.at(reference, format!("`{name}` owns its value: write `Option<{owned}>`"));
            None
        }
        [value] => Some(Takes::Values { paths, value: Box::new((*value).clone()), origin: false }),
        [value, second] => {
            if !matches!(second, Type::Reference(_)) {
                mistakes.at(
                    second,
                    "the second parameter says where the value came from: write `&Origin`",
                );
                return None;
            }
            Some(Takes::Values { paths, value: Box::new((*value).clone()), origin: true })
        }
    }
}

fn is_str(ty: &Type) -> bool {
    matches!(peel::ty(ty), Type::Path(path) if path.path.is_ident("str"))
}

fn timer_handler(
    attribute: &Attribute,
    function: &ImplItemFn,
    mistakes: &mut Mistakes,
) -> Option<TimerHandler> {
    let name = &function.sig.ident;
    if let Some(extra) = parameters(function).first() {
        mistakes.at(extra, format!("time brings no value: write `fn {name}(&mut self)`"));
    }
    let mut period = None;
    for (index, arg) in args::of_attribute(attribute, mistakes)?.into_iter().enumerate() {
        match arg {
            Arg::Pair(key, _) => args::unknown(&key, "every", &[], mistakes),
            Arg::Value(extra) if index > 0 => {
                mistakes.at(&extra, "`#[every]` takes one period: remove this");
            }
            Arg::Value(Expr::Lit(literal)) => match literal.lit {
                Lit::Str(text) => period = period::parse(&text, mistakes).map(Period::Literal),
                other => {
                    let bare = shown(&other);
                    mistakes
                        .at(&other, format!("a period has a unit: write `#[every(\"{bare}s\")]`"));
                }
            },
            Arg::Value(expression) => period = Some(Period::Expression(Box::new(expression))),
        }
        if index == 0 && period.is_none() {
            return None;
        }
    }
    if period.is_none() {
        mistakes.at_span(attribute_span(attribute), format!("how often is `{name}` to run? Write `#[every(\"10s\")]`, or an expression of `self` that gives a `Duration`"));
    }
    Some(TimerHandler { function: function_of(function), period: period? })
}

fn attribute_span(attribute: &Attribute) -> Span {
    attribute.meta.span()
}
