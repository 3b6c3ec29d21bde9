//! Rules that run the module as far as the server does before the start.

use serde_json::Value;
use signalk_server_model::http::Router;
use signalk_server_model::{ConfigStore, ServerVersion};

use crate::contract::exports::{self, EXCHANGE};
use crate::contract::{TEXT_BUFFER, endpoint};
use crate::guest::{http_endpoints, text_out};
use crate::instance::{Instance, Stage, instantiate};
use crate::module::Module;
use crate::options::Options;
use crate::problem::Problem;
use crate::signature;

/// Enough for any name or schema, and over within seconds where a plugin loops.
const FUEL: u64 = 50_000_000;

pub(super) fn problems(module: &Module, version: ServerVersion) -> Vec<Problem> {
    let directory = match tempfile::tempdir() {
        Ok(directory) => directory,
        Err(error) => {
            let message =
                format!("this machine gives no temporary directory to try it in: {error}");
            return vec![Problem::Instantiation { message }];
        }
    };
    let mut options = Options { fuel: Some(FUEL), ..Options::default() };
    options.setup.version = version;
    let server = options.server(module.package(), ConfigStore::in_memory());
    let mut instance = match instantiate(module, &options, &server, directory.path()) {
        Ok(instance) => instance,
        Err((Stage::SecondInitialize, thrown)) => {
            return vec![Problem::InitializeTwice { message: thrown.message }];
        }
        Err((stage, thrown)) => {
            return vec![Problem::Instantiation {
                message: format!("{stage}: {}", thrown.message),
            }];
        }
    };
    let rules: [fn(&mut Instance) -> Vec<Problem>; 3] = [name, schema, endpoints];
    rules.into_iter().flat_map(|rule| rule(&mut instance)).collect()
}

fn name(instance: &mut Instance) -> Vec<Problem> {
    match text_out(&mut instance.enter(), exports::PLUGIN_NAME.name) {
        Ok(name) if name.is_empty() => vec![Problem::NoName],
        Ok(_) => Vec::new(),
        Err(thrown) => {
            vec![Problem::Traps {
                name: exports::PLUGIN_NAME.name.to_owned(),
                message: thrown.message,
            }]
        }
    }
}

fn schema(instance: &mut Instance) -> Vec<Problem> {
    let schema = match text_out(&mut instance.enter(), exports::PLUGIN_SCHEMA.name) {
        Ok(schema) => schema,
        Err(thrown) => {
            return vec![Problem::Traps {
                name: exports::PLUGIN_SCHEMA.name.to_owned(),
                message: thrown.message,
            }];
        }
    };
    let length = schema.len();
    if schema.is_empty() {
        return vec![Problem::NoSchema];
    }
    if length > TEXT_BUFFER {
        return vec![Problem::SchemaTooLong { length }];
    }
    match serde_json::from_str::<Value>(&schema) {
        Err(error) => vec![Problem::SchemaNotJson { error: error.to_string(), length }],
        Ok(schema) => reference(&schema)
            .map(|reference| Problem::SchemaReference { reference })
            .into_iter()
            .collect(),
    }
}

fn reference(schema: &Value) -> Option<String> {
    match schema {
        Value::Object(members) => match members.get("$ref") {
            Some(Value::String(reference)) => Some(reference.clone()),
            _ => members.values().find_map(reference),
        },
        Value::Array(items) => items.iter().find_map(reference),
        _ => None,
    }
}

fn endpoints(instance: &mut Instance) -> Vec<Problem> {
    if !instance.exports_function(exports::HTTP_ENDPOINTS.name) {
        return Vec::new();
    }
    let text = match http_endpoints(&mut instance.enter()) {
        Ok(text) => text,
        Err(thrown) => return vec![Problem::Endpoints { message: thrown.message }],
    };
    if text.len() > TEXT_BUFFER {
        return vec![Problem::Endpoints { message: format!("it is {} bytes long", text.len()) }];
    }
    match serde_json::from_str::<Value>(&text) {
        Ok(Value::Array(endpoints)) => {
            endpoints.iter().filter_map(|endpoint| endpoint_problem(endpoint, instance)).collect()
        }
        Ok(_) => vec![Problem::Endpoints { message: "it is JSON but no array".to_owned() }],
        Err(error) => vec![Problem::Endpoints { message: format!("it is not JSON: {error}") }],
    }
}

fn endpoint_problem(endpoint: &Value, instance: &Instance) -> Option<Problem> {
    let member = |key: &str| endpoint.get(key).and_then(Value::as_str);
    let (Some(method), Some(path), Some(handler)) =
        (member("method"), member("path"), member("handler"))
    else {
        return Some(Problem::Endpoint {
            endpoint: endpoint.to_string(),
            message: "expected the texts \"method\", \"path\" and \"handler\", without which it and all endpoints behind it are lost".to_owned(),
        });
    };
    let message = wrong_with(method, path, handler, instance)?;
    Some(Problem::Endpoint { endpoint: format!("{method} {path}"), message })
}

fn wrong_with(method: &str, path: &str, handler: &str, instance: &Instance) -> Option<String> {
    let upper = method.to_ascii_uppercase();
    if !endpoint::METHODS.contains(&upper.as_str()) {
        let [others @ .., last] = endpoint::METHODS;
        let others = others.join(", ");
        return Some(format!("the server registers {others} and {last} only; use one of these"));
    }
    if endpoint::reserved(method, path).is_some() {
        return Some(
            "the server answers this path itself; choose another, such as /api/config".to_owned(),
        );
    }
    if !path.starts_with('/') {
        return Some(
            "the path does not begin with /, so no request ever matches it; add the /".to_owned(),
        );
    }
    if let Err(error) = Router::default().add(method, path, handler) {
        return Some(format!("{error}, and all endpoints behind it are lost; correct the path"));
    }
    match instance.function_type(handler) {
        None => Some(format!(
            "its handler {handler} is not exported, so it answers 500; export it as {EXCHANGE}"
        )),
        Some(ty) if !signature::matches(EXCHANGE, &ty) => Some(format!(
            "its handler {handler} is {}, but the server calls it as {EXCHANGE}; change it to that",
            signature::describe(&ty)
        )),
        Some(_) => None,
    }
}
