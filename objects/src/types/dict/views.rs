//! `dict_keys`, `dict_values`, `dict_items`: live views of a dict, with set operations.
//!
//! Immutable objects over a dict; conflicts are the dict's.

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    native::{Args, GetSetDef},
    protocol::{self, CompareOp},
    table,
    types::{
        Body, T, TypeDef,
        dict::{self, iter::What},
        mappingproxy,
        support::{self, Text, rows},
    },
    value::Value,
};

const DICT: usize = 1;

/// The view of `d` that shows `what`.
///
/// # Errors
/// `MemoryError`.
pub fn new(cx: &mut Cx, d: Obj, what: What) -> Completion<Value> {
    let class = match what {
        What::Keys => T::dict_keys,
        What::Values => T::dict_values,
        What::Items => T::dict_items,
    };
    let view = cx.new_object(class)?;
    view.init(DICT, d.into());
    Ok(view.into())
}

/// The dict and kind of a view.
pub fn parts(cx: &Cx, v: Value) -> Option<(Obj, What)> {
    let o = v.obj().filter(|o| o.kind() == Kind::Frozen)?;
    let class = o.class();
    let what = if class == cx.class(T::dict_keys) {
        What::Keys
    } else if class == cx.class(T::dict_values) {
        What::Values
    } else if class == cx.class(T::dict_items) {
        What::Items
    } else {
        return None;
    };
    Some((o.raw(DICT).obj()?, what))
}

fn dict_of(args: Args<'_>) -> Obj {
    args.this_obj().raw(DICT).obj().unwrap_or_else(|| args.this_obj())
}

fn what_of(cx: &Cx, args: Args<'_>) -> What {
    parts(cx, args.this()).map_or(What::Keys, |(_, what)| what)
}

fn length(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::small(dict::len(cx, dict_of(args))? as i64))
}

fn iter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let what = what_of(cx, args);
    dict::iter::new(cx, dict_of(args), what, false)
}

fn reversed(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let what = what_of(cx, args);
    dict::iter::new(cx, dict_of(args), what, true)
}

fn contains_key(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(dict::contains(cx, dict_of(args), args.get(1))?.into())
}

fn contains_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(&[key, value]) = args.get(1).obj().filter(|o| o.kind() == Kind::Tuple).map(Obj::items)
    else {
        return Ok(Value::FALSE);
    };
    let found = dict::get_item(cx, dict_of(args), key)?;
    Ok(Value::bool(found.is_bound() && protocol::identical_or_equal(cx, found, value)?))
}

/// Whether `d` is a `collections.OrderedDict`, whose views show other names.
fn is_ordered_dict(d: Obj) -> bool {
    class::mro(d.class()).iter().filter_map(|v| v.obj()).any(|class| {
        !class::has_flag(class, class::flag::HEAP) && class::name(class) == "OrderedDict"
    })
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (d, what) = (dict_of(args), what_of(cx, args));
    let name = match what {
        _ if !is_ordered_dict(d) => cx.type_name(args.this()),
        What::Keys => "odict_keys",
        What::Values => "odict_values",
        What::Items => "odict_items",
    };
    support::guarded_repr(cx, args.this_obj(), "...", |cx| {
        let mut text = Text::new(name);
        text.push("([");
        let entries = dict::snapshot(cx, d)?;
        for (i, e) in entries.as_slice().chunks_exact(3).enumerate() {
            if i > 0 {
                text.push(", ");
            }
            match what {
                What::Keys => text.push_repr(cx, e[0])?,
                What::Values => text.push_repr(cx, e[2])?,
                What::Items => {
                    let pair = cx.new_tuple(&[e[0], e[2]])?;
                    text.push_repr(cx, pair)?;
                }
            }
        }
        text.push("])");
        text.finish(cx)
    })
}

fn mapping(cx: &mut Cx, this: Value) -> Completion<Value> {
    match parts(cx, this) {
        Some((d, _)) => mappingproxy::new(cx, d.into()),
        None => Ok(Value::NONE),
    }
}

/// `set(a)` changed in place by the set method `method` with `b`.
fn through_set(cx: &mut Cx, method: &str, a: Value, b: Value) -> Completion<Value> {
    let set = protocol::call(cx, cx.class(T::set).into(), &[a])?;
    let name = cx.intern(method)?;
    protocol::call_method(cx, set, name, &[b])?;
    Ok(set)
}

fn sub(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    through_set(cx, "difference_update", args.get(0), args.get(1))
}

fn rsub(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    through_set(cx, "difference_update", args.get(1), args.get(0))
}

fn and(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    through_set(cx, "intersection_update", args.get(0), args.get(1))
}

fn rand(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    through_set(cx, "intersection_update", args.get(1), args.get(0))
}

fn or(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    through_set(cx, "update", args.get(0), args.get(1))
}

fn ror(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    through_set(cx, "update", args.get(1), args.get(0))
}

fn xor(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    through_set(cx, "symmetric_difference_update", args.get(0), args.get(1))
}

fn rxor(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    through_set(cx, "symmetric_difference_update", args.get(1), args.get(0))
}

fn is_disjoint(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let this = args.this();
    let it = protocol::iter(cx, args.get(1))?;
    while let Some(item) = protocol::next(cx, it)? {
        if protocol::contains(cx, this, item)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}

fn all_in(cx: &mut Cx, a: Value, b: Value) -> Completion<bool> {
    let it = protocol::iter(cx, a)?;
    while let Some(item) = protocol::next(cx, it)? {
        if !protocol::contains(cx, b, item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn compare(cx: &mut Cx, op: CompareOp, args: Args<'_>) -> Completion<Value> {
    let (a, b) = (args.get(0), args.get(1));
    let is_set = cx.is_a(b, T::set) || cx.is_a(b, T::frozenset);
    let is_view = parts(cx, b).is_some_and(|(_, what)| what != What::Values);
    if !is_set && !is_view {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let order = protocol::length(cx, a)?.cmp(&protocol::length(cx, b)?);
    let result = match op {
        CompareOp::Eq => order.is_eq() && all_in(cx, a, b)?,
        CompareOp::Ne => !(order.is_eq() && all_in(cx, a, b)?),
        CompareOp::Lt => order.is_lt() && all_in(cx, a, b)?,
        CompareOp::Le => order.is_le() && all_in(cx, a, b)?,
        CompareOp::Gt => order.is_gt() && all_in(cx, b, a)?,
        CompareOp::Ge => order.is_ge() && all_in(cx, b, a)?,
    };
    Ok(result.into())
}

macro_rules! set_like {
    ($contains:ident) => {
        rows! {
            "__len__" "(self, /)" length, "Return len(self).";
            "__iter__" "(self, /)" iter, "Implement iter(self).";
            "__reversed__" "(self, /)" reversed, "Return a reverse iterator over the dict's entries.";
            "__contains__" "(self, key, /)" $contains, "Return bool(key in self).";
            "__repr__" "(self, /)" repr, "Return repr(self).";
            "__eq__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Eq, a), "Return self==value.";
            "__ne__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Ne, a), "Return self!=value.";
            "__lt__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Lt, a), "Return self<value.";
            "__le__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Le, a), "Return self<=value.";
            "__gt__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Gt, a), "Return self>value.";
            "__ge__" "(self, value, /)" |cx, a| compare(cx, CompareOp::Ge, a), "Return self>=value.";
            "__sub__" "(self, value, /)" sub, "Return self-value.";
            "__rsub__" "(self, value, /)" rsub, "Return value-self.";
            "__and__" "(self, value, /)" and, "Return self&value.";
            "__rand__" "(self, value, /)" rand, "Return value&self.";
            "__or__" "(self, value, /)" or, "Return self|value.";
            "__ror__" "(self, value, /)" ror, "Return value|self.";
            "__xor__" "(self, value, /)" xor, "Return self^value.";
            "__rxor__" "(self, value, /)" rxor, "Return value^self.";
            "isdisjoint" "(self, other, /)" is_disjoint,
                "Return True if the view and the given iterable have a null intersection.";
        }
    };
}

const GETSET: &[GetSetDef] = &[GetSetDef {
    name: "mapping",
    get: mapping,
    set: None,
    doc: "dictionary that this view refers to",
}];
const BODY: Body = Body::Words(Kind::Frozen, 2);

/// `dict_keys`.
pub static KEYS: TypeDef = TypeDef {
    id: Some(T::dict_keys),
    name: "dict_keys",
    body: BODY,
    methods: set_like!(contains_key),
    getset: GETSET,
    ..TypeDef::BASE
};

/// `dict_items`.
pub static ITEMS: TypeDef = TypeDef {
    id: Some(T::dict_items),
    name: "dict_items",
    body: BODY,
    methods: set_like!(contains_item),
    getset: GETSET,
    ..TypeDef::BASE
};

/// `dict_values`.
pub static VALUES: TypeDef = TypeDef {
    id: Some(T::dict_values),
    name: "dict_values",
    body: BODY,
    methods: rows! {
        "__len__" "(self, /)" length, "Return len(self).";
        "__iter__" "(self, /)" iter, "Implement iter(self).";
        "__reversed__" "(self, /)" reversed, "Return a reverse iterator over the dict's values.";
        "__repr__" "(self, /)" repr, "Return repr(self).";
    },
    getset: GETSET,
    ..TypeDef::BASE
};

/// How many entries a view's dict has; for `len()` fast paths.
///
/// # Errors
/// The attempt's abort.
pub fn len(cx: &mut Cx, view: Obj) -> Completion<usize> {
    match view.raw(DICT).obj() {
        Some(d) => table::len(cx, d),
        None => Ok(0),
    }
}
