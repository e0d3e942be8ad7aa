//! `set` and `frozenset`: hash tables without values (`slots.rs`).
//!
//! Both use the same slots; a `frozenset` has its cached hash where a `set` has its header. Instances of subclasses of
//! `frozenset` hold an exact one in `class::PAYLOAD`.
//!
//! Conflicts: one header per set, as for dicts: a write conflicts with every read and write of the set by another thread.
//! Frozen sets never conflict.

pub mod iter;
mod methods;
mod operators;
mod slots;

use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::Special,
    protocol::{self, RootVec},
    table::{self, slot},
    types::{T, dict, str as string},
    value::Value,
};

pub use self::methods::{FROZENSET, SET};

/// Words of a frozenset with its hash: the low 32 bits (bit 40 says that it is there) and the high 32 bits.
const HASH_LOW: usize = 1;
const HASH_HIGH: usize = 5;

/// An empty `set`.
///
/// # Errors
/// `MemoryError`.
pub fn new(cx: &mut Cx) -> Completion<Obj> {
    let s = cx.new_object(T::set)?;
    table::init_empty(s);
    Ok(s)
}

/// The `set` or `frozenset` object of a set, a frozenset or an instance of a subclass.
#[inline]
pub fn exact(v: Value) -> Option<Obj> {
    let o = v.obj()?;
    match o.kind() {
        Kind::Set | Kind::FrozenSet => Some(o),
        Kind::Instance => string::payload_of(o, Kind::FrozenSet),
        _ => None,
    }
}

/// A `set` with the items of an iterable.
///
/// # Errors
/// Whatever the iteration raises; `TypeError` for unhashable items.
pub fn from_iterable(cx: &mut Cx, v: Value) -> Completion<Obj> {
    let s = new(cx)?;
    update(cx, s, v)?;
    Ok(s)
}

/// A `frozenset` that takes over the items of a `set` that nobody else can see.
///
/// # Errors
/// `MemoryError`.
pub fn freeze(cx: &mut Cx, s: Obj) -> Completion<Obj> {
    let frozen = cx.new_object(T::frozenset)?;
    for i in [slot::TABLE, slot::USED, slot::DEAD] {
        frozen.init(i, s.raw(i));
    }
    Ok(frozen)
}

/// Number of items.
///
/// # Errors
/// The attempt's abort.
#[inline]
pub fn len(cx: &mut Cx, s: Obj) -> Completion<usize> {
    table::len(cx, s)
}

#[inline]
fn find(cx: &mut Cx, s: Obj, key: Value, h: Value) -> Completion<Option<slots::Place>> {
    slots::find(cx, s, key, h)
}

/// The hash of an item.
#[inline]
fn item_hash(cx: &mut Cx, key: Value) -> Completion<Value> {
    match table::quick_hash(cx, key) {
        Some(h) => Ok(h),
        None => table::general_hash(cx, key, "a set element"),
    }
}

/// Whether the item is there.
///
/// # Errors
/// Whatever `__hash__` or `__eq__` raise.
pub fn contains(cx: &mut Cx, s: Obj, key: Value) -> Completion<bool> {
    let h = item_hash(cx, key)?;
    Ok(find(cx, s, key, h)?.is_some())
}

/// Adds an item to a `set`; says whether it is new.
///
/// # Errors
/// Whatever `__hash__` or `__eq__` raise.
pub fn add(cx: &mut Cx, s: Obj, key: Value) -> Completion<bool> {
    let h = item_hash(cx, key)?;
    add_hashed(cx, s, key, h)
}

fn add_hashed(cx: &mut Cx, s: Obj, key: Value, h: Value) -> Completion<bool> {
    cx.claim(s)?;
    if find(cx, s, key, h)?.is_some() {
        return Ok(false);
    }
    slots::insert(cx, s, key, h)?;
    Ok(true)
}

/// Removes an item; says whether it was there.
///
/// # Errors
/// Whatever `__hash__` or `__eq__` raise.
pub fn discard(cx: &mut Cx, s: Obj, key: Value) -> Completion<bool> {
    let h = item_hash(cx, key)?;
    discard_hashed(cx, s, key, h)
}

fn discard_hashed(cx: &mut Cx, s: Obj, key: Value, h: Value) -> Completion<bool> {
    cx.claim(s)?;
    match find(cx, s, key, h)? {
        Some(hit) => {
            slots::remove(cx, s, &hit);
            Ok(true)
        }
        None => Ok(false),
    }
}

/// The hash of what is looked up or removed: a `set` stands for the frozenset with its items.
fn lookup_hash(cx: &mut Cx, key: Value) -> Completion<Value> {
    if let Some(o) = key.obj().filter(|o| o.kind() == Kind::Set)
        && protocol::find_special(cx, key, Special::Hash).is_none_or(Value::is_none)
    {
        return hash_items(cx, o).map(table::hash_word);
    }
    item_hash(cx, key)
}

/// `key in s`.
///
/// # Errors
/// Whatever `__hash__` or `__eq__` raise.
#[inline]
pub fn has(cx: &mut Cx, s: Obj, key: Value) -> Completion<bool> {
    let h = match table::quick_hash(cx, key) {
        Some(h) => h,
        None => lookup_hash(cx, key)?,
    };
    Ok(find(cx, s, key, h)?.is_some())
}

/// Adds all items of an iterable to a `set`.
///
/// # Errors
/// Whatever the iteration raises; `TypeError` for unhashable items.
pub fn update(cx: &mut Cx, s: Obj, v: Value) -> Completion<()> {
    if let Some(other) = exact(v) {
        cx.claim(s)?;
        if slots::counts(s).0 == 0 {
            return slots::copy_into_empty(cx, s, other);
        }
        return merge(cx, s, other);
    }
    if let Some(entries) = hashed_items(cx, v)? {
        cx.claim(s)?;
        slots::reserve(cx, s, entries.len() / 2)?;
        for e in entries.as_slice().chunks_exact(2) {
            add_hashed(cx, s, e[0], e[1])?;
        }
        return Ok(());
    }
    protocol::for_each(cx, v, |cx, item| add(cx, s, item).map(|_| ()))
}

/// Adds the items of another set to the claimed `set`.
fn merge(cx: &mut Cx, s: Obj, other: Obj) -> Completion<()> {
    let n = len(cx, other)?;
    if n == 0 || s == other {
        return Ok(());
    }
    slots::reserve(cx, s, n)?;
    let mut from = 0;
    while let Some((place, h)) = slots::next_hashed(cx, other, from)? {
        add_hashed(cx, s, place.key, h)?;
        from = place.n + 1;
    }
    Ok(())
}

/// The items and hashes of a set or plain dict (item, hash, item, hash, ...); `None` for other iterables.
fn hashed_items(cx: &mut Cx, v: Value) -> Completion<Option<RootVec>> {
    if let Some(s) = exact(v) {
        return slots::snapshot(cx, s).map(Some);
    }
    let Some(d) = dict::plain(cx, v) else { return Ok(None) };
    let entries = dict::snapshot(cx, d)?;
    let n = entries.len() / 3;
    let buf = cx.new_buf((n * 2).max(1))?;
    for (i, e) in entries.as_slice().chunks_exact(3).enumerate() {
        buf.init_item(i * 2, e[0]);
        buf.init_item(i * 2 + 1, e[1]);
    }
    Ok(Some(RootVec::from_buf(buf, n * 2)))
}

/// All items.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn items(cx: &mut Cx, s: Obj) -> Completion<RootVec> {
    let entries = slots::snapshot(cx, s)?;
    let n = entries.len() / 2;
    let buf = cx.new_buf(n.max(1))?;
    for (i, e) in entries.as_slice().chunks_exact(2).enumerate() {
        buf.init_item(i, e[0]);
    }
    Ok(RootVec::from_buf(buf, n))
}

/// A new `set` with the same items.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn copy(cx: &mut Cx, s: Obj) -> Completion<Obj> {
    let fresh = new(cx)?;
    cx.claim(fresh)?;
    slots::copy_into_empty(cx, fresh, s)?;
    Ok(fresh)
}

/// Replaces the items of a `set` by those of another one that nobody else can see.
///
/// # Errors
/// The attempt's abort.
fn take_over(cx: &mut Cx, s: Obj, from: Obj) -> Completion<()> {
    cx.claim(s)?;
    for i in [slot::TABLE, slot::USED, slot::DEAD] {
        cx.write(s, i, from.raw(i));
    }
    Ok(())
}

/// The hash of a frozenset with these items, as CPython computes it.
fn hash_items(cx: &mut Cx, s: Obj) -> Completion<i64> {
    let shuffle = |h: u64| ((h ^ 89_869_747) ^ (h << 16)).wrapping_mul(3_644_798_167);
    let (mut hash, mut n, mut from) = (0_u64, 0_u64, 0);
    while let Some((place, h)) = slots::next_hashed(cx, s, from)? {
        // Tables keep 51 bits of a hash; strings know all of theirs.
        let full = match place.key.obj() {
            Some(o) if o.kind() == Kind::Str => string::hash(cx, o),
            _ => h.as_small(),
        };
        hash ^= shuffle(full as u64);
        (from, n) = (place.n + 1, n + 1);
    }
    hash ^= (n + 1).wrapping_mul(1_927_868_237);
    hash ^= (hash >> 11) ^ (hash >> 25);
    hash = hash.wrapping_mul(69_069).wrapping_add(907_133_923);
    Ok(if hash == u64::MAX { 590_923_713 } else { hash as i64 })
}

/// The hash of a frozenset, cached in it.
///
/// # Errors
/// `MemoryError`.
pub fn hash_frozen(cx: &mut Cx, s: Obj) -> Completion<i64> {
    const KNOWN: i64 = 1 << 40;
    let low = s.raw(HASH_LOW);
    if low.is_small() {
        let low = (low.as_small() & 0xFFFF_FFFF) as u64;
        return Ok((low | (s.raw(HASH_HIGH).as_small() as u64) << 32) as i64);
    }
    let h = hash_items(cx, s)?;
    // Every thread computes the same number; the high half is there before the low one says so.
    s.init(HASH_HIGH, Value::small((h as u64 >> 32) as i64));
    std::sync::atomic::fence(std::sync::atomic::Ordering::Release);
    s.init(HASH_LOW, Value::small((h & 0xFFFF_FFFF) | KNOWN));
    Ok(h)
}
