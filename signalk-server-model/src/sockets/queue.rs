//! Bytes that have arrived and were not fetched yet.

use std::collections::VecDeque;

use signalk_plugin_contract::SOCKET_QUEUE;

/// Adds to a queue that drops its oldest entry when it is full.
pub(super) fn enqueue<T>(queue: &mut VecDeque<T>, item: T) {
    if queue.len() >= SOCKET_QUEUE {
        queue.pop_front();
    }
    queue.push_back(item);
}
