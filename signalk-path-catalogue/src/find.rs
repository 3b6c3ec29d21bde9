//! The path that a plugin's path is.

use crate::path::Path;
use crate::paths::ALL;

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
    use crate::path::Kind;

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
