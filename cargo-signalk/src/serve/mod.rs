//! A plugin on a real server: built, installed, watched, and installed anew.

mod feed;
mod folder;
mod log;
mod news;
mod process;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use signalk_plugin_build::progress::{self, Progress};
use signalk_plugin_build::servers::{self, Version};

use crate::building::{BuildArgs, Building, Tried};
use crate::feed::{FeedArgs, Source};
use crate::terminal::Terminal;
use crate::watch::Watch;
use feed::{Feed, Pace};
use folder::Folder;
use log::Log;
pub(crate) use log::Shown;
use news::News;
use process::{Process, Setup};

/// The time between two looks for the server.
const LOOK: Duration = Duration::from_secs(1);

/// The choices of the user.
#[derive(Debug)]
pub(crate) struct Options<'a> {
    pub(crate) build: &'a BuildArgs,
    pub(crate) version: Version,
    /// Any that is free, unless given.
    pub(crate) port: Option<u16>,
    pub(crate) state: Option<&'a Path>,
    /// The folder of the servers, if it is not the user's.
    pub(crate) cache: Option<&'a Path>,
    pub(crate) shown: Shown,
    pub(crate) feed: &'a FeedArgs,
    /// The speed of the recording, as a multiple.
    pub(crate) speed: f64,
}

/// Runs the plugin on a server until the user ends it.
pub(crate) fn run(options: &Options, terminal: &Terminal) -> Result<ExitCode> {
    let (news, told) = mpsc::channel();
    let interrupted = watch_for_the_end(news.clone())?;
    match serve(options, terminal, &news, &told, &interrupted) {
        // Cargo and npm hear Ctrl-C, too. What fails then is no news.
        Err(_) if interrupted.load(Ordering::SeqCst) => Ok(ExitCode::SUCCESS),
        other => other.map(|()| ExitCode::SUCCESS),
    }
}

fn watch_for_the_end(news: Sender<News>) -> Result<Arc<AtomicBool>> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&interrupted);
    ctrlc::set_handler(move || {
        told.store(true, Ordering::SeqCst);
        let _ = news.send(News::Interrupted);
    })
    .context("Ctrl-C cannot be waited for")?;
    Ok(interrupted)
}

fn serve(
    options: &Options,
    terminal: &Terminal,
    news: &Sender<News>,
    told: &Receiver<News>,
    interrupted: &AtomicBool,
) -> Result<()> {
    // What cannot be read is told before the build, which takes its time.
    if let Some(port) = options.port {
        process::be_free(port)?;
    }
    let source = Source::of(options.feed)?;
    let building = Building::prepare(options.build, terminal)?;
    let plugin = building.only_plugin()?;
    let name = plugin.name.as_str().to_owned();
    let cache = options.cache.map_or_else(servers::folder, |folder| Ok(folder.to_owned()))?;
    let installed = servers::set_up(&cache, options.version, terminal)?;
    let changed = news.clone();
    let tell = move |files| changed.send(News::Changed(files)).is_ok();
    let mut watch = Watch::new(building.project.root().to_owned(), tell)?;
    watch.follow(&plugin).context("the plugin's files cannot be watched")?;
    let Tried { built, mut remarks } = building.build_for_trying(&plugin)?;
    remarks.iter().for_each(|remark| terminal.warn(remark));

    let state = match options.state {
        Some(folder) => std::path::absolute(folder)?,
        None => building.project.state().join("serve").join(&name).join(options.version.number()),
    };
    let pace = Pace { speed: options.speed, again: options.feed.again };
    let start_feed = |source| Feed::start(source, pace, news.clone());
    let feed = source.map(start_feed).transpose()?;
    let folder = Folder::prepare(state, feed.as_ref())?;
    folder.install(&built)?;
    let setup = Setup { installed, folder, news: news.clone() };
    let log = Log::new(&name, options.shown);
    let start = |port| {
        let start = || Process::start(&setup, port, interrupted);
        let started = progress::step(terminal, "server", "starting", start);
        if started.is_err() && !interrupted.load(Ordering::SeqCst) {
            tell_last_words(told, &log, terminal);
        }
        started
    };
    let mut server = start(options.port)?;
    introduce(&name, &setup, &server, terminal);

    loop {
        match told.recv_timeout(LOOK) {
            Ok(News::Line(line)) => log.tell(&line, terminal),
            Ok(News::Data(text)) => terminal.say("data", &text),
            Ok(News::Changed(files)) => {
                terminal.say("changed", &files.join(", "));
                let Some(tried) = rebuilt(options.build, &name, &mut watch, terminal) else {
                    continue;
                };
                let is_new = |remark: &&String| !remarks.contains(remark);
                tried.remarks.iter().filter(is_new).for_each(|remark| terminal.warn(remark));
                remarks = tried.remarks;
                let port = server.port();
                server.end()?;
                setup.folder.install(&tried.built)?;
                server = start(Some(port))?;
                terminal.say("serving", &format!("{name} as it is now, {}", server.address()));
            }
            Ok(News::Interrupted) | Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Some(status) = server.ended()? {
            tell_last_words(told, &log, terminal);
            bail!("the server ended by itself ({status})");
        }
    }
    server.end()?;
    terminal.say("ended", &format!("settings stay in {}", setup.folder.path().display()));
    Ok(())
}

/// Shows the last lines of a server, which tell why it has ended.
fn tell_last_words(told: &Receiver<News>, log: &Log, terminal: &Terminal) {
    for line in told.try_iter() {
        if let News::Line(line) = line {
            log.tell_all(&line, terminal);
        }
    }
}

fn introduce(plugin: &str, setup: &Setup, server: &Process, terminal: &Terminal) {
    let address = server.address();
    terminal.result(format!("{plugin} runs on a Signal K server at {address}/admin/"));
    terminal
        .result(format!("its settings: {address}/admin/#/serverConfiguration/plugins/{plugin}"));
    if !setup.folder.is_enabled(plugin) {
        terminal.warn(format!(
            "{plugin} is disabled in this server's settings: enable it there, or remove {}",
            setup.folder.path().display()
        ));
    }
}

/// Builds it again. One that cannot be built is told of, and the server goes on with the old one.
fn rebuilt(args: &BuildArgs, name: &str, watch: &mut Watch, terminal: &Terminal) -> Option<Tried> {
    let began = Instant::now();
    let mut build = || {
        // Cargo.toml may have changed, too.
        let building = Building::prepare(args, terminal)?;
        let plugin = building.project.package(name)?;
        // It may depend on another folder now.
        watch.follow(plugin)?;
        building.build_for_trying(plugin)
    };
    match build() {
        Ok(tried) => {
            terminal.say("built", &format!("in {:.1} s", began.elapsed().as_secs_f64()));
            Some(tried)
        }
        Err(error) => {
            terminal.error(&error.context("the server goes on with the plugin as it was"));
            None
        }
    }
}
