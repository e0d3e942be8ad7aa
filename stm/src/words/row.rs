//! A row of words that is one object: several slots under one orec.

use super::{Handle, Words};
use crate::{
    Abort, Domain, Orec,
    sync::{Arc, AtomicU64, Ordering},
};

/// Several slots under one orec.
#[derive(Debug)]
pub(super) struct Row {
    orec: Orec,
    slots: Box<[AtomicU64]>,
}

impl Row {
    pub(super) fn new(values: &[u64]) -> Row {
        Row {
            orec: Orec::new(),
            slots: values.iter().map(|&value| AtomicU64::new(value)).collect(),
        }
    }
}

impl Words {
    /// No words, but a row of them that is one object.
    #[must_use]
    pub fn row(domain: &Arc<Domain>, values: &[u64]) -> Arc<Words> {
        Arc::new(Words { domain: domain.clone(), words: Box::new([]), row: Row::new(values) })
    }
}

impl Handle {
    /// Reads the whole row.
    ///
    /// # Errors
    /// As [`Txn::open_read`](crate::Txn::open_read).
    pub fn read_row(&mut self) -> Result<Vec<u64>, Abort> {
        assert!(self.txn.is_active(), "no attempt is running");
        let orec = &raw const self.words.row.orec;
        loop {
            // SAFETY: as in `read`.
            let token = unsafe { self.txn.open_read(orec) }?;
            // Acquire: the bracket's rule.
            let slots = self.words.row.slots.iter();
            let values = slots.map(|slot| slot.load(Ordering::Acquire)).collect();
            // SAFETY: the token is the one of the line above.
            if unsafe { self.txn.close_read(orec, token) }? {
                return Ok(values);
            }
        }
    }

    /// Claims the row and turns its words round, by `left` places towards the first.
    ///
    /// # Errors
    /// As [`Txn::claim`](crate::Txn::claim).
    pub fn rotate_row(&mut self, left: usize) -> Result<(), Abort> {
        assert!(self.txn.is_active(), "no attempt is running");
        let Row { orec, slots } = &self.words.row;
        let (orec, slots) = (&raw const *orec, &raw const **slots);
        // SAFETY: as in `read`.
        unsafe { self.txn.claim(orec) }?;
        // SAFETY: as in `read`, and the claim succeeded.
        unsafe { self.txn.rotate(orec, slots, left) };
        Ok(())
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use crate::{
        Abort, Config, Domain,
        words::{Handle, Words},
    };

    #[test]
    fn rotations_are_undone_in_turn_and_committed_as_one() {
        let words = Words::row(&Domain::new(Config::default()), &[1, 2, 3, 4, 5]);
        let mut tx = Handle::new(&words).unwrap();
        tx.begin();
        tx.rotate_row(1).unwrap();
        let savepoint = tx.savepoint();
        tx.rotate_row(2).unwrap();
        tx.rotate_row(4).unwrap();
        assert_eq!(tx.read_row(), Ok(vec![3, 4, 5, 1, 2]));
        tx.rollback_to(savepoint);
        assert_eq!(tx.read_row(), Ok(vec![2, 3, 4, 5, 1]));
        tx.abort(Abort::User);
        assert_eq!(tx.attempt(|tx| tx.read_row()), Ok(vec![1, 2, 3, 4, 5]));
        tx.attempt(|tx| tx.rotate_row(2)).unwrap();
        tx.attempt(|tx| tx.rotate_row(2)).unwrap();
        assert_eq!(tx.attempt(|tx| tx.read_row()), Ok(vec![5, 1, 2, 3, 4]));
    }
}
