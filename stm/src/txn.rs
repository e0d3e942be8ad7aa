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
//! - Not here: the write barrier (`txn/claim.rs`), how attempts end (`commit.rs`), who gives way (`contention.rs`).

mod claim;

use std::{fmt, time::Instant};

use crate::{
    cell::{OrecPtr, SlotPtr},
    clock::Clock,
    contention::Contention,
    domain::{Domain, Slot},
    effects::Effects,
    error::{Abort, TooManyThreads},
    log::Log,
    orec::{
        self, BORN, FLAGS, FREE_0, IRR_READ, OWN_MASK, OWNED, Orec, VERSION_MAX, slot_of, stamp_of,
    },
    read_set::ReadSet,
    stats::Stats,
    sync::{Arc, AtomicU64, Ordering, mutant},
    undo::{OwnedEntry, UndoLog},
    wait::WaitList,
};

/// Runs attempts in one slot of a domain.
pub struct Txn {
    /// The largest free word the snapshot admits; 0 when irrevocable (nothing is admitted unmarked).
    pub(crate) rv_word: u64,
    pub(crate) owned_word: u64,
    born_word: u64,
    pub(crate) active: bool,
    pub(crate) irrevocable: bool,
    /// Does the domain's gate stay closed until the running attempt ends?
    pub(crate) gate_closed: bool,
    pub(crate) reads: ReadSet,
    pub(crate) undo: UndoLog,
    pub(crate) owned: Log<OwnedEntry>,
    /// The largest of the words, without flags, that claims have replaced; its version is the newest owned.
    pub(crate) newest_owned: u64,
    pub(crate) rv: u64,
    /// The last serial used, by an attempt or a savepoint.
    serial: u64,
    /// The serial of the last attempt, which names it to others.
    attempt: u64,
    pub(crate) slot: u64,
    /// What others see of this handle, at hand without a look into the domain's table.
    own_slot: Arc<Slot>,
    raise_credit: u32,
    /// Must every access take its cold path, so that a test can make it fail, or a tool see it?
    all_cold: bool,
    /// In how many cold paths the attempt is to fail; 0 means never.
    pub(crate) fail_in: u32,
    /// Has the running attempt outgrown the domain's limit? It fails at its next cold path or commit.
    pub(crate) too_large: bool,
    /// The address of the last orec admitted by rule 3, or 0, and its word, still valid at the present
    /// snapshot time.
    admitted: (usize, u64),
    pub(crate) domain: Arc<Domain>,
    /// The domain's address, which tells it from others.
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
            rv_word: 0,
            owned_word: 0,
            born_word: 0,
            active: false,
            irrevocable: false,
            gate_closed: false,
            reads: ReadSet::new(domain.config.log_max),
            undo: UndoLog::new(domain.config.log_max),
            owned: Log::with_capacity(32),
            newest_owned: 0,
            rv: 0,
            serial,
            attempt: serial,
            slot,
            own_slot: domain.slot(slot).clone(),
            raise_credit: domain.config.raise_after,
            all_cold: domain.config.shake_one_in != 0,
            fail_in: 0,
            too_large: false,
            admitted: (0, 0),
            domain: domain.clone(),
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
        self.all_cold = true;
        self.close_fast_paths();
    }

    #[inline]
    fn show_access(&self, orec: OrecPtr, writes: bool) {
        if let Some((context, hook)) = self.on_access {
            hook(context, orec.raw(), writes || self.irrevocable);
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
        assert!(!self.active, "an attempt is already running");
        if self.contention.is_pending() {
            self.prepare_attempt();
        }
        self.start();
    }

    #[inline]
    fn start(&mut self) {
        self.next_serial();
        self.attempt = self.serial;
        self.owned_word = orec::owned(self.serial, self.slot);
        self.active = true;
        self.slot().enter(self.serial);
        // Relaxed: a closed gate that is missed here is found when the world has stopped.
        if self.domain.gate.load(Ordering::Relaxed) != 0 {
            self.wait_at_gate();
        }
        self.admitted.0 = 0;
        self.rv = self.domain.clock.now();
        self.open_fast_paths();
    }

    /// Lets the fast paths admit what the snapshot holds: rules 1 and 2.
    #[inline(always)]
    fn open_fast_paths(&mut self) {
        self.rv_word = orec::snapshot(self.rv);
        if self.irrevocable | self.all_cold {
            self.close_fast_paths();
        }
    }

    /// Sends every access to the cold path: each must be marked, may be shaken, or is watched.
    pub(crate) fn close_fast_paths(&mut self) {
        self.rv_word = 0;
    }

    /// Is a word certainly of the snapshot?
    #[inline(always)]
    fn is_admitted(&self, word: u64) -> bool {
        word <= self.rv_word || (word & OWN_MASK == self.slot && self.rv_word != 0)
    }

    /// Serials count attempts and savepoints of the slot; those of a born word tell whether its
    /// object may be written without a trace.
    #[inline]
    pub(crate) fn next_serial(&mut self) {
        self.serial += 1;
        assert!(self.serial < VERSION_MAX, "slot {} has used up its serials", self.slot);
        self.born_word = orec::born(self.serial, self.slot);
    }

    /// The serial that names the running attempt to others.
    #[inline(always)]
    pub(crate) fn attempt_serial(&self) -> u64 {
        self.attempt
    }

    pub(crate) fn last_serial(&self) -> u64 {
        self.serial
    }

    /// Is an attempt running?
    #[inline]
    pub fn is_active(&self) -> bool {
        self.active
    }

    /// Does the running attempt hold the token, so that it cannot abort?
    #[inline]
    pub fn is_irrevocable(&self) -> bool {
        self.irrevocable
    }

    /// Has a rival asked the running attempt to end? A runtime looks now and then and aborts with
    /// [`Abort::Killed`], so that the rival need not wait for the next slow path.
    #[inline]
    pub fn is_doomed(&self) -> bool {
        self.active && !self.irrevocable && self.slot().is_killed(self.attempt_serial())
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

    /// Reads one slot.
    ///
    /// Cost: three loads, three compares; the first read of an object also logs it.
    ///
    /// # Errors
    /// The attempt cannot go on and must be [aborted](Txn::abort) with this cause.
    ///
    /// # Safety
    /// An attempt is running; `orec` guards `slot`; both stay valid until the attempt has ended.
    #[inline(always)]
    pub unsafe fn read(&mut self, orec: *const Orec, slot: *const AtomicU64) -> Result<u64, Abort> {
        // SAFETY: the caller's promise is the constructors' condition.
        let (orec, slot) = unsafe { (OrecPtr::new(orec), SlotPtr::new(slot)) };
        debug_assert!(self.active, "read without begin");
        let word = orec.sample();
        if self.is_admitted(word) {
            let value = slot.load();
            if mutant("no_recheck") || orec.recheck() == word {
                if self.reads.log(orec, word) {
                    self.grew()?;
                }
                return Ok(value);
            }
        } else if word == self.owned_word || word == self.born_word {
            return Ok(slot.load_own());
        }
        self.read_slow(orec, slot)
    }

    #[cold]
    #[inline(never)]
    fn read_slow(&mut self, orec: OrecPtr, slot: SlotPtr) -> Result<u64, Abort> {
        loop {
            let token = self.open_slow(orec)?;
            let value = slot.load();
            if self.close(orec, token)? {
                return Ok(value);
            }
        }
    }

    /// A log has grown: may it?
    #[cold]
    #[inline(never)]
    fn grew(&mut self) -> Result<(), Abort> {
        if self.irrevocable || !(self.reads.is_too_large() || self.undo.is_too_large()) {
            return Ok(());
        }
        self.too_large = true;
        self.close_fast_paths();
        Err(Abort::TooLarge)
    }

    /// What every cold path begins with.
    fn check_cold(&mut self) -> Result<(), Abort> {
        if self.too_large && !self.irrevocable {
            return Err(Abort::TooLarge);
        }
        self.shake()
    }

    /// Starts a bracket in which the caller loads slots of one object (with `Acquire`) and may
    /// follow pointers to buffers that are immutable or belong to the object.
    ///
    /// # Errors
    /// As for [`Txn::read`].
    ///
    /// # Safety
    /// An attempt is running; `orec` stays valid until the attempt has ended. Nothing loaded in the
    /// bracket may be acted on before [`Txn::close_read`] has said `true`.
    #[inline(always)]
    pub unsafe fn open_read(&mut self, orec: *const Orec) -> Result<u64, Abort> {
        // SAFETY: the caller's promise is the constructor's condition.
        let orec = unsafe { OrecPtr::new(orec) };
        let word = orec.sample();
        if self.is_admitted(word) || word == self.owned_word || word == self.born_word {
            return Ok(word);
        }
        self.open_slow(orec)
    }

    /// Ends a bracket: true if everything loaded in it is consistent (the object is then logged),
    /// false if the object changed and the bracket must run again from [`Txn::open_read`].
    ///
    /// # Errors
    /// As for [`Txn::read`].
    ///
    /// # Safety
    /// `token` came from `open_read` of the same orec in the same attempt.
    #[inline(always)]
    pub unsafe fn close_read(&mut self, orec: *const Orec, token: u64) -> Result<bool, Abort> {
        // SAFETY: the caller's promise is the constructor's condition.
        let orec = unsafe { OrecPtr::new(orec) };
        self.close(orec, token)
    }

    #[inline(always)]
    fn close(&mut self, orec: OrecPtr, token: u64) -> Result<bool, Abort> {
        if orec.recheck() != token && !mutant("no_bracket_recheck") {
            return Ok(false);
        }
        let grown = if self.is_admitted(token) {
            self.reads.log(orec, token)
        } else {
            self.log_slow(orec, token)
        };
        if grown {
            self.grew()?;
        }
        Ok(true)
    }

    /// Logs what only the cold path admits; own objects need no entry, marked ones have theirs.
    #[cold]
    fn log_slow(&mut self, orec: OrecPtr, token: u64) -> bool {
        token & (OWNED | BORN) == 0 && !self.irrevocable && self.reads.log(orec, token & !FLAGS)
    }

    /// The header word under which the object may be read, after whatever it takes to get one.
    #[cold]
    #[inline(never)]
    fn open_slow(&mut self, orec: OrecPtr) -> Result<u64, Abort> {
        self.show_access(orec, false);
        self.check_cold()?;
        loop {
            let word = orec.sample();
            if word == self.owned_word || word == self.born_word {
                return Ok(word);
            }
            if word & OWNED != 0 {
                self.conflict(orec, word)?;
            } else if word & BORN != 0 {
                if mutant("born_is_raw") {
                    return Ok(word);
                }
                self.adopt(orec, word);
            } else if self.irrevocable {
                if word & IRR_READ != 0 {
                    return Ok(word);
                }
                if self.mark_read(orec, word) {
                    return Ok(word | IRR_READ);
                }
            } else {
                self.admit(orec, word & !FLAGS)?;
                return Ok(word);
            }
        }
    }

    /// Makes a born object of another attempt an ordinary one at version 0.
    #[inline(never)]
    fn adopt(&mut self, orec: OrecPtr, word: u64) {
        // A failure means that somebody else did it.
        let _ = orec.exchange(word, FREE_0);
    }

    /// Sees to it that an object under the free `word` belongs to the snapshot (rules 1 to 3).
    fn admit(&mut self, orec: OrecPtr, word: u64) -> Result<(), Abort> {
        let version = stamp_of(word);
        if version <= self.rv || self.admitted == (orec.addr(), word) {
            return Ok(());
        }
        if mutant("no_rv_check") {
            return Ok(());
        }
        if slot_of(word) == self.slot || mutant("any_slot_is_mine") {
            return Ok(());
        }
        self.raise_credit = self.raise_credit.saturating_sub(1);
        if self.raise_credit == 0 || self.reads.len() > self.domain.config.validate_max {
            self.raise_credit = self.domain.config.raise_after;
            self.extend(version)?;
        } else {
            self.validate()?;
        }
        self.admitted = (orec.addr(), word);
        Ok(())
    }

    /// Moves the snapshot forward so that it admits `version`, moving the clock if need be.
    ///
    /// Cost: one load per read-set entry; a store to the clock's line if it lags.
    ///
    /// # Source
    /// Snapshot extension: Riegel, Felber and Fetzer, DISC 2006.
    #[cold]
    fn extend(&mut self, version: u64) -> Result<(), Abort> {
        if mutant("extend_validates_early") {
            self.validate()?;
        }
        let mut now = self.domain.clock.now();
        if mutant("extend_without_raise") {
            now = now.max(version);
        }
        if now < version {
            self.domain.clock.raise(version);
            self.stats.clock_raises += 1;
            now = self.domain.clock.now();
        }
        self.stats.extensions += 1;
        if !mutant("extend_validates_early") {
            self.validate()?;
        }
        self.rv = now;
        self.open_fast_paths();
        Ok(())
    }

    /// Checks that everything read is unchanged; the snapshot time is now the time of this call.
    pub(crate) fn validate(&mut self) -> Result<(), Abort> {
        if !mutant("admitted_kept") {
            self.admitted.0 = 0;
        }
        match self.reads.first_stale(self.owned_word) {
            Some(orec) if !mutant("no_extension_validation") => Err(self.lost_to_change(orec)),
            _ => Ok(()),
        }
    }

    /// The attempt has read what has changed since.
    #[cold]
    pub(crate) fn lost_to_change(&mut self, orec: OrecPtr) -> Abort {
        self.book_conflict(orec);
        Abort::Stale
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
        self.effects.on_commit.push(Box::new(action));
    }

    /// Runs `action` after the attempt has aborted, never if it commits.
    pub fn on_abort(&mut self, action: impl FnOnce() + 'static) {
        self.effects.on_abort.push(Box::new(action));
    }

    /// For tests: the `barriers`-th access from here on, counting those of objects that the attempt
    /// does not own, fails with [`Abort::Shake`]; no access takes its fast path any more.
    pub fn fail_in(&mut self, barriers: u32) {
        self.all_cold = true;
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
        if self.active {
            self.abort(Abort::User);
        }
        self.drop_token();
        self.domain.move_out(self.slot, self.last_serial(), &self.stats);
    }
}

impl fmt::Debug for Txn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Txn")
            .field("slot", &self.slot)
            .field("serial", &self.serial)
            .field("active", &self.active)
            .field("irrevocable", &self.irrevocable)
            .field("rv", &self.rv)
            .field("reads", &self.reads.len())
            .field("owned", &self.owned.len())
            .finish_non_exhaustive()
    }
}
