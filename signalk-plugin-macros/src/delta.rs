//! `#[delta("path", …)]`: functions that take values, or whole deltas.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use signalk_plugin_contract::SELF_CONTEXT;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Ident, ImplItemFn, Lit, LitStr, Type};

use crate::arguments::{self, Arguments};
use crate::code::{self, Target, mixed};
use crate::mistakes::{Mistakes, shown};
use crate::path::{self, Use};
use crate::signature::{Function, function_of, is_str, owned, parameters};
use crate::{parts, peel};

pub(crate) struct Handler {
    function: Function,
    context: Option<LitStr>,
    echo: bool,
    source: Source,
    takes: Takes,
}

/// The sources of which values are taken.
enum Source {
    /// One at a time.
    Used,
    All,
    /// A text, or an expression of `self` that gives one.
    Named(Box<Expr>),
}

enum Takes {
    Values { paths: Vec<LitStr>, value: Box<Type>, arguments: Vec<Argument> },
    Delta,
    Text,
}

/// A parameter of a function that takes values.
enum Argument {
    Value,
    Origin,
    /// `Path<…>`: the parts of the path that vary.
    Path(Box<Type>),
}

pub(crate) fn understand(
    attribute: &Attribute,
    function: &ImplItemFn,
    mistakes: &mut Mistakes,
) -> Option<Handler> {
    let mut arguments = Arguments::of(attribute, mistakes)?;
    let paths = paths(arguments.values(), mistakes);
    let context = arguments.string("context", mistakes);
    if let Some(context) = &context {
        path::check_context(context, mistakes);
    }
    let echo = arguments.boolean("echo", mistakes);
    let named = arguments.pair("source", mistakes);
    let named = named.and_then(|(key, value)| Some((key, source(value, mistakes)?)));
    let all = arguments.boolean("all_sources", mistakes);
    arguments.end(mistakes);
    let takes = takes(attribute, paths?, function, mistakes)?;
    let all = all.map(|(key, all)| (key, all.value));
    let source = source_of(named, all, &takes, mistakes);
    Some(Handler {
        function: function_of(function),
        context: context.filter(|context| context.value() != SELF_CONTEXT),
        echo: echo.is_some_and(|(_, echo)| echo.value),
        source,
        takes,
    })
}

fn paths(values: Vec<Expr>, mistakes: &mut Mistakes) -> Option<Vec<LitStr>> {
    let mut paths = Vec::new();
    for value in values {
        if let Expr::Lit(literal) = &value
            && let Lit::Str(text) = &literal.lit
        {
            if path::check_path(text, Use::Delta, mistakes) {
                paths.extend(path::expanded(text, Use::Delta, mistakes)?);
            } else {
                paths.push(text.clone());
            }
            continue;
        }
        let message = match arguments::without_quotes(&value) {
            _ if shown(&value) == "all_sources" => "write `all_sources = true`".to_owned(),
            Some(bare) => format!("a path is a text: write `#[delta(\"{bare}\")]`"),
            None => "a path is a text that is known when the plugin is compiled: write `#[delta(\"navigation.position\")]`, or one with a star, as in `#[delta(\"tanks.*\")]`, and choose by the `path` of a second parameter `&Origin`".to_owned(),
        };
        mistakes.at(&value, message);
        return None;
    }
    Some(paths)
}

/// The value of `source`.
fn source(value: Expr, mistakes: &mut Mistakes) -> Option<Box<Expr>> {
    if let Expr::Lit(literal) = &value {
        match &literal.lit {
            Lit::Str(text) if text.value().trim().is_empty() => {
                mistakes.at(text, "the source is empty: write its reference, `source = \"gps.GP\"` for example, or leave it out");
                return None;
            }
            Lit::Str(_) => {}
            other => {
                let bare = shown(other);
                mistakes.at(other, format!("a source is a text: write `source = \"{bare}\"`"));
                return None;
            }
        }
    }
    Some(Box::new(value))
}

fn source_of(
    named: Option<(Ident, Box<Expr>)>,
    all: Option<(Ident, bool)>,
    takes: &Takes,
    mistakes: &mut Mistakes,
) -> Source {
    let key = named.as_ref().map(|(key, _)| key).or(all.as_ref().map(|(key, _)| key));
    if let (Some(key), Takes::Delta | Takes::Text) = (key, takes) {
        mistakes.at(
            key,
            format!("whole deltas come from every source: remove `{key}`, or name a path"),
        );
        return Source::Used;
    }
    match (named, all) {
        (Some(_), Some((key, true))) => {
            mistakes.at(
                &key,
                "`source` takes one source, and `all_sources` all of them: keep one of the two",
            );
            Source::Used
        }
        (Some((_, source)), _) => Source::Named(source),
        (None, Some((_, true))) => Source::All,
        (None, _) => Source::Used,
    }
}

fn takes(
    attribute: &Attribute,
    paths: Vec<LitStr>,
    function: &ImplItemFn,
    mistakes: &mut Mistakes,
) -> Option<Takes> {
    let name = &function.sig.ident;
    let parameters = parameters(function);
    if paths.is_empty() {
        return match parameters.as_slice() {
            [Type::Reference(reference)] if is_str(&reference.elem) => Some(Takes::Text),
            [Type::Reference(_)] => Some(Takes::Delta),
            _ => {
                mistakes.at(
                    attribute,
                    format!("without a path this takes whole deltas: write `fn {name}(&mut self, delta: &Delta)`, or `&str` for the JSON text; or name a path, as in `#[delta(\"navigation.position\")]`"),
                );
                None
            }
        };
    }
    let is_path = |parameter: &&Type| is_path(parameter);
    let (taken, others): (Vec<&Type>, Vec<&Type>) = parameters.iter().copied().partition(is_path);
    if let Some(path) = taken.first() {
        check_names(path, &paths, mistakes);
    }
    if let Some(second) = taken.get(1) {
        mistakes.at(second, "one `Path` has all parts of the path that vary, as a struct with a field for each: remove this");
        return None;
    }
    let value = match others.as_slice() {
        [] => {
            mistakes.at(name, format!("`{name}` has no parameter for the value: write `fn {name}(&mut self, value: Option<f64>)`, or whatever type the path has"));
            return None;
        }
        [_, _, third, ..] => {
            mistakes.at(third, format!("`{name}` gets the value and, where it wants it, `&Origin`, which has path, source and time: remove this"));
            return None;
        }
        [Type::Reference(reference), ..] => {
            let owned = owned(&reference.elem);
            mistakes.at(reference, format!("`{name}` owns its value: write `Option<{owned}>`"));
            return None;
        }
        [value] | [value, Type::Reference(_)] => Box::new((*value).clone()),
        [_, second] => {
            mistakes
                .at(second, "the second parameter says where the value came from: write `&Origin`");
            return None;
        }
    };
    let argument = |parameter: &&Type| match *parameter {
        Type::Reference(_) => Argument::Origin,
        path if is_path(&path) => Argument::Path(Box::new(path.clone())),
        _ => Argument::Value,
    };
    let arguments = parameters.iter().map(argument).collect();
    Some(Takes::Values { paths, value, arguments })
}

/// Tells whether a parameter is the `Path<…>` of the parts that vary.
fn is_path(ty: &Type) -> bool {
    matches!(peel::ty(ty), Type::Path(path) if path.path.segments.last().is_some_and(|last| {
        last.ident == "Path" && matches!(last.arguments, syn::PathArguments::AngleBracketed(_))
    }))
}

/// Notes paths that do not have what `Path<…>` asks for.
fn check_names(ty: &Type, paths: &[LitStr], mistakes: &mut Mistakes) {
    let names = |path: &LitStr| {
        let path = path.value();
        let mut names: Vec<_> = parts::names(&path).into_iter().map(str::to_owned).collect();
        names.sort_unstable();
        names
    };
    let Some((first, others)) = paths.split_first() else {
        return;
    };
    let expected = names(first);
    if expected.is_empty() {
        let path = first.value();
        let example = match path.split_once('*') {
            Some((before, after)) => [before, ":id", after].concat(),
            None => "propulsion.:id.revolutions".to_owned(),
        };
        mistakes.at(
            ty,
            format!("no part of \"{path}\" varies: write `:id` for one, as in \"{example}\", or remove this"),
        );
        return;
    }
    if let Some(other) = others.iter().find(|other| names(other) != expected) {
        let expected: Vec<_> = expected.iter().map(|name| format!("`:{name}`")).collect();
        mistakes.at(
            other,
            format!("`Path` is read from every path, so each has the same parts that vary: write {} in this one, too", expected.join(" and ")),
        );
    }
}

impl Handler {
    /// The method that gives the source which is an expression.
    pub(crate) fn method(&self, Target { sdk, .. }: &Target) -> Option<TokenStream> {
        let Source::Named(expression) = &self.source else {
            return None;
        };
        let expression = expression.to_token_stream();
        let this = code::self_of(expression.clone());
        let output = quote!(&#sdk::lang::str);
        Some(code::method_of(&self.function, &self.method_name(), &this, &output, &expression))
    }

    fn method_name(&self) -> Ident {
        format_ident!("__signalk_source_of_{}", self.function.ident)
    }

    /// The entry in the table of handlers of deltas.
    pub(crate) fn entry(&self, target: &Target) -> TokenStream {
        let (ty, sdk) = (&target.plugin, &target.sdk);
        let Function { ident, cfgs, .. } = &self.function;
        let name = ident.unraw().to_string();
        let context = match &self.context {
            None => quote!(#sdk::ContextFilter::Own),
            Some(pattern) => quote!(#sdk::ContextFilter::Pattern(#pattern)),
        };
        let echo = self.echo;
        let source = match &self.source {
            Source::Used => quote!(#sdk::Source::Used),
            Source::All => quote!(#sdk::Source::All),
            Source::Named(_) => {
                let method = self.method_name();
                quote!(#sdk::Source::Named(<#ty>::#method))
            }
        };
        let takes = self.takes(target);
        quote! {
            #(#cfgs)*
            #sdk::DeltaHandler {
                name: #name,
                context: #context,
                echo: #echo,
                source: #source,
                takes: #takes,
            }
        }
    }

    fn takes(&self, target: &Target) -> TokenStream {
        let sdk = &target.sdk;
        let call = |arguments: TokenStream| code::result_of(&self.function, &arguments, target);
        let [plugin, delta] = ["plugin", "delta"].map(mixed);
        match &self.takes {
            Takes::Values { paths, value, arguments } => {
                let [raw, from, taken] = ["raw", "origin", "value"].map(mixed);
                let read = quote_spanned!(value.span()=> #sdk::with_value::<#value>);
                let argument = |argument: &Argument| match argument {
                    Argument::Value => quote!(#taken),
                    Argument::Origin => quote!(#from),
                    Argument::Path(ty) => quote_spanned! {ty.span()=>
                        <#ty as #sdk::FromPath>::from_path(&[#(#paths),*], #from.path)?
                    },
                };
                let arguments = arguments.iter().map(argument);
                let call = call(quote!(#plugin, #(#arguments),*));
                let has_names = |path: &LitStr| !parts::names(&path.value()).is_empty();
                // The runtime compares with stars, which it has for all plugins.
                let is_fit = paths.iter().any(has_names).then(|| {
                    quote! {
                        if !#sdk::fits_one_of(&[#(#paths),*], #from.path) {
                            return #sdk::lang::None;
                        }
                    }
                });
                let patterns = paths.iter().map(|path| parts::with_stars(&path.value()));
                quote! {
                    #sdk::Takes::Values(&[#(#patterns),*], |#plugin, #raw, #from| {
                        #is_fit
                        #read(#raw, #from.path, |#taken| #call)
                    })
                }
            }
            Takes::Delta => {
                let call = call(quote!(#plugin, #delta));
                quote!(#sdk::Takes::Delta(|#plugin, #delta| #call))
            }
            Takes::Text => {
                let call = call(quote!(#plugin, #delta));
                quote!(#sdk::Takes::Text(|#plugin, #delta| #call))
            }
        }
    }
}
