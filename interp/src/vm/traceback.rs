//! Traceback objects: layout, growth while an exception travels, the `traceback` type.
//!
//! Conflicts: one header each; written only while an exception travels and by assignment to `tb_next`.

use taipan_objects::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    native::{Args, Effect, GetSetDef, NativeDef},
    protocol, raise,
    types::{Body, T, TypeDef, exception},
    value::Value,
};

use crate::{
    code::Instr,
    vm::{code_object, frame::Regs, frame_object},
};

/// Slots of traceback objects.
pub mod slot {
    /// Next entry (towards where it was raised), or unbound.
    pub const NEXT: usize = 2;
    /// The frame.
    pub const FRAME: usize = 3;
    /// Number of the instruction.
    pub const AT: usize = 4;
    /// Line.
    pub const LINE: usize = 5;
    /// Number of words.
    pub const WORDS: u16 = 6;
}

/// Puts an entry for the instruction before `pc` in `regs` in front of the exception's traceback.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn extend(cx: &mut Cx, e: Obj, regs: Regs, pc: *const Instr) -> Completion<()> {
    let code = regs.code();
    let at = code.index_before(pc);
    let line = code.unit.positions.get(at).map_or(0, |p| p.line);
    let frame = frame_object::of(cx, regs, pc)?;
    let entry = cx.new_object(T::traceback)?;
    let next = cx.read(e, exception::slot::TRACEBACK)?;
    entry.init(slot::NEXT, next);
    entry.init(slot::FRAME, frame.into());
    entry.init(slot::AT, Value::small(at as i64));
    entry.init(slot::LINE, Value::small(i64::from(line)));
    cx.set(e, exception::slot::TRACEBACK, entry.into())
}

fn this(cx: &mut Cx, v: Value) -> Completion<Obj> {
    match v.obj().filter(|o| o.class() == cx.class(T::traceback)) {
        Some(o) => Ok(o),
        None => raise!(cx, TypeError, "traceback expected"),
    }
}

fn get(cx: &mut Cx, v: Value, word: usize) -> Completion<Value> {
    let o = this(cx, v)?;
    Ok(cx.read(o, word)?.bound().unwrap_or(Value::NONE))
}

fn set_next(cx: &mut Cx, v: Value, new: Value) -> Completion<()> {
    let o = this(cx, v)?;
    if new.is_unbound() {
        return raise!(cx, TypeError, "can't delete tb_next attribute");
    }
    if new.is_none() {
        return cx.set(o, slot::NEXT, Value::UNBOUND);
    }
    if !cx.is_a(new, T::traceback) {
        let got = cx.type_name(new);
        return raise!(cx, TypeError, "expected traceback object, got '{got}'");
    }
    let mut link = new.obj();
    while let Some(l) = link {
        if l == o {
            return raise!(cx, ValueError, "traceback loop detected");
        }
        link = cx.read(l, slot::NEXT)?.obj();
    }
    cx.set(o, slot::NEXT, new)
}

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = cx.new_object(T::traceback)?;
    if !args.get(1).is_none() {
        if !cx.is_a(args.get(1), T::traceback) {
            let got = cx.type_name(args.get(1));
            return raise!(cx, TypeError, "expected traceback object or None, got '{got}'");
        }
        o.init(slot::NEXT, args.get(1));
    }
    if !cx.is_a(args.get(2), T::frame) {
        let got = cx.type_name(args.get(2));
        return raise!(
            cx,
            TypeError,
            "TracebackType() argument 'tb_frame' must be frame, not {got}"
        );
    }
    o.init(slot::FRAME, args.get(2));
    let at = protocol::index_i64(cx, args.get(3))?;
    o.init(slot::AT, Value::small(code_object::index_at(at)));
    o.init(slot::LINE, args.get(4));
    Ok(o.into())
}

/// `traceback`.
pub static TRACEBACK: TypeDef = TypeDef {
    id: Some(T::traceback),
    name: "traceback",
    body: Body::Words(Kind::Record, slot::WORDS),
    static_methods: &[NativeDef {
        name: "__new__",
        sig: "(cls, tb_next, tb_frame, tb_lasti, tb_lineno)",
        effect: Effect::Transactional,
        run: new,
        doc: "Create a new traceback object.",
    }],
    getset: &[
        GetSetDef {
            name: "tb_next",
            get: |cx, v| get(cx, v, slot::NEXT),
            set: Some(set_next),
            doc: "",
        },
        GetSetDef { name: "tb_frame", get: |cx, v| get(cx, v, slot::FRAME), set: None, doc: "" },
        GetSetDef { name: "tb_lasti", get: last_instruction, set: None, doc: "" },
        GetSetDef { name: "tb_lineno", get: |cx, v| get(cx, v, slot::LINE), set: None, doc: "" },
    ],
    doc: "Create a new traceback object.",
    ..TypeDef::BASE
};

/// Two bytes per instruction, as in CPython's code.
fn last_instruction(cx: &mut Cx, v: Value) -> Completion<Value> {
    let at = get(cx, v, slot::AT)?;
    Ok(Value::small(code_object::offset(at.as_small().max(0) as usize)))
}
