//! The set-up that the requests of one client share.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use super::connection::Idle;
use super::tls::Trust;

/// Settings, and the connections that are kept. A clone shares the connections.
#[derive(Clone)]
pub(super) struct Setup {
    pub(super) settings: Settings,
    pub(super) idle: Rc<RefCell<Idle>>,
    pub(super) trust: Rc<Trust>,
}

#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) timeout: Duration,
    pub(super) max_response_bytes: usize,
    pub(super) user_agent: String,
    pub(super) allow_local_redirects: bool,
}

impl Setup {
    pub(super) fn new() -> Self {
        let settings = Settings {
            timeout: Duration::from_secs(30),
            max_response_bytes: 1 << 20,
            user_agent: concat!("signalk-plugin-sdk/", env!("CARGO_PKG_VERSION")).into(),
            allow_local_redirects: false,
        };
        Self { settings, idle: Rc::default(), trust: Rc::default() }
    }
}
