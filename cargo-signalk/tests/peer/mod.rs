//! A running server, as far as its stream goes.

use std::net::{TcpListener, TcpStream};

use serde_json::{Value, json};
use tungstenite::handshake::server::Request;
use tungstenite::{Message, WebSocket};

/// A server's stream, of which a test writes the messages.
pub(crate) struct Peer(WebSocket<TcpStream>);

impl Peer {
    /// Takes the next connection, and says which vessel is the own one.
    #[allow(clippy::result_large_err, reason = "the error is that of tungstenite")]
    pub(crate) fn accept(listener: &TcpListener) -> Self {
        let (stream, _) = listener.accept().unwrap();
        let mut asked = String::new();
        let note = |request: &Request, response| {
            asked = request.uri().to_string();
            Ok(response)
        };
        let mut peer = Self(tungstenite::accept_hdr(stream, note).unwrap());
        assert_eq!(asked, "/signalk/v1/stream?subscribe=all");
        let hello = json!({ "name": "signalk-server", "version": "2.32.0", "self": "vessels.own" });
        assert!(peer.say(&hello));
        peer
    }

    fn say(&mut self, message: &Value) -> bool {
        self.0.send(Message::text(message.to_string())).is_ok()
    }

    /// Tells if the other end is still there.
    pub(crate) fn say_depth(&mut self, vessel: &str, depth: f64) -> bool {
        let values = json!([{ "path": "environment.depth.belowTransducer", "value": depth }]);
        let updates = json!([{ "$source": "sounder", "values": values }]);
        self.say(&json!({ "context": vessel, "updates": updates }))
    }
}
