//! Claim: every history that one thread can play with several open transactions is opaque, with
//! either clock, with injected aborts, with the clock moved at every chance.

use proptest::{collection::vec, prelude::*};
use taipan_proptests::{
    opaque::opaque,
    plan::{Op, Plan},
    play::play,
};
use taipan_stm::{ClockKind, Config};

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

fn check(plan: &Plan, schedule: &[usize], config: Config) -> Result<(), TestCaseError> {
    let history = play(plan, schedule, VARS, config);
    prop_assert!(opaque(&history, VARS), "no serial order explains:\n{history}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

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
    fn with_injected_aborts(plan in plans(), schedule in schedules()) {
        check(&plan, &schedule, Config { shake_one_in: 9, ..Config::default() })?;
    }
}
