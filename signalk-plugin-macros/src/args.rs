//! The arguments of our attributes: literals first, then `key = value`.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, LitBool, LitStr, Meta, Token};

use crate::mistakes::{Mistakes, meant, shown};

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

/// The arguments of an attribute, an empty list for `#[name]`; `None` where they make no sense.
pub(crate) fn of_attribute(attribute: &Attribute, mistakes: &mut Mistakes) -> Option<Vec<Arg>> {
    match &attribute.meta {
        Meta::Path(_) => Some(Vec::new()),
        Meta::List(list) => of_tokens(list.tokens.clone(), mistakes),
        Meta::NameValue(pair) => {
            let (name, value) = (shown(&pair.path), shown(&pair.value));
            mistakes.at(pair, format!("write `#[{name}({value})]`"));
            None
        }
    }
}

pub(crate) fn of_tokens(tokens: TokenStream, mistakes: &mut Mistakes) -> Option<Vec<Arg>> {
    let parsed = Punctuated::<Arg, Token![,]>::parse_terminated.parse2(tokens);
    mistakes.keep(parsed).map(|list| list.into_iter().collect())
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
        if self.value.is_some() {
            return mistakes.at(&key, format!("`{key}` is given twice: keep one"));
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
    let bare = shown(value);
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
        None if known.is_empty() => format!("`#[{attribute}]` has no `{name}`: remove it"),
        Some(meant) => format!("`#[{attribute}]` has no `{name}`: write `{meant} = …`"),
        None => format!("`#[{attribute}]` has no `{name}`, only `{known_list}`"),
    };
    mistakes.at(key, message);
}
