//! `deque`: a ring buffer.
//!
//! Slots: the buffer, index of the first item, length, `maxlen` (or `None`), a count of changes that iterators compare.
//! Conflicts: one header per deque: a producer and a consumer on the same deque conflict.
//!
//! `mod.rs` is the ring, `methods.rs` what Python code calls.

mod methods;

use taipan_objects::{Completion, Cx, Obj, Value, protocol::RootVec};

pub(super) use self::methods::DEQUE;

const BUF: usize = 2;
const HEAD: usize = 3;
const LEN: usize = 4;
const MAXLEN: usize = 5;
const CHANGES: usize = 6;

#[inline]
fn number(d: Obj, slot: usize) -> usize {
    d.raw(slot).as_small() as usize
}

fn clear_slots(d: Obj) {
    d.init(HEAD, Value::small(0));
    d.init(LEN, Value::small(0));
    d.init(MAXLEN, Value::NONE);
    d.init(CHANGES, Value::small(0));
}

/// Number of items.
pub(super) fn len(cx: &mut Cx, d: Obj) -> Completion<usize> {
    Ok(cx.read(d, LEN)?.as_small() as usize)
}

/// The count of changes.
pub(super) fn changes(cx: &mut Cx, d: Obj) -> Completion<Value> {
    cx.read(d, CHANGES)
}

/// In a bracket or claimed: item `i`, `UNBOUND` beyond the end.
#[inline]
fn raw_item(d: Obj, i: usize) -> Value {
    let Some(buf) = d.raw(BUF).obj() else { return Value::UNBOUND };
    if i >= number(d, LEN) || buf.is_empty() {
        return Value::UNBOUND;
    }
    buf.item((number(d, HEAD) + i) % buf.len()).unwrap_or_default()
}

/// Item `i`, `UNBOUND` beyond the end.
pub(super) fn item(cx: &mut Cx, d: Obj, i: usize) -> Completion<Value> {
    cx.bracket(d, || raw_item(d, i))
}

fn changed(cx: &mut Cx, d: Obj) {
    let n = d.raw(CHANGES).as_small();
    cx.write(d, CHANGES, Value::small((n + 1) & Value::INT_MAX));
}

/// Makes room for one more item in the claimed deque.
fn reserve(cx: &mut Cx, d: Obj) -> Completion<Obj> {
    let len = number(d, LEN);
    if let Some(buf) = d.raw(BUF).obj().filter(|b| len < b.len()) {
        return Ok(buf);
    }
    let buf = cx.new_buf((len * 2).max(8))?;
    for i in 0..len {
        buf.init_item(i, raw_item(d, i));
    }
    cx.write(d, BUF, buf.into());
    cx.write(d, HEAD, Value::small(0));
    Ok(buf)
}

#[inline]
fn is_full(d: Obj) -> bool {
    d.raw(MAXLEN).small_int().is_some_and(|max| number(d, LEN) as i64 >= max)
}

#[inline]
fn push_back(cx: &mut Cx, d: Obj, v: Value) -> Completion<()> {
    cx.claim(d)?;
    if d.raw(MAXLEN) == Value::small(0) {
        return Ok(());
    }
    if is_full(d) {
        take(cx, d, true);
    }
    let buf = reserve(cx, d)?;
    let len = number(d, LEN);
    cx.write_item(d, buf, (number(d, HEAD) + len) % buf.len(), v);
    cx.write(d, LEN, Value::small(len as i64 + 1));
    changed(cx, d);
    Ok(())
}

#[inline]
fn push_front(cx: &mut Cx, d: Obj, v: Value) -> Completion<()> {
    cx.claim(d)?;
    if d.raw(MAXLEN) == Value::small(0) {
        return Ok(());
    }
    if is_full(d) {
        take(cx, d, false);
    }
    let buf = reserve(cx, d)?;
    let head = (number(d, HEAD) + buf.len() - 1) % buf.len();
    cx.write_item(d, buf, head, v);
    cx.write(d, HEAD, Value::small(head as i64));
    let len = number(d, LEN);
    cx.write(d, LEN, Value::small(len as i64 + 1));
    changed(cx, d);
    Ok(())
}

/// Removes and gives the first or last item of the claimed deque; `UNBOUND` if there is none.
#[inline]
fn take(cx: &mut Cx, d: Obj, first: bool) -> Value {
    let len = number(d, LEN);
    let Some(buf) = d.raw(BUF).obj().filter(|_| len > 0) else { return Value::UNBOUND };
    let head = number(d, HEAD);
    let at = (head + if first { 0 } else { len - 1 }) % buf.len();
    let v = buf.item(at).unwrap_or_default();
    cx.write_item(d, buf, at, Value::UNBOUND);
    if first {
        cx.write(d, HEAD, Value::small(((head + 1) % buf.len()) as i64));
    }
    cx.write(d, LEN, Value::small(len as i64 - 1));
    changed(cx, d);
    v
}

/// A copy of all items.
fn snapshot(cx: &mut Cx, d: Obj) -> Completion<RootVec> {
    let n = len(cx, d)?;
    let copy = cx.new_buf(n.max(1))?;
    cx.bracket(d, || {
        for i in 0..n {
            copy.init_item(i, raw_item(d, i));
        }
    })?;
    Ok(RootVec::from_buf(copy, n))
}

/// Replaces all items (at most `maxlen`, from the end).
fn replace(cx: &mut Cx, d: Obj, items: &RootVec) -> Completion<()> {
    cx.claim(d)?;
    let max = d.raw(MAXLEN).small_int().map_or(usize::MAX, |m| m as usize);
    let kept = &items.as_slice()[items.len() - items.len().min(max)..];
    let buf = match kept {
        [] => Value::UNBOUND,
        _ => {
            let buf = cx.new_buf(kept.len())?;
            for (i, &v) in kept.iter().enumerate() {
                buf.init_item(i, v);
            }
            buf.into()
        }
    };
    cx.write(d, BUF, buf);
    cx.write(d, HEAD, Value::small(0));
    cx.write(d, LEN, Value::small(kept.len() as i64));
    changed(cx, d);
    Ok(())
}

fn remove_at(cx: &mut Cx, d: Obj, i: usize) -> Completion<()> {
    cx.claim(d)?;
    if i == 0 || i + 1 == number(d, LEN) {
        take(cx, d, i == 0);
        return Ok(());
    }
    let mut rest = RootVec::new();
    for k in (0..number(d, LEN)).filter(|&k| k != i) {
        rest.push(cx, raw_item(d, k))?;
    }
    replace(cx, d, &rest)
}

/// Pushes what was just taken.
fn put_back(cx: &mut Cx, d: Obj, v: Value, front: bool) -> Completion<()> {
    if front { push_front(cx, d, v) } else { push_back(cx, d, v) }
}
