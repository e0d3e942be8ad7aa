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
    mutant(
        "closed_admits_zero",
        "irrevocable",
        "what is made in zeroed memory is read unmarked by the irrevocable attempt",
    ),
    mutant("rotation_stays", "rotation", "an abort leaves words turned round"),
    mutant("commit_without_wake", "wake", "a commit forgets the sleepers"),
    mutant("sleep_without_check", "wake", "a sleeper does not compare before it sleeps"),
    mutant("kill_any", "kill", "a kill hits whoever runs in the slot"),
    mutant("born_is_raw", "born", "a born object of another attempt is read unguarded"),
    mutant("resume_without_fence", "safepoint", "EDGE(safepoint) without the fence on resuming"),
    mutant("exclusive_beside_attempts", "exclusive", "the stopped world has attempts under way"),
    mutant(
        "seclusion_leaves_gate",
        "exclusive::a_secluded_attempt",
        "attempts begin beside a secluded one",
    ),
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
    mutant(
        "no_bracket_recheck",
        "snapshot::in_brackets",
        "a bracket does not sample the header again",
    ),
    mutant(
        "extend_validates_early",
        "extension::a_commit_during_the_move_is_met",
        "an extension validates before it reads the clock",
    ),
    mutant(
        "extend_without_raise",
        "extension::a_commit_during_the_move_is_met",
        "a snapshot moves beyond the clock",
    ),
    mutant("commit_though_killed", "grace", "an attempt that was asked to end commits"),
    mutant(
        "alone_unchecked",
        "write_skew::with_the_ticking_clock",
        "a commit counts as alone whatever its stamp",
    ),
    mutant(
        "lazy_counts_as_unique",
        "write_skew::with_the_lazy_clock",
        "the lazy clock's stamps count as unique",
    ),
    mutant(
        "versions_unbounded",
        "exhausted",
        "commits go on beyond the last version without the token",
    ),
    mutant(
        "swallowed_failure_commits",
        "unit library::a_swallowed_conflict_does_not_commit",
        "a body that drops the error of a barrier commits",
    ),
    mutant("marks_stay", "irrevocable", "the end of an irrevocable attempt leaves its marks"),
    mutant(
        "failed_entry_keeps_marks",
        "irrevocable",
        "an attempt that fails to become irrevocable leaves marks",
    ),
    mutant(
        "token_before_marks",
        "holders::a_mark_outlives_the_hand_over",
        "the token is given up before the marks",
    ),
    mutant("token_without_notice", "token", "giving the token up wakes nobody"),
    mutant(
        "waits_though_killed",
        "waiting",
        "who waits for an owner does not look whether it is to end",
    ),
    mutant("grace_never_ends", "grace", "an older attempt never asks the owner to end"),
    mutant("prioritize_ignored", "priority", "a prioritized attempt counts as young"),
    mutant(
        "equals_win",
        "priority::of_equals_one_ends_the_other",
        "an attempt may ask an equally old one to end",
    ),
    mutant(
        "equals_give_way",
        "priority::of_two_of_them_one_wins",
        "of two prioritized attempts neither wins",
    ),
    mutant("kills_in_vain", "grace", "an attempt that is lost itself asks the owner to end"),
    mutant("naps_while_owning", "naps", "an attempt that owns something naps in a crowd"),
    mutant("naps_with_the_token", "naps", "the token's holder naps in a crowd"),
    mutant("hot_wait_while_owning", "naps", "who owns something waits at a hot spot"),
    mutant("hot_wait_with_the_token", "naps", "the token's holder waits at a hot spot"),
    mutant(
        "passing_counts_as_change",
        "wake",
        "who looks in passing takes what is unchanged for changed",
    ),
    mutant(
        "ticket_kept",
        "priority::it_ends_with_the_transaction",
        "the age outlives the transaction",
    ),
    mutant("sleeper_unmarked", "wake", "a sleeper leaves no mark in the header"),
    mutant(
        "changed_reset_late",
        "wake",
        "a sleeper forgets the wake-ups that came while it registered",
    ),
    mutant("sleep_though_changed", "wake", "a sleeper sleeps although something has changed"),
    mutant("stop_without_notice", "turns", "a thread that stops tells nobody"),
    mutant("resume_without_notice", "turns", "the end of the stopped world wakes nobody"),
    mutant("turn_shared", "turns", "two threads stop the world at once"),
    mutant("kill_overwrites", "unit lib::domain::", "a late request to end hides a newer one"),
    mutant(
        "filter_kept",
        "unit lib::words::",
        "what the last attempt has read counts as read by this one",
    ),
    mutant("serials_restart", "born", "serials start again with the next tenant of a slot"),
];

/// Planted bugs with a script of the same name among the committed counterexamples
/// (`proptests/tests/scripts/counterexamples.rs`), which must fail with them, too.
pub const COUNTEREXAMPLES: &[&str] = &[
    "abort_without_undo",
    "alone_unchecked",
    "any_slot_is_mine",
    "claim_over_stale_read",
    "extend_without_raise",
    "lazy_counts_as_unique",
    "no_commit_validation",
    "no_extension_validation",
    "no_rv_check",
    "read_not_logged",
    "savepoint_keeps_born",
    "version_wraps",
];

/// Planted bugs that no model can kill, and why.
pub const SURVIVORS: &[(&str, &str)] = &[
    (
        "claim_relaxed",
        "the fence that stands for SeqCst accesses in a checked build orders what EDGE(claim) \
         orders; without that fence (stamp_without_edge, begin_without_edge) models fail. The \
         release side of taking a mark away keeps loads before it, which loom never moves",
    ),
    ("now_relaxed", "as claim_relaxed, for the lazy clock's reading at a snapshot"),
    ("stamp_relaxed", "as claim_relaxed, for the lazy clock's reading at a stamp"),
    (
        "raise_relaxed",
        "a stamp that did not see the raised clock comes before every reading that did, by the total \
         order of the readings alone (by the fences in a checked build)",
    ),
    ("tick_raise_relaxed", "a ticking clock never lags behind a version, so it is never raised"),
    ("wait_unacquired", "the loop around it reads the flag once more, with resume_unacquired"),
    (
        "irrevocable_though_killed",
        "the request may as well come just after the look; the rival waits, looks whether it is to end \
         itself (waits_though_killed), and the token's holder ends",
    ),
    (
        "abort_keeps_mark",
        "marks are in the read log, and the end of the attempt takes all of them away",
    ),
    ("grace_though_killed", "the grace is bounded; the look after it ends the attempt"),
    (
        "never_yields",
        "a wait in a circle is bounded without it, too: whoever does not beat the owner gives up \
         after a few looks; this only saves them",
    ),
    (
        "kills_the_holder",
        "the token's holder is deaf to requests; whoever asks waits for it and ends when the holder \
         wants what it owns",
    ),
    ("no_back_off", "spreads losers in time; models have no time"),
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

#[cfg(all(test, not(loom)))]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::{COUNTEREXAMPLES, MUTANTS, SURVIVORS};

    /// The names in `mutant("..")` and `order("..", ..)` of the protocol's sources.
    fn planted() -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../stm/src"), &mut names);
        names
    }

    fn read(folder: &Path, names: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, names);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let text = fs::read_to_string(path).unwrap();
                for call in ["mutant(\"", "order(\""] {
                    let rest = text.split(call).skip(1);
                    names.extend(rest.filter_map(|rest| rest.split('"').next().map(str::to_owned)));
                }
            }
        }
    }

    #[test]
    fn every_mutation_point_is_listed_once() {
        let mut listed: Vec<String> = MUTANTS.iter().map(|mutant| mutant.name.to_owned()).collect();
        listed.extend(SURVIVORS.iter().map(|(name, _)| (*name).to_owned()));
        let names: BTreeSet<String> = listed.iter().cloned().collect();
        assert_eq!(listed.len(), names.len(), "a name is listed twice");
        assert_eq!(planted(), names);
    }

    #[test]
    fn every_counterexample_is_listed() {
        let file = "../proptests/tests/scripts/counterexamples.rs";
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        let tests = text.split("#[test]\nfn ").skip(1);
        let mut names: Vec<&str> = tests.filter_map(|rest| rest.split('(').next()).collect();
        names.sort_unstable();
        assert_eq!(names, COUNTEREXAMPLES);
        assert!(names.iter().all(|name| MUTANTS.iter().any(|mutant| mutant.name == *name)));
    }
}
