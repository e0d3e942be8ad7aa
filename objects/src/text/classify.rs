//! What a code point is: letter, digit, space, cased, printable; and the `str.isX` family.
//!
//! Tables come from `rustpython-unicode` (ICU data); ASCII is answered without them. A lone
//! surrogate is in no class.

use super::cp;
use rustpython_unicode::{case, classify, identifier};

fn lift(c: u32, test: impl Fn(char) -> bool) -> bool {
    char::from_u32(c).is_some_and(test)
}

/// Whether `c` is a letter.
pub fn is_alpha(c: u32) -> bool {
    if c < 128 { (c as u8).is_ascii_alphabetic() } else { lift(c, classify::is_alpha) }
}

/// Whether `c` is a decimal digit (usable in base 10).
pub fn is_decimal(c: u32) -> bool {
    if c < 128 { (c as u8).is_ascii_digit() } else { lift(c, classify::is_decimal) }
}

/// Whether `c` is a digit, superscripts and the like included.
pub fn is_digit(c: u32) -> bool {
    if c < 128 { (c as u8).is_ascii_digit() } else { lift(c, classify::is_digit) }
}

/// Whether `c` has a numeric value.
pub fn is_numeric(c: u32) -> bool {
    if c < 128 { (c as u8).is_ascii_digit() } else { lift(c, classify::is_numeric) }
}

/// Whether `c` is alphanumeric: letter, decimal, digit or numeric.
pub fn is_alnum(c: u32) -> bool {
    if c < 128 {
        (c as u8).is_ascii_alphanumeric()
    } else {
        is_alpha(c) || is_decimal(c) || is_digit(c) || is_numeric(c)
    }
}

/// Whether `c` is white space to `str.split` and `str.strip`.
#[inline]
pub fn is_space(c: u32) -> bool {
    match c {
        9..=13 | 28..=32 => true,
        0..=127 => false,
        0x85 | 0xA0 | 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000 => true,
        _ => false,
    }
}

/// Whether `c` ends a line for `str.splitlines`.
#[inline]
pub fn is_line_break(c: u32) -> bool {
    matches!(c, 10..=13 | 28..=30 | 0x85 | 0x2028 | 0x2029)
}

/// Whether `c` is a lower-case character.
pub fn is_lower(c: u32) -> bool {
    if c < 128 { (c as u8).is_ascii_lowercase() } else { lift(c, case::is_lowercase) }
}

/// Whether `c` is an upper-case character.
pub fn is_upper(c: u32) -> bool {
    if c < 128 { (c as u8).is_ascii_uppercase() } else { lift(c, case::is_uppercase) }
}

/// Whether `c` is a title-case character.
pub fn is_title(c: u32) -> bool {
    c >= 128 && lift(c, case::is_titlecase)
}

/// Whether `c` is printable: not a control, unassigned, private, or a separator but for space.
#[inline]
pub fn is_printable(c: u32) -> bool {
    if c < 128 { (32..127).contains(&c) } else { lift(c, classify::is_repr_printable) }
}

/// Whether `c` may start an identifier.
pub fn is_id_start(c: u32) -> bool {
    if c < 128 { c == 95 || (c as u8).is_ascii_alphabetic() } else { lift(c, identifier::is_start) }
}

/// Whether `c` may continue an identifier.
pub fn is_id_continue(c: u32) -> bool {
    if c < 128 {
        c == 95 || (c as u8).is_ascii_alphanumeric()
    } else {
        lift(c, identifier::is_continue)
    }
}

/// The value of decimal digit `c` of any script.
pub fn decimal_value(c: u32) -> Option<u32> {
    if c < 128 {
        return (c as u8).is_ascii_digit().then(|| c - 48);
    }
    if !is_decimal(c) {
        return None;
    }
    // Decimal digits come in runs of ten that start at the zero; runs may touch.
    let mut run = 0;
    while run < 70 && is_decimal(c - run - 1) {
        run += 1;
    }
    Some(match c {
        0x1D7CE..=0x1D7FF => (c - 0x1D7CE) % 10,
        _ => run % 10,
    })
}

/// Whether `s` is not empty and every code point passes `test`.
pub fn all(s: &[u8], test: impl Fn(u32) -> bool) -> bool {
    !s.is_empty() && cp::iter(s).all(test)
}

/// `str.islower`: some cased character and none upper or title.
pub fn all_lower(s: &[u8]) -> bool {
    let mut cased = false;
    for c in cp::iter(s) {
        if is_upper(c) || is_title(c) {
            return false;
        }
        cased = cased || is_lower(c);
    }
    cased
}

/// `str.isupper`: some cased character and none lower or title.
pub fn all_upper(s: &[u8]) -> bool {
    let mut cased = false;
    for c in cp::iter(s) {
        if is_lower(c) || is_title(c) {
            return false;
        }
        cased = cased || is_upper(c);
    }
    cased
}

/// `str.istitle`: upper case exactly at the start of each run of cased characters.
pub fn all_title(s: &[u8]) -> bool {
    let (mut cased, mut after_cased) = (false, false);
    for c in cp::iter(s) {
        if is_upper(c) || is_title(c) {
            if after_cased {
                return false;
            }
            (cased, after_cased) = (true, true);
        } else if is_lower(c) {
            if !after_cased {
                return false;
            }
            cased = true;
        } else {
            after_cased = false;
        }
    }
    cased
}

/// `str.isidentifier`.
pub fn is_identifier(s: &[u8]) -> bool {
    let mut points = cp::iter(s);
    points.next().is_some_and(is_id_start) && points.all(is_id_continue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_digits_have_values_in_every_script() {
        assert_eq!(decimal_value('٣' as u32), Some(3));
        assert_eq!(decimal_value('९' as u32), Some(9));
        assert_eq!(decimal_value(0x1D7D8), Some(0));
        assert_eq!(decimal_value('²' as u32), None);
        assert_eq!(decimal_value('a' as u32), None);
    }

    #[test]
    fn casing_predicates_follow_runs() {
        assert!(all_title("Hello World".as_bytes()));
        assert!(!all_title("Hello WOrld".as_bytes()));
        assert!(all_lower("abc1".as_bytes()) && !all_lower(b"1"));
        assert!(all_upper("ÀB".as_bytes()) && !all_upper("À\u{1C5}".as_bytes()));
        assert!(is_identifier("été_1".as_bytes()) && !is_identifier(b"1a") && !is_identifier(b""));
    }
}
