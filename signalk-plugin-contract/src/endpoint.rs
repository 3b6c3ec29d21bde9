//! HTTP endpoints below `/plugins/<id>`, where `<id>` is the package name with `@` and `/` turned into `_`.

/// The methods that the server registers; it ignores an endpoint with another.
pub const METHODS: [&str; 4] = ["GET", "POST", "PUT", "DELETE"];

/// A method and a path.
pub type Endpoint = (&'static str, &'static str);

/// Name, version and whether the plugin is enabled.
pub const ABOUT: Endpoint = ("GET", "/");
/// The configuration.
pub const CONFIG: Endpoint = ("GET", "/config");
/// Saves the configuration that comes with it.
pub const SAVE_CONFIG: Endpoint = ("POST", "/config");

/// The endpoints that the server answers itself, before any of the plugin's.
pub const RESERVED: [Endpoint; 3] = [ABOUT, CONFIG, SAVE_CONFIG];

/// The reserved endpoint that a request or a plugin's endpoint comes to, compared as Express does: in any
/// case, with or without a slash at the end, and HEAD as GET.
#[must_use]
pub fn reserved(method: &str, path: &str) -> Option<Endpoint> {
    let method = if method.eq_ignore_ascii_case("HEAD") { "GET" } else { method };
    RESERVED.into_iter().find(|(reserved, page)| {
        reserved.eq_ignore_ascii_case(method) && bare(page).eq_ignore_ascii_case(bare(path))
    })
}

fn bare(path: &str) -> &str {
    path.strip_suffix('/').unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_reserved_however_it_is_written() {
        for (method, path, expected) in [
            ("GET", "/", Some(ABOUT)),
            ("HEAD", "", Some(ABOUT)),
            ("GET", "/Config/", Some(CONFIG)),
            ("post", "/config", Some(SAVE_CONFIG)),
            ("PUT", "/config", None),
            ("POST", "/", None),
            ("GET", "//", None),
            ("GET", "/config/a", None),
        ] {
            assert_eq!(reserved(method, path), expected, "{method} {path}");
        }
    }
}
