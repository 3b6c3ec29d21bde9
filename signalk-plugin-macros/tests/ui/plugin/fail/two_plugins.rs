use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }
}

mod second {
    use signalk_plugin_sdk::prelude::*;

    struct Other;

    #[signalk_plugin]
    impl Other {
        fn start() -> Result<Self> {
            Ok(Self)
        }
    }
}

fn main() {}
