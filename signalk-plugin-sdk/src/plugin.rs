//! What `#[signalk_plugin]` implements.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::config::Limits;
use crate::error::Result;
use crate::handlers::{Handlers, ModelOf, SettledHandler};

/// A plugin. Implemented by `#[signalk_plugin]`; not to be implemented by hand, for its items
/// change with the runtime.
pub trait Plugin: Sized + 'static {
    /// What `start` takes.
    type Config: DeserializeOwned + JsonSchema;

    /// The package's name.
    const ID: &'static str;
    /// The name that people see.
    const NAME: &'static str;
    /// The handlers.
    const HANDLERS: Handlers<Self>;
    /// Whether a start that failed is told to the server as failed, after which the server does
    /// not start the plugin again before it was disabled and enabled.
    const FAIL_ON_START_ERROR: bool = false;
    /// How many bytes an answer may have; 0 for what the server's buffer holds.
    const LARGE_RESPONSES: usize = 0;

    /// Whether there is a `migrate`: what saves is in the .wasm of no plugin without.
    const MIGRATES: bool = false;
    /// What limits the schema of the configuration states; settings outside of them are refused.
    const LIMITS: Limits = Limits::ANY;
    /// The paths that the SDK keeps for [`model`](crate::model).
    const MODEL: &'static [&'static str] = &[];
    /// Those of other contexts.
    const MODEL_OF_OTHERS: &'static [ModelOf] = &[];

    /// Functions that run when the values of a delta have been handed out. Not among the handlers, so that they are in
    /// the .wasm of no plugin without.
    const SETTLED: &'static [SettledHandler<Self>] = &[];

    /// Announces PUT handlers and providers, in a plugin that has some. A method, and not a loop over
    /// a list that may be empty, so that the import is in no .wasm that has no use for it.
    fn announce() {}
    /// Tells once more what was refused then.
    fn announce_again() {}
    /// The JSON Schema of the configuration.
    fn schema() -> Cow<'static, str>;
    /// What the author's `migrate` makes of what was saved, as JSON; `None` where it leaves it as it
    /// is.
    ///
    /// # Errors
    /// The author's own.
    fn migrated(_settings: &str) -> Result<Option<String>> {
        Ok(None)
    }
    /// The author's `start`.
    ///
    /// # Errors
    /// Whatever keeps the plugin from running.
    fn start(config: Self::Config) -> Result<Self>;
    /// The author's `stop`.
    ///
    /// # Errors
    /// Whatever the owner should know.
    fn stop(&mut self) -> Result<()> {
        Ok(())
    }
}
