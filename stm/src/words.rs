//! A fixed set of words under the protocol, with a safe face: for models, histories, measurements.
//!
//! Each word is an object of its own: an orec and one slot. A handle keeps the set alive for as long
//! as it can run an attempt, which is all the barriers ask for.
//!
//! - Holds: a handle's `Txn` never leaves it, so no log outlives the words.
//!
//! ```
//! use taipan_stm::{Config, Domain, words::{Handle, Words}};
//!
//! let words = Words::new(&Domain::new(Config::default()), &[10, 0]);
//! let mut tx = Handle::new(&words)?;
//! tx.begin();
//! let from = tx.read(0)?;
//! tx.write(0, from - 1)?;
//! tx.write(1, 1)?;
//! tx.commit()?;
//! assert_eq!(words.snapshot(), [9, 1]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod row;

use std::{ops::Deref, time::Duration};

use crate::{
    Abort, Domain, Interrupter, Orec, Savepoint, Thread, TooManyThreads, Txn, Wake,
    sync::{Arc, AtomicU64, Ordering},
};

use row::Row;

#[derive(Debug)]
struct Word {
    orec: Orec,
    slot: AtomicU64,
}

/// A set of words that attempts of one domain share.
#[derive(Debug)]
pub struct Words {
    domain: Arc<Domain>,
    words: Box<[Word]>,
    row: Row,
}

impl Words {
    /// Words with these initial values.
    #[must_use]
    pub fn new(domain: &Arc<Domain>, values: &[u64]) -> Arc<Words> {
        Words::under(domain, values, Orec::new)
    }

    /// As [`Words::new`], with headers as zeroed memory holds them.
    #[must_use]
    pub fn zeroed(domain: &Arc<Domain>, values: &[u64]) -> Arc<Words> {
        Words::under(domain, values, Orec::zeroed)
    }

    fn under(domain: &Arc<Domain>, values: &[u64], orec: fn() -> Orec) -> Arc<Words> {
        let word = |&value: &u64| Word { orec: orec(), slot: AtomicU64::new(value) };
        let words = values.iter().map(word).collect();
        Arc::new(Words { domain: domain.clone(), words, row: Row::new(&[]) })
    }

    /// The values as they lie in memory; meaningful while no attempt runs.
    pub fn snapshot(&self) -> Vec<u64> {
        // Acquire: pairs with the write barrier.
        self.words.iter().map(|word| word.slot.load(Ordering::Acquire)).collect()
    }

    /// The raw header word of word `index`, for diagnostics.
    pub fn header(&self, index: usize) -> u64 {
        self.words[index].orec.word()
    }
}

/// A [`Txn`] together with the words it works on. Reads of its state go through `Deref`.
#[derive(Debug)]
pub struct Handle {
    txn: Txn,
    words: Arc<Words>,
}

impl Handle {
    /// A handle for one thread, or for one line of a script.
    ///
    /// # Errors
    /// [`TooManyThreads`] when the domain has no slot left.
    pub fn new(words: &Arc<Words>) -> Result<Handle, TooManyThreads> {
        Ok(Handle { txn: Txn::new(&words.domain)?, words: words.clone() })
    }

    fn word(&self, index: usize) -> (*const Orec, *const AtomicU64) {
        assert!(self.txn.is_active(), "no attempt is running");
        let word = &self.words.words[index];
        (&raw const word.orec, &raw const word.slot)
    }

    /// See [`Txn::begin`].
    pub fn begin(&mut self) {
        self.txn.begin();
    }

    /// See [`Txn::begin_irrevocable`].
    pub fn begin_irrevocable(&mut self) {
        self.txn.begin_irrevocable();
    }

    /// Reads word `index`.
    ///
    /// # Errors
    /// As [`Txn::read`].
    pub fn read(&mut self, index: usize) -> Result<u64, Abort> {
        let (orec, slot) = self.word(index);
        // SAFETY: `self.words` keeps both alive, and the attempt ends before it is dropped (`txn`
        // is the first field and aborts on drop). The orec guards the slot beside it.
        unsafe { self.txn.read(orec, slot) }
    }

    /// Reads word `index` through an explicit bracket.
    ///
    /// # Errors
    /// As [`Txn::open_read`].
    pub fn read_in_bracket(&mut self, index: usize) -> Result<u64, Abort> {
        let (orec, _) = self.word(index);
        loop {
            // SAFETY: as in `read`.
            let token = unsafe { self.txn.open_read(orec) }?;
            // Acquire: the bracket's rule.
            let value = self.words.words[index].slot.load(Ordering::Acquire);
            // SAFETY: the token is the one of the line above.
            if unsafe { self.txn.close_read(orec, token) }? {
                return Ok(value);
            }
        }
    }

    /// Claims word `index`.
    ///
    /// # Errors
    /// As [`Txn::claim`].
    pub fn claim(&mut self, index: usize) -> Result<(), Abort> {
        let (orec, _) = self.word(index);
        // SAFETY: as in `read`.
        unsafe { self.txn.claim(orec) }
    }

    /// Claims and writes word `index`.
    ///
    /// # Errors
    /// As [`Txn::claim`].
    pub fn write(&mut self, index: usize, value: u64) -> Result<(), Abort> {
        let (orec, slot) = self.word(index);
        // SAFETY: as in `read`.
        unsafe { self.txn.claim(orec) }?;
        // SAFETY: as in `read`, and the claim succeeded. Words point to nothing.
        unsafe { self.txn.write(orec, slot, value) };
        Ok(())
    }

    /// Makes word `index`, which nobody has reached yet, an object that this attempt creates.
    pub fn create(&mut self, index: usize, value: u64) {
        let (orec, slot) = self.word(index);
        let word = &self.words.words[index];
        word.orec.rebirth(self.txn.born_word());
        // SAFETY: as in `read`; a word born in this attempt needs no claim.
        unsafe { self.txn.write(orec, slot, value) };
    }

    /// See [`Txn::commit`].
    ///
    /// # Errors
    /// As there.
    pub fn commit(&mut self) -> Result<(), Abort> {
        self.txn.commit()
    }

    /// See [`Txn::abort`].
    pub fn abort(&mut self, cause: Abort) {
        self.txn.abort(cause);
    }

    /// See [`Txn::become_irrevocable`].
    ///
    /// # Errors
    /// As there.
    pub fn become_irrevocable(&mut self) -> Result<(), Abort> {
        self.txn.become_irrevocable()
    }

    /// See [`Txn::exclusive`].
    pub fn exclusive<R>(&mut self, thread: &Thread, body: impl FnOnce() -> R) -> R {
        self.txn.exclusive(thread, body)
    }

    /// See [`Txn::seclude`] and [`Seclusion::run`](crate::Seclusion::run).
    pub fn seclude<R>(&mut self, thread: &Thread, body: impl FnOnce() -> R) -> R {
        let stop = |(): &mut (), look: &mut dyn FnMut(&mut ())| {
            thread.stop_the_world(|| look(&mut ()));
        };
        self.txn.seclude().run(&mut (), stop, |()| body())
    }

    /// See [`Txn::wait_for_change`].
    pub fn wait_for_change(&mut self, timeout: Option<Duration>) -> Wake {
        self.txn.wait_for_change(timeout)
    }

    /// See [`Txn::prioritize`].
    pub fn prioritize(&mut self) {
        self.txn.prioritize();
    }

    /// See [`Txn::interrupter`].
    pub fn interrupter(&self) -> Interrupter {
        self.txn.interrupter()
    }

    /// See [`Txn::savepoint`].
    pub fn savepoint(&mut self) -> Savepoint {
        self.txn.savepoint()
    }

    /// See [`Txn::rollback_to`].
    pub fn rollback_to(&mut self, savepoint: Savepoint) {
        self.txn.rollback_to(savepoint);
    }

    /// See [`Txn::release`].
    pub fn release(&mut self, savepoint: Savepoint) {
        self.txn.release(savepoint);
    }

    /// See [`Txn::on_commit`].
    pub fn on_commit(&mut self, action: impl FnOnce() + 'static) {
        self.txn.on_commit(action);
    }

    /// See [`Txn::on_abort`].
    pub fn on_abort(&mut self, action: impl FnOnce() + 'static) {
        self.txn.on_abort(action);
    }

    /// See [`Txn::fail_in`].
    pub fn fail_in(&mut self, barriers: u32) {
        self.txn.fail_in(barriers);
    }

    /// See [`Txn::assume_hot_spots`].
    pub fn assume_hot_spots(&mut self) {
        self.txn.assume_hot_spots();
    }

    /// Makes the handle ready to go to another thread.
    ///
    /// # Panics
    /// If an attempt is running.
    #[must_use]
    pub fn idle(self) -> Idle {
        assert!(!self.txn.is_active(), "an attempt is running");
        Idle(self)
    }

    /// Runs `body` as one attempt. It has committed when this returns `Ok`.
    ///
    /// # Errors
    /// The cause of the abort; the attempt is over.
    pub fn attempt<R>(
        &mut self,
        body: impl FnOnce(&mut Handle) -> Result<R, Abort>,
    ) -> Result<R, Abort> {
        self.begin();
        let result = body(self).inspect_err(|&cause| self.abort(cause))?;
        self.commit().map(|()| result)
    }

    /// Runs `body` in attempt after attempt until one commits.
    pub fn atomically<R>(&mut self, mut body: impl FnMut(&mut Handle) -> Result<R, Abort>) -> R {
        loop {
            if let Ok(result) = self.attempt(&mut body) {
                return result;
            }
        }
    }
}

/// A handle between attempts, which may go to another thread.
#[derive(Debug)]
pub struct Idle(Handle);

// SAFETY: what keeps a handle on its thread are actions (boxed closures) and logged pointers of a
// running attempt. `Handle::idle` checks that none runs, and an idle handle cannot start one.
unsafe impl Send for Idle {}

impl Idle {
    /// The handle, on the thread that goes on with it.
    #[must_use]
    pub fn into_handle(self) -> Handle {
        self.0
    }
}

impl Deref for Handle {
    type Target = Txn;

    fn deref(&self) -> &Txn {
        &self.txn
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use super::{Handle, Words};
    use crate::{
        Abort, ClockKind, Config, Domain, Wake,
        sync::{Arc, AtomicU64, Ordering, thread},
    };

    fn world(values: &[u64]) -> Arc<Words> {
        Words::new(&Domain::new(Config::default()), values)
    }

    #[test]
    fn an_abort_restores_and_publishes_a_new_version() {
        let words = world(&[1]);
        let mut tx = Handle::new(&words).unwrap();
        let before = words.header(0);
        tx.begin();
        tx.write(0, 2).unwrap();
        tx.write(0, 3).unwrap();
        tx.abort(Abort::User);
        assert_eq!(words.snapshot(), [1]);
        assert!(words.header(0) > before);
    }

    #[test]
    fn a_claim_without_a_write_leaves_no_trace() {
        let words = world(&[1]);
        let mut tx = Handle::new(&words).unwrap();
        let before = words.header(0);
        tx.begin();
        tx.claim(0).unwrap();
        tx.abort(Abort::User);
        assert_eq!(words.header(0), before);
    }

    #[test]
    fn a_stale_reader_of_two_words_aborts() {
        let words = world(&[0, 0]);
        let (mut a, mut b) = (Handle::new(&words).unwrap(), Handle::new(&words).unwrap());
        a.begin();
        assert_eq!(a.read(0), Ok(0));
        b.attempt(|tx| {
            tx.write(0, 1)?;
            tx.write(1, 1)
        })
        .unwrap();
        assert_eq!(a.read(1), Err(Abort::Stale));
        a.abort(Abort::Stale);
    }

    #[test]
    fn a_newer_word_is_admitted_when_nothing_read_has_changed() {
        let words = world(&[0, 0]);
        let (mut a, mut b) = (Handle::new(&words).unwrap(), Handle::new(&words).unwrap());
        a.begin();
        assert_eq!(a.read(0), Ok(0));
        b.attempt(|tx| tx.write(1, 1)).unwrap();
        assert_eq!(a.read(1), Ok(1));
        assert_eq!(a.read_in_bracket(1), Ok(1));
        a.write(1, 2).unwrap();
        a.commit().unwrap();
        assert_eq!(words.snapshot(), [0, 2]);
        assert_eq!(a.stats().clock_raises, 0);
    }

    #[test]
    fn zeroed_headers_are_owned_marked_and_given_up_as_others_are() {
        let words = Words::zeroed(&Domain::new(Config::default()), &[0, 0]);
        let (mut a, mut b) = (Handle::new(&words).unwrap(), Handle::new(&words).unwrap());
        a.begin_irrevocable();
        assert_eq!(a.read(0), Ok(0));
        assert_eq!(b.attempt(|tx| tx.write(0, 5)), Err(Abort::IrrevocableRead));
        a.claim(1).unwrap();
        a.commit().unwrap();
        b.attempt(|tx| {
            tx.write(0, 1)?;
            tx.write(1, 2)
        })
        .unwrap();
        assert_eq!(words.snapshot(), [1, 2]);
    }

    #[test]
    fn an_attempt_logs_what_the_last_one_has_read() {
        let words = world(&[0; 40]);
        let mut tx = Handle::new(&words).unwrap();
        for _ in 0..2 {
            tx.begin();
            (0..40).chain(0..40).for_each(|index| assert_eq!(tx.read(index), Ok(0)));
            assert!((40..80).contains(&tx.reads_len()), "logged {}", tx.reads_len());
            tx.commit().unwrap();
        }
    }

    #[test]
    fn own_writes_never_move_the_clock() {
        let words = world(&[0]);
        let mut tx = Handle::new(&words).unwrap();
        for _ in 0..640 {
            tx.atomically(|tx| {
                let value = tx.read(0)?;
                tx.write(0, value + 1)
            });
        }
        assert_eq!(words.snapshot(), [640]);
        assert_eq!(tx.stats().clock_raises, 0);
        assert_eq!(tx.stats().aborts_total(), 0);
    }

    #[test]
    fn rollback_to_a_savepoint_covers_objects_born_before_it() {
        let words = world(&[0, 0, 0]);
        let mut tx = Handle::new(&words).unwrap();
        tx.begin();
        tx.create(2, 7);
        tx.write(0, 1).unwrap();
        let savepoint = tx.savepoint();
        tx.write(2, 8).unwrap();
        tx.write(0, 2).unwrap();
        tx.write(1, 2).unwrap();
        tx.rollback_to(savepoint);
        tx.commit().unwrap();
        assert_eq!(words.snapshot(), [1, 0, 7]);
    }

    #[test]
    fn actions_run_once_and_in_order() {
        let seen = Rc::new(RefCell::new(Vec::new()));
        let note = |text: &'static str| {
            let seen = seen.clone();
            move || seen.borrow_mut().push(text)
        };
        let words = world(&[0]);
        let mut tx = Handle::new(&words).unwrap();
        tx.begin();
        tx.on_commit(note("never"));
        tx.on_abort(note("aborted"));
        tx.abort(Abort::User);
        tx.begin();
        tx.on_commit(note("one"));
        let savepoint = tx.savepoint();
        tx.on_commit(note("dropped"));
        tx.on_abort(note("branch"));
        tx.rollback_to(savepoint);
        tx.on_commit(note("two"));
        tx.commit().unwrap();
        assert_eq!(*seen.borrow(), ["aborted", "branch", "one", "two"]);
    }

    #[test]
    fn an_irrevocable_reader_keeps_writers_off_and_lets_others_pass() {
        let words = world(&[0, 0, 0]);
        let (mut a, mut b) = (Handle::new(&words).unwrap(), Handle::new(&words).unwrap());
        a.begin_irrevocable();
        assert_eq!(a.read(0), Ok(0));
        assert_eq!(b.attempt(|tx| tx.write(0, 1)), Err(Abort::IrrevocableRead));
        assert_eq!(b.attempt(|tx| tx.read(0)), Ok(0));
        assert_eq!(b.attempt(|tx| tx.write(1, 5)), Ok(()));
        assert_eq!(b.attempt(|tx| tx.become_irrevocable()), Err(Abort::NeedToken));
        a.write(2, 1).unwrap();
        a.commit().unwrap();
        assert_eq!(b.attempt(|tx| tx.write(0, 1)), Ok(()));
        assert!(b.stats().tokens == 1, "the request for the token is kept");
        assert_eq!(words.snapshot(), [1, 5, 1]);
    }

    #[test]
    fn the_older_one_wins_after_its_first_abort() {
        let words = world(&[0]);
        let mut b = Handle::new(&words).unwrap();
        b.begin();
        b.write(0, 1).unwrap();
        let rival = thread::spawn({
            let words = words.clone();
            move || {
                let mut a = Handle::new(&words).unwrap();
                assert_eq!(a.attempt(|tx| tx.write(0, 2)), Err(Abort::Owned));
                a.attempt(|tx| tx.write(0, 2)).map(|()| a.stats().kills)
            }
        });
        while !b.is_doomed() {
            thread::yield_now();
        }
        b.abort(Abort::Killed);
        let rival = rival.join().unwrap();
        assert_eq!(rival, Ok(1));
        assert_eq!(words.snapshot(), [2]);
    }

    #[test]
    fn of_two_that_wait_for_each_other_one_ends_and_both_commit() {
        let words = world(&[0, 0]);
        let arrived = AtomicU64::new(0);
        thread::scope(|scope| {
            for (first, second) in [(0, 1), (1, 0)] {
                let (words, arrived) = (&words, &arrived);
                scope.spawn(move || {
                    let mut tx = Handle::new(words).unwrap();
                    let mut met = false;
                    tx.atomically(|tx| {
                        let seen = tx.read(first)?;
                        tx.write(first, seen + 1)?;
                        if !std::mem::replace(&mut met, true) {
                            arrived.fetch_add(1, Ordering::Relaxed);
                            while arrived.load(Ordering::Relaxed) < 2 {
                                thread::yield_now();
                            }
                        }
                        let seen = tx.read(second)?;
                        tx.write(second, seen + 1)
                    });
                    assert_eq!(tx.stats().tokens, 0);
                });
            }
        });
        assert_eq!(words.snapshot(), [2, 2]);
    }

    #[test]
    fn retry_sleeps_until_a_change() {
        let words = world(&[0, 0]);
        let mut tx = Handle::new(&words).unwrap();
        let waker = thread::spawn({
            let words = words.clone();
            move || {
                let mut tx = Handle::new(&words).unwrap();
                thread::sleep(std::time::Duration::from_millis(20));
                tx.atomically(|tx| tx.write(0, 1));
            }
        });
        let mut sleeps = 0;
        loop {
            tx.begin();
            tx.write(1, 9).unwrap();
            if tx.read(0).unwrap() == 1 {
                tx.commit().unwrap();
                break;
            }
            assert_eq!(tx.wait_for_change(None), Wake::Changed);
            sleeps += 1;
        }
        assert_eq!(sleeps, 1);
        waker.join().unwrap();
    }

    #[test]
    fn waits_end_by_interrupt_timeout_and_for_lack_of_reads() {
        let words = world(&[0]);
        let mut tx = Handle::new(&words).unwrap();
        tx.begin();
        assert_eq!(tx.wait_for_change(None), Wake::NothingRead);
        tx.begin();
        tx.read(0).unwrap();
        let limit = std::time::Duration::from_millis(1);
        assert_eq!(tx.wait_for_change(Some(limit)), Wake::TimedOut);
        tx.interrupter().interrupt();
        tx.begin();
        tx.read(0).unwrap();
        assert_eq!(tx.wait_for_change(None), Wake::Interrupted);
    }

    fn bank(config: Config, threads: u64, rounds: u64) {
        let rounds = if cfg!(miri) { rounds / 500 } else { rounds };
        const ACCOUNTS: u64 = 8;
        const START: u64 = 1 << 32;
        let words = Words::new(&Domain::new(config), &[START; ACCOUNTS as usize]);
        thread::scope(|scope| {
            for seed in 0..threads {
                let words = words.clone();
                scope.spawn(move || {
                    let mut tx = Handle::new(&words).unwrap();
                    let mut random = seed + 1;
                    for round in 0..rounds {
                        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(seed);
                        let from = (random >> 33) % ACCOUNTS;
                        let to = (random >> 43) % ACCOUNTS;
                        if round % 16 == 0 {
                            let sum: u64 = tx.atomically(|tx| {
                                if round % 64 == 0 {
                                    tx.become_irrevocable()?;
                                }
                                (0..ACCOUNTS as usize).map(|index| tx.read(index)).sum()
                            });
                            assert_eq!(sum, START * ACCOUNTS);
                        }
                        tx.atomically(|tx| {
                            let left = tx.read(from as usize)?;
                            tx.write(from as usize, left - 1)?;
                            let right = tx.read_in_bracket(to as usize)?;
                            tx.write(to as usize, right + 1)
                        });
                    }
                });
            }
        });
        let sum = words.snapshot().iter().sum::<u64>();
        assert_eq!(sum, START * ACCOUNTS);
    }

    #[test]
    fn threads_keep_the_sum_with_the_lazy_clock() {
        bank(Config::default(), 4, 20_000);
    }

    #[test]
    fn threads_keep_the_sum_with_the_ticking_clock() {
        bank(Config { clock: ClockKind::Tick, ..Config::default() }, 4, 20_000);
    }

    #[test]
    fn threads_keep_the_sum_when_everything_escalates() {
        bank(
            Config { token_after: 1, validate_max: 0, raise_after: 1, ..Config::default() },
            4,
            5_000,
        );
    }
}
