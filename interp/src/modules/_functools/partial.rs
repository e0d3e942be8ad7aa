//! `partial`, with placeholders.
//!
//! Slots: function, tuple of arguments, dict of keyword arguments, number of placeholders. They change only through
//! `__setstate__`. Conflicts: none between calls.

use taipan_objects::{
    Body, Completion, Cx, GetSetDef, Kind, NativeDef, Obj, T, TypeDef, Value, class,
    native::Args,
    protocol::{self, RootVec},
    raise, rows,
    types::{
        descr, dict, str as string,
        support::{self, Text},
        tuple, type_,
    },
};

const FUNC: usize = 2;
const ARGS: usize = 3;
const KEYWORDS: usize = 4;
const PLACEHOLDERS: usize = 5;

/// `_PlaceholderType`.
pub(super) static PLACEHOLDER_TYPE: TypeDef = TypeDef {
    name: "_PlaceholderType",
    module: "functools",
    body: Body::Words(Kind::Frozen, 2),
    methods: rows! {
        "__repr__" "(self, /)" |cx, _| cx.new_str("Placeholder"), "Return repr(self).";
        "__reduce__" "(self, /)" |cx, _| cx.new_str("Placeholder"), "Helper for pickle.";
    },
    static_methods: rows! {
        "__new__" "(type, /, *args, **kwargs)" new_placeholder, "Create and return a new object.";
    },
    doc: "The type of the Placeholder singleton.\n\nUsed as a placeholder for partial arguments.",
    ..TypeDef::BASE
};

/// `Placeholder`, an attribute of its class.
pub(super) fn placeholder(cx: &mut Cx) -> Completion<Value> {
    let class = cx.type_for(&PLACEHOLDER_TYPE)?;
    let name = cx.intern("_instance")?;
    if let Some(v) = class::own(class, name).bound() {
        return Ok(v);
    }
    let made = cx.new_instance(class)?;
    class::define(cx, class, name, made.into())?;
    Ok(made.into())
}

fn new_placeholder(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let kwargs = match args.get(2).obj() {
        Some(d) => dict::len(cx, d)?,
        None => 0,
    };
    if !args.rest(1).is_empty() || kwargs > 0 {
        return raise!(cx, TypeError, "_PlaceholderType takes no arguments");
    }
    placeholder(cx)
}

macro_rules! member {
    ($name:literal, $slot:expr, $doc:literal) => {
        GetSetDef {
            name: $name,
            get: |cx, v| match v.obj() {
                Some(o) => cx.read(o, $slot),
                None => Ok(Value::NONE),
            },
            set: None,
            doc: $doc,
        }
    };
}

/// `partial`.
/// `functools.partial`.
pub static PARTIAL: TypeDef = TypeDef {
    name: "partial",
    module: "functools",
    body: Body::WithDict(Kind::Record, 6),
    subclassable: true,
    methods: METHODS,
    class_methods: rows! {
        "__class_getitem__" "(type, item, /)" support::class_getitem, "See PEP 585";
    },
    static_methods: rows! {
        "__new__" "(type, /, *args, **kwargs)" new, "Create and return a new object.";
    },
    getset: &[
        member!("func", FUNC, "function object to use in future partial calls"),
        member!("args", ARGS, "tuple of arguments to future partial calls"),
        member!("keywords", KEYWORDS, "dictionary of keyword arguments to future partial calls"),
    ],
    flags: class::flag::WEAKREFS,
    doc: "Create a new function with partial application of the given arguments and keywords.",
    ..TypeDef::BASE
};

const METHODS: &[NativeDef] = rows! {
    "__call__" "(self, /, *args, **kwargs)" call, "Call self as a function." => Machine;
    "__get__" "(self, instance, owner=None, /)" get, "Return an attribute of instance, which is of type owner.";
    "__repr__" "(self, /)" repr, "Return repr(self).";
    "__reduce__" "(self, /)" reduce, "Return state information for pickling.";
    "__setstate__" "(self, state, /)" set_state, "Set state information for unpickling.";
};

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let base = cx.type_for(&PARTIAL)?;
    let Some(class) = args.get(0).obj().filter(|o| o.kind() == Kind::Type) else {
        return raise!(cx, TypeError, "partial.__new__(X): X is not a type object");
    };
    let Some((&func, given)) = args.rest(1).split_first() else {
        return raise!(cx, TypeError, "type 'partial' takes at least one argument");
    };
    if !super::is_callable(cx, func) {
        return raise!(cx, TypeError, "the first argument must be callable");
    }
    let hole = placeholder(cx)?;
    if given.last() == Some(&hole) {
        return raise!(cx, TypeError, "trailing Placeholders are not allowed");
    }
    let keywords = match args.get(2).obj() {
        Some(d) => dict::copy(cx, d)?,
        None => dict::new(cx)?,
    };
    if dict::values(cx, keywords)?.as_slice().contains(&hole) {
        return raise!(cx, TypeError, "Placeholder cannot be passed as a keyword argument");
    }
    let inner = func.obj().filter(|o| class::is_subclass(o.class(), base));
    let (func, all, keywords) = match inner {
        Some(inner) => flatten(cx, inner, given, keywords, hole)?,
        None => (func, RootVec::from_slice(cx, given)?, keywords),
    };
    let o = cx.new_instance(class)?;
    fill(cx, o, func, all.as_slice(), keywords, hole)?;
    Ok(o.into())
}

fn fill(
    cx: &mut Cx,
    o: Obj,
    func: Value,
    args: &[Value],
    keywords: Obj,
    hole: Value,
) -> Completion<()> {
    let holes = args.iter().filter(|&&a| a == hole).count();
    let args = cx.new_tuple(args)?;
    cx.claim(o)?;
    cx.write(o, FUNC, func);
    cx.write(o, ARGS, args);
    cx.write(o, KEYWORDS, keywords.into());
    cx.write(o, PLACEHOLDERS, Value::small(holes as i64));
    Ok(())
}

/// The parts of `partial(inner, *given, **keywords)` without the nesting.
fn flatten(
    cx: &mut Cx,
    inner: Obj,
    given: &[Value],
    keywords: Obj,
    hole: Value,
) -> Completion<(Value, RootVec, Obj)> {
    let (func, old, old_keywords) =
        cx.bracket(inner, || (inner.raw(FUNC), inner.raw(ARGS), inner.raw(KEYWORDS)))?;
    let mut rest = given.iter().copied();
    let mut all = RootVec::new();
    for &v in tuple::items_of(old).unwrap_or(&[]) {
        let v = if v == hole { rest.next().unwrap_or(hole) } else { v };
        all.push(cx, v)?;
    }
    for v in rest {
        all.push(cx, v)?;
    }
    let merged = match old_keywords.obj() {
        Some(d) => dict::copy(cx, d)?,
        None => dict::new(cx)?,
    };
    dict::merge(cx, merged, keywords)?;
    Ok((func, all, merged))
}

/// A call of a partial object, taken apart: what to call with which positional arguments, and its own keyword arguments.
pub struct Spread {
    /// What to call.
    pub func: Value,
    /// With these.
    pub args: RootVec,
    /// A dict, possibly empty.
    pub keywords: Option<Obj>,
}

/// What calling the partial object `o` with `given` calls.
///
/// # Errors
/// `TypeError` when placeholders stay empty.
pub fn spread(cx: &mut Cx, o: Obj, given: &[Value]) -> Completion<Spread> {
    let (func, bound, keywords, holes) = cx.bracket(o, || {
        (o.raw(FUNC), o.raw(ARGS), o.raw(KEYWORDS), o.raw(PLACEHOLDERS).as_small() as usize)
    })?;
    if given.len() < holes {
        let n = given.len();
        return raise!(
            cx,
            TypeError,
            "missing positional arguments in 'partial' call; expected at least {holes}, got {n}"
        );
    }
    let mut rest = given.iter().copied();
    let hole = if holes > 0 { placeholder(cx)? } else { Value::UNBOUND };
    let mut all = RootVec::new();
    for &v in tuple::items_of(bound).unwrap_or(&[]) {
        let v = if v == hole { rest.next().unwrap_or(hole) } else { v };
        all.push(cx, v)?;
    }
    for v in rest {
        all.push(cx, v)?;
    }
    Ok(Spread { func, args: all, keywords: keywords.obj() })
}

/// `partial.__call__`, called by native code.
pub fn call(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Spread { func, args: all, keywords: own } = spread(cx, args.this_obj(), args.rest(1))?;
    let kwargs = match (own, args.get(2).obj()) {
        (Some(own), Some(more)) if dict::len(cx, own)? > 0 => if dict::len(cx, more)? == 0 {
            own
        } else {
            let merged = dict::copy(cx, own)?;
            dict::merge(cx, merged, more)?;
            merged
        }
        .into(),
        (_, Some(more)) => Value::from(more),
        (own, None) => own.map_or(Value::UNBOUND, Value::from),
    };
    protocol::call::call_star(cx, func, all.as_slice(), kwargs)
}

fn get(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if args.get(1).is_none() {
        return Ok(args.this());
    }
    descr::new_method(cx, args.this(), args.get(1))
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    support::guarded_repr(cx, o, "...", |cx| {
        let (func, bound, keywords) =
            cx.bracket(o, || (o.raw(FUNC), o.raw(ARGS), o.raw(KEYWORDS)))?;
        let name = type_::qualified_name(cx, o.class())?;
        let mut text = Text::new(&name);
        text.push("(");
        text.push_repr(cx, func)?;
        for &v in tuple::items_of(bound).unwrap_or(&[]) {
            text.push(", ");
            text.push_repr(cx, v)?;
        }
        if let Some(d) = keywords.obj() {
            let items = dict::items(cx, d)?;
            for pair in items.as_slice().chunks_exact(2) {
                text.push(", ");
                if string::exact(pair[0]).is_some() {
                    text.push_str(pair[0]);
                } else {
                    let shown = protocol::str_of(cx, pair[0])?;
                    text.push_str(shown);
                }
                text.push("=");
                text.push_repr(cx, pair[1])?;
            }
        }
        text.push(")");
        text.finish(cx)
    })
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (func, bound, keywords) = cx.bracket(o, || (o.raw(FUNC), o.raw(ARGS), o.raw(KEYWORDS)))?;
    let namespace = match protocol::attr::materialize_dict(cx, o)? {
        Some(d) if dict::len(cx, d)? > 0 => d.into(),
        _ => Value::NONE,
    };
    let arguments = cx.new_tuple(&[func])?;
    let state = cx.new_tuple(&[func, bound, keywords, namespace])?;
    cx.new_tuple(&[o.class().into(), arguments, state])
}

fn set_state(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let Some(&[func, bound, keywords, namespace]) = tuple::items_of(args.get(1)) else {
        return raise!(cx, TypeError, "invalid partial state");
    };
    let given = bound;
    let (Some(bound), true) = (tuple::items_of(bound), super::is_callable(cx, func)) else {
        return raise!(cx, TypeError, "invalid partial state");
    };
    let (keywords, namespace) =
        (dict::exact_kind(keywords).ok_or(keywords), dict::exact_kind(namespace).ok_or(namespace));
    let acceptable = |v: Result<Obj, Value>| v.is_ok() || v.is_err_and(Value::is_none);
    if !acceptable(keywords) || !acceptable(namespace) {
        return raise!(cx, TypeError, "invalid partial state");
    }
    let hole = placeholder(cx)?;
    if bound.last() == Some(&hole) {
        return raise!(cx, TypeError, "trailing Placeholders are not allowed");
    }
    let keywords = match keywords {
        Ok(d) if d.class() == cx.class(T::dict) => d,
        Ok(d) => dict::copy(cx, d)?,
        Err(_) => dict::new(cx)?,
    };
    fill(cx, o, func, bound, keywords, hole)?;
    if given.obj().is_some_and(|t| t.class() == cx.class(T::tuple)) {
        // Shared with the object that this is a copy of.
        cx.set(o, ARGS, given)?;
    }
    let namespace = match namespace {
        Ok(d) => d,
        Err(_) => dict::new(cx)?,
    };
    protocol::attr::materialize_dict(cx, o)?;
    protocol::attr::replace_dict(cx, o, namespace)?;
    Ok(Value::NONE)
}
