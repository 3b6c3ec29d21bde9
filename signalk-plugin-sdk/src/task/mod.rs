//! Waiting without blocking: futures that run beside the handlers.
//!
//! A handler must not wait, since the whole server stands still while it runs. A future may: it is
//! [`spawn`]ed, goes on whenever the server calls the plugin, and hands what it found to a function
//! of the plugin ([`spawn_then`]).
//!
//! ```
//! use signalk_plugin_sdk::prelude::*;
//! use signalk_plugin_sdk::task::{self, Task};
//!
//! struct Horn {
//!     signal: Option<Task>,
//! }
//!
//! #[signalk_plugin(name = "Horn")]
//! impl Horn {
//!     fn start() -> Self {
//!         Self { signal: None }
//!     }
//!
//!     #[put("electrical.switches.horn.state")]
//!     fn sound(&mut self, _: bool) -> Result<()> {
//!         delta::set("electrical.switches.horn.state", true)?;
//!         let signal = async { task::sleep(Duration::from_secs(5)).await };
//!         self.signal = Some(task::spawn_then("signal", signal, Self::silence));
//!         Ok(())
//!     }
//!
//!     fn silence(&mut self, (): ()) -> Result<()> {
//!         delta::set("electrical.switches.horn.state", false)
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! - All runs on the one thread of the plugin, from the outermost call of the server: a task never
//!   runs inside a handler, and two never at once. With a quiet bus the server calls once a second, so
//!   each wait, for time or for the network, takes up to a second more than it has to.
//! - A [`Task`] that is dropped is cancelled. All are when the plugin stops, crashes, or does not
//!   start. What a future sends when it is dropped by a stop goes out, as what the plugin itself
//!   sends then; a crash drops nothing.
//! - What a task returns as an error is shown as that of a handler with the task's name, until a task
//!   of that name succeeds. A panic is the plugin's: it is started afresh.
//! - In one call of the server all tasks together take 200 steps or 50 ms; the rest goes on with the
//!   next.
//! - The function that a task ends with may drop the task.
//! - A plugin without tasks pays nothing for this.

mod executor;
mod wait;

use std::future::Future;

use crate::error::Result;
use crate::report::{self, Source, Who};
use crate::returns::HandlerReturn;
use crate::runtime::Installed;

pub use crate::backoff::Backoff;
pub use executor::Task;
#[cfg(feature = "fetch")]
pub(crate) use wait::Span;
pub(crate) use wait::yield_now;
pub use wait::{Elapsed, Sleep, next_call, sleep, timeout};

/// Starts a future. Its error is shown until a task of the same `name` succeeds, as a handler's is; one
/// name should belong to one kind of task.
pub fn spawn(name: &'static str, future: impl Future<Output = Result<()>> + 'static) -> Task {
    executor::spawn(
        async move { report::set_outcome(Source::Outcome(Who::Task(name)), future.await) },
    )
}

/// Starts a future, and calls a function of the plugin with what it returned. The error of that
/// function is shown until a task of the same `name` succeeds.
///
/// What a future has found is best handed over in this way: the plugin itself cannot be borrowed
/// across an `.await`, for its handlers run meanwhile.
pub fn spawn_then<P: Installed, T: 'static, R: HandlerReturn>(
    name: &'static str,
    future: impl Future<Output = T> + 'static,
    then: impl FnOnce(&mut P, T) -> R + 'static,
) -> Task {
    executor::spawn(async move {
        let found = future.await;
        P::runtime().with(|runtime| {
            runtime.call(Who::Task(name), |plugin| then(plugin, found).into_result());
        });
    })
}
