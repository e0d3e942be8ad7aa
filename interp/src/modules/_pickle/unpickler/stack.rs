//! The stack of an unpickler, and the marks on it.
//!
//! - Holds: nothing below the last mark is read or taken off before the mark is.

use taipan_objects::{Completion, Cx, Escape, Value, protocol::RootVec};

use super::super::errors;

#[derive(Default)]
pub(super) struct Stack {
    values: RootVec,
    marks: Vec<usize>,
}

impl Stack {
    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    #[inline]
    pub(super) fn push(&mut self, cx: &mut Cx, v: Value) -> Completion<()> {
        self.values.push(cx, v)
    }

    #[inline]
    pub(super) fn pop(&mut self, cx: &mut Cx) -> Completion<Value> {
        if self.values.len() <= self.floor() {
            return Err(self.underflow(cx));
        }
        Ok(self.values.pop())
    }

    #[inline]
    pub(super) fn top(&mut self, cx: &mut Cx) -> Completion<Value> {
        if self.values.len() <= self.floor() {
            return Err(self.underflow(cx));
        }
        Ok(self.values.get(self.values.len() - 1))
    }

    pub(super) fn mark(&mut self) {
        self.marks.push(self.values.len());
    }

    /// Takes the last mark away; what lay above it begins where it was.
    pub(super) fn unmark(&mut self, cx: &mut Cx) -> Completion<usize> {
        match self.marks.pop() {
            Some(at) => Ok(at),
            None => Err(errors::unpickling(cx, "could not find MARK")),
        }
    }

    /// Where the last `n` values begin.
    #[inline]
    pub(super) fn last(&self, cx: &mut Cx, n: usize) -> Completion<usize> {
        match self.values.len().checked_sub(n) {
            Some(at) if at >= self.floor() => Ok(at),
            _ => Err(self.underflow(cx)),
        }
    }

    /// The value below place `at`, to which what lies from there on belongs.
    #[inline]
    pub(super) fn below(&self, cx: &mut Cx, at: usize) -> Completion<Value> {
        match at.checked_sub(1) {
            Some(i) if i >= self.floor() && i < self.values.len() => Ok(self.values.get(i)),
            _ => Err(self.underflow(cx)),
        }
    }

    /// The values from place `at` on. They stay alive until they are dropped.
    #[inline]
    pub(super) fn from(&self, at: usize) -> &'static [Value] {
        self.values.as_slice().get(at..).unwrap_or_default()
    }

    /// Drops the values from place `at` on.
    #[inline]
    pub(super) fn drop_from(&mut self, at: usize) {
        self.values.truncate(at);
    }

    /// POP: a mark on top, or else a value.
    pub(super) fn discard(&mut self, cx: &mut Cx) -> Completion<()> {
        if self.marks.last() == Some(&self.values.len()) {
            self.marks.pop();
            return Ok(());
        }
        self.pop(cx).map(drop)
    }

    #[cold]
    fn underflow(&self, cx: &mut Cx) -> Escape {
        let text = if self.marks.is_empty() {
            "unpickling stack underflow"
        } else {
            "unexpected MARK found"
        };
        errors::unpickling(cx, text)
    }
}
