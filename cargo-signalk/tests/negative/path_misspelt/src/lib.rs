//! Knows `navigation.positon`, too, but that is a comment.

pub const POSITION: &str = "navigation.positon";
pub const KEEL: &str = "navigation.depth.belowKeel";
pub const OWN: &str = "environment.depth.belowAnchor";
