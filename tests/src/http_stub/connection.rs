//! One client, from its first byte to its last.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;

use anyhow::Result;

use super::answer::{Answer, End};
use super::request::RequestReader;
use super::state::Shared;
use super::tls::TlsServer;
use super::transport::Transport;

/// Answers a client until one of the two ends the connection.
pub(super) fn serve(socket: TcpStream, number: usize, shared: &Shared, tls: Option<&TlsServer>) {
    if let Err(error) = converse(socket, number, shared, tls)
        // What comes of being cut is no failure.
        && shared.is_open(number)
    {
        shared.record_failure(format!("connection {number}: {error:#}"));
    }
    shared.leave(number);
}

fn converse(
    socket: TcpStream,
    number: usize,
    shared: &Shared,
    tls: Option<&TlsServer>,
) -> Result<()> {
    // What is sent in pieces is to arrive in pieces.
    socket.set_nodelay(true)?;
    let mut transport = match tls {
        None => Transport::Plain(socket),
        Some(tls) => match tls.handshake(socket, number, shared)? {
            Some(stream) => Transport::Tls(Box::new(stream)),
            None => return Ok(()),
        },
    };
    let mut reader = RequestReader::new(number);
    while let Some(mut request) = reader.head(&mut transport)? {
        let answer = shared.answer_to(&request.path);
        transport.write_all(&answer.interim_bytes())?;
        transport.flush()?;
        reader.body(&mut request, &mut transport)?;
        shared.record_request(request.clone());
        send(&answer, &request.method, &mut transport, number, shared)?;
        shared.record_answer();
        match answer.end() {
            End::KeepAlive if request.wants_close() => return Ok(transport.close()?),
            End::KeepAlive => {}
            End::Hang => {
                wait_until_it_leaves(&mut transport);
                return Ok(());
            }
            End::Close(pause) => {
                shared.pause(number, pause)?;
                return Ok(transport.close()?);
            }
            End::Cut => return Ok(()),
        }
    }
    Ok(())
}

fn send(
    answer: &Answer,
    method: &str,
    transport: &mut Transport<'_>,
    number: usize,
    shared: &Shared,
) -> Result<()> {
    for (position, piece) in answer.pieces(method).iter().enumerate() {
        if position > 0 {
            shared.pause(number, answer.pause())?;
        }
        transport.write_all(piece)?;
        transport.flush()?;
    }
    Ok(())
}

fn wait_until_it_leaves(transport: &mut Transport<'_>) {
    let mut ignored = [0; 1024];
    loop {
        match transport.read(&mut ignored) {
            Ok(1..) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Ok(0) | Err(_) => return,
        }
    }
}
