//! A least-recently-used cache shared by threads: look-up, insertion and eviction are transactions.

use std::thread;

use taipan_stm::{Stop, TMap, TVar, Tx, atomically};

/// A cache of at most `capacity` entries; each remembers when it was used last.
struct Cache {
    entries: TMap<u64, (String, u64)>,
    clock: TVar<u64>,
    capacity: usize,
}

impl Cache {
    fn new(capacity: usize) -> Cache {
        Cache { entries: TMap::new(), clock: TVar::new(0), capacity }
    }

    fn get<'s>(&'s self, tx: &mut Tx<'s, '_>, key: u64) -> Result<Option<String>, Stop> {
        let Some((text, _)) = self.entries.get(tx, &key)? else { return Ok(None) };
        self.put(tx, key, text.clone())?;
        Ok(Some(text))
    }

    fn put<'s>(&'s self, tx: &mut Tx<'s, '_>, key: u64, text: String) -> Result<(), Stop> {
        let now = tx.modify(&self.clock, |now| {
            *now += 1;
            *now
        })?;
        self.entries.insert(tx, key, (text, now))?;
        if self.entries.len(tx)? > self.capacity {
            let entries = self.entries.entries(tx)?;
            if let Some((oldest, _)) = entries.into_iter().min_by_key(|(_, (_, used))| *used) {
                self.entries.remove(tx, &oldest)?;
            }
        }
        Ok(())
    }
}

fn main() {
    let cache = Cache::new(32);
    thread::scope(|scope| {
        for id in 0..4 {
            let cache = &cache;
            scope.spawn(move || {
                for n in 0..500_u64 {
                    let key = n * (id + 1) % 50;
                    atomically(|tx| match cache.get(tx, key)? {
                        Some(text) => {
                            assert_eq!(text, format!("value {key}"));
                            Ok(())
                        }
                        None => cache.put(tx, key, format!("value {key}")),
                    });
                }
            });
        }
    });
    let entries = atomically(|tx| cache.entries.entries(tx));
    println!("{} entries", entries.len());
    assert!(entries.len() <= 32);
}
