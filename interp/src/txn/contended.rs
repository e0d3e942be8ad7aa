//! Containers over which threads keep fighting are split, so that different keys no longer conflict; who changes what it
//! mostly reads ends its attempt soon.
//!
//! Only writers split: a thread that mostly reads a container is better off with its one header, since each part of a split
//! one must be read and validated for itself. So each conflict over a hot spot is followed by a look at the attempt that
//! commits after it: has it changed the contended object, too?

use std::sync::atomic::Ordering;

use taipan_objects::{cx::Cx, types::dict};
use taipan_stm::Abort;

use crate::vm::state::{vm, vm_ref};

/// Points to collect before a container is split: a point for each attempt that changes it, less [`PER_READ`] for each that
/// only reads it.
const POINTS: u32 = 8;
const PER_READ: u32 = 2;

/// The points of the last contended object.
#[derive(Clone, Copy, Debug, Default)]
pub struct Contended {
    points: u32,
}

/// Before a commit: counts whether the attempt has changed what the thread has met as a hot spot. With `shaken`, splits
/// whatever it has changed.
#[inline(always)]
pub(super) fn note(cx: &mut Cx, shaken: bool) {
    if shaken {
        cx.tx.contend_any_owned();
        vm(cx).driver.contended.points = POINTS;
    } else if let Some(changes) = cx.tx.owns_contended() {
        count(cx, changes);
    }
}

#[cold]
#[inline(never)]
fn count(cx: &mut Cx, changes: bool) {
    let contended = &mut vm(cx).driver.contended;
    if changes {
        contended.points += 1;
    } else {
        contended.points = contended.points.saturating_sub(PER_READ);
    }
    let points = contended.points;
    if points < POINTS {
        // The next conflict sets it again.
        let orec = cx.tx.take_contended();
        cx.read_mostly = orec.filter(|_| points == 0).unwrap_or(std::ptr::null());
    }
}

/// Between attempts: splits the contended object if it has the points and is of a kind that can be split.
#[inline]
pub(super) fn relieve(cx: &mut Cx) {
    if vm_ref(cx).driver.contended.points >= POINTS {
        vm(cx).driver.contended.points = 0;
        if let Some(orec) = cx.tx.take_contended() {
            split(cx, orec as u64);
        }
    }
}

/// What fails here is left alone until it has collected points again.
#[cold]
#[inline(never)]
fn split(cx: &mut Cx, address: u64) {
    let Some(d) = cx.world.heap.find(address).and_then(|o| dict::exact_kind(o.into())) else {
        return;
    };
    cx.tx.begin();
    let done = dict::split(cx, d);
    let cause = cx.take_abort();
    match done {
        Ok(done) if cause.is_none() && cx.tx.commit().is_ok() => {
            cx.attempt_committed();
            // Relaxed: a counter.
            vm_ref(cx).shared.threads.splits.fetch_add(u64::from(done), Ordering::Relaxed);
            return;
        }
        _ => {}
    }
    if cx.tx.is_active() {
        cx.tx.abort(cause.unwrap_or(Abort::User));
    }
    cx.attempt_aborted();
}
