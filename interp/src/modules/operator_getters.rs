//! `_operator.attrgetter`, `itemgetter`, `methodcaller`. Immutable: no conflicts of their own.

use taipan_objects::{
    Args, Body, Completion, Cx, Kind, Obj, TypeDef, Value,
    protocol::{self, RootVec, convert::repr_text},
    raise,
    types::{dict, str as string},
};

use super::rows::row;

const A: usize = 1;
const B: usize = 2;
const C: usize = 3;

fn fresh(cx: &mut Cx, def: &'static TypeDef) -> Completion<Obj> {
    let class = cx.type_for(def)?;
    cx.new_instance(class)
}

fn items(o: Obj, slot: usize) -> &'static [Value] {
    o.raw(slot).obj().map_or(&[], Obj::items)
}

/// One result alone, several as a tuple.
fn gather(
    cx: &mut Cx,
    keys: &[Value],
    mut get: impl FnMut(&mut Cx, Value) -> Completion<Value>,
) -> Completion<Value> {
    if let [key] = *keys {
        return get(cx, key);
    }
    let mut all = RootVec::new();
    for &key in keys {
        let v = get(cx, key)?;
        all.push(cx, v)?;
    }
    cx.new_tuple(all.as_slice())
}

fn repr_list(cx: &mut Cx, values: &[Value]) -> Completion<String> {
    let mut parts = Vec::with_capacity(values.len());
    for &v in values {
        parts.push(repr_text(cx, v)?);
    }
    Ok(parts.join(", "))
}

fn reduce_to(cx: &mut Cx, o: Obj, arguments: Value) -> Completion<Value> {
    cx.new_tuple(&[o.class().into(), arguments])
}

/// `attrgetter(attr, /, *attrs)`: slot `A` a tuple with, for each attribute, a tuple of interned
/// names to follow; `B` the texts.
pub(super) static ATTRGETTER: TypeDef = TypeDef {
    name: "attrgetter",
    module: "operator",
    body: Body::Words(Kind::Frozen, 3),
    static_methods: &[row!(
        "__new__",
        "(type, attr, /, *attrs)",
        attrgetter_new,
        "Create and return a new object."
    )],
    methods: &[
        row!("__call__", "(self, obj, /)", attrgetter_call, "Call self as a function."),
        row!("__repr__", "(self, /)", attrgetter_repr, "Return repr(self)."),
        row!(
            "__reduce__",
            "(self, /)",
            |cx, args| reduce_to(cx, args.this_obj(), args.this_obj().raw(B)),
            "Return state information for pickling"
        ),
    ],
    doc: "Return a callable object that fetches the given attribute(s) from its operand.\n\nAfter f = attrgetter('name'), the call f(r) returns r.name.\nAfter g = attrgetter('name', 'date'), the call g(r) returns (r.name, r.date).\nAfter h = attrgetter('name.first', 'name.last'), the call h(r) returns\n(r.name.first, r.name.last).",
    ..TypeDef::BASE
};

fn attrgetter_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut texts = RootVec::from_slice(cx, &[args.get(1)])?;
    for &v in args.rest(2) {
        texts.push(cx, v)?;
    }
    let mut paths = RootVec::new();
    for &v in texts.as_slice() {
        let Some(text) = string::text(v) else {
            return raise!(cx, TypeError, "attribute name must be a string");
        };
        let mut path = RootVec::new();
        for part in text.split('.') {
            let name = cx.intern(part)?;
            path.push(cx, name)?;
        }
        let path = cx.new_tuple(path.as_slice())?;
        paths.push(cx, path)?;
    }
    let paths = cx.new_tuple(paths.as_slice())?;
    let texts = cx.new_tuple(texts.as_slice())?;
    let o = fresh(cx, &ATTRGETTER)?;
    o.init(A, paths);
    o.init(B, texts);
    Ok(o.into())
}

fn attrgetter_call(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let v = args.get(1);
    gather(cx, items(args.this_obj(), A), |cx, path| {
        let names = path.obj().map_or(&[][..], Obj::items);
        names.iter().try_fold(v, |v, &name| protocol::get_attr(cx, v, name))
    })
}

fn attrgetter_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let shown = repr_list(cx, items(args.this_obj(), B))?;
    cx.new_str(&format!("operator.attrgetter({shown})"))
}

/// `itemgetter(item, /, *items)`: slot `A` a tuple of keys.
pub(super) static ITEMGETTER: TypeDef = TypeDef {
    name: "itemgetter",
    module: "operator",
    body: Body::Words(Kind::Frozen, 2),
    static_methods: &[row!(
        "__new__",
        "(type, item, /, *items)",
        itemgetter_new,
        "Create and return a new object."
    )],
    methods: &[
        row!("__call__", "(self, obj, /)", itemgetter_call, "Call self as a function."),
        row!("__repr__", "(self, /)", itemgetter_repr, "Return repr(self)."),
        row!(
            "__reduce__",
            "(self, /)",
            |cx, args| reduce_to(cx, args.this_obj(), args.this_obj().raw(A)),
            "Return state information for pickling"
        ),
    ],
    doc: "Return a callable object that fetches the given item(s) from its operand.\n\nAfter f = itemgetter(2), the call f(r) returns r[2].\nAfter g = itemgetter(2, 5, 3), the call g(r) returns (r[2], r[5], r[3])",
    ..TypeDef::BASE
};

fn itemgetter_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut keys = RootVec::from_slice(cx, &[args.get(1)])?;
    for &v in args.rest(2) {
        keys.push(cx, v)?;
    }
    let keys = cx.new_tuple(keys.as_slice())?;
    let o = fresh(cx, &ITEMGETTER)?;
    o.init(A, keys);
    Ok(o.into())
}

fn itemgetter_call(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let v = args.get(1);
    gather(cx, items(args.this_obj(), A), |cx, key| protocol::get_item(cx, v, key))
}

fn itemgetter_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let shown = repr_list(cx, items(args.this_obj(), A))?;
    cx.new_str(&format!("operator.itemgetter({shown})"))
}

/// `methodcaller(name, /, *args, **kwargs)`: slots `A` the interned name, `B` a tuple of
/// positional arguments, `C` a dict that nobody changes.
pub(super) static METHODCALLER: TypeDef = TypeDef {
    name: "methodcaller",
    module: "operator",
    body: Body::Words(Kind::Frozen, 4),
    static_methods: &[row!(
        "__new__",
        "(type, name, /, *args, **kwargs)",
        methodcaller_new,
        "Create and return a new object."
    )],
    methods: &[
        row!("__call__", "(self, obj, /)", methodcaller_call, "Call self as a function."),
        row!("__repr__", "(self, /)", methodcaller_repr, "Return repr(self)."),
        row!(
            "__reduce__",
            "(self, /)",
            methodcaller_reduce,
            "Return state information for pickling"
        ),
    ],
    doc: "Return a callable object that calls the given method on its operand.\n\nAfter f = methodcaller('name'), the call f(r) returns r.name().\nAfter g = methodcaller('name', 'date', foo=1), the call g(r) returns\nr.name('date', foo=1).",
    ..TypeDef::BASE
};

fn methodcaller_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if string::exact(args.get(1)).is_none() {
        return raise!(cx, TypeError, "method name must be a string");
    }
    let name = string::interned(cx, args.get(1))?;
    let o = fresh(cx, &METHODCALLER)?;
    o.init(A, name);
    o.init(B, args.get(2));
    o.init(C, args.get(3));
    Ok(o.into())
}

fn methodcaller_call(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let method = protocol::get_attr(cx, args.get(1), o.raw(A))?;
    protocol::call::call_star(cx, method, items(o, B), o.raw(C))
}

fn methodcaller_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let mut parts = vec![repr_text(cx, o.raw(A))?];
    for &v in items(o, B) {
        parts.push(repr_text(cx, v)?);
    }
    if let Some(d) = o.raw(C).obj() {
        for pair in dict::items(cx, d)?.as_slice().chunks_exact(2) {
            let name = string::text(pair[0]).unwrap_or("?");
            parts.push(format!("{name}={}", repr_text(cx, pair[1])?));
        }
    }
    cx.new_str(&format!("operator.methodcaller({})", parts.join(", ")))
}

fn methodcaller_reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let mut arguments = RootVec::from_slice(cx, &[o.raw(A)])?;
    for &v in items(o, B) {
        arguments.push(cx, v)?;
    }
    let has_keywords = match o.raw(C).obj() {
        Some(d) => dict::len(cx, d)? > 0,
        None => false,
    };
    if !has_keywords {
        let arguments = cx.new_tuple(arguments.as_slice())?;
        return reduce_to(cx, o, arguments);
    }
    // Keywords travel in a partial of the class.
    let functools = cx.world.import_module(cx, "functools")?;
    let name = cx.intern("partial")?;
    let partial = protocol::get_attr(cx, functools, name)?;
    let made = protocol::call::call_star(cx, partial, &[o.class().into(), o.raw(A)], o.raw(C))?;
    let rest = cx.new_tuple(items(o, B))?;
    cx.new_tuple(&[made, rest])
}
