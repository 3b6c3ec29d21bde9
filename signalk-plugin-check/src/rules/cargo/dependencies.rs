//! The dependencies that cannot work in a plugin.

use super::instead::Instead;
use crate::finding::Finding;
use crate::subject::{Crate, Dependency};

/// The crate whose dependencies are known to work.
const SDK: &str = "signalk-plugin-sdk";

/// The rule that cargo can tell what is compiled into the plugin.
pub(super) fn resolved(krate: &Crate) -> Vec<Finding> {
    let Err(error) = &krate.dependencies else { return Vec::new() };
    let message = format!("cargo cannot tell what the plugin is built of: {error}");
    vec![Finding::error("dependencies", message).at(krate.place())]
}

/// The rule that all of it can work there.
pub(super) fn able_to_work(krate: &Crate) -> Vec<Finding> {
    let Ok(dependencies) = &krate.dependencies else { return Vec::new() };
    let unfit: Vec<_> = dependencies
        .iter()
        .filter(|it| !it.path.iter().any(|name| name == SDK))
        .filter_map(|it| Some((it, Instead::of(it)?)))
        .collect();
    // What an unfit crate brings goes with it.
    let is_brought = |it: &Dependency| {
        let on_the_way = it.path.split_last().map(|(_, way)| way).unwrap_or_default();
        unfit.iter().any(|(other, _)| on_the_way.contains(&other.name))
    };
    let told = unfit.iter().filter(|(it, _)| !is_brought(it)).map(|(it, known)| {
        let brought = match it.path.as_slice() {
            [_] => String::new(),
            path => format!(" (brought by {})", path.join(" → ")),
        };
        let message =
            format!("{} {}{brought} {}: use {}", it.name, it.version, known.why, known.instead);
        let direct = it.path.first().map_or("", String::as_str);
        let place = krate.place_of_dependency(direct);
        let finding =
            if known.is_error { Finding::error } else { Finding::warning }("dependency", message);
        finding.at(place)
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::one;

    fn of(tree: &str) -> Vec<Finding> {
        let text =
            "[dependencies]\nserde = \"1\"\ntokio = \"1\"\nreqwest = \"0.12\"\nchart = \"1\"\n";
        able_to_work(&Crate::of(text, &format!("0\tmine v0.1.0\t\n{tree}")))
    }

    #[test]
    fn a_crate_that_cannot_work_is_told_at_its_line_with_what_to_use() {
        let found = one(
            &of("1\treqwest v0.12.4\t"),
            "Cargo.toml:4",
            &["reqwest 0.12.4", "`fetch` of the SDK"],
        );
        assert!(found.is_error());
        assert_eq!(of("1\tserde v1.0.0\tderive\n"), []);
    }

    #[test]
    fn a_crate_that_another_brings_is_told_with_the_way_to_it() {
        let found = of("1\tchart v1.0.0\t\n2\tplot v2.0.0\t\n3\tweb-sys v0.3.0\t\n");
        one(&found, "Cargo.toml:5", &["(brought by chart → plot → web-sys)", "imports JavaScript"]);
    }

    #[test]
    fn what_an_unfit_crate_brings_is_not_told_again() {
        let tree =
            "1\treqwest v0.12.4\t\n2\thyper v1.0.0\t\n3\ttokio v1.40.0\tnet\n4\tmio v1.0.0\t\n";
        one(&of(tree), "Cargo.toml:4", &["reqwest"]);
    }

    #[test]
    fn a_crate_with_parts_in_c_is_told_unless_the_sdk_brings_it() {
        let found = of("1\tchart v1.0.0\t\n2\tring v0.17.8\t\n");
        let found = one(&found, "Cargo.toml:5", &["chart → ring", "parts in C"]);
        assert!(!found.is_error());
        assert_eq!(of("1\tsignalk-plugin-sdk v0.1.0\t\n2\tring v0.17.8\t\n"), []);
    }

    #[test]
    fn tokio_is_judged_by_its_features() {
        assert!(
            one(&of("1\ttokio v1.40.0\trt,net\n"), "Cargo.toml:3", &["`net` for sockets"])
                .is_error()
        );
        assert!(
            !one(&of("1\ttokio v1.40.0\trt\n"), "Cargo.toml:3", &["`task` of the SDK"]).is_error()
        );
        assert_eq!(of("1\ttokio v1.40.0\tsync,macros\n"), []);
    }

    #[test]
    fn what_the_sdk_brings_is_fine() {
        assert_eq!(of("1\tsignalk-plugin-sdk v0.1.0\t\n2\tsocket2 v0.6.0\t\n"), []);
    }

    #[test]
    fn dependencies_that_cargo_cannot_resolve_are_an_error_with_its_words() {
        let krate = Crate { dependencies: Err("no matching package".into()), ..Crate::of("", "") };
        one(&resolved(&krate), "Cargo.toml", &["no matching package"]);
        assert_eq!(resolved(&Crate::of("", "")), []);
    }
}
