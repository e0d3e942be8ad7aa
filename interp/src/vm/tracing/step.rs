//! Which events an instruction means. Called by the traced loop ahead of each.

use taipan_objects::{cx::Cx, exc::Completion, value::Value};

use crate::{
    code::{Effect, Instr, Op},
    vm::{
        code_object,
        frame::{Regs, flag},
        loaded::LoadedCode,
        state::{vm, vm_ref},
        tracing::{
            Place,
            fire::{self, Begins},
            monitor::{self, event},
        },
    },
};

/// How the traced loop goes on.
#[derive(Clone, Copy, Debug)]
pub enum Next {
    /// With the instruction.
    Go,
    /// With another one, to which `f_lineno` was set.
    Jump(*const Instr),
    /// In the plain loop: nothing is traced any more.
    Plain,
}

/// The instruction that ran before the next one, as far as lines go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Previous {
    /// The frame begins.
    None,
    /// This one, of the same frame.
    At(usize),
}

/// What is to be told ahead of the instruction at `pc`; `Vm::pc` is behind it.
///
/// # Errors
/// What the functions raise.
pub fn before(cx: &mut Cx, regs: Regs, pc: *const Instr) -> Completion<Next> {
    if vm_ref(cx).tracing.mode == 0 {
        return Ok(Next::Plain);
    }
    let code = regs.code();
    let at = code.index_of(pc);
    let op = code.unit.instrs[at].op;
    let last = vm_ref(cx).tracing.last;
    let enters = last == Place::ENTRY || last == Place::unknown() && at == 0;
    if enters && op != Op::StartGen && code_object::is_prologue(op) {
        vm(cx).tracing.last = Place::ENTRY;
        return Ok(Next::Go);
    }
    // Back from a call, the frame is where it has called.
    let returned = !enters && last.regs != regs;
    let last = if returned { Place::behind(regs, pc) } else { last };
    // Whatever is called from here on, this frame has been entered.
    vm(cx).tracing.last = Place { regs, pc, ..last };
    if op == Op::StartGen {
        return Ok(Next::Go);
    }
    let top = cx.stack.top;
    cx.stack.top = regs.above(code.n_regs.max(code.n_params) as usize);
    let told = if returned { back(cx, regs, code, pc) } else { Ok(()) };
    let next = told.and_then(|()| tell(cx, regs, code, at, enters, last));
    cx.stack.top = top;
    next
}

/// The frame goes on behind a call. What it does with the result may be part of the call's instruction; for tools that look
/// at instructions it is one of its own, as debuggers expect that stop where they were called.
fn back(cx: &mut Cx, regs: Regs, code: &'static LoadedCode, pc: *const Instr) -> Completion<()> {
    vm(cx).pc = pc;
    let result = fire::opcode(cx, regs).and_then(|()| {
        let at = code.index_before(pc);
        monitor::tell(cx, event::INSTRUCTION, code, at, &[])
    });
    vm(cx).pc = pc.wrapping_add(1);
    result
}

fn tell(
    cx: &mut Cx,
    regs: Regs,
    code: &'static LoadedCode,
    at: usize,
    enters: bool,
    last: Place,
) -> Completion<Next> {
    let previous =
        if enters { entered(cx, regs, code, at)? } else { Previous::At(code.index_of(last.pc)) };
    if !enters {
        fire::native_returned(cx, regs)?;
    }
    if let Previous::At(from) = previous
        && code.unit.instrs[from].op.jumps()
        && vm_ref(cx).shared.monitor.wants(event::JUMP | event::BRANCH | event::SIDES)
    {
        jumped(cx, code, from, at)?;
    }
    if let Some(to) = line(cx, regs, code, at, previous)? {
        return Ok(Next::Jump(code.pc_at(to)));
    }
    fire::opcode(cx, regs)?;
    monitor::tell(cx, event::INSTRUCTION, code, at, &[])?;
    let i = code.unit.instrs[at];
    match i.op {
        Op::Return | Op::GenReturn => fire::returned(cx, regs, regs.get(i.a))?,
        Op::Yield | Op::AsyncYield => yields(cx, regs, regs.get(i.b))?,
        Op::Call | Op::CallKw | Op::CallEx => {
            fire::calls(cx, regs, at, regs.get(i.b), Value::UNBOUND)?
        }
        Op::CallMethod | Op::CallMethodKw => {
            fire::calls(cx, regs, at, regs.get(i.b), regs.get(i.b + 4))?;
        }
        _ => {}
    }
    Ok(Next::Go)
}

/// A frame begins, or a generator goes on.
fn entered(cx: &mut Cx, regs: Regs, code: &'static LoadedCode, at: usize) -> Completion<Previous> {
    let instrs = &code.unit.instrs;
    let suspended_by = match at.checked_sub(1) {
        _ if instrs[at].op == Op::Delegate => Some(at),
        Some(before) if matches!(instrs[before].op, Op::Yield | Op::AsyncYield) => Some(before),
        _ => None,
    };
    match suspended_by {
        Some(place) => {
            comes_to(cx, code.unit.positions[place].line, code_object::offset(place));
            fire::resumed(cx, regs, place)?;
            Ok(Previous::At(place))
        }
        None => {
            comes_to(cx, code_object::start_line(&code.unit), 0);
            fire::started(cx, regs, at)?;
            Ok(Previous::None)
        }
    }
}

/// The frame gives `v` to its resumer, and so do those that delegate to it.
///
/// # Errors
/// What the functions raise.
pub fn yields(cx: &mut Cx, regs: Regs, v: Value) -> Completion<()> {
    let (base, pc) = (vm_ref(cx).base, vm_ref(cx).pc);
    let mut frame = regs;
    let mut result = fire::yielded(cx, frame, v);
    while result.is_ok() && frame.book().has(flag::DELEGATE) {
        vm(cx).pc = frame.return_pc();
        frame = frame.caller();
        vm(cx).base = frame;
        result = fire::yielded(cx, frame, v);
    }
    vm(cx).base = base;
    vm(cx).pc = pc;
    result
}

/// The iterator that the frame delegated to has ended with `v`, which counts as a `StopIteration` that it takes.
///
/// # Errors
/// What the functions raise.
pub fn stopped(cx: &mut Cx, regs: Regs, pc: *const Instr, v: Value) -> Completion<()> {
    vm(cx).pc = pc;
    vm(cx).tracing.last = Place::behind(regs, pc);
    fire::stopped(cx, regs, v)
}

/// Tells tools of the jump that led from one instruction to the other.
fn jumped(cx: &mut Cx, code: &'static LoadedCode, from: usize, to: usize) -> Completion<()> {
    let op = code.unit.instrs[from].op;
    let offset = Value::small(code_object::offset(to));
    let taken = to != from + 1 || code.unit.instrs[from].imm == 0;
    let loops = op.has(Effect::Safepoint);
    if taken && (op.has(Effect::Ends) || loops) {
        monitor::tell(cx, event::JUMP, code, from, &[offset])?;
    }
    if op.has(Effect::Ends) {
        return Ok(());
    }
    // The left side is the body of a loop, or what follows a test that holds.
    let side = if taken == loops { event::BRANCH_LEFT } else { event::BRANCH_RIGHT };
    monitor::tell(cx, side, code, from, &[offset])?;
    monitor::tell(cx, event::BRANCH, code, from, &[offset])
}

/// A `line` event where a line begins; gives the instruction to which `f_lineno` was set.
fn line(
    cx: &mut Cx,
    regs: Regs,
    code: &'static LoadedCode,
    at: usize,
    previous: Previous,
) -> Completion<Option<usize>> {
    let mut before = match previous {
        Previous::None => None,
        Previous::At(_) => Some(vm_ref(cx).tracing.last.line),
    };
    let first = code.unit.marks.partition_point(|mark| (mark.at as usize) < at);
    for mark in code.unit.marks[first..].iter().take_while(|mark| mark.at as usize == at) {
        if before.replace(mark.line) == Some(mark.line) {
            continue;
        }
        comes_to(cx, mark.line, code_object::offset(at) - 1);
        if let Some(to) = fire::line(cx, regs, at, mark.line, Begins::Marked)? {
            return Ok(Some(to));
        }
    }
    let line = code.unit.positions[at].line;
    if line == 0 {
        return Ok(None);
    }
    let new = before != Some(line);
    comes_to(cx, line, code_object::offset(at));
    if new {
        fire::line(cx, regs, at, line, Begins::Placed)
    } else if loops_back(code, at, previous) {
        fire::line(cx, regs, at, line, Begins::Again)
    } else {
        Ok(None)
    }
}

fn comes_to(cx: &mut Cx, line: u32, offset: i64) {
    let last = &mut vm(cx).tracing.last;
    (last.line, last.offset) = (line, offset);
}

/// Whether the same line begins again because a loop is in one line. A `for` loop's test is at its bottom: its next round
/// begins there.
fn loops_back(code: &LoadedCode, at: usize, previous: Previous) -> bool {
    let Previous::At(from) = previous else { return false };
    let op = code.unit.instrs[from].op;
    match code.unit.instrs[at].op {
        Op::ForIter => at > from && op != Op::Jump,
        _ => at <= from && op.jumps() && op != Op::ForIter,
    }
}
