//! Requests to change values, of whoever takes them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Client, in_address};
use crate::error::{Error, Result, bail};
use crate::task;

/// The pause between two questions for an outcome that is still to come.
const PAUSE: Duration = Duration::from_secs(1);

/// The number of such questions: half a minute, after which the one who takes the request says no more.
const MOST_QUESTIONS: u32 = 30;

#[derive(Serialize)]
#[serde(crate = "serde")]
struct Wish<'a, T: Serialize + ?Sized> {
    value: &'a T,
}

/// How far a request has come.
#[derive(Deserialize)]
#[serde(crate = "serde", rename_all = "camelCase")]
struct Progress {
    state: String,
    #[serde(default)]
    status_code: u16,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    href: Option<String>,
}

impl Client {
    /// Asks for another value of a path of the own vessel, as a switch in a page does, and waits until
    /// whoever takes requests for that path has dealt with it: another plugin, or the server.
    ///
    /// # Errors
    /// When the server does not answer or asks for a token, when nobody takes requests for the path, when the
    /// one who does says no, and when the outcome does not come within half a minute. If a plugin in WebAssembly
    /// takes them, the servers up to 2.32 answer with an error even though it has done what was asked.
    pub async fn put<T: Serialize + ?Sized>(&self, path: &str, value: &T) -> Result<()> {
        let address = ["/signalk/v1/api/vessels/self/", &*in_address(path)].concat();
        let request = self.request("PUT", &address).json(&Wish { value });
        let answer = self.send(request).await?;
        if answer.status() == 500 {
            bail!(
                "the server answered the request to change {path} with 500, as it does for each path of a \
                 plugin in WebAssembly, which may have changed it all the same"
            );
        }
        let mut progress: Progress = answer.json()?;
        for _ in 0..MOST_QUESTIONS {
            if progress.state == "COMPLETED" {
                return outcome(path, progress);
            }
            let Some(href) = &progress.href else {
                break;
            };
            task::sleep(PAUSE).await;
            progress = self.send(self.request("GET", href)).await?.error_for_status()?.json()?;
        }
        bail!("the request to change {path} was not answered")
    }
}

fn outcome(path: &str, progress: Progress) -> Result<()> {
    if (200..300).contains(&progress.status_code) {
        return Ok(());
    }
    let reason = progress.message.unwrap_or_else(|| progress.status_code.to_string());
    Err(Error::msg(["the request to change ", path, " was refused: ", &*reason].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn a_refusal_says_who_refused_what_and_why() {
        let progress = |text| json::from_str::<Progress>(text).unwrap();
        let done = progress(r#"{"state":"COMPLETED","statusCode":200,"requestId":"x"}"#);
        assert!(outcome("a.b", done).is_ok());
        let refused =
            r#"{"state":"COMPLETED","statusCode":405,"message":"PUT not supported for a.b"}"#;
        assert_eq!(
            outcome("a.b", progress(refused)).unwrap_err().to_string(),
            "the request to change a.b was refused: PUT not supported for a.b"
        );
        let silent = progress(r#"{"state":"COMPLETED","statusCode":502}"#);
        let error = outcome("a.b", silent).unwrap_err().to_string();
        assert_eq!(error, "the request to change a.b was refused: 502");
    }
}
