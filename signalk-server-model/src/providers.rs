//! Providers of resources, weather and radars: their registration, the server's questions, and what it
//! makes of the answers.

use serde_json::{Map, Value, json};
use signalk_plugin_contract::capability::{self, Capability};
use signalk_plugin_contract::providers::{Call, Reply};
use signalk_plugin_contract::{Function, env, exports};

use crate::event::{Event, Registration};
use crate::js::{self, JsonError, truthy};
use crate::registry::Provider;
use crate::server::Server;

impl Server {
    /// Takes a registration on, where package.json grants the capability.
    pub(crate) fn take_on(&self, registration: Registration, capability: Capability) -> bool {
        let granted = self.grants(capability);
        self.record(if granted {
            Event::Registered(registration)
        } else {
            Event::refused_for_want_of(registration, capability)
        });
        granted
    }

    /// Does `sk_register_resource_provider`.
    pub fn register_resource_provider(&mut self, resource_type: String) -> bool {
        let registration = Registration::Resources { resource_type: resource_type.clone() };
        if resource_type.is_empty() && self.grants(capability::RESOURCE_PROVIDER) {
            let reason = "the resource type is empty".to_owned();
            self.record(Event::RegistrationRefused { registration, reason });
            return false;
        }
        let taken = self.take_on(registration, capability::RESOURCE_PROVIDER);
        if taken {
            self.registry.resources.insert(resource_type, false);
        }
        taken
    }

    /// Does `sk_register_weather_provider`.
    pub fn register_weather_provider(&mut self, name: String) -> bool {
        let registration = Registration::Weather { name: name.clone() };
        let taken = self.take_on(registration, capability::WEATHER_PROVIDER);
        if taken {
            self.registry.weather = Some(Provider::new(name));
        }
        taken
    }

    /// Does `sk_register_radar_provider`.
    pub fn register_radar_provider(&mut self, name: String) -> bool {
        let registration = Registration::Radar { name: name.clone() };
        let taken = self.take_on(registration, capability::RADAR_PROVIDER);
        if taken {
            self.registry.radar = Some(Provider::new(name));
        }
        taken
    }

    /// Tells whether the provider of a type of resources is connected.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn asks_resources(&self, resource_type: &str) -> Result<bool, NotRegistered> {
        let connected = self.registry.resources.get(resource_type).copied();
        let what = || format!("a provider of {resource_type}");
        connected.ok_or_else(|| NotRegistered::new(what(), &env::REGISTER_RESOURCE_PROVIDER))
    }

    /// Tells whether the weather provider is connected.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn asks_weather(&self) -> Result<bool, NotRegistered> {
        let connected = self.registry.weather.as_ref().map(|provider| provider.connected);
        let what = || "a weather provider".to_owned();
        connected.ok_or_else(|| NotRegistered::new(what(), &env::REGISTER_WEATHER_PROVIDER))
    }

    /// Tells whether the radar provider is connected.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn asks_radar(&self) -> Result<bool, NotRegistered> {
        let connected = self.registry.radar.as_ref().map(|provider| provider.connected);
        let what = || "a radar provider".to_owned();
        connected.ok_or_else(|| NotRegistered::new(what(), &env::REGISTER_RADAR_PROVIDER))
    }

    /// Does `sk_emit_binary_stream`: `false` if the stream is none of the plugin's, nor of a radar.
    pub fn emit_binary_stream(&self, stream: String, data: Vec<u8>) -> bool {
        let own = format!("plugins/{}/", self.package);
        let is_radar = stream.strip_prefix("radars/").is_some_and(|radar| {
            !radar.is_empty()
                && radar.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        });
        let problem = (!is_radar && !stream.starts_with(&own))
            .then(|| format!("expected {own}<name> or radars/<id> with letters, digits, _ and -"));
        self.push(stream, data, problem)
    }

    /// Does `sk_radar_emit_spokes`: `false` without a connected radar provider.
    pub fn emit_spokes(&self, radar: &str, data: Vec<u8>) -> bool {
        let problem = if !self.grants(capability::RADAR_PROVIDER) {
            Some(Event::wants(capability::RADAR_PROVIDER))
        } else {
            match self.asks_radar() {
                Ok(true) => None,
                Ok(false) => Some(format!(
                    "the radar provider is connected only once {} has returned 0",
                    exports::PLUGIN_START.name
                )),
                Err(_) => Some("no radar provider is registered".to_owned()),
            }
        };
        self.push(format!("radars/{radar}"), data, problem)
    }

    fn push(&self, stream: String, data: Vec<u8>, problem: Option<String>) -> bool {
        let is_sent = problem.is_none();
        self.record(match problem {
            None => Event::Binary { stream, data },
            Some(reason) => Event::BinaryRefused { stream, reason },
        });
        is_sent
    }
}

/// A provider was asked that the plugin has not registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the plugin has not registered {what}; it does so by {import} during {}", exports::PLUGIN_START.name)]
pub struct NotRegistered {
    what: String,
    import: &'static str,
}

impl NotRegistered {
    fn new(what: String, import: &Function) -> Self {
        Self { what, import: import.name }
    }
}

/// The question for the resources of a type; `query` holds what the client asked with, an object.
#[must_use]
pub fn list_resources(resource_type: &str, query: &Value) -> Value {
    let mut request = js::spread(query);
    request.insert("resourceType".to_owned(), Value::from(resource_type));
    Value::Object(request)
}

/// The question for one resource, or one property of it.
#[must_use]
pub fn get_resource(resource_type: &str, id: &str, property: Option<&str>) -> Value {
    let mut request = Map::from_iter([("id".to_owned(), Value::from(id))]);
    if let Some(property) = property {
        request.insert("property".to_owned(), Value::from(property));
    }
    request.insert("resourceType".to_owned(), Value::from(resource_type));
    Value::Object(request)
}

/// The request to store a resource.
#[must_use]
pub fn set_resource(resource_type: &str, id: &str, value: &Value) -> Value {
    json!({ "id": id, "value": value, "resourceType": resource_type })
}

/// The request to delete a resource.
#[must_use]
pub fn delete_resource(resource_type: &str, id: &str) -> Value {
    json!({ "id": id, "resourceType": resource_type })
}

/// Reads the answer of a provider of resources: nothing and an empty one are `{}`.
///
/// # Errors
///
/// If it is not JSON, which is how a plugin says "not found".
pub fn resources_answered(answer: Option<&str>) -> Result<Value, JsonError> {
    answer.filter(|text| !text.is_empty()).map_or_else(|| Ok(json!({})), js::parse)
}

/// Reads the answer of a weather provider: whatever is not JSON is `[]`.
#[must_use]
pub fn weather_answered(answer: Option<&str>) -> Value {
    answer.and_then(|text| js::parse(text).ok()).unwrap_or_else(|| json!([]))
}

/// Reads the answer of a radar provider: setters come to `true` or `false`, an object with an `error` to
/// `null`.
#[must_use]
pub fn radar_answered(call: &Call, answer: Option<&str>) -> Value {
    let parsed = answer.filter(|text| !text.is_empty()).map(js::parse);
    match call.reply {
        Reply::List => parsed.and_then(Result::ok).unwrap_or_else(|| json!([])),
        Reply::Any | Reply::Ignored => parsed.and_then(Result::ok).unwrap_or_default(),
        Reply::Outcome => match parsed {
            Some(Ok(answer)) => answer,
            Some(Err(_)) => json!({ "success": false, "error": "Invalid response" }),
            None => json!({ "success": false, "error": "No response" }),
        },
        Reply::Done => Value::Bool(matches!(parsed, Some(Ok(Value::Bool(true))))),
        Reply::Object => parsed
            .and_then(Result::ok)
            .filter(|answer| !answer.get("error").is_some_and(truthy))
            .unwrap_or_default(),
    }
}
