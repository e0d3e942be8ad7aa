//! Handlers behind the loop's fast paths, by family of instructions. All of it is safe code.

pub mod arith;
pub mod attr;
pub mod build;
pub mod constants;
pub mod containers;
pub mod exceptions;
pub mod functions;
pub mod generators;
pub mod imports;
pub mod items;
pub mod iteration;
pub mod matching;
pub mod names;
