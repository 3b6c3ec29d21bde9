//! Crates that cannot work in a plugin, and what to use instead.

use crate::subject::Dependency;

/// The fate of a crate in a plugin.
pub(super) struct Instead {
    names: &'static [&'static str],
    /// With one of these features alone; with any where there is none here.
    features: &'static [&'static str],
    /// Tells if it keeps the plugin from being built or loaded.
    pub(super) is_error: bool,
    pub(super) why: &'static str,
    pub(super) instead: &'static str,
}

impl Instead {
    /// The facts about a crate.
    pub(super) fn of(dependency: &Dependency) -> Option<&'static Self> {
        let has = |feature: &&str| dependency.features.iter().any(|it| it == feature);
        ALL.iter().find(|it| {
            it.names.contains(&dependency.name.as_str())
                && (it.features.is_empty() || it.features.iter().any(has))
        })
    }
}

const ALL: &[Instead] = &[
    Instead {
        names: &["tokio"],
        features: &["fs", "net", "process", "rt-multi-thread", "signal"],
        is_error: true,
        why: "needs threads and sockets, which a plugin does not have",
        instead: "`task` of the SDK for what goes on beside, `net` for sockets; of tokio the features sync and \
                  macros alone",
    },
    Instead {
        names: &["tokio"],
        features: &["rt", "time"],
        is_error: false,
        why: "would wait by standing still, and the whole server with it",
        instead: "`task` of the SDK, which goes on at the next poll",
    },
    Instead {
        names: &["reqwest", "ureq", "isahc", "curl", "surf", "attohttpc", "minreq", "awc"],
        features: &[],
        is_error: true,
        why: "opens sockets of the operating system, which a plugin does not have",
        instead: "`fetch` of the SDK, with its feature `fetch`, or `tls` for https",
    },
    Instead {
        names: &["hyper", "hyper-util", "tungstenite", "tokio-tungstenite"],
        features: &[],
        is_error: false,
        why: "needs somebody else's sockets, of which a plugin has none but the server's",
        instead: "`fetch` of the SDK for HTTP, and `net` for what is not HTTP",
    },
    Instead {
        names: &["mio", "socket2", "async-std", "async-io", "smol", "polling", "quinn"],
        features: &[],
        is_error: true,
        why: "opens sockets of the operating system, which a plugin does not have",
        instead: "`net` of the SDK for TCP and UDP, and `task` for what goes on beside",
    },
    Instead {
        names: &[
            "wasm-bindgen",
            "js-sys",
            "web-sys",
            "wasm-bindgen-futures",
            "gloo",
            "console_error_panic_hook",
        ],
        features: &[],
        is_error: true,
        why: "imports JavaScript that no server offers, so the plugin does not load",
        instead: "the SDK, which has the clock, the log and random numbers; often a feature named `js`, `wasm` or \
                  `wasmbind` brings it, and can be left out",
    },
    Instead {
        names: &["openssl", "openssl-sys", "native-tls", "aws-lc-sys", "aws-lc-rs"],
        features: &[],
        is_error: true,
        why: "is a library in C that cannot be built for WebAssembly",
        instead: "`fetch` of the SDK with its feature `tls`",
    },
    Instead {
        names: &["ring"],
        features: &[],
        is_error: false,
        why: "has parts in C, for which a compiler for WebAssembly is needed (`cargo signalk doctor` tells if it is there)",
        instead: "`fetch` of the SDK with its feature `tls` for https, or a crate in Rust alone, such as those of \
                  RustCrypto",
    },
    Instead {
        names: &["rusqlite", "libsqlite3-sys", "sled", "rocksdb", "redb"],
        features: &[],
        is_error: false,
        why: "keeps its data in files, which a plugin loses at the next start",
        instead: "`storage` of the SDK, or the server's own databases by fetch",
    },
    Instead {
        names: &[
            "serialport",
            "tokio-serial",
            "libudev-sys",
            "nix",
            "socketcan",
            "btleplug",
            "hidapi",
        ],
        features: &[],
        is_error: true,
        why: "speaks to devices of the machine, to which a plugin has no way",
        instead: "a connection of the server, whose values arrive as deltas, or `net` of the SDK",
    },
    Instead {
        names: &["axum", "actix-web", "warp", "rocket", "tiny_http", "rouille"],
        features: &[],
        is_error: true,
        why: "listens on a port, which a plugin cannot",
        instead: "handlers with #[get], #[post] and the like, which the server serves below /plugins",
    },
    Instead {
        names: &["rayon", "rayon-core", "threadpool"],
        features: &[],
        is_error: false,
        why: "starts threads, which a plugin does not have",
        instead: "plain iterators, and `task` of the SDK for what takes long",
    },
    Instead {
        names: &["ctrlc", "signal-hook", "notify", "memmap2"],
        features: &[],
        is_error: true,
        why: "asks the operating system for what a plugin does not have",
        instead: "the SDK's handlers: #[stop] for an end, `storage` for data",
    },
];
