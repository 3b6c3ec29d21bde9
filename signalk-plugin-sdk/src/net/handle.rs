//! The sockets that are open, so that a stop closes what nobody dropped.

use std::cell::RefCell;

use crate::boundary::imports::socket;
use crate::hooks::{End, Hooks, hook_sockets, nothing};
use crate::instance::state;

/// Which of the server's two numberings a socket is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Udp,
    Tcp,
}

/// A socket of the server; it is closed once, by its drop or by the plugin's end.
#[derive(Debug)]
pub(super) struct Handle {
    kind: Kind,
    id: i32,
}

state! {
    static OPEN: RefCell<Vec<(Kind, i32)>> = Vec::new();
}

impl Handle {
    pub(super) fn new(kind: Kind, id: i32) -> Self {
        hook_sockets(Hooks { start: nothing, poll: nothing, turn: nothing, end: close_all });
        OPEN.with_borrow_mut(|open| open.push((kind, id)));
        Self { kind, id }
    }

    /// The server's number; `None` where the plugin has ended since.
    pub(super) fn id(&self) -> Option<i32> {
        let is_open = OPEN.with_borrow(|open| open.contains(&(self.kind, self.id)));
        is_open.then_some(self.id)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        let known = (self.kind, self.id);
        // Where the thread itself ends, the list may be gone before the socket is.
        let was_open = OPEN.try_with(|open| {
            let mut open = open.borrow_mut();
            let at = open.iter().position(|it| *it == known);
            at.map(|at| open.swap_remove(at)).is_some()
        });
        if was_open == Ok(true) {
            close(known);
        }
    }
}

fn close((kind, id): (Kind, i32)) {
    match kind {
        Kind::Udp => socket::udp_close(id),
        Kind::Tcp => socket::tcp_close(id),
    }
}

fn close_all(_: End) {
    // Not there where memory ran out while it grew; then they stay open.
    let open = OPEN.with(|open| open.try_borrow_mut().map(|mut open| std::mem::take(&mut *open)));
    open.unwrap_or_default().into_iter().for_each(close);
}
