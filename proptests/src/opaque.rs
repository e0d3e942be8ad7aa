//! Opacity by brute force: for each prefix of a history, some order of its attempts explains all
//! reads, each committed write and no other one.

use crate::history::{Fate, History, Step};

/// Can every prefix of `history` over `vars` variables (initially 0) be explained?
pub fn opaque(history: &History, vars: usize) -> bool {
    let mut prefix = History::default();
    history.0.iter().all(|&(attempt, step)| {
        prefix.0.push((attempt, step));
        // Only a read or a commit can break what held before.
        !matches!(step, Step::Read(..) | Step::Commit) || explained(&prefix, vars)
    })
}

fn explained(history: &History, vars: usize) -> bool {
    let mut attempts: Vec<usize> = history.0.iter().map(|(attempt, _)| *attempt).collect();
    attempts.sort_unstable();
    attempts.dedup();
    extend(history, &mut Vec::new(), &attempts, &vec![0; vars])
}

/// Tries every continuation of `placed` that respects the order of real time.
fn extend(history: &History, placed: &mut Vec<usize>, attempts: &[usize], state: &[u64]) -> bool {
    if placed.len() == attempts.len() {
        return true;
    }
    let open: Vec<usize> = attempts.iter().copied().filter(|a| !placed.contains(a)).collect();
    open.iter().any(|&next| {
        if open.iter().any(|&other| other != next && history.precedes(other, next)) {
            return false;
        }
        let Some(after) = run(history, next, state) else { return false };
        placed.push(next);
        let found = extend(history, placed, attempts, &after);
        placed.pop();
        found
    })
}

/// The state after `attempt`, if its reads fit `state`.
fn run(history: &History, attempt: usize, state: &[u64]) -> Option<Vec<u64>> {
    let mut writes: Vec<(usize, u64)> = Vec::new();
    for step in history.steps_of(attempt) {
        match step {
            Step::Read(var, value) => {
                let own = writes.iter().rev().find(|write| write.0 == var);
                if own.map_or(state[var], |write| write.1) != value {
                    return None;
                }
            }
            Step::Write(var, value) => writes.push((var, value)),
            Step::RollBack(left) => writes.truncate(left),
            Step::Begin | Step::Commit | Step::Abort => {}
        }
    }
    let mut after = state.to_vec();
    if history.fate(attempt) == Fate::Committed {
        writes.into_iter().for_each(|(var, value)| after[var] = value);
    }
    Some(after)
}

#[cfg(test)]
mod tests {
    use super::opaque;
    use crate::history::{History, Step::*};

    #[test]
    fn a_torn_read_of_an_aborting_attempt_is_found() {
        let mut history = History(vec![
            (0, Begin),
            (0, Read(0, 0)),
            (1, Begin),
            (1, Write(0, 7)),
            (1, Write(1, 8)),
            (1, Commit),
            (0, Read(1, 8)),
            (0, Abort),
        ]);
        assert!(!opaque(&history, 2));
        history.0[6] = (0, Read(1, 0));
        assert!(opaque(&history, 2));
    }

    #[test]
    fn reading_what_is_not_committed_yet_is_found() {
        let history = History(vec![
            (0, Begin),
            (0, Write(0, 7)),
            (1, Begin),
            (1, Read(0, 7)),
            (0, Commit),
            (1, Commit),
        ]);
        assert!(!opaque(&history, 1));
    }

    #[test]
    fn write_skew_is_found() {
        let history = History(vec![
            (0, Begin),
            (1, Begin),
            (0, Read(0, 0)),
            (1, Read(1, 0)),
            (0, Write(1, 1)),
            (1, Write(0, 2)),
            (0, Commit),
            (1, Commit),
        ]);
        assert!(!opaque(&history, 2));
    }
}
