//! The data models of a server.

/// Which data model a delta belongs to, as `sk_handle_message` numbers them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeltaVersion {
    /// The v1 data model, where almost everything belongs.
    #[default]
    V1,
    /// The v2 APIs' own paths (the Course API, for example), kept out of the v1 data model.
    V2,
}
