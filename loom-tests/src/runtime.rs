//! What a runtime puts around the protocol, as models need it: threads that count as stopped while
//! they wait, and a worker beside which somebody stops the world.

use std::cell::RefCell;

use taipan_stm::{
    Thread,
    sync::{Arc, AtomicUsize, Ordering},
};

loom::thread_local! {
    static THREAD: RefCell<Option<Thread>> = RefCell::new(None);
}

/// For [`Config::on_block`](taipan_stm::Config::on_block): a waiting thread counts as stopped.
pub fn stopped_meanwhile(wait: &mut dyn FnMut()) {
    THREAD.with(|thread| {
        let thread = thread.borrow();
        thread.as_ref().inspect(|thread| thread.enter_blocking());
        wait();
        thread.as_ref().inspect(|thread| thread.leave_blocking());
    });
}

/// Runs `body` with `thread` as the registration of the calling thread.
pub fn registered<R>(thread: Thread, body: impl FnOnce() -> R) -> R {
    THREAD.with(|own| *own.borrow_mut() = Some(thread));
    let result = body();
    THREAD.with(|own| *own.borrow_mut() = None);
    result
}

/// Shows the registration of the calling thread, which must be [`registered`].
pub fn with_thread<R>(look: impl FnOnce(&Thread) -> R) -> R {
    THREAD.with(|own| look(own.borrow().as_ref().unwrap()))
}

/// A thread that blocks, then runs with the count up, then looks for requests: `inside` is 1 only while
/// nobody may have stopped the world.
pub fn worker(thread: Thread, inside: &Arc<AtomicUsize>) -> impl FnOnce() + 'static {
    let inside = inside.clone();
    move || {
        thread.enter_blocking();
        thread.leave_blocking();
        inside.store(1, Ordering::Relaxed);
        inside.store(0, Ordering::Relaxed);
        thread.poll();
    }
}
