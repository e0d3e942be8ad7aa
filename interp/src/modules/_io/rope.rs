//! Chunks of `bytes` or `str` appended one by one and joined on demand: the pending output of writers and the contents
//! of in-memory files.
//!
//! Three slots of the owning object, from `base`: the buffer of chunks, their number, their total length. Appending
//! overwrites no earlier chunk, so the undo log stays short.

use taipan_objects::{Completion, Cx, Obj, Value, types::bytes};

/// The slots of a rope inside its owner.
#[derive(Clone, Copy, Debug)]
pub struct Rope {
    base: usize,
}

impl Rope {
    /// A rope in the slots from `base`.
    pub const fn at(base: usize) -> Self {
        Self { base }
    }

    /// Total length as counted by [`Rope::push`].
    ///
    /// # Errors
    /// The attempt's abort.
    pub fn total(self, cx: &mut Cx, o: Obj) -> Completion<usize> {
        Ok(cx.read(o, self.base + 2)?.small_int().unwrap_or(0) as usize)
    }

    /// Appends a chunk of `len` units.
    ///
    /// # Errors
    /// The attempt's abort, `MemoryError`.
    pub fn push(self, cx: &mut Cx, o: Obj, chunk: Value, len: usize) -> Completion<()> {
        cx.claim(o)?;
        let n = o.raw(self.base + 1).small_int().unwrap_or(0) as usize;
        let old = o.raw(self.base).obj();
        let mut buf = old;
        if buf.is_none_or(|b| n == b.len()) {
            let grown = cx.new_buf((n * 2).max(8))?;
            for i in 0..n {
                grown.init_item(i, old.and_then(|b| b.item(i)).unwrap_or_default());
            }
            cx.write(o, self.base, grown.into());
            buf = Some(grown);
        }
        if let Some(buf) = buf {
            cx.write_item(o, buf, n, chunk);
        }
        cx.write(o, self.base + 1, Value::small(n as i64 + 1));
        let total = o.raw(self.base + 2).small_int().unwrap_or(0);
        cx.write(o, self.base + 2, Value::small(total + len as i64));
        Ok(())
    }

    /// The chunks.
    ///
    /// # Errors
    /// The attempt's abort.
    pub fn chunks(self, cx: &mut Cx, o: Obj) -> Completion<Vec<Value>> {
        cx.bracket(o, || {
            let n = o.raw(self.base + 1).small_int().unwrap_or(0) as usize;
            match o.raw(self.base).obj() {
                Some(buf) => (0..n.min(buf.len())).filter_map(|i| buf.item(i)?.bound()).collect(),
                None => Vec::new(),
            }
        })
    }

    /// The bytes of all chunks, which are `bytes`, one after the other.
    ///
    /// # Errors
    /// The attempt's abort.
    pub fn joined(self, cx: &mut Cx, o: Obj) -> Completion<Vec<u8>> {
        let mut all = Vec::new();
        for chunk in self.chunks(cx, o)? {
            all.extend_from_slice(bytes::exact(chunk).map_or(&[][..], |b| b.raw_bytes()));
        }
        Ok(all)
    }

    /// Replaces all chunks by one (or none).
    ///
    /// # Errors
    /// The attempt's abort, `MemoryError`.
    pub fn replace(self, cx: &mut Cx, o: Obj, chunk: Option<(Value, usize)>) -> Completion<()> {
        cx.claim(o)?;
        cx.write(o, self.base, Value::UNBOUND);
        cx.write(o, self.base + 1, Value::small(0));
        cx.write(o, self.base + 2, Value::small(0));
        match chunk {
            Some((chunk, len)) => self.push(cx, o, chunk, len),
            None => Ok(()),
        }
    }
}
