//! The exports of providers of resources, weather and radars: one for each call in the contract's table, in a
//! module for each kind of provider.

use signalk_plugin_contract::provider_calls;
use signalk_plugin_contract::providers::Reply;

use super::answer;
use crate::boundary::memory;
use crate::error::Error;
use crate::handlers::ProvideFn;
use crate::runtime::Installed;

/// The meaning of the table's names: the trait of a kind of provider, the functions that answer, and
/// `failed`, which gives what the server gets instead.
mod adapters {
    pub(super) mod resources {
        use crate::error::Result;
        pub(in super::super) use crate::resource::failed;
        pub(in super::super) use crate::resource::table::ServesResources as Provider;
        use crate::resource::table::for_resource;

        macro_rules! of_the_type {
            ($($function:ident)*) => {$(
                pub(in super::super) fn $function<P: Provider>(
                    plugin: &mut P,
                    request: &str,
                ) -> Result<String> {
                    for_resource(plugin, request, |kind| kind.$function)
                }
            )*};
        }

        of_the_type! { list get set delete }
    }

    pub(super) mod weather {
        pub(in super::super) use crate::weather::WeatherProvider as Provider;
        pub(in super::super) use crate::weather::adapter::*;
    }

    #[cfg(feature = "unstable-radar")]
    pub(super) mod radar {
        pub(in super::super) use crate::radar::RadarProvider as Provider;
        pub(in super::super) use crate::radar::adapter::*;
    }
}

fn provide<P: Installed>(
    name: &'static str,
    reply: Reply,
    call: ProvideFn<P>,
    failed: fn(Reply, &Error) -> String,
    request: &[u8],
    (out, max): (*mut u8, usize),
) -> i32 {
    let room = memory::room(out, max);
    let text =
        P::runtime().with(|runtime| runtime.provide(name, reply, call, failed, request, room));
    answer(out, room, &text)
}

macro_rules! exports {
    ($($provider:ident $calls:tt)*) => {$(
        exports!(@module $provider $calls);
    )*};
    (@module radar $calls:tt) => {
        #[cfg(feature = "unstable-radar")]
        exports!(@functions radar $calls);
    };
    (@module $provider:ident $calls:tt) => {
        exports!(@functions $provider $calls);
    };
    (@functions $provider:ident { $(
        $constant:ident: $export:ident($($request:ident)?), $function:ident, $words:literal, $reply:ident;
    )* }) => {
        #[doc = concat!("The exports of a provider of ", stringify!($provider), ".")]
        pub mod $provider {
            use signalk_plugin_contract::providers::Reply;

            use super::adapters::$provider::{self as adapter, Provider};
            use super::provide;
            use crate::boundary::exports::input;
            use crate::runtime::Installed;

            $(exports!(@ $export($($request)?), $function, $words, Reply::$reply);)*
        }
    };
    (@ $export:ident(request), $function:ident, $words:literal, $reply:expr) => {
        #[doc = concat!("`", stringify!($export), "`.")]
        pub fn $function<P: Installed + Provider>(
            request: *const u8,
            len: usize,
            out: *mut u8,
            max: usize,
        ) -> i32 {
            input(request, len).map_or(0, |request| {
                let (call, failed) = (adapter::$function, adapter::failed);
                provide::<P>($words, $reply, call, failed, &request, (out, max))
            })
        }
    };
    (@ $export:ident(), $function:ident, $words:literal, $reply:expr) => {
        #[doc = concat!("`", stringify!($export), "`, which comes without a request.")]
        pub fn $function<P: Installed + Provider>(out: *mut u8, max: usize) -> i32 {
            crate::boundary::entry::open();
            let (call, failed) = (adapter::$function, adapter::failed);
            provide::<P>($words, $reply, call, failed, b"{}", (out, max))
        }
    };
}

provider_calls!(exports);
