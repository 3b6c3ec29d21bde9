//! After all values of a delta, with it and without.

use signalk_plugin_sdk::delta::Delta;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::TestHost;

#[derive(Default)]
struct Plugin {
    seen: String,
}

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self::default()
    }

    #[delta("a.*")]
    fn took(&mut self, value: u8) {
        self.seen += &value.to_string();
    }

    #[settled]
    fn judge(&mut self) {
        self.seen += ";";
    }

    #[settled]
    fn judge_delta(&mut self, delta: &Delta<'_>) -> Result<()> {
        ensure!(delta.is_self(), "whose is it?");
        server::set_status(&self.seen);
        Ok(())
    }
}

fn main() {
    let mut host = TestHost::<Plugin>::start("{}");
    host.receive_json(r#"{"context":"vessels.self","updates":[{"values":[{"path":"a.b","value":1},{"path":"a.c","value":2}]}]}"#);
    host.receive_json(r#"{"context":"vessels.self","updates":[{"values":[{"path":"a.b","value":3}]}]}"#);
    assert_eq!(host.error(), None);
    assert_eq!(host.status().unwrap(), "12;3;");
}
