//! taipan.
pub mod code;
pub mod compile;
