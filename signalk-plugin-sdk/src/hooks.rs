//! What other parts of the crate have to do in the life of a plugin, where it uses them. They say so
//! themselves, so that one that nobody uses is in no .wasm.

use std::cell::Cell;

use crate::instance::state;

/// What a part of the crate does at each turn.
#[derive(Clone, Copy)]
pub(crate) struct Hooks {
    /// At every start from then on, before the author's.
    pub(crate) start: fn(),
    /// At every poll.
    pub(crate) poll: fn(),
    /// In every outermost call, after the handlers.
    pub(crate) turn: fn(),
    /// At every end.
    pub(crate) end: fn(End),
}

/// How an instance has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It was stopped.
    Stop,
    /// It did not start, and what it began is not to go on without it.
    NoStart,
    /// By a trap: what it left is not to be touched.
    Crash,
}

pub(crate) fn nothing() {}

/// One for each part that has some.
/// Before the others, which tasks may have in use.
const TASKS: usize = 0;
const STORAGE: usize = 1;
const SOCKETS: usize = 2;

state! {
    module static HOOKS: Cell<[Option<Hooks>; 3]> = [None; 3];
}

/// For what is stored.
pub(crate) fn hook_storage(hooks: Hooks) {
    set(STORAGE, hooks);
}

/// For tasks.
pub(crate) fn hook_tasks(hooks: Hooks) {
    set(TASKS, hooks);
}

/// For sockets.
pub(crate) fn hook_sockets(hooks: Hooks) {
    set(SOCKETS, hooks);
}

fn set(part: usize, hooks: Hooks) {
    let mut all = HOOKS.get();
    if let Some(slot) = all.get_mut(part) {
        *slot = Some(hooks);
    }
    HOOKS.set(all);
}

fn run(hook: impl Fn(Hooks)) {
    HOOKS.get().into_iter().flatten().for_each(hook);
}

pub(crate) fn started() {
    run(|hooks| (hooks.start)());
}

pub(crate) fn polled() {
    run(|hooks| (hooks.poll)());
}

pub(crate) fn turned() {
    run(|hooks| (hooks.turn)());
}

pub(crate) fn ended(end: End) {
    run(|hooks| (hooks.end)(end));
}
