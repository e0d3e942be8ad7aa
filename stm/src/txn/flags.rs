//! All that an attempt may have beyond the straight path, in one word: one look at its begin and one at its
//! commit tell that there is nothing.
//!
//! - Holds: outside of attempts only `COLD`, `PENDING` and `ACTIONS` may be set.

/// A set of flags of a handle and its running attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Flags(u8);

impl Flags {
    /// Nothing: no attempt runs, and the next one may start at once.
    pub(crate) const NONE: Flags = Flags(0);
    /// An attempt is running.
    pub(crate) const ACTIVE: Flags = Flags(1);
    /// It holds the token and cannot abort.
    pub(crate) const IRREVOCABLE: Flags = Flags(1 << 1);
    /// It has outgrown the domain's limit: it fails at its next cold path or at its commit.
    pub(crate) const TOO_LARGE: Flags = Flags(1 << 2);
    /// It has taken a savepoint or turned words round, so its undo log has more to reset than its entries.
    pub(crate) const UNDO: Flags = Flags(1 << 3);
    /// The typed library has boxes to retire, something to let go of, or a failure to report at its end.
    pub(crate) const BOOKS: Flags = Flags(1 << 4);
    /// There are actions to run, or to forget, at its end.
    pub(crate) const ACTIONS: Flags = Flags(1 << 5);
    /// The next begin, or the next commit, has something to do for `contention.rs`.
    pub(crate) const PENDING: Flags = Flags(1 << 6);
    /// Every access of this handle takes its cold path, so that a test can make it fail, or a tool see it.
    pub(crate) const COLD: Flags = Flags(1 << 7);

    /// Those that end with an attempt.
    pub(crate) const PER_ATTEMPT: Flags = Self::ACTIVE
        .union(Self::IRREVOCABLE)
        .union(Self::TOO_LARGE)
        .union(Self::UNDO)
        .union(Self::BOOKS);

    /// Is any of `flags` set?
    #[inline(always)]
    pub(crate) fn any(self, flags: Flags) -> bool {
        self.0 & flags.0 != 0
    }

    /// Both sets together.
    pub(crate) const fn union(self, others: Flags) -> Flags {
        Flags(self.0 | others.0)
    }

    /// Sets `flags`, besides those that are set.
    #[inline(always)]
    pub(crate) fn set(&mut self, flags: Flags) {
        self.0 |= flags.0;
    }

    #[inline(always)]
    pub(crate) fn clear(&mut self, flags: Flags) {
        self.0 &= !flags.0;
    }

    pub(crate) fn put(&mut self, flags: Flags, on: bool) {
        if on {
            self.set(flags);
        } else {
            self.clear(flags);
        }
    }
}
