//! Standard output and error of the interpreter itself: put off until commit, kept in order.
//!
//! Text written by an attempt is kept with the thread; commit moves it to the stream, abort drops it. Several threads'
//! texts never mix within one attempt's.

use std::io::Write;

use parking_lot::Mutex;
use taipan_objects::cx::Cx;

use crate::vm::state::{vm, vm_ref};

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

/// Text that waits for the commit of its attempt.
#[derive(Debug, Default)]
pub struct Pending {
    parts: Vec<(Stream, Vec<u8>)>,
}

impl Pending {
    fn push(&mut self, stream: Stream, bytes: &[u8]) {
        match self.parts.last_mut() {
            Some((last, text)) if *last == stream => text.extend_from_slice(bytes),
            _ => self.parts.push((stream, bytes.to_vec())),
        }
    }

    /// Forgets what an aborted attempt wrote.
    pub fn discard(&mut self) {
        self.parts.clear();
    }
}

/// Writes to a standard stream when the running attempt commits; at once in solo mode's next flush.
pub fn write(cx: &mut Cx, stream: Stream, bytes: &[u8]) {
    let solo = cx.is_solo();
    let pending = &mut vm(cx).driver.output;
    pending.push(stream, bytes);
    let big = pending.parts.last().is_some_and(|(_, text)| text.len() > 8192);
    if solo && (big || stream == Stream::Err) {
        flush(cx);
    }
}

/// Writes out what committed attempts have left. Errors of the streams are ignored here; `sys.stdout` reports them.
pub fn flush(cx: &mut Cx) {
    if vm_ref(cx).driver.output.parts.is_empty() {
        return;
    }
    let parts = std::mem::take(&mut vm(cx).driver.output.parts);
    let _turn = vm_ref(cx).shared.output.turn.lock();
    for (stream, text) in parts {
        let _ = match stream {
            Stream::Out => {
                let mut out = std::io::stdout().lock();
                out.write_all(&text).and_then(|()| out.flush())
            }
            Stream::Err => std::io::stderr().lock().write_all(&text),
        };
    }
}
