//! The heap: non-moving, size-classed blocks, mark and lazy sweep, no reference counts.
//!
//! Reading order: `header.rs` (what an object is), `space.rs` (where they live), `local.rs` (how they
//! are made), `mark.rs` (which are reached), `helper.rs` (the second marker), `collect.rs` (how the others go),
//! `tenure.rs` (what most collections leave out).
//!
//! - Holds: objects never move, so addresses are identities and pointers may sit on native stacks.
//! - Holds: collection runs only with the world stopped.

mod collect;
mod header;
mod helper;
mod local;
mod mark;
mod space;
mod tenure;
#[cfg(test)]
mod tests;

use std::{
    sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    time::Duration,
};

use parking_lot::Mutex;

use crate::apart::Apart;

use self::helper::Helper;
use self::local::Range;
use self::space::{BLOCK_BYTES, BLOCK_WORDS, BlockState, CLASS_WORDS, N_CLASSES, Space};
use self::tenure::Tenure;
pub use self::{
    collect::native_data,
    header::{Kind, Obj, SHARED_DATA, meta_of},
    helper::Marking,
    local::{LocalHeap, OutOfMemory},
    mark::{Marker, NativeData},
};
pub(crate) use self::{
    collect::{getset_at, native_def_at, shape_at, signature_at},
    mark::NATIVE_SLOT,
};

/// Bytes allocated before the first collection, and the least between two.
const FIRST_THRESHOLD: usize = 7 << 18;
/// What each further thread adds to the least threshold (docs/decisions/0010): pauses stop all, and the marker fetches what
/// they have written from their cores.
const ROOM_PER_THREAD: usize = 4 << 20;
/// Threads up to which the least threshold grows.
const THREADS_MAX: usize = 8;
/// Bytes allocated between two collections, beyond half of what is live.
const SPARE: usize = 5 << 17;
/// Address space reserved per heap: 64 GiB, or as much of it as the system grants.
const RESERVED_BLOCKS: usize = (64 << 30) / BLOCK_BYTES;
/// With less than that there is no point in starting.
const RESERVED_BLOCKS_MIN: usize = (64 << 20) / BLOCK_BYTES;

/// The shared heap of one world.
pub struct Heap {
    space: Space,
    central: Apart<Mutex<Central>>,
    /// Bytes handed out since the last collection.
    debt: Apart<AtomicUsize>,
    threshold: AtomicUsize,
    wanted: AtomicBool,
    limit_blocks: AtomicUsize,
    blocks_used: AtomicUsize,
    collections: AtomicUsize,
    /// Bytes in cells that the last collection has marked.
    live: AtomicUsize,
    paused_ns: AtomicU64,
    longest_pause_ns: AtomicU64,
    helper: Helper,
    tenure: Mutex<Tenure>,
    /// The next collection has to be a whole one: memory is short, or what had tenure has changed.
    whole: AtomicBool,
}

#[derive(Default)]
struct Central {
    /// Blocks never used yet start here.
    fresh: usize,
    free: Vec<usize>,
    /// Swept lazily: blocks with both dead and live cells, by class.
    partial: [Vec<usize>; N_CLASSES],
    /// What threads that ended had not used of their ranges, by class; forgotten by a collection.
    left_over: [Vec<Range>; N_CLASSES],
    /// Runs of free blocks left by large objects: (first, length). Their pages went back to the system.
    free_runs: Vec<(usize, usize)>,
    /// Such runs whose pages are kept, with what the objects left in them.
    kept_runs: Vec<(usize, usize)>,
    /// Objects that own Rust memory, to be dropped when they die.
    natives: Vec<Obj>,
}

impl Heap {
    /// An empty heap; `limit_bytes` of 0 means no limit.
    ///
    /// # Errors
    /// The operating system's error when address space is refused.
    pub fn new(limit_bytes: usize, marking: Marking) -> std::io::Result<Self> {
        Ok(Self {
            space: reserve()?,
            central: Apart::default(),
            debt: Apart::default(),
            threshold: AtomicUsize::new(FIRST_THRESHOLD),
            wanted: AtomicBool::new(false),
            limit_blocks: AtomicUsize::new(if limit_bytes == 0 {
                usize::MAX
            } else {
                limit_bytes.div_ceil(BLOCK_BYTES)
            }),
            blocks_used: AtomicUsize::new(0),
            collections: AtomicUsize::new(0),
            live: AtomicUsize::new(0),
            paused_ns: AtomicU64::new(0),
            longest_pause_ns: AtomicU64::new(0),
            helper: Helper::new(marking),
            tenure: Mutex::new(Tenure::default()),
            whole: AtomicBool::new(false),
        })
    }

    // Relaxed in the counters below: they steer when to collect, and publish nothing.

    /// Whether enough was allocated that a collection is due.
    #[inline(always)]
    pub fn collection_wanted(&self) -> bool {
        self.wanted.load(Ordering::Relaxed)
    }

    /// Asks for a collection at the next safepoint.
    pub fn request_collection(&self) {
        self.wanted.store(true, Ordering::Relaxed);
    }

    /// Number of collections so far.
    pub fn collections(&self) -> usize {
        self.collections.load(Ordering::Relaxed)
    }

    /// How long the world stood still for collections, in all and at most. Stopping it is not counted.
    pub fn pauses(&self) -> (Duration, Duration) {
        let time = |ns: &AtomicU64| Duration::from_nanos(ns.load(Ordering::Relaxed));
        (time(&self.paused_ns), time(&self.longest_pause_ns))
    }

    pub(crate) fn note_pause(&self, pause: Duration) {
        let ns = pause.as_nanos() as u64;
        self.paused_ns.fetch_add(ns, Ordering::Relaxed);
        self.longest_pause_ns.fetch_max(ns, Ordering::Relaxed);
    }

    /// Bytes in cells that the last collection found alive.
    pub fn live_bytes(&self) -> usize {
        self.live.load(Ordering::Relaxed)
    }

    /// Bytes in blocks that hold objects.
    pub fn bytes_used(&self) -> usize {
        self.blocks_used.load(Ordering::Relaxed) * BLOCK_BYTES
    }

    /// The object that contains `address`, if the heap has one there.
    pub fn find(&self, address: u64) -> Option<Obj> {
        self.space.find(address)
    }

    /// Counts `bytes` towards the next collection: of cells, or of Rust memory owned by objects.
    pub fn charge(&self, bytes: usize) {
        let debt = self.debt.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if debt > self.threshold.load(Ordering::Relaxed) {
            self.wanted.store(true, Ordering::Relaxed);
        }
    }

    pub(crate) fn register_native(&self, o: Obj) {
        self.central.lock().natives.push(o);
    }

    fn block_start(&self, block: usize) -> usize {
        self.space.block_address(block)
    }

    fn grow(&self, n: usize) -> Result<(), OutOfMemory> {
        let used = self.blocks_used.fetch_add(n, Ordering::Relaxed) + n;
        if used > self.limit_blocks.load(Ordering::Relaxed).min(self.space.n_blocks()) {
            self.blocks_used.fetch_sub(n, Ordering::Relaxed);
            self.whole.store(true, Ordering::Relaxed);
            self.request_collection();
            return Err(OutOfMemory);
        }
        Ok(())
    }

    /// A block for cells of `class`: swept, with its free cells' meta words zero, or empty, for the caller to zero. The flag
    /// tells that all of it is zero already.
    fn take_block(&self, class: usize) -> Result<(usize, bool), OutOfMemory> {
        let mut central = self.central.lock();
        if let Some(block) = central.partial[class].pop() {
            drop(central);
            self.sweep_block(block);
            return Ok((block, false));
        }
        self.grow(1)?;
        let recycled = central.free.pop();
        let block = match recycled {
            Some(block) => block,
            None => central.take_fresh(1, self.space.n_blocks()).ok_or(OutOfMemory)?,
        };
        drop(central);
        let info = self.space.info(block);
        info.marks().clear();
        info.set(BlockState::Small, CLASS_WORDS[class] as usize);
        Ok((block, recycled.is_none()))
    }

    /// Takes over the ranges of a thread that ends.
    fn leave_over(&self, ranges: &[Range; N_CLASSES]) {
        let mut central = self.central.lock();
        for (class, range) in ranges.iter().enumerate().filter(|(_, range)| range.end != 0) {
            central.left_over[class].push(*range);
        }
    }

    /// A range that a thread left over. Its cells have been charged for.
    fn take_left_over(&self, class: usize) -> Option<Range> {
        self.central.lock().left_over[class].pop()
    }

    /// Zeroes the meta word of every unmarked cell.
    fn sweep_block(&self, block: usize) {
        let info = self.space.info(block);
        let (words, marks) = (info.number(), info.marks());
        let start = self.space.block_address(block);
        for cell in 0..BLOCK_WORDS / words {
            if !marks.is_set(cell * words / 2) {
                Obj::from_word((start + cell * words * 8) as u64)
                    .word(0)
                    .store(0, Ordering::Relaxed);
            }
        }
    }

    /// The next run of free cells at or after address `from` in `block`.
    fn next_run(&self, block: usize, from: usize) -> Option<(usize, usize)> {
        let info = self.space.info(block);
        let (words, marks) = (info.number(), info.marks());
        let start = self.space.block_address(block);
        let n_cells = BLOCK_WORDS / words;
        let mut cell = (from - start) / (words * 8);
        while cell < n_cells && marks.is_set(cell * words / 2) {
            cell += 1;
        }
        let first = cell;
        while cell < n_cells && !marks.is_set(cell * words / 2) {
            cell += 1;
        }
        (first < cell).then(|| (start + first * words * 8, start + cell * words * 8))
    }

    /// Whole blocks for an object of `words` words; zeroed. Returns its address.
    fn large(&self, words: usize) -> Result<usize, OutOfMemory> {
        let n = words.div_ceil(BLOCK_WORDS);
        self.grow(n)?;
        let mut central = self.central.lock();
        let kept = take_run(&mut central.kept_runs, n);
        let block = match kept.or_else(|| take_run(&mut central.free_runs, n)) {
            Some(block) => block,
            None => match central.take_fresh(n, self.space.n_blocks()) {
                Some(block) => block,
                None => {
                    self.blocks_used.fetch_sub(n, Ordering::Relaxed);
                    return Err(OutOfMemory);
                }
            },
        };
        let head = self.space.info(block);
        head.marks().clear();
        for i in 1..n {
            self.space.info(block + i).set(BlockState::LargeRest, i);
        }
        head.set(BlockState::LargeHead, n * BLOCK_WORDS);
        drop(central);
        self.charge(n * BLOCK_BYTES);
        let address = self.space.block_address(block);
        if kept.is_some() {
            local::zero(address, address + n * BLOCK_BYTES);
        }
        Ok(address)
    }
}

/// `n` blocks from the first run that is long enough.
fn take_run(runs: &mut Vec<(usize, usize)>, n: usize) -> Option<usize> {
    let i = runs.iter().position(|&(_, len)| len >= n)?;
    let (first, len) = runs.swap_remove(i);
    if len > n {
        runs.push((first + n, len - n));
    }
    Some(first)
}

/// Limits on address space (`ulimit -v`, some debuggers) leave room for a smaller heap.
fn reserve() -> std::io::Result<Space> {
    let mut n_blocks = RESERVED_BLOCKS;
    loop {
        match Space::reserve(n_blocks) {
            Err(_) if n_blocks > RESERVED_BLOCKS_MIN => n_blocks /= 2,
            result => return result,
        }
    }
}

impl Central {
    fn take_fresh(&mut self, n: usize, n_blocks: usize) -> Option<usize> {
        let first = self.fresh;
        (first + n <= n_blocks).then(|| {
            self.fresh += n;
            first
        })
    }
}
