//! The iterator over objects that have only `__getitem__` (`iterator`).
//!
//! Conflicts: one header; two threads that advance the same iterator conflict, so no item is given twice or skipped.

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::Kind,
    names::Special,
    native::{Args, Effect, NativeDef},
    protocol,
    types::{Body, T, TypeDef, support},
    value::Value,
};

const SEQ: usize = 2;
const INDEX: usize = 3;

/// `iterator`.
pub static ITERATOR: TypeDef = TypeDef {
    id: Some(T::iterator),
    name: "iterator",
    body: Body::Words(Kind::Record, 4),
    methods: &[
        NativeDef {
            name: "__iter__",
            sig: "(self, /)",
            effect: Effect::Transactional,
            run: |_, args| Ok(args.this()),
            doc: "Implement iter(self).",
        },
        NativeDef {
            name: "__next__",
            sig: "(self, /)",
            effect: Effect::Transactional,
            run: next,
            doc: "Implement next(self).",
        },
        NativeDef {
            name: "__length_hint__",
            sig: "(self, /)",
            effect: Effect::Transactional,
            run: length_hint,
            doc: "Private method returning an estimate of len(list(it)).",
        },
        NativeDef {
            name: "__reduce__",
            sig: "(self, /)",
            effect: Effect::Transactional,
            run: reduce,
            doc: "Return state information for pickling.",
        },
        NativeDef {
            name: "__setstate__",
            sig: "(self, state, /)",
            effect: Effect::Transactional,
            run: set_state,
            doc: "Set state information for unpickling.",
        },
    ],
    ..TypeDef::BASE
};

/// An iterator over `v[0]`, `v[1]`, ... until `IndexError`.
///
/// # Errors
/// `MemoryError`.
pub fn new(cx: &mut Cx, v: Value) -> Completion<Value> {
    let o = cx.new_object(T::iterator)?;
    o.init(SEQ, v);
    o.init(INDEX, Value::small(0));
    Ok(o.into())
}

/// `memory_iterator`: that of memory views.
pub static MEMORY_ITERATOR: TypeDef = TypeDef {
    name: "memory_iterator",
    body: Body::Words(Kind::Record, 4),
    methods: &[
        NativeDef {
            name: "__iter__",
            sig: "(self, /)",
            effect: Effect::Transactional,
            run: |_, args| Ok(args.this()),
            doc: "Implement iter(self).",
        },
        NativeDef {
            name: "__next__",
            sig: "(self, /)",
            effect: Effect::Transactional,
            run: next,
            doc: "Implement next(self).",
        },
    ],
    ..TypeDef::BASE
};

/// The iterator of a memory view.
///
/// # Errors
/// `MemoryError`.
pub fn of_memory(cx: &mut Cx, v: Value) -> Completion<Value> {
    let class = cx.type_for(&MEMORY_ITERATOR)?;
    let o = cx.new_instance(class)?;
    o.init(SEQ, v);
    o.init(INDEX, Value::small(0));
    Ok(o.into())
}

fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let seq = cx.read(o, SEQ)?;
    if seq.is_unbound() {
        return Ok(Value::UNBOUND);
    }
    let i = cx.read(o, INDEX)?;
    match protocol::get_item(cx, seq, i) {
        Ok(item) => {
            cx.set(o, INDEX, Value::small(i.as_small() + 1))?;
            Ok(item)
        }
        Err(escape) => match escape.exception() {
            Some(e)
                if class::is_subclass(e.class(), cx.class(T::IndexError))
                    || class::is_subclass(e.class(), cx.class(T::StopIteration)) =>
            {
                cx.set(o, SEQ, Value::UNBOUND)?;
                Ok(Value::UNBOUND)
            }
            _ => Err(escape),
        },
    }
}

fn length_hint(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (seq, i) = cx.bracket(o, || (o.raw(SEQ), o.raw(INDEX)))?;
    if seq.is_unbound() || protocol::find_special(cx, seq, Special::Len).is_none() {
        return Ok(if seq.is_unbound() { Value::small(0) } else { Value::NOT_IMPLEMENTED });
    }
    let n = protocol::length(cx, seq)? as i64;
    cx.new_int((n - i.as_small()).max(0))
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (seq, i) = cx.bracket(o, || (o.raw(SEQ), o.raw(INDEX)))?;
    let iter = support::builtin(cx, "iter")?;
    if seq.is_bound() {
        let arguments = cx.new_tuple(&[seq])?;
        return cx.new_tuple(&[iter, arguments, i]);
    }
    let empty = cx.world.empty_tuple();
    let arguments = cx.new_tuple(&[empty])?;
    cx.new_tuple(&[iter, arguments])
}

fn set_state(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let i = protocol::index_i64(cx, args.get(1))?;
    cx.set(args.this_obj(), INDEX, Value::small(i.clamp(0, Value::INT_MAX)))?;
    Ok(Value::NONE)
}
