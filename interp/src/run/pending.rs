//! What waits to be called between two instructions: handlers of signals, finalizers, callbacks of weak references.

use taipan_objects::{
    Completion, Cx, Kind, Special, T, class, gc,
    protocol::{self, RootVec},
};

use crate::{
    modules, os, report,
    txn::{driver, threads},
    vm::state::vm_ref,
};

/// Handlers of signals that arrived, in the main thread.
///
/// # Errors
/// What a handler raises; the attempt's abort, before any was called.
pub fn serve_signals(cx: &mut Cx) -> Completion<()> {
    if vm_ref(cx).driver.ident != threads::MAIN_IDENT || !os::signals_arrived() {
        return Ok(());
    }
    if cx.is_solo() || cx.tx.is_active() {
        // A handler is called once per signal, so what it does must not be undone by an abort.
        driver::irrevocable(cx)?;
    }
    modules::_signal::run_handlers(cx)
}

/// Handlers of signals and finalizers that wait to be called.
///
/// # Errors
/// What a signal handler raises.
pub fn pending_calls(cx: &mut Cx) -> Completion<()> {
    serve_signals(cx)?;
    if cx.world.n_pending() > 0 {
        finalize(cx)?;
    }
    Ok(())
}

/// Calls finalizers and weak reference callbacks of objects that the collector found dead.
fn finalize(cx: &mut Cx) -> Completion<()> {
    // No attempt that calls them may be run again: they are called once.
    driver::irrevocable(cx)?;
    let mut pending = cx.world.take_pending();
    pending.sort_by_cached_key(|&v| modules::_io::closing_rank(cx, v));
    let pending = RootVec::from_slice(cx, &pending)?;
    for i in 0..pending.len() {
        let v = pending.get(i);
        let Some(o) = v.obj() else { continue };
        let del = class::special(o.class(), Special::Del);
        let (doing, subject, result) = if del.is_bound() {
            let result = protocol::call::call_unbound(cx, del, v, &[], &[]);
            match o.kind() {
                Kind::Generator => ("closing generator", v, result),
                _ => ("calling deallocator", del, result),
            }
        } else {
            let callback = o.raw(gc::WEAK_CALLBACK);
            ("calling weakref callback", callback, protocol::call(cx, callback, &[v]))
        };
        if let Err(escape) = result {
            if escape.is_abort() {
                return Err(escape);
            }
            let subject = protocol::convert::repr_text(cx, subject).unwrap_or_default();
            let unawaited = o.class() == cx.class(T::coroutine)
                && escape
                    .exception()
                    .is_some_and(|e| class::is_subclass(e.class(), cx.class(T::Warning)));
            let doing = if unawaited { "finalizing coroutine" } else { doing };
            report::ignored(cx, escape, &format!("while {doing} {subject}"));
        }
    }
    Ok(())
}
