//! The embedded host, as either version of the server.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_host::{Event, Host, HttpRequest, Plugin, ServerVersion};

use super::{Boat, Crewed, Faulty};
use crate::{Answer, BuiltPlugin, delta};

/// Minutes of work in one call, so that a plugin that never comes back is a failure and no silence.
const MOST_FUEL: u64 = 20_000_000_000;

/// A plugin may have a little more than it can use, and no more of this machine's.
const MOST_MEMORY: usize = 9 << 28;

/// A plugin in the embedded host.
pub struct Embedded {
    /// There is none for a moment while the server is killed.
    plugin: Option<Plugin>,
    /// How many events there were at the last action, or up to the line that was last seen.
    mark: usize,
}

impl Embedded {
    /// Installs a plugin of this workspace and enables it with an empty configuration.
    #[must_use]
    pub fn launch(package: &str, version: ServerVersion) -> Self {
        let module = BuiltPlugin::of(package).unwrap().module().unwrap();
        let host =
            Host::builder().version(version).fuel(Some(MOST_FUEL)).memory_limit(Some(MOST_MEMORY));
        let host = host.build();
        Self { plugin: Some(host.install_enabled(module, "{}").unwrap()), mark: 0 }
    }

    fn plugin(&mut self) -> &mut Plugin {
        self.plugin.as_mut().unwrap()
    }

    /// The plugin, to which something is to be done.
    fn act(&mut self) -> &mut Plugin {
        self.mark = self.plugin().events().len();
        self.plugin()
    }

    fn deliver(&mut self, source: &str, path: &str, value: &Value) {
        let values = json!([{ "path": path, "value": value }]);
        let delta = json!({
            "context": "vessels.self",
            "updates": [{ "$source": source, "values": values }],
        });
        self.plugin().deliver_delta(&delta.to_string()).unwrap();
    }
}

impl Boat for Embedded {
    fn configure(&mut self, config: &Value) {
        self.act().enable(&config.to_string()).unwrap();
    }

    fn post(&mut self, path: &str, body: &Value) {
        let request = HttpRequest::post(format!("/api/{path}")).json(body.to_string());
        let answer = self.plugin().http(&request).unwrap();
        assert_eq!((answer.status, &*answer.text()), (204, ""), "{path} {body}");
    }

    fn value(&mut self, path: &str) -> Value {
        self.plugin().value(path).unwrap_or_default()
    }

    fn line(&mut self) -> String {
        self.plugin().status().map(|status| status.message).unwrap_or_default()
    }

    fn step(&mut self) {
        std::thread::sleep(Duration::from_millis(1));
        self.deliver("host", "test.poke", &json!(1));
    }

    fn pass(&mut self, time: Duration) {
        self.plugin().advance(time).unwrap();
    }
}

impl Faulty for Embedded {
    fn configure_in_vain(&mut self, config: &Value) -> bool {
        self.act().enable(&config.to_string()).is_ok()
    }

    fn disable(&mut self) {
        self.act().disable().unwrap();
    }

    fn get(&mut self, path: &str) -> (u16, String) {
        let answer = self.plugin().http(&HttpRequest::get(path)).unwrap();
        (answer.status, answer.text())
    }

    fn put(&mut self, path: &str, value: &Value) {
        self.act().put("vessels.self", path, &value.to_string()).unwrap();
    }

    fn put_answer(&mut self, path: &str, value: &Value) -> (u64, String) {
        let outcome = self.plugin().put("vessels.self", path, &value.to_string()).unwrap();
        let reply = outcome.reply().unwrap();
        (reply.status_code.try_into().unwrap(), reply.message.clone().unwrap_or_default())
    }

    fn ask(&mut self, method: &str, path: &str, body: Option<(&str, &str)>) -> Answer {
        let mut request = HttpRequest::new(method, path).header("X-Asked-By", "a <test>");
        if let Some((media_type, body)) = body {
            if !media_type.is_empty() {
                request = request.header("Content-Type", media_type);
            }
            request = request.body(body);
        }
        let answer = self.plugin().http(&request).unwrap();
        let is_type = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("content-type");
        let media_type = answer.headers.iter().find(is_type).map(|(_, value)| value.clone());
        let media_type = media_type.unwrap_or_default();
        Answer { status: answer.status, media_type, body: answer.text() }
    }

    fn resource(&mut self, kind: &str, id: &str) -> Option<Value> {
        self.plugin().get_resource(kind, id, None).ok()
    }

    fn receive(&mut self, path: &str, value: &Value) {
        self.receive_from("host", path, value);
    }

    fn receive_from(&mut self, source: &str, path: &str, value: &Value) {
        self.act();
        self.deliver(source, path, value);
    }

    fn receive_delta(&mut self, delta: &Value) {
        self.act().deliver_delta(&delta.to_string()).unwrap();
    }

    fn fill_disk(&mut self, full: bool) {
        self.act().config_store().fill_disk(full);
    }

    fn file(&mut self) -> String {
        let name = self.plugin().package().name().to_owned();
        self.plugin().config_store().read(&name).unwrap()
    }

    fn kill(&mut self) {
        let plugin = self.plugin.take().unwrap();
        self.plugin = Some(plugin.restart_server().unwrap());
        self.mark = 0;
    }

    fn sent(&mut self, path: &str) -> Vec<Value> {
        let mut sent = Vec::new();
        for recorded in self.plugin().events() {
            match recorded.event {
                Event::Delta { delta, .. } => sent.extend(
                    delta::values(&delta).filter(|(at, _)| *at == path).map(|it| it.1.clone()),
                ),
                Event::Notification { path: at, value } if at == path => sent.push(value),
                _ => {}
            }
        }
        sent
    }

    fn was_shown(&mut self, part: &str) -> bool {
        let events = self.plugin().events();
        let later = events.iter().enumerate().skip(self.mark);
        let at = later.into_iter().find_map(|(at, recorded)| match &recorded.event {
            Event::Status(text) | Event::Error(text) => text.contains(part).then_some(at),
            _ => None,
        });
        self.mark = at.unwrap_or(self.mark);
        at.is_some()
    }

    fn everything_shown(&mut self) -> String {
        let mut shown = String::new();
        for recorded in self.plugin().events() {
            match recorded.event {
                Event::Status(text)
                | Event::Error(text)
                | Event::Debug(text)
                | Event::Stdout(text)
                | Event::Stderr(text) => shown += &format!("{text}\n"),
                _ => {}
            }
        }
        shown
    }

    fn tick(&mut self) {
        std::thread::sleep(Duration::from_millis(1));
        self.pass(Duration::from_millis(500));
    }
}

impl Crewed for Embedded {
    fn acknowledge(&mut self, path: &str) {
        self.act().acknowledge_notification(path).unwrap();
    }

    fn silence(&mut self, path: &str) {
        self.act().silence_notification(path).unwrap();
    }

    fn silence_all(&mut self) {
        self.act().silence_all_notifications().unwrap();
    }
}
