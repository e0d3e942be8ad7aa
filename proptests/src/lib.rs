//! Random histories of the transaction protocol and what must hold of them.
//!
//! - [`plan`] and [`play`]: scripts of several open transactions, stepped one operation at a time on
//!   one OS thread, so a history is a function of plan and schedule and shrinks well.
//! - [`opaque`]: is there a serial order that explains everything that every attempt has seen,
//!   aborted ones included? By brute force.
//! - [`oracle`]: what committed, run again one by one under one lock, must have read and left the same.
//! - [`interpreter`]: programs under the interpreter of this build, and under CPython.
//! - [`linear`]: histories of operations on one object against a sequential specification.
//! - [`graph`]: histories of real threads; the order of versions and of real time must have no cycle.

pub mod graph;
pub mod history;
pub mod interpreter;
pub mod linear;
pub mod opaque;
pub mod oracle;
pub mod plan;
pub mod play;
