//! Cutting and padding text: strip, split on white space and lines, tabs, justification, slices.
//!
//! Functions named `text_*` work on WTF-8 code points, `bytes_*` on single bytes.

use super::{TextError, classify, cp};

/// White space of `bytes` methods.
#[inline]
pub fn is_byte_space(b: u8) -> bool {
    matches!(b, 9..=13 | 32)
}

#[inline]
fn space_at(s: &[u8], at: usize) -> Option<usize> {
    let b = s[at];
    if b < 128 {
        return classify::is_space(u32::from(b)).then_some(1);
    }
    let (c, w) = cp::decode(s, at);
    classify::is_space(c).then_some(w)
}

/// Offset of the first code point of `s` for which `drop` is false.
pub fn text_skip_start(s: &[u8], drop: impl Fn(u32) -> bool) -> usize {
    let mut at = 0;
    while at < s.len() {
        let (c, w) = cp::decode(s, at);
        if !drop(c) {
            break;
        }
        at += w;
    }
    at
}

/// Offset just after the last code point of `s` for which `drop` is false, not below `from`.
pub fn text_skip_end(s: &[u8], from: usize, drop: impl Fn(u32) -> bool) -> usize {
    let mut end = s.len();
    while end > from {
        let at = cp::prev(s, end);
        if !drop(cp::decode(s, at).0) {
            break;
        }
        end = at;
    }
    end
}

/// Which ends a strip works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// `lstrip`.
    Left,
    /// `rstrip`.
    Right,
    /// `strip`.
    Both,
}

/// `s` without the code points that satisfy `drop` at the chosen ends.
pub fn text_strip(s: &[u8], ends: Ends, drop: impl Fn(u32) -> bool) -> &[u8] {
    let from = if ends == Ends::Right { 0 } else { text_skip_start(s, &drop) };
    let end = if ends == Ends::Left { s.len() } else { text_skip_end(s, from, &drop) };
    &s[from..end]
}

/// `s` without the bytes that satisfy `drop` at the chosen ends.
pub fn bytes_strip(s: &[u8], ends: Ends, drop: impl Fn(u8) -> bool) -> &[u8] {
    let from = match ends {
        Ends::Right => 0,
        _ => s.iter().position(|&b| !drop(b)).unwrap_or(s.len()),
    };
    let end = match ends {
        Ends::Left => s.len(),
        _ => s[from..].iter().rposition(|&b| !drop(b)).map_or(from, |i| from + i + 1),
    };
    &s[from..end]
}

/// The parts of text between runs of white space; after `max` cuts the rest stays whole.
pub fn text_split_space<'a>(s: &'a [u8], max: usize, mut part: impl FnMut(&'a [u8])) {
    let (mut at, mut left) = (0, max);
    loop {
        while let Some(w) = s.get(at).and_then(|_| space_at(s, at)) {
            at += w;
        }
        if at >= s.len() {
            return;
        }
        if left == 0 {
            return part(&s[at..]);
        }
        left -= 1;
        let start = at;
        while at < s.len() && space_at(s, at).is_none() {
            at += cp::width(s[at]);
        }
        part(&s[start..at.min(s.len())]);
    }
}

/// As [`text_split_space`] from the right; parts come from the right, too.
pub fn text_rsplit_space<'a>(s: &'a [u8], max: usize, mut part: impl FnMut(&'a [u8])) {
    let (mut end, mut left) = (s.len(), max);
    loop {
        end = text_skip_end(&s[..end], 0, classify::is_space);
        if end == 0 {
            return;
        }
        if left == 0 {
            return part(&s[..end]);
        }
        left -= 1;
        let start = text_skip_end(&s[..end], 0, |c| !classify::is_space(c));
        part(&s[start..end]);
        end = start;
    }
}

/// The parts of bytes between runs of white space; after `max` cuts the rest stays whole.
pub fn bytes_split_space<'a>(s: &'a [u8], max: usize, mut part: impl FnMut(&'a [u8])) {
    let (mut at, mut left) = (0, max);
    loop {
        while s.get(at).is_some_and(|&b| is_byte_space(b)) {
            at += 1;
        }
        if at >= s.len() {
            return;
        }
        if left == 0 {
            return part(&s[at..]);
        }
        left -= 1;
        let start = at;
        while s.get(at).is_some_and(|&b| !is_byte_space(b)) {
            at += 1;
        }
        part(&s[start..at]);
    }
}

/// As [`bytes_split_space`] from the right; parts come from the right, too.
pub fn bytes_rsplit_space<'a>(s: &'a [u8], max: usize, mut part: impl FnMut(&'a [u8])) {
    let (mut rest, mut left) = (s, max);
    loop {
        rest = bytes_strip(rest, Ends::Right, is_byte_space);
        if rest.is_empty() {
            return;
        }
        if left == 0 {
            return part(rest);
        }
        left -= 1;
        let start = rest.iter().rposition(|&b| is_byte_space(b)).map_or(0, |i| i + 1);
        part(&rest[start..]);
        rest = &rest[..start];
    }
}

/// The lines of text, each with its line end if `keep`.
pub fn text_lines<'a>(s: &'a [u8], keep: bool, mut line: impl FnMut(&'a [u8])) {
    let (mut start, mut at) = (0, 0);
    while at < s.len() {
        let (c, w) = cp::decode(s, at);
        let end = at;
        at += w;
        if classify::is_line_break(c) {
            if c == 13 && s.get(at) == Some(&10) {
                at += 1;
            }
            line(&s[start..if keep { at } else { end }]);
            start = at;
        }
    }
    if start < s.len() {
        line(&s[start..]);
    }
}

/// The lines of bytes (`\n`, `\r`, `\r\n`), each with its line end if `keep`.
pub fn bytes_lines<'a>(s: &'a [u8], keep: bool, mut line: impl FnMut(&'a [u8])) {
    let mut start = 0;
    while let Some(i) = memchr::memchr2(b'\n', b'\r', &s[start..]) {
        let end = start + i;
        let next =
            if s[end] == b'\r' && s.get(end + 1) == Some(&b'\n') { end + 2 } else { end + 1 };
        line(&s[start..if keep { next } else { end }]);
        start = next;
    }
    if start < s.len() {
        line(&s[start..]);
    }
}

/// `expandtabs`; columns count code points if `text`. `None` if the result is too long.
pub fn expand_tabs(s: &[u8], tab: usize, text: bool) -> Result<Vec<u8>, TextError> {
    let too_long = if text { "new string is too long" } else { "result too long" };
    let mut out = Vec::with_capacity(s.len());
    let mut column = 0_usize;
    for &b in s {
        match b {
            b'\t' => {
                if tab > 0 {
                    let n = tab - column % tab;
                    match out.len().checked_add(n) {
                        Some(len) if len <= MAX_LEN => super::format_spec::check_len(len)?,
                        _ => return Err(TextError::overflow(too_long)),
                    }
                    out.resize(out.len() + n, b' ');
                    column += n;
                }
            }
            b'\n' | b'\r' => {
                out.push(b);
                column = 0;
            }
            _ => {
                out.push(b);
                column += usize::from(!text || b & 0xC0 != 0x80);
            }
        }
    }
    Ok(out)
}

/// Whether the system would give `n` bytes. Asked before growing by amounts that the program chose, as an allocation
/// that fails ends the process.
pub fn allocatable(n: usize) -> bool {
    n < 1 << 28 || (n < 1 << 46 && Vec::<u8>::new().try_reserve_exact(n).is_ok())
}

/// The longest text or bytes object that an operation may build.
pub const MAX_LEN: usize = isize::MAX as usize / 2;

/// Left and right padding that centers `len` units in `width`, as CPython splits it.
pub fn center_padding(len: usize, width: usize) -> (usize, usize) {
    let pad = width.saturating_sub(len);
    let left = pad / 2 + (pad & width & 1);
    (left, pad - left)
}

/// `s` with `left` and `right` copies of `fill` (a whole code point or byte) around it.
pub fn pad(s: &[u8], left: usize, right: usize, fill: &[u8]) -> Vec<u8> {
    let mut out =
        Vec::with_capacity(s.len() + fill.len().saturating_mul(left.saturating_add(right)));
    repeat_into(&mut out, fill, left);
    out.extend_from_slice(s);
    repeat_into(&mut out, fill, right);
    out
}

/// Appends `n` copies of `unit` to `out`.
pub fn repeat_into(out: &mut Vec<u8>, unit: &[u8], n: usize) {
    match unit {
        [b] => out.resize(out.len() + n, *b),
        _ => (0..n).for_each(|_| out.extend_from_slice(unit)),
    }
}

/// `zfill` of `s`, which is `len` units long, to `width` units.
pub fn zfill(s: &[u8], len: usize, width: usize) -> Vec<u8> {
    let zeros = width.saturating_sub(len);
    let (sign, digits) = match s.first() {
        Some(b'+' | b'-') => s.split_at(1),
        _ => s.split_at(0),
    };
    let mut out = Vec::with_capacity(s.len() + zeros);
    out.extend_from_slice(sign);
    out.resize(out.len() + zeros, b'0');
    out.extend_from_slice(digits);
    out
}

/// Every `step`-th byte of `s` from `start`, `len` of them.
pub fn bytes_stride(s: &[u8], start: usize, step: isize, len: usize) -> Vec<u8> {
    if step == 1 {
        return s.get(start..start + len).unwrap_or_default().to_vec();
    }
    let at = |i: usize| start.wrapping_add_signed(step.wrapping_mul(i as isize));
    (0..len).filter_map(|i| s.get(at(i)).copied()).collect()
}

/// Every `step`-th code point of text from code point `start`, `len` of them.
pub fn text_stride(s: &[u8], start: usize, step: isize, len: usize) -> Vec<u8> {
    if len == 0 {
        return Vec::new();
    }
    let first = cp::advance(s, 0, start);
    if step == 1 {
        return s[first..cp::advance(s, first, len)].to_vec();
    }
    let mut out = Vec::with_capacity(len);
    let hop = step.unsigned_abs();
    let mut at = first;
    for i in 0..len {
        if i > 0 {
            at = if step > 0 {
                cp::advance(s, at, hop)
            } else {
                (0..hop).fold(at, |a, _| cp::prev(s, a))
            };
        }
        let w = s.get(at).map_or(0, |&b| cp::width(b));
        out.extend_from_slice(s.get(at..at + w).unwrap_or_default());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts<'a>(f: impl FnOnce(&mut dyn FnMut(&'a [u8]))) -> Vec<&'a str> {
        let mut v = Vec::new();
        f(&mut |p| v.push(std::str::from_utf8(p).unwrap()));
        v
    }

    #[test]
    fn splits_on_white_space() {
        let s = " a\u{3000}b  c ".as_bytes();
        assert_eq!(parts(|p| text_split_space(s, usize::MAX, p)), ["a", "b", "c"]);
        assert_eq!(parts(|p| text_split_space(s, 1, p)), ["a", "b  c "]);
        assert_eq!(parts(|p| text_rsplit_space(s, 1, p)), ["c", " a\u{3000}b"]);
        assert_eq!(parts(|p| bytes_split_space(b" a b\x0b c ", 1, p)), ["a", "b\u{b} c "]);
        assert_eq!(parts(|p| bytes_rsplit_space(b" a b c ", 1, p)), ["c", " a b"]);
        assert_eq!(parts(|p| text_split_space(b"  ", usize::MAX, p)), Vec::<&str>::new());
    }

    #[test]
    fn splits_lines() {
        let s = "a\r\nb\u{2028}c\n\nd".as_bytes();
        assert_eq!(parts(|p| text_lines(s, false, p)), ["a", "b", "c", "", "d"]);
        assert_eq!(parts(|p| text_lines(s, true, p)), ["a\r\n", "b\u{2028}", "c\n", "\n", "d"]);
        assert_eq!(parts(|p| bytes_lines(b"a\r\rb\r\n", false, p)), ["a", "", "b"]);
    }

    #[test]
    fn pads_and_strips() {
        assert_eq!(center_padding(3, 6), (1, 2));
        assert_eq!(center_padding(2, 5), (2, 1));
        assert_eq!(zfill(b"-5", 2, 5), b"-0005");
        assert_eq!(text_strip("xéaxé".as_bytes(), Ends::Both, |c| c == 0xE9 || c == 120), b"a");
        assert_eq!(bytes_strip(b"  a ", Ends::Left, is_byte_space), b"a ");
        assert_eq!(bytes_strip(b"   ", Ends::Both, is_byte_space), b"");
        assert_eq!(
            expand_tabs("é\ta\n\tb".as_bytes(), 4, true).unwrap(),
            "é   a\n    b".as_bytes()
        );
        assert_eq!(text_stride("aébéc".as_bytes(), 4, -2, 3), b"cba");
        assert_eq!(text_stride("aébéc".as_bytes(), 1, 2, 2), "éé".as_bytes());
    }
}
