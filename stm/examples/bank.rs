//! A bank: threads move money around while an auditor checks that none is lost.

use std::{thread, time::Duration};

use taipan_stm::{Failed, TVar, cancel, read_only, try_atomically};

const ACCOUNTS: usize = 100;

fn transfer(from: &TVar<u64>, to: &TVar<u64>, amount: u64) -> Result<(), Failed<&'static str>> {
    try_atomically(|tx| {
        let balance = tx.read(from)?;
        if balance < amount {
            cancel("not enough money")?;
        }
        tx.write(from, balance - amount)?;
        tx.modify(to, |balance| *balance += amount)?;
        Ok(())
    })
}

fn main() {
    let accounts: Vec<TVar<u64>> = (0..ACCOUNTS).map(|_| TVar::new(1_000)).collect();
    thread::scope(|scope| {
        for teller in 0..4 {
            let accounts = &accounts;
            scope.spawn(move || {
                let mut refused = 0;
                for n in 0..20_000 {
                    let from = (n * 7 + teller * 13) % ACCOUNTS;
                    let to = (n * 11 + teller * 3 + 1) % ACCOUNTS;
                    if from != to && transfer(&accounts[from], &accounts[to], 10).is_err() {
                        refused += 1;
                    }
                }
                println!("teller {teller}: {refused} refused");
            });
        }
        for _ in 0..5 {
            thread::sleep(Duration::from_millis(5));
            let sum = read_only(|tx| {
                accounts.iter().try_fold(0, |sum, account| Ok(sum + tx.read(account)?))
            });
            assert_eq!(sum, 1_000 * ACCOUNTS as u64);
        }
    });
    println!("no money was lost");
}
