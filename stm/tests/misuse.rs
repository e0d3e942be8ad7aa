//! Bad use gets a clear error and loses nothing; what a program does wrong stays its own affair.

use std::{
    cell::{Cell, RefCell},
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
    sync::{Arc, mpsc},
    thread,
};

use taipan_stm::{
    Abort, BadUse, Config, Domain, Failed, Runner, TMap, TVar, atomically, blocking, cancel,
    in_transaction, irrevocably, read_only, set_on_conflict, thread_stats, try_atomically,
};

fn panic_text(body: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(body)).expect_err("should panic");
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => (*payload.downcast::<&str>().unwrap()).to_owned(),
    }
}

fn small() -> Runner {
    Runner::new(&Domain::new(Config { log_max: 100, ..Config::default() })).unwrap()
}

const ROUNDS: usize = if cfg!(miri) { 1000 } else { 100_000 };

fn vars(n: usize) -> Vec<TVar<u64>> {
    (0..n).map(|_| TVar::new(7)).collect()
}

#[test]
fn reading_too_much_is_a_typed_error_at_exactly_the_limit() {
    let mut runner = small();
    let vars = vars(101);
    let mut sum_of = |n: usize| {
        runner.try_atomically(|tx| {
            vars[..n]
                .iter()
                .try_fold(0, |sum, var| Ok::<u64, taipan_stm::TryStop<()>>(sum + tx.read(var)?))
        })
    };
    assert_eq!(sum_of(100), Ok(700));
    assert_eq!(sum_of(101), Err(Failed::BadUse(BadUse::TooLarge { limit: 100 })));
    assert_eq!(sum_of(100), Ok(700));
    assert_eq!(runner.stats().aborts_for(Abort::TooLarge), 1);
    let text = panic_text(|| {
        runner.read_only(|tx| vars.iter().try_fold(0, |sum, var| Ok(sum + tx.read(var)?)));
    });
    assert!(text.contains("too large") && text.contains("100"), "{text}");
}

#[test]
fn writing_too_much_is_undone_and_a_smaller_transaction_works() {
    let mut runner = small();
    let vars = vars(150);
    let result: Result<(), Failed<()>> =
        runner.try_atomically(|tx| vars.iter().try_for_each(|var| Ok(tx.write(var, 9)?)));
    assert_eq!(result, Err(Failed::BadUse(BadUse::TooLarge { limit: 100 })));
    for half in vars.chunks(75) {
        runner.atomically(|tx| half.iter().try_for_each(|var| tx.modify(var, |n| *n += 1)));
    }
    assert!(vars.into_iter().all(|var| var.into_inner() == 8));
}

#[test]
fn overwriting_the_same_few_variables_is_never_too_large() {
    let mut runner =
        Runner::new(&Domain::new(Config { log_max: 100, ..Config::default() })).unwrap();
    let vars = vars(10);
    runner.atomically(|tx| {
        (0..ROUNDS).try_for_each(|n| tx.modify(&vars[n % 10], |value| *value += 1))
    });
    assert!(vars.into_iter().all(|var| var.into_inner() == 7 + ROUNDS as u64 / 10));
}

#[test]
fn an_irrevocable_transaction_has_no_limit() {
    let mut runner = small();
    let vars = vars(300);
    let sum = runner.irrevocably(|tx| {
        vars.iter().for_each(|var| tx.modify(var, |n| *n += 1));
        vars.iter().map(|var| tx.with(var, |n| *n)).sum::<u64>()
    });
    assert_eq!(sum, 2400);
    assert_eq!(runner.read_only(|tx| tx.read(&vars[299])), 8);
}

#[test]
fn waiting_for_nothing_is_a_typed_error() {
    let var = TVar::new(1);
    let result: Result<(), Failed<()>> = try_atomically(|tx| Ok(tx.retry()?));
    assert_eq!(result, Err(Failed::BadUse(BadUse::NothingRead)));
    assert!(panic_text(|| read_only(|tx| tx.retry())).contains("read nothing"));
    // Both branches of an alternative, too.
    let both = panic_text(|| {
        atomically(|tx| tx.or_else(|tx| tx.retry::<()>(), |tx| tx.retry()));
    });
    assert!(both.contains("read nothing"), "{both}");
    assert_eq!(read_only(|tx| tx.read(&var)), 1);
}

#[test]
fn a_panic_in_a_nested_block_undoes_the_block_even_if_the_body_catches_it() {
    let (a, b) = (TVar::new(String::from("a")), TVar::new(0));
    atomically(|tx| {
        tx.write(&b, 1)?;
        let caught = catch_unwind(AssertUnwindSafe(|| {
            tx.nested(|tx| -> Result<(), taipan_stm::Stop> {
                tx.write(&a, "half".into())?;
                tx.write(&b, 2)?;
                panic!("in the block")
            })
        }));
        assert!(caught.is_err());
        tx.modify(&b, |n| *n += 10)
    });
    assert_eq!((a.into_inner().as_str(), b.into_inner()), ("a", 11));
}

/// The attempt's own claim must not make a stale object readable.
#[test]
fn a_body_that_goes_on_after_a_failure_still_sees_one_state() {
    let domain = Domain::new(Config { token_after: 1000, ..Config::default() });
    let (x, y) = (TVar::new(0), TVar::new(0));
    let mut runner = Runner::new(&domain).unwrap();
    let mut attempts = 0;
    runner.atomically(|tx| {
        attempts += 1;
        let seen = tx.read(&x)?;
        if attempts == 1 {
            thread::scope(|scope| {
                scope.spawn(|| {
                    Runner::new(&domain).unwrap().atomically(|tx| {
                        tx.write(&x, 1)?;
                        tx.write(&y, 1)
                    });
                });
            });
            assert!(tx.write(&y, 5).is_err(), "x has changed");
            // The failed write neither took the variable nor let it in.
            assert!(tx.read(&y).is_err() && tx.modify(&y, |n| *n).is_err());
            assert_eq!(tx.read(&x).unwrap_or(0), seen);
        }
        Ok(())
    });
    assert_eq!(attempts, 2);
    assert_eq!((x.into_inner(), y.into_inner()), (1, 1));
}

#[test]
fn actions_may_start_transactions_and_their_panics_lose_nothing() {
    let (text, log) = (TVar::new(String::from("old")), Rc::new(TVar::new(0)));
    let note = log.clone();
    atomically(|tx| {
        let note = note.clone();
        tx.on_commit(move || atomically(|tx| tx.modify(&*note, |n| *n += 1)));
        tx.write(&text, "new".into())
    });
    assert_eq!(atomically(|tx| tx.read(&*log)), 1);

    let message = panic_text(|| {
        atomically(|tx| {
            tx.on_commit(|| panic!("in an action"));
            tx.write(&text, "newer".into())
        });
    });
    assert_eq!(message, "in an action");
    // The commit stands, and the next abort does not free what it made.
    let undone: Result<(), Failed<()>> = try_atomically(|tx| {
        tx.write(&text, "never".into())?;
        cancel(())?
    });
    assert!(undone.is_err());
    assert_eq!(atomically(|tx| tx.read(&text)), "newer");

    let message = panic_text(|| {
        let _: Result<(), Failed<()>> = try_atomically(|tx| {
            tx.on_abort(|| panic!("in an abort action"));
            tx.write(&text, "never".into())?;
            cancel(())?
        });
    });
    assert_eq!(message, "in an abort action");
    atomically(|tx| tx.modify(&text, |text| text.push('!')));
    assert_eq!(atomically(|tx| tx.read(&text)), "newer!");
}

#[test]
fn abort_actions_run_before_a_wait_and_on_panics() {
    let (gate, var) = (Arc::new(TVar::new(false)), TVar::new(0));
    let open = gate.clone();
    atomically(|tx| {
        let open = open.clone();
        // The wait would last for ever if this ran after it.
        tx.on_abort(move || atomically(|tx| tx.write(&*open, true)));
        let is_open = tx.read(&*gate)?;
        tx.check(is_open)
    });
    let seen = Rc::new(Cell::new(0));
    let count = seen.clone();
    panic_text(|| {
        atomically(|tx| {
            let count = count.clone();
            tx.on_abort(move || count.set(count.get() + 1));
            tx.write(&var, 1)?;
            panic!("out");
            #[expect(unreachable_code, reason = "gives the body its type")]
            Ok(())
        });
    });
    assert_eq!((seen.get(), var.into_inner()), (1, 0));
}

#[test]
fn blocking_inside_a_transaction_is_refused() {
    let (send, receive) = mpsc::channel();
    send.send(1).unwrap();
    let var = TVar::new(0);
    let text = panic_text(|| {
        atomically(|tx| {
            tx.write(&var, 1)?;
            assert!(in_transaction());
            Ok(blocking(|| receive.recv()).unwrap())
        });
    });
    assert!(text.contains("blocking inside a transaction"), "{text}");
    assert!(!in_transaction());
    assert_eq!(atomically(|tx| tx.read(&var)), 0);
    assert_eq!(irrevocably(|_| blocking(|| receive.recv())), Ok(1));
}

#[test]
fn every_kind_of_nesting_is_refused_and_undone() {
    let var = TVar::new(0);
    let inner: [&dyn Fn(); 4] = [
        &|| atomically(|tx| tx.write(&var, 5)),
        &|| {
            let _: Result<(), Failed<()>> = try_atomically(|tx| Ok(tx.write(&var, 5)?));
        },
        &|| assert_eq!(read_only(|tx| tx.read(&var)), 5),
        &|| irrevocably(|tx| tx.write(&var, 5)),
    ];
    for inner in inner {
        let texts = [
            panic_text(|| {
                atomically(|tx| {
                    tx.write(&var, 1)?;
                    inner();
                    Ok(())
                });
            }),
            panic_text(|| {
                irrevocably(|tx| {
                    tx.write(&var, 1);
                    inner()
                })
            }),
        ];
        assert!(texts.iter().all(|text| text.contains("inside another")), "{texts:?}");
        assert_eq!(atomically(|tx| tx.read(&var)), 0);
    }
    // Through a container, in the middle of an operation of it.
    let map = TMap::new();
    let text = panic_text(|| {
        atomically(|tx| {
            map.insert(tx, 1, 1)?;
            inner[0]();
            Ok(())
        });
    });
    assert!(text.contains("inside another"), "{text}");
    assert_eq!(atomically(|tx| map.len(tx)), 0);
}

#[test]
fn the_threads_callback_hears_of_lost_conflicts() {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let hear = heard.clone();
    set_on_conflict(move |conflict| hear.borrow_mut().push(conflict));
    let (x, y) = (TVar::new(0), TVar::new(0));
    let before = thread_stats();
    let mut first = true;
    atomically(|tx| {
        let seen = tx.read(&x)?;
        if std::mem::take(&mut first) {
            thread::scope(|scope| {
                scope.spawn(|| atomically(|tx| tx.write(&x, 1)));
            });
        }
        tx.write(&y, seen)
    });
    let heard = heard.borrow();
    assert_eq!((heard.len(), heard[0].cause, heard[0].attempts), (1, Abort::Stale, 1));
    assert_eq!(thread_stats().aborts_for(Abort::Stale), before.aborts_for(Abort::Stale) + 1);
    assert_eq!(y.into_inner(), 1);
}
