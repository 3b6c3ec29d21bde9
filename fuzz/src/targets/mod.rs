//! One module for each way in.

pub(crate) mod answers;
pub(crate) mod buffers;
pub(crate) mod config;
pub(crate) mod deltas;
pub(crate) mod fetch;
pub(crate) mod http;
pub(crate) mod json;
pub(crate) mod lines;
pub(crate) mod put;
pub(crate) mod resources;
pub(crate) mod weather;
