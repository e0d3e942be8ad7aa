//! How a body leaves a transaction early.

use std::fmt;

use crate::Abort;

/// The attempt cannot go on. Bodies pass it up with `?` and cannot make one themselves, except
/// through [`Tx::retry`](crate::Tx::retry).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Stop(Option<Abort>);

impl Stop {
    pub(crate) const fn retry() -> Stop {
        Stop(None)
    }

    pub(crate) const fn conflict(cause: Abort) -> Stop {
        Stop(Some(cause))
    }

    pub(crate) const fn is_retry(self) -> bool {
        self.0.is_none()
    }

    pub(crate) const fn cause(self) -> Option<Abort> {
        self.0
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.unwrap_or(Abort::Retry).fmt(f)
    }
}

/// The error for which a body left a transaction for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Canceled<E>(pub(crate) E);

/// How a body of [`try_atomically`](crate::try_atomically) leaves early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum TryStop<E> {
    /// The attempt cannot go on.
    Stop(Stop),
    /// The program gives the transaction up.
    Canceled(Canceled<E>),
}

impl<E> From<Stop> for TryStop<E> {
    fn from(stop: Stop) -> Self {
        TryStop::Stop(stop)
    }
}

impl<E> From<Canceled<E>> for TryStop<E> {
    fn from(canceled: Canceled<E>) -> Self {
        TryStop::Canceled(canceled)
    }
}

/// Gives the running transaction up with `error`: `cancel(error)?`.
///
/// # Errors
/// Always.
pub fn cancel<R, E>(error: E) -> Result<R, Canceled<E>> {
    Err(Canceled(error))
}
