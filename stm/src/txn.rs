//! One attempt as a value: its state, the read barrier, the write barrier, the snapshot.
//!
//! A [`Txn`] owns one slot of its domain and is used for attempt after attempt. The barriers are
//! `unsafe`: they take pointers and rely on the caller for their lifetime.
//!
//! What makes a read consistent. Every attempt has a snapshot time: when it read the clock as `rv`,
//! in `begin` or in the last extension. Every committed attempt takes effect when it took its stamp:
//! it then owned all it wrote. A word read at or after the snapshot time is admitted if its last
//! writer is known to have taken its stamp before that time:
//! 1. version `<= rv`: stamps taken later are larger (`clock.rs`);
//! 2. version `> rv` but committed by this very slot: its stamp lies in this thread's past;
//! 3. otherwise, after the header was sampled, the whole read set is validated (and then the
//!    snapshot time is that validation), and the header is sampled again after the slots.
//!
//! Then all values read are those at the snapshot time, in attempts that will abort, too (opacity).
//!
//! Why born objects need no publication step. The object of a `BORN` word was created by an attempt
//! which wrote it raw. Any other attempt (later ones of the same slot included) reaches it only
//! through a pointer that it read and re-checked, so the creator has committed: the contents are
//! complete and visible (`publish` of the pointer's orec), and nobody has written them through the
//! protocol. So they count as version 0, and whoever comes first replaces the word by `FREE_0`.
//! A pointer seen in an uncommitted write must not be followed: that is why brackets exist.
//!
//! - Holds: between `begin` and the end of the attempt, `owned_word` names this attempt alone.
//! - Edges: `claim`, `publish`, `slot`, `clock`; all accesses are in `orec.rs`, `cell.rs`, `clock.rs`.
//! - Not here: the barriers (`txn/read.rs`, `txn/claim.rs`), the snapshot (`txn/snapshot.rs`), how attempts end (`commit.rs`), who gives way (`contention.rs`).

mod claim;
mod flags;
mod read;
mod snapshot;

use std::{fmt, time::Instant};

use crate::{
    cell::OrecPtr,
    clock::Clock,
    contention::Contention,
    domain::{Domain, Slot},
    effects::Effects,
    error::{Abort, TooManyThreads},
    log::Log,
    orec::{self, IRR_READ, Orec, stamp_of},
    read_set::ReadSet,
    stats::Stats,
    sync::{Arc, AtomicU64, Ordering},
    undo::{OwnedEntry, UndoLog},
    wait::WaitList,
};

pub(crate) use flags::Flags;

/// Runs attempts in one slot of a domain.
pub struct Txn {
    /// Above the free words that the snapshot admits; 0 when irrevocable (nothing is admitted unmarked).
    pub(crate) rv_bound: u64,
    /// Above the words that a claim takes as long as nothing has been read; 0 with `rv_bound`. Between
    /// attempts it is what most begin with.
    unread_bound: u64,
    pub(crate) owned_word: u64,
    /// Its serial is the last one used, by an attempt or a savepoint.
    born_word: u64,
    pub(crate) flags: Flags,
    /// Does the domain's gate stay closed until the running attempt ends?
    pub(crate) gate_closed: bool,
    pub(crate) reads: ReadSet,
    pub(crate) undo: UndoLog,
    pub(crate) owned: Log<OwnedEntry>,
    /// The largest of the words, without flags, that claims have replaced; its version is the newest owned.
    pub(crate) newest_owned: u64,
    pub(crate) rv: u64,
    pub(crate) slot: u64,
    /// What others see of this handle, at hand without a look into the domain's table.
    own_slot: Arc<Slot>,
    raise_credit: u32,
    /// In how many cold paths the attempt is to fail; 0 means never.
    pub(crate) fail_in: u32,
    /// The address of the last orec admitted by rule 3, or 0, and its word, still valid at the present
    /// snapshot time.
    admitted: (usize, u64),
    pub(crate) domain: Arc<Domain>,
    /// The domain's address, which tells it from others.
    #[cfg(not(loom))]
    pub(crate) home: u64,
    pub(crate) contention: Contention,
    pub(crate) effects: Effects,
    pub(crate) waits: WaitList,
    /// Since when this handle has held the token.
    pub(crate) token_since: Option<Instant>,
    pub(crate) stats: Stats,
    on_block: Option<(*mut (), OnBlockWith)>,
    on_access: Option<(*mut (), OnAccess)>,
}

/// Runs a wait that may last, with the context given to [`Txn::set_on_block`].
pub type OnBlockWith = fn(*mut (), &mut dyn FnMut());

/// Sees an access, with the context given to [`Txn::set_on_access`]: the object's orec, and whether others
/// lose by it (it is to be written, or marked as read by the irrevocable attempt).
pub type OnAccess = fn(*mut (), *const Orec, bool);

/// An entry of an attempt's logs, as [`Txn::for_each_logged`] shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogEntry {
    /// The object of this orec has been read.
    Read(*const Orec),
    /// The object of this orec is owned.
    Owned(*const Orec),
    /// This slot held this word before the attempt wrote it.
    Undo(*const AtomicU64, u64),
    /// The thread waits for the object of this orec to change.
    Wait(*const Orec),
}

impl Txn {
    /// Takes a slot of `domain`.
    ///
    /// # Errors
    /// [`TooManyThreads`] when none is free.
    pub fn new(domain: &Arc<Domain>) -> Result<Txn, TooManyThreads> {
        let (slot, serial) = domain.move_in()?;
        Ok(Txn {
            rv_bound: 0,
            unread_bound: orec::ANY_FREE,
            owned_word: 0,
            born_word: orec::born(serial, slot),
            flags: if domain.config.shake_one_in == 0 { Flags::NONE } else { Flags::COLD },
            gate_closed: false,
            reads: ReadSet::new(domain.config.log_max),
            undo: UndoLog::new(domain.config.log_max),
            owned: Log::with_capacity(32),
            newest_owned: 0,
            rv: 0,
            slot,
            own_slot: domain.slot(slot).clone(),
            raise_credit: domain.config.raise_after,
            fail_in: 0,
            admitted: (0, 0),
            domain: domain.clone(),
            #[cfg(not(loom))]
            home: std::ptr::from_ref::<Domain>(domain).addr() as u64,
            contention: Contention::new(slot),
            effects: Effects::default(),
            waits: WaitList::new(),
            token_since: None,
            stats: Stats::default(),
            on_block: None,
            on_access: None,
        })
    }

    /// The world in which this handle's attempts run.
    pub fn domain(&self) -> &Arc<Domain> {
        &self.domain
    }

    /// The number of this handle's slot, for diagnostics.
    pub fn slot_number(&self) -> u16 {
        self.slot as u16
    }

    /// Calls `hook` instead of [`Config::on_block`](crate::Config::on_block) around waits of this
    /// handle; `hook` must call the wait once.
    ///
    /// # Safety
    /// `hook` may be called with `context` on this handle's thread at any time while the handle
    /// exists, in the middle of any of its methods (so it must not touch the handle itself).
    pub unsafe fn set_on_block(&mut self, context: *mut (), hook: OnBlockWith) {
        self.on_block = Some((context, hook));
    }

    /// Shows `hook` every access to an object that the attempt neither owns nor has made, which makes all
    /// of them slow: for tools. The calls come in the middle of the access, possibly more than once.
    ///
    /// # Safety
    /// `hook` may be called with `context` for as long as this handle lives, and does not use the handle.
    pub unsafe fn set_on_access(&mut self, context: *mut (), hook: OnAccess) {
        self.on_access = Some((context, hook));
        self.flags.set(Flags::COLD);
        self.close_fast_paths();
    }

    #[inline]
    fn show_access(&self, orec: OrecPtr, writes: bool) {
        if let Some((context, hook)) = self.on_access {
            hook(context, orec.raw(), writes || self.is_irrevocable());
        }
    }

    /// Runs a wait that may last inside the runtime's hook.
    pub(crate) fn block(&self, wait: &mut dyn FnMut()) {
        match self.on_block {
            Some((context, hook)) => hook(context, wait),
            None => (self.domain.config.on_block)(wait),
        }
    }

    #[inline(always)]
    pub(crate) fn slot(&self) -> &Slot {
        &self.own_slot
    }

    /// Starts an attempt. After a lost conflict it first waits as the contention policy says, which
    /// may include waiting for the token; nothing is owned meanwhile.
    ///
    /// Cost: one load of the shared clock, two stores to own memory.
    ///
    /// # Panics
    /// If an attempt is running.
    #[inline]
    pub fn begin(&mut self) {
        if self.flags != Flags::NONE {
            return self.begin_specially();
        }
        self.start();
        self.rv_bound = orec::bound(self.rv);
    }

    #[cold]
    #[inline(never)]
    fn begin_specially(&mut self) {
        assert!(!self.is_active(), "an attempt is already running");
        if self.flags.any(Flags::PENDING) {
            self.prepare_attempt();
        }
        self.start();
        self.open_fast_paths();
    }

    #[inline(always)]
    fn start(&mut self) {
        self.next_serial();
        self.owned_word = orec::owned_of(self.born_word);
        self.flags.set(Flags::ACTIVE);
        self.slot().enter(self.owned_word);
        // Relaxed: a closed gate that is missed here is found when the world has stopped.
        if self.domain.gate.load(Ordering::Relaxed) != 0 {
            self.wait_at_gate();
        }
        self.admitted.0 = 0;
        self.rv = self.domain.clock.now();
    }

    /// Serials count attempts and savepoints of the slot; those of a born word tell whether its
    /// object may be written without a trace.
    #[inline(always)]
    pub(crate) fn next_serial(&mut self) {
        self.born_word = orec::next_serial(self.born_word);
        if self.born_word & IRR_READ != 0 {
            self.serials_used_up();
        }
    }

    #[cold]
    #[inline(never)]
    fn serials_used_up(&self) -> ! {
        panic!("slot {} has used up its serials", self.slot)
    }

    /// Is an attempt running?
    #[inline(always)]
    pub fn is_active(&self) -> bool {
        self.flags.any(Flags::ACTIVE)
    }

    /// Does the running attempt hold the token, so that it cannot abort?
    #[inline(always)]
    pub fn is_irrevocable(&self) -> bool {
        self.flags.any(Flags::IRREVOCABLE)
    }

    /// Has a rival asked the running attempt to end? A runtime looks now and then and aborts with
    /// [`Abort::Killed`], so that the rival need not wait for the next slow path.
    #[inline]
    pub fn is_doomed(&self) -> bool {
        self.is_active() && !self.is_irrevocable() && self.slot().is_killed(self.owned_word)
    }

    /// The header word for an object that the running attempt creates right now.
    ///
    /// Such an object is read and written without a trace until the attempt ends or takes a
    /// savepoint; ask again for every object.
    #[inline(always)]
    pub fn born_word(&self) -> u64 {
        self.born_word
    }

    /// How many objects the running attempt has read, counting some twice.
    pub fn reads_len(&self) -> usize {
        self.reads.len()
    }

    /// How many old words the running attempt keeps.
    pub fn undo_len(&self) -> usize {
        self.undo.len()
    }

    /// Shows all log entries: the roots that a collector must keep alive while this attempt runs.
    pub fn for_each_logged(&self, mut show: impl FnMut(LogEntry)) {
        self.reads.entries().iter().for_each(|entry| show(LogEntry::Read(entry.orec.raw())));
        self.owned.iter().for_each(|entry| show(LogEntry::Owned(entry.orec.raw())));
        for entry in self.undo.entries() {
            show(LogEntry::Undo(entry.slot.raw(), entry.old));
        }
        self.waits.entries().iter().for_each(|entry| show(LogEntry::Wait(entry.orec.raw())));
    }

    /// Runs `action` after the attempt has committed, never if it aborts.
    pub fn on_commit(&mut self, action: impl FnOnce() + 'static) {
        self.flags.set(Flags::ACTIONS);
        self.effects.on_commit.push(Box::new(action));
    }

    /// Runs `action` after the attempt has aborted, never if it commits.
    pub fn on_abort(&mut self, action: impl FnOnce() + 'static) {
        self.flags.set(Flags::ACTIONS);
        self.effects.on_abort.push(Box::new(action));
    }

    /// Notes that the typed library has something to book when the attempt ends.
    #[cfg(not(loom))]
    #[inline(always)]
    pub(crate) fn keep_books(&mut self) {
        self.flags.set(Flags::BOOKS);
    }

    /// For tests: the `barriers`-th access from here on, counting those of objects that the attempt
    /// does not own, fails with [`Abort::Shake`]; no access takes its fast path any more.
    pub fn fail_in(&mut self, barriers: u32) {
        self.flags.set(Flags::COLD);
        self.fail_in = barriers;
        self.close_fast_paths();
    }

    /// The counters of this handle.
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    /// Counts `units` of work (bytecodes, say) as lost in an aborted attempt.
    pub fn add_wasted(&mut self, units: u64) {
        self.stats.wasted_units += units;
    }
}

impl Drop for Txn {
    fn drop(&mut self) {
        if self.is_active() {
            self.abort(Abort::User);
        }
        self.drop_token();
        self.domain.move_out(self.slot, stamp_of(self.born_word), &self.stats);
    }
}

impl fmt::Debug for Txn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Txn")
            .field("slot", &self.slot)
            .field("serial", &stamp_of(self.born_word))
            .field("active", &self.is_active())
            .field("irrevocable", &self.is_irrevocable())
            .field("rv", &self.rv)
            .field("reads", &self.reads.len())
            .field("owned", &self.owned.len())
            .finish_non_exhaustive()
    }
}
