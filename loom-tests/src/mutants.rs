//! The bugs that can be planted in a checked build, and the model that kills each.

/// A planted bug.
#[derive(Clone, Copy, Debug)]
pub struct Mutant {
    /// The value of `TAIPAN_MUTANT`.
    pub name: &'static str,
    /// The test file that must fail with it, and the test in it if one is meant (`file::test`).
    pub killer: &'static str,
    /// What is broken.
    pub what: &'static str,
}

const fn mutant(name: &'static str, killer: &'static str, what: &'static str) -> Mutant {
    Mutant { name, killer, what }
}

/// Every planted bug.
pub const MUTANTS: &[Mutant] = &[
    mutant(
        "no_recheck",
        "snapshot::with_the_lazy_clock",
        "a read does not sample the header again",
    ),
    mutant(
        "no_rv_check",
        "snapshot::with_the_lazy_clock",
        "a word beyond the snapshot is admitted unseen",
    ),
    mutant(
        "publish_relaxed",
        "snapshot::with_the_ticking_clock",
        "EDGE(publish) without its release side",
    ),
    mutant(
        "sample_relaxed",
        "snapshot::with_the_ticking_clock",
        "EDGE(publish) without its acquire side",
    ),
    mutant("slot_load_relaxed", "abort", "EDGE(slot) without its acquire side"),
    mutant("slot_store_relaxed", "abort", "EDGE(slot) without its release side"),
    mutant("abort_restores_word", "abort", "an abort puts the old version back"),
    mutant("abort_without_undo", "abort", "an abort leaves what it wrote"),
    mutant("claim_blind", "single_owner", "a claim stores without comparing"),
    mutant(
        "claim_over_stale_read",
        "lost_update",
        "a claim ignores that the object was read before",
    ),
    mutant(
        "failed_claim_owns",
        "lost_update::when_a_failed_claim_is_repeated",
        "a claim over a stale read stays owned although it failed",
    ),
    mutant("no_commit_validation", "write_skew", "a commit does not validate"),
    mutant("validate_before_stamp", "write_skew", "a commit validates before it takes its stamp"),
    mutant("read_not_logged", "write_skew", "a read leaves no log entry"),
    mutant("stamp_without_edge", "write_skew", "EDGE(claim) without its fence at the stamp"),
    mutant(
        "begin_without_edge",
        "snapshot::while_the_clock_moves",
        "EDGE(claim) without its fence at the snapshot",
    ),
    mutant("any_slot_is_mine", "extension", "any newer word passes as one's own"),
    mutant("no_extension_validation", "extension", "an extension does not validate"),
    mutant(
        "stamp_equals_clock",
        "snapshot::while_the_clock_moves",
        "a stamp is not larger than the clock",
    ),
    mutant("stamp_without_floor", "versions", "a version may repeat on an object"),
    mutant("token_shared", "token", "the token has two holders"),
    mutant("irrevocable_read_unmarked", "irrevocable", "the irrevocable reader leaves no mark"),
    mutant("commit_without_wake", "wake", "a commit forgets the sleepers"),
    mutant("sleep_without_check", "wake", "a sleeper does not compare before it sleeps"),
    mutant("kill_any", "kill", "a kill hits whoever runs in the slot"),
    mutant("born_is_raw", "born", "a born object of another attempt is read unguarded"),
    mutant("resume_without_fence", "safepoint", "EDGE(safepoint) without the fence on resuming"),
    mutant("exclusive_beside_attempts", "exclusive", "the stopped world has attempts under way"),
];

/// Planted bugs that no model can kill, and why.
pub const SURVIVORS: &[(&str, &str)] = &[(
    "claim_relaxed",
    "the fence that stands for SeqCst accesses in a checked build orders what EDGE(claim) orders; \
     without that fence (stamp_without_edge, begin_without_edge) models fail",
)];
