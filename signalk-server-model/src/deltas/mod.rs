//! Deltas on their way through the server.

pub(crate) mod bus;
mod complete;
pub(crate) mod data;
pub(crate) mod notifications;

pub use bus::{ActError, Listener, NoPlugin, act_on_notification, handle_message};
pub use data::{Data, StoredValue};
pub use notifications::{Notifications, UserAction};
