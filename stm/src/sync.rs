//! The one door to atomics, locks and threads; under `--cfg loom`, loom's checked versions, under
//! `--cfg taipan_shuttle` shuttle's, which run random schedules of programs too large for loom.
//!
//! Also the home of everything that differs between a normal and a checked build: how long a spin
//! is, what a pause is, named mutants. Other files name neither `std::sync` nor `loom`.
//!
//! - Holds: with neither `loom` nor `taipan_mutant` set, `mutant` is the constant `false`.
//! - Not here: the protocol's orderings themselves (they stand at each access).

#[cfg(loom)]
pub use loom::{
    sync::{
        Arc, Condvar, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering, fence},
    },
    thread,
};
#[cfg(all(taipan_shuttle, not(loom)))]
pub(crate) use shuttle::thread_local;
#[cfg(all(taipan_shuttle, not(loom)))]
pub use shuttle::{
    sync::{
        Arc, Condvar, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering, fence},
    },
    thread,
};
#[cfg(not(loom))]
pub(crate) use std::sync::OnceLock;
#[cfg(not(any(loom, taipan_shuttle)))]
pub(crate) use std::thread_local;
#[cfg(not(any(loom, taipan_shuttle)))]
pub use std::{
    sync::{
        Arc, Condvar, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering, fence},
    },
    thread,
};

use std::time::Duration;

/// How often a loser looks at a foreign owner's word before it gives way: about a microsecond.
#[cfg(not(any(loom, taipan_shuttle)))]
pub(crate) const SPIN_MAX: u32 = 40;
/// How often a loser looks at a foreign owner's word before it gives way.
#[cfg(any(loom, taipan_shuttle))]
pub(crate) const SPIN_MAX: u32 = 1;

/// True when the model checker runs this code: bounded waits then yield instead of sleeping.
pub(crate) const MODELED: bool = cfg!(any(loom, taipan_shuttle));

/// One step of a short busy wait.
#[inline]
pub(crate) fn spin() {
    #[cfg(any(loom, taipan_shuttle))]
    thread::yield_now();
    #[cfg(not(any(loom, taipan_shuttle)))]
    std::hint::spin_loop();
}

/// Orders what stands before against what follows in the single total order, for the model checker.
///
/// The protocol's store-then-load pairs (claim, then read the clock; read the clock, then read a
/// header) use `SeqCst` accesses, which the language orders and x86 gives away for nothing. Loom
/// treats `SeqCst` accesses as `AcqRel` and knows only fences, so a checked build puts one here.
#[inline(always)]
pub(crate) fn seq_cst_edge() {
    #[cfg(loom)]
    fence(Ordering::SeqCst);
}

/// A point at which the model checker tries other schedules.
///
/// Loom backtracks from the last access to an atomic only, so a thread that loads a header before it
/// claims it hides the readers before it. A relaxed step on one shared counter makes all protocol
/// steps depend on each other; it synchronizes nothing by itself.
#[inline(always)]
pub(crate) fn model_step() {
    #[cfg(loom)]
    {
        loom::lazy_static! {
            static ref STEPS: AtomicU64 = AtomicU64::new(0);
        }
        STEPS.fetch_add(1, Ordering::Relaxed);
    }
}

/// Waits on `condvar`, at most for `timeout` (a modeled wait has no clock and never times out).
///
/// The second half of the result is true when the time was up.
pub(crate) fn wait<'a, T>(
    condvar: &Condvar,
    guard: MutexGuard<'a, T>,
    timeout: Option<Duration>,
) -> (MutexGuard<'a, T>, bool) {
    #[cfg(not(any(loom, taipan_shuttle)))]
    if let Some(timeout) = timeout {
        let (guard, result) =
            condvar.wait_timeout(guard, timeout).unwrap_or_else(|poison| poison.into_inner());
        return (guard, result.timed_out());
    }
    #[cfg(any(loom, taipan_shuttle))]
    let _ = timeout;
    (condvar.wait(guard).unwrap_or_else(|poison| poison.into_inner()), false)
}

/// Locks `mutex`; a panic in another holder does not spread (all our critical sections are total).
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poison| poison.into_inner())
}

/// Is the protocol to run with the named bug planted? Constant `false` in a normal build.
///
/// A checked build (`--cfg loom`, `--cfg taipan_shuttle`, or `--cfg taipan_mutant="on"` for histories) reads the name from
/// the environment variable `TAIPAN_MUTANT` once, so one build serves every mutant.
#[inline(always)]
pub(crate) fn mutant(name: &str) -> bool {
    #[cfg(any(loom, taipan_shuttle, taipan_mutant = "on"))]
    {
        static NAME: std::sync::OnceLock<String> = std::sync::OnceLock::new();
        NAME.get_or_init(|| std::env::var("TAIPAN_MUTANT").unwrap_or_default()) == name
    }
    #[cfg(not(any(loom, taipan_shuttle, taipan_mutant = "on")))]
    {
        let _ = name;
        false
    }
}

/// `order`, or `Relaxed` when the named mutant is planted.
#[inline(always)]
pub(crate) fn order(name: &str, order: Ordering) -> Ordering {
    if mutant(name) { Ordering::Relaxed } else { order }
}

/// Sleeps; a modeled sleep only yields.
pub(crate) fn sleep(duration: Duration) {
    #[cfg(any(loom, taipan_shuttle))]
    {
        let _ = duration;
        thread::yield_now();
    }
    #[cfg(not(any(loom, taipan_shuttle)))]
    std::thread::sleep(duration);
}
