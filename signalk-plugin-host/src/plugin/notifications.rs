//! Actions of users on notifications, by the server's notifications API.

use serde_json::Value;
use signalk_server_model::deltas::{ActError, NoPlugin, UserAction, act_on_notification};

use super::Plugin;
use crate::contract::exports;
use crate::error::Error;
use crate::guest::GuestListener;

impl Plugin {
    /// All notifications that the server knows of, by their ids: what
    /// `GET /signalk/v2/api/notifications` answers.
    #[must_use]
    pub fn notifications(&self) -> Value {
        self.with(|server| server.notifications.list())
    }

    /// Acknowledges a notification, as `POST /signalk/v2/api/notifications/<id>/acknowledge` does. It
    /// is named by its id, or by its path, with or without `notifications.`.
    ///
    /// ```no_run
    /// # fn example(plugin: &mut signalk_plugin_host::Plugin) -> Result<(), signalk_plugin_host::Error> {
    /// plugin.acknowledge_notification("navigation.anchor")?;
    /// if let Some(alarm) = plugin.value("notifications.navigation.anchor") {
    ///     assert_eq!(alarm["method"], serde_json::json!([]));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If the server refuses it, or if the plugin runs out of fuel.
    pub fn acknowledge_notification(&mut self, path_or_id: &str) -> Result<(), Error> {
        self.act_on(&self.notification_id(path_or_id), UserAction::Acknowledge)
    }

    /// Silences a notification, as `POST /signalk/v2/api/notifications/<id>/silence` does. There is no
    /// way to take that back.
    ///
    /// # Errors
    ///
    /// As [`acknowledge_notification`](Self::acknowledge_notification).
    pub fn silence_notification(&mut self, path_or_id: &str) -> Result<(), Error> {
        self.act_on(&self.notification_id(path_or_id), UserAction::Silence)
    }

    /// Clears a notification, as `DELETE /signalk/v2/api/notifications/<id>` does: refused for all that
    /// came in a delta, a plugin's included.
    ///
    /// # Errors
    ///
    /// As [`acknowledge_notification`](Self::acknowledge_notification).
    pub fn clear_notification(&mut self, path_or_id: &str) -> Result<(), Error> {
        self.act_on(&self.notification_id(path_or_id), UserAction::Clear)
    }

    /// Silences all notifications, those that are normal included, as
    /// `POST /signalk/v2/api/notifications/silenceAll` does; what cannot be silenced is left out.
    ///
    /// # Errors
    ///
    /// If the plugin runs out of fuel.
    pub fn silence_all_notifications(&mut self) -> Result<(), Error> {
        for id in self.with(|server| server.notifications.known_ids()) {
            match self.act_on(&id, UserAction::Silence) {
                Ok(()) | Err(Error::Notification { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Acknowledges all notifications, as `POST /signalk/v2/api/notifications/acknowledgeAll` does: up
    /// to the first that cannot be acknowledged, because it was before, for example.
    ///
    /// # Errors
    ///
    /// As [`acknowledge_notification`](Self::acknowledge_notification).
    pub fn acknowledge_all_notifications(&mut self) -> Result<(), Error> {
        let ids = self.with(|server| server.notifications.known_ids());
        ids.iter().try_for_each(|id| self.act_on(id, UserAction::Acknowledge))
    }

    /// The id that a notification of the own vessel has in the data model; anything else is taken for
    /// an id.
    fn notification_id(&self, path_or_id: &str) -> String {
        let about = path_or_id.strip_prefix("notifications.").unwrap_or(path_or_id);
        let shown = self.value(&format!("notifications.{about}"));
        let id = shown.and_then(|value| value.get("id")?.as_str().map(str::to_owned));
        id.unwrap_or_else(|| path_or_id.to_owned())
    }

    fn act_on(&mut self, id: &str, action: UserAction) -> Result<(), Error> {
        let shared = self.shared.clone();
        let refused = |message| Error::Notification { message };
        let Some(instance) = &mut self.instance else {
            return act_on_notification(&mut NoPlugin(shared), id, action).map_err(|error| {
                match error {
                    ActError::Refused(message) => refused(message),
                    ActError::Halt(never) => match never {},
                }
            });
        };
        let mut guest = instance.enter();
        act_on_notification(&mut GuestListener::of(&mut guest), id, action).map_err(|error| {
            match error {
                ActError::Refused(message) => refused(message),
                ActError::Halt(_) => self.out_of_fuel(exports::DELTA_HANDLER.name),
            }
        })
    }
}
