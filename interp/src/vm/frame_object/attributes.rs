//! What Python code sees of a frame: attributes, `clear`, `repr`.

use taipan_objects::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    native::{Args, Effect, GetSetDef, NativeDef},
    protocol, raise,
    types::{Body, T, TypeDef},
    value::Value,
};

use super::{
    code_of, event, live, of,
    position::{last_instruction, line},
    slot, suspended,
    variables::locals,
    wants,
};
use crate::{
    code::CodeFlags,
    vm::{
        exec::{
            generators::{slot as gen_slot, state},
            names::builtins_of,
        },
        frame_locals, function,
        state::vm_ref,
        tracing,
    },
};

fn this(cx: &mut Cx, v: Value) -> Completion<Obj> {
    match v.obj().filter(|o| o.class() == cx.class(T::frame)) {
        Some(o) => Ok(o),
        None => raise!(cx, TypeError, "frame expected"),
    }
}

fn get_locals(cx: &mut Cx, v: Value) -> Completion<Value> {
    let o = this(cx, v)?;
    if code_of(o).is_none_or(|code| code.has(CodeFlags::NAMESPACE)) {
        return locals(cx, o);
    }
    frame_locals::of(cx, o)
}

fn set_event(cx: &mut Cx, v: Value, new: Value, bit: i64, wanted: bool) -> Completion<()> {
    let o = this(cx, v)?;
    if !new.is_bool() {
        return raise!(cx, TypeError, "attribute value type must be bool");
    }
    let bits = cx.read(o, slot::EVENTS)?.small_int().unwrap_or(0);
    let on = (new == Value::TRUE) == wanted;
    cx.set(o, slot::EVENTS, Value::small(if on { bits | bit } else { bits & !bit }))
}

fn get_back(cx: &mut Cx, v: Value) -> Completion<Value> {
    let o = this(cx, v)?;
    let Some(regs) = live(cx, o) else {
        return Ok(o.raw(slot::BACK).bound().unwrap_or(Value::NONE));
    };
    let caller = regs.caller();
    if caller == regs || caller.is_null() {
        return Ok(Value::NONE);
    }
    of(cx, caller, regs.return_pc()).map(Value::from)
}

fn get_globals(cx: &mut Cx, v: Value) -> Completion<Value> {
    let o = this(cx, v)?;
    Ok(o.raw(slot::FUNC).obj().map_or(Value::NONE, |f| f.raw(function::slot::GLOBALS)))
}

fn get_builtins(cx: &mut Cx, v: Value) -> Completion<Value> {
    let globals = get_globals(cx, v)?;
    builtins_of(cx, globals)
}

fn get_line(cx: &mut Cx, v: Value) -> Completion<Value> {
    let o = this(cx, v)?;
    let line = line(cx, o);
    let begins = vm_ref(cx).tracing.shown.is_some_and(|(frame, _)| live(cx, o) == Some(frame));
    Ok(if line == 0 && !begins { Value::NONE } else { Value::small(i64::from(line)) })
}

fn set_line(cx: &mut Cx, v: Value, new: Value) -> Completion<()> {
    let o = this(cx, v)?;
    if new.is_unbound() {
        return raise!(cx, AttributeError, "cannot delete attribute");
    }
    if protocol::convert::as_int(new).is_none() {
        return raise!(cx, ValueError, "lineno must be an integer");
    }
    let line = protocol::index_i64(cx, new)?;
    let Some(code) = code_of(o) else {
        return raise!(cx, ValueError, "f_lineno can only be set by a trace function");
    };
    let is_traced = o.raw(slot::TRACE).is_bound();
    tracing::set_line(cx, live(cx, o), code, is_traced, line)
}

fn clear(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(cx, args.this())?;
    if live(cx, o).is_some() {
        return raise!(cx, RuntimeError, "cannot clear an executing frame");
    }
    if let Some((g, _)) = suspended(cx, o) {
        if cx.read(g, gen_slot::STATE)?.as_small() == state::SUSPENDED {
            return raise!(cx, RuntimeError, "cannot clear a suspended frame");
        }
        // It will not begin any more.
        cx.set(g, gen_slot::STATE, Value::small(state::CLOSED))?;
        cx.set(g, gen_slot::REGS, Value::UNBOUND)?;
    }
    o.init(slot::REGS, Value::UNBOUND);
    Ok(Value::NONE)
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = this(cx, args.this())?;
    let line = line(cx, o);
    let (file, name) = code_of(o).map_or(("?", "?"), |c| (&*c.unit.filename, &*c.unit.name));
    cx.new_str(&format!("<frame at {:#x}, file '{file}', line {line}, code {name}>", o.to_word()))
}

const GETSET: [GetSetDef; 11] = [
    GetSetDef { name: "f_back", get: get_back, set: None, doc: "" },
    GetSetDef { name: "f_code", get: |cx, v| Ok(this(cx, v)?.raw(slot::CODE)), set: None, doc: "" },
    GetSetDef { name: "f_globals", get: get_globals, set: None, doc: "" },
    GetSetDef { name: "f_builtins", get: get_builtins, set: None, doc: "" },
    GetSetDef { name: "f_locals", get: get_locals, set: None, doc: "" },
    GetSetDef { name: "f_lineno", get: get_line, set: Some(set_line), doc: "" },
    GetSetDef {
        name: "f_lasti",
        get: |cx, v| {
            let o = this(cx, v)?;
            Ok(Value::small(last_instruction(cx, o)))
        },
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "f_trace",
        get: |cx, v| Ok(this(cx, v)?.raw(slot::TRACE).bound().unwrap_or(Value::NONE)),
        set: Some(|cx, v, new| {
            let o = this(cx, v)?;
            cx.set(o, slot::TRACE, if new.is_none() { Value::UNBOUND } else { new })
        }),
        doc: "",
    },
    GetSetDef {
        name: "f_generator",
        get: |cx, v| Ok(this(cx, v)?.raw(slot::GENERATOR).bound().unwrap_or(Value::NONE)),
        set: None,
        doc: "",
    },
    GetSetDef {
        name: "f_trace_lines",
        get: |cx, v| Ok(Value::bool(wants(this(cx, v)?, "line"))),
        set: Some(|cx, v, new| set_event(cx, v, new, event::NO_LINES, false)),
        doc: "",
    },
    GetSetDef {
        name: "f_trace_opcodes",
        get: |cx, v| Ok(Value::bool(wants(this(cx, v)?, "opcode"))),
        set: Some(|cx, v, new| set_event(cx, v, new, event::OPCODES, true)),
        doc: "",
    },
];

/// `frame`.
pub static FRAME: TypeDef = TypeDef {
    id: Some(T::frame),
    name: "frame",
    body: Body::Words(Kind::Record, slot::WORDS),
    methods: &[
        NativeDef {
            name: "clear",
            sig: "(self, /)",
            effect: Effect::Transactional,
            run: clear,
            doc: "Clear all references held by the frame.",
        },
        NativeDef {
            name: "__repr__",
            sig: "(self, /)",
            effect: Effect::Transactional,
            run: repr,
            doc: "Return repr(self).",
        },
    ],
    getset: &GETSET,
    doc: "",
    ..TypeDef::BASE
};
