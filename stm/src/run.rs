//! Running closures as transactions over [`TVar`]s: `atomically` and its kin.
//!
//! A [`Runner`] is one thread's handle; the free functions keep one per thread for the default
//! domain. A body gets a [`Tx`] and reads and writes through it; it may run several times, so it
//! must have no other effect (use [`Tx::on_commit`]).
//!
//! - Holds: while a `Tx` exists, an attempt is running; when its body returns or panics, the attempt
//!   has ended before the caller sees anything.
//! - Holds: variables named in an attempt outlive it (`'s`), as does what [`Tx::keep`] was given.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    fmt,
    marker::PhantomData,
};

use crossbeam_epoch as epoch;

use crate::{
    Abort, Config, Domain, Savepoint, Stats, Txn,
    stop::{Canceled, Stop, TryStop},
    sync::{Arc, OnceLock},
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
        self.drop_replaced(0, committed);
        if !self.kept.is_empty() {
            self.kept.clear();
        }
        self.failed = None;
    }

    fn abort(&mut self, cause: Abort) {
        if self.txn.is_active() {
            self.txn.abort(cause);
        }
        self.ended(false);
    }

    #[inline]
    fn commit(&mut self) -> Result<(), Abort> {
        if let Some(cause) = self.failed {
            self.abort(cause);
            return Err(cause);
        }
        let result = self.txn.commit();
        self.ended(result.is_ok());
        result
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

    /// Changes a copy of the value and writes it back; gives what `change` gives.
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn modify<T: Clone + Send + 'static, R>(
        &mut self,
        var: &'s TVar<T>,
        change: impl FnOnce(&mut T) -> R,
    ) -> Result<R, Stop> {
        let mut value = self.read(var)?;
        let result = change(&mut value);
        self.write(var, value)?;
        Ok(result)
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

    /// Runs `body` as a part of this transaction that is undone as a whole when it fails.
    ///
    /// # Errors
    /// Those of `body`.
    pub fn nested<R, E>(&mut self, body: impl FnOnce(&mut Self) -> Result<R, E>) -> Result<R, E> {
        let mark = self.core.replaced.len();
        let savepoint: Savepoint = self.core.txn.savepoint();
        let result = body(self);
        if result.is_ok() {
            self.core.txn.release(savepoint);
        } else {
            self.core.txn.rollback_to(savepoint);
            self.core.drop_replaced(mark, false);
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

    /// Runs `action` once the transaction has committed.
    pub fn on_commit(&mut self, action: impl FnOnce() + 'static) {
        self.core.txn.on_commit(action);
    }

    /// Runs `action` when this attempt aborts.
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
}

/// A running attempt that cannot abort: no operation fails.
#[derive(Debug)]
pub struct IrrevocableTx<'s, 'env: 's>(Tx<'s, 'env>);

impl<'s> IrrevocableTx<'s, '_> {
    /// A copy of the value.
    pub fn read<T: Clone + 'static>(&mut self, var: &'s TVar<T>) -> T {
        unfailing(self.0.read(var))
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
    /// The only running domain, or 0: the common case, without the list.
    static CURRENT: Cell<usize> = const { Cell::new(0) };
}

/// The presence of a transaction on this thread; aborts the attempt if its body panics.
struct Running<'r> {
    core: &'r mut Core,
    outer: usize,
}

impl<'r> Running<'r> {
    #[inline]
    fn enter(core: &'r mut Core) -> Running<'r> {
        let domain = std::ptr::from_ref::<Domain>(core.txn.domain()).addr();
        let outer = CURRENT.replace(domain);
        if outer != 0 {
            Self::check_nesting(domain, outer);
        }
        Running { core, outer }
    }

    #[cold]
    fn check_nesting(domain: usize, outer: usize) {
        let nested = RUNNING.with_borrow_mut(|running| {
            running.push(outer);
            running.contains(&domain)
        });
        if nested {
            RUNNING.with_borrow_mut(Vec::pop);
            CURRENT.set(outer);
            panic!(
                "a transaction was started inside another one of the same domain; \
                 pass the outer `tx` down and use `tx.nested`"
            );
        }
    }
}

impl Drop for Running<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.core.txn.is_active() {
            self.core.abort(Abort::User);
        }
        CURRENT.set(self.outer);
        if self.outer != 0 {
            RUNNING.with_borrow_mut(Vec::pop);
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
    /// As `body` does, after its writes have been undone. If `body` waits without having read
    /// anything. If a transaction of the same domain is running on this thread.
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
            self.after(stop, attempts);
        }
    }

    /// As [`Runner::atomically`], and `body` may leave for good with an error of its own, which
    /// undoes what it wrote.
    ///
    /// # Errors
    /// What `body` gave to [`cancel`](crate::cancel).
    pub fn try_atomically<'env, R, E>(
        &mut self,
        mut body: impl for<'s> FnMut(&mut Tx<'s, 'env>) -> Result<R, TryStop<E>>,
    ) -> Result<R, E> {
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
                (Err(_), Some(error)) => return Err(error),
                (Err(stop), None) => {
                    attempts += 1;
                    self.after(stop, attempts);
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
            self.after(stop, attempts);
        }
    }

    /// Runs `body` exactly once, as a transaction that cannot abort. Others go on and commit what
    /// is disjoint; one irrevocable transaction runs at a time in a domain.
    pub fn irrevocably<'env, R>(
        &mut self,
        body: impl for<'s> FnOnce(&mut IrrevocableTx<'s, 'env>) -> R,
    ) -> R {
        let running = Running::enter(&mut self.core);
        running.core.txn.begin_irrevocable();
        let tx = Tx { core: &mut *running.core, scope: PhantomData, env: PhantomData };
        let result = body(&mut IrrevocableTx(tx));
        if let Err(cause) = running.core.commit() {
            unreachable!("an irrevocable commit failed: {cause}");
        }
        result
    }

    #[inline]
    fn attempt<'env, R>(
        &mut self,
        body: impl for<'s> FnOnce(&mut Tx<'s, 'env>) -> Result<R, Stop>,
    ) -> Result<R, Stop> {
        let running = Running::enter(&mut self.core);
        running.core.txn.begin();
        let result =
            body(&mut Tx { core: &mut *running.core, scope: PhantomData, env: PhantomData });
        finish(running.core, result)
    }

    #[inline]
    fn attempt_read<'env, R>(
        &mut self,
        body: &mut impl for<'s> FnMut(&mut ReadTx<'s, 'env>) -> Result<R, Stop>,
    ) -> Result<R, Stop> {
        let running = Running::enter(&mut self.core);
        running.core.txn.begin();
        let tx = Tx { core: &mut *running.core, scope: PhantomData, env: PhantomData };
        let result = body(&mut ReadTx(tx));
        finish(running.core, result)
    }

    /// Does what a stopped attempt asks for before the next one.
    #[cold]
    fn after(&mut self, stop: Stop, attempts: u32) {
        if let (Some(cause), Some(tell)) = (stop.cause(), &mut self.on_conflict) {
            tell(Conflict { cause, attempts });
        }
    }
}

/// Ends the attempt as its body's result asks for.
#[inline]
fn finish<R>(core: &mut Core, result: Result<R, Stop>) -> Result<R, Stop> {
    match result {
        Ok(result) => core.commit().map(|()| result).map_err(Stop::conflict),
        Err(stop) => {
            give_up(core, &stop);
            Err(stop)
        }
    }
}

#[cold]
#[inline(never)]
fn give_up(core: &mut Core, stop: &Stop) {
    match (stop.cause(), core.failed) {
        (Some(cause), _) | (None, Some(cause)) => core.abort(cause),
        (None, None) => {
            let wake = core.txn.wait_for_change(None);
            core.ended(false);
            assert!(
                wake != Wake::NothingRead,
                "a transaction waits (retry) but has read nothing, so it would wait for ever"
            );
        }
    }
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Runner").field(&self.core.txn).finish()
    }
}

/// The domain of the free functions. The one piece of process-wide state in this crate: programs
/// that want none pass their own [`Domain`] to [`Runner::new`].
pub fn default_domain() -> &'static Arc<Domain> {
    static DEFAULT: OnceLock<Arc<Domain>> = OnceLock::new();
    DEFAULT.get_or_init(|| Domain::new(Config::default()))
}

thread_local! {
    static RUNNER: RefCell<Option<Runner>> = const { RefCell::new(None) };
}

/// Runs `use_it` with this thread's handle in the default domain.
#[inline]
fn with_runner<R>(use_it: impl FnOnce(&mut Runner) -> R) -> R {
    RUNNER.with(|runner| {
        let Ok(mut runner) = runner.try_borrow_mut() else {
            panic!(
                "a transaction was started inside another one of the same domain; \
                 pass the outer `tx` down and use `tx.nested`"
            )
        };
        use_it(runner.get_or_insert_with(make_runner))
    })
}

#[cold]
fn make_runner() -> Runner {
    match Runner::new(default_domain()) {
        Ok(runner) => runner,
        Err(error) => panic!("{error}"),
    }
}

/// Runs `body` as a transaction in the default domain; see [`Runner::atomically`].
///
/// ```
/// use taipan_stm::{TVar, atomically};
///
/// let (from, to) = (TVar::new(100_u64), TVar::new(0_u64));
/// atomically(|tx| {
///     let balance = tx.read(&from)?;
///     tx.write(&from, balance - 30)?;
///     tx.modify(&to, |balance| *balance += 30)
/// });
/// assert_eq!((from.into_inner(), to.into_inner()), (70, 30));
/// ```
#[inline]
pub fn atomically<'env, R>(body: impl for<'s> FnMut(&mut Tx<'s, 'env>) -> Result<R, Stop>) -> R {
    with_runner(|runner| runner.atomically(body))
}

/// As [`Runner::try_atomically`], in the default domain.
///
/// ```
/// use taipan_stm::{TVar, cancel, try_atomically};
///
/// let balance = TVar::new(10_u64);
/// let result = try_atomically(|tx| {
///     let left = tx.read(&balance)?;
///     tx.write(&balance, 0)?;
///     if left < 30 { cancel("not enough")? }
///     Ok(())
/// });
/// assert_eq!(result, Err("not enough"));
/// assert_eq!(balance.into_inner(), 10);
/// ```
///
/// # Errors
/// As there.
pub fn try_atomically<'env, R, E>(
    body: impl for<'s> FnMut(&mut Tx<'s, 'env>) -> Result<R, TryStop<E>>,
) -> Result<R, E> {
    with_runner(|runner| runner.try_atomically(body))
}

/// As [`Runner::read_only`], in the default domain.
#[inline]
pub fn read_only<'env, R>(body: impl for<'s> FnMut(&mut ReadTx<'s, 'env>) -> Result<R, Stop>) -> R {
    with_runner(|runner| runner.read_only(body))
}

/// As [`Runner::irrevocably`], in the default domain.
///
/// ```
/// use taipan_stm::{TVar, irrevocably};
///
/// let jobs = TVar::new(3_u32);
/// irrevocably(|tx| {
///     println!("{} jobs", tx.read(&jobs)); // Printed exactly once.
///     tx.write(&jobs, 0);
/// });
/// ```
pub fn irrevocably<'env, R>(body: impl for<'s> FnOnce(&mut IrrevocableTx<'s, 'env>) -> R) -> R {
    with_runner(|runner| runner.irrevocably(body))
}

/// The counters of this thread's handle in the default domain.
pub fn thread_stats() -> Stats {
    with_runner(|runner| *runner.stats())
}
