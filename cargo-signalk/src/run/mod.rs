//! A plugin at work on this machine: built, loaded in the embedded host, fed, watched and shown.

mod act;
mod action;
mod feed;
mod interrupt;
mod news;
mod options;
mod page;
mod rebuild;
mod replay;
mod session;
mod show;
mod snapshot;
mod time;

use std::process::ExitCode;
use std::sync::mpsc;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::building::{Building, Tried};
use crate::feed::Source;
use crate::terminal::Terminal;
use feed::Feed;
use news::{News, What};
pub(crate) use options::Options;
use rebuild::Changes;
use session::Setup;

/// Runs the plugin until the user ends it.
pub(crate) fn run(options: Options, terminal: &Terminal) -> Result<ExitCode> {
    // What cannot be read is told before the build, which takes its time.
    let feed = Feed::of(Source::of(&options.feed)?, options.feed.again)?;
    let building = Building::prepare(&options.build, terminal)?;
    let plugin = building.only_plugin()?;
    let state = match &options.state {
        Some(folder) => folder.clone(),
        None => building.project.state().join("run").join(plugin.name.as_str()),
    };
    let listener = page::listen(options.port)?;

    let changes = Changes::watch(&building, &plugin)?;
    let began = Instant::now();
    let tried = building.build_for_trying(&plugin)?;

    let (news, told) = mpsc::channel();
    interrupt::watch(news.clone())?;
    rebuild::tell(&tried, began.elapsed(), &[], &news);
    let Tried { built, remarks } = tried;
    let setup = Setup { state, speed: options.speed };
    let session = session::start(&built.folder, setup, news.clone())
        .with_context(|| format!("{} cannot be run", plugin.name))?;
    let page = page::serve(listener, session.commands(), built.folder.clone())?;
    let _ = news.send(News::now(What::Page(page.address().to_owned())));
    let (build, name) = (options.build.clone(), plugin.name.to_string());
    changes.build(build, name, remarks, session.commands(), news.clone())?;
    feed.start(session.commands(), news)?;
    if options.opens {
        let opened = open::that_detached(page.address());
        if let Err(error) = opened {
            terminal.warn(format!("no browser could be opened ({error}): open {}", page.address()));
        }
    }

    let mut show = show::Show::new(options.json, terminal);
    for piece in &told {
        page.tell(&piece);
        show.tell(&piece);
        if matches!(piece.what, What::Interrupted) {
            break;
        }
    }
    session.end();
    // What the plugin does at its stop is shown, too.
    for piece in told.try_iter() {
        show.tell(&piece);
    }
    show.tell(&News::now(What::Ended));
    Ok(ExitCode::SUCCESS)
}
