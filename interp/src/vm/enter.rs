//! From native code into the loop: calling functions, resuming generators.
//!
//! A loop entered while another runs below it is nested: no attempt may end inside it, since the native frames in between
//! cannot be run again. The lowest loop of a thread is where the driver restores checkpoints.

use taipan_objects::{
    cx::Cx,
    exc::{Completion, Escape},
    gc,
    heap::Obj,
    value::Value,
};

use crate::{
    code::Instr,
    txn::driver,
    vm::{
        call::{self, Site},
        dispatch::{self, Exit},
        exec::generators::{self, Suspended, slot, state},
        frame::{FRAME_WORDS, Regs, flag},
        state::{vm, vm_ref},
        tracing::{self, Place},
        unwind::{self, Landing},
    },
};

/// Where a native that calls back stands: restored when the loop it entered is left.
struct Outer {
    base: Regs,
    pc: *const Instr,
    top: *mut u64,
    depth: u32,
}

impl Outer {
    fn note(cx: &Cx) -> Self {
        let vm = vm_ref(cx);
        Self { base: vm.base, pc: vm.pc, top: cx.stack.top, depth: cx.depth }
    }

    fn restore(&self, cx: &mut Cx) {
        cx.stack.top = self.top;
        cx.depth = self.depth;
        let vm = vm(cx);
        vm.base = self.base;
        vm.pc = self.pc;
    }

    /// Where the entry frame goes.
    fn site(&self, cx: &Cx) -> Site {
        if self.base.is_null() {
            // The first frame of the thread is its own caller.
            let base = Regs::at(cx.stack.base.wrapping_add(FRAME_WORDS));
            return Site { caller: base, window: 0, dst: 0, flags: flag::ENTRY };
        }
        let window = Regs::at(self.top).distance_from(self.base);
        Site { caller: self.base, window, dst: 0, flags: flag::ENTRY }
    }
}

/// Calls a Python function from native code.
///
/// # Errors
/// Whatever it raises; `RecursionError`; the attempt's abort.
pub fn call_function(cx: &mut Cx, f: Obj, args: &[Value], kwnames: &[Value]) -> Completion<Value> {
    if cx.native_stack_is_low() {
        return Err(call::too_deep(cx));
    }
    let outer = Outer::note(cx);
    if !outer.base.is_null() {
        // A native that calls back again and again is a loop without an edge of its own.
        vm(cx).budget -= 8;
        if vm(cx).budget < 0 {
            driver::poll_native(cx)?;
        }
    }
    let site = outer.site(cx);
    let lowest = outer.base.is_null() && (cx.is_solo() || !cx.tx.is_active());
    let open = |cx: &mut Cx| call::open(cx, site, f, args, kwnames, Value::UNBOUND);
    if lowest {
        driver::with_attempt(cx, open)?
    } else {
        open(cx)?
    }
    let (regs, pc) = (vm(cx).pushed, vm(cx).pushed_pc);
    if outer.base.is_null() {
        // The lowest frame: make it its own caller.
        regs.open(f.into(), regs.code(), pc, crate::vm::frame::Book::new(flag::ENTRY, 0, 0));
    }
    let exit = run(cx, regs, pc, lowest);
    outer.restore(cx);
    match exit {
        Exit::Done(v) | Exit::Yielded(v) => Ok(v),
        Exit::Raised(escape) => Err(escape),
        Exit::Switch => Err(Escape::ABORT),
    }
}

fn run(cx: &mut Cx, regs: Regs, pc: *const Instr, lowest: bool) -> Exit {
    if vm_ref(cx).tracing.mode != 0 {
        vm(cx).tracing.last = Place::ENTRY;
    }
    run_on(cx, regs, pc, lowest)
}

/// As [`run`] in a frame that has begun.
#[inline(always)]
fn run_on(cx: &mut Cx, regs: Regs, pc: *const Instr, lowest: bool) -> Exit {
    if lowest {
        return gc::as_lowest(cx, |cx| driver::run_lowest(cx, regs, pc));
    }
    vm(cx).driver.nesting += 1;
    let exit = run_loop(cx, regs, pc);
    vm(cx).driver.nesting -= 1;
    exit
}

/// Runs the loop that fits the mode until the entry frame is left.
pub fn run_loop(cx: &mut Cx, regs: Regs, pc: *const Instr) -> Exit {
    let (mut regs, mut pc) = (regs, pc);
    loop {
        let exit = run_once(cx, regs, pc);
        if !matches!(exit, Exit::Switch) {
            return exit;
        }
        (regs, pc) = (vm(cx).base, vm(cx).pc);
    }
}

/// Runs the loop that fits the mode until it is left or the mode changes.
pub fn run_once(cx: &mut Cx, regs: Regs, pc: *const Instr) -> Exit {
    match (cx.is_solo(), vm_ref(cx).tracing.mode != 0) {
        (true, false) => dispatch::run::<false, false>(cx, pc, regs),
        (false, false) => dispatch::run::<true, false>(cx, pc, regs),
        (true, true) => dispatch::run::<false, true>(cx, pc, regs),
        (false, true) => dispatch::run::<true, true>(cx, pc, regs),
    }
}

/// What a native does with a generator.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    /// `send(v)`.
    Send(Value),
    /// `throw(e)`.
    Throw(Obj),
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// It yielded; the flag tells an async generator's own `yield` from one that was passed on.
    Yielded(Value, bool),
    /// It returned.
    Returned(Value),
}

/// Resumes a generator from native code.
///
/// # Errors
/// Whatever it raises, and what [`generators::resume`] raises.
pub fn drive(cx: &mut Cx, o: Obj, input: Input) -> Completion<Step> {
    if cx.native_stack_is_low() {
        return Err(call::too_deep(cx));
    }
    let outer = Outer::note(cx);
    let site = outer.site(cx);
    let exit = match input {
        Input::Send(v) => {
            if !generators::resume(cx, site, o, v)? {
                return Ok(Step::Returned(Value::NONE));
            }
            let (regs, pc) = (vm(cx).pushed, vm(cx).pushed_pc);
            run(cx, regs, pc, false)
        }
        Input::Throw(e) => {
            let (regs, pc) = generators::open(cx, site, o)?;
            throw_here(cx, regs, pc, e)
        }
    };
    outer.restore(cx);
    step(cx, exit)
}

fn step(cx: &mut Cx, exit: Exit) -> Completion<Step> {
    match exit {
        Exit::Done(v) => Ok(Step::Returned(v)),
        Exit::Yielded(v) => Ok(Step::Yielded(v, vm(cx).driver.async_yield)),
        Exit::Raised(escape) => Err(escape),
        Exit::Switch => Err(Escape::ABORT),
    }
}

/// Raises `e` in the frame of a generator, at what it was suspended by.
fn throw_here(cx: &mut Cx, regs: Regs, pc: *const Instr, e: Obj) -> Exit {
    let waits = regs.extra().obj().is_some_and(|o| o.raw(slot::AWAITS).is_bound());
    let at = if waits { pc.wrapping_add(1) } else { pc };
    let mut thrown = if regs.book().has(flag::HANDLES)
        && let Err(escape) = unwind::set_context(cx, e)
    {
        escape
    } else {
        Escape::raise(e)
    };
    if vm_ref(cx).tracing.mode != 0
        && let Err(escape) = tracing::resumed_by_throw(cx, regs, at, e)
    {
        thrown = escape;
    }
    // The frames below are a native's: an abort leaves them.
    vm(cx).driver.nesting += 1;
    let landing = unwind::fault(cx, regs, at, thrown);
    vm(cx).driver.nesting -= 1;
    match landing {
        Landing::At(regs, pc) => run_on(cx, regs, pc, false),
        Landing::Leave(exit) => exit,
    }
}

/// What the iterator that a generator delegates to has made of an exception.
#[derive(Clone, Copy, Debug)]
pub enum Passed {
    /// It yielded.
    Yielded(Value),
    /// It has ended with this value.
    Ended(Value),
    /// This is raised in the generator.
    Raise(Obj),
}

/// Resumes a generator that delegates: `pass` hands an exception to what it waits for, with the generator's frame on the
/// stack as the caller's.
///
/// # Errors
/// As [`drive`].
pub fn drive_inner(
    cx: &mut Cx,
    o: Obj,
    pass: impl FnOnce(&mut Cx) -> Completion<Passed>,
) -> Completion<Step> {
    if cx.native_stack_is_low() {
        return Err(call::too_deep(cx));
    }
    let outer = Outer::note(cx);
    let site = outer.site(cx);
    let (regs, pc) = generators::open(cx, site, o)?;
    cx.stack.top = regs.above(regs.code().n_regs as usize);
    vm(cx).base = regs;
    vm(cx).pc = pc.wrapping_add(1);
    let exit = match pass(cx) {
        Ok(Passed::Yielded(v)) => match generators::suspend(cx, regs, pc, v, false) {
            Ok(Suspended::Exit(v)) => Exit::Yielded(v),
            Ok(Suspended::Resumer(..)) => Exit::Switch,
            Err(escape) => Exit::Raised(escape),
        },
        Ok(Passed::Ended(v)) => match generators::runs_on(cx, regs) {
            Ok(()) => {
                let code = regs.code();
                regs.set(code.unit.instrs[code.index_of(pc)].a, v);
                run(cx, regs, pc.wrapping_add(1), false)
            }
            Err(escape) => Exit::Raised(escape),
        },
        Ok(Passed::Raise(e)) => throw_here(cx, regs, pc, e),
        Err(escape) => Exit::Raised(escape),
    };
    outer.restore(cx);
    step(cx, exit)
}

/// Whether the generator has not been started.
pub fn is_new(cx: &mut Cx, o: Obj) -> Completion<bool> {
    Ok(cx.read(o, slot::STATE)?.as_small() == state::CREATED)
}
