//! The arguments of our attributes: literals first, then `key = value`.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, LitBool, LitStr, Meta, Token};

use crate::mistakes::{Mistakes, meant};

/// One argument.
pub(crate) enum Arg {
    Value(Expr),
    Pair(Ident, Expr),
}

impl Parse for Arg {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Ident) && input.peek2(Token![=]) && !input.peek2(Token![==]) {
            let key = input.parse()?;
            input.parse::<Token![=]>()?;
            return Ok(Self::Pair(key, input.parse()?));
        }
        Ok(Self::Value(input.parse()?))
    }
}

/// The arguments of an attribute, none for `#[name]`.
pub(crate) fn of_attribute(attribute: &Attribute, mistakes: &mut Mistakes) -> Vec<Arg> {
    match &attribute.meta {
        Meta::Path(_) => Vec::new(),
        Meta::List(list) => of_tokens(list.tokens.clone(), mistakes),
        Meta::NameValue(pair) => {
            let name = quote::quote!(#pair).to_string();
            let name = name.split(' ').next().unwrap_or_default();
            mistakes.at(pair, format!("write `#[{name}(…)]`, with parentheses"));
            Vec::new()
        }
    }
}

pub(crate) fn of_tokens(tokens: TokenStream, mistakes: &mut Mistakes) -> Vec<Arg> {
    let parsed = Punctuated::<Arg, Token![,]>::parse_terminated.parse2(tokens);
    mistakes.keep(parsed).map(|list| list.into_iter().collect()).unwrap_or_default()
}

/// The value of a key that may be given once.
pub(crate) struct Once<T> {
    value: Option<(Ident, T)>,
}

impl<T> Once<T> {
    pub(crate) fn new() -> Self {
        Self { value: None }
    }

    pub(crate) fn set(&mut self, key: Ident, value: Option<T>, mistakes: &mut Mistakes) {
        if let Some((first, _)) = &self.value {
            let mut error =
                syn::Error::new(key.span(), format!("`{key}` is given twice: keep one"));
            error.combine(syn::Error::new(first.span(), "given first here"));
            return mistakes.push(error);
        }
        if let Some(value) = value {
            self.value = Some((key, value));
        }
    }

    pub(crate) fn get(self) -> Option<T> {
        self.value.map(|(_, value)| value)
    }
}

/// A string literal, or a mistake that shows how to write one.
pub(crate) fn string(key: &str, value: &Expr, mistakes: &mut Mistakes) -> Option<LitStr> {
    if let Expr::Lit(literal) = value
        && let syn::Lit::Str(text) = &literal.lit
    {
        return Some(text.clone());
    }
    let bare = quote::quote!(#value).to_string().replace(' ', "");
    mistakes.at(value, format!("`{key}` takes a text: write `{key} = \"{bare}\"`"));
    None
}

/// `true` or `false`, or a mistake that shows how to write it.
pub(crate) fn boolean(key: &str, value: &Expr, mistakes: &mut Mistakes) -> Option<LitBool> {
    if let Expr::Lit(literal) = value
        && let syn::Lit::Bool(value) = &literal.lit
    {
        return Some(value.clone());
    }
    mistakes.at(value, format!("`{key}` is `true` or `false`: write `{key} = true`"));
    None
}

/// Tells of a key that the attribute does not have.
pub(crate) fn unknown(key: &Ident, attribute: &str, known: &[&str], mistakes: &mut Mistakes) {
    let name = key.to_string();
    let known_list = known.join("`, `");
    let message = match meant(&name, known) {
        Some(meant) => format!("`#[{attribute}]` has no `{name}`: write `{meant} = …`"),
        None => format!("`#[{attribute}]` has no `{name}`, only `{known_list}`"),
    };
    mistakes.at(key, message);
}
