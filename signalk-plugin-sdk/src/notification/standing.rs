//! The notifications that this plugin has raised and not cleared.
//!
//! The server keeps them until it ends, whatever becomes of the plugin. So does this list: a plugin
//! that was stopped, or has crashed, finds what its predecessor left.

use std::cell::RefCell;
use std::time::Duration;

use super::AlarmState;
use crate::instance::state;

/// One notification that is not normal.
#[derive(Debug)]
pub(super) struct Standing {
    /// The path, without `notifications.`.
    pub(super) about: String,
    pub(super) state: AlarmState,
    pub(super) reason: String,
    pub(super) message: String,
    /// Monotonic time of the last telling.
    pub(super) at: Duration,
    /// Tells whether the server has it so. What it has instead is not known.
    pub(super) is_sure: bool,
}

state! {
    /// In the order of the paths.
    module static STANDING: RefCell<Vec<Standing>> = Vec::new();
}

/// Looks at the notification of a path, `None` if nothing stands there.
pub(super) fn look<T>(about: &str, look: impl FnOnce(Option<&Standing>) -> T) -> T {
    STANDING.with_borrow(|all| {
        let place = all.binary_search_by(|one| one.about.as_str().cmp(about));
        look(place.ok().and_then(|index| all.get(index)))
    })
}

/// Notes what is told from now on. A state of all being well is not kept.
pub(super) fn note(new: Standing) {
    STANDING.with_borrow_mut(|all| {
        let place = all.binary_search_by(|one| one.about.cmp(&new.about));
        match place {
            Ok(index) if new.state.is_normal() => drop(all.remove(index)),
            Ok(index) => {
                if let Some(old) = all.get_mut(index) {
                    *old = new;
                }
            }
            Err(_) if new.state.is_normal() => {}
            Err(index) => all.insert(index, new),
        }
    });
}

/// Notes that the server may not have what was told last.
pub(super) fn doubt(about: &str) {
    STANDING.with_borrow_mut(|all| {
        let place = all.binary_search_by(|one| one.about.as_str().cmp(about));
        match place {
            Ok(index) => {
                if let Some(one) = all.get_mut(index) {
                    one.is_sure = false;
                }
            }
            // It was cleared, and the server may still have what was before.
            Err(index) => {
                let unknown = Standing {
                    about: about.to_owned(),
                    state: AlarmState::Normal,
                    reason: String::new(),
                    message: String::new(),
                    at: Duration::ZERO,
                    is_sure: false,
                };
                all.insert(index, unknown);
            }
        }
    });
}

/// The paths and states of all that stand.
pub(super) fn all() -> Vec<(String, AlarmState)> {
    STANDING.with_borrow(|all| all.iter().map(|one| (one.about.clone(), one.state)).collect())
}
