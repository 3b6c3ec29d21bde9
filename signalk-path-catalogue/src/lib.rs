//! The paths of the Signal K specification, below a vessel: names, units and types of values.
//!
//! ```
//! use signalk_path_catalogue::{Kind, find, nearest};
//!
//! let depth = find("environment.depth.belowKeel").ok_or("it is in the specification")?;
//! assert_eq!((depth.units, depth.kind), (Some("m"), Kind::Number));
//! let engine = find("propulsion.port.revolutions").ok_or("engines have names of their own")?;
//! assert_eq!((engine.name, engine.units), ("propulsion.*.revolutions", Some("Hz")));
//! assert_eq!(nearest("navigation.positon").as_deref(), Some("navigation.position"));
//! # Ok::<(), &str>(())
//! ```

mod near;
#[rustfmt::skip]
mod paths;

pub use near::nearest;
pub use paths::{ALL, SCHEMA_VERSION};

/// A path at which the specification has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path {
    /// Its parts with dots between them. A star stands for a name of the boat's own, one part of the path.
    pub name: &'static str,
    /// The SI unit of its value.
    pub units: Option<&'static str>,
    /// The type of its value.
    pub kind: Kind,
}

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A number.
    Number,
    /// A string.
    Text,
    /// A time as a string, such as `2026-01-01T00:00:00Z`.
    Time,
    /// `true` or `false`.
    Boolean,
    /// An object, such as a position.
    Object,
    /// An array.
    List,
    /// The specification does not say.
    Any,
}

/// The path of the specification that a plugin's path is.
#[must_use]
pub fn find(path: &str) -> Option<&'static Path> {
    // One without a star says more than one with.
    let exact = ALL.iter().find(|known| known.name == path);
    exact.or_else(|| ALL.iter().find(|known| fits(known.name, path)))
}

/// Tells if a path is what a name with stars describes.
fn fits(name: &str, path: &str) -> bool {
    let mut parts = path.split('.');
    name.split('.').all(|known| parts.next().is_some_and(|part| known == "*" || known == part))
        && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_is_named_once_and_they_are_in_order() {
        assert!(ALL.is_sorted_by(|one, other| one.name < other.name));
    }

    #[test]
    fn what_every_plugin_uses_is_there() {
        for (path, units, kind) in [
            ("navigation.position", None, Kind::Object),
            ("navigation.speedOverGround", Some("m/s"), Kind::Number),
            ("navigation.datetime", None, Kind::Time),
            ("navigation.state", None, Kind::Text),
            ("environment.wind.angleApparent", Some("rad"), Kind::Number),
            ("electrical.batteries.house.voltage", Some("V"), Kind::Number),
            ("tanks.fuel.0.currentLevel", Some("ratio"), Kind::Number),
            ("steering.autopilot.state", None, Kind::Text),
            ("propulsion.main.temperature", Some("K"), Kind::Number),
        ] {
            let found = find(path).unwrap_or_else(|| panic!("{path} is missing"));
            assert_eq!((found.units, found.kind), (units, kind), "{path}");
        }
    }

    #[test]
    fn a_path_with_more_or_fewer_parts_is_another() {
        for path in ["", "navigation", "navigation.position.latitude", "propulsion.revolutions"] {
            assert_eq!(find(path), None, "{path}");
        }
    }
}
