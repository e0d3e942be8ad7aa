//! Running closures as transactions over [`TVar`](crate::TVar)s: `atomically` and its kin.
//!
//! A [`Runner`] is one thread's handle (`default.rs` keeps one per thread for the free functions). A
//! body gets a [`Tx`] and reads and writes through it; it may run several times, so it
//! must have no other effect (use [`Tx::on_commit`]).
//!
//! - Holds: while a `Tx` exists, an attempt is running; when its body returns or panics, the attempt
//!   has ended before the caller sees anything.
//! - Holds: variables named in an attempt outlive it (`'s`), as does what [`Tx::keep`] was given.
//! - Holds: actions run when the attempt has ended and its boxes are booked, so one that panics leaves
//!   nothing half done.

mod running;
mod tx;

use std::{any::Any, fmt};

use crossbeam_epoch as epoch;

use crate::{
    Abort, BadUse, Domain, Stats, Txn,
    stop::{Canceled, Failed, Stop, TryStop},
    sync::{Arc, mutant},
    tvar::Replaced,
    wait::Wake,
};

use running::{CAN_BLOCK, Running};
pub use running::{blocking, in_transaction};
pub use tx::{IrrevocableTx, ReadTx, Tx};

/// What an attempt of the typed library consists of.
struct Core {
    txn: Txn,
    replaced: Vec<Replaced>,
    kept: Vec<Arc<dyn Any + Send + Sync>>,
    /// The first failure of a barrier: a body that swallows it must not commit.
    failed: Option<Abort>,
}

impl Core {
    #[cold]
    fn fail(&mut self, cause: Abort) -> Stop {
        self.txn.keep_books();
        self.failed.get_or_insert(cause);
        Stop::conflict(cause)
    }

    fn drop_replaced(&mut self, from: usize, committed: bool) {
        if self.replaced.len() > from {
            let guard = epoch::pin();
            for replaced in self.replaced.drain(from..) {
                if committed { replaced.committed(&guard) } else { replaced.undone(&guard) }
            }
        }
    }

    /// Books the end of an attempt whose `Txn` has ended.
    fn ended(&mut self, committed: bool) {
        self.drop_replaced(0, committed);
        self.kept.clear();
        self.failed = None;
    }

    /// Ends the attempt; its actions are still to run.
    fn abort(&mut self, cause: Abort) {
        if self.txn.is_active() {
            self.txn.abort_quietly(cause);
        }
        self.ended(false);
    }

    /// Ends an attempt that may have flags; its actions are still to run.
    #[inline(never)]
    fn commit(&mut self) -> Result<(), Abort> {
        if let Some(cause) = self.failed
            && !mutant("swallowed_failure_commits")
        {
            self.abort(cause);
            return Err(cause);
        }
        let result = self.txn.commit_quietly();
        self.ended(result.is_ok());
        result
    }

    /// Rolls the attempt back for a wait. What it knows stays alive until [`Core::sleep`].
    fn give_up_for_change(&mut self) {
        self.txn.give_up_for_change();
        self.drop_replaced(0, false);
    }

    /// Waits for a change of what the last attempt has read.
    fn sleep(&mut self) -> Stop {
        let wake = self.txn.sleep_for_change(None);
        self.ended(false);
        if wake == Wake::NothingRead { Stop::hopeless() } else { Stop::retry() }
    }
}

/// What the conflict callback is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Why the attempt ended.
    pub cause: Abort,
    /// How many attempts of this transaction have ended so.
    pub attempts: u32,
}

type OnConflict = Box<dyn FnMut(Conflict)>;

/// One thread's handle for running transactions in a domain.
pub struct Runner {
    core: Core,
    on_conflict: Option<OnConflict>,
}

impl Runner {
    /// A handle for the calling thread.
    ///
    /// # Errors
    /// [`TooManyThreads`](crate::TooManyThreads) when the domain has no slot left.
    pub fn new(domain: &Arc<Domain>) -> Result<Runner, crate::TooManyThreads> {
        let txn = Txn::new(domain)?;
        let core = Core { txn, replaced: Vec::new(), kept: Vec::new(), failed: None };
        Ok(Runner { core, on_conflict: None })
    }

    /// Calls `tell` after each attempt that lost a conflict.
    pub fn set_on_conflict(&mut self, tell: impl FnMut(Conflict) + 'static) {
        self.on_conflict = Some(Box::new(tell));
    }

    /// The counters of this handle.
    pub fn stats(&self) -> &Stats {
        self.core.txn.stats()
    }

    /// Runs `body` as a transaction, again and again until an attempt commits.
    ///
    /// # Panics
    /// As `body` does, after its writes have been undone. With the text of a [`BadUse`]. If a
    /// transaction of the same domain is running on this thread.
    #[inline]
    pub fn atomically<'env, R>(
        &mut self,
        mut body: impl for<'s> FnMut(&mut Tx<'s, 'env>) -> Result<R, Stop>,
    ) -> R {
        let mut attempts = 0;
        loop {
            match self.attempt(|tx| body(tx)) {
                Ok(result) => return result,
                Err(stop) => attempts = self.go_on_after(stop, attempts),
            }
        }
    }

    /// As [`Runner::atomically`], and `body` may leave for good with an error of its own, which
    /// undoes what it wrote.
    ///
    /// # Errors
    /// [`Failed::Canceled`] with what `body` gave to [`cancel`](crate::cancel); [`Failed::BadUse`]
    /// where [`Runner::atomically`] would panic with its text.
    pub fn try_atomically<'env, R, E>(
        &mut self,
        mut body: impl for<'s> FnMut(&mut Tx<'s, 'env>) -> Result<R, TryStop<E>>,
    ) -> Result<R, Failed<E>> {
        let mut attempts = 0;
        loop {
            let mut canceled = None;
            let result = self.attempt(|tx| {
                body(tx).map_err(|stop| match stop {
                    TryStop::Stop(stop) => stop,
                    TryStop::Canceled(Canceled(error)) => {
                        canceled = Some(error);
                        Stop::conflict(Abort::User)
                    }
                })
            });
            match (result, canceled) {
                (Ok(result), _) => return Ok(result),
                (Err(_), Some(error)) => return Err(Failed::Canceled(error)),
                (Err(stop), None) => {
                    attempts += 1;
                    self.after(stop, attempts)?;
                }
            }
        }
    }

    /// Runs a body that only reads; it never makes anyone else wait or abort.
    #[inline]
    pub fn read_only<'env, R>(
        &mut self,
        mut body: impl for<'s> FnMut(&mut ReadTx<'s, 'env>) -> Result<R, Stop>,
    ) -> R {
        self.atomically(|tx| body(&mut ReadTx::new(tx)))
    }

    /// Runs `body` exactly once, as a transaction that cannot abort. Others go on and commit what
    /// is disjoint; one irrevocable transaction runs at a time in a domain.
    pub fn irrevocably<'env, R>(
        &mut self,
        body: impl for<'s> FnOnce(&mut IrrevocableTx<'s, 'env>) -> R,
    ) -> R {
        let running = Running::enter(&mut self.core, CAN_BLOCK);
        running.core.txn.begin_irrevocable();
        let result = body(&mut IrrevocableTx::new(running.core));
        if let Err(cause) = running.core.commit() {
            unreachable!("an irrevocable commit failed: {cause}");
        }
        running.leave();
        self.core.txn.run_actions(true);
        result
    }

    #[inline(always)]
    fn attempt<'env, R>(
        &mut self,
        body: impl for<'s> FnOnce(&mut Tx<'s, 'env>) -> Result<R, Stop>,
    ) -> Result<R, Stop> {
        let running = Running::enter(&mut self.core, 0);
        running.core.txn.begin();
        let result = body(&mut Tx::new(running.core));
        match result {
            Ok(result) => {
                if !running.core.txn.is_plain() {
                    let committed = running.core.commit();
                    running.leave();
                    return self.ended_specially(committed).map(|()| result);
                }
                if let Err(cause) = running.core.txn.commit_plainly() {
                    running.leave();
                    return Err(self.ended(Stop::conflict(cause)));
                }
                running.leave();
                Ok(result)
            }
            Err(stop) => {
                let stop = give_up(running.core, stop);
                running.leave();
                Err(self.ended(stop))
            }
        }
    }

    /// What comes after the end of an attempt with flags.
    #[inline(never)]
    fn ended_specially(&mut self, committed: Result<(), Abort>) -> Result<(), Stop> {
        committed.map_err(|cause| self.ended(Stop::conflict(cause)))?;
        self.core.txn.run_actions(true);
        Ok(())
    }

    /// What comes after the end of an attempt that did not commit: its actions, and the wait that it asked for.
    #[cold]
    #[inline(never)]
    fn ended(&mut self, stop: Stop) -> Stop {
        self.core.txn.run_actions(false);
        if stop.is_retry() { self.core.sleep() } else { stop }
    }

    /// Tells of a lost attempt, or panics if another one is pointless; gives how many there were.
    #[cold]
    #[inline(never)]
    fn go_on_after(&mut self, stop: Stop, attempts: u32) -> u32 {
        self.after(stop, attempts + 1).unwrap_or_else(|what| panic!("{what}"));
        attempts + 1
    }

    /// Tells of a lost attempt. An error if another one is pointless.
    #[cold]
    fn after(&mut self, stop: Stop, attempts: u32) -> Result<(), BadUse> {
        if let (Some(cause), Some(tell)) = (stop.cause(), &mut self.on_conflict) {
            tell(Conflict { cause, attempts });
        }
        stop.misuse(self.core.txn.domain().config.log_max).map_or(Ok(()), Err)
    }
}

#[cold]
#[inline(never)]
fn give_up(core: &mut Core, stop: Stop) -> Stop {
    match stop.cause().or(core.failed) {
        Some(cause) => {
            core.abort(cause);
            Stop::conflict(cause)
        }
        None => {
            core.give_up_for_change();
            stop
        }
    }
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Runner").field(&self.core.txn).finish()
    }
}
