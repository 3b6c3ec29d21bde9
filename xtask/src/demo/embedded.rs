//! The demo in the embedded host.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;
use signalk_plugin_host::{Event, Host, Module, Package, Plugin};

use super::show::Show;
use super::story::{self, AlarmWatch};
use crate::plugins::{self, ANCHOR_WATCH};
use crate::toolchain::{self, WASI};
use crate::workspace::Workspace;

/// Builds the anchor watch and runs it on the track, as fast as it goes.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let toolchain = toolchain::set_up(workspace, &[WASI])?;
    let built = plugins::build(workspace, &toolchain, &[ANCHOR_WATCH.to_owned()])?;
    let built = built.first().context("nothing was built")?;
    let package = fs::read_to_string(built.folder.join("package.json"))?;
    let module = Module::load(fs::read(&built.wasm)?, Package::from_json(&package)?)?;
    let track = story::track(workspace)?;

    println!("A boat at anchor in St Just Pool, Cornwall. What a Signal K server would show:\n");
    let mut plugin = Host::new().install(module)?;
    let (mut show, mut alarm) = (Show::default(), AlarmWatch::default());
    show.crew("drops the anchor and enables the anchor watch, alarm radius 50 m");
    plugin.enable(&story::first_configuration().to_string())?;
    for fix in track.fixes() {
        show.set_time(fix.at);
        plugin.deliver_delta_from("gps", &fix.delta().to_string(), 1)?;
        plugin.advance(Duration::from_secs(1))?;
        show_news(&mut plugin, &mut show, &mut alarm);
        if let Some(configuration) = story::new_configuration(fix) {
            show.crew("sees that the anchor holds again, and sets it to where the boat is");
            plugin.save_config(&configuration.to_string())?;
            show_news(&mut plugin, &mut show, &mut alarm);
        }
    }
    alarm.verdict()?;
    println!("\nThe alarm came when the anchor dragged, and went when it was set anew.");
    Ok(())
}

fn show_news(plugin: &mut Plugin, show: &mut Show, alarm: &mut AlarmWatch) {
    for recorded in plugin.take_events() {
        match recorded.event {
            Event::Status(text) => show.status(&text, false),
            Event::Error(text) => show.status(&text, true),
            Event::Trap { handler, message } => {
                show.status(&format!("{handler} crashed: {message}"), true);
            }
            _ => {}
        }
    }
    if let Some(metres) =
        plugin.value("navigation.anchor.currentRadius").as_ref().and_then(Value::as_f64)
    {
        show.radius(metres);
    }
    if let Some(notification) = plugin.value("notifications.navigation.anchor") {
        let text = |key: &str| notification[key].as_str().unwrap_or_default().to_owned();
        show.notification(&text("state"), &text("message"));
        alarm.see(&text("state"));
    }
    show.now_and_then();
}
