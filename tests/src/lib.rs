//! What the tests that cross crates share: a real Signal K server, started for one test, and the
//! means to look at it from outside.
//!
//! `cargo xtask test` installs the servers, builds the plugins, and says where they are in the
//! variables of [`mod@env`].

pub mod addresses;
pub mod anchor;
pub mod boat;
pub mod browser;
mod built;
mod bus;
pub mod delta;
pub mod env;
pub mod faults;
mod feeder;
pub mod fetches;
mod folder;
pub mod http_stub;
pub mod recorded;
mod rest;
mod server;
pub mod soak;
mod socket;
mod stream;
mod track;
mod wall_clock;

use signalk_plugin_host::ServerVersion;

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

/// The versions of the server that the embedded host plays.
pub const VERSIONS: [ServerVersion; 2] = [ServerVersion::V2_23, ServerVersion::V2_32];

/// A test for each version of the server, of a function that takes the installed server.
#[macro_export]
macro_rules! on_both_servers {
    ($check:ident: $on_2_32:ident, $on_2_23:ident) => {
        #[test]
        #[ignore = "needs a real server: cargo xtask test --only server"]
        fn $on_2_32() {
            $check($crate::env::InstalledServer::v2_32().unwrap());
        }

        #[test]
        #[ignore = "needs a real server: cargo xtask test --only server"]
        fn $on_2_23() {
            $check($crate::env::InstalledServer::v2_23().unwrap());
        }
    };
}
