//! Who waits, who aborts, who escalates.
//!
//! - First meeting: the loser looks again for about two microseconds, then aborts itself. Of two
//!   that wait for each other one ends at once: the younger, or the one with the higher slot.
//! - After its first abort a transaction draws an age ticket and keeps it until it commits. An
//!   older attempt asks a younger owner to end and waits, unless it has read the object before and so
//!   is lost itself; a younger one aborts and waits for the winner to end before it starts again; from
//!   its second abort on it also backs off for a random time.
//! - At a hot spot (`hot_spots.rs`) a loser that owns nothing waits for the owner instead. One that nearly
//!   every attempt loses is left alone for `NAP` first, and after each loss to another writer.
//! - If nearly every attempt meets an owner, a thread naps once for `CROWD_NAP`.
//! - After `token_after` aborts it queues for the token and cannot lose any more.
//!
//! - Holds: who owns nothing may wait for anybody. Waiting while owning something happens only for a
//!   younger attempt that has been asked to end, and every wait of that kind looks for a request to
//!   end; so waits form no circle.
//! - Holds: a kill names a serial, so it never hits a later attempt of the same slot.
//! - Losers behind a preempted owner yield, then sleep; they never burn a time slice.

use std::time::Duration;

use crate::{
    cell::OrecPtr,
    error::Abort,
    hot_spots::HotSpots,
    orec::{FREE_0, OWNED, Orec, slot_of},
    sync::{MODELED, Ordering, SPIN_MAX, mutant, spin, thread},
    txn::{Flags, Txn},
};

/// What a handle remembers from one attempt of a transaction to the next.
#[derive(Debug)]
pub(crate) struct Contention {
    aborts: u32,
    /// Was the last attempt lost to another writer of an object that nearly every one loses?
    lost_boiling: bool,
    /// The word of the attempt that the last conflict was lost to.
    rival: Option<u64>,
    pub(crate) wants_token: bool,
    /// Boxed, since handles are moved and models run on small stacks.
    hot_spots: Box<HotSpots>,
    /// What the last conflict was about.
    lost_over: Option<OrecPtr>,
    /// See [`Txn::take_contended`]. Never dereferenced here.
    pub(crate) contended: Option<OrecPtr>,
    random: u64,
}

impl Contention {
    pub(crate) fn new(slot: u64) -> Contention {
        let random = slot.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        Contention {
            aborts: 0,
            lost_boiling: false,
            rival: None,
            wants_token: false,
            hot_spots: Box::default(),
            lost_over: None,
            contended: None,
            random,
        }
    }

    fn next_random(&mut self) -> u64 {
        // Xorshift64: only spreads losers in time.
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }
}

/// How often an older attempt yields before it kills the owner in its way.
const GRACE_YIELDS: u32 = 16;

/// How often a thread that owns nothing looks for the end of the attempt which owns a hot spot: the
/// last looks are half a millisecond apart.
const HOT_YIELDS: u32 = 24;
/// How long such a thread first leaves the object alone if each of its attempts needs it.
const NAP: Duration = Duration::from_micros(100);

/// How long a thread leaves the field to others if nearly every attempt meets their owners.
const CROWD_NAP: Duration = Duration::from_micros(400);

/// A wait that gets more patient: spin, yield, sleep.
pub(crate) struct Patience {
    step: u32,
}

impl Patience {
    pub(crate) fn new() -> Patience {
        Patience { step: 0 }
    }

    /// Waits a little, longer each time; sleeps inside `block`.
    pub(crate) fn pause(&mut self, block: impl FnOnce(&mut dyn FnMut())) {
        self.step += 1;
        if self.step <= SPIN_MAX || MODELED {
            spin();
        } else if self.step <= SPIN_MAX + 16 {
            thread::yield_now();
        } else {
            let micros = 20 << (self.step - SPIN_MAX - 17).min(5);
            block(&mut || crate::sync::sleep(Duration::from_micros(micros)));
        }
    }
}

impl Txn {
    /// Another attempt stands in the way of this one: `word` is owned by it, or free and marked by
    /// the irrevocable reader. `Ok` means look again.
    #[cold]
    #[inline(never)]
    pub(crate) fn conflict(&mut self, orec: OrecPtr, word: u64) -> Result<(), Abort> {
        if word & OWNED != 0 {
            self.nap_in_a_crowd();
        }
        if word & OWNED == 0 || self.owned.is_empty() {
            return self.meet(orec, word);
        }
        self.slot().set_blocked_by(word);
        let result = self.meet(orec, word);
        self.slot().set_blocked_by(0);
        result
    }

    /// The attempt has met an owner. If nearly all do of late, and it owns nothing itself, it lets the
    /// others work for a while with what is in their caches.
    fn nap_in_a_crowd(&mut self) {
        let limit = self.domain.config.nap_after;
        // The holder of the token must not keep it while it sleeps.
        if limit == 0 || (self.is_irrevocable() && !mutant("naps_with_the_token")) {
            return;
        }
        let crowded = self.contention.hot_spots.is_crowded(self.stats.commits, limit);
        if crowded && (self.owned.is_empty() || mutant("naps_while_owning")) {
            self.contention.hot_spots.leave_crowd();
            self.block(&mut || crate::sync::sleep(CROWD_NAP));
        }
    }

    fn meet(&mut self, orec: OrecPtr, word: u64) -> Result<(), Abort> {
        for _ in 0..SPIN_MAX {
            self.check_kill()?;
            if orec.recheck() != word {
                return Ok(());
            }
            if self.must_yield(word) {
                self.book_conflict(orec);
                self.contention.rival = Some(word);
                return Err(Abort::Owned);
            }
            spin();
        }
        if word & OWNED == 0 {
            let holder = self.domain.token.holder();
            self.contention.rival = self.domain.slot(holder).running();
            self.book_conflict(orec);
            return Err(Abort::IrrevocableRead);
        }
        self.book_conflict(orec);
        if self.waits_at_hot_spot(orec, word)? {
            return Ok(());
        }
        let rival = slot_of(word);
        if !self.beats(rival) {
            self.contention.rival = Some(word);
            return Err(Abort::Owned);
        }
        // The owner's commit and, once it has written, its abort as well leave a new version: who has
        // read the object is lost either way, and need not take the owner along.
        if !self.is_irrevocable() && self.reads.has(orec) && !mutant("kills_in_vain") {
            self.contention.rival = Some(word);
            return Err(Abort::Stale);
        }
        // Its work is lost when it is killed, so it is given a little more time to end by itself.
        if self.changes_soon(orec, word, SPIN_MAX + GRACE_YIELDS)? {
            return Ok(());
        }
        self.domain.slot(rival).kill(word);
        self.stats.kills += 1;
        let mut patience = Patience::new();
        while orec.recheck() == word {
            if !mutant("waits_though_killed") {
                self.check_kill()?;
            }
            patience.pause(|wait| self.block(wait));
        }
        Ok(())
    }

    /// Waits for a hot spot to change its owner: starting again would only lead back here. Whoever holds
    /// something does not, nor does the holder of the token: others would wait for it.
    fn waits_at_hot_spot(&self, orec: OrecPtr, word: u64) -> Result<bool, Abort> {
        let holds = (!self.owned.is_empty() && !mutant("hot_wait_while_owning"))
            || (self.is_irrevocable() && !mutant("hot_wait_with_the_token"));
        if holds || !self.contention.hot_spots.was_met() {
            return Ok(false);
        }
        if self.contention.hot_spots.is_boiling() {
            // Let the owner work for a while instead of handing the object to and fro.
            self.block(&mut || crate::sync::sleep(NAP));
        }
        self.changes_soon(orec, word, SPIN_MAX + HOT_YIELDS)
    }

    /// For tests: takes every object for one that each attempt needs, from here on.
    pub fn assume_hot_spots(&mut self) {
        self.contention.hot_spots.assume_heat();
    }

    /// Notes which object the attempt was lost to, or waits for.
    pub(crate) fn book_conflict(&mut self, orec: OrecPtr) {
        self.contention.lost_over = Some(orec);
        self.contention.hot_spots.book(orec.addr(), self.stats.commits);
        if self.contention.hot_spots.was_met() {
            self.contention.contended = Some(orec);
        }
    }

    /// If this thread has met a hot spot since the last [`Txn::take_contended`]: does the running
    /// attempt own that object, so that its thread is one of those that change it?
    #[inline(always)]
    pub fn owns_contended(&self) -> Option<bool> {
        self.contention.contended.map(|orec| self.owned.iter().any(|entry| entry.orec == orec))
    }

    /// For tests: takes one of the objects that the running attempt owns for a hot spot.
    pub fn contend_any_owned(&mut self) {
        let pick = self.contention.next_random() as usize % self.owned.len().max(1);
        self.contention.contended = self.owned.get(pick).map(|entry| entry.orec);
    }

    /// The last hot spot that this thread has met, once: a runtime may split that object. A collector takes
    /// it, too, since it does not keep the object alive.
    pub fn take_contended(&mut self) -> Option<*const Orec> {
        self.contention.contended.take().map(OrecPtr::raw)
    }

    /// What the running attempt, which is to end for `cause`, was lost over: the object's orec, and the slot
    /// of the attempt that owns it, changed it last, or is irrevocable and has read it. `None` if it was not
    /// lost over an object.
    pub fn lost_over(&self, cause: Abort) -> Option<(*const Orec, Option<u16>)> {
        let orec =
            self.contention.lost_over.filter(|_| self.is_active() && cause.is_over_an_object())?;
        let winner = match cause {
            Abort::IrrevocableRead => self.domain.token.holder(),
            _ => slot_of(orec.sample()),
        };
        let is_other = ![0, self.slot, slot_of(FREE_0)].contains(&winner);
        Some((orec.raw(), is_other.then_some(winner as u16)))
    }

    /// Was the attempt that ends for `cause` lost over an object that this thread meets again and
    /// again? Shorter attempts would not meet it less.
    pub fn met_hot_spot(&self, cause: Abort) -> bool {
        // Other causes book nothing, so the last conflict is not theirs.
        cause.is_over_an_object() && self.contention.hot_spots.was_met()
    }

    /// The attempt has read what it then wanted to write, and lost it in between: of an object that nearly
    /// every attempt loses, the winner has more to come. (Who only reads it has nothing to wait for.)
    #[cold]
    pub(crate) fn lost_to_writer(&mut self, orec: OrecPtr) -> Abort {
        let lost = self.lost_to_change(orec);
        self.contention.lost_boiling = self.contention.hot_spots.is_boiling();
        lost
    }

    /// Does the word change while this attempt looks `times` times, ever more seldom?
    fn changes_soon(&self, orec: OrecPtr, word: u64, times: u32) -> Result<bool, Abort> {
        let mut patience = Patience::new();
        for _ in 0..if MODELED { 1 } else { times } {
            if orec.recheck() != word {
                return Ok(true);
            }
            if !mutant("grace_though_killed") {
                self.check_kill()?;
            }
            patience.pause(|wait| self.block(wait));
        }
        Ok(mutant("grace_never_ends"))
    }

    /// Fails now and then if the domain is set to; see [`Config`](crate::Config::shake_one_in).
    #[inline]
    pub(crate) fn shake(&mut self) -> Result<(), Abort> {
        if self.fail_in != 0 && !self.is_irrevocable() {
            self.fail_in -= 1;
            if self.fail_in == 0 {
                return Err(Abort::Shake);
            }
        }
        let one_in = self.domain.config.shake_one_in;
        let fails = one_in != 0
            && !self.is_irrevocable()
            && self.contention.next_random().is_multiple_of(u64::from(one_in));
        if fails { Err(Abort::Shake) } else { Ok(()) }
    }

    fn check_kill(&self) -> Result<(), Abort> {
        if self.is_doomed() { Err(Abort::Killed) } else { Ok(()) }
    }

    /// Counts this transaction among the oldest until it ends: for work in a single step that takes
    /// long, so that doing it again would cost more than making rivals wait. Of several such one wins.
    pub fn prioritize(&mut self) {
        self.flags.set(Flags::PENDING);
        if !mutant("prioritize_ignored") {
            self.slot().set_ticket(1);
        }
    }

    /// Does this attempt win against the one running in slot `rival`?
    fn beats(&self, rival: u64) -> bool {
        if self.is_irrevocable() {
            return true;
        }
        let mine = self.slot().ticket();
        let theirs = self.domain.slot(rival).ticket();
        mine != 0
            && (self.domain.token.holder() != rival || mutant("kills_the_holder"))
            && (theirs == 0 || self.is_older(mine, theirs, rival))
    }

    /// Is this attempt the older one, by tickets? Of equals, which are prioritized ones, the lower slot
    /// counts as older: if both gave way, none would end before the token makes one.
    fn is_older(&self, mine: u64, theirs: u64, rival: u64) -> bool {
        if mine == theirs {
            return (self.slot < rival && !mutant("equals_give_way")) || mutant("equals_win");
        }
        mine < theirs || mutant("younger_wins")
    }

    /// Do this attempt and the owner wait for each other, and is it this one that gives way?
    fn must_yield(&self, word: u64) -> bool {
        let rival = slot_of(word);
        if word & OWNED == 0
            || !self.domain.slot(rival).is_blocked_by(self.owned_word)
            || mutant("never_yields")
        {
            return false;
        }
        let ages = (self.slot().ticket(), self.domain.slot(rival).ticket());
        !self.is_irrevocable() && !self.beats(rival) && (ages != (0, 0) || rival < self.slot)
    }

    /// Books an abort.
    pub(crate) fn lost(&mut self, cause: Abort) {
        match cause {
            Abort::User | Abort::Retry | Abort::TooLarge => {
                self.drop_token();
                self.won();
            }
            Abort::NeedToken => {
                self.contention.wants_token = true;
                self.flags.set(Flags::PENDING);
            }
            _ => {
                debug_assert!(cause.is_conflict());
                self.flags.set(Flags::PENDING);
                self.contention.aborts += 1;
                if self.contention.aborts == 1 {
                    // Relaxed: only uniqueness and rough order matter.
                    let ticket = self.domain.tickets.fetch_add(1, Ordering::Relaxed);
                    self.slot().set_ticket(ticket);
                }
            }
        }
    }

    /// The transaction is over; the next one starts without a past.
    #[cold]
    #[inline(never)]
    pub(crate) fn won(&mut self) {
        if !mutant("ticket_kept") {
            self.slot().set_ticket(0);
        }
        self.flags.put(Flags::PENDING, self.holds_token());
        self.contention.aborts = 0;
        self.contention.rival = None;
        self.contention.wants_token = false;
    }

    /// What a transaction does between a lost attempt and the next one. Owns nothing.
    #[cold]
    #[inline(never)]
    pub(crate) fn prepare_attempt(&mut self) {
        let due =
            self.contention.aborts >= self.domain.config.token_after && !mutant("never_escalates");
        if self.holds_token() || self.contention.wants_token || due {
            self.enter_irrevocable();
        } else {
            self.wait_for_rival();
            if std::mem::take(&mut self.contention.lost_boiling) {
                // The winner has it in its cache: leave it there for a while.
                self.block(&mut || crate::sync::sleep(NAP));
            } else if self.contention.aborts > 1 {
                self.back_off();
            }
        }
    }

    fn wait_for_rival(&mut self) {
        let Some(word) = self.contention.rival.take() else { return };
        let mut patience = Patience::new();
        // At most a few milliseconds: a winner may itself be waiting for something long.
        for _ in 0..if MODELED { 1 } else { SPIN_MAX + 24 } {
            if self.domain.slot(slot_of(word)).running() != Some(word) {
                return;
            }
            patience.pause(|wait| self.block(wait));
        }
    }

    fn back_off(&mut self) {
        if MODELED || mutant("no_back_off") {
            return;
        }
        let ceiling = 4_u64 << self.contention.aborts.min(10);
        for _ in 0..self.contention.next_random() % ceiling {
            spin();
        }
    }
}

#[cfg(all(test, not(any(loom, taipan_shuttle))))]
mod tests {
    use super::GRACE_YIELDS;
    use crate::{
        Abort, Config, Domain,
        orec::{next_serial, owned_of},
        sync::{Arc, thread},
        words::{Handle, Words},
    };

    fn world() -> Arc<Words> {
        Words::new(&Domain::new(Config::default()), &[0, 0])
    }

    /// A handle that has lost an attempt, and so has a ticket.
    fn lost(words: &Arc<Words>) -> Handle {
        let mut tx = Handle::new(words).unwrap();
        tx.begin();
        tx.abort(Abort::Shake);
        tx
    }

    #[test]
    fn a_prioritized_owner_is_not_asked_to_end() {
        let words = world();
        // The second ticket: the first one is as old as priority.
        let (_oldest, mut old) = (lost(&words), lost(&words));
        let mut tx = Handle::new(&words).unwrap();
        tx.begin();
        tx.prioritize();
        tx.write(0, 1).unwrap();
        assert_eq!(old.attempt(|tx| tx.write(0, 2)), Err(Abort::Owned));
        assert!(!tx.is_doomed());
        tx.commit().unwrap();
        assert_eq!(words.snapshot(), [1, 0]);
    }

    #[test]
    fn the_winner_of_a_lost_object_is_known() {
        let words = world();
        let (mut winner, mut tx) = (Handle::new(&words).unwrap(), Handle::new(&words).unwrap());
        let by_winner = |tx: &Handle, cause| tx.lost_over(cause).map(|(_, slot)| slot);
        winner.begin();
        winner.write(0, 1).unwrap();
        tx.begin();
        let cause = tx.write(0, 2).unwrap_err();
        assert_eq!(by_winner(&tx, cause), Some(Some(winner.slot_number())));
        tx.abort(cause);
        assert_eq!(by_winner(&tx, cause), None);
        winner.commit().unwrap();
        tx.begin();
        tx.read(0).unwrap();
        winner.attempt(|tx| tx.write(0, 3)).unwrap();
        let cause = tx.write(0, 4).unwrap_err();
        assert_eq!(
            (cause, by_winner(&tx, cause)),
            (Abort::Stale, Some(Some(winner.slot_number())))
        );
        assert_eq!(by_winner(&tx, Abort::Killed), None);
        tx.abort(cause);
    }

    #[test]
    fn priority_ends_with_the_transaction() {
        let words = world();
        let mut tx = Handle::new(&words).unwrap();
        tx.begin();
        tx.prioritize();
        assert_eq!(tx.slot().ticket(), 1);
        tx.commit().unwrap();
        assert_eq!(tx.slot().ticket(), 0);
        tx.begin();
        tx.prioritize();
        tx.abort(Abort::User);
        assert_eq!(tx.slot().ticket(), 0);
    }

    #[test]
    fn of_two_prioritized_ones_the_lower_slot_wins() {
        let words = world();
        let (mut low, mut high) = (Handle::new(&words).unwrap(), Handle::new(&words).unwrap());
        for tx in [&mut low, &mut high] {
            tx.begin();
            tx.prioritize();
        }
        assert!(low.beats(high.slot) && !high.beats(low.slot));
        low.write(0, 1).unwrap();
        assert_eq!(high.write(0, 2), Err(Abort::Owned));
    }

    /// The owner has written, so both of its ends leave a new version.
    #[test]
    fn who_has_read_what_is_owned_leaves_the_owner_alone() {
        let words = world();
        let (mut old, mut owner) = (lost(&words), Handle::new(&words).unwrap());
        old.begin();
        old.read(0).unwrap();
        owner.begin();
        owner.write(0, 1).unwrap();
        assert_eq!(old.write(0, 2), Err(Abort::Stale));
        assert!(!owner.is_doomed());
        owner.commit().unwrap();
        old.abort(Abort::Stale);
        assert_eq!(old.attempt(|tx| tx.write(0, 2)), Ok(()));
    }

    #[test]
    fn causes_that_name_no_object_meet_no_hot_spot() {
        let words = world();
        let (mut owner, mut tx) = (Handle::new(&words).unwrap(), Handle::new(&words).unwrap());
        owner.begin();
        owner.write(0, 1).unwrap();
        for _ in 0..4 {
            assert_eq!(tx.attempt(|tx| tx.write(0, 2)), Err(Abort::Owned));
            tx.attempt(|tx| tx.write(1, 2)).unwrap();
        }
        assert!(tx.met_hot_spot(Abort::Owned));
        for cause in [Abort::Killed, Abort::NeedToken, Abort::Shake, Abort::User] {
            assert!(!tx.met_hot_spot(cause), "{cause}");
        }
    }

    /// A conflict over another object, found in either way, takes the place of the hot one.
    #[test]
    fn marks_and_failed_entries_are_booked() {
        let words = Words::new(&Domain::new(Config::default()), &[0; 3]);
        let (mut other, mut tx) = (Handle::new(&words).unwrap(), Handle::new(&words).unwrap());
        let make_hot = |other: &mut Handle, tx: &mut Handle| {
            other.begin();
            other.write(0, 1).unwrap();
            for _ in 0..4 {
                tx.attempt(|tx| tx.write(0, 2)).unwrap_err();
                tx.attempt(|tx| tx.write(1, 2)).unwrap();
            }
            other.commit().unwrap();
            assert!(tx.met_hot_spot(Abort::Owned));
        };
        make_hot(&mut other, &mut tx);
        tx.begin();
        tx.read(2).unwrap();
        other.attempt(|tx| tx.write(2, 1)).unwrap();
        assert_eq!(tx.become_irrevocable(), Err(Abort::Stale));
        assert!(!tx.met_hot_spot(Abort::Stale));
        tx.abort(Abort::Stale);
        tx.attempt(|tx| tx.read(2)).unwrap();
        make_hot(&mut other, &mut tx);
        other.begin_irrevocable();
        other.read(2).unwrap();
        assert_eq!(tx.attempt(|tx| tx.write(2, 2)), Err(Abort::IrrevocableRead));
        assert!(!tx.met_hot_spot(Abort::IrrevocableRead));
        other.commit().unwrap();
    }

    /// One that lost draws a ticket of its own; the next attempt may ask for priority again.
    #[test]
    fn a_lost_attempt_leaves_its_priority() {
        let words = world();
        let (first, mut tx) = (lost(&words), Handle::new(&words).unwrap());
        tx.begin();
        tx.prioritize();
        tx.abort(Abort::Stale);
        assert!(tx.slot().ticket() > first.slot().ticket());
        tx.begin();
        tx.prioritize();
        assert_eq!(tx.slot().ticket(), 1);
    }

    #[test]
    fn the_token_ends_a_prioritized_owner() {
        let words = world();
        let mut tx = Handle::new(&words).unwrap();
        tx.begin();
        tx.prioritize();
        tx.write(0, 1).unwrap();
        let holder = thread::spawn({
            let words = words.clone();
            move || {
                let mut tx = Handle::new(&words).unwrap();
                tx.begin_irrevocable();
                tx.write(0, 2).unwrap();
                tx.commit().unwrap();
            }
        });
        while !tx.is_doomed() {
            thread::yield_now();
        }
        assert_eq!(tx.commit(), Err(Abort::Killed));
        holder.join().unwrap();
        assert_eq!(words.snapshot(), [2, 0]);
    }

    #[test]
    fn the_grace_ends_when_the_owner_does_or_its_time_is_up() {
        let words = world();
        let (mut owner, mut tx) = (Handle::new(&words).unwrap(), lost(&words));
        owner.begin();
        owner.write(0, 1).unwrap();
        let orec = owner.owned[0].orec;
        tx.begin();
        assert_eq!(
            tx.changes_soon(orec, owner.owned_word, GRACE_YIELDS),
            Ok(false),
            "it still owns"
        );
        let gone = owned_of(next_serial(owner.born_word()));
        assert_eq!(tx.changes_soon(orec, gone, GRACE_YIELDS), Ok(true), "another word is there");
        tx.slot().kill(tx.owned_word);
        assert_eq!(tx.changes_soon(orec, owner.owned_word, GRACE_YIELDS), Err(Abort::Killed));
    }
}
