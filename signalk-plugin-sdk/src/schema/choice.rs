//! Choices: enums, and what may be left out.

use serde_json::{Value, json};

use super::label::{self, BLANK, readable};
use super::object::Object;

/// Makes something that can be chosen in the form of a schema that leaves a choice.
pub(super) fn make(schema: &mut Object) {
    if let Some(options) = options(schema) {
        of_options(schema, options);
    } else if let Some(Value::Array(values)) = schema.get_mut("enum").map(Value::take) {
        schema.shift_remove("enum");
        select(schema, values.into_iter().map(Constant::of).collect());
    } else if is_nullable(schema) {
        of_what_may_be_left_out(schema);
    }
    hide_tags(schema);
}

/// Names a widget of the form that is not to be seen.
const HIDDEN: &str = "hidden";

/// One value of a select.
struct Constant {
    value: Value,
    title: Option<Value>,
}

impl Constant {
    fn of(value: Value) -> Self {
        Self { value, title: None }
    }

    fn label(&self) -> Value {
        match (&self.title, &self.value) {
            (Some(title), _) => title.clone(),
            (None, Value::Null) => "Not set".into(),
            (None, Value::Bool(true)) => "Yes".into(),
            (None, Value::Bool(false)) => "No".into(),
            (None, Value::String(name)) => readable(name).into(),
            (None, other) => other.to_string().into(),
        }
    }

    /// The form shows a value without a title as it is.
    fn needs_title(&self) -> bool {
        self.label() != self.value && !self.value.is_number()
    }
}

/// The members of `oneOf` or `anyOf`, those of a choice within a choice among them: a choice that may
/// be left out is one.
fn options(schema: &mut Object) -> Option<Vec<Value>> {
    let keyword = ["oneOf", "anyOf"].into_iter().find(|it| schema.contains_key(*it))?;
    let Some(Value::Array(members)) = schema.shift_remove(keyword) else {
        return None;
    };
    let mut all = Vec::new();
    for member in members {
        match member {
            Value::Object(mut inner) if is_nothing_but_a_choice(&inner) => {
                for keyword in ["title", "description"] {
                    if let Some(text) = inner.shift_remove(keyword)
                        && !schema.contains_key(keyword)
                    {
                        schema.insert(keyword.to_owned(), text);
                    }
                }
                all.extend(options(&mut inner).unwrap_or_default());
            }
            other => all.push(other),
        }
    }
    // What the form shows where nothing was set.
    all.sort_by_key(|option| !is_null(option));
    Some(all)
}

fn is_nothing_but_a_choice(schema: &Object) -> bool {
    let is_choice = schema.contains_key("oneOf") || schema.contains_key("anyOf");
    is_choice
        && schema.keys().all(|keyword| {
            matches!(
                &**keyword,
                "oneOf" | "anyOf" | "type" | "title" | "description" | "discriminator" | "default"
            )
        })
}

fn is_null(schema: &Value) -> bool {
    schema["type"] == "null"
}

fn of_options(schema: &mut Object, options: Vec<Value>) {
    let constants: Option<Vec<_>> = options.iter().map(constants_in).collect();
    if let Some(constants) = constants {
        return select(schema, constants.into_iter().flatten().collect());
    }
    let mut all = Vec::new();
    for option in options {
        match (constants_in(&option), option) {
            (Some(constants), _) => all.extend(constants.into_iter().map(|constant| {
                if constant.value.is_null() {
                    nothing(schema.get("default"))
                } else {
                    constant_option(constant)
                }
            })),
            (None, Value::Object(option)) => all.push(option),
            // `true`, which takes anything.
            (None, _) => all.push(Object::new()),
        }
    }
    let tag = tag_of(&all);
    let payloads = payloads(&all, tag.as_deref());
    for option in &mut all {
        let title = title_of(option, tag.as_deref());
        option.entry("title").or_insert(title);
        label_payload(option, &payloads);
    }
    tell_apart(&mut all);
    put_first(schema, &mut all);
    if let Some(tag) = tag {
        // By which the form finds the option of what was saved, right or wrong.
        schema.insert("discriminator".to_owned(), json!({ "propertyName": tag }));
    }
    // `anyOf`, for a value that fits two options is no mistake of the owner's.
    let all = all.into_iter().map(Value::Object).collect();
    schema.insert("anyOf".to_owned(), Value::Array(all));
}

/// The values that a schema takes, where it lists them.
fn constants_in(schema: &Value) -> Option<Vec<Constant>> {
    let object = schema.as_object()?;
    let title = object.get("title").cloned();
    if let Some(value) = object.get("const") {
        return Some(vec![Constant { value: value.clone(), title }]);
    }
    if is_null(schema) {
        return Some(vec![Constant::of(Value::Null)]);
    }
    let listed = object.get("enum").or_else(|| object.get("oneOf"))?.as_array()?;
    if object.contains_key("enum") {
        return Some(listed.iter().cloned().map(Constant::of).collect());
    }
    let within: Option<Vec<_>> = listed.iter().map(constants_in).collect();
    Some(within?.into_iter().flatten().collect())
}

/// A value among options that are no single values. Its name stands in the list, so there is nothing
/// to draw below it.
fn constant_option(constant: Constant) -> Object {
    let title = constant.label();
    let mut option = Object::new();
    option.insert("title".to_owned(), title);
    option.insert("type".to_owned(), kind(&constant.value).into());
    if constant.value.is_string() {
        option.insert("format".to_owned(), HIDDEN.into());
    }
    option.insert("const".to_owned(), constant.value);
    option
}

/// One list to choose from.
fn select(schema: &mut Object, mut constants: Vec<Constant>) {
    // What may be left out comes first, for it is what the form shows where nothing was set.
    constants.sort_by_key(|constant| !constant.value.is_null());
    let mut kinds: Vec<_> = constants.iter().map(|constant| kind(&constant.value)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    // By the first of its types the form chooses what to draw, and for these it would be a tick or
    // nothing at all.
    kinds.sort_by_key(|kind| matches!(*kind, "boolean" | "null"));
    if kinds.first().is_some_and(|kind| matches!(*kind, "boolean" | "null")) {
        kinds.insert(0, "string");
    }
    let types = match &*kinds {
        [one] => Value::from(*one),
        several => several.into(),
    };
    schema.insert("type".to_owned(), types);
    if constants.iter().any(Constant::needs_title) {
        let titled = constants.into_iter().map(|constant| {
            let title = constant.label();
            json!({ "const": constant.value, "title": title })
        });
        schema.insert("oneOf".to_owned(), titled.collect());
    } else {
        let values = constants.into_iter().map(|constant| constant.value).collect();
        schema.insert("enum".to_owned(), values);
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The key that says which option it is, where each has one.
fn tag_of(options: &[Object]) -> Option<String> {
    let mut structures = options.iter().filter(|option| !is_nothing(option)).peekable();
    let first = structures.peek()?;
    let tags = first.get("properties")?.as_object()?;
    let is_tag = |tag: &&String| {
        options.iter().filter(|option| !is_nothing(option)).all(|option| {
            option.get("properties").is_some_and(|it| tag_in(&it[tag.as_str()]).is_some())
        })
    };
    tags.keys().find(is_tag).cloned()
}

/// The variant that a hidden tag names.
fn tag_in(property: &Value) -> Option<&str> {
    (property["format"] == HIDDEN).then(|| property["default"].as_str())?
}

fn is_nothing(option: &Object) -> bool {
    option.get("const").is_some_and(Value::is_null)
}

/// The name of an option where its author has not given one.
fn title_of(option: &Object, tag: Option<&str>) -> Value {
    let properties = option.get("properties").and_then(Value::as_object);
    if let Some(tag) = tag
        && let Some(name) = properties.and_then(|it| tag_in(it.get(tag)?))
    {
        return readable(name).into();
    }
    let required = option.get("required").and_then(Value::as_array);
    let named = |name: &Value| {
        let name = name.as_str()?;
        let title = properties?.get(name)?.get("title").and_then(Value::as_str);
        Some(title.filter(|it| *it != BLANK).map_or_else(|| readable(name), str::to_owned))
    };
    if let (Some([name]), 1) = (required.map(Vec::as_slice), properties.map_or(0, Object::len)) {
        return name.as_str().map(readable).into();
    }
    let names: Vec<_> = required.into_iter().flatten().filter_map(named).collect();
    if !names.is_empty() {
        return names.join(", ").into();
    }
    let names = properties.into_iter().flat_map(|it| it.keys().map(|name| readable(name)));
    let names: Vec<_> = names.collect();
    if !names.is_empty() {
        return names.join(", ").into();
    }
    match option.get("type").and_then(Value::as_str) {
        Some("string") => "Text",
        Some("number") => "Number",
        Some("integer") => "Whole number",
        Some("boolean") => "Yes or no",
        Some("array") => "List",
        Some("null") => "Not set",
        _ => "Other",
    }
    .into()
}

/// The keys that carry the data of variants: the one beside the tag, where it is the same for all that
/// have one, and the only key where there is no tag.
fn payloads(options: &[Object], tag: Option<&str>) -> Vec<String> {
    let keys = |option: &Object| -> Vec<String> {
        let properties = option.get("properties").and_then(Value::as_object);
        let names = properties.into_iter().flat_map(Object::keys);
        names.filter(|name| Some(&***name) != tag).cloned().collect()
    };
    let all: Vec<_> = options.iter().map(keys).filter(|keys| !keys.is_empty()).collect();
    let is_single = |keys: &Vec<String>| keys.len() == 1;
    // A single variant with a single key may as well be one with a field.
    let is_content = all.len() > 1 && all.iter().all(|keys| is_single(keys) && *keys == all[0]);
    if tag.is_some() && !is_content {
        return Vec::new();
    }
    all.into_iter().filter(is_single).flatten().collect()
}

/// The option's own title stands above what it carries; the key's name says nothing to an owner.
fn label_payload(option: &mut Object, payloads: &[String]) {
    let is_required = |name: &str| {
        let required = option.get("required").and_then(Value::as_array);
        required.is_some_and(|required| required.iter().any(|it| it == name))
    };
    let Some(name) = payloads.iter().find(|name| is_required(name)).cloned() else {
        return;
    };
    let title = option.get("title").cloned().unwrap_or_default();
    let payload = option.get_mut("properties").and_then(|it| it.get_mut(&name));
    if let Some(payload) = payload.and_then(Value::as_object_mut) {
        let is_group = payload.get("type").is_some_and(|it| it == "object");
        payload.entry("title").or_insert(if is_group { BLANK.into() } else { title });
    }
}

/// Where no option fits, as for a number that was just cleared, the form mixes what is there with the
/// default of the first one. That must not be a text, whose letters it would take for keys: an option
/// of one number or text, which has no default, goes first.
fn put_first(schema: &mut Object, options: &mut [Object]) {
    let Some(Value::String(first)) = options.first().and_then(|it| it.get("const")).cloned() else {
        return;
    };
    let payload = |option: &mut Object| -> Option<Value> {
        let properties = option.get_mut("properties")?.as_object_mut()?;
        let one = (properties.len() == 1).then(|| properties.values_mut().next())?;
        one.cloned()
    };
    let is_plain = |option: &mut Object| {
        payload(option).is_some_and(|it| !matches!(it["type"].as_str(), None | Some("object")))
    };
    let Some(at) = options.iter_mut().position(is_plain) else {
        return;
    };
    options[..=at].rotate_right(1);
    let properties = options[0].get_mut("properties").and_then(Value::as_object_mut);
    for property in properties.into_iter().flat_map(|it| it.values_mut()) {
        if let Some(property) = property.as_object_mut() {
            property.shift_remove("default");
        }
    }
    schema.entry("default").or_insert(first.into());
}

/// Two options of one name cannot be told apart in a list.
fn tell_apart(options: &mut [Object]) {
    for index in 0..options.len() {
        let title = options[index].get("title").cloned();
        let earlier =
            options[..index].iter().filter(|it| it.get("title") == title.as_ref()).count();
        if earlier > 0
            && let Some(title) = title.as_ref().and_then(Value::as_str)
        {
            let numbered = [title, " (", &(earlier + 1).to_string(), ")"].concat();
            options[index].insert("title".to_owned(), numbered.into());
        }
    }
}

fn is_nullable(schema: &Object) -> bool {
    schema
        .get("type")
        .and_then(Value::as_array)
        .is_some_and(|types| types.len() > 1 && types.iter().any(|it| it == "null"))
}

/// Makes a field of what may be left out. A text or a number that is left out is an empty field. That is
/// not to be seen of the others: the form draws a group as if it had to be filled in, a list that was set and is
/// empty looks like one that was not, and so does a tick. And where something is set unless the owner
/// says no, an empty field means that.
fn of_what_may_be_left_out(schema: &mut Object) {
    let types = schema.get("type").and_then(Value::as_array).into_iter().flatten();
    let types: Vec<_> = types.filter(|it| *it != "null").cloned().collect();
    let is = |kind: &str| types.iter().any(|it| it == kind);
    if is("boolean") && types.len() == 1 {
        let values = [Value::Null, true.into(), false.into()];
        return select(schema, values.into_iter().map(Constant::of).collect());
    }
    let has_default = schema.get("default").is_some_and(|default| !default.is_null());
    if !has_default && !is("object") && !is("array") {
        // An empty field is what it is without this, too.
        schema.shift_remove("default");
        return;
    }
    let mut value = Object::new();
    value.insert("title".to_owned(), "Set".into());
    let kinds = match &*types {
        [one] => one.clone(),
        _ => types.into(),
    };
    value.insert("type".to_owned(), kinds);
    let moved: Vec<_> =
        schema.keys().filter(|keyword| !is_of_the_setting(keyword)).cloned().collect();
    for keyword in moved {
        value.extend(schema.shift_remove(&keyword).map(|it| (keyword, it)));
    }
    schema.shift_remove("type");
    // Else they would be called "Set-1".
    let label = schema.get("title").and_then(Value::as_str).unwrap_or(BLANK);
    label::of_entries(&mut value, label);
    let default = schema.get("default").filter(|default| !default.is_null());
    if let Some(default) = default.filter(|default| !default.is_object()) {
        value.insert("default".to_owned(), default.clone());
    }
    let nothing = nothing(default);
    schema.insert("anyOf".to_owned(), json!([nothing, value]));
}

/// Tells keywords of the setting from those of what is set.
fn is_of_the_setting(keyword: &str) -> bool {
    matches!(keyword, "title" | "description" | "default" | "type")
}

/// The option of what is not set. To post nothing is to say that the default is to be taken, and
/// where that is something, `null` has to be posted: the form does that for an option that it draws,
/// and it draws none whose type is `"null"` and not a list.
fn nothing(default: Option<&Value>) -> Object {
    let has_default = default.is_some_and(|default| !default.is_null());
    let kind = if has_default { json!(["null"]) } else { json!("null") };
    let mut option = Object::new();
    option.insert("title".to_owned(), "Not set".into());
    option.insert("type".to_owned(), kind);
    option.insert("const".to_owned(), Value::Null);
    option
}

/// A text that can only be one is there for serde, and not for the owner. The form fills it in, and
/// would mark what has to be filled in.
fn hide_tags(schema: &mut Object) {
    let Some(Value::Object(properties)) = schema.get_mut("properties") else {
        return;
    };
    let mut hidden = Vec::new();
    for (name, property) in properties {
        let Some(property) = property.as_object_mut() else {
            continue;
        };
        if let Some(tag) = property.get("const").filter(|tag| tag.is_string()).cloned() {
            // From "Not set" to a group the form leaves a constant out, and fills a default in.
            property.shift_remove("const");
            property.insert("enum".to_owned(), json!([tag]));
            property.insert("default".to_owned(), tag);
            property.insert("format".to_owned(), HIDDEN.into());
            property.insert("title".to_owned(), BLANK.into());
            hidden.push(name.clone());
        } else if property.get("type").is_some_and(|it| it == "null") {
            property.insert("title".to_owned(), BLANK.into());
        }
    }
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| !hidden.iter().any(|hidden| name == hidden.as_str()));
    }
}
