//! JSON text: encoding strings, and scanning string literals.

use super::cp;

const HEX: &[u8; 16] = b"0123456789abcdef";

fn push_u(out: &mut Vec<u8>, unit: u32) {
    out.extend_from_slice(b"\\u");
    out.extend([12, 8, 4, 0].map(|shift| HEX[(unit >> shift) as usize & 15]));
}

fn push_short(out: &mut Vec<u8>, b: u8) -> bool {
    let c = match b {
        b'"' => b'"',
        b'\\' => b'\\',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        8 => b'b',
        12 => b'f',
        _ => return false,
    };
    out.extend_from_slice(&[b'\\', c]);
    true
}

/// Appends text as a JSON string literal; `ascii`: everything else as `\uXXXX`.
pub fn quote(s: &[u8], ascii: bool, out: &mut Vec<u8>) {
    out.reserve(s.len() + 2);
    out.push(b'"');
    let mut at = 0;
    while at < s.len() {
        let plain = s[at..]
            .iter()
            .position(|&b| b < 32 || b == b'"' || b == b'\\' || (ascii && b > 126))
            .unwrap_or(s.len() - at);
        out.extend_from_slice(&s[at..at + plain]);
        at += plain;
        if at >= s.len() {
            break;
        }
        let (c, w) = cp::decode(s, at);
        at += w;
        if c < 128 && push_short(out, c as u8) {
            continue;
        }
        if c == 127 {
            out.push(127);
        } else if c > 0xFFFF {
            push_u(out, 0xD800 + ((c - 0x1_0000) >> 10));
            push_u(out, 0xDC00 + ((c - 0x1_0000) & 0x3FF));
        } else {
            push_u(out, c);
        }
    }
    out.push(b'"');
}

/// What is wrong with a string literal: message and byte offset.
pub type Fault = (&'static str, usize);

/// The end of a string literal without escapes that starts (after its quote) at `at`: the offset of the closing quote.
/// `Err` gives the offset of what needs care: a backslash, a control character, or the end.
#[inline]
pub fn plain_end(s: &[u8], at: usize) -> Result<usize, usize> {
    match s[at..].iter().position(|&b| b == b'"' || b == b'\\' || b < 32) {
        Some(n) if s[at + n] == b'"' => Ok(at + n),
        Some(n) => Err(at + n),
        None => Err(s.len()),
    }
}

/// Reads a string literal whose first character is at byte offset `start`; returns its text and the offset after the
/// closing quote.
///
/// # Errors
/// The message and position of a `JSONDecodeError`.
pub fn scan_string(s: &[u8], start: usize, strict: bool) -> Result<(Vec<u8>, usize), Fault> {
    let unterminated = ("Unterminated string starting at", start.saturating_sub(1));
    let mut out = Vec::new();
    let mut at = start;
    loop {
        let rest = s.get(at..).unwrap_or_default();
        let n = rest
            .iter()
            .position(|&b| b == b'"' || b == b'\\' || (strict && b < 32))
            .ok_or(unterminated)?;
        out.extend_from_slice(&rest[..n]);
        at += n;
        match s[at] {
            b'"' => return Ok((out, at + 1)),
            b'\\' => at = escape(s, at, unterminated, &mut out)?,
            _ => return Err(("Invalid control character at", at)),
        }
    }
}

fn escape(s: &[u8], at: usize, unterminated: Fault, out: &mut Vec<u8>) -> Result<usize, Fault> {
    let c = *s.get(at + 1).ok_or(unterminated)?;
    let plain = match c {
        b'"' | b'\\' | b'/' => c,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => return unicode(s, at, out),
        _ => return Err(("Invalid \\escape", at)),
    };
    out.push(plain);
    Ok(at + 2)
}

fn four_digits(s: &[u8], at: usize) -> Option<u32> {
    let digits = s.get(at..at + 4)?;
    digits.iter().try_fold(0, |v, &b| Some(v << 4 | (b as char).to_digit(16)?))
}

fn unicode(s: &[u8], at: usize, out: &mut Vec<u8>) -> Result<usize, Fault> {
    let unit = four_digits(s, at + 2).ok_or(("Invalid \\uXXXX escape", at + 1))?;
    let mut next = at + 6;
    let mut c = unit;
    if (0xD800..0xDC00).contains(&unit)
        && s.get(next..next + 2) == Some(b"\\u")
        && let Some(low) = four_digits(s, next + 2)
        && (0xDC00..0xE000).contains(&low)
    {
        c = 0x1_0000 + ((unit - 0xD800) << 10 | (low - 0xDC00));
        next += 6;
    }
    cp::push(out, c);
    Ok(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted() {
        let q = |s: &str, ascii| {
            let mut out = Vec::new();
            quote(s.as_bytes(), ascii, &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(
            q("a\"é\u{1F600}\n\x01\x7f", true),
            "\"a\\\"\\u00e9\\ud83d\\ude00\\n\\u0001\x7f\""
        );
        assert_eq!(q("a\"é\n\x01", false), "\"a\\\"é\\n\\u0001\"");
    }

    #[test]
    fn strings_are_scanned() {
        let r = scan_string(br#"a\u00e9\ud83d\ude00\n"x"#, 0, true).unwrap();
        assert_eq!((String::from_utf8(r.0).unwrap().as_str(), r.1), ("aé\u{1F600}\n", 22));
        assert_eq!(
            scan_string(b"\"abc", 1, true).unwrap_err(),
            ("Unterminated string starting at", 0)
        );
        assert_eq!(
            scan_string(b"\"a\nb\"", 1, true).unwrap_err(),
            ("Invalid control character at", 2)
        );
        assert_eq!(scan_string(b"\"\\x\"", 1, true).unwrap_err(), ("Invalid \\escape", 1));
        assert_eq!(scan_string(b"\"\\u12\"", 1, true).unwrap_err(), ("Invalid \\uXXXX escape", 2));
    }
}
