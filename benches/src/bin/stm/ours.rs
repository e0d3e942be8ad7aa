//! The workloads on `taipan-stm`.

use std::sync::Arc;

use taipan_stm::{Config, Domain, Runner, Stop, TVar, Tx};

use crate::harness::{NONE, Random, World};

/// A domain and variables for all threads of a round.
fn world<S: Send + Sync + 'static>(
    state: S,
    operation: impl Fn(&mut Runner, &S, &mut Random) + Copy + Send + Sync + 'static,
) -> World {
    let domain = Domain::new(Config::default());
    let state = Arc::new(state);
    Box::new(move |seed| {
        let state = state.clone();
        let mut random = Random::new(seed + 1);
        let mut runner = Runner::new(&domain).expect("a slot");
        Box::new(move || operation(&mut runner, &state, &mut random))
    })
}

fn vars(n: usize) -> Vec<TVar<u64>> {
    (0..n).map(|_| TVar::new(1000)).collect()
}

pub(crate) fn transfer(runner: &mut Runner, from: &TVar<u64>, to: &TVar<u64>) {
    from.prefetch_write();
    to.prefetch_write();
    runner.atomically(|tx| {
        tx.modify(from, |left| *left = left.wrapping_sub(1))?;
        tx.modify(to, |right| *right = right.wrapping_add(1))
    });
}

pub(crate) fn bank(n: usize) -> World {
    world(vars(n), |runner, accounts: &Vec<TVar<u64>>, random| {
        let (from, to) = random.two_below(accounts.len());
        transfer(runner, &accounts[from], &accounts[to]);
    })
}

pub(crate) fn counter() -> World {
    world(TVar::new(0_u64), |runner, counter, _| {
        runner.atomically(|tx| tx.modify(counter, |n| *n += 1));
    })
}

pub(crate) fn sum() -> World {
    world(vars(1000), |runner, accounts: &Vec<TVar<u64>>, _| {
        let sum = runner.read_only(|tx| {
            let mut sum = 0_u64;
            for account in accounts {
                sum = sum.wrapping_add(tx.read(account)?);
            }
            Ok(sum)
        });
        assert_eq!(sum, 1000 * 1000);
    })
}

pub(crate) fn disjoint() -> World {
    let domain = Domain::new(Config::default());
    Box::new(move |seed| {
        let accounts = vars(64);
        let mut random = Random::new(seed + 1);
        let mut runner = Runner::new(&domain).expect("a slot");
        Box::new(move || {
            let (from, to) = random.two_below(accounts.len());
            transfer(&mut runner, &accounts[from], &accounts[to]);
        })
    })
}

pub(crate) fn create() -> World {
    world((), |_, (), _| {
        std::hint::black_box(vars(1000));
    })
}

/// Sorted chains over keys: `next[key]` is the next key in the chain, `NONE` its end.
struct Chains {
    heads: Vec<TVar<u32>>,
    next: Vec<TVar<u32>>,
}

impl Chains {
    fn new(heads: usize, keys: usize) -> Chains {
        let links = |n: usize| (0..n).map(|_| TVar::new(NONE)).collect();
        Chains { heads: links(heads), next: links(keys) }
    }

    /// The link that points, or would point, to `key`, and the key it points to.
    #[inline(always)]
    fn seek<'s>(&'s self, tx: &mut Tx<'s, '_>, key: u32) -> Result<(&'s TVar<u32>, u32), Stop> {
        let mut link = &self.heads[key as usize & (self.heads.len() - 1)];
        let mut at = tx.read(link)?;
        while at < key {
            link = &self.next[at as usize];
            at = tx.read(link)?;
        }
        Ok((link, at))
    }

    fn contains(&self, runner: &mut Runner, key: u32) -> bool {
        runner.atomically(|tx| Ok(self.seek(tx, key)?.1 == key))
    }

    fn insert(&self, runner: &mut Runner, key: u32) -> bool {
        runner.atomically(|tx| {
            let (link, at) = self.seek(tx, key)?;
            if at == key {
                return Ok(false);
            }
            tx.write(&self.next[key as usize], at)?;
            tx.write(link, key)?;
            Ok(true)
        })
    }

    fn remove(&self, runner: &mut Runner, key: u32) -> bool {
        runner.atomically(|tx| {
            let (link, at) = self.seek(tx, key)?;
            if at != key {
                return Ok(false);
            }
            let rest = tx.read(&self.next[key as usize])?;
            tx.write(&self.next[key as usize], NONE)?;
            tx.write(link, rest)?;
            Ok(true)
        })
    }
}

fn chains(heads: usize, keys: usize) -> World {
    let domain = Domain::new(Config::default());
    let chains = Arc::new(Chains::new(heads, keys));
    let mut runner = Runner::new(&domain).expect("a slot");
    for key in (0..keys as u32).step_by(2) {
        chains.insert(&mut runner, key);
    }
    Box::new(move |seed| {
        let chains = chains.clone();
        let mut random = Random::new(seed + 1);
        let mut runner = Runner::new(&domain).expect("a slot");
        Box::new(move || {
            let key = random.below(keys) as u32;
            let found = match random.below(10) {
                0 => chains.insert(&mut runner, key),
                1 => chains.remove(&mut runner, key),
                _ => chains.contains(&mut runner, key),
            };
            std::hint::black_box(found);
        })
    })
}

pub(crate) fn list() -> World {
    chains(1, 512)
}

pub(crate) fn hash() -> World {
    chains(2048, 4096)
}
