//! Trace and profile functions, and the events of `sys.monitoring`.
//!
//! The loop exists in a traced form, which calls [`step::before`] ahead of each instruction; the plain form knows nothing of
//! all this. Threads go from one form to the other at polls and at the calls that turn tracing on or off.
//!
//! - `mod.rs`: the state of a thread, turning on and off. `step.rs`: which events an instruction means. `fire.rs`: calls of
//!   the functions. `monitor.rs`: the tools of `sys.monitoring`.
//! - Holds: the functions are in slots of the thread, which an abort restores; [`Tracing::mode`] follows from them, and is
//!   computed anew after an abort. What the functions do is undone with the attempt that called them.
//! - Holds: while a function of these runs, its thread has no events.

use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use taipan_objects::{cx::Cx, exc::Completion, heap::Marker, value::Value};

use crate::{
    code::Instr,
    vm::{
        call::Site,
        code_object,
        frame::Regs,
        state::{vm, vm_ref},
    },
};

mod fire;
mod jump;
pub mod monitor;
mod step;

pub use fire::{handled, raised, resumed_by_throw, unwound};
pub use jump::set_line;
pub use step::{Next, before, stopped, yields};

/// Slots of the thread: the functions, and the native calls that are under way.
pub mod slot {
    /// `sys.settrace`.
    pub const TRACE: usize = 9;
    /// `sys.setprofile`.
    pub const PROFILE: usize = 10;
    /// A chain of tuples, the innermost first; see `fire.rs`.
    pub const C_CALLS: usize = 11;
}

/// Bits of [`Tracing::mode`].
pub mod mode {
    /// There is a trace function.
    pub const TRACE: u8 = 1;
    /// There is a profile function.
    pub const PROFILE: u8 = 2;
    /// A tool wants events.
    pub const MONITOR: u8 = 4;
}

impl Tracing {
    /// Whether the event under way is a `line` event.
    pub fn is_at_line(&self) -> bool {
        self.at_line
    }
}

/// A place in a program: a frame and an instruction of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The frame.
    pub regs: Regs,
    /// The instruction.
    pub pc: *const Instr,
    /// The line that the frame has come to.
    pub line: u32,
    /// Where that line has begun, as `f_lasti` tells it.
    pub offset: i64,
}

impl Place {
    /// The next instruction is the first one of a frame that was just entered.
    pub const ENTRY: Self = Self { regs: Regs::NULL, pc: std::ptr::null(), line: 0, offset: 0 };

    /// Nobody has kept track.
    fn unknown() -> Self {
        Self { pc: std::ptr::dangling(), ..Self::ENTRY }
    }

    /// The instruction before `pc`, of a frame that has not been followed up to there.
    fn behind(regs: Regs, pc: *const Instr) -> Self {
        let code = regs.code();
        let at = code.index_before(pc);
        let line = code.unit.line_before(at);
        Self { regs, pc: code.pc_at(at), line, offset: code_object::offset(at) }
    }
}

/// What a thread knows of its tracing.
#[derive(Debug)]
pub struct Tracing {
    /// What there is to call; 0 while such a function runs.
    pub mode: u8,
    /// Functions that run.
    inside: u32,
    /// The instruction that the traced loop ran last.
    pub last: Place,
    /// The frame of an event under way, and the line that it stands at.
    pub shown: Option<(Regs, u32)>,
    /// Where assignment to `f_lineno` sends the frame whose line event is under way.
    jump: Option<usize>,
    /// That event is a `line` event.
    at_line: bool,
    /// Version of [`Everywhere`] that the thread has seen.
    seen: u64,
}

/// How far a thread has been followed: a rollback goes back to that.
#[derive(Clone, Copy, Debug)]
pub struct Followed {
    last: Place,
    seen: u64,
}

impl Default for Followed {
    fn default() -> Self {
        Self { last: Place::ENTRY, seen: 0 }
    }
}

impl Tracing {
    /// What a checkpoint keeps.
    pub fn followed(&self) -> Followed {
        Followed { last: self.last, seen: self.seen }
    }

    /// For a new thread, to which nothing applies that was set for all threads before.
    pub fn new(everywhere: &Everywhere) -> Self {
        // Relaxed: as in `set_everywhere`.
        let seen = everywhere.version.load(Ordering::Relaxed);
        Self {
            mode: 0,
            inside: 0,
            last: Place::unknown(),
            shown: None,
            jump: None,
            at_line: false,
            seen,
        }
    }
}

/// Functions that were set for all threads; each takes them over at its next poll.
#[derive(Debug, Default)]
pub struct Everywhere {
    version: AtomicU64,
    functions: Mutex<[(u64, Value); 2]>,
}

impl Everywhere {
    /// Marks the functions.
    pub fn trace(&self, marker: &mut Marker<'_>) {
        self.functions.lock().iter().for_each(|&(_, f)| marker.value(f));
    }
}

/// Computes the mode from what there is to call.
pub fn refresh(cx: &mut Cx) {
    let mut mode = 0;
    if cx.thread_slot(slot::TRACE).is_bound() {
        mode |= mode::TRACE;
    }
    if cx.thread_slot(slot::PROFILE).is_bound() {
        mode |= mode::PROFILE;
    }
    if vm_ref(cx).shared.monitor.is_active() {
        mode |= mode::MONITOR;
    }
    let tracing = &mut vm(cx).tracing;
    let mode = if tracing.inside > 0 { 0 } else { mode };
    if tracing.mode == 0 && mode != 0 {
        tracing.last = Place::unknown();
    }
    tracing.mode = mode;
}

/// The attempt is over: back to where it began.
pub fn restore(cx: &mut Cx, followed: Followed) {
    let tracing = &mut vm(cx).tracing;
    tracing.inside = 0;
    tracing.seen = followed.seen;
    tracing.shown = None;
    tracing.at_line = false;
    refresh(cx);
    vm(cx).tracing.last = followed.last;
}

/// Sets the function in `slot` of this thread; `None` for none.
pub fn set(cx: &mut Cx, slot: usize, f: Value) {
    cx.set_thread_slot(slot, if f.is_none() { Value::UNBOUND } else { f });
    changed(cx);
}

/// What tools want has changed.
pub fn changed(cx: &mut Cx) {
    refresh(cx);
    let wants_calls = vm_ref(cx).shared.monitor.wants(monitor::event::CALL)
        || cx.thread_slot(slot::PROFILE).is_bound();
    if !wants_calls && cx.thread_slot(slot::C_CALLS).is_bound() {
        // Nobody will be told of their ends.
        cx.set_thread_slot(slot::C_CALLS, Value::UNBOUND);
    }
    hurry(cx);
}

/// Whether a native that the plain loop has called turned tracing on: the loop then enters the frame as if it had been
/// opened, for entering one it looks which loop to go on in.
pub fn starts_here(cx: &mut Cx, site: Site) -> bool {
    if vm_ref(cx).tracing.mode == 0 || site.flags != 0 {
        return false;
    }
    let vm = vm(cx);
    vm.pushed = site.caller;
    vm.pushed_pc = vm.pc;
    vm.budget = vm.budget.min(-1);
    true
}

/// The plain loop may be running: it looks at its next poll.
fn hurry(cx: &mut Cx) {
    if vm_ref(cx).tracing.mode != 0 {
        vm(cx).budget = vm_ref(cx).budget.min(-1);
    }
}

/// Sets the function in `slot` of every thread, once the attempt cannot be undone.
///
/// # Errors
/// The attempt's abort.
pub fn set_everywhere(cx: &mut Cx, slot: usize, f: Value) -> Completion<()> {
    crate::txn::driver::irrevocable(cx)?;
    let everywhere = &vm_ref(cx).shared.trace_everywhere;
    // Relaxed: the lock orders the functions, and a thread that sees the number late looks later.
    let version = everywhere.version.fetch_add(1, Ordering::Relaxed) + 1;
    everywhere.functions.lock()[usize::from(slot == slot::PROFILE)] = (version, f);
    vm(cx).tracing.seen = version;
    set(cx, slot, f);
    Ok(())
}

/// At a poll: whether the traced loop has to go on.
pub fn wanted(cx: &mut Cx) -> bool {
    let everywhere = &vm_ref(cx).shared.trace_everywhere;
    // Relaxed: as above.
    let version = everywhere.version.load(Ordering::Relaxed);
    let seen = std::mem::replace(&mut vm(cx).tracing.seen, version);
    if version != seen {
        let functions = *everywhere.functions.lock();
        for (slot, (set_at, f)) in [slot::TRACE, slot::PROFILE].into_iter().zip(functions) {
            if set_at > seen {
                set(cx, slot, f);
            }
        }
    }
    if vm_ref(cx).shared.monitor.is_active() != (vm_ref(cx).tracing.mode & mode::MONITOR != 0) {
        refresh(cx);
    }
    vm_ref(cx).tracing.mode != 0
}

/// Runs `f`, in which this thread has events although it runs inside a trace function.
pub fn with_events<R>(cx: &mut Cx, f: impl FnOnce(&mut Cx) -> R) -> R {
    let inside = std::mem::take(&mut vm(cx).tracing.inside);
    refresh(cx);
    let result = f(cx);
    vm(cx).tracing.inside = inside;
    refresh(cx);
    result
}

/// Runs `f`, in which this thread has no events.
pub fn without_events<R>(cx: &mut Cx, f: impl FnOnce(&mut Cx) -> R) -> R {
    let tracing = &mut vm(cx).tracing;
    tracing.inside += 1;
    tracing.mode = 0;
    let last = tracing.last;
    let result = f(cx);
    let tracing = &mut vm(cx).tracing;
    tracing.inside = tracing.inside.saturating_sub(1);
    refresh(cx);
    vm(cx).tracing.last = last;
    result
}
