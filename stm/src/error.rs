//! Why attempts end early, and what a caller can do wrong.
//!
//! - Holds: an [`Abort`] is never shown to the program that runs in the attempt.
//! - Not here: what happens after an abort (`contention.rs`).

/// Why an attempt ended (or must end) without committing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
#[repr(u8)]
pub enum Abort {
    /// Something read has changed since; no snapshot holds everything that was read.
    #[error("something that was read has changed")]
    Stale,
    /// Another attempt owns what this one needs, and this one gave way.
    #[error("another attempt owns the object")]
    Owned,
    /// An older or an irrevocable attempt asked this one to end.
    #[error("an older attempt needs what this one owns")]
    Killed,
    /// The irrevocable attempt has read what this one wants to overwrite.
    #[error("the irrevocable attempt has read the object")]
    IrrevocableRead,
    /// This attempt must start again with the token in hand.
    #[error("the attempt must start again as irrevocable")]
    NeedToken,
    /// The program asked to wait until something that it read changes.
    #[error("the program waits for a change")]
    Retry,
    /// The program left the transaction with an error of its own.
    #[error("the program left the transaction")]
    User,
    /// Injected by a test.
    #[error("injected by a test")]
    Shake,
    /// The attempt has read or written more than [`Config::log_max`](crate::Config::log_max).
    #[error("the attempt has read or written too much")]
    TooLarge,
}

impl Abort {
    /// Every cause, in the order of its counter in [`Stats`](crate::Stats).
    pub const ALL: [Abort; 9] = [
        Abort::Stale,
        Abort::Owned,
        Abort::Killed,
        Abort::IrrevocableRead,
        Abort::NeedToken,
        Abort::Retry,
        Abort::User,
        Abort::Shake,
        Abort::TooLarge,
    ];

    /// A short name for tables.
    pub const fn name(self) -> &'static str {
        match self {
            Abort::Stale => "stale",
            Abort::Owned => "owned",
            Abort::Killed => "killed",
            Abort::IrrevocableRead => "irrevocable-read",
            Abort::NeedToken => "need-token",
            Abort::Retry => "retry",
            Abort::User => "user",
            Abort::Shake => "shake",
            Abort::TooLarge => "too-large",
        }
    }

    /// Was the attempt lost over one object, which has been booked?
    pub(crate) const fn is_over_an_object(self) -> bool {
        matches!(self, Abort::Stale | Abort::Owned | Abort::IrrevocableRead)
    }

    /// Does this cause count as losing a conflict (and so towards an age ticket and the token)?
    pub(crate) const fn is_conflict(self) -> bool {
        matches!(
            self,
            Abort::Stale | Abort::Owned | Abort::Killed | Abort::IrrevocableRead | Abort::Shake
        )
    }
}

/// What a transaction asked for and no transaction can have. Its attempt left no trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadUse {
    /// It waits for a change of what it has read, which is nothing.
    #[error("a transaction waits (retry) but has read nothing, so it would wait for ever")]
    NothingRead,
    /// It has read or written more than [`Config::log_max`](crate::Config::log_max) allows.
    #[error("a transaction is too large: its domain allows {limit} reads and as many writes")]
    TooLarge {
        /// The domain's limit.
        limit: usize,
    },
}

/// A domain has no thread slot left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("all {limit} thread slots of the domain are taken")]
pub struct TooManyThreads {
    /// How many slots the domain was made with.
    pub limit: usize,
}
