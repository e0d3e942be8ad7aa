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
//! - Here: the layout, and finding a key. `keys.rs`: hashes and equality of keys. `change.rs`: entries come and go.
//!   `walk.rs`: entries in order, and copies of whole tables.

mod change;
mod keys;
mod walk;

use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    protocol,
    value::Value,
};

pub(crate) use self::keys::same_by_value;
pub use self::{
    change::{clear, init_empty, insert, rebuild, remove, reserve, trim},
    keys::{general_hash, hash_word, key_hash, quick_hash},
    walk::{
        Entry, clone_table, fill_from, index_of, next, previous, snapshot, take_first, take_last,
    },
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
