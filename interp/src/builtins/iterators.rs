//! `enumerate`, `zip`, `map`, `filter`, `reversed`, and the iterators behind `iter(f, sentinel)` and `anext(it, default)`.
//!
//! Slots begin at word 3: word 2 of a record is left alone, since the collector may take it for a pointer to Rust memory.
//!
//! Conflicts: each iterator is one object with one header; only `enumerate`, `reversed` and the ended ones write to it.

use taipan_objects::{
    Completion, Cx, Kind, Obj, Special, Value, class,
    native::{Args, Effect, NativeDef, NativeFn},
    protocol::{self, BinaryOp},
    raise,
    types::{Body, T, TypeDef, dict},
};

const A: usize = 3;
const B: usize = 4;
const C: usize = 5;

const fn row(name: &'static str, sig: &'static str, run: NativeFn, doc: &'static str) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc }
}

fn itself(_: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(args.this())
}

const ITER: NativeDef = row("__iter__", "(self, /)", itself, "Implement iter(self).");

fn new_of(cx: &mut Cx, class: Value) -> Completion<Obj> {
    match class.obj().filter(|c| c.kind() == Kind::Type) {
        Some(class) => cx.new_instance(class),
        None => raise!(cx, TypeError, "not a type"),
    }
}

fn next_item(cx: &mut Cx, o: Obj, word: usize) -> Completion<Option<Value>> {
    let it = cx.read(o, word)?;
    protocol::next(cx, it)
}

// ---- enumerate ------------------------------------------------------------------------------

fn enumerate_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = protocol::iter(cx, args.get(1))?;
    let start = match args.opt(2) {
        Some(v) => protocol::index_int(cx, v)?,
        None => Value::small(0),
    };
    let o = new_of(cx, args.get(0))?;
    o.init(A, it);
    o.init(B, start);
    Ok(o.into())
}

fn enumerate_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let Some(item) = next_item(cx, o, A)? else { return Ok(Value::UNBOUND) };
    let n = cx.read(o, B)?;
    let next = match n.is_small().then(|| n.small_add(Value::small(1))).flatten() {
        Some(next) => next,
        None => protocol::binary(cx, BinaryOp::Add, n, Value::small(1))?,
    };
    cx.set(o, B, next)?;
    cx.new_tuple(&[n, item])
}

/// `enumerate`.
pub static ENUMERATE: TypeDef = TypeDef {
    name: "enumerate",
    body: Body::Words(Kind::Record, 6),
    subclassable: true,
    static_methods: &[row(
        "__new__",
        "(cls, iterable, start=0)",
        enumerate_new,
        "Create and return a new object.",
    )],
    methods: &[
        ITER,
        row("__next__", "(self, /)", enumerate_next, "Implement next(self)."),
        row(
            "__reduce__",
            "(self, /)",
            |cx, args| {
                let o = args.this_obj();
                let (it, n) = (cx.read(o, A)?, cx.read(o, B)?);
                let inner = cx.new_tuple(&[it, n])?;
                cx.new_tuple(&[cx.class_of(args.this()).into(), inner])
            },
            "Return state information for pickling.",
        ),
    ],
    class_methods: &[GENERIC_ALIAS],
    doc: "Return an enumerate object.\n\n  iterable\n    an object supporting iteration\n\nThe enumerate object yields pairs containing a count (from start, which\ndefaults to zero) and a value yielded by the iterable argument.\n\nenumerate is useful for obtaining an indexed list:\n    (0, seq[0]), (1, seq[1]), (2, seq[2]), ...",
    ..TypeDef::BASE
};

/// `__class_getitem__`.
const GENERIC_ALIAS: NativeDef = row(
    "__class_getitem__",
    "(cls, object, /)",
    |cx, args| taipan_objects::types::type_::generic_alias(cx, args.get(0), args.get(1)),
    "See PEP 585",
);

// ---- zip ------------------------------------------------------------------------------------

fn zip_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut strict = false;
    if let Some(kwargs) = args.get(2).obj() {
        let items = dict::items(cx, kwargs)?;
        for pair in items.as_slice().chunks_exact(2) {
            let key = protocol::convert::str_text(cx, pair[0])?;
            if key != "strict" {
                return raise!(cx, TypeError, "zip() got an unexpected keyword argument '{key}'");
            }
            strict = protocol::truth(cx, pair[1])?;
        }
    }
    let mut its = protocol::RootVec::new();
    for (i, &v) in args.rest(1).iter().enumerate() {
        if !crate::vm::exec::build::is_iterable(cx, v) {
            let (got, at) = (cx.type_name(v), i + 1);
            let _ = at;
            return raise!(cx, TypeError, "'{got}' object is not iterable");
        }
        let it = protocol::iter(cx, v)?;
        its.push(cx, it)?;
    }
    let its = cx.new_tuple(its.as_slice())?;
    let o = new_of(cx, args.get(0))?;
    o.init(A, its);
    o.init(B, Value::bool(strict));
    Ok(o.into())
}

fn zip_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let its = cx.read(o, A)?.obj().map_or(&[][..], Obj::items);
    if its.is_empty() {
        return Ok(Value::UNBOUND);
    }
    let mut items: smallvec::SmallVec<[Value; 8]> = smallvec::SmallVec::new();
    for (i, &it) in its.iter().enumerate() {
        match protocol::next(cx, it)? {
            Some(v) => items.push(v),
            None => {
                if cx.read(o, B)? == Value::TRUE {
                    return zip_uneven(cx, its, i);
                }
                return Ok(Value::UNBOUND);
            }
        }
    }
    cx.new_tuple(&items)
}

fn zip_uneven(cx: &mut Cx, its: &[Value], i: usize) -> Completion<Value> {
    let others =
        |i: usize| if i == 1 { "argument 1".to_owned() } else { format!("arguments 1-{i}") };
    if i > 0 {
        let (at, others) = (i + 1, others(i));
        return raise!(cx, ValueError, "zip() argument {at} is shorter than {others}");
    }
    for (k, &it) in its.iter().enumerate().skip(1) {
        if protocol::next(cx, it)?.is_some() {
            let (at, others) = (k + 1, others(k));
            return raise!(cx, ValueError, "zip() argument {at} is longer than {others}");
        }
    }
    Ok(Value::UNBOUND)
}

/// `zip`.
pub static ZIP: TypeDef = TypeDef {
    name: "zip",
    body: Body::Words(Kind::Record, 6),
    subclassable: true,
    static_methods: &[row(
        "__new__",
        "(cls, /, *iterables, **kwargs)",
        zip_new,
        "Create and return a new object.",
    )],
    methods: &[ITER, row("__next__", "(self, /)", zip_next, "Implement next(self).")],
    doc: "The zip object yields n-length tuples, where n is the number of iterables\npassed as positional arguments to zip().  The i-th element in every tuple\ncomes from the i-th iterable argument to zip().  This continues until the\nshortest argument is exhausted.\n\nIf strict is true and one of the arguments is exhausted before the others,\nraise a ValueError.\n\n   >>> list(zip('abcdefg', range(3), range(4)))\n   [('a', 0, 0), ('b', 1, 1), ('c', 2, 2)]",
    ..TypeDef::BASE
};

// ---- map, filter ----------------------------------------------------------------------------

fn map_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if args.rest(2).is_empty() {
        return raise!(cx, TypeError, "map() must have at least two arguments.");
    }
    let mut strict = false;
    if let Some(kwargs) = args.get(3).obj() {
        let items = dict::items(cx, kwargs)?;
        for pair in items.as_slice().chunks_exact(2) {
            let key = protocol::convert::str_text(cx, pair[0])?;
            if key != "strict" {
                return raise!(cx, TypeError, "map() got an unexpected keyword argument '{key}'");
            }
            strict = protocol::truth(cx, pair[1])?;
        }
    }
    let mut its = protocol::RootVec::new();
    for &v in args.rest(2) {
        let it = protocol::iter(cx, v)?;
        its.push(cx, it)?;
    }
    let its = cx.new_tuple(its.as_slice())?;
    let o = new_of(cx, args.get(0))?;
    o.init(A, args.get(1));
    o.init(B, its);
    o.init(C, Value::bool(strict));
    Ok(o.into())
}

fn map_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let f = cx.read(o, A)?;
    let its = cx.read(o, B)?.obj().map_or(&[][..], Obj::items);
    if let [it] = its {
        return match protocol::next(cx, *it)? {
            Some(v) => protocol::call(cx, f, &[v]),
            None => Ok(Value::UNBOUND),
        };
    }
    let mut items: smallvec::SmallVec<[Value; 8]> = smallvec::SmallVec::new();
    for (i, &it) in its.iter().enumerate() {
        match protocol::next(cx, it)? {
            Some(v) => items.push(v),
            None => {
                if cx.read(o, C)? == Value::TRUE {
                    return map_uneven(cx, its, i);
                }
                return Ok(Value::UNBOUND);
            }
        }
    }
    protocol::call(cx, f, &items)
}

fn map_uneven(cx: &mut Cx, its: &[Value], i: usize) -> Completion<Value> {
    let others =
        |i: usize| if i == 1 { "argument 1".to_owned() } else { format!("arguments 1-{i}") };
    if i > 0 {
        let (at, others) = (i + 1, others(i));
        return raise!(cx, ValueError, "map() argument {at} is shorter than {others}");
    }
    for (k, &it) in its.iter().enumerate().skip(1) {
        if protocol::next(cx, it)?.is_some() {
            let (at, others) = (k + 1, others(k));
            return raise!(cx, ValueError, "map() argument {at} is longer than {others}");
        }
    }
    Ok(Value::UNBOUND)
}

/// `map`.
pub static MAP: TypeDef = TypeDef {
    name: "map",
    body: Body::Words(Kind::Record, 6),
    subclassable: true,
    static_methods: &[row(
        "__new__",
        "(cls, function, /, *iterables, **kwargs)",
        map_new,
        "Create and return a new object.",
    )],
    methods: &[ITER, row("__next__", "(self, /)", map_next, "Implement next(self).")],
    doc: "Make an iterator that computes the function using arguments from\neach of the iterables.  Stops when the shortest iterable is exhausted.\n\nIf strict is true and one of the arguments is exhausted before the others,\nraise a ValueError.",
    ..TypeDef::BASE
};

fn filter_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = protocol::iter(cx, args.get(2))?;
    let o = new_of(cx, args.get(0))?;
    o.init(A, args.get(1));
    o.init(B, it);
    Ok(o.into())
}

fn filter_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let f = cx.read(o, A)?;
    let by_truth = f.is_none() || f == Value::from(cx.class(T::bool));
    while let Some(v) = next_item(cx, o, B)? {
        let keep = if by_truth { v } else { protocol::call(cx, f, &[v])? };
        if protocol::truth(cx, keep)? {
            return Ok(v);
        }
    }
    Ok(Value::UNBOUND)
}

/// `filter`.
pub static FILTER: TypeDef = TypeDef {
    name: "filter",
    body: Body::Words(Kind::Record, 6),
    subclassable: true,
    static_methods: &[row(
        "__new__",
        "(cls, function, iterable, /)",
        filter_new,
        "Create and return a new object.",
    )],
    methods: &[ITER, row("__next__", "(self, /)", filter_next, "Implement next(self).")],
    doc: "Return an iterator yielding those items of iterable for which function(item)\nis true. If function is None, return the items that are true.",
    ..TypeDef::BASE
};

// ---- reversed -------------------------------------------------------------------------------

fn reversed_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let v = args.get(1);
    let class = cx.class_of(v);
    let f = class::special(class, Special::Reversed);
    if f.is_none() {
        let name = class::name(class);
        return raise!(cx, TypeError, "'{name}' object is not reversible");
    }
    if f.is_bound() {
        return protocol::call::call_unbound(cx, f, v, &[], &[]);
    }
    let is_sequence = class::special(class, Special::GetItem).is_bound()
        && class::special(class, Special::Len).is_bound()
        && !cx.is_a(v, T::dict);
    if !is_sequence {
        let name = class::name(class);
        return raise!(cx, TypeError, "'{name}' object is not reversible");
    }
    let n = protocol::length(cx, v)?;
    let o = new_of(cx, args.get(0))?;
    o.init(A, v);
    o.init(B, Value::small(n as i64 - 1));
    Ok(o.into())
}

fn reversed_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let i = cx.read(o, B)?;
    if i.as_small() < 0 {
        return Ok(Value::UNBOUND);
    }
    let seq = cx.read(o, A)?;
    cx.set(o, B, Value::small(i.as_small() - 1))?;
    match protocol::get_item(cx, seq, i) {
        Ok(v) => Ok(v),
        Err(escape) => match escape.exception() {
            Some(e)
                if class::is_subclass(e.class(), cx.class(T::IndexError))
                    || class::is_subclass(e.class(), cx.class(T::StopIteration)) =>
            {
                cx.set(o, B, Value::small(-1))?;
                Ok(Value::UNBOUND)
            }
            _ => Err(escape),
        },
    }
}

/// `reversed`.
pub static REVERSED: TypeDef = TypeDef {
    name: "reversed",
    body: Body::Words(Kind::Record, 6),
    subclassable: true,
    static_methods: &[row(
        "__new__",
        "(cls, sequence, /)",
        reversed_new,
        "Create and return a new object.",
    )],
    methods: &[
        ITER,
        row("__next__", "(self, /)", reversed_next, "Implement next(self)."),
        row(
            "__length_hint__",
            "(self, /)",
            |cx, args| {
                let i = cx.read(args.this_obj(), B)?;
                Ok(Value::small(i.as_small() + 1))
            },
            "Private method returning an estimate of len(list(it)).",
        ),
    ],
    doc: "Return a reverse iterator over the values of the given sequence.",
    ..TypeDef::BASE
};

// ---- iter(f, sentinel), anext(it, default) --------------------------------------------------

static CALLABLE_ITERATOR: TypeDef = TypeDef {
    name: "callable_iterator",
    body: Body::Words(Kind::Record, 6),
    methods: &[ITER, row("__next__", "(self, /)", callable_next, "Implement next(self).")],
    ..TypeDef::BASE
};

/// What `iter(f, sentinel)` gives.
///
/// # Errors
/// `MemoryError`.
pub fn callable_iterator(cx: &mut Cx, f: Value, sentinel: Value) -> Completion<Value> {
    let class = cx.type_for(&CALLABLE_ITERATOR)?;
    let o = cx.new_instance(class)?;
    o.init(A, f);
    o.init(B, sentinel);
    Ok(o.into())
}

fn callable_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let f = cx.read(o, A)?;
    if f.is_unbound() {
        return Ok(Value::UNBOUND);
    }
    let sentinel = cx.read(o, B)?;
    let v = match protocol::call(cx, f, &[]) {
        Ok(v) => v,
        Err(escape) => {
            if escape
                .exception()
                .is_some_and(|e| class::is_subclass(e.class(), cx.class(T::StopIteration)))
            {
                cx.set(o, A, Value::UNBOUND)?;
                return Ok(Value::UNBOUND);
            }
            return Err(escape);
        }
    };
    if protocol::identical_or_equal(cx, v, sentinel)? {
        cx.set(o, A, Value::UNBOUND)?;
        return Ok(Value::UNBOUND);
    }
    Ok(v)
}

static ANEXT_AWAITABLE: TypeDef = TypeDef {
    name: "anext_awaitable",
    body: Body::Words(Kind::Record, 6),
    methods: &[
        ITER,
        row("__await__", "(self, /)", itself, "Return an iterator to be used in await expression."),
        row(
            "__next__",
            "(self, /)",
            |cx, args| anext_step(cx, args, Value::NONE),
            "Implement next(self).",
        ),
        row("send", "(self, value, /)", |cx, args| anext_step(cx, args, args.get(1)), "send(v)"),
    ],
    ..TypeDef::BASE
};

/// What `anext(it, default)` gives.
///
/// # Errors
/// `MemoryError`.
pub fn anext_awaitable(cx: &mut Cx, step: Value, default: Value) -> Completion<Value> {
    let class = cx.type_for(&ANEXT_AWAITABLE)?;
    let o = cx.new_instance(class)?;
    o.init(A, step);
    o.init(B, default);
    Ok(o.into())
}

fn anext_step(cx: &mut Cx, args: Args<'_>, sent: Value) -> Completion<Value> {
    let o = args.this_obj();
    let mut it = cx.read(o, C)?;
    if it.is_unbound() {
        let step = cx.read(o, A)?;
        it = match crate::vm::exec::generators::await_iter(cx, step)? {
            Some(it) => it,
            None => {
                let name = cx.type_name(step);
                return raise!(cx, TypeError, "object {name} can't be used in 'await' expression");
            }
        };
        cx.set(o, C, it)?;
    }
    let result = if sent.is_none() {
        match protocol::call_special(cx, it, Special::Next, &[]) {
            Ok(Some(v)) if v.is_unbound() => {
                return Err(taipan_objects::types::exception::stop_iteration(cx, Value::NONE));
            }
            Ok(v) => Ok(v.unwrap_or(Value::NONE)),
            Err(escape) => Err(escape),
        }
    } else {
        let name = cx.name(taipan_objects::N::send);
        protocol::call_method(cx, it, name, &[sent])
    };
    match result {
        Err(escape)
            if escape.exception().is_some_and(|e| {
                class::is_subclass(e.class(), cx.class(T::StopAsyncIteration))
            }) =>
        {
            let default = cx.read(o, B)?;
            Err(taipan_objects::types::exception::stop_iteration(cx, default))
        }
        other => other,
    }
}
