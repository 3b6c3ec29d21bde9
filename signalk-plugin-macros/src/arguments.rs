//! The arguments of our attributes: values first, then `key = value`.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, LitBool, LitStr, Member, Meta, Token};

use crate::mistakes::{Mistakes, shown};
use crate::peel;
use signalk_plugin_contract::spelling::nearest;

/// One argument.
enum Argument {
    Value(Expr),
    Pair(Ident, Expr),
}

impl Parse for Argument {
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

/// The arguments of one attribute. An attribute takes out what it knows; [`Self::end`] tells of the keys that
/// are left, by those that were asked for.
pub(crate) struct Arguments {
    attribute: String,
    values: Vec<Expr>,
    pairs: Vec<(Ident, Expr)>,
    known: Vec<&'static str>,
}

impl Arguments {
    /// The arguments of an attribute of a function, none for `#[name]`; `None` if they make no sense.
    pub(crate) fn of(attribute: &Attribute, mistakes: &mut Mistakes) -> Option<Self> {
        let tokens = match &attribute.meta {
            Meta::Path(_) => TokenStream::new(),
            Meta::List(list) => list.tokens.clone(),
            Meta::NameValue(pair) => {
                let (name, value) = (shown(&pair.path), shown(&pair.value));
                mistakes.at(pair, format!("write `#[{name}({value})]`"));
                return None;
            }
        };
        Self::of_tokens(&shown(attribute.path()), tokens, mistakes)
    }

    /// The arguments of the attribute of that name.
    pub(crate) fn of_tokens(
        attribute: &str,
        tokens: TokenStream,
        mistakes: &mut Mistakes,
    ) -> Option<Self> {
        let parsed = Punctuated::<Argument, Token![,]>::parse_terminated.parse2(tokens);
        let (mut values, mut pairs) = (Vec::new(), Vec::new());
        for argument in mistakes.keep(parsed)? {
            match argument {
                Argument::Value(value) => values.push(value),
                Argument::Pair(key, value) => pairs.push((key, value)),
            }
        }
        Some(Self { attribute: attribute.to_owned(), values, pairs, known: Vec::new() })
    }

    /// Takes the values, in their order.
    pub(crate) fn values(&mut self) -> Vec<Expr> {
        std::mem::take(&mut self.values)
    }

    /// Takes the value of a key that may be given once.
    pub(crate) fn pair(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes,
    ) -> Option<(Ident, Expr)> {
        self.known.push(key);
        let mut given = self.pairs.extract_if(.., |(given, _)| given == key);
        let first = given.next();
        for (second, _) in given {
            mistakes.at(&second, format!("`{key}` is given twice: keep one"));
        }
        first
    }

    /// Takes the pairs of a key that takes no value.
    pub(crate) fn stray(&mut self, key: &str) -> Vec<(Ident, Expr)> {
        self.pairs.extract_if(.., |(given, _)| given == key).collect()
    }

    /// Takes a string literal, or tells how to write one.
    pub(crate) fn string(&mut self, key: &'static str, mistakes: &mut Mistakes) -> Option<LitStr> {
        let (_, value) = self.pair(key, mistakes)?;
        if let Expr::Lit(literal) = &value
            && let syn::Lit::Str(text) = &literal.lit
        {
            return Some(text.clone());
        }
        let message = match without_quotes(&value) {
            Some(bare) => format!("`{key}` takes a text: write `{key} = \"{bare}\"`"),
            None => format!(
                "`{key}` takes a text, which has to stand here: write `{key} = \"…\"` with its letters"
            ),
        };
        mistakes.at(&value, message);
        None
    }

    /// Takes `true` or `false`, with its key, or tells how to write it.
    pub(crate) fn boolean(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes,
    ) -> Option<(Ident, LitBool)> {
        let (ident, value) = self.pair(key, mistakes)?;
        if let Expr::Lit(literal) = &value
            && let syn::Lit::Bool(value) = &literal.lit
        {
            return Some((ident, value.clone()));
        }
        mistakes.at(&value, format!("`{key}` is `true` or `false`: write `{key} = true`"));
        None
    }

    /// The keys that were asked for.
    pub(crate) fn known(&self) -> &[&'static str] {
        &self.known
    }

    /// Tells of the keys that the attribute does not have; whether there are none.
    pub(crate) fn end(self, mistakes: &mut Mistakes) -> bool {
        let Self { attribute, pairs, known, .. } = self;
        let is_right = pairs.is_empty();
        for (key, _) in pairs {
            let name = key.to_string();
            let message = match nearest(&name, known.iter().copied()) {
                None if known.is_empty() => format!("`#[{attribute}]` has no `{name}`: remove it"),
                Some(meant) => format!("`#[{attribute}]` has no `{name}`: write `{meant} = …`"),
                None => {
                    format!("`#[{attribute}]` has no `{name}`, only `{}`", known.join("`, `"))
                }
            };
            mistakes.at(&key, message);
        }
        is_right
    }
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

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    /// What an attribute that knows `first` and `second` tells of its arguments.
    fn told(tokens: TokenStream) -> String {
        let mut mistakes = Mistakes::default();
        if let Some(mut arguments) = Arguments::of_tokens("test", tokens, &mut mistakes) {
            arguments.string("first", &mut mistakes);
            arguments.boolean("second", &mut mistakes);
            arguments.end(&mut mistakes);
        }
        mistakes.into_compile_errors().unwrap_or_default().to_string()
    }

    #[test]
    fn a_key_is_known_by_being_asked_for() {
        assert_eq!(told(quote!(1, first = "a", second = true)), "");
        let told_of_unknown = told(quote!(third = 1));
        assert!(told_of_unknown.contains("`#[test]` has no `third`, only `first`, `second`"));
        assert!(told(quote!(secnod = true)).contains("write `second = …`"));
        assert!(
            told(quote!(first = "a", first = "b")).contains("`first` is given twice: keep one")
        );
        assert!(told(quote!(second = 1)).contains("write `second = true`"));
    }
}
