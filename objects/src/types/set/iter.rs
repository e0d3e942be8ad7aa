//! `set_iterator`: iterates over sets and frozensets.
//!
//! Conflicts: one header per iterator, claimed by each step; each step reads the set's header.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    native::Args,
    protocol::RootVec,
    raise, table,
    types::{Body, T, TypeDef, list, set::slots, support},
    value::Value,
};

const SET: usize = 2;
const POSITION: usize = 3;
const LEN: usize = 4;

/// `iter(set)`.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn new(cx: &mut Cx, s: Obj) -> Completion<Value> {
    let len = table::len(cx, s)?;
    let it = cx.new_object(T::set_iterator)?;
    it.init(SET, s.into());
    it.init(POSITION, Value::small(0));
    it.init(LEN, Value::small(len as i64));
    Ok(it.into())
}

/// The next item, `UNBOUND` at the end.
///
/// # Errors
/// `RuntimeError` when the set changed its size.
pub fn next(cx: &mut Cx, it: Obj) -> Completion<Value> {
    cx.claim(it)?;
    let Some(s) = it.raw(SET).obj() else { return Ok(Value::UNBOUND) };
    if Value::small(table::len(cx, s)? as i64) != it.raw(LEN) {
        cx.write(it, LEN, Value::small(-1));
        return raise!(cx, RuntimeError, "Set changed size during iteration");
    }
    let from = it.raw(POSITION).as_small() as usize;
    match slots::look(cx, s, || slots::next(s, from))? {
        Some(e) => {
            cx.write(it, POSITION, Value::small(e.n as i64 + 1));
            Ok(e.key)
        }
        None => {
            cx.write(it, SET, Value::UNBOUND);
            Ok(Value::UNBOUND)
        }
    }
}

/// What is left to give.
fn rest(cx: &mut Cx, it: Obj) -> Completion<RootVec> {
    let mut left = RootVec::new();
    let Some(s) = cx.read(it, SET)?.obj() else { return Ok(left) };
    let mut from = cx.read(it, POSITION)?.as_small() as usize;
    while let Some(e) = slots::look(cx, s, || slots::next(s, from))? {
        from = e.n + 1;
        left.push(cx, e.key)?;
    }
    Ok(left)
}

fn length_hint(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    match cx.read(it, SET)?.obj() {
        Some(s) if Value::small(table::len(cx, s)? as i64) == cx.read(it, LEN)? => {
            Ok(Value::small(rest(cx, it)?.len() as i64))
        }
        _ => Ok(Value::small(0)),
    }
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let left = rest(cx, args.this_obj())?;
    let left = list::from_vec(cx, left)?;
    let iter = support::builtin(cx, "iter")?;
    let args = cx.new_tuple(&[left.into()])?;
    cx.new_tuple(&[iter, args])
}

/// `set_iterator`.
pub static ITERATOR: TypeDef = TypeDef {
    id: Some(T::set_iterator),
    name: "set_iterator",
    body: Body::Words(Kind::Record, 5),
    methods: support::rows! {
        "__iter__" "(self, /)" support::itself, "Implement iter(self).";
        "__next__" "(self, /)" |cx, a| next(cx, a.this_obj()), "Implement next(self).";
        "__length_hint__" "(self, /)" length_hint, "Private method returning an estimate of len(list(it)).";
        "__reduce__" "(self, /)" reduce, "Return state information for pickling.";
    },
    ..TypeDef::BASE
};
