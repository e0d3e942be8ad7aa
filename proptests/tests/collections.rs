//! Claim: the transactional containers do what the standard ones do, also when transactions of
//! several operations are undone.

use std::collections::{HashMap, VecDeque};

use proptest::{collection::vec, prelude::*};
use taipan_stm::{Config, Domain, Failed, Runner, TMap, TQueue, cancel};

#[derive(Clone, Copy, Debug)]
enum MapOp {
    Insert(u8, u16),
    Remove(u8),
    Get(u8),
}

fn map_ops() -> impl Strategy<Value = MapOp> {
    prop_oneof![
        3 => any::<(u8, u16)>().prop_map(|(key, value)| MapOp::Insert(key, value)),
        1 => any::<u8>().prop_map(MapOp::Remove),
        1 => any::<u8>().prop_map(MapOp::Get),
    ]
}

fn undone<E>(failed: Failed<E>) -> E {
    match failed {
        Failed::Canceled(results) => results,
        Failed::BadUse(what) => panic!("{what}"),
    }
}

proptest! {
    #[test]
    fn a_map_is_a_hash_map(batches in vec((vec(map_ops(), 1..40), any::<bool>()), 1..20)) {
        let mut runner = Runner::new(&Domain::new(Config::default())).unwrap();
        let map = TMap::new();
        let mut model = HashMap::new();
        for (ops, keep) in batches {
            let mut draft = model.clone();
            let expected: Vec<Option<u16>> = ops
                .iter()
                .map(|&op| match op {
                    MapOp::Insert(key, value) => draft.insert(key, value),
                    MapOp::Remove(key) => draft.remove(&key),
                    MapOp::Get(key) => draft.get(&key).copied(),
                })
                .collect();
            let result = runner.try_atomically(|tx| {
                let mut results = Vec::new();
                for &op in &ops {
                    results.push(match op {
                        MapOp::Insert(key, value) => map.insert(tx, key, value)?,
                        MapOp::Remove(key) => map.remove(tx, &key)?,
                        MapOp::Get(key) => map.get(tx, &key)?,
                    });
                }
                if keep { Ok(results) } else { cancel(results)? }
            });
            prop_assert_eq!(keep, result.is_ok());
            prop_assert_eq!(result.unwrap_or_else(undone), expected);
            if keep {
                model = draft;
            }
            let mut entries = runner.atomically(|tx| map.entries(tx));
            let mut wanted: Vec<(u8, u16)> = model.iter().map(|(&k, &v)| (k, v)).collect();
            entries.sort_unstable();
            wanted.sort_unstable();
            prop_assert_eq!(entries, wanted);
            prop_assert_eq!(runner.atomically(|tx| map.len(tx)), model.len());
        }
    }

    #[test]
    fn a_queue_is_a_bounded_deque(batches in vec((vec(any::<Option<u8>>(), 1..12), any::<bool>()), 1..20)) {
        let mut runner = Runner::new(&Domain::new(Config::default())).unwrap();
        let queue = TQueue::new(5);
        let mut model = VecDeque::new();
        for (ops, keep) in batches {
            let mut draft = model.clone();
            let expected: Vec<Option<u8>> = ops
                .iter()
                .map(|&op| match op {
                    Some(item) if draft.len() == 5 => Some(item),
                    Some(item) => {
                        draft.push_back(item);
                        None
                    }
                    None => draft.pop_front(),
                })
                .collect();
            let result = runner.try_atomically(|tx| {
                let mut results = Vec::new();
                for &op in &ops {
                    results.push(match op {
                        Some(item) => queue.try_push(tx, item)?,
                        None => queue.try_pop(tx)?,
                    });
                }
                if keep { Ok(results) } else { cancel(results)? }
            });
            prop_assert_eq!(keep, result.is_ok());
            prop_assert_eq!(result.unwrap_or_else(undone), expected);
            if keep {
                model = draft;
            }
        }
    }
}
