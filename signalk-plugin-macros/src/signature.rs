//! Functions of the author's as the server calls them.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, FnArg, Ident, ImplItemFn, Receiver, ReceiverKind, ReturnType, Type};

use crate::mistakes::{Mistakes, shown};
use crate::{cfg, peel};

/// A function that is called.
pub(crate) struct Function {
    pub(crate) ident: Ident,
    /// `#[cfg(…)]`s, which the tables must follow.
    pub(crate) cfgs: Vec<Attribute>,
    /// The return type, where a wrong one is to be told.
    pub(crate) output: TokenStream,
}

impl Function {
    /// Tells whether there may never be both: the compiler tells if there are.
    pub(crate) fn may_be_alternative_to(&self, other: &Self) -> bool {
        !self.cfgs.is_empty() && !other.cfgs.is_empty()
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

/// The type that a parameter owns instead of its reference: `String` for `str`.
pub(crate) fn owned(referred: &Type) -> String {
    if is_str(referred) { "String".to_owned() } else { shown(referred) }
}

pub(crate) fn is_str(ty: &Type) -> bool {
    matches!(peel::ty(ty), Type::Path(path) if path.path.is_ident("str"))
}

/// Notes what no handler can be.
pub(crate) fn check_handler(function: &ImplItemFn, mistakes: &mut Mistakes) {
    check_plain(function, mistakes);
    let name = function.sig.ident.to_string();
    let signature = match function.sig.inputs.iter().find(|input| matches!(input, FnArg::Typed(_)))
    {
        Some(input) => format!("fn {name}(&mut self, {})", shown(input)),
        None => format!("fn {name}(&mut self)"),
    };
    check_receiver(function, &name, &signature, mistakes);
}

/// Notes what no function that the server calls can be.
pub(crate) fn check_plain(function: &ImplItemFn, mistakes: &mut Mistakes) {
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

/// Notes a receiver that is no `&self` or `&mut self`.
pub(crate) fn check_receiver(
    function: &ImplItemFn,
    name: &str,
    shown: &str,
    mistakes: &mut Mistakes,
) {
    match function.sig.receiver() {
        None => mistakes
            .at(&function.sig.ident, format!("`{name}` works on the plugin: write `{shown}`")),
        Some(receiver) if is_borrowed(receiver) => {}
        Some(receiver) => {
            mistakes.at(receiver, format!("the plugin lives on after `{name}`: write `{shown}`"));
        }
    }
}

fn is_borrowed(receiver: &Receiver) -> bool {
    match &receiver.kind {
        ReceiverKind::Typed(_, ty) => matches!(peel::ty(ty), Type::Reference(_)),
        kind => matches!(kind, ReceiverKind::Reference(..)),
    }
}
