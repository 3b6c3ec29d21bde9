//! The driven clock.

use std::time::{Duration, SystemTime};

use signalk_server_model::{Event, PluginState};

use super::Plugin;
use crate::contract::{POLL_INTERVAL, exports};
use crate::error::Error;
use crate::guest::call;

impl Plugin {
    /// Lets time pass: `poll` is called at every full second since the start of the plugin.
    ///
    /// A plugin that sleeps moves the clock itself; polls that it slept through come once, late.
    ///
    /// # Errors
    ///
    /// Where `poll` runs out of fuel; time then stands where it was called. A trap is swallowed, as
    /// on the server, and recorded.
    pub fn advance(&mut self, duration: Duration) -> Result<(), Error> {
        let target = self.elapsed().saturating_add(duration);
        // A poll that sleeps may end beyond the target; what is due then is left for the next time.
        while let Some(due) =
            self.next_poll.filter(|due| *due <= target && self.elapsed() <= target)
        {
            self.move_to(due);
            self.next_poll = Some(self.elapsed() + POLL_INTERVAL);
            self.poll()?;
        }
        self.move_to(target);
        Ok(())
    }

    fn move_to(&self, elapsed: Duration) {
        self.with(|server| server.move_to(elapsed));
    }

    fn poll(&mut self) -> Result<(), Error> {
        if self.state != PluginState::Running {
            return Ok(());
        }
        let Some(instance) = &mut self.instance else { return Ok(()) };
        match call(&mut instance.enter(), exports::POLL.name, &[]) {
            Ok(Some(0)) => Ok(()),
            Ok(code) => {
                let event = Event::Returned {
                    handler: exports::POLL.name.to_owned(),
                    code: code.unwrap_or(0),
                };
                self.with(|server| server.record(event));
                Ok(())
            }
            Err(thrown) => self.swallow(exports::POLL.name, thrown),
        }
    }

    /// Time on the driven clock since the host was built.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.with(|server| server.clock.elapsed())
    }

    /// The wall clock of the host, which moves with the driven clock.
    #[must_use]
    pub fn wall_clock(&self) -> SystemTime {
        self.with(|server| server.clock.wall())
    }

    /// Sets the wall clock by so many seconds, forwards or back, as a GPS or somebody at the computer
    /// does. The driven clock goes on as before.
    pub fn shift_wall_clock(&mut self, seconds: i64) {
        self.with(|server| server.clock.set_wall_by(seconds));
    }

    /// Lets the sockets of the plugin take note of what happened on the network, as the server does
    /// between any two calls into a plugin. Every call into the plugin does this first, so that it
    /// is needed only to wait for something without calling the plugin.
    pub fn poll_sockets(&self) {
        self.with(|server| server.sockets.turn());
    }
}
