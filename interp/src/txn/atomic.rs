//! `atomic` blocks: parts of an attempt that no poll ends, and that can be taken back alone; `retry` and `or_else`.
//!
//! An alternative of `or_else` runs in a loop of its own above a native frame. Its `retry` unwinds natively to here, as any
//! abort; then what the alternative did is undone, the machine is put back where it stood, and the next one is tried. What it
//! has read stays in the read set, so that when all have retried the thread waits for a change of any of it.

use taipan_objects::{attempt::Mark, cx::Cx, exc::Completion, heap::Obj, protocol, value::Value};
use taipan_stm::Abort;

use crate::{
    code::Instr,
    txn::driver,
    vm::{
        frame::Regs,
        state::{vm, vm_ref},
    },
};

/// The open blocks of a thread.
#[derive(Debug, Default)]
pub struct Blocks {
    depth: u32,
    /// One per block; none in blocks that began outside an attempt.
    marks: Vec<Option<Mark>>,
    /// Names the alternatives of `or_else` that run, the innermost last.
    pub(super) path: u64,
}

impl Blocks {
    /// Whether the running code is inside a block.
    pub fn is_open(&self) -> bool {
        self.depth > 0
    }

    /// The attempt is over.
    pub(super) fn forget(&mut self) {
        self.depth = 0;
        self.marks.clear();
        self.path = 0;
    }
}

/// Begins an `atomic` block.
///
/// # Errors
/// The attempt's abort.
pub fn enter(cx: &mut Cx) -> Completion<()> {
    if !vm_ref(cx).driver.blocks.is_open() {
        driver::cut_before_block(cx)?;
    }
    let mark = cx.tx.is_active().then(|| cx.mark());
    let blocks = &mut vm(cx).driver.blocks;
    blocks.depth += 1;
    blocks.marks.push(mark);
    Ok(())
}

/// Ends an `atomic` block; `undo` takes back what it did. The commit comes with the next poll.
pub fn leave(cx: &mut Cx, undo: bool) {
    let blocks = &mut vm(cx).driver.blocks;
    blocks.depth = blocks.depth.saturating_sub(1);
    let outermost = !blocks.is_open();
    if let Some(Some(mark)) = blocks.marks.pop() {
        if undo {
            cx.undo_to(mark);
            vm(cx).tables.undone();
        } else {
            cx.release(mark);
        }
    }
    if outermost {
        driver::block_has_ended(cx);
    }
}

/// Before the attempt is aborted: takes back its changes of classes, which it has made in a block.
pub(super) fn undo_classes(cx: &mut Cx) {
    if !cx.has_changed_classes() {
        return;
    }
    let outermost = vm(cx).driver.blocks.marks.drain(..).flatten().next();
    if let Some(mark) = outermost {
        cx.undo_to(mark);
    }
}

/// `retry()`: undoes the attempt, or the alternative, and waits for a change of something that it read.
///
/// # Errors
/// The attempt's abort; `RuntimeError` where nothing can be undone.
pub fn retry(cx: &mut Cx) -> Completion<()> {
    if !vm_ref(cx).driver.blocks.is_open() {
        return taipan_objects::raise!(cx, RuntimeError, "retry() outside of a transaction");
    }
    wait(cx, "retry()")
}

/// Gives the attempt up until something that it read changes; `what` names the reason.
///
/// # Errors
/// As [`retry`].
pub(super) fn wait(cx: &mut Cx, what: &str) -> Completion<()> {
    if cx.is_solo() || !cx.tx.is_active() {
        return taipan_objects::raise!(
            cx,
            RuntimeError,
            "{what} in a transaction that began inside native code"
        );
    }
    if cx.tx.is_irrevocable() && vm_ref(cx).driver.has_effects {
        return taipan_objects::raise!(
            cx,
            RuntimeError,
            "{what} in a transaction that has become irrevocable"
        );
    }
    Err(cx.aborted(Abort::Retry))
}

/// Calls one after the other until one does not `retry()`; a transaction of its own if none is open.
///
/// # Errors
/// What an alternative raises, its effects undone; the attempt's abort, so that it waits when all have retried.
pub fn or_else(cx: &mut Cx, alternatives: &[Value]) -> Completion<Value> {
    enter(cx)?;
    let result = first_of(cx, alternatives);
    if let Err(escape) = result
        && escape.is_abort()
    {
        return Err(escape);
    }
    leave(cx, result.is_err());
    result
}

fn first_of(cx: &mut Cx, alternatives: &[Value]) -> Completion<Value> {
    let outer = vm_ref(cx).driver.blocks.path;
    for (i, &f) in alternatives.iter().enumerate() {
        vm(cx).driver.blocks.path = outer.wrapping_mul(31).wrapping_add(i as u64 + 1);
        let result = alternative(cx, f);
        vm(cx).driver.blocks.path = outer;
        if let Some(v) = result? {
            return Ok(v);
        }
    }
    wait(cx, "or_else()").map(|()| Value::NONE)
}

/// Calls `f` in a block; `None` when it retried.
fn alternative(cx: &mut Cx, f: Value) -> Completion<Option<Value>> {
    let place = Place::note(cx);
    enter(cx)?;
    match protocol::call(cx, f, &[]) {
        Err(escape) if escape.is_abort() => {
            if cx.abort_cause() != Some(Abort::Retry) {
                return Err(escape);
            }
            cx.take_abort();
            place.restore(cx);
            leave(cx, true);
            Ok(None)
        }
        result => {
            leave(cx, result.is_err());
            result.map(Some)
        }
    }
}

/// Where the machine stands when an alternative begins: what unwinding by an exception would restore.
struct Place {
    base: Regs,
    pc: *const Instr,
    top: *mut u64,
    depth: u32,
    native_depth: u32,
    handled: Value,
    repr_stack: Vec<Obj>,
    frame_objects: Vec<(Regs, Obj)>,
    nesting: u32,
    blocks: usize,
}

impl Place {
    fn note(cx: &Cx) -> Self {
        let vm = vm_ref(cx);
        Self {
            base: vm.base,
            pc: vm.pc,
            top: cx.stack.top,
            depth: cx.depth,
            native_depth: cx.native_depth,
            handled: cx.handled,
            repr_stack: cx.repr_stack.clone(),
            frame_objects: vm.frame_objects.clone(),
            nesting: vm.driver.nesting,
            blocks: vm.driver.blocks.marks.len(),
        }
    }

    /// Back to the block of the alternative: those inside it are undone with it.
    fn restore(self, cx: &mut Cx) {
        while vm_ref(cx).driver.blocks.marks.len() > self.blocks + 1 {
            leave(cx, true);
        }
        cx.stack.top = self.top;
        cx.depth = self.depth;
        cx.native_depth = self.native_depth;
        cx.handled = self.handled;
        cx.repr_stack = self.repr_stack;
        let vm = vm(cx);
        vm.base = self.base;
        vm.pc = self.pc;
        vm.frame_objects = self.frame_objects;
        vm.driver.nesting = self.nesting;
        vm.driver.reraised = false;
    }
}
