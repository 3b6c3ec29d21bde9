//! From the server's requests to the provider, and back.

use std::fmt::Display;

use signalk_plugin_contract::providers::Reply;

use super::{Resource, ResourceProvider, ResourceQuery};
use crate::boundary::imports;
use crate::error::{Context as _, Error, Result};
use crate::json::{ObjectWriter, Raw};
use crate::{clock, json, text};

/// What the SDK sees to itself in every resource.
const TIMESTAMP: &str = "timestamp";
const SOURCE: &str = "$source";

/// The type that a request is for.
///
/// # Errors
/// When the request is not one of the server's.
pub(crate) fn resource_type(request: &str) -> Result<String> {
    field(request, "resourceType")
}

pub(crate) fn list<P, R>(plugin: &mut P, request: &str) -> Result<String>
where
    P: ResourceProvider<R>,
    R: Resource,
{
    // A limit that does not fit is the provider's to complain about, for it may mean another thing.
    let limit = value(request, "limit")?.and_then(|limit| json::from_str(limit).ok());
    let resources = plugin.list(&ResourceQuery(request)).context(R::TYPE)?;
    let mut answer = List::new();
    for (id, resource) in resources.iter().take(limit.unwrap_or(usize::MAX)) {
        answer.push(R::TYPE, id, json::to_string(resource))?;
    }
    Ok(answer.written.end())
}

pub(crate) fn get<P, R>(plugin: &mut P, request: &str) -> Result<String>
where
    P: ResourceProvider<R>,
    R: Resource,
{
    let id = field(request, "id")?;
    let resource = plugin.get(&id).context(named(R::TYPE, &id))?;
    let text = resource.map(|resource| json::to_string(&resource)).transpose();
    whole_or_property(text, request).context(named(R::TYPE, &id))
}

/// The server does not look at the answer.
pub(crate) fn set<P, R>(plugin: &mut P, request: &str) -> Result<String>
where
    P: ResourceProvider<R>,
    R: Resource,
{
    let id = field(request, "id")?;
    let resource = dated(request).and_then(|value| Ok(json::from_str(&value)?));
    let done = resource.and_then(|resource| plugin.set(&id, resource));
    done.context(named(R::TYPE, &id))?;
    Ok("true".into())
}

/// The server does not look at the answer.
pub(crate) fn delete<P, R>(plugin: &mut P, request: &str) -> Result<String>
where
    P: ResourceProvider<R>,
    R: Resource,
{
    let id = field(request, "id")?;
    let was_there = plugin.delete(&id).context(named(R::TYPE, &id))?;
    Ok(if was_there { "true" } else { "false" }.into())
}

/// What the server is to get for a request that failed: text that is not JSON, for everything else
/// counts as found.
pub(crate) fn failed(_: Reply, error: &Error) -> String {
    message(error)
}

fn message(problem: &dyn Display) -> String {
    // With this in front no text is JSON, and none is empty.
    "Error: ".to_owned() + &problem.to_string()
}

fn not_found() -> String {
    message(&"not found")
}

// What follows is of no type of resource, so that a plugin of five has it once.

/// `routes/<id>`.
fn named(resource_type: &str, id: &str) -> String {
    [resource_type, "/", &text::cut(id, 60)].concat()
}

/// The resources of a list, as the server wants them.
struct List {
    written: ObjectWriter,
    now: String,
}

impl List {
    fn new() -> Self {
        Self { written: ObjectWriter::new(), now: clock::now_rfc3339() }
    }

    fn push(
        &mut self,
        resource_type: &str,
        id: &str,
        resource: Result<String, json::Error>,
    ) -> Result<()> {
        let resource = resource.map_err(Error::from);
        let resource = resource.and_then(|text| complete(&text, &self.now));
        let resource = resource.context(named(resource_type, id))?;
        self.written.add(id, &resource);
        Ok(())
    }
}

/// The answer to a request for a resource, or for a property of it.
fn whole_or_property(
    resource: Result<Option<String>, json::Error>,
    request: &str,
) -> Result<String> {
    let Some(resource) = resource? else {
        return Ok(not_found());
    };
    let whole = complete(&resource, &clock::now_rfc3339())?;
    let path = value(request, "property")?.map(json::string).transpose()?.unwrap_or_default();
    if path.is_empty() {
        return Ok(whole);
    }
    let mut found = Some(whole.clone());
    for key in path.split('.') {
        found = found.and_then(|text| member(&text, key));
    }
    let Some(found) = found else {
        return Ok(not_found());
    };
    // Bare, lists and texts would reach the client in single elements and letters.
    let mut answer = ObjectWriter::new().json("value", &found);
    for key in [TIMESTAMP, SOURCE] {
        if let Some(value) = member(&whole, key) {
            answer.add(key, &value);
        }
    }
    Ok(answer.end())
}

/// The value that a client stores, with the time in it instead of what the client says.
fn dated(request: &str) -> Result<String> {
    let entries = json::object(value(request, "value")?.context("value is missing")?)?;
    let mut dated = ObjectWriter::new();
    for (key, value) in entries {
        if key != TIMESTAMP && key != SOURCE {
            dated.add(&key, value);
        }
    }
    Ok(dated.string(TIMESTAMP, &clock::now_rfc3339()).end())
}

/// The text of a field of the request.
fn value<'r>(request: &'r str, key: &str) -> Result<Option<&'r str>> {
    json::field(request, key).context("the server's request")
}

fn field(request: &str, key: &str) -> Result<String> {
    let value = value(request, key)?.context("the server's request has none").context(key)?;
    Ok(json::string(value).context(key)?.into_owned())
}

/// The resource's JSON with who it is from and when it was changed.
fn complete(text: &str, now: &str) -> Result<String> {
    let mut complete = ObjectWriter::new();
    let mut is_dated = false;
    for (key, value) in json::object(text)? {
        is_dated |= key == TIMESTAMP;
        if key != SOURCE {
            complete.add(&key, value);
        }
    }
    let now = Some(now).filter(|_| !is_dated);
    let source = imports::plugin_id();
    Ok(complete.string_if(TIMESTAMP, now).string_if(SOURCE, source.as_deref()).end())
}

/// What stands under a key of an object, or at an index of a list.
fn member(text: &str, key: &str) -> Option<String> {
    if text.starts_with('[') {
        let elements: Vec<Raw> = json::from_str(text).ok()?;
        let index: usize = json::from_str(key).ok()?;
        return elements.get(index).map(|element| element.as_str().to_owned());
    }
    json::field(text, key).ok()?.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;
    use crate::Position;
    use crate::resource::Waypoint;

    #[derive(Default)]
    struct Marks {
        marks: BTreeMap<String, Waypoint>,
        asked: String,
    }

    impl ResourceProvider<Waypoint> for Marks {
        fn list(&mut self, query: &ResourceQuery<'_>) -> Result<BTreeMap<String, Waypoint>> {
            self.asked = query.as_str().to_owned();
            Ok(self.marks.clone())
        }

        fn get(&mut self, id: &str) -> Result<Option<Waypoint>> {
            Ok(self.marks.get(id).cloned())
        }

        fn set(&mut self, id: &str, waypoint: Waypoint) -> Result<()> {
            self.marks.insert(id.to_owned(), waypoint);
            Ok(())
        }

        fn delete(&mut self, id: &str) -> Result<bool> {
            Ok(self.marks.remove(id).is_some())
        }
    }

    struct Fixed;

    impl ResourceProvider<Waypoint> for Fixed {
        fn list(&mut self, _: &ResourceQuery<'_>) -> Result<BTreeMap<String, Waypoint>> {
            crate::bail!("404")
        }

        fn get(&mut self, _: &str) -> Result<Option<Waypoint>> {
            crate::bail!("{{}}")
        }
    }

    const ID: &str = "ac3a3b2d-07e8-4f25-92bc-98e7c92f7f1a";

    fn marks() -> Marks {
        let mut marks = Marks::default();
        let mut mark = Waypoint::at(Position::new(60.25, 24.5));
        mark.name = Some("Reef".into());
        mark.timestamp = Some("2026-01-01T00:00:00.000Z".into());
        mark.extra.insert("depth".into(), Raw::from_value(&2.5).unwrap());
        marks.marks.insert(ID.into(), mark);
        marks
    }

    /// As the server's `JSON.stringify({ id, property, resourceType })` writes it.
    fn request(property: &str) -> String {
        let property = match property {
            "" => String::new(),
            _ => format!("\"property\":\"{property}\","),
        };
        format!("{{\"id\":\"{ID}\",{property}\"resourceType\":\"waypoints\"}}")
    }

    fn parsed(answer: Result<String>) -> Value {
        serde_json::from_str(&answer.unwrap()).unwrap()
    }

    #[test]
    fn a_list_says_whose_each_resource_is_and_keeps_to_the_limit() {
        let mut marks = marks();
        let request = r#"{"limit":1,"resourceType":"waypoints"}"#;
        let whole = json!({
            "feature": {"type": "Feature", "geometry": {"type": "Point", "coordinates": [24.5, 60.25]}, "properties": {}},
            "name": "Reef", "depth": 2.5,
            "timestamp": "2026-01-01T00:00:00.000Z", "$source": "plugin-under-test",
        });
        assert_eq!(parsed(list(&mut marks, request)), json!({ID: whole}));
        assert_eq!(marks.asked, request);
        assert_eq!(resource_type(request).unwrap(), "waypoints");
        let other = Waypoint::at(Position::new(1.0, 2.0));
        marks.marks.insert("bc3a3b2d-07e8-4f25-92bc-98e7c92f7f1a".into(), other);
        assert_eq!(parsed(list(&mut marks, request)).as_object().unwrap().len(), 1);
        let all = parsed(list(&mut marks, r#"{"resourceType":"waypoints"}"#));
        assert_eq!(all.as_object().unwrap().len(), 2);
        assert!(all["bc3a3b2d-07e8-4f25-92bc-98e7c92f7f1a"]["timestamp"].is_string());
    }

    #[test]
    fn what_is_not_there_is_not_json() {
        let mut marks = marks();
        let absent = request("").replace("ac3a", "ffff");
        for request in [
            &*absent,
            &request("colour"),
            &request("name.first"),
            &request("feature.geometry.coordinates.2"),
        ] {
            let answer = get(&mut marks, request).unwrap();
            assert!(!answer.is_empty() && json::check(&answer).is_err(), "{answer}");
        }
    }

    #[test]
    fn a_failure_is_not_json_whatever_its_text() {
        let error = list(&mut Fixed, r#"{"resourceType":"waypoints"}"#).unwrap_err();
        assert!(json::check(&failed(Reply::Any, &error)).is_err());
        let error = get(&mut Fixed, &request("")).unwrap_err();
        assert!(json::check(&failed(Reply::Any, &error)).is_err());
        assert!(json::check(&failed(Reply::Any, &Error::msg(""))).is_err());
    }

    #[test]
    fn a_property_is_answered_with_its_value_and_origin() {
        let mut marks = marks();
        let answer = |value: Value| json!({"value": value, "timestamp": "2026-01-01T00:00:00.000Z", "$source": "plugin-under-test"});
        for (property, value) in [
            ("name", json!("Reef")),
            ("depth", json!(2.5)),
            ("feature.geometry.type", json!("Point")),
            ("feature.geometry.coordinates", json!([24.5, 60.25])),
            ("feature.geometry.coordinates.1", json!(60.25)),
            ("feature.properties", json!({})),
            ("$source", json!("plugin-under-test")),
        ] {
            assert_eq!(parsed(get(&mut marks, &request(property))), answer(value), "{property}");
        }
        let whole = parsed(get(&mut marks, &request("")));
        assert_eq!(whole["name"], "Reef");
        assert_eq!(whole["$source"], "plugin-under-test");
    }

    #[test]
    fn what_a_client_stores_is_dated_and_keeps_unknown_fields() {
        let mut marks = Marks::default();
        let request = json!({"id": ID, "value": {
            "name": "New", "skin": {"colour": "red"}, "timestamp": "1999", "$source": "client",
            "feature": {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": {"a": 1}},
        }, "resourceType": "waypoints"});
        set(&mut marks, &request.to_string()).unwrap();
        let mark = &marks.marks[ID];
        assert_eq!(mark.position(), Position::new(2.0, 1.0));
        assert_eq!(mark.extra.keys().collect::<Vec<_>>(), ["skin"]);
        assert!(mark.timestamp.as_ref().unwrap().ends_with('Z'));
        let kept = parsed(get(&mut marks, &super::tests::request("skin.colour")));
        assert_eq!(
            (&kept["value"], &kept["$source"]),
            (&json!("red"), &json!("plugin-under-test"))
        );
        assert_eq!(delete(&mut marks, &super::tests::request("")).unwrap(), "true");
        assert_eq!(delete(&mut marks, &super::tests::request("")).unwrap(), "false");
    }

    #[test]
    fn what_cannot_be_stored_is_an_error_that_names_the_resource() {
        let request = format!(r#"{{"id":"{ID}","value":{{"name":1}},"resourceType":"waypoints"}}"#);
        let error = set(&mut Marks::default(), &request).unwrap_err().to_string();
        assert_eq!(error, format!("waypoints/{ID}: name: found 1, expected a text"));
        let request = format!(r#"{{"id":"{ID}","resourceType":"waypoints"}}"#);
        let error = set(&mut Marks::default(), &request).unwrap_err().to_string();
        assert_eq!(error, format!("waypoints/{ID}: value is missing"));
    }

    #[test]
    fn a_provider_that_only_reads_says_so() {
        let value = r#"{"feature":{"geometry":{"type":"Point","coordinates":[1,2]}}}"#;
        let request = format!(r#"{{"id":"{ID}","value":{value},"resourceType":"waypoints"}}"#);
        let error = set(&mut Fixed, &request).unwrap_err().to_string();
        assert_eq!(error, format!("waypoints/{ID}: this plugin's waypoints cannot be changed"));
        let error = delete(&mut Fixed, &super::tests::request("")).unwrap_err().to_string();
        assert_eq!(error, format!("waypoints/{ID}: this plugin's waypoints cannot be changed"));
    }

    #[test]
    fn a_request_that_is_none_is_an_error() {
        for request in ["", "[]", "{}", r#"{"id":7}"#] {
            assert!(get(&mut marks(), request).is_err(), "{request}");
            assert!(set(&mut marks(), request).is_err(), "{request}");
            assert!(delete(&mut marks(), request).is_err(), "{request}");
        }
        assert!(list(&mut marks(), "").is_err());
        assert!(resource_type("{}").is_err());
    }
}
