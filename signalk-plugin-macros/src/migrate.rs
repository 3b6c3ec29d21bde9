//! `fn migrate(saved: &Raw) -> Result<Option<Config>>`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{ImplItemFn, ReturnType, Type};

use crate::code::{Target, mixed};
use crate::mistakes::Mistakes;
use crate::signature::{Function, check_plain, function_of, is_str, parameters};

pub(crate) fn understand(function: &ImplItemFn, mistakes: &mut Mistakes) -> Function {
    const SHOWN: &str = "fn migrate(saved: &Raw) -> Result<Option<Config>>";
    check_plain(function, mistakes);
    let returns = !matches!(function.sig.output, ReturnType::Default);
    if let Some(receiver) = function.sig.receiver() {
        mistakes.at(
            receiver,
            format!("`migrate` comes before `start`, so there is no `self` yet: write `{SHOWN}`"),
        );
    } else if !matches!(parameters(function).as_slice(), [Type::Reference(reference)] if !is_str(&reference.elem) && returns)
    {
        mistakes.at(
            &function.sig.ident,
            format!("`migrate` turns what was saved into today's configuration: write `{SHOWN}`"),
        );
    }
    function_of(function)
}

/// The members of the trait.
pub(crate) fn function(
    migrate: &Function,
    config: &TokenStream,
    Target { plugin: ty, sdk }: &Target,
) -> TokenStream {
    let Function { ident, cfgs, output } = migrate;
    let [settings, saved] = ["settings", "saved"].map(mixed);
    let read = quote_spanned!(config.span()=> #sdk::migrated::<#config>);
    let call = quote_spanned! {output.span()=>
        <#output as #sdk::MigrateReturn<#config>>::into_result(<#ty>::#ident(#saved))
    };
    quote! {
        #(#cfgs)*
        const MIGRATES: #sdk::lang::bool = true;
        #(#cfgs)*
        fn migrated(
            #settings: &#sdk::lang::str,
        ) -> #sdk::Migrated {
            #read(#settings, |#saved| #call)
        }
    }
}
