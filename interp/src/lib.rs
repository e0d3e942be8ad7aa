//! taipan.

pub mod code;
pub mod compile;
pub mod syntax;
