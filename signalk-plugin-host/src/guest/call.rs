//! Calling an export as JavaScript does.

use wasmi::{AsContext, AsContextMut, F32, F64, TrapCode, Val, ValType};

use super::{Guest, Traced};
use crate::contract::exports;
use crate::error::Thrown;
use crate::trace::CallSide;

/// How deep calls may nest through `sk_handle_message` and the like. Node.js runs out of stack
/// after some thousand frames and throws; the host throws the same error a little earlier.
pub(crate) const MAX_DEPTH: usize = 40;

/// Calls the export `name`. As in JavaScript, missing arguments are 0, arguments too many are
/// dropped, and a function without result answers `None`.
pub(crate) fn call(guest: &mut Guest<'_>, name: &str, args: &[i32]) -> Result<Option<i32>, Thrown> {
    let function = guest
        .data()
        .instance
        .and_then(|instance| instance.get_func(guest.as_context(), name))
        .ok_or_else(|| Thrown::type_error(format!("rawExports.{name} is not a function")))?;
    let ty = function.ty(guest.as_context());
    let inputs = ty
        .params()
        .iter()
        .enumerate()
        .map(|(index, ty)| convert(args.get(index).copied(), *ty))
        .collect::<Result<Vec<_>, _>>()?;
    let mut outputs: Vec<Val> = ty.results().iter().map(|ty| Val::default_for_ty(*ty)).collect();

    if guest.data().depth >= MAX_DEPTH {
        return Err(Thrown::range_error("Maximum call stack size exceeded"));
    }
    let traced = Traced::begin(guest, CallSide::Export, name, args);
    guest.data_mut().depth += 1;
    let crash = Crash::begin(guest, name);
    let outcome = function.call(guest.as_context_mut(), &inputs, &mut outputs);
    guest.data_mut().depth -= 1;
    let crashed = crash.end(guest, outcome.as_ref().err());
    if let Err(error) = outcome {
        let thrown = crashed.unwrap_or_else(|| message_of(&error, "RuntimeError"));
        traced.threw(&thrown);
        return Err(thrown);
    }
    let result = outputs.first().map(as_i32);
    traced.returned(guest, result);
    Ok(result)
}

/// A crash on purpose, of which a call begins to be the one: it has fuel for its beginning alone.
struct Crash {
    /// The fuel that there was, if this is such a call.
    fuel: Option<u64>,
}

impl Crash {
    /// Enough to come into a handler, and not enough to come back from one.
    const FUEL: u64 = 2_000;

    fn begin(guest: &mut Guest<'_>, name: &str) -> Self {
        let is_buffer = [exports::ALLOCATE.name, exports::DEALLOCATE.name].contains(&name);
        if is_buffer || !guest.data().crashes {
            return Self { fuel: None };
        }
        let fuel = guest.get_fuel().ok().filter(|fuel| *fuel > Self::FUEL);
        if fuel.is_some() {
            // It can be set, for it can be had.
            let _ = guest.set_fuel(Self::FUEL);
        }
        Self { fuel }
    }

    /// The trap, if it came to that.
    fn end(self, guest: &mut Guest<'_>, error: Option<&wasmi::Error>) -> Option<Thrown> {
        let fuel = self.fuel?;
        let left = guest.get_fuel().unwrap_or_default();
        let _ = guest.set_fuel(fuel.saturating_sub(Self::FUEL.saturating_sub(left)));
        let is_crash = error.is_some_and(|it| it.as_trap_code() == Some(TrapCode::OutOfFuel));
        is_crash.then(|| {
            guest.data_mut().crashes = false;
            Thrown::new("RuntimeError", "unreachable")
        })
    }
}

fn convert(arg: Option<i32>, ty: ValType) -> Result<Val, Thrown> {
    let number = arg.unwrap_or(0);
    match ty {
        ValType::I32 => Ok(Val::I32(number)),
        ValType::F64 => Ok(Val::F64(F64::from(arg.map_or(f64::NAN, f64::from)))),
        #[allow(clippy::cast_precision_loss)]
        ValType::F32 => Ok(Val::F32(F32::from(arg.map_or(f32::NAN, |number| number as f32)))),
        ValType::I64 => Err(Thrown::type_error(format!("Cannot convert {number} to a BigInt"))),
        ValType::V128 | ValType::FuncRef | ValType::ExternRef => {
            Err(Thrown::type_error("type incompatibility when transforming from/to JS"))
        }
    }
}

/// A result as the loader's arithmetic would see it; only `i32` occurs in modules that pass the check.
#[allow(clippy::cast_possible_truncation)]
fn as_i32(value: &Val) -> i32 {
    match value {
        Val::I32(number) => *number,
        Val::I64(number) => *number as i32,
        Val::F32(number) => f32::from(*number) as i32,
        Val::F64(number) => f64::from(*number) as i32,
        _ => 0,
    }
}

/// The exception that Node.js throws for a trap; `other` names the kind of any other error.
pub(crate) fn message_of(error: &wasmi::Error, other: &'static str) -> Thrown {
    let Some(trap) = error.as_trap_code() else {
        if error.i32_exit_status().is_some() {
            // WASI of Node.js throws this at whoever called the plugin, and no error.
            return Thrown::new("", "Symbol(kExitCode)");
        }
        return Thrown::new(other, error.to_string());
    };
    let message = match trap {
        TrapCode::UnreachableCodeReached => "unreachable",
        TrapCode::MemoryOutOfBounds => "memory access out of bounds",
        TrapCode::TableOutOfBounds => "table index is out of bounds",
        TrapCode::IndirectCallToNull | TrapCode::BadSignature => {
            "null function or function signature mismatch"
        }
        TrapCode::IntegerDivisionByZero => "divide by zero",
        TrapCode::IntegerOverflow => "divide result unrepresentable",
        TrapCode::BadConversionToInteger => "float unrepresentable in integer range",
        TrapCode::StackOverflow => return Thrown::range_error("Maximum call stack size exceeded"),
        TrapCode::OutOfFuel => return Thrown::out_of_fuel(),
        other => return Thrown::new("RuntimeError", other.to_string()),
    };
    Thrown::new("RuntimeError", message)
}
