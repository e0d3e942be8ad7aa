//! `gc`: the collector as programs see it. There are no reference counts, so numbers of objects per generation mean nothing
//! here; thresholds are kept only to be read back.

use taipan_objects::{
    Args, Completion, Cx, Effect, Kind, NativeDef, Obj, Value, gc,
    native::NativeFn,
    protocol::{self, RootVec, convert},
    types::{dict, list},
};

use super::{ModuleDef, namespace, set, set_ints};
use crate::{
    audit,
    txn::driver,
    vm::{liveness, state::vm_ref},
};

const fn row(name: &'static str, sig: &'static str, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc: "" }
}

/// Collects everything that is garbage; the number of objects with finalizers or weak reference callbacks that became due.
fn collect(cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    // Outside the attempt, whose log and checkpoint would keep alive what the program has let go.
    driver::between_attempts(cx, |cx| {
        liveness::clear_dead(cx);
        let driver = &vm_ref(cx).driver;
        if driver.nesting == 0 && !driver.is_hosted {
            // Nothing but the loop and its driver runs below, and their values are in registers.
            gc::collect_without_native_stack(cx);
        } else {
            gc::collect(cx);
        }
    })?;
    let due = cx.world.n_pending();
    (cx.world.upcalls().safepoint)(cx)?;
    Ok(Value::small(due as i64))
}

fn get_objects(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    audit::event(cx, "gc.get_objects", &[args.opt(0).unwrap_or(Value::small(-1))])?;
    let all = gc::live_objects(cx);
    of_objects(cx, all.into_iter().filter(|o| o.kind().has_orec()))
}

fn of_objects(cx: &mut Cx, objects: impl Iterator<Item = Obj>) -> Completion<Value> {
    let mut items = RootVec::new();
    for o in objects {
        items.push(cx, o.into())?;
    }
    Ok(list::from_vec(cx, items)?.into())
}

fn get_referents(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    audit::event(cx, "gc.get_referents", &[args.get(0)])?;
    let mut found = RootVec::new();
    for &v in args.rest(0) {
        match v.obj() {
            // Their items need not be objects.
            Some(o) if matches!(o.kind(), Kind::List | Kind::Tuple) => {
                // The last item first, as CPython visits them.
                for &item in protocol::collect(cx, v)?.as_slice().iter().rev() {
                    found.push(cx, item)?;
                }
            }
            Some(o) => {
                for part in gc::referents(cx, o) {
                    found.push(cx, part.into())?;
                }
            }
            None => {}
        }
    }
    Ok(list::from_vec(cx, found)?.into())
}

fn get_referrers(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    audit::event(cx, "gc.get_referrers", &[args.get(0)])?;
    let wanted: Vec<Obj> = args.rest(0).iter().filter_map(|v| v.obj()).collect();
    let mut all = gc::live_objects(cx);
    all.retain(|&o| o.kind().has_orec() && gc::referents(cx, o).iter().any(|r| wanted.contains(r)));
    of_objects(cx, all.into_iter())
}

fn set_threshold(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut numbers = RootVec::new();
    for i in 0..3 {
        let n = match args.opt(i) {
            Some(v) => convert::index_i64(cx, v)?,
            None => 10,
        };
        numbers.push(cx, Value::small(n))?;
    }
    let tuple = cx.new_tuple(numbers.as_slice())?;
    let module = cx.world.import_module(cx, "gc")?;
    if let Some(module) = module.obj() {
        set(cx, module, "_threshold", tuple)?;
    }
    Ok(Value::NONE)
}

fn get_threshold(cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    let module = cx.world.import_module(cx, "gc")?;
    let name = cx.intern("_threshold")?;
    match module.obj().and_then(namespace) {
        Some(d) => dict::get_item_name(cx, d, name),
        None => Ok(Value::NONE),
    }
}

fn get_stats(cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    let d = dict::new(cx)?;
    let n = cx.world.heap.collections() as i64;
    for (name, i) in [("collections", n), ("collected", 0), ("uncollectable", 0)] {
        let name = cx.intern(name)?;
        dict::set_item(cx, d, name, Value::small(i))?;
    }
    let all = RootVec::from_slice(cx, &[d.into()])?;
    Ok(list::from_vec(cx, all)?.into())
}

/// `gc`.
pub const MODULE: ModuleDef = ModuleDef {
    name: "gc",
    doc: "This module provides access to the garbage collector.",
    functions: &[
        row("collect", "(generation=2)", collect),
        row("enable", "()", |cx, _| {
            driver::irrevocable(cx)?;
            cx.world.set_gc_enabled(true);
            Ok(Value::NONE)
        }),
        row("disable", "()", |cx, _| {
            driver::irrevocable(cx)?;
            cx.world.set_gc_enabled(false);
            Ok(Value::NONE)
        }),
        row("isenabled", "()", |cx, _| Ok(cx.world.gc_enabled().into())),
        row(
            "set_threshold",
            "(threshold0, threshold1=<keep>, threshold2=<keep>, /)",
            set_threshold,
        ),
        row("get_threshold", "()", get_threshold),
        row("get_count", "()", |cx, _| cx.new_tuple(&[Value::small(0); 3])),
        row("get_stats", "()", get_stats),
        row("get_objects", "(generation=None)", get_objects),
        row("get_referents", "(*objs)", get_referents),
        row("get_referrers", "(*objs)", get_referrers),
        row("is_tracked", "(obj, /)", |_, args| {
            Ok(args.get(0).obj().is_some_and(|o| o.kind().has_orec()).into())
        }),
        row("is_finalized", "(obj, /)", |_, _| Ok(Value::FALSE)),
        row("freeze", "()", |_, _| Ok(Value::NONE)),
        row("unfreeze", "()", |_, _| Ok(Value::NONE)),
        row("get_freeze_count", "()", |_, _| Ok(Value::small(0))),
        row("set_debug", "(flags, /)", |_, _| Ok(Value::NONE)),
        row("get_debug", "()", |_, _| Ok(Value::small(0))),
    ],
    exec: |cx, module| {
        let (garbage, callbacks) =
            (list::from_vec(cx, RootVec::new())?, list::from_vec(cx, RootVec::new())?);
        set(cx, module, "garbage", garbage.into())?;
        set(cx, module, "callbacks", callbacks.into())?;
        let threshold = cx.new_tuple(&[Value::small(2000), Value::small(10), Value::small(0)])?;
        set(cx, module, "_threshold", threshold)?;
        let flags = [
            ("DEBUG_STATS", 1),
            ("DEBUG_COLLECTABLE", 2),
            ("DEBUG_UNCOLLECTABLE", 4),
            ("DEBUG_SAVEALL", 32),
            ("DEBUG_LEAK", 38),
        ];
        set_ints(cx, module, &flags)
    },
    ..ModuleDef::BASE
};
