//! The beginning and the end of a collection, with the world stopped: what is dead goes.
//!
//! - Roots are handed to [`Marker`] by the caller (`gc.rs`): values precisely, stacks as ranges of words.
//! - Holds: marks are exact for the last collection; a cell allocated since then is unmarked and has `meta != 0`.
//! - Not here: how marks come about (`mark.rs`); when to collect and how threads are stopped (`gc.rs`).

use std::{
    any::Any,
    sync::{Arc, atomic::Ordering},
};

use super::{
    BLOCK_BYTES, BLOCK_WORDS, BlockState, FIRST_THRESHOLD, Heap, ROOM_PER_THREAD, SPARE,
    THREADS_MAX,
    header::{Kind, Obj},
    mark::{Marker, NATIVE_SLOT, NativeData, native_of},
    space::{CLASS_OF, CLASS_WORDS, HELPER, N_CLASSES},
    tenure::Round,
};
use crate::value::Value;

/// So many blocks of dead large objects keep their pages, since the system takes longer to give new ones than it takes to
/// zero them; a few, since pages that no new object fits into are lost until then.
const KEPT_BLOCKS: usize = 32;

impl Heap {
    /// Starts a collection: finishes the last sweep and clears all marks, or, of one that may leave out what has tenure and
    /// is not to be whole, all but those. The world must be stopped.
    pub fn begin_collection(self: &Arc<Self>, is_whole: bool) -> Marker<'_> {
        let mut tenure = self.tenure.lock();
        let round = tenure.begin(self.whole.swap(false, Ordering::Relaxed) || is_whole);
        let mut central = self.central.lock();
        for class in 0..N_CLASSES {
            central.left_over[class].clear();
            for block in std::mem::take(&mut central.partial[class]) {
                self.sweep_block(block);
            }
        }
        self.begin_marks(central.fresh, round);
        let mut marker = Marker::new(self);
        tenure.reached().iter().for_each(|&o| marker.object(o));
        marker
    }

    /// After a round with two markers: all marks go to the first table.
    pub(super) fn unite_marks(&self) {
        let fresh = self.central.lock().fresh;
        let (first, second) = (self.space.marks(0), self.space.marks(HELPER));
        for block in 0..fresh {
            first.bits(block).take_from(second.bits(block));
        }
    }

    /// Ends a collection: drops dead Rust data, frees empty blocks, lists the others for lazy sweeping.
    /// All threads' ranges must have been flushed; `threads` is how many there are. Returns the number of bytes in live cells.
    pub fn end_collection(self: &Arc<Self>, threads: usize) -> usize {
        let mut tenure = self.tenure.lock();
        let mut central = self.central.lock();
        if tenure.round() == Round::Tenuring {
            self.give_tenure(central.fresh, &mut tenure);
        }
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
                    if info.marks().any() {
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
        tenure.end(live);
        self.debt.store(0, Ordering::Relaxed);
        self.live.store(live, Ordering::Relaxed);
        // A big heap grows by half between collections: peak memory against the time to mark it.
        // Stopping several threads costs each of them: they get more room.
        let least = FIRST_THRESHOLD + ROOM_PER_THREAD * (threads.clamp(1, THREADS_MAX) - 1);
        let room = least.max(live / 2 + SPARE) + tenure.patience();
        self.threshold.store(room, Ordering::Relaxed);
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
            let cells =
                (0..BLOCK_BYTES / step).filter(|cell| info.marks().is_set(cell * step / 16));
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
                if !info.marks().is_set(cell * cell_words / 2) && o.meta() != 0 {
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
        // Some words are numbers, which may look like addresses.
        let is_object = |o: &Obj| self.space.locate(o.to_word()).is_some();
        (first..end).filter_map(|i| o.raw(i).obj()).filter(is_object).collect()
    }

    fn classify_small(&self, central: &mut super::Central, block: usize) -> usize {
        let info = self.space.info(block);
        let words = info.number();
        let marked = info.marks().count();
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
        let kept: usize = central.kept_runs.iter().map(|&(_, n)| n).sum();
        if kept + n <= KEPT_BLOCKS {
            central.kept_runs.push((block, n));
        } else {
            // Fresh zero pages: `large` promises zeroed words.
            self.space.release(block, n);
            central.free_runs.push((block, n));
        }
        self.blocks_used.fetch_sub(n, Ordering::Relaxed);
    }

    fn drop_dead_natives(&self, natives: &mut Vec<Obj>) {
        natives.retain(|&o| {
            let Some((block, granule)) = self.space.locate(o.to_word()) else { return false };
            if self.space.info(block).marks().is_set(granule) {
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
        for runs in [&mut self.free_runs, &mut self.kept_runs] {
            runs.sort_unstable();
            let mut merged: Vec<(usize, usize)> = Vec::with_capacity(runs.len());
            for (first, n) in runs.drain(..) {
                match merged.last_mut() {
                    Some((last, len)) if *last + *len == first => *len += n,
                    _ => merged.push((first, n)),
                }
            }
            *runs = merged;
        }
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
