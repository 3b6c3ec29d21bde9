//! The way of a delta: received, told apart, kept for the model, and handed to the handlers.
//!
//! 1. [`Runtime::delta`] gets the text. The answer to the question for the own ship is taken out, and what no
//!    handler [wants](Runtime::wants) goes no further: most deltas end here, before any JSON is read.
//! 2. It is read once, and [taken in](Runtime::take_in): which of it the plugin has sent itself, which values
//!    are of the source that is used, and what the model keeps.
//! 3. It is [handed out](Runtime::hand_out) to the handlers. One that comes while the plugin itself is
//!    sending, from inside the call, waits in the [inbox](super::inbox) until the plugin is free.

use super::echo;
use super::inbox::{self, Waiting};
use super::routes::Routes;
use super::{Installed, Runtime, State};
use crate::boundary::imports;
use crate::delta::{Delta, Origin, PathValue, Update, has_escapes};
use crate::error::Error;
use crate::handlers::{self, ContextFilter, DeltaHandler, Takes};
use crate::report::{self, Source, Who};
use crate::sources::{self, Said};
use crate::types::no_place;
use crate::{model, self_vessel};

impl<P: Installed> Runtime<P> {
    /// Whether the plugin wants to know when the values of a delta have been handed out.
    const SETTLES: bool = !P::SETTLED.is_empty();

    /// `delta_handler`, for every delta of every vessel.
    pub(crate) fn delta(&self, bytes: &[u8]) {
        let Ok(json) = std::str::from_utf8(bytes) else {
            imports::debug("the server sent a delta that is not UTF-8");
            return;
        };
        let Some(_entry) = self.enter() else {
            // The server calls from inside our own call.
            if !self_vessel::hear(json) && self.wants(json) {
                self.receive_inside(json);
            }
            return;
        };
        if self.state.get() != State::Running {
            return;
        }
        self_vessel::ask_once();
        if !self_vessel::hear(json) && self.wants(json) {
            self.receive(json);
        }
        self.settle();
    }

    fn routes(&self) -> &Routes {
        self.routes.get_or_init(Routes::of::<P>)
    }

    /// The handlers that want a path, in their order.
    fn takers(&self, path: &str) -> impl Iterator<Item = &'static DeltaHandler<P>> {
        let handlers = self.routes().takers(path);
        handlers.filter_map(|index| P::HANDLERS.deltas.get(index))
    }

    /// The handlers of whole deltas, in their order.
    fn whole_takers(&self) -> impl Iterator<Item = &'static DeltaHandler<P>> {
        self.routes().whole.iter().filter_map(|index| P::HANDLERS.deltas.get(*index))
    }

    /// Tells whether some handler may want this delta. Most are of no use to a plugin, and this says so
    /// before any JSON is read; it never says no to one that is wanted.
    pub(super) fn wants(&self, json: &str) -> bool {
        // Names may be written in any way.
        if has_escapes(json) {
            return true;
        }
        let routes = self.routes();
        let may_be_own = self_vessel::may_be_named(json);
        if !may_be_own && routes.takes_own_only {
            return false;
        }
        let may_take = |handler: &DeltaHandler<P>| {
            may_be_own || !matches!(handler.context, ContextFilter::Own)
        };
        if self.whole_takers().any(may_take) {
            return true;
        }
        routes.are_named(json, |path| {
            (may_be_own && routes.is_kept(path))
                || self.takers(path).any(may_take)
                || self.is_kept_of_others(path)
        })
    }

    /// Tells whether the model wants a path of other vessels; in most plugins, which have no such model, no
    /// code at all.
    fn is_kept_of_others(&self, path: &str) -> bool {
        !P::MODEL_OF_OTHERS.is_empty() && self.routes().is_kept_of_others(path)
    }

    /// Deals with a delta that the server hands over in a call of its own.
    fn receive(&self, json: &str) {
        let Some(mut delta) = Self::understood(json) else {
            return;
        };
        let is_self = self.take_in(&mut delta, false);
        // Behind those that wait from an earlier storm.
        if inbox::is_empty() {
            self.hand_out(json, &delta, is_self);
        } else if self.is_for_somebody(&delta, is_self) {
            inbox::push(Waiting::new(json, &delta, 0));
        }
    }

    /// Deals with a delta that the server hands over while the plugin itself is sending: it waits
    /// until the plugin is free, if some handler wants it. What the plugin has sent itself is known
    /// here and only here, by whatever source it goes.
    fn receive_inside(&self, json: &str) {
        /// So many, each because of the one before, are no conversation but a loop.
        const MOST_ROUNDS: u32 = 100;
        let Some(mut delta) = Self::understood(json) else {
            return;
        };
        let is_self = self.take_in(&mut delta, true);
        if !self.is_for_somebody(&delta, is_self) {
            return;
        }
        let round = inbox::next_round();
        if round > MOST_ROUNDS {
            let mut values = delta.updates.iter().flat_map(|update| &update.values);
            let path = values.next().map_or("a delta", |value| &*value.path);
            return report::set_transient(Source::Loop, going_round(path));
        }
        inbox::push(Waiting::new(json, &delta, round));
    }

    /// Hands a delta that has waited to the handlers that want it.
    pub(super) fn hand_out_waiting(&self, waiting: &Waiting) {
        if let Some(mut delta) = Self::understood(&waiting.json) {
            waiting.marks.put_on(&mut delta);
            let is_self = self_vessel::is(&delta.context);
            self.hand_out(&waiting.json, &delta, is_self);
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

    /// Marks when a delta arrives which updates the plugin has sent itself and which values are of the source
    /// that is used, and keeps what the model is to have. Tells whether it is the own ship's.
    fn take_in(&self, delta: &mut Delta<'_>, is_inside: bool) -> bool {
        let is_self = self_vessel::is(&delta.context);
        let context = &*delta.context;
        let own_source = imports::plugin_id();
        let own_source = own_source.as_deref().unwrap_or(P::ID);
        for update in &mut delta.updates {
            update.is_echo =
                update.source == own_source || (is_inside && echo::is_going_out(context, update));
            for value in &mut update.values {
                if !self.follows(context, is_self, &value.path, update.is_echo) {
                    continue;
                }
                let said = Said {
                    context: sources_of(context, is_self),
                    path: &value.path,
                    source: &update.source,
                    is_own: update.is_echo,
                    // A receiver without a fix has nothing to say, and another may have one.
                    is_there: value.value.is_some_and(|value| no_place(value).is_none()),
                };
                value.is_used = said.hear();
            }
            if is_self && !P::MODEL.is_empty() {
                model::keep(update);
            }
            if !is_self && !P::MODEL_OF_OTHERS.is_empty() {
                model::keep_of_other(P::MODEL_OF_OTHERS, context, update);
            }
        }
        is_self
    }

    /// Tells whether it matters which source a value is from.
    fn follows(&self, context: &str, is_self: bool, path: &str, is_echo: bool) -> bool {
        let is_handled = |handler: &DeltaHandler<P>| {
            !matches!(handler.source, handlers::Source::All)
                && handler.context.accepts(context, is_self)
        };
        (is_self && self.routes().is_kept(path))
            || (!is_echo && self.takers(path).any(is_handled))
            || (!is_self && !is_echo && self.is_kept_of_others(path))
    }

    /// Tells whether a handler of whole deltas takes this one. One without updates says nothing: it is
    /// what the server leaves of the question for the own ship, or of a notification.
    fn takes_whole(handler: &DeltaHandler<P>, delta: &Delta<'_>) -> bool {
        !delta.updates.is_empty() && (handler.echo || !delta.is_echo())
    }

    /// Tells whether some handler is going to be called.
    fn is_for_somebody(&self, delta: &Delta<'_>, is_self: bool) -> bool {
        // It may turn out to be the own ship's until it is handled.
        let may_be_own = is_self || !self_vessel::is_known();
        let accepts =
            |handler: &DeltaHandler<P>| handler.context.accepts(&delta.context, may_be_own);
        let takes_value = |update: &Update<'_>, value: &PathValue<'_>| {
            let mut takers = self.takers(&value.path);
            takers.any(|handler| (handler.echo || !update.is_echo) && accepts(handler))
        };
        self.whole_takers().any(|it| accepts(it) && Self::takes_whole(it, delta))
            || (Self::SETTLES && self.is_for_model(delta, is_self))
            || delta.updates.iter().any(|it| it.values.iter().any(|value| takes_value(it, value)))
    }

    /// Tells whether the model keeps a value that somebody else has sent. What a settled plugin sends of it is no
    /// reason to settle again.
    fn is_for_model(&self, delta: &Delta<'_>, is_self: bool) -> bool {
        let mut others = delta.updates.iter().filter(|update| !update.is_echo);
        let is_kept = |value: &PathValue<'_>| self.routes().is_kept(&value.path);
        is_self && others.any(|update| update.values.iter().any(is_kept))
    }

    /// Hands a delta to each handler that wants it, in the order of its values, and tells the plugin when that is
    /// done.
    fn hand_out(&self, json: &str, delta: &Delta<'_>, is_self: bool) {
        let is_handled = self.hand_out_values(json, delta, is_self);
        if Self::SETTLES && (is_handled || self.is_for_model(delta, is_self)) {
            for handler in P::SETTLED {
                self.call(Who::Handler(handler.name), |plugin| (handler.call)(plugin, delta));
            }
        }
    }

    /// Tells whether some handler took a value, where that [matters](Self::SETTLES).
    fn hand_out_values(&self, json: &str, delta: &Delta<'_>, is_self: bool) -> bool {
        let mut is_handled = false;
        for handler in self.whole_takers() {
            if !handler.context.accepts(&delta.context, is_self)
                || !Self::takes_whole(handler, delta)
            {
                continue;
            }
            is_handled |= Self::SETTLES && delta.updates.iter().any(|it| !it.values.is_empty());
            let who = Who::Handler(handler.name);
            match handler.takes {
                Takes::Values(..) => {}
                Takes::Delta(call) => self.call(who, |plugin| call(plugin, delta)),
                Takes::Text(call) => self.call(who, |plugin| call(plugin, json)),
            }
        }
        for update in &delta.updates {
            for value in &update.values {
                is_handled |= self.hand_out_value(&delta.context, is_self, update, value);
            }
        }
        is_handled
    }

    /// Tells the same of one value.
    fn hand_out_value(
        &self,
        context: &str,
        is_self: bool,
        update: &Update<'_>,
        value: &PathValue<'_>,
    ) -> bool {
        let mut is_handled = false;
        let origin = Origin {
            context,
            is_self,
            path: &value.path,
            source: &update.source,
            timestamp: &update.timestamp,
            details: update.details,
        };
        for handler in self.takers(&value.path) {
            let Takes::Values(_, call) = handler.takes else {
                continue;
            };
            if (update.is_echo && !handler.echo) || !handler.context.accepts(context, is_self) {
                continue;
            }
            self.call_if(Who::Handler(handler.name), |plugin| {
                // Who asked for the plugin's own gets them beside the others.
                if !update.is_echo && !is_taken(&handler.source, plugin, &update.source, value) {
                    return None;
                }
                sources::speaks();
                let outcome = call(plugin, value.value, &origin);
                let context = sources_of(context, is_self);
                sources::has_spoken(context, &value.path, &update.source);
                is_handled |= Self::SETTLES && outcome.is_some();
                outcome
            });
        }
        is_handled
    }
}

/// Tells whether a handler takes a value of a source.
fn is_taken<P>(
    takes: &handlers::Source<P>,
    plugin: &P,
    source: &str,
    value: &PathValue<'_>,
) -> bool {
    match takes {
        handlers::Source::Used => value.is_used,
        handlers::Source::All => true,
        handlers::Source::Named(name) => match name(plugin) {
            "" => value.is_used,
            name => name == source,
        },
    }
}

/// The own ship has several names.
fn sources_of(context: &str, is_self: bool) -> &str {
    if is_self { "" } else { context }
}

fn going_round(path: &str) -> Error {
    let text = [
        path,
        " has come back to the plugin 100 times in a row, each time because of what it sent when it \
         came, and was dropped then: a function must not send what has the server call it again",
    ];
    Error::msg(text.concat())
}
