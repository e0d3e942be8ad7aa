//! `_ThreadHandle`: what is known of a thread, and waiting for its end.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::{Condvar, Mutex};
use taipan_objects::{
    Args, Body, Completion, Cx, GetSetDef, Kind, TypeDef, Value,
    heap::{NativeData, native_data},
    protocol, raise,
};

use super::{TIMEOUT_MAX, pure, seconds};
use crate::{run, txn::driver, vm::state::vm_ref};

/// What a handle knows of its thread; shared with the thread itself.
#[derive(Debug, Default)]
struct HandleState {
    ident: i64,
    started: bool,
    done: bool,
}

/// The Rust side of a `_ThreadHandle`.
#[derive(Clone, Debug, Default)]
pub(super) struct Handle(Arc<(Mutex<HandleState>, Condvar)>);

impl NativeData for Handle {}

impl Handle {
    pub(super) fn set_started(&self, ident: i64) {
        let mut state = self.0.0.lock();
        state.ident = ident;
        state.started = true;
    }

    pub(super) fn has_started(&self) -> bool {
        self.0.0.lock().started
    }

    pub(super) fn set_done(&self) {
        self.0.0.lock().done = true;
        self.0.1.notify_all();
    }

    fn is_done(&self) -> bool {
        self.0.0.lock().done
    }
}

pub(super) fn handle_of(cx: &mut Cx, v: Value) -> Completion<&'static Handle> {
    match v.obj().and_then(native_data::<Handle>) {
        Some(handle) => Ok(handle),
        None => raise!(cx, TypeError, "'handle' must be a _ThreadHandle"),
    }
}

pub(super) fn new_handle(cx: &mut Cx, ident: i64) -> Completion<Value> {
    let class = cx.type_for(&HANDLE)?;
    let handle = Handle::default();
    if ident != 0 {
        handle.set_started(ident);
    }
    cx.new_native(class, handle).map(Value::from)
}

fn handle_new(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    new_handle(cx, 0)
}

pub(super) fn make_handle(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let ident = protocol::index_i64(cx, args.get(0))?;
    new_handle(cx, ident)
}

fn handle_ident(cx: &mut Cx, v: Value) -> Completion<Value> {
    let handle = handle_of(cx, v)?;
    let ident = handle.0.0.lock().ident;
    Ok(Value::small(ident))
}

fn handle_is_done(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::bool(handle_of(cx, args.this())?.is_done()))
}

fn handle_set_done(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    handle_of(cx, args.this())?.set_done();
    Ok(Value::NONE)
}

fn handle_join(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let handle = handle_of(cx, args.this())?.clone();
    {
        let state = handle.0.0.lock();
        if !state.started {
            drop(state);
            return raise!(cx, RuntimeError, "thread not started");
        }
        if state.ident == vm_ref(cx).driver.ident && !state.done {
            drop(state);
            return raise!(cx, RuntimeError, "Cannot join current thread");
        }
    }
    let deadline = match args.not_none(1) {
        Some(v) => {
            let s = seconds(cx, v)?;
            if s < 0.0 {
                None
            } else {
                Instant::now().checked_add(Duration::from_secs_f64(s.min(TIMEOUT_MAX)))
            }
        }
        None => None,
    };
    while !handle.is_done() {
        if deadline.is_some_and(|at| Instant::now() >= at) {
            break;
        }
        let mut wait = || {
            let (state, changed) = &*handle.0;
            let mut state = state.lock();
            if !state.done {
                changed.wait_for(&mut state, driver::slice_before(deadline));
            }
        };
        driver::blocking(cx, &mut wait)?;
        run::pending_calls(cx)?;
    }
    Ok(Value::NONE)
}

pub(super) static HANDLE: TypeDef = TypeDef {
    name: "_ThreadHandle",
    module: "_thread",
    body: Body::Words(Kind::Record, 4),
    static_methods: &[pure("__new__", "(cls, /)", handle_new, "Create a handle.")],
    methods: &[
        pure("is_done", "(self)", handle_is_done, ""),
        pure("_set_done", "(self)", handle_set_done, ""),
        pure("join", "(self, timeout=None, /)", handle_join, ""),
    ],
    getset: &[GetSetDef { name: "ident", get: handle_ident, set: None, doc: "" }],
    ..TypeDef::BASE
};
