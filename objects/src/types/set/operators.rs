//! Set algebra: what the operators and the methods of `set` and `frozenset` share.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    protocol::{self, CompareOp},
    types::set::{self, slots},
    value::Value,
};

/// Adds to `result`, a fresh `set`, the items of `a` that are in `b`, or those that are not. As in CPython, what an item's
/// `__eq__` does to `a` meanwhile shows.
fn select(cx: &mut Cx, result: Obj, a: Obj, b: Obj, is_in: bool) -> Completion<()> {
    let mut from = 0;
    while let Some((place, h)) = slots::next_hashed(cx, a, from)? {
        if set::find(cx, b, place.key, h)?.is_some() == is_in {
            set::add_hashed(cx, result, place.key, h)?;
        }
        from = place.n + 1;
    }
    Ok(())
}

/// A fresh `set`: `a` and `other`, which is any iterable.
pub(super) fn intersection(cx: &mut Cx, a: Obj, other: Value) -> Completion<Obj> {
    let result = set::new(cx)?;
    if let Some(b) = set::exact(other) {
        let (small, large) = if set::len(cx, b)? > set::len(cx, a)? { (a, b) } else { (b, a) };
        select(cx, result, small, large, true)?;
        return Ok(result);
    }
    protocol::for_each(cx, other, |cx, item| {
        let h = set::item_hash(cx, item)?;
        if set::find(cx, a, item, h)?.is_some() {
            set::add_hashed(cx, result, item, h)?;
        }
        Ok(())
    })?;
    Ok(result)
}

/// Removes the items of an iterable from a `set`.
pub(super) fn subtract(cx: &mut Cx, s: Obj, other: Value) -> Completion<()> {
    if let Some(o) = set::exact(other) {
        if o == s {
            cx.claim(s)?;
            slots::clear::<2>(cx, s);
            return Ok(());
        }
        let mut from = 0;
        while let Some((place, h)) = slots::next_hashed(cx, o, from)? {
            set::discard_hashed(cx, s, place.key, h)?;
            from = place.n + 1;
        }
        return Ok(());
    }
    if let Some(entries) = set::hashed_items(cx, other)? {
        for e in entries.as_slice().chunks_exact(2) {
            set::discard_hashed(cx, s, e[0], e[1])?;
        }
        return Ok(());
    }
    protocol::for_each(cx, other, |cx, item| set::discard(cx, s, item).map(|_| ()))
}

/// A fresh `set`: the items of `a` that are not in `other`.
pub(super) fn difference(cx: &mut Cx, a: Obj, other: Value) -> Completion<Obj> {
    let much_smaller = match set::exact(other) {
        Some(b) => set::len(cx, b)? < set::len(cx, a)? >> 2,
        None => true,
    };
    if let Some(b) = set::exact(other).filter(|_| !much_smaller) {
        let result = set::new(cx)?;
        select(cx, result, a, b, false)?;
        return Ok(result);
    }
    let result = set::copy(cx, a)?;
    subtract(cx, result, other)?;
    Ok(result)
}

/// Turns the `set` into the items that are in it or in `other`, but not in both.
pub(super) fn toggle(cx: &mut Cx, s: Obj, other: Value) -> Completion<()> {
    // Through a set first: an item that occurs twice counts once.
    let other = match set::exact(other) {
        Some(o) => o,
        None => set::from_iterable(cx, other)?,
    };
    let entries = slots::snapshot(cx, other)?;
    for e in entries.as_slice().chunks_exact(2) {
        if !set::discard_hashed(cx, s, e[0], e[1])? {
            set::add_hashed(cx, s, e[0], e[1])?;
        }
    }
    Ok(())
}

/// Whether all items of `a` are in `b`.
pub(super) fn is_subset(cx: &mut Cx, a: Obj, b: Obj) -> Completion<bool> {
    if set::len(cx, a)? > set::len(cx, b)? {
        return Ok(false);
    }
    all_are(cx, a, b, true)
}

/// Whether no item of `other` is in `a`.
pub(super) fn is_disjoint(cx: &mut Cx, a: Obj, other: Value) -> Completion<bool> {
    if let Some(b) = set::exact(other) {
        return is_apart(cx, a, b);
    }
    let it = protocol::iter(cx, other)?;
    while let Some(item) = protocol::next(cx, it)? {
        if set::contains(cx, a, item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is_apart(cx: &mut Cx, a: Obj, b: Obj) -> Completion<bool> {
    let (small, large) = if set::len(cx, b)? > set::len(cx, a)? { (a, b) } else { (b, a) };
    all_are(cx, small, large, false)
}

/// Whether all items of `a` are in `b`, or none is.
fn all_are(cx: &mut Cx, a: Obj, b: Obj, is_in: bool) -> Completion<bool> {
    let mut from = 0;
    while let Some((place, h)) = slots::next_hashed(cx, a, from)? {
        if set::find(cx, b, place.key, h)?.is_some() != is_in {
            return Ok(false);
        }
        from = place.n + 1;
    }
    Ok(true)
}

/// `a OP b` for two sets.
pub(super) fn compare(cx: &mut Cx, op: CompareOp, a: Obj, b: Obj) -> Completion<bool> {
    let order = set::len(cx, a)?.cmp(&set::len(cx, b)?);
    cx.enter_native(" in comparison")?;
    let result = match op {
        CompareOp::Eq => order.is_eq().then(|| is_subset(cx, a, b)),
        CompareOp::Ne => order.is_eq().then(|| is_subset(cx, a, b)),
        CompareOp::Lt => order.is_lt().then(|| is_subset(cx, a, b)),
        CompareOp::Le => order.is_le().then(|| is_subset(cx, a, b)),
        CompareOp::Gt => order.is_gt().then(|| is_subset(cx, b, a)),
        CompareOp::Ge => order.is_ge().then(|| is_subset(cx, b, a)),
    };
    cx.leave_native();
    Ok(result.transpose()?.unwrap_or(false) != (op == CompareOp::Ne))
}

/// A fresh set of the same builtin class as `like` (`set` or `frozenset`) that takes over the items of `made`.
pub(super) fn same_class(cx: &mut Cx, like: Obj, made: Obj) -> Completion<Value> {
    Ok(if like.kind() == Kind::FrozenSet { set::freeze(cx, made)? } else { made }.into())
}
