//! The driver: begins, commits, aborts and repeats attempts around Python code.
//!
//! An attempt begins at a checkpoint and ends at a poll (loop edge, function entry) once its window of work is used up. Solo
//! mode has no attempts at all. Loops that native code entered are nested; no attempt ends inside them, except that
//! blocking natives commit and go on irrevocable.
//!
//! `effects.rs`: going irrevocable, calls that block. `waiting.rs`: sleeping until something changes.

mod effects;
mod waiting;

use std::time::Instant;

use taipan_objects::{
    cx::Cx,
    exc::{Completion, Escape},
    gc,
    names::N,
    types::dict,
};
use taipan_stm::Abort;

use self::{
    effects::{begin_after_effect, cannot_go_back},
    waiting::park,
};
use crate::{
    code::Instr,
    modules::_io::text,
    run,
    txn::{
        atomic::{self, Blocks},
        checkpoint::{self, Checkpoint},
        conflicts::{self, Witness},
        contended::{self, Contended},
        io, threads,
    },
    vm::{
        dispatch::Exit,
        enter,
        frame::Regs,
        frame_object,
        state::{vm, vm_ref},
        tracing,
        unwind::Landing,
    },
};

pub use self::{
    effects::{between_attempts, blocking, irrevocable, leave_solo, take_token, with_attempt},
    waiting::{deadline, slice_before, wait_for_change, wait_in_native, wait_over},
};

/// First length of a window, in bytecodes.
const WINDOW_START: f64 = 200.0;
/// Least length.
const WINDOW_MIN: f64 = 20.0;
/// Greatest length.
const WINDOW_MAX: f64 = 2000.0;
/// Growth per commit; sets the rate of aborts.
const GROWTH: f64 = 1.0 / 64.0;
/// Bytecodes between polls in solo mode.
const SOLO_BUDGET: i64 = 2000;

/// The driver's state of one thread.
#[derive(Debug)]
pub struct Driver {
    /// Loops entered by natives above the lowest one.
    pub nesting: u32,
    /// The lowest loop is called by native code that uses values afterwards: at the end of the program.
    pub is_hosted: bool,
    /// The next fault is a `raise` of an exception whose traceback is complete.
    pub reraised: bool,
    /// The last `yield` that left a loop was an async generator's own.
    pub async_yield: bool,
    /// Where the running attempt goes back to.
    pub checkpoint: Checkpoint,
    /// Work of the running attempt before its last look.
    spent: i64,
    /// A blocking call has happened: end the attempt at the next poll.
    pub after_effect: bool,
    window: f64,
    /// Is what the thread keeps losing to others worth splitting?
    pub contended: Contended,
    shake: Option<u64>,
    /// Open `atomic` blocks.
    pub blocks: Blocks,
    /// With `-X stm-report`: what the thread remembers of its accesses.
    pub witness: Option<Box<Witness>>,
    /// The running attempt has done what cannot be undone.
    pub(super) has_effects: bool,
    /// The thread's identifier.
    pub ident: i64,
    /// When the waits that the program is in end, by place: several in the alternatives of `or_else`.
    deadlines: Vec<(u64, Option<Instant>)>,
    /// The thread has slept: look at the signals.
    signals_due: bool,
}

impl Driver {
    /// For a new thread.
    pub fn new(shake: Option<u64>) -> Self {
        Self {
            nesting: 0,
            is_hosted: false,
            reraised: false,
            async_yield: false,
            checkpoint: Checkpoint::default(),
            spent: 0,
            after_effect: false,
            window: WINDOW_START,
            contended: Contended::default(),
            shake,
            blocks: Blocks::default(),
            witness: None,
            has_effects: false,
            ident: threads::MAIN_IDENT,
            deadlines: Vec::new(),
            signals_due: false,
        }
    }
}

/// Work until the next poll.
fn budget(cx: &mut Cx) -> i64 {
    if cx.is_solo() {
        return if vm_ref(cx).shared.options.gc_stress { 0 } else { SOLO_BUDGET };
    }
    match vm_ref(cx).shared.options.window {
        Some(n) => i64::from(n),
        None => vm_ref(cx).driver.window as i64,
    }
}

/// Xorshift: whether a test wants the attempt aborted here.
fn shaken(cx: &mut Cx) -> bool {
    let Some(state) = &mut vm(cx).driver.shake else { return false };
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state % 4 == 0
}

/// At a loop edge or function entry with the budget used up. `true`: go on with the other loop.
///
/// # Errors
/// Exceptions of signal handlers; the attempt's abort.
#[cold]
#[inline(never)]
pub fn poll(cx: &mut Cx) -> Completion<bool> {
    if cx.is_solo() {
        return poll_solo(cx);
    }
    if vm_ref(cx).driver.nesting > 0 || vm_ref(cx).driver.blocks.is_open() {
        return poll_inside(cx);
    }
    if !cx.tx.is_irrevocable() && shaken(cx) {
        return Err(cx.aborted(Abort::Shake));
    }
    commit(cx)?;
    contended::relieve(cx);
    safepoint_between(cx)?;
    let (base, pc) = (vm_ref(cx).base, vm_ref(cx).pc);
    if may_be_solo(cx) {
        cx.set_solo(true);
        cannot_go_back(cx);
        vm(cx).budget = budget(cx);
        return Ok(true);
    }
    begin(cx, base, pc);
    signals(cx)?;
    Ok(tracing::wanted(cx))
}

/// As [`poll`] where the attempt cannot end: inside a native or an `atomic` block.
fn poll_inside(cx: &mut Cx) -> Completion<bool> {
    if cx.tx.is_doomed() {
        return Err(cx.aborted(Abort::Killed));
    }
    if vm_ref(cx).driver.after_effect && !vm_ref(cx).driver.blocks.is_open() {
        // The native has blocked, so it is not one step any more: others may have the token, and see what was done.
        commit(cx)?;
        safepoint_between(cx)?;
        begin_after_effect(cx);
        signals(cx)?;
        return Ok(tracing::wanted(cx));
    }
    renew_budget(cx);
    gc::safepoint(cx)?;
    run::serve_signals(cx)?;
    Ok(tracing::wanted(cx))
}

/// The attempt goes on although its budget is used up.
fn renew_budget(cx: &mut Cx) {
    let budget = budget(cx);
    vm(cx).driver.spent += budget;
    vm(cx).budget = budget;
}

/// Where native code calls back, with the budget used up: only looks, since the attempt cannot end here.
///
/// # Errors
/// As [`poll`].
#[cold]
#[inline(never)]
pub fn poll_native(cx: &mut Cx) -> Completion<()> {
    if cx.is_solo() {
        return poll_solo(cx).map(drop);
    }
    if cx.tx.is_doomed() {
        return Err(cx.aborted(Abort::Killed));
    }
    if !vm_ref(cx).driver.after_effect {
        renew_budget(cx);
    }
    gc::safepoint(cx)?;
    run::serve_signals(cx)
}

fn poll_solo(cx: &mut Cx) -> Completion<bool> {
    vm(cx).budget = budget(cx);
    if vm_ref(cx).shared.options.gc_stress {
        cx.world.heap.request_collection();
    }
    gc::safepoint(cx)?;
    io::flush(cx);
    signals(cx)?;
    Ok(tracing::wanted(cx) || !cx.is_solo())
}

/// No attempt runs: collect, let others stop the world.
fn safepoint_between(cx: &mut Cx) -> Completion<()> {
    if vm_ref(cx).shared.options.gc_stress {
        cx.world.heap.request_collection();
    }
    gc::safepoint(cx)
}

fn may_be_solo(cx: &Cx) -> bool {
    let shared = vm_ref(cx).shared;
    shared.threads.others() == 0 && !shared.options.always
}

/// Runs signal handlers and finalizers that wait.
fn signals(cx: &mut Cx) -> Completion<()> {
    run::pending_calls(cx)
}

#[inline(always)]
fn begin_attempt(cx: &mut Cx) {
    cx.tx.begin();
    let driver = &mut vm(cx).driver;
    driver.has_effects = false;
    driver.spent = 0;
    if let Some(witness) = &mut driver.witness {
        witness.begin();
    }
}

fn begin(cx: &mut Cx, base: Regs, pc: *const Instr) {
    begin_attempt(cx);
    checkpoint::take(cx, base, pc);
    vm(cx).budget = budget(cx);
}

/// Commits the running attempt, shows its output, lengthens the window.
fn commit(cx: &mut Cx) -> Completion<()> {
    if cx.has_aborted() {
        return Err(Escape::ABORT);
    }
    if vm_ref(cx).driver.nesting > 0 {
        cx.keep_claims();
    }
    if io::is_pending(cx) {
        irrevocable(cx)?;
    }
    let shaken = vm_ref(cx).driver.shake.is_some();
    contended::note(cx, shaken);
    if let Err(cause) = cx.tx.commit() {
        return Err(cx.aborted(cause));
    }
    vm(cx).tables.names_new_cells = false;
    cx.attempt_committed();
    let driver = &mut vm(cx).driver;
    driver.after_effect = false;
    driver.window = (driver.window * (1.0 + GROWTH)).min(WINDOW_MAX);
    Ok(())
}

/// The next length of a window of which `used` bytecodes were lost: half, so that conflicts become rarer; but at a hot
/// spot, which every attempt meets however short it is, only what was lost (docs/decisions/0002).
fn shortened(window: f64, used: f64, at_hot_spot: bool) -> f64 {
    let half = window / 2.0;
    (window - if at_hot_spot { used.min(half) } else { half }).max(WINDOW_MIN)
}

/// The attempt is over: from the lowest loop, goes back to the checkpoint and begins anew.
#[cold]
#[inline(never)]
pub fn rollback(cx: &mut Cx) -> Landing {
    if vm_ref(cx).driver.nesting > 0 || !vm_ref(cx).driver.checkpoint.is_set() {
        return Landing::Leave(Exit::Raised(Escape::ABORT));
    }
    let cause = cx.take_abort().unwrap_or(Abort::User);
    let window = vm_ref(cx).driver.window;
    let mut used = 0;
    let at_hot_spot = cx.tx.met_hot_spot(cause);
    if cx.tx.is_active() {
        atomic::undo_classes(cx);
        if cause == Abort::Retry {
            park(cx);
        } else {
            used = (window as i64 - vm_ref(cx).budget.max(0)).max(0);
            let wasted = (used + vm_ref(cx).driver.spent) as u64;
            conflicts::book(cx, cause, wasted);
            cx.tx.add_wasted(wasted);
            cx.tx.abort(cause);
        }
    }
    vm(cx).tables.undone();
    cx.attempt_aborted();
    let driver = &mut vm(cx).driver;
    if cause != Abort::Retry {
        driver.window = shortened(window, used as f64, at_hot_spot);
    }
    driver.reraised = false;
    driver.blocks.forget();
    io::discard(cx);
    let (regs, pc) = checkpoint::restore(cx);
    frame_object::attach_again(cx);
    tracing::restore(cx, vm_ref(cx).driver.checkpoint.traced());
    gc::poll(cx);
    begin_attempt(cx);
    vm(cx).budget = budget(cx);
    Landing::At(regs, pc)
}

/// The attempt returned into an older frame: saves its registers first.
#[inline]
pub fn note_return(cx: &mut Cx, caller: Regs) {
    if !cx.is_solo() && vm_ref(cx).driver.nesting == 0 && caller < vm_ref(cx).low_water {
        save_caller(cx, caller);
    }
}

/// See [`checkpoint::save_caller`].
#[cold]
#[inline(never)]
pub fn save_caller(cx: &mut Cx, caller: Regs) {
    if vm_ref(cx).driver.nesting == 0 {
        checkpoint::save_caller(cx, caller);
    }
}

/// A register of the frame is about to be written from outside: as if the attempt had returned into it.
pub fn save_before_write(cx: &mut Cx, frame: Regs) {
    if !cx.is_solo() && frame < vm_ref(cx).low_water {
        checkpoint::save_caller(cx, frame);
    }
}

/// Runs the lowest frame of a thread.
pub fn run_lowest(cx: &mut Cx, regs: Regs, pc: *const Instr) -> Exit {
    let (mut regs, mut pc) = (regs, pc);
    loop {
        if !cx.is_solo() && !cx.tx.is_active() {
            begin(cx, regs, pc);
        }
        let exit = enter::run_once(cx, regs, pc);
        if matches!(exit, Exit::Switch) {
            (regs, pc) = (vm_ref(cx).base, vm_ref(cx).pc);
            continue;
        }
        if cx.is_solo() {
            return exit;
        }
        let Err(_) = commit(cx) else { return exit };
        match rollback(cx) {
            Landing::At(frame, at) => (regs, pc) = (frame, at),
            Landing::Leave(exit) => return exit,
        }
    }
}

/// Adds this thread's counters to the world's.
pub fn add_stats(cx: &mut Cx) {
    let stats = *cx.tx.stats();
    let mut totals = vm_ref(cx).shared.threads.totals().lock();
    totals.commits += stats.commits;
    for (sum, n) in totals.aborts.iter_mut().zip(stats.aborts) {
        *sum += n;
    }
    totals.tokens += stats.tokens;
    totals.irrevocable_ns += stats.irrevocable_ns;
    totals.kills += stats.kills;
    totals.wasted_units += stats.wasted_units;
    totals.extensions += stats.extensions;
}

/// `Upcalls::safepoint`.
///
/// # Errors
/// Exceptions of signal handlers.
pub fn safepoint(cx: &mut Cx) -> Completion<()> {
    gc::safepoint(cx)?;
    if !cx.is_solo() && cx.tx.is_doomed() {
        return Err(cx.aborted(Abort::Killed));
    }
    signals(cx)
}

/// An outermost `atomic` block begins: what came before is not part of it.
///
/// # Errors
/// The attempt's abort.
pub(super) fn cut_before_block(cx: &mut Cx) -> Completion<()> {
    if vm_ref(cx).driver.nesting > 0 || vm_ref(cx).base.is_null() {
        return Ok(());
    }
    if cx.is_solo() {
        // Solo mode keeps no log, and the block may have to be undone.
        settle_streams(cx)?;
        leave_solo(cx, "can't begin an atomic block")?;
    }
    // A repetition runs the entering instruction again.
    cut_before_instruction(cx)
}

/// Makes the running instruction the first of its attempt. If that is a repetition, it is so already: a commit would make
/// the transaction young again each time, and without the patience of others a long one would never end.
///
/// # Errors
/// Exceptions of signal handlers that came due in a wait; the attempt's abort.
fn cut_before_instruction(cx: &mut Cx) -> Completion<()> {
    if std::mem::take(&mut vm(cx).driver.signals_due) {
        signals(cx)?;
    }
    let (base, pc) = (vm_ref(cx).base, vm_ref(cx).pc.wrapping_sub(1));
    if vm_ref(cx).driver.checkpoint.place() == (base, pc) && cx.tx.undo_len() == 0 {
        return Ok(());
    }
    commit(cx)?;
    begin(cx, base, pc);
    Ok(())
}

fn settle_streams(cx: &mut Cx) -> Completion<()> {
    let sys = vm_ref(cx).shared.sys();
    for n in [N::stdout, N::stderr] {
        let name = cx.name(n);
        let stream = dict::get_item_name(cx, sys, name)?;
        text::settle(cx, stream)?;
    }
    Ok(())
}

/// The outermost `atomic` block is over: its attempt ends at the next poll.
pub(super) fn block_has_ended(cx: &mut Cx) {
    vm(cx).driver.deadlines.clear();
    if !cx.is_solo() {
        vm(cx).budget = -1;
    }
}
