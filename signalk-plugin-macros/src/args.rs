//! The arguments of our attributes: literals first, then `key = value`.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, LitBool, LitStr, Member, Meta, Token};

use crate::mistakes::{Mistakes, meant, shown};
use crate::peel;

/// One argument.
pub(crate) enum Arg {
    Value(Expr),
    Pair(Ident, Expr),
}

impl Parse for Arg {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let is_key = input.peek(Ident) || input.peek(Token![crate]);
        if is_key && input.peek2(Token![=]) && !input.peek2(Token![==]) {
            let key = input.call(Ident::parse_any)?;
            input.parse::<Token![=]>()?;
            return Ok(Self::Pair(key, peel::expression(input.parse()?)));
        }
        Ok(Self::Value(peel::expression(input.parse()?)))
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
    let message = match without_quotes(value) {
        Some(bare) => format!("`{key}` takes a text: write `{key} = \"{bare}\"`"),
        None => format!(
            "`{key}` takes a text, which has to stand here: write `{key} = \"…\"` with its letters"
        ),
    };
    mistakes.at(value, message);
    None
}

/// A text whose quotes were forgotten, `navigation.position` for example; `None` for an expression
/// that is more than that, or a constant, whose value is not known here.
pub(crate) fn without_quotes(value: &Expr) -> Option<String> {
    let is_plain = |name: &Ident| name.unraw() != "self" && is_lower_case(name);
    match value {
        Expr::Lit(literal) => Some(shown(literal)),
        Expr::Path(path) => path.path.get_ident().filter(|name| is_plain(name)).map(shown),
        Expr::Field(field) => {
            let before = without_quotes(&field.base)?;
            let Member::Named(name) = &field.member else {
                return None;
            };
            Some([&*before, ".", &*name.unraw().to_string()].concat())
        }
        Expr::Binary(binary) => {
            let (left, right) = (without_quotes(&binary.left)?, without_quotes(&binary.right)?);
            Some([&*left, &*shown(&binary.op), &*right].concat())
        }
        _ => None,
    }
}

fn is_lower_case(name: &Ident) -> bool {
    name.to_string().chars().any(char::is_lowercase)
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
