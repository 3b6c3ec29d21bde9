//! Instantiation as the server's loader does it.

use std::fmt;
use std::path::Path;

use signalk_server_model::{Event, Shared};
use wasmi::{AsContextMut, Store, StoreLimitsBuilder};

use crate::contract::exports::{COMMAND, INITIALIZE, RECOGNISED_BY};
use crate::error::Thrown;
use crate::guest::{Guest, GuestState, call, message_of};
use crate::module::Module;
use crate::options::Options;
use crate::{imports, wasi};

/// One instance of the plugin with its memory.
pub(crate) struct Instance {
    store: Store<GuestState>,
    fuel: Option<u64>,
}

impl Instance {
    /// Begins a call from outside: fresh fuel, and whatever the sockets did meanwhile is seen.
    pub(crate) fn enter(&mut self) -> Guest<'_> {
        self.store.data().shared.with(|server| server.sockets.turn());
        // Fuel metering is on in every engine that `Module` makes, so this cannot fail.
        let refilled = self.store.set_fuel(self.fuel.unwrap_or(u64::MAX));
        debug_assert!(refilled.is_ok());
        self.store.as_context_mut()
    }

    /// Has the next call end in a trap.
    pub(crate) fn crash(&mut self) {
        self.store.data_mut().crashes = true;
    }

    pub(crate) fn will_crash(&self) -> bool {
        self.store.data().crashes
    }

    pub(crate) fn exports_function(&self, name: &str) -> bool {
        let instance = self.store.data().instance;
        instance.is_some_and(|instance| instance.get_func(&self.store, name).is_some())
    }

    pub(crate) fn function_type(&self, name: &str) -> Option<wasmi::FuncType> {
        let instance = self.store.data().instance?;
        Some(instance.get_func(&self.store, name)?.ty(&self.store))
    }
}

/// How far instantiation got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Linking,
    /// What kind of plugin it is.
    Recognising,
    FirstInitialize,
    SecondInitialize,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Linking | Self::Recognising => "instantiation",
            Self::FirstInitialize => INITIALIZE.name,
            Self::SecondInitialize => "the second call of _initialize",
        })
    }
}

/// Instantiates with the directory `root` behind `/`, and calls `_initialize` twice where it is
/// exported: once as Node's WASI does, once as the loader does.
pub(crate) fn instantiate(
    module: &Module,
    options: &Options,
    shared: &Shared,
    root: &Path,
) -> Result<Instance, (Stage, Thrown)> {
    let mut instance =
        link(module, options, shared, root).map_err(|thrown| (Stage::Linking, thrown))?;
    recognise(&mut instance, module).map_err(|thrown| (Stage::Recognising, thrown))?;
    if instance.exports_function(INITIALIZE.name) {
        for stage in [Stage::FirstInitialize, Stage::SecondInitialize] {
            call(&mut instance.enter(), INITIALIZE.name, &[]).map_err(|thrown| (stage, thrown))?;
        }
    }
    Ok(instance)
}

/// A module that is not a Rust plugin ends here. The server goes on with one that it takes for
/// AssemblyScript, which has another way of passing text.
fn recognise(instance: &mut Instance, module: &Module) -> Result<(), Thrown> {
    if instance.exports_function(COMMAND) {
        call(&mut instance.enter(), COMMAND, &[])?;
        return Err(Thrown::type_error(
            "tempInstance.exports.schema is not a function, for _start makes it a command",
        ));
    }
    if RECOGNISED_BY.iter().all(|export| instance.exports_function(export.name)) {
        return Ok(());
    }
    let name = module.package().name();
    Err(Thrown::new(
        "Error",
        format!(
            "Unknown WASM plugin format for {name}, or AssemblyScript, which this host does not run"
        ),
    ))
}

fn link(
    module: &Module,
    options: &Options,
    shared: &Shared,
    root: &Path,
) -> Result<Instance, Thrown> {
    let mut limits = StoreLimitsBuilder::new();
    if let Some(bytes) = options.memory_limit {
        limits = limits.memory_size(bytes);
    }
    let (wasi, number) = shared.with(|server| {
        server.instances += 1;
        (wasi::context(server, options.streams_passed_on, root), server.instances)
    });
    let wasi =
        wasi.map_err(|error| Thrown::new("Error", format!("cannot set up WASI: {error}")))?;
    let state = GuestState {
        wasi,
        shared: shared.clone(),
        instance: None,
        depth: 0,
        number,
        trace: options.trace.clone(),
        limits: limits.build(),
        crashes: false,
    };
    let mut store = Store::new(module.compiled().engine(), state);
    store.limiter(|state| &mut state.limits);
    store
        .set_fuel(options.fuel.unwrap_or(u64::MAX))
        .map_err(|error| Thrown::new("Error", error.to_string()))?;

    let linker = imports::linker(module.compiled())
        .map_err(|error| Thrown::new("LinkError", error.to_string()))?;
    let linked = linker
        .instantiate_and_start(&mut store, module.compiled())
        .map_err(|error| message_of(&error, "LinkError"))?;
    store.data_mut().instance = Some(linked);
    shared.with(|server| server.record(Event::Instantiated { instance: server.instances }));
    Ok(Instance { store, fuel: options.fuel })
}
