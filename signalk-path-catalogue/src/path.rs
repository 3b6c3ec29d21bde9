//! A path, and the type of its value.

/// A path at which the specification has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path {
    /// Its parts with dots between them. A star stands for a name of the boat's own, one part of the path.
    pub name: &'static str,
    /// The SI unit of its value.
    pub units: Option<&'static str>,
    /// The type of its value.
    pub kind: Kind,
}

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A number.
    Number,
    /// A string.
    Text,
    /// A time as a string, such as `2026-01-01T00:00:00Z`.
    Time,
    /// `true` or `false`.
    Boolean,
    /// An object, such as a position.
    Object,
    /// An array.
    List,
    /// The specification does not say.
    Any,
}
