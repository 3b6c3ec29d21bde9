//! Values with and without a place for null, of one path and several, and whole deltas.

use signalk_plugin_sdk::delta::Origin;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::TestHost;

#[derive(Default)]
struct Plugin {
    seen: Vec<String>,
}

impl Plugin {
    fn see(&mut self, what: String) {
        self.seen.push(what);
        server::set_status(&self.seen.join(", "));
    }
}

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self::default()
    }

    #[delta("a.b", source = "one")]
    fn of_one_source(&mut self, value: Option<u8>) {
        self.see(format!("{value:?} of one"));
    }

    #[delta("a.b", "a.c", all_sources = true)]
    fn of_all(&mut self, value: u8, origin: &Origin<'_>) {
        self.see(format!("{value} at {}", origin.path));
    }

    #[delta]
    fn whole(&mut self, delta: &str) {
        assert!(delta.starts_with('{'));
    }
}

fn main() {
    let mut host = TestHost::<Plugin>::start("{}");
    host.receive_json(r#"{"context":"vessels.self","updates":[{"$source":"one","values":[{"path":"a.b","value":1}]}]}"#);
    host.receive_json(r#"{"context":"vessels.self","updates":[{"$source":"two","values":[{"path":"a.c","value":2}]}]}"#);
    assert_eq!(host.error(), None);
    assert_eq!(host.status().unwrap(), "Some(1) of one, 1 at a.b, 2 at a.c");
}
