//! Under which `#[cfg(…)]`s a function is there, so that what is written for it can follow.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Meta, parse_quote};

/// The `#[cfg(…)]`s of a function. One inside of a `#[cfg_attr(…)]` is written as it works out:
/// `cfg_attr(a, cfg(b))` is `cfg(any(not(a), b))`.
pub(crate) fn of(attributes: &[Attribute]) -> Vec<Attribute> {
    let mut found = Vec::new();
    for attribute in attributes {
        if attribute.path().is_ident("cfg") {
            found.push(attribute.clone());
        } else {
            walk(&attribute.meta, &mut Vec::new(), &mut |conditions, meta| {
                if let Some(inner) = arguments_of(meta, "cfg") {
                    found.push(parse_quote!(#[cfg(any(not(all(#(#conditions),*)), #inner))]));
                }
            });
        }
    }
    found
}

/// The attributes inside of a `#[cfg_attr(…)]` that `is_meant` picks, each with its conditions.
pub(crate) fn hidden(
    attribute: &Attribute,
    is_meant: impl Fn(&Meta) -> bool,
) -> Vec<(Vec<TokenStream>, Meta)> {
    let mut found = Vec::new();
    walk(&attribute.meta, &mut Vec::new(), &mut |conditions, meta| {
        if is_meant(meta) {
            found.push((conditions.to_vec(), meta.clone()));
        }
    });
    found
}

/// Calls `visit` with each attribute inside of a `cfg_attr` and the conditions that it is under.
fn walk(
    meta: &Meta,
    conditions: &mut Vec<TokenStream>,
    visit: &mut dyn FnMut(&[TokenStream], &Meta),
) {
    let Some(arguments) = arguments_of(meta, "cfg_attr") else {
        return;
    };
    let mut arguments = split(arguments).into_iter();
    let Some(condition) = arguments.next() else {
        return;
    };
    conditions.push(condition);
    // What cannot be read, the compiler complains of.
    for inner in arguments.filter_map(|tokens| syn::parse2::<Meta>(tokens).ok()) {
        visit(conditions, &inner);
        walk(&inner, conditions, visit);
    }
    conditions.pop();
}

fn arguments_of(meta: &Meta, name: &str) -> Option<TokenStream> {
    match meta {
        Meta::List(list) if list.path.is_ident(name) => Some(list.tokens.clone()),
        _ => None,
    }
}

/// The parts between commas, without empty ones.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        match (&token, parts.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ',' => {
                parts.push(TokenStream::new());
            }
            (_, Some(part)) => token.to_tokens(part),
            (_, None) => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(attributes: &[Attribute]) -> Vec<String> {
        attributes.iter().map(|it| it.to_token_stream().to_string().replace(' ', "")).collect()
    }

    #[test]
    fn a_cfg_inside_of_a_cfg_attr_counts_where_its_condition_holds() {
        let function: syn::ItemFn = parse_quote! {
            #[cfg(unix)]
            #[inline]
            #[cfg_attr(test, inline, cfg(feature = "a"), cfg_attr(windows, cfg(all(b, c)), cold))]
            #[cfg_attr(feature = "x", allow(unused))]
            #[cfg_attr(nonsense)]
            fn handler() {}
        };
        assert_eq!(
            shown(&of(&function.attrs)),
            [
                "#[cfg(unix)]",
                "#[cfg(any(not(all(test)),feature=\"a\"))]",
                "#[cfg(any(not(all(test,windows)),all(b,c)))]",
            ]
        );
    }
}
