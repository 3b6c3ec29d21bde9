//! Builds Signal K WebAssembly plugins: the .wasm with its form in it, and the package that a server
//! takes.
//!
//! ```no_run
//! use std::path::Path;
//! use signalk_plugin_build::{Builder, Project, progress::Lines, toolchain};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let project = Project::load(Path::new("signalk-shallow"))?;
//! let toolchain = toolchain::set_up(&toolchain::folder()?, &[toolchain::WASI], &Lines)?;
//! let builder = Builder::new(&project, &toolchain, &Lines);
//! for plugin in project.plugins()? {
//!     let built = builder.build(plugin)?;
//!     println!("{} is ready for a server's node_modules", built.folder.display());
//! }
//! # Ok(())
//! # }
//! ```

mod assemble;
pub mod cache;
pub mod command;
mod compile;
mod copied_target;
pub mod doctor;
mod files;
mod grouped;
mod hidden_paths;
mod manifest;
mod module;
mod node;
mod pack;
mod package_files;
mod plugin_build;
mod profile;
pub mod progress;
mod project;
mod record;
pub mod servers;
pub mod toolchain;

pub use cargo_metadata;
pub use compile::CargoOutput;
pub use grouped::grouped;
pub use module::{Contents, Sections, WASM_OPT, WasmOpt};
pub use pack::Packed;
pub use plugin_build::{Builder, BuiltPlugin, check_manifest};
pub use profile::release_profile;
pub use project::{Project, cargo, folder};
pub use signalk_plugin_contract::TEXT_BUFFER;
pub use toolchain::Toolchain;
