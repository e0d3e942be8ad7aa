//! Calls of trace and profile functions. `Vm::base` and `Vm::pc` say where the program is.

use taipan_objects::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    protocol,
    types::{T, descr, exception, native_fn},
    value::Value,
};

use crate::{
    code::Instr,
    vm::{
        code_object,
        frame::{Regs, flag},
        frame_object::{self, slot as frame_slot},
        state::{vm, vm_ref},
        tracing::{
            Place, mode,
            monitor::{self, event},
            set, slot, without_events,
        },
    },
};

fn has(cx: &Cx, bits: u8) -> bool {
    vm_ref(cx).tracing.mode & bits != 0
}

/// Calls the trace function for the frame, or what the frame has in its place.
fn trace(cx: &mut Cx, regs: Regs, what: &str, arg: Value) -> Completion<()> {
    if !has(cx, mode::TRACE) {
        return Ok(());
    }
    let begins = what == "call";
    if !begins && !regs.book().has(flag::OBJECT) {
        return Ok(());
    }
    let pc = vm_ref(cx).pc;
    let frame = frame_object::of(cx, regs, pc)?;
    let f = if begins { cx.thread_slot(slot::TRACE) } else { cx.read(frame, frame_slot::TRACE)? };
    if f.is_unbound() || f.is_none() || !frame_object::wants(frame, what) {
        return Ok(());
    }
    let name = cx.intern(what)?;
    match without_events(cx, |cx| protocol::call(cx, f, &[frame.into(), name, arg])) {
        Ok(v) if v.is_none() => Ok(()),
        Ok(v) => cx.set(frame, frame_slot::TRACE, v),
        Err(escape) => {
            if !escape.is_abort() {
                set(cx, slot::TRACE, Value::NONE);
                cx.set(frame, frame_slot::TRACE, Value::UNBOUND)?;
            }
            Err(escape)
        }
    }
}

/// Calls the profile function.
fn profile(cx: &mut Cx, regs: Regs, what: &str, arg: Value) -> Completion<()> {
    if !has(cx, mode::PROFILE) {
        return Ok(());
    }
    let f = cx.thread_slot(slot::PROFILE);
    let pc = vm_ref(cx).pc;
    let frame = frame_object::of(cx, regs, pc)?;
    let name = cx.intern(what)?;
    match without_events(cx, |cx| protocol::call(cx, f, &[frame.into(), name, arg])) {
        Ok(_) => Ok(()),
        Err(escape) => {
            if !escape.is_abort() {
                set(cx, slot::PROFILE, Value::NONE);
            }
            Err(escape)
        }
    }
}

fn called(cx: &mut Cx, regs: Regs) -> Completion<()> {
    trace(cx, regs, "call", Value::NONE)?;
    profile(cx, regs, "call", Value::NONE)
}

/// A function, a module or a class body begins.
pub(super) fn started(cx: &mut Cx, regs: Regs, at: usize) -> Completion<()> {
    vm(cx).tracing.shown = Some((regs, code_object::start_line(&regs.code().unit)));
    let result =
        monitor::tell(cx, event::PY_START, regs.code(), at, &[]).and_then(|()| called(cx, regs));
    vm(cx).tracing.shown = None;
    result
}

/// A generator goes on behind the instruction `at`.
pub(super) fn resumed(cx: &mut Cx, regs: Regs, at: usize) -> Completion<()> {
    let pc = vm_ref(cx).pc;
    vm(cx).pc = regs.code().pc_at(at).wrapping_add(1);
    let result =
        monitor::tell(cx, event::PY_RESUME, regs.code(), at, &[]).and_then(|()| called(cx, regs));
    vm(cx).pc = pc;
    result
}

/// A generator goes on because `e` is thrown into it, at the instruction before `pc`.
///
/// # Errors
/// What the functions raise.
#[cold]
pub fn resumed_by_throw(cx: &mut Cx, regs: Regs, pc: *const Instr, e: Obj) -> Completion<()> {
    enter_frame(cx, regs, pc);
    let at = regs.code().index_before(pc);
    monitor::tell(cx, event::PY_THROW, regs.code(), at, &[e.into()])?;
    called(cx, regs)
}

/// Makes the frame the running one, in the middle of a fault.
fn enter_frame(cx: &mut Cx, regs: Regs, pc: *const Instr) {
    vm(cx).base = regs;
    vm(cx).pc = pc;
    let code = regs.code();
    cx.stack.top = cx.stack.top.max(regs.above(code.n_regs.max(code.n_params) as usize));
    vm(cx).tracing.last = Place::behind(regs, pc);
}

/// The frame returns `v`.
pub(super) fn returned(cx: &mut Cx, regs: Regs, v: Value) -> Completion<()> {
    leaves(cx, regs, event::PY_RETURN, v)
}

/// The frame yields `v`.
pub(super) fn yielded(cx: &mut Cx, regs: Regs, v: Value) -> Completion<()> {
    leaves(cx, regs, event::PY_YIELD, v)
}

fn leaves(cx: &mut Cx, regs: Regs, event: u32, v: Value) -> Completion<()> {
    let code = regs.code();
    let at = code.index_before(vm_ref(cx).pc);
    monitor::tell(cx, event, code, at, &[v])?;
    trace(cx, regs, "return", v)?;
    profile(cx, regs, "return", v)
}

/// How a line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begins {
    /// Before its first instruction.
    Placed,
    /// Before an instruction of another line, without one of its own.
    Marked,
    /// Once more, by a loop in one line: to tools that is a jump.
    Again,
}

/// A line begins. Gives the instruction to which a function has set `f_lineno`.
pub(super) fn line(
    cx: &mut Cx,
    regs: Regs,
    at: usize,
    line: u32,
    begins: Begins,
) -> Completion<Option<usize>> {
    vm(cx).tracing.shown = Some((regs, line));
    vm(cx).tracing.at_line = true;
    let told = match begins {
        Begins::Again => Ok(()),
        _ => monitor::tell_line(cx, regs.code(), at, line, begins == Begins::Marked),
    };
    let result = told.and_then(|()| trace(cx, regs, "line", Value::NONE));
    let tracing = &mut vm(cx).tracing;
    tracing.shown = None;
    tracing.at_line = false;
    let to = tracing.jump.take();
    result.map(|()| to)
}

/// An instruction begins.
pub(super) fn opcode(cx: &mut Cx, regs: Regs) -> Completion<()> {
    trace(cx, regs, "opcode", Value::NONE)
}

/// Whether a call of `f` opens a frame, whose return is an event of its own.
fn is_python(cx: &Cx, f: Value) -> bool {
    let Some(o) = f.obj() else { return false };
    let function = match o.kind() {
        Kind::Frozen if o.class() == cx.class(T::method) => descr::method_parts(o).0.obj(),
        _ => Some(o),
    };
    function.is_some_and(|f| f.kind() == Kind::Function)
}

/// The callable as events show it, if it is native: methods with their receiver.
fn native_callable(cx: &mut Cx, f: Value, this: Value) -> Completion<Option<Value>> {
    let Some(o) = f.obj().filter(|o| o.kind() == Kind::Native) else { return Ok(None) };
    if this.is_bound() && o.raw(native_fn::slot::SELF).is_unbound() {
        return native_fn::bind(cx, o, this).map(Some);
    }
    Ok(Some(f))
}

/// The instruction calls `f`, with the receiver `this` if that is bound.
pub(super) fn calls(cx: &mut Cx, regs: Regs, at: usize, f: Value, this: Value) -> Completion<()> {
    let monitored = vm_ref(cx).shared.monitor.wants(event::CALL);
    if !monitored && !has(cx, mode::PROFILE) {
        return Ok(());
    }
    let code = regs.code();
    let first = first_argument(regs, at, this);
    if monitored {
        let missing = monitor::missing(cx)?;
        let first = first.bound().unwrap_or(missing);
        monitor::tell(cx, event::CALL, code, at, &[f, first])?;
    }
    let native = native_callable(cx, f, this)?;
    match native {
        Some(native) => profile(cx, regs, "c_call", native)?,
        None if !monitored || is_python(cx, f) => return Ok(()),
        None => {}
    }
    let native = native.unwrap_or(Value::NONE);
    let outer = cx.thread_slot(slot::C_CALLS).bound().unwrap_or(Value::NONE);
    let frame = Value::small(regs.address() as i64);
    let place = Value::small(at as i64);
    let first = first.bound().unwrap_or(Value::ELLIPSIS);
    let entry = cx.new_tuple(&[frame, place, f, native, first, outer])?;
    cx.set_thread_slot(slot::C_CALLS, entry);
    Ok(())
}

fn first_argument(regs: Regs, at: usize, this: Value) -> Value {
    use crate::code::Op;
    let i = regs.code().unit.instrs[at];
    match i.op {
        _ if this.is_bound() => this,
        Op::CallEx => match regs.get(i.b + 4).obj() {
            Some(t) if t.kind() == Kind::Tuple => t.items().first().copied().unwrap_or_default(),
            _ => Value::UNBOUND,
        },
        Op::CallMethod | Op::CallMethodKw if i.c > 0 => regs.word(i.b as usize + 5),
        Op::Call | Op::CallKw if i.c > 0 => regs.word(i.b as usize + 4),
        _ => Value::UNBOUND,
    }
}

/// A call that was not of a Python function.
struct Called {
    at: usize,
    callable: Value,
    /// As a profile function sees it, or `None` if it does not.
    native: Value,
    /// The first argument, `...` for none.
    first: Value,
}

/// Takes the innermost such call off the chain if the frame has made it.
fn finished(cx: &mut Cx, regs: Regs) -> Option<Called> {
    loop {
        let entry = cx.thread_slot(slot::C_CALLS).obj()?;
        let &[frame, at, callable, native, first, outer] = entry.items() else { return None };
        let frame = frame.as_small() as usize;
        if frame < regs.address() as usize {
            return None;
        }
        cx.set_thread_slot(slot::C_CALLS, if outer.is_none() { Value::UNBOUND } else { outer });
        // Those of frames above are left over from frames that were thrown away.
        if frame == regs.address() as usize {
            return Some(Called { at: at.as_small() as usize, callable, native, first });
        }
    }
}

fn native_over(cx: &mut Cx, regs: Regs, event: u32, what: &str) -> Completion<()> {
    let Some(call) = finished(cx, regs) else { return Ok(()) };
    let code = regs.code();
    if vm_ref(cx).shared.monitor.wants(event) && call.at < code.unit.instrs.len() {
        let missing = monitor::missing(cx)?;
        let first = if call.first == Value::ELLIPSIS { missing } else { call.first };
        monitor::tell(cx, event, code, call.at, &[call.callable, first])?;
    }
    if call.native.is_none() { Ok(()) } else { profile(cx, regs, what, call.native) }
}

/// The frame goes on: what it called has returned, if it was native.
pub(super) fn native_returned(cx: &mut Cx, regs: Regs) -> Completion<()> {
    if cx.thread_slot(slot::C_CALLS).is_unbound() {
        return Ok(());
    }
    let pc = vm_ref(cx).pc;
    vm(cx).pc = pc.wrapping_sub(1);
    let result = native_over(cx, regs, event::C_RETURN, "c_return");
    vm(cx).pc = pc;
    result
}

/// An exception has come to the frame, at the instruction before `pc`; `fresh` unless it was raised again by cleaning up.
///
/// # Errors
/// What the functions raise.
#[cold]
pub fn raised(cx: &mut Cx, regs: Regs, pc: *const Instr, e: Obj, fresh: bool) -> Completion<()> {
    enter_frame(cx, regs, pc);
    native_over(cx, regs, event::C_RAISE, "c_exception")?;
    let code = regs.code();
    let at = code.index_before(pc);
    let what = if fresh { event::RAISE } else { event::RERAISE };
    monitor::tell(cx, what, code, at, &[e.into()])?;
    if !fresh || !has(cx, mode::TRACE) {
        return Ok(());
    }
    let tb = cx.read(e, exception::slot::TRACEBACK)?.bound().unwrap_or(Value::NONE);
    let arg = cx.new_tuple(&[e.class().into(), e.into(), tb])?;
    trace(cx, regs, "exception", arg)
}

/// An iterator that the frame delegated to has ended with `v`.
pub(super) fn stopped(cx: &mut Cx, regs: Regs, v: Value) -> Completion<()> {
    let monitored = vm_ref(cx).shared.monitor.wants(event::STOP_ITERATION);
    if !monitored && !has(cx, mode::TRACE) {
        return Ok(());
    }
    let Some(e) = exception::stop_iteration(cx, v).exception() else { return Ok(()) };
    let code = regs.code();
    let at = code.index_before(vm_ref(cx).pc);
    monitor::tell(cx, event::STOP_ITERATION, code, at, &[e.into()])?;
    let arg = cx.new_tuple(&[e.class().into(), e.into(), Value::NONE])?;
    trace(cx, regs, "exception", arg)
}

/// A handler of the frame takes the exception.
///
/// # Errors
/// What the tools raise.
pub fn handled(cx: &mut Cx, regs: Regs, handler: usize, e: Obj) -> Completion<()> {
    monitor::tell(cx, event::EXCEPTION_HANDLED, regs.code(), handler, &[e.into()])
}

/// The exception leaves the frame.
///
/// # Errors
/// What the functions raise.
#[cold]
pub fn unwound(cx: &mut Cx, regs: Regs, pc: *const Instr, e: Obj) -> Completion<()> {
    enter_frame(cx, regs, pc);
    let code = regs.code();
    let at = code.index_before(pc);
    monitor::tell(cx, event::PY_UNWIND, code, at, &[e.into()])?;
    trace(cx, regs, "return", Value::NONE)?;
    profile(cx, regs, "return", Value::NONE)
}
