//! `fn stop(&mut self)`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ImplItemFn;

use crate::code::{self, Target, mixed};
use crate::mistakes::Mistakes;
use crate::signature::{Function, check_plain, check_receiver, function_of};

pub(crate) fn understand(function: &ImplItemFn, mistakes: &mut Mistakes) -> Function {
    check_plain(function, mistakes);
    check_receiver(function, "stop", "fn stop(&mut self)", mistakes);
    if let Some(extra) = function.sig.inputs.iter().nth(1) {
        mistakes.at(extra, "`stop` takes nothing but `&mut self`: remove this");
    }
    function_of(function)
}

/// The function of the trait.
pub(crate) fn function(stop: &Function, target: &Target) -> TokenStream {
    let sdk = &target.sdk;
    let cfgs = &stop.cfgs;
    let plugin = mixed("plugin");
    let call = code::result_of(stop, &quote!(#plugin), target);
    quote! {
        #(#cfgs)*
        fn stop(&mut self) -> #sdk::Result<()> {
            let #plugin = self;
            #call
        }
    }
}
