//! The path by which the code that is written finds the SDK.

use proc_macro_crate::{Error, FoundCrate, crate_name};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Ident, Path};

use crate::mistakes::Mistakes;

const PACKAGE: &str = "signalk-plugin-sdk";

/// The module for the code that is written: below the path that the author names, or that of the
/// dependency, whatever its name is in Cargo.toml.
pub(crate) fn private(named: Option<&Path>, mistakes: &mut Mistakes) -> TokenStream {
    if let Some(path) = named {
        return quote!(#path::__private);
    }
    let name = match crate_name(PACKAGE) {
        Ok(FoundCrate::Name(name)) => name,
        Err(Error::CrateNotFound { .. }) => {
            mistakes.at_span(
                Span::call_site(),
                "the plugin's Cargo.toml has no dependency `signalk-plugin-sdk`: add it, or write `#[signalk_plugin(crate = path::to::signalk_plugin_sdk)]` where another crate re-exports it",
            );
            return TokenStream::new();
        }
        // Its own tests and examples; or no Cargo.toml to look at, and then the compiler tells.
        Ok(FoundCrate::Itself) | Err(_) => "signalk_plugin_sdk".to_owned(),
    };
    let name = Ident::new(&name, Span::call_site());
    quote!(::#name::__private)
}
