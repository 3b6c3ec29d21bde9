//! The code that is written for a plugin.

use std::path::{Path, PathBuf};

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use signalk_plugin_contract::{self as contract, Argument, exports};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Item, ItemImpl};

use crate::mistakes::Mistakes;
use crate::model::{
    DeltaHandler, Endpoint, Function, Model, Parameter, Period, PutHandler, Source, Takes,
    TimerHandler,
};
use crate::plugin_args::{self, PluginArgs};
use crate::{capabilities, handlers, providers, sdk};

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
    let sdk = model.as_ref().map(|model| sdk::private(model.krate.as_ref(), &mut mistakes));
    let errors = mistakes.into_compile_errors();
    match (model.zip(sdk), errors) {
        (Some((model, sdk)), None) => plugin(&model, &sdk),
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

fn plugin(model: &Model, sdk: &TokenStream) -> TokenStream {
    let block = &model.block;
    let ty = &model.plugin;
    let name = match &model.name {
        Some(name) => quote!(#name),
        None => quote!(#sdk::lang::env!("CARGO_PKG_NAME")),
    };
    let fail = model.fail_on_start_error;
    let config = config(model, sdk);
    let schema = schema(model, sdk);
    let start = start(model, sdk);
    let stops = model.stops.iter().map(|function| {
        let cfgs = &function.cfgs;
        let plugin = mixed("plugin");
        let call = result_of(function, ty, &quote!(#plugin), sdk);
        quote! {
            #(#cfgs)*
            fn stop(&mut self) -> #sdk::Result<()> {
                let #plugin = self;
                #call
            }
        }
    });
    let periods = model.timers.iter().filter_map(|handler| period_method(handler, sdk));
    let sources = model.deltas.iter().filter_map(|handler| source_method(handler, sdk));
    let deltas = model.deltas.iter().map(|handler| delta_entry(handler, ty, sdk));
    let timers = model.timers.iter().map(|handler| timer_entry(handler, ty, sdk));
    let puts = model.puts.iter().map(|handler| put_entry(handler, ty, sdk));
    let endpoints = model.endpoints.iter().map(|handler| endpoint_entry(handler, ty, sdk));
    let large = model
        .large_responses
        .map(|bytes| quote!(const LARGE_RESPONSES: #sdk::lang::usize = #bytes;));
    let announce = announce(model, sdk);
    let kept = &model.kept;
    let kept = (!kept.is_empty())
        .then(|| quote!(const MODEL: &'static [&'static #sdk::lang::str] = &[#(#kept),*];));
    let migrates = model.migrates.iter().map(|function| migrate(model, function, sdk));
    let tables = providers::tables(model, sdk);
    let exports = exports(model, sdk);
    let once = only_one(model);
    quote! {
        #block

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
            #sdk::lang::option_env!(#SCHEMA_DIR);

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
        const MIGRATES: #sdk::lang::bool = true;
        #(#cfgs)*
        fn migrated(
            #settings: &#sdk::lang::str,
        ) -> #sdk::Migrated {
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
        return quote!(#sdk::lang::compile_error!(#message););
    }
    let limits = match (&model.start.config, &embedded) {
        (None, _) => quote!(
            const LIMITS: #sdk::Limits = #sdk::Limits::NONE;
        ),
        (Some(_), None) => quote!(),
        (Some(_), Some(file)) => quote! {
            #[cfg(target_family = "wasm")]
            const LIMITS: #sdk::Limits = #sdk::Limits::of(#sdk::lang::include_str!(#file));
        },
    };
    let embedded = embedded.map(|file| {
        quote! {
            #[cfg(target_family = "wasm")]
            fn schema() -> #sdk::Cow<'static, #sdk::lang::str> {
                #sdk::Cow::Borrowed(#sdk::lang::include_str!(#file))
            }
        }
    });
    let made = mixed("made");
    let unless = embedded.is_some().then(|| quote!(#[cfg(not(target_family = "wasm"))]));
    quote! {
        #limits
        #embedded
        #unless
        fn schema() -> #sdk::Cow<'static, #sdk::lang::str> {
            // Looked at by every start, for its limits. Not a lock, which a trap would leave held.
            #sdk::lang::thread_local! {
                static MADE: #sdk::MadeSchema = const { #sdk::MadeSchema::new() };
            }
            MADE.with(|#made| #made.get_or_init(#sdk::schema_of::<Self>).clone())
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
    let source = match &handler.source {
        Source::Used => quote!(#sdk::Source::Used),
        Source::All => quote!(#sdk::Source::All),
        Source::Named(_) => {
            let method = source_name(handler);
            quote!(#sdk::Source::Named(<#ty>::#method))
        }
    };
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
            source: #source,
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
    let (parameters, arguments) = parameters_of(exports::EXCHANGED, sdk);
    let types = quote!(#sdk::lang);
    let one = |function: &Function, name: &str, what: &str| {
        let cfgs = &function.cfgs;
        let what = syn::Ident::new(what, Span::call_site());
        quote! {
            #(#cfgs)*
            const _: () = {
                #[unsafe(export_name = #name)]
                extern "C" fn handler(#parameters) -> #types::i32 {
                    #sdk::#what::<#ty>(#name, #arguments)
                }
            };
        }
    };
    let puts = model.puts.iter().map(|put| one(&put.function, &put.export(), "put"));
    let endpoints = model
        .endpoints
        .iter()
        .map(|endpoint| one(&endpoint.function, &http_export(&endpoint.function.ident), "http"));
    let list = (!model.endpoints.is_empty())
        .then(|| exported(&exports::HTTP_ENDPOINTS, &quote!(#sdk::http_endpoints::<#ty>), sdk));
    quote!(#(#puts)* #(#endpoints)* #list)
}

/// A method, so that the author's `self` means what it says.
fn period_method(handler: &TimerHandler, sdk: &TokenStream) -> Option<TokenStream> {
    let Period::Expression(expression) = &handler.period else {
        return None;
    };
    let method = period_name(handler);
    let cfgs = &handler.function.cfgs;
    // Where a `macro_rules!` is around, one `self` is not the other.
    let this = first_self(expression.to_token_stream())
        .unwrap_or_else(|| syn::Ident::new("self", Span::call_site()));
    Some(quote! {
        #(#cfgs)*
        #[doc(hidden)]
        fn #method(&#this) -> #sdk::Duration {
            #expression
        }
    })
}

fn first_self(tokens: TokenStream) -> Option<syn::Ident> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) if ident == "self" => Some(ident),
        TokenTree::Group(group) => first_self(group.stream()),
        _ => None,
    })
}

/// As [`period_method`], for the source that a handler of deltas names.
fn source_method(handler: &DeltaHandler, sdk: &TokenStream) -> Option<TokenStream> {
    let Source::Named(expression) = &handler.source else {
        return None;
    };
    let method = source_name(handler);
    let cfgs = &handler.function.cfgs;
    Some(quote! {
        #(#cfgs)*
        #[doc(hidden)]
        fn #method(&self) -> &#sdk::lang::str {
            #expression
        }
    })
}

fn source_name(handler: &DeltaHandler) -> syn::Ident {
    format_ident!("__signalk_source_of_{}", handler.function.ident)
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

/// An export: one line, which calls the function of the SDK that does its work.
pub(crate) fn exported(
    export: &contract::Function,
    function: &TokenStream,
    sdk: &TokenStream,
) -> TokenStream {
    let name = export.name;
    let (parameters, arguments) = parameters_of(export.arguments, sdk);
    let result = export.result.map(|_| quote!(-> #sdk::lang::i32));
    quote! {
        const _: () = {
            #[unsafe(export_name = #name)]
            extern "C" fn export(#parameters) #result {
                #function(#arguments)
            }
        };
    }
}

/// The parameters of an export and the same as arguments, by names that are nobody's, and types that are
/// the language's whatever the author's module calls so.
fn parameters_of(arguments: &[Argument], sdk: &TokenStream) -> (TokenStream, TokenStream) {
    let types = quote!(#sdk::lang);
    let mut names = Vec::new();
    let mut parameters = TokenStream::new();
    let mut add = |name: &str, ty: TokenStream| {
        let name = mixed(name);
        parameters.extend(quote!(#name: #ty,));
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
                add("number", quote!(#types::usize))
            }
        }
    }
    (parameters, quote!(#(#names),*))
}

/// One line each: what they do is in the SDK, where tests reach it.
fn exports(model: &Model, sdk: &TokenStream) -> TokenStream {
    let ty = &model.plugin;
    let types = quote!(#sdk::lang);
    let [pointer, len] = ["pointer", "len"].map(mixed);
    let hears = !model.deltas.is_empty() || !model.kept.is_empty();
    let export = |export: contract::Function, function: TokenStream| {
        exported(&export, &quote!(#sdk::#function::<#ty>), sdk)
    };
    let fixed = [
        export(exports::PLUGIN_ID, quote!(plugin_id)),
        export(exports::PLUGIN_NAME, quote!(plugin_name)),
        export(exports::PLUGIN_SCHEMA, quote!(plugin_schema)),
        export(exports::PLUGIN_START, quote!(plugin_start)),
        export(exports::PLUGIN_STOP, quote!(plugin_stop)),
        export(exports::POLL, quote!(poll)),
    ];
    let delta_handler = hears.then(|| export(exports::DELTA_HANDLER, quote!(delta_handler)));
    let requests = request_exports(model, sdk);
    let providers = providers::exports(model, sdk);
    let capabilities = capabilities::section(model, sdk);
    let allocate = match model.large_responses {
        Some(_) => quote!(#sdk::allocate_roomy::<#ty>),
        None => quote!(#sdk::allocate),
    };
    let (allocate_name, deallocate_name) = (exports::ALLOCATE.name, exports::DEALLOCATE.name);
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
