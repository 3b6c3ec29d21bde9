//! After a crash: the broken instance is left alone, and the plugin is started afresh, three times at most.
//!
//! 1. A trap unwinds nothing. The panic hook has told the server what happened, if there was a panic
//!    ([`entry`](crate::boundary::entry)), and the host goes on calling.
//! 2. The next call finds that the last one has not ended, and comes here before anything else
//!    ([`Runtime::crashed`]). What the trap left is leaked, never touched or dropped.
//! 3. After 1 s and 2 s the plugin is [launched](Runtime::launch) once more, by a poll. A minute without a crash
//!    makes it sound again. The third crash in a row ends the attempts, and so does a stack or a memory that
//!    crashes have used up ([`Runtime::give_up`]): the crew is told by a [notice](super::notice).
//! 4. A trap in `start` or `stop` that the server itself has called is the end: it gives up on the plugin.

use super::notice::raise_alarm;
use super::{Installed, Runtime, State, renewal};
use crate::backoff::wait_after;
use crate::boundary::{entry, imports};
use crate::hooks::End;
use crate::report::{self, Source};

/// How many crashes in a row end the attempts.
const MAX_CRASHES: u32 = 3;
/// How to go on when the attempts have ended.
const THIRD_CRASH: &str = "It was the third crash in a row, so the plugin is not started again: \
    disable and enable it, or save its configuration, to go on";
const WORN_OUT: &str = "Half of its stack or 2 GB of memory are used up, which nothing but a new \
    instance gives back: restart the server to go on";

impl<P: Installed> Runtime<P> {
    /// After a trap: the instance is gone, lost with the stack of the call that trapped, or left in
    /// its cell by a trap outside of any handler. It is leaked, never touched again.
    pub(super) fn crashed(&self, text: String) {
        self.leave_broken();
        // The host shows what the panic hook told it, whatever was shown before.
        report::renew();
        match self.state.get() {
            State::Stopped | State::Disabled => return,
            // Nothing would call it if it were started now: the server has given up on it.
            State::Changing => {
                self.state.set(State::Disabled);
                return report::set_error(Source::Crash, text);
            }
            State::Running | State::Waiting { .. } => {}
        }
        P::announce_again();
        let eaten = entry::leaked_stack_bytes().to_string();
        imports::debug(&["crashes have eaten ", &*eaten, " bytes of the stack"].concat());
        let crashes = self.crashes.get().saturating_add(1);
        self.crashes.set(crashes);
        if entry::is_exhausted() {
            // In case that what is put together now lies out of reach itself, or cannot be had.
            self.state.set(State::Disabled);
            imports::set_error(WORN_OUT);
            self.give_up([&*text, ". ", WORN_OUT].concat());
        } else if crashes >= MAX_CRASHES {
            self.give_up(text + ". " + THIRD_CRASH);
        } else {
            let again = imports::monotonic().saturating_add(wait_after(crashes));
            self.state.set(State::Waiting { again: Some(again), attempt: 0 });
            report::set_error(Source::Crash, text);
        }
    }

    /// Lets go of what a trap has left.
    pub(super) fn leave_broken(&self) {
        std::mem::forget(self.plugin.take());
        renewal::end_run(End::Crash);
    }

    /// Ends the attempts to start an instance that has no room left to run in.
    pub(super) fn give_up_worn_out(&self) {
        self.give_up(WORN_OUT.to_owned());
    }

    /// Ends the attempts to start, and tells whoever looks after the boat: it is not watched any more.
    fn give_up(&self, why: String) {
        self.state.set(State::Disabled);
        raise_alarm::<P>("it has crashed");
        self.is_told.set(true);
        report::set_error(Source::Crash, why);
    }
}
