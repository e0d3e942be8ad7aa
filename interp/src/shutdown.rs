//! The end of a program: threads, exit functions, finalizers, output.

use std::{path::Path, sync::atomic::Ordering};

use taipan_objects::{
    Completion, Cx, Escape, N, Value, gc,
    protocol::{self, RootVec},
    types::{dict, str as string},
};

use crate::{
    modules, stdlib,
    txn::{driver, io},
    vm::{liveness, state::vm_ref},
};

/// Rounds of finalizers: what one lets go has its turn in the next.
const ROUNDS: usize = 3;

/// Waits for threads, runs exit functions and finalizers, flushes. The exit status if that fails, or 0.
pub(crate) fn finish(cx: &mut Cx) -> i32 {
    let mut status = 0;
    let result = driver::with_attempt(cx, |cx| {
        let threading = cx.intern("threading")?;
        let table = vm_ref(cx).shared.modules();
        dict::get_item_name(cx, table, threading)
    });
    if let Ok(threading) = result
        && threading.is_bound()
    {
        let shutdown = driver::with_attempt(cx, |cx| {
            let name = cx.intern("_shutdown")?;
            protocol::get_attr(cx, threading, name)
        });
        if let Ok(f) = shutdown
            && let Err(escape) = protocol::call(cx, f, &[])
        {
            let _ = driver::with_attempt(cx, |cx| {
                crate::report::ignored(cx, escape, "on threading shutdown");
                Ok(())
            });
        }
    }
    let _ = driver::with_attempt(cx, |cx| modules::atexit::run_all(cx, taipan_objects::Args(&[])));
    // Relaxed: only this thread is left, or threads that nobody waits for.
    vm_ref(cx).shared.finalizing.store(true, Ordering::Relaxed);
    let _ = let_go(cx);
    for name in ["stdout", "stderr"] {
        let flushed = driver::with_attempt(cx, |cx| {
            let sys = vm_ref(cx).shared.sys();
            let key = cx.intern(name)?;
            let file = dict::get_item_name(cx, sys, key)?;
            if file.is_bound() && !file.is_none() && file != Value::ELLIPSIS {
                let closed = cx.intern("closed")?;
                if let Some(v) = protocol::get_attr_opt(cx, file, closed)?
                    && protocol::truth(cx, v)?
                {
                    return Ok(());
                }
                let flush = cx.name(N::flush);
                protocol::call_method(cx, file, flush, &[])?;
            }
            Ok(())
        });
        if let Err(escape) = flushed
            && name == "stdout"
        {
            flush_failed(cx, escape);
            status = 120;
        }
    }
    io::flush(cx);
    if let Some(errno) = io::take_error(cx, 1) {
        let escape = taipan_objects::types::exc_fields::os_error(cx, errno, Value::UNBOUND);
        flush_failed(cx, escape);
        status = 120;
    }
    status
}

/// Says that the program's last output is lost.
fn flush_failed(cx: &mut Cx, escape: Escape) {
    let Some(e) = escape.exception() else { return };
    let _ = driver::with_attempt(cx, |cx| {
        let text = crate::report::text(cx, e)?;
        crate::report::to_stderr(
            cx,
            &format!("Exception ignored while flushing sys.stdout:\n{text}"),
        )
    });
    io::flush(cx);
}

/// Finalizes what only the program refers to, as if its modules had died: files are closed, `__del__` is called. Nothing is
/// taken out of a module's namespace, so that finalizers find what they use; the library's modules stay.
fn let_go(cx: &mut Cx) -> Completion<()> {
    driver::with_attempt(cx, forget_program)?;
    for _ in 0..ROUNDS {
        liveness::clear_dead(cx);
        gc::collect_without_native_stack(cx);
        if cx.world.n_pending() == 0 {
            break;
        }
        driver::with_attempt(cx, crate::run::pending_calls)?;
        io::flush(cx);
    }
    Ok(())
}

/// Takes the program's modules, and its last exception, out of `sys`.
fn forget_program(cx: &mut Cx) -> Completion<()> {
    let (sys, loaded) = (vm_ref(cx).shared.sys(), vm_ref(cx).shared.modules());
    for name in ["last_exc", "last_type", "last_value", "last_traceback"] {
        let name = cx.intern(name)?;
        if dict::get_item_name(cx, sys, name)?.is_bound() {
            dict::set_item(cx, sys, name, Value::NONE)?;
        }
    }
    let library = stdlib::root();
    let names: RootVec = protocol::collect(cx, loaded.into())?;
    for &name in names.as_slice() {
        let module = dict::get_item(cx, loaded, name)?;
        if is_programs(cx, name, module, &library)? {
            dict::del_item(cx, loaded, name)?;
        }
    }
    Ok(())
}

/// `__main__`, or a module that comes from a file outside of the folder `library`.
fn is_programs(cx: &mut Cx, name: Value, module: Value, library: &Path) -> Completion<bool> {
    if string::text(name) == Some("__main__") {
        return Ok(true);
    }
    let Some(namespace) = module.obj().and_then(modules::namespace) else { return Ok(false) };
    let key = cx.intern("__file__")?;
    let file = dict::get_item_name(cx, namespace, key)?;
    Ok(string::text(file).is_some_and(|file| !Path::new(file).starts_with(library)))
}
