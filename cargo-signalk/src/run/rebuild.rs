//! Builds the plugin again whenever one of its files changes.

use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use signalk_plugin_build::cargo_metadata::Package;

use super::news::{News, What};
use super::session::Command;
use crate::building::{BuildArgs, Building, Tried};
use crate::terminal::Terminal;
use crate::watch::Watch;

/// The changes of a plugin's files, from the moment on at which they are watched: one that is made during the first
/// build is not missed.
pub(super) struct Changes {
    watch: Watch,
    changes: Receiver<Vec<String>>,
}

impl Changes {
    pub(super) fn watch(building: &Building<'_>, plugin: &Package) -> Result<Self> {
        let (changed, changes) = mpsc::channel();
        let tell = move |files| changed.send(files).is_ok();
        let mut watch = Watch::new(building.project.root().to_owned(), tell)?;
        watch.follow(plugin).context("the plugin's files cannot be watched")?;
        Ok(Self { watch, changes })
    }

    /// Builds and loads the plugin anew after each, until the program ends.
    pub(super) fn build(
        self,
        args: BuildArgs,
        plugin: String,
        mut remarks: Vec<String>,
        commands: SyncSender<Command>,
        news: Sender<News>,
    ) -> Result<()> {
        let Self { mut watch, changes } = self;
        let builds = move || {
            while let Ok(mut files) = changes.recv() {
                // Those that came during a build are built together.
                files.extend(changes.try_iter().flatten());
                let _ = news.send(News::now(What::BuildBegun(files)));
                let began = Instant::now();
                match rebuild(&args, &plugin, &mut watch) {
                    Ok(tried) => {
                        tell(&tried, began.elapsed(), &remarks, &news);
                        remarks = tried.remarks;
                        if commands.send(Command::Reload(tried.built.folder)).is_err() {
                            return;
                        }
                    }
                    Err(error) => {
                        let _ = news.send(News::now(What::BuildFailed(format!("{error:#}"))));
                    }
                }
            }
        };
        thread::Builder::new().name("builds".to_owned()).spawn(builds)?;
        Ok(())
    }
}

/// Tells of a build, and of what the check says that was not told before.
pub(super) fn tell(tried: &Tried, took: Duration, told: &[String], news: &Sender<News>) {
    let _ = news.send(News::now(What::Built { bytes: tried.built.sections.total, took }));
    for remark in tried.remarks.iter().filter(|it| !told.contains(it)) {
        let _ = news.send(News::now(What::Check(remark.clone())));
    }
}

fn rebuild(args: &BuildArgs, name: &str, watch: &mut Watch) -> Result<Tried> {
    // What cargo says comes with the error, below all else that is shown.
    let terminal = Terminal::silent();
    // Cargo.toml may have changed, too.
    let building = Building::prepare(args, &terminal)?;
    let plugin = building.project.package(name)?;
    // It may depend on another folder now.
    watch.follow(plugin)?;
    building.build_for_trying(plugin)
}
