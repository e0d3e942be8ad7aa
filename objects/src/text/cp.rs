//! Code points in WTF-8 bytes: decoding, encoding, counting, and the stride table for indexing.
//!
//! Text in this crate is generalized UTF-8: any code point up to U+10FFFF, lone surrogates
//! included, each in its shortest form. Functions here are total: on bytes that break the
//! rule they return something harmless instead of panicking.

/// Length in bytes of the sequence that starts with `lead`.
#[inline]
pub fn width(lead: u8) -> usize {
    match lead {
        0..=0xBF => 1,
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => 4,
    }
}

/// Length in bytes of code point `c`.
#[inline]
pub fn width_of(c: u32) -> usize {
    match c {
        0..=0x7F => 1,
        0x80..=0x7FF => 2,
        0x800..=0xFFFF => 3,
        _ => 4,
    }
}

/// The code point at byte offset `at` and its length in bytes; `(0, 1)` past the end.
#[inline]
pub fn decode(s: &[u8], at: usize) -> (u32, usize) {
    let get = |i: usize| u32::from(s.get(at + i).copied().unwrap_or(0) & 0x3F);
    let Some(&lead) = s.get(at) else { return (0, 1) };
    let l = u32::from(lead);
    match width(lead) {
        1 => (l, 1),
        2 => ((l & 0x1F) << 6 | get(1), 2),
        3 => ((l & 0x0F) << 12 | get(1) << 6 | get(2), 3),
        _ => ((l & 0x07) << 18 | get(1) << 12 | get(2) << 6 | get(3), 4),
    }
}

/// The byte offset where the code point that ends just before `at` starts; 0 at the beginning.
#[inline]
pub fn prev(s: &[u8], at: usize) -> usize {
    let mut i = at.min(s.len());
    while i > 0 {
        i -= 1;
        if s[i] & 0xC0 != 0x80 {
            break;
        }
    }
    i
}

/// Appends code point `c` (at most U+10FFFF) to `out`.
#[inline]
pub fn push(out: &mut Vec<u8>, c: u32) {
    let b = |shift: u32, mask: u32, tag: u8| ((c >> shift) & mask) as u8 | tag;
    match c {
        0..=0x7F => out.push(c as u8),
        0x80..=0x7FF => out.extend_from_slice(&[b(6, 0x1F, 0xC0), b(0, 0x3F, 0x80)]),
        0x800..=0xFFFF => {
            out.extend_from_slice(&[b(12, 0x0F, 0xE0), b(6, 0x3F, 0x80), b(0, 0x3F, 0x80)]);
        }
        _ => out.extend_from_slice(&[
            b(18, 0x07, 0xF0),
            b(12, 0x3F, 0x80),
            b(6, 0x3F, 0x80),
            b(0, 0x3F, 0x80),
        ]),
    }
}

/// Number of code points in `s`: bytes that do not continue a sequence.
#[inline]
pub fn count(s: &[u8]) -> usize {
    s.iter().map(|&b| usize::from(b & 0xC0 != 0x80)).sum()
}

/// Byte offset of code point `n` counted from byte offset `from`; `s.len()` when past the end.
pub fn advance(s: &[u8], from: usize, n: usize) -> usize {
    let mut at = from;
    for _ in 0..n {
        let Some(&lead) = s.get(at) else { return s.len() };
        at += width(lead);
    }
    at.min(s.len())
}

/// The code points of `s`, front to back or back to front.
#[derive(Clone, Debug)]
pub struct CodePoints<'a> {
    s: &'a [u8],
    at: usize,
    end: usize,
}

impl CodePoints<'_> {
    /// Byte offset of the next code point from the front.
    pub fn offset(&self) -> usize {
        self.at
    }
}

impl Iterator for CodePoints<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        if self.at >= self.end {
            return None;
        }
        let (c, w) = decode(self.s, self.at);
        self.at += w;
        Some(c)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let bytes = self.end.saturating_sub(self.at);
        (bytes.div_ceil(4), Some(bytes))
    }
}

impl DoubleEndedIterator for CodePoints<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<u32> {
        if self.at >= self.end {
            return None;
        }
        self.end = prev(self.s, self.end);
        Some(decode(self.s, self.end).0)
    }
}

/// Iterates over the code points of `s`.
pub fn iter(s: &[u8]) -> CodePoints<'_> {
    CodePoints { s, at: 0, end: s.len() }
}

/// Encodes a sequence of code points.
pub fn collect(points: impl IntoIterator<Item = u32>) -> Vec<u8> {
    let mut out = Vec::new();
    for c in points {
        push(&mut out, c);
    }
    out
}

/// Whether `c` is a surrogate.
#[inline]
pub fn is_surrogate(c: u32) -> bool {
    (0xD800..=0xDFFF).contains(&c)
}

/// Whether `s` holds a lone surrogate (so it is not UTF-8).
pub fn has_surrogate(s: &[u8]) -> bool {
    memchr::memchr_iter(0xED, s).any(|i| s.get(i + 1).is_some_and(|&b| b >= 0xA0))
}

/// Code points between two breadcrumbs.
pub const STRIDE: usize = 64;

/// Byte offsets of every 64th code point, for indexing text that is not ASCII.
///
/// - Cost: one pass to build, 4 bytes (8 for text of 4 GiB and more) per 64 code points;
///   a lookup then walks at most 63 code points.
#[derive(Clone, Debug)]
pub enum Crumbs {
    /// Offsets that fit 32 bits.
    Small(Box<[u32]>),
    /// Offsets of larger texts.
    Large(Box<[usize]>),
}

impl Crumbs {
    /// Builds the table of `s`.
    pub fn new(s: &[u8]) -> Self {
        let mut offsets = Vec::with_capacity(s.len() / STRIDE / 2 + 1);
        let (mut at, mut n) = (0, 0_usize);
        while at < s.len() {
            if n.is_multiple_of(STRIDE) {
                offsets.push(at);
            }
            at += width(s[at]);
            n += 1;
        }
        if u32::try_from(s.len()).is_ok() {
            Self::Small(offsets.iter().map(|&o| o as u32).collect())
        } else {
            Self::Large(offsets.into_boxed_slice())
        }
    }

    fn crumb(&self, i: usize) -> Option<usize> {
        match self {
            Self::Small(v) => v.get(i).map(|&o| o as usize),
            Self::Large(v) => v.get(i).copied(),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Small(v) => v.len(),
            Self::Large(v) => v.len(),
        }
    }

    /// Byte offset of code point `n` of `s`, or `s.len()` when past the end.
    pub fn offset(&self, s: &[u8], n: usize) -> usize {
        match self.crumb(n / STRIDE) {
            Some(base) => advance(s, base, n % STRIDE),
            None => s.len(),
        }
    }

    /// Index of the code point at byte offset `at` of `s`.
    pub fn index(&self, s: &[u8], at: usize) -> usize {
        let (mut lo, mut hi) = (0, self.len());
        while lo < hi {
            let mid = (lo + hi) / 2;
            if self.crumb(mid).is_some_and(|o| o <= at) { lo = mid + 1 } else { hi = mid }
        }
        let crumb = lo.saturating_sub(1);
        let base = self.crumb(crumb).unwrap_or(0);
        crumb * STRIDE + count(&s[base.min(s.len())..at.min(s.len())])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_survive_a_round_trip_both_ways() {
        let points = [0, 0x7F, 0x80, 0x7FF, 0x800, 0xD800, 0xDFFF, 0xFFFF, 0x10000, 0x10FFFF];
        let s = collect(points);
        assert_eq!(iter(&s).collect::<Vec<_>>(), points);
        assert_eq!(
            iter(&s).rev().collect::<Vec<_>>(),
            points.iter().rev().copied().collect::<Vec<_>>()
        );
        assert_eq!(count(&s), points.len());
        assert!(has_surrogate(&s));
        assert!(!has_surrogate("\u{D7FF}".as_bytes()));
    }

    #[test]
    fn crumbs_agree_with_walking() {
        let s: String = (0..500).map(|i| if i % 3 == 0 { 'é' } else { 'a' }).collect();
        let crumbs = Crumbs::new(s.as_bytes());
        for n in 0..=500 {
            let at = advance(s.as_bytes(), 0, n);
            assert_eq!(crumbs.offset(s.as_bytes(), n), at);
            assert_eq!(crumbs.index(s.as_bytes(), at), n);
        }
    }
}
