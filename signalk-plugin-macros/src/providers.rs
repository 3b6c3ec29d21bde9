//! What is written for a provider of resources, weather or radars.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use signalk_plugin_contract::provider_calls;
use signalk_plugin_contract::providers::{self as contract, Call};
use syn::Ident;
use syn::spanned::Spanned;

use crate::code::{self, Target};
use crate::plugin::Plugin;

/// A call of the contract's table, as code is written for it.
struct Entry {
    call: Call,
    /// The module and the function of the SDK that answer it.
    provider: &'static str,
    function: &'static str,
}

macro_rules! entries {
    ($($provider:ident { $(
        $constant:ident: $export:ident($($request:ident)?), $function:ident, $words:literal, $reply:ident;
    )* })*) => {
        const CALLS: &[Entry] = &[$($(Entry {
            call: contract::$provider::$constant,
            provider: stringify!($provider),
            function: stringify!($function),
        }),*),*];
    };
}

provider_calls!(entries);

/// The calls that announce them at the start.
pub(crate) fn announcements(plugin: &Plugin, sdk: &TokenStream) -> TokenStream {
    let resources =
        (!plugin.resources.is_empty()).then(|| quote!(#sdk::announce_resources::<Self>();));
    let weather = plugin.weather.as_ref().map(|_| quote!(#sdk::announce_weather::<Self>();));
    let radar = plugin.radar.as_ref().map(|_| quote!(#sdk::announce_radar::<Self>();));
    quote!(#resources #weather #radar)
}

/// The table of the types of resources, and a line for each trait that is missing.
pub(crate) fn tables(plugin: &Plugin, Target { plugin: ty, sdk }: &Target) -> TokenStream {
    let types = &plugin.resources;
    let entries =
        types.iter().map(|kind| quote_spanned!(kind.span()=> #sdk::ResourceType::of::<#kind>()));
    let resources = (!types.is_empty()).then(|| {
        quote! {
            #[automatically_derived]
            impl #sdk::ServesResources for #ty {
                const RESOURCES: &'static [#sdk::ResourceType<Self>] = &[#(#entries),*];
            }

            const _: () = #sdk::lang::assert!(
                #sdk::are_different::<#ty>(<#ty as #sdk::ServesResources>::RESOURCES),
                "two of the types in `resources(…)` have the same `TYPE`: the server knows them by it"
            );
        }
    });
    let check = |word: &syn::Expr, name: &str| {
        let provider = Ident::new(name, Span::call_site());
        let call = quote_spanned!(word.span()=> provides(#sdk::Type::<#ty>::new()));
        quote! {
            const _: () = {
                const fn provides<P: #sdk::#provider>(_: #sdk::Type<P>) {}
                #call;
            };
        }
    };
    let weather = plugin.weather.as_ref().map(|word| check(word, "WeatherProvider"));
    let radar = plugin.radar.as_ref().map(|word| check(word, "RadarProvider"));
    quote!(#resources #weather #radar)
}

/// One line each.
pub(crate) fn exports(plugin: &Plugin, target: &Target) -> TokenStream {
    let provided = |provider: &str| match provider {
        "resources" => !plugin.resources.is_empty(),
        "weather" => plugin.weather.is_some(),
        _ => plugin.radar.is_some(),
    };
    let entries = CALLS.iter().filter(|entry| provided(entry.provider));
    entries.map(|entry| export(entry, target)).collect()
}

fn export(entry: &Entry, target: &Target) -> TokenStream {
    let [provider, function] =
        [entry.provider, entry.function].map(|name| Ident::new(name, Span::call_site()));
    code::export(&entry.call.export, &quote!(#provider::#function), target)
}
