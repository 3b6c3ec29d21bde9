//! The ways in which a behaviour is tested: natively, in the embedded host and on real servers.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use signalk_plugin_host::ServerVersion;

use crate::boat::{Crewed, Embedded, Real};
use crate::env::InstalledServer;

/// Where a plugin runs in a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In the test's own process, on `TestHost`.
    Native,
    /// As WebAssembly in the embedded host, which plays a version of the server.
    Embedded(ServerVersion),
    /// As WebAssembly on a real server of a version.
    Server(ServerVersion),
}

impl Way {
    /// The version of the server.
    #[must_use]
    pub fn version(self) -> ServerVersion {
        match self {
            Self::Native => ServerVersion::default(),
            Self::Embedded(version) | Self::Server(version) => version,
        }
    }

    /// The real server.
    #[must_use]
    pub fn installed(self) -> InstalledServer {
        match self {
            Self::Server(ServerVersion::V2_23) => InstalledServer::v2_23().unwrap(),
            Self::Server(_) => InstalledServer::v2_32().unwrap(),
            _ => panic!("{self:?} is no real server"),
        }
    }

    /// Runs a test with a plugin of this workspace, which was started with an empty configuration. The tests of
    /// one process share a real server: each finds the plugin started anew, with the documents that it has stored.
    pub fn on_boat(self, plugin: &str, test: impl FnOnce(&mut dyn Crewed)) {
        match self {
            Self::Native => panic!("natively a test says the plugin's type"),
            Self::Embedded(version) => test(&mut Embedded::launch(plugin, version)),
            Self::Server(_) => self.on_server(plugin, |boat| test(boat)),
        }
    }

    /// As [`Self::on_boat`], for what is to be seen on a real server alone.
    pub fn on_server(self, plugin: &str, test: impl FnOnce(&mut Real)) {
        static REAL: Fleet<Real> = Fleet::new();
        let mut boat = REAL.borrow(self, || Real::launch(plugin, self.installed()));
        boat.begin(plugin);
        test(&mut boat);
    }

    /// As [`Self::on_boat`], with a server of its own, for which nothing is stored.
    pub fn on_own_boat(self, plugin: &str, test: impl FnOnce(&mut dyn Crewed)) {
        match self {
            Self::Server(_) => test(&mut Real::launch(plugin, self.installed())),
            _ => self.on_boat(plugin, test),
        }
    }
}

/// What tests share, one for each version of the server, since it takes long to start.
pub struct Fleet<T> {
    oldest: Mutex<Option<T>>,
    newest: Mutex<Option<T>>,
}

impl<T> Fleet<T> {
    /// Starts nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { oldest: Mutex::new(None), newest: Mutex::new(None) }
    }

    /// Gives one test what there is for its version, started if need be. A test that fails leaves none to the next.
    pub fn borrow(&'static self, way: Way, launch: impl FnOnce() -> T) -> Borrowed<T> {
        let place = match way.version() {
            ServerVersion::V2_23 => &self.oldest,
            _ => &self.newest,
        };
        let mut held = place.lock().unwrap_or_else(PoisonError::into_inner);
        held.get_or_insert_with(launch);
        Borrowed(held)
    }
}

impl<T> Default for Fleet<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// What one test has for itself at the moment.
pub struct Borrowed<T: 'static>(MutexGuard<'static, Option<T>>);

impl<T> Deref for Borrowed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().unwrap()
    }
}

impl<T> DerefMut for Borrowed<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().unwrap()
    }
}

impl<T> Drop for Borrowed<T> {
    fn drop(&mut self) {
        if thread::panicking() {
            *self.0 = None;
        }
    }
}

/// Makes tests of functions, `function::way`, for each of the ways in brackets: `native`, `embedded` and `server`
/// (2.23 and 2.32 each), `browser`, which is a server that a browser looks at, and `built` for what is to be seen of
/// built plugins without a server.
///
/// A function takes the [`Way`]. Where a runner is named first, that takes the way and the function.
#[macro_export]
macro_rules! cases {
    ([$($way:ident)+] $($name:ident)+) => {
        $crate::cases!(@all [$($way)+] $($name)+);
    };
    ($runner:ident, $ways:tt $($name:ident)+) => {
        $crate::cases!(@all $ways $($name: $runner)+);
    };
    (@all $ways:tt $($name:ident $(: $runner:ident)?)+) => {$(
        mod $name {
            $crate::cases!(@each $ways $name $($runner)?);
        }
    )+};
    (@each [$($way:ident)+] $($call:ident)+) => {
        $crate::cases!(@next [$($way)+] [$($call)+]);
    };
    (@next [] $call:tt) => {};
    (@next [native $($more:ident)*] $call:tt) => {
        #[test]
        fn native() {
            $crate::cases!(@call $call $crate::Way::Native);
        }
        $crate::cases!(@next [$($more)*] $call);
    };
    (@next [built $($more:ident)*] $call:tt) => {
        #[test]
        #[ignore = "needs built plugins: cargo xtask test --only embedded"]
        fn built() {
            $crate::cases!(@call $call $crate::Way::Embedded($crate::ServerVersion::V2_32));
        }
        $crate::cases!(@next [$($more)*] $call);
    };
    (@next [embedded $($more:ident)*] $call:tt) => {
        $crate::cases!(@versions $call Embedded embedded_2_23 embedded_2_32
            "needs built plugins: cargo xtask test --only embedded");
        $crate::cases!(@next [$($more)*] $call);
    };
    (@next [server $($more:ident)*] $call:tt) => {
        $crate::cases!(@versions $call Server server_2_23 server_2_32
            "needs real servers: cargo xtask test --only server");
        $crate::cases!(@next [$($more)*] $call);
    };
    (@next [browser $($more:ident)*] $call:tt) => {
        $crate::cases!(@versions $call Server browser_2_23 browser_2_32
            "needs real servers and a browser: cargo xtask test --only forms");
        $crate::cases!(@next [$($more)*] $call);
    };
    (@versions $call:tt $way:ident $oldest:ident $newest:ident $needs:literal) => {
        #[test]
        #[ignore = $needs]
        fn $oldest() {
            $crate::cases!(@call $call $crate::Way::$way($crate::ServerVersion::V2_23));
        }

        #[test]
        #[ignore = $needs]
        fn $newest() {
            $crate::cases!(@call $call $crate::Way::$way($crate::ServerVersion::V2_32));
        }
    };
    (@call [$name:ident] $way:expr) => {
        super::$name($way)
    };
    (@call [$name:ident $runner:ident] $way:expr) => {
        super::$runner($way, super::$name)
    };
}
