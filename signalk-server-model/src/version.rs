//! The server versions that are known, and where they differ.

use std::fmt;

/// The differences between versions, as far as a plugin or its clients notice.
#[derive(Debug)]
pub(crate) struct Ways {
    number: &'static str,
    /// One malformed update, or a notification that the manager fails on, costs the whole delta.
    pub(crate) one_update_costs_the_delta: bool,
    /// `values` that are no list make an update malformed; otherwise they are left out.
    pub(crate) refuses_values_without_list: bool,
    /// A context that is no text makes the server fail on a delta with values.
    pub(crate) fails_on_odd_contexts: bool,
    /// Setting the own vessel itself to null makes the server fail.
    pub(crate) fails_on_null_vessel: bool,
    /// An update of the own vessel from which all values were taken is passed on without any.
    pub(crate) passes_emptied_updates: bool,
    /// A well-formed label of a source stays the sender's; otherwise it becomes the provider's.
    pub(crate) keeps_labels: bool,
    /// A source's id is the first of `canName` and `src` with a text in it; otherwise the first that counts
    /// as true, text or not. And a plugin's is its label.
    pub(crate) reads_source_ids_as_text: bool,
    /// With a new alarm, what the crew did about the one before is forgotten.
    pub(crate) begins_each_alarm_anew: bool,
    /// A notification says when it was acknowledged.
    pub(crate) tells_when_acknowledged: bool,
    /// A notification without `method` can be silenced.
    pub(crate) silences_without_method: bool,
    /// A configuration file is written in place, so that a full disk tears it.
    pub(crate) writes_files_in_place: bool,
    /// A plugin gets bodies of HTML forms.
    pub(crate) reads_form_bodies: bool,
    /// A plugin's `Content-Type` counts as JSON in any spelling of the header's name.
    pub(crate) knows_json_by_any_spelling: bool,
}

macro_rules! versions {
    ($($(#[$doc:meta])* $version:ident = $ways:expr;)*) => {
        /// A signalk-server release whose behaviour is known.
        ///
        /// They differ in what comes back for an update without values, in which malformed deltas are
        /// refused and how much is lost with them, in the names of sources, in what a notification that
        /// was silenced does next, in HTTP bodies, and in what a full disk leaves of a configuration.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        #[non_exhaustive]
        pub enum ServerVersion {
            $($(#[$doc])* $version,)*
        }

        impl ServerVersion {
            /// All of them, the oldest first.
            pub const ALL: &[Self] = &[$(Self::$version),*];

            pub(crate) const fn ways(self) -> &'static Ways {
                match self {
                    $(Self::$version => const { &$ways },)*
                }
            }
        }
    };
}

versions! {
    /// signalk-server 2.23.0.
    V2_23 = Ways {
        number: "2.23.0",
        one_update_costs_the_delta: true,
        refuses_values_without_list: false,
        fails_on_odd_contexts: false,
        fails_on_null_vessel: true,
        passes_emptied_updates: true,
        keeps_labels: false,
        reads_source_ids_as_text: false,
        begins_each_alarm_anew: false,
        tells_when_acknowledged: false,
        silences_without_method: false,
        writes_files_in_place: true,
        reads_form_bodies: false,
        knows_json_by_any_spelling: false,
    };
    /// signalk-server 2.32.0.
    #[default]
    V2_32 = Ways {
        number: "2.32.0",
        one_update_costs_the_delta: false,
        refuses_values_without_list: true,
        fails_on_odd_contexts: true,
        fails_on_null_vessel: false,
        passes_emptied_updates: false,
        keeps_labels: true,
        reads_source_ids_as_text: true,
        begins_each_alarm_anew: true,
        tells_when_acknowledged: true,
        silences_without_method: true,
        writes_files_in_place: false,
        reads_form_bodies: true,
        knows_json_by_any_spelling: true,
    };
}

impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.ways().number)
    }
}
