//! `fn start(config: Config) -> Result<Self>`, which makes the plugin and says what its configuration is.

use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, Ident, ImplItemFn, ItemImpl, ReturnType, Type};

use crate::code::{Target, mixed};
use crate::mistakes::{Mistakes, shown};
use crate::signature::check_plain;
use crate::{cfg, limits, peel};

/// The folder of the schemas of the build tool's first pass, one `<package>.json` each. With it
/// the bytes are embedded and the code that makes a schema stays out of the .wasm.
pub(crate) const SCHEMA_DIR: &str = "SIGNALK_PLUGIN_SCHEMA_DIR";

pub(crate) struct Start {
    pub(crate) config: Option<Type>,
    /// The return type, where a wrong one is to be told.
    output: TokenStream,
}

pub(crate) fn understand(function: &ImplItemFn, mistakes: &mut Mistakes) -> Option<Start> {
    let signature = &function.sig;
    if let Some(receiver) = signature.receiver() {
        mistakes.at(receiver, "`start` makes the plugin, so there is no `self` yet: write `fn start(config: Config) -> Result<Self>`");
        return None;
    }
    check_plain(function, mistakes);
    if let Some(cfg) = cfg::of(&function.attrs).first() {
        mistakes.at(cfg, "the plugin always has a `start`: put what depends on a `cfg` into it");
        return None;
    }
    let mut inputs = signature.inputs.iter();
    let config = inputs.next().and_then(|input| match input {
        FnArg::Typed(typed) => Some(peel::ty(&typed.ty).clone()),
        _ => None,
    });
    if let Some(second) = inputs.next() {
        mistakes.at(
            second,
            "`start` takes the configuration and nothing else: put it all into one struct",
        );
        return None;
    }
    if let Some(reference @ Type::Reference(inner)) = &config {
        let owned = shown(&inner.elem);
        mistakes.at(reference, format!("`start` owns the configuration: write `{owned}`"));
        return None;
    }
    match &signature.output {
        ReturnType::Default => {
            let end = signature.paren_token.span.close();
            mistakes.at_span(end, "`start` makes the plugin: write `-> Result<Self>`");
            None
        }
        ReturnType::Type(_, output) => Some(Start { config, output: output.to_token_stream() }),
    }
}

/// The one of all that were written.
pub(crate) fn only(
    block: &ItemImpl,
    starts: Vec<(Ident, Option<Start>)>,
    mistakes: &mut Mistakes,
) -> Option<Start> {
    let mut starts = starts.into_iter();
    let Some((_, start)) = starts.next() else {
        mistakes.at(
            &block.self_ty,
            "the plugin has no `start`: add `fn start(config: Config) -> Result<Self>`, or `fn start() -> Result<Self>` where there is nothing to configure",
        );
        return None;
    };
    // One that is wrong was told of.
    for (second, _) in starts.filter(|(_, understood)| understood.is_some()) {
        mistakes.at(&second, "a plugin has one `start`, and there is one above: keep one of them");
    }
    start
}

impl Start {
    /// The type of the configuration.
    pub(crate) fn config(&self, Target { sdk, .. }: &Target) -> TokenStream {
        match &self.config {
            Some(config) => quote!(#config),
            None => quote!(#sdk::NoConfig),
        }
    }

    /// The function of the trait.
    pub(crate) fn function(&self, Target { plugin: ty, sdk }: &Target) -> TokenStream {
        let output = &self.output;
        let config = mixed("config");
        let call = match &self.config {
            Some(_) => quote_spanned!(output.span()=> <#ty>::start(#config)),
            None => quote_spanned!(output.span()=> {
                let _ = #config;
                <#ty>::start()
            }),
        };
        let result = quote_spanned!(output.span()=> #sdk::StartReturn::<Self>::into_result(#call));
        quote! {
            fn start(#config: Self::Config) -> #sdk::Result<Self> {
                #result
            }
        }
    }

    /// The schema made at run time, or the bytes that the build tool made of it before.
    pub(crate) fn schema(&self, Target { sdk, .. }: &Target) -> TokenStream {
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
            let message =
                format!("{SCHEMA_DIR} names a folder by its whole path, from the root on");
            return quote!(#sdk::lang::compile_error!(#message););
        }
        let limits = match (&self.config, &embedded) {
            (None, _) => quote!(
                const LIMITS: #sdk::Limits = #sdk::Limits::NONE;
            ),
            (Some(_), None) => quote!(),
            (Some(_), Some(file)) => {
                // Where it cannot be read, `include_str!` says why.
                let schema = std::fs::read_to_string(file).unwrap_or_default();
                let limits = limits::expand(&schema, sdk);
                quote! {
                    #[cfg(target_family = "wasm")]
                    const LIMITS: #sdk::Limits = #limits;
                }
            }
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
}
