//! What of a call goes into the trace.

use super::{Guest, read};
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
    outs: &'static [Out],
}

/// What the host or the plugin writes where an argument points to.
enum Out {
    /// As many bytes as the result says.
    Result(usize),
    /// An address that ends with a 0 byte.
    Address(usize),
    Port(usize),
}

/// Which arguments are followed by the length of the text that they point to, and what is written.
fn shape(side: CallSide, name: &str) -> (&'static [usize], &'static [Out]) {
    match (side, name) {
        (CallSide::Import, name) => match name {
            "console.log"
            | "sk_debug"
            | "sk_set_status"
            | "sk_set_error"
            | "sk_handle_message"
            | "sk_save_config"
            | "sk_has_capability"
            | "sk_register_resource_provider"
            | "sk_register_weather_provider"
            | "sk_register_radar_provider" => (&[0], &[]),
            "sk_publish_notification"
            | "sk_register_put_handler"
            | "sk_emit_binary_stream"
            | "sk_radar_emit_spokes" => (&[0, 2], &[]),
            "sk_get_self_path" => (&[0], &[Out::Result(2)]),
            "sk_read_config" => (&[], &[Out::Result(0)]),
            "sk_udp_join_multicast" | "sk_udp_leave_multicast" => (&[1, 3], &[]),
            "sk_udp_send" => (&[1, 4], &[]),
            "sk_udp_recv" => (&[], &[Out::Result(1), Out::Address(3), Out::Port(4)]),
            "sk_tcp_connect" | "sk_tcp_send" => (&[1], &[]),
            "sk_tcp_recv_line" | "sk_tcp_recv_raw" => (&[], &[Out::Result(1)]),
            _ => (&[], &[]),
        },
        (CallSide::Export, name) => match name {
            "_initialize" | "_start" | "allocate" | "deallocate" | "plugin_stop" | "poll" => {
                (&[], &[])
            }
            "plugin_id" | "plugin_name" | "plugin_schema" | "http_endpoints"
            | "radar_get_radars" => (&[], &[Out::Result(0)]),
            "plugin_start" | "delta_handler" => (&[0], &[]),
            _ => (&[0], &[Out::Result(2)]),
        },
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
        let outs = if length > 0 { begun.outs } else { &[] };
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
