//! Scripts that a planted bug has failed: found by the random scripts, shrunk, then stripped by hand
//! of what only filled turns. Each test has the name of the bug. The true protocol passes them all;
//! the runner of the planted bugs checks that each still fails with its bug.
//!
//! A turn begins a transaction, runs its next operation, or commits it; when the schedule is over the
//! transactions run to their ends, one after the other.

use taipan_proptests::plan::Op::{self, Abort, Read, Write};
use taipan_stm::{ClockKind, Config};

use super::{
    Born::{Create, Nest, Write as WriteBorn},
    check, create_and_roll_back,
};

#[track_caller]
fn replay(config: Config, plan: &[&[Op]], schedule: &[usize]) {
    let plan = plan.iter().map(|ops| ops.to_vec()).collect();
    if let Err(failure) = check(&plan, schedule, config) {
        panic!("{failure}");
    }
}

fn lazy() -> Config {
    Config::default()
}

fn always_moved() -> Config {
    Config { raise_after: 1, ..Config::default() }
}

fn ticking() -> Config {
    Config { clock: ClockKind::Tick, ..Config::default() }
}

#[test]
fn abort_without_undo() {
    replay(lazy(), &[&[Write(0), Abort], &[Read(0)]], &[]);
}

/// T1 has read before T0 commits; it is not alone, though T0 was.
#[test]
fn alone_unchecked() {
    replay(ticking(), &[&[Read(1), Write(0)], &[Read(0), Write(1)]], &[0, 1, 1]);
}

/// T1 reads the same word before and after T0 commits.
#[test]
fn any_slot_is_mine() {
    replay(lazy(), &[&[Write(0)], &[Read(0), Read(0)]], &[1, 1]);
}

#[test]
fn no_rv_check() {
    replay(lazy(), &[&[Write(0)], &[Read(0), Read(0)]], &[1, 1]);
}

#[test]
fn no_extension_validation() {
    replay(always_moved(), &[&[Write(0)], &[Read(0), Read(0)]], &[1, 1]);
}

/// T1 claims what T0 has changed since T1 read it.
#[test]
fn claim_over_stale_read() {
    replay(lazy(), &[&[Write(0)], &[Read(0), Write(0)]], &[1, 1]);
}

/// T2 moves its snapshot to T0's version; T1 then commits at that version, too.
#[test]
fn extend_without_raise() {
    let plan: [&[Op]; 3] = [&[Write(1)], &[Write(0)], &[Read(1), Read(0), Read(0)]];
    replay(always_moved(), &plan, &[0, 0, 0, 2, 2, 2]);
}

/// T0 stands between its read and its write while T1 commits.
#[test]
fn lazy_counts_as_unique() {
    replay(lazy(), &[&[Read(1), Write(0)], &[Write(1)]], &[0, 0, 1, 1, 1]);
}

#[test]
fn no_commit_validation() {
    replay(lazy(), &[&[Read(1), Write(0)], &[Read(0), Write(1)]], &[0, 0, 1, 1]);
}

#[test]
fn read_not_logged() {
    replay(lazy(), &[&[Read(1), Write(0)], &[Read(0), Write(1)]], &[0, 0, 1, 1]);
}

/// The second version wraps to the one that T2 has read under.
#[test]
fn version_wraps() {
    let plan: [&[Op]; 3] = [&[Write(0)], &[Read(0), Write(1)], &[Read(1), Read(1)]];
    replay(always_moved(), &plan, &[2, 2]);
}

#[test]
fn savepoint_keeps_born() {
    let ops = [Create(0), Nest(true), WriteBorn(0), Nest(false)];
    if let Err(failure) = create_and_roll_back(&ops, true) {
        panic!("{failure}");
    }
}
