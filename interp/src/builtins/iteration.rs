//! Builtin functions that make iterators, or go through what they yield.

use taipan_objects::{
    Completion, Cx, Value, class,
    names::{N, Special},
    native::{Args, NativeDef},
    protocol::{self, BinaryOp, CompareOp},
    raise,
    types::{T, builtin_iters::new_callable_iterator, exception},
};

use super::{iterators::anext_awaitable, machine, row};

fn all(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = protocol::iter(cx, args.get(0))?;
    while let Some(v) = protocol::next(cx, it)? {
        if !protocol::truth(cx, v)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}

fn any(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = protocol::iter(cx, args.get(0))?;
    while let Some(v) = protocol::next(cx, it)? {
        if protocol::truth(cx, v)? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

fn iter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match args.opt(1) {
        None => protocol::iter(cx, args.get(0)),
        Some(sentinel) => new_callable_iterator(cx, args.get(0), sentinel),
    }
}

fn aiter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let v = args.get(0);
    match protocol::call_special(cx, v, Special::AIter, &[])? {
        Some(it) if class::special(cx.class_of(it), Special::ANext).is_bound() => Ok(it),
        Some(it) => {
            let name = cx.type_name(it);
            raise!(cx, TypeError, "aiter() returned not an async iterator of type '{name}'")
        }
        None => {
            let name = cx.type_name(v);
            raise!(cx, TypeError, "'{name}' object is not an async iterable")
        }
    }
}

fn anext(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let v = args.get(0);
    let Some(step) = protocol::call_special(cx, v, Special::ANext, &[])? else {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "'{name}' object is not an async iterator");
    };
    match args.opt(1) {
        None => Ok(step),
        Some(default) => anext_awaitable(cx, step, default),
    }
}

fn len(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = protocol::length(cx, args.get(0))?;
    cx.new_int(n as i64)
}

fn extreme(cx: &mut Cx, args: Args<'_>, name: &str, op: CompareOp) -> Completion<Value> {
    let given = args.rest(0);
    let (key, default) = (args.not_none(1), args.opt(2));
    let items = match given {
        [] => return raise!(cx, TypeError, "{name} expected at least 1 argument, got 0"),
        [one] => protocol::iter(cx, *one)?,
        many => {
            if default.is_some() {
                return raise!(
                    cx,
                    TypeError,
                    "Cannot specify a default for {name}() with multiple positional arguments"
                );
            }
            let tuple = cx.new_tuple(many)?;
            protocol::iter(cx, tuple)?
        }
    };
    let mut best: Option<(Value, Value)> = None;
    while let Some(item) = protocol::next(cx, items)? {
        let k = match key {
            Some(key) => protocol::call(cx, key, &[item])?,
            None => item,
        };
        let better = match best {
            None => true,
            Some((_, least)) => {
                let v = protocol::compare(cx, op, k, least)?;
                protocol::truth(cx, v)?
            }
        };
        if better {
            best = Some((item, k));
        }
    }
    match (best, default) {
        (Some((item, _)), _) => Ok(item),
        (None, Some(default)) => Ok(default),
        (None, None) => raise!(cx, ValueError, "{name}() iterable argument is empty"),
    }
}

fn max(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    extreme(cx, args, "max", CompareOp::Gt)
}

fn min(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    extreme(cx, args, "min", CompareOp::Lt)
}

/// `next(iterator[, default])`.
pub fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.get(0);
    let f = class::special(cx.class_of(it), Special::Next);
    if f.is_unbound() {
        let name = cx.type_name(it);
        return raise!(cx, TypeError, "'{name}' object is not an iterator");
    }
    if let Some(default) = args.opt(1) {
        return Ok(protocol::next(cx, it)?.unwrap_or(default));
    }
    match protocol::call::call_unbound(cx, f, it, &[], &[])? {
        v if v.is_unbound() => Err(exception::stop_iteration(cx, Value::NONE)),
        v => Ok(v),
    }
}

fn sorted(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = cx.class(T::list);
    let list = protocol::call(cx, class.into(), &[args.get(0)])?;
    let sort = cx.name(N::sort);
    let f = protocol::get_attr(cx, list, sort)?;
    let names = [cx.name(N::key), cx.name(N::reverse)];
    protocol::call_kw(cx, f, &[args.get(1), args.get(2)], &names)?;
    Ok(list)
}

fn sum(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let start = args.opt(1).unwrap_or(Value::small(0));
    for (t, hint) in [
        (T::str, "strings [use ''.join(seq) instead]"),
        (T::bytes, "bytes [use b''.join(seq) instead]"),
        (T::bytearray, "bytearray [use b''.join(seq) instead]"),
    ] {
        if cx.is_a(start, t) {
            return raise!(cx, TypeError, "sum() can't sum {hint}");
        }
    }
    let it = protocol::iter(cx, args.get(0))?;
    let mut total = start;
    while let Some(v) = protocol::next(cx, it)? {
        if total.is_float() {
            return sum_floats(cx, it, total, v);
        }
        total = add(cx, total, v)?;
    }
    Ok(total)
}

fn add(cx: &mut Cx, a: Value, b: Value) -> Completion<Value> {
    match (a.is_small() && b.is_small()).then(|| a.small_add(b)).flatten() {
        Some(v) => Ok(v),
        None => protocol::binary(cx, BinaryOp::Add, a, b),
    }
}

/// Compensated summation (Neumaier), as CPython does since 3.12.
fn sum_floats(cx: &mut Cx, it: Value, total: Value, first: Value) -> Completion<Value> {
    let (mut sum, mut lost) = (total.as_float(), 0.0_f64);
    let mut item = Some(first);
    while let Some(v) = item {
        let x = if let Some(f) = v.float_value() {
            f
        } else if let Some(n) = v.small_int() {
            n as f64
        } else {
            let rounded = if lost.is_finite() { sum + lost } else { sum };
            let mut total = add(cx, Value::float(rounded), v)?;
            while let Some(v) = protocol::next(cx, it)? {
                total = add(cx, total, v)?;
            }
            return Ok(total);
        };
        let next = sum + x;
        lost += if sum.abs() >= x.abs() { (sum - next) + x } else { (x - next) + sum };
        sum = next;
        item = protocol::next(cx, it)?;
    }
    Ok(Value::float(if lost != 0.0 && lost.is_finite() { sum + lost } else { sum }))
}

/// The functions of this file.
pub const FUNCTIONS: &[NativeDef] = &[
    row(
        "all",
        "(iterable, /)",
        all,
        "Return True if bool(x) is True for all values x in the iterable.\n\nIf the iterable is empty, return True.",
    ),
    row(
        "any",
        "(iterable, /)",
        any,
        "Return True if bool(x) is True for any x in the iterable.\n\nIf the iterable is empty, return False.",
    ),
    row(
        "iter",
        "(object, sentinel=<unset>, /)",
        iter,
        "iter(iterable) -> iterator\niter(callable, sentinel) -> iterator\n\nGet an iterator from an object.\nIn the first form, the argument must supply its own iterator, or be a sequence.\nIn the second form, the callable is called until it returns the sentinel.",
    ),
    row(
        "aiter",
        "(async_iterable, /)",
        aiter,
        "Return an AsyncIterator for an AsyncIterable object.",
    ),
    row(
        "anext",
        "(aiterator, default=<unset>, /)",
        anext,
        "Return the next item from the async iterator.\n\nIf default is given and the async iterator is exhausted,\nit is returned instead of raising StopAsyncIteration.",
    ),
    row("len", "(obj, /)", len, "Return the number of items in a container."),
    row(
        "max",
        "(*args, key=None, default=<unset>)",
        max,
        "max(iterable, *[, default=obj, key=func]) -> value\nmax(arg1, arg2, *args, *[, key=func]) -> value\n\nWith a single iterable argument, return its biggest item. The\ndefault keyword-only argument specifies an object to return if\nthe provided iterable is empty.\nWith two or more positional arguments, return the largest argument.",
    ),
    row(
        "min",
        "(*args, key=None, default=<unset>)",
        min,
        "min(iterable, *[, default=obj, key=func]) -> value\nmin(arg1, arg2, *args, *[, key=func]) -> value\n\nWith a single iterable argument, return its smallest item. The\ndefault keyword-only argument specifies an object to return if\nthe provided iterable is empty.\nWith two or more positional arguments, return the smallest argument.",
    ),
    machine(row(
        "next",
        "(iterator, default=<unset>, /)",
        next,
        "next(iterator[, default])\n\nReturn the next item from the iterator. If default is given and the iterator\nis exhausted, it is returned instead of raising StopIteration.",
    )),
    row(
        "sorted",
        "(iterable, /, *, key=None, reverse=False)",
        sorted,
        "Return a new list containing all items from the iterable in ascending order.\n\nA custom key function can be supplied to customize the sort order, and the\nreverse flag can be set to request the result in descending order.",
    ),
    row(
        "sum",
        "(iterable, /, start=0)",
        sum,
        "Return the sum of a 'start' value (default: 0) plus an iterable of numbers\n\nWhen the iterable is empty, return the start value.\nThis function is intended specifically for use with numeric values and may\nreject non-numeric types.",
    ),
];
