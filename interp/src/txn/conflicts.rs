//! `-X stm-report`: which lines of the program lost work to which others.
//!
//! Each thread notes where the running attempt first accessed an object (its [`Witness`]) and, for others to see, where it
//! last claimed one (`Conflicts::claims`). An attempt that is lost over an object finds both places by the object's
//! address. The tables are small and overwritten; a place that is no longer there is not named.
//!
//! - Holds: no place is wrong for longer than an object's address is reused in; nothing here keeps objects alive.
//! - Cost: every access takes the protocol's cold path and one look-up; only with the option.

use std::{
    collections::HashMap,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use taipan_objects::cx::Cx;
use taipan_stm::{Abort, Orec};

use crate::{
    code::Instr,
    vm::{
        frame::Regs,
        state::{vm, vm_ref},
    },
};

/// Objects that a thread remembers an access to, and as many that it remembers a claim of.
const PLACES: usize = 1 << 12;
/// Slots of a domain, at most.
const SLOTS: usize = 1 << 11;

/// A line of the program; number 0 is none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Site {
    pub(super) file: Arc<str>,
    pub(super) line: u32,
    pub(super) function: Arc<str>,
}

/// What attempts have been lost to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Conflict {
    /// Where the lost attempt had accessed the object, or was when it was told to end.
    pub(super) lost: u32,
    /// Where the winner claimed the object, or read it as the irrevocable one.
    pub(super) won: u32,
    pub(super) cause: Abort,
    /// Class of the object; empty if none is known.
    pub(super) class: &'static str,
}

/// How much.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Loss {
    pub(super) attempts: u64,
    pub(super) bytecodes: u64,
    pub(super) time: Duration,
}

#[derive(Debug, Default)]
struct Sites {
    numbers: HashMap<Site, u32>,
    all: Vec<Site>,
}

/// What the threads of a world have lost to each other.
#[derive(Debug)]
pub struct Conflicts {
    /// By slot: where the threads in it have claimed objects.
    claims: Box<[OnceLock<Box<[AtomicU64]>>]>,
    sites: Mutex<Sites>,
    losses: Mutex<HashMap<Conflict, Loss>>,
}

impl Default for Conflicts {
    fn default() -> Self {
        Self {
            claims: (0..SLOTS).map(|_| OnceLock::new()).collect(),
            sites: Mutex::default(),
            losses: Mutex::default(),
        }
    }
}

/// Where an object's place is, and the entry for it: half of its address, and the site.
fn entry(orec: *const Orec, site: u32) -> (usize, u64) {
    let granule = orec.addr() / 16;
    (granule % PLACES, ((granule / PLACES) as u64) << 32 | u64::from(site))
}

/// The site in `found` if that is an entry of the object.
fn site_in(found: u64, orec: *const Orec) -> u32 {
    if found >> 32 == entry(orec, 0).1 >> 32 { found as u32 } else { 0 }
}

impl Conflicts {
    fn number(&self, site: Site) -> u32 {
        let mut sites = self.sites.lock();
        if let Some(&number) = sites.numbers.get(&site) {
            return number;
        }
        sites.all.push(site.clone());
        let number = sites.all.len() as u32;
        sites.numbers.insert(site, number);
        number
    }

    // Relaxed below: an entry is one word that stands for itself.

    fn note_claim(&self, slot: u16, orec: *const Orec, site: u32) {
        let table = self.claims[slot as usize % SLOTS]
            .get_or_init(|| (0..PLACES).map(|_| AtomicU64::new(0)).collect());
        let (at, entry) = entry(orec, site);
        table[at].store(entry, Ordering::Relaxed);
    }

    fn claim_site(&self, slot: u16, orec: *const Orec) -> u32 {
        let table = self.claims[slot as usize % SLOTS].get();
        table.map_or(0, |table| site_in(table[entry(orec, 0).0].load(Ordering::Relaxed), orec))
    }

    fn add(&self, conflict: Conflict, bytecodes: u64, time: Duration) {
        let mut losses = self.losses.lock();
        let loss = losses.entry(conflict).or_default();
        loss.attempts += 1;
        loss.bytecodes += bytecodes;
        loss.time += time;
    }

    /// The site with this number.
    pub(super) fn site(&self, number: u32) -> Option<Site> {
        let index = (number as usize).checked_sub(1)?;
        self.sites.lock().all.get(index).cloned()
    }

    /// All that was lost, the longest time first.
    pub(super) fn losses(&self) -> Vec<(Conflict, Loss)> {
        let mut all: Vec<_> = self.losses.lock().iter().map(|(c, l)| (c.clone(), *l)).collect();
        all.sort_by(|(a, x), (b, y)| {
            (y.time, &a.class, a.lost, a.won).cmp(&(x.time, &b.class, b.lost, b.won))
        });
        all
    }
}

/// What one thread remembers of its accesses.
#[derive(Debug)]
pub struct Witness {
    conflicts: Arc<Conflicts>,
    slot: u16,
    /// Where it accessed objects first in an attempt, and the number of that.
    accesses: Box<[(u64, u32)]>,
    attempt: u32,
    /// Sites of instructions, until the collector may reuse their memory.
    by_pc: HashMap<*const Instr, u32>,
    last: u32,
    began: Instant,
}

impl Witness {
    /// For the thread in the domain's slot `slot`.
    pub fn new(conflicts: Arc<Conflicts>, slot: u16) -> Self {
        Self {
            conflicts,
            slot,
            accesses: vec![(0, 0); PLACES].into(),
            attempt: 0,
            by_pc: HashMap::new(),
            last: 0,
            began: Instant::now(),
        }
    }

    /// An attempt begins.
    pub fn begin(&mut self) {
        self.attempt = self.attempt.wrapping_add(1);
        self.began = Instant::now();
    }

    /// Code objects may die.
    pub fn forget_code(&mut self) {
        self.by_pc.clear();
    }

    /// The instruction before `pc` in the frame `regs` accesses an object; `others_lose` if it claims it.
    pub fn note(&mut self, orec: *const Orec, others_lose: bool, regs: Regs, pc: *const Instr) {
        let site = self.site(regs, pc);
        self.last = site;
        let (at, entry) = entry(orec, site);
        let (known, attempt) = self.accesses[at];
        if attempt != self.attempt || site_in(known, orec) == 0 {
            self.accesses[at] = (entry, self.attempt);
        }
        if others_lose {
            self.conflicts.note_claim(self.slot, orec, site);
        }
    }

    fn site(&mut self, regs: Regs, pc: *const Instr) -> u32 {
        if regs.is_null() || pc.is_null() {
            return 0;
        }
        let code = regs.code();
        let unit = &code.unit;
        let conflicts = &self.conflicts;
        *self.by_pc.entry(pc).or_insert_with(|| {
            let line = unit.positions.get(code.index_before(pc)).map_or(0, |p| p.line);
            let (file, function) = (unit.filename.clone(), unit.qualname.clone());
            conflicts.number(Site { file, line, function })
        })
    }
}

/// The running attempt ends for `cause`, with `bytecodes` done in vain: books it if that is another thread's doing.
pub(super) fn book(cx: &mut Cx, cause: Abort, bytecodes: u64) {
    if vm_ref(cx).driver.witness.is_none()
        || matches!(cause, Abort::Retry | Abort::User | Abort::Shake | Abort::TooLarge)
    {
        return;
    }
    let over = cx.tx.lost_over(cause);
    let object = over.and_then(|(orec, _)| cx.world.heap.find(orec.addr() as u64));
    let class = object.map(|o| cx.type_name(o.into())).unwrap_or_default();
    let Some(witness) = &vm(cx).driver.witness else { return };
    let (mut lost, mut won) = (witness.last, 0);
    if let Some((orec, winner)) = over {
        won = winner.map_or(0, |slot| witness.conflicts.claim_site(slot, orec));
        // What was read has become invalid, wherever that was noticed.
        if cause == Abort::Stale {
            let accessed = site_in(witness.accesses[entry(orec, 0).0].0, orec);
            lost = if accessed == 0 { lost } else { accessed };
        }
    }
    let conflict = Conflict { lost, won, cause, class };
    witness.conflicts.add(conflict, bytecodes, witness.began.elapsed());
}
