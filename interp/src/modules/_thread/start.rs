//! Starting threads.

use taipan_objects::{Args, Completion, Cx, Kind, Special, T, Value, class, protocol, raise};

use super::handle::{Handle, handle_of, new_handle};
use crate::{
    txn::{io, threads},
    vm::state::vm_ref,
};

fn spawn(
    cx: &mut Cx,
    f: Value,
    args: &[Value],
    kwargs: Value,
    handle: Handle,
    joinable: bool,
) -> Completion<i64> {
    // What this thread printed before comes before what the new one prints.
    io::flush(cx);
    let ident = vm_ref(cx).shared.threads.next_ident();
    handle.set_started(ident);
    let done = handle.clone();
    let all = &vm_ref(cx).shared.threads;
    let at_end = move || {
        done.set_done();
        if joinable {
            all.note_joinable(false);
        }
    };
    if joinable {
        all.note_joinable(true);
    }
    let started = threads::start(cx, ident, f, args, kwargs, Box::new(at_end));
    if joinable && !matches!(started, Ok(true)) {
        all.note_joinable(false);
    }
    match started? {
        true => Ok(ident),
        false => raise!(cx, RuntimeError, "can't start new thread"),
    }
}

pub(super) fn start_joinable(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let handle = match args.not_none(1) {
        Some(v) => v,
        None => new_handle(cx, 0)?,
    };
    let state = handle_of(cx, handle)?.clone();
    if state.has_started() {
        return raise!(cx, RuntimeError, "thread already started");
    }
    let daemon = protocol::truth(cx, args.get(2))?;
    spawn(cx, args.get(0), &[], Value::NONE, state, !daemon)?;
    Ok(handle)
}

pub(super) fn start_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if class::special(cx.class_of(args.get(0)), Special::Call).is_unbound() {
        return raise!(cx, TypeError, "first arg must be callable");
    }
    let Some(given) = args.get(1).obj().filter(|t| t.kind() == Kind::Tuple) else {
        return raise!(cx, TypeError, "2nd arg must be a tuple");
    };
    let kwargs = args.not_none(2).unwrap_or(Value::NONE);
    if !kwargs.is_none() && !cx.is_a(kwargs, T::dict) {
        return raise!(cx, TypeError, "optional 3rd arg must be a dictionary");
    }
    let ident = spawn(cx, args.get(0), given.items(), kwargs, Handle::default(), false)?;
    Ok(Value::small(ident))
}
