//! What the probe is told to do: a JSON array of instructions, each an array that begins with its name.
//!
//! | instruction | what it does |
//! |---|---|
//! | `["call", import, …]` | calls an import; a number is an argument as it is, a text its pointer and length, `{"text", "len"}` the pointer with that length, `{"bytes", "len"?}` the same for hexadecimal digits, `{"buffer", "max"?}` pointer and size of a buffer, `{"room"}` the pointer to one alone |
//! | `["arm", export, program]` | puts a program down for a coming call of an export |
//! | `["return", n]` | the export returns n |
//! | `["answer", json]`, `["text", text]` | the export writes this, and returns its length |
//! | `["fill", n]` | the export writes n times `x`, whatever its buffer holds |
//! | `["trap"]`, `["outside"]`, `["panic"]`, `["exit", n]` | ends the call by `unreachable`, by reading outside the memory, by a panic, by WASI's `proc_exit` |
//! | `["grow", pages]` | grows the memory, which detaches JavaScript's views of it |
//! | `["print", text]`, `["complain", text]` | writes a line to standard output or error |
//! | `["write", file, text]`, `["read", file]`, `["mkdir", folder]`, `["variable", name]` | what WASI gives; the outcome goes into the report |
//! | `["report"]` | sends the report, a JSON array of all outcomes, to `sk_debug` |

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::{imports, memory};

type Program = Vec<Value>;

static ARMED: Mutex<BTreeMap<String, VecDeque<Program>>> = Mutex::new(BTreeMap::new());

/// What a program left behind.
#[derive(Default)]
pub(crate) struct Outcome {
    /// What the export is to return.
    pub(crate) result: Option<i32>,
    /// What imports answered and the system said.
    pub(crate) report: Vec<Value>,
}

/// Takes the next program that was put down for an export. It is taken out before it runs, for it
/// may come back here.
pub(crate) fn armed(export: &str) -> Option<Program> {
    let mut all = ARMED.lock().unwrap_or_else(PoisonError::into_inner);
    all.get_mut(export)?.pop_front()
}

/// Runs a program in an export whose buffer for an answer begins at `out`.
pub(crate) fn run(program: &[Value], out: i32) -> Outcome {
    let mut outcome = Outcome::default();
    for instruction in program {
        let parts = instruction.as_array().map(Vec::as_slice).unwrap_or_default();
        if let [name, rest @ ..] = parts {
            step(name.as_str().unwrap_or_default(), rest, out, &mut outcome);
        }
    }
    outcome
}

fn step(name: &str, rest: &[Value], out: i32, outcome: &mut Outcome) {
    let text = |place: usize| rest.get(place).and_then(Value::as_str).unwrap_or_default();
    let number = || integer(rest.first());
    match name {
        "call" => call(text(0), rest.get(1..).unwrap_or_default(), &mut outcome.report),
        "arm" => arm(text(0), rest.get(1)),
        "return" => outcome.result = Some(number()),
        "answer" => {
            let json = rest.first().unwrap_or(&Value::Null).to_string();
            outcome.result = Some(answer(out, json.as_bytes()));
        }
        "text" => outcome.result = Some(answer(out, text(0).as_bytes())),
        "fill" => {
            let length = usize::try_from(number()).unwrap_or(0);
            outcome.result = Some(answer(out, &b"x".repeat(length)));
        }
        "trap" => core::arch::wasm32::unreachable(),
        "outside" => outcome.report.push(memory::read_outside().into()),
        "panic" => complain_and_abort(),
        "exit" => std::process::exit(number()),
        "grow" => {
            let pages = usize::try_from(number()).unwrap_or(0);
            core::arch::wasm32::memory_grow(0, pages);
        }
        "print" => println!("{}", text(0)),
        "complain" => eprintln!("{}", text(0)),
        "write" => {
            outcome.report.push(told(std::fs::write(text(0), text(1)).map(|()| json!("ok"))))
        }
        "read" => outcome.report.push(told(std::fs::read_to_string(text(0)).map(Value::from))),
        "mkdir" => outcome.report.push(told(std::fs::create_dir(text(0)).map(|()| json!("ok")))),
        "variable" => outcome.report.push(std::env::var(text(0)).ok().into()),
        "report" => {
            let report = Value::Array(outcome.report.clone()).to_string();
            call("sk_debug", &[report.into()], &mut Vec::new());
        }
        unknown => outcome.report.push(json!({ "unknown instruction": unknown })),
    }
}

/// Writes an answer and gives back its length.
pub(crate) fn answer(out: i32, bytes: &[u8]) -> i32 {
    memory::write(out, bytes);
    i32::try_from(bytes.len()).unwrap_or(i32::MAX)
}

fn arm(export: &str, program: Option<&Value>) {
    let program = program.and_then(Value::as_array).cloned().unwrap_or_default();
    let mut all = ARMED.lock().unwrap_or_else(PoisonError::into_inner);
    all.entry(export.to_owned()).or_default().push_back(program);
}

fn call(name: &str, arguments: &[Value], report: &mut Vec<Value>) {
    let texts = memory::texts();
    let mut flat = Vec::new();
    let mut buffers = Vec::new();
    for argument in arguments {
        flatten(argument, &mut flat, &mut buffers);
    }
    match imports::call(name, &flat) {
        None => report.push(json!({ "unknown import": name })),
        Some(None) => {}
        Some(Some(result)) => {
            report.push(result.into());
            for buffer in buffers.into_iter().filter(|_| result > 0) {
                report.push(String::from_utf8_lossy(&memory::read(buffer, result)).into());
            }
        }
    }
    memory::forget_texts(texts);
}

fn flatten(argument: &Value, flat: &mut Vec<i32>, buffers: &mut Vec<i32>) {
    if let Value::String(text) = argument {
        flat.extend([memory::text(text.as_bytes()), length(text.as_bytes())]);
        return;
    }
    let member = |name: &str| argument.get(name);
    if let Some(size) = member("room") {
        flat.push(memory::text(&vec![0; usize::try_from(integer(Some(size))).unwrap_or(0)]));
    } else if let Some(size) = member("buffer") {
        let ptr = memory::text(&vec![0; usize::try_from(integer(Some(size))).unwrap_or(0)]);
        flat.extend([ptr, integer(member("max").or(Some(size)))]);
        buffers.push(ptr);
    } else if let Some(text) = member("text").and_then(Value::as_str) {
        flat.extend([memory::text(text.as_bytes()), integer(member("len"))]);
    } else if let Some(digits) = member("bytes").and_then(Value::as_str) {
        let bytes = from_hexadecimal(digits);
        let len = member("len").map_or(length(&bytes), |len| integer(Some(len)));
        flat.extend([memory::text(&bytes), len]);
    } else {
        flat.push(integer(Some(argument)));
    }
}

fn from_hexadecimal(digits: &str) -> Vec<u8> {
    let digits: Vec<u32> = digits.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits
        .chunks_exact(2)
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap_or_default())
        .collect()
}

fn integer(value: Option<&Value>) -> i32 {
    value.and_then(Value::as_i64).and_then(|number| i32::try_from(number).ok()).unwrap_or(0)
}

fn length(bytes: &[u8]) -> i32 {
    i32::try_from(bytes.len()).unwrap_or(i32::MAX)
}

fn told(outcome: std::io::Result<Value>) -> Value {
    outcome.unwrap_or_else(|error| json!({ "error": format!("{:?}", error.kind()) }))
}

#[expect(clippy::panic, reason = "this is the panic that is asked for")]
fn complain_and_abort() {
    panic!("asked to panic");
}
