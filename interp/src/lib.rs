//! taipan.

#[macro_use]
pub mod audit;
pub mod builtins;
pub mod cli;
pub mod code;
pub mod code_cache;
pub mod compile;
pub mod compiling;
mod configure;
pub mod hints;
pub mod import;
pub mod modules;
#[expect(unsafe_code, reason = "calls the C library; wrappers in os.rs are safe")]
pub mod os;
pub mod repl;
pub mod report;
pub mod run;
mod shutdown;
pub mod stdlib;
pub mod syntax;
pub mod traceback;
pub mod txn;
pub mod vm;
