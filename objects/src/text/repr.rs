//! `repr` and `ascii` of text and bytes.

use super::{classify, cp};

/// The quote CPython picks: single, unless the text has single quotes and no double ones.
fn quote_for(s: &[u8]) -> u8 {
    if memchr::memchr(b'\'', s).is_some() && memchr::memchr(b'"', s).is_none() {
        b'"'
    } else {
        b'\''
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

fn push_hex(out: &mut Vec<u8>, c: u32, digits: u32) {
    for i in (0..digits).rev() {
        out.push(HEX[(c >> (4 * i)) as usize & 15]);
    }
}

/// Appends the shortest of `\xhh`, `\uhhhh`, `\Uhhhhhhhh` for `c`.
pub fn push_backslash(out: &mut Vec<u8>, c: u32) {
    let (tag, digits) = match c {
        0..=0xFF => (b'x', 2),
        0x100..=0xFFFF => (b'u', 4),
        _ => (b'U', 8),
    };
    out.extend_from_slice(&[b'\\', tag]);
    push_hex(out, c, digits);
}

fn push_short(out: &mut Vec<u8>, c: u8, quote: u8) -> bool {
    let escaped = match c {
        b'\\' => b'\\',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        _ if c == quote => quote,
        _ => return false,
    };
    out.extend_from_slice(&[b'\\', escaped]);
    true
}

/// `repr` of text, or `ascii` of it if `ascii`.
pub fn text(s: &[u8], ascii: bool) -> Vec<u8> {
    let quote = quote_for(s);
    let mut out = Vec::with_capacity(s.len() + 2);
    out.push(quote);
    let mut at = 0;
    while at < s.len() {
        let plain = s[at..]
            .iter()
            .position(|&b| !(32..127).contains(&b) || b == b'\\' || b == quote)
            .unwrap_or(s.len() - at);
        out.extend_from_slice(&s[at..at + plain]);
        at += plain;
        if at >= s.len() {
            break;
        }
        let (c, w) = cp::decode(s, at);
        let next = (at + w).min(s.len());
        if c < 128 && push_short(&mut out, c as u8, quote) {
        } else if c >= 128 && !ascii && classify::is_printable(c) {
            out.extend_from_slice(&s[at..next]);
        } else {
            push_backslash(&mut out, c);
        }
        at = next;
    }
    out.push(quote);
    out
}

/// `repr` of bytes: `b'...'`.
pub fn bytes(s: &[u8]) -> Vec<u8> {
    let quote = quote_for(s);
    let mut out = Vec::with_capacity(s.len() + 3);
    out.extend_from_slice(&[b'b', quote]);
    for &b in s {
        if push_short(&mut out, b, quote) {
        } else if (32..127).contains(&b) {
            out.push(b);
        } else {
            push_backslash(&mut out, u32::from(b));
        }
    }
    out.push(quote);
    out
}

/// `repr` of a bytearray whose class is called `name`: `name(b'...')`, where `'` is escaped even between `"`.
pub fn bytearray(s: &[u8], name: &str) -> Vec<u8> {
    let quote = quote_for(s);
    let mut out = Vec::with_capacity(s.len() + name.len() + 5);
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(&[b'(', b'b', quote]);
    for &b in s {
        if push_short(&mut out, b, b'\'') {
        } else if (32..127).contains(&b) {
            out.push(b);
        } else {
            push_backslash(&mut out, u32::from(b));
        }
    }
    out.extend_from_slice(&[quote, b')']);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_escapes() {
        let r = |s: &str| String::from_utf8(text(s.as_bytes(), false)).unwrap();
        assert_eq!(r("it's"), "\"it's\"");
        assert_eq!(r("it's \"x\""), "'it\\'s \"x\"'");
        assert_eq!(r("é\u{a0}\n\u{7f}\u{e000}\u{10ffff}"), "'é\\xa0\\n\\x7f\\ue000\\U0010ffff'");
        assert_eq!(text("é€".as_bytes(), true), b"'\\xe9\\u20ac'");
        assert_eq!(text(&cp::collect([0xD800]), false), b"'\\ud800'");
        assert_eq!(bytes(b"a'\x00\xff\\"), b"b\"a'\\x00\\xff\\\\\"");
    }
}
