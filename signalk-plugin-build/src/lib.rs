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

pub mod cache;
pub mod command;
mod hidden_paths;
mod package_files;
mod plugin_build;
pub mod progress;
mod project;
pub mod toolchain;

pub use cargo_metadata;
pub use plugin_build::{Builder, BuiltPlugin, CargoOutput};
pub use project::{Project, cargo, folder};
