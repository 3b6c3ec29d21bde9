//! The sockets that are open, so that a stop closes what nobody dropped.

use std::cell::Cell;

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
    /// Out of its cell while it is changed: if memory runs out, nothing stays borrowed.
    run static OPEN: Cell<Vec<(Kind, i32)>> = Vec::new();
}

impl Handle {
    pub(super) fn new(kind: Kind, id: i32) -> Self {
        hook_sockets(Hooks { start: nothing, poll: nothing, turn: nothing, end: close_all });
        let mut open = OPEN.take();
        open.push((kind, id));
        OPEN.set(open);
        Self { kind, id }
    }

    /// The server's number; `None` where the plugin has ended since.
    pub(super) fn id(&self) -> Option<i32> {
        let open = OPEN.take();
        let is_open = open.contains(&(self.kind, self.id));
        OPEN.set(open);
        is_open.then_some(self.id)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        let known = (self.kind, self.id);
        // Where the thread itself ends, the list may be gone before the socket is.
        let was_open = OPEN.try_with(|cell| {
            let mut open = cell.take();
            let at = open.iter().position(|it| *it == known);
            if let Some(at) = at {
                open.swap_remove(at);
            }
            cell.set(open);
            at.is_some()
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
    OPEN.renew().into_iter().for_each(close);
}
