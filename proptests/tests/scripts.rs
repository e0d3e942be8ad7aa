//! Claim: every history that one thread can play with several open transactions is opaque, with
//! either clock, with injected aborts at random and at each barrier in turn, with the clock moved at
//! every chance, with six bits of versions; and a replay under one lock reads and leaves the same.

use proptest::{collection::vec, prelude::*, test_runner::FileFailurePersistence};
use taipan_proptests::{
    opaque::opaque,
    oracle::replay,
    plan::{Op, Plan},
    play::play_with_fault,
};
use taipan_stm::{
    Abort, ClockKind, Config, Domain,
    words::{Handle, Words},
};

#[path = "scripts/counterexamples.rs"]
mod counterexamples;

const VARS: usize = 3;

fn ops() -> impl Strategy<Value = Op> {
    prop_oneof![
        5 => (0..VARS).prop_map(Op::Read),
        1 => (0..VARS).prop_map(Op::ReadInBracket),
        4 => (0..VARS).prop_map(Op::Write),
        1 => Just(Op::Nest),
        1 => Just(Op::Abort),
    ]
}

fn plans() -> impl Strategy<Value = Plan> {
    vec(vec(ops(), 1..6), 2..6)
}

fn schedules() -> impl Strategy<Value = Vec<usize>> {
    vec(0..6_usize, 0..40)
}

/// Where failures are kept; each run tries them first.
const KEPT: &str = "regressions/scripts.txt";

/// So many cases; what a planted bug brings up is kept only on demand (`TAIPAN_KEEP`).
fn cases(n: u32) -> ProptestConfig {
    let set = |name| std::env::var_os(name).is_some();
    let mut config = ProptestConfig::with_cases(n);
    config.failure_persistence = None;
    if set("TAIPAN_KEEP") || !set("TAIPAN_MUTANT") {
        config.failure_persistence = Some(Box::new(FileFailurePersistence::Direct(KEPT)));
    }
    config
}

fn check(plan: &Plan, schedule: &[usize], config: Config) -> Result<(), TestCaseError> {
    check_with_fault(plan, schedule, config, None)
}

fn check_with_fault(
    plan: &Plan,
    schedule: &[usize],
    config: Config,
    fault: Option<(usize, u32)>,
) -> Result<(), TestCaseError> {
    let (history, left) = play_with_fault(plan, schedule, VARS, config, fault);
    prop_assert!(opaque(&history, VARS), "no serial order explains:\n{history}");
    let replayed = replay(&history, &left);
    prop_assert!(replayed.is_ok(), "{replayed:?}:\n{history}");
    Ok(())
}

/// What one transaction does to objects of which it may have created some.
#[derive(Clone, Copy, Debug)]
enum Born {
    Create(usize),
    Write(usize),
    Nest(bool),
}

fn born_ops() -> impl Strategy<Value = Born> {
    prop_oneof![
        1 => (0..3_usize).prop_map(Born::Create),
        4 => (0..6_usize).prop_map(Born::Write),
        2 => any::<bool>().prop_map(Born::Nest),
    ]
}

/// Plays `ops` in one attempt beside a plain array; words 0 to 2 exist once they are created.
fn create_and_roll_back(ops: &[Born], commit: bool) -> Result<(), TestCaseError> {
    let words = Words::new(&Domain::new(Config::default()), &[0; 6]);
    let mut tx = Handle::new(&words).expect("a slot");
    let mut model = [0_u64; 6];
    let mut exists = [false, false, false, true, true, true];
    let mut open = Vec::new();
    tx.begin();
    for (&op, value) in ops.iter().zip(1..) {
        match op {
            // An object that was rolled back is garbage and is not created again.
            Born::Create(word) if !exists[word] && open.is_empty() => {
                tx.create(word, value);
                exists[word] = true;
                model[word] = value;
            }
            Born::Write(word) if exists[word] => {
                prop_assert_eq!(tx.write(word, value), Ok(()));
                model[word] = value;
            }
            Born::Nest(true) => open.push((tx.savepoint(), model)),
            Born::Nest(false) => {
                if let Some((savepoint, before)) = open.pop() {
                    tx.rollback_to(savepoint);
                    model = before;
                }
            }
            Born::Create(_) | Born::Write(_) => {}
        }
    }
    while let Some((savepoint, _)) = open.pop() {
        tx.release(savepoint);
    }
    if commit {
        prop_assert_eq!(tx.commit(), Ok(()));
        prop_assert_eq!(words.snapshot(), model);
    } else {
        tx.abort(Abort::User);
        prop_assert_eq!(&words.snapshot()[3..], [0, 0, 0]);
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(4000))]

    #[test]
    fn with_the_lazy_clock(plan in plans(), schedule in schedules()) {
        check(&plan, &schedule, Config::default())?;
    }

    #[test]
    fn with_the_lazy_clock_always_moved(plan in plans(), schedule in schedules()) {
        let config = Config { raise_after: 1, validate_max: 0, ..Config::default() };
        check(&plan, &schedule, config)?;
    }

    #[test]
    fn with_the_ticking_clock(plan in plans(), schedule in schedules()) {
        check(&plan, &schedule, Config { clock: ClockKind::Tick, ..Config::default() })?;
    }

    #[test]
    fn with_six_bits_of_versions(plan in plans(), schedule in schedules()) {
        check(&plan, &schedule, Config { version_max: 63, raise_after: 1, ..Config::default() })?;
    }

    #[test]
    fn with_born_objects(ops in vec(born_ops(), 1..24), commit in any::<bool>()) {
        create_and_roll_back(&ops, commit)?;
    }

    #[test]
    fn with_injected_aborts(plan in plans(), schedule in schedules()) {
        check(&plan, &schedule, Config { shake_one_in: 9, ..Config::default() })?;
    }
}

proptest! {
    #![proptest_config(cases(300))]

    /// Every barrier of every transaction fails once.
    #[test]
    fn with_an_abort_at_each_barrier(plan in plans(), schedule in schedules()) {
        for who in 0..plan.len() {
            for barrier in 1..=plan[who].len() as u32 {
                check_with_fault(&plan, &schedule, Config::default(), Some((who, barrier)))?;
            }
        }
    }
}
