//! A plugin that waits: tasks, TCP connections, HTTP and HTTPS.

use signalk_plugin_sdk::config::Secret;
use signalk_plugin_sdk::fetch::{Client, Error, FetchResponse};
use signalk_plugin_sdk::http::{self, Json};
use signalk_plugin_sdk::net::TcpStream;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::task::{self, Task, sleep};

/// The plugin's configuration.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// Certificates to trust, as PEM
    trust: Option<String>,
}

/// The plugin.
#[derive(Debug)]
pub struct Fetches {
    client: Client,
    task: Option<Task>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    url: String,
    #[serde(default = "get")]
    method: String,
    #[serde(default)]
    body: Option<String>,
    /// How long it may take, in seconds, where that is not the client's own limit.
    #[serde(default)]
    timeout: Option<u64>,
    /// A key to send.
    #[serde(default)]
    key: Secret,
    /// Tells whether the answer is read as JSON, a group of numbers.
    #[serde(default)]
    json: bool,
}

fn get() -> String {
    "GET".into()
}

#[derive(Deserialize)]
struct Dialled {
    port: u16,
    text: String,
}

/// What became of a request.
#[derive(Serialize)]
struct Outcome {
    status: Option<u16>,
    bytes: usize,
    /// The sum of the bytes, so that a large body need not be passed on.
    sum: u64,
    text: String,
}

#[signalk_plugin]
impl Fetches {
    fn start(config: Config) -> Result<Self> {
        let mut client = Client::new().max_response_bytes(4 << 20);
        if let Some(pem) = config.trust {
            client = client.trust(&pem)?;
        }
        Ok(Self { client, task: None })
    }

    #[post("/api/fetch")]
    fn fetch(&mut self, Json(wanted): Json<Wanted>) -> Result<()> {
        delta::clear("test.outcome")?;
        let mut request = self.client.request(&wanted.method, &wanted.url);
        if let Some(seconds) = wanted.timeout {
            request = request.timeout(Duration::from_secs(seconds));
        }
        if let Some(body) = wanted.body {
            request = request.body("text/plain", body);
        }
        let request = request.query_secret("key", &wanted.key).bearer(&wanted.key);
        let fetch = async move {
            let answer = request.send().await?;
            if wanted.json {
                let answer = answer.clone().error_for_status()?;
                answer.json::<std::collections::BTreeMap<String, f64>>()?;
            }
            Ok(answer)
        };
        self.task = Some(task::spawn_then("fetch", fetch, Self::fetched));
        Ok(())
    }

    fn fetched(&mut self, outcome: Result<FetchResponse, Error>) -> Result<()> {
        let outcome = match outcome {
            Ok(answer) => {
                let bytes = answer.bytes();
                let start = bytes.get(..bytes.len().min(200)).unwrap_or_default();
                Outcome {
                    status: Some(answer.status()),
                    bytes: bytes.len(),
                    sum: bytes.iter().map(|byte| u64::from(*byte)).sum(),
                    text: String::from_utf8_lossy(start).into_owned(),
                }
            }
            Err(error) => Outcome { status: None, bytes: 0, sum: 0, text: error.to_string() },
        };
        delta::set("test.outcome", outcome)
    }

    #[post("/api/give_up")]
    fn give_up(&mut self) {
        self.task = None;
    }

    /// Says something to a peer, and publishes the line that it answers.
    #[post("/api/dial")]
    fn dial(&mut self, Json(dialled): Json<Dialled>) -> Result<()> {
        delta::clear("test.answer")?;
        task::spawn("dial", async move {
            let mut stream = TcpStream::connect("127.0.0.1", dialled.port).await?;
            stream.send(dialled.text.as_bytes())?;
            let mut answer = Vec::new();
            while !answer.ends_with(b"\n") {
                stream.read(&mut answer).await?;
            }
            delta::set("test.answer", String::from_utf8_lossy(&answer).trim_end())
        })
        .detach();
        Ok(())
    }

    /// Publishes 1, 2, 3 … once a second, up to a number.
    #[post("/api/count/:to")]
    fn count(&mut self, http::Path(to): http::Path<u32>) {
        let count = async move {
            for number in 1..=to {
                sleep(Duration::from_secs(1)).await;
                delta::set("test.count", number)?;
            }
            ensure!(to < 100, "one hundred is too many");
            Ok(())
        };
        self.task = Some(task::spawn("count", count));
    }

    /// With it, every delta is a call in which the tasks go on.
    #[delta("test.poke")]
    fn poke(&mut self, _: f64) {}

    #[post("/api/panic")]
    #[allow(clippy::panic)]
    fn panic(&mut self) {
        let panics = async {
            sleep(Duration::from_millis(1)).await;
            panic!("in a task");
        };
        task::spawn("panics", panics).detach();
    }
}
