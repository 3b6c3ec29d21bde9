//! The problems that a check finds.

use signalk_server_model::ServerVersion;

use crate::contract::{TEXT_BUFFER, capability, env, exports, package, wasi};

const NAME: &str = exports::PLUGIN_NAME.name;
const SCHEMA: &str = exports::PLUGIN_SCHEMA.name;
const ENDPOINTS: &str = exports::HTTP_ENDPOINTS.name;
const INITIALIZE: &str = exports::INITIALIZE.name;
const READ_CONFIG: &str = env::READ_CONFIG.name;
const SAVE_CONFIG: &str = env::SAVE_CONFIG.name;
const CAPABILITIES: &str = package::CAPABILITIES;
const RAW_SOCKETS: &str = capability::RAW_SOCKETS.key;

/// The severity of a [`Problem`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Severity {
    /// The plugin runs, but something will not work as its author expects.
    Warning,
    /// The server refuses the plugin, or it breaks without a word.
    Error,
}

/// One thing that is wrong with a module or its package. Its text says in one sentence what was
/// found, what is expected and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The bytes do not begin as a WebAssembly module of version 1 does.
    #[error(
        "this is not a WebAssembly module: it begins with {found}, expected \"\\0asm\" and version 1; build with --target wasm32-wasip1 and give the .wasm file"
    )]
    NotWasm {
        /// The first bytes, as text.
        found: String,
    },
    /// The module is not valid, or uses what no supported server can run.
    #[error(
        "the module is not one that a server can compile: {error}; rebuild it for wasm32-wasip1 with the target's default features"
    )]
    Invalid {
        /// What the validator said.
        error: String,
    },
    /// The module uses a WebAssembly feature that this server's Node.js lacks.
    #[error(
        "the Node.js of server {version} cannot compile the module: {error}; build without that target feature"
    )]
    Feature {
        /// The server version.
        version: ServerVersion,
        /// What the validator said.
        error: String,
    },
    /// [`COMMAND`](crate::contract::exports::COMMAND) is exported.
    #[error(
        "{name} is exported, so the server runs the module as a command once and never as a plugin; build a library with crate-type = [\"cdylib\"] instead of a binary"
    )]
    Command {
        /// The export.
        name: String,
    },
    /// An export is missing without which the server does not take the module for a Rust plugin.
    #[error(
        "the {} missing, so the server does not take the module for a Rust plugin; build it with the SDK's #[signalk_plugin]",
        are(missing)
    )]
    NotRecognised {
        /// The missing ones of [`RECOGNISED_BY`](crate::contract::exports::RECOGNISED_BY).
        missing: Vec<String>,
    },
    /// One of [`MANDATORY`](crate::contract::exports::MANDATORY), or the memory, is missing.
    #[error(
        "the export {name} is missing, which the server needs; export {expected} under that name"
    )]
    MissingExport {
        /// The export.
        name: String,
        /// What it has to be, e.g. a function with its signature.
        expected: String,
    },
    /// An export that the server calls has another signature than it is called with.
    #[error(
        "the export {name} is {found}, but the server calls it as {expected}; change it to that"
    )]
    ExportSignature {
        /// The export.
        name: String,
        /// What it is.
        found: String,
        /// What it has to be.
        expected: String,
    },
    /// An import from a module other than [`env`](crate::contract::env) and [`wasi`](crate::contract::wasi).
    #[error("the module imports {name} from {module}, {}", instead_of(module))]
    ForeignImport {
        /// The module.
        module: String,
        /// The name in it.
        name: String,
    },
    /// An import that no server offers.
    #[error("the module imports {name} from {module}, which the server does not offer{}", hinted(hint.as_deref()))]
    UnknownImport {
        /// The module.
        module: String,
        /// The name in it.
        name: String,
        /// What to use instead, where that is known.
        hint: Option<String>,
    },
    /// An import with another signature than the server's function has.
    #[error(
        "the module imports {name} as {found}, but the server offers {expected}; declare it so"
    )]
    ImportSignature {
        /// The name, in module `env`.
        name: String,
        /// What the module wants.
        found: String,
        /// The functions that the server offers.
        expected: String,
    },
    /// An import is there whose capability the package does not ask for.
    #[error(
        "the module imports {import}, which the server refuses without the capability {capability}; add \"{capability}\": true to {CAPABILITIES} in package.json"
    )]
    MissingCapability {
        /// The import.
        import: String,
        /// The key in `wasmCapabilities`.
        capability: String,
    },
    /// The package name has a scope.
    #[error(
        "the package name {name} has a scope, with which {READ_CONFIG} answers {{}}, {SAVE_CONFIG} -1, and UDP sockets stay open after a stop; use a name without a scope"
    )]
    ScopedName {
        /// The package name.
        name: String,
    },
    /// The package's name is none that a package can have.
    #[error(
        "{name:?} cannot be the name of a package, for {problem}; use one that npm takes, such as \"signalk-anchor-watch\""
    )]
    BadName {
        /// The package name.
        name: String,
        /// The reason.
        problem: &'static str,
    },
    /// The module cannot be instantiated.
    #[error(
        "the server cannot instantiate the module: {message}; remove what runs before the plugin is called"
    )]
    Instantiation {
        /// The message.
        message: String,
    },
    /// `_initialize` traps when the server calls it the second time.
    #[error(
        "{INITIALIZE} traps on its second call ({message}), and the server calls it twice; remove the export or make the second call do nothing"
    )]
    InitializeTwice {
        /// The message.
        message: String,
    },
    /// A function that the server calls before the start traps, or its answer cannot be read.
    #[error(
        "{name} fails when the server calls it before the start ({message}), so the plugin would not be listed; make it return a text without touching anything else"
    )]
    Traps {
        /// The export.
        name: String,
        /// The message.
        message: String,
    },
    /// `plugin_name` gives no name.
    #[error(
        "{NAME} returns 0 or less, so the plugin has no name in the server's list; write the name to the buffer and return its length"
    )]
    NoName,
    /// `plugin_schema` wrote more than the buffer holds.
    #[error(
        "{SCHEMA} is {length} bytes long, but the server's buffer holds {TEXT_BUFFER}; shorten titles and descriptions, or split the plugin"
    )]
    SchemaTooLong {
        /// How long it is, in bytes.
        length: usize,
    },
    /// `plugin_schema` is not JSON.
    #[error("{SCHEMA} {}", not_json(error, *length))]
    SchemaNotJson {
        /// What the JSON parser said.
        error: String,
        /// How long the text is, in bytes.
        length: usize,
    },
    /// `plugin_schema` is empty, so there is nothing to configure.
    #[error(
        "{SCHEMA} is empty, so there is nothing to configure in the server; return a JSON schema if the plugin has a configuration"
    )]
    NoSchema,
    /// The schema refers to another part of itself.
    #[error(
        "{SCHEMA} refers to {reference} by $ref, which breaks the server's form; inline all subschemas"
    )]
    SchemaReference {
        /// The first reference found.
        reference: String,
    },
    /// `http_endpoints` is not what the server can register.
    #[error(
        "{ENDPOINTS} is not usable ({message}), so the server registers no endpoint; return [{{\"method\",\"path\",\"handler\"}}] with {TEXT_BUFFER} bytes at most"
    )]
    Endpoints {
        /// What is wrong.
        message: String,
    },
    /// An HTTP endpoint that the server does not register, or that never gets a request.
    #[error("the HTTP endpoint {endpoint} does not work: {message}")]
    Endpoint {
        /// The method and the path.
        endpoint: String,
        /// What is wrong.
        message: String,
    },
}

impl Problem {
    /// Its severity.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self::MissingCapability { .. }
            | Self::ScopedName { .. }
            | Self::NoSchema
            | Self::SchemaReference { .. } => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

fn are(missing: &[String]) -> String {
    match missing {
        [one] => format!("export {one} is"),
        several => format!("exports {} are", several.join(" and ")),
    }
}

fn instead_of(module: &str) -> String {
    match module {
        "as-fetch" => format!(
            "which serves AssemblyScript only; use the TCP functions with the capability {RAW_SOCKETS}"
        ),
        _ => format!(
            "but the server offers only the modules {} and {}; remove the dependency that wants it (wasm-bindgen and js-sys are common ones)",
            env::MODULE,
            wasi::MODULE
        ),
    }
}

fn hinted(hint: Option<&str>) -> String {
    match hint {
        Some(hint) => format!(": {hint}"),
        None => ", so it would not load; call only what contract::env::ALL lists".to_owned(),
    }
}

fn not_json(error: &str, length: usize) -> String {
    match length {
        TEXT_BUFFER => format!(
            "is cut off at the {TEXT_BUFFER} bytes of the server's buffer ({error}), so the plugin would vanish; shorten titles and descriptions"
        ),
        _ => format!(
            "({length} bytes) is not JSON ({error}), so the plugin would vanish; return the JSON schema of the configuration"
        ),
    }
}
