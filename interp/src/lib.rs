//! taipan.

pub mod cli;
pub mod code;
pub mod compile;
pub mod stdlib;
pub mod syntax;
pub mod traceback;
