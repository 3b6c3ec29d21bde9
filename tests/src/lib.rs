//! What the tests that cross crates share: a real Signal K server, started for one test, and the
//! means to look at it from outside.
//!
//! `cargo xtask test` installs the servers, builds the plugins, and says where they are in the
//! variables of [`mod@env`].

mod bus;
pub mod delta;
pub mod env;
mod feeder;
mod rest;
mod server;
pub mod soak;
mod socket;
mod stream;
mod track;

pub use bus::{Bus, RATE, VESSELS};
pub use feeder::NmeaFeeder;
pub use rest::{Answer, Rest};
pub use server::{Server, ServerBuilder};
pub use socket::Socket;
pub use stream::{Received, Stream};
pub use track::{ANCHOR_DROPPED_AT, Fix, Track};
