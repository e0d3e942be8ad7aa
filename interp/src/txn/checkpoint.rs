//! What a rollback restores: the place in the program, the registers of the frame, and of each older frame into which
//! the attempt returned (copied at that moment: copy-on-return).
//!
//! - Holds: words below the lowest saved one have not changed since the attempt began, because code writes only into its
//!   own frame and above.

use taipan_objects::{cx::Cx, heap::Marker, heap::Obj, value::Value};

use crate::{
    code::Instr,
    vm::{
        frame::{FRAME_WORDS, Regs},
        state::{vm, vm_ref},
        tracing::Followed,
    },
};

/// The state at the beginning of the running attempt.
#[derive(Debug)]
pub struct Checkpoint {
    pc: *const Instr,
    base: Regs,
    depth: u32,
    handled: Value,
    repr_stack: Vec<Obj>,
    frame_objects: Vec<(Regs, Obj)>,
    traced: Followed,
    chunks: Vec<(*mut u64, usize)>,
    words: Vec<u64>,
}

impl Default for Checkpoint {
    fn default() -> Self {
        Self {
            pc: std::ptr::null(),
            base: Regs::NULL,
            depth: 0,
            handled: Value::UNBOUND,
            repr_stack: Vec::new(),
            frame_objects: Vec::new(),
            traced: Followed::default(),
            chunks: Vec::new(),
            words: Vec::new(),
        }
    }
}

impl Checkpoint {
    fn save(&mut self, from: *mut u64, n: usize) {
        self.chunks.push((from, n));
        // SAFETY: the words belong to frames of this thread's register stack, which only it writes.
        let words = unsafe { std::slice::from_raw_parts(from, n) };
        self.words.extend_from_slice(words);
    }

    /// Marks the saved registers.
    pub fn trace(&self, marker: &mut Marker<'_>) {
        for &word in &self.words {
            marker.word(word);
        }
        marker.value(self.handled);
        for &o in self.repr_stack.iter().chain(self.frame_objects.iter().map(|(_, o)| o)) {
            marker.object(o);
        }
    }

    /// Nobody goes back any more: keeps nothing alive, and does not outlive what it names.
    pub fn forget(&mut self) {
        self.pc = std::ptr::null();
        self.handled = Value::UNBOUND;
        self.repr_stack.clear();
        self.frame_objects.clear();
        self.chunks.clear();
        self.words.clear();
    }

    /// Whether there is something to go back to.
    pub fn is_set(&self) -> bool {
        !self.pc.is_null()
    }

    /// How far the traced loop had come.
    pub fn traced(&self) -> Followed {
        self.traced
    }

    /// The saved place.
    pub fn place(&self) -> (Regs, *const Instr) {
        (self.base, self.pc)
    }
}

/// Makes `pc` in the frame `regs` the place to which the running attempt goes back.
pub fn take(cx: &mut Cx, regs: Regs, pc: *const Instr) {
    let (depth, handled) = (cx.depth, cx.handled);
    let repr_stack = if cx.repr_stack.is_empty() { Vec::new() } else { cx.repr_stack.clone() };
    let frames = &vm_ref(cx).frame_objects;
    let frame_objects = if frames.is_empty() { Vec::new() } else { frames.clone() };
    let n = regs.code().n_regs as usize + FRAME_WORDS;
    let vm = vm(cx);
    let traced = vm.tracing.followed();
    let c = &mut vm.driver.checkpoint;
    c.pc = pc;
    c.base = regs;
    c.depth = depth;
    c.handled = handled;
    c.repr_stack = repr_stack;
    c.frame_objects = frame_objects;
    c.traced = traced;
    c.chunks.clear();
    c.words.clear();
    c.save(regs.address().wrapping_sub(FRAME_WORDS), n);
    vm.low_water = regs;
}

/// Saves the registers of the older frame `caller`, into which the attempt returns.
#[cold]
#[inline(never)]
pub fn save_caller(cx: &mut Cx, caller: Regs) {
    let vm = vm(cx);
    let low = vm.low_water;
    if vm.driver.checkpoint.is_set() {
        let n = low.distance_from(caller);
        vm.driver.checkpoint.save(caller.address().wrapping_sub(FRAME_WORDS), n);
    }
    vm.low_water = caller;
}

/// Puts the registers back as they were.
pub fn restore(cx: &mut Cx) -> (Regs, *const Instr) {
    let c = &vm_ref(cx).driver.checkpoint;
    let mut at = 0;
    for &(to, n) in &c.chunks {
        // SAFETY: as in `save`; `words` holds the chunks one after the other.
        unsafe { std::ptr::copy_nonoverlapping(c.words[at..at + n].as_ptr(), to, n) };
        at += n;
    }
    let (base, pc, depth, handled) = (c.base, c.pc, c.depth, c.handled);
    let repr_stack = c.repr_stack.clone();
    cx.depth = depth;
    cx.handled = handled;
    cx.repr_stack = repr_stack;
    cx.native_depth = 0;
    cx.stack.top = base.above(base.code().n_regs as usize);
    let vm = vm(cx);
    vm.base = base;
    vm.pc = pc;
    vm.low_water = base;
    vm.frame_objects.clone_from(&vm.driver.checkpoint.frame_objects);
    // What was saved for older frames is now in place; only the frame itself stays saved.
    let first = vm.driver.checkpoint.chunks.first().map_or(0, |c| c.1);
    vm.driver.checkpoint.chunks.truncate(1);
    vm.driver.checkpoint.words.truncate(first);
    (base, pc)
}
