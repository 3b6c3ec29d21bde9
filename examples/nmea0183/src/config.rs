//! The settings.

use signalk_plugin_sdk::prelude::*;

/// Receives and sends NMEA 0183.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// Connection
    pub connection: Connection,
    /// Take sentences without a checksum
    ///
    /// Some instruments leave it out. Without it a sentence that was damaged on its way is not noticed.
    pub without_checksum: bool,
}

/// The way to the instruments.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Connection {
    /// UDP
    Udp {
        /// Receive on UDP port
        ///
        /// 10110 is usual, unless the server itself or another program has it; 0 receives nothing.
        #[serde(default)]
        receive_port: u16,
        /// Send to address
        ///
        /// Of one device, or of all in a network: 192.168.1.255 for example. Empty to send nothing.
        #[serde(default)]
        send_host: String,
        /// Send to UDP port
        #[serde(default)]
        send_port: u16,
    },
    /// TCP
    Tcp {
        /// Address of the gateway
        #[schemars(length(min = 1))]
        host: String,
        /// TCP port of the gateway
        ///
        /// 10110 and 2000 are usual.
        #[schemars(range(min = 1))]
        port: u16,
        /// Send, too
        #[serde(default)]
        sends: bool,
    },
}

impl Default for Connection {
    fn default() -> Self {
        Self::Udp { receive_port: 0, send_host: String::new(), send_port: 0 }
    }
}
