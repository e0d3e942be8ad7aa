//! Iterators over ranges: `range_iterator` for inline integers, `longrange_iterator` for the rest.
//!
//! Words: 2 next value, 3 step, 4 the last value (`range_iterator`; at its end the next value is unbound, so that a step writes
//! one word) or how many are left (`longrange_iterator`), 5 the born word of the attempt that has logged the next value: it
//! need not do so again, and a rollback to a savepoint takes the word back with the value. Conflicts: one header; threads
//! that advance the same iterator conflict, so no value is given twice or skipped.

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
const LAST: usize = 4;
const LEFT: usize = 4;
const LOGGED_BY: usize = 5;

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

const fn def(id: T, name: &'static str, methods: &'static [NativeDef]) -> TypeDef {
    TypeDef { id: Some(id), name, body: Body::Words(Kind::Record, 6), methods, ..TypeDef::BASE }
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
    let Some(last) = small_last(start, step, len) else {
        let o = cx.new_object(T::longrange_iterator)?;
        o.init(NEXT, start);
        o.init(STEP, step);
        o.init(LEFT, len);
        return Ok(o.into());
    };
    let o = cx.new_object(T::range_iterator)?;
    if len != Value::small(0) {
        o.init(NEXT, start);
    }
    o.init(STEP, step);
    o.init(LAST, last);
    Ok(o.into())
}

/// The last value, if every value on the way is inline.
fn small_last(start: Value, step: Value, len: Value) -> Option<Value> {
    let (start, step, len) = (start.small_int()?, step.small_int()?, len.small_int()?);
    // Without values: the one before the first, so that the first is where it stands.
    let distance = step.checked_mul(len - 1)?;
    distance.checked_add(start).and_then(Value::try_int)
}

/// The next value of a `range_iterator`, `UNBOUND` at the end.
///
/// # Errors
/// The attempt's abort.
pub fn advance(cx: &mut Cx, o: Obj) -> Completion<Value> {
    cx.claim(o)?;
    let v = o.raw(NEXT);
    if v.is_bound() {
        cx.write(o, NEXT, following(o, v));
        if !cx.is_solo() {
            let attempt = Value::from_bits(cx.tx.born_word());
            cx.write(o, LOGGED_BY, attempt);
        }
    }
    Ok(v)
}

/// As [`advance`], without an entry in a log. Unbound also when that takes [`advance`]: at the end, and in a transaction at
/// the first step since it began or took a savepoint. `TX` says whether transactions are on.
#[inline(always)]
pub fn quick_advance<const TX: bool>(cx: &mut Cx, o: Obj) -> Value {
    // Only this attempt writes its own word, so once it is there the iterator is claimed.
    if TX && o.raw(LOGGED_BY).bits() != cx.tx.born_word() {
        return Value::UNBOUND;
    }
    let v = o.raw(NEXT);
    if v.is_bound() {
        o.overwrite(NEXT, following(o, v));
    }
    v
}

/// What comes after the value `v`.
#[inline(always)]
fn following(o: Obj, v: Value) -> Value {
    if v == o.raw(LAST) {
        return Value::UNBOUND;
    }
    Value::small(v.as_small().wrapping_add(o.raw(STEP).as_small()))
}

/// The words of any range iterator as next value, step and number of values that are left.
fn decode(cx: &Cx, o: Obj, [next, step, word]: [Value; 3]) -> [Value; 3] {
    if o.class() != cx.class(T::range_iterator) {
        return [next, step, word];
    }
    match next.small_int() {
        Some(n) => {
            let left = (word.as_small() - n) / step.as_small() + 1;
            [next, step, Value::small(left)]
        }
        // Past the end: the value that would come next, which need not be inline any more.
        None => {
            let past = Value::try_int(word.as_small().wrapping_add(step.as_small()));
            [past.unwrap_or(word), step, Value::small(0)]
        }
    }
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
    Ok(state(cx, args.this_obj())?[2])
}

fn state(cx: &mut Cx, o: Obj) -> Completion<[Value; 3]> {
    let words = cx.bracket(o, || [o.raw(NEXT), o.raw(STEP), o.raw(LEFT)])?;
    Ok(decode(cx, o, words))
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
    let over = int_ops::is_zero(left);
    cx.claim(o)?;
    if o.class() == cx.class(T::range_iterator) {
        // The last value stays what it is.
        cx.write(o, NEXT, if over { Value::UNBOUND } else { next });
    } else {
        cx.write(o, NEXT, next);
        cx.write(o, LEFT, left);
    }
    Ok(Value::NONE)
}
