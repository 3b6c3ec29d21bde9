//! Handlers of requests: `#[put("path")]` for the data model, and HTTP by paths that begin with `/`.

use quote::ToTokens;
use signalk_plugin_contract::{SELF_CONTEXT, TEXT_BUFFER, endpoint};
use syn::{Attribute, Expr, ImplItemFn, Lit, LitStr, Type};

use crate::args::{self, Arg, Once};
use crate::handlers::{function_of, parameters};
use crate::mistakes::{Mistakes, shown};
use crate::model::{Endpoint, Function, Parameter, PutHandler};
use crate::path::{self, Use};
use crate::peel;

/// What a request handler turned out to be.
pub(crate) enum Handler {
    Put(PutHandler),
    Http(Endpoint),
}

pub(crate) fn understand(
    attribute: &Attribute,
    function: &ImplItemFn,
    mistakes: &mut Mistakes,
) -> Option<Handler> {
    const KEYS: [&str; 1] = ["context"];
    let name = attribute.path().to_token_stream().to_string();
    let mut path: Option<LitStr> = None;
    let mut context = Once::new();
    for arg in args::of_attribute(attribute, mistakes)? {
        match arg {
            Arg::Value(Expr::Lit(literal))
                if matches!(literal.lit, Lit::Str(_)) && path.is_none() =>
            {
                if let Lit::Str(text) = literal.lit {
                    path = Some(text);
                }
            }
            Arg::Value(value) if path.is_some() => {
                mistakes.at(
                    &value,
                    format!("`#[{name}]` takes one path: write a second function for another"),
                );
                return None;
            }
            Arg::Value(value) => {
                mistakes.at(&value, no_text(&name, &value));
                return None;
            }
            Arg::Pair(key, value) if key == "context" => {
                let text = args::string("context", &value, mistakes);
                context.set(key, text, mistakes);
            }
            Arg::Pair(key, _) => args::unknown(&key, &name, &KEYS, mistakes),
        }
    }
    let Some(path) = path else {
        let example = if name == "put" { "navigation.anchor.position" } else { "/api/status" };
        mistakes
            .at(attribute, format!("`#[{name}]` needs a path: write `#[{name}(\"{example}\")]`"));
        return None;
    };
    let context: Option<LitStr> = context.get();
    if name == "put" && !path.value().starts_with('/') {
        return put(path, context, function, mistakes).map(Handler::Put);
    }
    if let Some(context) = context {
        mistakes.at(&context, "a context belongs to paths of the data model: remove it");
        return None;
    }
    http(&name, path, function, mistakes).map(Handler::Http)
}

/// Tells of a path that is no text.
fn no_text(name: &str, value: &Expr) -> String {
    if let Some(bare) = args::without_quotes(value) {
        return format!("a path is a text: write `#[{name}(\"{bare}\")]`");
    }
    if name == "put" {
        return "a path is a text that is known when the plugin is compiled, for the server is told of it before there is a plugin: write `#[put(\"navigation.anchor.position\")]`, and a function for each path".to_owned();
    }
    format!(
        "a path is a text that is known when the plugin is compiled: write `#[{name}(\"/api/status\")]`, with `:name` for a part that varies, as in `#[{name}(\"/api/item/:id\")]`"
    )
}

fn put(
    path: LitStr,
    context: Option<LitStr>,
    function: &ImplItemFn,
    mistakes: &mut Mistakes,
) -> Option<PutHandler> {
    if !path::check_path(&path, Use::Put, mistakes) {
        return None;
    }
    let name = &function.sig.ident;
    if path.value().contains('*') {
        mistakes.at(&path, "a PUT handler is for one path: write it without a star");
        return None;
    }
    let context = match context {
        None => SELF_CONTEXT.to_owned(),
        Some(context) if context.value().contains('*') => {
            mistakes.at(&context, "a PUT handler is for one context: write it without a star, or leave it out for the own ship");
            return None;
        }
        Some(context) => {
            path::check_context(&context, mistakes);
            context.value()
        }
    };
    match parameters(function).as_slice() {
        [reference @ Type::Reference(inner)] => {
            let owned = if shown(peel::ty(&inner.elem)) == "str" {
                "String".to_owned()
            } else {
                shown(&inner.elem)
            };
            mistakes.at(reference, format!("`{name}` owns its value: write `{owned}`"));
            None
        }
        [value] => Some(PutHandler {
            function: function_of(function),
            context,
            path,
            value: Box::new((*value).clone()),
        }),
        [] => {
            mistakes.at(name, format!("`{name}` has no parameter for the value: write `fn {name}(&mut self, value: f64)`, or whatever type the path has"));
            None
        }
        [_, second, ..] => {
            mistakes.at(second, format!("`{name}` gets the value and nothing else: remove this"));
            None
        }
    }
}

fn http(
    name: &str,
    path: LitStr,
    function: &ImplItemFn,
    mistakes: &mut Mistakes,
) -> Option<Endpoint> {
    let method = match name {
        "get" => "GET",
        "post" => "POST",
        "delete" => "DELETE",
        _ => "PUT",
    };
    check_http_path(method, &path, mistakes);
    let parameters = parameters(function).into_iter().map(|parameter| match parameter {
        Type::Reference(reference) => {
            if !is_request(&reference.elem) {
                mistakes.at(reference, "a handler of HTTP takes `Json<…>`, `Query<…>`, `Path<…>` or `&Request`: write one of these");
            }
            Parameter::Request
        }
        other => Parameter::Extracted(Box::new(other.clone())),
    });
    let parameters = parameters.collect();
    Some(Endpoint { function: function_of(function), method, path, parameters })
}

fn is_request(ty: &Type) -> bool {
    matches!(peel::ty(ty), Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Request"))
}

/// A path as Express compares it: in any case, and whatever the parts that vary are called.
fn as_express_has_it(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with(':') { ":" } else { part });
    parts.collect::<Vec<_>>().join("/").to_ascii_lowercase()
}

/// What Express understands and the server leaves to plugins. One path that it does not understand
/// would take away those behind it.
fn check_http_path(method: &str, literal: &LitStr, mistakes: &mut Mistakes) {
    let path = literal.value();
    let Some(rest) = path.strip_prefix('/') else {
        mistakes.at(literal, format!("a path of HTTP begins with a slash: write \"/{path}\""));
        return;
    };
    if endpoint::reserved(method, &path).is_some() {
        mistakes.at(
            literal,
            format!("the server itself answers {method} {path}: write \"/api{path}\""),
        );
        return;
    }
    if let Some(resolved) = resolved(&path) {
        mistakes.at(
            literal,
            format!("no request arrives with `.` or `..` in its path, for clients leave them out: write \"{resolved}\""),
        );
        return;
    }
    if let Some(bare) = path.strip_suffix('/').filter(|bare| !bare.is_empty()) {
        let bare = bare.trim_end_matches('/');
        mistakes.at(literal, format!("a slash at the end says nothing: write \"{bare}\""));
        return;
    }
    if let Some(name) = name_given_twice(rest) {
        mistakes.at(
            literal,
            format!("two parts are called `:{name}`, and only the last would be known: give each its own name"),
        );
        return;
    }
    let is_fine = |part: &str| {
        let name = part.strip_prefix(':').unwrap_or(part);
        let is_allowed = |char: char| {
            char.is_ascii_alphanumeric() || char == '_' || (name == part && "-.~".contains(char))
        };
        !name.is_empty() && name.chars().all(is_allowed)
    };
    if let Some(part) = rest.split('/').find(|part| !is_fine(part)) {
        mistakes.at(literal, format!("\"{part}\" is no part of a path: write letters, digits, `-`, `.` and `_`, or `:name` for a part that varies"));
    }
}

/// The path that a client makes of one with `.` and `..`; `None` where there are none.
fn resolved(path: &str) -> Option<String> {
    let is_dots = |part: &&str| matches!(*part, "." | "..");
    path.split('/').find(is_dots)?;
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    Some(["/", &*parts.join("/")].concat())
}

fn name_given_twice(path: &str) -> Option<&str> {
    let mut names: Vec<_> = path.split('/').filter_map(|part| part.strip_prefix(':')).collect();
    names.sort_unstable();
    let at = names.windows(2).position(|pair| pair.first() == pair.last())?;
    names.get(at).copied()
}

/// Whether there may never be both: the compiler tells where there are.
fn may_be_alternatives(first: &Function, second: &Function) -> bool {
    !first.cfgs.is_empty() && !second.cfgs.is_empty()
}

/// Tells of handlers that the server could not tell apart.
pub(crate) fn check_collisions(
    puts: &[PutHandler],
    endpoints: &[Endpoint],
    mistakes: &mut Mistakes,
) {
    for (index, put) in puts.iter().enumerate() {
        let is_same = |first: &&PutHandler| {
            first.export() == put.export() && !may_be_alternatives(&first.function, &put.function)
        };
        if let Some(first) = puts.iter().take(index).find(is_same) {
            mistakes.at(
                &put.path,
                format!(
                    "the server calls `{}` for \"{}\" as well as for \"{}\": one of them must go",
                    put.export(),
                    first.path.value(),
                    put.path.value()
                ),
            );
        }
    }
    for (index, endpoint) in endpoints.iter().enumerate() {
        let is_same = |first: &&Endpoint| {
            first.method == endpoint.method
                && as_express_has_it(&first.path.value())
                    == as_express_has_it(&endpoint.path.value())
                && !may_be_alternatives(&first.function, &endpoint.function)
        };
        if let Some(first) = endpoints.iter().take(index).find(is_same) {
            mistakes.at(
                &endpoint.path,
                format!(
                    "`{}` answers {} {} already: choose another path",
                    first.function.ident,
                    endpoint.method,
                    endpoint.path.value()
                ),
            );
        }
    }
    let entry = |endpoint: &Endpoint| {
        // {"method":"DELETE","path":"…","handler":"endpoint_…"},
        60 + endpoint.path.value().len() + endpoint.function.ident.to_string().len()
    };
    let length: usize = endpoints.iter().map(entry).sum();
    if let Some(last) = endpoints.last().filter(|_| length > TEXT_BUFFER) {
        mistakes.at(&last.path, format!("the list of endpoints takes up to {length} bytes and the server reads {TEXT_BUFFER}: shorten paths and names, or let one endpoint serve several with `:name`"));
    }
}
