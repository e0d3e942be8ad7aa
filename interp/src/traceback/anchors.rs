//! Which part of an expression went wrong: the operator, or what stands in brackets.
//!
//! Positions are (line, character) within the segment, lines from 0.

use ruff_python_ast::{Expr, Stmt};
use ruff_python_parser::parse_module;
use ruff_text_size::{Ranged, TextSize};

/// The part to mark with `^` inside a stretch of `~`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Anchors {
    /// Its first character.
    pub(super) left: (usize, usize),
    /// The position after its last character.
    pub(super) right: (usize, usize),
}

/// Finds the anchors of the expression `segment`; `None` if there is nothing to set apart.
pub(super) fn find_anchors(segment: &str) -> Option<Anchors> {
    let wrapped = format!("(\n{segment}\n)");
    let suite = parse_module(&wrapped).ok()?.into_suite();
    let [Stmt::Expr(stmt)] = suite.as_slice() else { return None };
    let text = Text::new(segment, &wrapped);
    match &*stmt.value {
        Expr::BinOp(it) => text.operator(&it.left, &it.right),
        Expr::Subscript(it) => text.bracket(&it.value, '[', it.end()),
        Expr::Call(it) => text.bracket(&it.func, '(', it.end()),
        _ => None,
    }
}

struct Text<'a> {
    wrapped: &'a str,
    lines: Vec<Vec<char>>,
}

type At = (usize, usize);

impl<'a> Text<'a> {
    fn new(segment: &str, wrapped: &'a str) -> Self {
        Self { wrapped, lines: segment.split('\n').map(|line| line.chars().collect()).collect() }
    }

    /// Turns an offset in the wrapped text, which has one more line above, into a position.
    fn position(&self, offset: TextSize) -> Option<At> {
        let before = self.wrapped.get(..usize::from(offset))?;
        let line = before.matches('\n').count().checked_sub(1)?;
        let line_start = before.rfind('\n')? + 1;
        Some((line, before.get(line_start..)?.chars().count()))
    }

    fn char_at(&self, (line, col): At) -> Option<char> {
        self.lines.get(line)?.get(col).copied()
    }

    /// `at`, or the first character of the next line that has one.
    fn valid(&self, (mut line, mut col): At) -> Option<At> {
        while col >= self.lines.get(line)?.len() {
            (line, col) = (line + 1, 0);
        }
        Some((line, col))
    }

    /// The first character from `at` on that `stop` accepts, comments and continuations skipped.
    fn until(&self, mut at: At, stop: impl Fn(char) -> bool) -> Option<At> {
        loop {
            let c = self.char_at(at)?;
            at = match c {
                '\\' | '#' => self.valid((at.0 + 1, 0))?,
                _ if stop(c) => return Some(at),
                _ => self.valid((at.0, at.1 + 1))?,
            };
        }
    }

    fn operator(&self, left: &Expr, right: &Expr) -> Option<Anchors> {
        let from = self.valid(self.position(left.end())?)?;
        let first = self.until(from, |c| !c.is_whitespace() && c != ')')?;
        let mut after = (first.0, first.1 + 1);
        // An operator has one or two characters.
        let second = self.char_at(after);
        if second.is_some_and(|c| !c.is_whitespace() && !matches!(c, '\\' | '#'))
            && after < self.position(right.start())?
        {
            after.1 += 1;
        }
        Some(Anchors { left: first, right: after })
    }

    fn bracket(&self, head: &Expr, open: char, end: TextSize) -> Option<Anchors> {
        let from = self.valid(self.position(head.end())?)?;
        let left = self.until(from, |c| c == open)?;
        Some(Anchors { left, right: self.position(end)? })
    }
}
