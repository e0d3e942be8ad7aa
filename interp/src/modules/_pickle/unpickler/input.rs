//! Where the bytes of a pickle come from: bytes at hand, or a file, of which no more is taken than belongs to the pickle.

use taipan_objects::{
    Completion, Cx, T, Value, protocol, raise,
    types::{buffer, bytearray, bytes},
};

use super::super::errors;

/// How much is looked at ahead in files that can do so.
const PREFETCH: usize = 128 * 1024;
/// Most that is read at once at first, and then as much as has been read: lengths in a pickle may be anything.
const CHUNK: usize = 1 << 20;

/// It stays on the native stack, where the collector sees its values.
pub(super) struct Input {
    /// The bytes object whose content `data` is.
    holder: Value,
    data: &'static [u8],
    at: usize,
    /// From here on, `data` was only looked at in the file.
    ahead: usize,
    // Methods of the file; unbound where it has none or there is none.
    read: Value,
    readline: Value,
    readinto: Value,
    peek: Value,
}

impl Input {
    /// A bytes object.
    pub(super) fn bytes(data: Value) -> Self {
        let mut input = Self::file(Value::UNBOUND, Value::UNBOUND, Value::UNBOUND, Value::UNBOUND);
        input.hold(data);
        input
    }

    /// A file with these methods.
    pub(super) fn file(read: Value, readline: Value, readinto: Value, peek: Value) -> Self {
        Self { holder: Value::UNBOUND, data: &[], at: 0, ahead: 0, read, readline, readinto, peek }
    }

    fn hold(&mut self, data: Value) {
        self.holder = data;
        self.data = bytes::exact(data).map_or(&[], |b| b.raw_bytes());
        self.at = 0;
        self.ahead = self.data.len();
    }

    /// Continues with what a method of the file has given.
    fn receive(&mut self, cx: &mut Cx, given: Value) -> Completion<()> {
        let data = unchanging(cx, given)?;
        self.hold(data);
        Ok(())
    }

    /// The next instruction.
    #[inline]
    pub(super) fn op(&mut self, cx: &mut Cx) -> Completion<u8> {
        match self.data.get(self.at) {
            Some(op) => {
                self.at += 1;
                Ok(*op)
            }
            None => self.op_beyond(cx),
        }
    }

    #[cold]
    fn op_beyond(&mut self, cx: &mut Cx) -> Completion<u8> {
        if self.read.is_bound() {
            self.more(cx, 1)?;
        }
        match self.data.get(self.at) {
            Some(op) => {
                self.at += 1;
                Ok(*op)
            }
            None => raise!(cx, EOFError, "Ran out of input"),
        }
    }

    /// The next `n` bytes. They are valid until the next call.
    #[inline]
    pub(super) fn take(&mut self, cx: &mut Cx, n: usize) -> Completion<&'static [u8]> {
        match self.at_hand(n) {
            Some(part) => Ok(part),
            None => self.take_beyond(cx, n),
        }
    }

    /// The next `n` bytes, if they have been read already.
    #[inline]
    pub(super) fn at_hand(&mut self, n: usize) -> Option<&'static [u8]> {
        let part = self.data.get(self.at..self.at.checked_add(n)?)?;
        self.at += n;
        Some(part)
    }

    #[cold]
    fn take_beyond(&mut self, cx: &mut Cx, n: usize) -> Completion<&'static [u8]> {
        if self.read.is_unbound() {
            return Err(truncated(cx));
        }
        if n > CHUNK {
            let all = self.take_large(cx, n)?;
            let all = bytes::new(cx, &all)?;
            self.hold(all);
        } else {
            self.more(cx, n)?;
        }
        match self.data.get(..n) {
            Some(part) => {
                self.at = n;
                Ok(part)
            }
            None => Err(truncated(cx)),
        }
    }

    /// The next `N` bytes.
    #[inline]
    pub(super) fn array<const N: usize>(&mut self, cx: &mut Cx) -> Completion<[u8; N]> {
        let part = self.take(cx, N)?;
        Ok(<[u8; N]>::try_from(part).unwrap_or([0; N]))
    }

    /// Does what is left out of reading when it is only looked ahead.
    pub(super) fn skip_consumed(&mut self, cx: &mut Cx) -> Completion<()> {
        if self.at > self.ahead {
            let n = Value::small((self.at - self.ahead) as i64);
            self.ahead = self.at;
            protocol::call(cx, self.read, &[n])?;
        }
        Ok(())
    }

    /// Reads `n` bytes, or what there is, from the file.
    fn more(&mut self, cx: &mut Cx, n: usize) -> Completion<()> {
        self.skip_consumed(cx)?;
        if self.peek.is_bound() && n < PREFETCH && self.look_ahead(cx)? && n <= self.data.len() {
            return Ok(());
        }
        let data = protocol::call(cx, self.read, &[Value::small(n as i64)])?;
        self.receive(cx, data)
    }

    fn look_ahead(&mut self, cx: &mut Cx) -> Completion<bool> {
        match protocol::call(cx, self.peek, &[Value::small(PREFETCH as i64)]) {
            Ok(data) => {
                self.receive(cx, data)?;
                self.ahead = 0;
                Ok(true)
            }
            Err(escape) if errors::is(cx, escape, T::NotImplementedError) => {
                self.peek = Value::UNBOUND;
                Ok(false)
            }
            Err(escape) => Err(escape),
        }
    }

    /// The next `n` bytes, which may be many, straight from the file.
    pub(super) fn take_large(&mut self, cx: &mut Cx, n: usize) -> Completion<Vec<u8>> {
        let here = &self.data[self.at.min(self.data.len())..];
        let mut all = here[..here.len().min(n)].to_vec();
        self.at += all.len();
        if all.len() < n {
            if self.read.is_unbound() {
                return Err(truncated(cx));
            }
            self.skip_consumed(cx)?;
        }
        while all.len() < n {
            let wanted = (n - all.len()).min(all.len().max(CHUNK));
            self.chunk(cx, wanted, &mut all)?;
        }
        Ok(all)
    }

    fn chunk(&mut self, cx: &mut Cx, n: usize, all: &mut Vec<u8>) -> Completion<()> {
        if self.readinto.is_unbound() {
            let data = protocol::call(cx, self.read, &[Value::small(n as i64)])?;
            let Some(data) = bytes::exact(data) else {
                let class = cx.class_of(data).into();
                let class = protocol::convert::repr_text(cx, class)?;
                return raise!(cx, ValueError, "read() returned non-bytes object ({class})");
            };
            let data = data.raw_bytes();
            if data.len() < n {
                return Err(truncated(cx));
            }
            all.extend_from_slice(&data[..n]);
            return Ok(());
        }
        let target = bytearray::new(cx, &vec![0; n])?;
        let given = protocol::call(cx, self.readinto, &[target])?;
        let given = protocol::index_i64(cx, given)?;
        if given < 0 {
            return raise!(cx, ValueError, "readinto() returned negative size");
        }
        let data = match target.obj() {
            Some(o) => bytearray::contents(cx, o)?.into_owned(),
            None => Vec::new(),
        };
        if (given as usize) < n || data.len() < n {
            return Err(truncated(cx));
        }
        all.extend_from_slice(&data[..n]);
        Ok(())
    }

    /// The next line without its end. It is valid until the next call.
    pub(super) fn line(&mut self, cx: &mut Cx) -> Completion<&'static [u8]> {
        let rest = &self.data[self.at.min(self.data.len())..];
        if let Some(n) = rest.iter().position(|b| *b == b'\n') {
            self.at += n + 1;
            return Ok(&rest[..n]);
        }
        if self.read.is_unbound() {
            return Err(truncated(cx));
        }
        self.skip_consumed(cx)?;
        let data = protocol::call(cx, self.readline, &[])?;
        self.receive(cx, data)?;
        self.at = self.data.len();
        match self.data.split_last() {
            Some((b'\n', line)) => Ok(line),
            _ => Err(truncated(cx)),
        }
    }

    /// As [`Input::line`], of lines that must not be empty.
    pub(super) fn text_line(&mut self, cx: &mut Cx) -> Completion<&'static [u8]> {
        match self.line(cx)? {
            [] => Err(truncated(cx)),
            line => Ok(line),
        }
    }

    /// Sees to it that the next `n` bytes are at hand.
    pub(super) fn frame(&mut self, cx: &mut Cx, n: usize) -> Completion<()> {
        self.take(cx, n)?;
        self.at -= n;
        Ok(())
    }
}

/// Bytes, or a copy of what is like bytes and may change.
pub(super) fn unchanging(cx: &mut Cx, v: Value) -> Completion<Value> {
    if bytes::exact(v).is_some() {
        return Ok(v);
    }
    let copy = buffer::expect_bytes(cx, v)?.into_owned();
    bytes::new(cx, &copy)
}

#[cold]
fn truncated(cx: &mut Cx) -> taipan_objects::Escape {
    errors::unpickling(cx, "pickle data was truncated")
}
