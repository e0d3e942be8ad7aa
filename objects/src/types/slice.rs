//! `slice`: words 1 to 3 hold start, stop and step, any objects. Immutable: no conflicts.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    native::{Args, Effect, GetSetDef, NativeDef},
    num::{
        big::BigInt,
        range_math::{Bounds, slice_bounds, slice_indices_big},
    },
    protocol::{self, CompareOp, compare, convert::is_index, index_big, index_int},
    raise,
    types::{
        Body, T, TypeDef,
        number::{OrRaise, big_of, new_big, readonly},
        str as string,
    },
    value::Value,
};

const START: usize = 1;
const STOP: usize = 2;
const STEP: usize = 3;

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

macro_rules! member {
    ($name:literal, $slot:expr) => {
        GetSetDef {
            name: $name,
            get: |_, v| Ok(v.obj().map_or(Value::UNBOUND, |o| o.raw($slot))),
            set: Some(readonly),
            doc: "",
        }
    };
}

macro_rules! comparison {
    ($name:literal, $op:ident, $doc:literal) => {
        row!($name, "(self, value, /)", |cx, args| order(cx, args, CompareOp::$op), $doc)
    };
}

/// The class.
pub static SLICE: TypeDef = TypeDef {
    id: Some(T::slice),
    name: "slice",
    body: Body::Words(Kind::Frozen, 4),
    methods: &[
        row!(
            "indices",
            "(self, length, /)",
            indices,
            "S.indices(len) -> (start, stop, stride)\n\nAssuming a sequence of length len, calculate the start and stop\nindices, and the stride length of the extended slice described by\nS. Out of bounds indices are clipped in a manner consistent with the\nhandling of normal slices."
        ),
        row!("__repr__", "(self, /)", repr, "Return repr(self)."),
        row!("__hash__", "(self, /)", hash, "Return hash(self)."),
        row!("__reduce__", "(self, /)", reduce, "Return state information for pickling."),
        comparison!("__lt__", Lt, "Return self<value."),
        comparison!("__le__", Le, "Return self<=value."),
        comparison!("__eq__", Eq, "Return self==value."),
        comparison!("__ne__", Ne, "Return self!=value."),
        comparison!("__gt__", Gt, "Return self>value."),
        comparison!("__ge__", Ge, "Return self>=value."),
    ],
    static_methods: &[row!(
        "__new__",
        "(type, /, *args)",
        new,
        "Create and return a new object.  See help(type) for accurate signature."
    )],
    getset: &[member!("start", START), member!("stop", STOP), member!("step", STEP)],
    doc: "slice(stop)\nslice(start, stop[, step])\n\nCreate a slice object.  This is used for extended slicing (e.g. a[0:10:2]).",
    ..TypeDef::BASE
};

/// `slice(start, stop, step)`
///
/// # Errors
/// `MemoryError`
pub fn new_slice(cx: &mut Cx, start: Value, stop: Value, step: Value) -> Completion<Value> {
    let o = cx.new_object(T::slice)?;
    o.init(START, start);
    o.init(STOP, stop);
    o.init(STEP, step);
    Ok(o.into())
}

/// Start, stop and step of a slice object.
pub fn parts(o: Obj) -> [Value; 3] {
    [o.raw(START), o.raw(STOP), o.raw(STEP)]
}

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match *args.rest(1) {
        [] => raise!(cx, TypeError, "slice expected at least 1 argument, got 0"),
        [stop] => new_slice(cx, Value::NONE, stop, Value::NONE),
        [start, stop] => new_slice(cx, start, stop, Value::NONE),
        [start, stop, step] => new_slice(cx, start, stop, step),
        ref all => {
            let n = all.len();
            raise!(cx, TypeError, "slice expected at most 3 arguments, got {n}")
        }
    }
}

fn check_index(cx: &mut Cx, v: Value) -> Completion<()> {
    if is_index(cx, v) {
        return Ok(());
    }
    raise!(cx, TypeError, "slice indices must be integers or None or have an __index__ method")
}

fn clamped(cx: &mut Cx, v: Value) -> Completion<Option<i64>> {
    if v.is_none() {
        return Ok(None);
    }
    if let Some(i) = v.small_int() {
        return Ok(Some(i));
    }
    check_index(cx, v)?;
    index_big(cx, v).map(Some)
}

/// The numbers of a slice, clamped to `i64`. May run Python code: take the length afterwards.
///
/// # Errors
/// `TypeError` for parts that are no integers, `ValueError` for a zero step.
pub fn unpack(cx: &mut Cx, o: Obj) -> Completion<[Option<i64>; 3]> {
    let [start, stop, step] = parts(o);
    // In CPython's order: the step first.
    let step = clamped(cx, step)?;
    if step == Some(0) {
        return raise!(cx, ValueError, "slice step cannot be zero");
    }
    Ok([clamped(cx, start)?, clamped(cx, stop)?, step])
}

/// The slice within a sequence of `len` items.
///
/// # Errors
/// As [`unpack`].
pub fn bounds(cx: &mut Cx, o: Obj, len: usize) -> Completion<Bounds> {
    let [start, stop, step] = unpack(cx, o)?;
    slice_bounds(start, stop, step, len).or_raise(cx)
}

/// The parts that [`unpack`] gave, fitted to a sequence of `len` items.
///
/// # Errors
/// `ValueError` for a zero step.
pub fn fit(cx: &mut Cx, parts: [Option<i64>; 3], len: usize) -> Completion<Bounds> {
    let [start, stop, step] = parts;
    slice_bounds(start, stop, step, len).or_raise(cx)
}

/// `slice.indices(len)` with exact ints of any size.
///
/// # Errors
/// As [`unpack`]; `ValueError` for a negative length.
pub fn indices_any(cx: &mut Cx, o: Obj, len: Value) -> Completion<(Value, Value, Value)> {
    let [start, stop, step] = parts(o);
    let step = any_size(cx, step)?;
    let start = any_size(cx, start)?;
    let stop = any_size(cx, stop)?;
    let found = slice_indices_big(start.as_ref(), stop.as_ref(), step.as_ref(), &big_of(len));
    let (start, stop, step) = found.or_raise(cx)?;
    Ok((new_big(cx, &start)?, new_big(cx, &stop)?, new_big(cx, &step)?))
}

fn any_size(cx: &mut Cx, v: Value) -> Completion<Option<BigInt>> {
    if v.is_none() {
        return Ok(None);
    }
    check_index(cx, v)?;
    Ok(Some(big_of(index_int(cx, v)?)))
}

fn indices(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let len = index_int(cx, args.get(1))?;
    let (start, stop, step) = indices_any(cx, args.this_obj(), len)?;
    cx.new_tuple(&[start, stop, step])
}

fn as_tuple(cx: &mut Cx, o: Obj) -> Completion<Value> {
    cx.new_tuple(&parts(o))
}

fn order(cx: &mut Cx, args: Args<'_>, op: CompareOp) -> Completion<Value> {
    let Some(other) = args.get(1).obj().filter(|o| o.class() == cx.class(T::slice)) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let a = as_tuple(cx, args.this_obj())?;
    let b = as_tuple(cx, other)?;
    compare(cx, op, a, b)
}

fn hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let key = as_tuple(cx, args.this_obj())?;
    let hash = protocol::hash(cx, key)?;
    cx.new_int(hash)
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut text = b"slice(".to_vec();
    for (i, v) in parts(args.this_obj()).into_iter().enumerate() {
        if i > 0 {
            text.extend_from_slice(b", ");
        }
        let part = protocol::repr(cx, v)?;
        text.extend_from_slice(string::exact(part).map_or(&[], string::bytes_of));
    }
    text.push(b')');
    super::number::new_text(cx, &text)
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let arguments = as_tuple(cx, args.this_obj())?;
    cx.new_tuple(&[cx.class(T::slice).into(), arguments])
}
