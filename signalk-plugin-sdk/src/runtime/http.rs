//! Answering an HTTP request.

use super::ask::{logged, not_there, shortened, text, too_long};
use super::{Installed, Runtime};
use crate::error::{StatusError, status_of};
use crate::http::{Request, Response};
use crate::json::{ListWriter, ObjectWriter};
use crate::report::Who;

impl<P: Installed> Runtime<P> {
    /// Answers an HTTP request: `{"statusCode","headers","body"}`, of at most `max` bytes.
    pub(crate) fn http(&self, export: &str, request: &[u8], max: usize) -> String {
        let endpoint = P::HANDLERS.endpoints.iter().find(|it| it.export == export);
        let answer = endpoint.ok_or_else(not_there).and_then(|endpoint| {
            self.ask(Who::Endpoint(endpoint.method, endpoint.path), |plugin| {
                (endpoint.call)(plugin, &Request::parse(text(request)?)?)
            })
        });
        if let Err(error) = &answer
            && status_of(error) >= 500
        {
            logged(export, error);
        }
        let (answer, status, error) = match answer {
            Ok(answer) => {
                let status = answer.status_code();
                (answer.into_json(), status, None)
            }
            Err(error) => (Response::from(&error).into_json(), status_of(&error), Some(error)),
        };
        if answer.len() <= max {
            return answer;
        }
        // Clients go by the status, so what is an error keeps it.
        let problem = match error {
            Some(error) => shortened(&error, max),
            None => too_long(answer.len(), max),
        };
        Response::from(&StatusError::new(status, problem).into()).into_json()
    }

    /// The endpoints, as the server asks for them before the plugin is started.
    pub(crate) fn endpoints() -> String {
        let mut list = ListWriter::new();
        for endpoint in P::HANDLERS.endpoints {
            let entry = ObjectWriter::new().string("method", endpoint.method);
            let entry = entry.string("path", endpoint.path).string("handler", endpoint.export);
            list.push(&entry.end());
        }
        list.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plugin::Plugin;
    use crate::prelude::*;

    struct Pages;

    #[signalk_plugin]
    impl Pages {
        fn start() -> Self {
            Self
        }

        #[get("/api/status")]
        fn status(&self) -> &'static str {
            "well"
        }

        #[put("/api/items/:id")]
        fn change(&mut self) {}
    }

    #[test]
    fn the_server_is_told_every_endpoint_with_the_export_that_answers_it() {
        let endpoints = Runtime::<Pages>::endpoints();
        let list: serde_json::Value = serde_json::from_str(&endpoints).unwrap();
        let of = |at: usize| [&list[at]["method"], &list[at]["path"], &list[at]["handler"]];
        assert_eq!(list.as_array().unwrap().len(), 2, "{list}");
        assert_eq!(of(0)[..2], ["GET", "/api/status"]);
        assert_eq!(of(1)[..2], ["PUT", "/api/items/:id"]);
        for (at, endpoint) in Pages::HANDLERS.endpoints.iter().enumerate() {
            assert_eq!(of(at)[2], endpoint.export);
        }
    }
}
