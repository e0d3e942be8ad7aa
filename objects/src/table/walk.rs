//! Entries in order: the next, the last, copies of all of them.

use super::{
    FIRST, Hit, INDEX, Probe, Table,
    change::{remove, set_buffer, trim},
    counts, len, look, number, slot, table_of,
};
use crate::{cx::Cx, exc::Completion, heap::Obj, protocol::RootVec, value::Value};

/// A live entry met while walking.
#[derive(Clone, Copy, Debug)]
pub struct Entry<const S: usize> {
    /// Its number.
    pub n: usize,
    /// The table it is in.
    pub table: Table<S>,
    /// Word number of the entry.
    pub at: usize,
    /// Index-free facts: key, hash, value.
    pub key: Value,
    /// Hash.
    pub hash: Value,
    /// Value (dicts).
    pub value: Value,
}

fn entry_at<const S: usize>(table: Table<S>, n: usize) -> Option<Entry<S>> {
    let at = table.entry(n);
    let key = table.key(at);
    (key != Value::TOMBSTONE).then(|| Entry {
        n,
        table,
        at,
        key,
        hash: table.hash(at),
        value: table.value(at),
    })
}

/// The first live entry numbered `from` or higher. In a bracket or claimed.
#[inline]
pub fn next<const S: usize>(owner: Obj, from: usize) -> Option<Entry<S>> {
    let table = table_of::<S>(owner)?;
    let (used, _) = counts(owner);
    let first = (number(table.0.raw(FIRST)).saturating_sub(table.entry(0))) / S;
    (from.max(first)..used.min(capacity(table))).find_map(|n| entry_at(table, n))
}

/// The last live entry numbered below `before`. In a bracket or claimed.
pub fn previous<const S: usize>(owner: Obj, before: usize) -> Option<Entry<S>> {
    let table = table_of::<S>(owner)?;
    let (used, _) = counts(owner);
    (0..before.min(used).min(capacity(table))).rev().find_map(|n| entry_at(table, n))
}

/// Entries the buffer can hold, for readers that may see slots and buffer out of step.
#[inline(always)]
fn capacity<const S: usize>(table: Table<S>) -> usize {
    (table.0.len() + 2 - table.entry(0)) / S
}

/// The index word that names the entry at word `at`. Claimed.
pub fn index_of<const S: usize>(entry: &Entry<S>) -> Option<Hit<S>> {
    let mask = entry.table.mask();
    let mut probe = Probe::new(entry.hash);
    loop {
        let index = INDEX + (probe.i & mask);
        let word = entry.table.0.raw(index);
        if word.is_unbound() {
            return None;
        }
        if number(word) == entry.at {
            return Some(Hit { table: entry.table, at: entry.at, index, value: entry.value });
        }
        probe.advance();
    }
}

/// Removes the first live entry of the claimed owner.
pub fn take_first<const S: usize>(cx: &mut Cx, owner: Obj) -> Option<Entry<S>> {
    let entry = next::<S>(owner, 0)?;
    let hit = index_of(&entry)?;
    remove(cx, owner, &hit);
    cx.write_word(owner, entry.table.0.word(FIRST), Value::small((entry.at + S) as i64).bits());
    Some(entry)
}

/// Removes the last live entry of the claimed owner.
pub fn take_last<const S: usize>(cx: &mut Cx, owner: Obj) -> Option<Entry<S>> {
    let (used, _) = counts(owner);
    let entry = previous::<S>(owner, used)?;
    let hit = index_of(&entry)?;
    remove(cx, owner, &hit);
    trim::<S>(cx, owner);
    Some(entry)
}

/// A consistent copy of all live entries: key, hash, (value) for each.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn snapshot<const S: usize>(cx: &mut Cx, owner: Obj) -> Completion<RootVec> {
    let n = len(cx, owner)?;
    let buf = cx.new_buf(n.max(1) * S)?;
    let filled = look(cx, owner, || {
        let mut filled = 0;
        if let Some(table) = table_of::<S>(owner) {
            for at in (0..counts(owner).0.min(capacity(table))).map(|n| table.entry(n)) {
                if table.key(at) == Value::TOMBSTONE {
                    continue;
                }
                // Namespaces have hidden entries beyond `n`; the caller handles them one by one.
                if filled + S > buf.len() {
                    return usize::MAX;
                }
                for k in 0..S {
                    buf.init_item(filled + k, table.0.raw(at + k));
                }
                filled += S;
            }
        }
        filled
    })?;
    if filled != usize::MAX {
        return Ok(RootVec::from_buf(buf, filled));
    }
    let mut all = RootVec::new();
    let mut from = 0;
    while let Some(e) = look(cx, owner, || next::<S>(owner, from))? {
        from = e.n + 1;
        for v in [e.key, e.hash, e.value].into_iter().take(S) {
            all.push(cx, v)?;
        }
    }
    Ok(all)
}

/// Replaces what the claimed owner holds by entries as made by [`snapshot`] (not for namespaces).
///
/// # Errors
/// `MemoryError`.
pub fn fill_from<const S: usize>(cx: &mut Cx, owner: Obj, entries: &[Value]) -> Completion<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let n = entries.len() / S;
    let fresh = Table::<S>::with_room(cx, n + 1)?;
    for (i, e) in entries.chunks_exact(S).enumerate() {
        fresh.init_entry(i, e[0], e[1], if S == 3 { e[2] } else { Value::UNBOUND });
    }
    set_buffer::<S>(cx, owner, fresh.0.into());
    cx.write(owner, slot::USED, Value::small(n as i64));
    cx.write(owner, slot::DEAD, Value::small(0));
    Ok(())
}

/// Gives the claimed owner, which is empty and has no cells, a copy of the table of `from`, word for word. False, and
/// nothing done, if `from` is empty, has cells or is mostly deleted entries.
///
/// # Errors
/// The attempt's abort, `MemoryError`.
pub fn clone_table<const S: usize>(cx: &mut Cx, owner: Obj, from: Obj) -> Completion<bool> {
    loop {
        let Some(table) = cx.read(from, slot::TABLE)?.obj() else { return Ok(false) };
        let n = table.len();
        let copy = cx.new_buf(n)?;
        let copied = cx.bracket(from, || {
            if from.raw(slot::TABLE).obj() != Some(table) {
                return None;
            }
            for i in 2..2 + n {
                copy.init(i, table.raw(i));
            }
            Some(counts(from))
        })?;
        let Some((used, dead)) = copied else { continue };
        if dead * 2 > used {
            return Ok(false);
        }
        set_buffer::<S>(cx, owner, copy.into());
        cx.write(owner, slot::USED, Value::small(used as i64));
        cx.write(owner, slot::DEAD, Value::small(dead as i64));
        return Ok(true);
    }
}
