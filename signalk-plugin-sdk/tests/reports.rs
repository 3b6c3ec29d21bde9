//! Errors on the dashboard, each under the name of its own, whatever things are called.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::TestHost;
use signalk_plugin_sdk::{storage, task};

/// A plugin whose functions and tasks have the names of what the SDK itself reports.
struct Names;

#[signalk_plugin]
impl Names {
    fn start() -> Self {
        Self
    }

    #[delta("test.storage")]
    fn storage(&mut self, _value: f64) {}

    #[delta("test.both")]
    fn both(&mut self, works: bool) -> Result<()> {
        ensure!(works, "the handler");
        Ok(())
    }

    #[put("test.task")]
    fn task(&mut self, (name, works): (String, bool)) {
        let name = match &*name {
            "both" => "both",
            "storage" => "storage",
            "start" => "start",
            "stop" => "stop",
            "a crash" => "a crash",
            "own ship" => "own ship",
            "a capability" => "a capability",
            "lost deltas" => "lost deltas",
            _ => "sending a notification",
        };
        task::spawn(name, async move {
            ensure!(works, "the task");
            Ok(())
        })
        .detach();
    }

    #[put("test.store")]
    fn store(&mut self, value: f64) -> Result<()> {
        storage::save("value", &value)
    }

    #[put("test.refused")]
    fn refused(&mut self, _: bool) {}
}

#[test]
fn a_task_and_a_handler_of_the_same_name_have_each_their_own_error() {
    let mut host = TestHost::<Names>::start("{}");
    host.receive("test.both", false);
    assert_eq!(host.error().unwrap(), "the handler");
    host.put("test.task", ("both", true));
    assert_eq!(host.error().unwrap(), "the handler");
    host.put("test.task", ("both", false));
    assert_eq!(host.error().unwrap(), "the task");
    host.receive("test.both", true);
    assert_eq!(host.error().unwrap(), "the task");
    host.put("test.task", ("both", true));
    assert_eq!(host.error(), None);
}

#[test]
fn a_handler_and_a_task_called_storage_leave_the_error_of_the_storage_alone() {
    let mut host = TestHost::<Names>::start("{}");
    host.put("test.store", 1.5);
    // A form that was opened before posts what was there then, and the server's write fills the disk.
    host.set_saved_config("{}");
    host.fill_disk(true);
    host.configure_bytes(b"{}");
    let error = host.error().unwrap();
    assert!(error.contains("could not save"), "{error}");
    host.receive("test.storage", 1.0);
    host.put("test.task", ("storage", true));
    assert_eq!(host.error().unwrap(), error);
}

#[test]
fn tasks_with_the_names_of_the_runtimes_own_reports_take_back_none() {
    let mut host = TestHost::<Names>::new();
    host.deny_capability("putHandlers");
    host.configure("{}");
    let error = host.error().unwrap();
    assert!(error.contains("cannot be served"), "{error}");
    for name in ["a capability", "start", "stop", "a crash", "own ship", "lost deltas"] {
        host.put("test.task", (name, true));
        assert_eq!(host.error().unwrap(), error, "{name}");
    }
}
