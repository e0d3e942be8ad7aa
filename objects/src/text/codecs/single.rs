//! One byte per character: ASCII, Latin-1, and character maps.

use std::borrow::Cow;

use super::{Fault, OnDecode, OnEncode, Replacement, Walk};
use crate::text::cp;

/// Decodes ASCII.
///
/// # Errors
/// Those of the handler.
pub fn decode_ascii<H: OnDecode>(input: &[u8], on: &mut H) -> Result<Vec<u8>, H::Error> {
    let mut input = Cow::Borrowed(input);
    let mut out = Vec::with_capacity(input.len());
    let mut at = 0;
    while at < input.len() {
        let n = input[at..].iter().position(|&b| b >= 128).unwrap_or(input.len() - at);
        out.extend_from_slice(&input[at..at + n]);
        at += n;
        if at < input.len() {
            let reason = "ordinal not in range(128)";
            let fault = Fault { encoding: "ascii", start: at, end: at + 1, reason };
            at = on.on_decode(&mut input, fault, &mut out)?;
        }
    }
    Ok(out)
}

/// Decodes Latin-1, which cannot fail.
pub fn decode_latin1(input: &[u8]) -> Vec<u8> {
    if input.is_ascii() {
        return input.to_vec();
    }
    let mut out = Vec::with_capacity(input.len() + input.len() / 2);
    input.iter().for_each(|&b| cp::push(&mut out, u32::from(b)));
    out
}

/// Encodes text as ASCII.
///
/// # Errors
/// Those of the handler.
pub fn encode_ascii<H: OnEncode>(text: &[u8], on: &mut H) -> Result<Vec<u8>, H::Error> {
    if text.is_ascii() {
        return Ok(text.to_vec());
    }
    encode_map(text, "ascii", "ordinal not in range(128)", on, |c, out| put_below(c, 128, out))
}

/// Encodes text as Latin-1.
///
/// # Errors
/// Those of the handler.
pub fn encode_latin1<H: OnEncode>(text: &[u8], on: &mut H) -> Result<Vec<u8>, H::Error> {
    if text.is_ascii() {
        return Ok(text.to_vec());
    }
    encode_map(text, "latin-1", "ordinal not in range(256)", on, |c, out| put_below(c, 256, out))
}

fn put_below(c: u32, limit: u32, out: &mut Vec<u8>) -> bool {
    if c < limit {
        out.push(c as u8);
    }
    c < limit
}

/// Encodes text by a map, which appends the bytes of a code point or says that it has none.
///
/// # Errors
/// Those of the handler.
pub fn encode_map<H: OnEncode>(
    text: &[u8],
    encoding: &'static str,
    reason: &'static str,
    on: &mut H,
    map: impl Fn(u32, &mut Vec<u8>) -> bool,
) -> Result<Vec<u8>, H::Error> {
    let mut out = Vec::with_capacity(text.len());
    let mut walk = Walk::new(text);
    while let Some(c) = walk.peek() {
        if map(c, &mut out) {
            walk.step();
            continue;
        }
        let mut scratch = Vec::new();
        let end = walk.run_end(|c| {
            scratch.clear();
            !map(c, &mut scratch)
        });
        let fault = Fault { encoding, start: walk.index, end, reason };
        let (replacement, next) = on.on_encode(text, fault)?;
        match replacement {
            Replacement::Bytes(b) => out.extend_from_slice(&b),
            Replacement::Text(t) => {
                if !cp::iter(&t).all(|c| map(c, &mut out)) {
                    return Err(on.refuse(text, fault));
                }
            }
        }
        walk.seek(next);
    }
    Ok(out)
}

/// Decodes by a table of at most 256 code points; U+FFFE marks a hole.
///
/// # Errors
/// Those of the handler.
pub fn decode_table<H: OnDecode>(
    input: &[u8],
    table: &[u32],
    on: &mut H,
) -> Result<Vec<u8>, H::Error> {
    let mut input = Cow::Borrowed(input);
    let mut out = Vec::with_capacity(input.len());
    let mut at = 0;
    while at < input.len() {
        match table.get(usize::from(input[at])) {
            Some(&c) if c != 0xFFFE => {
                cp::push(&mut out, c);
                at += 1;
            }
            _ => {
                let reason = "character maps to <undefined>";
                let fault = Fault { encoding: "charmap", start: at, end: at + 1, reason };
                at = on.on_decode(&mut input, fault, &mut out)?;
            }
        }
    }
    Ok(out)
}
