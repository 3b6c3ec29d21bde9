//! The paths of the Signal K specification, below a vessel: names, units and types of values.
//!
//! ```
//! use signalk_path_catalogue::{Kind, find, nearest};
//!
//! let depth = find("environment.depth.belowKeel").ok_or("it is in the specification")?;
//! assert_eq!((depth.units, depth.kind), (Some("m"), Kind::Number));
//! let engine = find("propulsion.port.revolutions").ok_or("engines have names of their own")?;
//! assert_eq!((engine.name, engine.units), ("propulsion.*.revolutions", Some("Hz")));
//! assert_eq!(nearest("navigation.positon").as_deref(), Some("navigation.position"));
//! # Ok::<(), &str>(())
//! ```

mod find;
mod near;
mod path;
#[rustfmt::skip]
mod paths;

pub use find::find;
pub use near::nearest;
pub use path::{Kind, Path};
pub use paths::{ALL, SCHEMA_VERSION};
