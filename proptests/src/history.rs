//! What happened, in the order in which it happened.

use std::fmt;

/// How an attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Still running.
    Live,
    /// Committed.
    Committed,
    /// Ended without committing.
    Aborted,
}

/// One step of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The attempt began.
    Begin,
    /// It read this value of this variable.
    Read(usize, u64),
    /// It wrote this value to this variable.
    Write(usize, u64),
    /// Its writes since then count no more: the number of its writes that remain.
    RollBack(usize),
    /// It committed.
    Commit,
    /// It ended without committing.
    Abort,
}

/// All steps of all attempts.
#[derive(Clone, Debug, Default)]
pub struct History(pub Vec<(usize, Step)>);

impl History {
    /// The steps of one attempt.
    pub fn steps_of(&self, attempt: usize) -> impl Iterator<Item = Step> + '_ {
        self.0.iter().filter(move |(who, _)| *who == attempt).map(|(_, step)| *step)
    }

    /// How an attempt stands at the end.
    pub fn fate(&self, attempt: usize) -> Fate {
        match self.steps_of(attempt).last() {
            Some(Step::Commit) => Fate::Committed,
            Some(Step::Abort) => Fate::Aborted,
            _ => Fate::Live,
        }
    }

    /// Did `first` end before `second` began?
    pub fn precedes(&self, first: usize, second: usize) -> bool {
        let end = self
            .0
            .iter()
            .position(|(who, step)| *who == first && matches!(step, Step::Commit | Step::Abort));
        let begin = self.0.iter().position(|&(who, step)| who == second && step == Step::Begin);
        matches!((end, begin), (Some(end), Some(begin)) if end < begin)
    }
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (attempt, step) in &self.0 {
            let text = match step {
                Step::Begin => "begins".to_owned(),
                Step::Read(var, value) => format!("reads v{var} = {value}"),
                Step::Write(var, value) => format!("writes v{var} = {value}"),
                Step::RollBack(left) => format!("rolls back to its first {left} writes"),
                Step::Commit => "commits".to_owned(),
                Step::Abort => "aborts".to_owned(),
            };
            writeln!(f, "T{attempt} {text}")?;
        }
        Ok(())
    }
}
