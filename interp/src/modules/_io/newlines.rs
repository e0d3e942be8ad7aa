//! Newline translation, and text as bytes plus a count of code points.

use taipan_objects::{Completion, Cx, Value, protocol::convert, raise, types::str as string};

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

    /// The argument that gives it.
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
        match i {
            1 => Self::Keep,
            2 => Self::Lf,
            3 => Self::Cr,
            4 => Self::CrLf,
            _ => Self::Universal,
        }
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
