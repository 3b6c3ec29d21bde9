//! Start and stop.

use signalk_server_model::config::text;
use signalk_server_model::{Event, PluginState};

use super::Plugin;
use crate::contract::{POLL_INTERVAL, exports};
use crate::error::{Error, Thrown};
use crate::guest::{call, deliver_text};
use crate::package::Capability;

impl Plugin {
    /// `startWasmPlugin`: what fails leaves the state at error and is the save's error.
    pub(super) fn start(&mut self) -> Result<(), Error> {
        if self.state == PluginState::Running {
            return Ok(());
        }
        self.set_state(PluginState::Starting);
        self.error_message = None;
        let config = text::for_start(self.configuration.as_deref(), &self.enable_debug);
        let outcome = match &mut self.instance {
            None => Err(Thrown::new("Error", "Plugin instance not loaded")),
            Some(instance) => {
                deliver_text(&mut instance.enter(), exports::PLUGIN_START.name, &config)
            }
        };
        let outcome = outcome
            .inspect_err(|thrown| self.record_trap(exports::PLUGIN_START.name, thrown))
            .and_then(|code| match code {
                Some(0) => Ok(()),
                code => {
                    let code = code.map_or("undefined".to_owned(), |code| code.to_string());
                    Err(Thrown::new("Error", format!("Plugin start() returned error code: {code}")))
                }
            });
        if let Err(thrown) = outcome {
            return Err(self.fail(exports::PLUGIN_START.name, thrown));
        }

        self.with(|server| server.registry.connect());
        self.set_state(PluginState::Running);
        let (polls, hears) = self.instance.as_ref().map_or((false, false), |it| {
            (
                it.exports_function(exports::POLL.name),
                it.exports_function(exports::DELTA_HANDLER.name),
            )
        });
        self.next_poll = polls.then(|| self.elapsed() + POLL_INTERVAL);
        self.with(|server| server.subscribed = hears);
        Ok(())
    }

    /// `stopWasmPlugin`: ends the timer and the subscription, calls `plugin_stop`, closes the UDP
    /// sockets; TCP connections stay.
    pub(super) fn stop(&mut self) -> Result<(), Error> {
        self.next_poll = None;
        self.with(|server| server.subscribed = false);
        if let Some(instance) = &mut self.instance {
            let outcome = call(&mut instance.enter(), exports::PLUGIN_STOP.name, &[]);
            match outcome {
                Ok(Some(0)) => {}
                Ok(code) => self.with(|server| {
                    server.record(Event::Returned {
                        handler: exports::PLUGIN_STOP.name.to_owned(),
                        code: code.unwrap_or(0),
                    });
                }),
                Err(thrown) => {
                    self.record_trap(exports::PLUGIN_STOP.name, &thrown);
                    return Err(self.fail(exports::PLUGIN_STOP.name, thrown));
                }
            }
        }
        self.with(|server| server.close_sockets_at_stop());
        self.set_state(PluginState::Stopped);
        Ok(())
    }

    /// What a server does that a program stops (`server.stop()`): `plugin_stop` is called twice on a
    /// running plugin and once on one that is loaded but not running. A server whose process just
    /// ends, or that is restarted from its admin page, calls nothing: drop the plugin for that.
    ///
    /// # Errors
    ///
    /// Where `plugin_stop` traps or runs out of fuel.
    pub fn shut_down(&mut self) -> Result<(), Error> {
        if self.state == PluginState::Running {
            self.stop()?;
        }
        if let Some(instance) = &mut self.instance {
            let outcome = call(&mut instance.enter(), exports::PLUGIN_STOP.name, &[]);
            if let Err(thrown) = outcome {
                self.record_trap(exports::PLUGIN_STOP.name, &thrown);
                return Err(self.fail(exports::PLUGIN_STOP.name, thrown));
            }
        }
        self.instance = None;
        Ok(())
    }

    /// The server restarts: the process ends without calling the plugin, and a new one registers
    /// it from what the configuration store holds. Data model, registrations and events start anew,
    /// the clock starts at 0 with the wall clock where it is now.
    ///
    /// # Errors
    ///
    /// As [`Host::install`](crate::Host::install).
    pub fn restart_server(self) -> Result<Self, Error> {
        let (store, now) = self.with(|server| (server.store.clone(), server.clock.wall()));
        let mut options = self.options.clone();
        options.setup.wall_clock = now;
        let module = self.module.clone();
        drop(self);
        Self::register(module, options, store)
    }

    /// Whether a capability of the package was granted.
    #[must_use]
    pub fn has_capability(&self, capability: Capability) -> bool {
        self.module.package().has(capability)
    }

    pub(super) fn failed_save(&self, call: &str, thrown: Thrown) -> Error {
        if thrown.out_of_fuel {
            return self.out_of_fuel(call);
        }
        self.record_trap(call, &thrown);
        Error::Save { message: thrown.message }
    }

    fn fail(&mut self, call: &str, thrown: Thrown) -> Error {
        self.set_state(PluginState::Error);
        self.error_message = Some(thrown.message.clone());
        if thrown.out_of_fuel {
            self.out_of_fuel(call)
        } else {
            Error::Save { message: thrown.message }
        }
    }

    fn record_trap(&self, call: &str, thrown: &Thrown) {
        let event = Event::Trap { handler: call.to_owned(), message: thrown.message.clone() };
        self.with(|server| server.record(event));
    }
}
