//! Python objects in versioned cells: values, heap, barriers, classes, builtin types.
//!
//! Modules in reading order: [`value`] (the word), [`heap`] (where objects live), [`shape`] and [`class`] (what they are),
//! [`field`] (barriers: the only way to shared state), [`cx`] (the context every function takes first), [`attempt`] (what an
//! abort takes back besides objects), [`native`] (functions in
//! Rust), [`exc`] (leaving early), [`protocol`] (what can be done with any object), [`types`], [`world`], [`gc`].

mod apart;
pub mod attempt;
mod bootstrap;
pub mod class;
pub mod cx;
pub mod exc;
#[expect(unsafe_code, reason = "barriers pass heap addresses to the STM core; rules in field.rs")]
pub mod field;
#[expect(unsafe_code, reason = "scans stacks and other threads' contexts with the world stopped")]
pub mod gc;
#[expect(
    unsafe_code,
    reason = "allocates, reads and frees heap cells; rules in header.rs and space.rs"
)]
pub mod heap;
pub mod name_map;
pub mod names;
pub mod native;
pub mod num;
pub mod protocol;
pub mod shape;
pub mod table;
pub mod text;
pub mod types;
pub mod value;
#[expect(unsafe_code, reason = "maps register stacks; keeps the list of thread contexts")]
pub mod world;

/// Whether this build can run transactions. Without them each barrier is a plain load or store, and there is one thread.
pub const TRANSACTIONS: bool = cfg!(not(feature = "solo-only"));

pub use self::{
    cx::Cx,
    exc::{Completion, Escape},
    heap::{Kind, Obj},
    names::{N, Special},
    native::{Args, Effect, GetSetDef, NativeDef},
    types::{Body, T, TypeDef},
    value::Value,
    world::{Settings, Upcalls, World},
};
