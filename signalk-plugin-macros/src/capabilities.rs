//! What the plugin needs of package.json, as far as its `impl` block tells, in a custom section of
//! the .wasm. Tools read it there; what the imports tell beside it, they see for themselves.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use signalk_plugin_contract::{capability, package};
use syn::LitByteStr;

use crate::block::Block;

pub(crate) fn section(block: &Block, sdk: &TokenStream) -> TokenStream {
    const SECTION: &str = package::SECTION;
    let text = text(block);
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

fn text(Block { plugin, handlers, .. }: &Block) -> String {
    let needed = [
        (capability::DATA_READ, !handlers.deltas.is_empty() || !plugin.kept.is_empty()),
        (capability::PUT_HANDLERS, !handlers.puts.is_empty()),
        (capability::HTTP_ENDPOINTS, !handlers.endpoints.is_empty()),
        (capability::RESOURCE_PROVIDER, !plugin.resources.is_empty()),
        (capability::WEATHER_PROVIDER, plugin.weather.is_some()),
        (capability::RADAR_PROVIDER, plugin.radar.is_some()),
    ];
    let needed = needed.into_iter().filter(|(_, needed)| *needed);
    let needed: Vec<_> = needed.map(|(it, _)| format!("\"{}\":{}", it.key, it.value)).collect();
    format!(
        "{{\"sdk\":\"{}\",\"{}\":{{{}}}}}",
        env!("CARGO_PKG_VERSION"),
        package::CAPABILITIES,
        needed.join(",")
    )
}
