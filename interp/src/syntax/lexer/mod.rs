//! Tokens and their errors exactly as CPython's tokenizer has them.
//!
//! The parser that compiles code brings its own lexer. This one runs when that parser has refused a text,
//! to word the error, and for the `_tokenize` module; so it follows CPython's order of checks rather
//! than speed.
//!
//! - The text passed in ends in a newline; token positions are byte offsets into it.
//! - Not here: what tokens mean together (`grammar/`).

mod number;
pub mod rows;
mod string;

use rustpython_unicode::{classify, identifier};

use super::diag::DiagKind;

/// What a token is; operators and keywords are told apart by their text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tok {
    /// An identifier or keyword.
    Name,
    /// A number.
    Number,
    /// A string without fields.
    String,
    /// Start of an f-string, with prefix and quotes.
    FStringStart,
    /// Text in an f-string.
    FStringMiddle,
    /// Closing quotes of an f-string.
    FStringEnd,
    /// Start of a t-string.
    TStringStart,
    /// Text in a t-string.
    TStringMiddle,
    /// Closing quotes of a t-string.
    TStringEnd,
    /// An operator or delimiter.
    Op,
    /// End of a logical line.
    Newline,
    /// A deeper block starts.
    Indent,
    /// A block ends.
    Dedent,
    /// End of the text.
    End,
    /// A comment; only with [`Lexer::extra`].
    Comment,
    /// A line end that ends no statement; only with [`Lexer::extra`].
    Nl,
}

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its kind.
    pub kind: Tok,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Open brackets after the token.
    pub level: u32,
    /// Whether it has a column: block and end marks have none.
    pub has_column: bool,
    /// Where the lexer stood after it.
    pub cursor: usize,
}

/// Where an error of the lexer is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorPlace {
    /// At the last character before this byte; `end` is a column if known.
    Cursor {
        /// The byte.
        at: usize,
    },
    /// From one byte to another, both in the columns CPython gives for such errors.
    Columns {
        /// First byte.
        start: usize,
        /// Byte after the last.
        end: usize,
    },
    /// At this byte, with an unknown end.
    Start {
        /// The byte.
        at: usize,
    },
    /// On the line of this byte, at its end.
    LineEnd {
        /// The byte.
        at: usize,
    },
    /// On the line of this byte, at its start.
    LineStart {
        /// The byte.
        at: usize,
    },
}

/// Why the text cannot be split into tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LexError {
    /// The exception class.
    pub kind: DiagKind,
    /// The message.
    pub message: String,
    /// Where.
    pub place: ErrorPlace,
    /// Whether CPython reports it even after an earlier error of the grammar.
    pub overrides: bool,
    /// For input that ended within brackets, the byte of the innermost open one.
    pub unclosed: Option<usize>,
    /// Whether the input ended too early rather than being wrong.
    pub at_end: bool,
    /// Whether the newline that ends the text ended a string too early.
    pub at_last_newline: bool,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    bracket: u8,
    at: usize,
}

/// An f- or t-string being read.
#[derive(Clone, Debug)]
struct Mode {
    is_template: bool,
    is_raw: bool,
    quote: u8,
    n_quotes: usize,
    start: usize,
    /// Brackets open inside the string.
    depth: i32,
    /// Value of `depth` at which the innermost field opened; -1 outside fields.
    field_depth: i32,
    in_format: bool,
    /// Whether text is being read, rather than the expression of a field.
    in_text: bool,
}

impl Mode {
    const fn in_field(&self) -> bool {
        self.field_depth >= 0
    }

    const fn letter(&self) -> char {
        if self.is_template { 't' } else { 'f' }
    }
}

const MAX_BRACKETS: usize = 200;
const MAX_INDENTS: usize = 100;
const MAX_FIELDS: i32 = 3;

/// Splits a text into tokens.
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    start: usize,
    at_line_start: bool,
    blank_line: bool,
    indents: Vec<(usize, usize)>,
    pending: i32,
    open: Vec<Open>,
    modes: Vec<Mode>,
    extra: bool,
    warnings: Vec<(usize, String)>,
}

type Result<T = Token> = std::result::Result<T, Box<LexError>>;

impl<'a> Lexer<'a> {
    /// A lexer at the start of `text`, which must end in a newline unless it is empty.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            start: 0,
            at_line_start: true,
            blank_line: false,
            indents: vec![(0, 0)],
            pending: 0,
            open: Vec::new(),
            modes: Vec::new(),
            extra: false,
            warnings: Vec::new(),
        }
    }

    /// Also gives comments and empty lines as tokens, and is lenient as `_tokenize` is.
    #[must_use]
    pub fn extra(mut self) -> Self {
        self.extra = true;
        self
    }

    /// The same state over `text`, which must be the text it was made from.
    fn over(self, text: &str) -> Lexer<'_> {
        Lexer { text, bytes: text.as_bytes(), ..self }
    }

    /// The state alone, to go on from with `over`.
    fn detached(self) -> Lexer<'static> {
        Lexer { text: "", bytes: b"", ..self }
    }

    /// Warnings so far: byte offset and message.
    #[must_use]
    pub fn warnings(&self) -> &[(usize, String)] {
        &self.warnings
    }

    /// The next token; after [`Tok::End`], `End` again.
    ///
    /// # Errors
    /// Text that is no token. The lexer cannot go on after an error.
    pub fn next_token(&mut self) -> Result {
        match self.modes.last() {
            Some(mode) if mode.in_text => self.string_token(),
            _ => self.plain_token(),
        }
    }

    fn peek(&self) -> u8 {
        self.peek_at(0)
    }

    /// 0 past the end: the text has no null characters.
    fn peek_at(&self, n: usize) -> u8 {
        self.bytes.get(self.at + n).copied().unwrap_or(0)
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = !self.is_at_end() && self.peek() == byte;
        self.at += usize::from(found);
        found
    }

    fn make(&self, kind: Tok) -> Token {
        self.make_range(kind, self.start, self.at)
    }

    fn make_range(&self, kind: Tok, start: usize, end: usize) -> Token {
        let level = u32::try_from(self.open.len()).unwrap_or(u32::MAX);
        Token { kind, start, end, level, has_column: true, cursor: self.at }
    }

    fn mark(&self, kind: Tok) -> Token {
        Token { has_column: false, ..self.make_range(kind, self.at, self.at) }
    }

    fn error_at<T>(&self, at: usize, message: impl Into<String>) -> Result<T> {
        Err(Box::new(LexError {
            kind: DiagKind::Syntax,
            message: message.into(),
            place: ErrorPlace::Cursor { at },
            overrides: true,
            unclosed: None,
            at_end: false,
            at_last_newline: false,
        }))
    }

    /// An error at the last character read.
    fn error<T>(&self, message: impl Into<String>) -> Result<T> {
        self.error_at(self.at, message)
    }

    fn late_error<T>(&self, kind: DiagKind, message: &str, place: ErrorPlace) -> Result<T> {
        Err(Box::new(LexError {
            kind,
            message: message.to_owned(),
            place,
            overrides: false,
            unclosed: None,
            at_end: false,
            at_last_newline: false,
        }))
    }

    fn end_error<T>(&self) -> Result<T> {
        let unclosed = self.open.last().copied();
        let message = match unclosed {
            Some(open) => format!("'{}' was never closed", char::from(open.bracket)),
            None => "unexpected EOF while parsing".to_owned(),
        };
        let place = match unclosed {
            Some(open) => ErrorPlace::Start { at: open.at },
            None => ErrorPlace::LineEnd { at: self.at.saturating_sub(1) },
        };
        Err(Box::new(LexError {
            kind: DiagKind::Syntax,
            message,
            place,
            overrides: false,
            unclosed: unclosed.map(|open| open.at),
            at_end: true,
            at_last_newline: false,
        }))
    }

    fn plain_token(&mut self) -> Result {
        loop {
            if self.at_line_start {
                self.indentation()?;
            }
            self.start = self.at;
            if self.pending != 0 {
                let kind = if self.pending < 0 { Tok::Dedent } else { Tok::Indent };
                self.pending -= self.pending.signum();
                if self.extra && kind == Tok::Indent {
                    let head = self.bytes.get(..self.at).unwrap_or_default();
                    let line_start = memchr::memrchr(b'\n', head).map_or(0, |at| at + 1);
                    return Ok(self.make_range(kind, line_start, self.at));
                }
                return Ok(self.mark(kind));
            }
            if let Some(token) = self.within_line()? {
                return Ok(token);
            }
        }
    }

    /// Reads the blanks a line starts with and compares them with those of the lines above.
    fn indentation(&mut self) -> Result<()> {
        self.at_line_start = false;
        self.blank_line = false;
        let (mut col, mut alt_col, mut continued) = (0, 0, 0);
        loop {
            match self.peek() {
                b' ' => (col, alt_col) = (col + 1, alt_col + 1),
                b'\t' => (col, alt_col) = ((col / 8 + 1) * 8, alt_col + 1),
                b'\x0c' => (col, alt_col) = (0, 0),
                b'\\' => {
                    // The blanks before the first backslash count for the whole line.
                    continued = if continued > 0 { continued } else { col };
                    self.at += 1;
                    self.continuation()?;
                    continue;
                }
                _ => break,
            }
            self.at += 1;
        }
        if self.is_at_end() && self.open.is_empty() {
            (col, alt_col) = (0, 0);
            continued = 0;
        } else if matches!(self.peek(), b'#' | b'\n' | b'\r') {
            self.blank_line = true;
        }
        if self.blank_line || !self.open.is_empty() {
            return Ok(());
        }
        if continued > 0 {
            (col, alt_col) = (continued, continued);
        }
        self.compare_indent(col, alt_col)
    }

    fn compare_indent(&mut self, col: usize, alt_col: usize) -> Result<()> {
        let (top, alt_top) = self.indents.last().copied().unwrap_or_default();
        let line = ErrorPlace::LineEnd { at: self.at };
        if col > top {
            if self.indents.len() >= MAX_INDENTS {
                let message = "too many levels of indentation";
                let place = ErrorPlace::LineStart { at: self.at };
                return self.late_error(DiagKind::Indentation, message, place);
            }
            if alt_col <= alt_top {
                return self.tab_error();
            }
            self.pending += 1;
            self.indents.push((col, alt_col));
            return Ok(());
        }
        while self.indents.len() > 1 && self.indents.last().is_some_and(|&(top, _)| col < top) {
            self.pending -= 1;
            self.indents.pop();
        }
        let (top, alt_top) = self.indents.last().copied().unwrap_or_default();
        if col != top {
            let message = "unindent does not match any outer indentation level";
            return self.late_error(DiagKind::Indentation, message, line);
        }
        if alt_col != alt_top {
            return self.tab_error();
        }
        Ok(())
    }

    fn tab_error<T>(&self) -> Result<T> {
        let message = "inconsistent use of tabs and spaces in indentation";
        self.late_error(DiagKind::Tab, message, ErrorPlace::LineStart { at: self.at })
    }

    /// What follows a backslash outside strings: a line end, and more text after it.
    fn continuation(&mut self) -> Result<()> {
        if !self.eat(b'\n') {
            let message = "unexpected character after line continuation character";
            let place = ErrorPlace::Start { at: self.at };
            return self.late_error(DiagKind::Syntax, message, place);
        }
        if self.is_at_end() { self.end_error() } else { Ok(()) }
    }

    /// One token after the indentation; `None` at the end of a line that ends no statement.
    fn within_line(&mut self) -> Result<Option<Token>> {
        loop {
            while matches!(self.peek(), b' ' | b'\t' | b'\x0c') {
                self.at += 1;
            }
            self.start = self.at;
            if self.peek() == b'#' {
                while !self.is_at_end() && self.peek() != b'\n' {
                    self.at += 1;
                }
                if self.extra {
                    return Ok(Some(self.make(Tok::Comment)));
                }
                self.start = self.at;
            }
            if self.is_at_end() {
                return self.at_end().map(Some);
            }
            match self.peek() {
                b'\n' => {
                    self.at += 1;
                    self.at_line_start = true;
                    if self.blank_line || !self.open.is_empty() {
                        let end = self.at - 1;
                        let nl = self.make_range(Tok::Nl, self.start, end);
                        return Ok(self.extra.then_some(nl));
                    }
                    return Ok(Some(self.make(Tok::Newline)));
                }
                b'\\' => {
                    self.at += 1;
                    self.continuation()?;
                }
                byte => return self.solid(byte).map(Some),
            }
        }
    }

    fn at_end(&mut self) -> Result {
        if !self.open.is_empty() {
            return self.end_error();
        }
        if self.indents.len() > 1 {
            self.indents.pop();
            return Ok(self.mark(Tok::Dedent));
        }
        Ok(self.mark(Tok::End))
    }

    fn solid(&mut self, byte: u8) -> Result {
        match byte {
            b'0'..=b'9' => self.number(),
            b'.' if self.peek_at(1).is_ascii_digit() => self.number(),
            b'\'' | b'"' => self.string(),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' | 128.. => self.name_or_string(),
            _ => self.operator(byte),
        }
    }

    fn name_or_string(&mut self) -> Result {
        if let Some(n_letters) = self.string_prefix() {
            self.at += n_letters;
            let prefix = self.text.get(self.start..self.at).unwrap_or_default();
            return match prefix.bytes().find(|letter| b"fFtT".contains(letter)) {
                Some(letter) => self.open_string(letter.eq_ignore_ascii_case(&b't')),
                None => self.string(),
            };
        }
        let is_part = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric() || byte >= 128;
        while is_part(self.peek()) {
            self.at += 1;
        }
        let name = self.text.get(self.start..self.at).unwrap_or_default();
        if !name.is_ascii() && !self.extra {
            self.check_name(name)?;
        }
        Ok(self.make(Tok::Name))
    }

    fn check_name(&self, name: &str) -> Result<()> {
        let mut is_first = true;
        for (at, c) in name.char_indices() {
            let is_good =
                if is_first { identifier::is_start(c) } else { identifier::is_xid_continue(c) };
            is_first = false;
            if is_good {
                continue;
            }
            let code = u32::from(c);
            let message = if classify::is_printable(c) {
                format!("invalid character '{c}' (U+{code:04X})")
            } else {
                format!("invalid non-printable character U+{code:04X}")
            };
            return self.error_at(self.start + at + c.len_utf8(), message);
        }
        Ok(())
    }

    fn operator(&mut self, byte: u8) -> Result {
        if matches!(byte, b':' | b'}' | b'!' | b'{')
            && let Some(mode) = self.modes.last_mut()
            && mode.in_field()
        {
            let cursor = mode.depth - i32::from(byte != b'{');
            if byte == b':' && cursor == mode.field_depth {
                mode.in_text = true;
                mode.in_format = true;
                self.at += 1;
                return Ok(self.make(Tok::Op));
            }
        }
        let n_bytes = operator_len(byte, self.peek_at(1), self.peek_at(2));
        self.at += n_bytes;
        if n_bytes > 1 {
            return Ok(self.make(Tok::Op));
        }
        match byte {
            b'(' | b'[' | b'{' => self.open_bracket(byte)?,
            b')' | b']' | b'}' => self.close_bracket(byte)?,
            0..=31 | 127 => {
                return self.error(format!("invalid non-printable character U+{byte:04X}"));
            }
            _ => {}
        }
        Ok(self.make(Tok::Op))
    }

    fn open_bracket(&mut self, bracket: u8) -> Result<()> {
        if self.open.len() >= MAX_BRACKETS {
            return self.error("too many nested parentheses");
        }
        self.open.push(Open { bracket, at: self.start });
        if let Some(mode) = self.modes.last_mut() {
            mode.depth += 1;
        }
        Ok(())
    }

    fn close_bracket(&mut self, bracket: u8) -> Result<()> {
        let shown = char::from(bracket);
        let mode = self.modes.last().map(|mode| (mode.letter(), mode.depth, mode.field_depth));
        if let Some((letter, 0, _)) = mode
            && bracket == b'}'
        {
            return self.error(format!("{letter}-string: single '}}' is not allowed"));
        }
        match self.open.pop() {
            None if self.extra => {}
            None => return self.error(format!("unmatched '{shown}'")),
            Some(open) if !self.extra && closing(open.bracket) != bracket => {
                if let Some((letter, depth, field_depth)) = mode
                    && open.bracket == b'{'
                    && depth - 1 == field_depth
                {
                    return self.error(format!("{letter}-string: unmatched '{shown}'"));
                }
                return self.mismatch(bracket, open);
            }
            Some(_) => {}
        }
        if let Some(mode) = self.modes.last_mut() {
            mode.depth -= 1;
            if mode.depth < 0 {
                let message = format!("{}-string: unmatched '{shown}'", mode.letter());
                return self.error(message);
            }
            if bracket == b'}' && mode.depth == mode.field_depth {
                mode.field_depth -= 1;
                mode.in_text = true;
                mode.in_format = false;
            }
        }
        Ok(())
    }

    fn mismatch(&self, bracket: u8, open: Open) -> Result<()> {
        let (closing, opening) = (char::from(bracket), char::from(open.bracket));
        let mut message = format!(
            "closing parenthesis '{closing}' does not match opening parenthesis '{opening}'"
        );
        let line = self.line_of(open.at);
        if line != self.line_of(self.at) {
            message.push_str(&format!(" on line {line}"));
        }
        self.error(message)
    }

    /// The line of a byte, from 1.
    fn line_of(&self, at: usize) -> usize {
        let head = self.bytes.get(..at.min(self.bytes.len())).unwrap_or_default();
        1 + memchr::memchr_iter(b'\n', head).count()
    }
}

const fn closing(open: u8) -> u8 {
    match open {
        b'(' => b')',
        b'[' => b']',
        _ => b'}',
    }
}

fn operator_len(a: u8, b: u8, c: u8) -> usize {
    match (a, b, c) {
        (b'.', b'.', b'.') | (b'*', b'*', b'=') | (b'/', b'/', b'=') => 3,
        (b'<', b'<', b'=') | (b'>', b'>', b'=') => 3,
        (b'*', b'*', _) | (b'/', b'/', _) | (b'<', b'<' | b'>', _) | (b'>', b'>', _) => 2,
        (b'-', b'>', _) => 2,
        (b'=' | b'!' | b'<' | b'>' | b'+' | b'-' | b'*' | b'/', b'=', _) => 2,
        (b'%' | b'&' | b'|' | b'^' | b'@' | b':', b'=', _) => 2,
        _ => 1,
    }
}
