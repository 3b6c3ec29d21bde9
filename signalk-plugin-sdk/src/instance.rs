//! All that an instance of the module holds beside the plugin itself, and how long it holds it.
//!
//! Every cell is declared by [`state!`], and by nothing else, with the word for its life:
//!
//! | word | begins anew |
//! |---|---|
//! | `call` | with each call of the host, or is set before it is used |
//! | `run` | with each value of the plugin: after a stop, and after a crash |
//! | `start` | with each `plugin_start`; a crash and the start after it leave it as it is |
//! | `module` | never: it survives stops, starts and crashes, until the server loads the module anew |
//!
//! Whoever has cells of a `run` or of a `start` [renews](State::renew) them when `runtime::renewal` says so.
//! Natively a start looks at every cell that was used, and panics if one was forgotten. The cells are not the
//! fields of one struct, for a part of the crate that a plugin does not use is not in its .wasm.

use std::cell::{Cell, RefCell};
use std::thread::{AccessError, LocalKey};

#[cfg(not(target_family = "wasm"))]
pub(crate) use registry::{Held, Life, check_renewed, hold, reset};

/// A cell of its own for each thread: on wasm there is one, and natively each has its instance.
#[cfg(target_family = "wasm")]
type Held<C> = C;

/// Declares cells as `thread_local!` does, each with its [life](self).
macro_rules! state {
    ($(
        $(#[$doc:meta])*
        $life:ident static $name:ident: $cell:ident<$held:ty> = $first:expr;
    )*) => {$(
        $(#[$doc])*
        static $name: $crate::instance::State<$cell<$held>> = {
            #[cfg(target_family = "wasm")]
            thread_local! {
                static CELL: $cell<$held> = const { $cell::new($first) };
            }
            #[cfg(not(target_family = "wasm"))]
            thread_local! {
                static CELL: $crate::instance::Held<$cell<$held>> = $crate::instance::hold(
                    $crate::instance::Life::$life,
                    stringify!($name),
                    || $name.reset(),
                    || $name.is_used(),
                    $cell::new($first),
                );
            }
            $crate::instance::State::new(&CELL, || $cell::new($first))
        };
    )*};
}
pub(crate) use state;

/// A cell of the instance, used as a `LocalKey` is.
pub(crate) struct State<C: 'static> {
    held: &'static LocalKey<Held<C>>,
    first: fn() -> C,
}

impl<C> State<C> {
    pub(crate) const fn new(held: &'static LocalKey<Held<C>>, first: fn() -> C) -> Self {
        Self { held, first }
    }

    /// Lends the cell to somebody who may change it; an error if the thread ends, and the cell has gone.
    pub(crate) fn try_with<R>(&self, f: impl FnOnce(&C) -> R) -> Result<R, AccessError> {
        self.held.try_with(|held| {
            #[cfg(not(target_family = "wasm"))]
            held.mark_used(true);
            f(held)
        })
    }

    fn changed<R>(&self, f: impl FnOnce(&C) -> R) -> R {
        self.held.with(|held| {
            #[cfg(not(target_family = "wasm"))]
            held.mark_used(true);
            f(held)
        })
    }

    fn looked_at<R>(&self, f: impl FnOnce(&C) -> R) -> R {
        self.held.with(|held| f(held))
    }

    /// Tells that what is in the cell belongs to the life that begins.
    fn begin(&self) {
        #[cfg(not(target_family = "wasm"))]
        self.held.with(|held| held.mark_used(false));
    }

    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn is_used(&self) -> bool {
        self.held.with(Held::is_used)
    }
}

impl<T> State<Cell<T>> {
    pub(crate) fn set(&self, value: T) {
        self.changed(|cell| cell.set(value));
    }

    pub(crate) fn replace(&self, value: T) -> T {
        self.changed(|cell| cell.replace(value))
    }

    pub(crate) fn get(&self) -> T
    where
        T: Copy,
    {
        self.looked_at(Cell::get)
    }

    pub(crate) fn take(&self) -> T
    where
        T: Default,
    {
        self.changed(Cell::take)
    }

    /// Puts in what was there at first, and gives back what was there until now.
    pub(crate) fn renew(&self) -> T {
        let before = self.replace((self.first)().into_inner());
        self.begin();
        before
    }

    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn reset(&self) {
        drop(self.renew());
    }
}

impl<T> State<RefCell<T>> {
    pub(crate) fn with_borrow<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        self.looked_at(|cell| f(&cell.borrow()))
    }

    pub(crate) fn with_borrow_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        self.changed(|cell| f(&mut cell.borrow_mut()))
    }

    pub(crate) fn set(&self, value: T) {
        drop(self.replace(value));
    }

    pub(crate) fn replace(&self, value: T) -> T {
        self.changed(|cell| cell.replace(value))
    }

    pub(crate) fn take(&self) -> T
    where
        T: Default,
    {
        self.changed(RefCell::take)
    }

    /// Puts in what was there at first, and gives back what was there until now.
    pub(crate) fn renew(&self) -> T {
        self.renew_with((self.first)().into_inner())
    }

    /// As [`Self::renew`], with something that an earlier life has left on purpose.
    pub(crate) fn renew_with(&self, value: T) -> T {
        let before = self.replace(value);
        self.begin();
        before
    }

    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn reset(&self) {
        drop(self.renew());
    }
}

/// Natively the cells are known by name, so that all can be as at first for the next test, and so that a
/// start sees which were forgotten.
#[cfg(not(target_family = "wasm"))]
mod registry {
    use std::cell::{Cell, RefCell};
    use std::ops::Deref;

    /// The words of [`state!`](super::state).
    #[allow(non_camel_case_types, reason = "they are written in front of `static`")]
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) enum Life {
        call,
        run,
        start,
        module,
    }

    /// A cell, and whether it was changed since its life began.
    pub(crate) struct Held<C> {
        cell: C,
        is_used: Cell<bool>,
    }

    impl<C> Held<C> {
        pub(super) fn mark_used(&self, is_used: bool) {
            self.is_used.set(is_used);
        }

        pub(super) fn is_used(&self) -> bool {
            self.is_used.get()
        }
    }

    impl<C> Deref for Held<C> {
        type Target = C;

        fn deref(&self) -> &C {
            &self.cell
        }
    }

    #[derive(Clone, Copy)]
    struct Known {
        life: Life,
        name: &'static str,
        reset: fn(),
        is_used: fn() -> bool,
    }

    thread_local!(static KNOWN: RefCell<Vec<Known>> = const { RefCell::new(Vec::new()) });

    /// Makes a cell of this thread, and notes it.
    pub(crate) fn hold<C>(
        life: Life,
        name: &'static str,
        reset: fn(),
        is_used: fn() -> bool,
        cell: C,
    ) -> Held<C> {
        KNOWN.with_borrow_mut(|known| known.push(Known { life, name, reset, is_used }));
        Held { cell, is_used: Cell::new(false) }
    }

    /// Makes every cell as at first, as in a new instance of the module. To be called when the plugin has
    /// ended.
    pub(crate) fn reset() {
        // Not borrowed meanwhile: what is dropped may use a cell for the first time.
        let known = KNOWN.with_borrow(Clone::clone);
        known.into_iter().for_each(|it| (it.reset)());
    }

    /// Looks for what an earlier start has left.
    ///
    /// # Panics
    /// With the names of the cells that nobody has renewed: a mistake in this crate.
    pub(crate) fn check_renewed() {
        let known = KNOWN.with_borrow(Clone::clone);
        let is_left = |it: &&Known| matches!(it.life, Life::run | Life::start) && (it.is_used)();
        let left: Vec<_> = known.iter().filter(is_left).map(|it| it.name).collect();
        assert!(left.is_empty(), "a start finds what an earlier one has left in {left:?}");
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    state! {
        call static COUNT: Cell<u32> = 7;
        start static NAMES: RefCell<Vec<String>> = Vec::new();
        run static NEVER_USED: Cell<u32> = 1;
    }

    #[test]
    fn a_new_instance_has_every_cell_as_at_first_whatever_was_done_to_it_first() {
        COUNT.set(8);
        NAMES.set(vec!["set before anything else".into()]);
        reset();
        assert_eq!((COUNT.get(), NAMES.with_borrow(Vec::len)), (7, 0));
        NAMES.with_borrow_mut(|names| names.push("again".into()));
        reset();
        assert!(NAMES.take().is_empty());
        assert_eq!(NEVER_USED.get(), 1);
    }

    #[test]
    fn a_start_names_the_cells_that_an_earlier_one_has_left() {
        COUNT.set(8);
        NAMES.set(vec!["of this start".into()]);
        NEVER_USED.set(2);
        NEVER_USED.renew();
        let found = std::panic::catch_unwind(check_renewed).unwrap_err();
        let text = found.downcast_ref::<String>().unwrap();
        assert!(
            text.contains("NAMES") && !text.contains("COUNT") && !text.contains("NEVER"),
            "{text}"
        );
        NAMES.renew();
        check_renewed();
    }

    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else {
                found.push(path);
            }
        }
    }

    /// A cell that is declared in another way would be forgotten by [`reset`].
    #[test]
    fn nothing_of_an_instance_is_held_in_another_way() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut files = Vec::new();
        sources(&root, &mut files);
        // The hosts themselves, natively and where there is no clock.
        let allowed =
            ["instance.rs", "boundary/imports/native/mod.rs", "boundary/imports/wasm/mod.rs"];
        for file in files {
            let name = file.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            let text = fs::read_to_string(&file).unwrap();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let is_cell = |line: &&str| line.contains("thread_local!") || line.contains("LazyLock");
            let found: Vec<_> = code.filter(is_cell).collect();
            assert!(
                found.is_empty() || allowed.contains(&&*name),
                "{name}: declare it by `state!`: {found:?}"
            );
        }
    }
}
