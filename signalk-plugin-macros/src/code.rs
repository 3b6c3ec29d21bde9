//! Pieces of the code that is written, for all attributes.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use signalk_plugin_contract::{Argument, Function as Export};
use syn::spanned::Spanned;
use syn::{Ident, Type};

use crate::signature::Function;

/// For whom code is written.
pub(crate) struct Target {
    /// The plugin.
    pub(crate) plugin: Type,
    /// The path of the SDK's module for written code.
    pub(crate) sdk: TokenStream,
}

/// A name of ours that no constant of the author's module can be taken for.
pub(crate) fn mixed(name: &str) -> Ident {
    format_ident!("__signalk_{name}", span = Span::mixed_site())
}

/// The call of a handler and its result, with the span of the return type that may not fit.
pub(crate) fn result_of(
    function: &Function,
    arguments: &TokenStream,
    Target { plugin, sdk }: &Target,
) -> TokenStream {
    let ident = &function.ident;
    quote_spanned! {function.output.span()=>
        #sdk::HandlerReturn::into_result(<#plugin>::#ident(#arguments))
    }
}

/// A hidden method that gives the value of an expression of `self`, so that the author's `self` means what it
/// says.
pub(crate) fn method_of(
    function: &Function,
    name: &Ident,
    this: &Ident,
    output: &TokenStream,
    expression: &TokenStream,
) -> TokenStream {
    let cfgs = &function.cfgs;
    quote! {
        #(#cfgs)*
        #[doc(hidden)]
        fn #name(&#this) -> #output {
            #expression
        }
    }
}

/// The first `self` of an expression: where a `macro_rules!` is around, one `self` is not the other.
pub(crate) fn self_of(tokens: TokenStream) -> Ident {
    fn first(tokens: TokenStream) -> Option<Ident> {
        tokens.into_iter().find_map(|token| match token {
            TokenTree::Ident(ident) if ident == "self" => Some(ident),
            TokenTree::Group(group) => first(group.stream()),
            _ => None,
        })
    }
    first(tokens).unwrap_or_else(|| Ident::new("self", Span::call_site()))
}

/// An export: one line, which calls the function of the SDK that does its work.
pub(crate) fn export(export: &Export, function: &TokenStream, target: &Target) -> TokenStream {
    let (plugin, sdk) = (&target.plugin, &target.sdk);
    let name = export.name;
    let (parameters, arguments) = parameters_of(export.arguments, sdk);
    let result = export.result.map(|_| quote!(-> #sdk::lang::i32));
    quote! {
        const _: () = {
            #[unsafe(export_name = #name)]
            extern "C" fn export(#parameters) #result {
                #sdk::#function::<#plugin>(#arguments)
            }
        };
    }
}

/// The export of a handler of requests, which has a name of its own.
pub(crate) fn handler_export(
    function: &Function,
    name: &str,
    answers: &TokenStream,
    Target { plugin, sdk }: &Target,
) -> TokenStream {
    let cfgs = &function.cfgs;
    let exchanged = signalk_plugin_contract::exports::EXCHANGED;
    let (parameters, arguments) = parameters_of(exchanged, sdk);
    quote! {
        #(#cfgs)*
        const _: () = {
            #[unsafe(export_name = #name)]
            extern "C" fn handler(#parameters) -> #sdk::lang::i32 {
                #sdk::#answers::<#plugin>(#name, #arguments)
            }
        };
    }
}

/// The parameters of an export and the same as arguments, by names that are nobody's, and types that are
/// the language's whatever the author's module calls so.
fn parameters_of(arguments: &[Argument], sdk: &TokenStream) -> (TokenStream, TokenStream) {
    let types = quote!(#sdk::lang);
    let mut names = Vec::new();
    let mut parameters = Vec::new();
    let mut add = |name: &str, ty: TokenStream| {
        let name = mixed(name);
        parameters.push(quote!(#name: #ty));
        names.push(name);
    };
    for argument in arguments {
        match argument {
            Argument::Text => {
                add("text", quote!(*const #types::u8));
                add("len", quote!(#types::usize));
            }
            Argument::Out => {
                add("out", quote!(*mut #types::u8));
                add("max", quote!(#types::usize));
            }
            Argument::Number | Argument::Address | Argument::Port => {
                add("number", quote!(#types::usize));
            }
        }
    }
    (quote!(#(#parameters),*), quote!(#(#names),*))
}
