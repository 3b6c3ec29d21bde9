//! What the plugin sends, held back until no borrow of the plugin is alive.
//!
//! The server calls the plugin's own `delta_handler` while it takes a delta. So nothing goes out
//! from inside a handler: it queues, and the runtime empties the queue, in order, between handlers.

use std::cell::RefCell;
use std::collections::VecDeque;

use crate::error::Error;
use crate::sys::{self, Version};
use crate::{entry, notification, report};

enum Message {
    Delta { json: String, version: Version },
    Notification { path: String, value: String },
}

thread_local! {
    static QUEUE: RefCell<VecDeque<Message>> = const { RefCell::new(VecDeque::new()) };
}

pub(crate) fn delta(json: String, version: Version) {
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
            Message::Delta { json, version } => sys::handle_message(&json, version),
            Message::Notification { path, value } => {
                let outcome = if sys::publish_notification(&path, &value) {
                    Ok(())
                } else {
                    notification::not_sent(&path);
                    Err(Error::msg(format!("the server refused {path}: {value}")))
                };
                report::outcome("sending a notification", outcome);
            }
        }
    }
}

/// Forgets what was not sent.
pub(crate) fn clear() {
    let unsent = QUEUE.take();
    for message in unsent {
        if let Message::Notification { path, .. } = message {
            notification::not_sent(&path);
        }
    }
}
