//! A syntax error as plain data, in CPython's conventions for positions.
//!
//! - Lines and offsets count from 1; offsets count characters, not bytes.
//! - An offset of 0 or below means "no column", as CPython writes it.

use std::fmt;

use ruff_text_size::TextRange;

use super::source::Source;

/// Which exception class a [`SyntaxDiag`] becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiagKind {
    /// `SyntaxError`.
    Syntax,
    /// `IndentationError`.
    Indentation,
    /// `TabError`.
    Tab,
    /// `_IncompleteInputError`: more input could make the text valid.
    Incomplete,
}

impl DiagKind {
    /// The name of the exception class.
    #[must_use]
    pub const fn class_name(self) -> &'static str {
        match self {
            Self::Syntax => "SyntaxError",
            Self::Indentation => "IndentationError",
            Self::Tab => "TabError",
            Self::Incomplete => "_IncompleteInputError",
        }
    }
}

/// One syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxDiag {
    /// The exception class.
    pub kind: DiagKind,
    /// The message, without position.
    pub message: String,
    /// Where the error is; `None` for errors about the text as a whole, which become
    /// `SyntaxError(message)` without a details tuple.
    pub place: Option<Place>,
}

/// The position part of a [`SyntaxDiag`]; its fields are those of Python's `SyntaxError`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// First line, from 1 (0 when the text could not be decoded).
    pub lineno: u32,
    /// First column in characters, from 1.
    pub offset: i32,
    /// Last line.
    pub end_lineno: u32,
    /// Column after the last character, or 0 or -1 for "unknown".
    pub end_offset: i32,
    /// The source line with its newline, when there is one to show.
    pub text: Option<String>,
}

impl SyntaxDiag {
    /// An error about the text as a whole.
    #[must_use]
    pub fn bare(kind: DiagKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), place: None }
    }

    /// A `SyntaxError` covering `range` of `source`.
    #[must_use]
    pub fn at(source: &Source, range: TextRange, message: impl Into<String>) -> Self {
        Self::ranged(
            DiagKind::Syntax,
            source,
            usize::from(range.start()),
            Some(usize::from(range.end())),
            message,
        )
    }

    /// An error that starts at byte `start` of `source`; without an `end`, CPython's "no end".
    #[must_use]
    pub fn ranged(
        kind: DiagKind,
        source: &Source,
        start: usize,
        end: Option<usize>,
        message: impl Into<String>,
    ) -> Self {
        let (lineno, col) = source.line_col_chars(start);
        let (end_lineno, end_offset) = match end {
            Some(end) => {
                // A newline belongs to the line it ends.
                let ends_line =
                    end > start && source.text().as_bytes().get(end - 1) == Some(&b'\n');
                let (line, col) = source.line_col_chars(end - usize::from(ends_line));
                (line, signed(col) + 1 + i32::from(ends_line))
            }
            None => (lineno, 0),
        };
        let text = Some(source.line_text_nl(lineno));
        let place = Place { lineno, offset: signed(col) + 1, end_lineno, end_offset, text };
        Self { kind, message: message.into(), place: Some(place) }
    }
}

/// Columns fit: a source is at most 4 GiB long, and a longer line than 2 GiB shows column 2^31-1.
fn signed(col: u32) -> i32 {
    i32::try_from(col).unwrap_or(i32::MAX - 1)
}

impl fmt::Display for SyntaxDiag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.class_name(), self.message)?;
        match &self.place {
            Some(place) => write!(f, " (line {}, offset {})", place.lineno, place.offset),
            None => Ok(()),
        }
    }
}

impl std::error::Error for SyntaxDiag {}
