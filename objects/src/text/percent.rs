//! printf-style formatting (`%`) of text and bytes: parsing directives, laying out values.
//!
//! The caller walks a [`Parser`], fetches and converts each argument (that may run Python
//! code), and hands the converted text back to [`Directive::put_text`] or
//! [`Directive::put_number`]. Errors come in the order in which CPython finds them.

use super::{TextError, cp, float_repr, format_num::IntSource, shape};

/// A width or a precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// Not given.
    None,
    /// `*`: the next argument.
    Star,
    /// A number in the format.
    Given(usize),
}

/// One `%...x` directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive<'a> {
    /// The mapping key in parentheses.
    pub key: Option<&'a [u8]>,
    /// `-`
    pub left: bool,
    /// `+`
    pub plus: bool,
    /// space
    pub blank: bool,
    /// `#`
    pub alternate: bool,
    /// `0`
    pub zero: bool,
    /// Minimum width.
    pub width: Amount,
    /// Precision.
    pub precision: Amount,
    /// Conversion code point.
    pub conversion: u32,
    at: usize,
}

/// A piece of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text to copy.
    Literal(&'a [u8]),
    /// A directive to apply.
    Directive(Directive<'a>),
}

/// Splits a format into pieces, lazily. `star` arguments are resolved by the caller.
#[derive(Debug)]
pub struct Parser<'a> {
    format: &'a [u8],
    at: usize,
    text: bool,
}

impl<'a> Parser<'a> {
    /// A parser of a text (`text`) or bytes format.
    pub fn new(format: &'a [u8], text: bool) -> Self {
        Self { format, at: 0, text }
    }

    fn byte(&self) -> Result<u8, TextError> {
        self.format.get(self.at).copied().ok_or_else(|| TextError::value("incomplete format"))
    }

    /// The next piece, or `None` at the end.
    ///
    /// # Errors
    /// `ValueError` for a broken directive.
    pub fn next_piece(&mut self) -> Result<Option<Piece<'a>>, TextError> {
        let rest = &self.format[self.at..];
        match memchr::memchr(b'%', rest) {
            _ if rest.is_empty() => Ok(None),
            Some(0) => {
                self.at += 1;
                self.directive().map(|d| Some(Piece::Directive(d)))
            }
            found => {
                let n = found.unwrap_or(rest.len());
                self.at += n;
                Ok(Some(Piece::Literal(&rest[..n])))
            }
        }
    }

    fn directive(&mut self) -> Result<Directive<'a>, TextError> {
        let mut d = Directive {
            key: None,
            left: false,
            plus: false,
            blank: false,
            alternate: false,
            zero: false,
            width: Amount::None,
            precision: Amount::None,
            conversion: 0,
            at: 0,
        };
        if self.format.get(self.at) == Some(&b'(') {
            d.key = Some(self.key()?);
        }
        loop {
            match self.format.get(self.at) {
                Some(b'-') => d.left = true,
                Some(b'+') => d.plus = true,
                Some(b' ') => d.blank = true,
                Some(b'#') => d.alternate = true,
                Some(b'0') => d.zero = true,
                _ => break,
            }
            self.at += 1;
        }
        d.width = self.amount("width too big", isize::MAX as usize)?;
        if self.format.get(self.at) == Some(&b'.') {
            self.at += 1;
            d.precision = match self.amount("precision too big", i32::MAX as usize)? {
                Amount::None => Amount::Given(0),
                given => given,
            };
        }
        if matches!(self.byte()?, b'h' | b'l' | b'L') {
            self.at += 1;
        }
        let first = self.byte()?;
        d.at = self.at;
        let (c, w) = if self.text { cp::decode(self.format, self.at) } else { (first.into(), 1) };
        d.conversion = c;
        self.at = (self.at + w).min(self.format.len());
        Ok(d)
    }

    fn key(&mut self) -> Result<&'a [u8], TextError> {
        let start = self.at + 1;
        let mut depth = 1;
        for (i, &b) in self.format[start..].iter().enumerate() {
            match b {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.at = start + i + 1;
                return Ok(&self.format[start..start + i]);
            }
        }
        Err(TextError::value("incomplete format key"))
    }

    fn amount(&mut self, too_big: &str, max: usize) -> Result<Amount, TextError> {
        if self.format.get(self.at) == Some(&b'*') {
            self.at += 1;
            return Ok(Amount::Star);
        }
        let mut value = None;
        while let Some(b @ b'0'..=b'9') = self.format.get(self.at) {
            let next = value
                .unwrap_or(0_usize)
                .checked_mul(10)
                .and_then(|v| v.checked_add(usize::from(b - b'0')));
            match next {
                Some(v) if v <= max => value = Some(v),
                _ => return Err(TextError::value(too_big)),
            }
            self.at += 1;
        }
        Ok(value.map_or(Amount::None, Amount::Given))
    }

    /// The error for a conversion that does not exist.
    pub fn unsupported(&self, d: &Directive<'_>) -> TextError {
        let c = d.conversion;
        let shown = if (32..127).contains(&c) { c as u8 as char } else { '?' };
        let index = if self.text { cp::count(&self.format[..d.at]) } else { d.at };
        TextError::value(format!(
            "unsupported format character '{shown}' (0x{c:x}) at index {index}"
        ))
    }
}

impl Directive<'_> {
    /// Takes the value of a `*` width; a negative one means left alignment.
    pub fn set_width(&mut self, n: isize) {
        self.left |= n < 0;
        self.width = Amount::Given(n.unsigned_abs());
    }

    /// Takes the value of a `*` precision; a negative one means zero.
    pub fn set_precision(&mut self, n: isize) {
        self.precision = Amount::Given(n.max(0).unsigned_abs());
    }

    fn given(amount: Amount) -> Option<usize> {
        match amount {
            Amount::Given(n) => Some(n),
            _ => None,
        }
    }

    /// Whether the directive is a bare `%s`-like one, so that text can be copied as it is.
    pub fn is_plain(&self) -> bool {
        self.width == Amount::None && self.precision == Amount::None
    }

    /// Whether nothing stands between `%` and the conversion.
    pub fn is_bare(&self) -> bool {
        self.is_plain() && !(self.left || self.plus || self.blank || self.alternate || self.zero)
    }

    /// Appends converted text (`%s %r %a %c %b`). `text`: count code points, not bytes.
    ///
    /// # Errors
    /// `MemoryError` if the width is absurd.
    pub fn put_text(&self, out: &mut Vec<u8>, s: &[u8], text: bool) -> Result<(), TextError> {
        let units = |s: &[u8]| if text { cp::count(s) } else { s.len() };
        let mut s = s;
        let mut len = units(s);
        let is_char = self.conversion == u32::from(b'c');
        if let Some(p) = Self::given(self.precision)
            && p < len
            && !is_char
        {
            s = &s[..if text { cp::advance(s, 0, p) } else { p }];
            len = p;
        }
        let padding = Self::given(self.width).unwrap_or(0).saturating_sub(len);
        super::format_spec::check_len(padding)?;
        let (left, right) = if self.left { (0, padding) } else { (padding, 0) };
        shape::repeat_into(out, b" ", left);
        out.extend_from_slice(s);
        shape::repeat_into(out, b" ", right);
        Ok(())
    }

    /// Appends a number: `digits` without sign or prefix.
    ///
    /// # Errors
    /// `MemoryError` if the width is absurd.
    pub fn put_number(
        &self,
        out: &mut Vec<u8>,
        negative: bool,
        prefix: &str,
        digits: &str,
    ) -> Result<(), TextError> {
        let sign = match (negative, self.plus, self.blank) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        };
        let len = sign.len() + prefix.len() + digits.len();
        let padding = Self::given(self.width).unwrap_or(0).saturating_sub(len);
        super::format_spec::check_len(padding)?;
        if !self.left && !self.zero {
            shape::repeat_into(out, b" ", padding);
        }
        out.extend_from_slice(sign.as_bytes());
        out.extend_from_slice(prefix.as_bytes());
        if !self.left && self.zero {
            shape::repeat_into(out, b"0", padding);
        }
        out.extend_from_slice(digits.as_bytes());
        if self.left {
            shape::repeat_into(out, b" ", padding);
        }
        Ok(())
    }

    /// Appends an int for `%d %i %u %o %x %X`.
    ///
    /// # Errors
    /// Those of `n` and `MemoryError` if the width is absurd.
    pub fn put_int(&self, out: &mut Vec<u8>, n: &dyn IntSource) -> Result<(), TextError> {
        let (radix, prefix) = match self.conversion as u8 {
            b'o' => (8, "0o"),
            b'x' => (16, "0x"),
            b'X' => (16, "0X"),
            _ => (10, ""),
        };
        let mut digits = n.magnitude(radix)?;
        if self.conversion == u32::from(b'X') {
            digits.make_ascii_uppercase();
        }
        let zeros = Self::given(self.precision).unwrap_or(0).saturating_sub(digits.len());
        super::format_spec::check_len(zeros)?;
        if zeros > 0 {
            digits.insert_str(0, &"0".repeat(zeros));
        }
        let prefix = if self.alternate { prefix } else { "" };
        self.put_number(out, n.is_negative(), prefix, &digits)
    }

    /// Appends a float for `%e %f %g` and their upper-case forms.
    ///
    /// # Errors
    /// `MemoryError` if the width is absurd.
    pub fn put_float(&self, out: &mut Vec<u8>, x: f64) -> Result<(), TextError> {
        let ty = self.conversion as u8;
        let form = match ty | 0x20 {
            b'e' => float_repr::Form::Exp,
            b'f' => float_repr::Form::Fixed,
            _ => float_repr::Form::General,
        };
        let precision = Self::given(self.precision).unwrap_or(6);
        super::format_spec::check_len(precision)?;
        let digits =
            float_repr::digits(x, form, precision, self.alternate, false, ty.is_ascii_uppercase());
        self.put_number(out, x.is_sign_negative() && !x.is_nan(), "", &digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(format: &str, n: i64) -> String {
        let mut parser = Parser::new(format.as_bytes(), true);
        let mut out = Vec::new();
        loop {
            match parser.next_piece() {
                Err(e) => return e.message,
                Ok(None) => return String::from_utf8(out).unwrap(),
                Ok(Some(Piece::Literal(s))) => out.extend_from_slice(s),
                Ok(Some(Piece::Directive(d))) => match d.conversion as u8 {
                    b'f' | b'g' => d.put_float(&mut out, n as f64).unwrap(),
                    b's' => d.put_text(&mut out, n.to_string().as_bytes(), true).unwrap(),
                    b'd' | b'x' | b'X' | b'o' => d.put_int(&mut out, &n).unwrap(),
                    _ => return parser.unsupported(&d).message,
                },
            }
        }
    }

    #[test]
    fn numbers_are_laid_out_as_in_cpython() {
        for (format, n, want) in [
            ("%-05d|", 3, "3    |"),
            ("%+05d", 3, "+0003"),
            ("%#010x", 255, "0x000000ff"),
            ("%#.5x", 255, "0x000ff"),
            ("%05.3d", -5, "-0005"),
            ("%#08x", -255, "-0x000ff"),
            ("%#g", 1, "1.00000"),
            ("%#.0f", 1, "1."),
            ("%ld% d", 5, "5 5"),
            ("%5.1s|", 42, "    4|"),
        ] {
            assert_eq!(one(format, n), want, "{format}");
        }
    }

    #[test]
    fn broken_directives_are_refused() {
        assert_eq!(one("%lld", 1), "unsupported format character 'l' (0x6c) at index 2");
        assert_eq!(one("é%é", 1), "unsupported format character '?' (0xe9) at index 2");
        assert_eq!(one("%5", 1), "incomplete format");
        assert_eq!(one("%(a", 1), "incomplete format key");
        assert_eq!(one("%99999999999999999999d", 1), "width too big");
        assert_eq!(one("%.2147483648d", 1), "precision too big");
    }
}
