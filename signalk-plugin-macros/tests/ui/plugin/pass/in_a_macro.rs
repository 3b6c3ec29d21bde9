//! The attribute inside of a `macro_rules!`, which hands over its fragments in groups.
#![deny(warnings)]

use signalk_plugin_sdk::delta::Origin;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::TestHost;

macro_rules! plugin {
    (
        $type:ty, $config:ty, $value:ty, $origin:ty, $answer:ty,
        $name:literal, $path:literal, $kept:literal, $context:literal, $echo:literal,
        $period:literal, $other_period:expr, $url:literal, $put:literal, $size:literal,
        $meta:meta, $ident:ident, $body:block, $visibility:vis
    ) => {
        #[signalk_plugin(name = $name, model($kept), response_buffer = $size)]
        impl $type {
            $visibility fn start(_config: $config) -> Result<$type> {
                Ok(Plugin::default())
            }

            fn stop(&mut self) $body

            #[delta($path)]
            fn $ident(&mut self, value: $value, _origin: $origin) -> $answer {
                delta::set("test.out", value)
            }

            #[delta($path, context = $context, echo = $echo)]
            fn of_all(&mut self, _value: Option<$value>) {}

            #[$meta]
            fn by_meta(&mut self, value: $value) -> $answer {
                delta::set("test.meta", value)
            }

            #[every($period)]
            fn every(&mut self) {}

            #[every($other_period)]
            fn as_configured(&mut self) {}

            #[every(self.period())]
            fn as_set(&mut self) {}

            #[get($url)]
            fn get(&self) -> &'static str {
                $url
            }

            #[put($put)]
            fn put(&mut self, value: $value) -> $answer {
                delta::set("test.put", value)
            }
        }
    };
}

/// The configuration.
#[derive(Deserialize, JsonSchema)]
struct Config {}

#[derive(Default)]
struct Plugin {}

impl Plugin {
    fn period(&self) -> Duration {
        Duration::from_secs(60)
    }
}

plugin!(
    Plugin, Config, f64, &Origin<'_>, Result<()>,
    "In a macro", "test.in", "test.kept", "vessels.*", false,
    "10s", Duration::from_secs(5), "/api/it", "test.put", "1 MiB",
    delta("test.byMeta"), take, {}, pub
);

fn main() {
    let mut host = TestHost::<Plugin>::start("{}");
    host.receive("test.in", 2.5);
    assert_eq!(host.value("test.out").unwrap(), 2.5);
    host.receive("test.byMeta", 3.5);
    assert_eq!(host.value("test.meta").unwrap(), 3.5);
    assert_eq!(host.get("/api/it").status, 200);
}
