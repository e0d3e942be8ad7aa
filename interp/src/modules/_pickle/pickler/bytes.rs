//! Bytes and buffers.

use std::borrow::Cow;

use taipan_objects::{
    Completion, Cx, Obj, T, Value, protocol,
    types::{bytearray, bytes, memoryview},
};

use super::{
    super::{buffer, errors, opcodes as op},
    save::Save,
};

impl Save {
    pub(super) fn bytes(&mut self, cx: &mut Cx, o: Obj) -> Completion<()> {
        if self.proto >= 3 {
            return self.bytes_data(cx, o.raw_bytes(), o.into());
        }
        // Python 2 has no such instruction: there `bytes` is `str`, which `encode` makes, too.
        if o.is_empty() {
            let args = cx.world.empty_tuple();
            return self.made_by(cx, cx.class(T::bytes).into(), args, o.into());
        }
        let text: String = o.raw_bytes().iter().map(|b| char::from(*b)).collect();
        let (text, latin1) = (cx.new_str(&text)?, cx.intern("latin1")?);
        let args = cx.new_tuple(&[text, latin1])?;
        let codecs = cx.world.import_module(cx, "codecs")?;
        let name = cx.intern("encode")?;
        let encode = protocol::get_attr(cx, codecs, name)?;
        self.made_by(cx, encode, args, o.into())
    }

    pub(super) fn bytearray(&mut self, cx: &mut Cx, o: Obj) -> Completion<()> {
        let data = bytearray::contents(cx, o)?.into_owned();
        if self.proto >= 5 {
            return self.bytearray_data(cx, &data, o.into());
        }
        let args = if data.is_empty() {
            cx.world.empty_tuple()
        } else {
            let data = bytes::new(cx, &data)?;
            cx.new_tuple(&[data])?
        };
        self.made_by(cx, cx.class(T::bytearray).into(), args, o.into())
    }

    /// Writes `o` as the result of a call.
    pub(super) fn made_by(
        &mut self,
        cx: &mut Cx,
        f: Value,
        args: Value,
        o: Value,
    ) -> Completion<()> {
        let reduced = cx.new_tuple(&[f, args])?;
        self.reduce(cx, reduced, o)
    }

    fn bytes_data(&mut self, cx: &mut Cx, data: &[u8], o: Value) -> Completion<()> {
        let ops = [Some(op::SHORT_BINBYTES), Some(op::BINBYTES), Some(op::BINBYTES8)];
        self.sized(cx, ops, data, Some(o), "a bytes object")?;
        self.memoize(cx, o)
    }

    fn bytearray_data(&mut self, cx: &mut Cx, data: &[u8], o: Value) -> Completion<()> {
        self.sized(cx, [None, None, Some(op::BYTEARRAY8)], data, Some(o), "")?;
        self.memoize(cx, o)
    }

    /// Writes a `PickleBuffer`, or leaves it to the callback.
    pub(super) fn buffer(&mut self, cx: &mut Cx, o: Obj) -> Completion<()> {
        if self.proto < 5 {
            let text = "PickleBuffer can only be pickled with protocol >= 5";
            return Err(errors::pickling(cx, text));
        }
        let view = buffer::view(cx, o)?;
        if !buffer::has(cx, view, "contiguous")? {
            let text = "PickleBuffer can not be pickled when pointing to a non-contiguous buffer";
            return Err(errors::pickling(cx, text));
        }
        let readonly = buffer::has(cx, view, "readonly")?;
        if self.buffer_callback.is_bound() {
            let answer = protocol::call(cx, self.buffer_callback, &[o.into()])?;
            if !protocol::truth(cx, answer)? {
                self.out.op(op::NEXT_BUFFER);
                if readonly {
                    self.out.op(op::READONLY_BUFFER);
                }
                return Ok(());
            }
        }
        let raw = buffer::raw_view(cx, o)?;
        let data: Cow<'_, [u8]> = memoryview::contents(cx, raw)?;
        if readonly {
            self.bytes_data(cx, &data, o.into())
        } else {
            let data = data.into_owned();
            self.bytearray_data(cx, &data, o.into())
        }
    }
}
