//! `_bisect`: binary search in sequences. Conflicts: with whoever changes the items it looks at;
//! `insort` also with everyone who uses the list.

use taipan_objects::{
    Args, Completion, Cx, Kind, NativeDef, Value,
    protocol::{self, CompareOp, index_i64},
    raise,
    types::{T, list},
};

use super::{ModuleDef, rows::row};

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_bisect",
    doc: "Bisection algorithms.\n\nThis module provides support for maintaining a list in sorted order without\nhaving to sort the list after each insertion. For long lists of items with\nexpensive comparison operations, this can be an improvement over the more\ncommon approach.\n",
    functions: FUNCTIONS,
    ..ModuleDef::BASE
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

const SIG: &str = "(a, x, lo=0, hi=None, *, key=None)";

macro_rules! function {
    ($name:literal, $f:ident, $side:ident, $doc:literal) => {
        NativeDef { sig: SIG, ..row!($name, "", |cx, args| $f(cx, args, Side::$side), $doc) }
    };
}

const FUNCTIONS: &[NativeDef] = &[
    function!(
        "bisect_right",
        bisect,
        Right,
        "Return the index where to insert item x in list a, assuming a is sorted.\n\nThe return value i is such that all e in a[:i] have e <= x, and all e in\na[i:] have e > x.  So if x already appears in the list, a.insert(i, x) will\ninsert just after the rightmost x already there.\n\nOptional args lo (default 0) and hi (default len(a)) bound the\nslice of a to be searched.\n\nA custom key function can be supplied to customize the sort order."
    ),
    function!(
        "bisect_left",
        bisect,
        Left,
        "Return the index where to insert item x in list a, assuming a is sorted.\n\nThe return value i is such that all e in a[:i] have e < x, and all e in\na[i:] have e >= x.  So if x already appears in the list, a.insert(i, x) will\ninsert just before the leftmost x already there.\n\nOptional args lo (default 0) and hi (default len(a)) bound the\nslice of a to be searched.\n\nA custom key function can be supplied to customize the sort order."
    ),
    function!(
        "insort_right",
        insort,
        Right,
        "Insert item x in list a, and keep it sorted assuming a is sorted.\n\nIf x is already in a, insert it to the right of the rightmost x.\n\nOptional args lo (default 0) and hi (default len(a)) bound the\nslice of a to be searched.\n\nA custom key function can be supplied to customize the sort order."
    ),
    function!(
        "insort_left",
        insort,
        Left,
        "Insert item x in list a, and keep it sorted assuming a is sorted.\n\nIf x is already in a, insert it to the left of the leftmost x.\n\nOptional args lo (default 0) and hi (default len(a)) bound the\nslice of a to be searched.\n\nA custom key function can be supplied to customize the sort order."
    ),
];

fn less(cx: &mut Cx, a: Value, b: Value) -> Completion<bool> {
    if let (Some(x), Some(y)) = (a.small_int(), b.small_int()) {
        return Ok(x < y);
    }
    let r = protocol::compare(cx, CompareOp::Lt, a, b)?;
    protocol::truth(cx, r)
}

fn item(cx: &mut Cx, a: Value, i: i64) -> Completion<Value> {
    if let Some(o) = a.obj().filter(|o| o.class() == cx.class(T::list)) {
        let v = list::get(cx, o, i)?;
        if v.is_bound() {
            return Ok(v);
        }
    }
    let i = cx.new_int(i)?;
    protocol::get_item(cx, a, i)
}

/// Where `x` (already a key, if there is a key function) belongs.
fn position(cx: &mut Cx, args: Args<'_>, x: Value, side: Side) -> Completion<i64> {
    let a = args.get(0);
    let mut lo = index_i64(cx, args.get(2))?;
    if lo < 0 {
        return raise!(cx, ValueError, "lo must be non-negative");
    }
    let mut hi = match args.not_none(3) {
        Some(hi) => index_i64(cx, hi)?,
        None => protocol::length(cx, a)? as i64,
    };
    let key = args.not_none(4);
    while lo < hi {
        let middle = lo + (hi - lo) / 2;
        let mut v = item(cx, a, middle)?;
        if let Some(key) = key {
            v = protocol::call(cx, key, &[v])?;
        }
        let right_half = match side {
            Side::Left => less(cx, v, x)?,
            Side::Right => !less(cx, x, v)?,
        };
        if right_half { lo = middle + 1 } else { hi = middle }
    }
    Ok(lo)
}

fn bisect(cx: &mut Cx, args: Args<'_>, side: Side) -> Completion<Value> {
    let i = position(cx, args, args.get(1), side)?;
    cx.new_int(i)
}

fn insort(cx: &mut Cx, args: Args<'_>, side: Side) -> Completion<Value> {
    let x = match args.not_none(4) {
        Some(key) => protocol::call(cx, key, &[args.get(1)])?,
        None => args.get(1),
    };
    let i = position(cx, args, x, side)?;
    let a = args.get(0);
    if let Some(o) = a.obj().filter(|o| o.kind() == Kind::List && o.class() == cx.class(T::list)) {
        list::insert(cx, o, usize::try_from(i).unwrap_or(0), args.get(1))?;
        return Ok(Value::NONE);
    }
    let insert = cx.intern("insert")?;
    let i = cx.new_int(i)?;
    protocol::call_method(cx, a, insert, &[i, args.get(1)])?;
    Ok(Value::NONE)
}
