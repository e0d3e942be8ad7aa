//! taipan.

pub mod cli;
pub mod code;
pub mod code_cache;
pub mod compile;
pub mod modules;
#[expect(unsafe_code, reason = "calls the C library; wrappers in os.rs are safe")]
pub mod os;
pub mod stdlib;
pub mod syntax;
pub mod traceback;
