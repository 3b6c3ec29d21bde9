//! A crash on purpose.

use super::Plugin;

impl Plugin {
    /// Has the plugin's next call of a function of the server end in a trap, as a panic or a bug does: in
    /// the middle of whatever the plugin does then. Its own code behind that call does not run, what it
    /// holds is left as it is, and the server does what it does about any trap.
    ///
    /// A plugin that calls nothing does not crash; functions of WASI do not count.
    ///
    /// ```no_run
    /// # fn example(plugin: &mut signalk_plugin_host::Plugin) -> Result<(), signalk_plugin_host::Error> {
    /// use std::time::Duration;
    ///
    /// plugin.crash_at_next_import();
    /// plugin.advance(Duration::from_secs(1))?;
    /// assert!(plugin.events().iter().any(|it| it.event.to_string() == "poll failed: unreachable"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn crash_at_next_import(&mut self) {
        self.with(|server| server.crashes_at_import = true);
    }

    /// Tells if such a crash is still to come.
    #[must_use]
    pub fn crashes_at_next_import(&self) -> bool {
        self.with(|server| server.crashes_at_import)
    }
}
