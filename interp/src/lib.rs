//! taipan.

pub mod code;
pub mod compile;
pub mod stdlib;
pub mod syntax;
