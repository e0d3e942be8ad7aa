//! The Python methods of `dict`.

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::Special,
    native::Args,
    protocol, raise, table,
    types::{
        Body, T, TypeDef,
        dict::{self, iter::What},
        support::{self, Text, rows},
    },
    value::Value,
};

/// `dict`.
pub static DICT: TypeDef = TypeDef {
    id: Some(T::dict),
    name: "dict",
    body: Body::Words(Kind::Dict, 6),
    subclassable: true,
    methods: METHODS,
    class_methods: CLASS_METHODS,
    static_methods: STATIC_METHODS,
    doc: "dict() -> new empty dictionary\n\
          dict(mapping) -> new dictionary initialized from a mapping object's\n    (key, value) pairs\n\
          dict(iterable) -> new dictionary initialized as if via:\n    d = {}\n    for k, v in iterable:\n        d[k] = v\n\
          dict(**kwargs) -> new dictionary initialized with the name=value pairs\n    in the keyword argument list.  \
          For example:  dict(one=1, two=2)",
    flags: crate::class::flag::MAPPING,
    ..TypeDef::BASE
};

const STATIC_METHODS: &[crate::native::NativeDef] = rows! {
    "__new__" "(type, /, *args, **kwargs)" new, "Create and return a new object.";
};

const CLASS_METHODS: &[crate::native::NativeDef] = rows! {
    "fromkeys" "(type, iterable, value=None, /)" from_keys,
        "Create a new dictionary with keys from iterable and values set to value.";
    "__class_getitem__" "(type, item, /)" support::class_getitem, "See PEP 585";
};

const METHODS: &[crate::native::NativeDef] = rows! {
    "__init__" "(self, /, *args, **kwargs)" init, "Initialize self.";
    "__repr__" "(self, /)" repr, "Return repr(self).";
    "__len__" "(self, /)" length, "Return len(self).";
    "__getitem__" "(self, key, /)" get_item, "Return self[key].";
    "__setitem__" "(self, key, value, /)" set_item, "Set self[key] to value.";
    "__delitem__" "(self, key, /)" del_item, "Delete self[key].";
    "__contains__" "(self, key, /)" contains, "True if the dictionary has the specified key, else False.";
    "__iter__" "(self, /)" iter, "Implement iter(self).";
    "__reversed__" "(self, /)" reversed, "Return a reverse iterator over the dict keys.";
    "__eq__" "(self, value, /)" eq, "Return self==value.";
    "__ne__" "(self, value, /)" ne, "Return self!=value.";
    "__or__" "(self, value, /)" or, "Return self|value.";
    "__ror__" "(self, value, /)" ror, "Return value|self.";
    "__ior__" "(self, value, /)" ior, "Return self|=value.";
    "__sizeof__" "(self, /)" sizeof, "Return the size of the dict in memory.";
    "get" "(self, key, default=None, /)" get, "Return the value for key if key is in the dictionary, else default.";
    "setdefault" "(self, key, default=None, /)" set_default,
        "Insert key with a value of default if key is not in the dictionary.\n\nReturn the value for key if key is in the dictionary, else default.";
    "pop" "(self, key, default=<unrepresentable>, /)" pop,
        "D.pop(k[,d]) -> v, remove specified key and return the corresponding value.\n\nIf the key is not found, return the default if given; otherwise,\nraise a KeyError.";
    "popitem" "(self, /)" pop_item,
        "Remove and return a (key, value) pair as a 2-tuple.\n\nPairs are returned in LIFO (last-in, first-out) order.\nRaises KeyError if the dict is empty.";
    "keys" "(self, /)" keys, "Return a set-like object providing a view on the dict's keys.";
    "items" "(self, /)" items, "Return a set-like object providing a view on the dict's items.";
    "values" "(self, /)" values, "Return an object providing a view on the dict's values.";
    "update" "(self, /, *args, **kwargs)" update,
        "D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F.\nIf E is present and has a .keys() method, then does:  for k in E.keys(): D[k] = E[k]\nIf E is present and lacks a .keys() method, then does:  for k, v in E: D[k] = v\nIn either case, this is followed by: for k in F:  D[k] = F[k]";
    "clear" "(self, /)" clear, "Remove all items from the dict.";
    "copy" "(self, /)" copy, "Return a shallow copy of the dict.";
};

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = support::class_for_new(cx, args, T::dict)?;
    let d = cx.new_instance(class)?;
    table::init_empty(d);
    Ok(d.into())
}

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    update_common(cx, args, "dict")
}

fn update(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    update_common(cx, args, "update")
}

fn update_common(cx: &mut Cx, args: Args<'_>, name: &str) -> Completion<Value> {
    let d = args.this_obj();
    support::at_most(cx, name, args.rest(1), 1)?;
    if let Some(&other) = args.rest(1).first() {
        dict::update(cx, d, other)?;
    }
    if let Some(kwargs) = args.get(2).obj() {
        dict::merge(cx, d, kwargs)?;
    }
    Ok(Value::NONE)
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    if dict::len(cx, d)? == 0 {
        return cx.new_str("{}");
    }
    support::guarded_repr(cx, d, "{...}", |cx| {
        let mut text = Text::new("{");
        let mut from = 0;
        while let Some(e) = dict::next_entry(cx, d, from)? {
            if from > 0 {
                text.push(", ");
            }
            from = e.n + 1;
            text.push_repr(cx, e.key)?;
            text.push(": ");
            text.push_repr(cx, e.value)?;
        }
        text.push("}");
        text.finish(cx)
    })
}

fn length(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(Value::small(dict::len(cx, args.this_obj())? as i64))
}

/// `d[key]` with `__missing__` for subclasses.
///
/// # Errors
/// `KeyError`, and whatever `__hash__`, `__eq__` or `__missing__` raise.
pub fn subscript(cx: &mut Cx, d: Obj, key: Value) -> Completion<Value> {
    if let Some(v) = dict::get_item(cx, d, key)?.bound() {
        return Ok(v);
    }
    if d.class() != cx.class(T::dict)
        && let Some(v) = protocol::call_special(cx, d.into(), Special::Missing, &[key])?
    {
        return Ok(v);
    }
    Err(dict::key_error(cx, key))
}

fn get_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    subscript(cx, args.this_obj(), args.get(1))
}

fn set_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    dict::set_item(cx, args.this_obj(), args.get(1), args.get(2))?;
    Ok(Value::NONE)
}

fn del_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if dict::del_item(cx, args.this_obj(), args.get(1))? {
        return Ok(Value::NONE);
    }
    Err(dict::key_error(cx, args.get(1)))
}

fn contains(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(dict::contains(cx, args.this_obj(), args.get(1))?.into())
}

fn iter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    dict::iter::new(cx, args.this_obj(), What::Keys, false)
}

fn reversed(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    dict::iter::new(cx, args.this_obj(), What::Keys, true)
}

fn compare(cx: &mut Cx, args: Args<'_>) -> Completion<Option<bool>> {
    match dict::exact_kind(args.get(1)) {
        Some(other) => dict::equal(cx, args.this_obj(), other).map(Some),
        None => Ok(None),
    }
}

fn eq(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(compare(cx, args)?.map_or(Value::NOT_IMPLEMENTED, Value::bool))
}

fn ne(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(compare(cx, args)?.map_or(Value::NOT_IMPLEMENTED, |same| Value::bool(!same)))
}

fn union(cx: &mut Cx, a: Value, b: Value) -> Completion<Value> {
    let (Some(a), Some(b)) = (dict::exact_kind(a), dict::exact_kind(b)) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let both = dict::copy(cx, a)?;
    dict::update(cx, both, b.into())?;
    Ok(both.into())
}

fn or(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    union(cx, args.get(0), args.get(1))
}

fn ror(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    union(cx, args.get(1), args.get(0))
}

fn ior(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    dict::update(cx, args.this_obj(), args.get(1))?;
    Ok(args.this())
}

fn sizeof(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    let words = cx.bracket(d, || table::table_of::<3>(d).map_or(0, |t| t.0.len() + 2))?;
    Ok(Value::small((words + 6) as i64 * 8))
}

fn get(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(dict::get_item(cx, args.this_obj(), args.get(1))?.bound().unwrap_or(args.get(2)))
}

fn set_default(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    dict::set_default(cx, args.this_obj(), args.get(1), args.get(2))
}

fn pop(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let taken = dict::take(cx, args.this_obj(), args.get(1))?;
    match taken.bound().or(args.opt(2)) {
        Some(v) => Ok(v),
        None => Err(dict::key_error(cx, args.get(1))),
    }
}

fn pop_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match dict::pop_last(cx, args.this_obj())? {
        Some((key, value)) => cx.new_tuple(&[key, value]),
        None => raise!(cx, KeyError, "popitem(): dictionary is empty"),
    }
}

fn keys(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    dict::views::new(cx, args.this_obj(), What::Keys)
}

fn items(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    dict::views::new(cx, args.this_obj(), What::Items)
}

fn values(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    dict::views::new(cx, args.this_obj(), What::Values)
}

fn clear(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    dict::clear(cx, args.this_obj())?;
    Ok(Value::NONE)
}

fn copy(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(dict::copy(cx, args.this_obj())?.into())
}

fn from_keys(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let value = args.get(2);
    let made = protocol::call(cx, args.get(0), &[])?;
    let set = class::special(cx.class_of(made), Special::SetItem);
    let plain = set == class::special(cx.class(T::dict), Special::SetItem);
    let fast = dict::exact_kind(made).filter(|_| plain);
    protocol::for_each(cx, args.get(1), |cx, key| match fast {
        Some(d) => dict::set_item(cx, d, key, value),
        None => protocol::set_item(cx, made, key, value),
    })?;
    Ok(made)
}
