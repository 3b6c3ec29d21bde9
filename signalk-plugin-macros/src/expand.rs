//! The code that is written for a plugin.

use std::path::{Path, PathBuf};

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Item, ItemImpl};

use crate::mistakes::Mistakes;
use crate::model::{
    DeltaHandler, Endpoint, Function, Model, Parameter, Period, PutHandler, Takes, TimerHandler,
};
use crate::plugin_args::{self, PluginArgs};
use crate::{capabilities, handlers, providers};

/// Where the build tool has put the schemas of its first pass, one `<package>.json` each. With it
/// the bytes are embedded and the code that makes a schema stays out of the .wasm.
const SCHEMA_DIR: &str = "SIGNALK_PLUGIN_SCHEMA_DIR";

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let args = plugin_args::understand(arguments, &mut mistakes);
    match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Impl(block)) => expand_block(args, block, mistakes),
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

fn expand_block(args: PluginArgs, block: ItemImpl, mut mistakes: Mistakes) -> TokenStream {
    let mut fallback = block.clone();
    let model = handlers::understand(args, block, &mut mistakes);
    let errors = mistakes.into_compile_errors();
    match (model, errors) {
        (Some(model), None) => plugin(&model),
        // The block alone, so that one mistake does not bring errors about everything else.
        (_, errors) => {
            handlers::strip(&mut fallback);
            quote! {
                #[allow(dead_code)]
                #fallback
                #errors
            }
        }
    }
}

fn plugin(model: &Model) -> TokenStream {
    let sdk = quote!(::signalk_plugin_sdk::__private);
    let block = &model.block;
    let ty = &model.plugin;
    let name = match &model.name {
        Some(name) => quote!(#name),
        None => quote!(::core::env!("CARGO_PKG_NAME")),
    };
    let fail = model.fail_on_start_error;
    let config = config(model, &sdk);
    let schema = schema(model, &sdk);
    let start = start(model, &sdk);
    let stop = model.stop.as_ref().map(|cfgs| {
        quote! {
            #(#cfgs)*
            fn stop(&mut self) -> #sdk::Result<()> {
                #sdk::HandlerReturn::into_result(<#ty>::stop(self))
            }
        }
    });
    let periods = model.timers.iter().filter_map(period_method);
    let deltas = model.deltas.iter().map(|handler| delta_entry(handler, ty, &sdk));
    let timers = model.timers.iter().map(|handler| timer_entry(handler, ty, &sdk));
    let puts = model.puts.iter().map(|handler| put_entry(handler, ty, &sdk));
    let endpoints = model.endpoints.iter().map(|handler| endpoint_entry(handler, ty, &sdk));
    let large = model.large_responses.map(|bytes| quote!(const LARGE_RESPONSES: usize = #bytes;));
    let announce = announce(model, &sdk);
    let kept = &model.kept;
    let kept =
        (!kept.is_empty()).then(|| quote!(const MODEL: &'static [&'static str] = &[#(#kept),*];));
    let migrate = model.migrate.as_ref().map(|function| migrate(model, function, &sdk));
    let tables = providers::tables(model, &sdk);
    let exports = exports(model, &sdk);
    let once = only_one(model);
    quote! {
        #block

        impl #ty {
            #(#periods)*
        }

        #[automatically_derived]
        impl #sdk::Plugin for #ty {
            type Config = #config;

            const ID: &'static str = ::core::env!("CARGO_PKG_NAME");
            const NAME: &'static str = #name;
            const HANDLERS: #sdk::Handlers<Self> = #sdk::Handlers {
                deltas: &[#(#deltas),*],
                timers: &[#(#timers),*],
                puts: &[#(#puts),*],
                endpoints: &[#(#endpoints),*],
            };
            const FAIL_ON_START_ERROR: bool = #fail;
            #large
            #kept

            #schema
            #announce
            #migrate
            #start
            #stop

            fn runtime() -> &'static #sdk::LocalKey<#sdk::Runtime<Self>> {
                ::std::thread_local! {
                    static RUNTIME: #sdk::Runtime<#ty> = const { #sdk::Runtime::new() };
                }
                &RUNTIME
            }
        }

        // Read so that cargo builds anew when it changes.
        const _: ::core::option::Option<&::core::primitive::str> = ::core::option_env!(#SCHEMA_DIR);

        #tables
        #exports
        #once

        #[cfg(all(test, not(target_family = "wasm")))]
        #[test]
        fn signalk_plugin_schema_fits_the_form_of_the_server() {
            #sdk::assert_schema_fits::<#ty>();
        }
    }
}

/// Only where there is something to announce, so that the imports are in no other .wasm.
fn announce(model: &Model, sdk: &TokenStream) -> Option<TokenStream> {
    let puts = (!model.puts.is_empty()).then(|| quote!(#sdk::announce_puts::<Self>();));
    let providers = providers::announcements(model, sdk);
    if puts.is_none() && providers.is_empty() {
        return None;
    }
    Some(quote! {
        fn announce() {
            #puts
            #providers
        }
        fn announce_again() {
            #sdk::tell_what_was_refused();
        }
    })
}

fn migrate(model: &Model, function: &Function, sdk: &TokenStream) -> TokenStream {
    let ty = &model.plugin;
    let Function { ident, cfgs, output } = function;
    let settings = mixed("settings");
    let config = config(model, sdk);
    let saved = mixed("saved");
    let read = quote_spanned!(config.span()=> #sdk::migrated::<#config>);
    let call = quote_spanned! {output.span()=>
        <#output as #sdk::MigrateReturn<#config>>::into_result(<#ty>::#ident(#saved))
    };
    quote! {
        #(#cfgs)*
        const MIGRATES: bool = true;
        #(#cfgs)*
        fn migrated(
            #settings: &str,
        ) -> #sdk::Result<::core::option::Option<::std::string::String>> {
            #read(#settings, |#saved| #call)
        }
    }
}

fn config(model: &Model, sdk: &TokenStream) -> TokenStream {
    match &model.start.config {
        Some(config) => quote!(#config),
        None => quote!(#sdk::NoConfig),
    }
}

fn start(model: &Model, sdk: &TokenStream) -> TokenStream {
    let ty = &model.plugin;
    let config = mixed("config");
    let call = match &model.start.config {
        Some(_) => quote_spanned!(model.start.output.span()=> <#ty>::start(#config)),
        None => quote_spanned!(model.start.output.span()=> {
            let _ = #config;
            <#ty>::start()
        }),
    };
    let output = &model.start.output;
    let result = quote_spanned!(output.span()=> #sdk::StartReturn::<Self>::into_result(#call));
    quote! {
        fn start(#config: Self::Config) -> #sdk::Result<Self> {
            #result
        }
    }
}

/// The schema made at run time, or the bytes that the build tool made of it before.
fn schema(model: &Model, sdk: &TokenStream) -> TokenStream {
    let embedded = std::env::var_os(SCHEMA_DIR).and_then(|dir| {
        let package = std::env::var_os("CARGO_PKG_NAME")?;
        let mut file = PathBuf::from(dir).join(package).into_os_string();
        file.push(".json");
        file.into_string().ok()
    });
    // A native build is a test of the plugin, which looks at the schema as it is now.
    if let Some(file) = &embedded
        && !Path::new(file).is_absolute()
    {
        let message = format!("{SCHEMA_DIR} names a folder by its whole path, from the root on");
        return quote!(::core::compile_error!(#message););
    }
    let limits = match (&model.start.config, &embedded) {
        (None, _) => quote!(
            const LIMITS: #sdk::Limits = #sdk::Limits::NONE;
        ),
        (Some(_), None) => quote!(),
        (Some(_), Some(file)) => quote! {
            #[cfg(target_family = "wasm")]
            const LIMITS: #sdk::Limits = #sdk::Limits::of(::core::include_str!(#file));
        },
    };
    let embedded = embedded.map(|file| {
        quote! {
            #[cfg(target_family = "wasm")]
            fn schema() -> #sdk::Cow<'static, str> {
                #sdk::Cow::Borrowed(::core::include_str!(#file))
            }
        }
    });
    let unless = embedded.is_some().then(|| quote!(#[cfg(not(target_family = "wasm"))]));
    quote! {
        #limits
        #embedded
        #unless
        fn schema() -> #sdk::Cow<'static, str> {
            // Looked at by every start, for its limits. Not a lock, which a trap would leave held.
            ::std::thread_local! {
                static MADE: ::std::cell::OnceCell<#sdk::Cow<'static, str>> =
                    const { ::std::cell::OnceCell::new() };
            }
            MADE.with(|made| {
                ::core::clone::Clone::clone(made.get_or_init(#sdk::schema_of::<Self>))
            })
        }
    }
}

fn delta_entry(handler: &DeltaHandler, ty: &syn::Type, sdk: &TokenStream) -> TokenStream {
    let Function { ident, cfgs, .. } = &handler.function;
    let name = ident.unraw().to_string();
    let context = match &handler.context {
        None => quote!(#sdk::Context::Own),
        Some(pattern) => quote!(#sdk::Context::Pattern(#pattern)),
    };
    let echo = handler.echo;
    let call = |arguments: TokenStream| result_of(&handler.function, ty, &arguments, sdk);
    let takes = match &handler.takes {
        Takes::Values { paths, value, origin } => {
            let [plugin, raw, from, taken] = ["plugin", "raw", "origin", "value"].map(mixed);
            let read = quote_spanned!(value.span()=> #sdk::with_value::<#value>);
            let origin = origin.then(|| quote!(, #from));
            let call = call(quote!(#plugin, #taken #origin));
            quote! {
                #sdk::Takes::Values(&[#(#paths),*], |#plugin, #raw, #from| {
                    #read(#raw, #from.path, |#taken| #call)
                })
            }
        }
        Takes::Delta => {
            let [plugin, delta] = ["plugin", "delta"].map(mixed);
            let call = call(quote!(#plugin, #delta));
            quote!(#sdk::Takes::Delta(|#plugin, #delta| #call))
        }
        Takes::Text => {
            let [plugin, delta] = ["plugin", "delta"].map(mixed);
            let call = call(quote!(#plugin, #delta));
            quote!(#sdk::Takes::Text(|#plugin, #delta| #call))
        }
    };
    quote! {
        #(#cfgs)*
        #sdk::DeltaHandler {
            name: #name,
            context: #context,
            echo: #echo,
            takes: #takes,
        }
    }
}

fn timer_entry(handler: &TimerHandler, ty: &syn::Type, sdk: &TokenStream) -> TokenStream {
    let Function { ident, cfgs, .. } = &handler.function;
    let name = ident.unraw().to_string();
    let plugin = mixed("plugin");
    let call = result_of(&handler.function, ty, &quote!(#plugin), sdk);
    let period = match &handler.period {
        Period::Literal(period) => {
            let seconds = period.as_secs();
            quote!(|_| #sdk::Duration::from_secs(#seconds))
        }
        Period::Expression(_) => {
            let method = period_name(handler);
            quote!(<#ty>::#method)
        }
    };
    quote! {
        #(#cfgs)*
        #sdk::TimerHandler {
            name: #name,
            period: #period,
            call: |#plugin| #call,
        }
    }
}

fn put_entry(handler: &PutHandler, ty: &syn::Type, sdk: &TokenStream) -> TokenStream {
    let PutHandler { function, context, path, value } = handler;
    let export = handler.export();
    let cfgs = &function.cfgs;
    let [plugin, json, taken] = ["plugin", "json", "value"].map(mixed);
    let read = quote_spanned!(value.span()=> #sdk::put_value::<#value>);
    let call = result_of(function, ty, &quote!(#plugin, #taken), sdk);
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

fn endpoint_entry(handler: &Endpoint, ty: &syn::Type, sdk: &TokenStream) -> TokenStream {
    let Endpoint { function, method, path, parameters } = handler;
    let Function { ident, cfgs, output } = function;
    let export = http_export(ident);
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

fn http_export(function: &syn::Ident) -> String {
    format!("endpoint_{}", function.unraw())
}

/// One line for each handler that the server calls by a name of its own.
fn request_exports(model: &Model, sdk: &TokenStream) -> TokenStream {
    let ty = &model.plugin;
    let one = |function: &Function, name: &str, what: &str| {
        let cfgs = &function.cfgs;
        let what = syn::Ident::new(what, Span::call_site());
        quote! {
            #(#cfgs)*
            const _: () = {
                #[unsafe(export_name = #name)]
                extern "C" fn handler(request: *const u8, len: usize, out: *mut u8, max: usize) -> i32 {
                    #sdk::#what::<#ty>(#name, request, len, out, max)
                }
            };
        }
    };
    let puts = model.puts.iter().map(|put| one(&put.function, &put.export(), "put"));
    let endpoints = model
        .endpoints
        .iter()
        .map(|endpoint| one(&endpoint.function, &http_export(&endpoint.function.ident), "http"));
    let list = (!model.endpoints.is_empty()).then(|| {
        quote! {
            #[unsafe(no_mangle)]
            extern "C" fn http_endpoints(out: *mut u8, max: usize) -> i32 {
                #sdk::http_endpoints::<#ty>(out, max)
            }
        }
    });
    quote!(#(#puts)* #(#endpoints)* #list)
}

/// A method, so that the author's `self` means what it says.
fn period_method(handler: &TimerHandler) -> Option<TokenStream> {
    let Period::Expression(expression) = &handler.period else {
        return None;
    };
    let method = period_name(handler);
    let cfgs = &handler.function.cfgs;
    Some(quote! {
        #(#cfgs)*
        #[doc(hidden)]
        fn #method(&self) -> ::core::time::Duration {
            #expression
        }
    })
}

fn period_name(handler: &TimerHandler) -> syn::Ident {
    format_ident!("__signalk_period_of_{}", handler.function.ident)
}

/// A name of ours that no constant of the author's module can be taken for.
fn mixed(name: &str) -> syn::Ident {
    format_ident!("__signalk_{name}", span = Span::mixed_site())
}

/// The call of a handler and its result, with the span of the return type that may not fit.
fn result_of(
    function: &Function,
    ty: &syn::Type,
    arguments: &TokenStream,
    sdk: &TokenStream,
) -> TokenStream {
    let ident = &function.ident;
    quote_spanned! {function.output.span()=>
        #sdk::HandlerReturn::into_result(<#ty>::#ident(#arguments))
    }
}

/// One line each: what they do is in the SDK, where tests reach it.
fn exports(model: &Model, sdk: &TokenStream) -> TokenStream {
    let ty = &model.plugin;
    let hears = !model.deltas.is_empty() || !model.kept.is_empty();
    let delta_handler = hears.then(|| {
        quote! {
            #[unsafe(no_mangle)]
            extern "C" fn delta_handler(delta: *const u8, len: usize) {
                #sdk::delta_handler::<#ty>(delta, len)
            }
        }
    });
    let requests = request_exports(model, sdk);
    let providers = providers::exports(model, sdk);
    let capabilities = capabilities::section(model);
    let allocate = match model.large_responses {
        Some(_) => quote!(#sdk::allocate_roomy::<#ty>),
        None => quote!(#sdk::allocate),
    };
    quote! {
        #[cfg(target_family = "wasm")]
        const _: () = {
            #[unsafe(no_mangle)]
            extern "C" fn allocate(size: usize) -> *mut u8 {
                #allocate(size)
            }
            #[unsafe(no_mangle)]
            extern "C" fn deallocate(pointer: *mut u8, size: usize) {
                #sdk::deallocate(pointer, size)
            }
            #[unsafe(no_mangle)]
            extern "C" fn plugin_id(out: *mut u8, max: usize) -> i32 {
                #sdk::plugin_id::<#ty>(out, max)
            }
            #[unsafe(no_mangle)]
            extern "C" fn plugin_name(out: *mut u8, max: usize) -> i32 {
                #sdk::plugin_name::<#ty>(out, max)
            }
            #[unsafe(no_mangle)]
            extern "C" fn plugin_schema(out: *mut u8, max: usize) -> i32 {
                #sdk::plugin_schema::<#ty>(out, max)
            }
            #[unsafe(no_mangle)]
            extern "C" fn plugin_start(config: *const u8, len: usize) -> i32 {
                #sdk::plugin_start::<#ty>(config, len)
            }
            #[unsafe(no_mangle)]
            extern "C" fn plugin_stop() -> i32 {
                #sdk::plugin_stop::<#ty>()
            }
            #[unsafe(no_mangle)]
            extern "C" fn poll() -> i32 {
                #sdk::poll::<#ty>()
            }
            #delta_handler
            #requests
            #providers
            #capabilities
        };
    }
}

/// A name at the crate's root that a second plugin in the same crate would define again: the
/// exports have fixed names, and the linker's word for it would be less clear.
fn only_one(model: &Model) -> TokenStream {
    let span = model.block.self_ty.span();
    let name = syn::Ident::new("a_crate_holds_one_signalk_plugin", span);
    quote! {
        #[doc(hidden)]
        #[allow(unused_macros, non_local_definitions)]
        #[macro_export]
        macro_rules! #name { () => {}; }
    }
}
