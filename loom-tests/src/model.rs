//! What models have in common: worlds, threads, the collection of outcomes.

use std::{collections::BTreeSet, io::Write, sync::Mutex};

use taipan_stm::{
    Config, Domain,
    sync::{Arc, thread},
    words::{Handle, Idle, Words},
};

/// How many preemptions are tried: `plain`, or `deep` in the deep run. `TAIPAN_PREEMPTIONS` overrides
/// both, and `TAIPAN_PREEMPTIONS_MAX` caps them.
fn preemptions(plain: usize, deep: usize) -> usize {
    let number = |name| std::env::var(name).ok().and_then(|n| n.parse::<usize>().ok());
    let bound = if cfg!(feature = "deep") { deep } else { plain };
    let most = number("TAIPAN_PREEMPTIONS_MAX").unwrap_or(usize::MAX);
    number("TAIPAN_PREEMPTIONS").unwrap_or(bound).min(most)
}

/// Runs `model` under every schedule with up to 3 (deep: 4) preemptions; all results, once each.
pub fn outcomes<T: Ord + Clone + Send + 'static>(
    model: impl Fn() -> T + Send + Sync + 'static,
) -> Vec<T> {
    outcomes_bounded(3, 4, model)
}

/// Runs `model` under every schedule with up to `plain` preemptions, `deep` ones in the deep run; all
/// results, once each.
pub fn outcomes_bounded<T: Ord + Clone + Send + 'static>(
    plain: usize,
    deep: usize,
    model: impl Fn() -> T + Send + Sync + 'static,
) -> Vec<T> {
    // Unwinding out of a modeled thread runs modeled code and may hang, and the small stack of one
    // has no room for a backtrace; so a failure is printed and ends the process.
    std::panic::set_hook(Box::new(|info| {
        // Loom's coroutines end each other by panics of this kind.
        if info.location().is_some_and(|place| place.file().contains("generator-")) {
            return;
        }
        // Not `eprintln`, which the test harness would keep to itself.
        let _ = writeln!(std::io::stderr(), "{info}");
        std::process::abort();
    }));
    let reached = std::sync::Arc::new(Mutex::new(BTreeSet::new()));
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions(plain, deep));
    builder.max_branches = 50_000;
    builder.check({
        let reached = reached.clone();
        move || {
            let outcome = model();
            reached.lock().unwrap().insert(outcome);
        }
    });
    let reached = reached.lock().unwrap();
    reached.iter().cloned().collect()
}

/// `n` words, all 0, in a world of their own.
pub fn world(n: usize) -> Arc<Words> {
    world_with(Config::default(), n)
}

/// As [`world`], with another policy. Models have at most three handles.
pub fn world_with(config: Config, n: usize) -> Arc<Words> {
    Words::new(&Domain::new(Config { threads_max: 3, ..config }), &vec![0; n])
}

/// A thread of a model.
pub struct Party<T>(thread::JoinHandle<(T, Idle)>);

impl<T> Party<T> {
    /// What the thread's body returned.
    pub fn join(self) -> T {
        self.0.join().expect("a party panicked").0
    }
}

/// A thread with a handle of its own that runs `body`.
///
/// The handle is made and dropped outside the thread, so that slot booking adds no schedules.
pub fn spawn<T: 'static>(
    words: &Arc<Words>,
    body: impl FnOnce(&mut Handle) -> T + 'static,
) -> Party<T> {
    let idle = Handle::new(words).unwrap().idle();
    Party(thread::spawn(move || {
        let mut tx = idle.into_handle();
        (body(&mut tx), tx.idle())
    }))
}
