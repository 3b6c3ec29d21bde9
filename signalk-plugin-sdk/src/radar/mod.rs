//! Radars, which the server offers under `/signalk/v2/api/vessels/self/radars/`.
//!
//! **Not stable**, and there with the feature `unstable-radar` only: the server's Radar API still changes, and this module with it. Between 2.23.0 and
//! 2.32.0 it changed what is known of a radar, and the unit of angles. Where the two differ, it says
//! so.
//!
//! ```
//! use signalk_plugin_sdk::json::Raw;
//! use signalk_plugin_sdk::prelude::*;
//! use signalk_plugin_sdk::radar::{RadarInfo, RadarProvider, RadarState};
//!
//! #[derive(Default)]
//! pub struct Dome {
//!     state: RadarState,
//! }
//!
//! #[signalk_plugin(name = "Dome", radar)]
//! impl Dome {
//!     fn start() -> Self {
//!         Self::default()
//!     }
//! }
//!
//! impl RadarProvider for Dome {
//!     fn radars(&mut self) -> Result<Vec<String>> {
//!         Ok(vec!["dome".into()])
//!     }
//!
//!     fn info(&mut self, _: &str) -> Result<Option<RadarInfo>> {
//!         let (name, brand) = ("Dome".into(), "Example".into());
//!         Ok(Some(RadarInfo { name, brand, ..RadarInfo::default() }))
//!     }
//!
//!     fn state(&mut self, _: &str) -> Result<Option<RadarState>> {
//!         Ok(Some(self.state.clone()))
//!     }
//!
//!     fn set_control(&mut self, _: &str, control: &str, value: &Raw) -> Result<()> {
//!         ensure!(control == "range", "there is no control {control}");
//!         self.state.controls.insert(control.to_owned(), value.clone());
//!         Ok(())
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! The shapes are those of `radarapi.d.ts` in the npm package `@signalk/server-api`; the OpenAPI
//! document of 2.32.0 describes other ones for capabilities, controls and targets. The server checks
//! none of them.
//!
//! # What the server does, and no plugin can change
//!
//! - It asks for the list of radars before every single request, and passes the request on to the
//!   first provider that has the radar.
//! - **What is not there and what failed is 404** where something is asked for, and the reason stands
//!   in the plugin's status only. An answer with a field `error` counts as failed too.
//! - **What could not be set is 400.** The client learns the reason of
//!   [`set_control`](RadarProvider::set_control), [`acquire_target`](RadarProvider::acquire_target) and
//!   [`set_arpa_settings`](RadarProvider::set_arpa_settings), and on 2.32 that of power, range, gain,
//!   sea and rain. A target that cannot be let go is 404.
//! - 501, the answer for what a provider does not have, is not to be had: for the server a plugin in
//!   WASM has every method.
//! - On 2.32, power, range, gain, sea and rain arrive as `set_control`; on 2.23 as the methods of their
//!   own, which go on to [`set_control`](RadarProvider::set_control) unless the plugin has others. So a
//!   plugin that has `set_control` works with both.
//! - 2.32 answers the value of a control as it is, 2.23 as `{"value":…}`. On 2.23 a control whose value
//!   has a field `value` cannot be set whole: the server passes on that field alone.
//! - The ids of radars that send spokes are of letters, digits, `_` and `-`.

pub(crate) mod adapter;
mod data;

use std::collections::BTreeMap;

use crate::error::{Result, bail};
use crate::json::Raw;

pub use data::{
    Acquisition, ArpaChanges, ArpaSettings, DisabledControl, Level, RadarInfo, RadarState,
    RadarStatus, Target, TargetDanger, TargetMotion, TargetPosition, TargetStatus,
};

/// Provides radars. What the server makes of the results stands in the
/// [module's documentation](self).
///
/// # Errors
/// What a method returns as an error, or does not do by default, the client learns as far as the server
/// lets it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not provide radars",
    label = "implement `signalk_plugin_sdk::radar::RadarProvider` for it, or leave `radar` out of `#[signalk_plugin(…)]`"
)]
#[expect(clippy::missing_errors_doc, reason = "said once for all of them")]
pub trait RadarProvider {
    /// The ids of the radars. To be answered from memory: it is asked before everything else.
    fn radars(&mut self) -> Result<Vec<String>>;

    /// Which radar it is; `None` where there is none with that id.
    fn info(&mut self, radar: &str) -> Result<Option<RadarInfo>>;

    /// What the radar can do, as a JSON object; none by default.
    ///
    /// The two servers and their typings describe it in different ways, so it is JSON of your own
    /// making ([`Raw::from_value`]). In the typings (`CapabilityManifest`) it has `id`, `make`, `model`,
    /// `characteristics` (`maxRange`, `minRange`, `supportedRanges` in m, `spokesPerRevolution`,
    /// `maxSpokeLength`, `hasDoppler`, `hasDualRange`, `noTransmitZoneCount`), a list `controls` of `id`,
    /// `name`, `description`, `category` (`base`, `extended`) and `type` (`boolean`, `number`, `enum`,
    /// `compound`) with `range` or `values`, and `supportedFeatures` (`arpa`, `guardZones`, `trails`,
    /// `dualRange`). In the API's document of 2.32 the characteristics are at the top, and `controls` is
    /// a map.
    fn capabilities(&mut self, radar: &str) -> Result<Option<Raw>> {
        let _ = radar;
        Ok(None)
    }

    /// What the radar does just now, with the values of its controls; none by default.
    fn state(&mut self, radar: &str) -> Result<Option<RadarState>> {
        let _ = radar;
        Ok(None)
    }

    /// The value of one control; by default what the state says.
    fn control(&mut self, radar: &str, control: &str) -> Result<Option<Raw>> {
        let state = self.state(radar)?;
        Ok(state.and_then(|mut state| state.controls.remove(control)))
    }

    /// Sets one control: `power` to a [`RadarStatus`], `range` to metres, `gain`, `sea` and `rain` to a
    /// [`Level`], and whatever else the radar has.
    fn set_control(&mut self, radar: &str, control: &str, value: &Raw) -> Result<()> {
        let (_, _) = (radar, value);
        bail!("this radar cannot set {control}")
    }

    /// Sets several controls; by default one after the other, until one fails.
    fn set_controls(&mut self, radar: &str, controls: &BTreeMap<String, Raw>) -> Result<()> {
        controls.iter().try_for_each(|(control, value)| self.set_control(radar, control, value))
    }

    /// Switches the radar (2.23); by default through `set_control`, as are the four that follow.
    fn set_power(&mut self, radar: &str, status: RadarStatus) -> Result<()> {
        self.set_control(radar, "power", &Raw::from_value(&status)?)
    }

    /// Sets its range (2.23).
    fn set_range(&mut self, radar: &str, metres: f64) -> Result<()> {
        self.set_control(radar, "range", &Raw::from_value(&metres)?)
    }

    /// Sets its gain (2.23).
    fn set_gain(&mut self, radar: &str, gain: Level) -> Result<()> {
        self.set_control(radar, "gain", &Raw::from_value(&gain)?)
    }

    /// Sets its filter against the sea's echoes (2.23).
    fn set_sea(&mut self, radar: &str, sea: Level) -> Result<()> {
        self.set_control(radar, "sea", &Raw::from_value(&sea)?)
    }

    /// Sets its filter against the rain's echoes (2.23).
    fn set_rain(&mut self, radar: &str, rain: Level) -> Result<()> {
        self.set_control(radar, "rain", &Raw::from_value(&rain)?)
    }

    /// The targets that the radar tracks; `None`, as by default, where it tracks none ever.
    fn targets(&mut self, radar: &str) -> Result<Option<Vec<Target>>> {
        let _ = radar;
        Ok(None)
    }

    /// Tracks what is at a place, seen from the own ship and true north; the target's number, where it
    /// has one yet.
    ///
    /// `bearing_as_sent` is **radians on 2.32** (from 0 to less than 2π, which the server sees to) and
    /// **degrees on 2.23** (from 0 to less than 360), and nothing tells the plugin which server it has. A
    /// number of 2π and more can only be degrees; one below may be either. `distance` is metres, more
    /// than 0.
    fn acquire_target(
        &mut self,
        radar: &str,
        bearing_as_sent: f64,
        distance: f64,
    ) -> Result<Option<u32>> {
        let (_, _, _) = (radar, bearing_as_sent, distance);
        bail!("this radar cannot track targets")
    }

    /// Lets a target go; `false` where there is none with that number.
    fn cancel_target(&mut self, radar: &str, target: u32) -> Result<bool> {
        let (_, _) = (radar, target);
        bail!("this radar cannot track targets")
    }

    /// How targets are tracked; `None`, as by default, where they are not.
    fn arpa_settings(&mut self, radar: &str) -> Result<Option<ArpaSettings>> {
        let _ = radar;
        Ok(None)
    }

    /// Changes how targets are tracked; [`ArpaSettings::changed`] does the sum.
    fn set_arpa_settings(&mut self, radar: &str, changes: &ArpaChanges) -> Result<()> {
        let (_, _) = (radar, changes);
        bail!("this radar cannot track targets")
    }
}
