//! What the server does with a plugin's package at its start, and again when it is enabled.

use serde_json::Value;
use signalk_server_model::config::text;
use signalk_server_model::http::Router;
use signalk_server_model::{ConfigStore, PluginState, js};

use super::Plugin;
use super::files::Files;
use crate::contract::exports;
use crate::error::{Error, Thrown};
use crate::guest::text_out;
use crate::instance::{Instance, instantiate};
use crate::module::Module;
use crate::options::Options;

impl Plugin {
    pub(crate) fn register(
        module: Module,
        options: Options,
        store: ConfigStore,
    ) -> Result<Self, Error> {
        let id = module.package().id();
        let files = Files::new(&store, id.clone(), options.files)
            .map_err(io("make the plugin's directory"))?;
        let document = store.document(&id);
        let shared = options.server(module.package(), store);
        let mut plugin = Self {
            module,
            options,
            shared,
            files,
            instance: None,
            router: Router::default(),
            name: String::new(),
            schema: String::new(),
            enabled: Value::Bool(false),
            enable_debug: document.enable_debug.unwrap_or(Value::Bool(false)),
            configuration: document.configuration,
            state: PluginState::Stopped,
            error_message: None,
            next_poll: None,
        };

        let root = plugin.files.at_start().map_err(io("make the plugin's directory"))?;
        let mut instance = instantiate(&plugin.module, &plugin.options, &plugin.shared, &root)
            .map_err(|(stage, thrown)| plugin.cannot_register(&stage.to_string(), thrown))?;
        plugin.with(|server| server.registry.connect());
        let (name, schema) = name_and_schema(&mut instance)
            .map_err(|(call, thrown)| plugin.cannot_register(call, thrown))?;
        plugin.name =
            if name.is_empty() { plugin.module.package().name().to_owned() } else { name };
        plugin.schema = schema;

        // Only the plain `false` counts; a document without `enabled` keeps the instance and its
        // endpoints without starting it.
        if document.enabled == Some(Value::Bool(false)) {
            return Ok(plugin);
        }
        plugin.files.after_load().map_err(io("set up the plugin's directories"))?;
        plugin.enabled = document.enabled.filter(js::truthy).unwrap_or(Value::Bool(false));
        plugin.instance = Some(instance);
        plugin.set_up_routes()?;
        if plugin.is_enabled() {
            match plugin.start() {
                // The server logs that the start failed; the state says so too.
                Ok(()) | Err(Error::Save { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(plugin)
    }

    /// Makes the instance of a plugin that was disabled when the server started.
    pub(super) fn load(&mut self) -> Result<(), Error> {
        let root = self.files.on_enable().map_err(io("make the plugin's directory"))?;
        let mut instance = instantiate(&self.module, &self.options, &self.shared, &root)
            .map_err(|(stage, thrown)| self.failed_save(&stage.to_string(), thrown))?;
        self.files.after_enable().map_err(io("delete the plugin's directory"))?;
        self.with(|server| server.registry.connect());
        let read = name_and_schema(&mut instance);
        self.instance = Some(instance);
        let (name, schema) = read.map_err(|(call, thrown)| self.failed_save(call, thrown))?;
        // An empty name stays empty here: only registration falls back on the package name.
        self.name = name;
        self.schema = schema;
        self.set_up_routes()
    }

    fn cannot_register(&self, call: &str, thrown: Thrown) -> Error {
        if thrown.out_of_fuel {
            return self.out_of_fuel(call);
        }
        Error::Register { message: format!("{call}: {}", thrown.message) }
    }
}

/// The name, and the schema as JSON text, `{}` where the plugin has none.
fn name_and_schema(instance: &mut Instance) -> Result<(String, String), (&'static str, Thrown)> {
    let name = text_out(&mut instance.enter(), exports::PLUGIN_NAME.name)
        .map_err(|thrown| (exports::PLUGIN_NAME.name, thrown))?;
    let schema = text_out(&mut instance.enter(), exports::PLUGIN_SCHEMA.name)
        .map_err(|thrown| (exports::PLUGIN_SCHEMA.name, thrown))?;
    if schema.is_empty() {
        return Ok((name, "{}".to_owned()));
    }
    match text::compact(&schema) {
        Ok(schema) => Ok((name, schema)),
        Err(error) => Err((exports::PLUGIN_SCHEMA.name, Thrown::syntax_error(&error))),
    }
}

fn io(what: &'static str) -> impl Fn(std::io::Error) -> Error {
    move |source| Error::Io { what: what.to_owned(), source }
}
