//! An instance of the plugin and the ways in which the server calls it.

mod call;
mod exchange;
mod instance;
mod memory;
mod traced;

pub(crate) use call::call;
pub(crate) use exchange::{deliver_text, exchange, http_endpoints, radar_exchange, text_out};
pub(crate) use instance::{Guest, GuestState, Instance, Stage, instantiate};
pub(crate) use memory::{read, write};
pub(crate) use traced::Traced;
