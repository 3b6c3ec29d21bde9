//! Requests over HTTP and a PUT to the data model.
#![deny(warnings)]

use sdk::http::Json;
use sdk::prelude::*;
use signalk_plugin_sdk as sdk;

pub struct Plugin {
    mode: String,
}

#[signalk_plugin(crate = sdk, on_start_error = "fail", response_buffer = "1 MiB")]
impl Plugin {
    fn start() -> Self {
        Self { mode: "standby".to_owned() }
    }

    fn stop(&mut self) {}

    #[put("steering.autopilot.state")]
    fn steer(&mut self, mode: String) -> Result<()> {
        ensure!(!mode.is_empty(), "which mode?");
        self.mode = mode;
        Ok(())
    }

    #[get("/api/mode")]
    fn mode(&self) -> Json<String> {
        Json(self.mode.clone())
    }

    #[cfg(debug_assertions)]
    #[post("/api/mode")]
    fn set_mode(&mut self, Json(mode): Json<String>) -> Result<()> {
        self.steer(mode)
    }
}

fn main() {}
