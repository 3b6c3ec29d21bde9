//! Echoes: what the plugin itself is sending comes back.

use crate::delta::{Delta, Update};
use crate::{outbox, self_vessel, text};

/// Tells whether an update comes back from the delta that the server is taking now, though it bears another
/// source than the plugin's: one that the delta itself names.
pub(super) fn is_going_out(context: &str, update: &Update<'_>) -> bool {
    let Some(json) = outbox::going_out() else {
        return false;
    };
    if text::find(&json, "source\"").is_none() {
        return false;
    }
    let Ok(sent) = Delta::parse(&json) else {
        return false;
    };
    let is_same_context = sent.context == context
        || (self_vessel::is(context)
            && (sent.context.is_empty() || self_vessel::is(&sent.context)));
    is_same_context && sent.updates.iter().any(|sent| holds(sent, update))
}

/// Tells whether all that an update says is in one that was sent. Who gives a `source` and no `$source`
/// leaves it to the server how that is called.
fn holds(sent: &Update<'_>, update: &Update<'_>) -> bool {
    let is_same_source =
        sent.source == update.source || (sent.source.is_empty() && sent.details.is_some());
    is_same_source
        && update.values.iter().all(|value| sent.values.iter().any(|it| it.path == value.path))
        && update.meta.iter().all(|meta| sent.meta.iter().any(|it| it.path == meta.path))
}
