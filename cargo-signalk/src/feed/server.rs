//! The stream of a running server.

use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tungstenite::http::Uri;
use tungstenite::{Message, WebSocket};

use super::line::Line;
use super::sink::{Sink, Wish};

/// The port of a server that was given without one.
const PORT: u16 = 3000;

/// All deltas, of other vessels too, and at first all values that the server has.
const STREAM: &str = "/signalk/v1/stream?subscribe=all";

const CONNECT: Duration = Duration::from_secs(10);
/// A server sends something every few seconds, pings at least.
const SILENCE: Duration = Duration::from_secs(90);
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// A server whose stream is to be followed.
#[derive(Debug)]
pub(crate) struct Server {
    authority: String,
    host: String,
    port: u16,
}

impl Server {
    pub(super) fn at(address: &str) -> Result<Self> {
        let expected = "expected an address such as ws://boat:3000";
        let uri: Uri = address.parse().with_context(|| format!("{address:?}: {expected}"))?;
        match uri.scheme_str() {
            Some("ws" | "http") => {}
            Some("wss" | "https") => bail!(
                "{address}: a server is followed without encryption here: give its address with ws:// \
                 and the port that it has for http"
            ),
            _ => bail!("{address:?}: {expected}"),
        }
        ensure!(matches!(uri.path(), "" | "/"), "{address}: {expected}, without a path");
        let host = uri.host().with_context(|| format!("{address:?}: {expected}"))?.to_owned();
        let port = uri.port_u16().unwrap_or(PORT);
        let host = host.trim_matches(['[', ']']).to_owned();
        Ok(Self { authority: format!("{}:{port}", uri.host().unwrap_or_default()), host, port })
    }

    /// Ends when nobody wants more. What the connection is like is told whenever it changes.
    pub(super) fn follow(&self, sink: &mut impl Sink) {
        let mut wait = FIRST_WAIT;
        loop {
            let outcome = self.connect().and_then(|stream| {
                wait = FIRST_WAIT;
                if !sink.hear(format!("connected to {}", self.authority)) {
                    return Ok(Wish::Nothing);
                }
                pass_on(stream, sink)
            });
            match outcome {
                Ok(Wish::Nothing) => return,
                // A new connection brings all values that the server has.
                Ok(Wish::All | Wish::More) => continue,
                Err(error) => {
                    let again = humantime::format_duration(wait);
                    let text = format!(
                        "no data from {}: {error:#}; trying again in {again}",
                        self.authority
                    );
                    if !sink.hear(text) {
                        return;
                    }
                }
            }
            thread::sleep(wait);
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    fn connect(&self) -> Result<WebSocket<TcpStream>> {
        use std::net::ToSocketAddrs;

        let mut addresses =
            (self.host.as_str(), self.port).to_socket_addrs().context("its name is not known")?;
        let mut last = None;
        let stream = addresses.find_map(|address| {
            TcpStream::connect_timeout(&address, CONNECT).map_err(|error| last = Some(error)).ok()
        });
        let Some(stream) = stream else {
            match last {
                Some(error) => return Err(error).context("it cannot be reached"),
                None => bail!("its name has no address"),
            }
        };
        stream.set_read_timeout(Some(SILENCE))?;
        stream.set_write_timeout(Some(CONNECT))?;
        let url = format!("ws://{}{STREAM}", self.authority);
        let (socket, _) = tungstenite::client(url, stream)
            .map_err(|error| anyhow::anyhow!("it is no server's stream: {error}"))?;
        Ok(socket)
    }
}

/// Passes on what comes, until the sink wants something other than more.
fn pass_on(mut stream: WebSocket<TcpStream>, sink: &mut impl Sink) -> Result<Wish> {
    let mut own_vessel = String::new();
    loop {
        let Message::Text(text) = stream.read()? else { continue };
        match Line::parse(&text) {
            Line::OwnVessel(vessel) => own_vessel = vessel,
            Line::Data(mut data) => {
                data.make_own(&own_vessel);
                match sink.take(data) {
                    Wish::More => {}
                    other => return Ok(other),
                }
            }
            // What the server says besides is no data.
            Line::Nothing | Line::Broken(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_port_or_the_servers_own() {
        let of = |address| Server::at(address).map(|server| server.authority);
        assert_eq!(of("ws://boat").unwrap(), "boat:3000");
        assert_eq!(of("http://127.0.0.1:80/").unwrap(), "127.0.0.1:80");
        assert_eq!(Server::at("ws://[::1]:3001").unwrap().host, "::1");
        for wrong in ["boat:3000", "wss://boat", "ftp://boat", "ws://boat/signalk", ""] {
            let error = format!("{:#}", of(wrong).unwrap_err());
            assert!(error.contains("ws://"), "{error}");
        }
    }
}
