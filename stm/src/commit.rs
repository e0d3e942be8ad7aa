//! How an attempt ends: validate, stamp, publish; or restore, stamp, publish.
//!
//! The order of a commit, all of it visible in `commit_writes`:
//! 1. everything written is owned already (claims happen at the first write);
//! 2. the stamp is taken, larger than the clock and than the old version of all that is owned:
//!    this is when the attempt takes effect;
//! 3. the read set is validated; nothing read has changed up to and including the stamp;
//! 4. owned orecs are released at the stamp, one by one.
//!
//! An abort that has written in place restores the old words and releases at a *new* version: an
//! invisible reader may have sampled the old word, then a dirty value; the old word coming back
//! would make it accept the value.
//!
//! - Holds: after either end nothing is owned, the logs are empty, no pointer is kept.
//! - Edges: `claim` (stamp), `publish`.

use crate::{
    cell::OrecPtr,
    clock::Clock,
    error::Abort,
    orec::{IRR_READ, VERSION_MAX, WAITERS, free, version_of},
    sync::mutant,
    txn::{Flags, Txn},
};

impl Txn {
    /// Ends the attempt and makes its writes visible, all at once; then runs its commit actions.
    ///
    /// Cost: nothing shared if nothing is owned; else a load of the clock, a load per object read
    /// and a store per object owned.
    ///
    /// # Errors
    /// The attempt has been rolled back and is over, as if by [`Txn::abort`] with this cause.
    #[inline]
    pub fn commit(&mut self) -> Result<(), Abort> {
        let result = self.commit_quietly();
        self.run_actions(result.is_ok());
        result
    }

    /// As [`Txn::commit`]; the caller runs the actions of either end.
    #[inline(always)]
    pub(crate) fn commit_quietly(&mut self) -> Result<(), Abort> {
        if self.is_plain() { self.commit_plainly() } else { self.commit_specially() }
    }

    /// Has the running attempt nothing out of the ordinary?
    #[inline(always)]
    pub(crate) fn is_plain(&self) -> bool {
        debug_assert!(self.is_active(), "commit without begin");
        self.flags == Flags::ACTIVE
    }

    /// As [`Txn::commit_quietly`], for a [plain](Txn::is_plain) attempt. That of one which owns all it knows stands in
    /// the caller's code, that of others is called.
    #[inline(always)]
    pub(crate) fn commit_plainly(&mut self) -> Result<(), Abort> {
        if self.reads.is_empty() { self.commit_either(false) } else { self.commit_read() }
    }

    #[inline(never)]
    fn commit_read(&mut self) -> Result<(), Abort> {
        self.commit_either(true)
    }

    #[inline(always)]
    fn commit_either(&mut self, has_read: bool) -> Result<(), Abort> {
        if !self.owned.is_empty()
            && let Err(cause) = self.commit_writes(has_read)
        {
            return Err(self.fail_to_commit(cause));
        }
        if has_read {
            self.reads.reset();
        }
        self.undo.clear();
        self.newest_owned = 0;
        self.flags = Flags::NONE;
        self.slot().leave();
        self.stats.commits += 1;
        Ok(())
    }

    /// For an attempt with flags.
    #[inline(never)]
    fn commit_specially(&mut self) -> Result<(), Abort> {
        if !self.owned.is_empty()
            && let Err(cause) = self.check_size().and_then(|()| self.commit_writes(true))
        {
            return Err(self.fail_to_commit(cause));
        }
        if self.is_irrevocable() {
            self.end_irrevocable();
        }
        self.close_attempt();
        self.stats.commits += 1;
        if self.flags.any(Flags::PENDING) {
            self.won();
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn fail_to_commit(&mut self, cause: Abort) -> Abort {
        self.abort_quietly(cause);
        cause
    }

    /// Runs the actions of an attempt that has ended, and forgets those of the other end.
    #[inline(always)]
    pub(crate) fn run_actions(&mut self, committed: bool) {
        if self.flags.any(Flags::ACTIONS) {
            self.run_all_actions(committed);
        }
    }

    #[inline(never)]
    fn run_all_actions(&mut self, committed: bool) {
        self.flags.clear(Flags::ACTIONS);
        self.effects.ended(committed).into_iter().for_each(|action| action());
    }

    #[inline(always)]
    fn commit_writes(&mut self, has_read: bool) -> Result<(), Abort> {
        if self.slot().is_killed(self.owned_word)
            && !self.is_irrevocable()
            && !mutant("commit_though_killed")
        {
            return Err(Abort::Killed);
        }
        let early = mutant("validate_before_stamp");
        let stale_early = if early { self.reads.first_stale(self.owned_word) } else { None };
        let stamp = self.stamp();
        if stamp > self.domain.config.version_max && !mutant("versions_unbounded") {
            self.use_up(stamp)?;
        }
        if has_read {
            let stale = if early { stale_early } else { self.stale_read(stamp) };
            if let Some(orec) = stale {
                return Err(self.lost_to_change(orec));
            }
        }
        let (word, mut flags) = (free(stamp, self.slot), 0);
        for entry in self.owned.iter() {
            entry.orec.publish(word);
            flags |= entry.old;
        }
        if flags & WAITERS != 0 && !mutant("commit_without_wake") {
            self.wake_waiters();
        }
        self.owned.clear();
        Ok(())
    }

    /// May an attempt as large as this commit?
    fn check_size(&self) -> Result<(), Abort> {
        let is_too_large = self.flags.any(Flags::TOO_LARGE) && !self.is_irrevocable();
        if is_too_large { Err(Abort::TooLarge) } else { Ok(()) }
    }

    /// The first object read that has changed by the time of `stamp`, if that can be at all.
    #[inline(never)]
    fn stale_read(&self, stamp: u64) -> Option<OrecPtr> {
        let alone =
            self.domain.clock.unique() && (stamp == self.rv + 1 || mutant("alone_unchecked"));
        if self.is_irrevocable() || alone || mutant("no_commit_validation") {
            return None;
        }
        self.reads.first_stale(self.owned_word)
    }

    /// The domain's versions have come to their end, except for a reserve for irrevocable attempts.
    #[cold]
    fn use_up(&self, stamp: u64) -> Result<(), Abort> {
        assert!(stamp < VERSION_MAX, "the domain has used up its versions");
        if self.is_irrevocable() { Ok(()) } else { Err(Abort::NeedToken) }
    }

    /// A version above the clock and above all that is owned.
    #[inline]
    fn stamp(&self) -> u64 {
        let floor =
            if mutant("stamp_without_floor") { 0 } else { version_of(self.newest_owned) + 1 };
        let stamp = self.domain.clock.stamp().max(floor);
        if mutant("version_wraps") { stamp & 1 } else { stamp }
    }

    #[cold]
    #[inline(never)]
    fn wake_waiters(&self) {
        for entry in self.owned.iter().filter(|entry| entry.old & WAITERS != 0) {
            self.domain.waiters.wake(entry.orec.addr());
        }
    }

    /// Ends the attempt without a trace: restores what it overwrote, gives up what it owns, runs
    /// its abort actions. Conflicts count towards the age ticket and the token; a program's own
    /// [`Abort::User`] and [`Abort::Retry`] end the transaction.
    #[cold]
    #[inline(never)]
    pub fn abort(&mut self, cause: Abort) {
        self.abort_quietly(cause);
        self.run_actions(false);
    }

    /// As [`Txn::abort`]; the caller runs the actions.
    pub(crate) fn abort_quietly(&mut self, cause: Abort) {
        debug_assert!(self.is_active(), "abort without begin");
        self.undo.restore(0);
        self.publish_abort(|_, _| ());
        self.finish_abort(cause);
    }

    /// Releases everything owned after the undo log was restored; `show` gets each orec and word.
    pub(crate) fn publish_abort(&mut self, mut show: impl FnMut(OrecPtr, u64)) {
        if self.owned.is_empty() {
            return;
        }
        let wrote = self.undo.wrote() && !mutant("abort_restores_word");
        let stamp = self.stamp();
        assert!(stamp < VERSION_MAX, "the domain has used up its versions");
        let fresh = free(stamp, self.slot);
        for entry in self.owned.iter() {
            // Waiters stay registered and asleep: the contents are what they were.
            let waiters = if mutant("abort_drops_waiters") { 0 } else { entry.old & WAITERS };
            let kept = if mutant("abort_keeps_mark") { entry.old } else { entry.old & !IRR_READ };
            let word = if wrote { fresh | waiters } else { kept };
            entry.orec.publish(word);
            show(entry.orec, word & !WAITERS);
        }
        self.owned.clear();
    }

    pub(crate) fn finish_abort(&mut self, cause: Abort) {
        if self.is_irrevocable() {
            self.end_irrevocable();
        }
        self.close_attempt();
        self.stats.aborts[cause as usize] += 1;
        self.lost(cause);
        if cause == Abort::TooLarge {
            self.reads.shrink();
            self.undo.shrink();
        }
    }

    fn close_attempt(&mut self) {
        self.reads.reset();
        self.undo.reset();
        self.newest_owned = 0;
        self.flags.clear(Flags::PER_ATTEMPT);
        self.reopen_unread();
        self.slot().leave();
    }
}
