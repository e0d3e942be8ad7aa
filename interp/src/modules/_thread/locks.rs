//! `lock` and `RLock`.
//!
//! Locks are objects of the STM: taking a free one is a write in the running attempt; a held one parks the thread until the
//! lock's header changes. A thread that must wait first commits what it did so far.
//!
//! Slots begin at word 3, since the collector may take word 2 of a record for a pointer to Rust memory.

use std::time::{Duration, Instant};

use taipan_objects::{Args, Body, Completion, Cx, Kind, Obj, TypeDef, Value, protocol, raise};

use super::{TIMEOUT_MAX, ident, pure, seconds};
use crate::txn::driver;

const STATE: usize = 3;
const COUNT: usize = 4;

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

pub(super) fn allocate_lock(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    let class = cx.type_for(&LOCK)?;
    lock_new(cx, Args(&[class.into()]))
}

/// `_thread.lock`.
pub(super) static LOCK: TypeDef = TypeDef {
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
        pure(
            "__exit__",
            "(self, exc_type, exc_value, exc_tb, /)",
            lock_release,
            "Release the lock.",
        ),
        pure("_at_fork_reinit", "(self)", lock_reset, ""),
        pure("__repr__", "(self)", lock_repr, "Return repr(self)."),
    ],
    doc: "A lock object is a synchronization primitive.",
    ..TypeDef::BASE
};

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

/// How often the running thread has taken it.
fn owned(cx: &mut Cx, o: Obj) -> Completion<i64> {
    let count = cx.read(o, COUNT)?.as_small();
    Ok(if count > 0 && cx.read(o, STATE)? == ident(cx) { count } else { 0 })
}

/// As [`owned`] for who is going to release it.
fn held(cx: &mut Cx, o: Obj) -> Completion<i64> {
    match owned(cx, o)? {
        0 => raise!(cx, RuntimeError, "cannot release un-acquired lock"),
        count => Ok(count),
    }
}

fn rlock_release(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let count = held(cx, o)?;
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
    let count = held(cx, o)?;
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
pub(super) static RLOCK: TypeDef = TypeDef {
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
