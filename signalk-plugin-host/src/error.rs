//! The errors of this crate.

use std::fmt;

use signalk_server_model::js::JsonError;
use signalk_server_model::providers::NotRegistered;

use crate::report::Report;

/// Why a `package.json` cannot be a plugin's. Made by [`Package::from_json`](crate::Package::from_json).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PackageError {
    /// The text is not JSON.
    #[error("package.json is not JSON ({error}); correct it there")]
    NotJson {
        /// What the JSON parser said.
        error: String,
    },
    /// There is no `name`.
    #[error(
        "package.json has no \"name\"; add the npm package name, such as \"signalk-anchor-watch\""
    )]
    NoName,
    /// The `name` is none that a package can have.
    #[error(
        "{name:?} cannot be the name of a package, for {problem}; the server makes paths of it, so use a name that npm takes, such as \"signalk-anchor-watch\""
    )]
    BadName {
        /// The name.
        name: String,
        /// The reason.
        problem: &'static str,
    },
    /// There is no `wasmManifest`.
    #[error(
        "package.json has no \"wasmManifest\", so the server does not take the package for a WebAssembly plugin; add the path of the .wasm, such as \"wasmManifest\": \"plugin.wasm\""
    )]
    NoManifest,
    /// The `wasmManifest` leads out of the package's folder.
    #[error(
        "package.json has the \"wasmManifest\" {path:?}, which is not below the package's folder; write the path of the .wasm relative to package.json, such as \"plugin.wasm\""
    )]
    BadManifest {
        /// The path.
        path: String,
    },
}

/// Why a module was not loaded. Made by [`Module::load`](crate::Module::load).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The module has errors that the server would refuse it for, or silently break on.
    #[error("the server would not run this module:\n{0}")]
    Refused(Report),
}

/// What can go wrong with a plugin in the host. Traps that the server swallows are not errors but
/// [`Event::Trap`](crate::Event::Trap)s.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server could not register the plugin; it would be missing from the plugin list. Made by
    /// [`Host::install`](crate::Host::install).
    #[error(
        "the server cannot register the plugin, so it would be missing from the plugin list: {message}"
    )]
    Register {
        /// The server's message.
        message: String,
    },
    /// The server answered a configuration save with status 500. The configuration is saved all
    /// the same; the plugin does not run.
    #[error("the server saved the configuration but answered with status 500: {message}")]
    Save {
        /// The server's message, e.g. that `plugin_start` returned 1.
        message: String,
    },
    /// The plugin did not come back within the fuel of one call (see
    /// [`HostBuilder::fuel`](crate::HostBuilder::fuel)). A real server would hang for ever.
    #[error(
        "{call} did not return within {fuel} units of fuel (about one per instruction), so the plugin probably loops for ever; a real server would hang: look for a loop that waits, or raise HostBuilder::fuel"
    )]
    OutOfFuel {
        /// What the host was doing, e.g. `poll`.
        call: String,
        /// The fuel that one call gets.
        fuel: u64,
    },
    /// Something given to the host was not JSON, or not the JSON that is needed.
    #[error("{message}")]
    Input {
        /// What was given, what was expected.
        message: String,
    },
    /// The host could not set up its files.
    #[error("cannot {what}: {source}")]
    Io {
        /// What the host wanted to do.
        what: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A provider or handler was asked that the plugin has not registered.
    #[error(transparent)]
    NotRegistered(#[from] NotRegistered),
    /// The server answered with status 400 to what a user wanted to do about a notification.
    #[error("the server does not do that to the notification: {message}")]
    Notification {
        /// The server's message, e.g. that it is acknowledged already.
        message: String,
    },
    /// The answer of a provider made the server fail, which its clients see as an error.
    #[error("the answer of {handler} makes the server fail: {message}")]
    Answer {
        /// The export that answered.
        handler: String,
        /// What was wrong with the answer.
        message: String,
    },
}

/// A JavaScript exception: what Node.js throws when a call into the plugin goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Thrown {
    /// Empty where it is no error, which JavaScript may throw as well.
    pub(crate) name: &'static str,
    pub(crate) message: String,
    /// The host's own limit was hit, which no server code may swallow.
    pub(crate) out_of_fuel: bool,
}

impl Thrown {
    pub(crate) fn new(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, message: message.into(), out_of_fuel: false }
    }

    pub(crate) fn out_of_fuel() -> Self {
        Self { out_of_fuel: true, ..Self::new("Error", "out of fuel") }
    }

    pub(crate) fn type_error(message: impl Into<String>) -> Self {
        Self::new("TypeError", message)
    }

    pub(crate) fn range_error(message: impl Into<String>) -> Self {
        Self::new("RangeError", message)
    }

    pub(crate) fn syntax_error(error: &JsonError) -> Self {
        Self::new("SyntaxError", error.to_string())
    }
}

impl fmt::Display for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name {
            "" => f.write_str(&self.message),
            name => write!(f, "{name}: {}", self.message),
        }
    }
}
