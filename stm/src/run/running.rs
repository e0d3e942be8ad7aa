//! Which transactions run on this thread: none may start inside another one of its domain, nor block.
//!
//! - Holds: `CURRENT` names the innermost one; those around it are in `RUNNING`.

use std::cell::{Cell, RefCell};

use crate::{Abort, run::Core, sync::thread_local};

thread_local! {
    /// The domains of the transactions that run on this thread, innermost last.
    static RUNNING: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
    /// The innermost running domain, or 0; [`CAN_BLOCK`] is added if its attempt is irrevocable.
    static CURRENT: Cell<usize> = const { Cell::new(0) };
}

/// The attempt of this thread is irrevocable and may do what it likes.
pub(super) const CAN_BLOCK: usize = 1;

/// Is a transaction, of whatever domain, running on this thread?
pub fn in_transaction() -> bool {
    CURRENT.with(Cell::get) != 0
}

/// Runs `wait`, which may block: a lock, a channel, a read from a socket. For code that cannot know
/// whether it is called from a transaction.
///
/// # Panics
/// If a transaction is running on this thread, unless it is irrevocable: what it owns would be
/// withheld from others, perhaps from the very one that `wait` waits for.
///
/// ```
/// use taipan_stm::{atomically, blocking};
///
/// let (send, receive) = std::sync::mpsc::channel();
/// send.send(1)?;
/// assert_eq!(blocking(|| receive.recv()), Ok(1));
/// let inside = std::panic::catch_unwind(|| atomically(|_| Ok(blocking(|| ()))));
/// assert!(inside.is_err());
/// # Ok::<(), std::sync::mpsc::SendError<i32>>(())
/// ```
pub fn blocking<R>(wait: impl FnOnce() -> R) -> R {
    let current = CURRENT.with(Cell::get);
    assert!(
        current == 0 || current & CAN_BLOCK != 0,
        "blocking inside a transaction; use `tx.retry` to wait for a variable, `tx.on_commit` to wait \
         for anything else, or an irrevocable transaction"
    );
    wait()
}

/// The presence of a transaction on this thread; aborts the attempt if its body panics.
pub(super) struct Running<'r> {
    pub(super) core: &'r mut Core,
    outer: usize,
}

impl<'r> Running<'r> {
    #[inline(always)]
    pub(super) fn enter(core: &'r mut Core, flags: usize) -> Running<'r> {
        let domain = core.txn.home as usize;
        let outer = CURRENT.with(|current| current.replace(domain | flags));
        if outer != 0 {
            Self::check_nesting(domain, outer);
        }
        Running { core, outer }
    }

    #[cold]
    #[inline(never)]
    fn check_nesting(domain: usize, outer: usize) {
        let nested = RUNNING.with(|running| {
            let mut running = running.borrow_mut();
            running.push(outer & !CAN_BLOCK);
            running.contains(&domain)
        });
        if nested {
            RUNNING.with(|running| running.borrow_mut().pop());
            CURRENT.with(|current| current.set(outer));
            panic!(
                "a transaction was started inside another one of the same domain; \
                 pass the outer `tx` down and use `tx.nested`"
            );
        }
    }

    /// Ends the presence after the attempt has ended.
    #[inline(always)]
    pub(super) fn leave(self) {
        step_out(self.outer);
        std::mem::forget(self);
    }
}

impl Drop for Running<'_> {
    // Inlined, so that the fields need no address and stay in registers.
    #[inline(always)]
    fn drop(&mut self) {
        unwind(self.core, self.outer);
    }
}

/// Ends the attempt of a body that has panicked.
#[cold]
#[inline(never)]
fn unwind(core: &mut Core, outer: usize) {
    step_out(outer);
    if core.txn.is_active() {
        core.abort(Abort::User);
        core.txn.run_actions(false);
    }
}

#[inline(always)]
fn step_out(outer: usize) {
    CURRENT.with(|current| current.set(outer));
    if outer != 0 {
        step_out_nested();
    }
}

#[cold]
#[inline(never)]
fn step_out_nested() {
    RUNNING.with(|running| running.borrow_mut().pop());
}
