//! Numbers and text.

use taipan_objects::{
    Completion, Cx, Obj, Value,
    num::big::ByteOrder,
    raise,
    text::{cp, float_repr},
    types::{
        int_type,
        number::{self, OrRaise},
        str as string,
    },
};

use super::{super::opcodes as op, save::Save};

impl Save {
    /// Writes a value that is no object; false if it is not a number, a bool or `None`.
    pub(super) fn immediate(&mut self, v: Value) -> bool {
        if let Some(i) = v.small_int() {
            self.small_int(i);
        } else if v.is_none() {
            self.out.op(op::NONE);
        } else if v.is_bool() {
            self.bool(v == Value::TRUE);
        } else if let Some(f) = v.float_value() {
            self.float(f);
        } else {
            return false;
        }
        true
    }

    fn bool(&mut self, b: bool) {
        if self.proto >= 2 {
            self.out.op(if b { op::NEWTRUE } else { op::NEWFALSE });
        } else {
            self.out.put(if b { b"I01\n" } else { b"I00\n" });
        }
    }

    fn float(&mut self, f: f64) {
        if self.bin {
            let mut data = [op::BINFLOAT; 9];
            data[1..].copy_from_slice(&f.to_be_bytes());
            self.out.put(&data);
        } else {
            self.line(op::FLOAT, float_repr::repr(f).as_bytes());
        }
    }

    fn small_int(&mut self, i: i64) {
        let Ok(n) = i32::try_from(i) else { return self.wide_int(i) };
        if !self.bin {
            return self.line(op::INT, i.to_string().as_bytes());
        }
        let [a, b, c, d] = n.to_le_bytes();
        match i {
            0..=0xff => self.out.put(&[op::BININT1, a]),
            0x100..=0xffff => self.out.put(&[op::BININT2, a, b]),
            _ => self.out.put(&[op::BININT, a, b, c, d]),
        }
    }

    /// An integer of more than 32 bits.
    fn wide_int(&mut self, i: i64) {
        if self.proto < 2 {
            return self.line(op::LONG, format!("{i}L").as_bytes());
        }
        // Of two's complement only one bit of sign is needed.
        let spare = if i < 0 { i.leading_ones() } else { i.leading_zeros() } - 1;
        let len = 8 - spare as usize / 8;
        self.out.put(&[op::LONG1, len as u8]);
        self.out.put(&i.to_le_bytes()[..len]);
    }

    pub(super) fn big_int(&mut self, cx: &mut Cx, o: Obj) -> Completion<()> {
        if self.proto < 2 {
            let text = int_type::decimal(cx, o.into())?;
            self.line(op::LONG, format!("{text}L").as_bytes());
            return Ok(());
        }
        let big = number::big_of(o.into());
        let bits = if big.is_negative() { big.invert().bit_length() } else { big.bit_length() };
        let len = bits as usize / 8 + 1;
        let data = big.to_bytes(len, ByteOrder::Little, true).or_raise(cx)?;
        if let Ok(n) = u8::try_from(len) {
            self.out.put(&[op::LONG1, n]);
        } else if let Ok(n) = i32::try_from(len) {
            let [a, b, c, d] = n.to_le_bytes();
            self.out.put(&[op::LONG4, a, b, c, d]);
        } else {
            return raise!(cx, OverflowError, "int too large to pickle");
        }
        self.out.put(&data);
        Ok(())
    }

    pub(super) fn text(&mut self, cx: &mut Cx, o: Obj) -> Completion<()> {
        let text = string::bytes_of(o);
        if self.bin {
            self.binary_text(cx, text)?;
        } else {
            let escaped = escaped(text);
            self.line(op::UNICODE, &escaped);
        }
        self.memoize(cx, o.into())
    }

    fn binary_text(&mut self, cx: &mut Cx, text: &[u8]) -> Completion<()> {
        let short = (self.proto >= 4).then_some(op::SHORT_BINUNICODE);
        let ops = [short, Some(op::BINUNICODE), Some(op::BINUNICODE8)];
        self.sized(cx, ops, text, None, "a string")
    }

    /// Writes data after the first of the instructions, for sizes of one, four and eight bytes, that it fits.
    /// `payload` holds the same data, `what` is its name in a message.
    pub(super) fn sized(
        &mut self,
        cx: &mut Cx,
        [short, wide, huge]: [Option<u8>; 3],
        data: &[u8],
        payload: Option<Value>,
        what: &str,
    ) -> Completion<()> {
        let len = data.len();
        let size = (len as u64).to_le_bytes();
        if let Some(op) = short.filter(|_| len <= 0xff) {
            self.out.put(&[op, size[0]]);
            self.out.put(data);
            return Ok(());
        }
        if let Some(op) = wide.filter(|_| len <= 0xffff_ffff) {
            return self.out.data(cx, &[op, size[0], size[1], size[2], size[3]], data, payload);
        }
        match huge.filter(|_| self.proto >= 4) {
            Some(op) => {
                let mut header = [op; 9];
                header[1..].copy_from_slice(&size);
                self.out.data(cx, &header, data, payload)
            }
            None => raise!(
                cx,
                OverflowError,
                "serializing {what} larger than 4 GiB requires pickle protocol 4 or higher"
            ),
        }
    }
}

/// `raw_unicode_escape` that leaves neither backslashes nor what could end a line.
fn escaped(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for c in cp::iter(text) {
        match c {
            0 | 10 | 13 | 26 | 92 | 0x100..=0xffff => {
                out.extend_from_slice(format!("\\u{c:04x}").as_bytes());
            }
            0x1_0000.. => out.extend_from_slice(format!("\\U{c:08x}").as_bytes()),
            _ => out.push(c as u8),
        }
    }
    out
}
