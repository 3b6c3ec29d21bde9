//! The embedded host as a side.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use signalk_plugin_host::{
    CallTrace, ConfigStore, Error, Host, HttpRequest as Request, Module, Package, Plugin, PutReply,
    ServerVersion, TracedCall,
};

use crate::script::{PROBE, PROVIDER, RESOURCES, Setup};
use crate::side::{HttpRequest, ProviderCall, Question, Side, marker};
use crate::transcript::{is_poll, without_idle_polls};

/// Each plugin is in a host of its own: it knows one plugin only.
pub(crate) struct Embedded {
    plugins: BTreeMap<String, Installed>,
    deltas: u32,
}

struct Installed {
    trace: CallTrace,
    /// Calls that were taken out of `trace` already.
    taken: Vec<TracedCall>,
    host: Host,
    module: Module,
    /// `None` where the server could not register it.
    plugin: Option<Plugin>,
}

impl Embedded {
    pub(crate) fn start(built: &Path, version: ServerVersion, setups: &[Setup]) -> Self {
        let manifest = fs::read_to_string(built.join("package.json")).unwrap();
        let wasm = fs::read(built.join("plugin.wasm")).unwrap();
        let install = |setup: &Setup| {
            let manifest = setup.manifest(&manifest);
            let package = Package::from_json(&manifest).unwrap();
            // Most variants are what a check would refuse.
            let module = Module::load_unchecked(wasm.clone(), package).unwrap();
            let store = ConfigStore::in_memory();
            if let Some(document) = &setup.document {
                store.write(&setup.id(), &document.to_string()).unwrap();
            }
            let trace = CallTrace::new();
            let host = Host::builder().version(version).trace(&trace).config_store(store).build();
            let plugin = registered(host.install(module.clone()));
            (setup.id(), Installed { trace, taken: Vec::new(), host, module, plugin })
        };
        Self { plugins: setups.iter().map(install).collect(), deltas: 0 }
    }

    fn installed(&mut self, plugin: &str) -> &mut Installed {
        self.plugins.get_mut(plugin).unwrap_or_else(|| panic!("there is no {plugin}"))
    }

    fn plugin(&mut self, plugin: &str) -> &mut Plugin {
        let installed = self.installed(plugin);
        installed.plugin.as_mut().unwrap_or_else(|| panic!("{plugin} is not registered"))
    }
}

/// `None` where the server cannot register the plugin.
fn registered(outcome: Result<Plugin, Error>) -> Option<Plugin> {
    match outcome {
        Ok(plugin) => Some(plugin),
        Err(Error::Register { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

fn shown(reply: &PutReply) -> String {
    let message = reply.message.as_deref().unwrap_or_default();
    format!("{} {} {message}", reply.status_code, reply.state)
}

impl Side for Embedded {
    fn http(&mut self, plugin: &str, request: &HttpRequest) -> String {
        let asked = Request::new(request.method, &*request.target);
        let headers = request.headers.iter();
        let asked = headers.fold(asked, |asked, (name, value)| asked.header(name, value));
        let answer = self.plugin(plugin).http(&asked.body(request.body.clone())).unwrap();
        let media_type = answer.header("content-type").unwrap_or_default();
        format!("{} {media_type} {:?}", answer.status, answer.text())
    }

    fn put(&mut self, path: &str, value: &Value) -> String {
        let outcome = self.plugin(PROBE).put("vessels.self", path, &value.to_string()).unwrap();
        shown(outcome.http_reply().unwrap())
    }

    fn put_by_socket(&mut self, path: &str, value: &Value) -> String {
        let outcome = self.plugin(PROBE).put("vessels.self", path, &value.to_string()).unwrap();
        shown(outcome.replies.iter().find(|reply| reply.state != "PENDING").unwrap())
    }

    fn delta(&mut self, delta: &str) {
        self.deltas += 1;
        let marker = marker(self.deltas);
        let plugin = self.plugin(PROBE);
        plugin.deliver_delta_from(PROVIDER, delta, 1).unwrap();
        plugin.deliver_delta_from(PROVIDER, &marker, 1).unwrap();
    }

    fn value(&mut self, path: &str) -> String {
        self.plugin(PROBE).value(path).map_or_else(|| "none".to_owned(), |value| value.to_string())
    }

    fn notification(&mut self, action: &str, path: Option<&str>) -> String {
        let plugin = self.plugin(PROBE);
        let outcome = match (action, path) {
            ("acknowledge", Some(path)) => plugin.acknowledge_notification(path),
            ("silence", Some(path)) => plugin.silence_notification(path),
            ("clear", Some(path)) => plugin.clear_notification(path),
            ("acknowledge", None) => plugin.acknowledge_all_notifications(),
            ("silence", None) => plugin.silence_all_notifications(),
            _ => panic!("{action} is nothing that users can do"),
        };
        match outcome {
            Ok(()) => "200".to_owned(),
            Err(Error::Notification { message }) => format!("400 {message}"),
            Err(error) => panic!("{error}"),
        }
    }

    fn ask(&mut self, question: &Question) {
        let plugin = self.plugin(PROBE);
        for call in &question.calls {
            let outcome = match call {
                ProviderCall::ListResources(query) => plugin.list_resources(RESOURCES, query),
                ProviderCall::GetResource(id, property) => {
                    plugin.get_resource(RESOURCES, id, *property)
                }
                ProviderCall::SetResource(id, value) => {
                    plugin.set_resource(RESOURCES, id, value).map(|()| Value::Null)
                }
                ProviderCall::DeleteResource(id) => {
                    plugin.delete_resource(RESOURCES, id).map(|()| Value::Null)
                }
                ProviderCall::Observations(position, options) => {
                    plugin.weather_observations(position, options)
                }
                ProviderCall::Forecasts(position, kind, options) => {
                    plugin.weather_forecasts(position, kind, options)
                }
                ProviderCall::Warnings(position) => plugin.weather_warnings(position),
                ProviderCall::Radar(handler, request) => plugin.radar(handler, request),
                ProviderCall::Delta(provider, delta) => {
                    plugin.deliver_delta_from(provider, &delta.to_string(), 2).map(|()| Value::Null)
                }
            };
            match outcome {
                // An answer that the server fails on is a matter of its API.
                Ok(_) | Err(Error::Answer { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    fn poll(&mut self) {
        for _ in 0..3 {
            self.plugin(PROBE).advance(Duration::from_secs(1)).unwrap();
            let installed = self.installed(PROBE);
            let new = installed.trace.take();
            let polled = without_idle_polls(new.clone()).iter().any(is_poll);
            installed.taken.extend(new);
            if polled {
                return;
            }
        }
        panic!("no poll did anything");
    }

    fn restart(&mut self) {
        for installed in self.plugins.values_mut() {
            installed.plugin = registered(match installed.plugin.take() {
                Some(plugin) => plugin.restart_server(),
                None => installed.host.install(installed.module.clone()),
            });
        }
    }

    fn list(&mut self) -> Vec<String> {
        let registered = self.plugins.iter().filter_map(|(id, it)| Some((id, it.plugin.as_ref()?)));
        registered
            .map(|(id, plugin)| {
                format!("{id} {:?} {} {}", plugin.name(), plugin.state(), plugin.schema())
            })
            .collect()
    }

    fn calls(&mut self, plugin: &str) -> Vec<TracedCall> {
        let installed = self.installed(plugin);
        let mut calls = std::mem::take(&mut installed.taken);
        calls.extend(installed.trace.take());
        calls
    }
}
