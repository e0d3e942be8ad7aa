//! `mappingproxy`: a read-only view of a mapping, or of a class's own attributes (`cls.__dict__`).
//!
//! Immutable: one slot with the mapping or the class. Conflicts are those of the mapping; classes change only with the world
//! stopped.

use crate::{
    class::{self, flag},
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    name_map,
    names::Special,
    native::{Args, NativeDef},
    protocol::{self, BinaryOp, CompareOp},
    raise,
    types::{
        Body, T, TypeDef, class_names, dict, str as string,
        support::{self, Text, rows},
    },
    value::Value,
};

/// Slot of the mapping (or class) shown.
pub const MAPPING: usize = 1;

/// `cls.__dict__`: a read-only view of the class's attributes.
///
/// # Errors
/// `MemoryError`.
pub fn of_class(cx: &mut Cx, class: Obj) -> Completion<Value> {
    new(cx, class.into())
}

/// A read-only view of any mapping.
///
/// # Errors
/// `MemoryError`.
pub fn new(cx: &mut Cx, mapping: Value) -> Completion<Value> {
    let o = cx.new_object(T::mappingproxy)?;
    o.init(MAPPING, mapping);
    Ok(o.into())
}

fn shown_class(o: Obj) -> Option<Obj> {
    o.raw(MAPPING).obj().filter(|c| c.kind() == Kind::Type)
}

/// The mapping that a proxy shows; for a class a dict of its attributes.
fn mapping(cx: &mut Cx, proxy: Value) -> Completion<Value> {
    let Some(o) = proxy.obj().filter(|o| o.class() == cx.class(T::mappingproxy)) else {
        return Ok(proxy);
    };
    let Some(class) = shown_class(o) else { return Ok(o.raw(MAPPING)) };
    let d = dict::new(cx)?;
    if let Some(map) = class_names(class) {
        let entries: Vec<(Value, Value)> = name_map::entries(map).collect();
        for (name, v) in entries {
            let v = class::see(cx, v)?;
            dict::set_item(cx, d, name, v)?;
        }
    }
    Ok(d.into())
}

fn this(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    mapping(cx, args.this())
}

/// `mappingproxy`.
pub static MAPPINGPROXY: TypeDef = TypeDef {
    id: Some(T::mappingproxy),
    name: "mappingproxy",
    body: Body::Words(Kind::Frozen, 2),
    methods: METHODS,
    class_methods: rows! {
        "__class_getitem__" "(type, item, /)" support::class_getitem, "See PEP 585";
    },
    static_methods: rows! {
        "__new__" "(type, /, mapping)" make, "Create and return a new object.";
    },
    flags: flag::MAPPING,
    doc: "Read-only proxy of a mapping.",
    ..TypeDef::BASE
};

const METHODS: &[NativeDef] = rows! {
    "__repr__" "(self, /)" repr, "Return repr(self).";
    "__str__" "(self, /)" |cx, a| { let m = this(cx, a)?; protocol::str_of(cx, m) }, "Return str(self).";
    "__hash__" "(self, /)" hash, "Return hash(self).";
    "__len__" "(self, /)" length, "Return len(self).";
    "__getitem__" "(self, key, /)" get_item, "Return self[key].";
    "__contains__" "(self, key, /)" contains, "Return bool(key in self).";
    "__iter__" "(self, /)" |cx, a| { let m = this(cx, a)?; protocol::iter(cx, m) }, "Implement iter(self).";
    "__reversed__" "(self, /)" |cx, a| through(cx, a, "__reversed__", &[]), "D.__reversed__() -> reverse iterator";
    "__eq__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Eq, a), "Return self==value.";
    "__ne__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Ne, a), "Return self!=value.";
    "__lt__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Lt, a), "Return self<value.";
    "__le__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Le, a), "Return self<=value.";
    "__gt__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Gt, a), "Return self>value.";
    "__ge__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Ge, a), "Return self>=value.";
    "__or__" "(self, value, /)" |cx, a| or(cx, a.get(0), a.get(1)), "Return self|value.";
    "__ror__" "(self, value, /)" |cx, a| or(cx, a.get(1), a.get(0)), "Return value|self.";
    "__ior__" "(self, value, /)" ior, "Return self|=value.";
    "get" "(self, key, default=None, /)" get, "Return the value for key if key is in the mapping, else default.";
    "keys" "(self, /)" |cx, a| through(cx, a, "keys", &[]), "a set-like object providing a view on D's keys";
    "values" "(self, /)" |cx, a| through(cx, a, "values", &[]), "an object providing a view on D's values";
    "items" "(self, /)" |cx, a| through(cx, a, "items", &[]), "a set-like object providing a view on D's items";
    "copy" "(self, /)" |cx, a| through(cx, a, "copy", &[]), "a shallow copy of D";
};

fn make(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let v = args.get(1);
    let is_sequence = [T::list, T::tuple, T::str, T::bytes, T::bytearray, T::range]
        .iter()
        .any(|&t| cx.is_a(v, t));
    if class::special(cx.class_of(v), Special::GetItem).is_unbound() || is_sequence {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "mappingproxy() argument must be a mapping, not {name}");
    }
    new(cx, v)
}

/// Calls a method of the mapping.
fn through(cx: &mut Cx, args: Args<'_>, method: &str, rest: &[Value]) -> Completion<Value> {
    let m = this(cx, args)?;
    let name = cx.intern(method)?;
    protocol::call_method(cx, m, name, rest)
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let m = this(cx, args)?;
    let mut text = Text::new("mappingproxy(");
    text.push_repr(cx, m)?;
    text.push(")");
    text.finish(cx)
}

fn hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let m = this(cx, args)?;
    let h = protocol::hash(cx, m)?;
    cx.new_int(h)
}

fn length(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let m = this(cx, args)?;
    let n = protocol::length(cx, m)?;
    cx.new_int(n as i64)
}

/// The attribute `key` of the class that the receiver shows; `None` when it shows a mapping.
fn of_shown_class(cx: &mut Cx, args: Args<'_>) -> Completion<Option<Value>> {
    let Some(class) = shown_class(args.this_obj()) else { return Ok(None) };
    if string::exact(args.get(1)).is_none() {
        protocol::hash(cx, args.get(1))?;
        return Ok(Some(Value::UNBOUND));
    }
    let name = string::interned(cx, args.get(1))?;
    class::see(cx, class::own(class, name)).map(Some)
}

fn get_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match of_shown_class(cx, args)? {
        Some(v) if v.is_bound() => Ok(v),
        Some(_) => Err(dict::key_error(cx, args.get(1))),
        None => protocol::get_item(cx, args.this_obj().raw(MAPPING), args.get(1)),
    }
}

fn contains(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match of_shown_class(cx, args)? {
        Some(v) => Ok(v.is_bound().into()),
        None => Ok(protocol::contains(cx, args.this_obj().raw(MAPPING), args.get(1))?.into()),
    }
}

fn get(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match of_shown_class(cx, args)? {
        Some(v) => Ok(v.bound().unwrap_or(args.get(2))),
        None => through(cx, args, "get", &[args.get(1), args.get(2)]),
    }
}

fn compare(cx: &mut Cx, op: CompareOp, args: Args<'_>) -> Completion<Value> {
    let (a, b) = (this(cx, args)?, mapping(cx, args.get(1))?);
    protocol::compare(cx, op, a, b)
}

fn or(cx: &mut Cx, a: Value, b: Value) -> Completion<Value> {
    let (a, b) = (mapping(cx, a)?, mapping(cx, b)?);
    protocol::binary(cx, BinaryOp::Or, a, b)
}

fn ior(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = cx.type_name(args.this());
    raise!(cx, TypeError, "'|=' is not supported by {name}; use '|' instead")
}
