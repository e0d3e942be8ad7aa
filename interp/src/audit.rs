//! Audit hooks (PEP 578): functions of the program that are told of what it does.
//!
//! Hooks are never removed. Adding one is irrevocable; what a hook does belongs to the attempt that called it. Without
//! hooks an event costs one look at a flag.

use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use taipan_objects::{Args, Completion, Cx, T, Value, class, heap::Marker, protocol, raise};

use crate::{
    txn::driver,
    vm::{state::vm_ref, tracing},
};

/// The hooks of a world.
#[derive(Debug, Default)]
pub struct Hooks {
    any: AtomicBool,
    all: Mutex<Vec<Value>>,
}

impl Hooks {
    /// Marks the hooks.
    pub fn trace(&self, marker: &mut Marker<'_>) {
        self.all.lock().iter().for_each(|&f| marker.value(f));
    }
}

/// Whether there are hooks.
#[inline(always)]
pub fn is_on(cx: &Cx) -> bool {
    // Relaxed: the lock orders the hooks; a thread that sees the flag late has done its deed before the hook was there.
    vm_ref(cx).shared.audit.any.load(Ordering::Relaxed)
}

/// Tells the hooks of an event, if there are any.
///
/// # Errors
/// What a hook raises: the deed is not done then.
#[inline(always)]
pub fn event(cx: &mut Cx, name: &str, args: &[Value]) -> Completion<()> {
    if is_on(cx) { tell(cx, name, args) } else { Ok(()) }
}

#[cold]
#[inline(never)]
fn tell(cx: &mut Cx, name: &str, args: &[Value]) -> Completion<()> {
    let hooks = vm_ref(cx).shared.audit.all.lock().clone();
    // Left out by who called, and not to be seen.
    let args: Vec<Value> = args.iter().map(|v| v.bound().unwrap_or(Value::NONE)).collect();
    let name = cx.intern(name)?;
    let args = cx.new_tuple(&args)?;
    for hook in hooks {
        call(cx, hook, name, args)?;
    }
    Ok(())
}

/// Calls a hook, without tracing unless it asks for it.
fn call(cx: &mut Cx, hook: Value, name: Value, args: Value) -> Completion<()> {
    let key = cx.intern("__cantrace__")?;
    let traced = match protocol::get_attr_opt(cx, hook, key)? {
        Some(v) => protocol::truth(cx, v)?,
        None => false,
    };
    let call = |cx: &mut Cx| protocol::call(cx, hook, &[name, args]).map(drop);
    if traced { call(cx) } else { tracing::without_events(cx, call) }
}

/// `sys.addaudithook`. Hooks that are there already may keep others away.
///
/// # Errors
/// What they raise, unless it is an `Exception`.
pub fn add(cx: &mut Cx, hook: Value) -> Completion<()> {
    if let Err(escape) = event(cx, "sys.addaudithook", &[]) {
        let refused = escape.exception();
        let Some(e) = refused else { return Err(escape) };
        // The hook is silently not added.
        return if class::is_subclass(e.class(), cx.class(T::Exception)) {
            Ok(())
        } else {
            Err(escape)
        };
    }
    driver::irrevocable(cx)?;
    let hooks = &vm_ref(cx).shared.audit;
    hooks.all.lock().push(hook);
    hooks.any.store(true, Ordering::Relaxed);
    Ok(())
}

/// `sys.audit`.
///
/// # Errors
/// `TypeError` for an event that is no string; what a hook raises.
pub fn audit(cx: &mut Cx, name: Value, args: &[Value]) -> Completion<()> {
    let Some(text) = taipan_objects::types::str::text(name) else {
        let got = cx.type_name(name);
        return raise!(cx, TypeError, "audit() argument 1 must be str, not {got}");
    };
    let text = text.to_owned();
    event(cx, &text, args)
}

/// What an event says of an argument.
#[derive(Clone, Copy, Debug)]
pub enum What {
    /// The argument with this number.
    Arg(usize),
    /// The same, a descriptor of a folder: -1 when it was left out.
    Dir(usize),
    /// The same, a truth value as a number.
    Flag(usize),
    /// This number.
    Int(i64),
    /// Nothing.
    None,
}

/// As [`event`], about the arguments of a native.
///
/// # Errors
/// As [`event`].
#[cold]
#[inline(never)]
pub fn told(cx: &mut Cx, name: &str, args: Args<'_>, about: &[What]) -> Completion<()> {
    let value = |what: &What| match *what {
        What::Arg(i) => args.get(i),
        What::Dir(i) => args.not_none(i).unwrap_or(Value::small(-1)),
        What::Flag(i) => Value::small((args.get(i) != Value::FALSE).into()),
        What::Int(n) => Value::small(n),
        What::None => Value::NONE,
    };
    let about: Vec<Value> = about.iter().map(value).collect();
    tell(cx, name, &about)
}

/// The body of a native that tells hooks of an event before it does anything: numbers of arguments stand for them, `dir`
/// before one for a descriptor of a folder.
macro_rules! audited {
    (@what $n:literal) => { $crate::audit::What::Arg($n) };
    (@what (dir $n:literal)) => { $crate::audit::What::Dir($n) };
    (@what (flag $n:literal)) => { $crate::audit::What::Flag($n) };
    (@what (int $n:literal)) => { $crate::audit::What::Int($n) };
    (@what none) => { $crate::audit::What::None };
    ($event:literal [$($what:tt),*], $run:expr) => {
        |cx: &mut taipan_objects::Cx, args: taipan_objects::Args<'_>| {
            if $crate::audit::is_on(cx) {
                $crate::audit::told(cx, $event, args, &[$(audited!(@what $what)),*])?;
            }
            let run: taipan_objects::native::NativeFn = $run;
            run(cx, args)
        }
    };
}
