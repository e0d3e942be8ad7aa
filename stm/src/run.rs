//! Running closures as transactions over [`TVar`]s: `atomically` and its kin.
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

use std::{
    any::Any,
    cell::{Cell, RefCell},
    fmt,
    marker::PhantomData,
};

use crossbeam_epoch as epoch;

use crate::{
    Abort, BadUse, Domain, Savepoint, Stats, Txn,
    stop::{Canceled, Failed, Stop, TryStop},
    sync::{Arc, mutant, thread_local},
    tvar::{Replaced, TVar},
    wait::Wake,
};

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
    #[inline]
    fn ended(&mut self, committed: bool) {
        if !self.replaced.is_empty() || !self.kept.is_empty() {
            self.let_go(committed);
        }
        self.failed = None;
    }

    #[inline(never)]
    fn let_go(&mut self, committed: bool) {
        self.drop_replaced(0, committed);
        self.kept.clear();
    }

    /// Ends the attempt; its actions are still to run.
    fn abort(&mut self, cause: Abort) {
        if self.txn.is_active() {
            self.txn.abort_quietly(cause);
        }
        self.ended(false);
    }

    /// Ends the attempt; its actions are still to run.
    #[inline]
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

/// A running attempt, as its body sees it.
///
/// `'s` is the attempt's own lifetime: variables must be borrowed for it, which all that live
/// outside of the closure (`'env`) can be.
pub struct Tx<'s, 'env: 's> {
    core: &'s mut Core,
    scope: PhantomData<&'s mut &'s ()>,
    env: PhantomData<&'env mut &'env ()>,
}

impl<'s> Tx<'s, '_> {
    /// A copy of the value.
    ///
    /// # Errors
    /// [`Stop`] when the attempt cannot go on; pass it up with `?`.
    #[inline(always)]
    pub fn read<T: Clone + 'static>(&mut self, var: &'s TVar<T>) -> Result<T, Stop> {
        self.with(var, T::clone)
    }

    /// What `look` makes of the value, without copying it.
    ///
    /// # Errors
    /// As [`Tx::read`].
    #[inline(always)]
    pub fn with<T: 'static, R>(
        &mut self,
        var: &'s TVar<T>,
        look: impl FnOnce(&T) -> R,
    ) -> Result<R, Stop> {
        match var.look(&mut self.core.txn, look) {
            Ok(result) => Ok(result),
            Err(cause) => Err(self.core.fail(cause)),
        }
    }

    /// Sets the value. Seen by others once the transaction has committed.
    ///
    /// # Errors
    /// As [`Tx::read`].
    #[inline(always)]
    pub fn write<T: Send + 'static>(&mut self, var: &'s TVar<T>, value: T) -> Result<(), Stop> {
        match var.store(&mut self.core.txn, &mut self.core.replaced, value) {
            Ok(()) => Ok(()),
            Err(cause) => Err(self.core.fail(cause)),
        }
    }

    /// Changes a copy of the value and writes it back; gives what `change` gives. Cheaper than
    /// [`Tx::read`] and [`Tx::write`]: the variable is owned before it is read.
    ///
    /// # Errors
    /// As [`Tx::read`].
    #[inline]
    pub fn modify<T: Clone + Send + 'static, R>(
        &mut self,
        var: &'s TVar<T>,
        change: impl FnOnce(&mut T) -> R,
    ) -> Result<R, Stop> {
        match var.modify(&mut self.core.txn, &mut self.core.replaced, change) {
            Ok(result) => Ok(result),
            Err(cause) => Err(self.core.fail(cause)),
        }
    }

    /// Gives up until something that was read changes.
    ///
    /// # Errors
    /// Always, so that `return tx.retry()` or `?` leaves the body.
    pub fn retry<R>(&mut self) -> Result<R, Stop> {
        Err(Stop::retry())
    }

    /// Goes on if `condition` holds, else waits for a change as [`Tx::retry`].
    ///
    /// # Errors
    /// As [`Tx::retry`].
    pub fn check(&mut self, condition: bool) -> Result<(), Stop> {
        if condition { Ok(()) } else { self.retry() }
    }

    /// Runs `first`; if it wants to wait, undoes what it wrote and runs `second` instead. If both
    /// want to wait, the whole waits for what either has read.
    ///
    /// # Errors
    /// Those of the last body run.
    pub fn or_else<R>(
        &mut self,
        first: impl FnOnce(&mut Self) -> Result<R, Stop>,
        second: impl FnOnce(&mut Self) -> Result<R, Stop>,
    ) -> Result<R, Stop> {
        match self.nested(first) {
            Err(stop) if stop.is_retry() => second(self),
            result => result,
        }
    }

    /// Runs `body` as a part of this transaction that is undone as a whole when it fails or panics.
    ///
    /// # Errors
    /// Those of `body`.
    pub fn nested<R, E>(&mut self, body: impl FnOnce(&mut Self) -> Result<R, E>) -> Result<R, E> {
        let mark = self.core.replaced.len();
        let savepoint = Some(self.core.txn.savepoint());
        let mut block = Nested { tx: self, savepoint, mark };
        let result = body(block.tx);
        if result.is_ok()
            && let Some(savepoint) = block.savepoint.take()
        {
            block.tx.core.txn.release(savepoint);
        }
        result
    }

    /// Keeps what `shared` points to alive for the attempt, so that variables in it can be used.
    pub fn keep<X: Send + Sync + 'static>(&mut self, shared: &Arc<X>) -> &'s X {
        let target = Arc::as_ptr(shared);
        self.core.kept.push(shared.clone());
        // SAFETY: the clone in `kept` keeps the target alive until the attempt has ended, and no
        // reference of lifetime `'s` leaves the attempt (its body is generic over `'s`).
        unsafe { &*target }
    }

    /// Runs `action` once the transaction has committed. It may start transactions.
    pub fn on_commit(&mut self, action: impl FnOnce() + 'static) {
        self.core.txn.on_commit(action);
    }

    /// Runs `action` when this attempt aborts, or when the nested block that it was added in does (it
    /// must start no transaction of this domain then).
    pub fn on_abort(&mut self, action: impl FnOnce() + 'static) {
        self.core.txn.on_abort(action);
    }

    /// The number of the thread's slot in the domain: at most one thread has it at a time.
    pub fn slot(&self) -> u16 {
        self.core.txn.slot_number()
    }
}

impl fmt::Debug for Tx<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tx").field(&self.core.txn).finish()
    }
}

/// A nested block: rolled back when dropped, unless it was released.
struct Nested<'a, 's, 'env> {
    tx: &'a mut Tx<'s, 'env>,
    savepoint: Option<Savepoint>,
    mark: usize,
}

impl Drop for Nested<'_, '_, '_> {
    fn drop(&mut self) {
        let Some(savepoint) = self.savepoint.take() else { return };
        let actions = self.tx.core.txn.rollback_quietly(savepoint);
        self.tx.core.drop_replaced(self.mark, false);
        actions.into_iter().for_each(|action| action());
    }
}

/// A running attempt that only reads.
#[derive(Debug)]
pub struct ReadTx<'s, 'env: 's>(Tx<'s, 'env>);

impl<'s> ReadTx<'s, '_> {
    /// See [`Tx::read`].
    ///
    /// # Errors
    /// As there.
    #[inline(always)]
    pub fn read<T: Clone + 'static>(&mut self, var: &'s TVar<T>) -> Result<T, Stop> {
        self.0.read(var)
    }

    /// See [`Tx::with`].
    ///
    /// # Errors
    /// As there.
    #[inline(always)]
    pub fn with<T: 'static, R>(
        &mut self,
        var: &'s TVar<T>,
        look: impl FnOnce(&T) -> R,
    ) -> Result<R, Stop> {
        self.0.with(var, look)
    }

    /// See [`Tx::retry`].
    ///
    /// # Errors
    /// Always.
    pub fn retry<R>(&mut self) -> Result<R, Stop> {
        self.0.retry()
    }

    /// See [`Tx::check`].
    ///
    /// # Errors
    /// As there.
    pub fn check(&mut self, condition: bool) -> Result<(), Stop> {
        self.0.check(condition)
    }

    /// See [`Tx::keep`].
    pub fn keep<X: Send + Sync + 'static>(&mut self, shared: &Arc<X>) -> &'s X {
        self.0.keep(shared)
    }
}

/// A running attempt that cannot abort: no operation fails.
#[derive(Debug)]
pub struct IrrevocableTx<'s, 'env: 's>(Tx<'s, 'env>);

impl<'s> IrrevocableTx<'s, '_> {
    /// A copy of the value.
    pub fn read<T: Clone + 'static>(&mut self, var: &'s TVar<T>) -> T {
        unfailing(self.0.read(var))
    }

    /// What `look` makes of the value, without copying it.
    pub fn with<T: 'static, R>(&mut self, var: &'s TVar<T>, look: impl FnOnce(&T) -> R) -> R {
        unfailing(self.0.with(var, look))
    }

    /// See [`Tx::keep`].
    pub fn keep<X: Send + Sync + 'static>(&mut self, shared: &Arc<X>) -> &'s X {
        self.0.keep(shared)
    }

    /// See [`Tx::on_commit`].
    pub fn on_commit(&mut self, action: impl FnOnce() + 'static) {
        self.0.on_commit(action);
    }

    /// Sets the value.
    pub fn write<T: Send + 'static>(&mut self, var: &'s TVar<T>, value: T) {
        unfailing(self.0.write(var, value));
    }

    /// Changes the value.
    pub fn modify<T: Clone + Send + 'static, R>(
        &mut self,
        var: &'s TVar<T>,
        change: impl FnOnce(&mut T) -> R,
    ) -> R {
        unfailing(self.0.modify(var, change))
    }
}

fn unfailing<R>(result: Result<R, Stop>) -> R {
    match result {
        Ok(result) => result,
        Err(stop) => unreachable!("an irrevocable attempt failed: {stop}"),
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

thread_local! {
    /// The domains of the transactions that run on this thread, innermost last.
    static RUNNING: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
    /// The innermost running domain, or 0; [`CAN_BLOCK`] is added if its attempt is irrevocable.
    static CURRENT: Cell<usize> = const { Cell::new(0) };
}

/// The attempt of this thread is irrevocable and may do what it likes.
const CAN_BLOCK: usize = 1;

/// Is a transaction, of whatever domain, running on this thread?
pub fn in_transaction() -> bool {
    CURRENT.with(Cell::get) != 0
}

/// Runs `wait`, which may block: a lock, a channel, a read from a socket. For code that cannot know
/// whether it is called from a transaction.
///
/// # Panics
/// If a transaction is running on this thread, unless it is irrevocable: what it owns would be
/// withheld from others, perhaps from the very one that `wait` waits for.
///
/// ```
/// use taipan_stm::{atomically, blocking};
///
/// let (send, receive) = std::sync::mpsc::channel();
/// send.send(1)?;
/// assert_eq!(blocking(|| receive.recv()), Ok(1));
/// let inside = std::panic::catch_unwind(|| atomically(|_| Ok(blocking(|| ()))));
/// assert!(inside.is_err());
/// # Ok::<(), std::sync::mpsc::SendError<i32>>(())
/// ```
pub fn blocking<R>(wait: impl FnOnce() -> R) -> R {
    let current = CURRENT.with(Cell::get);
    assert!(
        current == 0 || current & CAN_BLOCK != 0,
        "blocking inside a transaction; use `tx.retry` to wait for a variable, `tx.on_commit` to wait \
         for anything else, or an irrevocable transaction"
    );
    wait()
}

/// The presence of a transaction on this thread; aborts the attempt if its body panics.
struct Running<'r> {
    core: &'r mut Core,
    outer: usize,
}

impl<'r> Running<'r> {
    #[inline]
    fn enter(core: &'r mut Core, flags: usize) -> Running<'r> {
        let domain = std::ptr::from_ref::<Domain>(core.txn.domain()).addr();
        let outer = CURRENT.with(|current| current.replace(domain | flags));
        if outer != 0 {
            Self::check_nesting(domain, outer);
        }
        Running { core, outer }
    }

    #[cold]
    fn check_nesting(domain: usize, outer: usize) {
        let nested = RUNNING.with(|running| {
            let mut running = running.borrow_mut();
            running.push(outer & !CAN_BLOCK);
            running.contains(&domain)
        });
        if nested {
            RUNNING.with(|running| running.borrow_mut().pop());
            CURRENT.with(|current| current.set(outer));
            panic!(
                "a transaction was started inside another one of the same domain; \
                 pass the outer `tx` down and use `tx.nested`"
            );
        }
    }

    /// Ends the presence after the attempt has ended.
    #[inline]
    fn leave(self) {
        self.step_out();
        std::mem::forget(self);
    }

    #[inline]
    fn step_out(&self) {
        CURRENT.with(|current| current.set(self.outer));
        if self.outer != 0 {
            RUNNING.with(|running| running.borrow_mut().pop());
        }
    }

    #[cold]
    fn unwound(&mut self) {
        self.core.abort(Abort::User);
        self.core.txn.run_actions(false);
    }
}

impl Drop for Running<'_> {
    #[inline]
    fn drop(&mut self) {
        self.step_out();
        if self.core.txn.is_active() {
            self.unwound();
        }
    }
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
            let stop = match self.attempt(|tx| body(tx)) {
                Ok(result) => return result,
                Err(stop) => stop,
            };
            attempts += 1;
            self.after(stop, attempts).unwrap_or_else(|what| panic!("{what}"));
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
    pub fn read_only<'env, R>(
        &mut self,
        mut body: impl for<'s> FnMut(&mut ReadTx<'s, 'env>) -> Result<R, Stop>,
    ) -> R {
        let mut attempts = 0;
        loop {
            let stop = match self.attempt_read(&mut body) {
                Ok(result) => return result,
                Err(stop) => stop,
            };
            attempts += 1;
            self.after(stop, attempts).unwrap_or_else(|what| panic!("{what}"));
        }
    }

    /// Runs `body` exactly once, as a transaction that cannot abort. Others go on and commit what
    /// is disjoint; one irrevocable transaction runs at a time in a domain.
    pub fn irrevocably<'env, R>(
        &mut self,
        body: impl for<'s> FnOnce(&mut IrrevocableTx<'s, 'env>) -> R,
    ) -> R {
        let running = Running::enter(&mut self.core, CAN_BLOCK);
        running.core.txn.begin_irrevocable();
        let tx = Tx { core: &mut *running.core, scope: PhantomData, env: PhantomData };
        let result = body(&mut IrrevocableTx(tx));
        if let Err(cause) = running.core.commit() {
            unreachable!("an irrevocable commit failed: {cause}");
        }
        running.leave();
        self.core.txn.run_actions(true);
        result
    }

    #[inline]
    fn attempt<'env, R>(
        &mut self,
        body: impl for<'s> FnOnce(&mut Tx<'s, 'env>) -> Result<R, Stop>,
    ) -> Result<R, Stop> {
        let running = Running::enter(&mut self.core, 0);
        running.core.txn.begin();
        let result =
            body(&mut Tx { core: &mut *running.core, scope: PhantomData, env: PhantomData });
        match result {
            Ok(result) => {
                if let Err(cause) = running.core.commit() {
                    running.leave();
                    return Err(self.ended(Stop::conflict(cause)));
                }
                running.leave();
                self.core.txn.run_actions(true);
                Ok(result)
            }
            Err(stop) => {
                let stop = give_up(running.core, stop);
                running.leave();
                Err(self.ended(stop))
            }
        }
    }

    #[inline]
    fn attempt_read<'env, R>(
        &mut self,
        body: &mut impl for<'s> FnMut(&mut ReadTx<'s, 'env>) -> Result<R, Stop>,
    ) -> Result<R, Stop> {
        self.attempt(|tx| {
            let tx = Tx { core: &mut *tx.core, scope: PhantomData, env: PhantomData };
            body(&mut ReadTx(tx))
        })
    }

    /// What comes after the end of an attempt that did not commit: its actions, and the wait that it asked for.
    #[cold]
    #[inline(never)]
    fn ended(&mut self, stop: Stop) -> Stop {
        self.core.txn.run_actions(false);
        if stop.is_retry() { self.core.sleep() } else { stop }
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
