//! The notification that a plugin which watched before does not run any more.

use super::{Installed, Runtime};
use crate::boundary::imports;
use crate::plugin::Plugin;
use crate::{config, notification, outbox};

impl<P: Installed> Runtime<P> {
    /// Tells the crew that a plugin that watched before does not any more. Whoever has not run yet is
    /// only being set up, and its owner is looking at the dashboard. Why it is, only the owner is told.
    pub(super) fn tell_of_the_end(&self, what: &str) {
        let has_stored = || config::known().is_some_and(|known| known.stored.is_some());
        if (self.has_run.get() || has_stored()) && !self.is_told.replace(true) {
            raise_alarm::<P>(what);
            outbox::flush();
        }
    }

    /// Takes it back when the plugin runs again.
    pub(super) fn tell_of_running(&self) {
        if self.is_told.replace(false) {
            notify::<P>(notification::AlarmState::Normal, &[P::NAME, " is running again"].concat());
        }
    }

    /// Called when the author's `start` or `stop` traps while the server calls it.
    pub(super) fn alarm_of_a_trap() {
        P::runtime().with(|runtime| runtime.tell_of_the_end("it has crashed"));
    }
}

/// Tells the crew that the plugin is not running. The reason is for the owner alone: everybody may read
/// a notification, and a panic or an error may say anything.
pub(super) fn raise_alarm<P: Plugin>(what: &str) {
    let message =
        [P::NAME, " is not running: ", what, "; the server's dashboard says why"].concat();
    notify::<P>(notification::AlarmState::Alarm, &message);
}

/// By this the crew learns of it, wherever it looks.
fn notify<P: Plugin>(state: notification::AlarmState, message: &str) {
    let id = imports::plugin_id();
    let path = notice_path(id.as_deref().unwrap_or(P::ID));
    if let Err(error) = notification::raise_plainly(&path, state, message) {
        imports::debug(&error.to_string());
    }
}

/// The path of the notification that a package does not run: its name, with whatever a path cannot have
/// in it as the server replaces it in the names of its files.
fn notice_path(package: &str) -> String {
    let plain = |char: char| match char {
        '-' | '_' => char,
        char if char.is_ascii_alphanumeric() => char,
        _ => '_',
    };
    ["plugins.", &*package.chars().map(plain).collect::<String>()].concat()
}

#[cfg(test)]
mod tests {
    use super::notice_path;
    use crate::notification;

    #[test]
    fn every_packages_name_makes_a_path_that_a_notification_takes() {
        for (package, path) in [
            ("signalk-anchor-watch", "plugins.signalk-anchor-watch"),
            ("@scope/anchor.watch", "plugins._scope_anchor_watch"),
        ] {
            assert_eq!(notice_path(package), path);
            notification::raise(path, notification::AlarmState::Alarm, "not running").unwrap();
        }
    }
}
