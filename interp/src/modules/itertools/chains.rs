//! `accumulate`, `batched`, `chain`, `islice`, `pairwise`, `starmap`, `zip_longest`.

use taipan_objects::{
    Args, Body, Completion, Cx, Kind, Obj, TypeDef, Value,
    protocol::{
        self, BinaryOp, RootVec,
        convert::{as_i64, as_int},
        index_i64,
    },
    raise,
    types::{T, int_ops},
};

use super::{ITER, instance, new_row, next_row, small};
use crate::modules::rows::row;

const IT: usize = 2;
const A: usize = 3;
const B: usize = 4;
const C: usize = 5;
const D: usize = 6;

/// `accumulate(iterable, func=None, *, initial=None)`: `A` function, `B` total, `C` initial value
/// until it was given out.
pub(super) static ACCUMULATE: TypeDef = TypeDef {
    name: "accumulate",
    module: "itertools",
    body: Body::Words(Kind::Record, 6),
    subclassable: true,
    static_methods: &[new_row("(type, /, iterable, func=None, *, initial=None)", accumulate_new)],
    methods: &[ITER, next_row(accumulate_next)],
    doc: "Return series of accumulated sums.",
    ..TypeDef::BASE
};

fn accumulate_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = protocol::iter(cx, args.get(1))?;
    let o = instance(cx, args, &ACCUMULATE)?;
    o.init(IT, it);
    o.init(A, args.get(2));
    o.init(C, args.not_none(3).unwrap_or_default());
    Ok(o.into())
}

fn accumulate_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (it, function, initial) = cx.bracket(o, || (o.raw(IT), o.raw(A), o.raw(C)))?;
    if initial.is_bound() {
        cx.claim(o)?;
        cx.write(o, C, Value::UNBOUND);
        cx.write(o, B, initial);
        return Ok(initial);
    }
    let Some(v) = protocol::next(cx, it)? else { return Ok(Value::UNBOUND) };
    let total = cx.read(o, B)?;
    let total = if total.is_unbound() {
        v
    } else if !function.is_none() {
        protocol::call(cx, function, &[total, v])?
    } else if total.is_small() && v.is_small() {
        int_ops::add(cx, total, v)?
    } else {
        protocol::binary(cx, BinaryOp::Add, total, v)?
    };
    cx.set(o, B, total)?;
    Ok(total)
}

/// `batched(iterable, n, *, strict=False)`: `A` the size, `B` whether strict.
pub(super) static BATCHED: TypeDef = TypeDef {
    name: "batched",
    module: "itertools",
    body: Body::Words(Kind::Record, 5),
    subclassable: true,
    static_methods: &[new_row("(type, /, iterable, n, *, strict=False)", batched_new)],
    methods: &[ITER, next_row(batched_next)],
    doc: "Batch data into tuples of length n. The last batch may be shorter than n.\n\nLoops over the input iterable and accumulates data into tuples\nup to size n.  The input is consumed lazily, just enough to\nfill a batch.  The result is yielded as soon as a batch is full\nor when the input iterable is exhausted.\n\n    >>> for batch in batched('ABCDEFG', 3):\n    ...     print(batch)\n    ...\n    ('A', 'B', 'C')\n    ('D', 'E', 'F')\n    ('G',)\n\nIf \"strict\" is True, raises a ValueError if the final batch is shorter\nthan n.",
    ..TypeDef::BASE
};

fn batched_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = index_i64(cx, args.get(2))?;
    let strict = protocol::truth(cx, args.get(3))?;
    if n < 1 {
        return raise!(cx, ValueError, "n must be at least one");
    }
    let it = protocol::iter(cx, args.get(1))?;
    let o = instance(cx, args, &BATCHED)?;
    o.init(IT, it);
    o.init(A, Value::small(n.min(Value::INT_MAX)));
    o.init(B, Value::bool(strict));
    Ok(o.into())
}

fn batched_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (it, n, strict) = cx.bracket(o, || (o.raw(IT), small(o, A), o.raw(B)))?;
    if it.is_unbound() {
        return Ok(Value::UNBOUND);
    }
    let n = usize::try_from(n).unwrap_or(1);
    let mut batch = RootVec::new();
    while batch.len() < n {
        match protocol::next(cx, it)? {
            Some(v) => batch.push(cx, v)?,
            None => {
                cx.set(o, IT, Value::UNBOUND)?;
                break;
            }
        }
    }
    if batch.is_empty() {
        return Ok(Value::UNBOUND);
    }
    if batch.len() < n && strict == Value::TRUE {
        return raise!(cx, ValueError, "batched(): incomplete batch");
    }
    cx.new_tuple(batch.as_slice())
}

/// `chain(*iterables)`: `IT` the iterator over the iterables, `A` the one being exhausted.
pub(super) static CHAIN: TypeDef = TypeDef {
    name: "chain",
    module: "itertools",
    body: Body::Words(Kind::Record, 4),
    subclassable: true,
    static_methods: &[new_row("(type, /, *iterables)", chain_new)],
    class_methods: &[
        row!(
            "from_iterable",
            "(type, iterable, /)",
            chain_from_iterable,
            "Alternative chain() constructor taking a single iterable argument that evaluates lazily."
        ),
        row!(
            "__class_getitem__",
            "(type, object, /)",
            |cx, args| taipan_objects::types::type_::generic_alias(cx, args.get(0), args.get(1)),
            "See PEP 585"
        ),
    ],
    methods: &[ITER, next_row(chain_next)],
    doc: "Return a chain object whose .__next__() method returns elements from the\nfirst iterable until it is exhausted, then elements from the next\niterable, until all of the iterables are exhausted.",
    ..TypeDef::BASE
};

fn chain_over(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = protocol::iter(cx, args.get(1))?;
    let o = instance(cx, args, &CHAIN)?;
    o.init(IT, it);
    Ok(o.into())
}

fn chain_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    chain_over(cx, args)
}

fn chain_from_iterable(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    chain_over(cx, args)
}

fn chain_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    loop {
        let (source, active) = cx.bracket(o, || (o.raw(IT), o.raw(A)))?;
        if source.is_unbound() {
            return Ok(Value::UNBOUND);
        }
        if active.is_unbound() {
            let Some(iterable) = protocol::next(cx, source)? else {
                cx.set(o, IT, Value::UNBOUND)?;
                return Ok(Value::UNBOUND);
            };
            let active = protocol::iter(cx, iterable)?;
            cx.set(o, A, active)?;
            continue;
        }
        if let Some(v) = protocol::next(cx, active)? {
            return Ok(v);
        }
        cx.set(o, A, Value::UNBOUND)?;
    }
}

/// `islice(iterable, [start,] stop[, step])`: `A` next index to give, `B` end or `None`, `C` step,
/// `D` items consumed.
pub(super) static ISLICE: TypeDef = TypeDef {
    name: "islice",
    module: "itertools",
    body: Body::Words(Kind::Record, 7),
    subclassable: true,
    static_methods: &[new_row("(type, iterable, /, *args)", islice_new)],
    methods: &[ITER, next_row(islice_next)],
    doc: "islice(iterable, stop) --> islice object\nislice(iterable, start, stop[, step]) --> islice object\n\nReturn an iterator whose next() method returns selected values from an\niterable.  If start is specified, will skip all preceding elements;\notherwise, start defaults to zero.  Step defaults to one.  If\nspecified as another value, step determines how many values are\nskipped between successive calls.  Works like a slice() on a list\nbut returns an iterator.",
    ..TypeDef::BASE
};

/// A non-negative index, `None` for Python's `None`; `Err` is a wrong value.
fn islice_index(cx: &mut Cx, v: Value) -> Completion<Result<Option<i64>, ()>> {
    if v.is_none() {
        return Ok(Ok(None));
    }
    let wide = match as_int(v) {
        Some(v) => Some(v),
        None if protocol::find_special(cx, v, taipan_objects::Special::Index).is_some() => {
            Some(protocol::index_int(cx, v)?)
        }
        None => None,
    };
    let index = wide.and_then(as_i64).filter(|&i| i >= 0);
    Ok(index.map(|i| Some(i.min(Value::INT_MAX))).ok_or(()))
}

fn islice_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (start, stop, step) = match *args.rest(2) {
        [stop] => (Value::NONE, stop, Value::NONE),
        [start, stop] => (start, stop, Value::NONE),
        [start, stop, step] => (start, stop, step),
        [] => return raise!(cx, TypeError, "islice expected at least 2 arguments, got 1"),
        ref all => {
            let n = all.len() + 1;
            return raise!(cx, TypeError, "islice expected at most 4 arguments, got {n}");
        }
    };
    let Ok(stop) = islice_index(cx, stop)? else {
        return raise!(
            cx,
            ValueError,
            "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize."
        );
    };
    let Ok(start) = islice_index(cx, start)? else {
        return raise!(
            cx,
            ValueError,
            "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize."
        );
    };
    let step = match islice_index(cx, step)? {
        Ok(step) if step != Some(0) => step.unwrap_or(1),
        _ => {
            return raise!(cx, ValueError, "Step for islice() must be a positive integer or None.");
        }
    };
    let it = protocol::iter(cx, args.get(1))?;
    let o = instance(cx, args, &ISLICE)?;
    o.init(IT, it);
    o.init(A, Value::small(start.unwrap_or(0)));
    o.init(B, stop.map_or(Value::NONE, Value::small));
    o.init(C, Value::small(step));
    o.init(D, Value::small(0));
    Ok(o.into())
}

fn islice_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (it, stop) = cx.bracket(o, || (o.raw(IT), o.raw(B)))?;
    if it.is_unbound() {
        return Ok(Value::UNBOUND);
    }
    let stop = stop.small_int();
    loop {
        let (next, seen) = cx.bracket(o, || (small(o, A), small(o, D)))?;
        // A start past the end still consumes what lies before it, as CPython does.
        if stop.is_some_and(|stop| seen >= stop.max(next)) {
            return end_islice(cx, o);
        }
        let Some(v) = protocol::next(cx, it)? else { return end_islice(cx, o) };
        cx.claim(o)?;
        let seen = small(o, D);
        cx.write(o, D, Value::small(seen + 1));
        if seen < next {
            continue;
        }
        let after = next.saturating_add(small(o, C)).min(Value::INT_MAX);
        let after = stop.map_or(after, |stop| after.min(stop));
        cx.write(o, A, Value::small(after));
        return Ok(v);
    }
}

fn end_islice(cx: &mut Cx, o: Obj) -> Completion<Value> {
    cx.set(o, IT, Value::UNBOUND)?;
    Ok(Value::UNBOUND)
}

/// `pairwise(iterable)`: `A` the item before.
pub(super) static PAIRWISE: TypeDef = TypeDef {
    name: "pairwise",
    module: "itertools",
    body: Body::Words(Kind::Record, 4),
    subclassable: true,
    static_methods: &[new_row("(type, iterable, /)", pairwise_new)],
    methods: &[ITER, next_row(pairwise_next)],
    doc: "Return an iterator of overlapping pairs taken from the input iterator.\n\n    s -> (s0,s1), (s1,s2), (s2, s3), ...",
    ..TypeDef::BASE
};

fn pairwise_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = protocol::iter(cx, args.get(1))?;
    let o = instance(cx, args, &PAIRWISE)?;
    o.init(IT, it);
    Ok(o.into())
}

fn pairwise_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (it, before) = cx.bracket(o, || (o.raw(IT), o.raw(A)))?;
    if it.is_unbound() {
        return Ok(Value::UNBOUND);
    }
    let before = match before.bound() {
        Some(v) => v,
        None => match protocol::next(cx, it)? {
            Some(v) => v,
            None => return end_islice(cx, o),
        },
    };
    cx.set(o, A, before)?;
    match protocol::next(cx, it)? {
        Some(v) => {
            cx.set(o, A, v)?;
            cx.new_tuple(&[before, v])
        }
        None => end_islice(cx, o),
    }
}

/// `starmap(function, iterable)`: `A` the function.
pub(super) static STARMAP: TypeDef = TypeDef {
    name: "starmap",
    module: "itertools",
    body: Body::Words(Kind::Record, 4),
    subclassable: true,
    static_methods: &[new_row("(type, function, iterable, /)", starmap_new)],
    methods: &[ITER, next_row(starmap_next)],
    doc: "Return an iterator whose values are returned from the function evaluated with an argument tuple taken from the given sequence.",
    ..TypeDef::BASE
};

fn starmap_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = protocol::iter(cx, args.get(2))?;
    let o = instance(cx, args, &STARMAP)?;
    o.init(IT, it);
    o.init(A, args.get(1));
    Ok(o.into())
}

fn starmap_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (it, function) = cx.bracket(o, || (o.raw(IT), o.raw(A)))?;
    let Some(v) = protocol::next(cx, it)? else { return Ok(Value::UNBOUND) };
    if let Some(tuple) = v.obj().filter(|o| o.class() == cx.class(T::tuple)) {
        return protocol::call(cx, function, tuple.items());
    }
    let arguments = protocol::collect(cx, v)?;
    protocol::call(cx, function, arguments.as_slice())
}

/// `zip_longest(*iterables, fillvalue=None)`: `IT` a buffer of iterators, unbound where one
/// ended, `A` how many are left, `B` the fill value.
pub(super) static ZIP_LONGEST: TypeDef = TypeDef {
    name: "zip_longest",
    module: "itertools",
    body: Body::Words(Kind::Record, 5),
    subclassable: true,
    static_methods: &[new_row("(type, /, *iterables, fillvalue=None)", zip_longest_new)],
    methods: &[ITER, next_row(zip_longest_next)],
    doc: "Return a zip_longest object whose .__next__() method returns a tuple where\nthe i-th element comes from the i-th iterable argument.  The .__next__()\nmethod continues until the longest iterable in the argument sequence\nis exhausted and then it raises StopIteration.  When the shorter iterables\nare exhausted, the fillvalue is substituted in their place.  The fillvalue\ndefaults to None or can be specified by a keyword argument.",
    ..TypeDef::BASE
};

fn zip_longest_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let sources = args.rest(1);
    let its = cx.new_buf(sources.len())?;
    for (i, &source) in sources.iter().enumerate() {
        let it = protocol::iter(cx, source)?;
        its.init_item(i, it);
    }
    let o = instance(cx, args, &ZIP_LONGEST)?;
    o.init(IT, its.into());
    o.init(A, Value::small(sources.len() as i64));
    o.init(B, args.get(2));
    Ok(o.into())
}

fn zip_longest_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (its, left, fill) = cx.bracket(o, || (o.raw(IT).obj(), small(o, A), o.raw(B)))?;
    let Some(its) = its.filter(|_| left > 0) else { return Ok(Value::UNBOUND) };
    let mut row = RootVec::new();
    for i in 0..its.len() {
        let it = cx.read_item(o, its, i)?;
        let item = match it.bound() {
            Some(it) => protocol::next(cx, it)?,
            None => Some(fill),
        };
        let item = match item {
            Some(v) => v,
            None => {
                cx.claim(o)?;
                let left = small(o, A) - 1;
                cx.write(o, A, Value::small(left));
                cx.write_item(o, its, i, Value::UNBOUND);
                if left <= 0 {
                    return Ok(Value::UNBOUND);
                }
                fill
            }
        };
        row.push(cx, item)?;
    }
    cx.new_tuple(row.as_slice())
}
