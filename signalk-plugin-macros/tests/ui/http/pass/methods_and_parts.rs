//! The methods of HTTP, a part of the path that varies, and what a handler takes of a request.

use signalk_plugin_sdk::http::{Json, Path, Request, StatusError};
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::serde_json::json;
use signalk_plugin_sdk::testing::TestHost;

struct Plugin {
    items: Vec<String>,
}

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self { items: vec!["line".to_owned()] }
    }

    #[get("/api/items/:index")]
    fn item(&self, Path(index): Path<usize>) -> Result<String> {
        let item = self.items.get(index).cloned();
        item.ok_or_else(|| StatusError::new(404, "no such item").into())
    }

    #[post("/api/items")]
    fn add(&mut self, Json(item): Json<String>) -> Json<usize> {
        self.items.push(item);
        Json(self.items.len())
    }

    #[put("/api/items")]
    fn path(&self, request: &Request<'_>) -> String {
        request.path().to_owned()
    }

    #[delete("/api/items")]
    fn clear(&mut self) -> Result<()> {
        self.items.clear();
        Ok(())
    }
}

fn main() {
    let mut host = TestHost::<Plugin>::start("{}");
    assert_eq!(host.get("/api/items/0").body, "line");
    assert_eq!(host.get("/api/items/1").status, 404);
    assert_eq!(host.http("DELETE", "/api/items", &json!({})).status, 204);
    assert_eq!(host.get("/api/items/0").status, 404);
}
