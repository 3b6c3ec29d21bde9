//! `#[put("path")]`: functions that take a value which a client puts to a path of the data model.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use signalk_plugin_contract::{SELF_CONTEXT, exports};
use syn::spanned::Spanned;
use syn::{ImplItemFn, LitStr, Type};

use crate::code::{self, Target, mixed};
use crate::mistakes::Mistakes;
use crate::path::{self, Use};
use crate::request::Asked;
use crate::signature::{Function, function_of, owned, parameters};

pub(crate) struct Handler {
    function: Function,
    context: String,
    path: LitStr,
    value: Box<Type>,
}

pub(crate) fn understand(
    asked: Asked,
    function: &ImplItemFn,
    mistakes: &mut Mistakes,
) -> Option<Handler> {
    let Asked { path, context, .. } = asked;
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
            let owned = owned(&inner.elem);
            mistakes.at(reference, format!("`{name}` owns its value: write `{owned}`"));
            None
        }
        [value] => Some(Handler {
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

/// Tells of handlers that the server could not tell apart.
pub(crate) fn check_collisions(puts: &[Handler], mistakes: &mut Mistakes) {
    for (index, put) in puts.iter().enumerate() {
        let export = put.export_name();
        let is_same = |first: &&Handler| {
            first.export_name() == export && !first.function.may_be_alternative_to(&put.function)
        };
        if let Some(first) = puts.iter().take(index).find(is_same) {
            let (first, second) = (first.path.value(), put.path.value());
            mistakes.at(
                &put.path,
                format!(
                    "the server calls `{export}` for \"{first}\" as well as for \"{second}\": one of them must go"
                ),
            );
        }
    }
}

impl Handler {
    /// The export that the server looks for.
    fn export_name(&self) -> String {
        exports::PutHandler { context: &self.context, path: &self.path.value() }.to_string()
    }

    /// The entry in the table of PUT handlers.
    pub(crate) fn entry(&self, target: &Target) -> TokenStream {
        let Self { function, context, path, value } = self;
        let sdk = &target.sdk;
        let export = self.export_name();
        let cfgs = &function.cfgs;
        let [plugin, json, taken] = ["plugin", "json", "value"].map(mixed);
        let read = quote_spanned!(value.span()=> #sdk::put_value::<#value>);
        let call = code::result_of(function, &quote!(#plugin, #taken), target);
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

    pub(crate) fn export(&self, target: &Target) -> TokenStream {
        code::handler_export(&self.function, &self.export_name(), &quote!(put), target)
    }
}
