//! Rules about what a module imports.

use wasmi::{ExternType, Module};

use super::exports::describe;
use crate::contract::spelling::nearest;
use crate::contract::{Function, Signature, capability, env, exports, wasi};
use crate::package::Package;
use crate::problem::Problem;
use crate::signature;

/// Names that documents or other SDKs mention but no server offers, and what to use instead.
fn hint_for(name: &str) -> Option<String> {
    let called = |import: Function| Some(format!("it is called {}", import.name));
    match name {
        "sk_get_path" => {
            Some(format!("no server offers it: keep what {} brings", exports::DELTA_HANDLER.name))
        }
        "sk_emit_delta" | "sk_emit" => {
            let import = env::HANDLE_MESSAGE.name;
            Some(format!("it is called {import}, with the Signal K version as a third argument"))
        }
        "sk_subscribe" => Some(format!(
            "every delta comes to the export {} without subscribing",
            exports::DELTA_HANDLER.name
        )),
        "sk_set_plugin_status" => called(env::SET_STATUS),
        "sk_set_plugin_error" => called(env::SET_ERROR),
        "sk_log" => called(env::DEBUG),
        "sk_notify" => called(env::PUBLISH_NOTIFICATION),
        "sk_fetch" => Some(format!(
            "no server offers it to Rust: use the TCP functions with the capability {}",
            capability::RAW_SOCKETS.key
        )),
        _ => None,
    }
}

pub(super) fn known_modules(module: &Module, _: &Package) -> Vec<Problem> {
    module
        .imports()
        .filter(|import| ![env::MODULE, wasi::MODULE].contains(&import.module()))
        .map(|import| Problem::ForeignImport {
            module: import.module().to_owned(),
            name: import.name().to_owned(),
        })
        .collect()
}

pub(super) fn offered_by_the_server(module: &Module, _: &Package) -> Vec<Problem> {
    module
        .imports()
        .filter(|import| match import.module() {
            env::MODULE => env::find(import.name()).is_none(),
            wasi::MODULE => !wasi::FUNCTIONS.contains(&import.name()),
            _ => false,
        })
        .map(|import| Problem::UnknownImport {
            module: import.module().to_owned(),
            name: import.name().to_owned(),
            hint: hint(import.module(), import.name()),
        })
        .collect()
}

fn hint(module: &str, name: &str) -> Option<String> {
    if module != env::MODULE {
        return None;
    }
    if let Some(hint) = hint_for(name) {
        return Some(hint);
    }
    let meant = nearest(name, env::ALL.iter().map(|it| it.name))?;
    Some(format!("did you mean {meant}?"))
}

pub(super) fn signatures(module: &Module, _: &Package) -> Vec<Problem> {
    let wrong = |import: wasmi::ImportType<'_>| {
        let function = env::find(import.name()).filter(|_| import.module() == env::MODULE)?;
        let expected = function.signature();
        match import.ty() {
            ExternType::Func(ty) if signature::matches(expected, ty) => None,
            // The server fills in version 1 for a third argument that is not there.
            ExternType::Func(ty)
                if *function == env::HANDLE_MESSAGE
                    && signature::matches(Signature { params: 2, result: None }, ty) =>
            {
                None
            }
            ty => Some(Problem::ImportSignature {
                name: import.name().to_owned(),
                found: describe(ty),
                expected: format!("a function {expected}"),
            }),
        }
    };
    module.imports().filter_map(wrong).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_hint_is_given_for_a_name_that_exists() {
        assert!(env::ALL.iter().all(|import| hint_for(import.name).is_none()));
    }
}
