//! Claim: the transactional containers are linearizable under real threads, whatever the policy.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    hash::{BuildHasher, RandomState},
    sync::{
        Barrier,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use taipan_proptests::linear::{Call, Calls, SequentialSpec};
use taipan_stm::{Config, Domain, Runner, Stop, TMap, TQueue, TSet, Tx};

const THREADS: usize = 3;
const OPS: usize = 5;

/// A small random number generator.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// Runs histories of `make`'s object against `spec` and checks each.
fn check<S, O>(
    config: Config,
    rounds: u64,
    spec: &S,
    make: impl Fn() -> O,
    choose: impl Fn(&mut Random) -> S::Op + Sync,
    run: impl for<'s> Fn(&'s O, &mut Tx<'s, '_>, &S::Op) -> Result<S::Ret, Stop> + Sync,
) where
    S: SequentialSpec + Clone,
    S::Op: Clone + std::fmt::Debug + Send,
    S::Ret: Clone + std::fmt::Debug + PartialEq + Send,
    O: Sync,
{
    let seed = RandomState::new().hash_one(0);
    for round in 0..rounds {
        let (domain, object) = (Domain::new(config), make());
        let (clock, start) = (AtomicU64::new(0), Barrier::new(THREADS));
        let calls = thread::scope(|scope| {
            let workers: Vec<_> = (0..THREADS)
                .map(|id| {
                    let (domain, object, clock, start) = (&domain, &object, &clock, &start);
                    let (choose, run) = (&choose, &run);
                    let mut random = Random(seed ^ (round * 8 + id as u64));
                    scope.spawn(move || {
                        let mut runner = Runner::new(domain).unwrap();
                        start.wait();
                        let call = |_| {
                            let op = choose(&mut random);
                            let pauses = random.below(4);
                            // SeqCst: the counter stands for real time.
                            let begun = clock.fetch_add(1, Ordering::SeqCst);
                            let ret = runner.atomically(|tx| {
                                let ret = run(object, tx, &op)?;
                                // Lets others meet what this attempt owns and has read.
                                (0..pauses).for_each(|_| thread::yield_now());
                                Ok(ret)
                            });
                            let span = (begun, clock.fetch_add(1, Ordering::SeqCst));
                            Call { thread: id, span, op, ret }
                        };
                        (0..OPS).map(call).collect::<Vec<Call<S>>>()
                    })
                })
                .collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
        });
        let calls = Calls(calls);
        assert!(calls.linearizable(spec.clone()), "seed {seed}, round {round}:\n{calls}");
    }
}

fn policies() -> [Config; 3] {
    [
        Config::default(),
        Config { token_after: 1, raise_after: 1, ..Config::default() },
        Config { shake_one_in: 7, ..Config::default() },
    ]
}

#[derive(Clone, Debug)]
enum MapOp {
    Insert(u8, u8),
    Remove(u8),
    Get(u8),
    Len,
}

#[derive(Clone, Default)]
struct MapSpec(BTreeMap<u8, u8>);

impl SequentialSpec for MapSpec {
    type Op = MapOp;
    type Ret = Option<u8>;

    fn invoke(&mut self, op: &MapOp) -> Option<u8> {
        match *op {
            MapOp::Insert(key, value) => self.0.insert(key, value),
            MapOp::Remove(key) => self.0.remove(&key),
            MapOp::Get(key) => self.0.get(&key).copied(),
            MapOp::Len => Some(self.0.len() as u8),
        }
    }
}

#[test]
fn a_map() {
    for config in policies() {
        check(
            config,
            150,
            &MapSpec::default(),
            TMap::<u8, u8>::new,
            |random| match random.below(6) {
                0..3 => MapOp::Insert(random.below(3) as u8, random.below(200) as u8),
                3 => MapOp::Remove(random.below(3) as u8),
                4 => MapOp::Get(random.below(3) as u8),
                _ => MapOp::Len,
            },
            |map, tx, op| match *op {
                MapOp::Insert(key, value) => map.insert(tx, key, value),
                MapOp::Remove(key) => map.remove(tx, &key),
                MapOp::Get(key) => map.get(tx, &key),
                MapOp::Len => Ok(Some(map.len(tx)? as u8)),
            },
        );
    }
}

#[derive(Clone, Debug)]
enum SetOp {
    Insert(u8),
    Remove(u8),
    Contains(u8),
}

#[derive(Clone, Default)]
struct SetSpec(BTreeSet<u8>);

impl SequentialSpec for SetSpec {
    type Op = SetOp;
    type Ret = bool;

    fn invoke(&mut self, op: &SetOp) -> bool {
        match op {
            SetOp::Insert(key) => self.0.insert(*key),
            SetOp::Remove(key) => self.0.remove(key),
            SetOp::Contains(key) => self.0.contains(key),
        }
    }
}

#[test]
fn a_set() {
    for config in policies() {
        check(
            config,
            150,
            &SetSpec::default(),
            TSet::<u8>::new,
            |random| match (random.below(3), random.below(3) as u8) {
                (0, key) => SetOp::Insert(key),
                (1, key) => SetOp::Remove(key),
                (_, key) => SetOp::Contains(key),
            },
            |set, tx, op| match op {
                SetOp::Insert(key) => set.insert(tx, *key),
                SetOp::Remove(key) => set.remove(tx, key),
                SetOp::Contains(key) => set.contains(tx, key),
            },
        );
    }
}

const CAPACITY: usize = 2;

/// A bounded queue: `Some` pushes (and gives a refused item back), `None` pops.
#[derive(Clone, Default)]
struct QueueSpec(VecDeque<u8>);

impl SequentialSpec for QueueSpec {
    type Op = Option<u8>;
    type Ret = Option<u8>;

    fn invoke(&mut self, op: &Option<u8>) -> Option<u8> {
        match *op {
            Some(item) if self.0.len() == CAPACITY => Some(item),
            Some(item) => {
                self.0.push_back(item);
                None
            }
            None => self.0.pop_front(),
        }
    }
}

#[test]
fn a_queue() {
    for config in policies() {
        check(
            config,
            150,
            &QueueSpec::default(),
            || TQueue::<u8>::new(CAPACITY),
            |random| (random.below(2) == 0).then(|| random.below(200) as u8),
            |queue, tx, op| match op {
                Some(item) => queue.try_push(tx, *item),
                None => queue.try_pop(tx),
            },
        );
    }
}
