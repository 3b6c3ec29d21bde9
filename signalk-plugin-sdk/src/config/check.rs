//! Checks that settings keep to the limits that their schema states.
//!
//! The form keeps to them; a file written by hand, or by an older version, may not. A plugin would
//! then run with a radius of nothing. The settings could be read as the plugin's type when they get
//! here, so what is asked is not whether they fit the schema, but which of its limits are for what
//! was read.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::mem;

use super::keywords::{self, get};
use super::limits::{Limited, Limits};
use super::{number, text};
use crate::json::{self, Entry, Error, told};
use crate::text::{cut, find};

/// The first value that is outside of the limits of its schema.
pub(crate) fn check<L: Limited>(schema: &str, settings: &str) -> Result<(), Error> {
    let mut walk = Walk::<L> {
        settings,
        place: 0,
        names: Vec::new(),
        unknown: Vec::new(),
        variants: Vec::new(),
        number: None,
        reads: u8::MAX,
        whose: PhantomData,
    };
    loop {
        let outcome = walk.value(schema, settings);
        // What is under a key that nobody knows is looked at once it is known.
        if !walk.learns() {
            return outcome;
        }
    }
}

/// A key that the schema does not name.
struct Unknown<'t> {
    place: usize,
    key: Cow<'t, str>,
    value: &'t str,
}

struct Walk<'t, L> {
    settings: &'t str,
    /// The place of the schema that the value at hand was entered with, by which keys have names.
    place: usize,
    /// Keys that the schema does not name, and what they are to the type: a field, or nothing.
    names: Vec<(usize, Cow<'t, str>, Option<&'static str>)>,
    unknown: Vec<Unknown<'t>>,
    /// The places of the constants that are variants of enums.
    variants: Vec<usize>,
    /// The number that a limit was last not kept by.
    number: Option<&'t str>,
    /// The number of times that the settings may still be read for a number. They may hold many.
    reads: u8,
    whose: PhantomData<L>,
}

impl<'t, L: Limited> Walk<'t, L> {
    /// A value with the whole of its schema.
    fn value(&mut self, schema: &'t str, value: &'t str) -> Result<(), Error> {
        self.within(schema, |walk| {
            walk.collect_unknown(schema, value);
            walk.in_place(schema, value)
        })
    }

    fn within<T>(&mut self, schema: &str, f: impl FnOnce(&mut Self) -> T) -> T {
        let outer = mem::replace(&mut self.place, schema.as_ptr().addr());
        let result = f(self);
        self.place = outer;
        result
    }

    /// A value with a schema that may be a part of its whole one.
    fn in_place(&mut self, schema: &'t str, value: &'t str) -> Result<(), Error> {
        let keywords = keywords::of(schema);
        match value.bytes().next() {
            Some(b'{') => self.object(&keywords, value)?,
            Some(b'[') if L::LIMITS.has(Limits::LISTS) => self.list(&keywords, value)?,
            Some(b'"') => {
                text::check::<L>(&keywords, value)?;
                if L::LIMITS.has(Limits::NUMBERS) {
                    number::check_text(&keywords, value)?;
                }
            }
            Some(b'-' | b'0'..=b'9') if L::LIMITS.has(Limits::NUMBERS) => {
                number::check(&keywords, value).inspect_err(|_| self.number = Some(value))?;
            }
            _ => {}
        }
        if L::LIMITS.has(Limits::CONSTANTS) {
            self.constants(&keywords, value)?;
            let other = get(&keywords, "not");
            if !other.is_empty() && self.is_for(other, value) && self.in_place(other, value).is_ok()
            {
                return Err(Error::mismatch(&shown(value), "something else"));
            }
        }
        if L::LIMITS.has(Limits::CHOICES) {
            for schema in json::elements(get(&keywords, "allOf")).unwrap_or_default() {
                self.in_place(schema, value)?;
            }
            for name in ["anyOf", "oneOf"] {
                self.choice(get(&keywords, name), value)?;
            }
        }
        Ok(())
    }

    fn object(&mut self, keywords: &[Entry<'t>], value: &'t str) -> Result<(), Error> {
        let known = keywords::of(get(keywords, "properties"));
        let patterns = keywords::of(get(keywords, "patternProperties"));
        let others = get(keywords, "additionalProperties");
        let entries = json::object(value).unwrap_or_default();
        for (key, value) in &entries {
            let key = self.name(key);
            let named = known.iter().find(|(name, _)| *name == key).map(|it| it.1);
            let mut schemas: Vec<_> = named.into_iter().collect();
            let is_like = |it: &&Entry<'_>| text::is_like::<L>(&it.0, &key);
            schemas.extend(patterns.iter().filter(is_like).map(|it| it.1));
            if schemas.is_empty() {
                let is_map = others == "false" || get(keywords, "$comment") == keywords::OF_A_MAP;
                schemas.push(match &*known {
                    // A key that is a variant of an enum, by another name of it.
                    [(_, each), more @ ..] if is_map && more.iter().all(|it| it.1 == *each) => each,
                    _ => others,
                });
            }
            for schema in schemas {
                self.value(schema, value).map_err(|error| error.in_key(&key))?;
            }
        }
        if L::LIMITS.has(Limits::COUNTS) {
            let limits = ["minProperties", "maxProperties"];
            number::count(entries.len(), keywords, limits, " entries")?;
        }
        Ok(())
    }

    fn list(&mut self, keywords: &[Entry<'t>], value: &'t str) -> Result<(), Error> {
        let elements = json::elements(value).unwrap_or_default();
        for (index, element) in elements.iter().enumerate() {
            self.value(keywords::of_element(keywords, index), element)
                .map_err(|error| error.in_index(index))?;
        }
        if !L::LIMITS.has(Limits::COUNTS) {
            return Ok(());
        }
        if get(keywords, "uniqueItems") == "true" {
            let mut sorted = elements.clone();
            sorted.sort_unstable();
            let twice = sorted.iter().zip(sorted.iter().skip(1)).find(|(a, b)| a == b);
            if let Some((twice, _)) = twice {
                return Err(Error::mismatch(&shown(twice), "no entry twice"));
            }
        }
        number::count(elements.len(), keywords, ["minItems", "maxItems"], " entries")
    }

    /// The only values that are right. Where they are the variants of an enum, what was read is one of
    /// them, perhaps by another name.
    fn constants(&mut self, keywords: &[Entry<'t>], value: &'t str) -> Result<(), Error> {
        let constants = constants(keywords);
        if constants.is_empty() || constants.iter().any(|constant| is_same(constant, value)) {
            return Ok(());
        }
        if value.starts_with('"') && self.are_variants(&constants, value) {
            return Ok(());
        }
        let constants: Vec<_> = constants.iter().map(|constant| shown(constant)).collect();
        Err(Error::mismatch(&shown(value), &constants.join(" or ")))
    }

    /// Tells whether the type reads nothing else but these texts. It is the same for each element of a list.
    fn are_variants(&mut self, constants: &[&'t str], value: &'t str) -> bool {
        let place = constants.first().map_or(0, |constant| constant.as_ptr().addr());
        if self.variants.contains(&place) {
            return true;
        }
        let end = self.end(value);
        let before = self.settings.get(..end - value.len()).unwrap_or_default();
        let after = self.settings.get(end..).unwrap_or_default();
        let other = [before, &*json::quoted(told::NO_VARIANT), after].concat();
        let are_variants = !told::takes_any_text(|| json::from_str::<L::Config>(&other).is_ok());
        if are_variants {
            self.variants.push(place);
        }
        are_variants
    }

    /// One of several schemas: the first that is for such a value, in whose order serde tries them.
    fn choice(&mut self, schemas: &'t str, value: &'t str) -> Result<(), Error> {
        let schemas = json::elements(schemas).unwrap_or_default();
        let mut refused = Vec::new();
        for schema in &schemas {
            if is_of_nothing(schema) || !self.is_for(schema, value) {
                continue;
            }
            self.number = None;
            let outcome = self.in_place(schema, value);
            match outcome {
                Err(error) if self.is_too_much_for_types(refused.len() + 1) => refused.push(error),
                _ => return outcome,
            }
        }
        match refused.into_iter().next() {
            Some(error) => Err(error),
            None => self.by_another_name(&schemas, value),
        }
    }

    /// Tells whether the number that a limit is not kept by was not read as what has that limit: it fits so
    /// many types not, an `u8` for example, and was read as the variant behind them.
    fn is_too_much_for_types(&mut self, count: usize) -> bool {
        let Some(number) = self.number.take().and_then(json::number) else {
            return false;
        };
        let Some(left) = self.reads.checked_sub(1) else {
            return false;
        };
        self.reads = left;
        told::refusals(number, || drop(json::from_str::<L::Config>(self.settings))) >= count
    }

    /// Judges a value that none of several schemas is for, and that was read all the same: a variant by
    /// another name that the schema does not know (`alias`, `other`).
    fn by_another_name(&mut self, schemas: &[&'t str], value: &'t str) -> Result<(), Error> {
        let entries = json::object(value).unwrap_or_default();
        // Where something has to be a variant, and there is one thing that can be.
        let has_variant = entries.len() == 1 && !schemas.iter().any(|schema| is_of_nothing(schema));
        let tag = entries.iter().find_map(|(key, value)| unknown_tag(schemas, key, value));
        for (key, value) in entries {
            let key = self.name(&key);
            let mut candidates = Vec::new();
            let mut variants = Vec::new();
            for schema in schemas {
                keywords::each_property(schema, &mut |name, schema, others| {
                    if name == key {
                        candidates.push(schema);
                    }
                    // In an object of one entry, the variant is the key.
                    if let [only] = *required(others)
                        && is_text(only, name)
                    {
                        variants.push((name.to_owned(), schema));
                    }
                    false
                });
            }
            let is_variant = has_variant && candidates.is_empty();
            if is_variant {
                candidates.extend(variants.iter().map(|it| it.1));
            }
            candidates.retain(|schema| {
                // In there may be what goes by another name, too.
                self.within(schema, |walk| walk.collect_unknown(schema, value));
                self.is_for_part(schema, value)
            });
            // Which of them it is stands in a name that is not known.
            candidates.retain(|schema| constants(&keywords::of(schema)).is_empty());
            let mut wrong = None;
            let mut is_right = candidates.is_empty();
            for schema in candidates {
                match self.value(schema, value) {
                    Ok(()) => is_right = true,
                    Err(error) => wrong = wrong.or(Some(error.in_key(&key))),
                }
            }
            let Some(error) = wrong else {
                continue;
            };
            if let Some(refused) = &tag
                && is_right
                && self.is_read(value, &key)
            {
                return Err(refused.error());
            }
            if is_variant && is_right {
                let names: Vec<_> = variants.iter().map(|it| &*it.0).collect();
                return Err(Error::mismatch(&json::the_text(&key), &json::either(&names)));
            }
            if is_variant || !is_right && self.is_read(value, &key) {
                return Err(error);
            }
        }
        Ok(())
    }

    /// Tells whether a schema is for such a value, limits aside.
    fn is_for(&mut self, schema: &'t str, value: &'t str) -> bool {
        let Ok(keywords) = json::object(schema) else {
            return schema != "false";
        };
        let kinds = get(&keywords, "type");
        let is_kind =
            kinds.is_empty() || kinds_of(value).iter().any(|kind| find(kinds, kind).is_some());
        let constants = constants(&keywords);
        if !is_kind || !(constants.is_empty() || constants.iter().any(|it| is_same(it, value))) {
            return false;
        }
        let mut all = json::elements(get(&keywords, "allOf")).unwrap_or_default().into_iter();
        if !all.all(|schema| self.is_for(schema, value)) {
            return false;
        }
        for name in ["anyOf", "oneOf"] {
            let any = json::elements(get(&keywords, name)).unwrap_or_default();
            if !any.is_empty() && !any.into_iter().any(|schema| self.is_for(schema, value)) {
                return false;
            }
        }
        match value.bytes().next() {
            Some(b'{') => self.is_for_object(&keywords, value),
            Some(b'[') => {
                let elements = json::elements(value).unwrap_or_default();
                number::is_length(elements.len(), &keywords, ["minItems", "maxItems"])
                    && elements.iter().enumerate().all(|(index, element)| {
                        self.is_for_part(keywords::of_element(&keywords, index), element)
                    })
            }
            Some(b'"') => text::is_for::<L>(&keywords, value),
            _ => true,
        }
    }

    fn is_for_object(&mut self, keywords: &[Entry<'t>], value: &'t str) -> bool {
        let known = keywords::of(get(keywords, "properties"));
        let others = get(keywords, "additionalProperties");
        let entries = json::object(value).unwrap_or_default();
        let names: Vec<_> = entries.iter().map(|(key, _)| self.name(key)).collect();
        required(keywords).iter().all(|required| names.iter().any(|name| is_text(required, name)))
            && entries.iter().zip(&names).all(|((_, value), key)| {
                let schema = known.iter().find(|(name, _)| name == key).map_or(others, |it| it.1);
                self.is_for_part(schema, value)
            })
    }

    fn is_for_part(&mut self, schema: &'t str, value: &'t str) -> bool {
        schema.is_empty() || self.within(schema, |walk| walk.is_for(schema, value))
    }

    /// The name by which the schema knows a key of the object at hand.
    fn name(&self, key: &str) -> Cow<'t, str> {
        let known = self.names.iter().find(|it| it.0 == self.place && it.1 == key);
        match known {
            Some((_, _, Some(name))) => Cow::Borrowed(name),
            _ => Cow::Owned(key.to_owned()),
        }
    }

    fn collect_unknown(&mut self, schema: &'t str, value: &'t str) {
        // A map has no fields that could go by another name.
        if !value.starts_with('{') || !keywords::has_property(schema, None) {
            return;
        }
        for (key, value) in json::object(value).unwrap_or_default() {
            let is_seen = self.names.iter().any(|it| it.0 == self.place && it.1 == key)
                || self.unknown.iter().any(|it| it.place == self.place && it.key == key);
            if !is_seen && !keywords::has_property(schema, Some(&key)) {
                // In the order in which they end, for each is to be put behind itself.
                let end = self.end(value);
                let at = self.unknown.partition_point(|it| self.end(it.value) < end);
                self.unknown.insert(at, Unknown { place: self.place, key, value });
            }
        }
    }

    /// Finds out what the unknown keys are to the type; whether there is one that goes by another name.
    fn learns(&mut self) -> bool {
        let unknown = mem::take(&mut self.unknown);
        let before = self.names.len();
        self.learn(&unknown);
        self.names.iter().skip(before).any(|it| it.2.is_some())
    }

    /// By halves, for there may be many, and nearly all of them are nothing.
    fn learn(&mut self, unknown: &[Unknown<'t>]) {
        let name = self.field_of(unknown);
        match unknown {
            [one] => self.names.push((one.place, one.key.clone(), name)),
            _ if name.is_some() => {
                let (first, second) = unknown.split_at(unknown.len() / 2);
                self.learn(first);
                self.learn(second);
            }
            _ => self.names.extend(unknown.iter().map(|it| (it.place, it.key.clone(), None))),
        }
    }

    /// The field that one of these keys is read as.
    fn field_of(&self, unknown: &[Unknown<'t>]) -> Option<&'static str> {
        let mut twice = String::with_capacity(self.settings.len() * 2);
        let mut at = 0;
        for Unknown { key, value, .. } in unknown {
            let end = self.end(value);
            twice.push_str(self.settings.get(at..end).unwrap_or_default());
            twice.push(',');
            twice.push_str(&json::quoted(key));
            twice.push(':');
            twice.push_str(value);
            at = end;
        }
        twice.push_str(self.settings.get(at..).unwrap_or_default());
        told::field_twice(|| drop(json::from_str::<L::Config>(&twice)))
    }

    fn is_read(&self, value: &'t str, key: &str) -> bool {
        let key = Cow::Owned(key.to_owned());
        self.field_of(&[Unknown { place: self.place, key, value }]).is_some()
    }

    fn end(&self, value: &str) -> usize {
        value.as_ptr().addr().wrapping_sub(self.settings.as_ptr().addr()) + value.len()
    }
}

/// The word that says which variant it is, by a name that no schema knows.
struct UnknownTag<'t> {
    key: Cow<'t, str>,
    found: &'t str,
    names: Vec<Cow<'t, str>>,
}

impl UnknownTag<'_> {
    fn error(&self) -> Error {
        let names: Vec<_> = self.names.iter().map(|name| &**name).collect();
        Error::mismatch(&shown(self.found), &json::either(&names)).in_key(&self.key)
    }
}

fn unknown_tag<'t>(
    schemas: &[&'t str],
    key: &Cow<'t, str>,
    found: &'t str,
) -> Option<UnknownTag<'t>> {
    let mut names = Vec::new();
    for schema in schemas {
        keywords::each_property(schema, &mut |name, schema, _| {
            if name == key {
                let constants = constants(&keywords::of(schema));
                names.extend(constants.into_iter().filter_map(|it| json::string(it).ok()));
            }
            false
        });
    }
    let is_unknown = found.starts_with('"') && !names.iter().any(|name| is_text(found, name));
    let tag = UnknownTag { key: key.clone(), found, names };
    (is_unknown && !tag.names.is_empty()).then_some(tag)
}

/// The schema beside that of a flattened `Option`: it takes what nothing else was read from.
fn is_of_nothing(schema: &str) -> bool {
    json::object(schema).is_ok_and(|it| it.iter().all(|(keyword, _)| keyword == "title"))
}

/// The only values that a schema takes; none where it takes others.
fn constants<'t>(keywords: &[Entry<'t>]) -> Vec<&'t str> {
    match (get(keywords, "const"), get(keywords, "enum")) {
        ("", "") => labelled(get(keywords, "oneOf")),
        ("", values) => json::elements(values).unwrap_or_default(),
        (constant, _) => vec![constant],
    }
}

/// The values of a list in which each has its label, as the form has them. That of a tick limits nothing.
fn labelled(options: &str) -> Vec<&str> {
    let options = json::elements(options).unwrap_or_default();
    let values: Vec<_> = options.iter().map(|option| get(&keywords::of(option), "const")).collect();
    let is_tick = values.iter().all(|value| matches!(*value, "true" | "false" | "null"));
    if is_tick || values.contains(&"") { Vec::new() } else { values }
}

fn required<'t>(keywords: &[Entry<'t>]) -> Vec<&'t str> {
    json::elements(get(keywords, "required")).unwrap_or_default()
}

/// Tells whether the JSON of a text says this.
fn is_text(json: &str, text: &str) -> bool {
    json::string(json).is_ok_and(|it| it == text)
}

fn is_same(a: &str, b: &str) -> bool {
    match (a.as_bytes().first(), b.as_bytes().first()) {
        (Some(b'"'), Some(b'"')) => json::string(b).is_ok_and(|b| is_text(a, &b)),
        (Some(b'-' | b'0'..=b'9'), _) => json::number(a) == json::number(b),
        _ => a == b,
    }
}

/// A value in an error.
fn shown(value: &str) -> String {
    match json::string(value) {
        Ok(text) if value.starts_with('"') => json::the_text(&text),
        _ => cut(value, 60).into_owned(),
    }
}

/// The names that a schema may have for a value.
fn kinds_of(value: &str) -> &'static [&'static str] {
    match value.bytes().next() {
        Some(b'{') => &["object"],
        Some(b'[') => &["array"],
        Some(b'"') => &["string"],
        Some(b't' | b'f') => &["boolean"],
        Some(b'n') => &["null"],
        _ if json::number(value).is_some_and(|number| number % 1.0 == 0.0) => {
            &["number", "integer"]
        }
        _ => &["number"],
    }
}

#[cfg(test)]
mod tests;
