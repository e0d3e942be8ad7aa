//! Source bytes to text: byte order mark, coding cookie, newlines, and where lines start.
//!
//! - Holds: a [`Source`]'s text has `\n` line ends only and no null character.
//! - Positions everywhere else are byte offsets into this text; this file converts them.
//! - Not here: what the text means (`parse.rs`).

use std::{borrow::Cow, path::Path, rc::Rc};

use super::diag::{DiagKind, Place, SyntaxDiag};

/// A decoded source text.
#[derive(Clone, Debug)]
pub struct Source {
    text: Rc<str>,
    /// Byte offset of each line's first byte; the first is 0.
    starts: Rc<[u32]>,
    encoding: Cow<'static, str>,
}

impl Source {
    /// Takes text as it comes from a Python `str`.
    ///
    /// # Errors
    /// Text with a null character, or longer than 4 GiB.
    pub fn from_text(text: &str) -> Result<Self, SyntaxDiag> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self::build(text, Cow::Borrowed("utf-8"))
    }

    /// Decodes bytes passed to `compile()` and the like.
    ///
    /// # Errors
    /// A null byte, an unknown encoding, or bytes that are not of the encoding.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SyntaxDiag> {
        if bytes.contains(&0) {
            return Err(null_bytes("source code string cannot contain null bytes"));
        }
        let decoded = decode(bytes, None)?;
        Self::build(&decoded.text, decoded.encoding)
    }

    /// Decodes the content of the file `path`; errors read as when running that file.
    ///
    /// # Errors
    /// As [`Source::from_bytes`].
    pub fn from_file(bytes: &[u8], path: &Path) -> Result<Self, SyntaxDiag> {
        if let Some(at) = memchr::memchr(0, bytes) {
            let before = bytes.get(..at).unwrap_or_default();
            let line = 1 + count_lines(before);
            let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
            let shown = String::from_utf8_lossy(before.get(start..).unwrap_or_default());
            let place = Place {
                lineno: line,
                offset: 0,
                end_lineno: line,
                end_offset: 0,
                text: Some(shown.into_owned()),
            };
            let message = "source code cannot contain null bytes".to_owned();
            return Err(SyntaxDiag { kind: DiagKind::Syntax, message, place: Some(place) });
        }
        let decoded = decode(bytes, Some(path))?;
        Self::build(&decoded.text, decoded.encoding)
    }

    fn build(text: &str, encoding: Cow<'static, str>) -> Result<Self, SyntaxDiag> {
        if text.contains('\0') {
            return Err(null_bytes("source code string cannot contain null bytes"));
        }
        if u32::try_from(text.len()).is_err() {
            return Err(SyntaxDiag::bare(DiagKind::Syntax, "source code is too long"));
        }
        let text: Rc<str> = normalize_newlines(text).into();
        let mut starts = vec![0_u32];
        // The length was checked to fit above, and normalizing only shortens.
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
        Ok(Self { text, starts: starts.into(), encoding })
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, shared.
    #[must_use]
    pub fn shared_text(&self) -> Rc<str> {
        Rc::clone(&self.text)
    }

    /// The encoding the bytes were in, CPython's spelling (`utf-8` for text).
    #[must_use]
    pub fn encoding(&self) -> &str {
        &self.encoding
    }

    /// Number of lines, counting an empty one after a final newline.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// Byte offset at which line `line` (from 1) starts; the end of the text past the last line.
    #[must_use]
    pub fn line_start(&self, line: u32) -> usize {
        let index = line.saturating_sub(1) as usize;
        self.starts.get(index).map_or(self.text.len(), |&at| at as usize)
    }

    /// Line (from 1) and column in UTF-8 bytes (from 0) of byte offset `at`.
    #[must_use]
    pub fn line_col(&self, at: usize) -> (u32, u32) {
        let at = at.min(self.text.len());
        let line = self.starts.partition_point(|&start| start as usize <= at);
        let start = self.line_start(line as u32);
        (line as u32, (at - start) as u32)
    }

    /// Line (from 1) and column in characters (from 0) of byte offset `at`.
    #[must_use]
    pub fn line_col_chars(&self, at: usize) -> (u32, u32) {
        let (line, col) = self.line_col(at);
        let start = self.line_start(line);
        let before = self.text.as_bytes().get(start..start + col as usize).unwrap_or_default();
        let n_chars = before.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        (line, n_chars as u32)
    }

    /// Line `line` (from 1) without its newline; empty past the end.
    #[must_use]
    pub fn line_text(&self, line: u32) -> &str {
        let text = self.text.get(self.line_start(line)..self.line_start(line + 1));
        let text = text.unwrap_or_default();
        text.strip_suffix('\n').unwrap_or(text)
    }

    /// Line `line` with a newline, as `SyntaxError.text` holds it.
    #[must_use]
    pub fn line_text_nl(&self, line: u32) -> String {
        format!("{}\n", self.line_text(line))
    }
}

fn null_bytes(message: &str) -> SyntaxDiag {
    SyntaxDiag::bare(DiagKind::Syntax, message)
}

fn count_lines(bytes: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX - 1)
}

fn normalize_newlines(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

struct Decoded<'a> {
    text: Cow<'a, str>,
    encoding: Cow<'static, str>,
}

/// Errors found while decoding carry CPython's "line 0, no column" place, or none for a file.
fn whole_text(message: String, file: Option<&Path>) -> SyntaxDiag {
    let place = Place { lineno: 0, offset: -1, end_lineno: 0, end_offset: -1, text: None };
    SyntaxDiag { kind: DiagKind::Syntax, message, place: file.is_none().then_some(place) }
}

fn decode<'a>(bytes: &'a [u8], file: Option<&Path>) -> Result<Decoded<'a>, SyntaxDiag> {
    let (body, has_bom) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    let cookie = coding_cookie(body);
    let name = cookie.as_deref().map(canonical_name);
    match name.as_deref() {
        None => decode_utf8(body, None, file),
        Some("utf-8") => decode_utf8(body, cookie.as_deref(), file),
        Some(other) if has_bom => {
            Err(whole_text(format!("encoding problem: {other} with BOM"), file))
        }
        Some(other) => {
            let problem = match decode_named(body, other) {
                Ok(text) => {
                    let encoding = Cow::Owned(other.to_owned());
                    return Ok(Decoded { text, encoding });
                }
                Err(problem) => problem,
            };
            let spelled = cookie.as_deref().unwrap_or(other);
            Err(match file {
                Some(_) => whole_text(format!("encoding problem: {spelled}"), file),
                None => whole_text(problem, file),
            })
        }
    }
}

/// Finds the PEP 263 cookie in the first two lines.
#[must_use]
pub fn coding_cookie(bytes: &[u8]) -> Option<String> {
    let mut lines = bytes.split(|&byte| byte == b'\n' || byte == b'\r');
    let first = lines.next()?;
    if let Some(name) = cookie_in_line(first) {
        return Some(name);
    }
    // A cookie on line 2 counts only under a blank line or a comment.
    let trimmed = first.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c'));
    if !matches!(trimmed, None | Some(b'#')) {
        return None;
    }
    let mut second = lines.next()?;
    if second.is_empty() && bytes.get(first.len()..first.len() + 2) == Some(b"\r\n") {
        second = lines.next()?;
    }
    cookie_in_line(second)
}

fn cookie_in_line(line: &[u8]) -> Option<String> {
    let start = line.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c'))?;
    let comment = line.get(start..)?.strip_prefix(b"#")?;
    for at in memchr::memmem::find_iter(comment, b"coding") {
        let rest = comment.get(at + 6..)?;
        let Some((b':' | b'=', rest)) = rest.split_first() else { continue };
        let skip = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let name = rest.get(skip..)?;
        let len = name.iter().take_while(|&&byte| is_cookie_byte(byte)).count();
        if len > 0 {
            return String::from_utf8(name.get(..len)?.to_vec()).ok();
        }
    }
    None
}

const fn is_cookie_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// CPython's normal form of the two families it knows by name; others stay as written.
fn canonical_name(name: &str) -> String {
    let lower: String =
        name.chars().map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
    let is = |base: &str| {
        lower == base || lower.strip_prefix(base).is_some_and(|rest| rest.starts_with('-'))
    };
    if is("utf-8") || lower == "utf8" {
        return "utf-8".to_owned();
    }
    if is("latin-1") || is("iso-8859-1") || is("iso-latin-1") {
        return "iso-8859-1".to_owned();
    }
    name.to_owned()
}

fn decode_utf8<'a>(
    bytes: &'a [u8],
    cookie: Option<&str>,
    file: Option<&Path>,
) -> Result<Decoded<'a>, SyntaxDiag> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => {
            return Ok(Decoded { text: Cow::Borrowed(text), encoding: Cow::Borrowed("utf-8") });
        }
        Err(error) => error,
    };
    let at = error.valid_up_to();
    let byte = bytes.get(at).copied().unwrap_or_default();
    let line = 1 + count_lines(bytes.get(..at).unwrap_or_default());
    Err(match (file, cookie) {
        (Some(path), None) => {
            let path = path.display();
            let message = format!(
                "Non-UTF-8 code starting with '\\x{byte:02x}' in file {path} on line {line}, \
                 but no encoding declared; see https://peps.python.org/pep-0263/ for details"
            );
            whole_text(message, file)
        }
        (Some(_), Some(_)) | (None, None) => invalid_utf8(bytes, &error, line),
        (None, Some(_)) => whole_text(utf8_problem(bytes, &error, 0), file),
    })
}

fn utf8_problem(bytes: &[u8], error: &std::str::Utf8Error, from: usize) -> String {
    let at = error.valid_up_to();
    let byte = bytes.get(at).copied().unwrap_or_default();
    let reason = match error.error_len() {
        None => "unexpected end of data",
        Some(_) if (0xC2..=0xF4).contains(&byte) => "invalid continuation byte",
        Some(_) => "invalid start byte",
    };
    let position = at.saturating_sub(from);
    format!("'utf-8' codec can't decode byte 0x{byte:02x} in position {position}: {reason}")
}

/// Points at the bad byte in its line; positions count from the start of the word it is in.
fn invalid_utf8(bytes: &[u8], error: &std::str::Utf8Error, line: u32) -> SyntaxDiag {
    let at = error.valid_up_to();
    let head = bytes.get(..at).unwrap_or_default();
    let line_start = memchr::memrchr(b'\n', head).map_or(0, |nl| nl + 1);
    let line_end = memchr::memchr(b'\n', bytes.get(at..).unwrap_or_default())
        .map_or(bytes.len(), |len| at + len);
    let line_head = bytes.get(line_start..at).unwrap_or_default();
    let is_break = |byte: &u8| matches!(byte, b'\'' | b'"' | b' ' | b'=' | b'(' | b',');
    let word = line_head.iter().rposition(is_break).map_or(line_start, |p| line_start + p + 1);
    let n_chars = |part: &[u8]| String::from_utf8_lossy(part).chars().count();
    let start = n_chars(bytes.get(line_start..word).unwrap_or_default());
    let end = n_chars(line_head) + 1;
    let text = String::from_utf8_lossy(bytes.get(line_start..line_end).unwrap_or_default());
    let place = Place {
        lineno: line,
        offset: i32::try_from(start.max(1)).unwrap_or(i32::MAX),
        end_lineno: line,
        end_offset: i32::try_from(end).unwrap_or(i32::MAX),
        text: Some(format!("{text}\n")),
    };
    let message = format!("(unicode error) {}", utf8_problem(bytes, error, word));
    SyntaxDiag { kind: DiagKind::Syntax, message, place: Some(place) }
}

/// Decodes by a named codec; the error is the text of the exception CPython's codec raises.
fn decode_named<'a>(bytes: &'a [u8], name: &str) -> Result<Cow<'a, str>, String> {
    let plain = name.to_ascii_lowercase().replace(['_', ' '], "-");
    match plain.as_str() {
        "iso-8859-1" | "iso8859-1" | "latin1" | "latin-1" | "l1" | "8859" | "cp819" => {
            Ok(Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect()))
        }
        "ascii" | "us-ascii" | "646" | "ansi-x3.4-1968" => decode_ascii(bytes),
        "utf-8-sig" | "u8" | "utf" | "cp65001" => std::str::from_utf8(bytes)
            .map(Cow::Borrowed)
            .map_err(|error| utf8_problem(bytes, &error, 0)),
        "hex" | "base64" | "rot13" | "rot-13" | "zip" | "bz2" | "uu" | "quopri" => Err(format!(
            "'{name}' is not a text encoding; use codecs.decode() to handle arbitrary codecs"
        )),
        other => decode_by_label(bytes, other, name),
    }
}

fn decode_ascii(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    match bytes.iter().position(|byte| !byte.is_ascii()) {
        None => Ok(String::from_utf8_lossy(bytes)),
        Some(at) => {
            let byte = bytes.get(at).copied().unwrap_or_default();
            Err(format!(
                "'ascii' codec can't decode byte 0x{byte:02x} in position {at}: ordinal not in range(128)"
            ))
        }
    }
}

fn decode_by_label<'a>(bytes: &'a [u8], plain: &str, name: &str) -> Result<Cow<'a, str>, String> {
    let label = match plain.strip_prefix("cp") {
        Some(number) if number.len() == 4 => format!("windows-{number}"),
        _ => plain.replace("iso8859-", "iso-8859-"),
    };
    let codec = encoding_rs::Encoding::for_label(label.as_bytes())
        .ok_or_else(|| format!("unknown encoding: {name}"))?;
    if codec == encoding_rs::UTF_16LE || codec == encoding_rs::UTF_16BE {
        return Err(format!("encoding problem: {name}"));
    }
    codec.decode_without_bom_handling_and_without_replacement(bytes).ok_or_else(|| {
        format!("'{plain}' codec can't decode the source: character maps to <undefined>")
    })
}

#[cfg(test)]
mod tests {
    use super::{Path, Source, coding_cookie};

    #[test]
    fn cookies_are_found_on_the_first_two_lines_only() {
        assert_eq!(coding_cookie(b"# -*- coding: latin-1 -*-"), Some("latin-1".into()));
        assert_eq!(coding_cookie(b"#!/x\n# vim: set fileencoding=cp1252 :"), Some("cp1252".into()));
        assert_eq!(coding_cookie(b"#!/x\r\n# coding=ascii"), Some("ascii".into()));
        assert_eq!(coding_cookie(b"\n\n# coding: foo"), None);
        assert_eq!(coding_cookie(b"x = 1\n# coding: foo"), None);
    }

    #[test]
    fn bytes_decode_by_their_cookie() {
        let source = Source::from_bytes(b"# coding: latin-1\nx = '\xe9'\r\ny = 2\r").unwrap();
        assert_eq!(source.text(), "# coding: latin-1\nx = 'é'\ny = 2\n");
        assert_eq!(source.encoding(), "iso-8859-1");
        let source = Source::from_bytes(b"# coding: iso-8859-15\n'\xa4'").unwrap();
        assert!(source.text().ends_with("'€'"));
    }

    #[test]
    fn positions_count_bytes_or_characters() {
        let source = Source::from_text("a\né = 1\n").unwrap();
        assert_eq!(source.line_col(4), (2, 2));
        assert_eq!(source.line_col_chars(4), (2, 1));
        assert_eq!(source.line_text(2), "é = 1");
        assert_eq!(source.line_text(3), "");
    }

    #[test]
    fn broken_bytes_are_reported_as_cpython_does() {
        let error = |bytes: &[u8]| Source::from_bytes(bytes).unwrap_err().to_string();
        assert_eq!(
            error(b"y='a\xff'"),
            "SyntaxError: (unicode error) 'utf-8' codec can't decode byte 0xff in position 1: \
             invalid start byte (line 1, offset 3)"
        );
        assert_eq!(
            error(b"# coding: foo\n"),
            "SyntaxError: unknown encoding: foo (line 0, offset -1)"
        );
        assert_eq!(
            error(b"\xef\xbb\xbf# coding: latin-1\n"),
            "SyntaxError: encoding problem: iso-8859-1 with BOM (line 0, offset -1)"
        );
        assert_eq!(error(b"x\0"), "SyntaxError: source code string cannot contain null bytes");
    }

    #[test]
    fn a_null_byte_in_a_file_is_shown_by_what_stands_before_it() {
        let diag = Source::from_file(b"a = 1\n  b = 2\0 + 3\n", Path::new("f.py")).unwrap_err();
        let place = diag.place.unwrap();
        assert_eq!((place.lineno, place.text.as_deref()), (2, Some("  b = 2")));
    }
}
