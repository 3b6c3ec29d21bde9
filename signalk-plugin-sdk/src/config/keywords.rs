//! Looking things up in the text of a schema.

use crate::json::{self, Entry};

/// The keywords that hold schemas for the very value that their own schema is for.
pub(super) const IN_PLACE: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// The comment by which a form says that its properties are the keys of a map: the variants of an enum,
/// which may go by other names.
pub(crate) const OF_A_MAP: &str = "\"map\"";

/// The keywords of a schema; none where it is `true` or `false`.
pub(super) fn of(schema: &str) -> Vec<Entry<'_>> {
    json::object(schema).unwrap_or_default()
}

/// The text of a keyword's value; empty where it is not there.
#[inline(never)]
pub(super) fn get<'t>(keywords: &[Entry<'t>], name: &str) -> &'t str {
    keywords.iter().find(|(keyword, _)| keyword == name).map_or("", |(_, value)| *value)
}

/// Calls `visit` with the name and the schema of each property of an object, and with what else the
/// schema that names it says, until that is done. That schema may be one of several to choose from.
pub(super) fn each_property<'t>(
    schema: &'t str,
    visit: &mut impl FnMut(&str, &'t str, &[Entry<'t>]) -> bool,
) -> bool {
    let keywords = of(schema);
    let properties = of(get(&keywords, "properties"));
    properties.iter().any(|(name, property)| visit(name, property, &keywords))
        || IN_PLACE.iter().any(|name| {
            let schemas = json::elements(get(&keywords, name)).unwrap_or_default();
            schemas.iter().any(|schema| each_property(schema, visit))
        })
}

/// Tells whether a schema for objects names a property: this one, or any.
pub(super) fn has_property(schema: &str, name: Option<&str>) -> bool {
    each_property(schema, &mut |known, _, _| name.is_none_or(|name| name == known))
}

/// The schema of an element: one for each, or one for all.
pub(super) fn of_element<'t>(keywords: &[Entry<'t>], index: usize) -> &'t str {
    let items = get(keywords, "items");
    if !items.starts_with('[') {
        return items;
    }
    let each = json::elements(items).unwrap_or_default();
    each.get(index).copied().unwrap_or_else(|| get(keywords, "additionalItems"))
}
