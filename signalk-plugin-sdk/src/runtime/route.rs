//! From the text of a delta to the handlers that want it.

use std::cell::OnceCell;

use super::Runtime;
use crate::delta::{Delta, Origin, Update, matches, names_a_path};
use crate::plugin::{Context, DeltaHandler, Plugin, Takes};
use crate::{json, model, own_ship, sys};

impl<P: Plugin> Runtime<P> {
    /// Whether some handler may want this delta. Most are of no use to a plugin, and this says so
    /// before any JSON is parsed; it never says no to one that is wanted.
    pub(super) fn wants(delta: &str) -> bool {
        let handlers = P::HANDLERS.deltas;
        let mut only_own = true;
        let mut wanted = false;
        for handler in handlers {
            if !matches!(handler.takes, Takes::Values(..)) {
                wanted = true;
                only_own &= matches!(handler.context, Context::Own);
            }
        }
        let certain = names_a_path(delta, |path| {
            wanted |= P::MODEL.iter().any(|pattern| matches(pattern, path));
            for handler in handlers {
                if handler.takes.wants_path(path) {
                    wanted = true;
                    only_own &= matches!(handler.context, Context::Own);
                }
            }
            // Goes on while only handlers of own data were found, for the rest may want another's.
            wanted && !only_own
        });
        // Found one of another vessel's, or a path that cannot be read without parsing.
        if certain {
            return true;
        }
        if wanted && only_own {
            return match own_ship::context() {
                Some(own) => {
                    json::find(delta, &own).is_some()
                        || json::find(delta, "\"vessels.self\"").is_some()
                }
                None => true,
            };
        }
        wanted
    }

    /// Hands a delta that [`Self::wants`] let through to each handler that wants it, in the order of
    /// its values.
    pub(super) fn route(&self, json: &str) {
        let delta = match Delta::parse(json) {
            Ok(delta) => delta,
            Err(error) => {
                // Every delta comes from the server, which is not the owner's to mend.
                sys::debug(
                    &("the server sent a delta that cannot be read: ".to_owned()
                        + &error.to_string()),
                );
                return;
            }
        };
        let is_own_ship = own_ship::is(&delta.context);
        if is_own_ship && !P::MODEL.is_empty() {
            delta.updates.iter().for_each(model::keep);
        }
        let own_source = OnceCell::new();
        let is_echo = |update: &Update<'_>| {
            let own = own_source.get_or_init(|| sys::plugin_id().unwrap_or_else(|| P::ID.into()));
            *own == update.source
        };
        for handler in P::HANDLERS.deltas {
            if !handler.context.accepts(&delta.context, is_own_ship) {
                continue;
            }
            let all_echo = || !delta.updates.is_empty() && delta.updates.iter().all(is_echo);
            match handler.takes {
                Takes::Values(..) => {}
                _ if !handler.echo && all_echo() => {}
                Takes::Delta(call) => self.call(handler.name, |plugin| call(plugin, &delta)),
                Takes::Text(call) => self.call(handler.name, |plugin| call(plugin, json)),
            }
        }
        for update in &delta.updates {
            let echo = is_echo(update);
            self.route_values(&delta, update, is_own_ship, echo);
        }
    }

    fn route_values(&self, delta: &Delta<'_>, update: &Update<'_>, is_own_ship: bool, echo: bool) {
        for value in &update.values {
            let origin = Origin {
                context: &delta.context,
                is_own_ship,
                path: &value.path,
                source: &update.source,
                timestamp: &update.timestamp,
            };
            let takers = P::HANDLERS.deltas.iter().filter(|handler| {
                (handler.echo || !echo)
                    && handler.takes.wants_path(&value.path)
                    && handler.context.accepts(&delta.context, is_own_ship)
            });
            for DeltaHandler { name, takes, .. } in takers {
                if let Takes::Values(_, call) = takes {
                    self.call_if(name, |plugin| call(plugin, value.value, &origin));
                }
            }
        }
    }
}
