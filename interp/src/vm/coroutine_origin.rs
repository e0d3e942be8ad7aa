//! Where coroutines were made, `cr_origin`: for as many calls as `sys.set_coroutine_origin_tracking_depth` says.

use taipan_objects::{
    cx::Cx,
    exc::Completion,
    native::Args,
    protocol::{self, RootVec},
    raise,
    value::Value,
};

use crate::vm::frame::Regs;

/// Slot of `Cx::thread_slots` with the number of calls to remember.
const DEPTH: usize = 12;

/// How many calls this thread wants to know of its new coroutines.
pub fn depth(cx: &Cx) -> i64 {
    cx.thread_slot(DEPTH).small_int().unwrap_or(0)
}

/// `sys.set_coroutine_origin_tracking_depth`.
///
/// # Errors
/// `ValueError` for a negative number.
pub fn set_depth(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let depth = protocol::index_i64(cx, args.get(0))?;
    if depth < 0 {
        return raise!(cx, ValueError, "depth must be >= 0");
    }
    cx.set_thread_slot(DEPTH, Value::small(depth.min(i64::from(i32::MAX))));
    Ok(Value::NONE)
}

/// The calls that have led to the frame `regs`, innermost first: file, line and function of each.
///
/// # Errors
/// `MemoryError`.
pub fn of(cx: &mut Cx, regs: Regs) -> Completion<Value> {
    let most = depth(cx) as usize;
    let mut calls = RootVec::new();
    let (mut frame, mut pc) = (regs.caller(), regs.return_pc());
    let mut below = regs;
    while frame != below && !frame.is_null() && calls.len() < most {
        let code = frame.code();
        let line = code.unit.positions.get(code.index_before(pc)).map_or(0, |p| p.line);
        let file = cx.intern(&code.unit.filename)?;
        let call = cx.new_tuple(&[file, Value::small(line.into()), code.name])?;
        calls.push(cx, call)?;
        pc = frame.return_pc();
        below = frame;
        frame = frame.caller();
    }
    cx.new_tuple(calls.as_slice())
}
