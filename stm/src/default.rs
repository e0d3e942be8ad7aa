//! The free functions: transactions in the default domain, with one handle per thread.
//!
//! - Holds: while a transaction runs, its thread's handle is lent out; a second one started meanwhile
//!   gets a handle of its own and is refused by it, or is an action that runs between attempts.

use std::cell::Cell;

use crate::{
    Config, Conflict, Domain, IrrevocableTx, ReadTx, Runner, Stats, Tx,
    stop::{Failed, Stop, TryStop},
    sync::{Arc, OnceLock},
};

/// The domain of the free functions. The one piece of process-wide state in this crate: programs
/// that want none pass their own [`Domain`] to [`Runner::new`].
pub fn default_domain() -> &'static Arc<Domain> {
    static DEFAULT: OnceLock<Arc<Domain>> = OnceLock::new();
    DEFAULT.get_or_init(|| Domain::new(Config::default()))
}

thread_local! {
    static RUNNER: Cell<Option<Box<Runner>>> = const { Cell::new(None) };
}

/// This thread's handle, lent out; given back on drop (also in a panic).
struct Lent(Option<Box<Runner>>);

impl Drop for Lent {
    #[inline]
    fn drop(&mut self) {
        // Fails while the thread ends: then the handle ends here.
        let _ = RUNNER.try_with(|home| home.set(self.0.take()));
    }
}

/// Runs `use_it` with this thread's handle in the default domain.
#[inline]
fn with_runner<R>(use_it: impl FnOnce(&mut Runner) -> R) -> R {
    let mut lent = Lent(RUNNER.take());
    use_it(lent.0.get_or_insert_with(make_runner))
}

#[cold]
fn make_runner() -> Box<Runner> {
    match Runner::new(default_domain()) {
        Ok(runner) => Box::new(runner),
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
/// use taipan_stm::{Failed, TVar, cancel, try_atomically};
///
/// let balance = TVar::new(10_u64);
/// let result = try_atomically(|tx| {
///     let left = tx.read(&balance)?;
///     tx.write(&balance, 0)?;
///     if left < 30 { cancel("not enough")? }
///     Ok(())
/// });
/// assert_eq!(result, Err(Failed::Canceled("not enough")));
/// assert_eq!(balance.into_inner(), 10);
/// ```
///
/// # Errors
/// As there.
pub fn try_atomically<'env, R, E>(
    body: impl for<'s> FnMut(&mut Tx<'s, 'env>) -> Result<R, TryStop<E>>,
) -> Result<R, Failed<E>> {
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

/// Calls `tell` after each attempt of this thread in the default domain that lost a conflict; see
/// [`Runner::set_on_conflict`].
pub fn set_on_conflict(tell: impl FnMut(Conflict) + 'static) {
    with_runner(|runner| runner.set_on_conflict(tell));
}
