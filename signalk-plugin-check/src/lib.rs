//! Finds what is wrong with a Signal K WebAssembly plugin before a server does.
//!
//! ```no_run
//! use std::path::Path;
//! use signalk_plugin_check::{Subject, check};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let plugin = Subject::read(Path::new("node_modules/signalk-shallow"))?;
//! for finding in check(&plugin) {
//!     println!("{}: {}", finding.rule, finding.message);
//! }
//! # Ok(())
//! # }
//! ```

mod check;
mod finding;
mod fix;
mod rules;
mod subject;

pub use check::check;
pub use finding::{Finding, Place, Severity, severity_name};
pub use fix::{Edit, Fix};
pub use subject::{
    Crate, Dependencies, Dependency, JsonText, ModuleFile, PackageFolder, Subject, Text,
};
