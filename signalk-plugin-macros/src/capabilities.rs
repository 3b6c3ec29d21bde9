//! What the plugin needs of package.json, as far as its `impl` block tells, in a custom section of
//! the .wasm. Tools read it there; what the imports tell beside it, they see for themselves.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::LitByteStr;

use crate::model::Model;

/// The name of the section.
const SECTION: &str = "signalk-plugin-sdk";

pub(crate) fn section(model: &Model, sdk: &TokenStream) -> TokenStream {
    let text = text(model);
    let bytes = LitByteStr::new(text.as_bytes(), Span::call_site());
    let len = text.len();
    quote! {
        // A plain array in the crate's own root: a reference, or a static of another crate, would
        // be gone after linking.
        #[used]
        #[unsafe(link_section = #SECTION)]
        static CAPABILITIES: [#sdk::lang::u8; #len] = *#bytes;
    }
}

fn text(model: &Model) -> String {
    let needed = [
        ("dataRead", !model.deltas.is_empty() || !model.kept.is_empty()),
        ("putHandlers", !model.puts.is_empty()),
        ("httpEndpoints", !model.endpoints.is_empty()),
        ("resourceProvider", !model.resources.is_empty()),
        ("weatherProvider", model.weather.is_some()),
        ("radarProvider", model.radar.is_some()),
    ];
    let needed = needed.into_iter().filter(|(_, needed)| *needed);
    let needed: Vec<_> = needed.map(|(name, _)| format!("\"{name}\":true")).collect();
    format!(
        "{{\"sdk\":\"{}\",\"wasmCapabilities\":{{{}}}}}",
        env!("CARGO_PKG_VERSION"),
        needed.join(",")
    )
}
