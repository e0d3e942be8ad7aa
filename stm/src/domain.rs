//! One transactional world: its clock, thread slots, token, waiters and policy. No statics.
//!
//! Attempts of different domains never meet; an object belongs to the domain whose attempts touch
//! it. Tests hold several domains in one process.
//!
//! - Holds: a slot has at most one tenant; serials of a slot never repeat, not even across tenants.
//! - Edges: none of its own.

use std::{fmt, ops::Deref};

use crate::{
    clock::{AnyClock, ClockKind},
    error::TooManyThreads,
    irrevocable::Token,
    orec::{SLOT_MASK, VERSION_MAX},
    safepoint::Safepoints,
    stats::Stats,
    sync::{Arc, AtomicU64, MODELED, Mutex, Ordering, lock, mutant},
    wait::Waiters,
};

/// Runs a wait that may last; see [`Config::on_block`].
pub type OnBlock = fn(&mut dyn FnMut());

/// What a domain is made with.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// How many [`Txn`](crate::Txn)s may exist at a time, at most 2046.
    pub threads_max: usize,
    /// The clock.
    pub clock: ClockKind,
    /// After how many aborts in a row a transaction takes the token and becomes irrevocable.
    pub token_after: u32,
    /// Up to how many read-set entries a read beyond the snapshot is admitted by validating them,
    /// without moving the clock.
    pub validate_max: usize,
    /// After how many such reads a thread moves the clock all the same, so that objects written
    /// long ago come back to the fast path.
    pub raise_after: u32,
    /// After how many attempts in a row that met owners, at most four commits apart, a thread leaves
    /// the field to others for 400 microseconds; 0 means never. For short transactions: a long one
    /// that waits does better to wait for its rival's end.
    pub nap_after: u32,
    /// How many objects an attempt may read, and how many words it may overwrite, before it is
    /// [too large](crate::Abort::TooLarge): a bound for its memory, 16 bytes an entry. Irrevocable
    /// attempts have no bound.
    pub log_max: usize,
    /// The last version that any attempt may commit. Beyond it, attempts that write start again
    /// irrevocable, so commits go one by one; the versions up to 2^49 are for those and for aborts.
    /// So versions never repeat. At ten million commits a second the default lasts for a year.
    pub version_max: u64,
    /// For tests: about one barrier in so many fails with [`Abort::Shake`](crate::Abort::Shake),
    /// and no barrier takes its fast path; 0 means never.
    pub shake_one_in: u32,
    /// Called around every wait inside the protocol that may last (park, sleep, queue for the
    /// token), with the wait as argument, which it must call once. A runtime with safepoints
    /// declares the thread stopped around it. A handle may have [one of its
    /// own](crate::Txn::set_on_block).
    pub on_block: OnBlock,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            threads_max: 1024,
            clock: ClockKind::Lazy,
            token_after: 10,
            validate_max: 8,
            raise_after: 8,
            // Models that nap ask for it.
            nap_after: if MODELED { 0 } else { 8 },
            log_max: 1 << 26,
            version_max: 1 << 48,
            shake_one_in: 0,
            on_block: |wait| wait(),
        }
    }
}

/// What other threads may know and do about the attempts of one slot.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct Slot {
    /// The word under which the attempt that runs here owns objects, or 0.
    running: AtomicU64,
    /// That word of the newest attempt that was asked to end.
    kill: AtomicU64,
    /// The age ticket of the transaction running here; 0 means none, smaller is older.
    ticket: AtomicU64,
    /// The word of the owner for which the attempt here waits while it owns something itself, or 0.
    blocked_by: AtomicU64,
}

impl Slot {
    fn new() -> Slot {
        Slot {
            running: AtomicU64::new(0),
            kill: AtomicU64::new(0),
            ticket: AtomicU64::new(0),
            blocked_by: AtomicU64::new(0),
        }
    }

    #[inline(always)]
    pub(crate) fn enter(&self, owned_word: u64) {
        // Relaxed: read by rivals as a hint and by the holder of a stopped world, which safepoints
        // order.
        self.running.store(owned_word, Ordering::Relaxed);
    }

    #[inline(always)]
    pub(crate) fn leave(&self) {
        // Relaxed: as in `enter`.
        self.running.store(0, Ordering::Relaxed);
    }

    /// The word of the running attempt, if one runs.
    pub(crate) fn running(&self) -> Option<u64> {
        // Relaxed: as in `enter`.
        let word = self.running.load(Ordering::Relaxed);
        (word != 0).then_some(word)
    }

    /// Asks the attempt of this slot that owns under `word`, and no other, to end.
    pub(crate) fn kill(&self, word: u64) {
        // Relaxed: the victim acts on the number alone. Max: a late kill of an attempt that is over
        // must not hide a newer one (words of one slot grow with their serials).
        if mutant("kill_overwrites") {
            return self.kill.store(word, Ordering::Relaxed);
        }
        self.kill.fetch_max(word, Ordering::Relaxed);
    }

    #[inline(always)]
    pub(crate) fn is_killed(&self, word: u64) -> bool {
        // Relaxed: as in `kill`.
        let named = self.kill.load(Ordering::Relaxed);
        named == word || (mutant("kill_any") && named != 0)
    }

    pub(crate) fn ticket(&self) -> u64 {
        // Relaxed: a stale answer costs an abort or a longer wait, nothing else.
        self.ticket.load(Ordering::Relaxed)
    }

    pub(crate) fn set_ticket(&self, ticket: u64) {
        // Relaxed: as in `ticket`.
        self.ticket.store(ticket, Ordering::Relaxed);
    }

    pub(crate) fn set_blocked_by(&self, word: u64) {
        // Relaxed: a hint, as in `is_blocked_by`.
        self.blocked_by.store(word, Ordering::Relaxed);
    }

    /// Does the attempt here wait for the one whose word is `word`?
    pub(crate) fn is_blocked_by(&self, word: u64) -> bool {
        // Relaxed: a stale answer costs a longer wait or an abort that was not needed.
        self.blocked_by.load(Ordering::Relaxed) == word
    }
}

/// Which slots are free, and where their serials stand.
#[derive(Debug)]
struct Tenants {
    vacant: Vec<u64>,
    serials: Vec<u64>,
}

/// A value on cache lines of its own: writing it disturbs nobody who reads what lies beside it.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct Apart<T>(pub(crate) T);

impl<T> Deref for Apart<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0
    }
}

/// One transactional world. What every attempt reads (clock, gate, policy) lies apart from what some
/// attempts write.
pub struct Domain {
    pub(crate) clock: AnyClock,
    pub(crate) config: Config,
    pub(crate) gate: AtomicU64,
    slots: Box<[Arc<Slot>]>,
    pub(crate) token: Apart<Token>,
    pub(crate) tickets: Apart<AtomicU64>,
    pub(crate) waiters: Apart<Waiters>,
    safepoints: Apart<Safepoints>,
    tenants: Apart<Mutex<Tenants>>,
    totals: Mutex<Stats>,
}

impl Domain {
    /// A new world in which nothing has been committed.
    #[must_use]
    pub fn new(config: Config) -> Arc<Domain> {
        let limit = config.threads_max.clamp(1, SLOT_MASK as usize - 1);
        let config = Config { version_max: config.version_max.min(VERSION_MAX - 1), ..config };
        Arc::new(Domain {
            clock: AnyClock::new(config.clock),
            config,
            token: Apart(Token::new()),
            tickets: Apart(AtomicU64::new(1)),
            waiters: Apart(Waiters::new()),
            gate: AtomicU64::new(0),
            safepoints: Apart(Safepoints::new()),
            slots: (0..=limit).map(|_| Arc::new(Slot::new())).collect(),
            tenants: Apart(Mutex::new(Tenants {
                vacant: (1..=limit as u64).rev().collect(),
                serials: vec![0; limit + 1],
            })),
            totals: Mutex::new(Stats::default()),
        })
    }

    /// The threads of this world and how to stop them all.
    pub fn safepoints(&self) -> &Safepoints {
        &self.safepoints
    }

    /// The sums of the counters of all [`Txn`](crate::Txn)s that have been dropped.
    pub fn totals(&self) -> Stats {
        *lock(&self.totals)
    }

    pub(crate) fn slot(&self, slot: u64) -> &Arc<Slot> {
        &self.slots[slot as usize]
    }

    pub(crate) fn slots_but(&self, own: u64) -> impl Iterator<Item = &Slot> {
        let others = self.slots.iter().enumerate().filter(move |(i, _)| *i as u64 != own);
        others.map(|(_, slot)| &**slot)
    }

    /// A free slot and the last serial used in it.
    pub(crate) fn move_in(&self) -> Result<(u64, u64), TooManyThreads> {
        let mut tenants = lock(&self.tenants);
        let slot = tenants.vacant.pop().ok_or(TooManyThreads { limit: self.slots.len() - 1 })?;
        let serial = if mutant("serials_restart") { 0 } else { tenants.serials[slot as usize] };
        Ok((slot, serial))
    }

    pub(crate) fn move_out(&self, slot: u64, serial: u64, stats: &Stats) {
        self.slot(slot).set_ticket(0);
        lock(&self.totals).add(stats);
        let mut tenants = lock(&self.tenants);
        tenants.serials[slot as usize] = serial;
        tenants.vacant.push(slot);
    }
}

impl fmt::Debug for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Domain").field("clock", &self.clock).finish_non_exhaustive()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::{Config, Domain, Slot};

    #[test]
    fn a_late_kill_does_not_hide_a_newer_one() {
        let slot = Slot::new();
        slot.kill(2);
        slot.kill(1);
        assert!(slot.is_killed(2) && !slot.is_killed(1));
    }

    #[test]
    fn the_next_tenant_of_a_slot_goes_on_with_its_serials() {
        let domain = Domain::new(Config { threads_max: 1, ..Config::default() });
        let (slot, serial) = domain.move_in().unwrap();
        domain.move_out(slot, serial + 5, &crate::Stats::default());
        assert_eq!(domain.move_in().unwrap(), (slot, serial + 5));
    }
}
