//! What cannot be undone: an attempt becomes irrevocable, ends before a call that blocks, and goes on behind it.
//!
//! Holds: the attempt behind a blocking call has no checkpoint to go back to, so it is irrevocable until the next poll.

use taipan_objects::{
    TRANSACTIONS,
    cx::Cx,
    exc::{Completion, Escape},
    gc, raise,
};

use super::{budget, commit};
use crate::{
    txn::io,
    vm::state::{vm, vm_ref},
};

/// The running attempt does what cannot be undone, or there is no attempt.
pub(super) fn cannot_go_back(cx: &mut Cx) {
    let driver = &mut vm(cx).driver;
    driver.has_effects = true;
    driver.checkpoint.forget();
}

/// Starts an attempt that must not abort, for there is no place to go back to: behind a blocking call.
pub(super) fn begin_after_effect(cx: &mut Cx) {
    cx.tx.begin_irrevocable();
    // Irrevocable, it fails at no claim.
    let _ = cx.claim_kept();
    cannot_go_back(cx);
    vm(cx).driver.after_effect = true;
    vm(cx).budget = if vm_ref(cx).driver.nesting > 0 { budget(cx) } else { -1 };
}

/// Runs `f` inside an attempt that cannot abort, unless one runs already: for what the host does between programs.
///
/// # Errors
/// Whatever `f` gives.
pub fn with_attempt<R>(cx: &mut Cx, f: impl FnOnce(&mut Cx) -> Completion<R>) -> Completion<R> {
    if cx.is_solo() || cx.tx.is_active() {
        return f(cx);
    }
    cx.tx.begin_irrevocable();
    cannot_go_back(cx);
    let result = f(cx);
    io::flush(cx);
    if cx.tx.is_active() {
        let _ = cx.tx.commit();
        cx.attempt_committed();
    }
    result
}

/// Turns transactions on for this thread, which has run alone so far; `failing` says what cannot be done without them.
///
/// # Errors
/// `RuntimeError` in a build without transactions.
pub fn leave_solo(cx: &mut Cx, failing: &str) -> Completion<()> {
    if !TRANSACTIONS {
        return raise!(cx, RuntimeError, "{failing}: this build has no transactions");
    }
    if !cx.is_solo() {
        return Ok(());
    }
    io::flush(cx);
    cx.set_solo(false);
    // The lowest loop begins its own attempt with a checkpoint; until then, this one must not abort.
    begin_after_effect(cx);
    Ok(())
}

/// `Upcalls::irrevocable`.
///
/// # Errors
/// The attempt's abort: it starts again with the token in hand.
pub fn irrevocable(cx: &mut Cx) -> Completion<()> {
    take_token(cx)?;
    cannot_go_back(cx);
    io::flush(cx);
    Ok(())
}

/// `Upcalls::take_token`.
///
/// # Errors
/// As [`irrevocable`].
pub fn take_token(cx: &mut Cx) -> Completion<()> {
    if cx.is_solo() || cx.tx.is_irrevocable() {
        return Ok(());
    }
    if cx.has_aborted() {
        return Err(Escape::ABORT);
    }
    cx.tx.become_irrevocable().map_err(|cause| cx.aborted(cause))
}

/// `Upcalls::blocking`.
///
/// # Errors
/// The attempt's abort, before anything has happened.
pub fn blocking(cx: &mut Cx, f: &mut dyn FnMut()) -> Completion<()> {
    if cx.is_solo() {
        io::flush(cx);
        gc::blocking(cx, f);
        return Ok(());
    }
    if vm_ref(cx).driver.blocks.is_open() {
        irrevocable(cx)?;
        // Counts as stopped: others may collect while the token is held across the call.
        gc::blocking(cx, f);
        return Ok(());
    }
    if cx.tx.is_active() {
        commit(cx)?;
    }
    gc::blocking(cx, f);
    begin_after_effect(cx);
    Ok(())
}

/// Runs `f` between two attempts: what their logs and the checkpoint name is no root then. In a block, within the attempt.
///
/// # Errors
/// The attempt's abort, before anything has happened.
pub fn between_attempts(cx: &mut Cx, f: impl FnOnce(&mut Cx)) -> Completion<()> {
    if cx.is_solo() || vm_ref(cx).driver.blocks.is_open() {
        irrevocable(cx)?;
        f(cx);
        return Ok(());
    }
    if cx.tx.is_active() {
        commit(cx)?;
    }
    cannot_go_back(cx);
    f(cx);
    begin_after_effect(cx);
    Ok(())
}
