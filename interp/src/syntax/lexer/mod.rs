//! Tokens and their errors exactly as CPython's tokenizer has them.
//!
//! The parser that compiles code brings its own lexer. This one runs when that parser has refused a text,
//! to word the error, and for the `_tokenize` module; so it follows CPython's order of checks rather
//! than speed.
//!
//! - The text passed in ends in a newline; token positions are byte offsets into it.
//! - Not here: what tokens mean together (`grammar/`).

mod lines;
mod number;
mod operator;
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
}
