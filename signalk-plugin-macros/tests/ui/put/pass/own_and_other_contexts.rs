//! PUTs to paths of the own ship and of another.

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::TestHost;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self
    }

    #[put("electrical.switches.bank-1.0.state")]
    fn own(&mut self, on: bool) -> Result<()> {
        ensure!(on, "it cannot be switched off");
        Ok(())
    }

    #[put("design.length", context = "vessels.urn:mrn:imo:mmsi:244123456")]
    fn other(&mut self, _metres: f64) {}
}

fn main() {
    let mut host = TestHost::<Plugin>::start("{}");
    assert_eq!(host.put("electrical.switches.bank-1.0.state", true).status_code, 200);
    assert_eq!(host.put("electrical.switches.bank-1.0.state", false).status_code, 500);
    let other = "vessels.urn:mrn:imo:mmsi:244123456";
    assert_eq!(host.put_to(other, "design.length", "x").status_code, 400);
}
