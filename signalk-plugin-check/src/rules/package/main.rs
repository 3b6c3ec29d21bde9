//! `main`: what servers load that know no WebAssembly.

use crate::finding::Finding;
use crate::subject::PackageFolder;

fn main(package: &PackageFolder) -> Option<&str> {
    package.json.value.get("main")?.as_str()
}

/// The rule that it can be loaded.
pub(super) fn there(package: &PackageFolder) -> Vec<Finding> {
    if package.is_source || !package.json.value.is_object() {
        return Vec::new();
    }
    let path = main(package);
    // As Node.js looks for it.
    let names = |path: &str| [path.to_owned(), format!("{path}.js"), format!("{path}/index.js")];
    if names(path.unwrap_or("index.js")).iter().any(|name| package.has_file(name)) {
        return Vec::new();
    }
    let found = match path {
        Some(path) => format!("\"main\" leads to {path}, where nothing is"),
        None => "package.json has no \"main\"".to_owned(),
    };
    let message = format!(
        "{found}, so a server without WebAssembly (2.22 and older) ends with an error in place of a word: `cargo \
         signalk build` writes one"
    );
    vec![Finding::warning("main", message).at(package.json.place_of(&["main"]))]
}

/// The rule that it is JavaScript.
pub(super) fn javascript(package: &PackageFolder) -> Vec<Finding> {
    let Some(main) = main(package).filter(|main| main.ends_with(".wasm")) else {
        return Vec::new();
    };
    let message = format!(
        "\"main\" is {main}, which Node.js cannot load by itself: name a JavaScript file there, and the .wasm in \
         wasmManifest"
    );
    vec![Finding::error("main", message).at(package.json.place_of(&["main"]))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::one;

    #[test]
    fn a_package_that_older_servers_cannot_load_is_told() {
        let none = PackageFolder::of("{}", &[]);
        one(&there(&none), "package.json", &["no \"main\"", "2.22"]);
        let nowhere = PackageFolder::of("{\"main\": \"dist\"}", &[]);
        one(&there(&nowhere), "package.json:1", &["leads to dist"]);
        for main in ["main", "main.js", "./main.js"] {
            let fine = PackageFolder::of(&format!("{{\"main\": \"{main}\"}}"), &["main.js"]);
            assert_eq!(there(&fine), [], "{main}");
        }
    }

    #[test]
    fn a_main_in_webassembly_is_an_error() {
        let of =
            |main: &str| javascript(&PackageFolder::of(&format!("{{\"main\": \"{main}\"}}"), &[]));
        one(&of("plugin.wasm"), "package.json:1", &["cannot load by itself"]);
        assert_eq!(of("main.js"), []);
    }
}
