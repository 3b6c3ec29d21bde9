//! The plugin's pages.

use serde_json::Value;
use signalk_server_model::http::{Asked, HttpRequest, HttpResponse, Page, Router, failure, pages};
use signalk_server_model::{Event, Registration, js};

use super::{Plugin, SaveRequest};
use crate::contract::{ANSWER_BUFFER, ENABLE_DEBUG, endpoint, exports};
use crate::error::{Error, Thrown};
use crate::guest::{exchange, http_endpoints};

impl Plugin {
    /// `setupPluginSpecificRoutes`: reads `http_endpoints` once an instance; what is wrong with it
    /// is swallowed, and stops the endpoints behind it.
    pub(super) fn set_up_routes(&mut self) -> Result<(), Error> {
        self.router = Router::default();
        let Some(instance) =
            self.instance.as_mut().filter(|it| it.exports_function(exports::HTTP_ENDPOINTS.name))
        else {
            return Ok(());
        };
        let text = http_endpoints(&mut instance.enter());
        match text.and_then(|text| self.add_routes(&text).map_err(Thrown::type_error)) {
            Ok(()) => Ok(()),
            Err(thrown) => self.swallow(exports::HTTP_ENDPOINTS.name, thrown),
        }
    }

    fn add_routes(&mut self, text: &str) -> Result<(), String> {
        let endpoints = js::parse(text).map_err(|error| format!("its answer is {error}"))?;
        let endpoints = endpoints.as_array().ok_or("endpoints is not iterable")?;
        for endpoint in endpoints {
            let member = |key: &str| endpoint.get(key).and_then(Value::as_str);
            let method = member("method")
                .ok_or("Cannot read properties of undefined (reading 'toLowerCase')")?;
            if !endpoint::METHODS.iter().any(|known| known.eq_ignore_ascii_case(method)) {
                continue;
            }
            let path = member("path")
                .ok_or("path must be a string, array of strings, or regular expression")?;
            let handler = member("handler").unwrap_or("undefined");
            self.router.add(method, path, handler)?;
            let registration = Registration::Http {
                method: method.to_ascii_uppercase(),
                path: path.to_owned(),
                handler: handler.to_owned(),
            };
            self.with(|server| server.record(Event::Registered(registration)));
        }
        Ok(())
    }

    /// A request to a path below `/plugins/<id>`. `GET /`, `GET /config` and `POST /config` are
    /// answered by the server itself, everything else by the plugin's endpoints, running or not.
    ///
    /// # Errors
    ///
    /// Only where the plugin runs out of fuel. A handler that traps, or whose answer cannot be used,
    /// is an [`HttpResponse`] with status 500.
    pub fn http(&mut self, request: &HttpRequest) -> Result<HttpResponse, Error> {
        let version = self.with(|server| server.version());
        let (handler, context) =
            match self.router.ask(request, &self.module.package().id(), version) {
                Asked::Handler { handler, context } => (handler, context),
                Asked::Own(page, body) => {
                    let answer = self.own_page(page, &body)?;
                    return Ok(request.as_sent(answer));
                }
                Asked::Answered(answer) => return Ok(answer),
                _ => return Ok(failure("this host does not know what the server does then")),
            };
        let Some(instance) = self.instance.as_mut() else {
            return Ok(failure("Cannot read properties of null (reading 'instance')"));
        };
        if !instance.exports_function(&handler) {
            return Ok(failure(&format!("Handler function {handler} not found")));
        }
        match exchange(&mut instance.enter(), &handler, &context, ANSWER_BUFFER) {
            Ok(text) => Ok(request.answered(&text, version)),
            Err(thrown) => {
                let answer = failure(&thrown.message);
                self.swallow(&handler, thrown)?;
                Ok(request.as_sent(answer))
            }
        }
    }

    fn own_page(&mut self, page: Page, body: &Value) -> Result<HttpResponse, Error> {
        match page {
            Page::About => {
                let package = self.module.package();
                let version = Some(package.version_text());
                Ok(pages::about(&self.enabled, &package.id(), &self.name, version))
            }
            Page::Config => {
                let id = self.module.package().id();
                let file = self.with(|server| server.store.read(&id));
                let configuration = self.configuration.as_deref();
                let (enabled, debug) = (&self.enabled, &self.enable_debug);
                Ok(pages::config(enabled, debug, configuration, file.as_deref()))
            }
            Page::SaveConfig => self.save_page(body),
            _ => Ok(failure("this host does not have that page")),
        }
    }

    fn save_page(&mut self, body: &Value) -> Result<HttpResponse, Error> {
        let configuration = body.get("configuration").map(Value::to_string);
        let flag = |key: &str| body.get(key).and_then(Value::as_bool);
        let request = SaveRequest::parts(flag("enabled"), flag(ENABLE_DEBUG), configuration);
        match self.save(&request) {
            Ok(()) => Ok(pages::saved(&self.module.package().id())),
            Err(Error::Save { message }) => Ok(failure(&message)),
            Err(error) => Err(error),
        }
    }
}
