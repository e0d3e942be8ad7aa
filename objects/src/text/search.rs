//! Searching, counting, replacing and splitting by a substring, for text and bytes alike.
//!
//! WTF-8 is self-synchronizing: a well-formed needle is only ever found at a code point
//! boundary, so one set of byte algorithms serves `str`, `bytes` and `bytearray`.

use memchr::{memchr, memmem, memrchr};

/// Offset of the first `needle` in `hay`.
#[inline]
pub fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(0),
        [b] => memchr(*b, hay),
        _ if needle.len() > hay.len() => None,
        _ => memmem::find(hay, needle),
    }
}

/// Offset of the last `needle` in `hay`.
#[inline]
pub fn rfind(hay: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(hay.len()),
        [b] => memrchr(*b, hay),
        _ if needle.len() > hay.len() => None,
        _ => memmem::rfind(hay, needle),
    }
}

/// Number of non-overlapping occurrences of a `needle` that is not empty.
pub fn count(hay: &[u8], needle: &[u8]) -> usize {
    match needle {
        [] => 0,
        [b] => memchr::memchr_iter(*b, hay).count(),
        _ => memmem::find_iter(hay, needle).count(),
    }
}

/// Offsets of at most `max` non-overlapping occurrences of a `needle` that is not empty.
fn offsets<'a>(hay: &'a [u8], needle: &'a [u8], max: usize) -> Offsets<'a> {
    Offsets { hay, at: 0, left: max, finder: memmem::Finder::new(needle) }
}

struct Offsets<'a> {
    hay: &'a [u8],
    at: usize,
    left: usize,
    finder: memmem::Finder<'a>,
}

impl Iterator for Offsets<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.left == 0 {
            return None;
        }
        let needle = self.finder.needle();
        let rest = self.hay.get(self.at..)?;
        let found = match needle {
            [b] => memchr(*b, rest),
            _ => self.finder.find(rest),
        }?;
        self.left -= 1;
        let start = self.at + found;
        self.at = start + needle.len();
        Some(start)
    }
}

/// `hay` with at most `max` occurrences of a non-empty `old` replaced; `None` if there is none.
pub fn replace(hay: &[u8], old: &[u8], new: &[u8], max: usize) -> Option<Vec<u8>> {
    let mut found = offsets(hay, old, max).peekable();
    found.peek()?;
    let mut out = Vec::with_capacity(hay.len() + new.len());
    let mut from = 0;
    for at in found {
        out.extend_from_slice(&hay[from..at]);
        out.extend_from_slice(new);
        from = at + old.len();
    }
    out.extend_from_slice(&hay[from..]);
    Some(out)
}

/// `new` put before each unit and at the end, at most `max` times (`replace` with an empty
/// `old`). `unit` gives the length of the unit at an offset.
pub fn interleave(
    hay: &[u8],
    new: &[u8],
    max: usize,
    unit: impl Fn(&[u8], usize) -> usize,
) -> Vec<u8> {
    let mut out = Vec::with_capacity(hay.len() + new.len().saturating_mul(hay.len().min(max)));
    let (mut at, mut left) = (0, max);
    while left > 0 {
        out.extend_from_slice(new);
        left -= 1;
        if at >= hay.len() {
            return out;
        }
        let end = (at + unit(hay, at)).min(hay.len());
        out.extend_from_slice(&hay[at..end]);
        at = end;
    }
    out.extend_from_slice(&hay[at.min(hay.len())..]);
    out
}

/// The parts of `hay` between at most `max` occurrences of a non-empty `sep`, from the left.
pub fn split<'a>(hay: &'a [u8], sep: &[u8], max: usize, mut part: impl FnMut(&'a [u8])) {
    let mut from = 0;
    let mut left = max;
    if let [b] = sep {
        for at in memchr::memchr_iter(*b, hay) {
            if left == 0 {
                break;
            }
            left -= 1;
            part(&hay[from..at]);
            from = at + 1;
        }
        return part(&hay[from..]);
    }
    for at in memmem::find_iter(hay, sep) {
        if left == 0 {
            break;
        }
        left -= 1;
        part(&hay[from..at]);
        from = at + sep.len();
    }
    part(&hay[from..]);
}

/// The parts of `hay` between at most `max` occurrences of a non-empty `sep`, found from the
/// right; handed out from the right, too.
pub fn rsplit<'a>(hay: &'a [u8], sep: &[u8], max: usize, mut part: impl FnMut(&'a [u8])) {
    let mut end = hay.len();
    for _ in 0..max {
        let Some(at) = rfind(&hay[..end], sep) else { break };
        part(&hay[at + sep.len()..end]);
        end = at;
    }
    part(&hay[..end]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split_vec<'a>(hay: &'a [u8], sep: &[u8], max: usize) -> Vec<&'a [u8]> {
        let mut v = Vec::new();
        split(hay, sep, max, |p| v.push(p));
        v
    }

    #[test]
    fn replaces_up_to_a_count() {
        assert_eq!(replace(b"aXbXc", b"X", b"--", usize::MAX), Some(b"a--b--c".to_vec()));
        assert_eq!(replace(b"aXbXc", b"X", b"", 1), Some(b"abXc".to_vec()));
        assert_eq!(replace(b"abc", b"X", b"-", usize::MAX), None);
        assert_eq!(replace(b"abc", b"abc", b"-", 0), None);
        assert_eq!(interleave(b"ab", b"-", usize::MAX, |_, _| 1), b"-a-b-");
        assert_eq!(interleave(b"ab", b"-", 2, |_, _| 1), b"-a-b");
        assert_eq!(interleave(b"", b"-", 5, |_, _| 1), b"-");
    }

    #[test]
    fn splits_from_both_ends() {
        assert_eq!(split_vec(b"a,b,,c", b",", usize::MAX), [&b"a"[..], b"b", b"", b"c"]);
        assert_eq!(split_vec(b"a,b,,c", b",", 1), [&b"a"[..], b"b,,c"]);
        assert_eq!(split_vec(b"abab", b"ab", 9), [&b""[..], b"", b""]);
        let mut v = Vec::new();
        rsplit(b"a,b,c", b",", 1, |p| v.push(p));
        assert_eq!(v, [&b"c"[..], b"a,b"]);
    }
}
