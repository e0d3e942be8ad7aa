//! Iterators over lists, forwards and backwards.
//!
//! Conflicts: one header per iterator, claimed by each step, so that threads sharing one get every item exactly once. Each
//! step reads the list's header.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    native::Args,
    types::{Body, T, TypeDef, list, support},
    value::Value,
};

const LIST: usize = 2;
const INDEX: usize = 3;

/// `iter(list)`.
///
/// # Errors
/// `MemoryError`.
#[inline]
pub fn new(cx: &mut Cx, l: Obj) -> Completion<Value> {
    let it = cx.new_object(T::list_iterator)?;
    it.init(LIST, l.into());
    it.init(INDEX, Value::small(0));
    Ok(it.into())
}

/// `reversed(list)`.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn new_reversed(cx: &mut Cx, l: Obj) -> Completion<Value> {
    let len = list::len(cx, l)?;
    let it = cx.new_object(T::list_reverseiterator)?;
    it.init(LIST, l.into());
    it.init(INDEX, Value::small(len as i64 - 1));
    Ok(it.into())
}

/// The next item of a `list_iterator`, `UNBOUND` at the end. `TX` says whether transactions are on.
///
/// # Errors
/// The attempt's abort.
#[inline(always)]
pub fn next<const TX: bool>(cx: &mut Cx, it: Obj) -> Completion<Value> {
    cx.claim_in::<TX>(it)?;
    let Some(l) = it.raw(LIST).obj() else { return Ok(Value::UNBOUND) };
    let i = it.raw(INDEX).as_small();
    let v = cx.bracket_in::<TX, _>(l, || list::raw_item(l, i))?;
    if v.is_unbound() {
        cx.write_in::<TX>(it, LIST, Value::UNBOUND);
    } else {
        cx.write_in::<TX>(it, INDEX, Value::small(i + 1));
    }
    Ok(v)
}

/// The next item of a `list_reverseiterator`, `UNBOUND` at the end.
///
/// # Errors
/// The attempt's abort.
pub fn next_reversed(cx: &mut Cx, it: Obj) -> Completion<Value> {
    cx.claim(it)?;
    let Some(l) = it.raw(LIST).obj() else { return Ok(Value::UNBOUND) };
    let i = it.raw(INDEX).as_small();
    let v = if i < 0 { Value::UNBOUND } else { list::get(cx, l, i)? };
    if v.is_unbound() {
        cx.write(it, LIST, Value::UNBOUND);
    }
    cx.write(it, INDEX, Value::small(i - 1));
    Ok(v)
}

fn next_method(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    if cx.is_solo() { next::<false>(cx, it) } else { next::<true>(cx, it) }
}

fn next_reversed_method(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    next_reversed(cx, args.this_obj())
}

fn length_hint(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let Some(l) = cx.read(it, LIST)?.obj() else { return Ok(Value::small(0)) };
    let len = list::len(cx, l)? as i64;
    Ok(Value::small((len - cx.read(it, INDEX)?.as_small()).max(0)))
}

fn length_hint_reversed(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let Some(l) = cx.read(it, LIST)?.obj() else { return Ok(Value::small(0)) };
    let left = cx.read(it, INDEX)?.as_small() + 1;
    Ok(Value::small(if left > list::len(cx, l)? as i64 { 0 } else { left }))
}

fn reduce_as(cx: &mut Cx, args: Args<'_>, function: &str) -> Completion<Value> {
    let it = args.this_obj();
    let Some(l) = cx.read(it, LIST)?.obj() else {
        let iter = support::builtin(cx, "iter")?;
        let empty = list::new(cx)?;
        let args = cx.new_tuple(&[empty.into()])?;
        return cx.new_tuple(&[iter, args]);
    };
    let index = cx.read(it, INDEX)?;
    let f = support::builtin(cx, function)?;
    let args = cx.new_tuple(&[l.into()])?;
    cx.new_tuple(&[f, args, index])
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    reduce_as(cx, args, "iter")
}

fn reduce_reversed(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    reduce_as(cx, args, "reversed")
}

fn set_state(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let i = crate::protocol::index_i64(cx, args.get(1))?;
    if let Some(l) = cx.read(it, LIST)?.obj() {
        let backwards = it.class() == cx.class(T::list_reverseiterator);
        let i = if backwards {
            i.clamp(-1, list::len(cx, l)? as i64 - 1)
        } else {
            i.clamp(0, Value::INT_MAX)
        };
        cx.set(it, INDEX, Value::small(i))?;
    }
    Ok(Value::NONE)
}

/// `list_iterator`.
pub static ITERATOR: TypeDef = TypeDef {
    id: Some(T::list_iterator),
    name: "list_iterator",
    body: Body::Words(Kind::Record, 4),
    methods: support::rows! {
        "__iter__" "(self, /)" support::itself, "Implement iter(self).";
        "__next__" "(self, /)" next_method, "Implement next(self).";
        "__length_hint__" "(self, /)" length_hint, "Private method returning an estimate of len(list(it)).";
        "__reduce__" "(self, /)" reduce, "Return state information for pickling.";
        "__setstate__" "(self, state, /)" set_state, "Set state information for unpickling.";
    },
    ..TypeDef::BASE
};

/// `list_reverseiterator`.
pub static REVERSE_ITERATOR: TypeDef = TypeDef {
    id: Some(T::list_reverseiterator),
    name: "list_reverseiterator",
    body: Body::Words(Kind::Record, 4),
    methods: support::rows! {
        "__iter__" "(self, /)" support::itself, "Implement iter(self).";
        "__next__" "(self, /)" next_reversed_method, "Implement next(self).";
        "__length_hint__" "(self, /)" length_hint_reversed, "Private method returning an estimate of len(list(it)).";
        "__reduce__" "(self, /)" reduce_reversed, "Return state information for pickling.";
        "__setstate__" "(self, state, /)" set_state, "Set state information for unpickling.";
    },
    ..TypeDef::BASE
};
