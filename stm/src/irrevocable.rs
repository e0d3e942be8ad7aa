//! The token, and what its holder may do: an attempt that cannot abort, and a world to itself.
//!
//! An irrevocable attempt marks each free object it reads (IRR_READ), which keeps everybody else
//! from claiming it, and owns what it writes; it asks owners in its way to end and waits for them.
//! So it runs under two-phase locking and its commit has nothing to validate. All others read what
//! they like and commit whatever it has neither marked nor owned.
//!
//! - Holds: at most one holder per domain; the queue for the token is first come, first served.
//! - Holds: nobody waits in that queue while owning an object or a mark.
//! - Edges: marks are claims (`orec.rs`, EDGE `claim`).

use std::time::Instant;

use crate::{
    cell::OrecPtr,
    domain::Domain,
    error::Abort,
    orec::{FLAGS, IRR_READ},
    safepoint::Thread,
    sync::{Arc, AtomicU64, Condvar, Mutex, Ordering, lock, mutant, order, wait},
    txn::{Flags, Txn},
};

#[derive(Debug)]
struct Queue {
    next: u64,
    serving: u64,
}

/// The one token of a domain, with a fair queue.
#[derive(Debug)]
pub(crate) struct Token {
    queue: Mutex<Queue>,
    moved: Condvar,
    /// The holder's slot, or 0: a hint for rivals.
    holder: AtomicU64,
}

impl Token {
    pub(crate) fn new() -> Token {
        Token {
            queue: Mutex::new(Queue { next: 0, serving: 0 }),
            moved: Condvar::new(),
            holder: AtomicU64::new(0),
        }
    }

    pub(crate) fn holder(&self) -> u64 {
        // Relaxed: a hint.
        self.holder.load(Ordering::Relaxed)
    }

    fn try_acquire(&self, slot: u64) -> bool {
        let mut queue = lock(&self.queue);
        if queue.next != queue.serving && !mutant("token_shared") {
            return false;
        }
        queue.next += 1;
        self.holder.store(slot, Ordering::Relaxed);
        true
    }

    fn acquire(&self, slot: u64, block: impl FnOnce(&mut dyn FnMut())) {
        let ticket = {
            let mut queue = lock(&self.queue);
            queue.next += 1;
            queue.next - 1
        };
        let is_mine = || lock(&self.queue).serving == ticket;
        if !is_mine() {
            block(&mut || {
                let mut queue = lock(&self.queue);
                while queue.serving != ticket && !mutant("token_shared") {
                    queue = wait(&self.moved, queue, None).0;
                }
            });
        }
        self.holder.store(slot, Ordering::Relaxed);
    }

    fn release(&self) {
        let mut queue = lock(&self.queue);
        self.holder.store(0, Ordering::Relaxed);
        queue.serving += 1;
        if !mutant("token_without_notice") {
            self.moved.notify_all();
        }
    }
}

impl Txn {
    /// From here on the running attempt cannot abort for a conflict: its commit succeeds.
    ///
    /// Others go on and commit what this attempt neither reads nor writes.
    ///
    /// # Errors
    /// [`Abort::NeedToken`] if another attempt holds or awaits the token, [`Abort::Stale`] or
    /// [`Abort::Owned`] if something read has changed meanwhile: the attempt must be aborted with
    /// this cause, and the next [`begin`](Txn::begin) starts irrevocable.
    pub fn become_irrevocable(&mut self) -> Result<(), Abort> {
        debug_assert!(self.is_active(), "become_irrevocable without begin");
        if self.is_irrevocable() {
            return Ok(());
        }
        if self.is_doomed() && !mutant("irrevocable_though_killed") {
            return Err(Abort::Killed);
        }
        if !self.domain.token.try_acquire(self.slot) {
            return Err(Abort::NeedToken);
        }
        self.hold_token();
        self.flags.set(Flags::IRREVOCABLE);
        self.close_fast_paths();
        let marked = self.mark_read_set();
        if let Err(cause) = marked {
            // Give up the marks but not the token: the next attempt starts with it.
            if !mutant("failed_entry_keeps_marks") {
                self.unmark();
            }
            self.flags.clear(Flags::IRREVOCABLE);
            return Err(cause);
        }
        Ok(())
    }

    /// Marks everything read so far, unless some of it has changed.
    fn mark_read_set(&mut self) -> Result<(), Abort> {
        let mine = self.owned_word;
        let mut entries = self.reads.entries().iter();
        match entries.find(|entry| !mark(entry.orec, entry.word, mine)).map(|entry| entry.orec) {
            Some(orec) => Err(self.lost_to_change(orec)),
            None => Ok(()),
        }
    }

    /// Marks a free object on its first read by the irrevocable attempt.
    pub(crate) fn mark_read(&mut self, orec: OrecPtr, word: u64) -> bool {
        if mutant("irrevocable_read_unmarked") {
            return true;
        }
        let marked = orec.exchange(word, word | IRR_READ).is_ok();
        if marked {
            self.reads.push(orec, word & !FLAGS);
        }
        marked
    }

    fn unmark(&self) {
        for entry in self.reads.entries() {
            entry.orec.clear_irrevocable_read();
        }
    }

    /// Takes the token before an attempt starts; waits for it if need be.
    pub(crate) fn enter_irrevocable(&mut self) {
        if !self.holds_token() {
            self.domain.token.acquire(self.slot, |wait| self.block(wait));
            self.hold_token();
        }
        self.flags.set(Flags::IRREVOCABLE);
    }

    /// Starts the next attempt irrevocable, waiting for the token if need be.
    ///
    /// # Panics
    /// If an attempt is running.
    pub fn begin_irrevocable(&mut self) {
        assert!(!self.is_active(), "an attempt is already running");
        self.flags.set(Flags::PENDING);
        self.contention.wants_token = true;
        self.begin();
    }

    /// Gives up marks and token at the end of an irrevocable attempt.
    pub(crate) fn end_irrevocable(&mut self) {
        if mutant("token_before_marks") {
            self.drop_token();
        }
        if !mutant("marks_stay") {
            self.unmark();
        }
        self.flags.clear(Flags::IRREVOCABLE);
        self.open_gate();
        self.drop_token();
    }

    pub(crate) fn holds_token(&self) -> bool {
        self.token_since.is_some()
    }

    fn hold_token(&mut self) {
        self.stats.tokens += 1;
        self.token_since = Some(Instant::now());
        self.flags.set(Flags::PENDING);
    }

    pub(crate) fn drop_token(&mut self) {
        if let Some(since) = self.token_since.take() {
            self.stats.irrevocable_ns += since.elapsed().as_nanos() as u64;
            self.domain.token.release();
        }
    }

    /// Waits, with no attempt running, until no thread has the world to itself.
    #[cold]
    #[inline(never)]
    pub(crate) fn wait_at_gate(&mut self) {
        if self.is_irrevocable() || mutant("gate_ignored") {
            return;
        }
        self.slot().leave();
        self.block(&mut || {
            let mut patience = crate::contention::Patience::new();
            // Acquire: what the exclusive section wrote is visible to the attempt.
            while self.domain.gate.load(order("gate_unacquired", Ordering::Acquire)) != 0 {
                patience.pause(|wait| wait());
            }
        });
        self.slot().enter(self.owned_word);
    }

    /// Runs `body` while this thread holds the token, every other registered thread is at a
    /// safepoint, and no attempt of this domain runs. Inside, objects may be accessed raw.
    ///
    /// Attempts that are under way elsewhere are asked to end; threads that run attempts in this
    /// domain must be registered with its [`Safepoints`](crate::Safepoints), poll, and look at
    /// [`Txn::is_doomed`] when they do.
    ///
    /// # Panics
    /// If an attempt of this handle is running.
    pub fn exclusive<R>(&mut self, thread: &Thread, body: impl FnOnce() -> R) -> R {
        assert!(!self.is_active(), "an attempt is already running");
        self.enter_irrevocable();
        let seclusion = self.close_gate();
        let stop = |(): &mut (), look: &mut dyn FnMut(&mut ())| {
            thread.stop_the_world(|| look(&mut ()));
        };
        let result = seclusion.run(&mut (), stop, |()| body());
        self.open_gate();
        self.flags.clear(Flags::IRREVOCABLE);
        self.drop_token();
        self.won();
        result
    }

    /// From here on no other attempt starts, until the running one, which is irrevocable, has ended. Those under way
    /// elsewhere end when the seclusion [runs](Seclusion::run) something.
    ///
    /// # Panics
    /// If the attempt is not irrevocable.
    pub fn seclude(&mut self) -> Seclusion {
        assert!(
            self.is_active() && self.is_irrevocable(),
            "only the holder of the token may keep others out"
        );
        if mutant("seclusion_leaves_gate") {
            return Seclusion { domain: self.domain.clone(), own: self.slot };
        }
        self.close_gate()
    }

    fn close_gate(&mut self) -> Seclusion {
        if !self.gate_closed {
            // Relaxed: the stop of the world orders it.
            self.domain.gate.fetch_add(1, Ordering::Relaxed);
            self.gate_closed = true;
        }
        Seclusion { domain: self.domain.clone(), own: self.slot }
    }

    fn open_gate(&mut self) {
        if std::mem::take(&mut self.gate_closed) {
            // Release: pairs with the Acquire in `wait_at_gate`.
            self.domain.gate.fetch_sub(1, order("gate_unreleased", Ordering::Release));
        }
    }
}

/// No attempt but one's own starts; see [`Txn::seclude`].
#[derive(Debug)]
pub struct Seclusion {
    domain: Arc<Domain>,
    own: u64,
}

impl Seclusion {
    /// Asks all other attempts to end, waits until they have, and runs `body` with the world stopped: from then to the end of
    /// this one there is no other attempt. As for [`Txn::exclusive`], threads must be registered, poll, and look at
    /// [`Txn::is_doomed`].
    ///
    /// - `stop` runs what it is given with the world stopped.
    pub fn run<C, R>(
        &self,
        context: &mut C,
        stop: impl Fn(&mut C, &mut dyn FnMut(&mut C)),
        body: impl FnOnce(&mut C) -> R,
    ) -> R {
        let (mut body, mut result) = (Some(body), None);
        let mut patience = crate::contention::Patience::new();
        loop {
            stop(context, &mut |context| {
                if self.ends_others() || mutant("exclusive_beside_attempts") {
                    result = body.take().map(|body| body(context));
                }
            });
            if let Some(result) = result {
                return result;
            }
            patience.pause(|wait| wait());
        }
    }

    /// With the world stopped: asks all other attempts to end; true if there are none.
    fn ends_others(&self) -> bool {
        let mut alone = true;
        for slot in self.domain.slots_but(self.own) {
            if let Some(word) = slot.running() {
                slot.kill(word);
                alone = false;
            }
        }
        alone
    }
}

/// Marks `orec` if it is free under `word`, or is owned by `mine`.
fn mark(orec: OrecPtr, word: u64, mine: u64) -> bool {
    loop {
        let now = orec.sample();
        if now == mine {
            return true;
        }
        if now & !FLAGS != word && !mutant("mark_without_check") {
            return false;
        }
        if now & IRR_READ != 0 || orec.exchange(now, now | IRR_READ).is_ok() {
            return true;
        }
    }
}
