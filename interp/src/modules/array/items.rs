//! Item types of `array`: sizes, ranges, packing and unpacking.

use taipan_objects::{
    Completion, Cx, Value,
    num::big::BigInt,
    protocol::index_int,
    raise,
    text::cp,
    types::{
        number::{big_of, new_u64, to_f64},
        str as string,
    },
};

/// How an item is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Store {
    /// Two's complement.
    Signed,
    /// Without a sign.
    Unsigned,
    /// IEEE 754.
    Float,
    /// A code point.
    Char,
}

/// An item type.
#[derive(Debug)]
pub(super) struct ItemType {
    /// The type code.
    pub(super) code: char,
    /// Bytes per item.
    pub(super) size: usize,
    /// How it is stored.
    pub(super) store: Store,
    /// Format character for `memoryview`.
    pub(super) format: &'static str,
    /// Machine format number of `_array_reconstructor`, on a little-endian machine.
    pub(super) machine: i64,
    /// How error messages call it.
    name: &'static str,
}

const fn item(
    code: char,
    size: usize,
    store: Store,
    format: &'static str,
    machine: i64,
    name: &'static str,
) -> ItemType {
    ItemType { code, size, store, format, machine, name }
}

/// All item types, in the order of `array.typecodes`.
pub(super) const TYPES: &[ItemType] = &[
    item('b', 1, Store::Signed, "b", 1, "signed char"),
    item('B', 1, Store::Unsigned, "B", 0, "unsigned byte integer"),
    item('u', 4, Store::Char, "w", 20, ""),
    item('w', 4, Store::Char, "w", 20, ""),
    item('h', 2, Store::Signed, "h", 4, "signed short integer"),
    item('H', 2, Store::Unsigned, "H", 2, "unsigned short"),
    item('i', 4, Store::Signed, "i", 8, "signed integer"),
    item('I', 4, Store::Unsigned, "I", 6, "unsigned int"),
    item('l', 8, Store::Signed, "l", 12, "long"),
    item('L', 8, Store::Unsigned, "L", 10, "unsigned long"),
    item('q', 8, Store::Signed, "q", 12, ""),
    item('Q', 8, Store::Unsigned, "Q", 10, ""),
    item('f', 4, Store::Float, "f", 14, ""),
    item('d', 8, Store::Float, "d", 16, ""),
];

/// The number of an item type in [`TYPES`].
pub(super) fn type_number(code: char) -> Option<usize> {
    TYPES.iter().position(|t| t.code == code)
}

impl ItemType {
    /// The bytes of `v` as an item; only the first `size` count.
    pub(super) fn pack(&self, cx: &mut Cx, v: Value) -> Completion<[u8; 8]> {
        match self.store {
            Store::Float => {
                let x = to_f64(cx, v)?;
                if self.size == 8 {
                    return Ok(x.to_ne_bytes());
                }
                Ok(widen((x as f32).to_ne_bytes()))
            }
            Store::Char => match string::exact(v).filter(|s| string::n_chars(*s) == 1) {
                Some(s) => Ok(widen(cp::decode(string::bytes_of(s), 0).0.to_ne_bytes())),
                None => raise!(cx, TypeError, "array item must be unicode character"),
            },
            Store::Signed | Store::Unsigned => {
                let n = index_int(cx, v)?;
                let n = big_of(n);
                match self.in_range(&n) {
                    Ok(()) => Ok(n.low_u64().to_le_bytes()).map(|bytes| self.native(bytes)),
                    Err(text) => raise!(cx, OverflowError, "{text}"),
                }
            }
        }
    }

    /// Low bytes first, as computed, to this machine's order.
    fn native(&self, mut bytes: [u8; 8]) -> [u8; 8] {
        if cfg!(target_endian = "big")
            && let Some(item) = bytes.get_mut(..self.size)
        {
            item.reverse();
        }
        bytes
    }

    /// CPython reads the number into a C type first, so very large ones fail with other words.
    fn in_range(&self, n: &BigInt) -> Result<(), String> {
        let name = self.name;
        let signed = self.store == Store::Signed;
        if matches!(self.code, 'q' | 'Q') {
            return match (signed, n.to_i64(), n.to_u64()) {
                (true, Some(_), _) | (false, _, Some(_)) => Ok(()),
                (false, ..) if n.is_negative() => {
                    Err("can't convert negative int to unsigned".into())
                }
                _ => Err("int too big to convert".into()),
            };
        }
        if matches!(self.code, 'I' | 'L') {
            if n.is_negative() {
                return Err("can't convert negative value to unsigned int".into());
            }
            return match n.to_u64() {
                None => Err("Python int too large to convert to C unsigned long".into()),
                Some(n) if self.size == 4 && u32::try_from(n).is_err() => {
                    Err(format!("{name} is greater than maximum"))
                }
                Some(_) => Ok(()),
            };
        }
        let Some(i) = n.to_i64() else {
            return Err("Python int too large to convert to C long".into());
        };
        let bits = self.size as u32 * 8;
        let (min, max) = match (signed, bits) {
            (true, 64) => return Ok(()),
            (true, bits) => (-(1_i64 << (bits - 1)), (1_i64 << (bits - 1)) - 1),
            (false, bits) => (0, (1_i64 << bits) - 1),
        };
        // Signed chars pass through a C short, unsigned shorts through a C int.
        let through = match self.code {
            'b' => Some(("signed short integer", 1_i64 << 15)),
            'H' => Some(("signed integer", 1_i64 << 31)),
            _ => None,
        };
        let name = match through {
            Some((wider, limit)) if i < -limit || i >= limit => wider,
            _ => name,
        };
        match i {
            i if i > max => Err(format!("{name} is greater than maximum")),
            i if i < min => Err(format!("{name} is less than minimum")),
            _ => Ok(()),
        }
    }

    /// The value of the item in `bytes`; zero if they are too few.
    pub(super) fn unpack(&self, cx: &mut Cx, bytes: &[u8]) -> Completion<Value> {
        let mut wide = [0; 8];
        for (to, from) in wide.iter_mut().zip(bytes.iter().take(self.size)) {
            *to = *from;
        }
        let low = match self.size {
            1 => u64::from(wide[0]),
            2 => u64::from(u16::from_ne_bytes([wide[0], wide[1]])),
            4 => u64::from(u32::from_ne_bytes([wide[0], wide[1], wide[2], wide[3]])),
            _ => u64::from_ne_bytes(wide),
        };
        match self.store {
            Store::Float if self.size == 4 => {
                Ok(Value::float(f64::from(f32::from_bits(low as u32))))
            }
            Store::Float => Ok(Value::float(f64::from_bits(low))),
            Store::Unsigned => new_u64(cx, low),
            Store::Signed => {
                let unused = 64 - self.size as u32 * 8;
                cx.new_int((low << unused) as i64 >> unused)
            }
            Store::Char => {
                let mut text = Vec::new();
                let c = low as u32;
                if c >= 0x11_0000 {
                    return raise!(
                        cx,
                        ValueError,
                        "character U+{c:x} is not in range [U+0000; U+10ffff]"
                    );
                }
                cp::push(&mut text, c);
                string::new_str_bytes(cx, &text, 1)
            }
        }
    }
}

fn widen(bytes: [u8; 4]) -> [u8; 8] {
    let [a, b, c, d] = bytes;
    [a, b, c, d, 0, 0, 0, 0]
}
