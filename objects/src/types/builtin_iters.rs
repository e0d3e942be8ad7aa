//! `enumerate`, `zip`, `map`, `filter`, `reversed` and the iterator of `iter(callable, sentinel)`.
//!
//! Conflicts: `enumerate`, `zip` and `reversed` claim their one header with each step, so threads that share one get
//! consistent tuples. `map`, `filter` and callable iterators have no state of their own and conflict only through what they
//! iterate over.

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::Special,
    native::Args,
    protocol::{self, BinaryOp, RootVec},
    raise,
    types::{
        Body, T, TypeDef,
        support::{self, rows},
    },
    value::Value,
};

const A: usize = 2;
const B: usize = 3;
const BODY: Body = Body::Words(Kind::Record, 4);

fn make(cx: &mut Cx, class: Obj, a: Value, b: Value) -> Completion<Value> {
    let o = cx.new_instance(class)?;
    o.init(A, a);
    o.init(B, b);
    Ok(o.into())
}

/// The class to make and whether keyword arguments were given to `__new__(type, *args, **kwargs)`.
fn class_and_kwargs(cx: &mut Cx, args: Args<'_>, t: T) -> Completion<(Obj, bool)> {
    let class = support::class_for_new(cx, args, t)?;
    let given = match args.get(2).obj() {
        Some(d) => super::dict::len(cx, d)? > 0,
        None => false,
    };
    Ok((class, given && class == cx.class(t)))
}

// ---- enumerate ------------------------------------------------------------------------------

/// `enumerate`: the iterator and the next index.
pub static ENUMERATE: TypeDef = TypeDef {
    id: Some(T::enumerate),
    name: "enumerate",
    body: BODY,
    subclassable: true,
    methods: rows! {
        "__iter__" "(self, /)" support::itself, "Implement iter(self).";
        "__next__" "(self, /)" |cx, a| enumerate_next(cx, a.this_obj()), "Implement next(self).";
        "__reduce__" "(self, /)" enumerate_reduce, "Return state information for pickling.";
    },
    class_methods: rows! {
        "__class_getitem__" "(type, item, /)" support::class_getitem, "See PEP 585";
    },
    static_methods: rows! {
        "__new__" "(type, /, iterable=<required>, start=0)" enumerate_new, "Create and return a new object.";
    },
    doc: "Return an enumerate object.\n\n  iterable\n    an object supporting iteration\n\nThe enumerate object yields pairs containing a count (from start, which\ndefaults to zero) and a value yielded by the iterable argument.\n\nenumerate is useful for obtaining an indexed list:\n    (0, seq[0]), (1, seq[1]), (2, seq[2]), ...",
    ..TypeDef::BASE
};

fn enumerate_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = support::class_for_new(cx, args, T::enumerate)?;
    let Some(iterable) = args.opt(1) else {
        return raise!(cx, TypeError, "enumerate() missing required argument 'iterable'");
    };
    let start = protocol::index_int(cx, args.get(2))?;
    let it = protocol::iter(cx, iterable)?;
    make(cx, class, it, start)
}

/// The next pair of an `enumerate`, `UNBOUND` at the end.
///
/// # Errors
/// Whatever the iterator raises.
#[inline]
pub fn enumerate_next(cx: &mut Cx, o: Obj) -> Completion<Value> {
    cx.claim(o)?;
    let Some(item) = protocol::next(cx, o.raw(A))? else { return Ok(Value::UNBOUND) };
    let i = o.raw(B);
    let next = match if i.is_small() { i.small_add(Value::small(1)) } else { None } {
        Some(next) => next,
        None => protocol::binary(cx, BinaryOp::Add, i, Value::small(1))?,
    };
    cx.write(o, B, next);
    cx.new_tuple(&[i, item])
}

fn enumerate_reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let parts = cx.bracket(o, || [o.raw(A), o.raw(B)])?;
    let parts = cx.new_tuple(&parts)?;
    cx.new_tuple(&[o.class().into(), parts])
}

// ---- zip ------------------------------------------------------------------------------------

/// `zip`: a tuple of iterators and whether they must end together.
pub static ZIP: TypeDef = TypeDef {
    id: Some(T::zip),
    name: "zip",
    body: BODY,
    subclassable: true,
    methods: rows! {
        "__iter__" "(self, /)" support::itself, "Implement iter(self).";
        "__next__" "(self, /)" |cx, a| zip_next(cx, a.this_obj()), "Implement next(self).";
        "__reduce__" "(self, /)" zip_reduce, "Return state information for pickling.";
        "__setstate__" "(self, state, /)" set_strict, "Set state information for unpickling.";
    },
    static_methods: rows! {
        "__new__" "(type, /, *iterables, strict=False)" zip_new, "Create and return a new object.";
    },
    doc: "The zip object yields n-length tuples, where n is the number of iterables\npassed as positional arguments to zip().  The i-th element in every tuple\ncomes from the i-th iterable argument to zip().  This continues until the\nshortest argument is exhausted.\n\nIf strict is true and one of the arguments is exhausted before the others,\nraise a ValueError.\n\n   >>> list(zip('abcdefg', range(3), range(4)))\n   [('a', 0, 0), ('b', 1, 1), ('c', 2, 2)]",
    ..TypeDef::BASE
};

fn iterators(cx: &mut Cx, iterables: &[Value]) -> Completion<Value> {
    let mut all = RootVec::new();
    for &v in iterables {
        let it = protocol::iter(cx, v)?;
        all.push(cx, it)?;
    }
    cx.new_tuple(all.as_slice())
}

fn zip_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = support::class_for_new(cx, args, T::zip)?;
    let strict = protocol::truth(cx, args.get(2))?;
    let all = iterators(cx, args.rest(1))?;
    make(cx, class, all, strict.into())
}

fn inner(o: Obj, slot: usize) -> &'static [Value] {
    o.raw(slot).obj().map_or(&[], Obj::items)
}

/// The next tuple of a `zip`, `UNBOUND` at the end.
///
/// # Errors
/// Whatever the iterators raise; `ValueError` when strict iterators do not end together.
pub fn zip_next(cx: &mut Cx, o: Obj) -> Completion<Value> {
    cx.claim(o)?;
    let all = inner(o, A);
    if let &[a, b] = all {
        // The common case needs no vector.
        if let Some(x) = protocol::next(cx, a)? {
            return match protocol::next(cx, b)? {
                Some(y) => cx.new_tuple(&[x, y]),
                None => zip_ended(cx, o, all, 1),
            };
        }
        return zip_ended(cx, o, all, 0);
    }
    let mut items = RootVec::new();
    for (i, &it) in all.iter().enumerate() {
        match protocol::next(cx, it)? {
            Some(v) => items.push(cx, v)?,
            None => return zip_ended(cx, o, all, i),
        }
    }
    if all.is_empty() { Ok(Value::UNBOUND) } else { cx.new_tuple(items.as_slice()) }
}

/// Iterator number `i` ended first.
#[cold]
fn zip_ended(cx: &mut Cx, o: Obj, all: &[Value], i: usize) -> Completion<Value> {
    if o.raw(B) != Value::TRUE {
        return Ok(Value::UNBOUND);
    }
    let others = |n: usize| if n == 1 { " 1".to_owned() } else { format!("s 1-{n}") };
    if i > 0 {
        let (n, others) = (i + 1, others(i));
        return raise!(cx, ValueError, "zip() argument {n} is shorter than argument{others}");
    }
    for (j, &it) in all.iter().enumerate().skip(1) {
        if protocol::next(cx, it)?.is_some() {
            let (n, others) = (j + 1, others(j));
            return raise!(cx, ValueError, "zip() argument {n} is longer than argument{others}");
        }
    }
    Ok(Value::UNBOUND)
}

fn zip_reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (all, strict) = cx.bracket(o, || (o.raw(A), o.raw(B)))?;
    if strict == Value::TRUE {
        return cx.new_tuple(&[o.class().into(), all, strict]);
    }
    cx.new_tuple(&[o.class().into(), all])
}

fn set_strict(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let strict = protocol::truth(cx, args.get(1))?;
    cx.set(args.this_obj(), B, strict.into())?;
    Ok(Value::NONE)
}

// ---- map ------------------------------------------------------------------------------------

/// `map`: the function, a tuple of iterators and (3.14) whether they must end together.
pub static MAP: TypeDef = TypeDef {
    id: Some(T::map),
    name: "map",
    body: Body::Words(Kind::Record, 5),
    subclassable: true,
    methods: rows! {
        "__iter__" "(self, /)" support::itself, "Implement iter(self).";
        "__next__" "(self, /)" |cx, a| map_next(cx, a.this_obj()), "Implement next(self).";
        "__reduce__" "(self, /)" map_reduce, "Return state information for pickling.";
        "__setstate__" "(self, state, /)" map_set_strict, "Set state information for unpickling.";
    },
    static_methods: rows! {
        "__new__" "(type, /, *args, **kwargs)" map_new, "Create and return a new object.";
    },
    doc: "Make an iterator that computes the function using arguments from\neach of the iterables.  Stops when the shortest iterable is exhausted.\n\nIf strict is true and one of the arguments is exhausted before the others,\nraise a ValueError.",
    ..TypeDef::BASE
};

const MAP_STRICT: usize = 4;

fn map_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (class, with_kwargs) = class_and_kwargs(cx, args, T::map)?;
    let mut strict = false;
    if with_kwargs && let Some(d) = args.get(2).obj() {
        let name = cx.intern("strict")?;
        let given = super::dict::get_item_name(cx, d, name)?;
        if given.is_unbound() || super::dict::len(cx, d)? > 1 {
            return raise!(cx, TypeError, "map() got an unexpected keyword argument");
        }
        strict = protocol::truth(cx, given)?;
    }
    let given = args.rest(1);
    if given.len() < 2 {
        return raise!(cx, TypeError, "map() must have at least two arguments.");
    }
    let all = iterators(cx, &given[1..])?;
    let o = cx.new_instance(class)?;
    o.init(A, given[0]);
    o.init(B, all);
    o.init(MAP_STRICT, strict.into());
    Ok(o.into())
}

/// The next result of a `map`, `UNBOUND` at the end.
///
/// # Errors
/// Whatever the iterators or the function raise.
pub fn map_next(cx: &mut Cx, o: Obj) -> Completion<Value> {
    let (f, all) = (o.raw(A), inner(o, B));
    if let &[it] = all {
        return match protocol::next(cx, it)? {
            Some(v) => protocol::call(cx, f, &[v]),
            None => Ok(Value::UNBOUND),
        };
    }
    let mut items = RootVec::new();
    for (i, &it) in all.iter().enumerate() {
        match protocol::next(cx, it)? {
            Some(v) => items.push(cx, v)?,
            None if o.raw(MAP_STRICT) == Value::TRUE => return map_ended(cx, all, i),
            None => return Ok(Value::UNBOUND),
        }
    }
    protocol::call(cx, f, items.as_slice())
}

#[cold]
fn map_ended(cx: &mut Cx, all: &[Value], i: usize) -> Completion<Value> {
    let others = |n: usize| if n == 1 { " 1".to_owned() } else { format!("s 1-{n}") };
    if i > 0 {
        let (n, others) = (i + 1, others(i));
        return raise!(cx, ValueError, "map() argument {n} is shorter than argument{others}");
    }
    for (j, &it) in all.iter().enumerate().skip(1) {
        if protocol::next(cx, it)?.is_some() {
            let (n, others) = (j + 1, others(j));
            return raise!(cx, ValueError, "map() argument {n} is longer than argument{others}");
        }
    }
    Ok(Value::UNBOUND)
}

fn map_reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let mut parts = vec![o.raw(A)];
    parts.extend_from_slice(inner(o, B));
    let parts = cx.new_tuple(&parts)?;
    if o.raw(MAP_STRICT) == Value::TRUE {
        return cx.new_tuple(&[o.class().into(), parts, Value::TRUE]);
    }
    cx.new_tuple(&[o.class().into(), parts])
}

fn map_set_strict(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let strict = protocol::truth(cx, args.get(1))?;
    cx.set(args.this_obj(), MAP_STRICT, strict.into())?;
    Ok(Value::NONE)
}

// ---- filter ---------------------------------------------------------------------------------

/// `filter`: the function and the iterator.
pub static FILTER: TypeDef = TypeDef {
    id: Some(T::filter),
    name: "filter",
    body: BODY,
    subclassable: true,
    methods: rows! {
        "__iter__" "(self, /)" support::itself, "Implement iter(self).";
        "__next__" "(self, /)" |cx, a| filter_next(cx, a.this_obj()), "Implement next(self).";
        "__reduce__" "(self, /)" filter_reduce, "Return state information for pickling.";
    },
    static_methods: rows! {
        "__new__" "(type, /, *args, **kwargs)" filter_new, "Create and return a new object.";
    },
    doc: "Return an iterator yielding those items of iterable for which function(item)\nis true. If function is None, return the items that are true.",
    ..TypeDef::BASE
};

fn filter_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (class, with_kwargs) = class_and_kwargs(cx, args, T::filter)?;
    if with_kwargs {
        return raise!(cx, TypeError, "filter() takes no keyword arguments");
    }
    let &[f, iterable] = args.rest(1) else {
        let n = args.rest(1).len();
        return raise!(cx, TypeError, "filter expected 2 arguments, got {n}");
    };
    let it = protocol::iter(cx, iterable)?;
    make(cx, class, f, it)
}

/// The next item that passes, `UNBOUND` at the end.
///
/// # Errors
/// Whatever the iterator or the function raise.
pub fn filter_next(cx: &mut Cx, o: Obj) -> Completion<Value> {
    let (f, it) = (o.raw(A), o.raw(B));
    let plain = f.is_none() || f == Value::from(cx.class(T::bool));
    while let Some(item) = protocol::next(cx, it)? {
        let verdict = if plain { item } else { protocol::call(cx, f, &[item])? };
        if protocol::truth(cx, verdict)? {
            return Ok(item);
        }
    }
    Ok(Value::UNBOUND)
}

fn filter_reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let parts = cx.new_tuple(&[o.raw(A), o.raw(B)])?;
    cx.new_tuple(&[o.class().into(), parts])
}

// ---- reversed -------------------------------------------------------------------------------

/// `reversed`: the sequence (unbound at the end) and the next index.
pub static REVERSED: TypeDef = TypeDef {
    id: Some(T::reversed),
    name: "reversed",
    body: BODY,
    subclassable: true,
    methods: rows! {
        "__iter__" "(self, /)" support::itself, "Implement iter(self).";
        "__next__" "(self, /)" |cx, a| reversed_next(cx, a.this_obj()), "Implement next(self).";
        "__length_hint__" "(self, /)" reversed_hint, "Private method returning an estimate of len(list(it)).";
        "__reduce__" "(self, /)" reversed_reduce, "Return state information for pickling.";
        "__setstate__" "(self, state, /)" reversed_set_state, "Set state information for unpickling.";
    },
    static_methods: rows! {
        "__new__" "(type, object, /)" reversed_new, "Create and return a new object.";
    },
    doc: "Return a reverse iterator over the values of the given sequence.",
    ..TypeDef::BASE
};

fn reversed_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = support::class_for_new(cx, args, T::reversed)?;
    let seq = args.get(1);
    let of = cx.class_of(seq);
    let own = class::special(of, Special::Reversed);
    if own.is_bound() && !own.is_none() {
        return protocol::call::call_unbound(cx, own, seq, &[], &[]);
    }
    let sequence = class::special(of, Special::GetItem).is_bound() && !cx.is_a(seq, T::dict);
    if own.is_none() || !sequence {
        let name = class::name(of);
        return raise!(cx, TypeError, "'{name}' object is not reversible");
    }
    let n = protocol::length(cx, seq)?;
    make(cx, class, seq, Value::small(n as i64 - 1))
}

/// The next item from the end, `UNBOUND` when there is none.
///
/// # Errors
/// Whatever `__getitem__` raises.
pub fn reversed_next(cx: &mut Cx, o: Obj) -> Completion<Value> {
    cx.claim(o)?;
    let (seq, i) = (o.raw(A), o.raw(B));
    if seq.is_unbound() {
        return Ok(Value::UNBOUND);
    }
    if i.as_small() >= 0 {
        match protocol::get_item(cx, seq, i) {
            Ok(item) => {
                cx.write(o, B, Value::small(i.as_small() - 1));
                return Ok(item);
            }
            Err(escape) => {
                let ends = [T::IndexError, T::StopIteration];
                let is_end =
                    |e: Obj| ends.iter().any(|&t| class::is_subclass(e.class(), cx.class(t)));
                if !escape.exception().is_some_and(is_end) {
                    return Err(escape);
                }
            }
        }
    }
    cx.write(o, A, Value::UNBOUND);
    cx.write(o, B, Value::small(-1));
    Ok(Value::UNBOUND)
}

fn reversed_hint(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (seq, i) = cx.bracket(o, || (o.raw(A), o.raw(B)))?;
    if seq.is_unbound() {
        return Ok(Value::small(0));
    }
    let left = i.as_small() + 1;
    Ok(Value::small(if (protocol::length(cx, seq)? as i64) < left { 0 } else { left }))
}

fn reversed_reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (seq, i) = cx.bracket(o, || (o.raw(A), o.raw(B)))?;
    if seq.is_bound() {
        let arguments = cx.new_tuple(&[seq])?;
        return cx.new_tuple(&[o.class().into(), arguments, i]);
    }
    let empty = cx.world.empty_tuple();
    let arguments = cx.new_tuple(&[empty])?;
    cx.new_tuple(&[o.class().into(), arguments])
}

fn reversed_set_state(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let i = protocol::index_i64(cx, args.get(1))?;
    let seq = cx.read(o, A)?;
    if seq.is_bound() {
        let n = protocol::length(cx, seq)? as i64;
        cx.set(o, B, Value::small(i.clamp(-1, n - 1)))?;
    }
    Ok(Value::NONE)
}

// ---- iter(callable, sentinel) ---------------------------------------------------------------

/// `callable_iterator`: the callable (unbound at the end) and the sentinel.
pub static CALLABLE_ITERATOR: TypeDef = TypeDef {
    id: Some(T::callable_iterator),
    name: "callable_iterator",
    body: BODY,
    methods: rows! {
        "__iter__" "(self, /)" support::itself, "Implement iter(self).";
        "__next__" "(self, /)" |cx, a| callable_next(cx, a.this_obj()), "Implement next(self).";
        "__reduce__" "(self, /)" callable_reduce, "Return state information for pickling.";
    },
    ..TypeDef::BASE
};

/// `iter(callable, sentinel)`.
///
/// # Errors
/// `TypeError` when `callable` is none.
pub fn new_callable_iterator(cx: &mut Cx, callable: Value, sentinel: Value) -> Completion<Value> {
    if class::special(cx.class_of(callable), Special::Call).is_unbound() {
        return raise!(cx, TypeError, "iter(v, w): v must be callable");
    }
    let class = cx.class(T::callable_iterator);
    make(cx, class, callable, sentinel)
}

fn callable_next(cx: &mut Cx, o: Obj) -> Completion<Value> {
    let (f, sentinel) = cx.bracket(o, || (o.raw(A), o.raw(B)))?;
    if f.is_unbound() {
        return Ok(Value::UNBOUND);
    }
    match protocol::call(cx, f, &[]) {
        Ok(v) if !protocol::identical_or_equal(cx, sentinel, v)? => Ok(v),
        Ok(_) => {
            cx.set(o, A, Value::UNBOUND)?;
            Ok(Value::UNBOUND)
        }
        Err(escape) => match escape.exception() {
            Some(e) if class::is_subclass(e.class(), cx.class(T::StopIteration)) => {
                cx.set(o, A, Value::UNBOUND)?;
                Ok(Value::UNBOUND)
            }
            _ => Err(escape),
        },
    }
}

fn callable_reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let iter = support::builtin(cx, "iter")?;
    let (f, sentinel) = cx.bracket(o, || (o.raw(A), o.raw(B)))?;
    if f.is_bound() {
        let arguments = cx.new_tuple(&[f, sentinel])?;
        return cx.new_tuple(&[iter, arguments]);
    }
    let empty = cx.world.empty_tuple();
    let arguments = cx.new_tuple(&[empty])?;
    cx.new_tuple(&[iter, arguments])
}
