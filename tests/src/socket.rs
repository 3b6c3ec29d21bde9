//! Clients of the server's WebSockets that ask and wait, beside the stream of everything.

use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// No answer of a server on this machine takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A WebSocket to one address of the server.
pub struct Socket(WebSocket<TcpStream>);

impl Socket {
    /// Connects to a path, `/signalk/v1/stream?subscribe=none` for example.
    ///
    /// # Errors
    ///
    /// Where the server does not take the connection.
    pub fn connect(port: u16, path: &str) -> Result<Self> {
        let connection = TcpStream::connect(("127.0.0.1", port))?;
        connection.set_read_timeout(Some(PATIENCE))?;
        let url = format!("ws://127.0.0.1:{port}{path}");
        let (socket, _) = tungstenite::client(url, connection)
            .map_err(|error| anyhow::anyhow!("the WebSocket handshake failed: {error}"))?;
        Ok(Self(socket))
    }

    /// Sends a message, a delta for example.
    ///
    /// # Errors
    ///
    /// Where the connection is gone.
    pub fn send(&mut self, message: &Value) -> Result<()> {
        Ok(self.0.send(Message::text(message.to_string()))?)
    }

    /// Tells the server values of the own ship, as an instrument does.
    ///
    /// # Errors
    ///
    /// Where the connection is gone.
    pub fn tell(&mut self, source: &str, values: &[(&str, Value)]) -> Result<()> {
        let values: Vec<_> =
            values.iter().map(|(path, value)| json!({ "path": path, "value": value })).collect();
        let updates = json!([{ "$source": source, "values": values }]);
        self.send(&json!({ "context": "vessels.self", "updates": updates }))
    }

    /// Puts a value to a path of the own ship, as a page does, and gives the first answer that is
    /// not `PENDING`.
    ///
    /// # Errors
    ///
    /// Where no answer comes.
    pub fn put(&mut self, path: &str, value: &Value) -> Result<Value> {
        let id = format!("test-{path}-{value}");
        let request = json!({
            "context": "vessels.self",
            "requestId": id,
            "put": { "path": path, "value": value },
        });
        self.0.send(Message::text(request.to_string()))?;
        loop {
            let Message::Text(text) = self.0.read().context("no answer to the PUT")? else {
                continue;
            };
            let answer: Value = serde_json::from_str(&text)?;
            if answer["requestId"] == id.as_str() && answer["state"] != "PENDING" {
                return Ok(answer);
            }
        }
    }

    /// The next binary message.
    ///
    /// # Errors
    ///
    /// Where the server closes the connection, or none comes.
    pub fn bytes(&mut self) -> Result<Vec<u8>> {
        loop {
            match self.0.read().context("no binary message")? {
                Message::Binary(bytes) => return Ok(bytes.to_vec()),
                Message::Close(_) => bail!("the server closed the stream"),
                _ => {}
            }
        }
    }
}
