//! `atexit`: functions to call when the interpreter ends. They wait in a list in the module's namespace.

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, Obj, Special, Value,
    native::NativeFn,
    protocol::{self, RootVec},
    raise,
    types::{dict, list},
};

use super::{ModuleDef, namespace, set};

const CALLS: &str = "_calls";

const fn row(name: &'static str, sig: &'static str, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc: "" }
}

fn calls(cx: &mut Cx) -> Completion<Value> {
    let module = cx.world.import_module(cx, "atexit")?;
    let name = cx.intern(CALLS)?;
    match module.obj().and_then(namespace) {
        Some(d) => dict::get_item_name(cx, d, name),
        None => Ok(Value::UNBOUND),
    }
}

fn set_calls(cx: &mut Cx, items: RootVec) -> Completion<()> {
    let module = cx.world.import_module(cx, "atexit")?;
    let list = list::from_vec(cx, items)?;
    match module.obj() {
        Some(module) => set(cx, module, CALLS, list.into()),
        None => Ok(()),
    }
}

fn register(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if protocol::find_special(cx, args.get(0), Special::Call).is_none() {
        return raise!(cx, TypeError, "the first argument must be callable");
    }
    let list = calls(cx)?;
    let entry = cx.new_tuple(&[args.get(0), args.get(1), args.get(2)])?;
    let append = cx.name(taipan_objects::N::append);
    protocol::call_method(cx, list, append, &[entry])?;
    Ok(args.get(0))
}

fn entry_parts(v: Value) -> [Value; 3] {
    let items = v.obj().map_or(&[][..], Obj::items);
    [0, 1, 2].map(|i| items.get(i).copied().unwrap_or_default())
}

fn unregister(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let list = calls(cx)?;
    let all = protocol::collect(cx, list)?;
    let mut kept = RootVec::new();
    for &entry in all.as_slice() {
        if !protocol::identical_or_equal(cx, entry_parts(entry)[0], args.get(0))? {
            kept.push(cx, entry)?;
        }
    }
    set_calls(cx, kept)?;
    Ok(Value::NONE)
}

/// Calls everything registered, last first; exceptions are reported and do not stop the others.
pub fn run_all(cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    loop {
        let list = calls(cx)?;
        let all = protocol::collect(cx, list)?;
        let Some((&last, rest)) = all.as_slice().split_last() else { return Ok(Value::NONE) };
        let rest = RootVec::from_slice(cx, rest)?;
        set_calls(cx, rest)?;
        let [f, positional, keywords] = entry_parts(last);
        let items = positional.obj().map_or(&[][..], Obj::items);
        if let Err(escape) = protocol::call::call_star(cx, f, items, keywords) {
            let Some(e) = escape.exception() else { return Err(escape) };
            report(cx, e)?;
        }
    }
}

fn report(cx: &mut Cx, e: Obj) -> Completion<()> {
    let sys = cx.world.import_module(cx, "sys")?;
    let name = cx.intern("excepthook")?;
    let hook = protocol::get_attr(cx, sys, name)?;
    let key = cx.name(taipan_objects::N::traceback);
    let traceback = protocol::get_attr(cx, e.into(), key)?;
    protocol::call(cx, hook, &[e.class().into(), e.into(), traceback]).map(drop)
}

/// `atexit`.
pub const MODULE: ModuleDef = ModuleDef {
    name: "atexit",
    doc: "allow programmer to define multiple exit functions to be executed upon normal program termination.",
    functions: &[
        row("register", "(func, /, *args, **kwargs)", register),
        row("unregister", "(func, /)", unregister),
        row("_run_exitfuncs", "()", run_all),
        row("_clear", "()", |cx, _| {
            set_calls(cx, RootVec::new())?;
            Ok(Value::NONE)
        }),
        row("_ncallbacks", "()", |cx, _| {
            let list = calls(cx)?;
            Ok(Value::small(protocol::length(cx, list)? as i64))
        }),
    ],
    exec: |cx, module| {
        let list = list::from_vec(cx, RootVec::new())?;
        set(cx, module, CALLS, list.into())
    },
    ..ModuleDef::BASE
};
