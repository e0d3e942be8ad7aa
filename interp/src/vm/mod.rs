//! The virtual machine: registers, calls, exceptions, inline caches.
//!
//! Reading order: `frame.rs` (what a frame is), `dispatch.rs` (the loop), `call.rs` and `bind.rs` (calls), `unwind.rs`
//! (exceptions), `enter.rs` (from natives into the loop), `exec/` (handlers), `cache.rs`.

pub mod async_generator;
pub mod bind;
pub mod cache;
pub mod call;
pub mod code_object;
pub mod coroutine_origin;
#[expect(
    unsafe_code,
    reason = "reads instructions and caches through pointers; rules at the top of the file"
)]
pub mod dispatch;
pub mod enter;
pub mod exec;
#[expect(
    unsafe_code,
    reason = "registers are words of a mapped stack; rules at the top of the file"
)]
pub mod frame;
pub mod frame_locals;
pub mod frame_object;
#[expect(unsafe_code, reason = "functions point to their loaded code")]
pub mod function;
pub mod generator;
pub mod intrinsics;
pub mod liveness;
#[expect(
    unsafe_code,
    reason = "loaded code is shared between threads and points to its instructions"
)]
pub mod loaded;
pub mod module;
pub mod shared;
#[expect(unsafe_code, reason = "the per-thread state hangs on a pointer in the context")]
pub mod state;
pub mod traceback;
pub mod tracing;
pub mod unwind;
