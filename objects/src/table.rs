//! Ordered hash table: what `dict` keeps its entries in.
//!
//! The owner's slots are [`slot::TABLE`] (one `Buf`; no object while empty), [`slot::USED`] (entries appended so far) and
//! [`slot::DEAD`] (of these, the deleted ones). The buffer holds, in this order: index mask, room left for entries, a dummy
//! entry that no key matches, a hint where the first live entry is, the index (a power of two of words), the entries in
//! insertion order. An index word is unbound or the word number of an entry; a deleted entry's index word names the dummy.
//! An entry is key, hash (the low 51 bits as an inline int) and, for dicts (`S == 3`), value.
//!
//! - Holds: mask, capacity and thereby all word numbers of a buffer never change; at least a third of the index is unbound
//!   at any time, also in the middle of a write. So a reader that sees a torn state still ends and stays inside.
//! - Holds: growing makes a new buffer and swaps the owner's slot; the old buffer stays as it was.
//! - Conflicts: all words belong to the owner's one header. The values of dicts may lie in cells with headers of their own.

use crate::{
    cx::Cx,
    exc::{Completion, Escape},
    heap::{Kind, Obj},
    protocol,
    types::{T, str as string},
    value::Value,
};

/// Slots of the owner.
pub mod slot {
    /// The buffer.
    pub const TABLE: usize = 2;
    /// Entries appended so far.
    pub const USED: usize = 3;
    /// How many of these are deleted (or hidden, see `dict/namespace.rs`).
    pub const DEAD: usize = 4;
    /// The buffer of a dict whose values may lie in cells; then `TABLE` is unbound in a namespace and [`SPLIT`] in others.
    pub const CELLED: usize = 5;
    /// In `TABLE`: the dict is split (see `dict/split.rs`).
    pub const SPLIT: super::Value = super::Value::TRUE;
}

const MASK: usize = 2;
const LIMIT: usize = 3;
const DUMMY: usize = 4;
const FIRST: usize = 6;
const INDEX: usize = 7;
const INDEX_MIN: usize = 8;

#[inline(always)]
fn number(v: Value) -> usize {
    v.bits() as u32 as usize
}

/// A table's buffer; `S` words per entry (3 for dicts, 2 for sets).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Table<const S: usize>(pub Obj);

/// Where a search stands.
#[derive(Clone, Copy, Debug)]
pub struct Probe {
    i: usize,
    perturb: u64,
}

/// What a search came upon.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// The entry at this word, named by this index word.
    Hit(usize, usize),
    /// No such key.
    Miss,
    /// Only the keys' own `__eq__` can tell whether the entry at this word is it.
    Ask(usize, usize),
}

/// A found entry.
#[derive(Clone, Copy, Debug)]
pub struct Hit<const S: usize> {
    /// The table it is in.
    pub table: Table<S>,
    /// Word number of the entry.
    pub at: usize,
    /// Index word that names it.
    pub index: usize,
    /// The value, for dicts.
    pub value: Value,
}

/// A hash as the tables keep it.
#[inline(always)]
pub fn hash_word(h: i64) -> Value {
    Value::small(h)
}

/// The hash of a key whose hash runs no code: an inline int or an exact string.
#[inline(always)]
pub fn quick_hash(cx: &Cx, key: Value) -> Option<Value> {
    if key.is_small() {
        return Some(if key == Value::small(-1) { Value::small(-2) } else { key });
    }
    match key.obj() {
        Some(o) if o.kind() == Kind::Str => Some(hash_word(string::hash(cx, o))),
        _ => None,
    }
}

/// The hash of any key, as the tables keep it.
///
/// # Errors
/// `TypeError` for unhashable keys, and whatever `__hash__` raises.
#[inline]
pub fn key_hash(cx: &mut Cx, key: Value) -> Completion<Value> {
    match quick_hash(cx, key) {
        Some(h) => Ok(h),
        None => hash_any(cx, key),
    }
}

#[inline(never)]
fn hash_any(cx: &mut Cx, key: Value) -> Completion<Value> {
    general_hash(cx, key, "a dict key")
}

/// The hash of any value that is used as `what`, as the tables keep it.
///
/// # Errors
/// `TypeError` for unhashable values, and whatever `__hash__` raises.
pub fn general_hash(cx: &mut Cx, key: Value, what: &str) -> Completion<Value> {
    let h = match key.obj() {
        Some(o) if o.kind() == Kind::Tuple => crate::types::tuple::hash_items(cx, o.items()),
        _ => protocol::hash(cx, key),
    };
    h.map(hash_word).map_err(|escape| explain(cx, key, what, escape))
}

/// Says in the text of a `TypeError` what the unhashable value was to be used as.
#[cold]
fn explain(cx: &mut Cx, key: Value, what: &str, escape: Escape) -> Escape {
    let Some(e) = escape.exception().filter(|e| e.class() == cx.class(T::TypeError)) else {
        return escape;
    };
    match protocol::convert::str_text(cx, e.into()) {
        Ok(text) => {
            let name = cx.type_name(key);
            let text = format!("cannot use '{name}' as {what} ({text})");
            crate::exc::raise_message(cx, T::TypeError, &text)
        }
        Err(other) => other,
    }
}

impl Probe {
    #[inline(always)]
    fn new(h: Value) -> Self {
        let bits = h.bits() & ((1 << 51) - 1);
        Self { i: bits as usize, perturb: bits }
    }

    #[inline(always)]
    fn advance(&mut self) {
        self.perturb >>= 5;
        self.i = self.i.wrapping_mul(5).wrapping_add(self.perturb as usize).wrapping_add(1);
    }
}

impl<const S: usize> Table<S> {
    /// A buffer with room for at least `n` entries.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn with_room(cx: &mut Cx, n: usize) -> Completion<Self> {
        let mut size = INDEX_MIN;
        while size / 3 * 2 < n {
            match size.checked_mul(2) {
                Some(next) if next < 1 << 30 => size = next,
                _ => return Err(cx.out_of_memory()),
            }
        }
        let room = size / 3 * 2 + usize::from(size == INDEX_MIN);
        let buf = cx.new_buf(INDEX - 2 + size + room * S)?;
        buf.init(MASK, Value::small(size as i64 - 1));
        buf.init(LIMIT, Value::small(room as i64));
        buf.init(DUMMY, Value::TOMBSTONE);
        buf.init(FIRST, Value::small((INDEX + size) as i64));
        Ok(Self(buf))
    }

    #[inline(always)]
    fn mask(self) -> usize {
        number(self.0.raw(MASK))
    }

    /// Word number of entry `n`.
    #[inline(always)]
    pub fn entry(self, n: usize) -> usize {
        INDEX + self.mask() + 1 + n * S
    }

    /// Key of the entry at word `at`; `TOMBSTONE` if deleted.
    #[inline(always)]
    pub fn key(self, at: usize) -> Value {
        self.0.raw(at)
    }

    /// Hash of the entry at word `at`.
    #[inline(always)]
    pub fn hash(self, at: usize) -> Value {
        self.0.raw(at + 1)
    }

    /// Value of the entry at word `at`; unbound in sets.
    #[inline(always)]
    pub fn value(self, at: usize) -> Value {
        if S == 3 { self.0.raw(at + 2) } else { Value::UNBOUND }
    }

    /// Searches on from `probe`. Runs no code: may be called in a bracket.
    #[inline(always)]
    fn step(self, key: Value, h: Value, probe: &mut Probe) -> Step {
        let mask = self.mask();
        loop {
            let index = INDEX + (probe.i & mask);
            let word = self.0.raw(index);
            if word.is_unbound() {
                return Step::Miss;
            }
            let at = number(word);
            let candidate = self.0.raw(at);
            if candidate == key {
                return Step::Hit(at, index);
            }
            if self.0.raw(at + 1) == h {
                match same_by_value(key, candidate, 0) {
                    Some(true) => return Step::Hit(at, index),
                    Some(false) => {}
                    None => return Step::Ask(at, index),
                }
            }
            probe.advance();
        }
    }

    /// Searches from the start. Runs no code: may be called in a bracket.
    #[inline(always)]
    pub fn quick(self, key: Value, h: Value) -> Step {
        self.step(key, h, &mut Probe::new(h))
    }

    /// Appends an entry to a table with room that nobody else can see yet.
    fn init_entry(self, n: usize, key: Value, h: Value, value: Value) {
        let at = self.entry(n);
        self.0.init(at, key);
        self.0.init(at + 1, h);
        if S == 3 {
            self.0.init(at + 2, value);
        }
        self.0.init(self.free_index(h), Value::small(at as i64));
    }

    #[inline(always)]
    fn free_index(self, h: Value) -> usize {
        let mask = self.mask();
        let mut probe = Probe::new(h);
        loop {
            let index = INDEX + (probe.i & mask);
            if self.0.raw(index).is_unbound() {
                return index;
            }
            probe.advance();
        }
    }
}

/// Whether two different words with equal hashes are equal keys, when that can be told without running code.
#[cold]
pub(crate) fn same_by_value(a: Value, b: Value, depth: u32) -> Option<bool> {
    match (a.obj(), b.obj()) {
        (None, None) => Some(same_immediate(a, b)),
        (Some(x), Some(y)) => match (x.kind(), y.kind()) {
            (Kind::Str, Kind::Str) => Some(
                !(string::is_interned(x) && string::is_interned(y))
                    && string::bytes_of(x) == string::bytes_of(y),
            ),
            (Kind::Bytes, Kind::Bytes) => Some(x.raw_bytes() == y.raw_bytes()),
            (Kind::Tuple, Kind::Tuple) => same_tuples(x, y, depth),
            (Kind::Str | Kind::Bytes | Kind::Tuple, Kind::Str | Kind::Bytes | Kind::Tuple) => {
                Some(false)
            }
            _ => None,
        },
        (Some(x), None) | (None, Some(x)) => match x.kind() {
            Kind::Str | Kind::Bytes | Kind::Tuple | Kind::Native | Kind::Type => Some(false),
            _ => None,
        },
    }
}

fn same_immediate(a: Value, b: Value) -> bool {
    let number = |v: Value| match v {
        Value::TRUE => Some(1.0),
        Value::FALSE => Some(0.0),
        // Inline ints have 51 bits, so the conversion is exact.
        v if v.is_small() => Some(v.as_small() as f64),
        v => v.float_value(),
    };
    match (number(a), number(b)) {
        (Some(x), Some(y)) => x == y,
        _ => false,
    }
}

fn same_tuples(x: Obj, y: Obj, depth: u32) -> Option<bool> {
    if x.len() != y.len() {
        return Some(false);
    }
    if depth > 20 {
        return None;
    }
    for (&a, &b) in x.items().iter().zip(y.items()) {
        if a != b && !same_by_value(a, b, depth + 1)? {
            return Some(false);
        }
    }
    Some(true)
}

/// The table of an owner.
#[inline(always)]
pub fn table_of<const S: usize>(owner: Obj) -> Option<Table<S>> {
    match owner.raw(slot::TABLE).obj() {
        Some(buf) => Some(Table(buf)),
        None if S == 3 => owner.raw(slot::CELLED).obj().map(Table),
        None => None,
    }
}

/// Runs `f` in a bracket; a frozen set needs none.
#[inline(always)]
pub fn look<R>(cx: &mut Cx, owner: Obj, mut f: impl FnMut() -> R) -> Completion<R> {
    if owner.kind() == Kind::FrozenSet { Ok(f()) } else { cx.bracket(owner, f) }
}

/// Entries appended and entries deleted. In a bracket or claimed.
#[inline(always)]
pub fn counts(owner: Obj) -> (usize, usize) {
    (number(owner.raw(slot::USED)), number(owner.raw(slot::DEAD)))
}

/// Number of live entries.
///
/// # Errors
/// The attempt's abort.
#[inline]
pub fn len(cx: &mut Cx, owner: Obj) -> Completion<usize> {
    let (used, dead) = look(cx, owner, || counts(owner))?;
    Ok(used - dead)
}

/// The entry of `key`, whose hash is `h`. May run the keys' `__eq__`; starts over when the table changed meanwhile.
///
/// # Errors
/// Whatever `__eq__` raises.
pub fn find<const S: usize>(
    cx: &mut Cx,
    owner: Obj,
    key: Value,
    h: Value,
) -> Completion<Option<Hit<S>>> {
    'restart: loop {
        let mut probe = Probe::new(h);
        let mut known = None;
        loop {
            let found = look(cx, owner, || {
                let table = table_of::<S>(owner)?;
                let mut p = probe;
                let step = table.step(key, h, &mut p);
                match step {
                    Step::Hit(at, _) => Some((table, step, p, table.value(at))),
                    Step::Ask(at, _) => Some((table, step, p, table.key(at))),
                    Step::Miss => Some((table, step, p, Value::UNBOUND)),
                }
            })?;
            let Some((table, step, p, value)) = found else { return Ok(None) };
            if known.is_some_and(|k| k != table) {
                continue 'restart;
            }
            match step {
                Step::Hit(at, index) => return Ok(Some(Hit { table, at, index, value })),
                Step::Miss => return Ok(None),
                Step::Ask(at, index) => {
                    let same = protocol::identical_or_equal(cx, value, key)?;
                    let now = look(cx, owner, || {
                        let unchanged = table_of::<S>(owner) == Some(table)
                            && table.key(at) == value
                            && number(table.0.raw(index)) == at;
                        unchanged.then(|| table.value(at))
                    })?;
                    match now {
                        None => continue 'restart,
                        Some(value) if same => return Ok(Some(Hit { table, at, index, value })),
                        Some(_) => {}
                    }
                    probe = p;
                    probe.advance();
                    known = Some(table);
                }
            }
        }
    }
}

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
pub fn snapshot<const S: usize>(cx: &mut Cx, owner: Obj) -> Completion<protocol::RootVec> {
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
        return Ok(protocol::RootVec::from_buf(buf, filled));
    }
    let mut all = protocol::RootVec::new();
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

/// Gives the claimed owner a buffer, or none, without values in cells.
fn set_buffer<const S: usize>(cx: &mut Cx, owner: Obj, buf: Value) {
    cx.write(owner, slot::TABLE, buf);
    if S == 3 && owner.raw(slot::CELLED).is_bound() {
        cx.write(owner, slot::CELLED, Value::UNBOUND);
    }
}
