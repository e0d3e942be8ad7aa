//! Iterators over dicts: keys, values, items, each forwards and backwards.
//!
//! Conflicts: one header per iterator, claimed by `next`: two threads sharing one get every entry exactly once. Each step reads
//! the dict's header.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    native::Args,
    protocol, raise, table,
    types::{Body, T, TypeDef, list, support},
    value::Value,
};

/// What is given per entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum What {
    /// Keys.
    Keys = 0,
    /// Values.
    Values = 1,
    /// `(key, value)` pairs.
    Items = 2,
}

const DICT: usize = 2;
const POSITION: usize = 3;
const LEN: usize = 4;
const REMAINING: usize = 5;
const MODE: usize = 6;
const BACKWARDS: i64 = 4;
const BODY: Body = Body::Words(Kind::Record, 7);

/// An iterator over the dict.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn new(cx: &mut Cx, d: Obj, what: What, backwards: bool) -> Completion<Value> {
    let (used, dead) = cx.bracket(d, || table::counts(d))?;
    let class = match (what, backwards) {
        (What::Keys, false) => T::dict_keyiterator,
        (What::Values, false) => T::dict_valueiterator,
        (What::Items, false) => T::dict_itemiterator,
        (What::Keys, true) => T::dict_reversekeyiterator,
        (What::Values, true) => T::dict_reversevalueiterator,
        (What::Items, true) => T::dict_reverseitemiterator,
    };
    let it = cx.new_object(class)?;
    let len = Value::small((used - dead) as i64);
    it.init(DICT, d.into());
    it.init(POSITION, Value::small(if backwards { used as i64 } else { 0 }));
    it.init(LEN, len);
    it.init(REMAINING, len);
    it.init(MODE, Value::small(what as i64 | if backwards { BACKWARDS } else { 0 }));
    Ok(it.into())
}

/// The next item of a dict iterator, `UNBOUND` at the end.
///
/// # Errors
/// `RuntimeError` when the dict changed its size.
#[inline]
pub fn next(cx: &mut Cx, it: Obj) -> Completion<Value> {
    cx.claim(it)?;
    let Some(d) = it.raw(DICT).obj() else { return Ok(Value::UNBOUND) };
    let expected = it.raw(LEN);
    if Value::small(table::len(cx, d)? as i64) != expected {
        cx.write(it, LEN, Value::small(-1));
        return raise!(cx, RuntimeError, "dictionary changed size during iteration");
    }
    let mode = it.raw(MODE).as_small();
    let position = it.raw(POSITION).as_small() as usize;
    let entry = if mode & BACKWARDS == 0 {
        super::next_entry(cx, d, position)?
    } else {
        super::previous_entry(cx, d, position)?
    };
    let remaining = it.raw(REMAINING).as_small();
    let Some(e) = entry else {
        cx.write(it, DICT, Value::UNBOUND);
        return Ok(Value::UNBOUND);
    };
    if remaining == 0 {
        cx.write(it, DICT, Value::UNBOUND);
        return raise!(cx, RuntimeError, "dictionary keys changed during iteration");
    }
    let next = if mode & BACKWARDS == 0 { e.n + 1 } else { e.n };
    cx.write(it, POSITION, Value::small(next as i64));
    cx.write(it, REMAINING, Value::small(remaining - 1));
    match mode & 3 {
        0 => Ok(e.key),
        1 => Ok(e.value),
        _ => cx.new_tuple(&[e.key, e.value]),
    }
}

fn next_method(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    next(cx, args.this_obj())
}

fn length_hint(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    match cx.read(it, DICT)?.obj() {
        Some(d) if Value::small(super::len(cx, d)? as i64) == cx.read(it, LEN)? => {
            cx.read(it, REMAINING)
        }
        _ => Ok(Value::small(0)),
    }
}

/// `iter([what is left])`.
fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let copy = cx.new_instance(it.class())?;
    for i in DICT..=MODE {
        let v = cx.read(it, i)?;
        copy.init(i, v);
    }
    let mut rest = protocol::RootVec::new();
    loop {
        let v = next(cx, copy)?;
        if v.is_unbound() {
            break;
        }
        rest.push(cx, v)?;
    }
    let rest = list::from_vec(cx, rest)?;
    let iter = support::builtin(cx, "iter")?;
    let args = cx.new_tuple(&[rest.into()])?;
    cx.new_tuple(&[iter, args])
}

macro_rules! iterators {
    ($($id:ident = $t:ident;)*) => {
        $(
            #[doc = concat!("`", stringify!($t), "`.")]
            pub static $id: TypeDef = TypeDef {
                id: Some(T::$t),
                name: stringify!($t),
                body: BODY,
                methods: support::rows! {
                    "__iter__" "(self, /)" support::itself, "Implement iter(self).";
                    "__next__" "(self, /)" next_method, "Implement next(self).";
                    "__length_hint__" "(self, /)" length_hint, "Private method returning an estimate of len(list(it)).";
                    "__reduce__" "(self, /)" reduce, "Return state information for pickling.";
                },
                ..TypeDef::BASE
            };
        )*
    };
}

iterators! {
    KEY_ITERATOR = dict_keyiterator;
    VALUE_ITERATOR = dict_valueiterator;
    ITEM_ITERATOR = dict_itemiterator;
    REVERSE_KEY_ITERATOR = dict_reversekeyiterator;
    REVERSE_VALUE_ITERATOR = dict_reversevalueiterator;
    REVERSE_ITEM_ITERATOR = dict_reverseitemiterator;
}
