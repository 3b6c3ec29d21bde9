//! A running instance of the plugin, and the ways in which the server calls it.

mod call;
mod exchange;
mod listener;
mod memory;
mod state;
mod traced;

pub(crate) use call::{call, message_of};
pub(crate) use exchange::{deliver_text, exchange, http_endpoints, radar_exchange, text_out};
pub(crate) use listener::GuestListener;
pub(crate) use memory::{read, write};
pub(crate) use state::{Guest, GuestState};
pub(crate) use traced::Traced;
