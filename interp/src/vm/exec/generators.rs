//! Generators, coroutines and async generators: frames that are put aside and taken up again.
//!
//! A suspended frame lies in a buffer that belongs to the generator's header. Resuming copies it to the top of the register
//! stack, suspending copies it back, logging only the words that changed. No Rust recursion when the resumer is
//! Python code (`for`, `yield from`, `await`, `next(g)`, `g.send(v)`); natives resume through `vm/enter.rs`.
//!
//! Conflicts: a generator is one object with one header; a running one refuses to be resumed.

use taipan_objects::{
    class,
    cx::Cx,
    exc::{Completion, Escape, raise_message},
    heap::{Kind, Obj},
    names::{N, Special},
    protocol, raise,
    types::{T, exception},
    value::Value,
};

use crate::{
    code::{CodeFlags, Instr, Op},
    txn::driver,
    vm::{
        call::{self, Onward, Site},
        coroutine_origin,
        frame::{Book, Regs, flag},
        frame_object, function,
        loaded::LoadedCode,
        state::vm,
    },
};

/// Slots of generator objects.
pub mod slot {
    /// [`super::state`] as a small int.
    pub const STATE: usize = 2;
    /// The function.
    pub const FUNC: usize = 3;
    /// Number of the instruction where it goes on.
    pub const AT: usize = 4;
    /// Its registers.
    pub const REGS: usize = 5;
    /// The exception it was handling when it was suspended.
    pub const HANDLED: usize = 6;
    /// `__name__`.
    pub const NAME: usize = 7;
    /// `__qualname__`.
    pub const QUALNAME: usize = 8;
    /// The iterator it delegates to while suspended in `Delegate`.
    pub const AWAITS: usize = 9;
    /// Async generators: True while an `asend` or `athrow` is under way; hooks called.
    pub const ASYNC: usize = 10;
    /// Generators and coroutines: the frame object that shows them, or unbound.
    pub const FRAME: usize = 10;
    /// Async generators: finalizer hook; coroutines: `cr_origin`.
    pub const ORIGIN: usize = 11;
}

/// States of a generator.
pub mod state {
    /// Not started.
    pub const CREATED: i64 = 0;
    /// At a `yield` or in `Delegate`.
    pub const SUSPENDED: i64 = 1;
    /// On a register stack.
    pub const RUNNING: i64 = 2;
    /// Over.
    pub const CLOSED: i64 = 3;
}

/// How error texts name it.
pub fn noun(cx: &Cx, o: Obj) -> &'static str {
    let class = o.class();
    if class == cx.class(T::coroutine) {
        "coroutine"
    } else if class == cx.class(T::async_generator) {
        "async generator"
    } else {
        "generator"
    }
}

/// `StartGen`: moves the frame into a new object and returns that. `Err(object)` inside `Ok` leaves the loop.
pub fn start(
    cx: &mut Cx,
    regs: Regs,
    pc: *const Instr,
) -> Completion<Result<(Regs, *const Instr), Value>> {
    let code = regs.code();
    let t = if code.has(CodeFlags::COROUTINE) {
        T::coroutine
    } else if code.has(CodeFlags::ASYNC_GENERATOR) {
        T::async_generator
    } else {
        T::generator
    };
    let n = code.n_regs.max(code.n_params) as usize;
    let buf = cx.new_buf(n)?;
    for r in 0..code.n_params as usize {
        buf.init_item(r, regs.word(r));
    }
    let o = cx.new_object(t)?;
    let f = regs.func();
    o.init(slot::STATE, Value::small(state::CREATED));
    o.init(slot::FUNC, f.into());
    o.init(slot::AT, Value::small(code.index_of(pc) as i64));
    o.init(slot::REGS, buf.into());
    o.init(slot::NAME, f.raw(function::slot::NAME));
    o.init(slot::QUALNAME, f.raw(function::slot::QUALNAME));
    if t == T::coroutine && coroutine_origin::depth(cx) > 0 {
        let origin = coroutine_origin::of(cx, regs)?;
        cx.set(o, slot::ORIGIN, origin)?;
    }
    cx.note_mortal(o);
    Ok(match call::leave(cx, regs, o.into())? {
        Some(onward) => Ok(onward),
        None => Err(o.into()),
    })
}

/// The code of a generator.
pub fn code_of(o: Obj) -> Option<&'static LoadedCode> {
    o.raw(slot::FUNC).obj().map(function::code)
}

/// Opens the frame of `o` to go on with `sent`. `false`: it was over already.
///
/// # Errors
/// `ValueError` when it runs, `TypeError` for a value sent to a new one, `RuntimeError` for a spent coroutine.
pub fn resume(cx: &mut Cx, site: Site, o: Obj, sent: Value) -> Completion<bool> {
    let st = cx.read(o, slot::STATE)?.as_small();
    match st {
        state::RUNNING => {
            let noun = noun(cx, o);
            return raise!(cx, ValueError, "{noun} already executing");
        }
        state::CLOSED => {
            if o.class() == cx.class(T::coroutine) {
                return raise!(cx, RuntimeError, "cannot reuse already awaited coroutine");
            }
            return Ok(false);
        }
        state::CREATED if !sent.is_none() => {
            let noun = noun(cx, o);
            let article = if noun == "async generator" { "an" } else { "a" };
            let _ = article;
            return raise!(cx, TypeError, "can't send non-None value to a just-started {noun}");
        }
        _ => {}
    }
    let (regs, pc) = open(cx, site, o)?;
    if st == state::SUSPENDED {
        // The instruction that it was suspended by receives the value.
        // SAFETY-free: `pc` points into the code, whose first instruction is `StartGen`.
        let code = regs.code();
        let at = code.index_of(pc);
        let here = code.unit.instrs[at];
        if o.raw(slot::AWAITS).is_bound() && here.op == Op::Delegate {
            regs.set(here.c, sent);
        } else {
            regs.set(code.unit.instrs[at - 1].a, sent);
        }
    }
    vm(cx).pushed = regs;
    vm(cx).pushed_pc = pc;
    Ok(true)
}

/// No frame: the general way has to do it.
const GENERAL: (Regs, *const Instr) = (Regs::NULL, std::ptr::null());

/// What [`resume`] does for a `for` loop or `Delegate` (`how` is the flag), without a value to send, when the generator waits
/// at a `yield`, delegates to one that does, or was not started. `NULL` leaves everything as it is, and the rest to [`resume`].
///
/// A chain of generators that delegate to each other is gone down at once.
#[inline(never)]
pub fn take_up<const TX: bool>(
    cx: &mut Cx,
    caller: Regs,
    dst: u8,
    o: Obj,
    back: *const Instr,
    how: u64,
) -> (Regs, *const Instr) {
    let mut next = Some((caller, dst, o, back, how));
    let mut reached = GENERAL;
    while let Some((caller, dst, o, back, how)) = next {
        let Some((frame, at)) = open_quickly::<TX>(cx, caller, dst, o, back, how) else { break };
        reached = (frame, at);
        let inner = o.raw(slot::AWAITS).obj().filter(|g| g.kind() == Kind::Generator);
        next = inner.filter(|g| g.class() != cx.class(T::async_generator)).map(|g| {
            // What the generator waits in is `Delegate`: else there is no `AWAITS`.
            let code = frame.code();
            let here = code.unit.instrs[code.index_of(at)];
            (frame, here.a, g, at.wrapping_add(1), flag::DELEGATE)
        });
    }
    reached
}

#[inline(always)]
fn open_quickly<const TX: bool>(
    cx: &mut Cx,
    caller: Regs,
    dst: u8,
    o: Obj,
    back: *const Instr,
    how: u64,
) -> Option<(Regs, *const Instr)> {
    cx.claim_in::<TX>(o).ok()?;
    let st = o.raw(slot::STATE).as_small();
    if st > state::SUSPENDED {
        return None;
    }
    let (func, buf) = (o.raw(slot::FUNC).obj()?, o.raw(slot::REGS).obj()?);
    let code = function::code(func);
    let at = o.raw(slot::AT).as_small() as usize;
    let awaits = o.raw(slot::AWAITS).is_bound();
    // Async generators may wait for something in other instructions.
    if awaits && code.unit.instrs[at].op != Op::Delegate {
        return None;
    }
    let site = Site { flags: how, ..Site::above(caller, dst) };
    let regs = call::quick_room(cx, site, code)?;
    cx.write_in::<TX>(o, slot::STATE, Value::small(state::RUNNING));
    for (r, &word) in buf.items().iter().enumerate() {
        regs.set_word(r, word);
    }
    let distance = regs.distance_from(caller);
    regs.open(func.into(), code, back, Book::new(how | flag::GEN, dst, distance));
    regs.set_extra(o.into());
    regs.set_outer_handled(cx.handled);
    let handled = o.raw(slot::HANDLED);
    if handled.is_bound() {
        regs.add_flags(flag::HANDLES);
        cx.handled = handled;
    }
    cx.depth += 1;
    if awaits {
        // What is sent on.
        regs.set(code.unit.instrs[at].c, Value::NONE);
    } else if st == state::SUSPENDED {
        // The value of the `yield` expression.
        regs.set(code.unit.instrs[at - 1].a, Value::NONE);
    }
    Some((regs, code.instrs.wrapping_add(at)))
}

/// Where [`put_away`] has left a value that was yielded.
#[derive(Clone, Copy, Debug)]
pub enum Away {
    /// With the `for` loop, which goes on here.
    Resumer(Regs, *const Instr),
    /// Still in this frame, which [`suspend`] has to put aside.
    Left(Regs, *const Instr),
}

/// What [`suspend`] does for the `yield` of a generator that a `for` loop has resumed, itself or through generators that
/// delegate to each other.
#[inline(never)]
pub fn put_away<const TX: bool>(cx: &mut Cx, regs: Regs, pc: *const Instr, v: Value) -> Away {
    let (mut regs, mut pc) = (regs, pc);
    loop {
        let book = regs.book();
        let through = book.flags() == flag::DELEGATE | flag::GEN;
        let Some(o) = regs.extra().obj() else { return Away::Left(regs, pc) };
        if !through && book.flags() != flag::FOR | flag::GEN
            || put_aside_in::<TX>(cx, regs, o, pc).is_err()
        {
            return Away::Left(regs, pc);
        }
        let (caller, back) = (regs.caller(), regs.return_pc());
        cx.depth -= 1;
        if TX {
            driver::note_return(cx, caller);
        }
        if through {
            (regs, pc) = (caller, back.wrapping_sub(1));
            continue;
        }
        caller.set(book.dst(), v);
        let code = caller.code();
        let jump = code.unit.instrs[code.index_before(back)].imm;
        return Away::Resumer(caller, back.wrapping_offset(jump as isize));
    }
}

/// Copies the frame of `o` onto the stack, marks `o` as running, and says where it goes on.
pub fn open(cx: &mut Cx, site: Site, o: Obj) -> Completion<(Regs, *const Instr)> {
    let Some(func) = o.raw(slot::FUNC).obj() else {
        return raise!(cx, SystemError, "generator without a frame");
    };
    let code = function::code(func);
    let regs = call::room(cx, site, code)?;
    cx.claim(o)?;
    let Some(buf) = o.raw(slot::REGS).obj() else {
        return raise!(cx, SystemError, "generator without a frame");
    };
    for (r, word) in buf.items().iter().enumerate() {
        regs.set_word(r, *word);
    }
    let at = o.raw(slot::AT).as_small() as usize;
    cx.write(o, slot::STATE, Value::small(state::RUNNING));
    let back = vm(cx).pc;
    regs.open(
        func.into(),
        code,
        back,
        Book::new(site.flags | flag::GEN, site.dst, regs.distance_from(site.caller)),
    );
    regs.set_extra(o.into());
    regs.set_outer_handled(cx.handled);
    let handled = o.raw(slot::HANDLED);
    if handled.is_bound() {
        regs.add_flags(flag::HANDLES);
        cx.handled = handled;
    }
    cx.depth += 1;
    Ok((regs, code.pc_at(at)))
}

/// Where a suspended generator's value goes.
#[derive(Clone, Copy, Debug)]
pub enum Suspended {
    /// On in the resumer.
    Resumer(Regs, *const Instr),
    /// Out of the loop, with this value.
    Exit(Value),
}

fn put_aside(cx: &mut Cx, regs: Regs, o: Obj, pc: *const Instr) -> Completion<()> {
    if cx.is_solo() {
        put_aside_in::<false>(cx, regs, o, pc)
    } else {
        put_aside_in::<true>(cx, regs, o, pc)
    }
}

#[inline(always)]
fn put_aside_in<const TX: bool>(
    cx: &mut Cx,
    regs: Regs,
    o: Obj,
    pc: *const Instr,
) -> Completion<()> {
    cx.claim_in::<TX>(o)?;
    let code = regs.code();
    let at = code.index_of(pc);
    let here = code.unit.instrs[at];
    let awaits = if here.op == Op::Delegate { regs.get(here.b) } else { Value::UNBOUND };
    if !has_only_passed_on(o, regs, at, awaits) {
        if let Some(buf) = o.raw(slot::REGS).obj() {
            save_registers::<TX>(cx, o, buf, regs);
        }
        cx.write_in::<TX>(o, slot::AT, Value::small(at as i64));
        cx.write_in::<TX>(o, slot::AWAITS, awaits);
    }
    let outer = regs.outer_handled();
    let handled = if regs.book().has(flag::HANDLES) { cx.handled } else { Value::UNBOUND };
    cx.write_in::<TX>(o, slot::STATE, Value::small(state::SUSPENDED));
    if handled != o.raw(slot::HANDLED) {
        cx.write_in::<TX>(o, slot::HANDLED, handled);
    }
    cx.handled = outer;
    Ok(())
}

/// Whether the frame still waits for the generator that it waited for when it was opened. Then no instruction of it has run,
/// and what lies in the buffer is what lies in the registers: a generator that has ended yields no more, and an exception
/// that the frame catches goes through [`runs_on`].
fn has_only_passed_on(o: Obj, regs: Regs, at: usize, awaits: Value) -> bool {
    awaits == o.raw(slot::AWAITS)
        && awaits.obj().is_some_and(|inner| inner.kind() == Kind::Generator)
        && o.raw(slot::AT).as_small() as usize == at
        && !regs.book().has(flag::OBJECT)
}

/// An exception made a frame go on; if it is a generator's, then it does not wait any more.
///
/// # Errors
/// The attempt's abort.
pub fn runs_on(cx: &mut Cx, regs: Regs) -> Completion<()> {
    if regs.book().has(flag::GEN)
        && let Some(o) = regs.extra().obj()
        && o.raw(slot::AWAITS).is_bound()
    {
        cx.set(o, slot::AWAITS, Value::UNBOUND)?;
    }
    Ok(())
}

#[inline(always)]
fn save_registers<const TX: bool>(cx: &mut Cx, o: Obj, buf: Obj, regs: Regs) {
    for r in 0..buf.len() {
        let new = regs.word(r);
        if !TX || new != buf.raw(2 + r) {
            cx.write_word_in::<TX>(o, buf.word(2 + r), new.bits());
        }
    }
}

/// `Yield`: puts the frame aside; it will go on at `pc`.
///
/// # Errors
/// The attempt's abort.
pub fn suspend(
    cx: &mut Cx,
    regs: Regs,
    pc: *const Instr,
    v: Value,
    is_async: bool,
) -> Completion<Suspended> {
    let (mut regs, mut pc) = (regs, pc);
    loop {
        let Some(o) = regs.extra().obj() else {
            return raise!(cx, SystemError, "yield outside a generator");
        };
        put_aside(cx, regs, o, pc)?;
        let book = regs.book();
        if book.has(flag::OBJECT) {
            frame_object::detach(cx, regs);
        }
        let caller = regs.caller();
        let at = regs.return_pc();
        cx.depth -= 1;
        vm(cx).base = caller;
        if book.has(flag::ENTRY) {
            vm(cx).driver.async_yield = is_async;
            return Ok(Suspended::Exit(v));
        }
        driver::note_return(cx, caller);
        if book.has(flag::DELEGATE) {
            regs = caller;
            pc = at.wrapping_sub(1);
            continue;
        }
        caller.set(book.dst(), v);
        if book.has(flag::FOR) {
            let code = caller.code();
            let jump = code.unit.instrs[code.index_before(at)].imm;
            return Ok(Suspended::Resumer(caller, at.wrapping_offset(jump as isize)));
        }
        return Ok(Suspended::Resumer(caller, at));
    }
}

fn close_frame(cx: &mut Cx, regs: Regs) -> Completion<()> {
    if let Some(o) = regs.extra().obj() {
        cx.claim(o)?;
        cx.write(o, slot::STATE, Value::small(state::CLOSED));
        cx.write(o, slot::REGS, Value::UNBOUND);
        cx.write(o, slot::AWAITS, Value::UNBOUND);
        cx.write(o, slot::HANDLED, Value::UNBOUND);
    }
    cx.handled = regs.outer_handled();
    Ok(())
}

/// `GenReturn`: the generator is over, with the value `v`.
///
/// # Errors
/// `StopIteration` for a resumer that called `next` or `send`; the caller's frame is then in `Vm::base`.
pub fn finish(cx: &mut Cx, regs: Regs, v: Value) -> Completion<Onward> {
    close_frame(cx, regs)?;
    let book = regs.book();
    if book.has(flag::OBJECT) {
        frame_object::detach(cx, regs);
    }
    let caller = regs.caller();
    let at = regs.return_pc();
    cx.depth -= 1;
    vm(cx).base = caller;
    if book.has(flag::ENTRY) {
        return Ok(None);
    }
    driver::note_return(cx, caller);
    vm(cx).pc = at;
    if book.has(flag::FOR) {
        return Ok(Some((caller, at)));
    }
    if book.has(flag::DELEGATE) {
        caller.set(book.dst(), v);
        return Ok(Some((caller, at)));
    }
    Err(exception::stop_iteration(cx, v))
}

/// Whether the resumer of a frame that returns `v` takes a `StopIteration`, as CPython does it.
pub fn stops_visibly(regs: Regs, v: Value) -> bool {
    let book = regs.book();
    book.has(flag::DELEGATE) || book.has(flag::FOR) && !v.is_none()
}

/// An exception leaves the generator's frame: it is over; gives what its resumer sees.
///
/// # Errors
/// The attempt's abort.
pub fn fail(cx: &mut Cx, regs: Regs, e: Obj) -> Completion<Escape> {
    let o = regs.extra().obj();
    close_frame(cx, regs)?;
    let Some(o) = o else { return Ok(Escape::raise(e)) };
    let is = |t: T| class::is_subclass(e.class(), cx.class(t));
    let is_async = o.class() == cx.class(T::async_generator);
    let what = if is(T::StopIteration) {
        "StopIteration"
    } else if is_async && is(T::StopAsyncIteration) {
        "StopAsyncIteration"
    } else {
        return Ok(Escape::raise(e));
    };
    let noun = noun(cx, o);
    let escape = raise_message(cx, T::RuntimeError, &format!("{noun} raised {what}"));
    caused_by(cx, escape, e)?;
    Ok(escape)
}

/// What `Delegate` does next.
#[derive(Clone, Copy, Debug)]
pub enum Delegated {
    /// The iterator ended with this value.
    Finished(Value),
    /// The iterator is a generator whose frame was opened.
    Entered,
    /// The iterator gave a value to pass on.
    Yielded(Value),
}

/// `Delegate`.
pub fn delegate(cx: &mut Cx, regs: Regs, i: &Instr, _pc: *const Instr) -> Completion<Delegated> {
    let (it, sent) = (regs.get(i.b), regs.get(i.c));
    if let Some(o) = it.obj()
        && o.kind() == Kind::Generator
        && o.class() != cx.class(T::async_generator)
    {
        let site = Site { flags: flag::DELEGATE, ..Site::above(regs, i.a) };
        return Ok(if resume(cx, site, o, sent)? {
            Delegated::Entered
        } else {
            Delegated::Finished(Value::NONE)
        });
    }
    let result = if sent.is_none() {
        let f = class::special(cx.class_of(it), Special::Next);
        if f.is_unbound() {
            let name = cx.type_name(it);
            return raise!(cx, TypeError, "'{name}' object is not an iterator");
        }
        protocol::call::call_unbound(cx, f, it, &[], &[])
    } else {
        let name = cx.name(N::send);
        protocol::call_method(cx, it, name, &[sent])
    };
    match result {
        Ok(v) if v.is_unbound() => Ok(Delegated::Finished(Value::NONE)),
        Ok(v) => Ok(Delegated::Yielded(v)),
        Err(escape) => stop_value(cx, escape).map(Delegated::Finished),
    }
}

/// The value of a `StopIteration`; other escapes pass.
///
/// # Errors
/// The escape, if it is something else.
pub fn stop_value(cx: &mut Cx, escape: Escape) -> Completion<Value> {
    match escape.exception() {
        Some(e) if class::is_subclass(e.class(), cx.class(T::StopIteration)) => {
            Ok(cx.read(e, exception::slot::FIELDS)?.bound().unwrap_or(Value::NONE))
        }
        _ => Err(escape),
    }
}

/// `GetYieldFromIter`.
pub fn yield_from_iter(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let v = regs.get(i.b);
    let class = cx.class_of(v);
    if class == cx.class(T::coroutine) {
        let code = regs.code();
        if !code.has(CodeFlags::COROUTINE) && !code.has(CodeFlags::ITERABLE_COROUTINE) {
            return raise!(
                cx,
                TypeError,
                "cannot 'yield from' a coroutine object in a non-coroutine generator"
            );
        }
        regs.set(i.a, v);
        return Ok(());
    }
    let it = if class == cx.class(T::generator) { v } else { protocol::iter(cx, v)? };
    regs.set(i.a, it);
    Ok(())
}

/// The iterator that `await v` drives.
///
/// # Errors
/// `TypeError` when there is none.
pub fn await_iter(cx: &mut Cx, v: Value) -> Completion<Option<Value>> {
    if let Some(o) = v.obj()
        && o.kind() == Kind::Generator
    {
        let iterable = code_of(o).is_some_and(|c| c.has(CodeFlags::ITERABLE_COROUTINE));
        if o.class() == cx.class(T::coroutine) || (o.class() == cx.class(T::generator) && iterable)
        {
            return Ok(Some(v));
        }
    }
    let Some(it) = protocol::call_special(cx, v, Special::Await, &[])? else { return Ok(None) };
    let class = cx.class_of(it);
    if class == cx.class(T::coroutine) {
        return raise!(cx, TypeError, "__await__() returned a coroutine");
    }
    if class::special(class, Special::Next).is_unbound() {
        let name = class::name(class);
        return raise!(cx, TypeError, "__await__() returned non-iterator of type '{name}'");
    }
    Ok(Some(it))
}

/// `GetAwaitable`.
pub fn awaitable(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let v = regs.get(i.b);
    let Some(it) = await_iter(cx, v)? else {
        let name = cx.type_name(v);
        return match i.c {
            1 => raise!(
                cx,
                TypeError,
                "'async with' received an object from __aenter__ that does not implement __await__: {name}"
            ),
            2 => raise!(
                cx,
                TypeError,
                "'async with' received an object from __aexit__ that does not implement __await__: {name}"
            ),
            _ => raise!(cx, TypeError, "'{name}' object can't be awaited"),
        };
    };
    if let Some(o) = it.obj()
        && o.class() == cx.class(T::coroutine)
        && cx.read(o, slot::AWAITS)?.is_bound()
    {
        return raise!(cx, RuntimeError, "coroutine is being awaited already");
    }
    regs.set(i.a, it);
    Ok(())
}

/// `GetAIter`.
pub fn async_iter(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let v = regs.get(i.b);
    let Some(it) = protocol::call_special(cx, v, Special::AIter, &[])? else {
        let name = cx.type_name(v);
        return raise!(
            cx,
            TypeError,
            "'async for' requires an object with __aiter__ method, got {name}"
        );
    };
    if class::special(cx.class_of(it), Special::ANext).is_unbound() {
        let name = cx.type_name(it);
        return raise!(
            cx,
            TypeError,
            "'async for' received an object from __aiter__ that does not implement __anext__: {name}"
        );
    }
    regs.set(i.a, it);
    Ok(())
}

#[cold]
fn invalid_step(cx: &mut Cx, step: Value) -> Escape {
    let name = cx.type_name(step);
    let text = format!("'async for' received an invalid object from __anext__: {name}");
    raise_message(cx, T::TypeError, &text)
}

/// Makes `cause` the cause of a new exception.
fn caused_by(cx: &mut Cx, escape: Escape, cause: Obj) -> Completion<()> {
    if let Some(error) = escape.exception() {
        cx.set(error, exception::slot::CAUSE, cause.into())?;
        cx.set(error, exception::slot::CONTEXT, cause.into())?;
        cx.set(error, exception::slot::SUPPRESS, Value::TRUE)?;
    }
    Ok(())
}

/// `GetANext`.
pub fn async_next(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let v = regs.get(i.b);
    let Some(step) = protocol::call_special(cx, v, Special::ANext, &[])? else {
        let name = cx.type_name(v);
        return raise!(
            cx,
            TypeError,
            "'async for' requires an iterator with __anext__ method, got {name}"
        );
    };
    let it = match await_iter(cx, step) {
        Ok(Some(it)) => it,
        Ok(None) => return Err(invalid_step(cx, step)),
        Err(escape) => {
            let Some(cause) = escape.exception() else { return Err(escape) };
            let wrapped = invalid_step(cx, step);
            caused_by(cx, wrapped, cause)?;
            return Err(wrapped);
        }
    };
    regs.set(i.a, it);
    Ok(())
}
