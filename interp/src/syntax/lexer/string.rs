//! String literals, and the text and fields of f- and t-strings.

use super::{Lexer, MAX_FIELDS, Mode, Result, Tok, Token};

impl Lexer<'_> {
    /// Number of prefix letters if a string literal starts here.
    pub(super) fn string_prefix(&self) -> Option<usize> {
        let (mut b, mut r, mut u, mut f) = (false, false, false, false);
        for n in 0..3 {
            match self.peek_at(n) {
                b'\'' | b'"' => return Some(n),
                b'b' | b'B' if !(b || u || f) => b = true,
                b'u' | b'U' if !(b || u || r || f) => u = true,
                b'r' | b'R' if !(r || u) => r = true,
                b'f' | b'F' | b't' | b'T' if !(f || b || u) => f = true,
                _ => return None,
            }
        }
        None
    }

    /// Length of the opening quotes here: 3 or 1, or 2 for an empty string.
    fn quotes(&self) -> (u8, usize) {
        let quote = self.peek();
        let n_same = (0..3).take_while(|&n| self.peek_at(n) == quote).count();
        (quote, n_same)
    }

    pub(super) fn string(&mut self) -> Result {
        let (quote, n_same) = self.quotes();
        self.at += n_same;
        if n_same == 2 {
            return Ok(self.make(Tok::String));
        }
        let (mut n_end, mut escaped_quote) = (0, false);
        while n_end < n_same {
            if self.is_at_end() || (n_same == 1 && self.peek() == b'\n') {
                return self.unterminated(quote, n_same, escaped_quote);
            }
            let byte = self.peek();
            self.at += 1;
            if byte == quote {
                n_end += 1;
                continue;
            }
            n_end = 0;
            if byte == b'\\' && !self.is_at_end() {
                escaped_quote |= self.peek() == quote;
                self.at += 1;
            }
        }
        Ok(self.make(Tok::String))
    }

    fn unterminated(&self, quote: u8, n_quotes: usize, escaped_quote: bool) -> Result {
        let at = self.start + 1;
        if let Some(mode) = self.modes.last()
            && (mode.quote, mode.n_quotes) == (quote, n_quotes)
        {
            return self.error_at(at, format!("{}-string: expecting '}}'", mode.letter()));
        }
        let line = self.line_of(self.last_read());
        let triple = if n_quotes == 3 { "triple-quoted " } else { "" };
        let mut message = format!("unterminated {triple}string literal (detected at line {line})");
        if escaped_quote && n_quotes == 1 {
            message.push_str("; perhaps you escaped the end quote?");
        }
        self.unterminated_error(at, message)
    }

    fn unterminated_error(&self, at: usize, message: String) -> Result {
        let at_end = self.is_at_end();
        let at_last_newline = self.at + 1 == self.bytes.len();
        self.error_at(at, message).map_err(|mut error: Box<super::LexError>| {
            error.at_end = at_end;
            error.at_last_newline = at_last_newline;
            error
        })
    }

    /// The byte whose line CPython calls the current one: at the end, that of the last newline.
    fn last_read(&self) -> usize {
        if self.is_at_end() { self.at.saturating_sub(1) } else { self.at }
    }

    /// The start of an f- or t-string: prefix and quotes.
    pub(super) fn open_string(&mut self, is_template: bool) -> Result {
        let (quote, n_same) = self.quotes();
        let n_quotes = if n_same == 3 { 3 } else { 1 };
        let prefix = self.text.get(self.start..self.at).unwrap_or_default();
        let mode = Mode {
            is_template,
            is_raw: prefix.contains(['r', 'R']),
            quote,
            n_quotes,
            start: self.start,
            depth: 0,
            field_depth: -1,
            in_format: false,
            in_text: true,
        };
        self.at += n_quotes;
        if self.modes.len() >= 150 {
            return self.error(format!("too many nested {}-strings", mode.letter()));
        }
        self.modes.push(mode);
        Ok(self.make(if is_template { Tok::TStringStart } else { Tok::FStringStart }))
    }

    /// Text of the innermost f- or t-string, its end, or the start of a field.
    pub(super) fn string_token(&mut self) -> Result {
        let Some(mode) = self.modes.last().cloned() else { return self.plain_token() };
        self.start = self.at;
        if self.peek() == b'{' && self.peek_at(1) != b'{' {
            self.open_field()?;
            return self.plain_token();
        }
        if (0..mode.n_quotes).all(|n| self.peek_at(n) == mode.quote) {
            self.at += mode.n_quotes;
            self.modes.pop();
            return Ok(self.make(if mode.is_template { Tok::TStringEnd } else { Tok::FStringEnd }));
        }
        self.string_text(&mode)
    }

    fn open_field(&mut self) -> Result<()> {
        let Some(mode) = self.modes.last_mut() else { return Ok(()) };
        mode.field_depth += 1;
        mode.in_text = false;
        if mode.field_depth >= MAX_FIELDS {
            let message = format!("{}-string: expressions nested too deeply", mode.letter());
            return self.error(message);
        }
        Ok(())
    }

    fn string_text(&mut self, mode: &Mode) -> Result {
        let kind = if mode.is_template { Tok::TStringMiddle } else { Tok::FStringMiddle };
        let in_format = mode.in_format && mode.in_field();
        let (mut n_end, mut in_name) = (0, false);
        while n_end < mode.n_quotes {
            if self.is_at_end() || (mode.n_quotes == 1 && self.peek() == b'\n') {
                return self.text_ends_early(mode, kind, in_format);
            }
            let byte = self.peek();
            self.at += 1;
            if byte == mode.quote {
                n_end += 1;
                continue;
            }
            n_end = 0;
            match byte {
                b'{' => return self.text_before_open(kind, in_format),
                b'}' if in_name => return Ok(self.make(kind)),
                b'}' => return Ok(self.text_before_close(mode, kind, in_format)),
                b'\\' => in_name |= self.escape(mode),
                _ => {}
            }
        }
        self.at -= mode.n_quotes;
        Ok(self.make(kind))
    }

    fn text_before_open(&mut self, kind: Tok, in_format: bool) -> Result {
        if self.peek() == b'{' && !in_format {
            self.at += 1;
            return Ok(self.make_range(kind, self.start, self.at - 1));
        }
        self.at -= 1;
        self.open_field()?;
        Ok(self.make(kind))
    }

    fn text_before_close(&mut self, mode: &Mode, kind: Tok, in_format: bool) -> Token {
        if self.peek() == b'}' && !in_format && mode.depth == 0 {
            self.at += 1;
            return self.make_range(kind, self.start, self.at - 1);
        }
        self.at -= 1;
        self.set_in_text(false);
        self.make(kind)
    }

    /// Skips what a backslash escapes; true if a `\N{` name starts.
    fn escape(&mut self, mode: &Mode) -> bool {
        if self.is_at_end() || matches!(self.peek(), b'{' | b'}') {
            return false;
        }
        let byte = self.peek();
        self.at += 1;
        byte == b'N' && !mode.is_raw && self.eat(b'{')
    }

    fn set_in_text(&mut self, in_text: bool) {
        if let Some(mode) = self.modes.last_mut() {
            mode.in_text = in_text;
        }
    }

    fn text_ends_early(&mut self, mode: &Mode, kind: Tok, in_format: bool) -> Result {
        if in_format && !self.is_at_end() {
            if let Some(mode) = self.modes.last_mut() {
                mode.in_text = false;
                mode.in_format = false;
            }
            return Ok(self.make(kind));
        }
        let line = self.line_of(self.last_read());
        let triple = if mode.n_quotes == 3 { "triple-quoted " } else { "" };
        let letter = mode.letter();
        let message =
            format!("unterminated {triple}{letter}-string literal (detected at line {line})");
        self.unterminated_error(mode.start + 1, message)
    }
}
