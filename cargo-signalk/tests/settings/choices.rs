//! A plugin with settings of which one is chosen.

use signalk_plugin_sdk::prelude::*;

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Config {
    /// When
    when: When,
    /// Connection
    connection: Connection,
    /// Shape
    shape: Shape,
    /// Backup
    backup: Option<Connection>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub enum When {
    /// By day
    Day,
    /// By night
    Night,
}

/// Named by its only key.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Connection {
    Off,
    /// Over TCP
    Tcp {
        /// Host
        host: String,
        /// Port
        port: u16,
    },
    /// A frequency (Hz)
    Frequency(f64),
}

/// Named by a key among the others.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
pub enum Shape {
    Circle {
        /// Radius (m)
        radius: f64,
    },
    Box {
        /// Width (m)
        width: f64,
    },
}

pub struct Choices;

#[signalk_plugin(name = "Choices")]
impl Choices {
    fn start(config: Config) -> Self {
        let Config { when, connection, shape, backup } = config;
        server::set_status(&format!("{when:?}, {connection:?}, {shape:?}, {backup:?}"));
        Self
    }
}
