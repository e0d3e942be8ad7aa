//! Containers made of [`TVar`](crate::TVar)s: what conflicts is stated at each type.
//!
//! - Holds: every operation touches only the variables of the part it changes.

mod counter;
mod map;
mod queue;
mod set;

pub use counter::TCounter;
pub use map::TMap;
pub use queue::TQueue;
pub use set::TSet;
