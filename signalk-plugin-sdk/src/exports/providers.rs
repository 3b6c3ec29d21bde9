//! The exports of providers of resources, weather and radars.

use super::{answer, input};
use crate::plugin::{Plugin, Provided, ServesResources, for_resource};
use crate::weather::{self, WeatherProvider};
use crate::{memory, resource};

fn provide<P: Plugin>(provided: &Provided<P>, request: &[u8], out: *mut u8, max: usize) -> i32 {
    let room = memory::room(out, max);
    let text = P::runtime().with(|runtime| runtime.provide(provided, request, room));
    answer(out, room, &text)
}

macro_rules! exports {
    ($provider:ident, $failed:expr; $($export:ident: $name:literal, $call:expr;)*) => {$(
        #[doc = concat!("`", stringify!($export), "`.")]
        pub fn $export<P: Plugin + $provider>(
            request: *const u8,
            len: usize,
            out: *mut u8,
            max: usize,
        ) -> i32 {
            let provided: Provided<P> = Provided { name: $name, call: $call, failed: $failed };
            input(request, len).map_or(0, |request| provide(&provided, &request, out, max))
        }
    )*};
}

exports! {
    ServesResources, resource::failed;
    resources_list_resources: "listing resources",
        |plugin, request| for_resource(plugin, request, |kind| kind.list);
    resources_get_resource: "reading a resource",
        |plugin, request| for_resource(plugin, request, |kind| kind.get);
    resources_set_resource: "storing a resource",
        |plugin, request| for_resource(plugin, request, |kind| kind.set);
    resources_delete_resource: "deleting a resource",
        |plugin, request| for_resource(plugin, request, |kind| kind.delete);
}

exports! {
    WeatherProvider, weather::failed;
    weather_get_observations: "weather observations", weather::get_observations;
    weather_get_forecasts: "weather forecasts", weather::get_forecasts;
    weather_get_warnings: "weather warnings", weather::get_warnings;
}
