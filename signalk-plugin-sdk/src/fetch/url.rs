//! Where a request goes.

use fluent_uri::pct_enc::EString;
use fluent_uri::pct_enc::encoder::{Data, Query};
use fluent_uri::{Uri, UriRef};

use super::Reason;
use crate::json;

/// Whom to ask: what a connection belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) is_https: bool,
    /// As the sockets want it: an address of IPv6 without brackets.
    pub(super) host: String,
    pub(super) port: u16,
}

/// An address of a web service, in the parts that a request needs.
#[derive(Debug, Clone)]
pub(super) struct Url {
    text: Uri<String>,
    pub(super) origin: Origin,
    /// The host and, where it is not the usual one, the port.
    pub(super) host_header: String,
}

impl Url {
    pub(super) fn parse(text: &str) -> Result<Self, Reason> {
        let uri = Uri::parse(text.trim()).map_err(|_| {
            "not an address of the web, such as https://example.org/api?x=1, or one with characters \
             that have to be encoded"
        })?;
        Self::of(uri.to_owned())
    }

    fn of(text: Uri<String>) -> Result<Self, Reason> {
        let is_https = match text.scheme().as_str() {
            scheme if scheme.eq_ignore_ascii_case("https") => true,
            scheme if scheme.eq_ignore_ascii_case("http") => false,
            _ => Err("only http and https are known")?,
        };
        let Some(authority) = text.authority().filter(|it| !it.host().is_empty()) else {
            return Err("it names no host".into());
        };
        if authority.has_userinfo() {
            Err("a name or password belongs in a header and not in the address")?;
        }
        let usual = if is_https { 443 } else { 80 };
        let port = authority
            .port_to_u16()
            .map_err(|_| "its port is no number up to 65535")?
            .unwrap_or(usual);
        let host = authority.host().to_ascii_lowercase();
        let host_header = if port == usual { host.clone() } else { format!("{host}:{port}") };
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let host = bare.unwrap_or(&host).to_owned();
        Ok(Self { origin: Origin { is_https, host, port }, host_header, text })
    }

    /// Where another address leads that stands in an answer of this one.
    pub(super) fn join(&self, location: &str) -> Result<Self, Reason> {
        let wrong = |_| Reason::from("it leads to what is no address of the web");
        let reference = UriRef::parse(location).map_err(wrong)?;
        let base = self.text.strip_fragment();
        Self::of(reference.resolve_against(&base).map_err(|_| "it leads nowhere")?)
    }

    /// Path and query, as they stand in a request.
    pub(super) fn target(&self) -> String {
        let path = self.text.path().as_str();
        let path = if path.is_empty() { "/" } else { path };
        match self.text.query() {
            Some(query) => [path, "?", query.as_str()].concat(),
            None => path.to_owned(),
        }
    }

    /// For an error: what may be shown to anybody.
    pub(super) fn place(&self) -> String {
        let scheme = if self.origin.is_https { "https://" } else { "http://" };
        [scheme, &*self.host_header, self.text.path().as_str()].concat()
    }
}

impl From<&str> for Reason {
    fn from(text: &str) -> Self {
        Self::BadRequest(text.to_owned())
    }
}

/// Of a text that may be no address at all: what may be shown to anybody, without query and password.
pub(super) fn shown(text: &str) -> String {
    let end = text.bytes().position(|byte| matches!(byte, b'?' | b'#'));
    let text = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    let scheme = json::find(text, "://").map_or(0, |at| at + 3);
    let (scheme, rest) = text.split_at_checked(scheme).unwrap_or_default();
    let path = rest.bytes().position(|byte| byte == b'/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(path).unwrap_or_default();
    let name = authority.bytes().rposition(|byte| byte == b'@').map_or(0, |at| at + 1);
    [scheme, authority.get(name..).unwrap_or_default(), path].concat()
}

/// A text as it stands in a query.
pub(super) fn encoded(text: &str) -> String {
    let mut encoded = EString::<Query>::new();
    encoded.encode_str::<Data>(text);
    encoded.into_string()
}

/// Adds `name=value` to an address, both encoded.
pub(super) fn add_query(url: &mut String, name: &str, value: &str) {
    let fragment = url.bytes().position(|byte| byte == b'#').map(|at| url.split_off(at));
    url.push(if url.bytes().any(|byte| byte == b'?') { '&' } else { '?' });
    url.push_str(&[&*encoded(name), "=", &*encoded(value)].concat());
    url.push_str(&fragment.unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (bool, String, u16, String, String) {
        let url = Url::parse(text).unwrap();
        let target = url.target();
        (url.origin.is_https, url.origin.host, url.origin.port, url.host_header, target)
    }

    fn expected(
        https: bool,
        host: &str,
        port: u16,
        header: &str,
        target: &str,
    ) -> (bool, String, u16, String, String) {
        (https, host.into(), port, header.into(), target.into())
    }

    #[test]
    fn an_address_is_taken_apart() {
        assert_eq!(
            parsed("https://Example.ORG"),
            expected(true, "example.org", 443, "example.org", "/")
        );
        assert_eq!(
            parsed("http://127.0.0.1:8080/a/b?x=%20&y#z"),
            expected(false, "127.0.0.1", 8080, "127.0.0.1:8080", "/a/b?x=%20&y")
        );
        assert_eq!(parsed("HTTP://[::1]:80?q"), expected(false, "::1", 80, "[::1]", "/?q"));
    }

    #[test]
    fn what_is_no_address_is_refused_with_the_reason() {
        for (text, reason) in [
            ("", "not an address"),
            ("example.org/x", "not an address"),
            ("http://a b/", "not an address"),
            ("http://exämple.org/", "not an address"),
            ("ftp://example.org/", "only http and https"),
            ("http:///x", "names no host"),
            ("mailto:me@example.org", "only http and https"),
            ("http://me:secret@example.org/", "belongs in a header"),
            ("http://example.org:70000/", "its port is no number up to 65535"),
        ] {
            let error = Url::parse(text).unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_redirect_is_read_against_the_address_that_it_came_from() {
        let url = Url::parse("http://a.example/b/c?d#e").unwrap();
        let to = |location| url.join(location).unwrap().place();
        assert_eq!(to("x"), "http://a.example/b/x");
        assert_eq!(to("/x?y"), "http://a.example/x");
        assert_eq!(to("//b.example:81/"), "http://b.example:81/");
        assert_eq!(to("https://b.example"), "https://b.example");
        assert!(url.join("file:///etc/passwd").is_err());
        assert!(url.join("http://a b").is_err());
    }

    #[test]
    fn a_query_is_encoded_and_added() {
        let mut url = String::from("http://a.example/?k=1#end");
        add_query(&mut url, "q", "a&b=c é+/");
        assert_eq!(url, "http://a.example/?k=1&q=a%26b%3Dc%20%C3%A9%2B%2F#end");
        assert!(Url::parse(&url).is_ok());
        let mut url = String::from("http://a.example");
        add_query(&mut url, "latitude", "54.5");
        assert_eq!(url, "http://a.example?latitude=54.5");
        assert_eq!(shown(&url), "http://a.example");
    }

    #[test]
    fn neither_password_nor_query_is_shown() {
        for (text, expected) in [
            ("http://me:secret@a.example:81/b?key=secret", "http://a.example:81/b"),
            ("http://me:sec@ret@a.example", "http://a.example"),
            ("me:secret@a.example/b@c#secret", "a.example/b@c"),
            ("http://a.example/b@c", "http://a.example/b@c"),
            ("", ""),
        ] {
            assert_eq!(shown(text), expected);
        }
    }
}
