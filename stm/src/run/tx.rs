//! What a body works with: a running attempt that reads and writes, only reads, or cannot fail.

use std::{fmt, marker::PhantomData};

use crate::{Savepoint, run::Core, stop::Stop, sync::Arc, tvar::TVar};

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
    #[inline(always)]
    pub(super) fn new(core: &'s mut Core) -> Self {
        Tx { core, scope: PhantomData, env: PhantomData }
    }

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
        self.core.txn.keep_books();
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
    /// What only reads by means of `tx`.
    #[inline(always)]
    pub(super) fn new(tx: &'s mut Tx<'_, '_>) -> Self {
        ReadTx(Tx::new(tx.core))
    }

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
    pub(super) fn new(core: &'s mut Core) -> Self {
        IrrevocableTx(Tx::new(core))
    }

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
