//! The pages that the server keeps for itself below `/plugins/<id>`, see [`Page`](super::Page).

use serde_json::{Value, json};

use super::HttpResponse;
use crate::js;

/// Name, version and whether it is enabled.
#[must_use]
pub fn about(enabled: &Value, id: &str, name: &str, version: Option<&str>) -> HttpResponse {
    let mut page = json!({ "enabled": enabled, "enabledByDefault": false, "id": id, "name": name });
    if let (Some(version), Some(members)) = (version, page.as_object_mut()) {
        members.insert("version".to_owned(), Value::from(version));
    }
    HttpResponse::from_json(200, &page)
}

/// The configuration: the state in memory, overlaid with what the file says.
#[must_use]
pub fn config(
    enabled: &Value,
    enable_debug: &Value,
    configuration: Option<&str>,
    file: Option<&str>,
) -> HttpResponse {
    let mut page = json!({ "enabled": enabled, "enableDebug": enable_debug });
    let file = file.and_then(|text| js::parse(text).ok());
    let file = file.unwrap_or_else(|| json!({ "enabled": false }));
    if let Some(members) = page.as_object_mut() {
        if let Some(configuration) = configuration {
            let configuration = js::parse(configuration).unwrap_or_default();
            members.insert("configuration".to_owned(), configuration);
        }
        members.extend(js::spread(&file));
    }
    HttpResponse::from_json(200, &page)
}

/// The answer to a save.
#[must_use]
pub fn saved(id: &str) -> HttpResponse {
    HttpResponse::from_json(200, &Value::from(format!("Saved configuration for plugin {id}")))
}
