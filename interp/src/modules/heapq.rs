//! `_heapq`: heaps in lists.
//!
//! Conflicts: every function that changes the heap owns the list, so two of them on one heap
//! conflict.

use taipan_objects::{
    Args, Completion, Cx, Kind, NativeDef, Obj, Value,
    protocol::{self, CompareOp},
    raise,
    types::list,
};

use super::{ModuleDef, rows::row};

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_heapq",
    doc: "Heap queue algorithm (a.k.a. priority queue).",
    functions: FUNCTIONS,
    ..ModuleDef::BASE
};

/// Which end of the order is at the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Top {
    Min,
    Max,
}

macro_rules! both {
    ($min:literal, $max:literal, $sig:literal, $f:ident, $min_doc:literal, $max_doc:literal) => {
        [
            row!(
                $min,
                $sig,
                |cx, args| heap(cx, args, $min).and_then(|o| $f(cx, o, args.get(1), Top::Min)),
                $min_doc
            ),
            row!(
                $max,
                $sig,
                |cx, args| heap(cx, args, $max).and_then(|o| $f(cx, o, args.get(1), Top::Max)),
                $max_doc
            ),
        ]
    };
}

const PUSH: [NativeDef; 2] = both!(
    "heappush",
    "heappush_max",
    "(heap, item, /)",
    push,
    "Push item onto heap, maintaining the heap invariant.",
    "Push item onto max heap, maintaining the heap invariant."
);
const POP: [NativeDef; 2] = both!(
    "heappop",
    "heappop_max",
    "(heap, /)",
    pop,
    "Pop the smallest item off the heap, maintaining the heap invariant.",
    "Maxheap variant of heappop."
);
const REPLACE: [NativeDef; 2] = both!(
    "heapreplace",
    "heapreplace_max",
    "(heap, item, /)",
    replace,
    "Pop and return the current smallest value, and add the new item.\n\nThis is more efficient than heappop() followed by heappush(), and can be\nmore appropriate when using a fixed-size heap.  Note that the value\nreturned may be larger than item!  That constrains reasonable uses of\nthis routine unless written as part of a conditional replacement:\n\n    if item > heap[0]:\n        item = heapreplace(heap, item)",
    "Maxheap variant of heapreplace."
);
const PUSH_POP: [NativeDef; 2] = both!(
    "heappushpop",
    "heappushpop_max",
    "(heap, item, /)",
    push_pop,
    "Push item on the heap, then pop and return the smallest item from the heap.\n\nThe combined action runs more efficiently than heappush() followed by\na separate call to heappop().",
    "Maxheap variant of heappushpop.\n\nThe combined action runs more efficiently than heappush_max() followed by\na separate call to heappop_max()."
);
const HEAPIFY: [NativeDef; 2] = both!(
    "heapify",
    "heapify_max",
    "(heap, /)",
    heapify,
    "Transform list into a heap, in-place, in O(len(heap)) time.",
    "Maxheap variant of heapify."
);

const FUNCTIONS: &[NativeDef] = &{
    let [a, b] = PUSH;
    let [c, d] = POP;
    let [e, f] = REPLACE;
    let [g, h] = PUSH_POP;
    let [i, j] = HEAPIFY;
    [a, b, c, d, e, f, g, h, i, j]
};

/// The list, owned from here on.
fn heap(cx: &mut Cx, args: Args<'_>, function: &str) -> Completion<Obj> {
    match args.get(0).obj().filter(|o| o.kind() == Kind::List) {
        Some(o) => {
            cx.claim(o)?;
            Ok(o)
        }
        None => {
            let name = cx.type_name(args.get(0));
            raise!(cx, TypeError, "{function}() argument 1 must be list, not {name}")
        }
    }
}

/// Whether `a` belongs above `b`; both may be any objects.
#[inline]
fn above(cx: &mut Cx, top: Top, a: Value, b: Value) -> Completion<bool> {
    let (a, b) = if top == Top::Min { (a, b) } else { (b, a) };
    if let (Some(x), Some(y)) = (a.small_int(), b.small_int()) {
        return Ok(x < y);
    }
    if let (Some(x), Some(y)) = (a.float_value(), b.float_value()) {
        return Ok(x < y);
    }
    let less = protocol::compare(cx, CompareOp::Lt, a, b)?;
    protocol::truth(cx, less)
}

/// A comparison may run Python code that changes the list.
fn check_len(cx: &mut Cx, o: Obj, expected: usize) -> Completion<()> {
    match list::len(cx, o)? == expected {
        true => Ok(()),
        false => raise!(cx, RuntimeError, "list changed size during iteration"),
    }
}

fn item(cx: &mut Cx, o: Obj, i: usize) -> Completion<Value> {
    list::get(cx, o, i as i64)
}

fn swap(cx: &mut Cx, o: Obj, i: usize, j: usize) -> Completion<()> {
    let (a, b) = (item(cx, o, i)?, item(cx, o, j)?);
    list::set(cx, o, i as i64, b)?;
    list::set(cx, o, j as i64, a)?;
    Ok(())
}

/// Moves item `at` up until its parent belongs above it, not past `start`.
fn rise(cx: &mut Cx, o: Obj, top: Top, start: usize, mut at: usize) -> Completion<()> {
    let len = list::len(cx, o)?;
    while at > start {
        let parent = (at - 1) / 2;
        let (a, b) = (item(cx, o, at)?, item(cx, o, parent)?);
        let moves = above(cx, top, a, b)?;
        check_len(cx, o, len)?;
        if !moves {
            break;
        }
        swap(cx, o, at, parent)?;
        at = parent;
    }
    Ok(())
}

/// Moves item `start` down to a leaf along the better children, then up to its place: fewer
/// comparisons than stopping on the way.
fn sink(cx: &mut Cx, o: Obj, top: Top, start: usize) -> Completion<()> {
    let len = list::len(cx, o)?;
    let mut at = start;
    while at < len / 2 {
        let mut child = 2 * at + 1;
        if child + 1 < len {
            let (a, b) = (item(cx, o, child)?, item(cx, o, child + 1)?);
            if !above(cx, top, a, b)? {
                child += 1;
            }
            check_len(cx, o, len)?;
        }
        swap(cx, o, child, at)?;
        at = child;
    }
    rise(cx, o, top, start, at)
}

fn push(cx: &mut Cx, o: Obj, new: Value, top: Top) -> Completion<Value> {
    list::push(cx, o, new)?;
    let last = list::len(cx, o)?.saturating_sub(1);
    rise(cx, o, top, 0, last)?;
    Ok(Value::NONE)
}

fn pop(cx: &mut Cx, o: Obj, _new: Value, top: Top) -> Completion<Value> {
    let last = list::pop(cx, o)?;
    if last.is_unbound() {
        return raise!(cx, IndexError, "index out of range");
    }
    if list::len(cx, o)? == 0 {
        return Ok(last);
    }
    let first = item(cx, o, 0)?;
    list::set(cx, o, 0, last)?;
    sink(cx, o, top, 0)?;
    Ok(first)
}

fn replace(cx: &mut Cx, o: Obj, new: Value, top: Top) -> Completion<Value> {
    let first = item(cx, o, 0)?;
    if first.is_unbound() {
        return raise!(cx, IndexError, "index out of range");
    }
    list::set(cx, o, 0, new)?;
    sink(cx, o, top, 0)?;
    Ok(first)
}

fn push_pop(cx: &mut Cx, o: Obj, new: Value, top: Top) -> Completion<Value> {
    let first = item(cx, o, 0)?;
    if first.is_unbound() || !above(cx, top, first, new)? {
        return Ok(new);
    }
    let first = item(cx, o, 0)?;
    if first.is_unbound() {
        return raise!(cx, IndexError, "index out of range");
    }
    list::set(cx, o, 0, new)?;
    sink(cx, o, top, 0)?;
    Ok(first)
}

fn heapify(cx: &mut Cx, o: Obj, _new: Value, top: Top) -> Completion<Value> {
    let len = list::len(cx, o)?;
    for at in (0..len / 2).rev() {
        sink(cx, o, top, at)?;
    }
    Ok(Value::NONE)
}
