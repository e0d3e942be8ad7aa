//! Histories of real threads: serializable, and in the order of real time.
//!
//! Every transaction reads what it overwrites and every value is written once, so values name
//! versions and the order of a variable's versions is known. An edge leads from each transaction to
//! those that must come later: who reads or overwrites its versions, who overwrites what it has read,
//! who began after it had ended. A cycle is a violation.

use std::collections::HashMap;

/// A committed transaction.
#[derive(Clone, Debug)]
pub struct Record {
    /// Ticks of a shared counter just before the first attempt's begin and just after the commit.
    pub span: (u64, u64),
    /// Variable and value of what was read and not written.
    pub reads: Vec<(usize, u64)>,
    /// Variable, value overwritten, value written.
    pub writes: Vec<(usize, u64, u64)>,
}

/// A transaction that must come both before and after another one, if there is one.
pub fn cycle(records: &[Record]) -> Option<usize> {
    let edges = edges(records);
    // 0: unseen, 1: on the path, 2: done.
    let mut state = vec![0_u8; records.len()];
    for root in 0..records.len() {
        let mut path = vec![(root, 0)];
        while let Some((node, next)) = path.pop() {
            if next == 0 {
                if state[node] == 2 {
                    continue;
                }
                state[node] = 1;
            }
            match edges[node].get(next) {
                Some(&target) => {
                    path.push((node, next + 1));
                    match state[target] {
                        0 => path.push((target, 0)),
                        1 => return Some(target),
                        _ => {}
                    }
                }
                None => state[node] = 2,
            }
        }
    }
    None
}

fn edges(records: &[Record]) -> Vec<Vec<usize>> {
    let mut writer = HashMap::new();
    let mut overwriter = HashMap::new();
    for (index, record) in records.iter().enumerate() {
        for &(var, old, new) in &record.writes {
            writer.insert((var, new), index);
            // Two transactions that overwrite the same version: one update is lost.
            if let Some(other) = overwriter.insert((var, old), index) {
                return vec![vec![other]; records.len()];
            }
        }
    }
    let mut edges: Vec<Vec<usize>> = records
        .iter()
        .enumerate()
        .map(|(index, record)| {
            let seen = record.reads.iter().copied();
            let mut later: Vec<usize> =
                seen.filter_map(|version| overwriter.get(&version).copied()).collect();
            later.extend(later_in_time(records, index));
            later
        })
        .collect();
    for (index, record) in records.iter().enumerate() {
        let seen = record.reads.iter().copied();
        for version in seen.chain(record.writes.iter().map(|&(var, old, _)| (var, old))) {
            if let Some(&from) = writer.get(&version) {
                edges[from].push(index);
            }
        }
    }
    edges
}

fn later_in_time(records: &[Record], index: usize) -> impl Iterator<Item = usize> + '_ {
    let end = records[index].span.1;
    records.iter().enumerate().filter(move |(_, other)| other.span.0 > end).map(|(later, _)| later)
}

#[cfg(test)]
mod tests {
    use super::{Record, cycle};

    fn record(span: (u64, u64), reads: &[(usize, u64)], writes: &[(usize, u64, u64)]) -> Record {
        Record { span, reads: reads.to_vec(), writes: writes.to_vec() }
    }

    #[test]
    fn write_skew_lost_updates_and_stale_reads_are_cycles() {
        let skew =
            [record((0, 9), &[(0, 0)], &[(1, 0, 1)]), record((0, 9), &[(1, 0)], &[(0, 0, 2)])];
        assert!(cycle(&skew).is_some());
        let lost = [record((0, 9), &[], &[(0, 0, 1)]), record((0, 9), &[], &[(0, 0, 2)])];
        assert!(cycle(&lost).is_some());
        let stale = [record((0, 1), &[], &[(0, 0, 1)]), record((2, 3), &[(0, 0)], &[])];
        assert!(cycle(&stale).is_some());
        let fine = [record((0, 9), &[], &[(0, 0, 1)]), record((2, 3), &[(0, 0)], &[])];
        assert!(cycle(&fine).is_none());
    }
}
