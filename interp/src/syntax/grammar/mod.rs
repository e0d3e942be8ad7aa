//! Words for syntax errors: CPython's grammar run once more over a text that was refused.
//!
//! As in CPython, a first pass finds how far the text makes sense; if the grammar itself has
//! nothing to say there, a second pass looks for common mistakes; an error of the lexer
//! further on in the text goes before both.
//!
//! Reading order: `python.peg`, `notation.rs`, `engine.rs`, `mistakes.rs`.

mod engine;
mod mistakes;
mod notation;

use self::{
    engine::{Engine, Raised, Stop, Where},
    notation::Grammar,
};
use super::{
    diag::{DiagKind, Place, SyntaxDiag},
    lexer::{ErrorPlace, LexError, Lexer, Tok, Token},
    parse::{Mode, ParseFlags},
    source::Source,
};

/// The error CPython would report for `source`; `None` if its grammar has no objection.
#[must_use]
pub fn explain(source: &Source, mode: Mode, flags: ParseFlags) -> Option<SyntaxDiag> {
    let grammar = notation::read(include_str!("python.peg"));
    let mut text = source.text().to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    let mut words = Words { source, flags };
    words.run(&grammar, &text, mode)
}

/// The first thing in `source` that is no token, brackets and indentation included.
#[must_use]
pub fn explain_tokens(source: &Source) -> Option<SyntaxDiag> {
    let mut text = source.text().to_owned();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let mut lexer = Lexer::new(&text);
    loop {
        match lexer.next_token() {
            Ok(token) if token.kind == Tok::End => return None,
            Ok(_) => {}
            Err(error) => {
                return Some(Words { source, flags: ParseFlags::default() }.lexical(&error));
            }
        }
    }
}

struct Words<'a> {
    source: &'a Source,
    flags: ParseFlags,
}

impl Words<'_> {
    fn run(&mut self, grammar: &Grammar, text: &str, mode: Mode) -> Option<SyntaxDiag> {
        let start = grammar.rule(match mode {
            Mode::Exec => "file",
            Mode::Eval => "eval",
            Mode::Single => "interactive",
            Mode::FuncType => "func_type",
        })?;
        let mut engine = Engine::new(grammar, text, self.source.text().len(), mode);
        let first = engine.rule(start);
        if matches!(first, Ok(Some(_))) {
            return None;
        }
        if self.flags.allow_incomplete && is_at_end(&engine, self.source, mode) {
            return Some(self.at_last(&engine, DiagKind::Incomplete, "incomplete input"));
        }
        match first {
            Err(Stop::Lex) => return engine.lex_error.as_ref().map(|error| self.lexical(error)),
            Err(Stop::Raised(raised)) => return Some(self.checked(&mut engine, &raised)),
            Err(Stop::TooComplex) => return Some(too_complex()),
            Ok(_) => {}
        }
        let last = engine.tokens.len().checked_sub(1)?;
        engine.look_for_mistakes();
        match engine.rule(start) {
            Err(Stop::Raised(raised)) => Some(self.checked(&mut engine, &raised)),
            Err(Stop::TooComplex) => Some(too_complex()),
            Err(Stop::Lex) => engine.lex_error.as_ref().map(|error| self.lexical(error)),
            Ok(_) => Some(self.generic(&mut engine, last)),
        }
    }

    /// An error of the grammar, unless the lexer has one further on.
    fn checked(&self, engine: &mut Engine<'_>, raised: &Raised) -> SyntaxDiag {
        let diag = self.raised(engine, raised);
        self.lexer_goes_first(engine).unwrap_or(diag)
    }

    fn generic(&self, engine: &mut Engine<'_>, last: usize) -> SyntaxDiag {
        let Some(token) = engine.tokens.get(last).copied() else { return too_complex() };
        match token.kind {
            Tok::Indent => return self.at_last(engine, DiagKind::Indentation, "unexpected indent"),
            Tok::Dedent => {
                return self.at_last(engine, DiagKind::Indentation, "unexpected unindent");
            }
            _ => {}
        }
        let place = self.range(engine, last, last);
        let diag = SyntaxDiag {
            kind: DiagKind::Syntax,
            message: "invalid syntax".to_owned(),
            place: Some(place),
        };
        self.lexer_goes_first(engine).unwrap_or(diag)
    }

    /// Reads on to the end of the text for an error that overrides one of the grammar.
    fn lexer_goes_first(&self, engine: &mut Engine<'_>) -> Option<SyntaxDiag> {
        let current = engine.tokens.last().copied()?;
        while engine.lex_error.is_none() && engine.tokens.last()?.kind != Tok::End {
            let next = engine.tokens.len();
            if engine.token(next).is_err() {
                break;
            }
        }
        let error = engine.lex_error.as_ref()?;
        if error.overrides {
            return Some(self.lexical(error));
        }
        let open_line = self.source.line_col(error.unclosed?).0;
        (self.source.line_col(current.start).0 > open_line).then(|| self.lexical(error))
    }

    fn raised(&self, engine: &Engine<'_>, raised: &Raised) -> SyntaxDiag {
        let kind = if raised.is_indentation { DiagKind::Indentation } else { DiagKind::Syntax };
        let place = match raised.place {
            Where::Here => return self.at_last(engine, kind, &raised.message),
            Where::Tokens(first, last) => self.range(engine, first, last),
            Where::From(first) => {
                let start = engine.tokens.get(first).map_or(0, |token| token.start);
                let cursor = engine.tokens.last().map_or(start, |token| token.cursor);
                let place = self.bytes(start, cursor);
                // CPython forgets to count this column from 1.
                Place { end_offset: place.end_offset - 1, ..place }
            }
            Where::LastByte(token) => {
                let end = engine.tokens.get(token).map_or(0, |token| token.end);
                Place { end_offset: 0, ..self.bytes(end.saturating_sub(1), end) }
            }
        };
        SyntaxDiag { kind, message: raised.message.clone(), place: Some(place) }
    }

    /// From the start of one token to the end of another.
    fn range(&self, engine: &Engine<'_>, first: usize, last: usize) -> Place {
        let first = engine.tokens.get(first);
        let start = first.map_or(0, |token| token.start);
        let end = engine.tokens.get(last).map_or(start, |token| token.end);
        match first {
            Some(token) if !token.has_column => {
                let line = self.shown_line(token.start);
                Place {
                    lineno: line,
                    offset: 0,
                    end_lineno: line,
                    end_offset: 0,
                    text: self.text(line),
                }
            }
            _ => self.bytes(start, end),
        }
    }

    /// CPython gives marks without a column the column its lexer has reached.
    fn no_column(&self, engine: &Engine<'_>, token: Token) -> Place {
        let cursor = engine.tokens.last().map_or(token.cursor, |last| last.cursor);
        let line = self.shown_line(token.start);
        let offset = self.column_on(line, cursor);
        Place { lineno: line, offset, end_lineno: line, end_offset: -1, text: self.text(line) }
    }

    fn bytes(&self, start: usize, end: usize) -> Place {
        let line = self.shown_line(start);
        let offset = self.column_on(line, start) + 1;
        // A newline belongs to the line it ends.
        let ends_line =
            end > start && self.source.text().get(..end).is_some_and(|it| it.ends_with('\n'));
        let end_line = self.shown_line(end - usize::from(ends_line));
        let end_offset = self.column_on(end_line, end) + 1;
        Place { lineno: line, offset, end_lineno: end_line, end_offset, text: self.text(line) }
    }

    fn at_last(&self, engine: &Engine<'_>, kind: DiagKind, message: &str) -> SyntaxDiag {
        let last = engine.tokens.len().saturating_sub(1);
        let place = match engine.tokens.last() {
            Some(token) if !token.has_column => self.no_column(engine, *token),
            _ => self.range(engine, last, last),
        };
        SyntaxDiag { kind, message: message.to_owned(), place: Some(place) }
    }

    /// The line of a byte; the end of the text belongs to its last line.
    fn shown_line(&self, at: usize) -> u32 {
        let text = self.source.text();
        if text.is_empty() {
            return 0;
        }
        let at_end = at >= text.len() && text.ends_with('\n');
        self.source.line_col(if at_end { text.len().saturating_sub(1) } else { at }).0
    }

    /// Characters between the start of `line` and a byte.
    fn column_on(&self, line: u32, at: usize) -> i32 {
        let text = self.source.text();
        let start = self.source.line_start(line).min(text.len());
        let head = text.get(start..at.min(text.len()).max(start)).unwrap_or_default();
        // The newline added to a text that lacks one counts too.
        let beyond = at.saturating_sub(text.len());
        i32::try_from(head.chars().count() + beyond).unwrap_or(i32::MAX - 2)
    }

    fn text(&self, line: u32) -> Option<String> {
        Some(self.source.line_text_nl(line))
    }

    fn lexical(&self, error: &LexError) -> SyntaxDiag {
        let place = match error.place {
            ErrorPlace::Cursor { at } => self.cursor_place(at, None),
            ErrorPlace::Columns { start, end } => {
                let line = self.shown_line(start);
                let columns = (self.column_on(line, start) + 1, self.column_on(line, end));
                self.cursor_place(start, Some(columns))
            }
            ErrorPlace::Start { at } => Place { end_offset: 0, ..self.bytes(at, at) },
            ErrorPlace::LineEnd { at } => {
                let line = self.shown_line(at);
                let n_chars = self.source.line_text(line).chars().count();
                let offset = i32::try_from(n_chars + 1).unwrap_or(i32::MAX);
                Place {
                    lineno: line,
                    offset,
                    end_lineno: line,
                    end_offset: -1,
                    text: self.text(line),
                }
            }
            ErrorPlace::LineStart { at } => {
                let line = self.shown_line(at);
                Place {
                    lineno: line,
                    offset: 1,
                    end_lineno: line,
                    end_offset: 0,
                    text: self.text(line),
                }
            }
        };
        SyntaxDiag { kind: error.kind, message: error.message.clone(), place: Some(place) }
    }

    fn cursor_place(&self, at: usize, columns: Option<(i32, i32)>) -> Place {
        let line = self.shown_line(at.saturating_sub(1));
        let offset = self.column_on(line, at);
        let (offset, end_offset) = columns.unwrap_or((offset, offset));
        let text = Some(self.source.line_text(line).to_owned());
        Place { lineno: line, offset, end_lineno: line, end_offset, text }
    }
}

/// Whether the lexer has met the end of the text.
///
/// Without a newline at the end, a token that touches the end counts: more letters could follow.
fn is_at_end(engine: &Engine<'_>, source: &Source, mode: Mode) -> bool {
    let text = source.text();
    let is_open = mode != Mode::Exec && !text.ends_with('\n');
    if let Some(error) = &engine.lex_error {
        return match is_open {
            // A backslash outside strings needs a newline after it, not just the end.
            true => {
                let is_string = error.overrides;
                error.at_last_newline || (error.at_end && (is_string || !text.ends_with('\\')))
            }
            false => error.at_end,
        };
    }
    engine.tokens.last().is_some_and(|token| match token.kind {
        Tok::End => true,
        Tok::Dedent => token.start >= text.len(),
        Tok::Newline => !token.has_column,
        _ => is_open && token.end >= text.len(),
    })
}

fn too_complex() -> SyntaxDiag {
    SyntaxDiag::bare(DiagKind::Syntax, "too many nested expressions or statements")
}

#[cfg(test)]
mod tests;
