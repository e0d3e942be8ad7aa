//! A bounded queue: a ring in which both ends know full and empty from the cell they stand at.

use std::fmt;

use crate::{Stop, TVar, Tx};

/// A first-in, first-out queue of at most so many items. Its ends wait: pushing into a full queue
/// and popping from an empty one retry until that changes.
///
/// Conflicts: pushes with each other, pops with each other; a push with a pop only if the queue is
/// full or empty.
/// Cost: two variables per operation.
///
/// ```
/// use taipan_stm::{TQueue, atomically};
///
/// let jobs = TQueue::new(8);
/// std::thread::scope(|scope| {
///     scope.spawn(|| (0..100).for_each(|n| atomically(|tx| jobs.push(tx, n))));
///     let sum: i32 = (0..100).map(|_| atomically(|tx| jobs.pop(tx))).sum();
///     assert_eq!(sum, 4950);
/// });
/// ```
pub struct TQueue<T: 'static> {
    cells: Box<[TVar<Option<T>>]>,
    head: TVar<usize>,
    tail: TVar<usize>,
}

impl<T: Clone + Send + Sync + 'static> TQueue<T> {
    /// An empty queue with room for `capacity` items.
    ///
    /// # Panics
    /// If `capacity` is 0.
    #[must_use]
    pub fn new(capacity: usize) -> TQueue<T> {
        assert!(capacity > 0, "a queue needs room for an item");
        TQueue {
            cells: (0..capacity).map(|_| TVar::new(None)).collect(),
            head: TVar::new(0),
            tail: TVar::new(0),
        }
    }

    /// Appends `item`; waits while the queue is full.
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn push<'s>(&'s self, tx: &mut Tx<'s, '_>, item: T) -> Result<(), Stop> {
        if self.try_push(tx, item)?.is_some() { tx.retry() } else { Ok(()) }
    }

    /// Appends `item`, or gives it back if the queue is full.
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn try_push<'s>(&'s self, tx: &mut Tx<'s, '_>, item: T) -> Result<Option<T>, Stop> {
        let tail = tx.read(&self.tail)?;
        let cell = &self.cells[tail];
        if tx.with(cell, Option::is_some)? {
            return Ok(Some(item));
        }
        tx.write(cell, Some(item))?;
        tx.write(&self.tail, (tail + 1) % self.cells.len())?;
        Ok(None)
    }

    /// Takes the oldest item out; waits while the queue is empty.
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn pop<'s>(&'s self, tx: &mut Tx<'s, '_>) -> Result<T, Stop> {
        match self.try_pop(tx)? {
            Some(item) => Ok(item),
            None => tx.retry(),
        }
    }

    /// Takes the oldest item out, if there is one.
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn try_pop<'s>(&'s self, tx: &mut Tx<'s, '_>) -> Result<Option<T>, Stop> {
        let head = tx.read(&self.head)?;
        let cell = &self.cells[head];
        let item = tx.read(cell)?;
        if item.is_some() {
            tx.write(cell, None)?;
            tx.write(&self.head, (head + 1) % self.cells.len())?;
        }
        Ok(item)
    }
}

impl<T> fmt::Debug for TQueue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TQueue").field("capacity", &self.cells.len()).finish_non_exhaustive()
    }
}
