//! `#[get("/path")]`, `#[post]`, `#[put]` and `#[delete]`: functions that answer requests over HTTP.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use signalk_plugin_contract::{TEXT_BUFFER, endpoint, exports};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{ImplItemFn, LitStr, Type};

use crate::code::{self, Target, mixed};
use crate::mistakes::Mistakes;
use crate::peel;
use crate::request::Asked;
use crate::signature::{Function, function_of, parameters};

pub(crate) struct Handler {
    function: Function,
    method: String,
    path: LitStr,
    parameters: Vec<Parameter>,
}

enum Parameter {
    /// `&Request`.
    Request,
    /// A type that takes itself out of the request.
    Extracted(Box<Type>),
}

pub(crate) fn understand(
    asked: Asked,
    function: &ImplItemFn,
    mistakes: &mut Mistakes,
) -> Option<Handler> {
    let Asked { name, path, context, .. } = asked;
    if let Some(context) = context {
        mistakes.at(&context, "a context belongs to paths of the data model: remove it");
        return None;
    }
    let method = name.to_ascii_uppercase();
    check_path(&method, &path, mistakes);
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
    Some(Handler { function: function_of(function), method, path, parameters })
}

fn is_request(ty: &Type) -> bool {
    matches!(peel::ty(ty), Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Request"))
}

/// A path as Express compares it: in any case, and whatever the parts that vary are called.
fn as_express_has_it(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with(':') { ":" } else { part });
    parts.collect::<Vec<_>>().join("/").to_ascii_lowercase()
}

/// Notes what Express does not understand, and what the server does not leave to plugins. One path that
/// Express does not understand would take away those behind it.
fn check_path(method: &str, literal: &LitStr, mistakes: &mut Mistakes) {
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

/// The path that a client makes of one with `.` and `..`; `None` if there are none.
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

/// Tells of handlers that the server could not tell apart, and of more than it can read.
pub(crate) fn check_collisions(endpoints: &[Handler], mistakes: &mut Mistakes) {
    for (index, endpoint) in endpoints.iter().enumerate() {
        let path = endpoint.path.value();
        let is_same = |first: &&Handler| {
            first.method == endpoint.method
                && as_express_has_it(&first.path.value()) == as_express_has_it(&path)
                && !first.function.may_be_alternative_to(&endpoint.function)
        };
        if let Some(first) = endpoints.iter().take(index).find(is_same) {
            let (function, method) = (&first.function.ident, &endpoint.method);
            mistakes.at(
                &endpoint.path,
                format!("`{function}` answers {method} {path} already: choose another path"),
            );
        }
    }
    let entry = |endpoint: &Handler| {
        // {"method":"DELETE","path":"…","handler":"endpoint_…"},
        60 + endpoint.path.value().len() + endpoint.function.ident.to_string().len()
    };
    let length: usize = endpoints.iter().map(entry).sum();
    if let Some(last) = endpoints.last().filter(|_| length > TEXT_BUFFER) {
        mistakes.at(&last.path, format!("the list of endpoints takes up to {length} bytes and the server reads {TEXT_BUFFER}: shorten paths and names, or let one endpoint serve several with `:name`"));
    }
}

impl Handler {
    fn export_name(&self) -> String {
        format!("endpoint_{}", self.function.ident.unraw())
    }

    /// The entry in the table of endpoints.
    pub(crate) fn entry(&self, Target { plugin: ty, sdk }: &Target) -> TokenStream {
        let Self { function, method, path, parameters } = self;
        let Function { ident, cfgs, output } = function;
        let export = self.export_name();
        let [plugin, request] = ["plugin", "request"].map(mixed);
        let arguments = parameters.iter().map(|parameter| match parameter {
            Parameter::Request => quote!(#request),
            Parameter::Extracted(ty) => {
                quote_spanned!(ty.span()=> <#ty as #sdk::FromRequest>::from_request(#request)?)
            }
        });
        let call = quote_spanned! {output.span()=>
            #sdk::IntoResponse::into_response(<#ty>::#ident(#plugin, #(#arguments),*))
        };
        quote! {
            #(#cfgs)*
            #sdk::Endpoint {
                method: #method,
                path: #path,
                export: #export,
                call: |#plugin, #request| #call,
            }
        }
    }

    pub(crate) fn export(&self, target: &Target) -> TokenStream {
        code::handler_export(&self.function, &self.export_name(), &quote!(http), target)
    }
}

/// The export that lists the endpoints, if there are any.
pub(crate) fn list(endpoints: &[Handler], target: &Target) -> Option<TokenStream> {
    let list = || code::export(&exports::HTTP_ENDPOINTS, &quote!(http_endpoints), target);
    (!endpoints.is_empty()).then(list)
}
