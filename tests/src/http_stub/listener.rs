//! The port: listened on by a thread, or kept and refused.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use socket2::{Domain, Socket, Type};

use super::connection;
use super::state::Shared;
use super::tls::TlsServer;

const BACKLOG: i32 = 128;

pub(super) struct Listener {
    address: SocketAddr,
    port: Port,
}

enum Port {
    Open {
        acceptor: JoinHandle<()>,
    },
    /// Bound and not listened on: nobody else is given it, and a client that tries it again and
    /// again is never given it as its own port, which would connect it with itself.
    Kept(Socket),
    Closed,
}

impl Listener {
    pub(super) fn open(
        address: SocketAddr,
        shared: &Arc<Shared>,
        tls: Option<&Arc<TlsServer>>,
    ) -> io::Result<(Self, u16)> {
        let socket = bind(address)?;
        let (acceptor, address) = listen(socket, shared, tls)?;
        Ok((Self { address, port: Port::Open { acceptor } }, address.port()))
    }

    pub(super) fn refuse(&mut self, shared: &Shared) -> io::Result<()> {
        if matches!(self.port, Port::Open { .. }) {
            self.close(shared);
            self.port = Port::Kept(bind(self.address)?);
        }
        Ok(())
    }

    pub(super) fn listen_again(
        &mut self,
        shared: &Arc<Shared>,
        tls: Option<&Arc<TlsServer>>,
    ) -> io::Result<()> {
        let socket = match std::mem::replace(&mut self.port, Port::Closed) {
            open @ Port::Open { .. } => {
                self.port = open;
                return Ok(());
            }
            Port::Kept(socket) => socket,
            Port::Closed => bind(self.address)?,
        };
        let (acceptor, _) = listen(socket, shared, tls)?;
        self.port = Port::Open { acceptor };
        Ok(())
    }

    /// Ends the threads; after this nobody listens.
    pub(super) fn close(&mut self, shared: &Shared) {
        let Port::Open { acceptor } = std::mem::replace(&mut self.port, Port::Closed) else {
            return;
        };
        shared.cut_all();
        // Wakes the acceptor, which sees that it is to end. Where it has ended already, because of
        // a client that came just now, this is refused or reset.
        let woken = match TcpStream::connect(self.address) {
            Ok(_) => true,
            Err(error) => {
                matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset)
            }
        };
        // Better a thread that is left behind than a test that never ends.
        if woken {
            // An error is a panic in the thread, which has been printed.
            let _ = acceptor.join();
        }
    }
}

fn bind(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    // Else the connections that were cut keep the port from being bound for a minute. On Windows
    // they do not, and the option means something else.
    if cfg!(unix) {
        socket.set_reuse_address(true)?;
    }
    socket.bind(&address.into())?;
    Ok(socket)
}

fn listen(
    socket: Socket,
    shared: &Arc<Shared>,
    tls: Option<&Arc<TlsServer>>,
) -> io::Result<(JoinHandle<()>, SocketAddr)> {
    socket.listen(BACKLOG)?;
    let listener = TcpListener::from(socket);
    let address = listener.local_addr()?;
    let (shared, tls) = (Arc::clone(shared), tls.cloned());
    shared.admit_clients();
    Ok((thread::spawn(move || accept(listener, &shared, tls.as_ref())), address))
}

/// Takes clients until one is not to be admitted anymore, and then waits for the threads of all.
fn accept(listener: TcpListener, shared: &Arc<Shared>, tls: Option<&Arc<TlsServer>>) {
    let mut clients: Vec<JoinHandle<()>> = Vec::new();
    for socket in listener.incoming() {
        let socket = match socket {
            Ok(socket) => socket,
            // The client left before it was accepted.
            Err(error) if error.kind() == ErrorKind::ConnectionAborted => continue,
            Err(error) => {
                shared.record_failure(format!("no more clients can be accepted: {error}"));
                break;
            }
        };
        let number = match shared.admit(&socket) {
            Ok(Some(number)) => number,
            Ok(None) => break,
            Err(error) => {
                shared.record_failure(format!("a client could not be admitted: {error}"));
                continue;
            }
        };
        clients.retain(|client| !client.is_finished());
        let (shared, tls) = (Arc::clone(shared), tls.cloned());
        clients.push(thread::spawn(move || {
            connection::serve(socket, number, &shared, tls.as_deref());
        }));
    }
    drop(listener);
    for client in clients {
        // An error is a panic in the thread, which has been printed.
        let _ = client.join();
    }
}
