//! The `#[signalk_plugin]` attribute of `signalk-plugin-sdk`, which re-exports and documents it.

mod arguments;
mod block;
mod capabilities;
mod cfg;
mod code;
mod delta;
mod every;
mod expand;
#[cfg(test)]
mod expansions;
mod http;
mod limits;
mod migrate;
mod mistakes;
mod model;
mod parts;
mod path;
mod peel;
mod plugin;
mod providers;
mod put;
mod request;
mod sdk;
mod settled;
mod signature;
mod start;
mod stop;

use proc_macro::TokenStream;

/// Turns one `impl` block into a Signal K plugin: the exports that the server calls, the schema of
/// the configuration, and the calls of the handlers.
///
/// ```
/// use signalk_plugin_sdk::notification::{Alarm, AlarmState, Zones};
/// use signalk_plugin_sdk::prelude::*;
///
/// /// Warns of shallow water.
/// #[derive(Deserialize, JsonSchema)]
/// #[serde(rename_all = "camelCase", default)]
/// pub struct Config {
///     /// Least depth below the keel (m)
///     #[schemars(range(min = 0.0, max = 100.0))]
///     least_depth: f64,
/// }
///
/// impl Default for Config {
///     fn default() -> Self {
///         Self { least_depth: 2.0 }
///     }
/// }
///
/// pub struct Shallow {
///     zones: Zones,
///     alarm: Alarm,
/// }
///
/// #[signalk_plugin(name = "Shallow Water")]
/// impl Shallow {
///     fn start(config: Config) -> Self {
///         Self {
///             // The alarm ends 0.2 m deeper than it begins, so that waves do not make it come and go.
///             zones: Zones::new(0.2).below(config.least_depth, AlarmState::Alarm),
///             alarm: Alarm::new("environment.depth.belowKeel"),
///         }
///     }
///
///     #[delta("environment.depth.belowKeel")]
///     fn depth(&mut self, metres: f64) -> Result<()> {
///         let text = format!("{metres:.1} m below the keel");
///         server::set_status(&text);
///         self.alarm.update(self.zones.state_of(metres), "", &text)
///     }
/// }
/// # fn main() {}
/// ```
///
/// # Arguments
///
/// - `name = "…"`: what people see in the server's list; the package's name where it is left out.
/// - `on_start_error = "wait"` (what happens where it is left out) or `"fail"`: whether a plugin
///   whose `start` failed shows the error and waits, to be started again by the next save of its
///   configuration and, where the configuration was not the cause, after 1, 2, 4 … 60 s; or whether
///   the server is told. A server that was told does not start the plugin again before somebody
///   disabled and enabled it.
///
/// - `response_buffer = "8 MiB"`: how much an answer to an HTTP request or of a provider may take,
///   where the 65,536 bytes of the server's buffer are not enough. One buffer of that size is kept
///   once it was used.
/// - `model("environment.wind.*", "navigation.position")`: paths of the own ship whose latest values
///   the SDK keeps, to be looked up at any time; see `signalk_plugin_sdk::model`.
///   `model(context = "vessels.*", "navigation.*", "")` keeps those of all vessels, too, and may stand beside it.
/// - `resources(Route, Waypoint)`: the types of resources that the plugin provides. It implements
///   `ResourceProvider` for each of them; see `signalk_plugin_sdk::resource`.
/// - `weather`: it provides weather data and implements `WeatherProvider`; see
///   `signalk_plugin_sdk::weather`.
/// - `radar`: it provides radars and implements `RadarProvider`; see `signalk_plugin_sdk::radar`. Needs the
///   SDK's feature `unstable-radar`.
///
/// - `crate = path::to::signalk_plugin_sdk`: where this crate is found. Needed only where it is no
///   dependency of the plugin itself but is re-exported by another crate; a dependency with another
///   name (`sk = { package = "signalk-plugin-sdk", … }`) is found without it.
///
/// Each provider needs its capability in package.json. What a plugin needs there, the
/// attribute writes into a custom section of the .wasm, where `signalk-plugin-host` reads it.
///
/// # Functions
///
/// - `fn start(config: Config) -> Result<Self>`, or without a parameter where there is nothing to
///   configure. The type implements `Deserialize` and `JsonSchema`; the server's form is made from
///   it, with the first paragraph of a field's doc comment as the label.
/// - `fn migrate(saved: &Raw) -> Result<Option<Config>>`, where an older version, or a plugin in
///   JavaScript of the same name, saved another configuration; see `signalk_plugin_sdk::config`.
/// - `fn stop(&mut self)`, where there is something to do. Not called when the server itself ends.
/// - [`#[delta("path", …)]`](#deltas), [`#[every("10s")]`](#time) and
///   [`#[put]`, `#[get]`, `#[post]`, `#[delete]`](#requests) on other functions.
///
/// Each of them may be under a `#[cfg(…)]`, but for `start`: a plugin always has one. Two functions
/// `stop`, or two `migrate`, are one for each of two builds: both are under a `#[cfg(…)]`.
///
/// All of them may return a `Result`. An error of `start`, `stop`, of a delta or of time is shown on the
/// server's dashboard until the same function succeeds again, with the function's name in front only
/// where the error is one of other crates; an error of a request is its answer.
///
/// # Deltas
///
/// `#[delta("navigation.position")] fn moved(&mut self, position: Option<Position>)` is called
/// with each value of that path for the own ship. The value's type is any that implements
/// `Deserialize`. `None` says that the value was cleared or timed out; a type other than `Option`
/// is not called then.
///
/// - Several paths, `#[delta("a.b", "c.d")]` or `#[delta("propulsion.{port,main}.revolutions")]`, and wildcards,
///   `#[delta("propulsion.*.revolutions")]`; `*` stands for any run of characters, dots included. A second
///   parameter `&Origin` tells the path, the source and the time.
/// - `:id` stands for one part of the path, whatever it is, and a parameter `Path` of `http` takes it, as there:
///   `#[delta("propulsion.:id.revolutions")] fn turned(&mut self, Path(id): Path<String>, hertz: f64)`. Several
///   parts are a struct with a field for each. Beside it, a `*` stands at the end only, for the rest of the path.
///   A part that does not fit the type, `house` for a number, is an error: take a `String` if others choose the ids.
/// - The path `""` is the root of a vessel, where name, mmsi and communication come, as an object with one or
///   several of them.
/// - `context = "vessels.*"` takes the data of all vessels, `context = "*"` that of everything.
/// - No path, `#[delta]`, takes whole deltas: a parameter `&Delta`, or `&str` for the JSON text.
/// - `echo = true` takes what the plugin itself has sent too, which otherwise is left out.
///
/// A value has one source at a time: the first that was heard, until it sends null, a position without a
/// fix or what the handler cannot read, or has said nothing for 5 s while another speaks. Where that
/// other one speaks rarely, it must be two of its pauses. The former source does not get its place back before the new one falls silent; so two
/// antennas, or two sounders, never take turns. The model goes by the same rule. Notifications, which
/// several may raise, come from every source.
///
/// - `source = "gps.GP"` takes the values of that source alone, `source = &self.config.source` of the
///   one that a setting names: an expression of `self` that gives a `&str`, where an empty one leaves
///   it at one at a time.
/// - `all_sources = true` takes the values of all; `&Origin` tells which is whose.
///
/// `#[settled] fn judge(&mut self)` is called once when all values of a delta have been handed out, so that position,
/// course and speed are judged together; a parameter `&Delta` takes the delta itself. It is called if at least one
/// value went to a handler of this plugin, or is kept by its model, in the order in which the deltas are handed out,
/// and before the next. What the plugin itself has sent is no reason for it, unless a handler with `echo = true`
/// took it. What it sends goes out when it has returned, as that of any handler.
///
/// # Time
///
/// `#[every("10s")] fn check(&mut self)`: the first time one period after the start. The server
/// polls once a second, so a period is a whole number of seconds: `"10s"`, `"5m"`, `"1h 30m"`. An
/// expression of `self` that gives a `Duration` serves where the user sets the period:
/// `#[every(Duration::from_secs(self.config.interval))]`. It is asked again after each run.
///
/// `#[every("1s")] fn count(&mut self, elapsed: Duration)` is given the time since it last ran; since the plugin started,
/// when it runs for the first time. It is that of the monotonic clock: late polls count as long as they took, jumps of
/// the wall clock and the time before a restart do not.
///
/// # Requests
///
/// `#[put("navigation.anchor.position")] fn drop_anchor(&mut self, position: Position) -> Result<()>`
/// is called when a client puts a value to that path of the own ship, or of another context with
/// `context = "vessels.urn:…"`. `Ok` is answered with `COMPLETED` and 200, an error with its text and
/// 500, or with the status of a `StatusError`; a value that does not fit with 400. It needs
/// `"putHandlers": true` in the `wasmCapabilities` of package.json. The server's HTTP interface
/// answers 500 to every PUT that a WebAssembly plugin handles, although it was carried out; clients
/// on the WebSocket get the plugin's own answer first.
///
/// `#[put("propulsion.{port,main}.serviceDone", "a.b")]` takes several paths, and a second parameter `&Origin` tells which
/// was asked. All are known when the plugin is compiled; for ids that only the owner knows, the guide shows
/// three ways (one path with the id in the value, HTTP with `:id`, a resource).
///
/// A path that begins with a slash is one of HTTP, below `/plugins/<package>`:
/// `#[get("/api/status")]`, `#[post("/api/drop")]`, `#[put("/api/state")]`, `#[delete("/api/state")]`,
/// with `:name` for parts that vary. The function takes what it needs and returns what turns into
/// a response; see `signalk_plugin_sdk::http`.
#[proc_macro_attribute]
pub fn signalk_plugin(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::expand(arguments.into(), item.into()).into()
}
