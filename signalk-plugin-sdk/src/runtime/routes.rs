//! From a path to the handlers that want it, in one look-up.

use crate::delta::{Pattern, matches, names_a_path};
use crate::handlers::ContextFilter;
use crate::plugin::Plugin;
use crate::text::Needle;

/// Up to so many paths are looked for one by one; a delta of more is gone over once, path by path.
const MOST_NEEDLES: usize = 3;

/// The patterns of a plugin's handlers and of its model, sorted out once.
#[derive(Debug)]
pub(super) struct Routes {
    /// The paths that are named without a `*`, in order.
    known: Vec<Known>,
    /// The patterns with a `*`, each with the index of its handler, in the order of the handlers.
    open: Vec<(usize, Pattern)>,
    /// The patterns with a `*` of the model.
    open_of_model: Vec<Pattern>,
    /// The patterns with a `*` of the model of other vessels.
    open_of_others: Vec<Pattern>,
    /// The indices of the handlers of whole deltas, in their order.
    pub(super) whole: Vec<usize>,
    /// The few paths in quotes that are wanted, if it is only those.
    few: Option<Vec<Needle>>,
    /// Tells whether nothing is wanted of other vessels.
    pub(super) takes_own_only: bool,
}

#[derive(Debug)]
struct Known {
    path: &'static str,
    /// The indices of all handlers that want it, by whatever pattern.
    handlers: Vec<usize>,
    /// Tells whether the model wants it.
    is_kept: bool,
    /// Tells whether that of other vessels wants it.
    is_kept_of_others: bool,
}

impl Routes {
    pub(super) fn of<P: Plugin>() -> Self {
        let handlers = P::HANDLERS.deltas;
        let mut routes = Self {
            known: Vec::new(),
            open: Vec::new(),
            open_of_model: Vec::new(),
            open_of_others: Vec::new(),
            whole: Vec::new(),
            few: None,
            takes_own_only: P::MODEL_OF_OTHERS.is_empty()
                && handlers.iter().all(|it| matches!(it.context, ContextFilter::Own)),
        };
        for pattern in P::MODEL {
            match Pattern::new(pattern) {
                Some(pattern) => routes.open_of_model.push(pattern),
                None => routes.add_known::<P>(pattern),
            }
        }
        for pattern in P::MODEL_OF_OTHERS.iter().flat_map(|it| it.paths) {
            match Pattern::new(pattern) {
                Some(pattern) => routes.open_of_others.push(pattern),
                None => routes.add_known::<P>(pattern),
            }
        }
        for (index, handler) in handlers.iter().enumerate() {
            if handler.takes.is_whole() {
                routes.whole.push(index);
            }
            for pattern in handler.takes.patterns() {
                match Pattern::new(pattern) {
                    Some(pattern) => routes.open.push((index, pattern)),
                    None => routes.add_known::<P>(pattern),
                }
            }
        }
        if routes.open.is_empty()
            && routes.open_of_model.is_empty()
            && routes.open_of_others.is_empty()
            && routes.known.len() <= MOST_NEEDLES
        {
            let quoted = routes.known.iter().map(|known| ["\"", known.path, "\""].concat());
            routes.few = Some(quoted.map(Needle::new).collect());
        }
        routes
    }

    /// Tells whether a delta, a text without escapes, may name a path that `is_wanted`.
    pub(super) fn are_named(&self, json: &str, is_wanted: impl FnMut(&str) -> bool) -> bool {
        match &self.few {
            Some(paths) => paths.iter().any(|path| path.is_in(json)),
            None => names_a_path(json, is_wanted),
        }
    }

    fn add_known<P: Plugin>(&mut self, path: &'static str) {
        let Err(at) = self.find(path) else {
            return;
        };
        let handlers = P::HANDLERS.deltas.iter().enumerate();
        let takers =
            handlers.filter(|(_, it)| it.takes.patterns().iter().any(|it| matches(it, path)));
        let known = Known {
            path,
            handlers: takers.map(|(index, _)| index).collect(),
            is_kept: P::MODEL.iter().any(|pattern| matches(pattern, path)),
            is_kept_of_others: P::MODEL_OF_OTHERS
                .iter()
                .flat_map(|it| it.paths)
                .any(|pattern| matches(pattern, path)),
        };
        self.known.insert(at, known);
    }

    /// The index of the path, or its place if it is not there. By its length first, for that is there at once.
    fn find(&self, path: &str) -> Result<usize, usize> {
        self.known.binary_search_by(|known| {
            known.path.len().cmp(&path.len()).then_with(|| known.path.cmp(path))
        })
    }

    fn known(&self, path: &str) -> Option<&Known> {
        self.known.get(self.find(path).ok()?)
    }

    /// The indices of the handlers that want a path, in their order.
    pub(super) fn takers(&self, path: &str) -> impl Iterator<Item = usize> {
        let known = self.known(path);
        let open = if known.is_some() { &[][..] } else { &self.open };
        let mut last = None;
        let open = open.iter().filter_map(move |(index, pattern)| {
            // Each once, by whichever of its patterns.
            if last == Some(*index) || !pattern.matches(path) {
                return None;
            }
            last = Some(*index);
            last
        });
        known.into_iter().flat_map(|known| known.handlers.iter().copied()).chain(open)
    }

    /// Tells whether the model wants a path.
    pub(super) fn is_kept(&self, path: &str) -> bool {
        match self.known(path) {
            Some(known) => known.is_kept,
            None => self.open_of_model.iter().any(|pattern| pattern.matches(path)),
        }
    }

    /// Tells whether the model of other vessels wants a path.
    pub(super) fn is_kept_of_others(&self, path: &str) -> bool {
        match self.known(path) {
            Some(known) => known.is_kept_of_others,
            None => self.open_of_others.iter().any(|pattern| pattern.matches(path)),
        }
    }
}
