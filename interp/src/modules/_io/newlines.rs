//! Newline translation, and text as bytes plus a count of code points.

use taipan_objects::{Completion, Cx, Obj, Value, protocol::convert, raise, types::str as string};

/// What `newline=` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newline {
    /// `None`: any line end is read as `\n`; `\n` is written as the platform's, which is `\n`.
    Universal,
    /// `''`: any line end ends a line and is kept.
    Keep,
    /// `'\n'`.
    Lf,
    /// `'\r'`.
    Cr,
    /// `'\r\n'`.
    CrLf,
}

impl Newline {
    /// The `newline=` argument.
    ///
    /// # Errors
    /// `TypeError`, `ValueError`.
    pub fn from_arg(cx: &mut Cx, v: Option<Value>) -> Completion<Self> {
        let Some(v) = v.filter(|v| !v.is_none()) else { return Ok(Self::Universal) };
        let Some(text) = string::text(v) else {
            let got = cx.type_name(v);
            return raise!(
                cx,
                TypeError,
                "open() argument 'newline' must be str or None, not {got}"
            );
        };
        match text {
            "" => Ok(Self::Keep),
            "\n" => Ok(Self::Lf),
            "\r" => Ok(Self::Cr),
            "\r\n" => Ok(Self::CrLf),
            _ => {
                let shown = convert::repr_text(cx, v)?;
                raise!(cx, ValueError, "illegal newline value: {shown}")
            }
        }
    }

    /// The `newline=` argument again.
    pub const fn text(self) -> Option<&'static str> {
        match self {
            Self::Universal => None,
            Self::Keep => Some(""),
            Self::Lf => Some("\n"),
            Self::Cr => Some("\r"),
            Self::CrLf => Some("\r\n"),
        }
    }

    /// As a small number for an object's slot.
    pub const fn number(self) -> i64 {
        self as i64
    }

    /// The inverse of [`Newline::number`].
    pub const fn from_number(i: i64) -> Self {
        match i & 7 {
            1 => Self::Keep,
            2 => Self::Lf,
            3 => Self::Cr,
            4 => Self::CrLf,
            _ => Self::Universal,
        }
    }

    /// Whether line ends of every kind are looked for.
    pub fn is_universal(self) -> bool {
        matches!(self, Self::Universal | Self::Keep)
    }

    /// Text as it is written.
    pub fn on_write(self, text: &[u8]) -> std::borrow::Cow<'_, [u8]> {
        let end: &[u8] = match self {
            Self::Cr => b"\r",
            Self::CrLf => b"\r\n",
            _ => return text.into(),
        };
        let mut out = Vec::with_capacity(text.len() + 8);
        for (i, part) in text.split(|&b| b == b'\n').enumerate() {
            if i > 0 {
                out.extend_from_slice(end);
            }
            out.extend_from_slice(part);
        }
        out.into()
    }

    /// Length of the first line of `text`, its end included; `None` when it has no end yet.
    pub fn line_len(self, text: &[u8]) -> Option<usize> {
        match self {
            Self::Universal | Self::Lf => memchr::memchr(b'\n', text).map(|i| i + 1),
            Self::Cr => memchr::memchr(b'\r', text).map(|i| i + 1),
            Self::CrLf => memchr::memmem::find(text, b"\r\n").map(|i| i + 2),
            Self::Keep => memchr::memchr2(b'\n', b'\r', text).map(|i| {
                if text[i] == b'\r' && text.get(i + 1) == Some(&b'\n') { i + 2 } else { i + 1 }
            }),
        }
    }
}

/// Kinds of line ends: bits of what a stream has met.
mod seen {
    pub(super) const CR: i64 = 1;
    pub(super) const LF: i64 = 2;
    pub(super) const CRLF: i64 = 4;
}

/// The kinds of line ends in `text`.
fn kinds(text: &[u8]) -> i64 {
    let Some(first) = memchr::memchr(b'\r', text) else {
        return if memchr::memchr(b'\n', text).is_some() { seen::LF } else { 0 };
    };
    let mut bits = if memchr::memchr(b'\n', &text[..first]).is_some() { seen::LF } else { 0 };
    let mut rest = &text[first..];
    while let Some(at) = memchr::memchr2(b'\r', b'\n', rest) {
        let (bit, len) = match (rest[at], rest.get(at + 1)) {
            (b'\n', _) => (seen::LF, 1),
            (_, Some(b'\n')) => (seen::CRLF, 2),
            _ => (seen::CR, 1),
        };
        bits |= bit;
        rest = &rest[at + len..];
    }
    bits
}

/// Remembers which line ends were met, in the slot of the object that says how they are treated.
pub(super) fn note_kinds(cx: &mut Cx, o: Obj, slot: usize, text: &[u8]) -> Completion<()> {
    let kinds = kinds(text);
    let known = cx.read(o, slot)?.small_int().unwrap_or(0);
    let new = known | kinds << 3;
    if new != known { cx.set(o, slot, Value::small(new)) } else { Ok(()) }
}

/// The attribute `newlines`.
pub(super) fn kinds_of(cx: &mut Cx, v: Value, slot: usize) -> Completion<Value> {
    let Some(o) = v.obj() else { return Ok(Value::NONE) };
    let number = cx.read(o, slot)?.small_int().unwrap_or(0);
    shown(cx, number)
}

/// What the attribute `newlines` shows for a number of a [`Newline`] with kinds of line ends.
fn shown(cx: &mut Cx, number: i64) -> Completion<Value> {
    let kinds = [(seen::CR, "\r"), (seen::LF, "\n"), (seen::CRLF, "\r\n")];
    let mut met = Vec::new();
    for (_, text) in kinds.into_iter().filter(|(bit, _)| number >> 3 & bit != 0) {
        met.push(cx.intern(text)?);
    }
    match met[..] {
        [] => Ok(Value::NONE),
        [one] => Ok(one),
        _ => cx.new_tuple(&met),
    }
}

/// `\r\n` and `\r` become `\n`.
pub fn to_lf(text: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if memchr::memchr(b'\r', text).is_none() {
        return text.into();
    }
    let mut out = Vec::with_capacity(text.len());
    let mut i = 0;
    while i < text.len() {
        if text[i] == b'\r' {
            out.push(b'\n');
            i += if text.get(i + 1) == Some(&b'\n') { 2 } else { 1 };
        } else {
            out.push(text[i]);
            i += 1;
        }
    }
    out.into()
}

/// A final carriage return of a piece may be half of a line end: it is held back, and put before the next piece. Whether one
/// is held now.
pub(super) fn hold_back(text: &mut Vec<u8>, is_held: bool, is_last: bool) -> bool {
    if is_held && text.is_empty() && !is_last {
        return true;
    }
    if is_held {
        text.insert(0, b'\r');
    }
    let holds = !is_last && text.ends_with(b"\r");
    if holds {
        text.pop();
    }
    holds
}

/// Where in `text` the part begins of which [`to_lf`] makes what follows on the first `used` bytes.
pub fn offset_before(text: &[u8], used: usize) -> usize {
    let mut at = 0;
    for _ in 0..used {
        let is_pair = text.get(at..).is_some_and(|rest| rest.starts_with(b"\r\n"));
        at += if is_pair { 2 } else { 1 };
    }
    at.min(text.len())
}

/// Code points in WTF-8 bytes.
pub fn n_chars(text: &[u8]) -> usize {
    text.iter().filter(|&&b| (b as i8) >= -64).count()
}

/// Byte offset of code point number `n` (the length for numbers beyond the end).
pub fn offset_of(text: &[u8], n: usize) -> usize {
    if text.is_ascii() {
        return n.min(text.len());
    }
    text.iter()
        .enumerate()
        .filter(|(_, b)| (**b as i8) >= -64)
        .nth(n)
        .map_or(text.len(), |(i, _)| i)
}

/// A `str` of these WTF-8 bytes.
///
/// # Errors
/// `MemoryError`.
pub fn str_of(cx: &mut Cx, text: &[u8]) -> Completion<Value> {
    string::new_str_bytes(cx, text, n_chars(text))
}
