//! Where a frame is: its instruction, its line, `f_lasti`; also while a trace function is told of another place.

use taipan_objects::{cx::Cx, heap::Obj};

use super::{code_of, frames, live, slot, suspended};
use crate::vm::{
    code_object, exec::generators::slot as gen_slot, loaded::LoadedCode, state::vm_ref,
};

/// Number of the instruction that the frame is at.
pub fn position(cx: &Cx, o: Obj) -> usize {
    let stored = match suspended(cx, o) {
        Some((g, _)) => (g.raw(gen_slot::AT).as_small() - 1).max(0) as usize,
        None => o.raw(slot::AT).as_small() as usize,
    };
    let (Some(regs), Some(code)) = (live(cx, o), code_of(o)) else { return stored };
    frames(cx).find(|&(r, _)| r == regs).map_or(stored, |(_, pc)| code.index_before(pc))
}

/// The line that the frame is at.
pub fn line(cx: &Cx, o: Obj) -> u32 {
    let tracing = &vm_ref(cx).tracing;
    if let Some((frame, line)) = tracing.shown
        && live(cx, o) == Some(frame)
    {
        return line;
    }
    let Some(code) = code_of(o) else { return 0 };
    let at = position(cx, o);
    if is_unplaced(cx, o, code, at) {
        return tracing.last.line;
    }
    code.unit.line_before(at)
}

/// Whether the frame is traced and at an instruction without a line: that is the line of what ran before it.
fn is_unplaced(cx: &Cx, o: Obj, code: &LoadedCode, at: usize) -> bool {
    code.unit.positions.get(at).is_some_and(|p| p.line == 0)
        && live(cx, o) == Some(vm_ref(cx).tracing.last.regs)
}

/// `f_lasti`.
pub(super) fn last_instruction(cx: &Cx, o: Obj) -> i64 {
    let Some(code) = code_of(o) else { return -1 };
    let tracing = &vm_ref(cx).tracing;
    let shown =
        tracing.shown.filter(|&(frame, _)| live(cx, o) == Some(frame)).map(|(_, line)| line);
    let at = position(cx, o);
    match shown {
        Some(_) if !tracing.is_at_line() => 0,
        Some(line) if code.unit.positions.get(at).is_none_or(|p| p.line != line) => {
            code_object::offset(at) - 1
        }
        Some(_) => code_object::offset(at),
        None if is_unplaced(cx, o, code, at) => tracing.last.offset,
        None => code_object::offset(at),
    }
}
