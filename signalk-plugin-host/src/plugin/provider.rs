//! Resource, weather and radar providers, as the server's APIs ask them.

use serde_json::{Map, Value, json};
use signalk_server_model::js::{self, JsonError, truthy};

use super::Plugin;
use crate::contract::providers::{Call, Reply, radar, resources, weather};
use crate::contract::{ANSWER_BUFFER, Function, env, exports};
use crate::error::{Error, Thrown};
use crate::guest::{Guest, exchange, radar_exchange};

impl Plugin {
    /// The resources of a type. `query` holds what the client asked with, an object.
    ///
    /// A trap and an empty answer read as `{}`.
    ///
    /// # Errors
    ///
    /// [`Error::NotRegistered`]; [`Error::Answer`] where the answer is not JSON; [`Error::OutOfFuel`].
    pub fn list_resources(&mut self, resource_type: &str, query: &Value) -> Result<Value, Error> {
        let mut request = js::spread(query);
        request.insert("resourceType".to_owned(), Value::from(resource_type));
        self.resource(resource_type, resources::LIST, &Value::Object(request))
    }

    /// One resource, or one property of it.
    ///
    /// A trap and an empty answer read as `{}`, which the server's clients take for a resource that
    /// exists.
    ///
    /// # Errors
    ///
    /// As [`list_resources`](Self::list_resources); [`Error::Answer`] is how a plugin says "not
    /// found", with text that is not JSON.
    pub fn get_resource(
        &mut self,
        resource_type: &str,
        id: &str,
        property: Option<&str>,
    ) -> Result<Value, Error> {
        let mut request = Map::from_iter([("id".to_owned(), Value::from(id))]);
        if let Some(property) = property {
            request.insert("property".to_owned(), Value::from(property));
        }
        request.insert("resourceType".to_owned(), Value::from(resource_type));
        self.resource(resource_type, resources::GET, &Value::Object(request))
    }

    /// Stores a resource. The server ignores what the plugin answers.
    ///
    /// # Errors
    ///
    /// [`Error::NotRegistered`] and [`Error::OutOfFuel`].
    pub fn set_resource(
        &mut self,
        resource_type: &str,
        id: &str,
        value: &Value,
    ) -> Result<(), Error> {
        let request = json!({ "id": id, "value": value, "resourceType": resource_type });
        self.ask_resources(resource_type, resources::SET, &request).map(|_| ())
    }

    /// Deletes a resource. The server ignores what the plugin answers.
    ///
    /// # Errors
    ///
    /// [`Error::NotRegistered`] and [`Error::OutOfFuel`].
    pub fn delete_resource(&mut self, resource_type: &str, id: &str) -> Result<(), Error> {
        let request = json!({ "id": id, "resourceType": resource_type });
        self.ask_resources(resource_type, resources::DELETE, &request).map(|_| ())
    }

    /// Weather observations for a position `{latitude, longitude}` (degrees).
    ///
    /// A trap and an answer that is not JSON read as `[]`; the same holds for the other weather calls.
    ///
    /// # Errors
    ///
    /// [`Error::NotRegistered`] and [`Error::OutOfFuel`].
    pub fn weather_observations(
        &mut self,
        position: &Value,
        options: &Value,
    ) -> Result<Value, Error> {
        self.weather(weather::OBSERVATIONS, &json!({ "position": position, "options": options }))
    }

    /// Weather forecasts for a position; `kind` is `daily` or `point`.
    ///
    /// # Errors
    ///
    /// As [`weather_observations`](Self::weather_observations).
    pub fn weather_forecasts(
        &mut self,
        position: &Value,
        kind: &str,
        options: &Value,
    ) -> Result<Value, Error> {
        self.weather(
            weather::FORECASTS,
            &json!({ "position": position, "type": kind, "options": options }),
        )
    }

    /// Weather warnings for a position.
    ///
    /// # Errors
    ///
    /// As [`weather_observations`](Self::weather_observations).
    pub fn weather_warnings(&mut self, position: &Value) -> Result<Value, Error> {
        self.weather(weather::WARNINGS, &json!({ "position": position }))
    }

    /// Calls a handler of the radar provider by its export, e.g. `radar_set_power` with
    /// `{"radarId":"front","state":"on"}`, and reads the answer as the server does: the setters come
    /// to `true` or `false`, an object with an `error` to `null`. `radar_get_radars` takes no request.
    ///
    /// # Errors
    ///
    /// [`Error::Input`] where there is no such handler; [`Error::NotRegistered`]; [`Error::OutOfFuel`].
    pub fn radar(&mut self, handler: &str, request: &Value) -> Result<Value, Error> {
        let Some(call) = radar::CALLS.iter().find(|call| call.export.name == handler) else {
            let known: Vec<_> = radar::CALLS.iter().map(|call| call.export.name).collect();
            return Err(Error::Input {
                message: format!(
                    "the server knows no radar handler {handler}; it has {}",
                    known.join(", ")
                ),
            });
        };
        let provider = self.with(|server| server.registry.radar.clone());
        let provider = provider
            .ok_or_else(|| not_registered("a radar provider", &env::REGISTER_RADAR_PROVIDER))?;
        let request = call.has_request().then(|| js::stringify(request));
        let ask = |guest: &mut Guest<'_>| {
            radar_exchange(guest, handler, request.as_deref(), ANSWER_BUFFER)
        };
        let answer = if provider.connected { self.answer_of(handler, ask)? } else { None };
        Ok(radar_answer(call.reply, answer.as_deref()))
    }

    fn resource(
        &mut self,
        resource_type: &str,
        call: Call,
        request: &Value,
    ) -> Result<Value, Error> {
        let Some(text) = self.ask_resources(resource_type, call, request)? else {
            return Ok(json!({}));
        };
        js::parse(&text).map_err(|error| Error::Answer {
            handler: call.export.name.to_owned(),
            message: format!("expected JSON, found {text:?}: {error}"),
        })
    }

    fn ask_resources(
        &mut self,
        resource_type: &str,
        call: Call,
        request: &Value,
    ) -> Result<Option<String>, Error> {
        let connected = self.with(|server| server.registry.resources.get(resource_type).copied());
        match connected {
            None => Err(not_registered(
                &format!("a provider of {resource_type}"),
                &env::REGISTER_RESOURCE_PROVIDER,
            )),
            Some(false) => Ok(None),
            Some(true) => self.ask(call, request),
        }
    }

    fn weather(&mut self, call: Call, request: &Value) -> Result<Value, Error> {
        let provider = self.with(|server| server.registry.weather.clone());
        let provider = provider
            .ok_or_else(|| not_registered("a weather provider", &env::REGISTER_WEATHER_PROVIDER))?;
        let answer = if provider.connected { self.ask(call, request)? } else { None };
        Ok(answer.and_then(|text| js::parse(&text).ok()).unwrap_or_else(|| json!([])))
    }

    /// The answer of a provider; `None` where the server gets none, and for an empty one.
    fn ask(&mut self, call: Call, request: &Value) -> Result<Option<String>, Error> {
        let handler = call.export.name;
        let request = js::stringify(request);
        self.answer_of(handler, |guest| exchange(guest, handler, &request, ANSWER_BUFFER))
    }

    fn answer_of(
        &mut self,
        handler: &str,
        ask: impl FnOnce(&mut Guest<'_>) -> Result<String, Thrown>,
    ) -> Result<Option<String>, Error> {
        let Some(instance) = self.instance.as_mut().filter(|it| it.exports_function(handler))
        else {
            return Ok(None);
        };
        match ask(&mut instance.enter()) {
            Ok(text) => Ok(Some(text).filter(|text| !text.is_empty())),
            Err(thrown) => self.swallow(handler, thrown).map(|()| None),
        }
    }
}

fn radar_answer(reply: Reply, answer: Option<&str>) -> Value {
    let parsed = answer.map(js::parse);
    match reply {
        Reply::List => parsed.and_then(Result::ok).unwrap_or_else(|| json!([])),
        Reply::Any | Reply::Ignored => parsed.and_then(Result::ok).unwrap_or_default(),
        Reply::Outcome => match parsed {
            Some(Ok(answer)) => answer,
            Some(Err(_)) => json!({ "success": false, "error": "Invalid response" }),
            None => json!({ "success": false, "error": "No response" }),
        },
        Reply::Done => Value::Bool(is_true(parsed)),
        Reply::Object => parsed
            .and_then(Result::ok)
            .filter(|answer| !answer.get("error").is_some_and(truthy))
            .unwrap_or_default(),
    }
}

fn is_true(parsed: Option<Result<Value, JsonError>>) -> bool {
    matches!(parsed, Some(Ok(Value::Bool(true))))
}

fn not_registered(what: &str, import: &Function) -> Error {
    Error::NotRegistered {
        message: format!(
            "the plugin has not registered {what}; it does so by {} during {}",
            import.name,
            exports::PLUGIN_START.name
        ),
    }
}
