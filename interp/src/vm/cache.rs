//! Inline caches: one table per loaded unit and thread, indexed by the site number in the instruction.
//!
//! - Holds: a cache is a guess that is checked before use; its keys are meta words (immortal shapes), objects that the
//!   collector may reuse only after it emptied every table, and the type epoch.
//! - Not here: who fills them (`exec/attr.rs`, `exec/names.rs`, `call.rs`).

use taipan_objects::value::Value;

use crate::vm::loaded::LoadedCode;

/// One inline cache; what the words mean depends on the instruction.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Cache {
    /// What is compared first: a meta word, a globals dict. 0 never matches.
    pub key: u64,
    /// Type epoch at which the entry was made.
    pub epoch: u64,
    /// Kind of the entry in the low byte, a word number above it.
    pub what: u64,
    /// A value: method, descriptor, cell.
    pub value: Value,
    /// A second value: the builtins cell, the `__init__` function.
    pub extra: Value,
    /// A second number: the meta word after an attribute was added, ...
    pub number: u64,
}

impl Cache {
    /// Matches nothing.
    pub const EMPTY: Self =
        Self { key: 0, epoch: 0, what: 0, value: Value::UNBOUND, extra: Value::UNBOUND, number: 0 };
}

/// Entries of the thread-wide cache behind the inline ones.
const N_COMMON: usize = 1024;

/// An entry that every site with this name and purpose can use.
#[derive(Clone, Copy, Debug)]
struct Common {
    /// Word of the name; the low bit tells stores from loads.
    name: u64,
    entry: Cache,
}

/// All tables of one thread.
pub struct Tables {
    tables: Vec<*mut Cache>,
    owned: Vec<Box<[Cache]>>,
    /// By meta word and name: where sites with objects of several shapes find their entries.
    common: Box<[Common]>,
    /// A cache names a cell that the running attempt may have made: an abort takes the cell out of its namespace, and
    /// a repetition must not find it here.
    pub names_new_cells: bool,
}

impl Default for Tables {
    fn default() -> Self {
        let empty = Common { name: 0, entry: Cache::EMPTY };
        Self {
            tables: Vec::new(),
            owned: Vec::new(),
            common: vec![empty; N_COMMON].into_boxed_slice(),
            names_new_cells: false,
        }
    }
}

#[inline(always)]
fn common_index(meta: u64, name: u64) -> usize {
    ((meta >> 4) ^ (name >> 3) ^ (name >> 13)) as usize % N_COMMON
}

impl Tables {
    /// The entry that a site made for objects with this meta word; `name` as in [`Tables::share`].
    #[inline(always)]
    pub fn shared(&self, meta: u64, name: u64, epoch: u64) -> Option<&Cache> {
        let common = &self.common[common_index(meta, name)];
        let entry = &common.entry;
        (entry.key == meta && common.name == name && entry.epoch == epoch).then_some(entry)
    }

    /// Lets all sites use an entry. `name` is the word of the interned name, plus 1 for stores.
    pub fn share(&mut self, meta: u64, name: u64, entry: &Cache) {
        self.common[common_index(meta, name)] = Common { name, entry: *entry };
    }

    /// The table of the unit `code`; null if it was not used yet.
    #[inline(always)]
    pub fn get(&self, code: &LoadedCode) -> *mut Cache {
        match self.tables.get(code.id as usize) {
            Some(&table) => table,
            None => std::ptr::null_mut(),
        }
    }

    /// The table of the unit `code`, made if need be.
    #[cold]
    #[inline(never)]
    pub fn make(&mut self, code: &LoadedCode) -> *mut Cache {
        let id = code.id as usize;
        if self.tables.len() <= id {
            self.tables.resize(id + 1, std::ptr::null_mut());
            self.owned.resize_with(id + 1, Box::default);
        }
        let n = code.site_names.len().max(1);
        if self.owned[id].len() < n {
            self.owned[id] = vec![Cache::EMPTY; n].into_boxed_slice();
        }
        self.tables[id] = self.owned[id].as_mut_ptr();
        self.tables[id]
    }

    /// The attempt's effects are undone, the cells it made with them.
    pub fn undone(&mut self) {
        if self.names_new_cells {
            self.names_new_cells = false;
            self.flush();
        }
    }

    /// Empties all caches in place and makes every unit ask `make` again, which sees to numbers that were reused for
    /// bigger units. Running frames may go on using the old memory.
    pub fn flush(&mut self) {
        self.tables.fill(std::ptr::null_mut());
        for table in &mut self.owned {
            table.fill(Cache::EMPTY);
        }
        self.common.fill(Common { name: 0, entry: Cache::EMPTY });
    }
}
