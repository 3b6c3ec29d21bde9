//! The calls of the server to a provider of resources, weather or radars.

use crate::function::{Argument, Function, ValueType};

/// A call of the server to a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// The export, with [`ANSWER_BUFFER`](crate::ANSWER_BUFFER) bytes for the answer.
    pub export: Function,
    /// The server's use of the answer.
    pub reply: Reply,
}

/// The server's use of a provider's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// Any JSON, which the client gets; what is no JSON is "not found", or no information.
    Any,
    /// Nothing: the client is told that it was done, whatever the plugin said.
    Ignored,
    /// An array of JSON; what is no JSON counts as an empty one.
    List,
    /// An object of JSON; one that has an `error` counts as null.
    Object,
    /// `true`, and everything else is not done.
    Done,
    /// `{"success","error"?,…}`, which the client gets.
    Outcome,
}

impl Call {
    /// Tells whether it comes with a request, so that the export has the shape
    /// [`EXCHANGE`](crate::exports::EXCHANGE).
    #[must_use]
    pub const fn has_request(&self) -> bool {
        matches!(self.export.arguments, [Argument::Text, ..])
    }
}

/// Hands the table of calls to the macro `$then`: for each kind of provider its calls, one a line, with a
/// constant, the export, whether it comes with a request, the function that answers it, what it does in
/// words, and what the server makes of the answer (see [`providers::Reply`](crate::providers::Reply)).
///
/// ```
/// macro_rules! exports {
///     ($($provider:ident { $($constant:ident: $export:ident($($request:ident)?), $function:ident, $words:literal, $reply:ident;)* })*) => {
///         [$($(stringify!($export)),*),*]
///     };
/// }
/// assert!(signalk_plugin_contract::provider_calls!(exports).contains(&"radar_get_state"));
/// ```
#[macro_export]
macro_rules! provider_calls {
    ($then:ident) => {
        $then! {
            resources {
                LIST: resources_list_resources(request), list, "listing resources", Any;
                GET: resources_get_resource(request), get, "reading a resource", Any;
                SET: resources_set_resource(request), set, "storing a resource", Ignored;
                DELETE: resources_delete_resource(request), delete, "deleting a resource", Ignored;
            }
            weather {
                OBSERVATIONS: weather_get_observations(request), get_observations, "weather observations", List;
                FORECASTS: weather_get_forecasts(request), get_forecasts, "weather forecasts", List;
                WARNINGS: weather_get_warnings(request), get_warnings, "weather warnings", List;
            }
            radar {
                RADARS: radar_get_radars(), get_radars, "radar list", List;
                INFO: radar_get_radar_info(request), get_radar_info, "radar information", Any;
                SET_POWER: radar_set_power(request), set_power, "radar power", Done;
                SET_RANGE: radar_set_range(request), set_range, "radar range", Done;
                SET_GAIN: radar_set_gain(request), set_gain, "radar gain", Done;
                SET_SEA: radar_set_sea(request), set_sea, "radar sea filter", Done;
                SET_RAIN: radar_set_rain(request), set_rain, "radar rain filter", Done;
                SET_CONTROLS: radar_set_controls(request), set_controls, "radar controls", Done;
                CAPABILITIES: radar_get_capabilities(request), get_capabilities, "radar capabilities", Object;
                STATE: radar_get_state(request), get_state, "radar state", Object;
                CONTROL: radar_get_control(request), get_control, "reading a radar control", Object;
                SET_CONTROL: radar_set_control(request), set_control, "setting a radar control", Outcome;
                TARGETS: radar_get_targets(request), get_targets, "radar targets", Object;
                ACQUIRE_TARGET: radar_acquire_target(request), acquire_target, "acquiring a radar target", Outcome;
                CANCEL_TARGET: radar_cancel_target(request), cancel_target, "cancelling a radar target", Done;
                ARPA_SETTINGS: radar_get_arpa_settings(request), get_arpa_settings, "radar ARPA settings", Object;
                SET_ARPA_SETTINGS: radar_set_arpa_settings(request), set_arpa_settings, "changing radar ARPA settings", Outcome;
            }
        }
    };
}

macro_rules! constants {
    ($($provider:ident { $(
        $constant:ident: $export:ident($($request:ident)?), $function:ident, $words:literal, $reply:ident;
    )* })*) => {
        $(
            #[doc = concat!("The calls to a provider of ", stringify!($provider), ".")]
            pub mod $provider {
                use super::{Argument, Call, Function, Reply, ValueType};

                $(
                    #[doc = concat!("`", stringify!($export), "`: ", $words, ".")]
                    pub const $constant: Call = Call {
                        export: Function {
                            name: stringify!($export),
                            arguments: constants!(@ $($request)?),
                            result: Some(ValueType::I32),
                            capability: None,
                        },
                        reply: Reply::$reply,
                    };
                )*

                /// All of them.
                pub const CALLS: &[Call] = &[$($constant),*];
            }
        )*

        /// The calls to all kinds of providers.
        pub const ALL: &[&[Call]] = &[$($provider::CALLS),*];
    };
    (@ request) => { &[Argument::Text, Argument::Out] };
    (@) => { &[Argument::Out] };
}

provider_calls!(constants);

/// The call by the name of its export.
#[must_use]
pub fn find(export: &str) -> Option<&'static Call> {
    ALL.iter().copied().flatten().find(|call| call.export.name == export)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_call_is_found_by_its_export_and_only_the_list_of_radars_has_no_request() {
        for call in ALL.iter().copied().flatten() {
            assert_eq!(find(call.export.name), Some(call));
            assert_eq!(call.has_request(), *call != radar::RADARS, "{call:?}");
        }
    }
}
