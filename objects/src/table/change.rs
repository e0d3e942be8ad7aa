//! Entries come and go: inserting, removing, growing. The owner is claimed throughout.

use super::{DUMMY, FIRST, Hit, LIMIT, Table, counts, number, slot, table_of};
use crate::{cx::Cx, exc::Completion, heap::Obj, value::Value};

/// Appends an entry for a key that the claimed owner does not have.
///
/// # Errors
/// `MemoryError`.
pub fn insert<const S: usize>(
    cx: &mut Cx,
    owner: Obj,
    key: Value,
    h: Value,
    value: Value,
) -> Completion<usize> {
    let (mut used, dead) = counts(owner);
    let table = match table_of::<S>(owner) {
        Some(table) if used < number(table.0.raw(LIMIT)) => table,
        _ => {
            let table = rebuild::<S>(cx, owner, (used - dead) * 2)?;
            used = counts(owner).0;
            table
        }
    };
    let at = table.entry(used);
    let index = table.free_index(h);
    cx.write_word(owner, table.0.word(at), key.bits());
    cx.write_word(owner, table.0.word(at + 1), h.bits());
    if S == 3 {
        cx.write_word(owner, table.0.word(at + 2), value.bits());
    }
    cx.write_word(owner, table.0.word(index), Value::small(at as i64).bits());
    cx.write(owner, slot::USED, Value::small(used as i64 + 1));
    Ok(at)
}

/// Moves the entries of the claimed owner to a fresh buffer with room for `room` entries.
///
/// # Errors
/// `MemoryError`.
pub fn rebuild<const S: usize>(cx: &mut Cx, owner: Obj, room: usize) -> Completion<Table<S>> {
    let (used, dead) = counts(owner);
    let old = table_of::<S>(owner);
    let kept = match old {
        Some(old) => (0..used).filter(|&n| old.key(old.entry(n)) != Value::TOMBSTONE).count(),
        None => 0,
    };
    let fresh = Table::<S>::with_room(cx, room.max(kept + 1))?;
    let mut n = 0;
    if let Some(old) = old {
        for at in (0..used).map(|n| old.entry(n)) {
            let key = old.key(at);
            if key != Value::TOMBSTONE {
                fresh.init_entry(n, key, old.hash(at), old.value(at));
                n += 1;
            }
        }
    }
    let celled = S == 3 && owner.raw(slot::CELLED).is_bound();
    cx.write(owner, if celled { slot::CELLED } else { slot::TABLE }, fresh.0.into());
    cx.write(owner, slot::USED, Value::small(kept as i64));
    // Hidden entries of a namespace stay and stay counted as dead.
    cx.write(owner, slot::DEAD, Value::small((kept + dead - used) as i64));
    Ok(fresh)
}

/// Makes sure that the claimed owner has room for `more` further entries.
///
/// # Errors
/// `MemoryError`.
pub fn reserve<const S: usize>(cx: &mut Cx, owner: Obj, more: usize) -> Completion<()> {
    let (used, dead) = counts(owner);
    let room = table_of::<S>(owner).map_or(0, |t| number(t.0.raw(LIMIT)));
    if used + more > room {
        rebuild::<S>(cx, owner, used - dead + more)?;
    }
    Ok(())
}

/// Deletes a found entry of the claimed owner.
pub fn remove<const S: usize>(cx: &mut Cx, owner: Obj, hit: &Hit<S>) {
    let Table(buf) = hit.table;
    cx.write_word(owner, buf.word(hit.index), Value::small(DUMMY as i64).bits());
    cx.write_word(owner, buf.word(hit.at), Value::TOMBSTONE.bits());
    cx.write_word(owner, buf.word(hit.at + 1), 0);
    if S == 3 {
        cx.write_word(owner, buf.word(hit.at + 2), 0);
    }
    let (_, dead) = counts(owner);
    cx.write(owner, slot::DEAD, Value::small(dead as i64 + 1));
    if number(buf.raw(FIRST)) == hit.at {
        cx.write_word(owner, buf.word(FIRST), Value::small((hit.at + S) as i64).bits());
    }
}

/// Forgets the deleted entries behind the last live one, so that taking entries from the end costs the same every time.
/// The owner is claimed; not for namespaces.
pub fn trim<const S: usize>(cx: &mut Cx, owner: Obj) {
    let Some(table) = table_of::<S>(owner) else { return };
    let (used, dead) = counts(owner);
    let mut n = used;
    while n > 0 && table.key(table.entry(n - 1)) == Value::TOMBSTONE {
        n -= 1;
    }
    let gone = used - n;
    if gone == 0 {
        return;
    }
    // The index words of the forgotten entries stay taken, so the room shrinks by as many.
    let limit = number(table.0.raw(LIMIT));
    cx.write_word(owner, table.0.word(LIMIT), Value::small((limit - gone) as i64).bits());
    cx.write(owner, slot::USED, Value::small(n as i64));
    cx.write(owner, slot::DEAD, Value::small((dead - gone) as i64));
    if number(table.0.raw(FIRST)) > table.entry(n) {
        cx.write_word(owner, table.0.word(FIRST), Value::small(table.entry(n) as i64).bits());
    }
}

/// Drops all entries of the claimed owner (not for namespaces).
pub fn clear<const S: usize>(cx: &mut Cx, owner: Obj) {
    set_buffer::<S>(cx, owner, Value::UNBOUND);
    cx.write(owner, slot::USED, Value::small(0));
    cx.write(owner, slot::DEAD, Value::small(0));
}

/// Fills in the slots of an owner that nobody else can see yet.
#[inline(always)]
pub fn init_empty(owner: Obj) {
    owner.init(slot::USED, Value::small(0));
    owner.init(slot::DEAD, Value::small(0));
}

/// Gives the claimed owner a buffer, or none, without values in cells.
pub(super) fn set_buffer<const S: usize>(cx: &mut Cx, owner: Obj, buf: Value) {
    cx.write(owner, slot::TABLE, buf);
    if S == 3 && owner.raw(slot::CELLED).is_bound() {
        cx.write(owner, slot::CELLED, Value::UNBOUND);
    }
}
