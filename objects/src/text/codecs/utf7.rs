//! UTF-7.

use std::borrow::Cow;

use super::{Fault, OnDecode};
use crate::text::cp;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn from_base64(b: u8) -> Option<u32> {
    ALPHABET.iter().position(|&a| a == b).map(|i| i as u32)
}

/// Whether `c` may stand for itself: set D, set O and white space, without `+`, `\` and `~`.
fn is_direct(c: u32) -> bool {
    match u8::try_from(c) {
        Ok(b) => b.is_ascii_alphanumeric() || b"'(),-./:?!\"#$%&*;<=>@[]^_`{|} \t\n\r".contains(&b),
        Err(_) => false,
    }
}

/// Encodes text as UTF-7.
pub fn encode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + text.len() / 2);
    let (mut bits, mut n, mut shifted) = (0_u32, 0, false);
    for c in cp::iter(text) {
        if shifted {
            if !is_direct(c) {
                put(&mut out, c, &mut bits, &mut n);
                continue;
            }
            if n > 0 {
                out.push(ALPHABET[(bits << (6 - n)) as usize & 63]);
                (bits, n) = (0, 0);
            }
            shifted = false;
            if from_base64(c as u8).is_some() || c == 45 {
                out.push(b'-');
            }
            out.push(c as u8);
        } else if c == 43 {
            out.extend_from_slice(b"+-");
        } else if is_direct(c) {
            out.push(c as u8);
        } else {
            out.push(b'+');
            shifted = true;
            put(&mut out, c, &mut bits, &mut n);
        }
    }
    if n > 0 {
        out.push(ALPHABET[(bits << (6 - n)) as usize & 63]);
    }
    if shifted {
        out.push(b'-');
    }
    out
}

fn put(out: &mut Vec<u8>, c: u32, bits: &mut u32, n: &mut u32) {
    let mut units = [0; 2];
    let units: &[u16] = match char::from_u32(c) {
        Some(ch) => ch.encode_utf16(&mut units),
        None => &[c as u16],
    };
    for &u in units {
        let (mut acc, mut len) = (u64::from(*bits) << 16 | u64::from(u), *n + 16);
        while len >= 6 {
            len -= 6;
            out.push(ALPHABET[(acc >> len) as usize & 63]);
        }
        acc &= (1 << len) - 1;
        (*bits, *n) = (acc as u32, len);
    }
}

struct Shift {
    start: usize,
    /// Length of the output when the shift began: what an unfinished one takes back.
    out_len: usize,
    bits: u32,
    n: u32,
    high: Option<u32>,
}

/// Decodes UTF-7; returns the text and how many bytes were read.
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
    let mut shift: Option<Shift> = None;
    while at < input.len() {
        let b = input[at];
        let fault = |start, end, reason| Fault { encoding: "utf7", start, end, reason };
        if let Some(s) = &mut shift {
            if let Some(v) = from_base64(b) {
                feed(s, v, &mut out);
                at += 1;
                continue;
            }
            let done = finish(s, b, &mut out);
            let start = s.start;
            shift = None;
            let bad = match (done, b) {
                (Err(reason), _) => Some(reason),
                _ => None,
            };
            at += usize::from(b == b'-' || bad.is_some());
            if let Some(reason) = bad {
                at = on.on_decode(&mut input, fault(start, at, reason), &mut out)?;
            }
        } else if b == b'+' {
            match input.get(at + 1) {
                Some(b'-') => {
                    out.push(b'+');
                    at += 2;
                }
                Some(&next) if from_base64(next).is_none() => {
                    at = on.on_decode(
                        &mut input,
                        fault(at, at + 2, "ill-formed sequence"),
                        &mut out,
                    )?;
                }
                _ => {
                    shift =
                        Some(Shift { start: at, out_len: out.len(), bits: 0, n: 0, high: None });
                    at += 1;
                }
            }
        } else if b < 128 {
            out.push(b);
            at += 1;
        } else {
            at = on.on_decode(
                &mut input,
                fault(at, at + 1, "unexpected special character"),
                &mut out,
            )?;
        }
    }
    match shift {
        Some(s) if !last => {
            out.truncate(s.out_len);
            Ok((out, s.start))
        }
        Some(s)
            if s.high.is_some()
                || s.n >= 6
                || s.n > 0 && s.bits != 0
                || s.start + 1 == input.len() =>
        {
            let fault = Fault {
                encoding: "utf7",
                start: s.start,
                end: input.len(),
                reason: "unterminated shift sequence",
            };
            let at = on.on_decode(&mut input, fault, &mut out)?;
            Ok((out, at))
        }
        _ => Ok((out, at)),
    }
}

fn feed(s: &mut Shift, v: u32, out: &mut Vec<u8>) {
    s.bits = s.bits << 6 | v;
    s.n += 6;
    if s.n < 16 {
        return;
    }
    s.n -= 16;
    let unit = s.bits >> s.n & 0xFFFF;
    s.bits &= (1 << s.n) - 1;
    if let Some(high) = s.high.take() {
        if (0xDC00..=0xDFFF).contains(&unit) {
            cp::push(out, 0x10000 + ((high & 0x3FF) << 10 | unit & 0x3FF));
            return;
        }
        cp::push(out, high);
    }
    if (0xD800..=0xDBFF).contains(&unit) { s.high = Some(unit) } else { cp::push(out, unit) }
}

/// Leaves a shift at the byte `next`, which does not belong to it.
fn finish(s: &mut Shift, next: u8, out: &mut Vec<u8>) -> Result<(), &'static str> {
    if s.n >= 6 {
        return Err("partial character in base64 sequence");
    }
    if s.n > 0 && s.bits != 0 {
        return Err("non-zero padding bits in shift sequence");
    }
    if let Some(high) = s.high.take()
        && next.is_ascii()
        && next != b'+'
    {
        cp::push(out, high);
    }
    Ok(())
}
