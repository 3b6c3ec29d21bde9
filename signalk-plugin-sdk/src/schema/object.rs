//! The form in which a schema is worked on.

use serde_json::{Map, Value};

/// A schema, as object.
pub(super) type Object = Map<String, Value>;
