//! Models of the protocol for the loom checker: one claim per file in `tests/`.
//!
//! A model states its claim, its bound and the planted bugs it kills, spawns every party, and
//! asserts the *set* of outcomes by equality, so that a model that no longer reaches an outcome
//! fails, too. `cargo loom` runs them; without `--cfg loom` they are empty. The planted bugs
//! (`TAIPAN_MUTANT=name`) and the model that kills each are listed in [`MUTANTS`]; the binary
//! `mutants` runs them all.

#[cfg(loom)]
mod model;
mod mutants;
#[cfg(loom)]
mod runtime;

#[cfg(loom)]
pub use model::{Party, outcomes, outcomes_bounded, spawn, world, world_with};
pub use mutants::{COUNTEREXAMPLES, MUTANTS, Mutant, SURVIVORS};
#[cfg(loom)]
pub use runtime::{registered, stopped_meanwhile, with_thread, worker};
