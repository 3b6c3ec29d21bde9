//! What the threads of a stub share with the test: answers, and what was received.

use std::collections::{HashMap, VecDeque};
use std::io::{self, ErrorKind};
use std::net::{Shutdown, TcpStream};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};

use super::{Answer, Request};

#[derive(Default)]
pub(super) struct Shared {
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Default)]
struct State {
    answers: HashMap<String, VecDeque<Answer>>,
    requests: Vec<Request>,
    answered: usize,
    failures: Vec<String>,
    admitting: bool,
    accepted: usize,
    /// By their numbers, to be cut from outside of their threads.
    open: HashMap<usize, TcpStream>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let outcome = change(&mut self.lock());
        self.news.notify_all();
        outcome
    }

    pub(super) fn set_answers(&self, prefix: &str, answers: VecDeque<Answer>) {
        self.change(|state| state.answers.insert(prefix.to_owned(), answers));
    }

    /// The answer whose turn it is.
    pub(super) fn answer_to(&self, path: &str) -> Answer {
        let mut state = self.lock();
        let fitting = state
            .answers
            .iter_mut()
            .filter(|(prefix, answers)| path.starts_with(prefix.as_str()) && !answers.is_empty())
            .max_by_key(|(prefix, _)| prefix.len());
        let answer = fitting.and_then(|(_, answers)| {
            if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() }
        });
        answer.unwrap_or_else(|| Answer::new(404).body("the stub has no answer for this path"))
    }

    pub(super) fn record_request(&self, request: Request) {
        self.change(|state| state.requests.push(request));
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        self.lock().requests.clone()
    }

    pub(super) fn record_answer(&self) {
        self.change(|state| state.answered += 1);
    }

    pub(super) fn answered(&self) -> usize {
        self.lock().answered
    }

    pub(super) fn wait_for_request(&self, position: usize, patience: Duration) -> Result<Request> {
        self.wait_for(|state| state.requests.get(position).cloned(), patience, |state| {
            format!(
                "request {position} did not come in {patience:?}; received: {:?}; failures: {:?}",
                state.requests, state.failures
            )
        })
    }

    pub(super) fn record_failure(&self, failure: String) {
        self.change(|state| state.failures.push(failure));
    }

    pub(super) fn failures(&self) -> Vec<String> {
        self.lock().failures.clone()
    }

    pub(super) fn wait_for_failure(&self, position: usize, patience: Duration) -> Result<String> {
        self.wait_for(
            |state| state.failures.get(position).cloned(),
            patience,
            |state| {
                format!("failure {position} did not happen in {patience:?}: {:?}", state.failures)
            },
        )
    }

    fn wait_for<T>(
        &self,
        look: impl Fn(&State) -> Option<T>,
        patience: Duration,
        missing: impl FnOnce(&State) -> String,
    ) -> Result<T> {
        let (state, _) = self
            .news
            .wait_timeout_while(self.lock(), patience, |state| look(state).is_none())
            .unwrap_or_else(PoisonError::into_inner);
        look(&state).with_context(|| missing(&state))
    }

    pub(super) fn connections(&self) -> usize {
        self.lock().accepted
    }

    pub(super) fn admit_clients(&self) {
        self.change(|state| state.admitting = true);
    }

    /// Numbers a new client; `None` where none is to come anymore.
    pub(super) fn admit(&self, socket: &TcpStream) -> io::Result<Option<usize>> {
        self.change(|state| {
            if !state.admitting {
                return Ok(None);
            }
            let number = state.accepted;
            state.open.insert(number, socket.try_clone()?);
            state.accepted += 1;
            Ok(Some(number))
        })
    }

    /// Forgets a connection that its thread has ended, which closes it.
    pub(super) fn leave(&self, connection: usize) {
        self.change(|state| state.open.remove(&connection));
    }

    pub(super) fn is_open(&self, connection: usize) -> bool {
        self.lock().open.contains_key(&connection)
    }

    /// Ends every connection, whatever its thread is at, and admits no new one.
    pub(super) fn cut_all(&self) {
        self.change(|state| {
            state.admitting = false;
            for (_, socket) in state.open.drain() {
                // An error means that the client has cut it already.
                let _ = socket.shutdown(Shutdown::Both);
            }
        });
    }

    /// Waits on behalf of a connection.
    pub(super) fn pause(&self, connection: usize, pause: Duration) -> io::Result<()> {
        let (state, _) = self
            .news
            .wait_timeout_while(self.lock(), pause, |state| state.open.contains_key(&connection))
            .unwrap_or_else(PoisonError::into_inner);
        if state.open.contains_key(&connection) {
            Ok(())
        } else {
            Err(ErrorKind::ConnectionAborted.into())
        }
    }
}
