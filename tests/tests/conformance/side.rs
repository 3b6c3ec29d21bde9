//! What both hosts can be made to do.

use serde_json::{Value, json};
use signalk_plugin_host::TracedCall;

/// A request to the server, headers and all, so that both hosts get the same one.
#[derive(Debug, Clone)]
pub(crate) struct HttpRequest {
    pub(crate) method: &'static str,
    /// Below `/plugins/<plugin>`, with the query.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A provider is asked: on a real server by its REST API, in the embedded host by the call that this
/// comes to, for it does not reproduce the API.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) method: &'static str,
    /// Below `/signalk/v2/api`.
    pub(crate) path: &'static str,
    pub(crate) body: Option<Value>,
    pub(crate) calls: Vec<ProviderCall>,
}

/// A call of a provider in the embedded host.
#[derive(Debug, Clone)]
pub(crate) enum ProviderCall {
    ListResources(Value),
    GetResource(&'static str, Option<&'static str>),
    SetResource(&'static str, Value),
    DeleteResource(&'static str),
    Observations(Value, Value),
    Forecasts(Value, &'static str, Value),
    Warnings(Value),
    Radar(&'static str, Value),
    /// What the API sends round in its own name, as Signal K version 2.
    Delta(&'static str, Value),
}

/// A host under test.
pub(crate) trait Side {
    /// A request below `/plugins/<plugin>`; answers what the client sees.
    fn http(&mut self, plugin: &str, request: &HttpRequest) -> String;

    /// A client puts a value to a path of the own vessel over HTTP; answers what it sees.
    fn put(&mut self, path: &str, value: &Value) -> String;

    /// The same over a WebSocket; answers the first reply that is not `PENDING`.
    fn put_by_socket(&mut self, path: &str, value: &Value) -> String;

    /// A delta comes from a provider, and is dealt with when this returns.
    fn delta(&mut self, delta: &str);

    /// The value in the data model.
    fn value(&mut self, path: &str) -> String;

    /// A user does something about the notification of a path by the server's API, `acknowledge` for
    /// example; without a path about all. Answers the status, and the words of a refusal.
    fn notification(&mut self, action: &str, path: Option<&str>) -> String;

    /// A provider is asked.
    fn ask(&mut self, question: &Question);

    /// Lets time pass until a poll of the plugin under test that is not idle has ended.
    fn poll(&mut self);

    /// The server ends without a word to its plugins, and starts again with what it has on its disk.
    fn restart(&mut self);

    /// What the plugin list shows of each plugin, one a line.
    fn list(&mut self) -> Vec<String>;

    /// Takes the calls of a plugin since the last time.
    fn calls(&mut self, plugin: &str) -> Vec<TracedCall>;
}

/// Comes behind every delta of the script, on both sides, and says on a real server that those
/// before it have been dealt with: they come one after the other. It is about another vessel, to be
/// told from the script's own.
pub(crate) fn marker(number: u32) -> String {
    json!({
        "context": "vessels.urn:mrn:imo:mmsi:200000000",
        "updates": [{ "values": [{ "path": "probe.marker", "value": number }] }]
    })
    .to_string()
}

/// Where a marker shows up.
pub(crate) const MARKER: &str =
    "/signalk/v1/api/vessels/urn:mrn:imo:mmsi:200000000/probe/marker/value";
