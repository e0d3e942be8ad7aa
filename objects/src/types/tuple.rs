//! `tuple`: word 1 is the length, items from word 2. Immutable, so it never conflicts.
//!
//! Instances of subclasses (named tuples) hold an exact tuple in `class::PAYLOAD`.

use crate::{
    class::{self, flag},
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::Special,
    native::Args,
    protocol::{self, CompareOp},
    raise,
    types::{
        Body, T, TypeDef, list, sequence, slice, str as string,
        support::{self, rows},
    },
    value::Value,
};

/// The exact tuple of a tuple or an instance of a subclass.
#[inline(always)]
pub fn exact(v: Value) -> Option<Obj> {
    let o = v.obj()?;
    if o.kind() == Kind::Tuple { Some(o) } else { string::payload_of(o, Kind::Tuple) }
}

/// The items of a tuple or an instance of a subclass.
#[inline(always)]
pub fn items_of(v: Value) -> Option<&'static [Value]> {
    exact(v).map(Obj::items)
}

/// Python's hash of a tuple of these items.
///
/// # Errors
/// Whatever the items' `__hash__` raise.
///
/// # Source
/// xxHash with CPython's simplifications.
pub fn hash_items(cx: &mut Cx, items: &[Value]) -> Completion<i64> {
    const P1: u64 = 11_400_714_785_074_694_791;
    const P2: u64 = 14_029_467_366_897_019_727;
    const P5: u64 = 2_870_177_450_012_600_261;
    let mut acc = P5;
    for &item in items {
        let lane = match item.obj() {
            Some(o) if o.kind() == Kind::Tuple => {
                cx.enter_native("")?;
                let inner = hash_items(cx, o.items());
                cx.leave_native();
                inner?
            }
            _ => protocol::hash(cx, item)?,
        };
        acc = acc.wrapping_add((lane as u64).wrapping_mul(P2)).rotate_left(31).wrapping_mul(P1);
    }
    acc = acc.wrapping_add(items.len() as u64 ^ (P5 ^ 3_527_539));
    Ok(if acc == u64::MAX { 1_546_275_796 } else { acc as i64 })
}

/// A tuple with the items of an iterable; an exact tuple is returned as it is.
///
/// # Errors
/// Whatever the iteration raises.
pub fn from_iterable(cx: &mut Cx, v: Value) -> Completion<Value> {
    if let Some(o) = v.obj() {
        if o.kind() == Kind::Tuple {
            return Ok(v);
        }
        if o.class() == cx.class(T::list) {
            let items = list::snapshot(cx, o)?;
            return cx.new_tuple(items.as_slice());
        }
    }
    let items = protocol::collect(cx, v)?;
    cx.new_tuple(items.as_slice())
}

const TUPLE_ITERATOR_SEQ: usize = 2;
const TUPLE_ITERATOR_INDEX: usize = 3;

/// `iter(tuple)`.
///
/// # Errors
/// `MemoryError`.
#[inline]
pub fn new_iter(cx: &mut Cx, tuple: Obj) -> Completion<Value> {
    let it = cx.new_object(T::tuple_iterator)?;
    it.init(TUPLE_ITERATOR_SEQ, tuple.into());
    it.init(TUPLE_ITERATOR_INDEX, Value::small(0));
    Ok(it.into())
}

/// The next item of a `tuple_iterator`, `UNBOUND` at the end.
///
/// `TX` says whether transactions are on.
///
/// # Errors
/// The attempt's abort.
#[inline(always)]
pub fn iter_next<const TX: bool>(cx: &mut Cx, it: Obj) -> Completion<Value> {
    cx.claim_in::<TX>(it)?;
    let Some(tuple) = it.raw(TUPLE_ITERATOR_SEQ).obj() else { return Ok(Value::UNBOUND) };
    let i = it.raw(TUPLE_ITERATOR_INDEX).as_small();
    match tuple.item(i as usize) {
        Some(v) => {
            cx.write_in::<TX>(it, TUPLE_ITERATOR_INDEX, Value::small(i + 1));
            Ok(v)
        }
        None => {
            cx.write_in::<TX>(it, TUPLE_ITERATOR_SEQ, Value::UNBOUND);
            Ok(Value::UNBOUND)
        }
    }
}

/// `tuple`.
pub static TUPLE: TypeDef = TypeDef {
    id: Some(T::tuple),
    name: "tuple",
    body: Body::Words(Kind::Tuple, 2),
    subclassable: true,
    methods: METHODS,
    class_methods: rows! {
        "__class_getitem__" "(type, item, /)" support::class_getitem, "See PEP 585";
    },
    static_methods: rows! {
        "__new__" "(type, /, *args, **kwargs)" new, "Create and return a new object.";
    },
    flags: flag::SEQUENCE,
    doc: "Built-in immutable sequence.\n\nIf no argument is given, the constructor returns an empty tuple.\nIf iterable is specified the tuple is initialized from iterable's items.\n\nIf the argument is a tuple, the return value is the same object.",
    ..TypeDef::BASE
};

const METHODS: &[crate::native::NativeDef] = rows! {
    "__repr__" "(self, /)" repr, "Return repr(self).";
    "__hash__" "(self, /)" hash, "Return hash(self).";
    "__len__" "(self, /)" |_, a| Ok(Value::small(this(a).len() as i64)), "Return len(self).";
    "__getitem__" "(self, key, /)" get_item, "Return self[key].";
    "__contains__" "(self, key, /)" contains, "Return bool(key in self).";
    "__iter__" "(self, /)" iter, "Implement iter(self).";
    "__add__" "(self, value, /)" add, "Return self+value.";
    "__mul__" "(self, value, /)" mul, "Return self*value.";
    "__rmul__" "(self, value, /)" mul, "Return value*self.";
    "__eq__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Eq, a), "Return self==value.";
    "__ne__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Ne, a), "Return self!=value.";
    "__lt__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Lt, a), "Return self<value.";
    "__le__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Le, a), "Return self<=value.";
    "__gt__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Gt, a), "Return self>value.";
    "__ge__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Ge, a), "Return self>=value.";
    "__getnewargs__" "(self, /)" get_new_args, "";
    "index" "(self, value, start=0, stop=9223372036854775807, /)" index,
        "Return first index of value.\n\nRaises ValueError if the value is not present.";
    "count" "(self, value, /)" count, "Return number of occurrences of value.";
};

/// The items of the receiver.
fn this(args: Args<'_>) -> &'static [Value] {
    items_of(args.this()).unwrap_or(&[])
}

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = support::class_for_new(cx, args, T::tuple)?;
    let plain = class == cx.class(T::tuple);
    if support::same_special(cx, class, T::tuple, Special::Init) {
        support::check_args(cx, "tuple", args.rest(1), args.get(2), 1)?;
    } else {
        support::at_most(cx, "tuple", args.rest(1), 1)?;
    }
    let items = match args.rest(1).first() {
        Some(&v) => from_iterable(cx, v)?,
        None => cx.world.empty_tuple(),
    };
    if plain {
        return Ok(items);
    }
    let o = cx.new_instance(class)?;
    o.init(class::PAYLOAD, items);
    Ok(o.into())
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let items = this(args);
    support::guarded_repr(cx, args.this_obj(), "(...)", |cx| {
        sequence::repr(cx, "(", ")", |_, i| Ok(items.get(i).copied().unwrap_or_default()))
    })
}

fn hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let h = hash_items(cx, this(args))?;
    cx.new_int(h)
}

fn get_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let items = this(args);
    if let Some(s) = support::as_slice(cx, args.get(1)) {
        let parts = slice::unpack(cx, s)?;
        let b = slice::fit(cx, parts, items.len())?;
        if b.step == 1 && b.len == items.len() && args.this_obj().kind() == Kind::Tuple {
            return Ok(args.this());
        }
        let picked: Vec<Value> = b.indices().map(|i| items[i]).collect();
        return cx.new_tuple(&picked);
    }
    let i = support::item_index(cx, "tuple", args.get(1))?;
    let i = if i < 0 { i.wrapping_add(items.len() as i64) } else { i };
    match usize::try_from(i).ok().and_then(|i| items.get(i)) {
        Some(&v) => Ok(v),
        None => raise!(cx, IndexError, "tuple index out of range"),
    }
}

fn find(
    cx: &mut Cx,
    items: &[Value],
    v: Value,
    start: usize,
    stop: usize,
) -> Completion<Option<usize>> {
    sequence::find(cx, v, start, stop, |_, i| Ok(items.get(i).copied().unwrap_or_default()))
}

fn contains(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(find(cx, this(args), args.get(1), 0, usize::MAX)?.is_some().into())
}

fn index(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let items = this(args);
    let (start, stop) = support::search_range(cx, args.get(2), args.get(3), items.len())?;
    match find(cx, items, args.get(1), start, stop)? {
        Some(i) => Ok(Value::small(i as i64)),
        None => raise!(cx, ValueError, "tuple.index(x): x not in tuple"),
    }
}

fn count(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut n = 0;
    for &item in this(args) {
        n += i64::from(protocol::identical_or_equal(cx, item, args.get(1))?);
    }
    Ok(Value::small(n))
}

fn iter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match exact(args.this()) {
        Some(tuple) => new_iter(cx, tuple),
        None => raise!(cx, SystemError, "tuple without items"),
    }
}

fn add(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (Some(a), Some(b)) = (exact(args.get(0)), exact(args.get(1))) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    if a.is_empty() {
        return Ok(b.into());
    }
    if b.is_empty() {
        return Ok(a.into());
    }
    let both: Vec<Value> = a.items().iter().chain(b.items()).copied().collect();
    cx.new_tuple(&both)
}

fn mul(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(n) = support::repeat_count(cx, args.get(1))? else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let items = this(args);
    if n == 1 && args.this_obj().kind() == Kind::Tuple {
        return Ok(args.this());
    }
    match items.len().checked_mul(n) {
        Some(0) => Ok(cx.world.empty_tuple()),
        Some(total) => new_from(cx, total, items.iter().cycle().copied()),
        None => Err(cx.out_of_memory()),
    }
}

/// A tuple of `len` items taken from an iterator that runs no Python code.
///
/// # Errors
/// `MemoryError`.
pub fn new_from(cx: &mut Cx, len: usize, items: impl Iterator<Item = Value>) -> Completion<Value> {
    let o = cx.alloc_sized(class::root_shape(cx.class(T::tuple)).meta(), len, 2)?;
    o.word(1).store(len as u64, std::sync::atomic::Ordering::Relaxed);
    for (i, v) in items.take(len).enumerate() {
        o.init(2 + i, v);
    }
    Ok(o.into())
}

fn compare(cx: &mut Cx, op: CompareOp, args: Args<'_>) -> Completion<Value> {
    let (Some(a), Some(b)) = (items_of(args.get(0)), items_of(args.get(1))) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let sides = [a, b];
    sequence::compare(cx, op, |_, side, i| Ok(sides[side].get(i).copied().unwrap_or_default()))
}

fn get_new_args(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let items = exact(args.this()).map_or(cx.world.empty_tuple(), Value::from);
    cx.new_tuple(&[items])
}

fn next_method(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    if cx.is_solo() { iter_next::<false>(cx, it) } else { iter_next::<true>(cx, it) }
}

fn length_hint(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let Some(tuple) = cx.read(it, TUPLE_ITERATOR_SEQ)?.obj() else { return Ok(Value::small(0)) };
    let i = cx.read(it, TUPLE_ITERATOR_INDEX)?.as_small();
    Ok(Value::small((tuple.len() as i64 - i).max(0)))
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let iter = support::builtin(cx, "iter")?;
    match cx.read(it, TUPLE_ITERATOR_SEQ)?.bound() {
        Some(tuple) => {
            let index = cx.read(it, TUPLE_ITERATOR_INDEX)?;
            let args = cx.new_tuple(&[tuple])?;
            cx.new_tuple(&[iter, args, index])
        }
        None => {
            let empty = cx.world.empty_tuple();
            let args = cx.new_tuple(&[empty])?;
            cx.new_tuple(&[iter, args])
        }
    }
}

fn set_state(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let i = protocol::index_i64(cx, args.get(1))?;
    if let Some(tuple) = cx.read(it, TUPLE_ITERATOR_SEQ)?.obj() {
        cx.set(it, TUPLE_ITERATOR_INDEX, Value::small(i.clamp(0, tuple.len() as i64)))?;
    }
    Ok(Value::NONE)
}

/// `tuple_iterator`.
pub static ITERATOR: TypeDef = TypeDef {
    id: Some(T::tuple_iterator),
    name: "tuple_iterator",
    body: Body::Words(Kind::Record, 4),
    methods: rows! {
        "__iter__" "(self, /)" support::itself, "Implement iter(self).";
        "__next__" "(self, /)" next_method, "Implement next(self).";
        "__length_hint__" "(self, /)" length_hint, "Private method returning an estimate of len(list(it)).";
        "__reduce__" "(self, /)" reduce, "Return state information for pickling.";
        "__setstate__" "(self, state, /)" set_state, "Set state information for unpickling.";
    },
    ..TypeDef::BASE
};
