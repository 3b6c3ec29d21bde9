use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
struct Other;

fn main() {}
