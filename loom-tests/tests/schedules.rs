//! Claim: whole programs of transactions keep their invariants and end, under schedules too long for
//! the loom checker: transfers and audits, decisions on what was read, queues that wait, a map that
//! grows, irrevocable turns.
//! Bound: 3 to 5 threads, random and priority schedules of shuttle, all accesses sequentially
//! consistent; `TAIPAN_SCHEDULES` (default 1 500) of each. A failure prints its schedule.
//!
//! Kills: no_commit_validation (also killed elsewhere).
//!
//! `cargo shuttle` runs them.
#![cfg(taipan_shuttle)]

use std::collections::BTreeSet;

use shuttle::{check_pct, check_random};
use taipan_stm::{
    ClockKind, Config, Domain, Runner, TCounter, TMap, TQueue, TVar,
    sync::{Arc, Mutex, thread},
};

fn check(program: impl Fn() + Send + Sync + Clone + 'static) {
    let wanted = std::env::var("TAIPAN_SCHEDULES").ok().and_then(|n| n.parse().ok());
    let schedules = wanted.unwrap_or(1500);
    check_random(program.clone(), schedules);
    check_pct(program, schedules, 3);
}

/// Runs `body` for each number in a thread with a handle of its own.
fn together(domain: &Arc<Domain>, n: u64, body: impl Fn(u64, &mut Runner) + Send + Sync + 'static) {
    let body = Arc::new(body);
    let threads: Vec<_> = (0..n)
        .map(|id| {
            let (domain, body) = (domain.clone(), body.clone());
            thread::spawn(move || body(id, &mut Runner::new(&domain).unwrap()))
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

fn bank(config: Config) {
    let domain = Domain::new(config);
    let accounts: Arc<Vec<TVar<u64>>> = Arc::new((0..4).map(|_| TVar::new(100)).collect());
    let shared = accounts.clone();
    together(&domain, 4, move |id, runner| {
        let accounts = &*shared;
        for turn in 0..3 {
            let (from, to) = ((id + turn) as usize % 4, (id * 3 + turn + 1) as usize % 4);
            match (id + turn) % 4 {
                0 => {
                    let sum = runner.read_only(|tx| {
                        accounts.iter().try_fold(0, |sum, account| Ok(sum + tx.read(account)?))
                    });
                    assert_eq!(sum, 400);
                }
                1 => runner.irrevocably(|tx| {
                    tx.modify(&accounts[from], |n| *n -= 1);
                    tx.modify(&accounts[to], |n| *n += 1);
                }),
                _ => runner.atomically(|tx| {
                    let left = tx.read(&accounts[from])?;
                    tx.write(&accounts[from], left - 1)?;
                    tx.modify(&accounts[to], |n| *n += 1)
                }),
            }
        }
    });
    let accounts = Arc::into_inner(accounts).unwrap();
    assert_eq!(accounts.into_iter().map(TVar::into_inner).sum::<u64>(), 400);
}

#[test]
fn a_bank_keeps_its_money() {
    check(|| bank(Config::default()));
}

#[test]
fn a_bank_keeps_its_money_when_everything_escalates() {
    check(|| bank(Config { token_after: 1, validate_max: 0, raise_after: 1, ..Config::default() }));
}

#[test]
fn a_bank_keeps_its_money_without_versions() {
    check(|| bank(Config { version_max: 2, ..Config::default() }));
}

/// Of those on duty one must stay: whoever leaves has read that another one is there.
fn duty(config: Config) {
    let domain = Domain::new(config);
    let on_duty: Arc<Vec<TVar<bool>>> = Arc::new((0..3).map(|_| TVar::new(true)).collect());
    let shared = on_duty.clone();
    together(&domain, 3, move |id, runner| {
        let on_duty = &*shared;
        runner.atomically(|tx| {
            let mut others = 0;
            for other in (0..3).filter(|&other| other != id as usize) {
                others += usize::from(tx.read(&on_duty[other])?);
            }
            if others > 0 { tx.write(&on_duty[id as usize], false) } else { Ok(()) }
        });
    });
    let on_duty = Arc::into_inner(on_duty).unwrap();
    let left = on_duty.into_iter().map(TVar::into_inner);
    assert_eq!(left.filter(|&is_on| is_on).count(), 1);
}

#[test]
fn the_last_one_stays_on_duty() {
    check(|| duty(Config::default()));
}

#[test]
fn the_last_one_stays_on_duty_with_the_ticking_clock() {
    check(|| duty(Config { clock: ClockKind::Tick, ..Config::default() }));
}

/// Both ends wait for each other; a lost wake-up would be a deadlock.
#[test]
fn a_small_queue_hands_everything_over_once() {
    check(|| {
        let domain = Domain::new(Config::default());
        let (queue, taken) = (TQueue::new(1), Arc::new(Mutex::new(Vec::new())));
        let list = taken.clone();
        together(&domain, 4, move |id, runner| {
            for n in 0..2 {
                if id % 2 == 0 {
                    runner.atomically(|tx| queue.push(tx, id * 10 + n));
                } else {
                    let item = runner.atomically(|tx| queue.pop(tx));
                    list.lock().unwrap().push(item);
                }
            }
        });
        let taken: BTreeSet<u64> = taken.lock().unwrap().iter().copied().collect();
        assert_eq!(taken, BTreeSet::from([0, 1, 20, 21]));
    });
}

#[test]
fn alternatives_wait_for_either() {
    check(|| {
        let domain = Domain::new(Config::default());
        let flags = [TVar::new(false), TVar::new(false)];
        let got = TCounter::new(0);
        let (flags, got) = (Arc::new(flags), Arc::new(got));
        let (set, count) = (flags.clone(), got.clone());
        together(&domain, 4, move |id, runner| {
            if id < 2 {
                runner.atomically(|tx| tx.write(&set[id as usize], true));
                return;
            }
            runner.atomically(|tx| {
                tx.or_else(
                    |tx| {
                        let is_set = tx.read(&set[0])?;
                        tx.check(is_set)?;
                        tx.write(&set[0], false)
                    },
                    |tx| {
                        let is_set = tx.read(&set[1])?;
                        tx.check(is_set)?;
                        tx.write(&set[1], false)
                    },
                )?;
                count.add(tx, 1)
            });
        });
        let mut runner = Runner::new(&domain).unwrap();
        assert_eq!(runner.atomically(|tx| got.get(tx)), 2);
        assert!(!runner.atomically(|tx| Ok(tx.read(&flags[0])? || tx.read(&flags[1])?)));
    });
}

/// Insertion, removal and length agree.
#[test]
fn a_map_agrees_with_its_length() {
    check(|| {
        let domain = Domain::new(Config::default());
        let map: Arc<TMap<u64, u64>> = Arc::new(TMap::new());
        let shared = map.clone();
        together(&domain, 3, move |id, runner| {
            for n in 0..3 {
                runner.atomically(|tx| shared.insert(tx, n, id));
                if n == id {
                    runner.atomically(|tx| shared.remove(tx, &n));
                }
            }
        });
        let mut runner = Runner::new(&domain).unwrap();
        let (len, entries) = runner.atomically(|tx| Ok((map.len(tx)?, map.entries(tx)?)));
        assert_eq!(len, entries.len());
    });
}
