//! The exports of providers of resources, weather and radars.

use super::{answer, input};
use crate::boundary::{entry, memory};
use crate::radar::{self, RadarProvider};
use crate::resource;
use crate::resource::table::{ServesResources, for_resource};
use crate::runtime::{Installed, Provided, Told};
use crate::weather::{self, WeatherProvider};

fn provide<P: Installed>(provided: &Provided<P>, request: &[u8], out: *mut u8, max: usize) -> i32 {
    let room = memory::room(out, max);
    let text = P::runtime().with(|runtime| runtime.provide(provided, request, room));
    answer(out, room, &text)
}

macro_rules! exports {
    ($provider:ident, $failed:expr, told: $told:ident; $($export:ident: $name:literal, $call:expr;)*) => {$(
        #[doc = concat!("`", stringify!($export), "`.")]
        pub fn $export<P: Installed + $provider>(
            request: *const u8,
            len: usize,
            out: *mut u8,
            max: usize,
        ) -> i32 {
            let provided: Provided<P> =
                Provided {
                    name: $name,
                    call: $call,
                    failed: $failed,
                    told: Told::$told,
                };
            input(request, len).map_or(0, |request| provide(&provided, &request, out, max))
        }
    )*};
}

exports! {
    ServesResources, resource::failed, told: Nothing;
    resources_list_resources: "listing resources",
        |plugin, request| for_resource(plugin, request, |kind| kind.list);
    resources_get_resource: "reading a resource",
        |plugin, request| for_resource(plugin, request, |kind| kind.get);
}

exports! {
    ServesResources, resource::failed, told: Done;
    resources_set_resource: "storing a resource",
        |plugin, request| for_resource(plugin, request, |kind| kind.set);
    resources_delete_resource: "deleting a resource",
        |plugin, request| for_resource(plugin, request, |kind| kind.delete);
}

exports! {
    WeatherProvider, weather::failed, told: Nothing;
    weather_get_observations: "weather observations", weather::get_observations;
    weather_get_forecasts: "weather forecasts", weather::get_forecasts;
    weather_get_warnings: "weather warnings", weather::get_warnings;
}

/// `radar_get_radars`, the one that comes without a request.
pub fn radar_get_radars<P: Installed + RadarProvider>(out: *mut u8, max: usize) -> i32 {
    entry::open();
    let call = |plugin: &mut P, _: &str| radar::get_radars(plugin);
    let provided =
        Provided { name: "radar list", call, failed: radar::failed, told: Told::Nothing };
    provide(&provided, b"{}", out, max)
}

exports! {
    RadarProvider, radar::failed_info, told: Nothing;
    radar_get_radar_info: "radar information", radar::get_radar_info;
}

exports! {
    RadarProvider, radar::failed, told: Why;
    radar_set_control: "setting a radar control", radar::set_control;
    radar_acquire_target: "acquiring a radar target", radar::acquire_target;
    radar_set_arpa_settings: "changing radar ARPA settings", radar::set_arpa_settings;
}

exports! {
    RadarProvider, radar::failed, told: Nothing;
    radar_set_power: "radar power", radar::set_power;
    radar_set_range: "radar range", radar::set_range;
    radar_set_gain: "radar gain", radar::set_gain;
    radar_set_sea: "radar sea filter", radar::set_sea;
    radar_set_rain: "radar rain filter", radar::set_rain;
    radar_set_controls: "radar controls", radar::set_controls;
    radar_cancel_target: "cancelling a radar target", radar::cancel_target;
    radar_get_capabilities: "radar capabilities", radar::get_capabilities;
    radar_get_state: "radar state", radar::get_state;
    radar_get_control: "reading a radar control", radar::get_control;
    radar_get_targets: "radar targets", radar::get_targets;
    radar_get_arpa_settings: "radar ARPA settings", radar::get_arpa_settings;
}
