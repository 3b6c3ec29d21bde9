//! HTTP requests and PUTs, and what a handler may answer.

use serde_json::{Value, json};

use super::{Script, What, get, request};

/// What a handler may answer to HTTP, one answer a line.
const ANSWERS: &str = include_str!("../../../conformance/http-answers.jsonl");

pub(super) fn http(script: &mut Script) {
    script.chapter = "HTTP";
    for (method, target) in [
        ("GET", "/do"),
        ("PUT", "/do"),
        ("DELETE", "/do"),
        ("POST", "/do"),
        ("HEAD", "/do"),
        ("PATCH", "/do"),
        ("OPTIONS", "/do"),
        ("GET", "/DO"),
        ("GET", "/do/"),
        ("GET", "/do//"),
        ("GET", "/missing"),
        ("GET", "/nowhere"),
        ("GET", "/item/1"),
        ("GET", "/item/a%20b%2Fc/d?x=1"),
        ("GET", "/item/"),
        ("GET", "//do"),
        ("GET", "///do"),
        ("GET", "/config//"),
        ("GET", "/do?nested[x]=5&a=%zz&b=%C3%B6%zz+b"),
        ("GET", "/item/a/b/c"),
        ("GET", "/do?a=1&a=2&b=&c&d[]=1&e[f]=2&e[g][h]=3&%C3%A9=%20+x&k.l=1"),
        ("GET", "/do?a[0]=x&a[2]=y&a[1]=z"),
        ("GET", "/do?a=1&a[b]=2"),
        ("GET", "/do?%"),
        ("GET", "/do?__proto__=1&toString=2"),
        ("GET", "/do?=1&&x"),
        ("GET", "/do?a[b][c][d][e][f][g][h]=1"),
    ] {
        script.http(format!("{method} {target}"), request(method, target, b"", ""));
    }
    for (media_type, body) in [
        ("application/json", r#"{"a":1.0,"b":"é"}"#),
        ("application/json", "[]"),
        ("application/json; charset=utf-8", r#"{"a":1}"#),
        ("Application/JSON", r#"{"a":1}"#),
        ("application/vnd.api+json", r#"{"a":1}"#),
        ("text/plain", r#"{"a":1}"#),
        ("", r#"{"a":1}"#),
        ("application/x-www-form-urlencoded", "a=1&b=x+y&a=2"),
        ("application/x-www-form-urlencoded", "a[b]=1"),
        ("application/json", "{\"a\":1,\"a\":2,\"10\":1,\"9\":2,\"e\":1e21}"),
    ] {
        script.http(
            format!("{media_type} {body:?}"),
            request("POST", "/do", body.as_bytes(), media_type),
        );
    }
    script.add("refused: /item/%ff", What::Refused(get("/item/%ff")));
    for body in ["7", "\"a\"", "null", "{", " "] {
        let request = request("POST", "/do", body.as_bytes(), "application/json");
        script.add(format!("refused: {body:?}"), What::Refused(request));
    }
    let mut repeated = get("/do");
    repeated.headers.extend(
        [
            ("Accept", "a"),
            ("Accept", "b"),
            ("X-Many", "1"),
            ("x-many", "2"),
            ("Cookie", "a=1"),
            ("Cookie", "b=2"),
            ("User-Agent", "one"),
            ("User-Agent", "two"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    script.http("repeated headers", repeated);
    let mut long = get("/do");
    long.target = format!("/do?long={}", "x".repeat(8000));
    script.http("a long query", long);
}

pub(super) fn answers(script: &mut Script) {
    script.chapter = "HTTP answers";
    let programs = [
        json!(["return", 0]),
        json!(["return", -1]),
        json!(["return", -2_147_483_648_i64]),
        json!(["return", i32::MAX]),
        json!(["return", 200_000]),
        json!(["fill", 70_000]),
        json!(["fill", 65_536]),
        json!(["return", 70_000]),
        json!(["trap"]),
        json!(["outside"]),
        json!(["panic"]),
    ];
    for program in programs {
        script.run(&program, json!([program]));
    }
    let long = json!({ "statusCode": 200, "body": { "long": "x".repeat(70_000) } });
    script.run("longer than the buffer", json!([["answer", long]]));
    for answer in ANSWERS.lines() {
        let answer: Value = serde_json::from_str(answer).unwrap();
        script.run(format!("answer {answer}"), json!([["answer", answer]]));
    }
    for text in [
        "text",
        "{\"statusCode\":200,\"body\":\"a\"} more",
        "{\"body\":",
        "{\"body\":\"a\",}",
        "\u{feff}{\"body\":\"a\"}",
        "[1,]",
        "nul",
        "'a'",
        "{'a':1}",
        "\"a",
        "\"\t\"",
        "\"\\x\"",
        "01",
        "-",
        "1.",
        "",
        "  ",
        "{\"a\" 1}",
        "é",
        "{\"body\":{\"a\":[1e21,1e-7,0.000001]}}",
    ] {
        script.run(format!("text {text:?}"), json!([["text", text]]));
    }
}

pub(super) fn puts(script: &mut Script) {
    script.chapter = "PUT";
    let put = |script: &mut Script, path, value: Value| {
        script.add(format!("{path} {value}"), What::Put { path, value });
    };
    for value in [json!(1.0), json!("é"), json!(null), json!({ "a": [1e21] }), json!(true)] {
        put(script, "probe.value", value);
    }
    for program in [
        json!([["call", "sk_debug", "told by a PUT"]]),
        json!([["answer", { "state": "COMPLETED", "statusCode": 400, "message": "no" }]]),
        json!([["answer", { "state": "PENDING", "statusCode": 202 }]]),
        json!([["answer", { "state": "FAILURE" }]]),
        json!([["answer", { "state": "SUCCESS" }]]),
        json!([["answer", {}]]),
        json!([["answer", null]]),
        json!([["answer", 7]]),
        json!([["text", "not json"]]),
        json!([["return", 0]]),
        json!([["return", -1]]),
        json!([["return", i32::MAX]]),
        json!([["fill", 9000]]),
        json!([["trap"]]),
        json!([["answer", { "state": "COMPLETED", "statusCode": 200, "message": "x".repeat(9000) }]]),
        json!([[
            "call",
            "sk_handle_message",
            r#"{"updates":[{"values":[{"path":"probe.value","value":5}]}]}"#,
            1
        ]]),
    ] {
        put(script, "probe.value", program);
    }
    put(script, "probe.bank-1.0.state", json!([["call", "sk_debug", "with a dash"]]));
    for path in ["probe.missing", "probe.late", "probe.nowhere"] {
        put(script, path, json!(1));
    }
}
