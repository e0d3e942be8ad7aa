//! Taking turns at a stream: what lies between two calls of the raw stream belongs together, so a thread that makes such
//! calls keeps the others out meanwhile. Whoever runs alone needs no turn.

use taipan_objects::{Completion, Cx, Obj, Value};

use crate::{txn::driver, vm::state::vm_ref};

/// Runs `f` while no other thread has the turn at `o`; `slot` says who has it. What `f` read before must be read again.
///
/// # Errors
/// Those of `f`; the attempt's abort; what signal handlers raise while it waits.
pub(super) fn in_turn<R>(
    cx: &mut Cx,
    o: Obj,
    slot: usize,
    f: impl FnOnce(&mut Cx) -> Completion<R>,
) -> Completion<R> {
    if cx.is_solo() {
        return f(cx);
    }
    let me = Value::small(vm_ref(cx).driver.ident);
    if cx.read(o, slot)? == me {
        // Called back by what it called.
        return f(cx);
    }
    let mut take = |cx: &mut Cx| {
        if cx.read(o, slot)?.is_bound() {
            return Ok(false);
        }
        cx.set(o, slot, me)?;
        Ok(true)
    };
    if !take(cx)? {
        while !driver::wait_in_native(cx, &mut take)? {}
    }
    let result = f(cx);
    match &result {
        // Taking the turn is undone with the rest.
        Err(escape) if escape.is_abort() => {}
        _ => cx.set(o, slot, Value::UNBOUND)?,
    }
    result
}
