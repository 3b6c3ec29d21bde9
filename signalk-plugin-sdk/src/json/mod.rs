//! JSON in little code: reading into any `Deserialize` type and writing any `Serialize` one.
//!
//! Everything that passes between a plugin and its server is JSON. `serde_json` reads it with
//! 45 kB of code and tables in the .wasm of the smallest plugin; this reads the same texts with a
//! quarter of that, and its errors say where the mistake is, what was found and what was expected,
//! in words for the boat's owner. Where speed on large documents matters more, `serde_json` is
//! there as [`signalk_plugin_sdk::serde_json`](crate::serde_json).
//!
//! - Reading follows RFC 8259: no comments, no trailing commas. Nesting ends at 127 levels. Half
//!   a character (a lone surrogate, which JavaScript makes by cutting a text) becomes U+FFFD. A
//!   number is read as the double that is nearest to it. A struct is read from an object, and not,
//!   as `serde_json` does too, from a list of its fields.
//! - Writing gives the shortest text that reads back as the same number; a number that is not
//!   finite becomes `null`.
//!
//! ```
//! use signalk_plugin_sdk::json;
//!
//! let depths: Vec<Option<f64>> = json::from_str("[2.5, null, 3]")?;
//! assert_eq!(json::to_string(&depths)?, "[2.5,null,3.0]");
//! let error = json::from_str::<Vec<f64>>(r#"[1, "deep"]"#).unwrap_err();
//! assert_eq!(error.to_string(), "[1]: found the text \"deep\", expected a number");
//! # Ok::<(), signalk_plugin_sdk::Error>(())
//! ```

mod de;
mod error;
mod exact;
mod foreign;
mod number;
mod parser;
mod raw;
mod ser;
mod text;
pub(crate) mod told;
mod write;

pub use de::from_str;
pub(crate) use de::{one_for_all, visit_number, wrong};
pub use error::Error;
pub(crate) use error::{either, the_text};
pub use raw::Raw;
pub(crate) use ser::to_kept_string;
pub use ser::to_string;

pub(crate) use parser::{
    Entry, Parser, Token, check, elements, field, list, number, object, string,
};
pub(crate) use text::{is_same, quoted};
pub(crate) use write::{ListWriter, ObjectWriter, object_of};
