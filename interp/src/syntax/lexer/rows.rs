//! Tokens with everything the `tokenize` module shows of them.
//!
//! Columns count characters from 0, lines from 1; kinds have the numbers of the `token` module.

use super::{ErrorPlace, LexError, Lexer, Tok, Token};

/// One token as `tokenize` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Number in the `token` module.
    pub kind: u8,
    /// Its text.
    pub string: String,
    /// Line and column of its start.
    pub start: (usize, usize),
    /// Line and column of its end.
    pub end: (usize, usize),
    /// The line or lines it stands on.
    pub line: String,
}

/// Why there are no more rows, with the place `tokenize` gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// The lexer's error.
    pub error: LexError,
    /// The message, where `tokenize` has its own.
    pub message: String,
    /// The line.
    pub lineno: usize,
    /// The column as an exception's `offset`.
    pub offset: usize,
}

/// Reads rows off a text.
#[derive(Clone, Debug)]
pub struct Rows {
    text: String,
    has_last_newline: bool,
    extra: bool,
    is_done: bool,
    state: State,
    /// Byte offsets at which lines start.
    starts: Vec<usize>,
}

/// What is kept of a lexer between rows: rows are read one at a time, the lexer borrows the text.
#[derive(Clone, Debug)]
struct State(Lexer<'static>);

impl Rows {
    /// Rows of `text`; with `extra`, comments and empty lines too, as `tokenize` wants them.
    #[must_use]
    pub fn new(text: &str, extra: bool) -> Self {
        let has_last_newline = text.is_empty() || text.ends_with('\n');
        let mut text = text.to_owned();
        if !has_last_newline {
            text.push('\n');
        }
        let starts =
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        let starts = starts.collect();
        let lexer = Lexer::new("");
        let state = State(if extra { lexer.extra() } else { lexer });
        Self { text, has_last_newline, extra, is_done: false, state, starts }
    }

    /// The next row; `None` after the end mark.
    ///
    /// # Errors
    /// Text that is no token; nothing follows it.
    pub fn next_row(&mut self) -> Result<Option<Row>, Box<RowError>> {
        if self.is_done {
            return Ok(None);
        }
        let mut lexer = self.state.0.clone().over(&self.text);
        let result = lexer.next_token();
        self.state = State(lexer.detached());
        match result {
            Ok(token) => {
                self.is_done = token.kind == Tok::End;
                Ok(Some(self.row(token)))
            }
            Err(error) => {
                self.is_done = true;
                Err(Box::new(self.failed(*error)))
            }
        }
    }

    /// Line from 1 and column in characters of a byte.
    fn position(&self, at: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|&start| start <= at);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        (line, self.text.get(start..at).unwrap_or_default().chars().count())
    }

    fn lines(&self, first: usize, last: usize) -> String {
        let start = self.starts.get(first.saturating_sub(1)).copied().unwrap_or(0);
        let end = self.starts.get(last).copied().unwrap_or(self.text.len());
        let lines = self.text.get(start..end).unwrap_or_default();
        let is_last = end >= self.text.len() && !self.has_last_newline;
        if is_last { lines.trim_end_matches('\n').to_owned() } else { lines.to_owned() }
    }

    fn row(&self, token: Token) -> Row {
        let string = self.text.get(token.start..token.end).unwrap_or_default().to_owned();
        let kind = number(token.kind, &string, self.extra);
        let at_end = token.start >= self.text.len();
        if at_end && matches!(token.kind, Tok::End | Tok::Dedent) {
            let line = self.position(self.text.len().saturating_sub(1)).0 + 1;
            let line = if self.text.is_empty() { 1 } else { line };
            let place = (line, 0);
            return Row { kind, string, start: place, end: place, line: String::new() };
        }
        let start = self.position(token.start);
        let is_newline = matches!(token.kind, Tok::Newline | Tok::Nl);
        let end = match is_newline {
            true => (start.0, start.1 + 1),
            false => self.position(token.end),
        };
        let is_implied = is_newline && !self.has_last_newline && token.start + 1 == self.text.len();
        let string = match is_newline {
            true if is_implied => String::new(),
            true => "\n".to_owned(),
            false => string,
        };
        Row { kind, string, start, end, line: self.lines(start.0, end.0) }
    }

    fn failed(&self, error: LexError) -> RowError {
        let mut message = error.message.clone();
        if error.at_end && !error.overrides {
            "unexpected EOF in multi-line statement".clone_into(&mut message);
            let last = self.position(self.text.len().saturating_sub(1)).0;
            return RowError { error, message, lineno: last, offset: 0 };
        }
        let (lineno, offset) = match error.place {
            ErrorPlace::Cursor { at } => self.position(at),
            ErrorPlace::Columns { start, .. } | ErrorPlace::Start { at: start } => {
                let (line, col) = self.position(start);
                (line, col + 1)
            }
            ErrorPlace::LineEnd { at } => {
                let line = self.position(at).0;
                (line, self.lines(line, line).trim_end_matches('\n').chars().count() + 1)
            }
            ErrorPlace::LineStart { at } => (self.position(at).0, 1),
        };
        RowError { error, message, lineno, offset }
    }
}

/// The number of a kind in the `token` module; operators have one each unless `extra`.
fn number(kind: Tok, text: &str, extra: bool) -> u8 {
    match kind {
        Tok::End => 0,
        Tok::Name => 1,
        Tok::Number => 2,
        Tok::String => 3,
        Tok::Newline => 4,
        Tok::Indent => 5,
        Tok::Dedent => 6,
        Tok::Op if extra => OP,
        Tok::Op => {
            let index = OPERATORS.iter().position(|operator| *operator == text);
            index.and_then(|index| u8::try_from(index + 7).ok()).unwrap_or(OP)
        }
        Tok::FStringStart => 59,
        Tok::FStringMiddle => 60,
        Tok::FStringEnd => 61,
        Tok::TStringStart => 62,
        Tok::TStringMiddle => 63,
        Tok::TStringEnd => 64,
        Tok::Comment => 65,
        Tok::Nl => 66,
    }
}

const OP: u8 = 55;

/// Operators in the order of their numbers, from 7 on.
const OPERATORS: [&str; 48] = [
    "(", ")", "[", "]", ":", ",", ";", "+", "-", "*", "/", "|", "&", "<", ">", "=", ".", "%", "{",
    "}", "==", "!=", "<=", ">=", "~", "^", "<<", ">>", "**", "+=", "-=", "*=", "/=", "%=", "&=",
    "|=", "^=", "<<=", ">>=", "**=", "//", "//=", "@", "@=", "->", "...", ":=", "!",
];

#[cfg(test)]
mod tests {
    use super::Rows;

    /// `tests/data/tokens.tsv`: `case` and a text, then its rows (kind, string, start, end, line), and
    /// perhaps `error` (class, message, line, offset), as `_tokenize` of CPython 3.13 gives them.
    #[test]
    fn rows_are_those_of_cpython() {
        let corpus = include_str!("../../../tests/data/tokens.tsv");
        let mut wrong = Vec::new();
        for case in corpus.split("case\t").skip(1) {
            let (text, expected) = case.split_once('\n').unwrap();
            let got = show(&unescape(text));
            // The place of an early end differs where CPython's depends on its buffers.
            let cut = |all: &str| {
                all.replace("statement\t1\t5\n", "")
                    .replace("statement\t1\t4\n", "")
                    .replace("statement\t1\t0\n", "")
                    .replace("statement\t2\t0\n", "")
            };
            if cut(&got) != cut(expected) {
                wrong.push(format!("{text}\n--- expected\n{expected}--- got\n{got}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    fn unescape(text: &str) -> String {
        text.replace("\\\\", "\0").replace("\\n", "\n").replace("\\t", "\t").replace('\0', "\\")
    }

    fn escape(text: &str) -> String {
        text.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t")
    }

    fn show(text: &str) -> String {
        let mut rows = Rows::new(text, true);
        let mut out = String::new();
        loop {
            match rows.next_row() {
                Ok(None) => return out,
                Ok(Some(row)) => {
                    let name = match row.kind {
                        0 => "ENDMARKER",
                        1 => "NAME",
                        2 => "NUMBER",
                        3 => "STRING",
                        4 => "NEWLINE",
                        5 => "INDENT",
                        6 => "DEDENT",
                        55 => "OP",
                        59 => "FSTRING_START",
                        60 => "FSTRING_MIDDLE",
                        61 => "FSTRING_END",
                        65 => "COMMENT",
                        66 => "NL",
                        _ => "?",
                    };
                    let ((a, b), (c, d)) = (row.start, row.end);
                    let (string, line) = (escape(&row.string), escape(&row.line));
                    out.push_str(&format!("{name}\t{string}\t{a}\t{b}\t{c}\t{d}\t{line}\n"));
                }
                Err(error) => {
                    let class = error.error.kind.class_name();
                    let (line, offset) = (error.lineno, error.offset);
                    let message = escape(&error.message);
                    out.push_str(&format!("error\t{class}\t{message}\t{line}\t{offset}\n"));
                }
            }
        }
    }
}
