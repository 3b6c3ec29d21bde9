//! A request, as it goes over a connection.

use super::url::Url;

/// A request to each place that an address leads to.
pub(super) struct Ask {
    pub(super) method: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Ask {
    fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    pub(super) fn keep_headers(&mut self, names: &[&str]) {
        self.headers.retain(|(name, _)| names.iter().any(|it| it.eq_ignore_ascii_case(name)));
    }

    pub(super) fn becomes_get(&mut self) {
        "GET".clone_into(&mut self.method);
        self.body.clear();
        self.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
    }

    /// Tells whether it does no harm to ask twice.
    pub(super) fn is_repeatable(&self) -> bool {
        matches!(&*self.method, "GET" | "HEAD" | "PUT" | "DELETE" | "OPTIONS")
    }

    pub(super) fn write(&self, url: &Url, user_agent: &str) -> Vec<u8> {
        let mut text = [&*self.method, " ", &*url.target(), " HTTP/1.1\r\n"].concat();
        let mut header = |name: &str, value: &str| {
            for part in [name, ": ", value, "\r\n"] {
                text.push_str(part);
            }
        };
        header("host", &url.host_header);
        header("connection", "keep-alive");
        header("accept-encoding", "gzip");
        if !self.has("user-agent") {
            header("user-agent", user_agent);
        }
        if !self.has("accept") {
            header("accept", "*/*");
        }
        if !self.body.is_empty() || matches!(&*self.method, "POST" | "PUT" | "PATCH") {
            header("content-length", &self.body.len().to_string());
        }
        for (name, value) in &self.headers {
            header(name, value);
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// Parts of a request that no error is to show.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Secrecy {
    /// No text of the peer, which may repeat a secret that it was sent.
    pub(super) of_answer: bool,
    /// Nor the path of the address.
    pub(super) of_path: bool,
}
