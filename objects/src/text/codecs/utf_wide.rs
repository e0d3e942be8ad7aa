//! UTF-16 and UTF-32 in both byte orders, with or without a byte order mark.

use std::borrow::Cow;

use super::{
    Fault, OnDecode, OnEncode, Replacement, Walk,
    handlers::{u16_at, u32_at},
};
use crate::text::cp;

/// Byte order of a wide codec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Little endian, no mark.
    Little,
    /// Big endian, no mark.
    Big,
    /// The machine's, or what the mark says; encoders write a mark.
    Native,
}

const NATIVE_BIG: bool = cfg!(target_endian = "big");

pub(super) fn push16(out: &mut Vec<u8>, unit: u16, big: bool) {
    out.extend_from_slice(&if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
}

pub(super) fn push32(out: &mut Vec<u8>, unit: u32, big: bool) {
    out.extend_from_slice(&if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
}

/// What a decoder made of its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text.
    pub text: Vec<u8>,
    /// How many bytes were read.
    pub consumed: usize,
    /// The byte order in use at the end; `Native` if no mark was seen yet.
    pub order: Order,
}

/// Resolves the byte order: whether big, length of the mark, order to report.
fn resolve(input: &[u8], order: Order, width: usize) -> (bool, usize, Order) {
    let mark = |big| match width {
        2 => u16_at(input, big) == Some(0xFEFF),
        _ => u32_at(input, big) == Some(0xFEFF),
    };
    match order {
        Order::Little => (false, 0, Order::Little),
        Order::Big => (true, 0, Order::Big),
        Order::Native if mark(false) => (false, width, Order::Little),
        Order::Native if mark(true) => (true, width, Order::Big),
        Order::Native => (NATIVE_BIG, 0, Order::Native),
    }
}

/// Decodes UTF-16.
///
/// # Errors
/// Those of the handler.
pub fn decode16<H: OnDecode>(
    input: &[u8],
    order: Order,
    last: bool,
    on: &mut H,
) -> Result<Decoded, H::Error> {
    let mut input = Cow::Borrowed(input);
    let (big, mut at, seen) = resolve(&input, order, 2);
    let encoding = if big { "utf-16-be" } else { "utf-16-le" };
    let mut text = Vec::with_capacity(input.len());
    while at < input.len() {
        let Some(unit) = u16_at(&input[at..], big) else {
            if !last {
                break;
            }
            let fault = Fault { encoding, start: at, end: input.len(), reason: "truncated data" };
            at = on.on_decode(&mut input, fault, &mut text)?;
            continue;
        };
        let (end, reason) = match unit {
            0xD800..=0xDBFF => match u16_at(&input[at + 2..], big) {
                Some(low @ 0xDC00..=0xDFFF) => {
                    let c = 0x10000 + ((u32::from(unit) & 0x3FF) << 10 | (u32::from(low) & 0x3FF));
                    cp::push(&mut text, c);
                    at += 4;
                    continue;
                }
                Some(_) => (at + 2, "illegal UTF-16 surrogate"),
                None if !last => break,
                None => (input.len(), "unexpected end of data"),
            },
            0xDC00..=0xDFFF => (at + 2, "illegal encoding"),
            _ => {
                cp::push(&mut text, u32::from(unit));
                at += 2;
                continue;
            }
        };
        at = on.on_decode(&mut input, Fault { encoding, start: at, end, reason }, &mut text)?;
    }
    Ok(Decoded { text, consumed: at, order: seen })
}

/// Decodes UTF-32.
///
/// # Errors
/// Those of the handler.
pub fn decode32<H: OnDecode>(
    input: &[u8],
    order: Order,
    last: bool,
    on: &mut H,
) -> Result<Decoded, H::Error> {
    let mut input = Cow::Borrowed(input);
    let (big, mut at, seen) = resolve(&input, order, 4);
    let encoding = if big { "utf-32-be" } else { "utf-32-le" };
    let mut text = Vec::with_capacity(input.len() / 2);
    while at < input.len() {
        let (end, reason) = match u32_at(&input[at..], big) {
            None if !last => break,
            None => (input.len(), "truncated data"),
            Some(c) if cp::is_surrogate(c) => {
                (at + 4, "code point in surrogate code point range(0xd800, 0xe000)")
            }
            Some(c) if c >= 0x11_0000 => (at + 4, "code point not in range(0x110000)"),
            Some(c) => {
                cp::push(&mut text, c);
                at += 4;
                continue;
            }
        };
        at = on.on_decode(&mut input, Fault { encoding, start: at, end, reason }, &mut text)?;
    }
    Ok(Decoded { text, consumed: at, order: seen })
}

/// Encodes text as UTF-16.
///
/// # Errors
/// Those of the handler.
pub fn encode16<H: OnEncode>(text: &[u8], order: Order, on: &mut H) -> Result<Vec<u8>, H::Error> {
    let names = ["utf-16-le", "utf-16-be", "utf-16"];
    encode_wide(text, order, (names, 2), on, &|out, c, big| {
        let mut units = [0; 2];
        match char::from_u32(c) {
            Some(ch) => ch.encode_utf16(&mut units).iter().for_each(|&u| push16(out, u, big)),
            None => push16(out, c as u16, big),
        }
    })
}

/// Encodes text as UTF-32.
///
/// # Errors
/// Those of the handler.
pub fn encode32<H: OnEncode>(text: &[u8], order: Order, on: &mut H) -> Result<Vec<u8>, H::Error> {
    encode_wide(text, order, (["utf-32-le", "utf-32-be", "utf-32"], 4), on, &push32)
}

fn encode_wide<H: OnEncode>(
    text: &[u8],
    order: Order,
    (names, unit): ([&'static str; 3], usize),
    on: &mut H,
    put: &dyn Fn(&mut Vec<u8>, u32, bool),
) -> Result<Vec<u8>, H::Error> {
    let (big, encoding) = match order {
        Order::Little => (false, names[0]),
        Order::Big => (true, names[1]),
        Order::Native => (NATIVE_BIG, names[2]),
    };
    let mut out = Vec::with_capacity(text.len() * 2 + 4);
    if order == Order::Native {
        put(&mut out, 0xFEFF, big);
    }
    let mut walk = Walk::new(text);
    while let Some(c) = walk.peek() {
        if !cp::is_surrogate(c) {
            put(&mut out, c, big);
            walk.step();
            continue;
        }
        let start = walk.index;
        let fault = Fault { encoding, start, end: start + 1, reason: "surrogates not allowed" };
        let (replacement, next) = on.on_encode(text, fault)?;
        match replacement {
            Replacement::Bytes(b) if b.len() % unit == 0 => out.extend_from_slice(&b),
            Replacement::Text(t) if !cp::has_surrogate(&t) => {
                cp::iter(&t).for_each(|c| put(&mut out, c, big))
            }
            _ => return Err(on.refuse(text, fault)),
        }
        walk.seek(next);
    }
    Ok(out)
}
