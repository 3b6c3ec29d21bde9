//! Keeps routes and waypoints for the server, which offers them under
//! `/signalk/v2/api/resources/routes` and `/signalk/v2/api/resources/waypoints`.
//!
//! They outlast a restart of the server: each is a document of the plugin's storage.

#![forbid(unsafe_code)]
mod store;

use std::collections::BTreeMap;

use signalk_plugin_sdk::model;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::resource::{
    Area, Resource, ResourceProvider, ResourceQuery, Route, Waypoint,
};

use store::Store;

/// The plugin.
pub struct RoutesWaypoints {
    routes: Store<Route>,
    waypoints: Store<Waypoint>,
}

// All that storage holds fits into one answer: it takes 1 MiB, and an answer adds who and when.
#[signalk_plugin(
    name = "Routes and Waypoints",
    resources(Route, Waypoint),
    model("navigation.position"),
    response_buffer = "2 MiB"
)]
impl RoutesWaypoints {
    fn start() -> Result<Self> {
        let plugin = Self { routes: Store::load()?, waypoints: Store::load()? };
        plugin.show();
        Ok(plugin)
    }

    fn show(&self) {
        let (routes, waypoints) = (self.routes.all.len(), self.waypoints.all.len());
        let text = format!("Routes: {routes}, waypoints: {waypoints}");
        match self.routes.damaged + self.waypoints.damaged {
            0 => server::set_status(&text),
            damaged => server::set_error(&format!("{text}, and {damaged} that are damaged")),
        }
    }
}

/// A kind of resource that the plugin keeps.
trait Kept: Resource + Clone {
    fn store(plugin: &mut RoutesWaypoints) -> &mut Store<Self>;

    /// Whether any of it is there.
    fn is_in(&self, area: &Area) -> bool;
}

impl Kept for Route {
    fn store(plugin: &mut RoutesWaypoints) -> &mut Store<Self> {
        &mut plugin.routes
    }

    fn is_in(&self, area: &Area) -> bool {
        self.points().iter().any(|point| area.contains(*point))
    }
}

impl Kept for Waypoint {
    fn store(plugin: &mut RoutesWaypoints) -> &mut Store<Self> {
        &mut plugin.waypoints
    }

    fn is_in(&self, area: &Area) -> bool {
        area.contains(self.position())
    }
}

impl<R: Kept> ResourceProvider<R> for RoutesWaypoints {
    fn list(&mut self, query: &ResourceQuery<'_>) -> Result<BTreeMap<String, R>> {
        // The server passes `bbox`, `position` and `distance` on and filters nothing itself; the SDK
        // sees to `limit`. A distance without a position counts from the boat.
        let own = model::get_within("navigation.position", Duration::from_secs(60))?;
        let area = query.area(own)?;
        let there = R::store(self).all.iter().filter(|(_, resource)| resource.is_in(&area));
        Ok(there.map(|(id, resource)| (id.clone(), resource.clone())).collect())
    }

    fn get(&mut self, id: &str) -> Result<Option<R>> {
        Ok(R::store(self).all.get(id).cloned())
    }

    fn set(&mut self, id: &str, resource: R) -> Result<()> {
        // The server tells the client that all is well even where this fails, so the error has to
        // reach the status line: `?` sees to it.
        R::store(self).set(id, resource)?;
        self.show();
        Ok(())
    }

    fn delete(&mut self, id: &str) -> Result<bool> {
        let was_there = R::store(self).delete(id)?;
        self.show();
        Ok(was_there)
    }
}

#[cfg(test)]
mod tests;
