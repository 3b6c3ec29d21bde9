//! The SDK by a way of the author's.
#![deny(warnings)]

mod framework {
    pub use signalk_plugin_sdk as sdk;
}

mod by_path {
    use crate::framework::sdk::prelude::*;
    use crate::framework::sdk::testing::TestHost;

    struct Plugin;

    #[signalk_plugin(crate = crate::framework::sdk)]
    impl Plugin {
        fn start() -> Result<Self> {
            Ok(Self)
        }
    }

    pub fn runs() {
        assert_eq!(TestHost::<Plugin>::start("{}").status().unwrap(), "Started");
    }
}

fn main() {
    by_path::runs();
}
