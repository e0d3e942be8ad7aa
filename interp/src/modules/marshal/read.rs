//! Bytes to values. The bytes may be anything; nothing in them is believed before it is checked.

use std::sync::Arc;

use rustpython_wtf8::Wtf8;
use taipan_objects::{
    Completion, Cx, T, Value,
    protocol::{self, RootVec},
    raise,
    types::{buffer, bytes, dict, list, str as string},
};

use super::code;
use crate::{
    code::serial,
    vm::{
        exec::{constants, containers},
        loaded,
        state::vm_ref,
    },
};

/// Where bytes come from.
pub(super) enum Input {
    /// Bytes and how many were read.
    Bytes(Vec<u8>, usize),
    /// A file with `read`.
    File(Value),
}

/// The next value.
pub(super) fn load(cx: &mut Cx, input: Input, allow_code: bool) -> Completion<Value> {
    let mut r = Reader { input, refs: RootVec::new(), allow_code, depth: 0 };
    match r.value(cx)? {
        Some(v) => Ok(v),
        None => raise!(cx, TypeError, "NULL object in marshal data for object"),
    }
}

struct Reader {
    input: Input,
    refs: RootVec,
    allow_code: bool,
    depth: u32,
}

impl Reader {
    fn take(&mut self, cx: &mut Cx, n: usize) -> Completion<Vec<u8>> {
        match &mut self.input {
            Input::Bytes(data, at) => match data.get(*at..at.saturating_add(n)) {
                Some(part) => {
                    let part = part.to_vec();
                    *at += n;
                    Ok(part)
                }
                None => raise!(cx, EOFError, "marshal data too short"),
            },
            Input::File(file) => {
                let (file, read) = (*file, cx.intern("read")?);
                let part = protocol::call_method(cx, file, read, &[Value::small(n as i64)])?;
                let Some(part) = buffer::bytes_or_bytearray(cx, part)? else {
                    let got = cx.type_name(part);
                    return raise!(cx, TypeError, "file.read() returned not bytes but {got}");
                };
                if part.len() != n {
                    let got = part.len();
                    return raise!(
                        cx,
                        EOFError,
                        "EOF read where not expected: {n} bytes requested, {got} read"
                    );
                }
                Ok(part.into_owned())
            }
        }
    }

    fn byte(&mut self, cx: &mut Cx) -> Completion<u8> {
        Ok(self.take(cx, 1)?.first().copied().unwrap_or(0))
    }

    fn i32(&mut self, cx: &mut Cx) -> Completion<i32> {
        let raw = self.take(cx, 4)?;
        Ok(<[u8; 4]>::try_from(&raw[..]).map_or(0, i32::from_le_bytes))
    }

    fn f64(&mut self, cx: &mut Cx) -> Completion<f64> {
        let raw = self.take(cx, 8)?;
        Ok(<[u8; 8]>::try_from(&raw[..]).map_or(0.0, f64::from_le_bytes))
    }

    fn len(&mut self, cx: &mut Cx, what: &str) -> Completion<usize> {
        match usize::try_from(self.i32(cx)?) {
            Ok(n) => Ok(n),
            Err(_) => raise!(cx, ValueError, "bad marshal data ({what} size out of range)"),
        }
    }

    /// Reserves a number for a value that contains others.
    fn reserve(&mut self, cx: &mut Cx, flagged: bool) -> Completion<Option<usize>> {
        if !flagged {
            return Ok(None);
        }
        self.refs.push(cx, Value::UNBOUND)?;
        Ok(Some(self.refs.len() - 1))
    }

    fn keep(&mut self, place: Option<usize>, v: Value) -> Value {
        if let Some(place) = place {
            self.refs.set(place, v);
        }
        v
    }

    fn wanted(&mut self, cx: &mut Cx, what: &str) -> Completion<Value> {
        match self.value(cx)? {
            Some(v) => Ok(v),
            None => raise!(cx, TypeError, "NULL object in marshal data for {what}"),
        }
    }

    /// The next value; `None` for the mark that ends dicts.
    fn value(&mut self, cx: &mut Cx) -> Completion<Option<Value>> {
        self.depth += 1;
        if self.depth > super::DEPTH_MAX || cx.native_stack_is_low() {
            return raise!(cx, ValueError, "recursion limit exceeded");
        }
        let result = self.read(cx);
        self.depth -= 1;
        result
    }

    fn read(&mut self, cx: &mut Cx) -> Completion<Option<Value>> {
        let at_end = match &self.input {
            Input::Bytes(data, at) => *at >= data.len(),
            Input::File(_) => false,
        };
        if at_end {
            return raise!(cx, EOFError, "EOF read where object expected");
        }
        let byte = match self.byte(cx) {
            Err(escape) if matches!(self.input, Input::File(_)) && !escape.is_abort() => {
                return raise!(cx, EOFError, "EOF read where object expected");
            }
            other => other?,
        };
        let (of, flagged) = (byte & !code::FLAG_REF, byte & code::FLAG_REF != 0);
        let v = match of {
            code::NULL => return Ok(None),
            code::NONE => Value::NONE,
            code::TRUE => Value::TRUE,
            code::FALSE => Value::FALSE,
            code::ELLIPSIS => Value::ELLIPSIS,
            code::STOP => cx.class(T::StopIteration).into(),
            code::REF => {
                let n = self.i32(cx)? as usize;
                match self.refs.as_slice().get(n).copied().and_then(Value::bound) {
                    Some(v) => v,
                    None => {
                        return raise!(cx, ValueError, "bad marshal data (invalid reference)");
                    }
                }
            }
            _ => {
                let place = self.reserve(cx, flagged)?;
                let v = self.payload(cx, of, place)?;
                self.keep(place, v)
            }
        };
        Ok(Some(v))
    }

    fn payload(&mut self, cx: &mut Cx, of: u8, place: Option<usize>) -> Completion<Value> {
        match of {
            code::INT => {
                let n = self.i32(cx)?;
                cx.new_int(n.into())
            }
            code::INT64 => {
                let raw = self.take(cx, 8)?;
                cx.new_int(<[u8; 8]>::try_from(&raw[..]).map_or(0, i64::from_le_bytes))
            }
            code::LONG => self.long(cx),
            code::BINARY_FLOAT => Ok(Value::float(self.f64(cx)?)),
            code::FLOAT => Ok(Value::float(self.float_text(cx)?)),
            code::COMPLEX | code::BINARY_COMPLEX => {
                let mut parts = [Value::NONE; 2];
                for part in &mut parts {
                    let f = if of == code::COMPLEX { self.float_text(cx)? } else { self.f64(cx)? };
                    *part = Value::float(f);
                }
                protocol::call(cx, cx.class(T::complex).into(), &parts)
            }
            code::BYTES => {
                let n = self.len(cx, "bytes object")?;
                let data = self.take(cx, n)?;
                bytes::new(cx, &data)
            }
            code::UNICODE | code::INTERNED | code::ASCII | code::ASCII_INTERNED => {
                let n = self.len(cx, "string")?;
                self.text(cx, n, matches!(of, code::INTERNED | code::ASCII_INTERNED))
            }
            code::SHORT_ASCII | code::SHORT_ASCII_INTERNED => {
                let n = usize::from(self.byte(cx)?);
                self.text(cx, n, of == code::SHORT_ASCII_INTERNED)
            }
            code::SMALL_TUPLE => {
                let n = usize::from(self.byte(cx)?);
                let items = self.items(cx, n, "tuple")?;
                cx.new_tuple(items.as_slice())
            }
            code::TUPLE => {
                let n = self.len(cx, "tuple")?;
                let items = self.items(cx, n, "tuple")?;
                cx.new_tuple(items.as_slice())
            }
            code::LIST => {
                let n = self.len(cx, "list")?;
                let made: Value = list::from_vec(cx, RootVec::new())?.into();
                self.keep(place, made);
                for _ in 0..n {
                    let v = self.wanted(cx, "list")?;
                    containers::push(cx, made, v)?;
                }
                Ok(made)
            }
            code::DICT => {
                let made = dict::new(cx)?;
                self.keep(place, made.into());
                while let Some(key) = self.value(cx)? {
                    let Some(v) = self.value(cx)? else { break };
                    dict::set_item(cx, made, key, v)?;
                }
                Ok(made.into())
            }
            code::SET => {
                let n = self.len(cx, "set")?;
                let made = containers::new_set(cx, &[])?;
                self.keep(place, made);
                for _ in 0..n {
                    let v = self.wanted(cx, "set")?;
                    containers::add(cx, made, v)?;
                }
                Ok(made)
            }
            code::FROZENSET => {
                let n = self.len(cx, "set")?;
                let items = self.items(cx, n, "set")?;
                constants::frozen_set(cx, items.as_slice())
            }
            code::SLICE => {
                let items = self.items(cx, 3, "slice")?;
                containers::new_slice(cx, items.as_slice())
            }
            code::CODE => self.code(cx),
            _ => raise!(cx, ValueError, "bad marshal data (unknown type code)"),
        }
    }

    fn items(&mut self, cx: &mut Cx, n: usize, what: &str) -> Completion<RootVec> {
        let mut items = RootVec::new();
        for _ in 0..n {
            let v = self.wanted(cx, what)?;
            items.push(cx, v)?;
        }
        Ok(items)
    }

    fn text(&mut self, cx: &mut Cx, n: usize, interned: bool) -> Completion<Value> {
        let data = self.take(cx, n)?;
        let Some(text) = Wtf8::from_bytes(&data) else {
            return raise!(cx, ValueError, "bad marshal data (invalid UTF-8)");
        };
        let v = string::new_str_bytes(cx, text.as_bytes(), text.code_points().count())?;
        if interned { string::interned(cx, v) } else { Ok(v) }
    }

    fn float_text(&mut self, cx: &mut Cx) -> Completion<f64> {
        let n = usize::from(self.byte(cx)?);
        let data = self.take(cx, n)?;
        let text = cx.new_str(&String::from_utf8_lossy(&data))?;
        let f = protocol::call(cx, cx.class(T::float).into(), &[text])?;
        Ok(f.float_value().unwrap_or(0.0))
    }

    fn long(&mut self, cx: &mut Cx) -> Completion<Value> {
        let n = self.i32(cx)?;
        let raw = self.take(cx, n.unsigned_abs() as usize * 2)?;
        let digits: Vec<u16> =
            raw.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect();
        if digits.iter().any(|d| *d > 0x7fff) {
            return raise!(cx, ValueError, "bad marshal data (digit out of range in long)");
        }
        if digits.last() == Some(&0) {
            return raise!(cx, ValueError, "bad marshal data (unnormalized long data)");
        }
        // Nibbles, least first.
        let (mut hex, mut bits, mut n_bits) = (Vec::new(), 0_u32, 0);
        for digit in digits {
            bits |= u32::from(digit) << n_bits;
            n_bits += 15;
            while n_bits >= 4 {
                hex.push(char::from_digit(bits & 15, 16).unwrap_or('0'));
                bits >>= 4;
                n_bits -= 4;
            }
        }
        hex.push(char::from_digit(bits & 15, 16).unwrap_or('0'));
        if n < 0 {
            hex.push('-');
        }
        let text: String = hex.into_iter().rev().collect();
        let text = cx.new_str(&text)?;
        protocol::call(cx, cx.class(T::int).into(), &[text, Value::small(16)])
    }

    fn code(&mut self, cx: &mut Cx) -> Completion<Value> {
        if !self.allow_code {
            return raise!(cx, ValueError, "unmarshalling code objects is disallowed");
        }
        let n = self.len(cx, "code")?;
        let data = self.take(cx, n)?;
        match serial::decode(&data) {
            Ok(unit) => {
                let ids = vm_ref(cx).shared.code_ids.clone();
                loaded::load(cx, &ids, &Arc::new(unit)).map(Value::from)
            }
            Err(error) => raise!(cx, ValueError, "bad marshal data ({error})"),
        }
    }
}
