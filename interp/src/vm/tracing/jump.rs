//! Assignment to `f_lineno` in a `line` event: where the frame may go on.
//!
//! A place can be reached from another one if what it finds in temporaries is there: the iterators of the loops and the
//! exit functions of the `with` blocks that it is in, and the exception that is being handled.

use taipan_objects::{cx::Cx, exc::Completion, protocol, raise, types::T, value::Value};

use crate::{
    code::{CodeUnit, Effect, Op, Place as Home},
    vm::{
        frame::Regs,
        liveness,
        loaded::LoadedCode,
        state::{vm, vm_ref},
    },
};

/// The handlers that each instruction is in, as the numbers of their `PushExc`; `None` for what is not reached.
fn handlers(unit: &CodeUnit) -> Vec<Option<Vec<usize>>> {
    let mut known: Vec<Option<Vec<usize>>> = vec![None; unit.instrs.len()];
    let mut work = vec![(0, Vec::new())];
    while let Some((at, state)) = work.pop() {
        if known.get(at).is_none_or(Option::is_some) {
            continue;
        }
        known[at] = Some(state.clone());
        for entry in unit.exceptions.iter().filter(|e| e.start as usize == at) {
            work.push((entry.handler as usize, state.clone()));
        }
        let instr = unit.instrs[at];
        let mut after = state;
        match instr.op {
            Op::PushExc => after.push(at),
            Op::PopExc => drop(after.pop()),
            _ => {}
        }
        if instr.op.jumps()
            && let Ok(to) = usize::try_from(at as i64 + 1 + i64::from(instr.imm))
        {
            work.push((to, after.clone()));
        }
        if !instr.op.has(Effect::Ends) {
            work.push((at + 1, after));
        }
    }
    known
}

/// The loops and `with` blocks that an instruction is in, as stretches of instructions.
fn blocks(unit: &CodeUnit, at: usize) -> Vec<(usize, usize)> {
    let holds = |&(start, end): &(usize, usize)| start <= at && at < end;
    let loops = unit.instrs.iter().enumerate().filter(|(_, i)| i.op == Op::ForIter);
    let loops = loops
        .map(|(bottom, i)| ((bottom as i64 + 1 + i64::from(i.imm)).max(0) as usize, bottom + 1));
    let withs = unit.exceptions.iter().filter(|entry| {
        let handler = unit.instrs.iter().skip(entry.handler as usize).take(4);
        handler.into_iter().any(|i| i.op == Op::ExcInfo)
    });
    let withs = withs.map(|entry| (entry.start as usize, entry.end as usize));
    loops.chain(withs).filter(holds).collect()
}

/// Instructions with which the first line from `line` on begins.
fn starts(unit: &CodeUnit, line: u32) -> Vec<usize> {
    let lines = unit.positions.iter().map(|p| p.line).chain(unit.marks.iter().map(|m| m.line));
    let Some(line) = lines.filter(|&l| l >= line).min() else { return Vec::new() };
    let marked = unit.marks.iter().filter(|m| m.line == line).map(|m| m.at as usize);
    let begins = |&at: &usize| {
        unit.positions[at].line == line && (at == 0 || unit.positions[at - 1].line != line)
    };
    marked.chain((0..unit.instrs.len()).filter(begins)).collect()
}

/// Why the frame cannot go from one instruction to another.
fn obstacle(unit: &CodeUnit, from: usize, to: usize) -> Option<&'static str> {
    let handlers = handlers(unit);
    let (Some(here), Some(there)) = (&handlers[from], &handlers[to]) else {
        return Some("incompatible stacks");
    };
    if !here.starts_with(there) {
        return Some("can't jump into an 'except' block as there's no exception");
    }
    let here = blocks(unit, from);
    let Some(missing) = blocks(unit, to).into_iter().find(|block| !here.contains(block)) else {
        return liveness::needs_more(unit, from, to).then_some("incompatible stacks");
    };
    let is_loop = unit.instrs[missing.1 - 1].op == Op::ForIter;
    Some(if is_loop { "can't jump into the body of a for loop" } else { "incompatible stacks" })
}

/// Assigns to the line number of a frame whose `line` event is under way; `is_traced`: it has a trace function.
///
/// # Errors
/// `ValueError` where CPython raises one, and for places that it could reach but this machine cannot.
pub fn set_line(
    cx: &mut Cx,
    regs: Option<Regs>,
    code: &'static LoadedCode,
    is_traced: bool,
    line: i64,
) -> Completion<()> {
    let tracing = &vm_ref(cx).tracing;
    let shown = tracing.shown.filter(|&(frame, _)| Some(frame) == regs);
    if shown.is_some() && !tracing.at_line {
        return raise!(cx, ValueError, "can't jump from the 'call' trace event of a new frame");
    }
    if tracing.inside == 0 {
        return raise!(cx, ValueError, "f_lineno can only be set in a trace function");
    }
    if !is_traced {
        return raise!(cx, ValueError, "f_lineno can only be set by a trace function");
    }
    let Some((regs, _)) = shown else {
        return raise!(cx, ValueError, "can only jump from a 'line' trace event");
    };
    let unit = &code.unit;
    if line < i64::from(unit.first_line) {
        return raise!(cx, ValueError, "line {line} comes before the current code block");
    }
    let starts = u32::try_from(line).map(|line| starts(unit, line)).unwrap_or_default();
    let from = code.index_of(vm_ref(cx).tracing.last.pc);
    let mut reason = None;
    for to in starts {
        match obstacle(unit, from, to) {
            None => return go(cx, regs, code, from, to),
            Some(text) => reason = Some(text),
        }
    }
    match reason {
        Some(text) => raise!(cx, ValueError, "{text}"),
        None => raise!(cx, ValueError, "line {line} comes after the current code block"),
    }
}

fn go(
    cx: &mut Cx,
    regs: Regs,
    code: &'static LoadedCode,
    from: usize,
    to: usize,
) -> Completion<()> {
    bind_all(cx, regs, code)?;
    let handlers = handlers(&code.unit);
    let (here, there) = (handlers[from].as_deref(), handlers[to].as_deref());
    // The outermost handler that is left knows what was handled before it.
    if let (Some(here), Some(there)) = (here, there)
        && let Some(&left) = here.get(there.len())
    {
        let saved = regs.get(code.unit.instrs[left].a);
        cx.handled = if saved.is_none() { Value::UNBOUND } else { saved };
    }
    vm(cx).tracing.jump = Some(to);
    Ok(())
}

/// Behind a jump code may read variables that it has proved to be bound: they are `None` then, as in CPython.
fn bind_all(cx: &mut Cx, regs: Regs, code: &'static LoadedCode) -> Completion<()> {
    let unbound: Vec<usize> = code
        .unit
        .varnames
        .iter()
        .filter_map(|v| match v.place {
            Home::Register(r) if !v.is_cell => Some(r as usize),
            _ => None,
        })
        .filter(|&r| regs.word(r).is_unbound())
        .collect();
    if unbound.is_empty() {
        return Ok(());
    }
    let (n, s) = (unbound.len(), if unbound.len() == 1 { "" } else { "s" });
    protocol::warn(cx, T::RuntimeWarning, &format!("assigning None to {n} unbound local{s}"))?;
    unbound.into_iter().for_each(|r| regs.set_word(r, Value::NONE));
    Ok(())
}
