//! Bytecode: the opcode table, the compiled unit, its checker and its listing.
//!
//! Reading order: [`ops`] (the table and the machine it describes), [`operand`], [`object`],
//! [`verify`], [`disasm`], [`serial`]. Knows nothing of the heap: constants are plain Rust data, which the
//! virtual machine turns into objects when it loads a unit.

pub mod disasm;
pub mod object;
pub mod operand;
pub mod ops;
pub mod serial;
pub mod verify;

pub use object::{
    CodeFlags, CodeUnit, Const, ExceptionEntry, Hidden, LineMark, Place, Position, Site, Variable,
};
pub use operand::{Effect, Intrinsic, Kind, Special};
pub use ops::{Instr, Op};
