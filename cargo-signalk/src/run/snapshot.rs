//! All there is to be seen of the plugin at one moment.

use serde_json::{Value, json};
use signalk_plugin_host::{Registration, StatusKind};

use super::session::Worker;

impl Worker {
    pub(super) fn snapshot(&self) -> Value {
        let plugin = &self.plugin;
        let status = plugin.status().map(|status| {
            json!({
                "isError": status.kind == StatusKind::Error,
                "message": status.message,
            })
        });
        let values = plugin.values().into_iter().map(|(path, stored)| {
            json!({
                "path": path,
                "value": stored.value,
                "source": stored.source,
                "timestamp": stored.timestamp,
            })
        });
        let state = if self.is_hung { "hangs".to_owned() } else { plugin.state().to_string() };
        json!({
            "id": plugin.package().id(),
            "name": plugin.name(),
            "version": plugin.package().version_text(),
            "state": state,
            "enabled": plugin.is_enabled(),
            "schema": plugin.schema(),
            "configuration": plugin.configuration(),
            "problem": plugin.error_message(),
            "status": status,
            "clock": humantime::format_rfc3339_millis(plugin.wall_clock()).to_string(),
            "diskIsFull": self.store.disk_is_full(),
            "values": values.collect::<Vec<_>>(),
            "registrations": plugin.registrations().iter().map(registration).collect::<Vec<_>>(),
        })
    }
}

fn registration(registration: &Registration) -> Value {
    match registration {
        Registration::Http { method, path, .. } => {
            json!({ "kind": "endpoint", "method": method, "path": path })
        }
        Registration::Put { context, path } => {
            json!({ "kind": "put", "context": context, "path": path })
        }
        other => json!({ "kind": "provider", "text": other.to_string() }),
    }
}
