//! The workloads on `parking_lot` mutexes, taken in a fixed order.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::harness::{NONE, Random, World};

fn world<S: Send + Sync + 'static>(
    state: S,
    operation: impl Fn(&S, &mut Random) + Copy + Send + Sync + 'static,
) -> World {
    let state = Arc::new(state);
    Box::new(move |seed| {
        let state = state.clone();
        let mut random = Random::new(seed + 1);
        Box::new(move || operation(&state, &mut random))
    })
}

fn accounts(n: usize) -> Vec<Mutex<u64>> {
    (0..n).map(|_| Mutex::new(1000)).collect()
}

fn transfer(accounts: &[Mutex<u64>], from: usize, to: usize) {
    let low = accounts[from.min(to)].lock();
    let high = accounts[from.max(to)].lock();
    let (mut left, mut right) = if from < to { (low, high) } else { (high, low) };
    *left = left.wrapping_sub(1);
    *right = right.wrapping_add(1);
}

pub(crate) fn bank(n: usize) -> World {
    world(accounts(n), |accounts: &Vec<Mutex<u64>>, random| {
        let (from, to) = random.two_below(accounts.len());
        transfer(accounts, from, to);
    })
}

pub(crate) fn counter() -> World {
    world(Mutex::new(0_u64), |counter, _| *counter.lock() += 1)
}

pub(crate) fn sum() -> World {
    world(accounts(1000), |accounts: &Vec<Mutex<u64>>, _| {
        let guards: Vec<_> = accounts.iter().map(Mutex::lock).collect();
        let sum = guards.iter().fold(0_u64, |sum, guard| sum.wrapping_add(**guard));
        assert_eq!(sum, 1000 * 1000);
    })
}

pub(crate) fn disjoint() -> World {
    Box::new(move |seed| {
        let accounts = accounts(64);
        let mut random = Random::new(seed + 1);
        Box::new(move || {
            let (from, to) = random.two_below(accounts.len());
            transfer(&accounts, from, to);
        })
    })
}

pub(crate) fn create() -> World {
    world((), |(), _| {
        std::hint::black_box(accounts(1000));
    })
}

/// A sorted chain under one lock.
struct Chain {
    head: u32,
    next: Vec<u32>,
}

impl Chain {
    fn seek(&mut self, key: u32) -> &mut u32 {
        let mut at = NONE;
        let mut to = self.head;
        while to < key {
            at = to;
            to = self.next[to as usize];
        }
        if at == NONE { &mut self.head } else { &mut self.next[at as usize] }
    }

    fn apply(&mut self, action: usize, key: u32, index: usize) -> bool {
        let link = self.seek(key);
        let at = *link;
        match action {
            0 if at != key => {
                *link = key;
                self.next[index] = at;
                true
            }
            1 if at == key => {
                let rest = self.next[index];
                *self.seek(key) = rest;
                true
            }
            _ => at == key,
        }
    }
}

pub(crate) fn list() -> World {
    let mut chain = Chain { head: NONE, next: vec![NONE; 512] };
    for key in (0..512).step_by(2) {
        chain.apply(0, key, key as usize);
    }
    world(Mutex::new(chain), |chain, random| {
        let key = random.below(512);
        let found = chain.lock().apply(random.below(10), key as u32, key);
        std::hint::black_box(found);
    })
}

/// A chain per bucket, each under its own lock; a bucket's keys differ by the number of buckets.
pub(crate) fn hash() -> World {
    let buckets: Vec<Mutex<Vec<u32>>> = (0..2048)
        .map(|key| Mutex::new(if key % 2 == 0 { vec![key, key + 2048] } else { vec![] }))
        .collect();
    world(buckets, |buckets: &Vec<Mutex<Vec<u32>>>, random| {
        let key = random.below(4096) as u32;
        let mut bucket = buckets[key as usize % 2048].lock();
        let at = bucket.iter().position(|&other| other == key);
        match (random.below(10), at) {
            (0, None) => bucket.push(key),
            (1, Some(at)) => {
                bucket.swap_remove(at);
            }
            _ => {
                std::hint::black_box(at);
            }
        }
    })
}
