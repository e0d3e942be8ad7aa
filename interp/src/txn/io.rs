//! Output put off until commit (`Cx::deferred`): written while the attempt is irrevocable and just before it commits, so that
//! the order of output is the order of commits; dropped when it aborts. Solo mode writes at polls.
//!
//! An error of a stream cannot be raised by the statement that wrote: the next one that writes there raises it, or the
//! end of the program reports it.

use std::sync::atomic::{AtomicI32, Ordering};

use parking_lot::Mutex;
use taipan_objects::cx::Cx;

use crate::{
    os::{self, Errno},
    vm::state::vm_ref,
};

/// Which stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// Serializes writes of different threads.
#[derive(Debug, Default)]
pub struct Output {
    turn: Mutex<()>,
    /// What went wrong with standard output and error, 0 for nothing.
    failed: [AtomicI32; 2],
}

/// Writes to a standard stream when the running attempt commits.
pub fn write(cx: &mut Cx, stream: Stream, bytes: &[u8]) {
    cx.defer_output(if stream == Stream::Out { 1 } else { 2 }, bytes);
}

/// Whether output waits.
#[inline(always)]
pub fn is_pending(cx: &Cx) -> bool {
    !cx.deferred.is_empty()
}

/// Forgets what an aborted attempt wrote.
pub fn discard(cx: &mut Cx) {
    cx.deferred.clear();
}

/// Writes out what waits.
pub fn flush(cx: &mut Cx) {
    if !is_pending(cx) {
        return;
    }
    let parts = std::mem::take(&mut cx.deferred);
    let output = &vm_ref(cx).shared.output;
    let _turn = output.turn.lock();
    for (fd, text) in parts {
        if let Err(errno) = write_out(fd, &text) {
            // Relaxed: a number is all that is passed on.
            output.failed[usize::from(fd == 2)].store(errno, Ordering::Relaxed);
        }
    }
}

fn write_out(fd: i32, text: &[u8]) -> Result<(), Errno> {
    let mut rest = text;
    while !rest.is_empty() {
        match os::write(fd, rest) {
            Ok(n) => rest = &rest[n.min(rest.len())..],
            Err(libc::EINTR) => {}
            Err(libc::EAGAIN) => {
                // Somebody has made the stream non-blocking; what was printed is still owed.
                let mut wanted = [libc::pollfd { fd, events: libc::POLLOUT, revents: 0 }];
                let _ = os::poll(&mut wanted, -1);
            }
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
}

/// Takes the error that a stream's put off output has met.
pub fn take_error(cx: &Cx, fd: i32) -> Option<Errno> {
    let slot = &vm_ref(cx).shared.output.failed[usize::from(fd == 2)];
    // Relaxed: as above. Looked at before it is taken, for nearly always there is none.
    (slot.load(Ordering::Relaxed) != 0)
        .then(|| slot.swap(0, Ordering::Relaxed))
        .filter(|errno| *errno != 0)
}
