//! The iterators over `bytes` and `bytearray`.
//!
//! Conflicts: one header; two threads that advance the same iterator conflict, so no item is given twice or skipped.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    native::{Args, Effect, NativeDef},
    protocol,
    types::{Body, TypeDef, bytearray, bytes},
    value::Value,
};

const DATA: usize = 2;
const INDEX: usize = 3;

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

const METHODS: &[NativeDef] = &[
    row!("__iter__", "(self, /)", |_, args| Ok(args.this()), "Implement iter(self)."),
    row!("__next__", "(self, /)", next, "Implement next(self)."),
    row!(
        "__length_hint__",
        "(self, /)",
        length_hint,
        "Private method returning an estimate of len(list(it))."
    ),
    row!("__reduce__", "(self, /)", reduce, "Return state information for pickling."),
    row!("__setstate__", "(self, state, /)", setstate, "Set state information for unpickling."),
];

static BYTES_ITERATOR: TypeDef = TypeDef {
    name: "bytes_iterator",
    body: Body::Words(Kind::Record, 4),
    methods: METHODS,
    ..TypeDef::BASE
};
static BYTEARRAY_ITERATOR: TypeDef = TypeDef {
    name: "bytearray_iterator",
    body: Body::Words(Kind::Record, 4),
    methods: METHODS,
    ..TypeDef::BASE
};

/// An iterator over a `bytes` or `bytearray`.
///
/// # Errors
/// `MemoryError`.
pub fn new(cx: &mut Cx, v: Value) -> Completion<Value> {
    let fixed = bytes::exact(v);
    let class = cx.type_for(if fixed.is_some() { &BYTES_ITERATOR } else { &BYTEARRAY_ITERATOR })?;
    let o = cx.new_instance(class)?;
    o.init(DATA, fixed.map_or(v, Value::from));
    o.init(INDEX, Value::small(0));
    Ok(o.into())
}

fn byte_at(cx: &mut Cx, data: Obj, i: usize) -> Completion<Option<u8>> {
    match data.kind() {
        Kind::Bytes => Ok(data.raw_bytes().get(i).copied()),
        _ => bytearray::byte_at(cx, data, i),
    }
}

fn len_of(cx: &mut Cx, data: Obj) -> Completion<usize> {
    match data.kind() {
        Kind::Bytes => Ok(data.len()),
        _ => bytearray::len(cx, data),
    }
}

fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let Some(data) = cx.read(it, DATA)?.obj() else { return Ok(Value::UNBOUND) };
    let i = cx.read(it, INDEX)?.as_small();
    match byte_at(cx, data, i as usize)? {
        Some(b) => {
            cx.set(it, INDEX, Value::small(i + 1))?;
            Ok(Value::small(b.into()))
        }
        None => {
            cx.set(it, DATA, Value::UNBOUND)?;
            Ok(Value::UNBOUND)
        }
    }
}

fn length_hint(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let Some(data) = cx.read(it, DATA)?.obj() else { return Ok(Value::small(0)) };
    let (n, i) = (len_of(cx, data)? as i64, cx.read(it, INDEX)?.as_small());
    Ok(Value::small((n - i).max(0)))
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let f = super::text_args::builtin_iter(cx)?;
    match cx.read(it, DATA)?.bound() {
        Some(data) => {
            let (i, args) = (cx.read(it, INDEX)?, cx.new_tuple(&[data])?);
            cx.new_tuple(&[f, args, i])
        }
        None => {
            let empty = cx.new_tuple(&[])?;
            let args = cx.new_tuple(&[empty])?;
            cx.new_tuple(&[f, args])
        }
    }
}

fn setstate(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let i = protocol::index_i64(cx, args.get(1))?;
    if let Some(data) = cx.read(it, DATA)?.obj() {
        let i = i.clamp(0, len_of(cx, data)? as i64);
        cx.set(it, INDEX, Value::small(i))?;
    }
    Ok(Value::NONE)
}
