//! `#[put("path", …)]`: functions that take a value which a client puts to a path of the data model.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use signalk_plugin_contract::{SELF_CONTEXT, exports};
use syn::spanned::Spanned;
use syn::{ImplItemFn, LitStr, Type};

use crate::code::{self, Target, mixed};
use crate::mistakes::Mistakes;
use crate::parts;
use crate::path::{self, Use};
use crate::request::Asked;
use crate::signature::{Function, function_of, owned, parameters};

pub(crate) struct Handler {
    function: Function,
    context: String,
    /// Each has an entry and an export of its own.
    paths: Vec<LitStr>,
    value: Box<Type>,
    /// Tells whether it takes an `&Origin`.
    origin: bool,
}

pub(crate) fn understand(
    asked: Asked,
    function: &ImplItemFn,
    mistakes: &mut Mistakes,
) -> Option<Handler> {
    let Asked { path, others, context, .. } = asked;
    let mut paths = Vec::new();
    for path in [path].into_iter().chain(others) {
        if !path::check_path(&path, Use::Put, mistakes) {
            return None;
        }
        let written = path.value();
        if written.contains('*') || !parts::names(&written).is_empty() {
            mistakes.at(&path, parts::advice_for_put(&written));
            return None;
        }
        paths.extend(path::expanded(&path, Use::Put, mistakes)?);
    }
    let name = &function.sig.ident;
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
        [reference @ Type::Reference(inner), ..] => {
            let owned = owned(&inner.elem);
            mistakes.at(reference, format!("`{name}` owns its value: write `{owned}`"));
            None
        }
        [value] => Some(Handler {
            function: function_of(function),
            context,
            paths,
            value: Box::new((*value).clone()),
            origin: false,
        }),
        [value, Type::Reference(_)] => Some(Handler {
            function: function_of(function),
            context,
            paths,
            value: Box::new((*value).clone()),
            origin: true,
        }),
        [] => {
            mistakes.at(name, format!("`{name}` has no parameter for the value: write `fn {name}(&mut self, value: f64)`, or whatever type the path has"));
            None
        }
        [_, Type::Reference(_), third, ..] => {
            mistakes.at(third, format!("`{name}` gets the value and, where it wants it, `&Origin`, which has the path: remove this"));
            None
        }
        [_, second, ..] => {
            mistakes.at(second, "the second parameter says which path was asked: write `&Origin`");
            None
        }
    }
}

/// Tells of handlers that the server could not tell apart.
pub(crate) fn check_collisions(puts: &[Handler], mistakes: &mut Mistakes) {
    let paths = puts.iter().flat_map(|put| put.paths.iter().map(move |path| (put, path)));
    let paths: Vec<_> = paths.collect();
    for (index, (put, path)) in paths.iter().enumerate() {
        let export = put.export_name(path);
        let is_same = |(first, other): &&(&Handler, &LitStr)| {
            // One function has one `cfg` for all its paths.
            let may_be_both =
                std::ptr::eq(*first, *put) || !first.function.may_be_alternative_to(&put.function);
            first.export_name(other) == export && may_be_both
        };
        if let Some((_, first)) = paths.iter().take(index).find(is_same) {
            let (first, second) = (first.value(), path.value());
            mistakes.at(
                path,
                format!(
                    "the server calls `{export}` for \"{first}\" as well as for \"{second}\": one of them must go"
                ),
            );
        }
    }
}

impl Handler {
    /// The export that the server looks for.
    fn export_name(&self, path: &LitStr) -> String {
        exports::PutHandler { context: &self.context, path: &path.value() }.to_string()
    }

    /// The entries in the table of PUT handlers, one for each path.
    pub(crate) fn entries(&self, target: &Target) -> Vec<TokenStream> {
        self.paths.iter().map(|path| self.entry(path, target)).collect()
    }

    fn entry(&self, path: &LitStr, target: &Target) -> TokenStream {
        let Self { function, context, value, origin, .. } = self;
        let sdk = &target.sdk;
        let export = self.export_name(path);
        let cfgs = &function.cfgs;
        let [plugin, json, taken] = ["plugin", "json", "value"].map(mixed);
        let read = quote_spanned!(value.span()=> #sdk::put_value::<#value>);
        let origin = origin.then(|| quote!(, &#sdk::origin_of_put(#context, #path)));
        let call = code::result_of(function, &quote!(#plugin, #taken #origin), target);
        quote! {
            #(#cfgs)*
            #sdk::PutHandler {
                context: #context,
                path: #path,
                export: #export,
                call: |#plugin, #json| {
                    let #taken = #read(#json)?;
                    #call
                },
            }
        }
    }

    pub(crate) fn exports(&self, target: &Target) -> Vec<TokenStream> {
        let export = |path| {
            code::handler_export(&self.function, &self.export_name(path), &quote!(put), target)
        };
        self.paths.iter().map(export).collect()
    }
}
