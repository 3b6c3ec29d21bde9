//! From the text of a delta to the handlers that want it.

use super::Runtime;
use super::inbox::{self, Waiting};
use crate::boundary::imports;
use crate::delta::{Delta, Origin, Update, has_escapes, matches, names_a_path};
use crate::error::Error;
use crate::plugin::{self, Context, DeltaHandler, Plugin, Takes};
use crate::report::{self, Source, Who};
use crate::sources::{self, Said};
use crate::types::no_place;
use crate::{json, model, outbox, own_ship};

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
                        || has_escapes(delta)
                }
                None => true,
            };
        }
        wanted
    }

    /// Deals with a delta that the server hands over in a call of its own.
    pub(super) fn receive(&self, json: &str) {
        let Some(delta) = Self::understood(json) else {
            return;
        };
        let echoes = Self::echoes(&delta, false);
        let (is_own_ship, used) = Self::keep(&delta, &echoes);
        // Behind those that wait from an earlier storm.
        if inbox::is_empty() {
            self.route(json, &delta, is_own_ship, &echoes, &used);
        } else if Self::is_for_somebody(&delta, is_own_ship, &echoes) {
            inbox::push(Waiting { json: json.to_owned(), echoes, used, round: 0 });
        }
    }

    /// Deals with a delta that the server hands over while the plugin itself is sending: it waits
    /// until the plugin is free, where some handler wants it. What the plugin has sent itself is known
    /// here and only here, by whatever source it goes.
    pub(super) fn receive_inside(json: &str) {
        /// So many, each because of the one before, are no conversation but a loop.
        const MOST_ROUNDS: u32 = 100;
        let Some(delta) = Self::understood(json) else {
            return;
        };
        let echoes = Self::echoes(&delta, true);
        let (is_own_ship, used) = Self::keep(&delta, &echoes);
        if !Self::is_for_somebody(&delta, is_own_ship, &echoes) {
            return;
        }
        let round = inbox::next_round();
        if round > MOST_ROUNDS {
            let paths = delta.updates.iter().flat_map(|update| &update.values);
            let path = paths.map(|value| &*value.path).next().unwrap_or("a delta");
            return report::passing(Source::Loop, going_round(path));
        }
        inbox::push(Waiting { json: json.to_owned(), echoes, used, round });
    }

    /// Hands a delta that has waited to the handlers that want it.
    pub(super) fn route_waiting(&self, waiting: &Waiting) {
        if let Some(delta) = Self::understood(&waiting.json) {
            let is_own_ship = own_ship::is(&delta.context);
            self.route(&waiting.json, &delta, is_own_ship, &waiting.echoes, &waiting.used);
        }
    }

    /// A delta that [`Self::wants`] let through.
    fn understood(json: &str) -> Option<Delta<'_>> {
        let delta = Delta::parse(json);
        if let Err(error) = &delta {
            // Every delta comes from the server, which is not the owner's to mend.
            let error = error.to_string();
            imports::debug(&["the server sent a delta that cannot be read: ", &*error].concat());
        }
        delta.ok()
    }

    /// Keeps what the model is to have, when it arrives; whether it is the own ship's, and of each
    /// value in turn whether it is from the source that is used.
    fn keep(delta: &Delta<'_>, echoes: &[bool]) -> (bool, Vec<bool>) {
        let is_own_ship = own_ship::is(&delta.context);
        let mut used = Vec::new();
        for (update, is_own) in delta.updates.iter().zip(echoes) {
            let before = used.len();
            for value in &update.values {
                let said = Said {
                    context: sources_of(&delta.context, is_own_ship),
                    path: &value.path,
                    source: &update.source,
                    is_own: *is_own,
                    // A receiver without a fix has nothing to say, and another may have one.
                    is_there: value.value.is_some_and(|value| no_place(value).is_none()),
                };
                let is_followed = Self::follows(&delta.context, is_own_ship, said);
                used.push(!is_followed || said.hear());
            }
            if is_own_ship && !P::MODEL.is_empty() {
                model::keep(update, used.get(before..).unwrap_or_default());
            }
        }
        (is_own_ship, used)
    }

    /// Tells whether it matters which source a value is from.
    fn follows(context: &str, is_own_ship: bool, said: Said<'_>) -> bool {
        let is_kept = || P::MODEL.iter().any(|pattern| matches(pattern, said.path));
        let is_handled = |handler: &DeltaHandler<P>| {
            !matches!(handler.source, plugin::Source::All)
                && handler.takes.wants_path(said.path)
                && handler.context.accepts(context, is_own_ship)
        };
        let is_for_handlers = || !said.is_own && P::HANDLERS.deltas.iter().any(is_handled);
        (is_own_ship && is_kept()) || is_for_handlers()
    }

    /// Which updates the plugin has sent itself.
    fn echoes(delta: &Delta<'_>, is_inside: bool) -> Vec<bool> {
        let own = imports::plugin_id().unwrap_or_else(|| P::ID.into());
        let is_echo = |update: &Update<'_>| {
            *own == update.source || (is_inside && outbox::is_going_out(&delta.context, update))
        };
        delta.updates.iter().map(is_echo).collect()
    }

    /// Tells whether a handler takes whole deltas, and this one. One without updates says nothing: it is
    /// what the server leaves of the question for the own ship, or of a notification.
    fn takes_whole(handler: &DeltaHandler<P>, echoes: &[bool]) -> bool {
        let is_echo = echoes.iter().all(|is_echo| *is_echo);
        !matches!(handler.takes, Takes::Values(..))
            && !echoes.is_empty()
            && (handler.echo || !is_echo)
    }

    /// Tells whether some handler is going to be called.
    fn is_for_somebody(delta: &Delta<'_>, is_own_ship: bool, echoes: &[bool]) -> bool {
        // It may turn out to be the own ship's until it is handled.
        let may_be_own = is_own_ship || !own_ship::is_known();
        P::HANDLERS.deltas.iter().any(|handler| {
            let takes_some = || {
                delta.updates.iter().zip(echoes).any(|(update, is_echo)| {
                    (handler.echo || !is_echo)
                        && update.values.iter().any(|value| handler.takes.wants_path(&value.path))
                })
            };
            handler.context.accepts(&delta.context, may_be_own)
                && (Self::takes_whole(handler, echoes) || takes_some())
        })
    }

    /// Hands a delta to each handler that wants it, in the order of its values.
    fn route(
        &self,
        json: &str,
        delta: &Delta<'_>,
        is_own_ship: bool,
        echoes: &[bool],
        used: &[bool],
    ) {
        for handler in P::HANDLERS.deltas {
            if !handler.context.accepts(&delta.context, is_own_ship)
                || !Self::takes_whole(handler, echoes)
            {
                continue;
            }
            match handler.takes {
                Takes::Values(..) => {}
                Takes::Delta(call) => {
                    self.call(Who::Handler(handler.name), |plugin| call(plugin, delta))
                }
                Takes::Text(call) => {
                    self.call(Who::Handler(handler.name), |plugin| call(plugin, json))
                }
            }
        }
        let mut used = used.iter();
        for (update, is_echo) in delta.updates.iter().zip(echoes) {
            self.route_values(delta, update, is_own_ship, *is_echo, &mut used);
        }
    }

    fn route_values(
        &self,
        delta: &Delta<'_>,
        update: &Update<'_>,
        is_own_ship: bool,
        echo: bool,
        used: &mut std::slice::Iter<'_, bool>,
    ) {
        for value in &update.values {
            let is_used = used.next().is_none_or(|is_used| *is_used);
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
            for DeltaHandler { name, takes, source, .. } in takers {
                let Takes::Values(_, call) = takes else {
                    continue;
                };
                self.call_if(Who::Handler(name), |plugin| {
                    // Who asked for the plugin's own gets them beside the others.
                    if !echo && !is_taken(source, plugin, origin.source, is_used) {
                        return None;
                    }
                    let of = sources_of(&delta.context, is_own_ship);
                    sources::speaks(of, origin.path, origin.source);
                    let outcome = call(plugin, value.value, &origin);
                    sources::has_spoken();
                    outcome
                });
            }
        }
    }
}

/// Tells whether a handler takes values of a source, which is or is not the one that is used.
fn is_taken<P>(takes: &plugin::Source<P>, plugin: &P, source: &str, is_used: bool) -> bool {
    match takes {
        plugin::Source::Used => is_used,
        plugin::Source::All => true,
        plugin::Source::Named(name) => match name(plugin) {
            "" => is_used,
            name => name == source,
        },
    }
}

/// The own ship has several names.
fn sources_of(context: &str, is_own_ship: bool) -> &str {
    if is_own_ship { "" } else { context }
}

fn going_round(path: &str) -> Error {
    let text = [
        path,
        " has come back to the plugin 100 times in a row, each time because of what it sent when it \
         came, and was dropped then: a function must not send what has the server call it again",
    ];
    Error::msg(text.concat())
}
