//! [`Vm`]: the virtual machine's own state of one thread, behind `Cx::vm`.

use std::sync::Arc;

use taipan_objects::{cx::Cx, heap::Obj, value::Value};
use taipan_stm::Orec;

use crate::{
    code::Instr,
    txn::driver::Driver,
    vm::{cache::Tables, frame::Regs, loaded::CodeIds, shared::Shared, tracing::Tracing},
};

/// Per-thread state of the machine.
pub struct Vm {
    /// Work until the next poll, counted in bytecodes.
    pub budget: i64,
    /// Behind the instruction that runs, as of the last call out of the loop.
    pub pc: *const Instr,
    /// The running frame.
    pub base: Regs,
    /// Inline caches.
    pub tables: Tables,
    /// A frame that a handler opened; the loop enters it.
    pub pushed: Regs,
    /// Where the opened frame starts.
    pub pushed_pc: *const Instr,
    /// Frames below this one have not been saved for the running attempt.
    pub low_water: Regs,
    /// Meta word of plain functions.
    pub function_meta: u64,
    /// Meta word of exact lists.
    pub list_meta: u64,
    /// Meta word of exact dicts.
    pub dict_meta: u64,
    /// Meta word of native functions and bound native methods.
    pub native_meta: u64,
    /// Meta word of iterators over short ranges.
    pub range_iter_meta: u64,
    /// Meta word of iterators over lists.
    pub list_iter_meta: u64,
    /// Meta word of generators.
    pub generator_meta: u64,
    /// The same of coroutines.
    pub coroutine_meta: u64,
    /// Meta word of iterators over tuples.
    pub tuple_iter_meta: u64,
    /// The transaction driver's part.
    pub driver: Driver,
    /// What the threads of the world share.
    pub shared: &'static Shared,
    /// Live frame objects: base of the frame, object.
    pub frame_objects: Vec<(Regs, Obj)>,
    /// Trace and profile functions.
    pub tracing: Tracing,
    /// Handled exceptions of frames that generators suspended from; see `unwind.rs`.
    pub current_exception: Value,
}

impl Vm {
    /// Numbers of code units.
    pub fn code_ids(&self) -> &Arc<CodeIds> {
        &self.shared.code_ids
    }
}

/// The machine's state of the thread that `cx` belongs to.
#[inline(always)]
pub fn vm(cx: &mut Cx) -> &mut Vm {
    debug_assert!(!cx.vm.is_null());
    // SAFETY: set by `thread.rs` to a boxed `Vm` that lives as long as the context; the loop itself goes through the raw
    // pointer and holds no reference across calls.
    unsafe { &mut *cx.vm.cast::<Vm>() }
}

/// As [`vm`], to look only.
#[inline(always)]
pub fn vm_ref(cx: &Cx) -> &Vm {
    debug_assert!(!cx.vm.is_null());
    // SAFETY: as in `vm`.
    unsafe { &*cx.vm.cast::<Vm>() }
}

/// Empties the inline caches of a stopped thread: the collector is about to reuse what they name.
pub fn flush_caches(cx: &Cx) {
    // SAFETY: as in `vm`; the world is stopped, so the thread does not look at its tables.
    let machine = unsafe { &mut *cx.vm.cast::<Vm>() };
    machine.tables.flush();
    if let Some(witness) = &mut machine.driver.witness {
        witness.forget_code();
    }
}

/// Shows the thread's [`Witness`](crate::txn::conflicts::Witness) every access from here on.
pub fn watch_accesses(cx: &mut Cx) {
    let context = (&raw mut *cx).cast();
    // SAFETY: contexts are boxed and live as long as their handles, which the hook leaves alone.
    unsafe { cx.tx.set_on_access(context, note_access) };
}

fn note_access(context: *mut (), orec: *const Orec, others_lose: bool) {
    // SAFETY: the context outlives its handle, which is in the middle of a method; only a field beside it is read.
    let machine = unsafe { (*context.cast::<Cx>()).vm.cast::<Vm>() };
    // SAFETY: null, or as in `vm`; nothing holds a reference to the machine across barriers, which take the context.
    let Some(machine) = (unsafe { machine.as_mut() }) else { return };
    if let Some(witness) = &mut machine.driver.witness {
        witness.note(orec, others_lose, machine.base, machine.pc);
    }
}

/// Frees the machine of an ending thread.
pub fn free(cx: &mut Cx) {
    let machine = std::mem::replace(&mut cx.vm, std::ptr::null_mut());
    if !machine.is_null() {
        // SAFETY: made by `Box::into_raw` in `run::attach`; the thread runs no more code.
        drop(unsafe { Box::from_raw(machine.cast::<Vm>()) });
    }
}
