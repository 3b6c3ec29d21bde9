//! What the plugin sends, held back until no borrow of the plugin is alive.
//!
//! The server calls the plugin's own `delta_handler` while it takes a delta. So nothing goes out
//! from inside a handler: it queues, and the runtime empties the queue, in order, between handlers.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use crate::boundary::entry;
use crate::boundary::imports::{self, DeltaVersion};
use crate::error::Error;
use crate::instance::state;
use crate::report::{self, Source};

enum Message {
    Delta { json: String, version: DeltaVersion },
    Notification { path: String, value: String },
}

state! {
    run static QUEUE: RefCell<VecDeque<Message>> = VecDeque::new();
    /// The function that is told of a notification that was not sent, if somebody keeps account of
    /// them: without it, plugins that raise none would have that code.
    module static NOT_SENT: Cell<Option<fn(&str)>> = None;
    /// The delta that the server is taking now.
    call static GOING_OUT: RefCell<Option<Rc<str>>> = None;
}

pub(crate) fn delta(json: String, version: DeltaVersion) {
    push(Message::Delta { json, version });
}

pub(crate) fn notification(path: String, value: String) {
    push(Message::Notification { path, value });
}

fn push(message: Message) {
    QUEUE.with_borrow_mut(|queue| queue.push_back(message));
    if !entry::is_inside() {
        flush();
    }
}

/// Sends all that waits, oldest first.
pub(crate) fn flush() {
    while let Some(message) = QUEUE.with_borrow_mut(VecDeque::pop_front) {
        match message {
            Message::Delta { json, version } => send(json, version),
            Message::Notification { path, value } => {
                let outcome = if imports::publish_notification(&path, &value) {
                    Ok(())
                } else {
                    not_sent(&path);
                    Err(Error::msg(format!("the server refused {path}: {value}")))
                };
                report::set_outcome(Source::Notification, outcome);
            }
        }
        // All other plugins have heard of it, in their own time.
        entry::forget_time();
    }
}

fn send(json: String, version: DeltaVersion) {
    let json = Rc::<str>::from(json);
    let before = GOING_OUT.replace(Some(json.clone()));
    imports::handle_message(&json, version);
    GOING_OUT.set(before);
}

/// The delta that the server is taking now.
pub(crate) fn going_out() -> Option<Rc<str>> {
    GOING_OUT.with_borrow(Clone::clone)
}

/// Forgets what was not sent.
pub(crate) fn renew() {
    GOING_OUT.renew();
    for message in QUEUE.renew() {
        if let Message::Notification { path, .. } = message {
            not_sent(&path);
        }
    }
}

/// Has somebody told of each notification that is not sent, by its path.
pub(crate) fn account_for_notifications(not_sent: fn(&str)) {
    NOT_SENT.set(Some(not_sent));
}

fn not_sent(path: &str) {
    if let Some(not_sent) = NOT_SENT.get() {
        not_sent(path);
    }
}
