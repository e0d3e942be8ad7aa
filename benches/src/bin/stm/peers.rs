//! The workloads on `stm` and `fast-stm`, whose interfaces are the same.

macro_rules! peer {
    ($module:ident, $library:ident, $result:ident) => {
        pub(crate) mod $module {
            use std::sync::Arc;

            use ::$library::{TVar, Transaction, atomically, $result as Outcome};

            use crate::harness::{NONE, Random, World};

            fn vars(n: usize) -> Vec<TVar<u64>> {
                (0..n).map(|_| TVar::new(1000)).collect()
            }

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

            pub(crate) fn transfer(from: &TVar<u64>, to: &TVar<u64>) {
                atomically(|tx| {
                    from.modify(tx, |left| left.wrapping_sub(1))?;
                    to.modify(tx, |right| right.wrapping_add(1))
                });
            }

            pub(crate) fn bank(n: usize) -> World {
                world(vars(n), |accounts: &Vec<TVar<u64>>, random| {
                    let (from, to) = random.two_below(accounts.len());
                    transfer(&accounts[from], &accounts[to]);
                })
            }

            pub(crate) fn counter() -> World {
                world(TVar::new(0_u64), |counter, _| {
                    atomically(|tx| counter.modify(tx, |n| n + 1));
                })
            }

            pub(crate) fn sum() -> World {
                world(vars(1000), |accounts: &Vec<TVar<u64>>, _| {
                    let sum = atomically(|tx| {
                        let mut sum = 0_u64;
                        for account in accounts {
                            sum = sum.wrapping_add(account.read(tx)?);
                        }
                        Ok(sum)
                    });
                    assert_eq!(sum, 1000 * 1000);
                })
            }

            pub(crate) fn disjoint() -> World {
                Box::new(move |seed| {
                    let accounts = vars(64);
                    let mut random = Random::new(seed + 1);
                    Box::new(move || {
                        let (from, to) = random.two_below(accounts.len());
                        transfer(&accounts[from], &accounts[to]);
                    })
                })
            }

            pub(crate) fn create() -> World {
                world((), |(), _| {
                    std::hint::black_box(vars(1000));
                })
            }

            struct Chains {
                heads: Vec<TVar<u32>>,
                next: Vec<TVar<u32>>,
            }

            impl Chains {
                fn new(heads: usize, keys: usize) -> Chains {
                    let links = |n: usize| (0..n).map(|_| TVar::new(NONE)).collect();
                    Chains { heads: links(heads), next: links(keys) }
                }

                fn seek(&self, tx: &mut Transaction, key: u32) -> Outcome<(&TVar<u32>, u32)> {
                    let mut link = &self.heads[key as usize & (self.heads.len() - 1)];
                    let mut at = link.read(tx)?;
                    while at < key {
                        link = &self.next[at as usize];
                        at = link.read(tx)?;
                    }
                    Ok((link, at))
                }

                fn contains(&self, key: u32) -> bool {
                    atomically(|tx| Ok(self.seek(tx, key)?.1 == key))
                }

                fn insert(&self, key: u32) -> bool {
                    atomically(|tx| {
                        let (link, at) = self.seek(tx, key)?;
                        if at == key {
                            return Ok(false);
                        }
                        self.next[key as usize].write(tx, at)?;
                        link.write(tx, key)?;
                        Ok(true)
                    })
                }

                fn remove(&self, key: u32) -> bool {
                    atomically(|tx| {
                        let (link, at) = self.seek(tx, key)?;
                        if at != key {
                            return Ok(false);
                        }
                        let rest = self.next[key as usize].read(tx)?;
                        self.next[key as usize].write(tx, NONE)?;
                        link.write(tx, rest)?;
                        Ok(true)
                    })
                }
            }

            fn chains(heads: usize, keys: usize) -> World {
                let chains = Arc::new(Chains::new(heads, keys));
                for key in (0..keys as u32).step_by(2) {
                    chains.insert(key);
                }
                Box::new(move |seed| {
                    let chains = chains.clone();
                    let mut random = Random::new(seed + 1);
                    Box::new(move || {
                        let key = random.below(keys) as u32;
                        let found = match random.below(10) {
                            0 => chains.insert(key),
                            1 => chains.remove(key),
                            _ => chains.contains(key),
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
        }
    };
}

peer!(stm, stm, StmResult);
peer!(fast, fast_stm, StmClosureResult);
