//! Exceptions in the loop: traceback, context, the search for a handler, leaving frames; aborts go to the driver.

use taipan_objects::{
    cx::Cx,
    exc::{Completion, Escape},
    heap::Obj,
    types::exception,
    value::Value,
};

use crate::{
    code::Instr,
    modules::_contextvars,
    txn::driver,
    vm::{
        dispatch::Exit,
        exec::generators,
        frame::{Regs, flag},
        frame_object,
        state::vm,
        traceback, tracing,
    },
};

/// Where the loop goes on after a fault.
#[derive(Clone, Copy, Debug)]
pub enum Landing {
    /// At a handler, or at a restored checkpoint.
    At(Regs, *const Instr),
    /// Out of the loop.
    Leave(Exit),
}

/// Finds where an escape from the instruction before `pc` in `regs` is handled.
#[cold]
#[inline(never)]
pub fn fault(cx: &mut Cx, regs: Regs, pc: *const Instr, escape: Escape) -> Landing {
    let (mut regs, mut pc, mut escape) = (regs, pc, escape);
    let mut fresh = !std::mem::take(&mut vm(cx).driver.reraised);
    if fresh
        && let Some(e) = escape.exception()
        && e.raw(exception::slot::TRACEBACK).is_unbound()
        && e.raw(exception::slot::CONTEXT).is_unbound()
        && let Err(other) = set_context(cx, e)
    {
        escape = other;
    }
    loop {
        let Some(e) = escape.exception() else {
            return driver::rollback(cx);
        };
        vm(cx).base = regs;
        vm(cx).pc = pc;
        let code = regs.code();
        let at = code.index_before(pc);
        if fresh && let Err(other) = traceback::extend(cx, e, regs, pc) {
            escape = other;
            fresh = false;
            continue;
        }
        let told = match vm(cx).tracing.mode {
            0 => Ok(()),
            _ => tracing::raised(cx, regs, pc, e, fresh),
        };
        if let Err(other) = told {
            escape = other;
            fresh = false;
            continue;
        }
        fresh = true;
        let at = at as u32;
        if let Some(entry) =
            code.unit.exceptions.iter().find(|entry| entry.start <= at && at < entry.end)
        {
            regs.set(entry.exc, e.into());
            if let Err(other) = generators::runs_on(cx, regs) {
                escape = other;
                continue;
            }
            if vm(cx).tracing.mode != 0
                && let Err(other) = tracing::handled(cx, regs, entry.handler as usize, e)
            {
                escape = other;
                continue;
            }
            return Landing::At(regs, code.pc_at(entry.handler as usize));
        }
        if vm(cx).tracing.mode != 0
            && let Err(other) = tracing::unwound(cx, regs, pc, e)
        {
            escape = other;
        }
        let Some(e) = escape.exception() else { continue };
        let book = regs.book();
        if book.has(flag::OBJECT) {
            frame_object::detach(cx, regs);
        }
        let caller = regs.caller();
        let return_pc = regs.return_pc();
        if book.has(flag::GEN) {
            match generators::fail(cx, regs, e) {
                Ok(out) => escape = out,
                Err(other) => escape = other,
            }
        }
        if book.has(flag::CONTEXT)
            && let Err(other) = _contextvars::leave(cx, regs.extra())
        {
            escape = other;
        }
        cx.depth = cx.depth.saturating_sub(1);
        vm(cx).base = caller;
        if book.has(flag::ENTRY) {
            return Landing::Leave(Exit::Raised(escape));
        }
        driver::note_return(cx, caller);
        regs = caller;
        pc = return_pc;
    }
}

/// Gives a newly raised exception its `__context__`: what is being handled.
///
/// # Errors
/// The attempt's abort.
pub fn set_context(cx: &mut Cx, e: Obj) -> Completion<()> {
    let handled = cx.handled;
    let Some(context) = handled.obj() else { return Ok(()) };
    if context == e {
        return Ok(());
    }
    // Cut the chain where it would lead back to `e`.
    let mut link = context;
    let mut steps = 0;
    while let Some(next) = link.raw(exception::slot::CONTEXT).obj() {
        if next == e {
            cx.set(link, exception::slot::CONTEXT, Value::UNBOUND)?;
            break;
        }
        link = next;
        steps += 1;
        if steps > 10_000 {
            break;
        }
    }
    cx.set(e, exception::slot::CONTEXT, handled)
}
