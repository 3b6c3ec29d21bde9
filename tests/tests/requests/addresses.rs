//! Addresses and bodies that a plugin is asked with, and what it is to be handed over: one list for `TestHost`, the
//! embedded host and real servers.

use serde_json::{Value, json};

/// The outcome of a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    /// `/api/echo/:part` is called with this part and query.
    Echo(&'static str, Value),
    /// The client gets this status, and no handler is called.
    Refused(u16),
}

/// A path below the plugin's with its query, and what is to become of a GET of it.
#[must_use]
pub(crate) fn all() -> Vec<(&'static str, Outcome)> {
    use Outcome::{Echo, Refused};
    let query = |query: Value| Echo("a", query);
    vec![
        ("/api/echo/a", query(json!({}))),
        ("/api/echo/a?", query(json!({}))),
        ("/API/Echo/A", Echo("A", json!({}))),
        ("/api/echo/a/", query(json!({}))),
        ("/api/echo/a//", Refused(404)),
        ("/api//echo/a", Refused(404)),
        ("//api/echo/a", query(json!({}))),
        ("///api/echo/a", Refused(404)),
        ("///", Refused(404)),
        ("/config//", Refused(404)),
        ("/api/echo", Refused(404)),
        ("/api/echo/", Refused(404)),
        ("/api/echo/a/b", Refused(404)),
        ("/api/echo/a%20b", Echo("a b", json!({}))),
        ("/api/echo/a+b", Echo("a+b", json!({}))),
        ("/api/echo/a%2Fb", Echo("a/b", json!({}))),
        ("/api/echo/K%C3%B6ln", Echo("Köln", json!({}))),
        ("/api/echo/%F0%9F%9A%A2", Echo("🚢", json!({}))),
        ("/api/echo/%25", Echo("%", json!({}))),
        ("/api/echo/%2525", Echo("%25", json!({}))),
        ("/api/ech%6F/a", Refused(404)),
        ("/api/echo/%", Refused(400)),
        ("/api/echo/%zz", Refused(400)),
        ("/api/echo/%C3", Refused(400)),
        ("/api/echo/%ff", Refused(400)),
        ("/api/echo/%ed%a0%80", Refused(400)),
        ("/api/echo/a;b=1", Echo("a;b=1", json!({}))),
        ("/api/echo/:part", Echo(":part", json!({}))),
        ("/api/echo/a?name=K%C3%B6ln+1", query(json!({"name": "Köln 1"}))),
        ("/api/echo/a?name=a%2Bb%20c", query(json!({"name": "a+b c"}))),
        ("/api/echo/a?a=1&a=2", query(json!({"a": ["1", "2"]}))),
        ("/api/echo/a?a[]=x", query(json!({"a": ["x"]}))),
        ("/api/echo/a?a%5B%5D=x&a%5B%5D=y", query(json!({"a": ["x", "y"]}))),
        ("/api/echo/a?a[1]=y&a[0]=x", query(json!({"a": ["x", "y"]}))),
        ("/api/echo/a?nested[x]=5", query(json!({"nested": {"x": "5"}}))),
        (
            "/api/echo/a?nested[x][y]=5&nested[z]=",
            query(json!({"nested": {"x": {"y": "5"}, "z": ""}})),
        ),
        ("/api/echo/a?a.b=1", query(json!({"a.b": "1"}))),
        ("/api/echo/a?a=1;b=2", query(json!({"a": "1;b=2"}))),
        ("/api/echo/a?a", query(json!({"a": ""}))),
        ("/api/echo/a?a=", query(json!({"a": ""}))),
        ("/api/echo/a?=1&&b=2&", query(json!({"b": "2"}))),
        ("/api/echo/a?a=%", query(json!({"a": "%"}))),
        ("/api/echo/a?a=%zz", query(json!({"a": "%zz"}))),
        ("/api/echo/a?a=%C3%B6%zz+b", query(json!({"a": "%C3%B6%zz b"}))),
        ("/api/echo/a?a=b=c", query(json!({"a": "b=c"}))),
        ("/api/echo/a?a=b?c", query(json!({"a": "b?c"}))),
        ("/api/echo/a?A=1&a=2", query(json!({"A": "1", "a": "2"}))),
        ("/api/echo/a?a=/b/../c", query(json!({"a": "/b/../c"}))),
        (
            "/api/echo/a?__proto__=1&constructor=2&toString=3",
            query(json!({"toString": "3", "constructor": "2"})),
        ),
        ("/api/echo/a?a=null&b=true&c=5", query(json!({"a": "null", "b": "true", "c": "5"}))),
    ]
}

/// The path of an address as the plugin gets it: the server takes a second slash at its beginning for
/// one of its own.
#[must_use]
pub(crate) fn path_of(address: &str) -> &str {
    let path = address.split('?').next().unwrap_or(address);
    path.strip_prefix('/').filter(|rest| rest.starts_with('/')).unwrap_or(path)
}

/// Bodies of a POST to `/api/echo` by their media type, and the answer: status and body.
#[must_use]
pub(crate) fn bodies() -> Vec<(&'static str, &'static str, u16, Option<Value>)> {
    let json = "application/json";
    vec![
        (json, "{}", 200, Some(json!({}))),
        (json, r#"{"a":1.0,"b":[null]}"#, 200, Some(json!({"a": 1, "b": [null]}))),
        (json, "[1]", 200, Some(json!([1]))),
        (json, r#"{"a":1,"a":2}"#, 200, Some(json!({"a": 2}))),
        (json, "5", 400, None),
        (json, "\"a\"", 400, None),
        (json, "{", 400, None),
        ("text/plain", "{\"a\":1}", 200, Some(json!({}))),
        ("", "{\"a\":1}", 200, Some(json!({}))),
    ]
}
