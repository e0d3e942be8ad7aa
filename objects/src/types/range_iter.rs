//! Iterators over ranges: `range_iterator` for inline integers, `longrange_iterator` for the rest.
//!
//! Words: 2 next value, 3 step, 4 how many are left. Conflicts: one header; threads that advance
//! the same iterator conflict, so no value is given twice or skipped.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    native::{Args, Effect, NativeDef},
    protocol::{self, index_int},
    types::{Body, T, TypeDef, int_ops, range},
    value::Value,
};

const NEXT: usize = 2;
const STEP: usize = 3;
const LEFT: usize = 4;

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

const fn def(id: T, name: &'static str, methods: &'static [NativeDef]) -> TypeDef {
    TypeDef { id: Some(id), name, body: Body::Words(Kind::Record, 5), methods, ..TypeDef::BASE }
}

/// `range_iterator`
pub static RANGE_ITERATOR: TypeDef = def(
    T::range_iterator,
    "range_iterator",
    &[
        row!("__iter__", "(self, /)", |_, args| Ok(args.this()), "Implement iter(self)."),
        row!(
            "__next__",
            "(self, /)",
            |cx, args| advance(cx, args.this_obj()),
            "Implement next(self)."
        ),
        row!(
            "__length_hint__",
            "(self, /)",
            length_hint,
            "Private method returning an estimate of len(list(it))."
        ),
        row!("__reduce__", "(self, /)", reduce, "Return state information for pickling."),
        row!(
            "__setstate__",
            "(self, state, /)",
            set_state,
            "Set state information for unpickling."
        ),
    ],
);

/// `longrange_iterator`
pub static LONG_RANGE_ITERATOR: TypeDef = def(
    T::longrange_iterator,
    "longrange_iterator",
    &[
        row!("__iter__", "(self, /)", |_, args| Ok(args.this()), "Implement iter(self)."),
        row!("__next__", "(self, /)", long_next, "Implement next(self)."),
        row!(
            "__length_hint__",
            "(self, /)",
            length_hint,
            "Private method returning an estimate of len(list(it))."
        ),
        row!("__reduce__", "(self, /)", reduce, "Return state information for pickling."),
        row!(
            "__setstate__",
            "(self, state, /)",
            set_state,
            "Set state information for unpickling."
        ),
    ],
);

/// An iterator over `len` values from `start` in steps of `step`; exact ints.
///
/// # Errors
/// `MemoryError`
pub fn new(cx: &mut Cx, start: Value, step: Value, len: Value) -> Completion<Value> {
    let class = if is_small(start, step, len) { T::range_iterator } else { T::longrange_iterator };
    let o = cx.new_object(class)?;
    o.init(NEXT, start);
    o.init(STEP, step);
    o.init(LEFT, len);
    Ok(o.into())
}

/// Whether every value on the way is inline.
fn is_small(start: Value, step: Value, len: Value) -> bool {
    let (Some(start), Some(step), Some(len)) =
        (start.small_int(), step.small_int(), len.small_int())
    else {
        return false;
    };
    let last = i128::from(start) + i128::from(step) * i128::from((len - 1).max(0));
    (i128::from(Value::INT_MIN)..=i128::from(Value::INT_MAX)).contains(&last)
}

/// The next value of a `range_iterator`, `UNBOUND` at the end.
///
/// # Errors
/// The attempt's abort.
#[inline]
pub fn advance(cx: &mut Cx, o: Obj) -> Completion<Value> {
    cx.claim(o)?;
    let left = o.raw(LEFT).as_small();
    if left <= 0 {
        return Ok(Value::UNBOUND);
    }
    let v = o.raw(NEXT);
    // The value past the last one may not fit, but then it is never used.
    let next = v.small_add(o.raw(STEP)).unwrap_or(v);
    cx.write(o, NEXT, next);
    cx.write(o, LEFT, Value::small(left - 1));
    Ok(v)
}

fn long_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    cx.claim(o)?;
    let left = o.raw(LEFT);
    if int_ops::compare(left, Value::small(0)).is_le() {
        return Ok(Value::UNBOUND);
    }
    let v = o.raw(NEXT);
    let next = int_ops::add(cx, v, o.raw(STEP))?;
    let left = int_ops::sub(cx, left, Value::small(1))?;
    cx.write(o, NEXT, next);
    cx.write(o, LEFT, left);
    Ok(v)
}

fn length_hint(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    cx.read(args.this_obj(), LEFT)
}

fn state(cx: &mut Cx, o: Obj) -> Completion<[Value; 3]> {
    cx.bracket(o, || [o.raw(NEXT), o.raw(STEP), o.raw(LEFT)])
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let [next, step, left] = state(cx, args.this_obj())?;
    let distance = int_ops::mul(cx, left, step)?;
    let stop = int_ops::add(cx, next, distance)?;
    let range = range::new_range(cx, next, stop, step)?;
    let builtins = cx.world.import_module(cx, "builtins")?;
    let name = cx.intern("iter")?;
    let iter = protocol::get_attr(cx, builtins, name)?;
    let arguments = cx.new_tuple(&[range])?;
    cx.new_tuple(&[iter, arguments, Value::NONE])
}

fn set_state(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let skip = index_int(cx, args.get(1))?;
    let [next, step, left] = state(cx, o)?;
    let zero = Value::small(0);
    let skip = if int_ops::compare(skip, zero).is_lt() { zero } else { skip };
    let skip = if int_ops::compare(skip, left).is_gt() { left } else { skip };
    let distance = int_ops::mul(cx, skip, step)?;
    let next = int_ops::add(cx, next, distance)?;
    let left = int_ops::sub(cx, left, skip)?;
    cx.claim(o)?;
    // A short iterator at its very end may have no inline next value; it needs none.
    cx.write(o, NEXT, if int_ops::is_zero(left) { zero } else { next });
    cx.write(o, LEFT, left);
    Ok(Value::NONE)
}
