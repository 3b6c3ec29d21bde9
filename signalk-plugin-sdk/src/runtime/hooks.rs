//! What other parts of the crate have to do in the life of a plugin, where it uses them. They say so
//! themselves, so that one that nobody uses is in no .wasm.

use std::cell::Cell;

/// What a part of the crate does at each turn.
#[derive(Clone, Copy)]
pub(crate) struct Hooks {
    /// At every start from then on, before the author's.
    pub(crate) start: fn(),
    /// At every poll.
    pub(crate) poll: fn(),
    /// At every end, that by a crash included.
    pub(crate) end: fn(),
}

pub(crate) fn nothing() {}

/// One for each part that has some.
const STORAGE: usize = 0;
const SOCKETS: usize = 1;

thread_local!(static HOOKS: Cell<[Option<Hooks>; 2]> = const { Cell::new([None; 2]) });

/// For what is stored.
pub(crate) fn hook_storage(hooks: Hooks) {
    set(STORAGE, hooks);
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

fn run(hook: impl Fn(Hooks) -> fn()) {
    for hooks in HOOKS.get().into_iter().flatten() {
        hook(hooks)();
    }
}

pub(super) fn started() {
    run(|hooks| hooks.start);
}

pub(super) fn polled() {
    run(|hooks| hooks.poll);
}

pub(super) fn ended() {
    run(|hooks| hooks.end);
}

/// As a new instance of the module would be.
#[cfg(not(target_family = "wasm"))]
pub(super) fn forget() {
    HOOKS.set([None; 2]);
}
