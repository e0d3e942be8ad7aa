//! Number literals.

use super::{Lexer, Result, Tok};

impl Lexer<'_> {
    pub(super) fn number(&mut self) -> Result {
        if self.peek() == b'0' {
            match self.peek_at(1) {
                b'x' | b'X' => return self.radix(16, "hexadecimal"),
                b'o' | b'O' => return self.radix(8, "octal"),
                b'b' | b'B' => return self.radix(2, "binary"),
                _ => return self.zeros(),
            }
        }
        if self.peek() != b'.' {
            self.digits()?;
        }
        self.fraction()
    }

    /// `0x`, `0o` or `0b` and groups of digits.
    fn radix(&mut self, radix: u32, name: &str) -> Result {
        self.at += 2;
        loop {
            self.eat(b'_');
            let byte = self.peek();
            if !char::from(byte).is_digit(radix) {
                if radix < 16 && byte.is_ascii_digit() {
                    self.at += 1;
                    return self.bad_digit(byte, name);
                }
                return self.error(format!("invalid {name} literal"));
            }
            while char::from(self.peek()).is_digit(radix) {
                self.at += 1;
            }
            if self.peek() != b'_' {
                break;
            }
        }
        let byte = self.peek();
        if radix < 16 && byte.is_ascii_digit() {
            self.at += 1;
            return self.bad_digit(byte, name);
        }
        self.finish(name)
    }

    fn bad_digit(&self, byte: u8, name: &str) -> Result {
        self.error(format!("invalid digit '{}' in {name} literal", char::from(byte)))
    }

    /// A number that starts with 0: only 0 itself, or a float.
    fn zeros(&mut self) -> Result {
        while self.peek() == b'0' || self.peek() == b'_' {
            if self.eat(b'_') {
                if !self.peek().is_ascii_digit() {
                    return self.error("invalid decimal literal");
                }
            } else {
                self.at += 1;
            }
        }
        let zeros_end = self.at;
        let is_octal = self.peek().is_ascii_digit();
        if is_octal {
            self.digits()?;
        }
        if matches!(self.peek(), b'.' | b'e' | b'E' | b'j' | b'J') {
            return self.fraction();
        }
        if is_octal && !self.extra {
            let message = "leading zeros in decimal integer literals are not permitted; \
                           use an 0o prefix for octal integers";
            let place = super::ErrorPlace::Columns { start: self.start, end: zeros_end + 1 };
            return self.error(message).map_err(|mut error| {
                error.place = place;
                error
            });
        }
        self.finish("decimal")
    }

    /// Digits in groups, from a digit on.
    fn digits(&mut self) -> Result<()> {
        loop {
            while self.peek().is_ascii_digit() {
                self.at += 1;
            }
            if !self.eat(b'_') {
                return Ok(());
            }
            if !self.peek().is_ascii_digit() {
                return self.error("invalid decimal literal");
            }
        }
    }

    /// Fraction, exponent and suffix, each optional.
    fn fraction(&mut self) -> Result {
        if self.eat(b'.') && self.peek().is_ascii_digit() {
            self.digits()?;
        }
        if matches!(self.peek(), b'e' | b'E') {
            let sign = usize::from(matches!(self.peek_at(1), b'+' | b'-'));
            if self.peek_at(1 + sign).is_ascii_digit() {
                self.at += 1 + sign;
                self.digits()?;
            } else if sign == 1 {
                self.at += 2;
                return self.error("invalid decimal literal");
            } else {
                return self.finish("decimal");
            }
        }
        if matches!(self.peek(), b'j' | b'J') {
            self.at += 1;
            return self.finish("imaginary");
        }
        self.finish("decimal")
    }

    /// A number must not run into a name; some keywords are tolerated with a warning.
    fn finish(&mut self, name: &str) -> Result {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let keywords: [&[u8]; 8] = [b"and", b"else", b"for", b"if", b"in", b"is", b"or", b"not"];
        if self.extra {
            return Ok(self.make(Tok::Number));
        }
        if keywords.iter().any(|keyword| rest.starts_with(keyword)) {
            self.warnings.push((self.at, format!("invalid {name} literal")));
        } else if self.peek() == b'_' || self.peek().is_ascii_alphanumeric() {
            return self.error(format!("invalid {name} literal"));
        }
        Ok(self.make(Tok::Number))
    }
}
