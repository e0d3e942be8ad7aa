//! Mark and sweep, with the world stopped.
//!
//! - Roots are handed to [`Marker`] by the caller (`cx.rs`, `world.rs`): values precisely, stacks as ranges of words.
//! - Holds: marks are exact for the last collection; a cell allocated since then is unmarked and has `meta != 0`.
//! - Not here: when to collect and how threads are stopped (`world.rs`).

use std::{any::Any, sync::atomic::Ordering};

use super::{
    BLOCK_BYTES, BLOCK_WORDS, BlockState, FIRST_THRESHOLD, Heap, SPARE, THREADS_MAX,
    header::{Kind, Obj},
    space::{CLASS_OF, CLASS_WORDS, N_CLASSES},
};
use crate::value::Value;

/// Slot of the foreign pointer in objects that own Rust memory.
pub(crate) const NATIVE_SLOT: usize = 2;

/// Rust data owned by an object; dropped after the object died.
pub trait NativeData: Any + Send + Sync {
    /// Marks the values it holds.
    fn trace(&self, marker: &mut Marker<'_>) {
        let _ = marker;
    }
}

/// Work list of a running collection.
pub struct Marker<'h> {
    heap: &'h Heap,
    stack: Vec<Obj>,
}

impl Marker<'_> {
    /// Marks a value and, in time, all it reaches.
    #[inline(always)]
    pub fn value(&mut self, v: Value) {
        if let Some(o) = v.obj() {
            self.object(o);
        }
    }

    /// Marks an object and, in time, all it reaches.
    #[inline(always)]
    pub fn object(&mut self, o: Obj) {
        if let Some((block, granule)) = self.heap.space.locate(o.to_word())
            && self.heap.space.info(block).mark(granule)
        {
            self.stack.push(o);
        }
    }

    /// Treats a word from a stack or a log as a pointer if it is the address of, or into, an object.
    pub fn word(&mut self, word: u64) {
        if word & 0xFFFF_0000_0000_0000 == 0
            && let Some(o) = self.heap.space.find(word)
        {
            self.object(o);
        }
    }

    /// Scans the words from `low` up to `high` conservatively (both addresses, `low` inclusive).
    ///
    /// # Safety
    /// The range must be readable memory that no running thread writes.
    pub unsafe fn range(&mut self, low: usize, high: usize) {
        let mut address = low.next_multiple_of(8);
        while address + 8 <= high {
            // SAFETY: the caller vouches for the range; a volatile read of a stopped thread's stack word.
            let word = unsafe { std::ptr::read_volatile(address as *const u64) };
            self.word(word);
            address += 8;
        }
    }

    /// Whether the collection has reached `o`.
    pub fn is_marked(&self, o: Obj) -> bool {
        match self.heap.space.locate(o.to_word()) {
            Some((block, granule)) => self.heap.space.info(block).is_marked(granule),
            None => true,
        }
    }

    /// Traces until nothing is left to trace.
    pub fn drain(&mut self) {
        while let Some(o) = self.stack.pop() {
            self.trace(o);
        }
    }

    fn trace(&mut self, o: Obj) {
        self.object(o.class());
        let kind = o.kind();
        if kind.is_raw() {
            if let Some(data) = o.shared_data() {
                self.object(data);
            }
            return;
        }
        let Some((block, _)) = self.heap.space.locate(o.to_word()) else { return };
        let end = match kind {
            Kind::Buf => 2 + o.len(),
            // Tuples with hidden fields (`struct_time`) keep them behind their items.
            _ => self.heap.space.cell_words(block),
        };
        let first = if kind.has_orec() { 2 } else { 1 };
        for i in first..end {
            self.value(o.raw(i));
        }
        if let Some(native) = native_of(o) {
            native.trace(self);
        }
    }
}

/// The Rust data of an object made by `Cx::new_native`.
pub(crate) fn native_of(o: Obj) -> Option<&'static dyn NativeData> {
    if !matches!(o.kind(), Kind::Code | Kind::Record) {
        return None;
    }
    let v = o.raw(NATIVE_SLOT);
    if v.bits() & 7 != 1 || v.is_small() || v.is_float() {
        return None;
    }
    let pointer = v.foreign_address() as *const Box<dyn NativeData>;
    // SAFETY: only `Cx::new_native` stores foreign words in this slot of these kinds; the box is freed only by
    // `drop_dead_natives` after the object died.
    Some(unsafe { &**pointer })
}

impl Heap {
    /// Starts a collection: finishes the last sweep and clears all marks. The world must be stopped.
    pub fn begin_collection(&self) -> Marker<'_> {
        let mut central = self.central.lock();
        for class in 0..N_CLASSES {
            central.left_over[class].clear();
            for block in std::mem::take(&mut central.partial[class]) {
                self.sweep_block(block);
            }
        }
        for block in 0..central.fresh {
            self.space.info(block).clear_marks();
        }
        Marker { heap: self, stack: Vec::with_capacity(1024) }
    }

    /// Ends a collection: drops dead Rust data, frees empty blocks, lists the others for lazy sweeping.
    /// All threads' ranges must have been flushed; `threads` is how many there are. Returns the number of bytes in live cells.
    pub fn end_collection(&self, threads: usize) -> usize {
        let mut central = self.central.lock();
        self.drop_dead_natives(&mut central.natives);
        let mut live = 0;
        let mut block = 0;
        while block < central.fresh {
            let info = self.space.info(block);
            let mut n = 1;
            match info.state() {
                BlockState::Small => live += self.classify_small(&mut central, block),
                BlockState::LargeHead => {
                    n = info.number() / BLOCK_WORDS;
                    if info.any_marked() {
                        live += n * BLOCK_BYTES;
                    } else {
                        self.free_large(&mut central, block, n);
                    }
                }
                BlockState::Free | BlockState::LargeRest => {}
            }
            block += n;
        }
        central.merge_runs();
        drop(central);
        self.debt.store(0, Ordering::Relaxed);
        // A big heap grows by half between collections: peak memory against the time to mark it.
        // Stopping several threads costs each of them: they get that much more room.
        let least = FIRST_THRESHOLD * threads.clamp(1, THREADS_MAX);
        self.threshold.store(least.max(live / 2 + SPARE), Ordering::Relaxed);
        self.wanted.store(false, Ordering::Relaxed);
        self.collections.fetch_add(1, Ordering::Relaxed);
        live
    }

    /// The objects that the last collection has marked.
    pub fn marked_objects(&self) -> Vec<Obj> {
        let central = self.central.lock();
        let mut found = Vec::new();
        for block in 0..central.fresh {
            let info = self.space.info(block);
            let step = match info.state() {
                BlockState::Small => info.number() * 8,
                BlockState::LargeHead => BLOCK_BYTES,
                BlockState::Free | BlockState::LargeRest => continue,
            };
            let start = self.space.block_address(block);
            let cells = (0..BLOCK_BYTES / step).filter(|cell| info.is_marked(cell * step / 16));
            found.extend(cells.map(|cell| Obj::from_word((start + cell * step) as u64)));
        }
        found
    }

    /// Calls `f` with every object in cells for `words` words that the running collection has not reached.
    pub(crate) fn for_each_dead(&self, words: u16, mut f: impl FnMut(Obj)) {
        let fresh = self.central.lock().fresh;
        let cell_words = CLASS_WORDS[CLASS_OF[(words as usize).div_ceil(2)] as usize] as usize;
        for block in 0..fresh {
            let info = self.space.info(block);
            if info.state() != BlockState::Small || info.number() != cell_words {
                continue;
            }
            let start = self.space.block_address(block);
            for cell in 0..BLOCK_WORDS / cell_words {
                let o = Obj::from_word((start + cell * cell_words * 8) as u64);
                if !info.is_marked(cell * cell_words / 2) && o.meta() != 0 {
                    f(o);
                }
            }
        }
    }

    /// The objects in the slots of `o`.
    pub fn parts(&self, o: Obj) -> Vec<Obj> {
        if o.kind().is_raw() {
            return Vec::new();
        }
        let Some((block, _)) = self.space.locate(o.to_word()) else { return Vec::new() };
        let end = match o.kind() {
            Kind::Buf => 2 + o.len(),
            _ => self.space.cell_words(block),
        };
        let first = if o.kind().has_orec() { 2 } else { 1 };
        (first..end).filter_map(|i| o.raw(i).obj()).collect()
    }

    fn classify_small(&self, central: &mut super::Central, block: usize) -> usize {
        let info = self.space.info(block);
        let words = info.number();
        let marked = info.count_marked();
        if marked == 0 {
            info.set(BlockState::Free, 0);
            central.free.push(block);
            self.blocks_used.fetch_sub(1, Ordering::Relaxed);
        } else if marked < BLOCK_WORDS / words
            && let Some(class) = super::CLASS_WORDS.iter().position(|&w| w as usize == words)
        {
            central.partial[class].push(block);
        }
        marked * words * 8
    }

    fn free_large(&self, central: &mut super::Central, block: usize, n: usize) {
        for i in 0..n {
            self.space.info(block + i).set(BlockState::Free, 0);
        }
        // Fresh zero pages: `large` promises zeroed words.
        self.space.release(block, n);
        central.free_runs.push((block, n));
        self.blocks_used.fetch_sub(n, Ordering::Relaxed);
    }

    fn drop_dead_natives(&self, natives: &mut Vec<Obj>) {
        natives.retain(|&o| {
            let Some((block, granule)) = self.space.locate(o.to_word()) else { return false };
            if self.space.info(block).is_marked(granule) {
                return true;
            }
            let v = o.raw(NATIVE_SLOT);
            let pointer = v.foreign_address() as *mut Box<dyn NativeData>;
            if !pointer.is_null() {
                o.init(NATIVE_SLOT, Value::UNBOUND);
                // SAFETY: made by `Box::into_raw` in `Cx::new_native`; the object is dead, so this is the last use.
                drop(unsafe { Box::from_raw(pointer) });
            }
            false
        });
    }
}

impl super::Central {
    fn merge_runs(&mut self) {
        self.free_runs.sort_unstable();
        let mut merged: Vec<(usize, usize)> = Vec::with_capacity(self.free_runs.len());
        for (first, n) in self.free_runs.drain(..) {
            match merged.last_mut() {
                Some((last, len)) if *last + *len == first => *len += n,
                _ => merged.push((first, n)),
            }
        }
        self.free_runs = merged;
    }
}

/// The shape at an address taken from a class's shape slot.
#[inline(always)]
pub(crate) fn shape_at(address: usize) -> &'static crate::shape::Shape {
    // SAFETY: only `class::new_class` and `bootstrap` store this slot, from leaked shapes.
    unsafe { &*(address as *const crate::shape::Shape) }
}

/// The declaration at an address taken from a native function.
#[inline(always)]
pub(crate) fn native_def_at(address: usize) -> &'static crate::native::NativeDef {
    // SAFETY: only `native_fn::new` stores this slot, from a `&'static NativeDef`.
    unsafe { &*(address as *const crate::native::NativeDef) }
}

/// The signature at an address taken from a native function.
#[inline(always)]
pub(crate) fn signature_at(address: usize) -> &'static crate::native::Signature {
    // SAFETY: only `native_fn::new` stores this slot, from a leaked signature.
    unsafe { &*(address as *const crate::native::Signature) }
}

/// The Rust data of `o` if it is a `D`; for objects made by `Cx::new_native`.
pub fn native_data<D: NativeData>(o: Obj) -> Option<&'static D> {
    let data: &dyn Any = native_of(o)?;
    data.downcast_ref()
}

/// The declaration at an address taken from a getset descriptor.
#[inline(always)]
pub(crate) fn getset_at(address: usize) -> &'static crate::native::GetSetDef {
    // SAFETY: only `descr::new_getset` stores this slot as an address, from a `&'static GetSetDef`.
    unsafe { &*(address as *const crate::native::GetSetDef) }
}
