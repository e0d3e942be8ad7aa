//! What string and bytes literals hold, decoded from their source text.
//!
//! The parser's tree keeps values as Rust strings, which cannot hold the surrogates that `"\ud800"`
//! denotes; [`str_value`] re-decodes such literals. The same decoder words the errors and
//! warnings for bad escapes, which the parser's own errors do not carry.

use std::borrow::Cow;

use ruff_python_ast::StringLiteral;
use ruff_text_size::{Ranged, TextRange};
use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};

/// Why an escape sequence cannot be decoded, in CPython's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EscapeError {
    /// The message of the `SyntaxError`.
    pub message: String,
}

/// An escape sequence that Python keeps as it is written, with a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadEscape {
    /// Byte offset of the backslash within the decoded text.
    pub at: usize,
    /// The message of the `SyntaxWarning`.
    pub message: String,
}

/// The value of a literal, and the first escape in it worth a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<T> {
    /// The value.
    pub value: T,
    /// The first questionable escape.
    pub bad_escape: Option<BadEscape>,
}

/// The parts of a literal's text: prefix, and body between the quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiteralText<'a> {
    /// Letters before the quote.
    pub prefix: &'a str,
    /// What stands between the quotes.
    pub body: &'a str,
    /// Byte offset of the body within the literal's text.
    pub body_at: usize,
}

impl<'a> LiteralText<'a> {
    /// Splits the source text of one string or bytes literal; `None` if it is not one.
    #[must_use]
    pub fn split(text: &'a str) -> Option<Self> {
        let quote_at = text.find(['\'', '"'])?;
        let (prefix, rest) = text.split_at(quote_at);
        let quote = rest.get(..1)?;
        let triple =
            rest.get(..3).filter(|head| head.bytes().all(|byte| quote.as_bytes() == [byte]));
        let is_triple = triple.is_some() && rest.len() >= 6;
        let n_quotes = if is_triple { 3 } else { 1 };
        let body = rest.get(n_quotes..rest.len().checked_sub(n_quotes)?)?;
        Some(Self { prefix, body, body_at: quote_at + n_quotes })
    }

    /// Whether the prefix has an `r`.
    #[must_use]
    pub fn is_raw(&self) -> bool {
        self.prefix.contains(['r', 'R'])
    }

    /// Whether the prefix has a `b`.
    #[must_use]
    pub fn is_bytes(&self) -> bool {
        self.prefix.contains(['b', 'B'])
    }
}

/// The value of a string literal node, surrogates included.
///
/// Borrows the tree's value unless the source text has a `\u` or `\U` escape.
#[must_use]
pub fn str_value<'a>(text: &str, node: &'a StringLiteral) -> Cow<'a, Wtf8> {
    let plain = Cow::Borrowed(Wtf8::new(&*node.value));
    if node.flags.prefix().is_raw() || !node.value.contains('\u{fffd}') {
        return plain;
    }
    let Some(body) = text.get(range_of(node.range())).and_then(LiteralText::split) else {
        return plain;
    };
    match decode_str(body.body, false) {
        Ok(decoded) => Cow::Owned(decoded.value),
        Err(_) => plain,
    }
}

/// The value of one literal part of an f- or t-string, surrogates included.
///
/// - `range`: the part's range in `text`; `value`: what the tree says; `is_raw`: the prefix has `r`.
#[must_use]
pub fn interpolated_value<'a>(
    text: &str,
    range: TextRange,
    value: &'a str,
    is_raw: bool,
) -> Cow<'a, Wtf8> {
    let plain = Cow::Borrowed(Wtf8::new(value));
    if is_raw || !value.contains('\u{fffd}') {
        return plain;
    }
    match text.get(range_of(range)).map(|body| decode_str(body, true)) {
        Some(Ok(decoded)) => Cow::Owned(decoded.value),
        _ => plain,
    }
}

fn range_of(range: TextRange) -> std::ops::Range<usize> {
    usize::from(range.start())..usize::from(range.end())
}

/// Decodes the body of a non-raw `str` literal; with `doubled`, `{{` and `}}` stand for one brace.
///
/// # Errors
/// A malformed `\x`, `\u`, `\U` or `\N` escape.
pub fn decode_str(body: &str, doubled: bool) -> Result<Decoded<Wtf8Buf>, EscapeError> {
    let mut reader = Reader::new(body);
    let mut value = Wtf8Buf::with_capacity(body.len());
    while let Some(c) = reader.next() {
        match c {
            '\\' => {
                if let Some(point) = reader.str_escape(&mut value)? {
                    value.push(point);
                }
            }
            '{' | '}' if doubled => {
                reader.eat(c);
                value.push_char(c);
            }
            _ => value.push_char(c),
        }
    }
    Ok(Decoded { value, bad_escape: reader.bad_escape })
}

/// Decodes the body of a non-raw `bytes` literal.
///
/// # Errors
/// A malformed `\x` escape.
pub fn decode_bytes(body: &str) -> Result<Decoded<Vec<u8>>, EscapeError> {
    let mut reader = Reader::new(body);
    let mut value = Vec::with_capacity(body.len());
    while let Some(c) = reader.next() {
        if c == '\\' {
            reader.bytes_escape(&mut value)?;
        } else {
            let mut buffer = [0; 4];
            value.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
        }
    }
    Ok(Decoded { value, bad_escape: reader.bad_escape })
}

struct Reader<'a> {
    body: &'a str,
    at: usize,
    bad_escape: Option<BadEscape>,
}

impl<'a> Reader<'a> {
    const fn new(body: &'a str) -> Self {
        Self { body, at: 0, bad_escape: None }
    }

    fn rest(&self) -> &'a str {
        self.body.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    /// Reads what follows a backslash of a `str` literal; `None` when it stands for nothing
    /// or was already pushed.
    fn str_escape(&mut self, out: &mut Wtf8Buf) -> Result<Option<CodePoint>, EscapeError> {
        let start = self.at - 1;
        let Some(c) = self.next() else {
            return Err(self.error(start, "\\ at end of string"));
        };
        if let Some(simple) = simple_escape(c) {
            return Ok(simple.map(CodePoint::from));
        }
        let point = match c {
            '0'..='7' => Some(self.octal(start, c)),
            'x' => self.hex(start, 2, "truncated \\xXX escape")?,
            'u' => self.hex(start, 4, "truncated \\uXXXX escape")?,
            'U' => self.hex(start, 8, "truncated \\UXXXXXXXX escape")?,
            'N' => Some(self.named(start)?),
            other => {
                self.warn(start, other);
                out.push_char('\\');
                // A brace after the backslash is text or opens a field: read it again.
                self.at -= other.len_utf8();
                return Ok(None);
            }
        };
        match point.and_then(CodePoint::from_u32) {
            Some(point) => Ok(Some(point)),
            None => Err(self.error(start, "illegal Unicode character")),
        }
    }

    fn bytes_escape(&mut self, out: &mut Vec<u8>) -> Result<(), EscapeError> {
        let start = self.at - 1;
        let Some(c) = self.next() else {
            return Err(EscapeError { message: "(value error) Trailing \\ in string".to_owned() });
        };
        if let Some(simple) = simple_escape(c) {
            out.extend(simple.map(|c| c as u8));
            return Ok(());
        }
        match c {
            // The value is taken modulo 256, as CPython does.
            '0'..='7' => out.push((self.octal(start, c) & 0xFF) as u8),
            'x' => {
                let message = format!("(value error) invalid \\x escape at position {start}");
                match self.hex(start, 2, "") {
                    Ok(Some(value)) => out.push(value as u8),
                    _ => return Err(EscapeError { message }),
                }
            }
            other => {
                self.warn(start, other);
                out.push(b'\\');
                self.at -= other.len_utf8();
            }
        }
        Ok(())
    }

    fn octal(&mut self, start: usize, first: char) -> u32 {
        let mut value = first.to_digit(8).unwrap_or_default();
        for _ in 0..2 {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(8)) else { break };
            self.at += 1;
            value = value * 8 + digit;
        }
        if value > 0o377 && self.bad_escape.is_none() {
            let text = self.body.get(start..self.at).unwrap_or_default();
            let message = format!(
                "\"{text}\" is an invalid octal escape sequence. Such sequences will not work in the \
                 future. Did you mean \"\\{text}\"? A raw string is also an option."
            );
            self.bad_escape = Some(BadEscape { at: start, message });
        }
        value
    }

    fn hex(
        &mut self,
        start: usize,
        n_digits: usize,
        short: &str,
    ) -> Result<Option<u32>, EscapeError> {
        let mut value = 0_u32;
        for _ in 0..n_digits {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) else {
                return Err(self.error(start, short));
            };
            self.at += 1;
            value = (value << 4) | digit;
        }
        Ok(Some(value))
    }

    fn named(&mut self, start: usize) -> Result<u32, EscapeError> {
        let malformed = "malformed \\N character escape";
        if !self.eat('{') {
            return Err(self.error(start, malformed));
        }
        let Some(len) = self.rest().find('}').filter(|&len| len > 0) else {
            if let Some(len) = self.rest().find('}') {
                self.at += len + 1;
            } else {
                self.at = self.body.len();
            }
            return Err(self.error(start, malformed));
        };
        let name = self.rest().get(..len).unwrap_or_default();
        self.at += len + 1;
        match unicode_names2::character(name) {
            Some(c) => Ok(u32::from(c)),
            None => Err(self.error(start, "unknown Unicode character name")),
        }
    }

    fn warn(&mut self, start: usize, c: char) {
        if self.bad_escape.is_none() {
            let message = format!(
                "\"\\{c}\" is an invalid escape sequence. Such sequences will not work in the \
                 future. Did you mean \"\\\\{c}\"? A raw string is also an option."
            );
            self.bad_escape = Some(BadEscape { at: start, message });
        }
    }

    /// Words an error about the bytes from `start` to here. CPython decodes a form in which each
    /// character outside ASCII takes ten bytes, and counts in that.
    fn error(&self, start: usize, reason: &str) -> EscapeError {
        let width =
            |part: &str| part.chars().map(|c| if c.is_ascii() { 1 } else { 10 }).sum::<usize>();
        let first = width(self.body.get(..start).unwrap_or_default());
        let last =
            (first + width(self.body.get(start..self.at).unwrap_or_default())).saturating_sub(1);
        let place = if last == first {
            format!("byte 0x5c in position {first}")
        } else {
            format!("bytes in position {first}-{last}")
        };
        EscapeError {
            message: format!(
                "(unicode error) 'unicodeescape' codec can't decode {place}: {reason}"
            ),
        }
    }
}

/// The one-character escapes; `Some(None)` for an escaped newline, which stands for nothing.
const fn simple_escape(c: char) -> Option<Option<char>> {
    Some(Some(match c {
        '\n' => return Some(None),
        '\\' | '\'' | '"' => c,
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::{LiteralText, decode_bytes, decode_str};

    fn message(body: &str) -> String {
        decode_str(body, false).unwrap_err().message
    }

    #[test]
    fn surrogates_survive() {
        let value = decode_str("a\\ud800b", false).unwrap().value;
        let points: Vec<u32> = value.code_points().map(|point| point.to_u32()).collect();
        assert_eq!(points, [0x61, 0xD800, 0x62]);
    }

    #[test]
    fn escapes_decode() {
        let value = decode_str("\\x41\\101\\N{BULLET}\\u00e9\\U0001F600\\\n\\q", false).unwrap();
        assert_eq!(value.value.to_string(), "AA•é😀\\q");
        assert!(value.bad_escape.unwrap().message.starts_with("\"\\q\" is an invalid escape"));
        assert_eq!(decode_bytes("\\x00\\377\\n\\d").unwrap().value, b"\x00\xff\n\\d");
        assert_eq!(decode_str("{{a}}", true).unwrap().value.to_string(), "{a}");
    }

    #[test]
    fn bad_escapes_read_as_in_cpython() {
        let codec = "(unicode error) 'unicodeescape' codec can't decode bytes in position";
        assert_eq!(message("\\xzz"), format!("{codec} 0-1: truncated \\xXX escape"));
        assert_eq!(message("é\\xzz"), format!("{codec} 10-11: truncated \\xXX escape"));
        assert_eq!(message("\\U00110000"), format!("{codec} 0-9: illegal Unicode character"));
        assert_eq!(message("\\N{foo}"), format!("{codec} 0-6: unknown Unicode character name"));
        let bytes = decode_bytes("ab\\x1").unwrap_err().message;
        assert_eq!(bytes, "(value error) invalid \\x escape at position 2");
    }

    #[test]
    fn literals_split_into_prefix_and_body() {
        let split = |text| LiteralText::split(text).map(|part| (part.prefix, part.body));
        assert_eq!(split("rb'x'"), Some(("rb", "x")));
        assert_eq!(split("''"), Some(("", "")));
        assert_eq!(split("\"\"\"a\"b\"\"\""), Some(("", "a\"b")));
    }
}
