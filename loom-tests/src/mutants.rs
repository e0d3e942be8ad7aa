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
    mutant("younger_wins", "tickets", "a younger attempt may ask an older one to end"),
    mutant("never_escalates", "escalation", "lost attempts never lead to the token"),
    mutant("version_wraps", "exhausted", "versions start again when they run out"),
    mutant("abort_drops_waiters", "wake", "an abort forgets that somebody waits"),
    mutant("mark_ignored", "irrevocable", "a writer claims what the irrevocable attempt has read"),
    mutant(
        "mark_without_check",
        "irrevocable",
        "becoming irrevocable marks what has changed since it was read",
    ),
    mutant(
        "claim_without_validation",
        "stale_claim",
        "a claim beyond the snapshot does not validate",
    ),
    mutant(
        "claim_forgets_reads",
        "stale_claim",
        "a claim moves the snapshot although something has been read",
    ),
    mutant(
        "admitted_kept",
        "stale_claim",
        "a word once admitted stays so after the snapshot moved",
    ),
    mutant(
        "tick_now_relaxed",
        "ticking",
        "EDGE(clock) of the ticking clock without its acquire side",
    ),
    mutant(
        "tick_stamp_relaxed",
        "ticking",
        "EDGE(clock) of the ticking clock without its release side",
    ),
    mutant("stop_without_fence", "safepoint", "EDGE(safepoint) without the fence on stopping"),
    mutant("request_without_fence", "safepoint", "EDGE(safepoint) without the requester's fence"),
    mutant("stop_unreleased", "safepoint", "EDGE(safepoint): stopping without its release side"),
    mutant("stop_unacquired", "safepoint", "EDGE(safepoint): stopping without its acquire side"),
    mutant("resume_unreleased", "safepoint", "EDGE(safepoint): resuming without its release side"),
    mutant("resume_unacquired", "safepoint", "EDGE(safepoint): resuming without its acquire side"),
    mutant("end_unnoticed", "work_pool", "the end of shared work wakes nobody"),
    mutant("over_at_once", "work_pool", "shared work is over when one member finds none"),
    mutant("gate_ignored", "exclusive", "attempts begin beside an exclusive section"),
    mutant(
        "savepoint_keeps_born",
        "history scripts::with_born_objects",
        "objects born before a savepoint get no undo entries after it",
    ),
];

/// Planted bugs that no model can kill, and why.
pub const SURVIVORS: &[(&str, &str)] = &[
    (
        "claim_relaxed",
        "the fence that stands for SeqCst accesses in a checked build orders what EDGE(claim) \
         orders; without that fence (stamp_without_edge, begin_without_edge) models fail",
    ),
    (
        "gate_unreleased",
        "a thread waits at the gate as a stopped one, so EDGE(safepoint) on resuming orders the same",
    ),
    ("gate_unacquired", "as gate_unreleased"),
    (
        "admitted_kept",
        "a word that was admitted before the snapshot moved forward was committed before that, too; \
         forgetting it only saves the argument",
    ),
];
