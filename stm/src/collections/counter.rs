//! A counter whose additions commute: one stripe per thread slot.

use crate::{Stop, TVar, Tx};

const STRIPES: usize = 16;

#[repr(align(64))]
#[derive(Debug)]
struct Stripe(TVar<i64>);

/// A number that many threads add to.
///
/// Conflicts: [`TCounter::add`] only with [`TCounter::get`] (and with additions of threads whose
/// slots fall on the same stripe); additions of different threads commute.
/// Cost: `add` touches one variable, `get` sixteen.
///
/// ```
/// use taipan_stm::{TCounter, atomically};
///
/// let hits = TCounter::new(0);
/// atomically(|tx| hits.add(tx, 2));
/// assert_eq!(atomically(|tx| hits.get(tx)), 2);
/// ```
#[derive(Debug)]
pub struct TCounter {
    stripes: Box<[Stripe; STRIPES]>,
}

impl TCounter {
    /// A counter at `start`.
    #[must_use]
    pub fn new(start: i64) -> TCounter {
        let stripe = |index| Stripe(TVar::new(if index == 0 { start } else { 0 }));
        TCounter { stripes: Box::new(std::array::from_fn(stripe)) }
    }

    /// Adds `n` (wrapping).
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn add<'s>(&'s self, tx: &mut Tx<'s, '_>, n: i64) -> Result<(), Stop> {
        let stripe = &self.stripes[usize::from(tx.slot()) % STRIPES].0;
        let sum = tx.read(stripe)?;
        tx.write(stripe, sum.wrapping_add(n))
    }

    /// The sum.
    ///
    /// # Errors
    /// As [`Tx::read`].
    pub fn get<'s>(&'s self, tx: &mut Tx<'s, '_>) -> Result<i64, Stop> {
        self.stripes.iter().try_fold(0_i64, |sum, stripe| Ok(sum.wrapping_add(tx.read(&stripe.0)?)))
    }
}

impl Default for TCounter {
    fn default() -> Self {
        TCounter::new(0)
    }
}
