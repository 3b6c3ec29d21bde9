//! NMEA 0183 over UDP: sends sentences made of what other sources tell the server, and turns those
//! that it receives into deltas in SI units.

#![forbid(unsafe_code)]
mod read;
mod sentence;

use signalk_plugin_sdk::net::UdpSocket;
use signalk_plugin_sdk::prelude::*;

use read::Problem;
use sentence::{degrees, tenths};

/// Sends and receives NMEA 0183.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// Receive on UDP port
    ///
    /// 10110 is usual; 0 takes one that nobody knows.
    receive_port: u16,
    /// Send to address
    ///
    /// Of one device, or of all in a network: 192.168.1.255 for example. Empty to send nothing.
    send_host: String,
    /// Send to UDP port
    send_port: u16,
}

/// The plugin.
pub struct Nmea0183 {
    config: Config,
    socket: UdpSocket,
    sent: u64,
    received: u64,
    unknown: u64,
    broken: u64,
}

// A handler does not get what the plugin itself has published. So two servers that send to each
// other do not pass the same value back and forth for ever.
#[signalk_plugin(name = "NMEA 0183 over UDP", model("environment.wind.speedApparent"))]
impl Nmea0183 {
    fn start(config: Config) -> Result<Self> {
        let has_port = config.send_host.is_empty() || config.send_port > 0;
        ConfigError::unless(has_port, "sendPort", &0, "1 to 65535")?;
        // Port 0 is any free one, to send from.
        let socket = UdpSocket::bind(config.receive_port)?;
        socket.set_broadcast(true)?;
        Ok(Self { config, socket, sent: 0, received: 0, unknown: 0, broken: 0 })
    }

    #[delta("navigation.headingTrue")]
    fn heading(&mut self, radians: f64) -> Result<()> {
        self.send(&["IIHDT", &degrees(radians), "T"])
    }

    #[delta("environment.depth.belowTransducer")]
    fn depth(&mut self, metres: f64) -> Result<()> {
        self.send(&["IIDBT", "", "f", &tenths(metres), "M", "", "F"])
    }

    #[delta("environment.wind.angleApparent")]
    fn wind(&mut self, radians: f64) -> Result<()> {
        // A speed that is older does not belong to this angle.
        let fresh = Duration::from_secs(5);
        let Some(speed) = model::get_within("environment.wind.speedApparent", fresh)? else {
            return Ok(());
        };
        self.send(&["IIMWV", &degrees(radians), "R", &tenths(speed), "M", "A"])
    }

    #[every("1s")]
    fn receive(&mut self) -> Result<()> {
        while let Some(datagram) = self.socket.receive()? {
            let lines = datagram.data.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
            for line in lines.filter(|line| !line.is_empty()) {
                match read::values(line) {
                    Ok(values) => {
                        self.received += 1;
                        values.into_iter().try_for_each(|(path, value)| delta::set(path, value))?;
                    }
                    Err(Problem::Unknown) => self.unknown += 1,
                    Err(Problem::Broken) => self.broken += 1,
                }
            }
        }
        let Self { sent, received, unknown, broken, .. } = self;
        let counts = format!("{received} received, {unknown} unknown, {broken} broken");
        server::set_status(&format!("{sent} sent; {counts}"));
        Ok(())
    }

    fn send(&mut self, fields: &[&str]) -> Result<()> {
        let Config { send_host: host, send_port: port, .. } = &self.config;
        if !host.is_empty() {
            self.socket.send_to(sentence::line(fields).as_bytes(), host, *port)?;
            self.sent += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
