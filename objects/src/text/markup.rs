//! Replacement fields of `str.format`: `{name.attr[key]!r:spec}` between literal text.

use super::{TextError, cp};

/// A stretch of literal text and the field after it, if any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk<'a> {
    /// Literal text, doubled braces already made single.
    pub literal: &'a [u8],
    /// The replacement field.
    pub field: Option<Field<'a>>,
}

/// A replacement field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// Everything before `!`, `:` or `}`.
    pub name: &'a [u8],
    /// Conversion character after `!`.
    pub conversion: Option<u32>,
    /// Format specifier after `:`.
    pub spec: &'a [u8],
    /// Whether the specifier has fields of its own.
    pub nested: bool,
}

/// Splits a format string into chunks, lazily.
#[derive(Clone, Debug)]
pub struct Markup<'a> {
    s: &'a [u8],
    at: usize,
}

impl<'a> Markup<'a> {
    /// An iterator over the chunks of `s`.
    pub fn new(s: &'a [u8]) -> Self {
        Self { s, at: 0 }
    }

    /// The next chunk, or `None` at the end.
    ///
    /// # Errors
    /// `ValueError` for malformed markup.
    pub fn next_chunk(&mut self) -> Result<Option<Chunk<'a>>, TextError> {
        let rest = &self.s[self.at..];
        if rest.is_empty() {
            return Ok(None);
        }
        let Some(n) = memchr::memchr2(b'{', b'}', rest) else {
            self.at = self.s.len();
            return Ok(Some(Chunk { literal: rest, field: None }));
        };
        let brace = rest[n];
        let next = rest.get(n + 1).copied();
        if next == Some(brace) {
            self.at += n + 2;
            return Ok(Some(Chunk { literal: &rest[..=n], field: None }));
        }
        if brace == b'}' {
            return Err(TextError::value("Single '}' encountered in format string"));
        }
        if next.is_none() {
            return Err(TextError::value("Single '{' encountered in format string"));
        }
        self.at += n + 1;
        let field = self.field()?;
        Ok(Some(Chunk { literal: &rest[..n], field: Some(field) }))
    }

    fn take(&mut self) -> Option<u8> {
        let b = self.s.get(self.at).copied();
        self.at += usize::from(b.is_some());
        b
    }

    fn field(&mut self) -> Result<Field<'a>, TextError> {
        let start = self.at;
        let mut in_brackets = false;
        let stop = loop {
            match self.take() {
                Some(b'{') => return Err(TextError::value("unexpected '{' in field name")),
                Some(b'[') => in_brackets = true,
                Some(b']') => in_brackets = false,
                Some(b @ (b'}' | b':' | b'!')) if !in_brackets => break b,
                Some(_) => {}
                None => return Err(TextError::value("expected '}' before end of string")),
            }
        };
        let mut field =
            Field { name: &self.s[start..self.at - 1], conversion: None, spec: b"", nested: false };
        if stop == b'}' {
            return Ok(field);
        }
        if stop == b'!' {
            if self.at >= self.s.len() {
                return Err(TextError::value(
                    "end of string while looking for conversion specifier",
                ));
            }
            let (c, w) = cp::decode(self.s, self.at);
            field.conversion = Some(c);
            self.at = (self.at + w).min(self.s.len());
            match self.take() {
                Some(b'}') => return Ok(field),
                Some(b':') => {}
                Some(_) => return Err(TextError::value("expected ':' after conversion specifier")),
                None => return Err(TextError::value("unmatched '{' in format spec")),
            }
        }
        self.spec(&mut field)?;
        Ok(field)
    }

    fn spec(&mut self, field: &mut Field<'a>) -> Result<(), TextError> {
        let start = self.at;
        let mut depth = 1;
        while let Some(b) = self.take() {
            match b {
                b'{' => {
                    field.nested = true;
                    depth += 1;
                }
                b'}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                field.spec = &self.s[start..self.at - 1];
                return Ok(());
            }
        }
        Err(TextError::value("unmatched '{' in format spec"))
    }
}

/// One step of a field name: `.attr` or `[key]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// `.attr`
    Attr(&'a [u8]),
    /// `[key]` with a key that is no number.
    Key(&'a [u8]),
    /// `[number]`
    Index(usize),
}

/// Splits a field name into its first part and the offset of the steps.
pub fn split_first(name: &[u8]) -> (&[u8], &[u8]) {
    let n = memchr::memchr2(b'.', b'[', name).unwrap_or(name.len());
    name.split_at(n)
}

/// The number that `s` spells, if it is all digits and not empty.
///
/// # Errors
/// `ValueError` if it is too large.
pub fn number(s: &[u8]) -> Result<Option<usize>, TextError> {
    if s.is_empty() {
        return Ok(None);
    }
    let mut n = 0_usize;
    for c in cp::iter(s) {
        let Some(d) = super::classify::decimal_value(c) else { return Ok(None) };
        n = match n.checked_mul(10).and_then(|n| n.checked_add(d as usize)) {
            Some(n) if n <= isize::MAX as usize => n,
            _ => return Err(TextError::value("Too many decimal digits in format string")),
        };
    }
    Ok(Some(n))
}

/// Takes the next step off `rest`.
///
/// # Errors
/// `ValueError` for malformed steps.
pub fn next_step<'a>(rest: &mut &'a [u8]) -> Result<Option<Step<'a>>, TextError> {
    let whole: &'a [u8] = rest;
    match whole.first() {
        None => Ok(None),
        Some(b'.') => {
            let n = memchr::memchr2(b'.', b'[', &whole[1..]).map_or(whole.len(), |n| n + 1);
            *rest = &whole[n..];
            if n == 1 {
                return Err(TextError::value("Empty attribute in format string"));
            }
            Ok(Some(Step::Attr(&whole[1..n])))
        }
        Some(b'[') => {
            let Some(end) = memchr::memchr(b']', whole) else {
                return Err(TextError::value("Missing ']' in format string"));
            };
            let key = &whole[1..end];
            *rest = &whole[end + 1..];
            if key.is_empty() {
                return Err(TextError::value("Empty attribute in format string"));
            }
            Ok(Some(number(key)?.map_or(Step::Key(key), Step::Index)))
        }
        Some(_) => {
            Err(TextError::value("Only '.' or '[' may follow ']' in format field specifier"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunks(s: &str) -> Result<Vec<Chunk<'_>>, String> {
        let mut markup = Markup::new(s.as_bytes());
        let mut all = Vec::new();
        while let Some(c) = markup.next_chunk().map_err(|e| e.message)? {
            all.push(c);
        }
        Ok(all)
    }

    #[test]
    fn fields_and_literals_alternate() {
        let all = chunks("a{{b{x.y[0]!r:>{w}}c").unwrap();
        assert_eq!(all[0], Chunk { literal: b"a{", field: None });
        let field = Field { name: b"x.y[0]", conversion: Some(114), spec: b">{w}", nested: true };
        assert_eq!(all[1], Chunk { literal: b"b", field: Some(field) });
        assert_eq!(all[2], Chunk { literal: b"c", field: None });
    }

    #[test]
    fn malformed_markup_is_refused() {
        let error = |s| chunks(s).unwrap_err();
        assert_eq!(error("}"), "Single '}' encountered in format string");
        assert_eq!(error("a{"), "Single '{' encountered in format string");
        assert_eq!(error("{a"), "expected '}' before end of string");
        assert_eq!(error("{a{"), "unexpected '{' in field name");
        assert_eq!(error("{a!"), "end of string while looking for conversion specifier");
        assert_eq!(error("{a!rx}"), "expected ':' after conversion specifier");
        assert_eq!(error("{a:{b}"), "unmatched '{' in format spec");
    }

    #[test]
    fn names_fall_into_steps() {
        let (first, mut rest) = split_first(b"0.a[k][12]");
        assert_eq!(first, b"0");
        assert_eq!(next_step(&mut rest), Ok(Some(Step::Attr(b"a"))));
        assert_eq!(next_step(&mut rest), Ok(Some(Step::Key(b"k"))));
        assert_eq!(next_step(&mut rest), Ok(Some(Step::Index(12))));
        assert_eq!(next_step(&mut rest), Ok(None));
        assert!(next_step(&mut &b"]x"[..]).is_err());
    }
}
