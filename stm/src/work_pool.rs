//! Work that the threads of one round share while the world is stopped, and when all of it is done.
//!
//! Each member keeps a list of its own and works on that. One whose list is empty takes a chunk from the pool, and waits if
//! there is none; one that has enough sees to it that a chunk lies ready for each other member ([`WorkPool::is_wanted`]), so
//! that they seldom wait. The round is over when all members wait and the pool is empty, since only a member with work can
//! make more.
//!
//! A thread may join at any time, also too late: the round never waits for a thread that has not joined. Nobody spins.
//!
//! - Holds: after [`WorkPool::take`] has returned `None` to one member, all work that was put or made is done.
//! - Edges: none of its own; the mutex orders what one member did before it put a chunk, or began to wait, before what
//!   another does after it has taken the chunk, or has learned that the round is over.
//! - Not here: what the work is; who the members are.

use crate::sync::{AtomicUsize, Condvar, Mutex, Ordering, lock, mutant, wait};

#[derive(Debug)]
struct State<T> {
    chunks: Vec<Vec<T>>,
    members: usize,
    waiting: usize,
    over: bool,
}

/// The pool of one round. Whoever makes it is its first member.
#[derive(Debug)]
pub struct WorkPool<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
    /// How many chunks are missing for each member but one to find one ready.
    wanted: AtomicUsize,
}

impl<T> WorkPool<T> {
    /// An empty pool with one member, which is not waiting.
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "whoever makes it is a member, which should be seen"
    )]
    pub fn new() -> Self {
        let state = State { chunks: Vec::new(), members: 1, waiting: 0, over: false };
        Self { state: Mutex::new(state), changed: Condvar::new(), wanted: AtomicUsize::new(0) }
    }

    /// Enters the round; `false` if it is over. A member goes on to call [`WorkPool::take`] until that returns `None`.
    pub fn join(&self) -> bool {
        let mut state = lock(&self.state);
        if !state.over {
            state.members += 1;
            self.note_wanted(&state);
        }
        !state.over
    }

    /// Whether a chunk would be welcome. May be out of date: a member that misses it goes on by itself for a while.
    pub fn is_wanted(&self) -> bool {
        // Relaxed: a hint; the mutex in `put` and `take` orders what is acted upon.
        self.wanted.load(Ordering::Relaxed) > 0
    }

    /// Gives work to whoever takes it first. Only for members.
    pub fn put(&self, chunk: Vec<T>) {
        let mut state = lock(&self.state);
        state.chunks.push(chunk);
        self.note_wanted(&state);
        self.changed.notify_one();
    }

    /// Work for a member that has none left; `None` when the round is over.
    pub fn take(&self) -> Option<Vec<T>> {
        let mut state = lock(&self.state);
        state.waiting += 1;
        loop {
            if let Some(chunk) = state.chunks.pop() {
                state.waiting -= 1;
                self.note_wanted(&state);
                return Some(chunk);
            }
            if state.waiting == state.members || mutant("over_at_once") {
                state.over = true;
                if !mutant("end_unnoticed") {
                    self.changed.notify_all();
                }
            }
            if state.over {
                return None;
            }
            state = wait(&self.changed, state, None).0;
        }
    }

    fn note_wanted(&self, state: &State<T>) {
        let wanted = (state.members - 1).saturating_sub(state.chunks.len());
        // Relaxed: see `is_wanted`.
        self.wanted.store(wanted, Ordering::Relaxed);
    }
}

#[cfg(all(test, not(any(loom, taipan_shuttle))))]
mod tests {
    use super::WorkPool;
    use crate::sync::{Arc, AtomicUsize, Ordering, thread};

    /// Counts a tree of numbers: `n` stands for itself and two of `n - 1`.
    fn count(pool: &WorkPool<u32>, mut list: Vec<u32>) -> usize {
        let mut done = 0;
        loop {
            while let Some(n) = list.pop() {
                done += 1;
                if n > 0 {
                    list.extend([n - 1, n - 1]);
                }
                if pool.is_wanted() && list.len() > 1 {
                    pool.put(list.drain(..list.len() / 2).collect());
                }
            }
            match pool.take() {
                Some(chunk) => list = chunk,
                None => return done,
            }
        }
    }

    #[test]
    fn all_work_is_done_once() {
        for round in 0..200 {
            let pool = Arc::new(WorkPool::new());
            let total = Arc::new(AtomicUsize::new(0));
            let others: Vec<_> = (0..round % 4)
                .map(|_| {
                    let (pool, total) = (pool.clone(), total.clone());
                    thread::spawn(move || {
                        if pool.join() {
                            total.fetch_add(count(&pool, Vec::new()), Ordering::Relaxed);
                        }
                    })
                })
                .collect();
            total.fetch_add(count(&pool, vec![8]), Ordering::Relaxed);
            others.into_iter().for_each(|other| other.join().expect("no panic"));
            assert_eq!(total.load(Ordering::Relaxed), 511);
        }
    }

    #[test]
    fn who_comes_too_late_stays_out() {
        let pool = WorkPool::<u32>::new();
        pool.put(vec![1]);
        assert_eq!(pool.take(), Some(vec![1]));
        assert_eq!(pool.take(), None);
        assert!(!pool.join());
    }
}
