//! What is written for a provider of resources, weather or radars.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use crate::expand::{AnsweringExport, writing_export};
use crate::model::Model;

const RESOURCES: [&str; 4] = [
    "resources_list_resources",
    "resources_get_resource",
    "resources_set_resource",
    "resources_delete_resource",
];
const WEATHER: [&str; 3] =
    ["weather_get_observations", "weather_get_forecasts", "weather_get_warnings"];
const RADAR: [&str; 16] = [
    "radar_get_radar_info",
    "radar_set_power",
    "radar_set_range",
    "radar_set_gain",
    "radar_set_sea",
    "radar_set_rain",
    "radar_set_controls",
    "radar_get_capabilities",
    "radar_get_state",
    "radar_get_control",
    "radar_set_control",
    "radar_acquire_target",
    "radar_cancel_target",
    "radar_get_targets",
    "radar_get_arpa_settings",
    "radar_set_arpa_settings",
];

/// The calls that announce them at the start.
pub(crate) fn announcements(model: &Model, sdk: &TokenStream) -> TokenStream {
    let resources =
        (!model.resources.is_empty()).then(|| quote!(#sdk::announce_resources::<Self>();));
    let weather = model.weather.as_ref().map(|_| quote!(#sdk::announce_weather::<Self>();));
    let radar = model.radar.as_ref().map(|_| quote!(#sdk::announce_radar::<Self>();));
    quote!(#resources #weather #radar)
}

/// The table of the types of resources, and a line for each trait that is missing.
pub(crate) fn tables(model: &Model, sdk: &TokenStream) -> TokenStream {
    let ty = &model.plugin;
    let types = &model.resources;
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
    let weather = model.weather.as_ref().map(|word| check(word, "WeatherProvider"));
    let radar = model.radar.as_ref().map(|word| check(word, "RadarProvider"));
    quote!(#resources #weather #radar)
}

/// One line each.
pub(crate) fn exports(model: &Model, sdk: &TokenStream) -> TokenStream {
    let ty = &model.plugin;
    let AnsweringExport { signature, arguments } = AnsweringExport::new(sdk);
    let one = |name: &&str| {
        let name = Ident::new(name, Span::call_site());
        quote! {
            #[unsafe(no_mangle)]
            extern "C" fn #name #signature {
                #sdk::#name::<#ty>(#arguments)
            }
        }
    };
    let all = |names: &[&str]| names.iter().map(one).collect::<TokenStream>();
    let resources = (!model.resources.is_empty()).then(|| all(&RESOURCES));
    let weather = model.weather.as_ref().map(|_| all(&WEATHER));
    let radar = model.radar.as_ref().map(|_| {
        let rest = all(&RADAR);
        let list = writing_export("radar_get_radars", ty, sdk);
        quote!(#list #rest)
    });
    quote!(#resources #weather #radar)
}
