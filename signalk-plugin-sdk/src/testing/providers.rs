//! What the server asks of providers.

use serde::Serialize;
use serde_json::Value;
use signalk_plugin_contract::ANSWER_BUFFER;
#[cfg(feature = "unstable-radar")]
use signalk_plugin_contract::provider_calls;
use signalk_server_model::{js, providers};

use super::requests::ask;
use super::{TestHost, json_of};
use crate::boundary::exports;
#[cfg(feature = "unstable-radar")]
use crate::radar::RadarProvider;
use crate::resource::table::ServesResources;
use crate::runtime::Installed;
use crate::weather::WeatherProvider;

type Export = fn(*const u8, usize, *mut u8, usize) -> i32;

fn provided<P: Installed>(export: Export, request: &Value) -> String {
    ask::<P>(js::stringify(request).as_bytes(), ANSWER_BUFFER, export)
}

impl<P: Installed + ServesResources> TestHost<P> {
    /// The resources of a type, as the plugin answers; `query` is an object. `Err` has the text of an
    /// answer that the server takes for a failure.
    ///
    /// # Errors
    /// The plugin's own.
    ///
    /// # Panics
    /// When the query cannot be written as JSON.
    pub fn list_resources<Q: Serialize>(
        &mut self,
        resource_type: &str,
        query: Q,
    ) -> Result<Value, String> {
        let request = providers::list_resources(resource_type, &json_of(&query));
        understood(provided::<P>(exports::resources::list::<P>, &request))
    }

    /// One resource, or one of its properties (`feature.geometry`); an error where there is none.
    ///
    /// # Errors
    /// What the server takes for "not found".
    pub fn get_resource(
        &mut self,
        resource_type: &str,
        id: &str,
        property: Option<&str>,
    ) -> Result<Value, String> {
        let request = providers::get_resource(resource_type, id, property);
        understood(provided::<P>(exports::resources::get::<P>, &request))
    }

    /// Stores a resource. The server does not look at the answer: whether it was stored, the status
    /// and [`Self::get_resource`] tell.
    ///
    /// # Panics
    /// When the resource cannot be written as JSON.
    pub fn set_resource<R: Serialize>(&mut self, resource_type: &str, id: &str, resource: R) {
        let request = providers::set_resource(resource_type, id, &json_of(&resource));
        provided::<P>(exports::resources::set::<P>, &request);
    }

    /// Deletes a resource; the server does not look at the answer either.
    pub fn delete_resource(&mut self, resource_type: &str, id: &str) {
        let request = providers::delete_resource(resource_type, id);
        provided::<P>(exports::resources::delete::<P>, &request);
    }
}

impl<P: Installed + WeatherProvider> TestHost<P> {
    /// What the plugin answers when the server asks for weather: `request` has `position` and, for
    /// observations and forecasts, `options`; forecasts have a `type`, `daily` or `point`.
    ///
    /// # Errors
    /// The text of an answer that is not JSON.
    pub fn weather_observations(&mut self, request: &Value) -> Result<Value, String> {
        understood(provided::<P>(exports::weather::get_observations::<P>, request))
    }

    /// As [`Self::weather_observations`].
    ///
    /// # Errors
    /// As there.
    pub fn weather_forecasts(&mut self, request: &Value) -> Result<Value, String> {
        understood(provided::<P>(exports::weather::get_forecasts::<P>, request))
    }

    /// As [`Self::weather_observations`].
    ///
    /// # Errors
    /// As there.
    pub fn weather_warnings(&mut self, request: &Value) -> Result<Value, String> {
        understood(provided::<P>(exports::weather::get_warnings::<P>, request))
    }
}

#[cfg(feature = "unstable-radar")]
impl<P: Installed + RadarProvider> TestHost<P> {
    /// What the plugin answers to a request of the radar API: `handler` is the export,
    /// `radar_get_state` for example, `request` what the server hands over; `radar_get_radars` gets
    /// none.
    ///
    /// # Errors
    /// The text of an answer that is not JSON, and where there is no such handler.
    pub fn radar(&mut self, handler: &str, request: &Value) -> Result<Value, String> {
        let export = radar_export::<P>(handler)
            .ok_or_else(|| format!("the server knows no radar handler {handler}"))?;
        understood(provided::<P>(export, request))
    }
}

#[cfg(feature = "unstable-radar")]
macro_rules! radar_exports {
    (resources $resources:tt weather $weather:tt radar { $(
        $constant:ident: $export:ident($($request:ident)?), $function:ident, $words:literal, $reply:ident;
    )* }) => {
        /// The export of that name.
        fn radar_export<P: Installed + RadarProvider>(name: &str) -> Option<Export> {
            $(if name == stringify!($export) {
                return Some(radar_exports!(@ $function($($request)?)));
            })*
            None
        }
    };
    (@ $function:ident(request)) => { exports::radar::$function::<P> };
    (@ $function:ident()) => { |_, _, out, max| exports::radar::$function::<P>(out, max) };
}

#[cfg(feature = "unstable-radar")]
provider_calls!(radar_exports);

fn understood(answer: String) -> Result<Value, String> {
    serde_json::from_str(&answer).map_err(|_| answer)
}
