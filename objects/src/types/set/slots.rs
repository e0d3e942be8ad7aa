//! The table of `set` and `frozenset`: open addressing with short linear runs, entries in the table itself.
//!
//! Sizes, probing and growth are those of CPython, so that sets of small integers show their items in the same order; programs
//! and documentation rely on it. The owner's slots are those of `table/`: buffer, entries ever filled, entries deleted. The
//! buffer holds the mask, where `pop` searches next, and `mask + 1` pairs of key and hash; an unbound key is a free place, a
//! `TOMBSTONE` a deleted one.
//!
//! - Holds: the mask of a buffer never changes, and two fifths of its places are free even in the middle of a write.
//! - Conflicts: all words belong to the owner's one header.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::Obj,
    protocol::{self, RootVec},
    table::{same_by_value, slot},
    value::Value,
};

pub(super) use crate::table::{clear, counts, init_empty, look};

const MASK: usize = 2;
const FINGER: usize = 3;
const FIRST: usize = 4;
const SIZE_MIN: usize = 8;
const LINEAR: usize = 9;

/// A found or met item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    buf: Obj,
    /// Number of the place.
    pub(super) n: usize,
    /// The item.
    pub(super) key: Value,
}

/// The places to look at for a hash, in order.
#[derive(Clone, Copy)]
struct Walk {
    mask: usize,
    base: usize,
    perturb: u64,
    at: usize,
    left: usize,
}

impl Walk {
    #[inline(always)]
    fn new(h: Value, mask: usize) -> Self {
        let hash = h.as_small() as u64;
        let base = hash as usize & mask;
        Self { mask, base, perturb: hash, at: base, left: Self::run(base, mask) }
    }

    #[inline(always)]
    fn run(base: usize, mask: usize) -> usize {
        if base + LINEAR <= mask { LINEAR } else { 0 }
    }

    #[inline(always)]
    fn advance(&mut self) {
        if self.left > 0 {
            self.left -= 1;
            self.at += 1;
            return;
        }
        self.perturb >>= 5;
        self.base = self.base.wrapping_mul(5).wrapping_add(1).wrapping_add(self.perturb as usize)
            & self.mask;
        self.at = self.base;
        self.left = Self::run(self.base, self.mask);
    }
}

#[inline(always)]
fn mask_of(buf: Obj) -> usize {
    buf.raw(MASK).as_small() as usize
}

#[inline(always)]
fn key_at(buf: Obj, n: usize) -> Value {
    buf.raw(FIRST + n * 2)
}

#[inline(always)]
fn hash_at(buf: Obj, n: usize) -> Value {
    buf.raw(FIRST + n * 2 + 1)
}

#[inline(always)]
fn buffer(owner: Obj) -> Option<Obj> {
    owner.raw(slot::TABLE).obj()
}

fn new_buffer(cx: &mut Cx, size: usize, finger: Value) -> Completion<Obj> {
    let buf = cx.new_buf(FIRST - 2 + size * 2)?;
    buf.init(MASK, Value::small(size as i64 - 1));
    buf.init(FINGER, finger);
    Ok(buf)
}

/// Puts an item that is not there yet into a buffer that nobody else can see.
fn put_clean(buf: Obj, key: Value, h: Value) {
    let mut walk = Walk::new(h, mask_of(buf));
    while key_at(buf, walk.at).is_bound() {
        walk.advance();
    }
    buf.init(FIRST + walk.at * 2, key);
    buf.init(FIRST + walk.at * 2 + 1, h);
}

enum Step {
    Hit,
    Free,
    Ask(Value),
}

/// Searches on from `walk`, which then stands at the place found. Runs no code: may be called in a bracket.
#[inline(always)]
fn step(buf: Obj, key: Value, h: Value, walk: &mut Walk) -> Step {
    loop {
        let candidate = key_at(buf, walk.at);
        if candidate.is_unbound() {
            return Step::Free;
        }
        if candidate == key {
            return Step::Hit;
        }
        if candidate != Value::TOMBSTONE && hash_at(buf, walk.at) == h {
            match same_by_value(key, candidate, 0) {
                Some(true) => return Step::Hit,
                Some(false) => {}
                None => return Step::Ask(candidate),
            }
        }
        walk.advance();
    }
}

/// The place of `key`, whose hash is `h`. May run the items' `__eq__`; starts over when the table changed meanwhile.
///
/// # Errors
/// Whatever `__eq__` raises.
#[inline]
pub(super) fn find(cx: &mut Cx, owner: Obj, key: Value, h: Value) -> Completion<Option<Place>> {
    let (step, place) = look(cx, owner, || {
        let Some(buf) = buffer(owner) else { return (Step::Free, None) };
        let mut walk = Walk::new(h, mask_of(buf));
        let step = step(buf, key, h, &mut walk);
        (step, Some(Place { buf, n: walk.at, key: key_at(buf, walk.at) }))
    })?;
    match step {
        Step::Free => Ok(None),
        Step::Hit => Ok(place),
        Step::Ask(_) => find_asking(cx, owner, key, h),
    }
}

/// As [`find`], when the items' own `__eq__` must tell.
#[inline(never)]
fn find_asking(cx: &mut Cx, owner: Obj, key: Value, h: Value) -> Completion<Option<Place>> {
    'restart: loop {
        let mut known: Option<(Obj, Walk)> = None;
        loop {
            let found = look(cx, owner, || {
                let buf = buffer(owner)?;
                let mut walk = match known {
                    Some((b, _)) if b != buf => return Some((buf, None)),
                    Some((_, walk)) => walk,
                    None => Walk::new(h, mask_of(buf)),
                };
                let step = step(buf, key, h, &mut walk);
                Some((buf, Some((step, walk, key_at(buf, walk.at)))))
            })?;
            let Some((buf, outcome)) = found else { return Ok(None) };
            let Some((step, mut walk, there)) = outcome else { continue 'restart };
            match step {
                Step::Free => return Ok(None),
                Step::Hit => return Ok(Some(Place { buf, n: walk.at, key: there })),
                Step::Ask(candidate) => {
                    let same = protocol::identical_or_equal(cx, candidate, key)?;
                    let at = walk.at;
                    if !look(cx, owner, || {
                        buffer(owner) == Some(buf) && key_at(buf, at) == candidate
                    })? {
                        continue 'restart;
                    }
                    if same {
                        return Ok(Some(Place { buf, n: at, key: candidate }));
                    }
                    walk.advance();
                    known = Some((buf, walk));
                }
            }
        }
    }
}

/// Adds an item that the claimed owner does not have.
///
/// # Errors
/// `MemoryError`.
pub(super) fn insert(cx: &mut Cx, owner: Obj, key: Value, h: Value) -> Completion<()> {
    let buf = match buffer(owner) {
        Some(buf) => buf,
        None => {
            let buf = new_buffer(cx, SIZE_MIN, Value::small(0))?;
            cx.write(owner, slot::TABLE, buf.into());
            buf
        }
    };
    let mut walk = Walk::new(h, mask_of(buf));
    let mut deleted = None;
    loop {
        match key_at(buf, walk.at) {
            Value::UNBOUND => break,
            Value::TOMBSTONE => deleted = Some(walk.at),
            _ => {}
        }
        walk.advance();
    }
    let at = deleted.unwrap_or(walk.at);
    cx.write_word(owner, buf.word(FIRST + at * 2), key.bits());
    cx.write_word(owner, buf.word(FIRST + at * 2 + 1), h.bits());
    let (fill, dead) = counts(owner);
    if deleted.is_some() {
        cx.write(owner, slot::DEAD, Value::small(dead as i64 - 1));
        return Ok(());
    }
    let (fill, used) = (fill + 1, fill + 1 - dead);
    cx.write(owner, slot::USED, Value::small(fill as i64));
    if fill * 5 >= mask_of(buf) * 3 {
        resize(cx, owner, if used > 50_000 { used * 2 } else { used * 4 })?;
    }
    Ok(())
}

/// The least size above `wanted`.
fn size_beyond(cx: &mut Cx, wanted: usize) -> Completion<usize> {
    let mut size = SIZE_MIN;
    while size <= wanted {
        match size.checked_mul(2) {
            Some(next) if next < 1 << 40 => size = next,
            _ => return Err(cx.out_of_memory()),
        }
    }
    Ok(size)
}

/// Moves the items of the claimed owner to a buffer for more than `wanted` items.
fn resize(cx: &mut Cx, owner: Obj, wanted: usize) -> Completion<()> {
    let size = size_beyond(cx, wanted)?;
    let old = buffer(owner);
    let fresh = new_buffer(cx, size, old.map_or(Value::small(0), |b| b.raw(FINGER)))?;
    if let Some(old) = old {
        for n in 0..=mask_of(old) {
            let key = key_at(old, n);
            if key.is_bound() && key != Value::TOMBSTONE {
                put_clean(fresh, key, hash_at(old, n));
            }
        }
    }
    let (fill, dead) = counts(owner);
    cx.write(owner, slot::TABLE, fresh.into());
    cx.write(owner, slot::USED, Value::small((fill - dead) as i64));
    cx.write(owner, slot::DEAD, Value::small(0));
    Ok(())
}

fn owner_mask(owner: Obj) -> usize {
    buffer(owner).map_or(SIZE_MIN - 1, mask_of)
}

/// Makes room in the claimed owner before `more` items are added.
///
/// # Errors
/// `MemoryError`.
pub(super) fn reserve(cx: &mut Cx, owner: Obj, more: usize) -> Completion<()> {
    let (fill, dead) = counts(owner);
    if (fill + more) * 5 >= owner_mask(owner) * 3 {
        resize(cx, owner, (fill - dead + more) * 2)?;
    }
    Ok(())
}

/// Gives the claimed, empty owner the items of another set.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub(super) fn copy_into_empty(cx: &mut Cx, owner: Obj, from: Obj) -> Completion<()> {
    let (n, clean, mask) = look(cx, from, || {
        let (fill, dead) = counts(from);
        (fill - dead, dead == 0, owner_mask(from))
    })?;
    if n == 0 {
        return Ok(());
    }
    let mut size = owner_mask(owner) + 1;
    if n * 5 >= (size - 1) * 3 {
        size = size_beyond(cx, n * 2)?;
    }
    let fresh = new_buffer(cx, size, Value::small(0))?;
    // A set without deleted items copied to the same size keeps every item in its place.
    let same_places = clean
        && mask == size - 1
        && look(cx, from, || {
            let Some(buf) = buffer(from).filter(|b| mask_of(*b) == mask) else { return false };
            (FIRST..FIRST + 2 * size).for_each(|i| fresh.init(i, buf.raw(i)));
            counts(from) == (n, 0)
        })?;
    if same_places {
        return take_buffer(cx, owner, fresh, n);
    }
    let entries = snapshot(cx, from)?;
    for e in entries.as_slice().chunks_exact(2) {
        put_clean(fresh, e[0], e[1]);
    }
    take_buffer(cx, owner, fresh, entries.len() / 2)
}

fn take_buffer(cx: &mut Cx, owner: Obj, buf: Obj, n: usize) -> Completion<()> {
    cx.write(owner, slot::TABLE, buf.into());
    cx.write(owner, slot::USED, Value::small(n as i64));
    cx.write(owner, slot::DEAD, Value::small(0));
    Ok(())
}

/// Deletes a found item of the claimed owner.
pub(super) fn remove(cx: &mut Cx, owner: Obj, place: &Place) {
    cx.write_word(owner, place.buf.word(FIRST + place.n * 2), Value::TOMBSTONE.bits());
    cx.write_word(owner, place.buf.word(FIRST + place.n * 2 + 1), 0);
    let (_, dead) = counts(owner);
    cx.write(owner, slot::DEAD, Value::small(dead as i64 + 1));
}

/// The first item at place `from` or later, with its hash.
///
/// # Errors
/// The attempt's abort.
pub(super) fn next_hashed(
    cx: &mut Cx,
    owner: Obj,
    from: usize,
) -> Completion<Option<(Place, Value)>> {
    look(cx, owner, || next(owner, from).map(|place| (place, hash_at(place.buf, place.n))))
}

/// The first item at place `from` or later. In a bracket or claimed.
pub(super) fn next(owner: Obj, from: usize) -> Option<Place> {
    let buf = buffer(owner)?;
    (from..=mask_of(buf)).find_map(|n| {
        let key = key_at(buf, n);
        let live = key.is_bound() && key != Value::TOMBSTONE;
        live.then_some(Place { buf, n, key })
    })
}

/// Removes and gives some item of the claimed owner.
pub(super) fn pop(cx: &mut Cx, owner: Obj) -> Option<Value> {
    let finger = buffer(owner)?.raw(FINGER).as_small() as usize & owner_mask(owner);
    let place = next(owner, finger).or_else(|| next(owner, 0))?;
    remove(cx, owner, &place);
    cx.write_word(owner, place.buf.word(FINGER), Value::small(place.n as i64 + 1).bits());
    Some(place.key)
}

/// A copy of all items: item, hash for each.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub(super) fn snapshot(cx: &mut Cx, owner: Obj) -> Completion<RootVec> {
    let (fill, dead) = look(cx, owner, || counts(owner))?;
    let n = fill - dead;
    let copy = cx.new_buf(n.max(1) * 2)?;
    look(cx, owner, || {
        let Some(buf) = buffer(owner) else { return };
        let mut filled = 0;
        for place in 0..=mask_of(buf) {
            let key = key_at(buf, place);
            if key.is_bound() && key != Value::TOMBSTONE && filled + 2 <= copy.len() {
                copy.init_item(filled, key);
                copy.init_item(filled + 1, hash_at(buf, place));
                filled += 2;
            }
        }
    })?;
    Ok(RootVec::from_buf(copy, n * 2))
}

/// Words of the buffer.
pub(super) fn n_words(owner: Obj) -> usize {
    buffer(owner).map_or(0, |b| b.len() + 2)
}

#[cfg(test)]
mod tests {
    use crate::{Settings, Value, World, types::set};

    #[test]
    fn small_ints_come_in_the_order_of_cpython() {
        let cx = &mut *World::create(Settings { stack_words: 1 << 12, ..Settings::default() })
            .expect("memory");
        for (given, shown) in [
            (&[3, 1, 2][..], &[1, 2, 3][..]),
            (&[10, 1, 5], &[1, 10, 5]),
            (&[-1, 5, 100, 64, 33, 7], &[64, 33, 100, 5, 7, -1]),
            (&[0, 8, 16, 24, 32, 40, 48, 56, 64, 72], &[0, 32, 64, 8, 40, 72, 16, 48, 24, 56]),
        ] {
            let s = set::new(cx).expect("memory");
            for &i in given {
                set::add(cx, s, Value::small(i)).expect("ints");
            }
            let items = set::items(cx, s).expect("memory");
            let order: Vec<i64> = items.as_slice().iter().map(|v| v.as_small()).collect();
            assert_eq!(order, shown);
        }
    }
}
