//! The page, and the plugin's own: served on this machine, to this machine alone.

mod api;
mod guard;
mod hub;
mod routes;
mod webapp;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::thread;

use anyhow::{Context, Result, anyhow};
use tiny_http::Server;

use super::news::News;
use super::session::Command;
use hub::Hub;
use routes::Routes;

/// So many requests are answered at a time.
const THREADS: usize = 4;

/// The page, as far as the others need it.
pub(super) struct Page {
    address: String,
    hub: Arc<Hub>,
}

impl Page {
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Tells everyone who has the page open.
    pub(super) fn tell(&self, news: &News) {
        self.hub.tell(news);
    }
}

/// Takes a port, any that is free if it is 0.
pub(super) fn listen(port: u16) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(|| {
        format!("port {port} of this machine cannot be had: leave --port out for one that is free")
    })
}

pub(super) fn serve(
    listener: TcpListener,
    commands: SyncSender<Command>,
    package: PathBuf,
) -> Result<Page> {
    let local: SocketAddr = listener.local_addr()?;
    let server = Server::from_listener(listener, None)
        .map_err(|error| anyhow!("the page cannot be served: {error}"))?;
    let (server, hub) = (Arc::new(server), Arc::new(Hub::default()));
    let routes = Arc::new(Routes::new(commands, hub.clone(), package)?);
    for _ in 0..THREADS {
        let (server, routes) = (server.clone(), routes.clone());
        thread::Builder::new().name("page".to_owned()).spawn(move || {
            while let Ok(request) = server.recv() {
                routes.answer(request);
            }
        })?;
    }
    Ok(Page { address: format!("http://{local}/"), hub })
}
