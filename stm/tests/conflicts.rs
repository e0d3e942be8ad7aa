//! The documented conflict rules of the containers: what runs beside what, and what does not.

use std::{
    hash::{BuildHasher, Hasher},
    sync::Arc,
    thread,
};

use taipan_stm::{Config, Domain, Runner, Stop, TCounter, TMap, TQueue, TSet, TVar, Tx};

/// How many attempts `first` takes if `second` commits between its operations and its commit.
fn attempts<'env>(
    domain: &Arc<Domain>,
    mut first: impl for<'s> FnMut(&mut Tx<'s, 'env>) -> Result<(), Stop>,
    mut second: impl for<'s> FnMut(&mut Tx<'s, 'env>) -> Result<(), Stop> + Send,
) -> u32 {
    let mut runner = Runner::new(domain).unwrap();
    let mut attempts = 0;
    runner.atomically(|tx| {
        attempts += 1;
        first(tx)?;
        if attempts == 1 {
            let mut other = 0;
            thread::scope(|scope| {
                scope.spawn(|| {
                    // Gives up when it meets an owner, so that nobody waits for anybody.
                    let _ = Runner::new(domain).unwrap().try_atomically(|tx| {
                        other += 1;
                        if other > 1 {
                            taipan_stm::cancel(())?
                        }
                        Ok(second(tx)?)
                    });
                });
            });
            attempts += 100 * (other - 1);
        }
        Ok(())
    });
    attempts
}

const FREE: u32 = 1;
/// The second has read or overwritten what the first had read: the first runs again.
const FIRST_AGAIN: u32 = 2;
/// The second met what the first owns: it gives way.
const SECOND_AGAIN: u32 = 101;

/// Sends small keys to the buckets of their own number.
#[derive(Clone, Default)]
struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.0 = self.0 << 8 | u64::from(byte));
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
}

impl BuildHasher for Same {
    type Hasher = Same;

    fn build_hasher(&self) -> Same {
        Same(0)
    }
}

fn map() -> TMap<u64, u64, Same> {
    TMap::with_hasher(Same(0))
}

#[test]
fn map_operations_meet_only_in_a_bucket() {
    let domain = Domain::new(Config::default());
    let m = map();
    let free =
        attempts(&domain, |tx| m.insert(tx, 1, 1).map(drop), |tx| m.insert(tx, 2, 2).map(drop));
    assert_eq!(free, FREE, "insertions of different keys");
    let free =
        attempts(&domain, |tx| m.remove(tx, &1).map(drop), |tx| m.insert(tx, 3, 3).map(drop));
    assert_eq!(free, FREE, "removal and insertion of different keys");
    let free = attempts(&domain, |tx| m.get(tx, &3).map(drop), |tx| m.get(tx, &3).map(drop));
    assert_eq!(free, FREE, "readers");
    let free = attempts(&domain, |tx| m.get(tx, &9).map(drop), |tx| m.insert(tx, 8, 8).map(drop));
    assert_eq!(free, FREE, "a miss and another key");
}

#[test]
fn a_miss_meets_the_insertion_of_its_key_and_len_any_insertion() {
    let domain = Domain::new(Config::default());
    let (m, seen) = (map(), TVar::new(0));
    let again = attempts(
        &domain,
        |tx| {
            let found = m.contains(tx, &5)?;
            tx.write(&seen, u64::from(found))
        },
        |tx| m.insert(tx, 5, 5).map(drop),
    );
    assert_eq!((again, seen.into_inner()), (FIRST_AGAIN, 1));
    let seen = TVar::new(0);
    let again = attempts(
        &domain,
        |tx| {
            let len = m.len(tx)?;
            tx.write(&seen, len as u64)
        },
        |tx| m.insert(tx, 6, 6).map(drop),
    );
    assert_eq!((again, seen.into_inner()), (FIRST_AGAIN, 2));
    let again =
        attempts(&domain, |tx| m.insert(tx, 7, 1).map(drop), |tx| m.insert(tx, 7, 2).map(drop));
    assert_eq!(again, SECOND_AGAIN, "the same key");
}

#[test]
fn a_set_that_does_not_change_only_reads() {
    let domain = Domain::new(Config::default());
    let set = TSet::with_hasher(Same(0));
    assert_eq!(attempts(&domain, |tx| set.insert(tx, 1_u64).map(drop), |_| Ok(())), FREE);
    let both =
        attempts(&domain, |tx| set.insert(tx, 1).map(drop), |tx| set.insert(tx, 1).map(drop));
    assert_eq!(both, FREE, "adding what is there");
}

#[test]
fn the_ends_of_a_queue_meet_only_when_it_is_full_or_empty() {
    let domain = Domain::new(Config::default());
    let queue = TQueue::new(2);
    assert_eq!(attempts(&domain, |tx| queue.push(tx, 1), |_| Ok(())), FREE);
    let free = attempts(&domain, |tx| queue.push(tx, 2), |tx| queue.pop(tx).map(drop));
    assert_eq!(free, FREE, "a push and a pop");
    assert_eq!(
        attempts(&domain, |tx| queue.push(tx, 3), |tx| queue.push(tx, 4)),
        SECOND_AGAIN,
        "two pushes"
    );
    let seen = TVar::new(0);
    // Holds 2 and 3: full.
    let again = attempts(
        &domain,
        |tx| {
            let refused = queue.try_push(tx, 5)?.is_some();
            tx.write(&seen, i32::from(refused))
        },
        |tx| queue.pop(tx).map(drop),
    );
    assert_eq!((again, seen.into_inner()), (FIRST_AGAIN, 0), "a full queue was read");
}

#[test]
fn additions_of_different_threads_commute() {
    let domain = Domain::new(Config::default());
    let counter = TCounter::new(0);
    assert_eq!(attempts(&domain, |tx| counter.add(tx, 1), |tx| counter.add(tx, 2)), FREE);
    let seen = TVar::new(0);
    let again = attempts(
        &domain,
        |tx| {
            let sum = counter.get(tx)?;
            tx.write(&seen, sum)
        },
        |tx| counter.add(tx, 4),
    );
    assert_eq!((again, seen.into_inner()), (FIRST_AGAIN, 7));
}
