//! The values that the plugin has sent for one context.

use serde_json::Value;
use signalk_plugin_contract::SELF_CONTEXT;
use signalk_plugin_contract::spelling::nearest;

use crate::notification::Notification;

/// The values that the plugin has sent for one context, notifications among them; see
/// [`TestHost::sent_for`](super::TestHost::sent_for).
#[derive(Debug, Clone)]
pub struct Sent {
    context: String,
    values: Vec<(String, Value)>,
}

impl Sent {
    pub(super) fn new(context: &str, values: Vec<(String, Value)>) -> Self {
        Self { context: context.to_owned(), values }
    }

    /// As [`TestHost::value`](super::TestHost::value).
    #[must_use]
    pub fn value(&self, path: &str) -> Option<Value> {
        self.values.iter().rfind(|(of, _)| of == path).map(|(_, value)| value.clone())
    }

    /// As [`TestHost::number`](super::TestHost::number).
    ///
    /// # Panics
    /// When it sent none; it then says what was sent instead.
    #[must_use]
    #[track_caller]
    pub fn number(&self, path: &str) -> f64 {
        let value = self.expect(path, "a number");
        value.as_f64().unwrap_or_else(|| fail(path, "a number", &value))
    }

    /// As [`TestHost::text`](super::TestHost::text).
    ///
    /// # Panics
    /// When it sent none; it then says what was sent instead.
    #[must_use]
    #[track_caller]
    pub fn text(&self, path: &str) -> String {
        let value = self.expect(path, "a text");
        value.as_str().map_or_else(|| fail(path, "a text", &value), str::to_owned)
    }

    /// As [`TestHost::notification`](super::TestHost::notification).
    ///
    /// # Panics
    /// When it sent none; it then says what was sent instead.
    #[must_use]
    #[track_caller]
    pub fn notification(&self, path: &str) -> Notification {
        let path = format!("notifications.{path}");
        let value = self.expect(&path, "a notification");
        crate::json::from_str(&value.to_string())
            .unwrap_or_else(|_| fail(&path, "a notification", &value))
    }

    /// As [`TestHost::notification_state`](super::TestHost::notification_state).
    #[must_use]
    pub fn notification_state(&self, path: &str) -> Option<String> {
        let value = self.value(&format!("notifications.{path}"))?;
        value["state"].as_str().map(str::to_owned)
    }

    /// The paths for which something was sent, each once.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        let mut paths: Vec<_> = self.values.iter().map(|(path, _)| path.clone()).collect();
        paths.sort();
        paths.dedup();
        paths
    }

    #[track_caller]
    #[allow(clippy::panic, reason = "an assertion of a test")]
    fn expect(&self, path: &str, expected: &str) -> Value {
        let Some(value) = self.value(path) else {
            let of = match &*self.context {
                SELF_CONTEXT => String::new(),
                other => format!(" of {other}"),
            };
            let instead = instead(path, &self.paths());
            panic!("expected {expected} at {path:?}{of}, where nothing was sent; {instead}")
        };
        value
    }
}

/// The paths that were sent, the nearest one first to be seen.
fn instead(wanted: &str, paths: &[String]) -> String {
    if paths.is_empty() {
        return "the plugin sent nothing at all".to_owned();
    }
    match nearest(wanted, paths.iter().map(String::as_str)) {
        Some(meant) => format!("did you mean {meant:?}? These were sent: {}", paths.join(", ")),
        None => format!("these were sent: {}", paths.join(", ")),
    }
}

#[track_caller]
#[allow(clippy::panic, reason = "an assertion of a test")]
fn fail(path: &str, expected: &str, found: &Value) -> ! {
    panic!("expected {expected} at {path:?}, where {found} was sent")
}
