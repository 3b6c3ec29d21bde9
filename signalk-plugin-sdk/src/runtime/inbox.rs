//! Deltas that arrived while the plugin itself was sending.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use crate::delta::Delta;
use crate::instance::state;

/// How many are handled within one call of the host.
pub(super) const PER_CALL: usize = 200;
/// The most deltas that wait; beyond it the oldest goes, of the plugin's own first.
const CAPACITY: usize = 1000;

/// A delta that waits.
pub(super) struct Waiting {
    pub(super) json: String,
    pub(super) marks: Marks,
    /// The number of deltas in a row that led to it, each sent when the one before it was handled.
    round: u32,
}

impl Waiting {
    pub(super) fn new(json: &str, delta: &Delta<'_>, round: u32) -> Self {
        Self { json: json.to_owned(), marks: Marks::of(delta), round }
    }

    fn is_echo(&self) -> bool {
        self.marks.echoes.iter().all(|is_echo| *is_echo)
    }
}

/// Marks that were put on a delta when it came.
pub(super) struct Marks {
    /// Which of its updates the plugin has sent itself.
    echoes: Vec<bool>,
    /// Which of its values, in turn, are of the source that was used.
    used: Vec<bool>,
}

impl Marks {
    fn of(delta: &Delta<'_>) -> Self {
        let values = delta.updates.iter().flat_map(|update| &update.values);
        Self {
            echoes: delta.updates.iter().map(|update| update.is_echo).collect(),
            used: values.map(|value| value.is_used).collect(),
        }
    }

    /// Puts them on the same delta, read again.
    pub(super) fn put_on(&self, delta: &mut Delta<'_>) {
        for (update, is_echo) in delta.updates.iter_mut().zip(&self.echoes) {
            update.is_echo = *is_echo;
        }
        let values = delta.updates.iter_mut().flat_map(|update| &mut update.values);
        for (value, is_used) in values.zip(&self.used) {
            value.is_used = *is_used;
        }
    }
}

state! {
    run static QUEUE: RefCell<VecDeque<Waiting>> = VecDeque::new();
    run static LOST: Cell<u64> = 0;
    /// The round of what is being handled now.
    run static ROUND: Cell<u32> = 0;
}

pub(super) fn push(waiting: Waiting) {
    QUEUE.with_borrow_mut(|queue| {
        if queue.len() >= CAPACITY {
            // What others say cannot be had again.
            let echo = queue.iter().position(Waiting::is_echo);
            LOST.set(LOST.get().saturating_add(1));
            if echo.is_none() && waiting.is_echo() {
                return;
            }
            // To the front with it, past those that stay in their order.
            for at in (1..=echo.unwrap_or_default()).rev() {
                queue.swap(at, at - 1);
            }
            queue.pop_front();
        }
        queue.push_back(waiting);
    });
}

/// The next that is to be handled. What comes back from here on is of the round behind it.
pub(super) fn pop() -> Option<Waiting> {
    let next = QUEUE.with_borrow_mut(VecDeque::pop_front);
    ROUND.set(next.as_ref().map_or(0, |waiting| waiting.round));
    next
}

/// The round of what comes back now.
pub(super) fn next_round() -> u32 {
    ROUND.get().saturating_add(1)
}

/// Ends the rounds: what comes back from here on is nothing that led to another.
pub(super) fn end_of_rounds() {
    ROUND.set(0);
}

pub(super) fn is_empty() -> bool {
    QUEUE.with_borrow(VecDeque::is_empty)
}

/// How many were dropped since it was last asked.
pub(super) fn take_lost() -> u64 {
    LOST.take()
}

/// Forgets what waits: the plugin that would have handled it has gone.
pub(super) fn renew() {
    QUEUE.renew();
    LOST.renew();
    ROUND.renew();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(json: &str, is_echo: bool) -> Waiting {
        let marks = Marks { echoes: vec![is_echo], used: Vec::new() };
        Waiting { json: json.to_owned(), marks, round: 0 }
    }

    #[test]
    fn beyond_what_fits_the_oldest_of_its_own_goes_before_what_others_said() {
        renew();
        push(waiting("theirs", false));
        push(waiting("first", true));
        for _ in 0..CAPACITY {
            push(waiting("later", true));
        }
        assert_eq!(take_lost(), 2);
        assert_eq!(pop().unwrap().json, "theirs");
        assert_eq!(pop().unwrap().json, "later");
        renew();
        for at in 0..=CAPACITY {
            push(waiting(&at.to_string(), false));
        }
        push(waiting("own", true));
        assert_eq!(take_lost(), 2);
        assert_eq!(pop().unwrap().json, "1");
        renew();
    }
}
