//! Lines: indentation, continuation, comments, where a logical line ends.

use super::{DiagKind, ErrorPlace, Lexer, Result, Tok, Token};

const MAX_INDENTS: usize = 100;

impl Lexer<'_> {
    pub(super) fn plain_token(&mut self) -> Result {
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
}
