//! Measurements of Taipan against other interpreters, and the stress runner for threaded programs.
//!
//! Reading order: `program` (what is run), `measure` (one process, its CPU time and memory),
//! `table` (medians, ratios, the printed tables), `pyperf` (programs fetched on demand).
//! The commands are in `bin/`: `compare`, `stress` and `stm`.

pub mod measure;
pub mod program;
pub mod pyperf;
pub mod table;
