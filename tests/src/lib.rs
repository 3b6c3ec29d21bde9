//! What the tests that cross crates share: a real Signal K server, started for one test, and the
//! means to look at it from outside.
//!
//! `cargo xtask test` installs the servers, builds the plugins, and says where they are in the
//! variables of [`mod@env`].

pub mod boat;
pub mod browser;
mod built;
mod bus;
pub mod delta;
pub mod env;
mod feeder;
mod folder;
pub mod http_stub;
pub mod recorded;
mod rest;
mod server;
pub mod soak;
mod socket;
mod stream;
pub mod topics;
mod track;
mod wall_clock;
mod way;

pub use signalk_plugin_host::ServerVersion;

pub use built::{BuiltPlugin, later};
pub use bus::{Bus, RATE, VESSELS};
pub use feeder::NmeaFeeder;
pub use folder::copy_folder;
pub use rest::{Answer, Rest};
pub use server::{Server, ServerBuilder};
pub use socket::Socket;
pub use stream::{Received, Stream};
pub use track::{ANCHOR_DROPPED_AT, Fix, Track};
pub use wall_clock::WallClock;
pub use way::{Borrowed, Fleet, Way};

/// The versions of the server that the embedded host plays.
pub const VERSIONS: [ServerVersion; 2] = [ServerVersion::V2_23, ServerVersion::V2_32];
