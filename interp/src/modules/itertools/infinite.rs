//! `count`, `cycle`, `repeat`.

use taipan_objects::{
    Args, Body, Completion, Cx, Kind, Special, TypeDef, Value,
    protocol::{
        self, BinaryOp,
        convert::{as_int, repr_text},
        find_special,
    },
    raise,
    types::{
        int_ops,
        number::{complex_of, float_of},
    },
};

use super::{ITER, append, instance, new_row, next_row, small};
use crate::modules::rows::row;

const A: usize = 2;
const B: usize = 3;
const C: usize = 4;
const D: usize = 5;

/// `count(start=0, step=1)`: slots `A` the next value, `B` the step.
pub(super) static COUNT: TypeDef = TypeDef {
    name: "count",
    module: "itertools",
    body: Body::Words(Kind::Record, 4),
    subclassable: true,
    static_methods: &[new_row("(type, /, start=0, step=1)", count_new)],
    methods: &[
        ITER,
        next_row(count_next),
        row!("__repr__", "(self, /)", count_repr, "Return repr(self)."),
    ],
    doc: "Return a count object whose .__next__() method returns consecutive values.\n\nEquivalent to:\n    def count(firstval=0, step=1):\n        x = firstval\n        while 1:\n            yield x\n            x += step",
    ..TypeDef::BASE
};

fn is_number(cx: &Cx, v: Value) -> bool {
    float_of(v).is_some()
        || as_int(v).is_some()
        || complex_of(v).is_some()
        || [Special::Int, Special::Float, Special::Index]
            .into_iter()
            .any(|method| find_special(cx, v, method).is_some())
}

fn count_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (start, step) = (args.get(1), args.get(2));
    if !is_number(cx, start) || !is_number(cx, step) {
        return raise!(cx, TypeError, "a number is required");
    }
    let o = instance(cx, args, &COUNT)?;
    o.init(A, start);
    o.init(B, step);
    Ok(o.into())
}

fn count_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    cx.claim(o)?;
    let (v, step) = (o.raw(A), o.raw(B));
    let next = match v.small_int().and(step.small_int()) {
        Some(_) => int_ops::add(cx, v, step)?,
        None => protocol::binary(cx, BinaryOp::Add, v, step)?,
    };
    cx.set(o, A, next)?;
    Ok(v)
}

fn count_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (v, step) = cx.bracket(o, || (o.raw(A), o.raw(B)))?;
    let name = cx.short_type_name(o.into());
    let start = repr_text(cx, v)?;
    if step == Value::small(1) {
        return cx.new_str(&format!("{name}({start})"));
    }
    let step = repr_text(cx, step)?;
    cx.new_str(&format!("{name}({start}, {step})"))
}

/// `cycle(iterable)`: slots `A` the iterator until it ends, `B` the items seen, `C` their number,
/// `D` the position in the next rounds.
pub(super) static CYCLE: TypeDef = TypeDef {
    name: "cycle",
    module: "itertools",
    body: Body::Words(Kind::Record, 6),
    subclassable: true,
    static_methods: &[new_row("(type, iterable, /)", cycle_new)],
    methods: &[ITER, next_row(cycle_next)],
    doc: "Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.",
    ..TypeDef::BASE
};

fn cycle_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = protocol::iter(cx, args.get(1))?;
    let o = instance(cx, args, &CYCLE)?;
    o.init(A, it);
    o.init(C, Value::small(0));
    o.init(D, Value::small(0));
    Ok(o.into())
}

fn cycle_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let it = cx.read(o, A)?;
    if it.is_bound() {
        let item = protocol::next(cx, it)?;
        cx.claim(o)?;
        if let Some(v) = item {
            append(cx, o, B, C, v)?;
            return Ok(v);
        }
        cx.write(o, A, Value::UNBOUND);
    }
    cx.claim(o)?;
    let (n, i) = (small(o, C), small(o, D));
    let v = o.raw(B).obj().and_then(|b| b.item(usize::try_from(i).ok()?));
    match v {
        Some(v) if n > 0 => {
            cx.write(o, D, Value::small((i + 1) % n));
            Ok(v)
        }
        _ => Ok(Value::UNBOUND),
    }
}

/// `repeat(object, times)`: slots `A` the object, `B` how often still; `None` for ever.
pub(super) static REPEAT: TypeDef = TypeDef {
    name: "repeat",
    module: "itertools",
    body: Body::Words(Kind::Record, 4),
    subclassable: true,
    static_methods: &[new_row("(type, /, object, times=<forever>)", repeat_new)],
    methods: &[
        ITER,
        next_row(repeat_next),
        row!("__repr__", "(self, /)", repeat_repr, "Return repr(self)."),
        row!(
            "__length_hint__",
            "(self, /)",
            repeat_hint,
            "Private method returning an estimate of len(list(it))."
        ),
    ],
    doc: "repeat(object [,times]) -> create an iterator which returns the object\nfor the specified number of times.  If not specified, returns the object\nendlessly.",
    ..TypeDef::BASE
};

fn repeat_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let times = match args.opt(2) {
        None => Value::NONE,
        Some(times) => {
            let times = protocol::index_i64(cx, times)?;
            Value::small(times.clamp(0, Value::INT_MAX))
        }
    };
    let o = instance(cx, args, &REPEAT)?;
    o.init(A, args.get(1));
    o.init(B, times);
    Ok(o.into())
}

fn repeat_next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (v, left) = cx.bracket(o, || (o.raw(A), o.raw(B)))?;
    match left.small_int() {
        None => Ok(v),
        Some(left) if left > 0 => {
            cx.set(o, B, Value::small(left - 1))?;
            Ok(v)
        }
        Some(_) => Ok(Value::UNBOUND),
    }
}

fn repeat_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (v, left) = cx.bracket(o, || (o.raw(A), o.raw(B)))?;
    let name = cx.short_type_name(o.into());
    let shown = repr_text(cx, v)?;
    match left.small_int() {
        None => cx.new_str(&format!("{name}({shown})")),
        Some(left) => cx.new_str(&format!("{name}({shown}, {left})")),
    }
}

fn repeat_hint(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let left = cx.read(args.this_obj(), B)?;
    match left.small_int() {
        Some(_) => Ok(left),
        None => raise!(cx, TypeError, "len() of unsized object"),
    }
}
