//! `unicode_escape`, `raw_unicode_escape`, and the `escape` codec of bytes.

use std::borrow::Cow;

use super::{Fault, OnDecode};
use crate::text::{TextError, cp, repr};

/// Text of an escape codec, with what the caller should warn about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unescaped {
    /// Text (or bytes, for [`bytes_unescape`]).
    pub out: Vec<u8>,
    /// How many bytes were read.
    pub consumed: usize,
    /// Offset just after the backslash of the first invalid escape.
    pub invalid: Option<usize>,
}

fn hex_digits(s: &[u8], max: usize) -> (u32, usize) {
    let n = s.iter().take(max).take_while(|b| b.is_ascii_hexdigit()).count();
    let value = s[..n].iter().fold(0, |v, &b| v << 4 | (b as char).to_digit(16).unwrap_or(0));
    (value, n)
}

fn octal_digits(s: &[u8]) -> (u32, usize) {
    let n = s.iter().take(3).take_while(|b| matches!(b, b'0'..=b'7')).count();
    (s[..n].iter().fold(0, |v, &b| v << 3 | u32::from(b - b'0')), n)
}

fn simple(b: u8) -> Option<&'static [u8]> {
    Some(match b {
        b'\n' => b"",
        b'\\' => b"\\",
        b'\'' => b"'",
        b'"' => b"\"",
        b'a' => b"\x07",
        b'b' => b"\x08",
        b'f' => b"\x0c",
        b'n' => b"\n",
        b'r' => b"\r",
        b't' => b"\t",
        b'v' => b"\x0b",
        _ => return None,
    })
}

/// What one escape turned out to be.
enum Escape {
    Char(u32, usize),
    /// Reason, length of the part in error, whether more input could complete it.
    Bad(&'static str, usize, bool),
}

/// The escape after a backslash whose letter is `x`, `u` or `U`; `s` starts after the letter.
fn numeric(letter: u8, s: &[u8]) -> Escape {
    let (digits, reason) = match letter {
        b'x' => (2, "truncated \\xXX escape"),
        b'u' => (4, "truncated \\uXXXX escape"),
        _ => (8, "truncated \\UXXXXXXXX escape"),
    };
    let (c, n) = hex_digits(s, digits);
    if n < digits {
        Escape::Bad(reason, n, n == s.len())
    } else if c > 0x10_FFFF {
        Escape::Bad("illegal Unicode character", n, false)
    } else {
        Escape::Char(c, n)
    }
}

fn named(s: &[u8], lookup: &dyn Fn(&str) -> Option<u32>) -> Escape {
    const MALFORMED: &str = "malformed \\N character escape";
    if s.first() != Some(&b'{') {
        return Escape::Bad(MALFORMED, 0, s.is_empty());
    }
    let Some(end) = memchr::memchr(b'}', s) else {
        return Escape::Bad(MALFORMED, s.len(), true);
    };
    if end == 1 {
        return Escape::Bad(MALFORMED, 2, false);
    }
    let found = std::str::from_utf8(&s[1..end]).ok().and_then(lookup);
    match found {
        Some(c) => Escape::Char(c, end + 1),
        None => Escape::Bad("unknown Unicode character name", end + 1, false),
    }
}

/// The code point of a Unicode character name.
pub fn lookup_name(name: &str) -> Option<u32> {
    rustpython_unicode::data::lookup_character(name).map(u32::from)
}

/// Decodes `unicode_escape`; bytes outside escapes are Latin-1.
///
/// # Errors
/// Those of the handler.
pub fn decode<H: OnDecode>(input: &[u8], last: bool, on: &mut H) -> Result<Unescaped, H::Error> {
    let mut input = Cow::Borrowed(input);
    let mut r = Unescaped { out: Vec::with_capacity(input.len()), ..Unescaped::default() };
    let mut at = 0;
    while at < input.len() {
        if input[at] != b'\\' {
            cp::push(&mut r.out, u32::from(input[at]));
            at += 1;
            continue;
        }
        let escape = match input.get(at + 1) {
            None => Escape::Bad("\\ at end of string", 0, true),
            Some(&b) => match b {
                b'x' | b'u' | b'U' => numeric(b, &input[at + 2..]),
                b'N' => named(&input[at + 2..], &lookup_name),
                b'0'..=b'7' => {
                    let (c, n) = octal_digits(&input[at + 1..]);
                    if c > 0xFF && r.invalid.is_none() {
                        r.invalid = Some(at + 1);
                    }
                    Escape::Char(c, n - 1)
                }
                _ => {
                    if let Some(s) = simple(b) {
                        r.out.extend_from_slice(s);
                    } else {
                        r.invalid = r.invalid.or(Some(at + 1));
                        r.out.push(b'\\');
                        cp::push(&mut r.out, u32::from(b));
                    }
                    at += 2;
                    continue;
                }
            },
        };
        match escape {
            Escape::Char(c, n) => {
                cp::push(&mut r.out, c);
                at += 2 + n;
            }
            Escape::Bad(_, _, true) if !last => break,
            Escape::Bad(reason, n, _) => {
                let end = (at + 2 + n).min(input.len());
                let fault = Fault { encoding: "unicodeescape", start: at, end, reason };
                at = on.on_decode(&mut input, fault, &mut r.out)?;
            }
        }
    }
    r.consumed = at;
    Ok(r)
}

/// Decodes `raw_unicode_escape`: Latin-1 with `\uXXXX` and `\UXXXXXXXX`.
///
/// # Errors
/// Those of the handler.
pub fn decode_raw<H: OnDecode>(
    input: &[u8],
    last: bool,
    on: &mut H,
) -> Result<Unescaped, H::Error> {
    let mut input = Cow::Borrowed(input);
    let mut r = Unescaped { out: Vec::with_capacity(input.len()), ..Unescaped::default() };
    let mut at = 0;
    while at < input.len() {
        let letter = input.get(at + 1).copied();
        if input[at] != b'\\' || letter.is_none() && last {
            cp::push(&mut r.out, u32::from(input[at]));
            at += 1;
            continue;
        }
        let Some(letter) = letter else { break };
        if !matches!(letter, b'u' | b'U') {
            r.out.push(b'\\');
            cp::push(&mut r.out, u32::from(letter));
            at += 2;
            continue;
        }
        match numeric(letter, &input[at + 2..]) {
            Escape::Char(c, n) => {
                cp::push(&mut r.out, c);
                at += 2 + n;
            }
            Escape::Bad(_, _, true) if !last => break,
            Escape::Bad(reason, n, _) => {
                let reason =
                    if reason.starts_with("illegal") { "\\Uxxxxxxxx out of range" } else { reason };
                let end = (at + 2 + n).min(input.len());
                let fault = Fault { encoding: "rawunicodeescape", start: at, end, reason };
                at = on.on_decode(&mut input, fault, &mut r.out)?;
            }
        }
    }
    r.consumed = at;
    Ok(r)
}

/// Encodes text as `unicode_escape`.
pub fn encode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for c in cp::iter(text) {
        match c {
            0x5C => out.extend_from_slice(b"\\\\"),
            9 => out.extend_from_slice(b"\\t"),
            10 => out.extend_from_slice(b"\\n"),
            13 => out.extend_from_slice(b"\\r"),
            32..127 => out.push(c as u8),
            _ => repr::push_backslash(&mut out, c),
        }
    }
    out
}

/// Encodes text as `raw_unicode_escape`.
pub fn encode_raw(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for c in cp::iter(text) {
        match u8::try_from(c) {
            Ok(b) => out.push(b),
            Err(_) => repr::push_backslash(&mut out, c),
        }
    }
    out
}

/// Decodes the escapes of a bytes literal; `errors` is "strict", "replace" or "ignore".
///
/// # Errors
/// `ValueError` for a broken `\x` escape or a trailing backslash.
pub fn bytes_unescape(input: &[u8], errors: &str) -> Result<Unescaped, TextError> {
    let mut r = Unescaped { consumed: input.len(), ..Unescaped::default() };
    let mut at = 0;
    while at < input.len() {
        if input[at] != b'\\' {
            r.out.push(input[at]);
            at += 1;
            continue;
        }
        let Some(&b) = input.get(at + 1) else {
            return Err(TextError::value("Trailing \\ in string"));
        };
        match b {
            b'0'..=b'7' => {
                let (c, n) = octal_digits(&input[at + 1..]);
                if c > 0xFF {
                    r.invalid = r.invalid.or(Some(at + 1));
                }
                r.out.push(c as u8);
                at += 1 + n;
            }
            b'x' => {
                let (c, n) = hex_digits(&input[at + 2..], 2);
                if n == 2 {
                    r.out.push(c as u8);
                    at += 4;
                    continue;
                }
                match errors {
                    "strict" => {
                        return Err(TextError::value(format!(
                            "invalid \\x escape at position {at}"
                        )));
                    }
                    "replace" => r.out.push(b'?'),
                    "ignore" => {}
                    _ => {
                        return Err(TextError::value(format!(
                            "decoding error; unknown error handling code: {errors}"
                        )));
                    }
                }
                at += 2 + n;
            }
            _ => {
                match simple(b) {
                    Some(s) => r.out.extend_from_slice(s),
                    None => {
                        r.invalid = r.invalid.or(Some(at + 1));
                        r.out.extend_from_slice(&[b'\\', b]);
                    }
                }
                at += 2;
            }
        }
    }
    Ok(r)
}

/// Encodes bytes with escapes, as the inside of a bytes literal.
pub fn bytes_escape(input: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(input.len());
    for &b in input {
        match b {
            b'\\' | b'\'' => out.extend_from_slice(&[b'\\', b]),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            32..127 => out.push(b),
            _ => repr::push_backslash(&mut out, u32::from(b)),
        }
    }
    out
}
