//! Values to bytes.

use std::collections::HashMap;

use taipan_objects::{
    Completion, Cx, Kind, T, Value,
    protocol::{self, convert},
    raise,
    types::{buffer, bytes, dict, str as string},
};

use super::code;
use crate::{code::serial, vm::loaded};

/// A value as bytes.
pub(super) fn dump(cx: &mut Cx, v: Value, version: i64, allow_code: bool) -> Completion<Vec<u8>> {
    let mut w = Writer { out: Vec::new(), version, allow_code, depth: 0, seen: HashMap::new() };
    w.value(cx, v)?;
    Ok(w.out)
}

struct Writer {
    out: Vec<u8>,
    version: i64,
    allow_code: bool,
    depth: u32,
    /// Numbers of values written so far, by their words.
    seen: HashMap<u64, u32>,
}

impl Writer {
    fn u32(&mut self, n: u32) {
        self.out.extend_from_slice(&n.to_le_bytes());
    }

    fn len(&mut self, cx: &mut Cx, n: usize) -> Completion<()> {
        match u32::try_from(n) {
            Ok(n) if n <= i32::MAX as u32 => {
                self.u32(n);
                Ok(())
            }
            _ => raise!(cx, ValueError, "unmarshallable object"),
        }
    }

    fn value(&mut self, cx: &mut Cx, v: Value) -> Completion<()> {
        let simple = match v {
            Value::NONE => Some(code::NONE),
            Value::TRUE => Some(code::TRUE),
            Value::FALSE => Some(code::FALSE),
            Value::ELLIPSIS => Some(code::ELLIPSIS),
            _ if v.obj() == Some(cx.class(T::StopIteration)) => Some(code::STOP),
            _ => None,
        };
        if let Some(simple) = simple {
            self.out.push(simple);
            return Ok(());
        }
        let mut flag = 0;
        if self.version >= 3 && v.is_obj() {
            if let Some(&n) = self.seen.get(&v.bits()) {
                self.out.push(code::REF);
                self.u32(n);
                return Ok(());
            }
            self.seen.insert(v.bits(), self.seen.len() as u32);
            flag = code::FLAG_REF;
        }
        self.depth += 1;
        if self.depth > super::DEPTH_MAX || cx.native_stack_is_low() {
            return raise!(cx, ValueError, "object too deeply nested to marshal");
        }
        let result = self.complex_value(cx, v, flag);
        self.depth -= 1;
        result
    }

    fn complex_value(&mut self, cx: &mut Cx, v: Value, flag: u8) -> Completion<()> {
        let class = cx.class_of(v);
        let is = |cx: &Cx, t: T| class == cx.class(t);
        if let Some(f) = v.float_value().filter(|_| is(cx, T::float)) {
            self.float(cx, f, flag)
        } else if is(cx, T::int) {
            self.int(cx, v, flag)
        } else if is(cx, T::str) {
            self.text(cx, v, flag)
        } else if is(cx, T::bytes) {
            let data = bytes::exact(v).map_or(&[][..], |o| o.raw_bytes());
            self.bytes(cx, data, flag)
        } else if is(cx, T::complex) {
            self.complex(cx, v, flag)
        } else if let Some(items) = v.obj().filter(|o| o.kind() == Kind::Tuple && is(cx, T::tuple))
        {
            let items = items.items();
            match u8::try_from(items.len()) {
                Ok(n) if self.version >= 4 => self.out.extend([code::SMALL_TUPLE | flag, n]),
                _ => {
                    self.out.push(code::TUPLE | flag);
                    self.len(cx, items.len())?;
                }
            }
            items.iter().try_for_each(|&item| self.value(cx, item))
        } else if is(cx, T::list) || is(cx, T::set) || is(cx, T::frozenset) {
            let items = protocol::collect(cx, v)?;
            let of = if is(cx, T::list) {
                code::LIST
            } else if is(cx, T::set) {
                code::SET
            } else {
                code::FROZENSET
            };
            self.out.push(of | flag);
            self.len(cx, items.len())?;
            items.as_slice().iter().try_for_each(|&item| self.value(cx, item))
        } else if let Some(d) = v.obj().filter(|_| is(cx, T::dict)) {
            self.out.push(code::DICT | flag);
            let items = dict::items(cx, d)?;
            items.as_slice().iter().try_for_each(|&item| self.value(cx, item))?;
            self.out.push(code::NULL);
            Ok(())
        } else if is(cx, T::slice) && self.version >= 5 {
            self.out.push(code::SLICE | flag);
            for name in ["start", "stop", "step"] {
                let name = cx.intern(name)?;
                let part = protocol::get_attr(cx, v, name)?;
                self.value(cx, part)?;
            }
            Ok(())
        } else if let Some(loaded) = v.obj().and_then(loaded::of) {
            if !self.allow_code {
                return raise!(cx, ValueError, "marshalling code objects is disallowed");
            }
            let data = serial::encode(&loaded.unit);
            self.bytes_as(cx, &data, code::CODE | flag)
        } else if let Some(data) = buffer::bytes_like(cx, v)? {
            self.bytes(cx, &data, flag)
        } else {
            raise!(cx, ValueError, "unmarshallable object")
        }
    }

    fn bytes(&mut self, cx: &mut Cx, data: &[u8], flag: u8) -> Completion<()> {
        self.bytes_as(cx, data, code::BYTES | flag)
    }

    fn bytes_as(&mut self, cx: &mut Cx, data: &[u8], of: u8) -> Completion<()> {
        self.out.push(of);
        self.len(cx, data.len())?;
        self.out.extend_from_slice(data);
        Ok(())
    }

    fn float(&mut self, cx: &mut Cx, f: f64, flag: u8) -> Completion<()> {
        if self.version > 1 {
            self.out.push(code::BINARY_FLOAT | flag);
            self.out.extend_from_slice(&f.to_le_bytes());
            return Ok(());
        }
        self.out.push(code::FLOAT | flag);
        self.float_text(cx, f)
    }

    fn float_text(&mut self, cx: &mut Cx, f: f64) -> Completion<()> {
        let text = convert::repr_text(cx, Value::float(f))?;
        self.out.push(text.len() as u8);
        self.out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn complex(&mut self, cx: &mut Cx, v: Value, flag: u8) -> Completion<()> {
        let is_binary = self.version > 1;
        self.out.push(if is_binary { code::BINARY_COMPLEX } else { code::COMPLEX } | flag);
        for name in ["real", "imag"] {
            let name = cx.intern(name)?;
            let f = protocol::get_attr(cx, v, name)?.float_value().unwrap_or(0.0);
            if is_binary {
                self.out.extend_from_slice(&f.to_le_bytes());
            } else {
                self.float_text(cx, f)?;
            }
        }
        Ok(())
    }

    fn int(&mut self, cx: &mut Cx, v: Value, flag: u8) -> Completion<()> {
        if let Some(n) = convert::as_i64(v).and_then(|n| i32::try_from(n).ok()) {
            self.out.push(code::INT | flag);
            self.out.extend_from_slice(&n.to_le_bytes());
            return Ok(());
        }
        let (format, x) = (cx.intern("__format__")?, cx.intern("x")?);
        let text = protocol::call_method(cx, v, format, &[x])?;
        let text = string::text(text).unwrap_or_default();
        let (negative, hex) = match text.strip_prefix('-') {
            Some(hex) => (true, hex),
            None => (false, text),
        };
        // Digits of 15 bits, least first.
        let (mut digits, mut bits, mut n_bits) = (Vec::new(), 0_u32, 0);
        for c in hex.bytes().rev() {
            let nibble = char::from(c).to_digit(16).unwrap_or(0);
            bits |= nibble << n_bits;
            n_bits += 4;
            if n_bits >= 15 {
                digits.push((bits & 0x7fff) as u16);
                bits >>= 15;
                n_bits -= 15;
            }
        }
        if bits != 0 {
            digits.push(bits as u16);
        }
        while digits.last() == Some(&0) {
            digits.pop();
        }
        self.out.push(code::LONG | flag);
        let n = digits.len() as i32;
        self.out.extend_from_slice(&(if negative { -n } else { n }).to_le_bytes());
        for digit in digits {
            self.out.extend_from_slice(&digit.to_le_bytes());
        }
        Ok(())
    }

    fn text(&mut self, cx: &mut Cx, v: Value, flag: u8) -> Completion<()> {
        let Some(text) = string::wtf8(v) else {
            return raise!(cx, ValueError, "unmarshallable object");
        };
        let is_interned = self.version >= 1 && v.obj().is_some_and(string::is_interned);
        let raw = text.as_bytes();
        if self.version >= 4 && raw.is_ascii() {
            if let Ok(n) = u8::try_from(raw.len()) {
                let of = if is_interned { code::SHORT_ASCII_INTERNED } else { code::SHORT_ASCII };
                self.out.extend([of | flag, n]);
                self.out.extend_from_slice(raw);
                return Ok(());
            }
            let of = if is_interned { code::ASCII_INTERNED } else { code::ASCII };
            return self.bytes_as(cx, raw, of | flag);
        }
        let of = if is_interned { code::INTERNED } else { code::UNICODE };
        self.bytes_as(cx, raw, of | flag)
    }
}
