//! Subjects as the matcher sees them: bytes up to where it may read, and places as byte offsets.

use super::{class::Class, first::First};

/// A subject.
pub(in crate::modules::_sre) trait Text: Copy {
    fn bytes(&self) -> &[u8];

    /// The character at `at` and the place behind it; `None` at the end.
    fn next(&self, at: usize) -> Option<(u32, usize)>;

    /// The character before `at` and its place; `None` at the beginning.
    fn previous(&self, at: usize) -> Option<(u32, usize)>;

    /// The place `n` characters before `at`; `None` if there are fewer.
    fn back(&self, at: usize, n: usize) -> Option<usize> {
        if at < n {
            return None;
        }
        (0..n).try_fold(at, |at, _| self.previous(at).map(|(_, before)| before))
    }

    /// Whether a character at `at` may be one of `first`.
    fn may_be(&self, at: usize, first: &First) -> bool;

    /// Behind as many characters of `class` from `at` on as there are, `max` at most; and how many they are.
    fn run(&self, class: &Class, at: usize, max: u32) -> (usize, usize) {
        let (mut at, mut n) = (at, 0);
        while n < max as usize
            && let Some((c, next)) = self.next(at)
            && class.has(c)
        {
            at = next;
            n += 1;
        }
        (at, n)
    }
}

/// One byte for each character: bytes, ASCII text.
#[derive(Clone, Copy)]
pub(in crate::modules::_sre) struct Narrow<'a>(pub(in crate::modules::_sre) &'a [u8]);

impl Text for Narrow<'_> {
    fn bytes(&self) -> &[u8] {
        self.0
    }

    #[inline]
    fn next(&self, at: usize) -> Option<(u32, usize)> {
        self.0.get(at).map(|&b| (b.into(), at + 1))
    }

    #[inline]
    fn previous(&self, at: usize) -> Option<(u32, usize)> {
        let before = at.checked_sub(1)?;
        self.0.get(before).map(|&b| (b.into(), before))
    }

    fn back(&self, at: usize, n: usize) -> Option<usize> {
        at.checked_sub(n)
    }

    #[inline]
    fn may_be(&self, at: usize, first: &First) -> bool {
        self.0.get(at).is_some_and(|&b| first.low[usize::from(b)])
    }

    #[inline]
    fn run(&self, class: &Class, at: usize, max: u32) -> (usize, usize) {
        let rest = self.0.get(at..).unwrap_or_default();
        let rest = &rest[..rest.len().min(max as usize)];
        let n = rest.iter().position(|&b| !class.low[usize::from(b)]).unwrap_or(rest.len());
        (at + n, n)
    }
}

/// UTF-8 that may have surrogates in it.
#[derive(Clone, Copy)]
pub(in crate::modules::_sre) struct Wide<'a>(pub(in crate::modules::_sre) &'a [u8]);

impl Text for Wide<'_> {
    fn bytes(&self) -> &[u8] {
        self.0
    }

    #[inline]
    fn next(&self, at: usize) -> Option<(u32, usize)> {
        let lead = *self.0.get(at)?;
        if lead < 0x80 {
            return Some((lead.into(), at + 1));
        }
        let n = match lead {
            ..0xe0 => 2,
            0xe0..0xf0 => 3,
            0xf0.. => 4,
        };
        let tail = self.0.get(at + 1..at + n)?;
        let lead = u32::from(lead) & (0x7f >> n);
        Some((tail.iter().fold(lead, |c, &b| c << 6 | u32::from(b & 0x3f)), at + n))
    }

    #[inline]
    fn previous(&self, at: usize) -> Option<(u32, usize)> {
        let before = self.0.get(..at)?.iter().rposition(|b| b & 0xc0 != 0x80)?;
        self.next(before).map(|(c, _)| (c, before))
    }

    #[inline]
    fn may_be(&self, at: usize, first: &First) -> bool {
        self.0
            .get(at)
            .is_some_and(|&b| if b < 0x80 { first.low[usize::from(b)] } else { first.wide })
    }
}
