//! `_thread`: threads, locks.
//!
//! Locks are objects of the STM: taking a free one is a write in the running attempt; a held one parks the thread until the
//! lock's header changes. A thread that must wait first commits what it did so far.
//!
//! Slots begin at word 3, since the collector may take word 2 of a record for a pointer to Rust memory.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::{Condvar, Mutex};
use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Kind, NativeDef, Obj, T, TypeDef, Value,
    heap::{NativeData, native_data},
    native::NativeFn,
    protocol::{self, convert},
    raise,
    types::exception,
};

use crate::{
    modules::{self, ModuleDef, structseq::SeqDef},
    os,
    txn::{driver, threads},
    vm::state::vm_ref,
};

const STATE: usize = 3;
const COUNT: usize = 4;

const fn row(
    name: &'static str,
    sig: &'static str,
    effect: Effect,
    run: NativeFn,
    doc: &'static str,
) -> NativeDef {
    NativeDef { name, sig, effect, run, doc }
}

const fn pure(
    name: &'static str,
    sig: &'static str,
    run: NativeFn,
    doc: &'static str,
) -> NativeDef {
    row(name, sig, Effect::Transactional, run, doc)
}

/// The running thread's identifier.
pub fn ident(cx: &Cx) -> Value {
    Value::small(vm_ref(cx).driver.ident)
}

// ---- waiting --------------------------------------------------------------------------------

/// What the arguments of `acquire` mean: `None` does not wait, `Some(None)` waits without end.
fn patience(cx: &mut Cx, args: Args<'_>) -> Completion<Option<Option<Duration>>> {
    let blocking = match args.opt(1) {
        Some(v) => protocol::truth(cx, v)?,
        None => true,
    };
    let timeout = match args.opt(2) {
        Some(v) => seconds(cx, v)?,
        None => -1.0,
    };
    if !blocking {
        if timeout != -1.0 {
            return raise!(cx, ValueError, "can't specify a timeout for a non-blocking call");
        }
        return Ok(None);
    }
    if timeout < 0.0 && timeout != -1.0 {
        return raise!(cx, ValueError, "timeout value must be a non-negative number");
    }
    if timeout > TIMEOUT_MAX {
        return raise!(cx, OverflowError, "timeout value is too large");
    }
    Ok(match timeout {
        -1.0 => Some(None),
        t => Some(Some(Duration::from_secs_f64(t))),
    })
}

fn seconds(cx: &mut Cx, v: Value) -> Completion<f64> {
    if let Some(f) = v.float_value() {
        if f.is_nan() {
            return raise!(cx, ValueError, "Invalid value NaN (not a number)");
        }
        return Ok(f);
    }
    Ok(protocol::index_i64(cx, v)? as f64)
}

const TIMEOUT_MAX: f64 = 9_223_372_036.0;

/// Runs `take` until it succeeds or the patience is over.
fn acquire_with(
    cx: &mut Cx,
    args: Args<'_>,
    mut take: impl FnMut(&mut Cx) -> Completion<bool>,
) -> Completion<Value> {
    let patience = patience(cx, args)?;
    if take(cx)? {
        driver::wait_over(cx);
        return Ok(Value::TRUE);
    }
    let Some(timeout) = patience else { return Ok(Value::FALSE) };
    let deadline = driver::deadline(cx, timeout.and_then(|t| Instant::now().checked_add(t)));
    loop {
        if deadline.is_some_and(|at| Instant::now() >= at) {
            driver::wait_over(cx);
            return Ok(Value::FALSE);
        }
        if driver::wait_for_change(cx, deadline, &mut take)? {
            driver::wait_over(cx);
            return Ok(Value::TRUE);
        }
    }
}

// ---- Lock -----------------------------------------------------------------------------------

fn take_lock(cx: &mut Cx, o: Obj) -> Completion<bool> {
    if cx.read(o, STATE)? == Value::TRUE {
        return Ok(false);
    }
    cx.set(o, STATE, Value::TRUE)?;
    Ok(true)
}

fn lock_acquire(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    acquire_with(cx, args, |cx| take_lock(cx, o))
}

fn lock_enter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    lock_acquire(cx, Args(&args.0[..1]))
}

fn lock_release(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    if cx.read(o, STATE)? != Value::TRUE {
        return raise!(cx, RuntimeError, "release unlocked lock");
    }
    cx.set(o, STATE, Value::FALSE)?;
    Ok(Value::NONE)
}

fn lock_exit(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    lock_release(cx, args)
}

fn lock_locked(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::bool(cx.read(args.this_obj(), STATE)? == Value::TRUE))
}

fn lock_reset(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    cx.set(args.this_obj(), STATE, Value::FALSE)?;
    Ok(Value::NONE)
}

fn lock_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let what = if cx.read(o, STATE)? == Value::TRUE { "locked" } else { "unlocked" };
    cx.new_str(&format!("<{what} _thread.lock object at {:#x}>", o.to_word()))
}

fn lock_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match args.get(0).obj().filter(|c| c.kind() == Kind::Type) {
        Some(class) => {
            let o = cx.new_instance(class)?;
            o.init(STATE, Value::FALSE);
            o.init(COUNT, Value::small(0));
            Ok(o.into())
        }
        None => raise!(cx, TypeError, "not a type"),
    }
}

/// `_thread.lock`.
pub static LOCK: TypeDef = TypeDef {
    name: "lock",
    module: "_thread",
    body: Body::Words(Kind::Record, 6),
    static_methods: &[pure("__new__", "(cls, /)", lock_new, "Create a lock object.")],
    methods: &[
        pure("acquire", "(self, blocking=True, timeout=-1)", lock_acquire, "Lock the lock."),
        pure(
            "acquire_lock",
            "(self, blocking=True, timeout=-1)",
            lock_acquire,
            "An obsolete synonym of acquire().",
        ),
        pure("release", "(self)", lock_release, "Release the lock."),
        pure("release_lock", "(self)", lock_release, "An obsolete synonym of release()."),
        pure("locked", "(self)", lock_locked, "Return whether the lock is in the locked state."),
        pure("locked_lock", "(self)", lock_locked, "An obsolete synonym of locked()."),
        pure("__enter__", "(self)", lock_enter, "Lock the lock."),
        pure("__exit__", "(self, exc_type, exc_value, exc_tb, /)", lock_exit, "Release the lock."),
        pure("_at_fork_reinit", "(self)", lock_reset, ""),
        pure("__repr__", "(self)", lock_repr, "Return repr(self)."),
    ],
    doc: "A lock object is a synchronization primitive.",
    ..TypeDef::BASE
};

// ---- RLock ----------------------------------------------------------------------------------

fn take_rlock(cx: &mut Cx, o: Obj) -> Completion<bool> {
    let count = cx.read(o, COUNT)?.as_small();
    if count > 0 && cx.read(o, STATE)? != ident(cx) {
        return Ok(false);
    }
    let me = ident(cx);
    cx.set(o, STATE, me)?;
    cx.set(o, COUNT, Value::small(count + 1))?;
    Ok(true)
}

fn rlock_acquire(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    acquire_with(cx, args, |cx| take_rlock(cx, o))
}

fn rlock_enter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    rlock_acquire(cx, Args(&args.0[..1]))
}

fn owned(cx: &mut Cx, o: Obj) -> Completion<i64> {
    let count = cx.read(o, COUNT)?.as_small();
    Ok(if count > 0 && cx.read(o, STATE)? == ident(cx) { count } else { 0 })
}

fn rlock_release(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let count = owned(cx, o)?;
    if count == 0 {
        return raise!(cx, RuntimeError, "cannot release un-acquired lock");
    }
    cx.set(o, COUNT, Value::small(count - 1))?;
    if count == 1 {
        cx.set(o, STATE, Value::small(0))?;
    }
    Ok(Value::NONE)
}

fn rlock_is_owned(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::bool(owned(cx, args.this_obj())? > 0))
}

fn rlock_count(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::small(owned(cx, args.this_obj())?))
}

fn rlock_locked(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::bool(cx.read(args.this_obj(), COUNT)?.as_small() > 0))
}

fn rlock_release_save(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let count = owned(cx, o)?;
    if count == 0 {
        return raise!(cx, RuntimeError, "cannot release un-acquired lock");
    }
    let owner = cx.read(o, STATE)?;
    cx.set(o, COUNT, Value::small(0))?;
    cx.set(o, STATE, Value::small(0))?;
    cx.new_tuple(&[Value::small(count), owner])
}

fn rlock_acquire_restore(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let saved = args.get(1).obj().filter(|t| t.kind() == Kind::Tuple).map_or(&[][..], Obj::items);
    let &[count, owner] = saved else { return raise!(cx, TypeError, "a tuple of two is needed") };
    acquire_with(cx, Args(&args.0[..1]), |cx| take_rlock(cx, o))?;
    cx.set(o, COUNT, count)?;
    cx.set(o, STATE, owner)?;
    Ok(Value::NONE)
}

fn rlock_reset(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    cx.set(args.this_obj(), COUNT, Value::small(0))?;
    cx.set(args.this_obj(), STATE, Value::small(0))?;
    Ok(Value::NONE)
}

fn rlock_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let made = lock_new(cx, Args(&args.0[..1]))?;
    if let Some(o) = made.obj() {
        o.init(STATE, Value::small(0));
    }
    Ok(made)
}

fn rlock_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let count = cx.read(o, COUNT)?.as_small();
    let owner = cx.read(o, STATE)?.as_small();
    let what = if count > 0 { "locked" } else { "unlocked" };
    cx.new_str(&format!(
        "<{what} _thread.RLock object owner={owner} count={count} at {:#x}>",
        o.to_word()
    ))
}

/// `_thread.RLock`.
pub static RLOCK: TypeDef = TypeDef {
    name: "RLock",
    module: "_thread",
    body: Body::Words(Kind::Record, 6),
    subclassable: true,
    static_methods: &[pure(
        "__new__",
        "(cls, /, *args, **kwargs)",
        rlock_new,
        "Create a re-entrant lock.",
    )],
    methods: &[
        pure("acquire", "(self, blocking=True, timeout=-1)", rlock_acquire, "Lock the lock."),
        pure("release", "(self)", rlock_release, "Release the lock."),
        pure(
            "locked",
            "(self)",
            rlock_locked,
            "Return a boolean indicating whether this object is locked right now.",
        ),
        pure("__enter__", "(self)", rlock_enter, "Lock the lock."),
        pure(
            "__exit__",
            "(self, exc_type, exc_value, exc_tb, /)",
            rlock_release,
            "Release the lock.",
        ),
        pure("_is_owned", "(self)", rlock_is_owned, "For internal use by `threading.Condition`."),
        pure("_recursion_count", "(self)", rlock_count, "For internal use by reentrancy checks."),
        pure(
            "_release_save",
            "(self)",
            rlock_release_save,
            "For internal use by `threading.Condition`.",
        ),
        pure(
            "_acquire_restore",
            "(self, state, /)",
            rlock_acquire_restore,
            "For internal use by `threading.Condition`.",
        ),
        pure("_at_fork_reinit", "(self)", rlock_reset, ""),
        pure("__repr__", "(self)", rlock_repr, "Return repr(self)."),
    ],
    doc: "",
    ..TypeDef::BASE
};

// ---- thread handles -------------------------------------------------------------------------

/// What a handle knows of its thread; shared with the thread itself.
#[derive(Debug, Default)]
pub struct HandleState {
    ident: i64,
    started: bool,
    done: bool,
}

/// The Rust side of a `_ThreadHandle`.
#[derive(Clone, Debug, Default)]
pub struct Handle(Arc<(Mutex<HandleState>, Condvar)>);

impl NativeData for Handle {}

impl Handle {
    fn set_done(&self) {
        self.0.0.lock().done = true;
        self.0.1.notify_all();
    }

    fn is_done(&self) -> bool {
        self.0.0.lock().done
    }
}

fn handle_of(cx: &mut Cx, v: Value) -> Completion<&'static Handle> {
    match v.obj().and_then(native_data::<Handle>) {
        Some(handle) => Ok(handle),
        None => raise!(cx, TypeError, "'handle' must be a _ThreadHandle"),
    }
}

fn new_handle(cx: &mut Cx, ident: i64) -> Completion<Value> {
    let class = cx.type_for(&HANDLE)?;
    let handle = Handle::default();
    if ident != 0 {
        let mut state = handle.0.0.lock();
        state.ident = ident;
        state.started = true;
    }
    cx.new_native(class, handle).map(Value::from)
}

fn handle_new(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    new_handle(cx, 0)
}

fn make_handle(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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
            let mut slices = 0;
            // Short slices, so that signals are seen.
            while !state.done && slices < 1 {
                let slice = Duration::from_millis(50);
                let left = deadline
                    .map_or(slice, |at| at.saturating_duration_since(Instant::now()).min(slice));
                changed.wait_for(&mut state, left);
                slices += 1;
            }
        };
        driver::blocking(cx, &mut wait)?;
        crate::run::pending_calls(cx)?;
    }
    Ok(Value::NONE)
}

static HANDLE: TypeDef = TypeDef {
    name: "_ThreadHandle",
    module: "_thread",
    body: Body::Words(Kind::Record, 4),
    static_methods: &[pure("__new__", "(cls, /)", handle_new, "Create a handle.")],
    methods: &[
        pure("is_done", "(self)", handle_is_done, ""),
        pure("_set_done", "(self)", handle_set_done, ""),
        pure("join", "(self, timeout=None, /)", handle_join, ""),
    ],
    getset: &[taipan_objects::GetSetDef { name: "ident", get: handle_ident, set: None, doc: "" }],
    ..TypeDef::BASE
};

// ---- starting -------------------------------------------------------------------------------

fn spawn(
    cx: &mut Cx,
    f: Value,
    args: &[Value],
    kwargs: Value,
    handle: Handle,
    joinable: bool,
) -> Completion<i64> {
    // What this thread printed before comes before what the new one prints.
    crate::txn::io::flush(cx);
    let ident = vm_ref(cx).shared.threads.next_ident();
    {
        let mut state = handle.0.0.lock();
        state.ident = ident;
        state.started = true;
    }
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

fn start_joinable(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let handle = match args.not_none(1) {
        Some(v) => v,
        None => new_handle(cx, 0)?,
    };
    let state = handle_of(cx, handle)?.clone();
    if state.0.0.lock().started {
        return raise!(cx, RuntimeError, "thread already started");
    }
    let daemon = protocol::truth(cx, args.get(2))?;
    spawn(cx, args.get(0), &[], Value::NONE, state, !daemon)?;
    Ok(handle)
}

fn start_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if taipan_objects::class::special(cx.class_of(args.get(0)), taipan_objects::Special::Call)
        .is_unbound()
    {
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

static EXCEPT_HOOK_ARGS: SeqDef = SeqDef::new(
    "_thread",
    "_ExceptHookArgs",
    &["exc_type", "exc_value", "exc_traceback", "thread"],
    4,
);

/// `_excepthook(args)`: the traceback of an exception that ended a thread.
fn except_hook(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let items = args.get(0).obj().filter(|t| t.kind() == Kind::Tuple).map_or(&[][..], Obj::items);
    let &[kind, value, traceback, thread] = items else {
        return raise!(cx, TypeError, "_thread._excepthook argument type must be ExceptHookArgs");
    };
    if kind == Value::from(cx.class(T::SystemExit)) {
        return Ok(Value::NONE);
    }
    let name = if thread.is_none() {
        vm_ref(cx).driver.ident.to_string()
    } else {
        let name = cx.intern("name")?;
        let name = protocol::get_attr(cx, thread, name)?;
        protocol::convert::str_text(cx, name)?
    };
    let mut text = format!("Exception in thread {name}:\n");
    if let Some(e) = value.obj().filter(|e| e.kind() == Kind::Exception) {
        if !traceback.is_none() {
            cx.set(e, exception::slot::TRACEBACK, traceback)?;
        }
        text.push_str(&crate::report::text(cx, e)?);
    }
    crate::report::to_stderr(cx, &text)?;
    Ok(Value::NONE)
}

fn stack_size(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let new = match args.opt(0) {
        Some(v) => protocol::index_i64(cx, v)?,
        None => -1,
    };
    if new > 0 && new < 32_768 {
        return raise!(cx, ValueError, "size not valid: {new} bytes");
    }
    let old = vm_ref(cx).shared.threads.stack_size(usize::try_from(new).ok());
    Ok(Value::small(old as i64))
}

fn set_name(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    // What the system keeps of a name.
    const MOST: usize = 15;
    let name = convert::expect_str(cx, args.get(0), "set_name() argument 'name'")?;
    let mut end = name.len().min(MOST);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    if let Ok(name) = std::ffi::CString::new(&name[..end]) {
        os::name_thread(&name);
    }
    Ok(Value::NONE)
}

fn interrupt_main(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    super::_signal::simulate(cx, args.get(0))?;
    Ok(Value::NONE)
}

fn shutdown(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    while vm_ref(cx).shared.threads.joinable() > 0 {
        driver::blocking(cx, &mut || std::thread::sleep(Duration::from_millis(1)))?;
        crate::run::pending_calls(cx)?;
    }
    Ok(Value::NONE)
}

fn fill(cx: &mut Cx, module: Obj) -> Completion<()> {
    let lock = cx.type_for(&LOCK)?;
    modules::set(cx, module, "LockType", lock.into())?;
    modules::set(cx, module, "TIMEOUT_MAX", Value::float(TIMEOUT_MAX))?;
    let error = cx.class(T::RuntimeError);
    modules::set(cx, module, "error", error.into())?;
    let hook_args = EXCEPT_HOOK_ARGS.class(cx)?;
    modules::set(cx, module, "_ExceptHookArgs", hook_args.into())
}

/// The module `_thread`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_thread",
    doc: "This module provides primitive operations to write multi-threaded programs.\nThe 'threading' module provides a more convenient interface.",
    functions: &[
        row(
            "start_new_thread",
            "(function, args, kwargs=<unset>, /)",
            Effect::Irrevocable,
            audited!("_thread.start_new_thread" [0, 1, 2], start_new),
            "Start a new thread and return its identifier.",
        ),
        row(
            "start_new",
            "(function, args, kwargs=<unset>, /)",
            Effect::Irrevocable,
            audited!("_thread.start_new_thread" [0, 1, 2], start_new),
            "An obsolete synonym of start_new_thread().",
        ),
        row(
            "start_joinable_thread",
            "(function, handle=None, daemon=True)",
            Effect::Irrevocable,
            audited!("_thread.start_joinable_thread" [0, (flag 2), 1], start_joinable),
            "*For internal use only*: start a new thread.",
        ),
        pure(
            "daemon_threads_allowed",
            "()",
            |_, _| Ok(Value::TRUE),
            "Return True if daemon threads are allowed in the current interpreter,\nand False otherwise.",
        ),
        pure(
            "allocate_lock",
            "()",
            |cx, _| {
                let class = cx.type_for(&LOCK)?;
                lock_new(cx, Args(&[class.into()]))
            },
            "Create a new lock object.",
        ),
        pure(
            "allocate",
            "()",
            |cx, _| {
                let class = cx.type_for(&LOCK)?;
                lock_new(cx, Args(&[class.into()]))
            },
            "An obsolete synonym of allocate_lock().",
        ),
        pure(
            "get_ident",
            "()",
            |cx, _| Ok(ident(cx)),
            "Return a non-zero integer that uniquely identifies the current thread.",
        ),
        pure(
            "get_native_id",
            "()",
            |_, _| Ok(Value::small(i64::from(crate::os::thread_id()))),
            "Return a non-negative integer identifying the thread as reported by the OS.",
        ),
        pure(
            "_get_main_thread_ident",
            "()",
            |_, _| Ok(Value::small(threads::MAIN_IDENT)),
            "Internal only. Return a non-zero integer that uniquely identifies the main thread.",
        ),
        pure(
            "_is_main_interpreter",
            "()",
            |_, _| Ok(Value::TRUE),
            "Return True if the current interpreter is the main Python interpreter.",
        ),
        pure(
            "_make_thread_handle",
            "(ident, /)",
            make_handle,
            "Internal only. Make a thread handle for threads not spawned by the _thread or threading module.",
        ),
        row(
            "_shutdown",
            "()",
            Effect::Transactional,
            shutdown,
            "Wait for all non-daemon threads (other than the calling thread) to stop.",
        ),
        pure(
            "_count",
            "()",
            |cx, _| Ok(Value::small(vm_ref(cx).shared.threads.others() as i64)),
            "Return the number of currently running Python threads.",
        ),
        pure(
            "stack_size",
            "(size=<unset>, /)",
            stack_size,
            "Return the thread stack size used when creating new threads.",
        ),
        pure(
            "interrupt_main",
            "(signum=2, /)",
            interrupt_main,
            "Simulate the arrival of the given signal in the main thread.",
        ),
        pure(
            "exit",
            "()",
            |cx, _| Err(taipan_objects::exc::raise_empty(cx, T::SystemExit)),
            "This is synonymous to ``raise SystemExit''.",
        ),
        pure(
            "exit_thread",
            "()",
            |cx, _| Err(taipan_objects::exc::raise_empty(cx, T::SystemExit)),
            "An obsolete synonym of exit().",
        ),
        pure(
            "_excepthook",
            "(exc_info, /)",
            except_hook,
            "Handle uncaught Thread.run() exception.",
        ),
        pure("set_name", "(name)", set_name, "Set the name of the current thread."),
    ],
    types: &[&LOCK, &RLOCK, &HANDLE, &super::_thread_local::LOCAL],
    exec: fill,
};
