//! Items of `struct` formats as Python values: what `struct`, `memoryview` and `array` read and write.

use super::percent::IntValue;
use crate::{
    cx::Cx,
    exc::{Completion, Escape},
    names::Special,
    protocol,
    text::struct_fmt::{Item, Kind, Layout},
    types::{T, buffer, bytes, int},
    value::Value,
};

/// Why a value does not fit an item.
pub enum Misfit {
    /// The message of `struct.error` (or what the caller makes of it).
    Message(String),
    /// Of the wrong type, with the message of `struct.error`.
    Type(String),
    /// Raised by a conversion.
    Escape(Escape),
}

impl From<Escape> for Misfit {
    fn from(e: Escape) -> Self {
        Self::Escape(e)
    }
}

/// An `int` from 128 bits.
///
/// # Errors
/// `MemoryError`.
pub fn new_int(cx: &mut Cx, n: i128) -> Completion<Value> {
    match i64::try_from(n) {
        Ok(i) => cx.new_int(i),
        Err(_) => {
            let m = n.unsigned_abs();
            int::from_limbs(cx, n < 0, &[m as u64, (m >> 64) as u64])
        }
    }
}

/// The value of an integer if it fits 128 bits.
pub fn wide(v: Value) -> Option<i128> {
    let v = protocol::convert::as_int(v)?;
    if let Some(i) = v.small_int() {
        return Some(i.into());
    }
    let (negative, limbs) = int::limbs(v.obj()?);
    let magnitude = match *limbs {
        [] => 0,
        [low] => u128::from(low),
        [low, high] => u128::from(low) | u128::from(high) << 64,
        _ => return None,
    };
    let n = i128::try_from(magnitude).ok()?;
    Some(if negative { -n } else { n })
}

/// Reads one value of `item` from its bytes.
///
/// # Errors
/// `MemoryError`.
pub fn unpack(cx: &mut Cx, item: &Item, data: &[u8], big: bool) -> Completion<Value> {
    match item.kind {
        Kind::Pad => Ok(Value::NONE),
        Kind::Char | Kind::Bytes => bytes::new(cx, data),
        Kind::Bool => Ok(data.iter().any(|&b| b != 0).into()),
        Kind::Float => Ok(Value::float(item.get_float(data, big))),
        Kind::Signed | Kind::Unsigned | Kind::Pointer => new_int(cx, item.get_int(data, big)),
        Kind::Pascal => match data {
            [] => bytes::new(cx, b""),
            [n, rest @ ..] => bytes::new(cx, &rest[..rest.len().min(usize::from(*n))]),
        },
    }
}

/// Writes `v` as one value of `item` to `out`, which has the item's size.
///
/// # Errors
/// [`Misfit`].
pub fn pack(
    cx: &mut Cx,
    item: &Item,
    layout: &Layout,
    v: Value,
    out: &mut [u8],
) -> Result<(), Misfit> {
    match item.kind {
        Kind::Pad => Ok(()),
        Kind::Char => match bytes::exact(v)
            .map(|o| o.raw_bytes())
            .or(bytearray_of_one(cx, v)?.as_deref())
        {
            Some([b]) => {
                out[0] = *b;
                Ok(())
            }
            _ => Err(Misfit::Type("char format requires a bytes object of length 1".to_owned())),
        },
        Kind::Bool => {
            out[0] = u8::from(protocol::truth(cx, v)?);
            Ok(())
        }
        Kind::Float => {
            let x = float(cx, v)?;
            item.put_float(out, x, layout)
                .map_err(|e| Misfit::Escape(super::text_args::fail(cx, &e)))
        }
        Kind::Signed | Kind::Unsigned | Kind::Pointer => {
            let n = integer(cx, item, v)?;
            item.put_int(out, n, layout.big);
            Ok(())
        }
        Kind::Bytes | Kind::Pascal => {
            let Some(data) = buffer::bytes_or_bytearray(cx, v)? else {
                let code = item.code as char;
                return Err(Misfit::Type(format!("argument for '{code}' must be a bytes object")));
            };
            put_bytes(item, &data, out);
            Ok(())
        }
    }
}

fn bytearray_of_one(cx: &mut Cx, v: Value) -> Completion<Option<Vec<u8>>> {
    if bytes::exact(v).is_some() {
        return Ok(None);
    }
    Ok(buffer::bytes_or_bytearray(cx, v)?.map(std::borrow::Cow::into_owned))
}

fn put_bytes(item: &Item, data: &[u8], out: &mut [u8]) {
    if item.kind == Kind::Bytes {
        let n = data.len().min(out.len());
        out[..n].copy_from_slice(&data[..n]);
    } else if let [count, rest @ ..] = out {
        let n = data.len().min(rest.len());
        // The length byte tells no more than 255, whatever there is.
        *count = n.min(255) as u8;
        rest[..n].copy_from_slice(&data[..n]);
    }
}

fn integer(cx: &mut Cx, item: &Item, v: Value) -> Result<i128, Misfit> {
    if !protocol::convert::is_index(cx, v) {
        return Err(Misfit::Type("required argument is not an integer".to_owned()));
    }
    let v = protocol::index_int(cx, v)?;
    let (low, high) = match item.kind {
        Kind::Pointer => (i64::MIN.into(), u64::MAX.into()),
        _ => item.range(),
    };
    match wide(v) {
        Some(n) if (low..=high).contains(&n) => Ok(n),
        _ if item.kind == Kind::Pointer => {
            Err(Misfit::Message("int too large to convert".to_owned()))
        }
        _ => Err(Misfit::Message(item.range_error())),
    }
}

fn float(cx: &mut Cx, v: Value) -> Result<f64, Misfit> {
    if let Some(x) = v.float_value() {
        return Ok(x);
    }
    if let Some(n) = IntValue::new(cx, v) {
        use crate::text::format_num::IntSource as _;
        return n
            .to_float()
            .ok_or_else(|| Misfit::Message("int too large to convert to float".to_owned()));
    }
    let number = protocol::find_special(cx, v, Special::Float).is_some()
        || protocol::find_special(cx, v, Special::Index).is_some();
    if !number {
        return Err(Misfit::Type("required argument is not a float".to_owned()));
    }
    let class = cx.class(T::float);
    let f = protocol::call(cx, class.into(), &[v])?;
    f.float_value().ok_or_else(|| Misfit::Type("required argument is not a float".to_owned()))
}
