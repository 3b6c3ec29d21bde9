//! Resource, weather and radar providers, as the server's APIs ask them.

use serde_json::{Value, json};
use signalk_server_model::{js, providers};

use super::Plugin;
use crate::contract::ANSWER_BUFFER;
use crate::contract::providers::{Call, radar, resources, weather};
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
        let request = providers::list_resources(resource_type, query);
        self.resource(resource_type, resources::LIST, &request)
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
        let request = providers::get_resource(resource_type, id, property);
        self.resource(resource_type, resources::GET, &request)
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
        let request = providers::set_resource(resource_type, id, value);
        self.ask_resources(resource_type, resources::SET, &request).map(|_| ())
    }

    /// Deletes a resource. The server ignores what the plugin answers.
    ///
    /// # Errors
    ///
    /// [`Error::NotRegistered`] and [`Error::OutOfFuel`].
    pub fn delete_resource(&mut self, resource_type: &str, id: &str) -> Result<(), Error> {
        let request = providers::delete_resource(resource_type, id);
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
        let connected = self.with(|server| server.asks_radar())?;
        let request = call.has_request().then(|| js::stringify(request));
        let ask = |guest: &mut Guest<'_>| {
            radar_exchange(guest, handler, request.as_deref(), ANSWER_BUFFER)
        };
        let answer = if connected { self.answer_of(handler, ask)? } else { None };
        Ok(providers::radar_answered(call, answer.as_deref()))
    }

    fn resource(
        &mut self,
        resource_type: &str,
        call: Call,
        request: &Value,
    ) -> Result<Value, Error> {
        let answer = self.ask_resources(resource_type, call, request)?;
        providers::resources_answered(answer.as_deref()).map_err(|error| Error::Answer {
            handler: call.export.name.to_owned(),
            message: format!("{:?} is {error}", answer.unwrap_or_default()),
        })
    }

    fn ask_resources(
        &mut self,
        resource_type: &str,
        call: Call,
        request: &Value,
    ) -> Result<Option<String>, Error> {
        match self.with(|server| server.asks_resources(resource_type))? {
            true => self.ask(call, request),
            false => Ok(None),
        }
    }

    fn weather(&mut self, call: Call, request: &Value) -> Result<Value, Error> {
        let connected = self.with(|server| server.asks_weather())?;
        let answer = if connected { self.ask(call, request)? } else { None };
        Ok(providers::weather_answered(answer.as_deref()))
    }

    /// The answer of a provider; `None` where the server gets none.
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
            Ok(text) => Ok(Some(text)),
            Err(thrown) => self.swallow(handler, thrown).map(|()| None),
        }
    }
}
