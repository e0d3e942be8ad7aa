//! Software transactional memory: the protocol that Taipan's objects run under.
//!
//! # What is promised
//! - **Serializability**: committed attempts behave as if run one after the other.
//! - **Opacity**: an attempt that will abort has still seen one consistent state at all times.
//! - **Progress**: no transaction starves. After a lost conflict it keeps an age ticket, the older
//!   one wins, and after ten aborts it takes the one token and cannot lose.
//! - **Irrevocability**: the token's holder cannot abort; others go on and commit what is disjoint.
//! - **Blocking**: `retry` sleeps until something that was read changes.
//!
//! # How
//! Each object has one ownership word ([`Orec`]). Reads are invisible and validated against a
//! snapshot time; writes own the object at first touch and change it in place, with an undo log.
//! A disjoint commit writes no shared line, not even the clock's.
//!
//! # Modules, in reading order
//! `orec` (the word), `clock`, `txn` (barriers and why they are right), `commit` (how attempts end),
//! `savepoint`, `contention`, `hot_spots`, `irrevocable`, `wait` (retry), `safepoint`, `work_pool` (for
//! a stopped world); below them `cell` (raw pointers), `read_set`, `undo`, `effects`, `domain`, `stats`,
//! `error`, `sync`. `words` is the plainest client.

#[expect(unsafe_code, reason = "dereferences orec and slot pointers; rules in cell.rs")]
mod cell;
mod clock;
#[cfg(not(loom))]
mod collections;
mod commit;
mod contention;
#[cfg(not(any(loom, taipan_shuttle)))]
mod default;
mod domain;
mod effects;
mod error;
mod hot_spots;
mod irrevocable;
#[expect(unsafe_code, reason = "a list that keeps the address of its end; rules in log.rs")]
mod log;
mod orec;
mod read_set;
#[cfg(not(loom))]
#[expect(unsafe_code, reason = "lends what an attempt keeps alive; rule at `Tx::keep`")]
mod run;
mod safepoint;
mod savepoint;
mod stats;
#[cfg(not(loom))]
mod stop;
pub mod sync;
#[cfg(not(loom))]
#[expect(unsafe_code, reason = "boxes behind slots; rules in tvar.rs")]
mod tvar;
#[expect(unsafe_code, reason = "barriers take pointers; rules at each function")]
mod txn;
mod undo;
mod wait;
#[expect(unsafe_code, reason = "calls the barriers; each handle keeps its words alive")]
pub mod words;
mod work_pool;

pub use clock::{Clock, ClockKind, LazyClock, TickClock};
#[cfg(not(loom))]
pub use collections::{TCounter, TMap, TQueue, TSet};
#[cfg(not(any(loom, taipan_shuttle)))]
pub use default::{
    atomically, default_domain, irrevocably, read_only, set_on_conflict, thread_stats,
    try_atomically,
};
pub use domain::{Config, Domain, OnBlock};
pub use error::{Abort, BadUse, TooManyThreads};
pub use irrevocable::Seclusion;
pub use orec::Orec;
#[cfg(not(loom))]
pub use run::{Conflict, IrrevocableTx, ReadTx, Runner, Tx, blocking, in_transaction};
pub use safepoint::{Safepoints, Thread};
pub use savepoint::Savepoint;
pub use stats::Stats;
#[cfg(not(loom))]
pub use stop::{Canceled, Failed, Stop, TryStop, cancel};
#[cfg(not(loom))]
pub use tvar::TVar;
pub use txn::{LogEntry, OnAccess, OnBlockWith, Txn};
pub use wait::{Interrupter, Wake};
// No part of the protocol: public for `objects`, here since its locks must be ones that models can check.
#[doc(hidden)]
pub use work_pool::WorkPool;
