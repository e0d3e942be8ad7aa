//! Transactions around Python code: when attempts begin and end, what a rollback restores, when output appears.
//!
//! Reading order: `driver.rs`, `checkpoint.rs`, `atomic.rs`, `contended.rs`, `io.rs`, `threads.rs`, `options.rs`.

pub mod atomic;
#[expect(unsafe_code, reason = "copies registers of frames that the machine owns")]
pub mod checkpoint;
mod contended;
pub mod driver;
pub mod io;
pub mod options;
pub mod threads;
