//! Output put off until commit (`Cx::deferred`): written while the attempt is irrevocable and just before it commits, so that
//! the order of output is the order of commits; dropped when it aborts. Solo mode writes at polls.

use std::io::Write;

use parking_lot::Mutex;
use taipan_objects::cx::Cx;

use crate::vm::state::vm_ref;

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

/// Writes out what waits. Errors of the streams are ignored here.
pub fn flush(cx: &mut Cx) {
    if !is_pending(cx) {
        return;
    }
    let parts = std::mem::take(&mut cx.deferred);
    let _turn = vm_ref(cx).shared.output.turn.lock();
    for (fd, text) in parts {
        let _ = match fd {
            2 => std::io::stderr().lock().write_all(&text),
            _ => {
                let mut out = std::io::stdout().lock();
                out.write_all(&text).and_then(|()| out.flush())
            }
        };
    }
}
