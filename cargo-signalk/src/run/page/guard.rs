//! Keeps other people's pages out.
//!
//! A page of a stranger in the same browser can send requests to this machine, and by a name of its own
//! that suddenly means 127.0.0.1 it can read the answers, too. Both tell where they come from.

use std::net::IpAddr;

/// Why a request is refused, if it is.
pub(super) fn refusal<'a>(header: impl Fn(&str) -> Option<&'a str>) -> Option<String> {
    let Some(host) = header("host") else {
        return Some("a request without Host is not answered".to_owned());
    };
    if !is_this_machine(host) {
        return Some(format!("{host} is no name of this machine: ask 127.0.0.1 or localhost"));
    }
    if let Some(origin) = header("origin")
        && origin.strip_prefix("http://") != Some(host)
    {
        return Some(format!("pages of {origin} are not answered here"));
    }
    match header("sec-fetch-site") {
        None | Some("none" | "same-origin") => None,
        // A link that somebody follows is no request of the page with it.
        Some(_) if header("sec-fetch-mode") == Some("navigate") => (header("sec-fetch-dest")
            != Some("document"))
        .then(|| "this is not shown inside of other pages".to_owned()),
        Some(_) => Some("requests of other sites are not answered here".to_owned()),
    }
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|it| it.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(name);
    name.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(headers: &[(&str, &'static str)]) -> bool {
        let find = |name: &str| headers.iter().find(|(it, _)| *it == name).map(|(_, value)| *value);
        refusal(find).is_none()
    }

    #[test]
    fn only_names_of_this_machine_are_answered() {
        for host in ["127.0.0.1:4000", "localhost:4000", "LOCALHOST", "[::1]:4000", "127.0.0.1"] {
            assert!(answers(&[("host", host)]), "{host}");
        }
        for host in
            ["boat:4000", "localhost.evil.example", "127.0.0.1.evil.example:4000", "[::2]", ""]
        {
            assert!(!answers(&[("host", host)]), "{host}");
        }
        assert!(!answers(&[]));
    }

    #[test]
    fn pages_of_others_are_refused_those_on_another_port_of_this_machine_too() {
        let host = ("host", "localhost:4000");
        assert!(answers(&[host, ("origin", "http://localhost:4000")]));
        for origin in ["http://evil.example", "http://localhost:4001", "null", "file://"] {
            assert!(!answers(&[host, ("origin", origin)]), "{origin}");
        }
        assert!(answers(&[host, ("sec-fetch-site", "same-origin")]));
        assert!(!answers(&[host, ("sec-fetch-site", "same-site")]));
        let from_elsewhere =
            [host, ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
        let shown = |dest| [&from_elsewhere[..], &[("sec-fetch-dest", dest)]].concat();
        assert!(answers(&shown("document")));
        assert!(!answers(&shown("iframe")));
    }
}
