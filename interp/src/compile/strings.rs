//! F-strings and t-strings.

use ruff_python_ast::{
    ConversionFlag, FStringPart, FStringValue, InterpolatedElement, InterpolatedStringElement,
    InterpolatedStringElements, TStringValue,
};
use ruff_text_size::Ranged;
use rustpython_wtf8::Wtf8Buf;

use super::{Compiler, Done, Reg};
use crate::{
    code::{Const, Op, operand::conversion},
    syntax::literal,
};

/// One piece of a formatted string.
enum Piece<'a> {
    Text(Wtf8Buf),
    Value(&'a InterpolatedElement),
}

/// Most pieces joined by one `BuildString`.
const JOIN_MAX: usize = 30;

impl<'a> Compiler<'a> {
    pub(super) fn f_string(&mut self, value: &'a FStringValue, dst: Reg) -> Done {
        let mut pieces = Vec::new();
        for part in value.iter() {
            match part {
                FStringPart::Literal(text) => {
                    push_text(&mut pieces, &literal::str_value(self.source, text));
                }
                FStringPart::FString(part) => {
                    let is_raw = part.flags.prefix().is_raw();
                    self.pieces(&part.elements, is_raw, &mut pieces);
                }
            }
        }
        self.join(pieces, dst)
    }

    fn pieces(
        &self,
        elements: &'a InterpolatedStringElements,
        is_raw: bool,
        pieces: &mut Vec<Piece<'a>>,
    ) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(text) => {
                    let value =
                        literal::interpolated_value(self.source, text.range, &text.value, is_raw);
                    push_text(pieces, &value);
                }
                InterpolatedStringElement::Interpolation(value) => {
                    if let Some(debug) = &value.debug_text {
                        let text = without_comments(debug.as_str());
                        push_text(pieces, rustpython_wtf8::Wtf8::new(text.as_str()));
                    }
                    pieces.push(Piece::Value(value));
                }
            }
        }
    }

    fn join(&mut self, pieces: Vec<Piece<'a>>, dst: Reg) -> Done {
        match pieces.len() {
            0 => self.load_str(dst, ""),
            1 => self.piece(pieces.into_iter().next(), dst)?,
            _ => self.join_many(pieces, dst)?,
        }
        Ok(())
    }

    fn join_many(&mut self, pieces: Vec<Piece<'a>>, dst: Reg) -> Done {
        let mark = self.u.top;
        let first = self.temp()?;
        let mut n = 0;
        let mut waiting = pieces.into_iter().peekable();
        while waiting.peek().is_some() {
            let r = if n == 0 { first } else { self.temp()? };
            self.piece(waiting.next(), r)?;
            n += 1;
            if n >= JOIN_MAX || !self.has_room(1) || waiting.peek().is_none() {
                self.op(Op::BuildString, first, first, 0, n as i32);
                self.u.top = u32::from(first) + 1;
                n = 1;
            }
        }
        self.mov_dead(dst, first);
        self.u.top = mark;
        Ok(())
    }

    fn piece(&mut self, piece: Option<Piece<'a>>, dst: Reg) -> Done {
        match piece {
            Some(Piece::Text(text)) => self.load_const(dst, Const::Str(text)),
            Some(Piece::Value(value)) => {
                let outer = std::mem::replace(&mut self.u.at, value.range);
                self.formatted(value, dst)?;
                self.u.at = outer;
            }
            None => {}
        }
        Ok(())
    }

    fn formatted(&mut self, value: &'a InterpolatedElement, dst: Reg) -> Done {
        let mark = self.u.top;
        let src = self.operand(&value.expression, dst)?;
        let conv = conversion_of(value);
        match &value.format_spec {
            Some(spec) => {
                let r = self.temp()?;
                let mut pieces = Vec::new();
                self.pieces(&spec.elements, false, &mut pieces);
                self.join(pieces, r)?;
                self.op(Op::FormatSpec, dst, src, r, i32::from(conv));
            }
            None => self.op(Op::FormatSimple, dst, src, conv, 0),
        }
        self.u.top = mark;
        Ok(())
    }

    pub(super) fn t_string(&mut self, value: &'a TStringValue, dst: Reg) -> Done {
        let mut pieces = Vec::new();
        for part in value.iter() {
            let is_raw = part.flags.prefix().is_raw();
            self.pieces(&part.elements, is_raw, &mut pieces);
        }
        let mut strings = vec![Wtf8Buf::new()];
        let mut values = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => {
                    if let Some(last) = strings.last_mut() {
                        last.push_wtf8(&text);
                    }
                }
                Piece::Value(value) => {
                    values.push(value);
                    strings.push(Wtf8Buf::new());
                }
            }
        }
        let mark = self.u.top;
        let (all, r) = (self.temp()?, self.temp()?);
        self.op(Op::BuildList, all, all, 0, 0);
        for value in values {
            let outer = std::mem::replace(&mut self.u.at, value.range);
            self.interpolation(value, r)?;
            self.op(Op::ListAppend, all, r, 0, 0);
            self.u.at = outer;
        }
        self.op(Op::ListToTuple, all, all, 0, 0);
        self.load_const(r, Const::Tuple(strings.into_iter().map(Const::Str).collect()));
        self.op(Op::BuildTemplate, dst, r, all, 0);
        self.u.top = mark;
        Ok(())
    }

    fn interpolation(&mut self, value: &'a InterpolatedElement, dst: Reg) -> Done {
        let mark = self.u.top;
        let parts = self.temps(3)?;
        self.expr_to(&value.expression, parts)?;
        let text = self.interpolation_text(value);
        self.load_str(parts + 1, &text);
        match &value.format_spec {
            Some(spec) => {
                let mut pieces = Vec::new();
                self.pieces(&spec.elements, false, &mut pieces);
                self.join(pieces, parts + 2)?;
            }
            None => self.load_str(parts + 2, ""),
        }
        self.op(Op::BuildInterpolation, dst, parts, conversion_of(value), 0);
        self.u.top = mark;
        Ok(())
    }

    /// The expression as written, without the blanks behind it.
    fn interpolation_text(&self, value: &InterpolatedElement) -> String {
        if let Some(debug) = &value.debug_text {
            let text = format!("{}{}", debug.leading(), debug.expression());
            return text.trim().to_owned();
        }
        // Parentheses around the expression belong to its text but not to its range.
        let start = usize::from(value.range.start()) + 1;
        let inner = value.expression.range();
        let mut end = usize::from(inner.end());
        let text = self.source.get(usize::from(inner.start())..).unwrap_or_default();
        let bytes = text.as_bytes();
        let opened = self
            .source
            .get(start..usize::from(inner.start()))
            .map_or(0, |before| before.bytes().filter(|&byte| byte == b'(').count());
        let mut at = usize::from(inner.len());
        for _ in 0..opened {
            while bytes.get(at).is_some_and(|&byte| byte != b')') {
                at += 1;
            }
            at += 1;
            end = usize::from(inner.start()) + at;
        }
        self.source.get(start..end).unwrap_or_default().trim().to_owned()
    }
}

/// The text of `{expression=}`, without comments.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut quote, mut in_comment) = (None, false);
    for c in text.chars() {
        match c {
            '\n' => in_comment = false,
            '#' if quote.is_none() => in_comment = true,
            '\'' | '"' if !in_comment && quote.is_none() => quote = Some(c),
            _ if !in_comment && quote == Some(c) => quote = None,
            _ => {}
        }
        if !in_comment {
            out.push(c);
        }
    }
    out
}

fn push_text(pieces: &mut Vec<Piece<'_>>, text: &rustpython_wtf8::Wtf8) {
    if text.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(Piece::Text(last)) => last.push_wtf8(text),
        _ => pieces.push(Piece::Text(text.to_wtf8_buf())),
    }
}

/// With `=` and neither conversion nor format spec, the conversion is `repr`.
fn conversion_of(value: &InterpolatedElement) -> u8 {
    match value.conversion {
        ConversionFlag::Str => conversion::STR,
        ConversionFlag::Repr => conversion::REPR,
        ConversionFlag::Ascii => conversion::ASCII,
        ConversionFlag::None if value.debug_text.is_some() && value.format_spec.is_none() => {
            conversion::REPR
        }
        ConversionFlag::None => conversion::NONE,
    }
}
