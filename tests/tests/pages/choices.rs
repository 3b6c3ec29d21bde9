//! Enums of every kind, from one variant to another.

use anyhow::Result;
use serde_json::{Value, json};

use super::Step;
use super::browser::Form;

pub(crate) const STEPS: [Step; 3] =
    [("set", set, was_set), ("changed", change, was_changed), ("cleared", clear, was_cleared)];

fn set(form: &Form<'_>) -> Result<()> {
    form.choose("plain", "Dusk")?;
    form.choose("documented", "By night")?;
    form.choose("renamed", "S")?;
    form.choose("plainOption", "Night")?;
    form.choose("documentedOption", "By night")?;
    form.choose("documentedDefault", "Not set")?;
    form.choose("plainSet", "Day")?;
    form.choose("plainSet", "Dusk")?;
    form.add("documentedList")?;
    form.add("documentedList")?;
    form.choose("documentedList_1", "By night")?;
    form.choose("external", "Over TCP")?;
    form.fill("external_tcp_host", "boat.local")?;
    form.fill("external_tcp_port", "10110")?;
    form.choose("externalOption", "Frequency")?;
    form.fill("externalOption_frequency", "50.5")?;
    form.choose("externalDefault", "Not set")?;
    form.add("externalList")?;
    form.choose("externalList_0", "Named")?;
    form.fill("externalList_0_named_name", "Port")?;
    form.add("externalList")?;
    form.choose("internal", "Box")?;
    form.fill("internal_width", "3")?;
    form.choose("internalOption", "Not set")?;
    form.choose("adjacent", "Between")?;
    form.fill("adjacent_with_from", "1")?;
    form.fill("adjacent_with_to", "2")?;
    form.choose("untagged", "Latitude, Longitude")?;
    form.fill("untagged_latitude", "54.5")?;
    form.fill("untagged_longitude", "10.2")?;
    form.tick("group_last")?;
    form.choose("group", "Circle")?;
    form.fill("group_radius", "11")
}

fn was_set() -> Value {
    json!({
        "plain": "Dusk",
        "documented": "Night",
        "renamed": "s",
        "plainOption": "Night",
        "documentedOption": "Night",
        "documentedDefault": null,
        "plainSet": ["Day", "Dusk"],
        "documentedList": ["Day", "Night"],
        "external": { "tcp": { "host": "boat.local", "port": 10110 } },
        "externalOption": { "frequency": 50.5 },
        "externalDefault": null,
        "externalList": [{ "named": { "name": "Port" } }, "off"],
        "internal": { "kind": "Box", "width": 3.0, "height": null },
        "internalOption": null,
        "adjacent": { "kind": "Between", "with": { "from": 1, "to": 2 } },
        "untagged": { "latitude": 54.5, "longitude": 10.2 },
        "group": { "last": false, "shape": "Circle", "radius": 11.0 },
    })
}

fn change(form: &Form<'_>) -> Result<()> {
    form.choose("documentedDefault", "By night")?;
    form.choose("plainSet", "Day")?;
    form.choose("plainSet", "Night")?;
    form.choose("external", "An engine")?;
    form.fill("external_engine_name", "Wing")?;
    form.choose("externalOption", "Named")?;
    form.fill("externalOption_named_name", "::1")?;
    form.choose("externalDefault", "Frequency")?;
    form.fill("externalDefault_frequency", "1")?;
    form.choose("externalList_0", "Off")?;
    form.choose("externalList_1", "Frequency")?;
    form.fill("externalList_1_frequency", "60")?;
    form.choose("internal", "Circle")?;
    form.fill("internal_radius", "20")?;
    form.choose("internalOption", "Nothing")?;
    form.choose("adjacent", "Every")?;
    form.fill("adjacent_with", "5")?;
    form.choose("untagged", "Text")?;
    form.fill("untagged", "abc")
}

fn was_changed() -> Value {
    json!({
        "documentedDefault": "Night",
        "plainSet": ["Night", "Dusk"],
        "external": { "engine": { "name": "Wing", "running": false, "hours": null } },
        "externalOption": { "named": { "name": "::1" } },
        "externalDefault": { "frequency": 1.0 },
        "externalList": ["off", { "frequency": 60.0 }],
        "internal": { "kind": "Circle", "radius": 20.0 },
        "internalOption": { "kind": "Nothing" },
        "adjacent": { "kind": "Every", "with": 5 },
        "untagged": "abc",
    })
}

fn clear(form: &Form<'_>) -> Result<()> {
    form.choose("plainOption", "Not set")?;
    form.choose("documentedOption", "Not set")?;
    form.choose("plainSet", "Night")?;
    form.choose("plainSet", "Dusk")?;
    form.remove("documentedList", 1)?;
    form.remove("documentedList", 0)?;
    form.choose("external", "Switched off")?;
    form.choose("externalOption", "Not set")?;
    form.remove("externalList", 1)?;
    form.remove("externalList", 0)?;
    form.choose("internal", "Nothing")?;
    form.choose("adjacent", "Never")?;
    form.choose("untagged", "Number")?;
    form.fill("untagged", "-1.5")?;
    form.choose("group", "Point")
}

fn was_cleared() -> Value {
    json!({
        "plainOption": null,
        "documentedOption": null,
        "plainSet": [],
        "documentedList": [],
        "external": "off",
        "externalOption": null,
        "externalList": [],
        "internal": { "kind": "Nothing" },
        "adjacent": { "kind": "Never" },
        "untagged": -1.5,
        "group": { "last": false, "shape": "Point" },
    })
}
