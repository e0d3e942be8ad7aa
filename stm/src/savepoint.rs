//! Places inside an attempt to which it can go back: for nested blocks and alternatives.
//!
//! - Holds: savepoints nest; each is rolled back or released once, innermost first.
//! - Not here: what a log entry is (`undo.rs`); the end of the whole attempt (`commit.rs`).

use crate::{
    effects::Action,
    sync::mutant,
    txn::{Flags, Txn},
};

/// A place in an attempt to which it can go back; see [`Txn::savepoint`].
#[derive(Debug)]
#[must_use]
pub struct Savepoint {
    /// The word that names the attempt.
    attempt: u64,
    undo_len: usize,
    floor: usize,
    on_commit_len: usize,
    on_abort_len: usize,
}

impl Txn {
    /// A place to which [`Txn::rollback_to`] goes back, for nested blocks and `or_else`.
    ///
    /// Savepoints nest: each must be rolled back or [released](Txn::release), innermost first.
    pub fn savepoint(&mut self) -> Savepoint {
        self.flags.set(Flags::UNDO);
        // Objects born so far must get undo entries from here on.
        if !mutant("savepoint_keeps_born") {
            self.next_serial();
        }
        Savepoint {
            attempt: self.owned_word,
            undo_len: self.undo.len(),
            floor: self.undo.mark(),
            on_commit_len: self.effects.on_commit.len(),
            on_abort_len: self.effects.on_abort.len(),
        }
    }

    /// Undoes every write since the savepoint and drops its commit actions; abort actions added
    /// since then run. What was read since stays in the read set, what was claimed stays owned.
    ///
    /// # Panics
    /// If the savepoint is not of the running attempt.
    pub fn rollback_to(&mut self, savepoint: Savepoint) {
        self.rollback_quietly(savepoint).into_iter().for_each(|action| action());
    }

    /// As [`Txn::rollback_to`]; the caller runs the returned actions.
    pub(crate) fn rollback_quietly(&mut self, savepoint: Savepoint) -> Vec<Action> {
        self.check(&savepoint);
        self.undo.unmark(savepoint.floor);
        self.undo.restore(savepoint.undo_len);
        self.effects.on_commit.truncate(savepoint.on_commit_len);
        self.effects.on_abort.split_off(savepoint.on_abort_len)
    }

    /// Makes what was done since the savepoint part of the attempt.
    ///
    /// # Panics
    /// If the savepoint is not of the running attempt.
    pub fn release(&mut self, savepoint: Savepoint) {
        self.check(&savepoint);
        self.undo.unmark(savepoint.floor);
    }

    fn check(&self, savepoint: &Savepoint) {
        assert!(
            self.is_active()
                && savepoint.attempt == self.owned_word
                && savepoint.undo_len <= self.undo.len(),
            "the savepoint is not of this attempt"
        );
    }
}
