//! The built-in error handlers of codecs.

use super::{Fault, Replacement};
use crate::text::{cp, repr};

/// A built-in error handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errors {
    /// Raise.
    Strict,
    /// Leave out.
    Ignore,
    /// `?` or U+FFFD.
    Replace,
    /// Bytes 0x80 to 0xFF as U+DC80 to U+DCFF and back.
    SurrogateEscape,
    /// Surrogates as if they were characters.
    SurrogatePass,
    /// `\x`, `\u`, `\U`.
    BackslashReplace,
    /// `&#...;`
    XmlCharRefReplace,
    /// `\N{...}`
    NameReplace,
}

impl Errors {
    /// The handler called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "strict" => Self::Strict,
            "ignore" => Self::Ignore,
            "replace" => Self::Replace,
            "surrogateescape" => Self::SurrogateEscape,
            "surrogatepass" => Self::SurrogatePass,
            "backslashreplace" => Self::BackslashReplace,
            "xmlcharrefreplace" => Self::XmlCharRefReplace,
            "namereplace" => Self::NameReplace,
            _ => return None,
        })
    }
}

/// How `surrogatepass` spells a surrogate in an encoding.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wide {
    Utf8,
    Utf16(bool),
    Utf32(bool),
}

fn wide(encoding: &str) -> Option<Wide> {
    let name: String = encoding
        .chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let big = cfg!(target_endian = "big");
    Some(match name.as_str() {
        "utf8" | "cp65001" => Wide::Utf8,
        "utf16" => Wide::Utf16(big),
        "utf16le" => Wide::Utf16(false),
        "utf16be" => Wide::Utf16(true),
        "utf32" => Wide::Utf32(big),
        "utf32le" => Wide::Utf32(false),
        "utf32be" => Wide::Utf32(true),
        _ => return None,
    })
}

/// Applies `errors` to undecodable input: appends to `out`, returns where to go on. `None`: raise.
pub fn decode(errors: Errors, input: &[u8], fault: &Fault, out: &mut Vec<u8>) -> Option<usize> {
    let bad = input.get(fault.start..fault.end.min(input.len()))?;
    match errors {
        Errors::Ignore => Some(fault.end),
        Errors::Replace => {
            cp::push(out, 0xFFFD);
            Some(fault.end)
        }
        Errors::BackslashReplace => {
            bad.iter().for_each(|&b| repr::push_backslash(out, u32::from(b)));
            Some(fault.end)
        }
        Errors::SurrogateEscape => {
            let escaped = bad.iter().take_while(|&&b| b >= 0x80).take(4).count();
            for &b in &bad[..escaped] {
                cp::push(out, 0xDC00 + u32::from(b));
            }
            (escaped > 0).then_some(fault.start + escaped)
        }
        Errors::SurrogatePass => {
            let s = input.get(fault.start..)?;
            let (c, n) = match wide(fault.encoding)? {
                Wide::Utf8 => match s {
                    [0xED, a @ 0xA0..=0xBF, b @ 0x80..=0xBF, ..] => {
                        (0xD000 | u32::from(a & 0x3F) << 6 | u32::from(b & 0x3F), 3)
                    }
                    _ => return None,
                },
                Wide::Utf16(big) => (u32::from(u16_at(s, big)?), 2),
                Wide::Utf32(big) => (u32_at(s, big)?, 4),
            };
            cp::is_surrogate(c).then(|| {
                cp::push(out, c);
                fault.start + n
            })
        }
        Errors::Strict | Errors::XmlCharRefReplace | Errors::NameReplace => None,
    }
}

pub(super) fn u16_at(s: &[u8], big: bool) -> Option<u16> {
    let b = *s.first_chunk::<2>()?;
    Some(if big { u16::from_be_bytes(b) } else { u16::from_le_bytes(b) })
}

pub(super) fn u32_at(s: &[u8], big: bool) -> Option<u32> {
    let b = *s.first_chunk::<4>()?;
    Some(if big { u32::from_be_bytes(b) } else { u32::from_le_bytes(b) })
}

/// Applies `errors` to text that cannot be encoded. `None`: raise.
pub fn encode(errors: Errors, text: &[u8], fault: &Fault) -> Option<(Replacement, usize)> {
    let from = cp::advance(text, 0, fault.start);
    let n = fault.end.saturating_sub(fault.start);
    let bad = || cp::iter(&text[from..]).take(n);
    let mut out = Vec::new();
    match errors {
        Errors::Strict => return None,
        Errors::Ignore => {}
        Errors::Replace => out.resize(n, b'?'),
        Errors::BackslashReplace => bad().for_each(|c| repr::push_backslash(&mut out, c)),
        Errors::XmlCharRefReplace => {
            bad().for_each(|c| out.extend_from_slice(format!("&#{c};").as_bytes()));
        }
        Errors::NameReplace => bad().for_each(|c| push_name(&mut out, c)),
        Errors::SurrogateEscape => {
            out.extend(
                bad().take_while(|c| (0xDC80..=0xDCFF).contains(c)).map(|c| (c - 0xDC00) as u8),
            );
            let next = fault.start + out.len();
            return (!out.is_empty()).then_some((Replacement::Bytes(out), next));
        }
        Errors::SurrogatePass => {
            let wide = wide(fault.encoding)?;
            for c in bad() {
                if !cp::is_surrogate(c) {
                    return None;
                }
                match wide {
                    Wide::Utf8 => cp::push(&mut out, c),
                    Wide::Utf16(big) => super::utf_wide::push16(&mut out, c as u16, big),
                    Wide::Utf32(big) => super::utf_wide::push32(&mut out, c, big),
                }
            }
            return Some((Replacement::Bytes(out), fault.end));
        }
    }
    Some((Replacement::Text(out), fault.end))
}

fn push_name(out: &mut Vec<u8>, c: u32) {
    let name = char::from_u32(c).and_then(rustpython_unicode::data::character_name);
    match name {
        Some(name) => out.extend_from_slice(format!("\\N{{{name}}}").as_bytes()),
        None => repr::push_backslash(out, c),
    }
}
