//! The host of native tests: a driver of the model of the server, with real sockets and a clock that the test
//! drives.

mod data;
mod sockets;

use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use signalk_plugin_contract::capability;
use signalk_server_model::deltas::{self, Listener};
use signalk_server_model::{ConfigStore, Event, Server, Setup, Shared, StatusKind, calls, js};

pub(super) use data::*;
pub(super) use sockets::*;

/// The plugin's `delta_handler`, as the server calls it.
pub(crate) type DeltaHandler = fn(&str);

/// The answer of another plugin when a delta passes.
pub(crate) type Answerer = fn(&Value) -> Vec<String>;

/// The server of a thread, and those that it tells of deltas.
#[derive(Clone)]
struct Host {
    server: Shared,
    handler: Option<DeltaHandler>,
    /// Another plugin, which hears of each delta before this one does.
    answerer: Option<Answerer>,
}

impl Host {
    fn new() -> Self {
        let mut setup = Setup::default();
        "urn:mrn:signalk:uuid:00000000-0000-4000-8000-000000000001".clone_into(&mut setup.self_urn);
        let granted = capability::ALL.to_vec();
        let server = Server::new("plugin-under-test", granted, setup, ConfigStore::in_memory());
        Self { server: Shared::new(server), handler: None, answerer: None }
    }
}

impl Listener for Host {
    type Halt = Infallible;

    fn shared(&self) -> &Shared {
        &self.server
    }

    fn on_delta(&mut self, delta: &Value) -> Result<(), Infallible> {
        let Some(handler) = self.handler else { return Ok(()) };
        for answer in self.answerer.map(|answerer| answerer(delta)).unwrap_or_default() {
            handler(&answer);
        }
        handler(&js::stringify(delta));
        Ok(())
    }
}

thread_local! {
    static HOST: RefCell<Host> = RefCell::new(Host::new());
}

fn host() -> Host {
    HOST.with_borrow(Clone::clone)
}

/// Runs `work` on this thread's server. It must not call the plugin.
pub(crate) fn with<R>(work: impl FnOnce(&mut Server) -> R) -> R {
    server().with(work)
}

/// This thread's server.
pub(crate) fn server() -> Shared {
    HOST.with_borrow(|host| host.server.clone())
}

/// A new server that has seen nothing.
pub(crate) fn reset() {
    HOST.replace(Host::new());
}

/// Subscribes the plugin to deltas.
pub(crate) fn subscribe(handler: DeltaHandler) {
    HOST.with_borrow_mut(|host| host.handler = Some(handler));
    with(|server| server.subscribed = true);
}

/// Ends the subscription.
pub(crate) fn unsubscribe() {
    with(|server| server.subscribed = false);
}

/// Has another plugin answer each delta.
pub(crate) fn answer_deltas(answerer: Answerer) {
    HOST.with_borrow_mut(|host| host.answerer = Some(answerer));
}

/// Lets a delta come from a provider.
pub(crate) fn deliver(provider: &str, delta: Value) {
    let Ok(()) = deltas::handle_message(&mut host(), provider, delta, 1);
}

pub(super) fn debug(text: &str) {
    with(|server| server.record(Event::Debug(text.to_owned())));
}

pub(super) fn log(line: &[u8]) {
    let line = String::from_utf8_lossy(line).trim_end_matches('\n').to_owned();
    with(|server| server.record(Event::Stderr(line)));
}

pub(super) fn set_status(text: &str) {
    with(|server| server.set_status(StatusKind::Status, text.to_owned()));
}

pub(super) fn set_error(text: &str) {
    with(|server| server.set_status(StatusKind::Error, text.to_owned()));
}

pub(super) fn handle_message(delta: &str, version: i32) {
    let Ok(()) = calls::emit(&mut host(), delta.to_owned(), version);
}

pub(super) fn publish_notification(path: &str, value: &str) -> i32 {
    let Ok(is_taken) = calls::publish(&mut host(), path.to_owned(), value.to_owned());
    if is_taken { 0 } else { -1 }
}

pub(super) fn register_put_handler(context: &str, path: &str) -> i32 {
    let Ok(is_taken) =
        calls::register_put_handler(&mut host(), context.to_owned(), path.to_owned());
    is_taken.into()
}

pub(super) fn monotonic() -> Duration {
    with(|server| server.clock.elapsed())
}

pub(super) fn wall_clock() -> SystemTime {
    with(|server| server.clock.wall())
}

pub(super) fn plugin_id() -> Option<Rc<str>> {
    Some(with(|server| server.package.as_str().into()))
}

pub(super) fn initialize() {}

pub(super) fn polled() {}
