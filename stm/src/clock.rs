//! The version clock of a domain, in two kinds behind one trait.
//!
//! What the protocol needs of a clock: (1) a stamp taken at a time when the clock reads `c` is
//! larger than `c`; (2) the clock never goes down. Then a word at a version `<= rv` was stamped
//! before the clock read `rv`, hence after its owner had claimed everything: whoever reads at `rv`
//! meets the claim or the finished publication, never the state before.
//!
//! - [`LazyClock`] (the default) does not tick on commit: a stamp is a plain load plus one, and only
//!   a reader that keeps meeting words beyond its snapshot moves the clock. Disjoint writers never
//!   write a shared line. Stamps are not unique; per object they still strictly increase, since
//!   `commit.rs` also goes above the old version of all it owns.
//! - [`TickClock`] (TL2) ticks on every stamp: unique stamps, and a line that bounces.
//!
//! - Holds: `now` never goes down.
//! - Edges: `clock`, `claim`.

use crate::sync::{AtomicU64, Ordering, order, seq_cst_edge};

/// A domain's source of snapshot times and commit stamps.
pub trait Clock {
    /// The time for a new or extended snapshot.
    fn now(&self) -> u64;
    /// A stamp larger than any snapshot taken before this call. The caller owns its whole write set.
    fn stamp(&self) -> u64;
    /// Makes sure that later calls of `now` give at least `version`.
    fn raise(&self, version: u64);
    /// Are stamps unique, so that `stamp == rv + 1` means that nobody else committed since `rv`?
    fn unique(&self) -> bool;
}

/// Which clock a domain uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockKind {
    /// [`LazyClock`].
    #[default]
    Lazy,
    /// [`TickClock`].
    Tick,
}

/// A clock that only readers move. See the module's text.
#[derive(Debug)]
pub struct LazyClock(AtomicU64);

impl Clock for LazyClock {
    #[inline(always)]
    fn now(&self) -> u64 {
        // EDGE(clock), acquire side: SeqCst orders the header samples that follow after this
        // reading, see EDGE(claim).
        let now = self.0.load(order("now_relaxed", Ordering::SeqCst));
        if !crate::sync::mutant("begin_without_edge") {
            seq_cst_edge();
        }
        now
    }

    #[inline(always)]
    fn stamp(&self) -> u64 {
        // EDGE(claim), release side: the claims come before this reading in the total order of
        // SeqCst operations, so a snapshot that admits the stamp meets the claims.
        if !crate::sync::mutant("stamp_without_edge") {
            seq_cst_edge();
        }
        if crate::sync::mutant("stamp_equals_clock") {
            return self.0.load(Ordering::SeqCst);
        }
        self.0.load(order("stamp_relaxed", Ordering::SeqCst)) + 1
    }

    #[cold]
    fn raise(&self, version: u64) {
        // EDGE(clock), release side: SeqCst, so that readings of at least `version` come after
        // every stamp below it in the total order.
        self.0.fetch_max(version, order("raise_relaxed", Ordering::SeqCst));
    }

    #[inline(always)]
    fn unique(&self) -> bool {
        crate::sync::mutant("lazy_counts_as_unique")
    }
}

/// A clock that ticks on every commit, as in TL2: for comparison.
///
/// # Source
/// Dice, Shalev, Shavit: Transactional Locking II, DISC 2006.
#[derive(Debug)]
pub struct TickClock(AtomicU64);

impl Clock for TickClock {
    #[inline(always)]
    fn now(&self) -> u64 {
        // EDGE(clock), acquire side: pairs with the tick in `stamp`; no fence is needed for that.
        self.0.load(order("tick_now_relaxed", Ordering::Acquire))
    }

    #[inline(always)]
    fn stamp(&self) -> u64 {
        // EDGE(clock), release side: the claims come before the tick that makes `rv` reach it.
        // Acquire: of two committers the later one sees the claims of the other.
        self.0.fetch_add(1, order("tick_stamp_relaxed", Ordering::AcqRel)) + 1
    }

    #[cold]
    fn raise(&self, version: u64) {
        // EDGE(clock), release side: keeps the chain of ticks. The clock never lags behind a stamp
        // here, so this changes nothing.
        self.0.fetch_max(version, order("tick_raise_relaxed", Ordering::AcqRel));
    }

    #[inline(always)]
    fn unique(&self) -> bool {
        true
    }
}

/// The clock that a domain was made with.
#[derive(Debug)]
pub(crate) enum AnyClock {
    Lazy(LazyClock),
    Tick(TickClock),
}

impl AnyClock {
    pub(crate) fn new(kind: ClockKind) -> AnyClock {
        match kind {
            ClockKind::Lazy => AnyClock::Lazy(LazyClock(AtomicU64::new(0))),
            ClockKind::Tick => AnyClock::Tick(TickClock(AtomicU64::new(0))),
        }
    }
}

impl Clock for AnyClock {
    #[inline(always)]
    fn now(&self) -> u64 {
        match self {
            AnyClock::Lazy(clock) => clock.now(),
            AnyClock::Tick(clock) => clock.now(),
        }
    }

    #[inline(always)]
    fn stamp(&self) -> u64 {
        match self {
            AnyClock::Lazy(clock) => clock.stamp(),
            AnyClock::Tick(clock) => clock.stamp(),
        }
    }

    fn raise(&self, version: u64) {
        match self {
            AnyClock::Lazy(clock) => clock.raise(version),
            AnyClock::Tick(clock) => clock.raise(version),
        }
    }

    #[inline(always)]
    fn unique(&self) -> bool {
        match self {
            AnyClock::Lazy(clock) => clock.unique(),
            AnyClock::Tick(clock) => clock.unique(),
        }
    }
}
