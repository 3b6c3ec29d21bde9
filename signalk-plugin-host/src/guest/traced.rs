//! What of a call goes into the trace.

use super::{Guest, read};
use crate::contract::{Argument, env, exports, providers};
use crate::error::Thrown;
use crate::trace::{CallSide, CallStep, CallTrace, TracedCall};

/// A call that has begun; does nothing where there is no trace.
pub(crate) struct Traced(Option<Begun>);

struct Begun {
    trace: CallTrace,
    instance: u32,
    side: CallSide,
    name: String,
    arguments: Vec<i32>,
    outs: Vec<Out>,
}

/// What the host or the plugin writes where an argument points to.
enum Out {
    /// As many bytes as the result says.
    Result(usize),
    /// An address that ends with a 0 byte.
    Address(usize),
    Port(usize),
}

/// The places of the arguments that are followed by the length of the text that they point to, and of those
/// that point to what is written.
fn shape(side: CallSide, name: &str) -> (Vec<usize>, Vec<Out>) {
    let (mut texts, mut outs, mut place) = (Vec::new(), Vec::new(), 0);
    for argument in arguments(side, name) {
        match argument {
            Argument::Text => texts.push(place),
            Argument::Out => outs.push(Out::Result(place)),
            Argument::Address => outs.push(Out::Address(place)),
            Argument::Port => outs.push(Out::Port(place)),
            Argument::Number => {}
        }
        place += argument.params();
    }
    (texts, outs)
}

fn arguments(side: CallSide, name: &str) -> &'static [Argument] {
    match side {
        CallSide::Import => env::find(name).map_or(&[], |import| import.arguments),
        CallSide::Export if name == exports::COMMAND => &[],
        CallSide::Export => {
            let fixed = exports::ALL.iter().find(|export| export.name == name);
            let export = fixed.or_else(|| providers::find(name).map(|call| &call.export));
            export.map_or(exports::EXCHANGED, |export| export.arguments)
        }
    }
}

impl Traced {
    pub(crate) fn begin(guest: &Guest<'_>, side: CallSide, name: &str, arguments: &[i32]) -> Self {
        let Some(trace) = guest.data().trace.clone() else { return Self(None) };
        let (ins, outs) = shape(side, name);
        let argument = |place: usize| arguments.get(place).copied().unwrap_or(0);
        let texts = ins.iter().map(|place| read(guest, argument(*place), argument(place + 1)).ok());
        let begun = Begun {
            trace,
            instance: guest.data().number,
            side,
            name: name.to_owned(),
            arguments: arguments.to_vec(),
            outs,
        };
        begun.push(CallStep::Call { arguments: arguments.to_vec(), texts: texts.collect() });
        Self(Some(begun))
    }

    pub(crate) fn returned(self, guest: &Guest<'_>, result: Option<i32>) {
        let Some(begun) = self.0 else { return };
        let length = result.unwrap_or(0);
        let outs = if length > 0 { &begun.outs[..] } else { &[] };
        let texts = outs.iter().map(|out| begun.written(guest, out, length)).collect();
        begun.push(CallStep::Return { result, texts });
    }

    pub(crate) fn threw(self, thrown: &Thrown) {
        if let Some(begun) = self.0 {
            begun.push(CallStep::Throw { error: thrown.to_string() });
        }
    }
}

impl Begun {
    fn push(&self, step: CallStep) {
        let Self { instance, side, name, .. } = self;
        let call = TracedCall { instance: *instance, side: *side, name: name.clone(), step };
        self.trace.push(call);
    }

    fn written(&self, guest: &Guest<'_>, out: &Out, length: i32) -> Option<Vec<u8>> {
        let argument = |place: &usize| self.arguments.get(*place).copied().unwrap_or(0);
        match out {
            Out::Result(place) => read(guest, argument(place), length).ok(),
            Out::Port(place) => read(guest, argument(place), 2).ok(),
            Out::Address(place) => {
                let start = argument(place);
                let ends = |end: &i32| read(guest, *end, 1).is_ok_and(|byte| byte == [0]);
                let end = (start..start.saturating_add(ADDRESS)).find(ends)?;
                read(guest, start, end - start).ok()
            }
        }
    }
}

/// No text of an address is longer, an IPv6 one with a zone included.
const ADDRESS: i32 = 256;
