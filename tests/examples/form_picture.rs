//! Takes a picture of a built plugin's form in the admin pages of a real server:
//!
//! ```sh
//! cargo run --package signalk-plugin-tests --example form_picture -- PLUGIN-FOLDER PICTURE.png [CONFIGURATION]
//! ```
//!
//! The server is the one that `SIGNALK_TEST_SERVER_2_32` and `SIGNALK_TEST_NODE_2_32` name, as for the
//! tests. The configuration is JSON; without one the form shows what a new user sees.

use std::path::Path;

use anyhow::{Context, Result};
use signalk_plugin_tests::Server;
use signalk_plugin_tests::env::InstalledServer;

#[path = "../tests/common/browser.rs"]
#[allow(dead_code)]
mod browser;

use browser::Browser;

fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let (folder, picture, configuration) = match &*arguments {
        [folder, picture] => (folder, picture, "{}"),
        [folder, picture, configuration] => (folder, picture, &**configuration),
        _ => anyhow::bail!("usage: form_picture PLUGIN-FOLDER PICTURE.png [CONFIGURATION]"),
    };
    let plugin = Path::new(folder).file_name().context("the folder has no name")?.to_string_lossy();
    let server = Server::builder(InstalledServer::v2_32()?)
        .enabled_plugin(folder, &serde_json::from_str(configuration)?)
        .start()?;
    Browser::start()?.form(&server, &plugin)?.picture(Path::new(picture))
}
