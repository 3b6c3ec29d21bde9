//! `#[every("10s")]`: functions that run from time to time.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use signalk_plugin_contract::POLL_INTERVAL;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Ident, ImplItemFn, Lit, LitStr, Type};

use crate::arguments::Arguments;
use crate::code::{self, Target, mixed};
use crate::mistakes::{Mistakes, shown};
use crate::peel;
use crate::signature::{Function, function_of, parameters};

pub(crate) struct Handler {
    function: Function,
    period: Period,
    /// Tells whether it takes the time since it last ran.
    elapsed: bool,
}

enum Period {
    Literal(Duration),
    /// An expression of `self`.
    Expression(Box<Expr>),
}

pub(crate) fn understand(
    attribute: &Attribute,
    function: &ImplItemFn,
    mistakes: &mut Mistakes,
) -> Option<Handler> {
    let name = &function.sig.ident;
    let elapsed = match parameters(function).as_slice() {
        [] => false,
        [elapsed] if is_duration(elapsed) => true,
        [first, others @ ..] => {
            let extra = if is_duration(first) { others.first().unwrap_or(first) } else { first };
            mistakes.at(extra, format!("time brings no value: write `fn {name}(&mut self)`, or `fn {name}(&mut self, elapsed: Duration)` for the time since it last ran"));
            false
        }
    };
    let mut arguments = Arguments::of(attribute, mistakes)?;
    let mut values = arguments.values().into_iter();
    let is_right = arguments.end(mistakes);
    let Some(value) = values.next() else {
        if is_right {
            mistakes.at_span(attribute.meta.span(), format!("how often is `{name}` to run? Write `#[every(\"10s\")]`, or an expression of `self` that gives a `Duration`"));
        }
        return None;
    };
    let period = period(value, mistakes)?;
    for extra in values {
        mistakes.at(&extra, "`#[every]` takes one period: remove this");
    }
    Some(Handler { function: function_of(function), period, elapsed })
}

fn is_duration(ty: &Type) -> bool {
    matches!(peel::ty(ty), Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Duration"))
}

fn period(value: Expr, mistakes: &mut Mistakes) -> Option<Period> {
    match value {
        Expr::Lit(literal) => match literal.lit {
            Lit::Str(text) => duration(&text, mistakes).map(Period::Literal),
            other => {
                let bare = shown(&other);
                mistakes.at(&other, format!("a period has a unit: write `#[every(\"{bare}s\")]`"));
                None
            }
        },
        expression => Some(Period::Expression(Box::new(expression))),
    }
}

/// Reads `"10s"`, `"5m"`, `"1h 30m"`.
fn duration(literal: &LitStr, mistakes: &mut Mistakes) -> Option<Duration> {
    let text = literal.value();
    let Ok(period) = humantime::parse_duration(&text) else {
        let hint = match text.trim().parse::<f64>() {
            Ok(_) => format!("add a unit, as in \"{}s\"", text.trim()),
            Err(_) => "write a number and a unit, as in \"10s\", \"5m\" or \"1h 30m\"".to_owned(),
        };
        mistakes.at(literal, format!("\"{text}\" is not a period: {hint}"));
        return None;
    };
    if period < POLL_INTERVAL {
        mistakes.at(
            literal,
            format!("the server polls a plugin once a second, so \"{text}\" is too short: write \"1s\" or more"),
        );
        return None;
    }
    if period.subsec_nanos() != 0 {
        let rounded = period.as_secs();
        mistakes.at(
            literal,
            format!("the server polls a plugin once a second, so \"{text}\" cannot be kept: write \"{rounded}s\" or \"{}s\"", rounded + 1),
        );
        return None;
    }
    Some(period)
}

impl Handler {
    /// The method that gives a period which is an expression.
    pub(crate) fn method(&self, Target { sdk, .. }: &Target) -> Option<TokenStream> {
        let Period::Expression(expression) = &self.period else {
            return None;
        };
        let expression = expression.to_token_stream();
        let this = code::self_of(expression.clone());
        let output = quote!(#sdk::Duration);
        Some(code::method_of(&self.function, &self.method_name(), &this, &output, &expression))
    }

    fn method_name(&self) -> Ident {
        format_ident!("__signalk_period_of_{}", self.function.ident)
    }

    /// The entry in the table of timers.
    pub(crate) fn entry(&self, target: &Target) -> TokenStream {
        let (ty, sdk) = (&target.plugin, &target.sdk);
        let Function { ident, cfgs, .. } = &self.function;
        let name = ident.unraw().to_string();
        let plugin = mixed("plugin");
        let elapsed = self.elapsed.then(|| quote!(, #sdk::elapsed::<#ty>(#name)));
        let call = code::result_of(&self.function, &quote!(#plugin #elapsed), target);
        let period = match &self.period {
            Period::Literal(period) => {
                let seconds = period.as_secs();
                quote!(|_| #sdk::Duration::from_secs(#seconds))
            }
            Period::Expression(_) => {
                let method = self.method_name();
                quote!(<#ty>::#method)
            }
        };
        quote! {
            #(#cfgs)*
            #sdk::TimerHandler {
                name: #name,
                period: #period,
                call: |#plugin| #call,
            }
        }
    }
}
