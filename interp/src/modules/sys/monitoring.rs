//! `sys.monitoring`: tools, their callbacks, and the events they want. The state is `vm/tracing/monitor.rs`.

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, Obj, Value,
    native::NativeFn,
    protocol::{self, convert},
    raise,
    types::{dict, str as string},
};

use crate::{
    audit,
    modules::{self, ModuleDef, simple_namespace},
    vm::{
        loaded,
        state::vm_ref,
        tracing::{
            self,
            monitor::{Monitor, NAMES, TOOLS, event},
        },
    },
};

/// What turns events on goes through the machine, which goes on in the traced loop.
const fn row(name: &'static str, sig: &'static str, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Machine, run, doc: "" }
}

fn monitor(cx: &Cx) -> &'static Monitor {
    &vm_ref(cx).shared.monitor
}

fn tool(cx: &mut Cx, v: Value) -> Completion<usize> {
    let n = convert::index_i64(cx, v)?;
    if (0..TOOLS as i64).contains(&n) {
        return Ok(n as usize);
    }
    raise!(cx, ValueError, "invalid tool {n} (must be between 0 and 5)")
}

fn tool_in_use(cx: &mut Cx, v: Value) -> Completion<usize> {
    let n = tool(cx, v)?;
    if monitor(cx).name(n).is_unbound() {
        return raise!(cx, ValueError, "tool {n} is not in use");
    }
    Ok(n)
}

fn use_tool(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = tool(cx, args.get(0))?;
    if string::wtf8(args.get(1)).is_none() {
        return raise!(cx, ValueError, "tool name must be a str");
    }
    crate::txn::driver::irrevocable(cx)?;
    if monitor(cx).name(n).is_bound() {
        return raise!(cx, ValueError, "tool {n} is already in use");
    }
    monitor(cx).set_name(n, args.get(1));
    Ok(Value::NONE)
}

fn clear_tool(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = tool(cx, args.get(0))?;
    crate::txn::driver::irrevocable(cx)?;
    if monitor(cx).name(n).is_bound() {
        monitor(cx).clear(n);
        tracing::refresh(cx);
    }
    Ok(Value::NONE)
}

fn free_tool(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    clear_tool(cx, args)?;
    let n = tool(cx, args.get(0))?;
    monitor(cx).set_name(n, Value::UNBOUND);
    Ok(Value::NONE)
}

fn get_tool(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = tool(cx, args.get(0))?;
    Ok(monitor(cx).name(n).bound().unwrap_or(Value::NONE))
}

fn register(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = tool(cx, args.get(0))?;
    let event = convert::index_i64(cx, args.get(1))?;
    if event <= 0 || event.count_ones() != 1 {
        return raise!(cx, ValueError, "The callback can only be set for one event at a time");
    }
    if event & !i64::from(event::ALL) != 0 {
        return raise!(cx, ValueError, "invalid event {event}");
    }
    audit::event(cx, "sys.monitoring.register_callback", &[args.get(2)])?;
    crate::txn::driver::irrevocable(cx)?;
    let f = args.get(2);
    let f = if f.is_none() { Value::UNBOUND } else { f };
    let old = monitor(cx).set_callback(n, event.trailing_zeros() as usize, f);
    Ok(old.bound().unwrap_or(Value::NONE))
}

fn get_events(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = tool_in_use(cx, args.get(0))?;
    Ok(Value::small(i64::from(monitor(cx).events(n))))
}

/// An argument that is a set of events.
fn event_set(cx: &mut Cx, v: Value) -> Completion<u32> {
    let given = convert::index_i64(cx, v)?;
    let Ok(events) = u32::try_from(given) else {
        return raise!(cx, ValueError, "invalid event set {given:#x}");
    };
    if events & !event::ALL != 0 {
        return raise!(cx, ValueError, "invalid event set {events:#x}");
    }
    let native = event::C_RETURN | event::C_RAISE;
    if events & native != 0 && events & event::CALL == 0 {
        return raise!(cx, ValueError, "cannot set C_RETURN or C_RAISE events independently");
    }
    let events = events & !native;
    Ok(if events & event::CALL != 0 { events | native } else { events })
}

fn set_events(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = tool(cx, args.get(0))?;
    let events = event_set(cx, args.get(1))?;
    tool_in_use(cx, args.get(0))?;
    crate::txn::driver::irrevocable(cx)?;
    monitor(cx).set_events(n, events);
    tracing::changed(cx);
    Ok(Value::NONE)
}

fn code(cx: &mut Cx, v: Value) -> Completion<Obj> {
    match v.obj().filter(|&o| loaded::of(o).is_some()) {
        Some(o) => Ok(o),
        None => raise!(cx, TypeError, "code must be a code object"),
    }
}

fn get_local_events(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let code = code(cx, args.get(1))?;
    let n = tool_in_use(cx, args.get(0))?;
    Ok(Value::small(i64::from(monitor(cx).local_events(n, code))))
}

fn set_local_events(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let code = code(cx, args.get(1))?;
    let n = tool_in_use(cx, args.get(0))?;
    let events = event_set(cx, args.get(2))?;
    let places = event::LOCAL | event::BRANCH | event::C_RETURN | event::C_RAISE;
    if events & !places != 0 {
        return raise!(cx, ValueError, "invalid local event set {events:#x}");
    }
    crate::txn::driver::irrevocable(cx)?;
    monitor(cx).set_local_events(n, code, events);
    tracing::changed(cx);
    Ok(Value::NONE)
}

fn restart(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    crate::txn::driver::irrevocable(cx)?;
    monitor(cx).restart();
    Ok(Value::NONE)
}

fn all_events(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    let d = dict::new(cx)?;
    for (number, name) in NAMES.into_iter().enumerate() {
        let tools = (0..TOOLS).filter(|&n| monitor(cx).events(n) >> number & 1 != 0);
        let set = tools.fold(0, |set, n| set | 1 << n);
        if set != 0 {
            let name = cx.intern(name)?;
            dict::set_item(cx, d, name, Value::small(set))?;
        }
    }
    Ok(d.into())
}

fn fill(cx: &mut Cx, module: Obj) -> Completion<()> {
    modules::set_ints(
        cx,
        module,
        &[("DEBUGGER_ID", 0), ("COVERAGE_ID", 1), ("PROFILER_ID", 2), ("OPTIMIZER_ID", 5)],
    )?;
    let numbered = NAMES.iter().enumerate().map(|(n, &name)| (name, Value::small(1 << n)));
    let pairs: Vec<(&str, Value)> = numbered.chain([("NO_EVENTS", Value::small(0))]).collect();
    let events = simple_namespace::make(cx, &pairs)?;
    modules::set(cx, module, "events", events)?;
    for name in ["DISABLE", "MISSING"] {
        let class = cx.class(taipan_objects::T::object).into();
        let mark = protocol::call(cx, class, &[])?;
        modules::set(cx, module, name, mark)?;
    }
    Ok(())
}

/// `sys.monitoring`.
pub(super) static MODULE: ModuleDef = ModuleDef {
    name: "sys.monitoring",
    functions: &[
        row("use_tool_id", "(tool_id, name, /)", use_tool),
        row("free_tool_id", "(tool_id, /)", free_tool),
        row("clear_tool_id", "(tool_id, /)", clear_tool),
        row("get_tool", "(tool_id, /)", get_tool),
        row("register_callback", "(tool_id, event, func, /)", register),
        row("get_events", "(tool_id, /)", get_events),
        row("set_events", "(tool_id, event_set, /)", set_events),
        row("get_local_events", "(tool_id, code, /)", get_local_events),
        row("set_local_events", "(tool_id, code, event_set, /)", set_local_events),
        row("restart_events", "()", restart),
        row("_all_events", "()", all_events),
    ],
    exec: fill,
    ..ModuleDef::BASE
};
