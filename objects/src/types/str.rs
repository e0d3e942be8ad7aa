//! `str`: layout and access.
//!
//! Words: 1 length in bytes, 2 number of code points, 3 cached hash (0: not computed yet), data (WTF-8) from 4. Immutable.
//! ASCII exactly when both lengths agree. Flag bit 56 of the meta word says that the string is interned.
//!
//! Text that grows by `s += x` shares a buffer with room to spare: the new string continues where the old one ends, if
//! nobody else has done so before. Such a string has flag `SHARED_DATA` and names the buffer (a `Raw` object) in word 4;
//! the buffer's word 2 counts the bytes taken, its text begins at word 3. Taking bytes is one compare-and-swap, bytes
//! that were taken never change, so all strings over one buffer stay immutable; an aborted attempt leaves a gap at most.

use std::sync::atomic::Ordering;

use rustpython_wtf8::Wtf8;

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj, SHARED_DATA},
    text::cp,
    types::T,
    value::Value,
};

const CHARS: usize = 2;
const HASH: usize = 3;
const DATA: usize = 4;
const INTERNED: u64 = 1 << 56;
/// Made by concatenation: the next one on top of it gets a buffer with room.
const CONCATENATED: u64 = 1 << 58;
/// Results shorter than this are plain copies.
const SHARE_MIN: usize = 256;
/// Word of a shared buffer that counts the bytes taken; text follows.
const TAKEN: usize = 2;
const TEXT: usize = 3;

/// A `str` of these WTF-8 bytes, which hold `n_chars` code points.
///
/// # Errors
/// `MemoryError`.
pub fn new_str_bytes(cx: &mut Cx, bytes: &[u8], n_chars: usize) -> Completion<Value> {
    let o = new_uninit(cx, bytes.len(), n_chars)?;
    o.init_bytes(DATA).copy_from_slice(bytes);
    Ok(o.into())
}

/// A `str` of ASCII text.
///
/// # Errors
/// `MemoryError`.
#[inline]
pub fn new_ascii(cx: &mut Cx, bytes: &[u8]) -> Completion<Value> {
    debug_assert!(bytes.is_ascii());
    new_str_bytes(cx, bytes, bytes.len())
}

/// The interned string of one Latin-1 character.
///
/// # Errors
/// `MemoryError`.
#[inline]
pub fn latin_char(cx: &mut Cx, c: u8) -> Completion<Value> {
    match cx.world.latin_char(c).bound() {
        Some(v) => Ok(v),
        None => new_latin_char(cx, c),
    }
}

#[cold]
fn new_latin_char(cx: &mut Cx, c: u8) -> Completion<Value> {
    let v = cx.intern(char::from(c).encode_utf8(&mut [0; 4]))?;
    cx.world.set_latin_char(c, v);
    Ok(v)
}

/// `a + b` as a new string.
///
/// - Cost: a copy of both; when `a` came from such an addition itself and is long, usually only of `b`.
///
/// # Errors
/// `MemoryError`.
pub fn append(cx: &mut Cx, a: Obj, b: Obj) -> Completion<Value> {
    let total = a.len() + b.len();
    if total >= SHARE_MIN && a.meta() & (CONCATENATED | SHARED_DATA) != 0 {
        return append_shared(cx, a, b, total);
    }
    let o = new_uninit(cx, total, n_chars(a) + n_chars(b))?;
    let (head, tail) = data_mut(o).split_at_mut(a.len());
    head.copy_from_slice(bytes_of(a));
    tail.copy_from_slice(bytes_of(b));
    if total >= SHARE_MIN {
        o.word(0).fetch_or(CONCATENATED, Ordering::Relaxed);
    }
    Ok(o.into())
}

fn append_shared(cx: &mut Cx, a: Obj, b: Obj, total: usize) -> Completion<Value> {
    let extended = a.shared_data().filter(|data| {
        let room = total + 8 <= data.len();
        // Relaxed: the bytes become visible through whatever publishes the new string.
        let (old, new) = (a.len() as u64, total as u64);
        room && data
            .word(TAKEN)
            .compare_exchange(old, new, Ordering::Relaxed, Ordering::Relaxed)
            .is_ok()
    });
    let data = match extended {
        Some(data) => data,
        None => {
            let data = cx.new_raw(8 + total + total / 2 + 64)?;
            data.word(TAKEN).store(total as u64, Ordering::Relaxed);
            data.claimed_bytes(TEXT, 0, a.len()).copy_from_slice(bytes_of(a));
            data
        }
    };
    data.claimed_bytes(TEXT, a.len(), total).copy_from_slice(bytes_of(b));
    let meta = class::root_shape(cx.class(T::str)).meta() | SHARED_DATA;
    let o = cx.alloc_sized(meta, 1, DATA)?;
    o.word(1).store(total as u64, Ordering::Relaxed);
    o.word(CHARS).store((n_chars(a) + n_chars(b)) as u64, Ordering::Relaxed);
    o.init(DATA, data.into());
    Ok(o.into())
}

/// Words of breadcrumbs behind the data: 32-bit byte offsets of every 64th character but the first, zero until someone
/// needs them. Text that is ASCII, short, or of 4 GiB and more has none.
#[inline]
fn crumb_count(n_bytes: usize, n_chars: usize) -> usize {
    if n_chars == n_bytes || n_bytes >= 1 << 32 {
        0
    } else {
        n_chars.saturating_sub(1) / cp::STRIDE
    }
}

/// Breadcrumbs of a string: those in a shared buffer have none.
fn crumbs_of(o: Obj) -> usize {
    if o.shared_data().is_some() { 0 } else { crumb_count(o.len(), n_chars(o)) }
}

/// Byte offset of character `i`, or the length in bytes when past the end.
///
/// - Cost: constant for ASCII; else at most 63 characters are walked, after one pass over the text on first use.
#[inline]
pub fn byte_offset(o: Obj, i: usize) -> usize {
    if is_ascii(o) { i.min(o.len()) } else { byte_offset_slow(o, i) }
}

fn byte_offset_slow(o: Obj, i: usize) -> usize {
    let (s, n) = (bytes_of(o), n_chars(o));
    if i >= n {
        return s.len();
    }
    let crumb = (i / cp::STRIDE).min(crumbs_of(o));
    if crumb == 0 {
        return cp::advance(s, 0, i);
    }
    cp::advance(s, crumb_at(o, crumb), i - crumb * cp::STRIDE)
}

/// Breadcrumb `k` (from 1), laid on first use. Relaxed throughout: every thread writes the same numbers.
fn crumb_at(o: Obj, k: usize) -> usize {
    let first = DATA + o.len().div_ceil(8);
    let read = |k: usize| {
        let word = o.word(first + (k - 1) / 2).load(Ordering::Relaxed);
        (word >> (32 * ((k - 1) % 2))) as u32 as usize
    };
    if read(k) == 0 {
        let (s, mut at) = (bytes_of(o), 0);
        for crumb in 1..=crumbs_of(o) {
            at = cp::advance(s, at, cp::STRIDE);
            let shift = 32 * ((crumb - 1) % 2);
            o.word(first + (crumb - 1) / 2).fetch_or((at as u64) << shift, Ordering::Relaxed);
        }
    }
    read(k)
}

/// Index of the character at byte offset `at`.
#[inline]
pub fn char_index(o: Obj, at: usize) -> usize {
    if is_ascii(o) {
        return at;
    }
    let s = bytes_of(o);
    let (mut low, mut high) = (0, crumbs_of(o));
    while low < high {
        let middle = (low + high).div_ceil(2);
        if crumb_at(o, middle) <= at { low = middle } else { high = middle - 1 }
    }
    let base = if low == 0 { 0 } else { crumb_at(o, low) };
    low * cp::STRIDE + cp::count(&s[base..at.min(s.len())])
}

/// A `str` of `n_bytes` zero bytes to be filled in through [`data_mut`] before anyone else sees it.
///
/// # Errors
/// `MemoryError`.
pub fn new_uninit(cx: &mut Cx, n_bytes: usize, n_chars: usize) -> Completion<Obj> {
    let meta = class::root_shape(cx.class(T::str)).meta();
    let crumbs = crumb_count(n_bytes, n_chars).div_ceil(2);
    let o = cx.alloc_sized(meta, n_bytes.div_ceil(8) + crumbs, DATA)?;
    o.word(1).store(n_bytes as u64, Ordering::Relaxed);
    o.word(CHARS).store(n_chars as u64, Ordering::Relaxed);
    Ok(o)
}

/// The bytes of a string made by [`new_uninit`] that nobody else can see yet.
pub fn data_mut(o: Obj) -> &'static mut [u8] {
    o.init_bytes(DATA)
}

/// WTF-8 bytes of a `Kind::Str` object.
#[inline(always)]
pub fn bytes_of(o: Obj) -> &'static [u8] {
    debug_assert!(o.kind() == Kind::Str);
    match o.shared_data() {
        None => o.bytes_from(DATA),
        Some(data) => data.bytes_prefix(TEXT, o.len()),
    }
}

/// Number of code points of a `Kind::Str` object.
#[inline(always)]
pub fn n_chars(o: Obj) -> usize {
    o.word(CHARS).load(Ordering::Relaxed) as usize
}

/// Whether a `Kind::Str` object is all ASCII.
#[inline(always)]
pub fn is_ascii(o: Obj) -> bool {
    n_chars(o) == o.len()
}

/// The `Kind::Str` object of a string or of an instance of a subclass; `None` for anything else.
#[inline(always)]
pub fn exact(v: Value) -> Option<Obj> {
    let o = v.obj()?;
    if o.kind() == Kind::Str { Some(o) } else { payload_of(o, Kind::Str) }
}

/// The builtin value of kind `kind` inside an instance of a subclass of an immutable builtin class.
#[cold]
pub fn payload_of(o: Obj, kind: Kind) -> Option<Obj> {
    if o.kind() != Kind::Instance || !class::has_flag(o.class(), class::flag::PAYLOAD) {
        return None;
    }
    o.raw(class::PAYLOAD).obj().filter(|p| p.kind() == kind)
}

/// Text of a string (or subclass instance) as WTF-8.
#[inline(always)]
pub fn wtf8(v: Value) -> Option<&'static Wtf8> {
    // Our own strings are well-formed WTF-8 by construction; `from_bytes` checks in linear time, which is why hot
    // paths work on `bytes_of`.
    Wtf8::from_bytes(bytes_of(exact(v)?))
}

/// Text of a string (or subclass instance) if it has no lone surrogates.
#[inline]
pub fn text(v: Value) -> Option<&'static str> {
    std::str::from_utf8(bytes_of(exact(v)?)).ok()
}

/// Hash for the intern table (not Python's `hash`).
pub(crate) fn intern_hash(bytes: &[u8]) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325_u64;
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        h = (h ^ u64::from_le_bytes(word)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    }
    h ^ bytes.len() as u64
}

pub(crate) fn mark_interned(o: Obj) {
    o.word(0).fetch_or(INTERNED, Ordering::Relaxed);
}

/// Whether a `Kind::Str` object is interned: then it equals another interned one only if identical.
#[inline(always)]
pub fn is_interned(o: Obj) -> bool {
    o.meta() & INTERNED != 0
}

/// The interned string equal to `v` (a string); subclass instances give their exact value.
///
/// # Errors
/// `MemoryError`.
pub fn interned(cx: &mut Cx, v: Value) -> Completion<Value> {
    match exact(v) {
        Some(o) if is_interned(o) => Ok(o.into()),
        Some(o) => Ok(cx.world.intern_made(o.into(), intern_hash(bytes_of(o)))),
        None => Ok(v),
    }
}

/// Python's hash of a `Kind::Str` object: SipHash-1-3 under the world's key, never -1, and 0 for the empty
/// string alone; cached in the object.
#[inline]
pub fn hash(cx: &Cx, o: Obj) -> i64 {
    // Relaxed: every thread computes the same number.
    match o.word(HASH).load(Ordering::Relaxed) {
        0 => hash_slow(cx, o),
        h => h as i64,
    }
}

#[cold]
fn hash_slow(cx: &Cx, o: Obj) -> i64 {
    if o.is_empty() {
        return 0;
    }
    let h = hash_bytes(cx, bytes_of(o));
    o.word(HASH).store(h as u64, Ordering::Relaxed);
    h
}

/// Python's hash of these bytes, as `str` and `bytes` use it: never -1, and 0 for no bytes alone.
pub fn hash_bytes(cx: &Cx, bytes: &[u8]) -> i64 {
    if bytes.is_empty() {
        return 0;
    }
    use std::hash::Hasher as _;
    let (k0, k1) = cx.world.settings.hash_key;
    let mut hasher = siphasher::sip::SipHasher13::new_with_keys(k0, k1);
    hasher.write(bytes);
    match hasher.finish() as i64 {
        0 => 1,
        -1 => -2,
        h => h,
    }
}
