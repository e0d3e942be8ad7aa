//! UTF-8.

use std::borrow::Cow;

use super::{Fault, OnDecode, OnEncode, Replacement, Walk};
use crate::text::cp;

/// Decodes UTF-8; returns the text and how many bytes were read.
///
/// # Errors
/// Those of the handler.
pub fn decode<H: OnDecode>(
    input: &[u8],
    last: bool,
    on: &mut H,
) -> Result<(Vec<u8>, usize), H::Error> {
    let mut input = Cow::Borrowed(input);
    let mut out = Vec::with_capacity(input.len());
    let mut at = 0;
    while at < input.len() {
        let error = match std::str::from_utf8(&input[at..]) {
            Ok(valid) => {
                out.extend_from_slice(valid.as_bytes());
                return Ok((out, input.len()));
            }
            Err(e) => e,
        };
        let start = at + error.valid_up_to();
        out.extend_from_slice(&input[at..start]);
        let (end, reason) = match error.error_len() {
            None if !last => return Ok((out, start)),
            // A surrogate that is cut short: a handler may want all of it.
            Some(_) if !last && matches!(input[start..], [0xED, 0xA0..=0xBF]) => {
                return Ok((out, start));
            }
            None => (input.len(), "unexpected end of data"),
            Some(n) => (start + n, reason(input[start])),
        };
        let fault = Fault { encoding: "utf-8", start, end, reason };
        at = on.on_decode(&mut input, fault, &mut out)?;
    }
    Ok((out, at))
}

fn reason(lead: u8) -> &'static str {
    match lead {
        0xC2..=0xF4 => "invalid continuation byte",
        _ => "invalid start byte",
    }
}

/// Encodes text; without surrogates the bytes are the text itself.
///
/// # Errors
/// Those of the handler.
pub fn encode<H: OnEncode>(text: &[u8], on: &mut H) -> Result<Vec<u8>, H::Error> {
    if !cp::has_surrogate(text) {
        return Ok(text.to_vec());
    }
    let mut out = Vec::with_capacity(text.len());
    let mut walk = Walk::new(text);
    while let Some(c) = walk.peek() {
        if !cp::is_surrogate(c) {
            cp::push(&mut out, c);
            walk.step();
            continue;
        }
        let end = walk.run_end(cp::is_surrogate);
        let fault =
            Fault { encoding: "utf-8", start: walk.index, end, reason: "surrogates not allowed" };
        let (replacement, next) = on.on_encode(text, fault)?;
        match replacement {
            Replacement::Bytes(b) => out.extend_from_slice(&b),
            Replacement::Text(t) if t.is_ascii() => out.extend_from_slice(&t),
            Replacement::Text(_) => return Err(on.refuse(text, fault)),
        }
        walk.seek(next);
    }
    Ok(out)
}
