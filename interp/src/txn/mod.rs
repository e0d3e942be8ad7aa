//! Transactions around Python code: when attempts begin and end, what a rollback restores, when output appears.
//!
//! Reading order: `driver/`, `checkpoint.rs`, `atomic.rs`, `contended.rs`, `conflicts.rs`,
//! `conflict_report.rs`, `io.rs`, `threads.rs`, `options.rs`.

pub mod atomic;
#[expect(unsafe_code, reason = "copies registers of frames that the machine owns")]
pub mod checkpoint;
pub mod conflict_report;
pub mod conflicts;
mod contended;
pub mod driver;
pub mod io;
pub mod options;
pub mod threads;
