//! The exports that the server calls. Those of providers are in [`providers`](crate::providers).

use core::fmt;

use crate::capability;
use crate::function::{Argument, Function, Signature, ValueType};

macro_rules! exports {
    ($(
        $(#[$doc:meta])*
        $constant:ident = $name:literal($($argument:ident),*) $(-> $result:ident)? $(, $capability:ident)?;
    )*) => {
        $(
            $(#[$doc])*
            pub const $constant: Function = Function {
                name: $name,
                arguments: &[$(Argument::$argument),*],
                result: exports!(@ $(ValueType::$result)?),
                capability: exports!(@ $(capability::$capability)?),
            };
        )*

        /// Every export with a fixed name that is no provider's.
        pub const ALL: &[Function] = &[$($constant),*];
    };
    (@) => { None };
    (@ $value:expr) => { Some($value) };
}

exports! {
    /// Gives a buffer of that many bytes. Called around every call that has an argument
    /// [`Argument::Text`] or [`Argument::Out`].
    ALLOCATE = "allocate"(Number) -> I32;
    /// Takes back a buffer: pointer and size.
    DEALLOCATE = "deallocate"(Number, Number);
    /// Never called, but looked for.
    PLUGIN_ID = "plugin_id"(Out) -> I32;
    /// Writes the name for the server's list, at registration.
    PLUGIN_NAME = "plugin_name"(Out) -> I32;
    /// Writes the JSON schema of the configuration, at registration. One that is not JSON makes the plugin
    /// vanish from the list.
    PLUGIN_SCHEMA = "plugin_schema"(Out) -> I32;
    /// Starts the plugin with its configuration, a JSON object. 0 is success; after anything else the
    /// plugin stays in error until it is disabled and enabled.
    PLUGIN_START = "plugin_start"(Text) -> I32;
    /// Stops the plugin: when it is disabled, and at each save of its configuration.
    PLUGIN_STOP = "plugin_stop"() -> I32;
    /// Called every [`POLL_INTERVAL`](crate::POLL_INTERVAL) while the plugin runs. The result is logged.
    POLL = "poll"() -> I32;
    /// Called with every delta that the server sees, the plugin's own included.
    DELTA_HANDLER = "delta_handler"(Text), DATA_READ;
    /// Writes `[{"method","path","handler"}]`, once for each instance and before `plugin_start`. A handler
    /// is an export of the shape [`EXCHANGE`], with [`ANSWER_BUFFER`](crate::ANSWER_BUFFER) bytes.
    HTTP_ENDPOINTS = "http_endpoints"(Out) -> I32, HTTP_ENDPOINTS;
    /// Called twice on each instance, before everything else.
    INITIALIZE = "_initialize"();
}

/// The exports without which the server, or its list of plugins, breaks. A memory called [`MEMORY`] comes
/// on top.
pub const MANDATORY: [Function; 7] =
    [ALLOCATE, DEALLOCATE, PLUGIN_ID, PLUGIN_NAME, PLUGIN_SCHEMA, PLUGIN_START, PLUGIN_STOP];

/// The exports that make the server take a module for a Rust plugin.
pub const RECOGNISED_BY: [Function; 2] = [PLUGIN_ID, ALLOCATE];

/// The name of the exported memory.
pub const MEMORY: &str = "memory";

/// The entry of a command: the server would run the module once, and never as a plugin.
pub const COMMAND: &str = "_start";

/// The shape `(ptr, len, out, max) -> written` of the handlers of PUT and HTTP requests.
pub const EXCHANGE: Signature =
    Function { name: "", arguments: EXCHANGED, result: Some(ValueType::I32), capability: None }
        .signature();

/// The arguments of [`EXCHANGE`]: a request, and a buffer for the answer.
pub const EXCHANGED: &[Argument] = &[Argument::Text, Argument::Out];

/// The name of the export that handles a PUT, as text: dots turn into underscores, nothing else does.
///
/// It has the shape [`EXCHANGE`]. The request is the value alone, as JSON, and the answer
/// `{"state","statusCode","message"}`, in [`TEXT_BUFFER`](crate::TEXT_BUFFER) bytes.
///
/// ```
/// use signalk_plugin_contract::exports::PutHandler;
///
/// let export = PutHandler { context: "vessels.self", path: "electrical.switches.bank-1.0.state" };
/// assert_eq!(
///     export.to_string(),
///     "handle_put_vessels_self_electrical_switches_bank-1_0_state"
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PutHandler<'a> {
    /// The context that the handler was registered with.
    pub context: &'a str,
    /// The path.
    pub path: &'a str,
}

impl PutHandler<'_> {
    /// The beginning of the names of all these exports.
    pub const PREFIX: &'static str = "handle_put_";
}

impl fmt::Display for PutHandler<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::PREFIX)?;
        for (index, part) in self.context.split('.').chain(self.path.split('.')).enumerate() {
            if index > 0 {
                f.write_str("_")?;
            }
            f.write_str(part)?;
        }
        Ok(())
    }
}
