//! `groupby` and `tee`: several iterators over one source.

use taipan_objects::{
    Args, Body, Completion, Cx, Kind, N, NativeDef, Obj, TypeDef, Value,
    protocol::{self, index_i64},
    raise,
};

use super::{ITER, instance, new_row, next_row};
use crate::modules::rows::row;

const IT: usize = 2;
const KEY_FUNC: usize = 3;
/// Key of the group given out last.
const TARGET: usize = 4;
/// Key of the item in `VALUE`.
const KEY: usize = 5;
/// The item read ahead.
const VALUE: usize = 6;
/// The group given out last: older ones have ended.
const CURRENT: usize = 7;

/// `groupby(iterable, key=None)`
pub(super) static GROUPBY: TypeDef = TypeDef {
    name: "groupby",
    module: "itertools",
    body: Body::Words(Kind::Record, 8),
    subclassable: true,
    static_methods: &[new_row("(type, /, iterable, key=None)", groupby_new)],
    methods: &[ITER, next_row(groupby_next)],
    doc: "make an iterator that returns consecutive keys and groups from the iterable\n\n  iterable\n    Elements to divide into groups according to the key function.\n  key\n    A function for computing the group category for each element.\n    If the key function is not specified or is None, the element itself\n    is used for grouping.",
    ..TypeDef::BASE
};

fn groupby_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = protocol::iter(cx, args.get(1))?;
    let o = instance(cx, args, &GROUPBY)?;
    o.init(IT, it);
    o.init(KEY_FUNC, args.get(2));
    Ok(o.into())
}

/// Reads one item ahead; false at the end.
fn step(cx: &mut Cx, o: Obj) -> Completion<bool> {
    let (it, key_func) = cx.bracket(o, || (o.raw(IT), o.raw(KEY_FUNC)))?;
    let Some(v) = protocol::next(cx, it)? else { return Ok(false) };
    let key = match key_func.is_none() {
        true => v,
        false => protocol::call(cx, key_func, &[v])?,
    };
    cx.claim(o)?;
    cx.write(o, VALUE, v);
    cx.write(o, KEY, key);
    Ok(true)
}

fn groupby_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    cx.set(o, CURRENT, Value::UNBOUND)?;
    // Skip the rest of the group given out last.
    loop {
        let (key, target) = cx.bracket(o, || (o.raw(KEY), o.raw(TARGET)))?;
        if key.is_bound() && (target.is_unbound() || !protocol::equal(cx, target, key)?) {
            break;
        }
        if !step(cx, o)? {
            return Ok(Value::UNBOUND);
        }
    }
    let group = grouper(cx, o)?;
    cx.claim(o)?;
    let key = o.raw(KEY);
    cx.write(o, TARGET, key);
    cx.write(o, CURRENT, group.into());
    group.init(GROUP_KEY, key);
    cx.new_tuple(&[key, group.into()])
}

const PARENT: usize = 2;
const GROUP_KEY: usize = 3;

/// `itertools._grouper`: `PARENT` the `groupby`, `GROUP_KEY` its key.
pub(super) static GROUPER: TypeDef = TypeDef {
    name: "_grouper",
    module: "itertools",
    body: Body::Words(Kind::Record, 4),
    methods: &[ITER, next_row(grouper_next)],
    ..TypeDef::BASE
};

fn grouper(cx: &mut Cx, parent: Obj) -> Completion<Obj> {
    let class = cx.type_for(&GROUPER)?;
    let group = cx.new_instance(class)?;
    group.init(PARENT, parent.into());
    Ok(group)
}

fn grouper_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let group = args.this_obj();
    let (parent, key) = cx.bracket(group, || (group.raw(PARENT), group.raw(GROUP_KEY)))?;
    let Some(o) = parent.obj() else { return Ok(Value::UNBOUND) };
    let (current, v) = cx.bracket(o, || (o.raw(CURRENT), o.raw(VALUE)))?;
    if current != Value::from(group) {
        return Ok(Value::UNBOUND);
    }
    if v.is_unbound() && !step(cx, o)? {
        return Ok(Value::UNBOUND);
    }
    let found = cx.read(o, KEY)?;
    if !protocol::equal(cx, key, found)? {
        return Ok(Value::UNBOUND);
    }
    cx.claim(o)?;
    let v = o.raw(VALUE);
    cx.write(o, VALUE, Value::UNBOUND);
    Ok(v)
}

// ---- tee ----------------------------------------------------------------------------------

const LINK: usize = 2;

const LINK_SOURCE: usize = 2;
const LINK_VALUE: usize = 3;
const LINK_NEXT: usize = 4;

/// `itertools._tee`: `LINK` the link with the next item.
pub(super) static TEE: TypeDef = TypeDef {
    name: "_tee",
    module: "itertools",
    body: Body::Words(Kind::Record, 3),
    static_methods: &[new_row("(type, iterable, /)", tee_new)],
    methods: &[
        ITER,
        next_row(tee_next),
        row!("__copy__", "(self, /)", tee_copy, "Returns an independent iterator."),
    ],
    doc: "Iterator wrapped to make it copyable.",
    ..TypeDef::BASE
};

/// One item shared by tees: `LINK_SOURCE` the iterator, `LINK_VALUE` and `LINK_NEXT` bound once
/// the item was read. While it is read, `LINK_NEXT` is `None`.
static LINK_TYPE: TypeDef = TypeDef {
    name: "_tee_dataobject",
    module: "itertools",
    body: Body::Words(Kind::Record, 5),
    ..TypeDef::BASE
};

/// `tee(iterable, n=2)`
pub(super) const TEE_FUNCTION: NativeDef =
    row!("tee", "(iterable, n=2, /)", tee, "Returns a tuple of n independent iterators.");

fn new_link(cx: &mut Cx, source: Value) -> Completion<Obj> {
    let class = cx.type_for(&LINK_TYPE)?;
    let link = cx.new_instance(class)?;
    link.init(LINK_SOURCE, source);
    Ok(link)
}

fn tee_at(cx: &mut Cx, link: Value) -> Completion<Value> {
    let class = cx.type_for(&TEE)?;
    let o = cx.new_instance(class)?;
    o.init(LINK, link);
    Ok(o.into())
}

/// A tee over `iterable`; another tee's position is shared from the start.
fn tee_over(cx: &mut Cx, iterable: Value) -> Completion<Value> {
    let it = protocol::iter(cx, iterable)?;
    let class = cx.type_for(&TEE)?;
    if let Some(o) = it.obj().filter(|o| o.class() == class) {
        let link = cx.read(o, LINK)?;
        return tee_at(cx, link);
    }
    let link = new_link(cx, it)?;
    tee_at(cx, link.into())
}

fn tee_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    tee_over(cx, args.get(1))
}

fn tee_copy(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let link = cx.read(args.this_obj(), LINK)?;
    tee_at(cx, link)
}

fn tee(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = index_i64(cx, args.get(1))?;
    let Ok(n) = usize::try_from(n) else {
        return raise!(cx, ValueError, "n must be >= 0");
    };
    if n == 0 {
        return cx.new_tuple(&[]);
    }
    let it = protocol::iter(cx, args.get(0))?;
    let copy = cx.name(N::copy);
    let class = cx.type_for(&TEE)?;
    let own = it.obj().is_some_and(|o| o.class() == class);
    let copy_method = match own {
        true => None,
        false => protocol::get_attr_opt(cx, it, copy)?,
    };
    let mut all = protocol::RootVec::new();
    let first = match copy_method {
        Some(_) => it,
        None => tee_over(cx, it)?,
    };
    all.push(cx, first)?;
    while all.len() < n {
        let next = match copy_method {
            Some(f) => protocol::call(cx, f, &[])?,
            None => tee_over(cx, first)?,
        };
        all.push(cx, next)?;
    }
    cx.new_tuple(all.as_slice())
}

/// Reads the item of `link` from the source; false if there is none.
fn read_into(cx: &mut Cx, link: Obj) -> Completion<bool> {
    cx.set(link, LINK_NEXT, Value::NONE)?;
    let source = cx.read(link, LINK_SOURCE)?;
    let read = match protocol::next(cx, source) {
        Ok(Some(v)) => new_link(cx, source).map(|after| Some((v, after))),
        Ok(None) => Ok(None),
        Err(escape) => Err(escape),
    };
    match read {
        Ok(Some((v, after))) => {
            cx.claim(link)?;
            cx.write(link, LINK_VALUE, v);
            cx.write(link, LINK_NEXT, after.into());
            Ok(true)
        }
        // What the attempt did is undone anyway.
        Err(escape) if escape.is_abort() => Err(escape),
        other => {
            cx.set(link, LINK_NEXT, Value::UNBOUND)?;
            other.map(|_| false)
        }
    }
}

fn tee_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let Some(link) = cx.read(o, LINK)?.obj() else { return Ok(Value::UNBOUND) };
    let next = cx.read(link, LINK_NEXT)?;
    if next.is_none() {
        return raise!(cx, RuntimeError, "cannot re-enter the tee iterator");
    }
    if next.is_unbound() && !read_into(cx, link)? {
        return Ok(Value::UNBOUND);
    }
    let (v, next) = cx.bracket(link, || (link.raw(LINK_VALUE), link.raw(LINK_NEXT)))?;
    cx.set(o, LINK, next)?;
    Ok(v)
}
