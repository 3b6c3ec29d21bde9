//! A real Signal K server.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Boat, Crewed, Faulty};
use crate::delta::{dashboard_line, values};
use crate::env::{InstalledServer, plugin_folder};
use crate::{Answer, Server, Stream};

/// Where the preloaded script looks whether the disk is to be full.
const FULL: &str = "SIGNALK_TEST_DISK_IS_FULL";

/// The file in the server's folder whose being there makes the disk full.
const FULL_FILE: &str = "the-disk-is-full";

/// A plugin on a real server.
pub struct Real {
    plugin: String,
    stream: Stream,
    server: Server,
    /// The position on the stream at the last action, or that of the line that was last seen.
    mark: usize,
    /// Where on the stream and in the log the present test begins.
    beginning: (usize, usize),
    /// What was shown in this test before the server was killed.
    earlier: String,
}

impl Real {
    /// Starts a server with a plugin of this workspace, enabled with an empty configuration.
    #[must_use]
    pub fn launch(package: &str, installed: InstalledServer) -> Self {
        Self::launch_with(package, installed, &json!({}))
    }

    /// As [`Self::launch`], with a configuration that was saved before.
    #[must_use]
    pub fn launch_with(package: &str, installed: InstalledServer, config: &Value) -> Self {
        let server = Server::builder(installed)
            .enabled_plugin(plugin_folder(package).unwrap(), config)
            .preload(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/full-disk.cjs"))
            .variable(FULL, FULL_FILE)
            .start()
            .unwrap();
        let stream = server.stream().unwrap();
        let plugin = package.to_owned();
        Self { plugin, stream, server, mark: 0, beginning: (0, 0), earlier: String::new() }
    }

    /// What came on the server's stream.
    #[must_use]
    pub fn stream(&self) -> &Stream {
        &self.stream
    }

    /// The server.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Begins another test on the same server: with the plugin started anew, and nothing seen yet.
    pub(crate) fn begin(&mut self, package: &str) {
        assert_eq!(self.plugin, package, "the tests of one process share a server with one plugin");
        self.earlier.clear();
        self.beginning = (self.stream.position(), self.server.log().len());
        self.configure(&json!({}));
    }

    /// Something is going to be done.
    fn act(&mut self) -> &Server {
        self.mark = self.stream.position();
        &self.server
    }

    fn save(&mut self, enabled: bool, config: &Value) -> u16 {
        let body = json!({ "enabled": enabled, "configuration": config });
        let path = format!("/plugins/{}/config", self.plugin);
        self.act().rest().post(&path, &body).unwrap().0
    }
}

impl Boat for Real {
    fn configure(&mut self, config: &Value) {
        assert_eq!(self.save(true, config), 200);
    }

    fn post(&mut self, path: &str, body: &Value) {
        let path = format!("/plugins/{}/api/{path}", self.plugin);
        let answer = self.server.rest().ask("POST", &path, Some(body)).unwrap();
        assert_eq!((answer.status, &*answer.body), (204, ""), "{path} {body}");
    }

    fn value(&mut self, path: &str) -> Value {
        let node = self.server.rest().own(path).unwrap();
        node.map(|node| node["value"].clone()).unwrap_or_default()
    }

    fn line(&mut self) -> String {
        let lines = self.stream.since(0);
        let line = lines.iter().rev().find_map(|message| dashboard_line(message, &self.plugin));
        line.map(|line| line.text.to_owned()).unwrap_or_default()
    }

    fn step(&mut self) {
        thread::sleep(Duration::from_millis(20));
    }

    fn pass(&mut self, time: Duration) {
        thread::sleep(time);
    }
}

impl Faulty for Real {
    fn configure_in_vain(&mut self, config: &Value) -> bool {
        self.save(true, config) == 200
    }

    fn disable(&mut self) {
        assert_eq!(self.save(false, &json!({})), 200);
    }

    fn get(&mut self, path: &str) -> (u16, String) {
        let path = format!("/plugins/{}{path}", self.plugin);
        let answer = self.server.rest().ask("GET", &path, None).unwrap();
        (answer.status, answer.body)
    }

    fn put(&mut self, path: &str, value: &Value) {
        let path = format!("/signalk/v1/api/vessels/self/{}", path.replace('.', "/"));
        // Its answer says nothing: the server has 500 for every PUT of a WebAssembly plugin.
        self.act().rest().ask("PUT", &path, Some(&json!({ "value": value }))).unwrap();
    }

    fn put_answer(&mut self, path: &str, value: &Value) -> (u64, String) {
        let answer = self.server.client().unwrap().put(path, value).unwrap();
        let message = answer["message"].as_str().unwrap_or_default();
        (answer["statusCode"].as_u64().unwrap(), message.to_owned())
    }

    fn ask(&mut self, method: &str, path: &str, body: Option<(&str, &str)>) -> Answer {
        let path = format!("/plugins/{}{path}", self.plugin);
        self.server.rest().ask_with(method, &path, body).unwrap()
    }

    fn resource(&mut self, kind: &str, id: &str) -> Option<Value> {
        let path = format!("/signalk/v2/api/resources/{kind}/{id}");
        let (status, resource) = self.server.rest().get(&path).unwrap();
        (status == 200).then_some(resource)
    }

    fn receive(&mut self, path: &str, value: &Value) {
        self.receive_from("sensors", path, value);
    }

    fn receive_from(&mut self, source: &str, path: &str, value: &Value) {
        self.act().client().unwrap().tell(source, &[(path, value.clone())]).unwrap();
    }

    fn receive_delta(&mut self, delta: &Value) {
        self.act().client().unwrap().send(delta).unwrap();
    }

    fn fill_disk(&mut self, full: bool) {
        let file = self.act().config_folder().join(FULL_FILE);
        match full {
            true => fs::write(file, "").unwrap(),
            false => fs::remove_file(file).unwrap(),
        }
    }

    fn file(&mut self) -> String {
        let folder = self.server.config_folder().join("plugin-config-data");
        fs::read_to_string(folder.join(format!("{}.json", self.plugin))).unwrap()
    }

    fn kill(&mut self) {
        self.earlier = self.everything_shown();
        self.server.restart().unwrap();
        self.stream = self.server.stream().unwrap();
        self.mark = 0;
        self.beginning.0 = 0;
    }

    fn sent(&mut self, path: &str) -> Vec<Value> {
        let mut sent = Vec::new();
        for message in self.stream.since(self.beginning.0) {
            sent.extend(values(&message).filter(|(at, _)| *at == path).map(|it| it.1.clone()));
        }
        sent
    }

    fn was_shown(&mut self, part: &str) -> bool {
        let messages = self.stream.since(self.mark);
        let at = messages.iter().position(|message| {
            dashboard_line(message, &self.plugin).is_some_and(|line| line.text.contains(part))
        });
        self.mark += at.unwrap_or_default();
        at.is_some()
    }

    fn everything_shown(&mut self) -> String {
        let messages = self.stream.since(self.beginning.0);
        let lines = messages.iter().filter_map(|message| dashboard_line(message, &self.plugin));
        let lines: String = lines.map(|line| format!("{}\n", line.text)).collect();
        let log = self.server.log();
        let log = log.get(self.beginning.1..).unwrap_or_default();
        format!("{}{lines}{log}", self.earlier)
    }

    fn tick(&mut self) {
        thread::sleep(Duration::from_millis(50));
    }
}

/// The path of the server's notifications API.
const NOTIFICATIONS: &str = "/signalk/v2/api/notifications";

impl Real {
    fn do_about(&mut self, path: &str, action: &str) {
        let (_, list) = self.act().rest().get(NOTIFICATIONS).unwrap();
        let known = list.as_object().unwrap();
        let (id, _) = known.iter().find(|(_, known)| known["path"] == path).unwrap();
        let address = format!("{NOTIFICATIONS}/{id}/{action}");
        let (status, answer) = self.server.rest().post(&address, &json!({})).unwrap();
        assert_eq!(status, 200, "{action} {path}: {answer}");
    }
}

impl Crewed for Real {
    fn acknowledge(&mut self, path: &str) {
        self.do_about(path, "acknowledge");
    }

    fn silence(&mut self, path: &str) {
        self.do_about(path, "silence");
    }

    fn silence_all(&mut self) {
        let address = format!("{NOTIFICATIONS}/silenceAll");
        let (status, answer) = self.act().rest().post(&address, &json!({})).unwrap();
        assert_eq!(status, 200, "{answer}");
    }
}
