//! A transcript of the calls between host and plugin.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Collects every call between the host and the plugins that it is given to, with the bytes that
/// went over. Clones share what was collected, so that it can be looked at even where a plugin
/// could not be registered, and goes on over a restart of the server.
///
/// The calls of WASI are not in it.
///
/// ```
/// use signalk_plugin_host::{CallTrace, Host, Module, Package};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
#[doc = concat!("let wasm = wat::parse_str(r#\"", include_str!("example.wat"), "\"#)?;")]
/// let trace = CallTrace::new();
/// let module = Module::load(wasm, Package::new("counter"))?;
/// Host::builder().trace(&trace).build().install(module)?;
/// let lines: Vec<String> = trace.take().iter().map(ToString::to_string).collect();
/// assert!(lines.iter().any(|line| line == r#"1 < export plugin_name = 7 "Counter""#));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct CallTrace(Arc<Mutex<Vec<TracedCall>>>);

/// The beginning or the end of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedCall {
    /// The instance of the plugin, from 1.
    pub instance: u32,
    /// Who is called.
    pub side: CallSide,
    /// The name of the function.
    pub name: String,
    /// What happens.
    pub step: CallStep,
}

/// Who is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallSide {
    /// The host calls the plugin.
    Export,
    /// The plugin calls the host.
    Import,
}

/// What happens. A text is `None` where pointer and length are not within the memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallStep {
    /// The call begins. Other calls may come before its end.
    Call {
        /// The arguments.
        arguments: Vec<i32>,
        /// What those of the arguments point to that hand a text over.
        texts: Vec<Option<Vec<u8>>>,
    },
    /// The call returns.
    Return {
        /// The result, where the function has one.
        result: Option<i32>,
        /// What was written into the buffers of the call, where the result is above 0.
        texts: Vec<Option<Vec<u8>>>,
    },
    /// The call ends by an exception, in the words of Node.js where it has some.
    Throw {
        /// Kind and message, e.g. `RuntimeError: unreachable`.
        error: String,
    },
}

impl CallTrace {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes out what was collected so far.
    pub fn take(&self) -> Vec<TracedCall> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn push(&self, call: TracedCall) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(call);
    }
}

/// One line: the instance, `>` for a call, `<` for its return, `!` for an exception, and what went over.
impl fmt::Display for TracedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { instance, side, name, step } = self;
        let side = match side {
            CallSide::Export => "export",
            CallSide::Import => "import",
        };
        let texts = match step {
            CallStep::Call { arguments, texts } => {
                let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
                write!(f, "{instance} > {side} {name}({})", arguments.join(", "))?;
                texts.as_slice()
            }
            CallStep::Return { result, texts } => {
                write!(f, "{instance} < {side} {name}")?;
                if let Some(result) = result {
                    write!(f, " = {result}")?;
                }
                texts
            }
            CallStep::Throw { error } => {
                write!(f, "{instance} ! {side} {name}: {error}")?;
                &[]
            }
        };
        texts.iter().try_for_each(|text| match text {
            None => f.write_str(" outside"),
            Some(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => write!(f, " {text:?}"),
                Err(_) => {
                    f.write_str(" 0x")?;
                    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
                }
            },
        })
    }
}
