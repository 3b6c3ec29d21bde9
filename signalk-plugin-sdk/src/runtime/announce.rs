//! Telling the server at every start what the plugin answers, before the author's `start`: a plugin
//! that waits is to answer why, and a provider that comes later is never connected.

use std::cell::RefCell;

use signalk_plugin_contract::{capability, package};

use crate::boundary::imports;
use crate::instance::state;
use crate::plugin::Plugin;
use crate::report::{self, Source};
use crate::resource::table::ServesResources;

state! {
    /// What the server refused, and the capability that it wants.
    start static REFUSED: RefCell<Vec<(&'static str, &'static str)>> = Vec::new();
}

/// Announces the PUT handlers.
pub fn announce_puts<P: Plugin>() {
    for handler in P::HANDLERS.puts {
        let taken = imports::register_put_handler(handler.context, handler.path);
        note(taken, handler.path, capability::PUT_HANDLERS.key);
    }
}

/// Announces the provider of each type of resources.
pub fn announce_resources<P: ServesResources>() {
    for resource in P::RESOURCES {
        let taken = imports::register_resource_provider(resource.resource_type);
        note(taken, resource.resource_type, capability::RESOURCE_PROVIDER.key);
    }
}

/// Announces the weather provider.
pub fn announce_weather<P: Plugin>() {
    note(imports::register_weather_provider(P::NAME), "weather", capability::WEATHER_PROVIDER.key);
}

/// Announces the radar provider.
#[cfg(feature = "unstable-radar")]
pub fn announce_radar<P: Plugin>() {
    note(imports::register_radar_provider(P::NAME), "radar", capability::RADAR_PROVIDER.key);
}

/// Before everything is announced anew.
pub(super) fn renew() {
    REFUSED.renew();
}

fn note(taken: bool, what: &'static str, capability: &'static str) {
    REFUSED.with_borrow_mut(|refused| {
        refused.retain(|(known, _)| *known != what);
        if !taken {
            refused.push((what, capability));
        }
    });
    report_refusals();
}

/// At the start, and again where everything that was reported has been forgotten.
pub fn report_refusals() {
    let text = REFUSED.with_borrow(|refused| {
        let (what, capability) = refused.first()?;
        let mut named = vec![*capability];
        let mut text = [
            *what,
            " cannot be served: package.json needs \"",
            *capability,
            "\": true in ",
            package::CAPABILITIES,
        ]
        .concat();
        for (_, other) in refused {
            if named.contains(other) {
                continue;
            }
            named.push(other);
            text.push_str(&[", and \"", *other, "\": true"].concat());
        }
        Some(text)
    });
    if let Some(text) = text {
        report::set_error(Source::Capability, text);
    }
}
