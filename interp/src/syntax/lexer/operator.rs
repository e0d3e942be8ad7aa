//! Operators and brackets, and which bracket closes which.

use super::{Lexer, Open, Result, Tok};

const MAX_BRACKETS: usize = 200;

impl Lexer<'_> {
    pub(super) fn operator(&mut self, byte: u8) -> Result {
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
    pub(super) fn line_of(&self, at: usize) -> usize {
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
