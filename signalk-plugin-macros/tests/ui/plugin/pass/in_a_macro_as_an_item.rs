//! The attribute on a whole block that a `macro_rules!` was given.
#![deny(warnings)]

use signalk_plugin_sdk::testing::TestHost;

macro_rules! whole {
    ($item:item) => {
        #[signalk_plugin]
        $item
    };
}

mod whole {
    use signalk_plugin_sdk::prelude::*;

    pub struct Other;

    whole! {
        impl Other {
            fn start() -> Self {
                Self
            }

            #[delta("test.in")]
            fn take(&mut self, value: f64) -> Result<()> {
                delta::set("test.whole", value)
            }
        }
    }
}

fn main() {
    let mut host = TestHost::<whole::Other>::start("{}");
    host.receive("test.in", 4.5);
    assert_eq!(host.value("test.whole").unwrap(), 4.5);
}
