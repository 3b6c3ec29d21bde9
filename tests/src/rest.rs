//! The server's HTTP interfaces.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use ureq::{Agent, RequestBuilder};

/// No answer of a server on this machine takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The administrator that tests make.
const ADMIN: &str = "admin";
const PASSWORD: &str = "secret";

/// Asks and tells a server over HTTP.
#[derive(Debug, Clone)]
pub struct Rest {
    agent: Agent,
    base: String,
    /// The value of the header `Authorization`, if the server's security is on.
    authorization: Option<String>,
}

impl Rest {
    /// For a server that listens on this port of the loopback interface.
    #[must_use]
    pub fn new(port: u16) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            // Never by way of a proxy that the environment names.
            .proxy(None)
            .build();
        let base = format!("http://127.0.0.1:{port}");
        Self { agent: config.into(), base, authorization: None }
    }

    /// Turns the server's security on, from its next start, with an administrator.
    ///
    /// # Errors
    ///
    /// If the server does not answer, or has an administrator already.
    pub(crate) fn make_admin(&self) -> Result<()> {
        let admin = json!({ "userId": ADMIN, "password": PASSWORD, "type": "admin" });
        let (status, answer) = self.post("/skServer/enableSecurity", &admin)?;
        if status != 200 {
            bail!("turning security on was answered with {status}: {answer}");
        }
        Ok(())
    }

    /// Asks as the administrator from now on.
    ///
    /// # Errors
    ///
    /// If the server does not take the administrator for one.
    pub(crate) fn log_in(&mut self) -> Result<()> {
        let login = json!({ "username": ADMIN, "password": PASSWORD });
        // 2.23 answers with a page but to this very media type, without a charset.
        let answer = self.ask("POST", "/signalk/v1/auth/login", Some(&login))?;
        let answer: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let token = answer["token"].as_str().context("no token for the administrator")?;
        self.authorization = Some(format!("Bearer {token}"));
        Ok(())
    }

    /// Where the server is, without a slash at the end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The status code and body of a GET; the body is null where it is not JSON.
    ///
    /// # Errors
    ///
    /// Where the server does not answer.
    pub fn get(&self, path: &str) -> Result<(u16, Value)> {
        let url = format!("{}{path}", self.base);
        let answer = self.shown(self.agent.get(&url)).call();
        read(answer.with_context(|| format!("GET {url} failed"))?)
    }

    /// The status code and body of a POST; the body is null where it is not JSON.
    ///
    /// # Errors
    ///
    /// Where the server does not answer.
    pub fn post(&self, path: &str, body: &Value) -> Result<(u16, Value)> {
        let url = format!("{}{path}", self.base);
        let answer = self.shown(self.agent.post(&url)).send_json(body);
        read(answer.with_context(|| format!("POST {url} failed"))?)
    }

    /// A request with any method, and the answer as it came.
    ///
    /// # Errors
    ///
    /// Where the server does not answer.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Answer> {
        let body = body.map(Value::to_string);
        self.ask_with(method, path, body.as_deref().map(|body| ("application/json", body)))
    }

    /// As [`Self::ask`], with a text of any media type; of none where that is empty.
    ///
    /// # Errors
    ///
    /// If the server does not answer.
    pub fn ask_with(&self, method: &str, path: &str, body: Option<(&str, &str)>) -> Result<Answer> {
        let url = format!("{}{path}", self.base);
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(&url)
            .header("X-Asked-By", "a <test>");
        let media_type = body.map_or("", |(media_type, _)| media_type);
        if !media_type.is_empty() {
            request = request.header("Content-Type", media_type);
        }
        if let Some(authorization) = &self.authorization {
            request = request.header("Authorization", authorization);
        }
        let answer = match body {
            Some((_, body)) => self.agent.run(request.body(body.to_owned())?),
            None => self.agent.run(request.body(())?),
        };
        whole(answer.with_context(|| format!("{method} {url} failed"))?)
    }

    /// A request that shows who asks.
    fn shown<B>(&self, request: RequestBuilder<B>) -> RequestBuilder<B> {
        match &self.authorization {
            Some(authorization) => request.header("Authorization", authorization),
            None => request,
        }
    }

    /// Saves a plugin's configuration and enables it, as its page in the admin UI does.
    ///
    /// # Errors
    ///
    /// Where the server does not take it.
    pub fn save_config(&self, plugin: &str, configuration: &Value) -> Result<()> {
        let body = json!({ "enabled": true, "configuration": configuration });
        let (status, answer) = self.post(&format!("/plugins/{plugin}/config"), &body)?;
        if status != 200 {
            bail!("saving the configuration of {plugin} was answered with {status}: {answer}");
        }
        Ok(())
    }

    /// The own vessel's node in the data model; `None` where there is none.
    ///
    /// # Errors
    ///
    /// Where the server does not answer.
    pub fn own(&self, path: &str) -> Result<Option<Value>> {
        let path = path.replace('.', "/");
        let (status, node) = self.get(&format!("/signalk/v1/api/vessels/self/{path}"))?;
        Ok((status == 200).then_some(node))
    }

    /// The plugin's entry in the server's list.
    ///
    /// # Errors
    ///
    /// Where it is not in the list.
    pub fn plugin(&self, plugin: &str) -> Result<Value> {
        let (_, list) = self.get("/skServer/plugins")?;
        let entries = list.as_array().map(Vec::as_slice).unwrap_or_default();
        let entry = entries.iter().find(|entry| entry["id"] == plugin);
        entry.cloned().with_context(|| format!("{plugin} is not among the server's plugins"))
    }
}

fn whole(mut answer: ureq::http::Response<ureq::Body>) -> Result<Answer> {
    let media_type = answer.headers().get("content-type");
    let media_type = media_type.and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned();
    let body = answer.body_mut().with_config().limit(16 << 20).read_to_string()?;
    Ok(Answer { status: answer.status().as_u16(), media_type, body })
}

fn read(mut answer: ureq::http::Response<ureq::Body>) -> Result<(u16, Value)> {
    let status = answer.status().as_u16();
    let text = answer.body_mut().read_to_string()?;
    Ok((status, serde_json::from_str(&text).unwrap_or_default()))
}

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The `Content-Type`.
    pub media_type: String,
    /// The body.
    pub body: String,
}
