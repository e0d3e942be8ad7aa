//! `range`: words 1 to 4 hold start, stop, step and length, as exact ints of any size.
//! Immutable: no conflicts. Its iterators are in `range_iter.rs`.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    native::{Args, Effect, GetSetDef, NativeDef},
    num::range_math::{range_index, range_index_big, range_len, range_len_big},
    protocol::{
        self, CompareOp,
        convert::{as_i64, as_int, is_index, repr_text},
        index_int,
    },
    raise,
    types::{
        Body, T, TypeDef, int_ops, int_type,
        number::{OrRaise, big_of, new_ascii, new_big, new_u64, readonly},
        range_iter, slice,
    },
    value::Value,
};

const START: usize = 1;
const STOP: usize = 2;
const STEP: usize = 3;
const LEN: usize = 4;

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

/// The class.
pub static RANGE: TypeDef = TypeDef {
    id: Some(T::range),
    name: "range",
    body: Body::Words(Kind::Frozen, 5),
    methods: METHODS,
    static_methods: &[row!(
        "__new__",
        "(type, /, *args)",
        new,
        "Create and return a new object.  See help(type) for accurate signature."
    )],
    getset: &[member!("start", START), member!("stop", STOP), member!("step", STEP)],
    doc: "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\nReturn an object that produces a sequence of integers from start (inclusive)\nto stop (exclusive) by step.  range(i, j) produces i, i+1, i+2, ..., j-1.\nstart defaults to 0, and stop is omitted!  range(4) produces 0, 1, 2, 3.\nThese are exactly the valid indices for a list of 4 elements.\nWhen step is given, it specifies the increment (or decrement).",
    flags: crate::class::flag::SEQUENCE,
    ..TypeDef::BASE
};

const METHODS: &[NativeDef] = &[
    row!("__len__", "(self, /)", len, "Return len(self)."),
    row!(
        "__bool__",
        "(self, /)",
        |_, args| Ok(Value::bool(!int_ops::is_zero(parts(args).len))),
        "True if self else False"
    ),
    row!("__getitem__", "(self, key, /)", get_item, "Return self[key]."),
    row!("__contains__", "(self, key, /)", contains, "Return bool(key in self)."),
    row!("__iter__", "(self, /)", iter, "Implement iter(self)."),
    row!("__reversed__", "(self, /)", reversed, "Return a reverse iterator."),
    row!(
        "__eq__",
        "(self, value, /)",
        |cx, args| equals(cx, args, CompareOp::Eq),
        "Return self==value."
    ),
    row!(
        "__ne__",
        "(self, value, /)",
        |cx, args| equals(cx, args, CompareOp::Ne),
        "Return self!=value."
    ),
    row!("__hash__", "(self, /)", hash, "Return hash(self)."),
    row!("__repr__", "(self, /)", repr, "Return repr(self)."),
    row!("__reduce__", "(self, /)", reduce, ""),
    row!(
        "count",
        "(self, value, /)",
        count,
        "rangeobject.count(value) -> integer -- return number of occurrences of value"
    ),
    row!(
        "index",
        "(self, value, /)",
        index,
        "rangeobject.index(value) -> integer -- return index of value.\nRaise ValueError if the value is not present."
    ),
];

/// What a range is made of: exact ints.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    /// First value.
    pub start: Value,
    /// End, exclusive.
    pub stop: Value,
    /// Never zero.
    pub step: Value,
    /// Number of values.
    pub len: Value,
}

impl Parts {
    /// Start, stop and step as inline integers.
    fn small(self) -> Option<(i64, i64, i64)> {
        Some((self.start.small_int()?, self.stop.small_int()?, self.step.small_int()?))
    }
}

/// The parts of a range object.
pub fn parts_of(o: Obj) -> Parts {
    Parts { start: o.raw(START), stop: o.raw(STOP), step: o.raw(STEP), len: o.raw(LEN) }
}

fn parts(args: Args<'_>) -> Parts {
    parts_of(args.this_obj())
}

/// A range with these exact ints; `step` must not be zero.
///
/// # Errors
/// `MemoryError`
pub fn new_range(cx: &mut Cx, start: Value, stop: Value, step: Value) -> Completion<Value> {
    let small = start.small_int().zip(stop.small_int()).zip(step.small_int());
    let len = match small {
        Some(((start, stop), step)) => new_u64(cx, range_len(start, stop, step))?,
        None => {
            let len = range_len_big(&big_of(start), &big_of(stop), &big_of(step)).or_raise(cx)?;
            new_big(cx, &len)?
        }
    };
    let o = cx.new_object(T::range)?;
    for (slot, v) in [(START, start), (STOP, stop), (STEP, step), (LEN, len)] {
        o.init(slot, v);
    }
    Ok(o.into())
}

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (zero, one) = (Value::small(0), Value::small(1));
    let (start, stop, step) = match *args.rest(1) {
        [] => return raise!(cx, TypeError, "range expected at least 1 argument, got 0"),
        [stop] => (zero, index_int(cx, stop)?, one),
        [start, stop] => (index_int(cx, start)?, index_int(cx, stop)?, one),
        [start, stop, step] => (index_int(cx, start)?, index_int(cx, stop)?, index_int(cx, step)?),
        ref all => {
            let n = all.len();
            return raise!(cx, TypeError, "range expected at most 3 arguments, got {n}");
        }
    };
    if int_ops::is_zero(step) {
        return raise!(cx, ValueError, "range() arg 3 must not be zero");
    }
    new_range(cx, start, stop, step)
}

fn len(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let len = parts(args).len;
    match as_i64(len) {
        Some(_) => Ok(len),
        None => raise!(cx, OverflowError, "Python int too large to convert to C ssize_t"),
    }
}

/// `start + i * step`
fn value_at(cx: &mut Cx, range: Parts, i: Value) -> Completion<Value> {
    let offset = int_ops::mul(cx, i, range.step)?;
    int_ops::add(cx, range.start, offset)
}

fn get_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let range = parts(args);
    let key = args.get(1);
    if let Some(o) = key.obj().filter(|o| o.class() == cx.class(T::slice)) {
        return get_slice(cx, range, o);
    }
    if !is_index(cx, key) {
        let name = cx.type_name(key);
        return raise!(cx, TypeError, "range indices must be integers or slices, not {name}");
    }
    let mut i = index_int(cx, key)?;
    if int_ops::compare(i, Value::small(0)).is_lt() {
        i = int_ops::add(cx, i, range.len)?;
    }
    if int_ops::compare(i, Value::small(0)).is_lt() || int_ops::compare(i, range.len).is_ge() {
        return raise!(cx, IndexError, "range object index out of range");
    }
    value_at(cx, range, i)
}

fn get_slice(cx: &mut Cx, range: Parts, s: Obj) -> Completion<Value> {
    let (start, stop, step) = slice::indices_any(cx, s, range.len)?;
    let start = value_at(cx, range, start)?;
    let stop = value_at(cx, range, stop)?;
    let step = int_ops::mul(cx, range.step, step)?;
    new_range(cx, start, stop, step)
}

/// The position of the exact int `item`.
fn position(cx: &mut Cx, range: Parts, item: Value) -> Completion<Option<Value>> {
    if let (Some((start, stop, step)), Some(i)) = (range.small(), item.small_int()) {
        return range_index(start, stop, step, i).map(|n| new_u64(cx, n)).transpose();
    }
    let [start, stop, step, item] = [range.start, range.stop, range.step, item].map(big_of);
    let found = range_index_big(&start, &stop, &step, &item).or_raise(cx)?;
    found.map(|n| new_big(cx, &n)).transpose()
}

/// An exact int or bool: what arithmetic can look for. Subclasses may define `__eq__`.
fn plain_int(cx: &Cx, v: Value) -> Option<Value> {
    let exact = v.is_bool() || cx.class_of(v) == cx.class(T::int);
    exact.then(|| as_int(v)).flatten()
}

fn contains(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if let Some(item) = plain_int(cx, args.get(1)) {
        return Ok(Value::bool(position(cx, parts(args), item)?.is_some()));
    }
    Ok(Value::bool(!find_equal(cx, args, true)?.is_empty()))
}

/// Positions of the values equal to the argument, by trying all of them; at most one if `first`.
fn find_equal(cx: &mut Cx, args: Args<'_>, first: bool) -> Completion<Vec<i64>> {
    let it = iter(cx, args)?;
    let mut found = Vec::new();
    let mut i = 0;
    while let Some(v) = protocol::next(cx, it)? {
        if protocol::equal(cx, v, args.get(1))? {
            found.push(i);
            if first {
                break;
            }
        }
        i += 1;
    }
    Ok(found)
}

fn count(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if let Some(item) = plain_int(cx, args.get(1)) {
        let found = position(cx, parts(args), item)?.is_some();
        return Ok(Value::small(i64::from(found)));
    }
    let found = find_equal(cx, args, false)?.len();
    cx.new_int(found as i64)
}

fn index(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match plain_int(cx, args.get(1)) {
        Some(item) => match position(cx, parts(args), item)? {
            Some(i) => Ok(i),
            None => {
                let item = repr_text(cx, args.get(1))?;
                raise!(cx, ValueError, "{item} is not in range")
            }
        },
        None => match find_equal(cx, args, true)?.first() {
            Some(&i) => cx.new_int(i),
            None => raise!(cx, ValueError, "sequence.index(x): x not in sequence"),
        },
    }
}

fn iter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    new_iter(cx, args.this_obj())
}

/// `iter(range)`.
///
/// # Errors
/// `MemoryError`
pub fn new_iter(cx: &mut Cx, o: Obj) -> Completion<Value> {
    let range = parts_of(o);
    range_iter::new(cx, range.start, range.step, range.len)
}

fn reversed(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let range = parts(args);
    let last = int_ops::sub(cx, range.len, Value::small(1))?;
    let start = value_at(cx, range, last)?;
    let step = int_ops::neg(cx, range.step)?;
    range_iter::new(cx, start, step, range.len)
}

fn equals(cx: &mut Cx, args: Args<'_>, op: CompareOp) -> Completion<Value> {
    let a = parts(args);
    let Some(b) = args.get(1).obj().filter(|o| o.class() == cx.class(T::range)) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let b = parts_of(b);
    let same = |a, b| int_ops::compare(a, b).is_eq();
    // Ranges are equal as sequences: what they never reach does not count.
    let equal = same(a.len, b.len)
        && (int_ops::is_zero(a.len)
            || (same(a.start, b.start) && (a.len == Value::small(1) || same(a.step, b.step))));
    Ok(Value::bool(equal == (op == CompareOp::Eq)))
}

fn hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let range = parts(args);
    let (start, step) = match range.len.small_int() {
        Some(0) => (Value::NONE, Value::NONE),
        Some(1) => (range.start, Value::NONE),
        _ => (range.start, range.step),
    };
    let key = cx.new_tuple(&[range.len, start, step])?;
    let hash = protocol::hash(cx, key)?;
    cx.new_int(hash)
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let range = parts(args);
    let start = int_type::decimal(cx, range.start)?;
    let stop = int_type::decimal(cx, range.stop)?;
    if range.step == Value::small(1) {
        return new_ascii(cx, &format!("range({start}, {stop})"));
    }
    let step = int_type::decimal(cx, range.step)?;
    new_ascii(cx, &format!("range({start}, {stop}, {step})"))
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let range = parts(args);
    let arguments = cx.new_tuple(&[range.start, range.stop, range.step])?;
    cx.new_tuple(&[cx.class(T::range).into(), arguments])
}
