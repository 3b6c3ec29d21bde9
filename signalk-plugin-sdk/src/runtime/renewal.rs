//! The state that begins anew with a start and with a run of the plugin. All else [survives](crate::instance).

use super::{announce, inbox};
use crate::hooks::{self, End};
use crate::{logging, outbox, report, self_vessel, sources};

/// After the last run has ended, and before a start does anything.
pub(super) fn begin_start() {
    report::renew();
    announce::renew();
    logging::renew();
    #[cfg(not(target_family = "wasm"))]
    crate::instance::check_renewed();
}

/// After a value of the plugin has gone, by a stop or by a crash.
pub(super) fn end_run(end: End) {
    hooks::ended(end);
    inbox::renew();
    outbox::renew();
    sources::forget_speaker();
    self_vessel::renew();
}
