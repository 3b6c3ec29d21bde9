//! The cells that an instance of the module holds beside the plugin itself.
//!
//! Every cell of it is declared by [`state!`], and by nothing else: so there is one place that knows
//! them all, and a new instance of the test host cannot find anything that an earlier one has left.

#[cfg(not(target_family = "wasm"))]
use std::cell::{Cell, RefCell};
#[cfg(not(target_family = "wasm"))]
use std::thread::{AccessError, LocalKey};

/// Declares cells as `thread_local!` does. Natively each thread is an instance, which can be made anew.
macro_rules! state {
    ($($(#[$doc:meta])* static $name:ident: $cell:ident<$held:ty> = $first:expr;)*) => {
        #[cfg(target_family = "wasm")]
        thread_local! {
            $($(#[$doc])* static $name: $cell<$held> = const { $cell::new($first) };)*
        }
        $(
            $(#[$doc])*
            #[cfg(not(target_family = "wasm"))]
            static $name: $crate::instance::State<$cell<$held>> = {
                thread_local! {
                    static CELL: $cell<$held> = {
                        $crate::instance::remember(|| {
                            let _before = CELL.with(|cell| cell.replace($first));
                        });
                        $cell::new($first)
                    };
                }
                $crate::instance::State(&CELL)
            };
        )*
    };
}
pub(crate) use state;

#[cfg(not(target_family = "wasm"))]
thread_local!(static RESETS: RefCell<Vec<fn()>> = const { RefCell::new(Vec::new()) });

/// Notes how a cell that this thread uses is made as it was at first.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn remember(reset: fn()) {
    RESETS.with_borrow_mut(|resets| resets.push(reset));
}

/// As a new instance of the module would be: every cell is as at first. To be called when the plugin
/// has ended.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn renew() {
    // Not borrowed meanwhile: what is dropped may use a cell for the first time.
    let resets = RESETS.with_borrow(Clone::clone);
    resets.into_iter().for_each(|reset| reset());
}

/// A cell of the thread's instance, used as a `LocalKey` is. It always has its first value made by its
/// declaration, by which it is known here.
#[cfg(not(target_family = "wasm"))]
pub(crate) struct State<C: 'static>(pub(crate) &'static LocalKey<C>);

#[cfg(not(target_family = "wasm"))]
impl<C> State<C> {
    pub(crate) fn with<R>(&self, f: impl FnOnce(&C) -> R) -> R {
        self.0.with(f)
    }

    pub(crate) fn try_with<R>(&self, f: impl FnOnce(&C) -> R) -> Result<R, AccessError> {
        self.0.try_with(f)
    }
}

#[cfg(not(target_family = "wasm"))]
impl<T> State<Cell<T>> {
    pub(crate) fn set(&self, value: T) {
        self.0.with(|cell| cell.set(value));
    }

    pub(crate) fn replace(&self, value: T) -> T {
        self.0.with(|cell| cell.replace(value))
    }

    pub(crate) fn get(&self) -> T
    where
        T: Copy,
    {
        self.0.get()
    }

    pub(crate) fn take(&self) -> T
    where
        T: Default,
    {
        self.0.take()
    }
}

#[cfg(not(target_family = "wasm"))]
impl<T> State<RefCell<T>> {
    pub(crate) fn with_borrow<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        self.0.with_borrow(f)
    }

    pub(crate) fn with_borrow_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        self.0.with_borrow_mut(f)
    }

    pub(crate) fn set(&self, value: T) {
        let _before = self.replace(value);
    }

    pub(crate) fn replace(&self, value: T) -> T {
        self.0.with(|cell| cell.replace(value))
    }

    pub(crate) fn take(&self) -> T
    where
        T: Default,
    {
        self.0.take()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    state! {
        static COUNT: Cell<u32> = 7;
        static NAMES: RefCell<Vec<String>> = Vec::new();
        static NEVER_USED: Cell<u32> = 1;
    }

    #[test]
    fn a_new_instance_has_every_cell_as_at_first_whatever_was_done_to_it_first() {
        COUNT.set(8);
        NAMES.set(vec!["set before anything else".into()]);
        renew();
        assert_eq!((COUNT.get(), NAMES.with_borrow(Vec::len)), (7, 0));
        NAMES.with_borrow_mut(|names| names.push("again".into()));
        renew();
        assert!(NAMES.take().is_empty());
        assert_eq!(NEVER_USED.get(), 1);
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

    /// A cell that is declared in another way would be forgotten by [`renew`].
    #[test]
    fn nothing_of_an_instance_is_held_in_another_way() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut files = Vec::new();
        sources(&root, &mut files);
        // The hosts themselves, natively and where there is no clock.
        let allowed = [
            "instance.rs",
            "boundary/imports/native/recorder.rs",
            "boundary/imports/native/sockets.rs",
            "boundary/imports/wasm/mod.rs",
        ];
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
