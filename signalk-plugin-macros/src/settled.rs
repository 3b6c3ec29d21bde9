//! `#[settled]`: functions that run when all values of a delta have been handed out.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::{Attribute, ImplItemFn, Type};

use crate::arguments::Arguments;
use crate::code::{self, Target, mixed};
use crate::mistakes::{Mistakes, shown};
use crate::signature::{Function, function_of, parameters};

pub(crate) struct Handler {
    function: Function,
    /// Tells whether it takes the delta.
    delta: bool,
}

pub(crate) fn understand(
    attribute: &Attribute,
    function: &ImplItemFn,
    mistakes: &mut Mistakes,
) -> Option<Handler> {
    let mut arguments = Arguments::of(attribute, mistakes)?;
    for value in arguments.values() {
        mistakes.at(
            &value,
            "it runs after every delta of which a handler or the model took a value: remove this",
        );
    }
    arguments.end(mistakes);
    let name = &function.sig.ident;
    let delta = match parameters(function).as_slice() {
        [] => false,
        [Type::Reference(_)] => true,
        [Type::Reference(_), extra, ..] => {
            mistakes.at(extra, format!("`{name}` gets the delta and nothing else: remove this"));
            return None;
        }
        [other, ..] => {
            let other_shown = shown(other);
            mistakes.at(other, format!("`{name}` runs when the values have been handed out, so a `{other_shown}` comes to a function with `#[delta(…)]`: write `fn {name}(&mut self)`, or `fn {name}(&mut self, delta: &Delta)`"));
            return None;
        }
    };
    Some(Handler { function: function_of(function), delta })
}

/// Tells of a plugin that takes no values.
pub(crate) fn check_values(settled: &[Handler], takes_values: bool, mistakes: &mut Mistakes) {
    if let Some(first) = settled.first().filter(|_| !takes_values) {
        let name = &first.function.ident;
        mistakes.at(name, format!("`{name}` runs after values that were taken, and this plugin takes none: write `#[delta(\"navigation.position\")]` on another function, or `model(\"navigation.position\")` in `#[signalk_plugin]`"));
    }
}

/// The table of these functions, if there are any.
pub(crate) fn table(settled: &[Handler], target: &Target) -> Option<TokenStream> {
    let sdk = &target.sdk;
    let entries = settled.iter().map(|handler| handler.entry(target));
    (!settled.is_empty())
        .then(|| quote!(const SETTLED: &'static [#sdk::SettledHandler<Self>] = &[#(#entries),*];))
}

impl Handler {
    /// The entry in the table of these functions.
    pub(crate) fn entry(&self, target: &Target) -> TokenStream {
        let sdk = &target.sdk;
        let Function { ident, cfgs, .. } = &self.function;
        let name = ident.unraw().to_string();
        let [plugin, delta] = ["plugin", "delta"].map(mixed);
        let (taken, given) = match self.delta {
            true => (quote!(#delta), quote!(, #delta)),
            false => (quote!(_), quote!()),
        };
        let call = code::result_of(&self.function, &quote!(#plugin #given), target);
        quote! {
            #(#cfgs)*
            #sdk::SettledHandler {
                name: #name,
                call: |#plugin, #taken| #call,
            }
        }
    }
}
