//! What a pickler has written so far, cut into frames.
//!
//! - Holds: a frame is open exactly while something was written into it; its header is filled in when it is closed.

use taipan_objects::{Completion, Cx, Value, protocol, types::bytes};

use super::opcodes;

/// A frame shorter than this goes without its header.
const FRAME_MIN: usize = 4;
/// A frame is closed at the first instruction after this size.
const FRAME_TARGET: usize = 64 * 1024;
const HEADER: usize = 9;

/// Bytes on their way to a file, or to the result of `dumps`.
#[derive(Default)]
pub(super) struct Output {
    buf: Vec<u8>,
    /// Where the open frame begins.
    frame: Option<usize>,
    /// Whether what is written goes into frames.
    pub(super) framing: bool,
    /// The file's `write`; unbound if the bytes are the result.
    write: Value,
}

impl Output {
    pub(super) fn new(write: Value) -> Self {
        Self { write, ..Self::default() }
    }

    /// Writes an instruction without arguments.
    #[inline]
    pub(super) fn op(&mut self, op: u8) {
        if self.framing && self.frame.is_none() {
            self.open();
        }
        self.buf.push(op);
    }

    /// Writes bytes that belong together.
    #[inline]
    pub(super) fn put(&mut self, bytes: &[u8]) {
        if self.framing && self.frame.is_none() {
            self.open();
        }
        self.buf.extend_from_slice(bytes);
    }

    fn open(&mut self) {
        self.frame = Some(self.buf.len());
        self.buf.extend_from_slice(&[0; HEADER]);
    }

    /// Closes the open frame.
    pub(super) fn commit(&mut self) {
        let Some(start) = self.frame.take() else { return };
        let len = self.buf.len() - start - HEADER;
        if len < FRAME_MIN {
            self.buf.drain(start..start + HEADER);
        } else {
            self.buf[start] = opcodes::FRAME;
            self.buf[start + 1..start + HEADER].copy_from_slice(&(len as u64).to_le_bytes());
        }
    }

    /// Between two instructions: closes a frame that has its size and, if there is a file, writes it.
    #[inline]
    pub(super) fn boundary(&mut self, cx: &mut Cx) -> Completion<()> {
        match self.frame {
            Some(start) if self.buf.len() - start - HEADER >= FRAME_TARGET => self.next_frame(cx),
            _ => Ok(()),
        }
    }

    #[cold]
    fn next_frame(&mut self, cx: &mut Cx) -> Completion<()> {
        self.commit();
        if self.write.is_bound() { self.flush(cx) } else { Ok(()) }
    }

    /// Gives everything to the file.
    pub(super) fn flush(&mut self, cx: &mut Cx) -> Completion<()> {
        self.commit();
        let data = bytes::new(cx, &self.buf)?;
        self.buf.clear();
        protocol::call(cx, self.write, &[data])?;
        Ok(())
    }

    /// Writes data after the instruction `header`. If it is large, it stands outside of frames, so that it can be read at
    /// once, and goes to the file by itself, as `payload` or as new bytes.
    pub(super) fn data(
        &mut self,
        cx: &mut Cx,
        header: &[u8],
        data: &[u8],
        payload: Option<Value>,
    ) -> Completion<()> {
        if data.len() < FRAME_TARGET {
            self.put(header);
            self.put(data);
            return Ok(());
        }
        self.commit();
        let framing = std::mem::take(&mut self.framing);
        self.put(header);
        if self.write.is_unbound() {
            self.put(data);
        } else {
            self.flush(cx)?;
            let payload = match payload {
                Some(v) => v,
                None => bytes::new(cx, data)?,
            };
            protocol::call(cx, self.write, &[payload])?;
        }
        self.framing = framing;
        Ok(())
    }

    /// The bytes, after the last instruction.
    pub(super) fn finish(&mut self) -> &[u8] {
        self.commit();
        &self.buf
    }
}
