//! To which crate and module a function belongs, by its name in a .wasm.

/// The crate and, of the crates that are ours, the module.
pub(super) fn room(name: &str) -> String {
    let path = path(name);
    let mut parts = path.split("::");
    let krate = parts.next().unwrap_or_default();
    if krate.is_empty() {
        return "(without a name)".to_owned();
    }
    match parts.next() {
        Some(module) if krate.starts_with("signalk_") && is_module(module) => {
            format!("{krate}::{module}")
        }
        Some(_) => krate.to_owned(),
        // Exports, what C has, and what the linker makes.
        None => "(exports and C)".to_owned(),
    }
}

/// The path of a function without what is around it: of `<a::B as c::D>::e` it is `a::B`, for there the
/// code was written, or made for.
fn path(name: &str) -> &str {
    let mut path = name.trim_start_matches(['<', '&', '*', '(', '[', ' ']);
    for prefix in ["mut ", "const ", "dyn "] {
        path = path.strip_prefix(prefix).unwrap_or(path);
    }
    let end = path.find([' ', '<', '>', ',', ')', ']']).unwrap_or(path.len());
    &path[..end]
}

/// Types begin with a capital, and what the compiler makes with a brace.
fn is_module(part: &str) -> bool {
    part.starts_with(|first: char| first.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_belongs_to_its_crate_and_ours_to_their_module() {
        for (name, expected) in [
            ("core::fmt::write", "core"),
            ("<alloc::string::String as core::fmt::Write>::write_str", "alloc"),
            ("<&mut alloc::vec::Vec<u8> as core::fmt::Write>::write_str", "alloc"),
            ("signalk_plugin_sdk::json::de::from_str", "signalk_plugin_sdk::json"),
            ("<signalk_plugin_sdk::delta::Delta>::parse", "signalk_plugin_sdk::delta"),
            ("<signalk_plugin_sdk::Runtime as x::Y>::z", "signalk_plugin_sdk"),
            ("delta_handler", "(exports and C)"),
            ("", "(without a name)"),
        ] {
            assert_eq!(room(name), expected, "{name}");
        }
    }
}
