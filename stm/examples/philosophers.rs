//! Dining philosophers: taking both forks is one transaction, so nobody ever holds just one.

use std::thread;

use taipan_stm::{TVar, atomically};

const SEATS: usize = 5;

fn main() {
    let forks: Vec<TVar<bool>> = (0..SEATS).map(|_| TVar::new(true)).collect();
    let meals: Vec<TVar<u32>> = (0..SEATS).map(|_| TVar::new(0)).collect();
    thread::scope(|scope| {
        for seat in 0..SEATS {
            let (left, right) = (&forks[seat], &forks[(seat + 1) % SEATS]);
            let meals = &meals[seat];
            scope.spawn(move || {
                for _ in 0..1_000 {
                    atomically(|tx| {
                        let both = tx.read(left)? && tx.read(right)?;
                        tx.check(both)?; // Sleeps until a fork comes back.
                        tx.write(left, false)?;
                        tx.write(right, false)
                    });
                    atomically(|tx| {
                        tx.modify(meals, |meals| *meals += 1)?;
                        tx.write(left, true)?;
                        tx.write(right, true)
                    });
                }
            });
        }
    });
    let eaten: Vec<u32> = meals.into_iter().map(TVar::into_inner).collect();
    println!("meals: {eaten:?}");
    assert!(eaten.iter().all(|&meals| meals == 1_000));
}
