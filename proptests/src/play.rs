//! Plays a script: several open transactions on one thread, one operation at a time.

use std::collections::VecDeque;

use taipan_stm::{
    Abort, Config, Domain, Savepoint,
    words::{Handle, Words},
};

use crate::{
    history::{History, Step},
    plan::{Op, Plan},
};

/// One transaction of a script: one attempt in a handle of its own.
struct Actor {
    handle: Option<Handle>,
    ops: VecDeque<Op>,
    writes: usize,
    /// An open nested block: where it began, how many writes came before, how long it still lasts.
    nested: Option<(Savepoint, usize, u32)>,
}

/// Plays `plan`; each number of `schedule` says whose turn it is. What is left runs at the end, one
/// transaction after the other.
///
/// # Panics
/// If a domain refuses a slot, which a plan of fewer than a thousand transactions cannot cause.
pub fn play(plan: &Plan, schedule: &[usize], vars: usize, config: Config) -> History {
    play_with_fault(plan, schedule, vars, config, None).0
}

/// As [`play`], also giving the values left in memory. With `fault` = (who, n), the n-th barrier of
/// that transaction fails.
///
/// # Panics
/// As [`play`].
pub fn play_with_fault(
    plan: &Plan,
    schedule: &[usize],
    vars: usize,
    config: Config,
    fault: Option<(usize, u32)>,
) -> (History, Vec<u64>) {
    let words = Words::new(&Domain::new(config), &vec![0; vars]);
    let mut history = History::default();
    let mut value = 0;
    let mut actors: Vec<Actor> = plan
        .iter()
        .map(|ops| Actor {
            handle: Some(Handle::new(&words).expect("a slot")),
            ops: ops.iter().copied().collect(),
            writes: 0,
            nested: None,
        })
        .collect();
    if let Some((who, barrier)) = fault
        && let Some(handle) = actors.get_mut(who).and_then(|actor| actor.handle.as_mut())
    {
        handle.fail_in(barrier);
    }
    let rest = (0..actors.len()).flat_map(|who| std::iter::repeat_n(who, plan[who].len() + 2));
    for who in schedule.iter().map(|turn| turn % plan.len()).chain(rest) {
        value += 1;
        actors[who].step(who, value, &mut history);
    }
    drop(actors);
    (history, words.snapshot())
}

impl Actor {
    /// Runs the next operation, or the commit; nothing if the transaction is over.
    fn step(&mut self, who: usize, value: u64, history: &mut History) {
        let Some(mut handle) = self.handle.take() else { return };
        if !handle.is_active() {
            handle.begin();
            history.0.push((who, Step::Begin));
            self.handle = Some(handle);
            return;
        }
        self.leave_nested(who, &mut handle, history);
        let Some(op) = self.ops.pop_front() else {
            let step = if handle.commit().is_ok() { Step::Commit } else { Step::Abort };
            history.0.push((who, step));
            return;
        };
        match self.run(op, value, &mut handle) {
            Ok(step) => {
                history.0.extend(step.map(|step| (who, step)));
                self.handle = Some(handle);
            }
            Err(cause) => {
                handle.abort(cause);
                history.0.push((who, Step::Abort));
            }
        }
    }

    fn run(&mut self, op: Op, value: u64, handle: &mut Handle) -> Result<Option<Step>, Abort> {
        Ok(Some(match op {
            Op::Read(var) => Step::Read(var, handle.read(var)?),
            Op::ReadInBracket(var) => Step::Read(var, handle.read_in_bracket(var)?),
            Op::Write(var) => {
                handle.write(var, value)?;
                self.writes += 1;
                Step::Write(var, value)
            }
            Op::Nest => {
                if self.nested.is_none() {
                    self.nested = Some((handle.savepoint(), self.writes, 2));
                }
                return Ok(None);
            }
            Op::Abort => return Err(Abort::User),
        }))
    }

    fn leave_nested(&mut self, who: usize, handle: &mut Handle, history: &mut History) {
        match self.nested.take() {
            Some((savepoint, writes, 0)) => {
                handle.rollback_to(savepoint);
                self.writes = writes;
                history.0.push((who, Step::RollBack(writes)));
            }
            Some((savepoint, writes, left)) => self.nested = Some((savepoint, writes, left - 1)),
            None => {}
        }
    }
}
