//! How a body leaves a transaction early.

use std::fmt;

use crate::{Abort, BadUse};

/// The attempt cannot go on. Bodies pass it up with `?` and cannot make one themselves, except
/// through [`Tx::retry`](crate::Tx::retry).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Stop(Why);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Retry,
    /// Retry, with nothing read.
    Hopeless,
    Conflict(Abort),
}

impl Stop {
    pub(crate) const fn retry() -> Stop {
        Stop(Why::Retry)
    }

    pub(crate) const fn conflict(cause: Abort) -> Stop {
        Stop(Why::Conflict(cause))
    }

    pub(crate) const fn hopeless() -> Stop {
        Stop(Why::Hopeless)
    }

    pub(crate) const fn is_retry(self) -> bool {
        matches!(self.0, Why::Retry)
    }

    pub(crate) const fn cause(self) -> Option<Abort> {
        match self.0 {
            Why::Conflict(cause) => Some(cause),
            Why::Retry | Why::Hopeless => None,
        }
    }

    /// What makes another attempt pointless in a domain with this limit, if anything does.
    pub(crate) const fn misuse(self, limit: usize) -> Option<BadUse> {
        match self.0 {
            Why::Hopeless => Some(BadUse::NothingRead),
            Why::Conflict(Abort::TooLarge) => Some(BadUse::TooLarge { limit }),
            Why::Retry | Why::Conflict(_) => None,
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Why::Retry => Abort::Retry.fmt(f),
            Why::Hopeless => BadUse::NothingRead.fmt(f),
            Why::Conflict(cause) => cause.fmt(f),
        }
    }
}

/// Why [`try_atomically`](crate::try_atomically) gave up. The transaction left no trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failed<E> {
    /// The body left with an error of its own, see [`cancel`].
    #[error("the program left the transaction")]
    Canceled(E),
    /// No number of attempts would have helped.
    #[error(transparent)]
    BadUse(#[from] BadUse),
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
