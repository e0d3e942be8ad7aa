//! The iterator over objects that have only `__getitem__` (`iterator`).
//!
//! Conflicts: one header; two threads that advance the same iterator conflict, so no item is given twice or skipped.

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::Kind,
    native::{Args, Effect, NativeDef},
    protocol,
    types::{Body, T, TypeDef},
    value::Value,
};

const SEQ: usize = 2;
const INDEX: usize = 3;

static ITERATOR: TypeDef = TypeDef {
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
    ],
    ..TypeDef::BASE
};

/// An iterator over `v[0]`, `v[1]`, ... until `IndexError`.
///
/// # Errors
/// `MemoryError`.
pub fn new(cx: &mut Cx, v: Value) -> Completion<Value> {
    let class = cx.type_for(&ITERATOR)?;
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
