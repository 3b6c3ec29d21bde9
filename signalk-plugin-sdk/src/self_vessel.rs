//! Which vessel is the own one.
//!
//! Deltas carry the own vessel's URN, never `vessels.self`, and no import tells it. But an update
//! without values that the plugin sends comes back at once, inside the call, with the own context
//! filled in and nothing stored.
//!
//! Servers make deltas without values of other vessels, too: of one that held nothing but a
//! notification, that is what is left. So an answer counts inside the call that asked, or where it
//! bears the plugin's own source, which is no other's.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use crate::boundary::entry;
use crate::boundary::imports::{self, DeltaVersion};
use crate::delta::Delta;
use crate::error::Error;
use crate::instance::state;
use crate::model;
use crate::report::{self, Source};
use crate::self_context;

pub(crate) use crate::self_context::{context, is, is_known, may_be_named};

/// Deltas of which nothing is stored. The second comes back with its source on every server, so that an
/// answer which another plugin holds back for a while is known as one; displays are spared it.
const QUESTION: &str = r#"{"updates":[{"values":[]}]}"#;
const INSISTENT: &str = r#"{"updates":[{"meta":[]}]}"#;
/// The number of questions without an answer before the second is asked.
const BEFORE_INSISTING: u8 = 2;

/// After so long the server is asked whether what it said still holds.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(60);

state! {
    /// When the server was asked last since the plugin was started.
    run static ASKED: Cell<Option<Duration>> = None;
    run static UNANSWERED: Cell<u8> = 0;
    /// The answers of the server so far, while it is being asked.
    call static HEARD: RefCell<Option<Vec<Answer>>> = None;
}

struct Answer {
    context: Rc<str>,
    /// Tells whether it bears the plugin's own source.
    is_signed: bool,
}

/// Has the server asked again, whatever is known: the plugin is started anew.
pub(crate) fn renew() {
    ASKED.renew();
    UNANSWERED.renew();
    HEARD.renew();
}

/// Asks the server, where it was not asked yet since the plugin was started.
pub(crate) fn ask_once() {
    if ASKED.get().is_none() {
        ask();
    }
}

/// Asks the server, where it is not known yet or was last asked a while ago. To be called with the
/// plugin not borrowed, and not for every delta: where the answer comes late, it is itself a delta.
pub(crate) fn ask() {
    const PATIENCE: u8 = 5;
    let now = imports::monotonic();
    let is_fresh = ASKED.get().is_some_and(|asked| now < asked.saturating_add(ASK_AGAIN_AFTER));
    if is_known() && is_fresh {
        return;
    }
    ASKED.set(Some(now));
    if let Some(answer) = answer() {
        // What would change everything is asked for twice.
        if is(&answer) || !is_known() || self::answer().as_ref() == Some(&answer) {
            learn(answer);
        }
    } else if !is_known() {
        UNANSWERED.set(UNANSWERED.get().saturating_add(1));
        if UNANSWERED.get() >= PATIENCE {
            report::set_outcome(Source::SelfVessel, Err(unknown()));
        }
    }
}

/// The server's answer before the call returns; `None` where there is none, or several.
fn answer() -> Option<Rc<str>> {
    HEARD.set(Some(Vec::new()));
    let insists = UNANSWERED.get() >= BEFORE_INSISTING;
    imports::handle_message(if insists { INSISTENT } else { QUESTION }, DeltaVersion::V1);
    entry::forget_time();
    let mut heard = HEARD.take().unwrap_or_default();
    // Others may send something meanwhile, of which nothing is left when it comes here.
    if heard.iter().any(|answer| answer.is_signed) {
        heard.retain(|answer| answer.is_signed);
    }
    let first = heard.first()?.context.clone();
    heard.iter().all(|answer| answer.context == first).then_some(first)
}

fn learn(context: Rc<str>) {
    UNANSWERED.set(0);
    match self_context::replace(context.clone()) {
        Some(before) if before != context => {
            model::forget_values();
            report::set_transient(Source::SelfVessel, contradiction(&before, &context));
        }
        _ => report::set_outcome(Source::SelfVessel, Ok(())),
    }
}

fn unknown() -> Error {
    Error::msg(
        "the server does not say which vessel is its own, so nothing of the own ship arrives; \
         it may be older than 2.23, or another plugin may keep deltas back",
    )
}

fn contradiction(before: &str, now: &str) -> Error {
    let text = [
        "the server says now that ",
        now,
        " is its own, and ",
        before,
        " was taken for it until now; what was known of that one is forgotten",
    ];
    Error::msg(text.concat())
}

/// Looks for the answer to [`ask`] in a delta that the server hands over; whether it is one, which
/// is of no use to anybody else.
pub(crate) fn hear(json: &str) -> bool {
    let is_asking = HEARD.with_borrow(Option::is_some);
    let is_waiting = ASKED.get().is_some() && !is_known();
    if !is_asking && !is_waiting {
        return false;
    }
    let Ok(delta) = Delta::parse(json) else {
        return false;
    };
    let own_source = imports::plugin_id();
    let is_own = |source: &str| own_source.as_deref() == Some(source);
    let is_answer = !delta.context.is_empty()
        && delta.updates.iter().all(|update| {
            update.is_empty() && (update.source.is_empty() || is_own(&update.source))
        });
    let is_signed =
        !delta.updates.is_empty() && delta.updates.iter().all(|update| is_own(&update.source));
    if !is_answer || !(is_asking || is_signed) {
        return false;
    }
    let context = Rc::from(&*delta.context);
    if is_asking {
        HEARD.with_borrow_mut(|heard| {
            heard.get_or_insert_default().push(Answer { context, is_signed })
        });
    } else {
        learn(context);
    }
    true
}

#[cfg(test)]
mod tests {
    use signalk_server_model::Event;

    use super::*;

    const OWN: &str = "vessels.urn:mrn:imo:mmsi:244000001";
    const OTHER: &str = "vessels.urn:mrn:imo:mmsi:244999999";

    /// As 2.32 answers, and what is left there of any vessel's notification.
    fn bare(context: &str) -> String {
        format!(r#"{{"updates":[],"context":"{context}"}}"#)
    }

    /// As 2.23 answers.
    fn signed(context: &str) -> String {
        from("plugin-under-test", context)
    }

    fn from(source: &str, context: &str) -> String {
        format!(
            r#"{{"updates":[{{"$source":"{source}","timestamp":"2026-01-01T00:00:00Z"}}],"context":"{context}"}}"#
        )
    }

    state! {
        call static ANSWERS: RefCell<Vec<String>> = Vec::new();
    }

    /// A server that hands over these, and nothing else, while it is asked.
    fn answering(answers: &[String]) {
        ANSWERS.set(answers.to_vec());
        imports::native::subscribe(|_| {
            for answer in ANSWERS.with_borrow(Clone::clone) {
                hear(&answer);
            }
        });
    }

    fn started(answers: &[String]) {
        crate::instance::reset();
        imports::native::reset();
        answering(answers);
        ask_once();
    }

    fn wait(seconds: u64) {
        imports::native::with(|server| server.clock.move_by(Duration::from_secs(seconds)));
    }

    fn questions() -> u32 {
        let sent = imports::native::with(|server| server.log.snapshot());
        let sent = sent.iter().filter(|it| matches!(it.event, Event::Delta { .. }));
        u32::try_from(sent.count()).unwrap()
    }

    fn told() -> String {
        imports::native::with(|server| format!("{:?}", server.log.snapshot()))
    }

    #[test]
    fn the_answers_of_both_servers_are_understood() {
        for answer in [bare(OWN), signed(OWN)] {
            started(&[answer]);
            assert_eq!(context().as_deref(), Some(OWN));
            assert!(is(OWN) && is("vessels.self") && !is(OTHER));
            assert_eq!(questions(), 1);
        }
    }

    #[test]
    fn what_is_no_answer_is_none() {
        for other in [
            from("another.plugin", OTHER),
            format!(
                r#"{{"updates":[{{"values":[{{"path":"a","value":1}}]}}],"context":"{OTHER}"}}"#
            ),
            format!(
                r#"{{"updates":[{{"meta":[{{"path":"a","value":{{}}}}]}}],"context":"{OTHER}"}}"#
            ),
            r#"{"updates":[]}"#.to_owned(),
            r#"{"updates":[],"context":5}"#.to_owned(),
            "[".to_owned(),
        ] {
            started(std::slice::from_ref(&other));
            assert_eq!(context(), None, "{other}");
        }
    }

    #[test]
    fn what_is_left_of_another_vessels_delta_is_no_answer_outside_of_the_question() {
        started(&[]);
        for _ in 0..10 {
            assert!(!hear(&bare(OTHER)));
        }
        assert_eq!(context(), None);
        answering(&[bare(OWN)]);
        ask();
        assert_eq!(context().as_deref(), Some(OWN));
        assert!(!hear(&bare(OTHER)) && !hear(&signed(OTHER)));
        assert_eq!(context().as_deref(), Some(OWN));
    }

    #[test]
    fn of_several_answers_the_plugins_own_counts_or_none() {
        started(&[bare(OTHER), signed(OWN)]);
        assert_eq!(context().as_deref(), Some(OWN));
        started(&[bare(OTHER), bare(OWN)]);
        assert_eq!(context(), None);
        answering(&[bare(OWN), bare(OWN)]);
        ask();
        assert_eq!(context().as_deref(), Some(OWN));
    }

    #[test]
    fn an_answer_that_comes_late_is_known_by_its_source() {
        started(&[]);
        assert!(hear(&signed(OWN)));
        assert_eq!(context().as_deref(), Some(OWN));
    }

    #[test]
    fn what_holds_is_asked_once_a_minute_and_at_every_start() {
        started(&[bare(OWN)]);
        for _ in 0..59 {
            wait(1);
            ask();
        }
        assert_eq!(questions(), 1);
        wait(1);
        ask();
        assert_eq!(questions(), 2);
        renew();
        ask_once();
        ask_once();
        assert_eq!(questions(), 3);
        assert!(!told().contains("is its own"), "{}", told());
    }

    #[test]
    fn a_contradiction_is_told_and_the_later_answer_holds_once_it_was_given_twice() {
        started(&[bare(OTHER)]);
        answering(&[bare(OWN)]);
        renew();
        ask_once();
        assert_eq!(context().as_deref(), Some(OWN));
        assert_eq!(questions(), 3);
        assert!(told().contains(&format!("{OWN} is its own, and {OTHER} was taken")), "{}", told());
        // A server that is silent for once has not changed its mind.
        answering(&[]);
        wait(60);
        ask();
        assert_eq!(context().as_deref(), Some(OWN));
    }

    #[test]
    fn a_server_that_does_not_answer_is_asked_at_each_poll_and_then_told_of() {
        started(&[]);
        for _ in 0..3 {
            ask_once();
        }
        assert_eq!(questions(), 1);
        for _ in 0..4 {
            ask();
        }
        assert_eq!(questions(), 5);
        assert!(told().contains("does not say which vessel is its own"), "{}", told());
        hear(&signed(OWN));
        ask();
        assert_eq!(questions(), 5);
        assert!(!report::is_failing(Source::SelfVessel));
    }
}
