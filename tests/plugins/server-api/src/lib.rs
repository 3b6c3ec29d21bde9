//! A plugin that asks its server: what it knew before, resources, changes, and a token to ask all that with.

use signalk_plugin_sdk::config::Secret;
use signalk_plugin_sdk::json::Raw;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::resource::Waypoint;
use signalk_plugin_sdk::server_api::{Access, Client};
use signalk_plugin_sdk::task::{self, Task};
use signalk_plugin_sdk::{config, model};

/// The plugin's configuration.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// Address of the server; nothing is asked without one
    server: String,
    /// Token
    token: Secret,
    /// Path to change
    path: Option<String>,
    /// Asks for a token
    asks_for_access: bool,
}

/// The plugin.
#[derive(Debug)]
pub struct Asks {
    _task: Option<Task>,
}

/// The plugin's findings.
#[derive(Serialize)]
struct Known {
    name: Option<String>,
    beam: Option<f64>,
    waypoints: Vec<Option<String>>,
    course: Option<Raw>,
    unknown: Option<Raw>,
}

#[signalk_plugin(model("design.beam"))]
impl Asks {
    fn start(config: Config) -> Self {
        let is_told = !config.server.is_empty();
        Self { _task: is_told.then(|| task::spawn("asking the server", ask(config))) }
    }
}

async fn ask(mut config: Config) -> Result<()> {
    let mut client = Client::new(&config.server).with_token(&config.token);
    if config.asks_for_access && config.token.is_empty() {
        config.token = token(&client).await?;
        config::save(&config)?;
        client = client.with_token(&config.token);
    }
    if let Some(path) = &config.path {
        client.put(path, &42).await?;
        return delta::set("test.put", "done");
    }
    let snapshot = client.snapshot().await?;
    snapshot.fill_model()?;
    let known = Known {
        name: snapshot.get("name")?,
        beam: model::get("design.beam")?,
        waypoints: client.resources::<Waypoint>().await?.into_values().map(|it| it.name).collect(),
        course: client.get("/signalk/v2/api/vessels/self/navigation/course").await?,
        unknown: client.get("/signalk/v1/api/vessels/self/no/such/path").await?,
    };
    delta::set("test.known", known)
}

/// Waits for the owner's answer.
async fn token(client: &Client) -> Result<Secret> {
    let request = client.request_access("7f3c-test", "Test of access").await?;
    loop {
        match client.access(&request).await? {
            Access::Granted(token) => return Ok(token),
            Access::Denied => return Err(Error::msg("the owner has denied access")),
            _ => task::sleep(Duration::from_secs(1)).await,
        }
    }
}
