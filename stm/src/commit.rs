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
    txn::Txn,
};

/// A call keeps the loop over the few that are owned as short as it is written: unrolled, it costs twice as much.
#[cold]
#[inline(never)]
fn note(waited_for: &mut bool) {
    *waited_for = true;
}

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
    #[inline]
    pub(crate) fn commit_quietly(&mut self) -> Result<(), Abort> {
        debug_assert!(self.active, "commit without begin");
        if !self.owned.is_empty()
            && let Err(cause) = self.commit_writes()
        {
            self.abort_quietly(cause);
            return Err(cause);
        }
        if self.irrevocable {
            self.end_irrevocable();
        }
        self.close_attempt();
        self.stats.commits += 1;
        if self.contention.is_pending() {
            self.won();
        }
        Ok(())
    }

    /// Runs the actions of an attempt that has ended, and forgets those of the other end.
    #[inline]
    pub(crate) fn run_actions(&mut self, committed: bool) {
        if !self.effects.is_empty() {
            self.effects.ended(committed).into_iter().for_each(|action| action());
        }
    }

    #[inline]
    fn commit_writes(&mut self) -> Result<(), Abort> {
        if self.rv_word == 0 {
            self.check_closed()?;
        } else if self.slot().is_killed(self.attempt_serial()) && !mutant("commit_though_killed") {
            return Err(Abort::Killed);
        }
        let early = mutant("validate_before_stamp");
        let stale_early = if early { self.reads.first_stale(self.owned_word) } else { None };
        let stamp = self.stamp();
        if stamp > self.domain.config.version_max && !mutant("versions_unbounded") {
            self.use_up(stamp)?;
        }
        if !self.reads.is_empty() {
            let stale = if early { stale_early } else { self.stale_read(stamp) };
            if let Some(orec) = stale {
                return Err(self.lost_to_change(orec));
            }
        }
        self.publish_commit(free(stamp, self.slot));
        Ok(())
    }

    /// May an attempt without fast paths commit?
    #[cold]
    fn check_closed(&self) -> Result<(), Abort> {
        if self.is_doomed() && !mutant("commit_though_killed") {
            return Err(Abort::Killed);
        }
        if self.too_large && !self.irrevocable { Err(Abort::TooLarge) } else { Ok(()) }
    }

    /// The first object read that has changed by the time of `stamp`, if that can be at all.
    fn stale_read(&self, stamp: u64) -> Option<OrecPtr> {
        let alone =
            self.domain.clock.unique() && (stamp == self.rv + 1 || mutant("alone_unchecked"));
        if self.irrevocable || alone || mutant("no_commit_validation") {
            return None;
        }
        self.reads.first_stale(self.owned_word)
    }

    /// The domain's versions have come to their end, except for a reserve for irrevocable attempts.
    #[cold]
    fn use_up(&self, stamp: u64) -> Result<(), Abort> {
        assert!(stamp < VERSION_MAX, "the domain has used up its versions");
        if self.irrevocable { Ok(()) } else { Err(Abort::NeedToken) }
    }

    /// A version above the clock and above all that is owned.
    #[inline]
    fn stamp(&self) -> u64 {
        let floor =
            if mutant("stamp_without_floor") { 0 } else { version_of(self.newest_owned) + 1 };
        let stamp = self.domain.clock.stamp().max(floor);
        if mutant("version_wraps") { stamp & 1 } else { stamp }
    }

    #[inline]
    fn publish_commit(&mut self, word: u64) {
        let mut waited_for = false;
        for entry in self.owned.iter() {
            entry.orec.publish(word);
            if entry.old & WAITERS != 0 {
                note(&mut waited_for);
            }
        }
        if waited_for && !mutant("commit_without_wake") {
            self.wake_waiters();
        }
        self.owned.clear();
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
        debug_assert!(self.active, "abort without begin");
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
        if self.irrevocable {
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

    #[inline]
    fn close_attempt(&mut self) {
        self.reads.reset();
        self.undo.reset();
        self.newest_owned = 0;
        self.too_large = false;
        self.active = false;
        self.slot().leave(self.attempt_serial());
    }
}
