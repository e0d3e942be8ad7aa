//! Waiting: an attempt is undone and its thread sleeps until something that it has read changes.
//!
//! The lowest loop runs the waiting instruction again; a native that cannot be run again tries in attempts of its own.
//! Time limits are known by the place in the program, so that a repetition goes on with the old one.

use std::time::{Duration, Instant};

use taipan_objects::{cx::Cx, exc::Completion, gc};
use taipan_stm::{Abort, Wake};

use super::{commit, cut_before_instruction, effects::begin_after_effect, signals};
use crate::{
    os,
    txn::atomic,
    vm::state::{vm, vm_ref},
};

/// Longest sleep between two looks at the signals.
const SLICE: Duration = Duration::from_millis(50);

/// How long to sleep before the next look, at most until `deadline`.
pub fn slice_before(deadline: Option<Instant>) -> Duration {
    deadline.map_or(SLICE, |at| at.saturating_duration_since(Instant::now()).min(SLICE))
}

/// Undoes the attempt and sleeps until something that it read changes, for a while at most: signals want to be seen.
pub(super) fn park(cx: &mut Cx) {
    let deadline = vm_ref(cx).driver.deadlines.iter().filter_map(|(_, at)| *at).min();
    let wake = cx.tx.wait_for_change(Some(slice_before(deadline)));
    if matches!(wake, Wake::NothingRead) {
        gc::blocking(cx, || std::thread::sleep(Duration::from_millis(1)));
    }
    vm(cx).driver.signals_due = true;
}

/// Names the place in the program, that is the calls which have led there.
fn place(cx: &Cx) -> u64 {
    let (mut regs, mut at) = (vm_ref(cx).base, vm_ref(cx).pc as u64);
    let mut hash = vm_ref(cx).driver.blocks.path;
    while !regs.is_null() {
        hash = (hash ^ at).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
        let caller = regs.caller();
        if caller == regs {
            break;
        }
        at = regs.return_pc() as u64;
        regs = caller;
    }
    hash
}

/// The end of the wait that the running call is in: `fresh` unless the call was repeated by a rollback.
pub fn deadline(cx: &mut Cx, fresh: Option<Instant>) -> Option<Instant> {
    let place = place(cx);
    let deadlines = &mut vm(cx).driver.deadlines;
    if let Some((_, known)) = deadlines.iter().find(|(p, _)| *p == place) {
        return *known;
    }
    deadlines.push((place, fresh));
    fresh
}

/// The running call waits no more, one way or the other. Inside a block time limits stay known until it ends: the code that
/// computes them runs again with the block, and would begin to wait anew each time.
pub fn wait_over(cx: &mut Cx) {
    if !vm_ref(cx).driver.blocks.is_open() {
        vm(cx).driver.deadlines.clear();
    }
}

/// Waits until something changes that `take` has read, committing first what was done before. `true` if `take` then
/// succeeded. In the lowest loop the waiting instruction is run again instead, so this does not return.
///
/// # Errors
/// The attempt's abort, by which the wait is done; exceptions of signal handlers.
pub fn wait_for_change(
    cx: &mut Cx,
    deadline: Option<Instant>,
    take: &mut dyn FnMut(&mut Cx) -> Completion<bool>,
) -> Completion<bool> {
    if cx.is_solo() {
        // Nobody else runs: only a signal handler or the deadline can end this.
        gc::blocking(cx, || std::thread::sleep(slice_before(deadline)));
        signals(cx)?;
        return take(cx);
    }
    if vm_ref(cx).driver.blocks.is_open() {
        return atomic::wait(cx, "waiting").map(|()| false);
    }
    if vm_ref(cx).driver.nesting == 0 && !vm_ref(cx).base.is_null() {
        cut_before_instruction(cx)?;
        if take(cx)? {
            return Ok(true);
        }
        return Err(cx.aborted(Abort::Retry));
    }
    wait_inside(cx, deadline, take)
}

/// As [`wait_for_change`], for a native that has had effects and so cannot be run again.
///
/// # Errors
/// As [`wait_for_change`].
pub fn wait_in_native(
    cx: &mut Cx,
    take: &mut dyn FnMut(&mut Cx) -> Completion<bool>,
) -> Completion<bool> {
    if cx.is_solo() || vm_ref(cx).driver.blocks.is_open() {
        return wait_for_change(cx, None, take);
    }
    wait_inside(cx, None, take)
}

/// As [`wait_for_change`] with native frames below, which cannot be run again: `take` is a transaction of its own, and
/// the rest runs irrevocable.
fn wait_inside(
    cx: &mut Cx,
    deadline: Option<Instant>,
    take: &mut dyn FnMut(&mut Cx) -> Completion<bool>,
) -> Completion<bool> {
    commit(cx)?;
    loop {
        cx.tx.begin();
        let taken = match take(cx) {
            Ok(true) => cx.tx.commit().is_ok(),
            Ok(false) => {
                vm(cx).driver.deadlines = vec![(0, deadline)];
                park(cx);
                false
            }
            Err(escape) if escape.is_abort() => {
                let cause = cx.take_abort().unwrap_or(Abort::User);
                cx.tx.abort(cause);
                continue;
            }
            Err(escape) => {
                cx.tx.abort(Abort::User);
                begin_after_effect(cx);
                return Err(escape);
            }
        };
        gc::poll(cx);
        if taken || deadline.is_some_and(|at| Instant::now() >= at) {
            begin_after_effect(cx);
            return Ok(taken);
        }
        if std::mem::take(&mut vm(cx).driver.signals_due) && os::signals_arrived() {
            begin_after_effect(cx);
            signals(cx)?;
            commit(cx)?;
        }
    }
}
