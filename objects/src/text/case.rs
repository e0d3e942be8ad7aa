//! Case mapping of text: `lower`, `upper`, `title`, `capitalize`, `swapcase`, `casefold`.
//!
//! Full mappings (one code point may become three), with the final-sigma rule. ASCII text
//! takes byte paths. Lone surrogates pass through.

use super::{classify, cp};
use rustpython_unicode::case;
use rustpython_wtf8::Wtf8;

const SIGMA: u32 = 0x3A3;

fn wtf8(s: &[u8]) -> Option<&Wtf8> {
    Wtf8::from_bytes(s)
}

/// Lower-case form of the code point at byte offset `at`, with its context for final sigma.
fn lower_one(s: &[u8], at: usize, c: u32, out: &mut Vec<u8>) {
    if c < 128 {
        out.push((c as u8).to_ascii_lowercase());
    } else if c == SIGMA {
        cp::push(out, if final_sigma(s, at) { 0x3C2 } else { 0x3C3 });
    } else {
        push_mapped(c, out, |ch, out| ch.to_lowercase().for_each(|m| cp::push(out, m as u32)));
    }
}

fn upper_one(c: u32, out: &mut Vec<u8>) {
    if c < 128 {
        out.push((c as u8).to_ascii_uppercase());
    } else {
        push_mapped(c, out, |ch, out| ch.to_uppercase().for_each(|m| cp::push(out, m as u32)));
    }
}

fn title_one(c: u32, out: &mut Vec<u8>) {
    if c < 128 {
        out.push((c as u8).to_ascii_uppercase());
    } else {
        push_mapped(c, out, |ch, out| {
            let mut buf = [0; 4];
            out.extend_from_slice(case::capitalize_str(ch.encode_utf8(&mut buf)).as_bytes());
        });
    }
}

fn push_mapped(c: u32, out: &mut Vec<u8>, map: impl Fn(char, &mut Vec<u8>)) {
    match char::from_u32(c) {
        Some(ch) => map(ch, out),
        None => cp::push(out, c),
    }
}

/// Whether the sigma at `at` ends a word: a cased letter before it, none after, in both
/// directions skipping what case ignores.
fn final_sigma(s: &[u8], at: usize) -> bool {
    let ignorable = |c: &u32| char::from_u32(*c).is_some_and(case::is_case_ignorable);
    let cased = |c: u32| char::from_u32(c).is_some_and(case::is_cased);
    let before = cp::iter(&s[..at]).rev().find(|c| !ignorable(c)).is_some_and(cased);
    before && !cp::iter(&s[(at + 2).min(s.len())..]).find(|c| !ignorable(c)).is_some_and(cased)
}

/// `str.lower`.
pub fn lower(s: &[u8]) -> Vec<u8> {
    if s.is_ascii() {
        return s.to_ascii_lowercase();
    }
    let mut out = Vec::with_capacity(s.len());
    each(s, |at, c| lower_one(s, at, c, &mut out));
    out
}

/// `str.upper`.
pub fn upper(s: &[u8]) -> Vec<u8> {
    if s.is_ascii() {
        return s.to_ascii_uppercase();
    }
    let mut out = Vec::with_capacity(s.len());
    each(s, |_, c| upper_one(c, &mut out));
    out
}

/// `str.casefold`.
pub fn casefold(s: &[u8]) -> Vec<u8> {
    if s.is_ascii() {
        return s.to_ascii_lowercase();
    }
    wtf8(s).map_or_else(|| lower(s), |w| case::casefold_wtf8(w).into_bytes())
}

/// `str.capitalize`.
pub fn capitalize(s: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    each(s, |at, c| if at == 0 { title_one(c, &mut out) } else { lower_one(s, at, c, &mut out) });
    out
}

/// `str.title`.
pub fn title(s: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    let mut after_cased = false;
    each(s, |at, c| {
        if after_cased {
            lower_one(s, at, c, &mut out)
        } else {
            title_one(c, &mut out)
        }
        after_cased = is_cased(c);
    });
    out
}

/// `str.swapcase`.
pub fn swapcase(s: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    each(s, |at, c| {
        if classify::is_upper(c) {
            lower_one(s, at, c, &mut out);
        } else if classify::is_lower(c) {
            upper_one(c, &mut out);
        } else {
            cp::push(&mut out, c);
        }
    });
    out
}

/// Whether `c` has a case.
pub fn is_cased(c: u32) -> bool {
    if c < 128 {
        (c as u8).is_ascii_alphabetic()
    } else {
        char::from_u32(c).is_some_and(case::is_cased)
    }
}

fn each(s: &[u8], mut f: impl FnMut(usize, u32)) {
    let mut at = 0;
    while at < s.len() {
        let (c, w) = cp::decode(s, at);
        f(at, c);
        at += w;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(v: Vec<u8>) -> String {
        String::from_utf8(v).unwrap()
    }

    #[test]
    fn special_casing_and_final_sigma() {
        assert_eq!(text(upper("straße ŉ".as_bytes())), "STRASSE ʼN");
        assert_eq!(text(lower("ΑΣ ΣΑΣ Σ İ".as_bytes())), "ας σας σ i̇");
        assert_eq!(text(title("ﬁne o'neil ǆ".as_bytes())), "Fine O'Neil ǅ");
        assert_eq!(text(capitalize("ßABC".as_bytes())), "Ssabc");
        assert_eq!(text(casefold("Straße".as_bytes())), "strasse");
        assert_eq!(text(swapcase("aBß".as_bytes())), "AbSS");
    }
}
