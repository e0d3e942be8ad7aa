//! Codecs: text to bytes and back, with error positions and reasons as in CPython.
//!
//! A decoder or encoder reports each error to an [`OnDecode`] or [`OnEncode`]; the caller
//! decides (built-in handlers in `handlers.rs`, or a registered Python function). Decoders take
//! `last`: when false, an incomplete tail is left unread, and the count of read bytes says so.

pub mod escape;
pub mod handlers;
pub mod single;
pub mod utf7;
pub mod utf8;
pub mod utf_wide;

pub use handlers::Errors;

use std::borrow::Cow;

/// An error in the input of a codec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Name of the encoding as the exception shows it.
    pub encoding: &'static str,
    /// First unit in error: a byte offset (decoding) or a code point index (encoding).
    pub start: usize,
    /// One past the last unit in error.
    pub end: usize,
    /// What is wrong.
    pub reason: &'static str,
}

/// Decides what to do about input that cannot be decoded.
pub trait OnDecode {
    /// What a refusal is.
    type Error;

    /// Appends a replacement (text) to `out` and returns the byte offset where to go on; may replace the input.
    ///
    /// # Errors
    /// Whatever ends the decoding.
    fn on_decode(
        &mut self,
        input: &mut Cow<'_, [u8]>,
        fault: Fault,
        out: &mut Vec<u8>,
    ) -> Result<usize, Self::Error>;
}

/// What an encode handler puts in place of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// Text that the codec has to encode.
    Text(Vec<u8>),
    /// Bytes to write as they are.
    Bytes(Vec<u8>),
}

/// Decides what to do about text that cannot be encoded.
pub trait OnEncode {
    /// What a refusal is.
    type Error;

    /// Returns the replacement and the code point index where to go on.
    ///
    /// # Errors
    /// Whatever ends the encoding.
    fn on_encode(&mut self, text: &[u8], fault: Fault)
    -> Result<(Replacement, usize), Self::Error>;

    /// The error for a replacement that cannot be encoded either.
    fn refuse(&mut self, text: &[u8], fault: Fault) -> Self::Error;
}

/// The built-in handlers as [`OnDecode`] and [`OnEncode`]; a refusal is the fault itself.
#[derive(Clone, Copy, Debug)]
pub struct Builtin(pub Errors);

impl OnDecode for Builtin {
    type Error = Fault;

    fn on_decode(
        &mut self,
        input: &mut Cow<'_, [u8]>,
        fault: Fault,
        out: &mut Vec<u8>,
    ) -> Result<usize, Fault> {
        handlers::decode(self.0, input, &fault, out).ok_or(fault)
    }
}

impl OnEncode for Builtin {
    type Error = Fault;

    fn on_encode(&mut self, text: &[u8], fault: Fault) -> Result<(Replacement, usize), Fault> {
        handlers::encode(self.0, text, &fault).ok_or(fault)
    }

    fn refuse(&mut self, _text: &[u8], fault: Fault) -> Fault {
        fault
    }
}

/// Walks text by code point and keeps both the index and the offset; for encoders.
pub(crate) struct Walk<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) at: usize,
    pub(crate) index: usize,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0, index: 0 }
    }

    pub(crate) fn peek(&self) -> Option<u32> {
        (self.at < self.text.len()).then(|| super::cp::decode(self.text, self.at).0)
    }

    pub(crate) fn step(&mut self) {
        self.at = (self.at + self.text.get(self.at).map_or(1, |&b| super::cp::width(b)))
            .min(self.text.len());
        self.index += 1;
    }

    /// Moves to code point `index`, forwards or backwards.
    pub(crate) fn seek(&mut self, index: usize) {
        if index < self.index {
            (self.at, self.index) = (0, 0);
        }
        self.at = super::cp::advance(self.text, self.at, index - self.index);
        self.index = index;
    }

    /// The end index of the run of code points from here on for which `bad` holds.
    pub(crate) fn run_end(&self, mut bad: impl FnMut(u32) -> bool) -> usize {
        self.index + super::cp::iter(&self.text[self.at..]).take_while(|&c| bad(c)).count()
    }
}

#[cfg(test)]
mod tests;
