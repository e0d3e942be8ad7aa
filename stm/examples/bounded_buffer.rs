//! A bounded buffer between producers and consumers, and a consumer that takes from either of two.

use std::thread;

use taipan_stm::{TQueue, atomically};

fn main() {
    let (fast, slow) = (TQueue::new(4), TQueue::new(4));
    thread::scope(|scope| {
        scope.spawn(|| (0..1_000_u64).for_each(|n| atomically(|tx| fast.push(tx, n))));
        scope.spawn(|| (0..1_000_u64).for_each(|n| atomically(|tx| slow.push(tx, 1_000 + n))));
        let sum: u64 = (0..2_000)
            .map(|_| atomically(|tx| tx.or_else(|tx| fast.pop(tx), |tx| slow.pop(tx))))
            .sum();
        println!("sum of everything that went through: {sum}");
        assert_eq!(sum, (0..2_000).sum());
    });
}
