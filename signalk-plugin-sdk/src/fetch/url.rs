//! Where a request goes.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use fluent_uri::pct_enc::EString;
use fluent_uri::pct_enc::encoder::{Data, Query};
use fluent_uri::{Uri, UriRef};

use super::Reason;
use crate::text;

/// Whom to ask: what a connection belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HttpOrigin {
    pub(super) is_https: bool,
    /// As the sockets want it: an address of IPv6 without brackets.
    pub(super) host: String,
    pub(super) port: u16,
}

/// An address of a web service, in the parts that a request needs.
#[derive(Clone)]
pub(super) struct Url {
    text: Uri<String>,
    pub(super) origin: HttpOrigin,
    /// The host and, where it is not the usual one, the port.
    pub(super) host_header: String,
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place(true))
    }
}

impl Url {
    pub(super) fn parse(text: &str) -> Result<Self, Reason> {
        let text = trimmed(text);
        // Wherever it stands: a password may hold what ends a host, and then all of it but the rest is
        // taken for something else.
        if text.contains('@') {
            Err(
                "it has an @ in it, which is written %40; a name or password belongs in a header and \
                 not in the address",
            )?;
        }
        let uri = Uri::parse(text).map_err(|_| {
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
        if !is_host(&host) {
            Err("its host has characters that no name of a host has")?;
        }
        let host_header = if port == usual { host.clone() } else { format!("{host}:{port}") };
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let host = bare.unwrap_or(&host).to_owned();
        Ok(Self { origin: HttpOrigin { is_https, host, port }, host_header, text })
    }

    /// Where another address leads that stands in an answer of this one.
    pub(super) fn join(&self, location: &str) -> Result<Self, Reason> {
        let location = encoded_location(location);
        let reference = UriRef::parse(&*location)
            .map_err(|_| Reason::from("it leads to what is no address of the web"))?;
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

    /// For an error: what may be shown to anybody. No path with an @ in it, which may be what is left of
    /// a password.
    pub(super) fn place(&self, with_path: bool) -> String {
        const LONGEST: usize = 200;
        let scheme = if self.origin.is_https { "https://" } else { "http://" };
        let path = self.text.path().as_str();
        let is_shown = with_path && !path.contains('@') && !path.contains("%40");
        let path = if is_shown { text::cut(path, LONGEST) } else { "".into() };
        [scheme, &*self.host_header, &*path].concat()
    }
}

impl HttpOrigin {
    /// Tells whether it is a machine on the boat, as far as its name tells: an address of a private network,
    /// of this machine or of none, a name without a dot, or one that is only known in a local network.
    pub(super) fn is_on_board(&self) -> bool {
        let host = self.host.strip_suffix('.').unwrap_or(&self.host);
        if host.contains(':') {
            // One with a zone can only be on board.
            return host.parse().map_or(true, is_private_v6);
        }
        let last = host.rsplit('.').next().unwrap_or_default();
        let is_number = match last.strip_prefix("0x") {
            Some(digits) => digits.bytes().all(|digit| digit.is_ascii_hexdigit()),
            None => !last.is_empty() && last.bytes().all(|digit| digit.is_ascii_digit()),
        };
        if is_number {
            // In other spellings, 0x7f000001 or 127.1, the system finds a machine, too.
            return host.parse().map_or(true, is_private_v4);
        }
        let local =
            ["localhost", "local", "localdomain", "lan", "home", "internal", "intranet", "corp"];
        last == host || local.contains(&last) || host.ends_with(".home.arpa")
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let octets = address.octets();
    matches!(octets, [0 | 10 | 127 | 224.., ..] | [192, 168, ..] | [172, 16..32, ..])
        || matches!(
            octets,
            [169, 254, ..] | [100, 64..128, ..] | [192, 0, 0, _] | [198, 18 | 19, ..]
        )
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let v4 = |high: u16, low: u16| {
        let ([one, two], [three, four]) = (high.to_be_bytes(), low.to_be_bytes());
        is_private_v4(Ipv4Addr::new(one, two, three, four))
    };
    match (a, b, c, d, e, f) {
        // ::, ::1, and those that stand for one of IPv4, with NAT or without.
        (0, 0, 0, 0, 0, 0 | 0xffff) | (0, 0, 0, 0, 0xffff, 0) | (0x64, 0xff9b, 0, 0, 0, 0) => {
            v4(g, h)
        }
        (0x64, 0xff9b, 1, ..) => true,
        (0x2002, ..) => v4(b, c),
        // Unique local, link-local, site-local, multicast.
        _ => matches!(a >> 8, 0xfc | 0xfd | 0xff) || (0xfe80..0xff00).contains(&a),
    }
}

/// Without the white space that comes with what was copied.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_matches(|it: char| {
        it.is_whitespace() || it.is_control() || matches!(it, '\u{200b}' | '\u{feff}')
    })
}

/// A name, or an address in brackets. What else the grammar allows is resolved by nobody.
fn is_host(host: &str) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    host.starts_with('[') || host.bytes().all(is_of_name)
}

/// The reference that a header leads to, as browsers read it: what no address may hold is encoded.
fn encoded_location(location: &str) -> String {
    let location = location.split('#').next().unwrap_or_default();
    let end = location.find('?').unwrap_or(location.len());
    let (path, query) = location.split_at_checked(end).unwrap_or_default();
    let path = trimmed(path).replace('\\', "/");
    let behind_slashes = |at: usize| {
        let name = path.get(at..).unwrap_or_default();
        at + name.find('/').unwrap_or(name.len())
    };
    // Brackets are an address there, and nothing else is to be encoded.
    let authority = match text::find(&path, "//") {
        Some(0) => behind_slashes(2),
        Some(at) if path.get(..at).is_some_and(|it| it.ends_with(':')) => behind_slashes(at + 2),
        _ => 0,
    };
    let (start, path) = path.split_at_checked(authority).unwrap_or_default();
    let mut encoded = start.to_owned();
    for text in [path, query.trim_end()] {
        let bytes = text.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            let is_allowed = match byte {
                b'%' => {
                    let digits = bytes.get(at + 1..at + 3).unwrap_or_default();
                    digits.len() == 2 && digits.iter().all(u8::is_ascii_hexdigit)
                }
                byte => byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(byte),
            };
            match byte {
                b'\t' | b'\r' | b'\n' => {}
                byte if is_allowed => encoded.push(char::from(*byte)),
                byte => {
                    let digit = |value: u8| {
                        char::from_digit(value.into(), 16).unwrap_or_default().to_ascii_uppercase()
                    };
                    encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]);
                }
            }
        }
    }
    encoded
}

impl From<&str> for Reason {
    fn from(text: &str) -> Self {
        Self::BadRequest(text.to_owned())
    }
}

/// Of a text that may be no address at all: what may be shown to anybody. Of one that is refused
/// nothing, for nobody knows what in it is a password.
pub(super) fn shown(text: &str, with_path: bool) -> String {
    Url::parse(text).map_or_else(|_| "the address".into(), |url| url.place(with_path))
}

/// A text as it stands in a query.
fn encoded(text: &str) -> String {
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
            ("mailto:me", "only http and https"),
            ("mailto:me@example.org", "it has an @ in it"),
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
        let to = |location| url.join(location).unwrap().place(true);
        assert_eq!(to("x"), "http://a.example/b/x");
        assert_eq!(to("/x?y"), "http://a.example/x");
        assert_eq!(to("//b.example:81/"), "http://b.example:81/");
        assert_eq!(to("https://b.example"), "https://b.example");
        assert!(url.join("file:///etc/passwd").is_err());
        assert!(url.join("http://a b").is_err());
        assert!(url.join("http://me:secret@b.example/").is_err());
        // What is left of a password is not shown.
        assert_eq!(to("http://me:12/secret@b.example"), "http://me:12");
        assert_eq!(to(&"x".repeat(9_000)).len(), 219);
    }

    #[test]
    fn a_redirect_with_what_no_address_may_hold_is_followed_as_browsers_do() {
        let url = Url::parse("http://a.example/b/c?d#e").unwrap();
        for (location, host, target) in [
            ("/Küste/a b?ß=ü", "a.example", "/K%C3%BCste/a%20b?%C3%9F=%C3%BC"),
            ("x|y[1]{}<>\"^`", "a.example", "/b/x%7Cy%5B1%5D%7B%7D%3C%3E%22%5E%60"),
            ("/x?a[]=1|2&b=c d", "a.example", "/x?a%5B%5D=1%7C2&b=c%20d"),
            ("/100%/%zz/%41", "a.example", "/100%25/%25zz/%41"),
            ("\\x\\y?z\\", "a.example", "/x/y?z%5C"),
            ("http:\\\\b.example\\x", "b.example", "/x"),
            ("\\\\b.example/x", "b.example", "/x"),
            (" \u{a0}/x ", "a.example", "/x"),
            ("/x?y #z", "a.example", "/x?y"),
            ("?ü", "a.example", "/b/c?%C3%BC"),
            ("http://[::1]:81/[x]", "::1", "/%5Bx%5D"),
            ("//b.example?u=http://c/@d", "b.example", "/?u=http://c/@d"),
            ("/@me/x//y", "a.example", "/@me/x//y"),
        ] {
            let to = url.join(location).unwrap();
            assert_eq!((&*to.origin.host, &*to.target()), (host, target), "{location}");
        }
        for location in ["http://exämple.org/", "http://a b/", "http://a%20b/", "http://[x]/"] {
            assert!(url.join(location).is_err(), "{location}");
        }
    }

    #[test]
    fn white_space_around_an_address_is_none_of_it() {
        for text in
            [" http://h/x \n", "\thttp://h/x", "\u{feff}http://h/x\u{a0}\u{200b}", "\0http://h/x"]
        {
            assert_eq!(shown(text, true), "http://h/x", "{text:?}");
        }
    }

    #[test]
    fn machines_on_board_are_told_from_those_of_the_internet() {
        let is_on_board = |host: &str| {
            let url = Url::parse(&format!("http://{host}/")).unwrap();
            url.origin.is_on_board()
        };
        for host in [
            "localhost",
            "LOCALHOST",
            "localhost.",
            "a.localhost",
            "plotter",
            "nmea.local",
            "router.lan",
            "nas.home.arpa",
            "x.internal",
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "127.0.0.1.",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "1.2.3.0x4",
            "[::1]",
            "[::]",
            "[fe80::1]",
            "[fd00::1]",
            "[fc00::1]",
            "[ff02::1]",
            "[fec0::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:c0a8:1]",
            "[::127.0.0.1]",
            "[64:ff9b::10.0.0.1]",
            "[64:ff9b:1::1]",
            "[2002:7f00:1::]",
            "[2002:c0a8:101::1]",
            "198.18.0.1",
            "192.0.0.1",
        ] {
            assert!(is_on_board(host), "{host}");
        }
        let zone = HttpOrigin { is_https: false, host: "fe80::1%25eth0".into(), port: 80 };
        assert!(zone.is_on_board());
        for host in [
            "example.org",
            "example.org.",
            "1.1.1.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.169.0.1",
            "11.0.0.1",
            "100.63.0.1",
            "100.128.0.1",
            "169.253.0.1",
            "localhost.example",
            "local.example",
            "9.example",
            "[2001:db8::1]",
            "[2600::1]",
            "[::ffff:1.1.1.1]",
            "[64:ff9b::1.1.1.1]",
            "[2002:101:101::1]",
            "a.0b",
            "1.1.1.bad",
        ] {
            assert!(!is_on_board(host), "{host}");
        }
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
        assert_eq!(shown(&url, true), "http://a.example");
    }

    #[test]
    fn neither_password_nor_query_is_shown() {
        for (text, expected) in [
            ("http://a.example:81/b?key=hunter2#hunter2", "http://a.example:81/b"),
            ("http://a.example/b%40hunter2", "http://a.example"),
            ("", "the address"),
        ] {
            assert_eq!(shown(text, true), expected);
        }
        assert_eq!(shown("http://a.example:81/hunter2", false), "http://a.example:81");
        for text in [
            "http://me:hunter2@h/",
            "http://me:hun/ter2@h/",
            "http://me:hun?ter2@h/",
            "http://me:hun#ter2@h/",
            "http://me:12/hunter2@h/",
            "http://me:12?hunter2@h/",
            "http://hunter2@h",
            "//me:hunter2@h/x",
            "http:/me:hunter2@h/",
            "http:me:hunter2@h/",
            "http:\\\\me:hunter2@h\\x",
            "http://me:hunter2\\@h/",
            "me:hunter2@h",
            "http://me:hunter2%40h/",
            "http://me%3Ahunter2%40h/",
            "http://hunter2%40h/",
            "http://me:hunter2＠h/",
            "http://me:hünter2@h/",
            "http://me:hunter2@@h/",
            "http://me:hunter2@h:x/",
            "ftp://me:hunter2@h/",
            "http://me:hunter2@[::1/",
            " http://me:hunter2@h/ ",
            "http://me:hunter2 h/",
            "http://me:hunter2",
            "hunter2://me@h/",
            "http://me;hunter2!/",
            "http://h/?key=hunter2@x",
        ] {
            let error = Url::parse(text).unwrap_err().to_string();
            assert!(!error.contains("hunter2") && !error.contains("ter2"), "{text}: {error}");
            assert_eq!(shown(text, true), "the address", "{text}");
        }
    }
}
