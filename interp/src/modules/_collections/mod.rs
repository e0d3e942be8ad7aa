//! `_collections`: `deque`, `defaultdict`, `OrderedDict`, and what named tuples and `Counter` need.

mod defaultdict;
mod deque;
mod deque_iter;
mod ordered;

use taipan_objects::{
    Body, Completion, Cx, GetSetDef, Kind, NativeDef, Special, T, TypeDef, Value, class,
    native::Args,
    protocol::{self, BinaryOp},
    raise, rows,
    types::{dict, tuple},
};

use super::ModuleDef;

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_collections",
    doc: "High performance data structures.\n- deque:        ordered collection accessible from endpoints only\n- defaultdict:  dict subclass with a default value factory\n",
    functions: FUNCTIONS,
    types: &[
        &deque::DEQUE,
        &deque_iter::ITERATOR,
        &deque_iter::REVERSE_ITERATOR,
        &defaultdict::DEFAULTDICT,
        &ordered::ORDERED_DICT,
        &TUPLEGETTER,
    ],
    ..ModuleDef::BASE
};

const FUNCTIONS: &[NativeDef] = rows! {
    "_count_elements" "(mapping, iterable, /)" count_elements,
        "_count_elements(mapping, iterable) -> None\n\nCount elements in the iterable, updating the mapping";
};

fn count_elements(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mapping = args.get(0);
    let get_name = cx.name(taipan_objects::N::get);
    let class = cx.class_of(mapping);
    let base = cx.class(T::dict);
    let plain = dict::exact_kind(mapping).filter(|_| {
        class::special(class, Special::SetItem) == class::special(base, Special::SetItem)
            && class::lookup_uncached(class, get_name) == class::own(base, get_name)
    });
    let one = Value::small(1);
    if let Some(d) = plain {
        protocol::for_each(cx, args.get(1), |cx, key| {
            let n = dict::get_item(cx, d, key)?.bound().unwrap_or(Value::small(0));
            let next = match if n.is_small() { n.small_add(one) } else { None } {
                Some(next) => next,
                None => protocol::binary(cx, BinaryOp::Add, n, one)?,
            };
            dict::set_item(cx, d, key, next)
        })?;
        return Ok(Value::NONE);
    }
    let get = protocol::get_attr(cx, mapping, get_name)?;
    protocol::for_each(cx, args.get(1), |cx, key| {
        let n = protocol::call(cx, get, &[key, Value::small(0)])?;
        let next = protocol::binary(cx, BinaryOp::Add, n, one)?;
        protocol::set_item(cx, mapping, key, next)
    })?;
    Ok(Value::NONE)
}

const INDEX: usize = 2;
const DOC: usize = 3;

/// `_tuplegetter`: the attribute of a named tuple for one index.
static TUPLEGETTER: TypeDef = TypeDef {
    name: "_tuplegetter",
    module: "_collections",
    body: Body::Words(Kind::Record, 4),
    methods: rows! {
        "__get__" "(self, instance, owner=None, /)" getter_get, "Return an attribute of instance, which is of type owner.";
        "__set__" "(self, instance, value, /)" getter_set, "Set an attribute of instance to value.";
        "__delete__" "(self, instance, /)" getter_set, "Delete an attribute of instance.";
        "__reduce__" "(self, /)" getter_reduce, "Return state information for pickling.";
        "__repr__" "(self, /)" getter_repr, "Return repr(self).";
    },
    static_methods: rows! {
        "__new__" "(type, index, doc, /)" getter_new, "Create and return a new object.";
    },
    getset: &[GetSetDef {
        name: "__doc__",
        get: |cx, v| match v.obj().filter(|o| o.kind() == Kind::Record) {
            Some(o) => cx.read(o, DOC),
            None => Ok(Value::NONE),
        },
        set: Some(|cx, v, doc| match v.obj() {
            Some(o) => cx.set(o, DOC, doc.bound().unwrap_or(Value::NONE)),
            None => Ok(()),
        }),
        doc: "",
    }],
    ..TypeDef::BASE
};

fn getter_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let index = protocol::index_i64(cx, args.get(1))?;
    let class = cx.type_for(&TUPLEGETTER)?;
    let o = cx.new_instance(class)?;
    o.init(INDEX, Value::small(index.clamp(0, Value::INT_MAX)));
    o.init(DOC, args.get(2));
    Ok(o.into())
}

fn getter_get(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (getter, v) = (args.this_obj(), args.get(1));
    if v.is_none() {
        return Ok(args.this());
    }
    let index = getter.raw(INDEX).as_small();
    let Some(items) = tuple::items_of(v) else {
        let name = cx.type_name(v);
        return raise!(
            cx,
            TypeError,
            "descriptor for index '{index}' for tuple subclasses doesn't apply to '{name}' object"
        );
    };
    match items.get(index as usize) {
        Some(&item) => Ok(item),
        None => raise!(cx, IndexError, "tuple index out of range"),
    }
}

fn getter_set(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if args.0.len() == 2 {
        return raise!(cx, AttributeError, "can't delete attribute");
    }
    raise!(cx, AttributeError, "can't set attribute")
}

fn getter_reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let getter = args.this_obj();
    let doc = cx.read(getter, DOC)?;
    let arguments = cx.new_tuple(&[getter.raw(INDEX), doc])?;
    cx.new_tuple(&[getter.class().into(), arguments])
}

fn getter_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let getter = args.this_obj();
    let doc = cx.read(getter, DOC)?;
    let doc = protocol::convert::repr_text(cx, doc)?;
    let index = getter.raw(INDEX).as_small();
    cx.new_str(&format!("_tuplegetter({index}, {doc})"))
}
