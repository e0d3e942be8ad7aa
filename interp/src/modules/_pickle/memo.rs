//! The memo of picklers: a table in the heap from objects to the numbers under which they were written.
//!
//! Objects do not move, so their addresses serve as hashes; the table keeps them alive.
//!
//! - Holds: the owner is claimed before its memo is read or written.
//! - Conflicts: one header per pickler: threads that share one wait for each other's pickles.

use taipan_objects::{Completion, Cx, Obj, Value, protocol::RootVec};

/// The table, unbound while it is empty: key, number, key, number, ... by open addressing.
pub(super) const TABLE: usize = 2;
/// The next number.
pub(super) const NEXT: usize = 3;
/// Keys in the table.
pub(super) const FILLED: usize = 4;

const ROOM_MIN: usize = 16;
const ROOM_LARGE: usize = 1 << 16;

fn number(o: Obj, slot: usize) -> usize {
    o.raw(slot).small_int().unwrap_or(0) as usize
}

/// The place of `key` among the pairs of `table`: its own, or the free one where it would be.
#[inline(always)]
fn find(table: Obj, key: Value) -> usize {
    let items = table.items();
    let mask = items.len() / 2 - 1;
    // Objects made one after the other lie side by side, and so do their places; for others all bits are needed.
    let mut perturb = key.bits() as usize >> 3;
    let mut i = perturb & mask;
    while items[2 * i].is_bound() && items[2 * i] != key {
        perturb >>= 5;
        i = i.wrapping_mul(5).wrapping_add(perturb + 1) & mask;
    }
    2 * i
}

/// The number of `key`.
#[inline]
pub(super) fn get(owner: Obj, key: Value) -> Option<usize> {
    let table = owner.raw(TABLE).obj()?;
    let at = find(table, key);
    let items = table.items();
    if items[at].is_bound() { items[at + 1].small_int().map(|n| n as usize) } else { None }
}

/// Gives `key`, which has none, the next number.
pub(super) fn put(cx: &mut Cx, owner: Obj, key: Value) -> Completion<usize> {
    let n = skip(cx, owner)?;
    store(cx, owner, key, n)?;
    Ok(n)
}

/// Gives a number to something that nobody can come upon again.
pub(super) fn skip(cx: &mut Cx, owner: Obj) -> Completion<usize> {
    cx.claim(owner)?;
    let n = number(owner, NEXT);
    cx.write(owner, NEXT, Value::small(n as i64 + 1));
    Ok(n)
}

/// Gives `key` the number `n`.
pub(super) fn insert(cx: &mut Cx, owner: Obj, key: Value, n: usize) -> Completion<()> {
    cx.claim(owner)?;
    store(cx, owner, key, n)
}

fn store(cx: &mut Cx, owner: Obj, key: Value, n: usize) -> Completion<()> {
    let table = with_room(cx, owner)?;
    let at = find(table, key);
    if table.items()[at].is_unbound() {
        cx.write_item(owner, table, at, key);
        cx.write(owner, FILLED, Value::small(number(owner, FILLED) as i64 + 1));
    }
    cx.write_item(owner, table, at + 1, Value::small(n as i64));
    Ok(())
}

/// The table, with a free place in a third of it.
fn with_room(cx: &mut Cx, owner: Obj) -> Completion<Obj> {
    let old = owner.raw(TABLE).obj();
    let room = old.map_or(0, Obj::len) / 2;
    if let Some(old) = old
        && (number(owner, FILLED) + 1) * 3 <= room * 2
    {
        return Ok(old);
    }
    // Small ones grow in larger steps, since moving costs more than memory.
    let factor = if room < ROOM_LARGE { 4 } else { 2 };
    let table = cx.new_buf((room * factor).max(ROOM_MIN) * 2)?;
    for pair in old.map_or(&[][..], Obj::items).chunks_exact(2) {
        if pair[0].is_bound() {
            let at = find(table, pair[0]);
            table.init_item(at, pair[0]);
            table.init_item(at + 1, pair[1]);
        }
    }
    cx.write(owner, TABLE, table.into());
    Ok(table)
}

/// Forgets everything.
pub(super) fn clear(cx: &mut Cx, owner: Obj) -> Completion<()> {
    cx.claim(owner)?;
    cx.write(owner, TABLE, Value::UNBOUND);
    cx.write(owner, NEXT, Value::small(0));
    cx.write(owner, FILLED, Value::small(0));
    Ok(())
}

/// A copy of the memo: object, number, object, number, ...
pub(super) fn pairs(cx: &mut Cx, owner: Obj) -> Completion<RootVec> {
    cx.claim(owner)?;
    let mut all = RootVec::new();
    for pair in owner.raw(TABLE).obj().map_or(&[][..], Obj::items).chunks_exact(2) {
        if pair[0].is_bound() {
            all.push(cx, pair[0])?;
            all.push(cx, pair[1])?;
        }
    }
    Ok(all)
}

/// Takes over the memo of another pickler.
pub(super) fn assign(cx: &mut Cx, owner: Obj, from: Obj) -> Completion<()> {
    let pairs = pairs(cx, from)?;
    let next = from.raw(NEXT);
    clear(cx, owner)?;
    for pair in pairs.as_slice().chunks_exact(2) {
        insert(cx, owner, pair[0], pair[1].small_int().unwrap_or(0) as usize)?;
    }
    cx.write(owner, NEXT, next);
    Ok(())
}
