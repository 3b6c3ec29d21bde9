//! Weather: observations, forecasts and warnings, which the server offers under
//! `/signalk/v2/api/weather/`.
//!
//! ```
//! use signalk_plugin_sdk::clock;
//! use signalk_plugin_sdk::prelude::*;
//! use signalk_plugin_sdk::weather::{
//!     ForecastRequest, ObservationRequest, Outside, WeatherData, WeatherProvider,
//! };
//!
//! #[derive(Default)]
//! pub struct Mast {
//!     last: Option<WeatherData>,
//! }
//!
//! #[signalk_plugin(name = "Weather Mast", weather)]
//! impl Mast {
//!     fn start() -> Self {
//!         Self::default()
//!     }
//!
//!     #[delta("environment.outside.temperature")]
//!     fn temperature(&mut self, kelvin: f64) {
//!         self.last = Some(WeatherData {
//!             date: clock::now_rfc3339(),
//!             outside: Some(Outside { temperature: Some(kelvin), ..Outside::default() }),
//!             ..WeatherData::default()
//!         });
//!     }
//! }
//!
//! impl WeatherProvider for Mast {
//!     fn observations(&mut self, _: &ObservationRequest) -> Result<Vec<WeatherData>> {
//!         Ok(self.last.iter().cloned().collect())
//!     }
//!
//!     fn forecasts(&mut self, _: &ForecastRequest) -> Result<Vec<WeatherData>> {
//!         Ok(Vec::new())
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! The shapes are those of the typings of the npm package `@signalk/server-api` (`weatherapi.d.ts`,
//! the same in 2.23.0 and 2.32.0), which the server's own weather plugins keep to, with the four
//! values that only its OpenAPI document has. That document spells waves, swell, current and the
//! direction of gusts in another way (`water.waves.significantHeight`); the server checks neither.
//!
//! # What the server does, and no plugin can change
//!
//! Seen in the code of 2.23.0 and 2.32.0, which are the same here.
//!
//! - A plugin's name in the list of providers is that of the plugin. The first one that registers is
//!   the default until a client says otherwise, which the server forgets when it restarts. Others are
//!   asked with `?provider=<id>`.
//! - **Errors**: a request for forecasts that failed is answered with 400, but with a text of the
//!   server's that says nothing ("r.filter is not a function"). There is no answer that makes it
//!   answer observations or warnings with an error: what it gets it passes on with 200. The SDK
//!   gives it `{"state":"FAILED","statusCode":500,"message":"…"}`, so that a client can see what is
//!   wrong, and an empty list where there really is nothing. Every error stands in the plugin's
//!   status as well.
//! - Forecasts of another type than was asked for are dropped. The SDK fills the type in.
//! - `count` and `date` are passed on and not applied. The SDK cuts to `count`; `date` is the
//!   provider's to keep to.
//! - What another plugin of the server asks for through `weatherApi` arrives with position 0, 0. The
//!   SDK finds the real one for observations and forecasts; for warnings the server has lost it.
//! - All entries together have to fit into an answer of 65,536 bytes, or what the plugin has set: one
//!   of ten values takes about 300.

pub(crate) mod adapter;
mod data;
mod request;

use crate::error::Result;

pub use data::{Outside, Precipitation, Sun, Tendency, Water, WeatherData, WeatherWarning, Wind};
pub use request::{ForecastRequest, ForecastType, ObservationRequest, WarningRequest};

/// Provides weather data. While a method runs, the whole server stands still: it answers from what
/// the plugin has.
///
/// What the server makes of the results stands in the [module's documentation](self).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not provide weather data",
    label = "implement `signalk_plugin_sdk::weather::WeatherProvider` for it, or leave `weather` out of `#[signalk_plugin(…)]`"
)]
pub trait WeatherProvider {
    /// What the weather was, the latest first.
    ///
    /// # Errors
    /// They stand in the plugin's status, and in what the client gets.
    fn observations(&mut self, request: &ObservationRequest) -> Result<Vec<WeatherData>>;

    /// What the weather will be, the next first, by day or by time as the request says.
    ///
    /// # Errors
    /// They stand in the plugin's status; the client gets 400.
    fn forecasts(&mut self, request: &ForecastRequest) -> Result<Vec<WeatherData>>;

    /// Warnings that hold now or later, the earliest first; none unless the plugin says so.
    ///
    /// # Errors
    /// They stand in the plugin's status, and in what the client gets.
    fn warnings(&mut self, request: &WarningRequest) -> Result<Vec<WeatherWarning>> {
        let _ = request;
        Ok(Vec::new())
    }
}
