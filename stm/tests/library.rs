//! The typed library as its users see it: composition, failure, bad use, memory.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use taipan_stm::{
    Abort, Config, Domain, Failed, Runner, TCounter, TMap, TQueue, TVar, atomically, cancel,
    irrevocably, read_only, thread_stats, try_atomically,
};

/// How often a thread repeats itself.
const ROUNDS: u64 = if cfg!(miri) { 8 } else { 500 };

fn runner() -> Runner {
    Runner::new(&Domain::new(Config::default())).unwrap()
}

fn panic_text(result: thread::Result<()>) -> String {
    let payload = result.expect_err("should panic");
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => (*payload.downcast::<&str>().unwrap()).to_owned(),
    }
}

#[test]
fn a_panic_rolls_back_and_propagates() {
    let var = TVar::new(vec![1]);
    let result = catch_unwind(AssertUnwindSafe(|| {
        atomically(|tx| {
            tx.write(&var, vec![2])?;
            if tx.with(&var, Vec::len)? == 1 {
                panic!("in the middle");
            }
            Ok(())
        });
    }));
    assert_eq!(panic_text(result), "in the middle");
    assert_eq!(atomically(|tx| tx.read(&var)), [1]);
}

#[test]
fn a_panic_in_an_irrevocable_body_gives_the_token_back() {
    let var = TVar::new(1);
    let result = catch_unwind(AssertUnwindSafe(|| {
        irrevocably(|tx| {
            tx.write(&var, 2);
            panic!("in the middle");
        });
    }));
    assert_eq!(panic_text(result), "in the middle");
    assert_eq!(irrevocably(|tx| tx.read(&var)), 1);
}

#[test]
fn or_else_takes_the_second_branch_and_forgets_the_first() {
    let (a, b) = (TVar::new(0), TVar::new(String::new()));
    let taken = atomically(|tx| {
        tx.or_else(
            |tx| {
                tx.write(&b, "first".into())?;
                let seen = tx.read(&a)?;
                tx.check(seen > 0)?;
                Ok(1)
            },
            |tx| {
                tx.check(tx.slot() > 0)?;
                Ok(2)
            },
        )
    });
    assert_eq!((taken, b.into_inner().as_str()), (2, ""));
}

#[test]
fn both_branches_waiting_wait_for_either() {
    let (a, b) = (TVar::new(false), TVar::new(false));
    thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            atomically(|tx| {
                tx.or_else(
                    |tx| if tx.read(&a)? { Ok('a') } else { tx.retry() },
                    |tx| if tx.read(&b)? { Ok('b') } else { tx.retry() },
                )
            })
        });
        thread::sleep(Duration::from_millis(20));
        atomically(|tx| tx.write(&b, true));
        assert_eq!(waiter.join().unwrap(), 'b');
    });
}

#[test]
fn nested_bodies_undo_only_themselves() {
    let (a, b) = (TVar::new(0), TVar::new(0));
    atomically(|tx| {
        tx.write(&a, 1)?;
        let inner: Result<(), &str> = tx.nested(|tx| {
            tx.write(&a, 2).map_err(|_| "conflict")?;
            tx.write(&b, 2).map_err(|_| "conflict")?;
            Err("no")
        });
        assert_eq!(inner, Err("no"));
        Ok(())
    });
    assert_eq!((a.into_inner(), b.into_inner()), (1, 0));
}

#[test]
fn cancel_undoes_and_returns_the_error() {
    let var = TVar::new(5_i64);
    let result: Result<(), Failed<String>> = try_atomically(|tx| {
        tx.write(&var, 6)?;
        cancel(format!("{} is too much", tx.read(&var)?))?;
        Ok(())
    });
    assert_eq!(result, Err(Failed::Canceled("6 is too much".into())));
    assert_eq!(var.into_inner(), 5);
}

#[test]
fn a_transaction_inside_another_is_refused() {
    let var = TVar::new(0);
    let nested = |_: ()| atomically(|tx| tx.read(&var));
    let text = panic_text(catch_unwind(AssertUnwindSafe(|| {
        atomically(|tx| {
            tx.write(&var, 1)?;
            nested(());
            Ok(())
        });
    })));
    assert!(text.contains("inside another"), "{text}");
    assert_eq!(atomically(|tx| tx.read(&var)), 0);

    let domain = Domain::new(Config::default());
    let (mut outer, mut inner) = (Runner::new(&domain).unwrap(), Runner::new(&domain).unwrap());
    let own = TVar::new(0);
    let text = panic_text(catch_unwind(AssertUnwindSafe(|| {
        outer.atomically(|tx| {
            tx.write(&own, 1)?;
            inner.atomically(|tx| tx.write(&own, 2));
            Ok(())
        });
    })));
    assert!(text.contains("inside another"), "{text}");
    assert_eq!(outer.atomically(|tx| tx.read(&own)), 0);
}

#[test]
fn transactions_of_two_domains_may_nest_but_not_share_variables() {
    let (mut one, mut two) = (runner(), runner());
    let (a, b) = (TVar::new(1), TVar::new(2));
    one.atomically(|tx| {
        tx.write(&a, 3)?;
        two.atomically(|tx| tx.write(&b, 4));
        Ok(())
    });
    let text = panic_text(catch_unwind(AssertUnwindSafe(|| two.atomically(|tx| tx.write(&a, 0)))));
    assert!(text.contains("another domain"), "{text}");
    assert_eq!(one.atomically(|tx| tx.read(&a)), 3);
}

#[test]
fn waiting_without_having_read_is_reported() {
    let mut runner = runner();
    let text = panic_text(catch_unwind(AssertUnwindSafe(|| {
        runner.atomically(|tx| tx.retry::<()>());
    })));
    assert!(text.contains("read nothing"), "{text}");
    let var = TVar::new(0);
    assert_eq!(runner.atomically(|tx| tx.read(&var)), 0);
}

#[test]
fn a_swallowed_conflict_does_not_commit() {
    let domain = Domain::new(Config { token_after: 1000, ..Config::default() });
    let (a, b) = (TVar::new(0), TVar::new(0));
    let mut one = Runner::new(&domain).unwrap();
    let mut attempts = 0;
    one.atomically(|tx| {
        attempts += 1;
        let seen = tx.read(&a)?;
        if attempts == 1 {
            thread::scope(|scope| {
                scope.spawn(|| {
                    Runner::new(&domain).unwrap().atomically(|tx| {
                        tx.write(&a, 1)?;
                        tx.write(&b, 1)
                    });
                });
            });
        }
        let other = tx.read(&b).unwrap_or(seen);
        assert_eq!(seen, other);
        Ok(())
    });
    assert_eq!(attempts, 2);
}

/// Counts how many of its kind are alive.
#[derive(Debug)]
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(alive: &Arc<AtomicUsize>) -> Counted {
        alive.fetch_add(1, Ordering::SeqCst);
        Counted(alive.clone())
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        Counted::new(&self.0)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[test]
fn replaced_values_are_freed_once() {
    let alive = Arc::new(AtomicUsize::new(0));
    let var = TVar::new(Counted::new(&alive));
    let mut runner = runner();
    for round in 0..if cfg!(miri) { 10 } else { 500 } {
        let kept: Result<(), Failed<()>> = runner.try_atomically(|tx| {
            tx.write(&var, Counted::new(&alive))?;
            let _: Result<(), ()> = tx.nested(|tx| {
                let _ = tx.write(&var, Counted::new(&alive));
                Err(())
            });
            tx.write(&var, Counted::new(&alive))?;
            if round % 2 == 0 {
                cancel(())?
            }
            Ok(())
        });
        assert_eq!(kept.is_err(), round % 2 == 0);
    }
    drop(var);
    for _ in 0..10_000 {
        crossbeam_epoch::pin().flush();
        if alive.load(Ordering::SeqCst) == 0 {
            return;
        }
        thread::yield_now();
    }
    panic!("{} values leaked", alive.load(Ordering::SeqCst));
}

struct Node {
    value: u64,
    next: TVar<Option<Arc<Node>>>,
}

#[test]
fn shared_nodes_can_be_kept_for_the_attempt() {
    let last = Arc::new(Node { value: 2, next: TVar::new(None) });
    let first = TVar::new(Some(Arc::new(Node { value: 1, next: TVar::new(Some(last)) })));
    let sum = atomically(|tx| {
        let mut sum = 0;
        let mut at = tx.read(&first)?;
        while let Some(node) = at {
            let node = tx.keep(&node);
            sum += node.value;
            at = tx.read(&node.next)?;
        }
        tx.write(&first, None)?;
        Ok(sum)
    });
    assert_eq!(sum, 3);
}

#[test]
fn counters_and_maps_hold_under_threads() {
    let (counter, map) = (TCounter::new(0), TMap::new());
    thread::scope(|scope| {
        for id in 0..4_u64 {
            let (counter, map) = (&counter, &map);
            scope.spawn(move || {
                for n in 0..ROUNDS {
                    atomically(|tx| {
                        counter.add(tx, 1)?;
                        map.insert(tx, n * 4 + id, id)
                    });
                }
            });
        }
    });
    assert_eq!(atomically(|tx| counter.get(tx)), 4 * ROUNDS as i64);
    assert_eq!(atomically(|tx| map.len(tx)), 4 * ROUNDS as usize);
    let entries = atomically(|tx| map.entries(tx));
    assert!(entries.iter().all(|(key, id)| key % 4 == *id) && entries.len() as u64 == 4 * ROUNDS);
}

#[test]
fn a_queue_hands_over_everything_in_order() {
    let queue = TQueue::new(3);
    thread::scope(|scope| {
        scope.spawn(|| (0..ROUNDS).for_each(|n| atomically(|tx| queue.push(tx, n))));
        for n in 0..ROUNDS {
            assert_eq!(atomically(|tx| queue.pop(tx)), n);
        }
    });
    assert_eq!(atomically(|tx| queue.try_pop(tx)), None);
}

#[test]
fn conflicts_are_told_and_counted() {
    let domain = Domain::new(Config::default());
    let var = TVar::new(0_u64);
    let told = Arc::new(AtomicUsize::new(0));
    let total: u64 = thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut runner = Runner::new(&domain).unwrap();
                    let told = told.clone();
                    runner.set_on_conflict(move |conflict| {
                        assert!(conflict.attempts > 0 && conflict.cause != Abort::User);
                        told.fetch_add(1, Ordering::Relaxed);
                    });
                    for _ in 0..ROUNDS {
                        runner.atomically(|tx| tx.modify(&var, |n| *n += 1));
                    }
                    runner.stats().aborts_total()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(var.into_inner(), 4 * ROUNDS);
    assert_eq!(told.load(Ordering::Relaxed) as u64, total);
}

#[test]
fn read_only_and_stats_work_in_the_default_domain() {
    let var = TVar::new('x');
    let before = thread_stats().commits;
    assert_eq!(read_only(|tx| tx.read(&var)), 'x');
    assert_eq!(thread_stats().commits, before + 1);
}
