//! The way of a Signal K server with what passes through it, by version, without WebAssembly.
//!
//! [`http`] has the routes, queries, bodies and answers below `/plugins/<id>`, as Express has them;
//! [`js`] what JavaScript does to JSON. Two hosts play a server with it: `signalk-plugin-host`, which
//! runs a `.wasm`, and `signalk_plugin_sdk::testing::TestHost`, which runs a plugin natively.

pub mod http;
pub mod js;
mod version;

pub use version::ServerVersion;
