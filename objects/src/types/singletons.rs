//! `NoneType`, `NotImplementedType`, `ellipsis`: classes of immediates. Nothing to conflict on.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::Kind,
    native::{Args, Effect, NativeDef},
    raise,
    types::{Body, T, TypeDef},
    value::Value,
};

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: "" }
    };
}

fn no_arguments(cx: &mut Cx, args: Args<'_>, name: &str, v: Value) -> Completion<Value> {
    if args.rest(1).is_empty() {
        return Ok(v);
    }
    raise!(cx, TypeError, "{name} takes no arguments")
}

/// `NoneType`.
pub static NONE_TYPE: TypeDef = TypeDef {
    id: Some(T::NoneType),
    name: "NoneType",
    body: Body::Words(Kind::Frozen, 2),
    static_methods: &[row!("__new__", "(type, /, *args)", |cx, args| no_arguments(
        cx,
        args,
        "NoneType",
        Value::NONE
    ))],
    methods: &[
        row!("__repr__", "(self, /)", |cx, _| cx.new_str("None")),
        row!("__bool__", "(self, /)", |_, _| Ok(Value::FALSE)),
        row!("__hash__", "(self, /)", |_, _| Ok(Value::small(0xFCA8_6420))),
    ],
    doc: "The type of the None singleton.",
    ..TypeDef::BASE
};

/// `NotImplementedType`.
pub static NOT_IMPLEMENTED_TYPE: TypeDef = TypeDef {
    id: Some(T::NotImplementedType),
    name: "NotImplementedType",
    body: Body::Words(Kind::Frozen, 2),
    static_methods: &[row!("__new__", "(type, /, *args)", |cx, args| no_arguments(
        cx,
        args,
        "NotImplementedType",
        Value::NOT_IMPLEMENTED
    ))],
    methods: &[
        row!("__repr__", "(self, /)", |cx, _| cx.new_str("NotImplemented")),
        row!("__reduce__", "(self, /)", |cx, _| cx.new_str("NotImplemented")),
        row!("__bool__", "(self, /)", |cx, _| raise!(
            cx,
            TypeError,
            "NotImplemented should not be used in a boolean context"
        )),
    ],
    doc: "The type of the NotImplemented singleton.",
    ..TypeDef::BASE
};

/// `ellipsis`.
pub static ELLIPSIS: TypeDef = TypeDef {
    id: Some(T::ellipsis),
    name: "ellipsis",
    body: Body::Words(Kind::Frozen, 2),
    static_methods: &[row!("__new__", "(type, /, *args)", |cx, args| no_arguments(
        cx,
        args,
        "EllipsisType",
        Value::ELLIPSIS
    ))],
    methods: &[
        row!("__repr__", "(self, /)", |cx, _| cx.new_str("Ellipsis")),
        row!("__reduce__", "(self, /)", |cx, _| cx.new_str("Ellipsis")),
    ],
    doc: "The type of the Ellipsis singleton.",
    ..TypeDef::BASE
};
