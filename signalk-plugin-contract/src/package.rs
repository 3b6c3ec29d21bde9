//! The contents of a plugin's package.json.

/// The keyword by which the server finds a WebAssembly plugin.
pub const KEYWORD: &str = "signalk-wasm-plugin";
/// The keyword by which the server's App Store lists it.
pub const APP_STORE_KEYWORD: &str = "signalk-node-server-plugin";
/// The keyword by which the server takes the folder `public` for a web app.
pub const WEBAPP_KEYWORD: &str = "signalk-webapp";
/// The beginning of the keywords that put a plugin into the App Store's categories.
pub const CATEGORY_PREFIX: &str = "signalk-category-";
/// The App Store's categories, as they follow on [`CATEGORY_PREFIX`]. Others are passed over.
pub const CATEGORIES: &[&str] = &[
    "ais",
    "chart-plotters",
    "cloud",
    "database",
    "digital-switching",
    "hardware",
    "instruments",
    "nmea-0183",
    "nmea-2000",
    "notifications",
    "utility",
    "weather",
];
/// The most screenshots that the App Store shows.
pub const MOST_SCREENSHOTS: usize = 6;
/// The key whose value is the path of the .wasm, relative to package.json.
pub const MANIFEST: &str = "wasmManifest";
/// The key whose value is an object of capabilities, see [`capability`](crate::capability).
pub const CAPABILITIES: &str = "wasmCapabilities";

/// The custom section of the .wasm into which `#[signalk_plugin]` writes the capabilities that the plugin
/// needs. The server does not read it; tools do.
pub const SECTION: &str = "signalk-plugin-sdk";

/// The longest name that npm takes, in bytes.
pub const LONGEST_NAME: usize = 214;

/// Tells why a name cannot be a package's, and so no folder's and no file's: the server makes paths of it.
/// `None` for a good one, `name` or `@scope/name`.
#[must_use]
pub fn problem_with_name(name: &str) -> Option<&'static str> {
    let unscoped = match name.strip_prefix('@').map(|rest| rest.split_once('/')) {
        Some(Some((scope, unscoped))) => {
            if let Some(problem) = problem_with_part(scope) {
                return Some(problem);
            }
            unscoped
        }
        Some(None) => return Some("a scope is followed by a slash and a name"),
        None => name,
    };
    if name.len() > LONGEST_NAME {
        return Some("it has more than 214 bytes");
    }
    problem_with_part(unscoped)
}

/// Tells why npm publishes no package of a name that is a good one otherwise. `None` if it does.
#[must_use]
pub fn why_npm_refuses(name: &str) -> Option<&'static str> {
    let is_fit = |char: char| char.is_ascii_alphanumeric() || "-._~@/".contains(char);
    if name.chars().any(char::is_uppercase) {
        Some("has capital letters")
    } else if name.starts_with('_') {
        Some("begins with an underscore")
    } else if !name.chars().all(is_fit) {
        Some("has more than small letters, digits and dashes")
    } else {
        None
    }
}

fn problem_with_part(part: &str) -> Option<&'static str> {
    if part.is_empty() {
        return Some("a part of it is empty");
    }
    if part.starts_with('.') {
        return Some("it begins with a dot");
    }
    let is_fit =
        |char: char| !char.is_control() && !char.is_whitespace() && !"/\\:@".contains(char);
    (!part.chars().all(is_fit))
        .then_some("it has a slash, backslash, colon, @, blank or control character in it")
}
