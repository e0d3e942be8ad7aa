//! `bytearray`: layout, and what the rest of the runtime uses. `methods.rs` and `items.rs` hold the Python methods that are
//! its own; those shared with `bytes` are in `bytes_methods/`.
//!
//! Slots: the `Raw` buffer with spare room, the number of bytes in use, and where they begin in it: what leaves the front
//! moves only that. A change of some bytes logs the words it touches; growth beyond the buffer swaps it and leaves the old
//! one intact.
//!
//! Conflicts: one header: any two operations of which one writes conflict.

mod items;
mod methods;

use std::{borrow::Cow, sync::atomic::Ordering};

use crate::{cx::Cx, exc::Completion, heap::Obj, types::T, value::Value};

pub use self::methods::BYTEARRAY;

const BUF: usize = 2;
const LEN: usize = 3;
/// Unbound means 0.
const START: usize = 4;
const WORDS: u16 = 5;

/// A `bytearray` of these bytes.
///
/// # Errors
/// `MemoryError`.
pub fn new(cx: &mut Cx, data: &[u8]) -> Completion<Value> {
    let o = cx.new_object(T::bytearray)?;
    let buf = raw_of(cx, data, data.len())?;
    o.init(BUF, buf.into());
    o.init(LEN, Value::small(data.len() as i64));
    Ok(o.into())
}

fn raw_of(cx: &mut Cx, data: &[u8], capacity: usize) -> Completion<Obj> {
    let buf = cx.new_raw(capacity.max(data.len()))?;
    buf.init_bytes(2)[..data.len()].copy_from_slice(data);
    Ok(buf)
}

/// Where the bytes lie. In a bracket or claimed.
#[derive(Clone, Copy)]
struct Place {
    buf: Option<Obj>,
    start: usize,
    len: usize,
}

impl Place {
    #[inline(always)]
    fn of(o: Obj) -> Self {
        let number = |slot| o.raw(slot).small_int().unwrap_or(0).max(0) as usize;
        Self { buf: o.raw(BUF).obj(), start: number(START), len: number(LEN) }
    }

    /// The buffer, if `len` bytes have room in it.
    fn with_room_for(self, len: usize) -> Option<Obj> {
        self.buf.filter(|buf| self.start + len <= buf.len())
    }

    /// Copies at most `n` bytes from offset `from`.
    fn copy_out(self, from: usize, n: usize) -> Vec<u8> {
        let Some(buf) = self.buf else { return Vec::new() };
        let from = from.min(self.len);
        let n = n.min(self.len - from);
        let end = (self.start + from + n).min(buf.len());
        let from = (self.start + from).min(end);
        let mut out = Vec::with_capacity(end - from + 16);
        for w in from / 8..end.div_ceil(8) {
            // Relaxed: the bracket around the copy orders it.
            out.extend_from_slice(&buf.word(2 + w).load(Ordering::Relaxed).to_ne_bytes());
        }
        out.drain(..from % 8);
        out.truncate(end - from);
        out
    }
}

/// Number of bytes.
///
/// # Errors
/// The attempt's abort.
#[inline]
pub fn len(cx: &mut Cx, o: Obj) -> Completion<usize> {
    let v = cx.read(o, LEN)?;
    Ok(v.small_int().unwrap_or(0).max(0) as usize)
}

/// A copy of the bytes.
///
/// # Errors
/// The attempt's abort.
pub fn contents(cx: &mut Cx, o: Obj) -> Completion<Cow<'static, [u8]>> {
    Ok(Cow::Owned(part(cx, o, 0, usize::MAX)?))
}

/// A copy of at most `n` bytes from offset `from`.
///
/// # Errors
/// The attempt's abort.
pub fn part(cx: &mut Cx, o: Obj, from: usize, n: usize) -> Completion<Vec<u8>> {
    cx.bracket(o, || Place::of(o).copy_out(from, n))
}

/// Byte `i`, or `None` beyond the end.
///
/// # Errors
/// The attempt's abort.
#[inline]
pub fn byte_at(cx: &mut Cx, o: Obj, i: usize) -> Completion<Option<u8>> {
    cx.bracket(o, || {
        let place = Place::of(o);
        let buf = place.with_room_for(i + 1).filter(|_| i < place.len)?;
        let i = place.start + i;
        Some(buf.word(2 + i / 8).load(Ordering::Relaxed).to_ne_bytes()[i % 8])
    })
}

/// Overwrites bytes of the buffer of the claimed bytearray, from offset `at` of the buffer.
fn put(cx: &mut Cx, o: Obj, buf: Obj, at: usize, data: &[u8]) {
    let mut i = 0;
    while i < data.len() {
        let (w, first) = ((at + i) / 8, (at + i) % 8);
        let n = (8 - first).min(data.len() - i);
        let word = buf.word(2 + w);
        let mut bytes = word.load(Ordering::Relaxed).to_ne_bytes();
        bytes[first..first + n].copy_from_slice(&data[i..i + n]);
        cx.write_word(o, word, u64::from_ne_bytes(bytes));
        i += n;
    }
}

/// Overwrites bytes in place; ignored beyond the end.
///
/// # Errors
/// The attempt's abort.
pub fn write_at(cx: &mut Cx, o: Obj, at: usize, data: &[u8]) -> Completion<()> {
    cx.claim(o)?;
    let place = Place::of(o);
    let fits = place.len.saturating_sub(at).min(data.len());
    if let Some(buf) = place.with_room_for(at + fits) {
        put(cx, o, buf, place.start + at, &data[..fits]);
    }
    Ok(())
}

/// Appends bytes.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn push_bytes(cx: &mut Cx, o: Obj, data: &[u8]) -> Completion<()> {
    cx.claim(o)?;
    let place = Place::of(o);
    let total = place.len + data.len();
    let Some(buf) = place.with_room_for(total) else {
        let mut all = place.copy_out(0, place.len);
        all.extend_from_slice(data);
        return refill(cx, o, &all, total + total / 8 + 16);
    };
    put(cx, o, buf, place.start + place.len, data);
    cx.write(o, LEN, Value::small(total as i64));
    Ok(())
}

/// Replaces bytes `from..to` (within the length) by `data`.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn splice(cx: &mut Cx, o: Obj, from: usize, to: usize, data: &[u8]) -> Completion<()> {
    cx.claim(o)?;
    let place = Place::of(o);
    let n = place.len;
    let (from, to) = (from.min(n), to.clamp(from.min(n), n));
    if from == n {
        return push_bytes(cx, o, data);
    }
    if to - from == data.len() {
        return write_at(cx, o, from, data);
    }
    let len = n - (to - from) + data.len();
    // A buffer that is hardly used any more is given back.
    if let Some(buf) = place.with_room_for(len).filter(|buf| len >= buf.len() / 2) {
        if from == 0 && data.len() < to {
            let start = place.start + to - data.len();
            put(cx, o, buf, start, data);
            cx.write(o, START, Value::small(start as i64));
            cx.write(o, LEN, Value::small(len as i64));
            return Ok(());
        }
        // Without transactions no word needs to be kept.
        if cx.is_solo() {
            let tail = place.copy_out(to, n - to);
            put(cx, o, buf, place.start + from, data);
            put(cx, o, buf, place.start + from + data.len(), &tail);
            cx.write(o, LEN, Value::small(len as i64));
            return Ok(());
        }
    }
    let mut all = place.copy_out(0, n);
    all.splice(from..to, data.iter().copied());
    set_contents(cx, o, &all)
}

/// Replaces everything.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn set_contents(cx: &mut Cx, o: Obj, data: &[u8]) -> Completion<()> {
    cx.claim(o)?;
    refill(cx, o, data, data.len())
}

/// Gives the claimed bytearray a new buffer of `capacity` bytes.
fn refill(cx: &mut Cx, o: Obj, data: &[u8], capacity: usize) -> Completion<()> {
    let buf = raw_of(cx, data, capacity)?;
    cx.write(o, BUF, buf.into());
    cx.write(o, START, Value::small(0));
    cx.write(o, LEN, Value::small(data.len() as i64));
    Ok(())
}
