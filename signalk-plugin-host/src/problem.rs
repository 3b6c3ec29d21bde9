//! What a check finds.

use std::fmt;

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

/// How bad a [`Problem`] is.
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
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The bytes do not begin as a WebAssembly module of version 1 does.
    NotWasm {
        /// The first bytes, as text.
        found: String,
    },
    /// The module is not valid, or uses what no supported server can run.
    Invalid {
        /// What the validator said.
        error: String,
    },
    /// The module uses a WebAssembly feature that this server's Node.js lacks.
    Feature {
        /// The server version.
        version: ServerVersion,
        /// What the validator said.
        error: String,
    },
    /// [`COMMAND`](crate::contract::exports::COMMAND) is exported.
    Command {
        /// The export.
        name: String,
    },
    /// An export is missing without which the server does not take the module for a Rust plugin.
    NotRecognised {
        /// The missing ones of [`RECOGNISED_BY`](crate::contract::exports::RECOGNISED_BY).
        missing: Vec<String>,
    },
    /// One of [`MANDATORY`](crate::contract::exports::MANDATORY), or the memory, is missing.
    MissingExport {
        /// The export.
        name: String,
        /// What it has to be, e.g. a function with its signature.
        expected: String,
    },
    /// An export that the server calls has another signature than it is called with.
    ExportSignature {
        /// The export.
        name: String,
        /// What it is.
        found: String,
        /// What it has to be.
        expected: String,
    },
    /// An import from a module other than [`env`](crate::contract::env) and [`wasi`](crate::contract::wasi).
    ForeignImport {
        /// The module.
        module: String,
        /// The name in it.
        name: String,
    },
    /// An import that no server offers.
    UnknownImport {
        /// The module.
        module: String,
        /// The name in it.
        name: String,
        /// What to use instead, where that is known.
        hint: Option<String>,
    },
    /// An import with another signature than the server's function has.
    ImportSignature {
        /// The name, in module `env`.
        name: String,
        /// What the module wants.
        found: String,
        /// What the server offers.
        expected: String,
    },
    /// An import is there whose capability the package does not ask for.
    MissingCapability {
        /// The import.
        import: String,
        /// The key in `wasmCapabilities`.
        capability: String,
    },
    /// The package name has a scope.
    ScopedName {
        /// The package name.
        name: String,
    },
    /// The package's name is none that a package can have.
    BadName {
        /// The package name.
        name: String,
        /// The reason.
        problem: &'static str,
    },
    /// The module cannot be instantiated.
    Instantiation {
        /// The message.
        message: String,
    },
    /// `_initialize` traps when the server calls it the second time.
    InitializeTwice {
        /// The message.
        message: String,
    },
    /// A function that the server calls before the start traps, or its answer cannot be read.
    Traps {
        /// The export.
        name: String,
        /// The message.
        message: String,
    },
    /// `plugin_name` gives no name.
    NoName,
    /// `plugin_schema` wrote more than the buffer holds.
    SchemaTooLong {
        /// How long it is, in bytes.
        length: usize,
    },
    /// `plugin_schema` is not JSON.
    SchemaNotJson {
        /// What the JSON parser said.
        error: String,
        /// How long the text is, in bytes.
        length: usize,
    },
    /// `plugin_schema` is empty, so there is nothing to configure.
    NoSchema,
    /// The schema refers to another part of itself.
    SchemaReference {
        /// The first reference found.
        reference: String,
    },
    /// `http_endpoints` is not what the server can register.
    Endpoints {
        /// What is wrong.
        message: String,
    },
    /// An HTTP endpoint that the server does not register, or that never gets a request.
    Endpoint {
        /// The method and the path.
        endpoint: String,
        /// What is wrong.
        message: String,
    },
}

impl Problem {
    /// How bad it is.
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

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotWasm { found } => write!(
                f,
                "this is not a WebAssembly module: it begins with {found}, expected \"\\0asm\" and version 1; build with --target wasm32-wasip1 and give the .wasm file"
            ),
            Self::Invalid { error } => write!(
                f,
                "the module is not one that a server can compile: {error}; rebuild it for wasm32-wasip1 with the target's default features"
            ),
            Self::Feature { version, error } => write!(
                f,
                "the Node.js of server {version} cannot compile the module: {error}; build without that target feature"
            ),
            Self::Command { name } => write!(
                f,
                "{name} is exported, so the server runs the module as a command once and never as a plugin; build a library with crate-type = [\"cdylib\"] instead of a binary"
            ),
            Self::NotRecognised { missing } => write!(
                f,
                "the {} missing, so the server does not take the module for a Rust plugin; build it with the SDK's #[signalk_plugin]",
                match &missing[..] {
                    [one] => format!("export {one} is"),
                    several => format!("exports {} are", several.join(" and ")),
                }
            ),
            Self::MissingExport { name, expected } => {
                write!(
                    f,
                    "the export {name} is missing, which the server needs; export {expected} under that name"
                )
            }
            Self::ExportSignature { name, found, expected } => {
                write!(
                    f,
                    "the export {name} is {found}, but the server calls it as {expected}; change it to that"
                )
            }
            Self::ForeignImport { module, name } if module == "as-fetch" => write!(
                f,
                "the module imports {name} from {module}, which serves AssemblyScript only; use the TCP functions with the capability {RAW_SOCKETS}"
            ),
            Self::ForeignImport { module, name } => write!(
                f,
                "the module imports {name} from {module}, but the server offers only the modules {} and {}; remove the dependency that wants it (wasm-bindgen and js-sys are common ones)",
                env::MODULE,
                wasi::MODULE
            ),
            Self::UnknownImport { module, name, hint: Some(hint) } => {
                write!(
                    f,
                    "the module imports {name} from {module}, which the server does not offer: {hint}"
                )
            }
            Self::UnknownImport { module, name, hint: None } => write!(
                f,
                "the module imports {name} from {module}, which the server does not offer, so it would not load; call only what contract::env::ALL lists"
            ),
            Self::ImportSignature { name, found, expected } => {
                write!(
                    f,
                    "the module imports {name} as {found}, but the server offers {expected}; declare it so"
                )
            }
            Self::MissingCapability { import, capability } => write!(
                f,
                "the module imports {import}, which the server refuses without the capability {capability}; add \"{capability}\": true to {CAPABILITIES} in package.json"
            ),
            Self::ScopedName { name } => write!(
                f,
                "the package name {name} has a scope, with which {READ_CONFIG} answers {{}}, {SAVE_CONFIG} -1, and UDP sockets stay open after a stop; use a name without a scope"
            ),
            Self::BadName { name, problem } => write!(
                f,
                "{name:?} cannot be the name of a package, for {problem}; use one that npm takes, such as \"signalk-anchor-watch\""
            ),
            Self::Instantiation { message } => {
                write!(
                    f,
                    "the server cannot instantiate the module: {message}; remove what runs before the plugin is called"
                )
            }
            Self::InitializeTwice { message } => write!(
                f,
                "{INITIALIZE} traps on its second call ({message}), and the server calls it twice; remove the export or make the second call do nothing"
            ),
            Self::Traps { name, message } => write!(
                f,
                "{name} fails when the server calls it before the start ({message}), so the plugin would not be listed; make it return a text without touching anything else"
            ),
            Self::NoName => write!(
                f,
                "{NAME} returns 0 or less, so the plugin has no name in the server's list; write the name to the buffer and return its length",
            ),
            Self::SchemaTooLong { length } => write!(
                f,
                "{SCHEMA} is {length} bytes long, but the server's buffer holds {TEXT_BUFFER}; shorten titles and descriptions, or split the plugin"
            ),
            Self::SchemaNotJson { error, length: TEXT_BUFFER } => write!(
                f,
                "{SCHEMA} is cut off at the {TEXT_BUFFER} bytes of the server's buffer ({error}), so the plugin would vanish; shorten titles and descriptions"
            ),
            Self::SchemaNotJson { error, length } => write!(
                f,
                "{SCHEMA} ({length} bytes) is not JSON ({error}), so the plugin would vanish; return the JSON schema of the configuration"
            ),
            Self::NoSchema => write!(
                f,
                "{SCHEMA} is empty, so there is nothing to configure in the server; return a JSON schema if the plugin has a configuration",
            ),
            Self::SchemaReference { reference } => write!(
                f,
                "{SCHEMA} refers to {reference} by $ref, which breaks the server's form; inline all subschemas"
            ),
            Self::Endpoints { message } => write!(
                f,
                "{ENDPOINTS} is not usable ({message}), so the server registers no endpoint; return [{{\"method\",\"path\",\"handler\"}}] with {TEXT_BUFFER} bytes at most"
            ),
            Self::Endpoint { endpoint, message } => {
                write!(f, "the HTTP endpoint {endpoint} does not work: {message}")
            }
        }
    }
}

impl std::error::Error for Problem {}
