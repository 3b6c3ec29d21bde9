//! Numbers, texts, ticks, groups and lists.

use anyhow::Result;
use serde_json::{Value, json};

use super::Step;
use super::browser::Form;

pub(crate) const STEPS: [Step; 3] =
    [("set", set, was_set), ("changed", change, was_changed), ("cleared", clear, was_cleared)];

fn set(form: &Form<'_>) -> Result<()> {
    form.fill("number", "123.5")?;
    form.fill("byte", "255")?;
    form.fill("signed", "-32768")?;
    form.fill("large", "9007199254740991")?;
    form.fill("largest", "-9007199254740991")?;
    form.fill("text", "“Ahoy” <b>&amp; 'sea'")?;
    form.fill("word", "abcde")?;
    form.fill("letter", "é")?;
    form.tick("tick")?;
    form.fill("secret", "hunter2")?;
    form.set("date", "2026-12-24")?;
    form.set("moment", "2026-12-24T18:30")?;
    form.fill("duration_secs", "90")?;
    form.fill("numberOption", "7.5")?;
    form.choose("numberDefault", "Not set")?;
    form.fill("textOption", "x")?;
    form.choose("textDefault", "Not set")?;
    form.choose("tickOption", "No")?;
    form.choose("tickDefault", "Not set")?;
    form.choose("groupOption", "Set")?;
    form.fill("groupOption_name", "Starboard")?;
    form.choose("groupDefault", "Not set")?;
    form.choose("listOption", "Set")?;
    form.add("listOption")?;
    form.fill("listOption_0", "first")?;
    form.add("names")?;
    form.fill("names_0", "a")?;
    form.add("names")?;
    form.fill("names_1", "b")?;
    form.add("numbers")?;
    form.fill("numbers_0", "3")?;
    form.add("numbers")?;
    form.fill("numbers_1", "4")?;
    form.add("ticks")?;
    form.add("ticks")?;
    form.tick("ticks_1")?;
    form.add("engines")?;
    form.fill("engines_0_name", "Port")?;
    form.tick("engines_0_running")?;
    form.add("engines")?;
    form.fill("engines_1_name", "Starboard")?;
    form.fill("engines_1_hours", "1200.25")?;
    form.fill("pair_0", "2.5")?;
    form.fill("pair_1", "two")?;
    form.fill("triple_0", "-1")?;
    form.fill("triple_2", "30")?;
    form.tick("group_last")?;
    form.fill("group_flatNumber", "2")?;
    form.choose("group_flatOption", "Not set")
}

fn was_set() -> Value {
    json!({
        "number": 123.5,
        "byte": 255,
        "signed": -32768,
        "large": 9_007_199_254_740_991_i64,
        "largest": -9_007_199_254_740_991_i64,
        "text": "“Ahoy” <b>&amp; 'sea'",
        "word": "abcde",
        "letter": "é",
        "tick": false,
        "secretRevealed": "hunter2",
        "date": "2026-12-24",
        "moment": "2026-12-24T18:30:00.000Z",
        "duration": { "secs": 90, "nanos": 0 },
        "numberOption": 7.5,
        "numberDefault": null,
        "textOption": "x",
        "textDefault": null,
        "tickOption": false,
        "tickDefault": null,
        "groupOption": { "name": "Starboard", "running": false, "hours": null },
        "groupDefault": null,
        "listOption": ["first"],
        "names": ["a", "b"],
        "numbers": [3, 4],
        "ticks": [false, true],
        "engines": [
            { "name": "Port", "running": true, "hours": null },
            { "name": "Starboard", "running": false, "hours": 1200.25 },
        ],
        "pair": [2.5, "two"],
        "triple": [-1, 2, 30],
        "group": { "last": true, "flatNumber": 2.0, "flatOption": null },
    })
}

fn change(form: &Form<'_>) -> Result<()> {
    form.tick("tick")?;
    form.choose("numberDefault", "Set")?;
    form.fill("numberDefault", "6")?;
    form.choose("textDefault", "Set")?;
    form.fill("textDefault", "y")?;
    form.choose("tickOption", "Yes")?;
    form.choose("tickDefault", "No")?;
    form.choose("groupDefault", "Set")?;
    form.fill("groupDefault_number", "3")?;
    form.remove("names", 0)?;
    form.remove("engines", 0)?;
    form.choose("group_flatOption", "Set")?;
    form.fill("group_flatOption", "9")
}

fn was_changed() -> Value {
    json!({
        "tick": true,
        "numberDefault": 6,
        "textDefault": "y",
        "tickOption": true,
        "tickDefault": false,
        "groupDefault": { "on": true, "number": 3 },
        "names": ["b"],
        "engines": [{ "name": "Starboard", "running": false, "hours": 1200.25 }],
        "group": { "last": true, "flatNumber": 2.0, "flatOption": 9 },
    })
}

fn clear(form: &Form<'_>) -> Result<()> {
    form.fill("text", "")?;
    form.fill("secret", "")?;
    form.fill("numberOption", "")?;
    form.fill("textOption", "")?;
    form.choose("tickOption", "Not set")?;
    form.choose("groupOption", "Not set")?;
    form.choose("listOption", "Not set")?;
    form.remove("names", 0)?;
    form.remove("numbers", 1)?;
    form.remove("ticks", 0)?;
    form.remove("engines", 0)?;
    form.tick("group_last")
}

fn was_cleared() -> Value {
    json!({
        "text": "",
        "secretRevealed": "",
        "numberOption": null,
        "textOption": null,
        "tickOption": null,
        "groupOption": null,
        "listOption": null,
        "names": [],
        "numbers": [3],
        "ticks": [true],
        "engines": [],
        "group": { "last": false, "flatNumber": 2.0, "flatOption": 9 },
    })
}
