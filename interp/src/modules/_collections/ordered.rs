//! `OrderedDict`: dicts keep their order anyway; this adds what is about the order.
//!
//! Conflicts: those of `dict`. `move_to_end(last=False)` rewrites the whole table.

use taipan_objects::{
    Body, Completion, Cx, Kind, NativeDef, Obj, Special, T, TypeDef, Value, class,
    native::Args,
    protocol, raise, rows, table,
    types::{
        dict,
        support::{self, Text},
    },
};

/// `OrderedDict`.
pub(super) static ORDERED_DICT: TypeDef = TypeDef {
    name: "OrderedDict",
    module: "collections",
    base: T::dict,
    body: Body::WithDict(Kind::Dict, 6),
    subclassable: true,
    methods: METHODS,
    class_methods: rows! {
        "fromkeys" "(type, iterable, value=None)" from_keys,
            "Create a new ordered dictionary with keys from iterable and values set to value.";
    },
    static_methods: rows! {
        "__new__" "(type, /, *args, **kwargs)" new, "Create and return a new object.";
    },
    doc: "Dictionary that remembers insertion order",
    ..TypeDef::BASE
};

const METHODS: &[NativeDef] = rows! {
    "__init__" "(self, /, *args, **kwargs)" init, "Initialize self.  See help(type(self)) for accurate signature.";
    "__repr__" "(self, /)" repr, "Return repr(self).";
    "__eq__" "(self, value, /)" eq, "Return self==value.";
    "__ne__" "(self, value, /)" ne, "Return self!=value.";
    "__or__" "(self, value, /)" or, "Return self|value.";
    "__ror__" "(self, value, /)" ror, "Return value|self.";
    "__ior__" "(self, value, /)" ior, "Return self|=value.";
    "__reduce__" "(self, /)" reduce, "Return state information for pickling";
    "copy" "(self, /)" copy, "od.copy() -> a shallow copy of od";
    "move_to_end" "(self, /, key, last=True)" move_to_end,
        "Move an existing element to the end (or beginning if last is false).\n\nRaise KeyError if the element does not exist.";
    "pop" "(self, /, key, default=<unrepresentable>)" pop,
        "od.pop(key[,default]) -> v, remove specified key and return the corresponding value.\n\nIf the key is not found, return the default if given; otherwise,\nraise a KeyError.";
    "popitem" "(self, /, last=True)" pop_item,
        "Remove and return a (key, value) pair from the dictionary.\n\nPairs are returned in LIFO order if last is true or FIFO order if false.";
    "setdefault" "(self, /, key, default=None)" set_default,
        "Insert key with a value of default if key is not in the dictionary.\n\nReturn the value for key if key is in the dictionary, else default.";
    "update" "(self, /, *args, **kwargs)" update,
        "D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F.";
};

/// Whether the class of `d` assigns items as `dict` does.
fn is_plain(cx: &Cx, d: Obj, s: Special) -> bool {
    class::special(d.class(), s) == class::special(cx.class(T::dict), s)
}

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = support::class_for_new(cx, args, T::dict)?;
    let d = cx.new_instance(class)?;
    table::init_empty(d);
    Ok(d.into())
}

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    update_common(cx, args, "")
}

fn update(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    update_common(cx, args, "update() ")
}

fn update_common(cx: &mut Cx, args: Args<'_>, name: &str) -> Completion<Value> {
    let d = args.this_obj();
    let n = args.rest(1).len();
    if n > 1 {
        return raise!(cx, TypeError, "{name}expected at most 1 arguments, got {n}");
    }
    for other in args.rest(1).iter().copied().chain(args.opt(2)) {
        if is_plain(cx, d, Special::SetItem) {
            dict::update(cx, d, other)?;
        } else {
            update_through(cx, d, other)?;
        }
    }
    Ok(Value::NONE)
}

/// `update` through the subclass's own `__setitem__`.
fn update_through(cx: &mut Cx, d: Obj, other: Value) -> Completion<()> {
    let plain = dict::new(cx)?;
    dict::update(cx, plain, other)?;
    let items = dict::items(cx, plain)?;
    for pair in items.as_slice().chunks_exact(2) {
        protocol::set_item(cx, d.into(), pair[0], pair[1])?;
    }
    Ok(())
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    let name = cx.short_type_name(d.into());
    if dict::len(cx, d)? == 0 {
        return cx.new_str(&format!("{name}()"));
    }
    support::guarded_repr(cx, d, "...", |cx| {
        let plain = dict::copy(cx, d)?;
        let mut text = Text::new(name);
        text.push("(");
        text.push_repr(cx, plain.into())?;
        text.push(")");
        text.finish(cx)
    })
}

fn equal(cx: &mut Cx, args: Args<'_>) -> Completion<Option<bool>> {
    let (a, Some(b)) = (args.this_obj(), dict::exact_kind(args.get(1))) else { return Ok(None) };
    if !dict::equal(cx, a, b)? {
        return Ok(Some(false));
    }
    let base = cx.type_for(&ORDERED_DICT)?;
    if !class::is_subclass(b.class(), base) {
        return Ok(Some(true));
    }
    let (x, y) = (dict::keys(cx, a)?, dict::keys(cx, b)?);
    for (&k, &l) in x.as_slice().iter().zip(y.as_slice()) {
        if !protocol::identical_or_equal(cx, k, l)? {
            return Ok(Some(false));
        }
    }
    Ok(Some(x.len() == y.len()))
}

fn eq(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(equal(cx, args)?.map_or(Value::NOT_IMPLEMENTED, Value::bool))
}

fn ne(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(equal(cx, args)?.map_or(Value::NOT_IMPLEMENTED, |same| Value::bool(!same)))
}

fn union(cx: &mut Cx, class: Obj, a: Value, b: Value) -> Completion<Value> {
    if dict::exact_kind(a).is_none() || dict::exact_kind(b).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let made = protocol::call(cx, class.into(), &[a])?;
    let name = cx.name(taipan_objects::N::update);
    protocol::call_method(cx, made, name, &[b])?;
    Ok(made)
}

fn or(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    union(cx, args.this_obj().class(), args.get(0), args.get(1))
}

fn ror(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    union(cx, args.this_obj().class(), args.get(1), args.get(0))
}

fn ior(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = cx.name(taipan_objects::N::update);
    protocol::call_method(cx, args.this(), name, &[args.get(1)])?;
    Ok(args.this())
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    let getstate = cx.name(taipan_objects::N::getstate);
    let state = protocol::call_method(cx, d.into(), getstate, &[])?;
    let name = cx.name(taipan_objects::N::items);
    let items = protocol::call_method(cx, d.into(), name, &[])?;
    let items = protocol::iter(cx, items)?;
    let empty = cx.world.empty_tuple();
    cx.new_tuple(&[d.class().into(), empty, state, Value::NONE, items])
}

fn copy(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    protocol::call(cx, d.class().into(), &[d.into()])
}

fn move_to_end(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let last = protocol::truth(cx, args.get(2))?;
    if dict::move_to_end(cx, args.this_obj(), args.get(1), last)? {
        return Ok(Value::NONE);
    }
    Err(dict::key_error(cx, args.get(1)))
}

fn pop(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (d, key) = (args.this_obj(), args.get(1));
    match dict::take(cx, d, key)?.bound().or(args.opt(2)) {
        Some(v) => Ok(v),
        None => Err(dict::key_error(cx, key)),
    }
}

fn pop_item(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let d = args.this_obj();
    let last = protocol::truth(cx, args.get(1))?;
    let taken = if last { dict::pop_last(cx, d)? } else { dict::pop_first(cx, d)? };
    match taken {
        Some((key, v)) => cx.new_tuple(&[key, v]),
        None => raise!(cx, KeyError, "dictionary is empty"),
    }
}

fn set_default(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (d, key, default) = (args.this_obj(), args.get(1), args.get(2));
    if is_plain(cx, d, Special::SetItem) {
        return dict::set_default(cx, d, key, default);
    }
    if let Some(v) = dict::get_item(cx, d, key)?.bound() {
        return Ok(v);
    }
    protocol::set_item(cx, d.into(), key, default)?;
    Ok(default)
}

fn from_keys(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let made = protocol::call(cx, args.get(0), &[])?;
    let value = args.get(2);
    protocol::for_each(cx, args.get(1), |cx, key| protocol::set_item(cx, made, key, value))?;
    Ok(made)
}
