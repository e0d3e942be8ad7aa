//! The objects that a thread keeps losing to others.
//!
//! Conflicts over ever changing objects become rare when attempts become shorter. Over one object
//! that every attempt needs they do not: shorter attempts then only hand it over more often, and each
//! handing over costs cache misses. So there it pays to wait for the owner, and to keep attempts long.
//!
//! Where attempts are so short that a rival is over before it can be called a conflict, meetings are
//! counted whatever the object: if nearly every attempt meets somebody, the time goes into cache lines
//! on their way to and fro, and it pays to leave the field to others for a while.
//!
//! - Holds: nothing here is needed for correctness; a wrong guess costs time.

/// So many commits apart, two conflicts are taken to have nothing to do with each other.
const FAR_APART: u64 = 64;
/// So many conflicts over the same object make it a hot spot.
const HOT: u32 = 2;
/// So many more make it one that each attempt needs.
const BOILING: u32 = 8;
/// So many commits apart, two attempts that met owners are taken to be in the same crowd.
const CLOSE: u64 = 4;
const HEAT_MAX: u32 = 16;
/// So many objects are known at a time: a lock, what it guards, what that consists of.
const SPOTS: usize = 8;

/// An object over which there were conflicts.
#[derive(Clone, Copy, Debug, Default)]
struct Spot {
    addr: usize,
    heat: u32,
    /// How many commits the handle had made at the last conflict over this object.
    commits: u64,
}

/// What a handle remembers of its conflicts.
#[derive(Debug, Default)]
pub(crate) struct HotSpots {
    spots: [Spot; SPOTS],
    /// How hot was the object of the last conflict?
    last: u32,
    /// How hot is every object, at least? For tests.
    assumed: u32,
    /// How many attempts in a row, at most [`CLOSE`] commits apart, have met an owner of anything.
    crowd: u32,
    /// How many commits the handle had made at the last of them.
    crowd_commits: u64,
}

impl HotSpots {
    /// Notes that an attempt has met an owner, after `commits` commits of the handle. `true`: so have
    /// `limit` in a row.
    pub(crate) fn is_crowded(&mut self, commits: u64, limit: u32) -> bool {
        if commits - self.crowd_commits > CLOSE {
            self.crowd = 0;
        }
        self.crowd = self.crowd.saturating_add(1);
        self.crowd_commits = commits;
        self.crowd >= limit
    }

    /// The thread has left the field to others for a while.
    pub(crate) fn leave_crowd(&mut self) {
        self.crowd = 0;
    }

    /// Books a conflict over the object whose orec is at `addr`, after `commits` commits of the handle.
    pub(crate) fn book(&mut self, addr: usize, commits: u64) {
        let is_recent = |spot: &Spot| commits - spot.commits <= FAR_APART;
        let spot = self.place(addr, &is_recent);
        if addr != spot.addr && is_recent(spot) && spot.heat > 0 {
            spot.heat -= 1;
            self.last = self.assumed;
            return;
        }
        if addr != spot.addr || !is_recent(spot) {
            spot.heat = 0;
        } else if commits != spot.commits {
            spot.heat = (spot.heat + 1).min(HEAT_MAX);
        }
        (spot.addr, spot.commits) = (addr, commits);
        self.last = spot.heat.max(self.assumed);
    }

    /// For tests: every object is as hot as can be.
    pub(crate) fn assume_heat(&mut self) {
        self.assumed = HEAT_MAX;
    }

    /// The object's place, or the one that matters least.
    fn place(&mut self, addr: usize, is_recent: &impl Fn(&Spot) -> bool) -> &mut Spot {
        let at = self.spots.iter().position(|spot| spot.addr == addr).unwrap_or_else(|| {
            let matters = |at: &usize| {
                let spot = &self.spots[*at];
                (spot.addr != 0 && is_recent(spot), spot.heat, spot.commits)
            };
            (0..SPOTS).min_by_key(matters).unwrap_or(0)
        });
        &mut self.spots[at]
    }

    /// Was the last conflict over an object that this thread keeps losing?
    pub(crate) fn was_met(&self) -> bool {
        self.last >= HOT
    }

    /// Was it over one that (nearly) every attempt loses?
    pub(crate) fn is_boiling(&self) -> bool {
        self.last >= BOILING
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::{BOILING, CLOSE, FAR_APART, HOT, HotSpots, SPOTS};

    #[test]
    fn the_same_object_again_and_again_is_hot() {
        let mut hot = HotSpots::default();
        for commits in 0..=u64::from(BOILING) {
            assert!(!hot.is_boiling());
            hot.book(16, commits);
        }
        assert!(hot.was_met() && hot.is_boiling());
    }

    #[test]
    fn meetings_close_together_make_a_crowd() {
        let mut hot = HotSpots::default();
        let mut meet = |commits| hot.is_crowded(commits, 3);
        assert!(!meet(100) && !meet(100 + CLOSE) && meet(100 + 2 * CLOSE));
        assert!(!meet(101 + 3 * CLOSE), "too far apart");
        hot.leave_crowd();
        assert!(!hot.is_crowded(101 + 3 * CLOSE, 3) && !hot.is_crowded(101 + 3 * CLOSE, 3));
        assert!(hot.is_crowded(101 + 3 * CLOSE, 3));
    }

    #[test]
    fn losing_without_a_commit_counts_once() {
        let mut hot = HotSpots::default();
        (0..100).for_each(|_| hot.book(16, 7));
        assert!(!hot.was_met());
    }

    #[test]
    fn other_objects_do_not_cool_it_but_time_does() {
        let mut hot = HotSpots::default();
        (0..5).for_each(|commits| hot.book(16, commits));
        (1..20).for_each(|other| hot.book(16 + 512 * other, 5));
        assert!(!hot.was_met());
        hot.book(16, 6);
        assert!(hot.was_met());
        hot.book(16, 7 + FAR_APART);
        assert!(!hot.was_met());
    }

    #[test]
    fn any_eight_objects_can_be_hot() {
        let mut hot = HotSpots::default();
        for commits in 0..4 {
            for object in 0..SPOTS {
                hot.book(4096 * object + 16, commits);
                assert_eq!(hot.was_met(), commits >= u64::from(HOT));
            }
        }
        // Yet another one takes the place of one of them in the end.
        (4..12).for_each(|commits| hot.book(16 + 4096 * SPOTS, commits));
        assert!(hot.was_met());
    }

    #[test]
    fn two_objects_can_be_hot() {
        let mut hot = HotSpots::default();
        for commits in 0..10 {
            hot.book(16, commits);
            hot.book(32, commits);
        }
        assert!(hot.was_met());
    }

    #[test]
    fn changing_objects_are_never_hot() {
        let mut hot = HotSpots::default();
        (0..1000).for_each(|commits| hot.book(16 * (commits as usize % 70), commits));
        assert!(!hot.was_met());
    }
}
