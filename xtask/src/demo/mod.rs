//! `cargo xtask demo`: the anchor watch at work on a recorded track.

mod embedded;
mod server;
mod show;
mod story;

pub(crate) use embedded::run as run_embedded;
pub(crate) use server::{Playback, run as run_on_server};
