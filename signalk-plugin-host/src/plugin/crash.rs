//! A crash on purpose.

use super::Plugin;
use crate::instance::Instance;

impl Plugin {
    /// Has the next call of the plugin end in a trap, as a panic or a bug does: in the middle of whatever it
    /// does then. The rest of its code does not run, what it holds is left as it is, and the server does what
    /// it does about any trap. A call that is over at once does not count: the next one will be it.
    ///
    /// ```no_run
    /// # fn example(plugin: &mut signalk_plugin_host::Plugin) -> Result<(), signalk_plugin_host::Error> {
    /// use std::time::Duration;
    ///
    /// plugin.crash();
    /// plugin.advance(Duration::from_secs(1))?;
    /// assert!(plugin.events().iter().any(|it| it.event.to_string() == "poll failed: unreachable"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn crash(&mut self) {
        if let Some(instance) = &mut self.instance {
            instance.crash();
        }
    }

    /// Tells if such a crash is still to come.
    #[must_use]
    pub fn will_crash(&self) -> bool {
        self.instance.as_ref().is_some_and(Instance::will_crash)
    }
}
