//! Formats of the `struct` module: parsing, sizes, alignment; packing and unpacking of items.
//!
//! Ints go through `i128` (every format fits); the caller converts from and to its own values.

use super::TextError;

/// What an item is made from and becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `x`: padding, no value.
    Pad,
    /// `c`: one byte.
    Char,
    /// A signed int.
    Signed,
    /// An unsigned int.
    Unsigned,
    /// `P`: an address.
    Pointer,
    /// `?`
    Bool,
    /// `e f d`
    Float,
    /// `s`: bytes of a fixed length.
    Bytes,
    /// `p`: bytes with a length byte.
    Pascal,
}

/// One run of items of the same code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// The format letter.
    pub code: u8,
    /// What it holds.
    pub kind: Kind,
    /// Size in bytes of one value (`s`, `p`: of the whole).
    pub size: usize,
    /// Offset of the first value.
    pub offset: usize,
    /// How many values (`s`, `p`: 1).
    pub repeat: usize,
}

/// A parsed format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Items that have values.
    pub items: Vec<Item>,
    /// Total size in bytes.
    pub size: usize,
    /// Number of values.
    pub values: usize,
    /// Whether bytes are in big-endian order.
    pub big: bool,
    /// Whether native sizes apply (`@` or no prefix).
    pub native: bool,
}

fn code(c: u8, native: bool) -> Option<(Kind, usize)> {
    let word = size_of::<usize>();
    Some(match c {
        b'x' => (Kind::Pad, 1),
        b'c' => (Kind::Char, 1),
        b'b' => (Kind::Signed, 1),
        b'B' => (Kind::Unsigned, 1),
        b'?' => (Kind::Bool, 1),
        b'h' => (Kind::Signed, 2),
        b'H' => (Kind::Unsigned, 2),
        b'i' => (Kind::Signed, 4),
        b'I' => (Kind::Unsigned, 4),
        b'l' => (Kind::Signed, if native { word } else { 4 }),
        b'L' => (Kind::Unsigned, if native { word } else { 4 }),
        b'q' => (Kind::Signed, 8),
        b'Q' => (Kind::Unsigned, 8),
        b'n' if native => (Kind::Signed, word),
        b'N' if native => (Kind::Unsigned, word),
        b'P' if native => (Kind::Pointer, word),
        b'e' => (Kind::Float, 2),
        b'f' => (Kind::Float, 4),
        b'd' => (Kind::Float, 8),
        b's' => (Kind::Bytes, 1),
        b'p' => (Kind::Pascal, 1),
        _ => return None,
    })
}

/// Parses a format.
///
/// # Errors
/// The message of `struct.error`.
pub fn parse(format: &[u8]) -> Result<Layout, String> {
    if format.contains(&0) {
        return Err("embedded null character".to_owned());
    }
    let (native, big, body) = match format.first() {
        Some(b'@') => (true, cfg!(target_endian = "big"), &format[1..]),
        Some(b'=') => (false, cfg!(target_endian = "big"), &format[1..]),
        Some(b'<') => (false, false, &format[1..]),
        Some(b'>' | b'!') => (false, true, &format[1..]),
        _ => (true, cfg!(target_endian = "big"), format),
    };
    let mut layout = Layout { items: Vec::new(), size: 0, values: 0, big, native };
    let too_long = || "total struct size too long".to_owned();
    let mut at = 0;
    while at < body.len() {
        let mut c = body[at];
        at += 1;
        if super::shape::is_byte_space(c) {
            continue;
        }
        let mut n = 1_usize;
        if c.is_ascii_digit() {
            n = usize::from(c - b'0');
            loop {
                c = *body.get(at).ok_or("repeat count given without format specifier")?;
                at += 1;
                if !c.is_ascii_digit() {
                    break;
                }
                n = n
                    .checked_mul(10)
                    .and_then(|n| n.checked_add(usize::from(c - b'0')))
                    .ok_or_else(too_long)?;
            }
        }
        let (kind, size) = code(c, native).ok_or("bad char in struct format")?;
        let align = if native { size } else { 1 };
        let offset = layout.size.checked_next_multiple_of(align).ok_or_else(too_long)?;
        let total = size.checked_mul(n).and_then(|t| t.checked_add(offset));
        layout.size = total.filter(|&t| t <= isize::MAX as usize).ok_or_else(too_long)?;
        match kind {
            Kind::Pad => {}
            Kind::Bytes | Kind::Pascal => {
                layout.values += 1;
                layout.items.push(Item { code: c, kind, size: n, offset, repeat: 1 });
            }
            _ if n == 0 => {}
            _ => {
                layout.values += n;
                layout.items.push(Item { code: c, kind, size, offset, repeat: n });
            }
        }
    }
    Ok(layout)
}

impl Item {
    /// Smallest and largest int of this item.
    pub fn range(&self) -> (i128, i128) {
        let bits = 8 * self.size.min(8) as u32;
        match self.kind {
            Kind::Signed => (-(1 << (bits - 1)), (1 << (bits - 1)) - 1),
            _ => (0, (1 << bits) - 1),
        }
    }

    /// The message for an int out of range.
    pub fn range_error(&self) -> String {
        let (low, high) = self.range();
        format!("'{}' format requires {low} <= number <= {high}", self.code as char)
    }

    /// Writes an int that is in range to `out`, which is `size` long.
    pub fn put_int(&self, out: &mut [u8], n: i128, big: bool) {
        let bytes = n.to_le_bytes();
        let len = out.len().min(bytes.len());
        out[..len].copy_from_slice(&bytes[..len]);
        if big {
            out.reverse();
        }
    }

    /// Reads an int.
    pub fn get_int(&self, s: &[u8], big: bool) -> i128 {
        let mut bytes = [0; 16];
        for (i, &b) in s.iter().take(8).enumerate() {
            bytes[if big { s.len() - 1 - i } else { i }] = b;
        }
        let n = i128::from_le_bytes(bytes);
        let bits = 8 * s.len().min(8) as u32;
        if self.kind == Kind::Signed && n >> (bits - 1) & 1 == 1 { n - (1 << bits) } else { n }
    }

    /// Writes a float.
    ///
    /// # Errors
    /// `OverflowError` if it does not fit (for `f` only where CPython checks: not in `@` mode).
    pub fn put_float(&self, out: &mut [u8], x: f64, layout: &Layout) -> Result<(), TextError> {
        let bits = match self.size {
            2 => u64::from(half_bits(x).ok_or_else(|| too_large('e'))?),
            4 => {
                let f = x as f32;
                if f.is_infinite() && x.is_finite() && !layout.native {
                    return Err(too_large('f'));
                }
                u64::from(f.to_bits())
            }
            _ => x.to_bits(),
        };
        self.put_int(out, i128::from(bits), layout.big);
        Ok(())
    }

    /// Reads a float.
    pub fn get_float(&self, s: &[u8], big: bool) -> f64 {
        let bits = self.get_int(s, big) as u64;
        match self.size {
            2 => half_value(bits as u16),
            4 => f64::from(f32::from_bits(bits as u32)),
            _ => f64::from_bits(bits),
        }
    }
}

fn too_large(code: char) -> TextError {
    TextError::overflow(format!("float too large to pack with {code} format"))
}

/// The IEEE half nearest to `x`, or `None` if it overflows.
pub fn half_bits(x: f64) -> Option<u16> {
    let sign = ((x.to_bits() >> 48) & 0x8000) as u16;
    if x.is_nan() {
        return Some(sign | 0x7E00);
    }
    if x.is_infinite() {
        return Some(sign | 0x7C00);
    }
    let a = x.abs();
    if a < 2_f64.powi(-14) {
        // Subnormal: multiples of 2**-24; rounding up to 1024 gives the smallest normal.
        return Some(sign | (a * 2_f64.powi(24)).round_ties_even() as u16);
    }
    let exp = ((a.to_bits() >> 52) as i32) - 1023;
    let mantissa = (a * 2_f64.powi(10 - exp)).round_ties_even() as u32;
    let bits = ((exp + 15) as u32).checked_shl(10)?.checked_add(mantissa.checked_sub(1024)?)?;
    (exp < 16 && bits < 0x7C00).then_some(sign | bits as u16)
}

/// The value of an IEEE half.
pub fn half_value(bits: u16) -> f64 {
    let sign = if bits & 0x8000 != 0 { -1.0 } else { 1.0 };
    let mantissa = f64::from(bits & 0x3FF);
    sign * match i32::from(bits >> 10 & 0x1F) {
        0 => mantissa * 2_f64.powi(-24),
        31 if mantissa == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        e => (1024.0 + mantissa) * 2_f64.powi(e - 25),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_alignment() {
        let size = |f: &str| parse(f.as_bytes()).map(|l| l.size);
        assert_eq!(size("bi"), Ok(8));
        assert_eq!(size("<bi"), Ok(5));
        assert_eq!(size("b0i"), Ok(4));
        assert_eq!(size("ibq"), Ok(16));
        assert_eq!(size("3s 2x"), Ok(5));
        assert_eq!(size("<n").unwrap_err(), "bad char in struct format");
        assert_eq!(size("3").unwrap_err(), "repeat count given without format specifier");
        assert_eq!(size("99999999999999999999i").unwrap_err(), "total struct size too long");
    }

    #[test]
    fn ints_and_floats_round_trip() {
        let item = parse(b">i").unwrap().items[0];
        let mut out = [0; 4];
        item.put_int(&mut out, -2, true);
        assert_eq!(out, [255, 255, 255, 254]);
        assert_eq!(item.get_int(&out, true), -2);
        for x in [1.0, -2.5, 65504.0, 5.960464477539063e-08, 0.0] {
            assert_eq!(half_value(half_bits(x).unwrap()), x);
        }
        assert_eq!(half_bits(65520.0), None);
        assert_eq!(half_bits(f64::NAN), Some(0x7E00));
        assert_eq!(item.range_error(), "'i' format requires -2147483648 <= number <= 2147483647");
    }
}
