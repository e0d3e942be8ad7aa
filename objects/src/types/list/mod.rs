//! `list`.
//!
//! Slots: the buffer (unbound while nothing was ever stored) and the length. Items beyond the length are unbound.
//! `mod.rs` holds what the rest of the runtime uses, `methods.rs` the Python methods, `sort.rs` sorting, `iter.rs` iterators.
//!
//! - Holds: length and buffer are read in one bracket, and every index is checked against the buffer as well.
//! - Conflicts: one header per list: a write of any item or of the length conflicts with every read and write of the list by
//!   another thread; reads conflict with nothing. Sorting holds the list for its whole duration.

pub mod iter;
mod methods;
mod sort;

use std::sync::atomic::AtomicU64;

use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    protocol::{self, RootVec},
    types::{T, slice},
    value::Value,
};

pub use self::{methods::LIST, sort::sort};

const BUF: usize = 2;
const LEN: usize = 3;

#[inline(always)]
fn number(v: Value) -> usize {
    (v.as_small() as usize) & (usize::MAX >> 14)
}

/// Items a buffer can hold.
#[inline(always)]
fn room(buf: Obj) -> usize {
    // Relaxed: the length of a buffer never changes.
    buf.word(1).load(std::sync::atomic::Ordering::Relaxed) as usize
}

/// An empty list.
///
/// # Errors
/// `MemoryError`.
#[inline]
pub fn new(cx: &mut Cx) -> Completion<Obj> {
    let list = cx.new_object(T::list)?;
    list.init(LEN, Value::small(0));
    Ok(list)
}

/// A list that takes over the values of `items`.
///
/// # Errors
/// `MemoryError`.
pub fn from_vec(cx: &mut Cx, items: RootVec) -> Completion<Obj> {
    let list = new(cx)?;
    let (buf, len) = items.into_buf();
    list.init(BUF, buf.map_or(Value::UNBOUND, Value::from));
    list.init(LEN, Value::small(len as i64));
    Ok(list)
}

/// A list of these values.
///
/// # Errors
/// `MemoryError`.
pub fn from_slice(cx: &mut Cx, items: &[Value]) -> Completion<Obj> {
    let list = new(cx)?;
    if !items.is_empty() {
        let buf = filled(cx, items, items.len())?;
        list.init(BUF, buf.into());
        list.init(LEN, Value::small(items.len() as i64));
    }
    Ok(list)
}

/// A list of the items of an iterable.
///
/// # Errors
/// Whatever the iteration raises.
pub fn from_iterable(cx: &mut Cx, v: Value) -> Completion<Obj> {
    let items = protocol::collect(cx, v)?;
    from_vec(cx, items)
}

/// `list[start:stop:step]`; `None` for parts that were left out.
///
/// # Errors
/// `ValueError` for a zero step, the attempt's abort, `MemoryError`.
pub fn slice(cx: &mut Cx, list: Obj, parts: [Option<i64>; 3]) -> Completion<Obj> {
    loop {
        let len = len(cx, list)?;
        let b = slice::fit(cx, parts, len)?;
        let picked = new(cx)?;
        if b.len == 0 {
            return Ok(picked);
        }
        let copy = cx.new_buf(b.len)?;
        let complete = cx.bracket(list, || {
            let Some(buf) = list.raw(BUF).obj() else { return false };
            if raw_len(list) != len || len > room(buf) {
                return false;
            }
            let mut at = b.start;
            for i in 0..b.len {
                copy.init(2 + i, buf.raw(2 + at as usize));
                // Beyond the last item a large step leads nowhere.
                at = at.wrapping_add(b.step);
            }
            true
        })?;
        if complete {
            picked.init(BUF, copy.into());
            picked.init(LEN, Value::small(b.len as i64));
            return Ok(picked);
        }
    }
}

/// `list[start:stop] = v`; `None` for bounds that were left out.
///
/// # Errors
/// Whatever iterating over `v` raises.
pub fn set_slice(
    cx: &mut Cx,
    list: Obj,
    start: Option<i64>,
    stop: Option<i64>,
    v: Value,
) -> Completion<()> {
    let items = protocol::collect(cx, v)?;
    cx.claim(list)?;
    let b = slice::fit(cx, [start, stop, None], raw_len(list))?;
    let start = b.start as usize;
    splice(cx, list, start, start + b.len, items.as_slice())
}

/// A fresh buffer with room for `room` items, beginning with `items`.
fn filled(cx: &mut Cx, items: &[Value], room: usize) -> Completion<Obj> {
    let buf = cx.new_buf(room)?;
    for (i, &v) in items.iter().enumerate() {
        buf.init(2 + i, v);
    }
    Ok(buf)
}

/// Whether `v` is a list (or an instance of a subclass).
#[inline(always)]
pub fn exact_kind(v: Value) -> Option<Obj> {
    v.obj().filter(|o| o.kind() == Kind::List)
}

/// The length. In a bracket or claimed.
#[inline(always)]
fn raw_len(list: Obj) -> usize {
    number(list.raw(LEN))
}

/// Number of items.
///
/// # Errors
/// The attempt's abort.
#[inline]
pub fn len(cx: &mut Cx, list: Obj) -> Completion<usize> {
    Ok(number(cx.read(list, LEN)?))
}

/// In a bracket or claimed: item `i`, counted from the end if negative; `UNBOUND` outside.
#[inline(always)]
fn raw_item(list: Obj, i: i64) -> Value {
    let Some(buf) = list.raw(BUF).obj() else { return Value::UNBOUND };
    let len = raw_len(list);
    let i = if i < 0 { i.wrapping_add(len as i64) } else { i } as usize;
    if i < len && i < room(buf) { buf.raw(2 + i) } else { Value::UNBOUND }
}

/// Claimed: where item `i` lies, counted from the end if negative.
#[inline(always)]
fn place(list: Obj, i: i64) -> Option<&'static AtomicU64> {
    let buf = list.raw(BUF).obj()?;
    let len = raw_len(list);
    let i = if i < 0 { i.wrapping_add(len as i64) } else { i } as usize;
    if i < len && i < room(buf) { Some(buf.word(2 + i)) } else { None }
}

/// `list[i]`, negative indexes counted from the end; `UNBOUND` outside.
///
/// # Errors
/// The attempt's abort.
#[inline(always)]
pub fn get(cx: &mut Cx, list: Obj, i: i64) -> Completion<Value> {
    cx.bracket(list, || raw_item(list, i))
}

/// `list[i] = v`, negative indexes counted from the end; false outside.
///
/// # Errors
/// The attempt's abort.
#[inline(always)]
pub fn set(cx: &mut Cx, list: Obj, i: i64, v: Value) -> Completion<bool> {
    cx.claim(list)?;
    let Some(word) = place(list, i) else { return Ok(false) };
    cx.write_word(list, word, v.bits());
    Ok(true)
}

/// `list[i]` for interpreter fast paths: `UNBOUND` outside or when the attempt is over. Never raises.
#[inline(always)]
pub fn try_get<const TX: bool>(cx: &mut Cx, list: Obj, i: i64) -> Value {
    cx.bracket_in::<TX, _>(list, || raw_item(list, i)).unwrap_or_default()
}

/// `list[i] = v` for interpreter fast paths: false when nothing was done and the general path must decide.
#[inline(always)]
pub fn try_set<const TX: bool>(cx: &mut Cx, list: Obj, i: i64, v: Value) -> bool {
    if cx.claim_in::<TX>(list).is_err() {
        return false;
    }
    let Some(word) = place(list, i) else { return false };
    cx.write_word_in::<TX>(list, word, v.bits());
    true
}

/// Appends an item.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
#[inline(always)]
pub fn push(cx: &mut Cx, list: Obj, v: Value) -> Completion<()> {
    cx.claim(list)?;
    let len = raw_len(list);
    let buf = match list.raw(BUF).obj() {
        Some(buf) if len < room(buf) => buf,
        _ => grow(cx, list, len + 1)?,
    };
    cx.write_word(list, buf.word(2 + len), v.bits());
    cx.write(list, LEN, Value::small(len as i64 + 1));
    Ok(())
}

/// Gives the claimed list a buffer with room for at least `wanted` items.
#[cold]
#[inline(never)]
fn grow(cx: &mut Cx, list: Obj, wanted: usize) -> Completion<Obj> {
    let items = raw_items(list);
    let generous =
        if items.len() < 1 << 16 { items.len() * 2 } else { items.len() + items.len() / 2 };
    let buf = filled(cx, items, wanted.max(generous).max(4))?;
    cx.write(list, BUF, buf.into());
    Ok(buf)
}

/// The items of the claimed list, until it is written again.
#[inline]
fn raw_items(list: Obj) -> &'static [Value] {
    match list.raw(BUF).obj() {
        Some(buf) => &buf.items()[..raw_len(list).min(room(buf))],
        None => &[],
    }
}

/// Removes and gives the last item; `UNBOUND` if there is none.
///
/// # Errors
/// The attempt's abort.
#[inline]
pub fn pop(cx: &mut Cx, list: Obj) -> Completion<Value> {
    cx.claim(list)?;
    let len = raw_len(list);
    match list.raw(BUF).obj() {
        Some(buf) if len > 0 && len <= room(buf) => {
            let v = buf.raw(1 + len);
            cx.write_word(list, buf.word(1 + len), 0);
            cx.write(list, LEN, Value::small(len as i64 - 1));
            Ok(v)
        }
        _ => Ok(Value::UNBOUND),
    }
}

/// A copy of the items from `start` up to `stop` (clipped to the length).
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn snapshot_range(cx: &mut Cx, list: Obj, start: usize, stop: usize) -> Completion<RootVec> {
    loop {
        let len = len(cx, list)?;
        let (start, stop) = (start.min(len), stop.min(len));
        let n = stop.saturating_sub(start);
        if n == 0 {
            return Ok(RootVec::new());
        }
        let copy = cx.new_buf(n)?;
        let complete = cx.bracket(list, || {
            let Some(buf) = list.raw(BUF).obj() else { return false };
            if raw_len(list) != len || stop > room(buf) {
                return false;
            }
            for i in 0..n {
                copy.init(2 + i, buf.raw(2 + start + i));
            }
            true
        })?;
        if complete {
            return Ok(RootVec::from_buf(copy, n));
        }
    }
}

/// A copy of all items.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn snapshot(cx: &mut Cx, list: Obj) -> Completion<RootVec> {
    snapshot_range(cx, list, 0, usize::MAX)
}

/// With transactions on, tails longer than this are moved in ways that need no undo entry per item: turned round with what
/// goes or comes if that is not longer either, and else by making a new buffer.
const TAIL_MAX: usize = 32;

/// `list[start:stop] = items`; the bounds are clipped to the length.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn splice(
    cx: &mut Cx,
    list: Obj,
    start: usize,
    stop: usize,
    items: &[Value],
) -> Completion<()> {
    cx.claim(list)?;
    let len = raw_len(list);
    let start = start.min(len);
    let stop = stop.clamp(start, len);
    let tail = len - stop;
    let new_len = start + items.len() + tail;
    if new_len == 0 {
        cx.write(list, BUF, Value::UNBOUND);
        cx.write(list, LEN, Value::small(0));
        return Ok(());
    }
    let distance = items.len().abs_diff(stop - start);
    let moves = if distance == 0 { 0 } else { tail };
    let is_cheap = cx.is_solo() || moves <= TAIL_MAX || distance <= TAIL_MAX;
    let in_place = list.raw(BUF).obj().filter(|buf| new_len <= room(*buf) && is_cheap);
    match in_place {
        Some(buf) => splice_in_place(cx, list, buf, start, stop, items),
        None => {
            let old = raw_items(list);
            let spare = if new_len > len { new_len / 2 } else { 0 };
            let buf = cx.new_buf(new_len + spare)?;
            let parts = old[..start].iter().chain(items).chain(&old[stop..]);
            for (i, &v) in parts.enumerate() {
                buf.init(2 + i, v);
            }
            cx.write(list, BUF, buf.into());
        }
    }
    cx.write(list, LEN, Value::small(new_len as i64));
    Ok(())
}

fn splice_in_place(cx: &mut Cx, list: Obj, buf: Obj, start: usize, stop: usize, items: &[Value]) {
    let len = raw_len(list);
    let put = start + items.len();
    if put != stop && len - stop > TAIL_MAX && !cx.is_solo() {
        turn_tail(cx, list, buf, stop, put);
    } else if put < stop {
        for i in stop..len {
            let v = buf.raw(2 + i);
            cx.write_word(list, buf.word(2 + i - stop + put), v.bits());
        }
        for i in len - (stop - put)..len {
            cx.write_word(list, buf.word(2 + i), 0);
        }
    } else if put > stop {
        for i in (stop..len).rev() {
            let v = buf.raw(2 + i);
            cx.write_word(list, buf.word(2 + i + put - stop), v.bits());
        }
    }
    for (i, &v) in items.iter().enumerate() {
        cx.write_word(list, buf.word(2 + start + i), v.bits());
    }
}

/// Moves the items from `stop` on to `put`: what lay there comes behind them and is unbound.
fn turn_tail(cx: &mut Cx, list: Obj, buf: Obj, stop: usize, put: usize) {
    let len = raw_len(list);
    if put < stop {
        cx.rotate_items(list, buf, put, len, stop - put);
        for i in len - (stop - put)..len {
            cx.write_word(list, buf.word(2 + i), 0);
        }
    } else {
        cx.rotate_items(list, buf, stop, len + put - stop, len - stop);
    }
}

/// Turns the order of the items round.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn reverse(cx: &mut Cx, list: Obj) -> Completion<()> {
    cx.claim(list)?;
    let items = raw_items(list);
    let n = items.len();
    let Some(buf) = list.raw(BUF).obj().filter(|_| n > 1) else { return Ok(()) };
    if cx.is_solo() || n <= TAIL_MAX {
        for i in 0..n / 2 {
            let (low, high) = (buf.raw(2 + i), buf.raw(1 + n - i));
            cx.write_word(list, buf.word(2 + i), high.bits());
            cx.write_word(list, buf.word(1 + n - i), low.bits());
        }
        return Ok(());
    }
    let turned = cx.new_buf(n)?;
    for (i, &v) in items.iter().rev().enumerate() {
        turned.init(2 + i, v);
    }
    cx.write(list, BUF, turned.into());
    Ok(())
}

/// Inserts an item before index `i` (clipped).
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn insert(cx: &mut Cx, list: Obj, i: usize, v: Value) -> Completion<()> {
    cx.claim(list)?;
    if i >= raw_len(list) {
        return push(cx, list, v);
    }
    splice(cx, list, i, i, &[v])
}

/// Appends these items.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn extend_slice(cx: &mut Cx, list: Obj, items: &[Value]) -> Completion<()> {
    if items.is_empty() {
        return Ok(());
    }
    cx.claim(list)?;
    let len = raw_len(list);
    let wanted = len + items.len();
    let buf = match list.raw(BUF).obj() {
        Some(buf) if wanted <= room(buf) => buf,
        _ => grow(cx, list, wanted)?,
    };
    for (i, &v) in items.iter().enumerate() {
        cx.write_word(list, buf.word(2 + len + i), v.bits());
    }
    cx.write(list, LEN, Value::small(wanted as i64));
    Ok(())
}

/// Appends all items of an iterable.
///
/// # Errors
/// Whatever the iteration raises.
pub fn extend(cx: &mut Cx, list: Obj, items: Value) -> Completion<()> {
    if let Some(o) = items.obj() {
        if o.class() == cx.class(T::list) {
            let copy = snapshot(cx, o)?;
            return extend_slice(cx, list, copy.as_slice());
        }
        if o.class() == cx.class(T::tuple) {
            return extend_slice(cx, list, o.items());
        }
    }
    protocol::for_each(cx, items, |cx, v| push(cx, list, v))
}

/// Replaces all items.
///
/// # Errors
/// The attempt's abort.
pub fn replace_all(cx: &mut Cx, list: Obj, items: RootVec) -> Completion<()> {
    cx.claim(list)?;
    let (buf, len) = items.into_buf();
    cx.write(list, BUF, buf.map_or(Value::UNBOUND, Value::from));
    cx.write(list, LEN, Value::small(len as i64));
    Ok(())
}
