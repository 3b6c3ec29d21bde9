//! Parts of the path that vary, in braces or with a name, which a handler may take.

use signalk_plugin_sdk::delta::Origin;
use signalk_plugin_sdk::http::Path;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::TestHost;

#[derive(Deserialize)]
struct Tank {
    kind: String,
    id: u8,
}

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

    #[delta("propulsion.:id.revolutions")]
    fn turns(&mut self, Path(id): Path<String>, hertz: f64, origin: &Origin<'_>) {
        assert!(origin.path.contains(&id));
        self.see(format!("{id} {hertz}"));
    }

    #[delta("tanks.:kind.:id.*")]
    fn tank(&mut self, value: f64, Path(tank): Path<Tank>) -> Result<()> {
        self.see(format!("{} {} {value}", tank.kind, tank.id));
        Ok(())
    }

    #[delta("electrical.:kind.1.voltage")]
    fn not_taken(&mut self, volts: f64) {
        self.see(format!("{volts} V"));
    }

    #[delta("steering.{rudderAngle,autopilot.target}")]
    fn steers(&mut self, radians: f64) {
        self.see(format!("{radians} rad"));
    }
}

fn main() {
    let mut host = TestHost::<Plugin>::start("{}");
    host.receive("propulsion.port.revolutions", 20);
    host.receive("propulsion.port.oil.revolutions", 1);
    host.receive("tanks.fuel.0.currentLevel", 0.5);
    host.receive("electrical.batteries.1.voltage", 12);
    host.receive("electrical.batteries.2.voltage", 24);
    host.receive("steering.rudderAngle", 0.25);
    host.receive("steering.autopilot.target", 2);
    host.receive("steering.autopilot.state", 3);
    assert_eq!(host.error(), None);
    assert_eq!(host.status().unwrap(), "port 20, fuel 0 0.5, 12 V, 0.25 rad, 2 rad");
    host.receive("tanks.fuel.aft.currentLevel", 0.5);
    let error = host.error().unwrap();
    assert!(error.contains("tanks.fuel.aft.currentLevel.id: found the text \"aft\""), "{error}");
}
