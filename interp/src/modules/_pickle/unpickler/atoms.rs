//! Instructions that push something without parts: numbers, text, bytes, buffers.

use taipan_objects::{
    Completion, Cx, Escape, T, Value,
    num::big::{BigInt, ByteOrder},
    protocol, raise,
    text::codecs::escape,
    types::{
        bytearray, bytes,
        codec::{self, Handler},
        memoryview, number, str as string, text_args,
    },
};

use super::{
    super::{buffer, errors, opcodes as op},
    load::Load,
};

impl Load {
    /// What instruction `op` pushes.
    #[inline]
    pub(super) fn atom(&mut self, cx: &mut Cx, op: u8) -> Completion<Value> {
        Ok(match op {
            op::NONE => Value::NONE,
            op::NEWTRUE => Value::TRUE,
            op::NEWFALSE => Value::FALSE,
            op::BININT1 => Value::small(self.input.array::<1>(cx)?[0].into()),
            op::BININT2 => Value::small(u16::from_le_bytes(self.input.array(cx)?).into()),
            op::BININT => Value::small(i32::from_le_bytes(self.input.array(cx)?).into()),
            op::BINFLOAT => Value::float(f64::from_be_bytes(self.input.array(cx)?)),
            op::SHORT_BINUNICODE | op::BINUNICODE | op::BINUNICODE8 => return self.text(cx, op),
            op::SHORT_BINBYTES | op::BINBYTES | op::BINBYTES8 => return self.bytes(cx, op),
            op::BYTEARRAY8 => {
                let n = self.size(cx, op)?;
                return match self.input.at_hand(n) {
                    Some(data) => bytearray::new(cx, data),
                    None => {
                        let data = self.input.take_large(cx, n)?;
                        bytearray::new(cx, &data)
                    }
                };
            }
            op::LONG1 | op::LONG4 => return self.long(cx, op),
            op::INT | op::LONG | op::FLOAT | op::UNICODE | op::STRING => {
                return self.line_value(cx, op);
            }
            op::SHORT_BINSTRING | op::BINSTRING => return self.old_string(cx, op),
            op::NEXT_BUFFER => return self.next_buffer(cx),
            op::READONLY_BUFFER => {
                let v = self.stack.pop(cx)?;
                return readonly(cx, v);
            }
            _ => return Err(unknown(cx, op)),
        })
    }

    /// The length that follows instruction `op`.
    pub(super) fn size(&mut self, cx: &mut Cx, op: u8) -> Completion<usize> {
        let n = match op {
            op::SHORT_BINUNICODE | op::SHORT_BINBYTES => self.input.array::<1>(cx)?[0].into(),
            op::BINUNICODE | op::BINBYTES => u32::from_le_bytes(self.input.array(cx)?).into(),
            _ => u64::from_le_bytes(self.input.array(cx)?),
        };
        if n <= i64::MAX as u64 {
            return Ok(n as usize);
        }
        let (what, of) = match op {
            op::BYTEARRAY8 => ("BYTEARRAY8", "size of"),
            op::FRAME => ("FRAME length", "of"),
            op::BINUNICODE8 => ("BINUNICODE", "size of"),
            _ => ("BINBYTES", "size of"),
        };
        raise!(cx, OverflowError, "{what} exceeds system's maximum {of} {} bytes", i64::MAX)
    }

    fn text(&mut self, cx: &mut Cx, op: u8) -> Completion<Value> {
        let n = self.size(cx, op)?;
        let data = self.input.take(cx, n)?;
        if data.is_ascii() {
            return string::new_ascii(cx, data);
        }
        if std::str::from_utf8(data).is_ok() {
            return text_args::new_text(cx, data);
        }
        let (encoding, errors) = (cx.intern("utf-8")?, cx.intern("surrogatepass")?);
        codec::decode(cx, Value::UNBOUND, data, Some(encoding), Some(errors))
    }

    fn bytes(&mut self, cx: &mut Cx, op: u8) -> Completion<Value> {
        let n = self.size(cx, op)?;
        if let Some(data) = self.input.at_hand(n) {
            return bytes::new(cx, data);
        }
        let data = self.input.take_large(cx, n)?;
        bytes::new(cx, &data)
    }

    fn long(&mut self, cx: &mut Cx, op: u8) -> Completion<Value> {
        let n = match op {
            op::LONG1 => self.input.array::<1>(cx)?[0].into(),
            _ => i32::from_le_bytes(self.input.array(cx)?),
        };
        let Ok(n) = usize::try_from(n) else {
            return Err(errors::unpickling(cx, "LONG pickle has negative byte count"));
        };
        let data = self.input.take(cx, n)?;
        if n <= 8 {
            let fill = if data.last().is_some_and(|b| b & 0x80 != 0) { 0xff } else { 0 };
            let mut wide = [fill; 8];
            wide[..n].copy_from_slice(data);
            return cx.new_int(i64::from_le_bytes(wide));
        }
        number::new_big(cx, &BigInt::from_bytes(data, ByteOrder::Little, true))
    }

    fn line_value(&mut self, cx: &mut Cx, op: u8) -> Completion<Value> {
        match op {
            op::INT => {
                let line = self.input.text_line(cx)?;
                int_or_bool(cx, line)
            }
            op::LONG => {
                let line = self.input.text_line(cx)?;
                int_in(cx, line.strip_suffix(b"L").unwrap_or(line))
            }
            op::FLOAT => {
                let line = self.input.text_line(cx)?;
                float_in(cx, line)
            }
            op::UNICODE => {
                let line = self.input.line(cx)?;
                let object = bytes::new(cx, line)?;
                let handler = &mut Handler::new(cx, Value::UNBOUND, object);
                let text = escape::decode_raw(line, true, handler)?.out;
                text_args::new_text(cx, &text)
            }
            _ => self.quoted(cx),
        }
    }

    /// A `str` of Python 2 as `repr` shows it.
    fn quoted(&mut self, cx: &mut Cx) -> Completion<Value> {
        let line = self.input.line(cx)?;
        let inner = match line {
            [a @ (b'\'' | b'"'), inner @ .., b] if a == b => inner,
            _ => {
                let text = "the STRING opcode argument must be quoted";
                return Err(errors::unpickling(cx, text));
            }
        };
        match escape::bytes_unescape(inner, "strict") {
            Ok(data) => self.decoded(cx, &data.out),
            Err(e) => Err(text_args::fail(cx, &e)),
        }
    }

    fn old_string(&mut self, cx: &mut Cx, op: u8) -> Completion<Value> {
        let n = match op {
            op::SHORT_BINSTRING => self.input.array::<1>(cx)?[0].into(),
            _ => i32::from_le_bytes(self.input.array(cx)?),
        };
        let Ok(n) = usize::try_from(n) else {
            return Err(errors::unpickling(cx, "BINSTRING pickle has negative byte count"));
        };
        let data = self.input.take(cx, n)?;
        self.decoded(cx, data)
    }

    /// A `str` of Python 2 in the encoding that the caller has named.
    fn decoded(&mut self, cx: &mut Cx, data: &[u8]) -> Completion<Value> {
        let encoding = cx.read(self.unpickler, super::ENCODING)?;
        if string::text(encoding) == Some("bytes") {
            return bytes::new(cx, data);
        }
        let errors = cx.read(self.unpickler, super::ERRORS)?;
        codec::decode(cx, Value::UNBOUND, data, Some(encoding), Some(errors))
    }

    fn next_buffer(&mut self, cx: &mut Cx) -> Completion<Value> {
        let buffers = cx.read(self.unpickler, super::BUFFERS)?;
        if buffers.is_unbound() {
            let text =
                "pickle stream refers to out-of-band data but no *buffers* argument was given";
            return Err(errors::unpickling(cx, text));
        }
        match protocol::next(cx, buffers)? {
            Some(v) => Ok(v),
            None => Err(errors::unpickling(cx, "not enough out-of-band buffers")),
        }
    }
}

/// `v`, or a view of its memory that cannot be written through.
fn readonly(cx: &mut Cx, v: Value) -> Completion<Value> {
    let view = memoryview::over(cx, v)?;
    if buffer::has(cx, view, "readonly")? {
        return Ok(v);
    }
    let name = cx.intern("toreadonly")?;
    protocol::call_method(cx, view, name, &[])
}

/// Text for conversions to numbers, which are ASCII here.
fn ascii(cx: &mut Cx, line: &[u8]) -> Completion<Option<Value>> {
    if line.is_ascii() { string::new_ascii(cx, line).map(Some) } else { Ok(None) }
}

/// The integer in a line.
pub(super) fn int_in(cx: &mut Cx, line: &[u8]) -> Completion<Value> {
    match ascii(cx, line)? {
        Some(text) => protocol::call(cx, cx.class(T::int).into(), &[text]),
        None => {
            let line = bytes::new(cx, line)?;
            let shown = protocol::convert::repr_text(cx, line)?;
            raise!(cx, ValueError, "invalid literal for int() with base 10: {shown}")
        }
    }
}

/// The integer in a line; two digits, 00 or 01, stand for a bool.
fn int_or_bool(cx: &mut Cx, line: &[u8]) -> Completion<Value> {
    match line {
        b"00" => return Ok(Value::FALSE),
        b"01" => return Ok(Value::TRUE),
        _ => {}
    }
    match int_in(cx, line) {
        Err(escape) if errors::is(cx, escape, T::ValueError) => {
            raise!(cx, ValueError, "could not convert string to int")
        }
        result => result,
    }
}

fn float_in(cx: &mut Cx, line: &[u8]) -> Completion<Value> {
    let is_plain = !line.iter().any(|b| b.is_ascii_whitespace() || *b == b'_');
    if let Some(text) = ascii(cx, line)?.filter(|_| is_plain) {
        return protocol::call(cx, cx.class(T::float).into(), &[text]);
    }
    raise!(cx, ValueError, "could not convert string to float")
}

#[cold]
fn unknown(cx: &mut Cx, op: u8) -> Escape {
    let shown = match op {
        b'\'' | b'\\' => None,
        0x20..=0x7e => Some(char::from(op)),
        _ => None,
    };
    let text = match shown {
        Some(c) => format!("invalid load key, '{c}'."),
        None => format!("invalid load key, '\\x{op:02x}'."),
    };
    errors::unpickling(cx, &text)
}
