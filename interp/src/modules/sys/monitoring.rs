//! `sys.monitoring`: the numbers of tools are handed out; there are no events, which setting them says.

use taipan_objects::{
    Args, Completion, Cx, Effect, NativeDef, Obj, Value,
    native::NativeFn,
    protocol::{self, convert},
    raise,
    types::{dict, str as string},
};

use crate::{
    modules::{self, ModuleDef, namespace, simple_namespace},
    vm::state::vm_ref,
};

const TOOLS: &str = "_tools";

const EVENTS: &[(&str, i64)] = &[
    ("PY_START", 1),
    ("PY_RESUME", 1 << 1),
    ("PY_RETURN", 1 << 2),
    ("PY_YIELD", 1 << 3),
    ("CALL", 1 << 4),
    ("LINE", 1 << 5),
    ("INSTRUCTION", 1 << 6),
    ("JUMP", 1 << 7),
    ("BRANCH_LEFT", 1 << 8),
    ("BRANCH_RIGHT", 1 << 9),
    ("STOP_ITERATION", 1 << 10),
    ("RAISE", 1 << 11),
    ("EXCEPTION_HANDLED", 1 << 12),
    ("PY_UNWIND", 1 << 13),
    ("PY_THROW", 1 << 14),
    ("RERAISE", 1 << 15),
    ("C_RETURN", 1 << 16),
    ("C_RAISE", 1 << 17),
    ("BRANCH", 1 << 18),
    ("NO_EVENTS", 0),
];

const fn row(name: &'static str, sig: &'static str, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc: "" }
}

/// The names of tools by number.
fn tools(cx: &mut Cx) -> Completion<Obj> {
    let sys = vm_ref(cx).shared.sys();
    let name = cx.intern("monitoring")?;
    let key = cx.intern(TOOLS)?;
    let own = dict::get_item_name(cx, sys, name)?.obj().and_then(namespace);
    let found = match own {
        Some(d) => dict::get_item_name(cx, d, key)?.obj(),
        None => None,
    };
    match found {
        Some(d) => Ok(d),
        None => raise!(cx, RuntimeError, "sys.monitoring was replaced"),
    }
}

fn tool(cx: &mut Cx, v: Value) -> Completion<Value> {
    let n = convert::index_i64(cx, v)?;
    if (0..6).contains(&n) {
        return Ok(Value::small(n));
    }
    raise!(cx, ValueError, "invalid tool {n} (must be between 0 and 5)")
}

fn use_tool(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = tool(cx, args.get(0))?;
    if string::wtf8(args.get(1)).is_none() {
        return raise!(cx, ValueError, "tool name must be a str");
    }
    let table = tools(cx)?;
    if dict::get_item(cx, table, n)?.is_bound() {
        return raise!(cx, ValueError, "tool {} is already in use", n.as_small());
    }
    dict::set_item(cx, table, n, args.get(1))?;
    Ok(Value::NONE)
}

fn free_tool(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = tool(cx, args.get(0))?;
    let table = tools(cx)?;
    if dict::get_item(cx, table, n)?.is_bound() {
        dict::del_item(cx, table, n)?;
    }
    Ok(Value::NONE)
}

fn get_tool(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = tool(cx, args.get(0))?;
    let table = tools(cx)?;
    Ok(dict::get_item(cx, table, n)?.bound().unwrap_or(Value::NONE))
}

fn no_events(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    // Switching all events off is what happens anyway.
    if let Some(v) = args.0.last().copied().and_then(Value::bound)
        && (v.is_none() || (convert::as_int(v).is_some() && !protocol::truth(cx, v)?))
    {
        return Ok(Value::NONE);
    }
    raise!(cx, NotImplementedError, "this interpreter has no monitoring events")
}

fn fill(cx: &mut Cx, module: Obj) -> Completion<()> {
    let table = dict::new(cx)?;
    modules::set(cx, module, TOOLS, table.into())?;
    modules::set_ints(
        cx,
        module,
        &[("DEBUGGER_ID", 0), ("COVERAGE_ID", 1), ("PROFILER_ID", 2), ("OPTIMIZER_ID", 5)],
    )?;
    let pairs: Vec<(&str, Value)> = EVENTS.iter().map(|&(n, v)| (n, Value::small(v))).collect();
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
        row("clear_tool_id", "(tool_id, /)", |_, _| Ok(Value::NONE)),
        row("get_tool", "(tool_id, /)", get_tool),
        row("register_callback", "(tool_id, event, func, /)", no_events),
        row("get_events", "(tool_id, /)", |_, _| Ok(Value::small(0))),
        row("set_events", "(tool_id, event_set, /)", no_events),
        row("get_local_events", "(tool_id, code, /)", |_, _| Ok(Value::small(0))),
        row("set_local_events", "(tool_id, code, event_set, /)", no_events),
        row("restart_events", "()", |_, _| Ok(Value::NONE)),
    ],
    exec: fill,
    ..ModuleDef::BASE
};
