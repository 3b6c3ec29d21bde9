//! From the attribute and its `impl` block to the code that is written.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use signalk_plugin_contract::exports;
use syn::spanned::Spanned;
use syn::{Ident, Item, ItemImpl};

use crate::block::{self, Block};
use crate::code::{self, Target, mixed};
use crate::mistakes::Mistakes;
use crate::plugin::{self, Plugin};
use crate::{capabilities, http, migrate, peel, providers, sdk, settled, start, stop};

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let plugin = plugin::understand(arguments, &mut mistakes);
    match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Impl(block)) => expand_block(plugin, block, mistakes),
        Ok(other) => {
            mistakes.at_span(
                Span::call_site(),
                "write `#[signalk_plugin]` on the `impl` block that holds `start` and the handlers",
            );
            let errors = mistakes.into_compile_errors();
            quote!(#other #errors)
        }
        Err(error) => {
            mistakes.push(error);
            let errors = mistakes.into_compile_errors();
            quote!(#item #errors)
        }
    }
}

fn expand_block(plugin: Plugin, block: ItemImpl, mut mistakes: Mistakes) -> TokenStream {
    let mut fallback = block.clone();
    let block = block::understand(plugin, block, &mut mistakes);
    let target = block.as_ref().map(|block| Target {
        plugin: peel::ty(&block.block.self_ty).clone(),
        sdk: sdk::private(block.plugin.krate.as_ref(), &mut mistakes),
    });
    let errors = mistakes.into_compile_errors();
    match (block.zip(target), errors) {
        (Some((block, target)), None) => written(&block, &target),
        // The block alone, so that one mistake does not bring errors about everything else.
        (_, errors) => {
            block::strip(&mut fallback);
            quote! {
                #[allow(dead_code)]
                #fallback
                #errors
            }
        }
    }
}

fn written(block: &Block, target: &Target) -> TokenStream {
    let Block { block: author, plugin, start, stops, migrates, handlers } = block;
    let (ty, sdk) = (&target.plugin, &target.sdk);
    let name = match &plugin.name {
        Some(name) => quote!(#name),
        None => quote!(#sdk::lang::env!("CARGO_PKG_NAME")),
    };
    let fail = plugin.fail_on_start_error;
    let config = start.config(target);
    let schema = start.schema(target);
    let start = start.function(target);
    let stops = stops.iter().map(|function| stop::function(function, target));
    let migrates = migrates.iter().map(|function| migrate::function(function, &config, target));
    let periods = handlers.timers.iter().filter_map(|handler| handler.method(target));
    let sources = handlers.deltas.iter().filter_map(|handler| handler.method(target));
    let deltas = handlers.deltas.iter().map(|handler| handler.entry(target));
    let settled = settled::table(&handlers.settled, target);
    let timers = handlers.timers.iter().map(|handler| handler.entry(target));
    let puts = handlers.puts.iter().flat_map(|handler| handler.entries(target));
    let endpoints = handlers.endpoints.iter().map(|handler| handler.entry(target));
    let large = plugin
        .response_buffer
        .map(|bytes| quote!(const LARGE_RESPONSES: #sdk::lang::usize = #bytes;));
    let kept = plugin.kept.constants(target);
    let announce = announce(block, target);
    let tables = providers::tables(plugin, target);
    let exports = exports(block, target);
    let once = only_one(author);
    let schema_dir = start::SCHEMA_DIR;
    quote! {
        #author

        impl #ty {
            #(#periods)*
            #(#sources)*
        }

        #[automatically_derived]
        impl #sdk::Plugin for #ty {
            type Config = #config;

            const ID: &'static #sdk::lang::str = #sdk::lang::env!("CARGO_PKG_NAME");
            const NAME: &'static #sdk::lang::str = #name;
            const HANDLERS: #sdk::Handlers<Self> = #sdk::Handlers {
                deltas: &[#(#deltas),*],
                timers: &[#(#timers),*],
                puts: &[#(#puts),*],
                endpoints: &[#(#endpoints),*],
            };
            const FAIL_ON_START_ERROR: #sdk::lang::bool = #fail;
            #large
            #kept
            #settled

            #schema
            #announce
            #(#migrates)*
            #start
            #(#stops)*
        }

        #[automatically_derived]
        impl #sdk::Installed for #ty {
            fn runtime() -> &'static #sdk::LocalKey<#sdk::Runtime<Self>> {
                #sdk::lang::thread_local! {
                    static RUNTIME: #sdk::Runtime<#ty> = const { #sdk::Runtime::new() };
                }
                &RUNTIME
            }
        }

        // Read so that cargo builds anew when it changes.
        const _: #sdk::lang::Seen =
            #sdk::lang::option_env!(#schema_dir);

        #tables
        #exports
        #once

        #[cfg(all(test, not(target_family = "wasm")))]
        #[#sdk::lang::test]
        fn signalk_plugin_schema_fits_the_form_of_the_server() {
            #sdk::assert_schema_fits::<#ty>();
        }
    }
}

/// Only if there is something to announce, so that the imports are in no other .wasm.
fn announce(block: &Block, Target { sdk, .. }: &Target) -> Option<TokenStream> {
    let has_puts = !block.handlers.puts.is_empty();
    let puts = has_puts.then(|| quote!(#sdk::announce_puts::<Self>();));
    let providers = providers::announcements(&block.plugin, sdk);
    if puts.is_none() && providers.is_empty() {
        return None;
    }
    Some(quote! {
        fn announce() {
            #puts
            #providers
        }
        fn announce_again() {
            #sdk::report_refusals();
        }
    })
}

/// One line each: what they do is in the SDK, where tests reach it.
fn exports(block: &Block, target: &Target) -> TokenStream {
    let Block { plugin, handlers, .. } = block;
    let (ty, sdk) = (&target.plugin, &target.sdk);
    let export = |export, function| code::export(&export, &function, target);
    let fixed = [
        export(exports::PLUGIN_ID, quote!(plugin_id)),
        export(exports::PLUGIN_NAME, quote!(plugin_name)),
        export(exports::PLUGIN_SCHEMA, quote!(plugin_schema)),
        export(exports::PLUGIN_START, quote!(plugin_start)),
        export(exports::PLUGIN_STOP, quote!(plugin_stop)),
        export(exports::POLL, quote!(poll)),
    ];
    let hears = !handlers.deltas.is_empty() || !plugin.kept.is_empty();
    let delta_handler = hears.then(|| export(exports::DELTA_HANDLER, quote!(delta_handler)));
    let puts = handlers.puts.iter().flat_map(|handler| handler.exports(target));
    let endpoints = handlers.endpoints.iter().map(|handler| handler.export(target));
    let list = http::list(&handlers.endpoints, target);
    let providers = providers::exports(plugin, target);
    let capabilities = capabilities::section(block, sdk);
    let allocate = match plugin.response_buffer {
        Some(_) => quote!(#sdk::allocate_large::<#ty>),
        None => quote!(#sdk::allocate),
    };
    let (allocate_name, deallocate_name) = (exports::ALLOCATE.name, exports::DEALLOCATE.name);
    let types = quote!(#sdk::lang);
    let [pointer, len] = ["pointer", "len"].map(mixed);
    quote! {
        #[cfg(target_family = "wasm")]
        const _: () = {
            #[unsafe(export_name = #allocate_name)]
            extern "C" fn allocate(#len: #types::usize) -> *mut #types::u8 {
                #allocate(#len)
            }
            #[unsafe(export_name = #deallocate_name)]
            extern "C" fn deallocate(#pointer: *mut #types::u8, #len: #types::usize) {
                #sdk::deallocate(#pointer, #len)
            }
            #(#fixed)*
            #delta_handler
            #(#puts)*
            #(#endpoints)*
            #list
            #providers
            #capabilities
        };
    }
}

/// A name at the crate's root that a second plugin in the same crate would define again: the
/// exports have fixed names, and the linker's word for it would be less clear.
fn only_one(author: &ItemImpl) -> TokenStream {
    let name = Ident::new("a_crate_holds_one_signalk_plugin", author.self_ty.span());
    quote! {
        #[doc(hidden)]
        #[allow(unused_macros, non_local_definitions)]
        #[macro_export]
        macro_rules! #name { () => {}; }
    }
}
