//! A stream that is being decompressed, whatever surrounds its data.

use flate2::{Decompress, FlushDecompress, Status};

use super::Wrapper;

/// Where the decompression stands, and what was left over.
pub(super) struct Stream {
    wrapper: Wrapper,
    bits: u8,
    dictionary: Option<Vec<u8>>,
    /// Made when the first bytes tell the wrapper.
    inner: Option<Decompress>,
    pub(super) eof: bool,
    pub(super) unused: Vec<u8>,
    pub(super) unconsumed: Vec<u8>,
}

/// Why it cannot go on.
pub(super) enum Trouble {
    NeedsDictionary,
    BadDictionary,
    Data(String),
}

impl Stream {
    pub(super) fn new(wrapper: Wrapper, bits: u8, dictionary: Option<Vec<u8>>) -> Self {
        let (unused, unconsumed) = (Vec::new(), Vec::new());
        Self { wrapper, bits, dictionary, inner: None, eof: false, unused, unconsumed }
    }

    fn open(&mut self, data: &[u8]) -> Result<&mut Decompress, Trouble> {
        if self.inner.is_none() {
            let is_gzip = match self.wrapper {
                Wrapper::Either => data.first() == Some(&0x1f),
                wrapper => wrapper == Wrapper::Gzip,
            };
            let mut made = if is_gzip {
                Decompress::new_gzip(self.bits)
            } else {
                Decompress::new_with_window_bits(self.wrapper != Wrapper::Raw, self.bits)
            };
            if self.wrapper == Wrapper::Raw
                && let Some(dictionary) = &self.dictionary
                && made.set_dictionary(dictionary).is_err()
            {
                return Err(Trouble::BadDictionary);
            }
            self.inner = Some(made);
        }
        match &mut self.inner {
            Some(inner) => Ok(inner),
            None => Err(Trouble::Data("stream error".to_owned())),
        }
    }

    /// Decompresses at most `most` bytes (0: all). Returns them and how much of `data` was used.
    pub(super) fn inflate(
        &mut self,
        data: &[u8],
        most: usize,
    ) -> Result<(Vec<u8>, usize), Trouble> {
        if self.eof || data.is_empty() && self.inner.is_none() {
            return Ok((Vec::new(), 0));
        }
        let mut out = Vec::new();
        let mut used = 0;
        loop {
            let room = if most == 0 { usize::MAX } else { most - out.len() };
            if room == 0 {
                return Ok((out, used));
            }
            let step = out.len().clamp(16_384, 1 << 24).min(room);
            let dictionary = self.dictionary.clone();
            let inner = self.open(data)?;
            let (before_in, before_out) = (inner.total_in(), out.len());
            let mut chunk = Vec::with_capacity(step);
            let status = inner.decompress_vec(&data[used..], &mut chunk, FlushDecompress::Sync);
            used += (inner.total_in() - before_in) as usize;
            out.extend_from_slice(&chunk);
            match status {
                Ok(Status::StreamEnd) => {
                    self.eof = true;
                    return Ok((out, used));
                }
                Ok(Status::BufError) => return Ok((out, used)),
                Ok(Status::Ok) => {
                    let is_full = out.len() - before_out == step;
                    if !is_full && used == data.len() {
                        return Ok((out, used));
                    }
                    if out.len() == before_out && inner.total_in() == before_in {
                        return Ok((out, used));
                    }
                }
                Err(e) if e.needs_dictionary().is_some() => match dictionary {
                    None => return Err(Trouble::NeedsDictionary),
                    Some(dictionary) => {
                        if inner.set_dictionary(&dictionary).is_err() {
                            return Err(Trouble::BadDictionary);
                        }
                    }
                },
                Err(e) => {
                    let text = e.message().unwrap_or("invalid data").to_owned();
                    return Err(Trouble::Data(text));
                }
            }
        }
    }
}
