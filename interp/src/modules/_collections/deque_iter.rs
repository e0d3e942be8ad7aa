//! Iterators over deques, forwards and backwards.
//!
//! Conflicts: one header per iterator, claimed by each step; each step reads the deque's header.

use taipan_objects::{
    Body, Completion, Cx, Kind, NativeDef, Obj, TypeDef, Value, native::Args, protocol, raise,
    rows, types::support,
};

use super::deque::{self, DEQUE};

const DEQUE_SLOT: usize = 2;
const INDEX: usize = 3;
const CHANGES: usize = 4;
const BACKWARDS: usize = 5;
const BODY: Body = Body::Words(Kind::Record, 6);

/// `_deque_iterator`.
pub(super) static ITERATOR: TypeDef = TypeDef {
    name: "_deque_iterator",
    module: "collections",
    body: BODY,
    methods: METHODS,
    static_methods: rows! {
        "__new__" "(type, iterable, index=0, /)" make, "Create and return a new object.";
    },
    ..TypeDef::BASE
};

/// `_deque_reverse_iterator`.
pub(super) static REVERSE_ITERATOR: TypeDef = TypeDef {
    name: "_deque_reverse_iterator",
    module: "collections",
    body: BODY,
    methods: METHODS,
    static_methods: rows! {
        "__new__" "(type, iterable, index=0, /)" make, "Create and return a new object.";
    },
    ..TypeDef::BASE
};

const METHODS: &[NativeDef] = rows! {
    "__iter__" "(self, /)" support::itself, "Implement iter(self).";
    "__next__" "(self, /)" next, "Implement next(self).";
    "__length_hint__" "(self, /)" length_hint, "Private method returning an estimate of len(list(it)).";
    "__reduce__" "(self, /)" reduce, "Return state information for pickling.";
};

/// `iter(deque)` or `reversed(deque)`.
pub(super) fn new(cx: &mut Cx, d: Obj, backwards: bool) -> Completion<Value> {
    let class = cx.type_for(if backwards { &REVERSE_ITERATOR } else { &ITERATOR })?;
    let changes = deque::changes(cx, d)?;
    let it = cx.new_instance(class)?;
    it.init(DEQUE_SLOT, d.into());
    it.init(INDEX, Value::small(0));
    it.init(CHANGES, changes);
    it.init(BACKWARDS, backwards.into());
    Ok(it.into())
}

fn make(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let base = cx.type_for(&DEQUE)?;
    let Some(d) = args.get(1).obj().filter(|o| taipan_objects::class::is_subclass(o.class(), base))
    else {
        let name = cx.type_name(args.get(1));
        return raise!(cx, TypeError, "argument 1 must be collections.deque, not {name}");
    };
    let backwards = cx.type_for(&REVERSE_ITERATOR)?;
    let it = new(cx, d, args.get(0) == Value::from(backwards))?;
    let index = protocol::index_i64(cx, args.get(2))?;
    if let Some(it) = it.obj() {
        it.init(INDEX, Value::small(index.clamp(0, Value::INT_MAX)));
    }
    Ok(it)
}

fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    cx.claim(it)?;
    let Some(d) = it.raw(DEQUE_SLOT).obj() else { return Ok(Value::UNBOUND) };
    let i = it.raw(INDEX).as_small() as usize;
    let n = deque::len(cx, d)?;
    if deque::changes(cx, d)? != it.raw(CHANGES) {
        cx.write(it, INDEX, Value::small(n as i64));
        return raise!(cx, RuntimeError, "deque mutated during iteration");
    }
    if i >= n {
        cx.write(it, DEQUE_SLOT, Value::UNBOUND);
        return Ok(Value::UNBOUND);
    }
    cx.write(it, INDEX, Value::small(i as i64 + 1));
    deque::item(cx, d, if it.raw(BACKWARDS) == Value::TRUE { n - 1 - i } else { i })
}

fn length_hint(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let Some(d) = cx.read(it, DEQUE_SLOT)?.obj() else { return Ok(Value::small(0)) };
    let left = deque::len(cx, d)? as i64 - cx.read(it, INDEX)?.as_small();
    Ok(Value::small(left.max(0)))
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let index = cx.read(it, INDEX)?;
    let d = match cx.read(it, DEQUE_SLOT)?.bound() {
        Some(d) => d,
        None => {
            let class = cx.type_for(&DEQUE)?;
            protocol::call(cx, class.into(), &[])?
        }
    };
    let arguments = cx.new_tuple(&[d, index])?;
    cx.new_tuple(&[it.class().into(), arguments])
}
