//! The one-lock oracle: transactions that wrote take effect in the order of their commits, so running
//! them again one by one, under one lock, must give the same reads and leave the same values.

use std::sync::Mutex;

use crate::history::{Fate, History, Step};

/// Replays the writers among the committed attempts in the order of their commits.
///
/// # Errors
/// What differs: a read, or the values left behind.
pub fn replay(history: &History, left: &[u64]) -> Result<(), String> {
    let lock = Mutex::new(vec![0; left.len()]);
    let commits = history.0.iter().filter(|(_, step)| *step == Step::Commit);
    for &(attempt, _) in commits {
        assert_eq!(history.fate(attempt), Fate::Committed);
        let mut state = lock.lock().unwrap_or_else(|poison| poison.into_inner());
        one(history, attempt, &mut state)?;
    }
    let state = lock.into_inner().unwrap_or_else(|poison| poison.into_inner());
    if state == left { Ok(()) } else { Err(format!("memory holds {left:?}, the oracle {state:?}")) }
}

/// Runs one attempt on `state`. One that wrote nothing takes effect earlier than its commit, at its
/// snapshot; [`opaque`](crate::opaque) has looked at it.
fn one(history: &History, attempt: usize, state: &mut [u64]) -> Result<(), String> {
    let wrote = history.steps_of(attempt).any(|step| matches!(step, Step::Write(..)));
    let mut undo = Vec::new();
    for step in history.steps_of(attempt) {
        match step {
            Step::Read(var, value) if wrote && state[var] != value => {
                return Err(format!("T{attempt} read v{var} = {value}, the oracle {}", state[var]));
            }
            Step::Write(var, value) => {
                undo.push((var, state[var]));
                state[var] = value;
            }
            Step::RollBack(writes) => {
                for (var, old) in undo.drain(writes..).rev() {
                    state[var] = old;
                }
            }
            Step::Read(..) | Step::Begin | Step::Commit | Step::Abort => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::replay;
    use crate::history::{History, Step::*};

    #[test]
    fn a_lost_update_and_a_wrong_memory_are_found() {
        let mut history = History(vec![
            (0, Begin),
            (1, Begin),
            (0, Read(0, 0)),
            (1, Read(0, 0)),
            (0, Write(0, 1)),
            (0, Commit),
            (1, Write(0, 2)),
            (1, Commit),
        ]);
        assert!(replay(&history, &[2]).is_err());
        history.0[3] = (1, Read(0, 1));
        assert_eq!(replay(&history, &[2]), Ok(()));
        assert!(replay(&history, &[1]).is_err());
    }
}
