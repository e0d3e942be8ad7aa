//! The `%` operator of `str`, `bytes` and `bytearray`.

use super::text_args::{fail, new_text};
use crate::{
    class,
    cx::Cx,
    exc::Completion,
    names::Special,
    native::Args,
    num::big::BigInt,
    protocol, raise,
    text::{
        TextError, cp,
        format_num::IntSource,
        percent::{Amount, Directive, Parser, Piece},
        quick,
    },
    types::{T, buffer, int, str as string, str_ops},
    value::Value,
};

/// An int of any size as the formatters see it.
pub struct IntValue(Big, usize);

enum Big {
    Small(i64),
    Large(BigInt),
}

impl IntValue {
    /// The integer `v`; `None` if it is none.
    pub fn new(cx: &Cx, v: Value) -> Option<Self> {
        let v = protocol::convert::as_int(v)?;
        if let Some(i) = v.small_int() {
            return Some(Self(Big::Small(i), 0));
        }
        Some(Self(Big::Large(int::to_big(v.obj()?)), cx.world.int_max_str_digits()))
    }
}

impl IntSource for IntValue {
    fn magnitude(&self, radix: u32) -> Result<String, TextError> {
        match &self.0 {
            Big::Small(i) => i.magnitude(radix),
            Big::Large(n) if radix == 10 => {
                let limit = self.1;
                n.abs().to_decimal(limit).map_err(|e| TextError::value(e.to_string()))
            }
            Big::Large(n) => Ok(n.abs().to_radix(radix)),
        }
    }

    fn is_negative(&self) -> bool {
        match &self.0 {
            Big::Small(i) => *i < 0,
            Big::Large(n) => n.is_negative(),
        }
    }

    fn code_point(&self) -> Option<u32> {
        match &self.0 {
            Big::Small(i) => i.code_point(),
            Big::Large(_) => None,
        }
    }

    fn to_float(&self) -> Option<f64> {
        match &self.0 {
            Big::Small(i) => i.to_float(),
            Big::Large(n) => n.to_f64_checked(),
        }
    }
}

/// The right operand of `%`, handed out argument by argument.
struct Operands {
    all: Value,
    tuple: Option<&'static [Value]>,
    next: usize,
    mapping: bool,
}

impl Operands {
    fn new(cx: &mut Cx, v: Value, text: bool) -> Self {
        let tuple = v.obj().and_then(super::text_args::tuple_items);
        let is_text = string::exact(v).is_some() || (!text && buffer::is_bytes_like(cx, v));
        let mapping = tuple.is_none()
            && !is_text
            && protocol::find_special(cx, v, Special::GetItem).is_some();
        Self { all: v, tuple, next: 0, mapping }
    }

    fn take(&mut self, cx: &mut Cx) -> Completion<Value> {
        let found = match self.tuple {
            Some(items) => items.get(self.next).copied(),
            None if self.next == 0 => Some(self.all),
            None => None,
        };
        self.next += 1;
        match found {
            Some(v) => Ok(v),
            None => raise!(cx, TypeError, "not enough arguments for format string"),
        }
    }

    fn all_used(&self) -> bool {
        match self.tuple {
            Some(items) => self.next >= items.len(),
            None => self.next > 0 || self.mapping,
        }
    }
}

pub(super) fn str_mod(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(format) = string::exact(args.get(0)) else { return Ok(Value::NOT_IMPLEMENTED) };
    let out = apply(cx, string::bytes_of(format), args.get(1), true)?;
    new_text(cx, &out)
}

pub(super) fn str_rmod(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(format) = string::exact(args.get(1)) else { return Ok(Value::NOT_IMPLEMENTED) };
    let out = apply(cx, string::bytes_of(format), args.get(0), true)?;
    new_text(cx, &out)
}

/// `format % operand` for text (`text`) or bytes.
///
/// # Errors
/// As in CPython for broken formats and unfit operands, and whatever conversions raise.
pub fn apply(cx: &mut Cx, format: &[u8], operand: Value, text: bool) -> Completion<Vec<u8>> {
    let mut operands = Operands::new(cx, operand, text);
    let mut parser = Parser::new(format, text);
    let mut out = Vec::with_capacity(format.len() + 16);
    loop {
        let piece = match parser.next_piece() {
            Ok(Some(piece)) => piece,
            Ok(None) => break,
            Err(e) => return Err(fail(cx, &e)),
        };
        match piece {
            Piece::Literal(s) => out.extend_from_slice(s),
            Piece::Directive(mut d) => {
                if d.conversion == u32::from(b'%') && d.key.is_none() && d.is_bare() {
                    out.push(b'%');
                    continue;
                }
                directive(cx, &mut d, &parser, &mut operands, &mut out, text)?;
            }
        }
    }
    if !operands.all_used() {
        let what = if text { "string" } else { "bytes" };
        return raise!(cx, TypeError, "not all arguments converted during {what} formatting");
    }
    Ok(out)
}

fn directive(
    cx: &mut Cx,
    d: &mut Directive<'_>,
    parser: &Parser<'_>,
    operands: &mut Operands,
    out: &mut Vec<u8>,
    text: bool,
) -> Completion<()> {
    if let Some(key) = d.key {
        if !operands.mapping {
            return raise!(cx, TypeError, "format requires a mapping");
        }
        let key = if text { new_text(cx, key)? } else { super::bytes::new(cx, key)? };
        let v = protocol::get_item(cx, operands.all, key)?;
        operands.next = 1;
        return with_value(cx, d, parser, v, operands, out, text);
    }
    if d.width == Amount::Star {
        let n = star(cx, operands, "width too big")?;
        d.set_width(n);
    }
    if d.precision == Amount::Star {
        let n = star(cx, operands, "precision too big")?;
        d.set_precision(n);
    }
    let v = operands.take(cx)?;
    with_value(cx, d, parser, v, operands, out, text)
}

fn star(cx: &mut Cx, operands: &mut Operands, too_big: &str) -> Completion<isize> {
    let v = operands.take(cx)?;
    if protocol::convert::as_int(v).is_none() {
        return raise!(cx, TypeError, "* wants int");
    }
    let (most, kind) =
        if too_big.starts_with('w') { (i64::MAX, "ssize_t") } else { (i32::MAX.into(), "int") };
    match protocol::convert::as_i64(v) {
        Some(n) if (-most..=most).contains(&n) => Ok(n as isize),
        _ => raise!(cx, OverflowError, "Python int too large to convert to C {kind}"),
    }
}

fn with_value(
    cx: &mut Cx,
    d: &mut Directive<'_>,
    parser: &Parser<'_>,
    v: Value,
    operands: &mut Operands,
    out: &mut Vec<u8>,
    text: bool,
) -> Completion<()> {
    if d.key.is_some() && (d.width == Amount::Star || d.precision == Amount::Star) {
        operands.take(cx)?;
    }
    let done = match u8::try_from(d.conversion).unwrap_or(0) {
        b's' if text => {
            let s = protocol::str_of(cx, v)?;
            put_str(d, out, s)
        }
        b'r' if text => {
            let s = protocol::repr(cx, v)?;
            put_str(d, out, s)
        }
        b'a' | b'r' => {
            let s = str_ops::ascii(cx, v)?;
            put_str(d, out, s)
        }
        b's' | b'b' if !text => {
            let s = bytes_of_operand(cx, v)?;
            d.put_text(out, &s, false)
        }
        b'c' => {
            let c = if text { char_text(cx, v)? } else { char_byte(cx, v)? };
            d.put_text(out, &c, text)
        }
        b'd' | b'x' if v.is_small() && d.is_bare() => {
            let n = v.as_small();
            let mut digits = quick::Digits::new();
            if n < 0 {
                digits.push(b'-');
            }
            if d.conversion == u32::from(b'x') {
                quick::push_hex(&mut digits, n.unsigned_abs());
            } else {
                quick::push_decimal(&mut digits, n.unsigned_abs(), 1);
            }
            out.extend_from_slice(&digits);
            Ok(())
        }
        b'd' | b'i' | b'u' | b'o' | b'x' | b'X' => {
            let n = int_operand(cx, d.conversion as u8 as char, v)?;
            d.put_int(out, &n)
        }
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => {
            let x = float_operand(cx, v, text)?;
            d.put_float(out, x)
        }
        _ => Err(parser.unsupported(d)),
    };
    done.map_err(|e| fail(cx, &e))
}

fn put_str(d: &Directive<'_>, out: &mut Vec<u8>, s: Value) -> Result<(), TextError> {
    let s = string::exact(s).map_or(&b""[..], string::bytes_of);
    if d.is_plain() {
        out.extend_from_slice(s);
        return Ok(());
    }
    d.put_text(out, s, true)
}

fn int_operand(cx: &mut Cx, conversion: char, v: Value) -> Completion<IntValue> {
    if let Some(n) = IntValue::new(cx, v) {
        return Ok(n);
    }
    let radix = matches!(conversion, 'o' | 'x' | 'X');
    let has = |cx: &Cx, s| protocol::find_special(cx, v, s).is_some();
    let fits = if radix {
        has(cx, Special::Index)
    } else {
        has(cx, Special::Int) || has(cx, Special::Index) || v.is_float()
    };
    if !fits {
        let (name, wanted) = (cx.type_name(v), if radix { "an integer" } else { "a real number" });
        return raise!(cx, TypeError, "%{conversion} format: {wanted} is required, not {name}");
    }
    let i = if radix {
        protocol::index_int(cx, v)?
    } else {
        let class = cx.class(T::int);
        protocol::call(cx, class.into(), &[v])?
    };
    match IntValue::new(cx, i) {
        Some(n) => Ok(n),
        None => {
            let name = cx.type_name(v);
            raise!(cx, TypeError, "%{conversion} format: an integer is required, not {name}")
        }
    }
}

fn float_operand(cx: &mut Cx, v: Value, text: bool) -> Completion<f64> {
    if let Some(x) = v.float_value() {
        return Ok(x);
    }
    if let Some(n) = IntValue::new(cx, v) {
        return match n.to_float() {
            Some(x) => Ok(x),
            None => raise!(cx, OverflowError, "int too large to convert to float"),
        };
    }
    let name = cx.type_name(v);
    let number = protocol::find_special(cx, v, Special::Float).is_some()
        || protocol::find_special(cx, v, Special::Index).is_some();
    if !number {
        return match text {
            true => raise!(cx, TypeError, "must be real number, not {name}"),
            false => raise!(cx, TypeError, "float argument required, not {name}"),
        };
    }
    let class = cx.class(T::float);
    let f = protocol::call(cx, class.into(), &[v])?;
    match f.float_value() {
        Some(x) => Ok(x),
        None => raise!(cx, TypeError, "must be real number, not {name}"),
    }
}

fn char_text(cx: &mut Cx, v: Value) -> Completion<Vec<u8>> {
    if let Some(o) = string::exact(v) {
        if string::n_chars(o) == 1 {
            return Ok(string::bytes_of(o).to_vec());
        }
    } else if protocol::convert::is_index(cx, v) {
        let i = protocol::index_int(cx, v)?;
        return match IntValue::new(cx, i).and_then(|n| n.code_point()) {
            Some(c) => Ok(cp::collect([c])),
            None => raise!(cx, OverflowError, "%c arg not in range(0x110000)"),
        };
    }
    raise!(cx, TypeError, "%c requires int or char")
}

fn char_byte(cx: &mut Cx, v: Value) -> Completion<Vec<u8>> {
    if let Some(b) = v
        .obj()
        .filter(|_| string::exact(v).is_none())
        .and_then(|_| buffer::bytes_or_bytearray(cx, v).transpose())
    {
        let b = b?;
        if b.len() == 1 {
            return Ok(b.to_vec());
        }
    } else if protocol::convert::is_index(cx, v) {
        let i = protocol::index_int(cx, v)?;
        return match i.small_int().and_then(|i| u8::try_from(i).ok()) {
            Some(b) => Ok(vec![b]),
            None => raise!(cx, OverflowError, "%c arg not in range(256)"),
        };
    }
    raise!(cx, TypeError, "%c requires an integer in range(256) or a single byte")
}

fn bytes_of_operand(cx: &mut Cx, v: Value) -> Completion<Vec<u8>> {
    if let Some(b) = buffer::bytes_or_bytearray(cx, v)? {
        return Ok(b.to_vec());
    }
    if let Some(r) = protocol::call_special(cx, v, Special::Bytes, &[])? {
        if let Some(b) = super::bytes::exact(r) {
            return Ok(b.raw_bytes().to_vec());
        }
        let name = cx.type_name(r);
        return raise!(cx, TypeError, "__bytes__ returned non-bytes (type {name})");
    }
    match buffer::bytes_like(cx, v)? {
        Some(b) => Ok(b.to_vec()),
        None => {
            let name = class::name(cx.class_of(v));
            raise!(
                cx,
                TypeError,
                "%b requires a bytes-like object, or an object that implements __bytes__, not '{name}'"
            )
        }
    }
}
