//! Resource, weather and radar providers, as the server's APIs ask them.

use serde_json::{Map, Value, json};

use super::Plugin;
use crate::contract::{ANSWER_BUFFER, RADAR_EXPORTS};
use crate::error::{Error, Thrown};
use crate::guest::{Guest, exchange, radar_exchange};
use crate::js::{self, JsonError, truthy};

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
        self.resource(resource_type, "resources_list_resources", &Value::Object(request))
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
        self.resource(resource_type, "resources_get_resource", &Value::Object(request))
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
        self.ask_resources(resource_type, "resources_set_resource", &request).map(|_| ())
    }

    /// Deletes a resource. The server ignores what the plugin answers.
    ///
    /// # Errors
    ///
    /// [`Error::NotRegistered`] and [`Error::OutOfFuel`].
    pub fn delete_resource(&mut self, resource_type: &str, id: &str) -> Result<(), Error> {
        let request = json!({ "id": id, "resourceType": resource_type });
        self.ask_resources(resource_type, "resources_delete_resource", &request).map(|_| ())
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
        self.weather(
            "weather_get_observations",
            &json!({ "position": position, "options": options }),
        )
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
            "weather_get_forecasts",
            &json!({ "position": position, "type": kind, "options": options }),
        )
    }

    /// Weather warnings for a position.
    ///
    /// # Errors
    ///
    /// As [`weather_observations`](Self::weather_observations).
    pub fn weather_warnings(&mut self, position: &Value) -> Result<Value, Error> {
        self.weather("weather_get_warnings", &json!({ "position": position }))
    }

    /// Calls a handler of the radar provider by its export, e.g. `radar_set_power` with
    /// `{"radarId":"front","state":"on"}`, and reads the answer as the server does: the setters come
    /// to `true` or `false`, an object with an `error` to `null`. `radar_get_radars` takes no request.
    ///
    /// # Errors
    ///
    /// [`Error::Input`] where there is no such handler; [`Error::NotRegistered`]; [`Error::OutOfFuel`].
    pub fn radar(&mut self, handler: &str, request: &Value) -> Result<Value, Error> {
        if handler != "radar_get_radars" && !RADAR_EXPORTS.contains(&handler) {
            return Err(Error::Input {
                message: format!(
                    "the server knows no radar handler {handler}; it has radar_get_radars, {}",
                    RADAR_EXPORTS.join(", ")
                ),
            });
        }
        let provider = self.with(|server| server.registry.radar.clone());
        let provider = provider
            .ok_or_else(|| not_registered("a radar provider", "sk_register_radar_provider"))?;
        let request = (handler != "radar_get_radars").then(|| js::stringify(request));
        let ask = |guest: &mut Guest<'_>| {
            radar_exchange(guest, handler, request.as_deref(), ANSWER_BUFFER)
        };
        let answer = if provider.connected { self.answer_of(handler, ask)? } else { None };
        Ok(radar_answer(handler, answer.as_deref()))
    }

    fn resource(
        &mut self,
        resource_type: &str,
        handler: &str,
        request: &Value,
    ) -> Result<Value, Error> {
        let Some(text) = self.ask_resources(resource_type, handler, request)? else {
            return Ok(json!({}));
        };
        js::parse(&text).map_err(|error| Error::Answer {
            handler: handler.to_owned(),
            message: format!("expected JSON, found {text:?}: {error}"),
        })
    }

    fn ask_resources(
        &mut self,
        resource_type: &str,
        handler: &str,
        request: &Value,
    ) -> Result<Option<String>, Error> {
        let connected = self.with(|server| server.registry.resources.get(resource_type).copied());
        match connected {
            None => Err(not_registered(
                &format!("a provider of {resource_type}"),
                "sk_register_resource_provider",
            )),
            Some(false) => Ok(None),
            Some(true) => self.ask(handler, request),
        }
    }

    fn weather(&mut self, handler: &str, request: &Value) -> Result<Value, Error> {
        let provider = self.with(|server| server.registry.weather.clone());
        let provider = provider
            .ok_or_else(|| not_registered("a weather provider", "sk_register_weather_provider"))?;
        let answer = if provider.connected { self.ask(handler, request)? } else { None };
        Ok(answer.and_then(|text| js::parse(&text).ok()).unwrap_or_else(|| json!([])))
    }

    /// The answer of a provider; `None` where the server gets none, and for an empty one.
    fn ask(&mut self, handler: &str, request: &Value) -> Result<Option<String>, Error> {
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

fn radar_answer(handler: &str, answer: Option<&str>) -> Value {
    let parsed = answer.map(js::parse);
    match handler {
        "radar_get_radars" => parsed.and_then(Result::ok).unwrap_or_else(|| json!([])),
        "radar_get_radar_info" => parsed.and_then(Result::ok).unwrap_or_default(),
        "radar_set_control" | "radar_acquire_target" | "radar_set_arpa_settings" => match parsed {
            Some(Ok(answer)) => answer,
            Some(Err(_)) => json!({ "success": false, "error": "Invalid response" }),
            None => json!({ "success": false, "error": "No response" }),
        },
        "radar_cancel_target" => Value::Bool(is_true(parsed)),
        name if name.starts_with("radar_set_") => Value::Bool(is_true(parsed)),
        _ => parsed
            .and_then(Result::ok)
            .filter(|answer| !answer.get("error").is_some_and(truthy))
            .unwrap_or_default(),
    }
}

fn is_true(parsed: Option<Result<Value, JsonError>>) -> bool {
    matches!(parsed, Some(Ok(Value::Bool(true))))
}

fn not_registered(what: &str, import: &str) -> Error {
    Error::NotRegistered {
        message: format!(
            "the plugin has not registered {what}; it does so by {import} during plugin_start"
        ),
    }
}
