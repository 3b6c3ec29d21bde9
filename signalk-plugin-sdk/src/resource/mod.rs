//! Resources: routes, waypoints, regions, notes, charts and types of your own, which the server
//! offers under `/signalk/v2/api/resources/`.
//!
//! The plugin says in the attribute which types it provides, and implements [`ResourceProvider`] for
//! each:
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! use signalk_plugin_sdk::prelude::*;
//! use signalk_plugin_sdk::resource::{ResourceProvider, ResourceQuery, Waypoint};
//!
//! #[derive(Default)]
//! pub struct Buoys {
//!     buoys: BTreeMap<String, Waypoint>,
//!     position: Option<Position>,
//! }
//!
//! #[signalk_plugin(name = "Buoys", resources(Waypoint))]
//! impl Buoys {
//!     fn start() -> Self {
//!         Self::default()
//!     }
//!
//!     #[delta("navigation.position")]
//!     fn moved(&mut self, position: Option<Position>) {
//!         self.position = position;
//!     }
//! }
//!
//! impl ResourceProvider<Waypoint> for Buoys {
//!     fn list(&mut self, query: &ResourceQuery<'_>) -> Result<BTreeMap<String, Waypoint>> {
//!         let area = query.area(self.position)?;
//!         let buoys = self.buoys.iter().filter(|(_, buoy)| area.contains(buoy.position()));
//!         Ok(buoys.map(|(id, buoy)| (id.clone(), buoy.clone())).collect())
//!     }
//!
//!     fn get(&mut self, id: &str) -> Result<Option<Waypoint>> {
//!         Ok(self.buoys.get(id).cloned())
//!     }
//!
//!     fn set(&mut self, id: &str, buoy: Waypoint) -> Result<()> {
//!         self.buoys.insert(id.to_owned(), buoy);
//!         Ok(())
//!     }
//!
//!     fn delete(&mut self, id: &str) -> Result<bool> {
//!         Ok(self.buoys.remove(id).is_some())
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! # What the SDK sees to
//!
//! - A request for one property (`…/waypoints/<id>/feature/geometry/coordinates/0`) is answered from
//!   the whole resource, as `{"value":…,"timestamp":…,"$source":…}`.
//! - Every resource that goes out has a `$source`, the plugin's id, and a `timestamp`: its own or, if
//!   it has none, the time of the request. In one that comes in, the `timestamp` is the time of the
//!   request, and a `$source` is taken out.
//! - What is not there and what failed is told so that the server understands it: its answer is 404,
//!   or what another provider has.
//!
//! # What the server does, and no plugin can change
//!
//! Seen in the code of 2.23.0 and 2.32.0, which differ where it says so.
//!
//! - **Every result of storing and deleting is hidden.** The client gets 200 (POST: 201), and a delta
//!   tells everyone of the change, even when the plugin refused it. An error stands in the plugin's
//!   status, and nowhere else.
//! - **Errors lose their text.** A failed [`get`](ResourceProvider::get) is 404 "Resource not found!".
//!   A failed [`list`](ResourceProvider::list) is left out of what all providers have, with 200; only
//!   a request for this very provider (`?provider=<id>`) gets 404.
//! - **All providers of a type are asked**, for lists and for single resources, and what they have is
//!   laid over each other: of two resources with one id, that of the later provider counts, and
//!   where both are single, fields of the earlier one shine through.
//! - **A resource is stored where its id is known**, with the first provider that has it; a new one
//!   with the provider of `?provider=` or else the default one. For the five types of the server that
//!   is its own `resources-provider` until it is set otherwise; for a type of your own it is the
//!   first plugin that provides it, which the server then saves in its settings. Deleting asks who
//!   has it, too, unless `?provider=` says it.
//! - **Ids**: to be stored with PUT, routes, waypoints, regions and notes have a version 4 UUID, charts
//!   at least eight letters, digits, `_` or `-`; else the answer is 400. POST makes a UUID, and takes
//!   `identifier` for a chart. Reading and deleting take any id. `_providers` is the server's own.
//! - **Checks**: a route, waypoint, region, note or chart that a client stores is checked against the
//!   server's schema and refused with 400, and so is a query. Kinds of your own are not checked, nor
//!   is what providers answer.
//! - **2.23 answers `{}` with 200** where no provider has a resource, 2.32 answers 404.
//! - The Course API reads routes and waypoints through the same providers, without a property.

mod adapter;
mod geo;
mod open;
mod query;
pub(crate) mod table;
mod types;

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Result, bail};

pub(crate) use adapter::failed;
pub use geo::{Feature, LineString, Point, Properties, Shape};
pub use query::{Area, Bounds, ResourceQuery};
pub use types::{Chart, ChartSource, CoordinateMeta, Note, Region, Route, TileFormat, Waypoint};

/// A type of resource. [`Route`], [`Waypoint`], [`Region`], [`Note`] and [`Chart`] are those that the
/// server knows; any other is a type of your own, a JSON object of any shape:
///
/// ```
/// use signalk_plugin_sdk::prelude::*;
/// use signalk_plugin_sdk::resource::Resource;
///
/// #[derive(Clone, Serialize, Deserialize)]
/// struct FishingZone {
///     name: String,
///     depth: f64,
///     #[serde(default, skip_serializing_if = "Option::is_none")]
///     timestamp: Option<String>,
/// }
///
/// impl Resource for FishingZone {
///     const TYPE: &'static str = "fishingZones";
/// }
/// ```
///
/// A resource that comes in has a `timestamp`, so the type must not refuse one
/// (`deny_unknown_fields`); a field for it keeps when the resource was changed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no resource type",
    label = "implement `signalk_plugin_sdk::resource::Resource` for it",
    note = "it says under which name the server offers it: `const TYPE: &'static str = \"…\";`"
)]
pub trait Resource: Serialize + DeserializeOwned {
    /// The name of the type, as in `/signalk/v2/api/resources/<name>`: by custom a plural.
    const TYPE: &'static str;
}

/// Provides resources of one type. What the server makes of the results stands in the
/// [module's documentation](self).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not provide `{R}`",
    label = "implement `signalk_plugin_sdk::resource::ResourceProvider<{R}>` for it, or leave `{R}` out of `resources(…)`"
)]
pub trait ResourceProvider<R: Resource> {
    /// The resources that a query asks for, by id. The server does not filter them. All of them
    /// together have to fit into an answer of 65,536 bytes, or what the plugin has set.
    ///
    /// # Errors
    /// They stand in the plugin's status; clients see a list without this provider's resources.
    fn list(&mut self, query: &ResourceQuery<'_>) -> Result<BTreeMap<String, R>>;

    /// One resource; `None` where there is none with that id. It is asked for before one is stored or
    /// deleted as well, to learn whose it is.
    ///
    /// # Errors
    /// They stand in the plugin's status; clients see 404.
    fn get(&mut self, id: &str) -> Result<Option<R>>;

    /// Stores a resource, a new one or one instead of another.
    ///
    /// # Errors
    /// They stand in the plugin's status, and clients are told that it was stored. Without a
    /// `set` of the plugin's own, this is such an error.
    fn set(&mut self, id: &str, resource: R) -> Result<()> {
        let (_, _) = (id, resource);
        bail!("this plugin's {} cannot be changed", R::TYPE)
    }

    /// Deletes a resource; `false` where there was none with that id.
    ///
    /// # Errors
    /// They stand in the plugin's status, and clients are told that it was deleted. Without a
    /// `delete` of the plugin's own, this is such an error.
    fn delete(&mut self, id: &str) -> Result<bool> {
        let _ = id;
        bail!("this plugin's {} cannot be changed", R::TYPE)
    }
}
