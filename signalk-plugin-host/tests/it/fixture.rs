//! Modules for the tests: a plugin that does nothing, of which each test replaces a part.

use std::collections::BTreeMap;

use signalk_plugin_host::{Capability, Event, Host, Module, Package, Plugin};

/// A plugin in WebAssembly's text format. In bodies, `{text:…}` stands for pointer and length of a
/// text in memory, and `{log:…}` for a call that puts a text into the debug log.
pub(crate) struct Wat {
    parts: BTreeMap<&'static str, String>,
    imports: Vec<String>,
    extra: String,
}

/// Address of the first text.
const TEXTS: usize = 1024;

impl Wat {
    pub(crate) fn new() -> Self {
        let parts = [
            ("memory", r#"(memory (export "memory") 64)"#),
            // Hands out memory from 64 KiB on and takes none back.
            (
                "allocate",
                r#"(func (export "allocate") (param $size i32) (result i32)
                    (global.get $next)
                    (global.set $next (i32.add (global.get $next) (local.get $size))))"#,
            ),
            ("deallocate", r#"(func (export "deallocate") (param i32 i32))"#),
            (
                "plugin_id",
                r#"(func (export "plugin_id") (param i32 i32) (result i32) (i32.const 0))"#,
            ),
            ("plugin_name", &text_out("plugin_name", "Test Plugin")),
            ("plugin_schema", &text_out("plugin_schema", r#"{"type":"object"}"#)),
            (
                "plugin_start",
                r#"(func (export "plugin_start") (param i32 i32) (result i32) (i32.const 0))"#,
            ),
            ("plugin_stop", r#"(func (export "plugin_stop") (result i32) (i32.const 0))"#),
        ];
        Self {
            parts: parts.map(|(name, text)| (name, text.to_owned())).into(),
            imports: vec![r#"(import "env" "sk_debug" (func $debug (param i32 i32)))"#.to_owned()],
            extra: String::new(),
        }
    }

    /// Replaces one of the parts of the plugin that does nothing.
    pub(crate) fn with(mut self, part: &'static str, text: impl Into<String>) -> Self {
        self.parts.insert(part, text.into());
        self
    }

    pub(crate) fn without(mut self, part: &'static str) -> Self {
        self.parts.remove(part);
        self
    }

    pub(crate) fn import(mut self, import: &str) -> Self {
        self.imports.push(import.to_owned());
        self
    }

    /// Imports from `env` by name and type, e.g. `("sk_tcp_create", "(result i32)")`, as `$name`.
    pub(crate) fn env(self, name: &str, ty: &str) -> Self {
        self.import(&format!(r#"(import "env" "{name}" (func ${name} {ty}))"#))
    }

    pub(crate) fn and(mut self, text: impl AsRef<str>) -> Self {
        self.extra.push_str(text.as_ref());
        self
    }

    /// The body of `plugin_start`; it gets the configuration as `$ptr` and `$len`.
    pub(crate) fn start(self, body: &str) -> Self {
        let text = format!(
            r#"(func (export "plugin_start") (param $ptr i32) (param $len i32) (result i32) {body})"#
        );
        self.with("plugin_start", text)
    }

    pub(crate) fn stop(self, body: &str) -> Self {
        self.with("plugin_stop", format!(r#"(func (export "plugin_stop") (result i32) {body})"#))
    }

    pub(crate) fn poll(self, body: &str) -> Self {
        self.and(format!(r#"(func (export "poll") (result i32) {body})"#))
    }

    pub(crate) fn delta_handler(self, body: &str) -> Self {
        self.and(format!(
            r#"(func (export "delta_handler") (param $ptr i32) (param $len i32) {body})"#
        ))
    }

    /// An export `(ptr, len, out, max) -> written`.
    pub(crate) fn exchange(self, name: &str, body: &str) -> Self {
        self.and(format!(
            r#"(func (export "{name}") (param $ptr i32) (param $len i32) (param $out i32) (param $max i32) (result i32) {body})"#
        ))
    }

    /// An export `(ptr, len, out, max) -> written` that always gives this answer.
    pub(crate) fn answers(self, name: &str, answer: &str) -> Self {
        self.exchange(
            name,
            &format!("(memory.copy (local.get $out) {{text:{answer}}}) {{len:{answer}}}"),
        )
    }

    pub(crate) fn source(&self) -> String {
        let parts: String = self.parts.values().cloned().collect();
        let body = format!("(global $next (mut i32) (i32.const 65536))\n{parts}\n{}", self.extra);
        let (body, texts) = with_texts(&body);
        let imports = self.imports.join("\n");
        format!("(module {imports} {body} {texts})")
    }

    pub(crate) fn wasm(&self) -> Vec<u8> {
        let source = self.source();
        wat::parse_str(&source).unwrap_or_else(|error| panic!("{error}\n{source}"))
    }

    pub(crate) fn package(&self, capabilities: &[Capability]) -> Package {
        capabilities.iter().fold(Package::new("test-plugin"), |package, capability| {
            package.capability(*capability)
        })
    }

    pub(crate) fn module(&self) -> Module {
        self.module_with(&Capability::ALL)
    }

    pub(crate) fn module_with(&self, capabilities: &[Capability]) -> Module {
        Module::load_unchecked(self.wasm(), self.package(capabilities)).unwrap()
    }

    pub(crate) fn installed(&self) -> Plugin {
        Host::new().install(self.module()).unwrap()
    }

    pub(crate) fn running(&self) -> Plugin {
        let mut plugin = self.installed();
        plugin.enable("{}").unwrap();
        plugin
    }
}

pub(crate) fn text_out(name: &str, text: &str) -> String {
    format!(
        r#"(func (export "{name}") (param $out i32) (param $max i32) (result i32)
            (memory.copy (local.get $out) {{text:{text}}}) {{len:{text}}})"#
    )
}

/// Puts the texts of a body into memory. A text ends at the `}` that closes its own braces.
fn with_texts(body: &str) -> (String, String) {
    let mut texts: Vec<(String, usize)> = Vec::new();
    let mut free = TEXTS;
    let mut result = String::new();
    let mut rest = body;
    while let Some((start, kind)) = ["{text:", "{len:", "{log:"]
        .iter()
        .filter_map(|kind| rest.find(kind).map(|start| (start, *kind)))
        .min()
    {
        result.push_str(&rest[..start]);
        let inside = &rest[start + kind.len()..];
        let mut open = 1;
        let end = inside
            .find(|c| {
                open += i32::from(c == '{') - i32::from(c == '}');
                open == 0
            })
            .expect("an open {text:");
        let text = &inside[..end];
        let address = match texts.iter().find(|(known, _)| known == text) {
            Some((_, address)) => *address,
            None => {
                let address = free;
                free += text.len() + 1;
                texts.push((text.to_owned(), address));
                address
            }
        };
        let pair = format!("(i32.const {address}) (i32.const {})", text.len());
        result.push_str(&match kind {
            "{text:" => pair,
            "{len:" => format!("(i32.const {})", text.len()),
            _ => format!("(call $debug {pair})"),
        });
        rest = &inside[end + 1..];
    }
    result.push_str(rest);
    let data = texts.iter().map(|(text, address)| {
        let bytes: String = text.bytes().map(|byte| format!("\\{byte:02x}")).collect();
        format!("(data (i32.const {address}) \"{bytes}\")")
    });
    (result, data.collect())
}

/// What the plugin put into the debug log, in order.
pub(crate) fn log(plugin: &Plugin) -> Vec<String> {
    let debug = |event| match event {
        Event::Debug(text) => Some(text),
        _ => None,
    };
    plugin.events().into_iter().filter_map(|recorded| debug(recorded.event)).collect()
}

/// The traps, as handler and message.
pub(crate) fn traps(plugin: &Plugin) -> Vec<(String, String)> {
    let trap = |event| match event {
        Event::Trap { handler, message } => Some((handler, message)),
        _ => None,
    };
    plugin.events().into_iter().filter_map(|recorded| trap(recorded.event)).collect()
}
