//! What a match remembers to go back: choices that were left, and what to put back on the way to them.

use taipan_objects::{Completion, Cx, raise};

use super::{
    matcher::{Matcher, Place},
    program::{Op, Program},
    text::Text,
};

/// Frames of the stack at most (1.5 GiB).
const MAX_FRAMES: usize = 1 << 26;
/// Choices taken between two looks at signals and other threads.
const PATIENCE: u32 = 1 << 16;
/// No place.
pub(super) const NOWHERE: usize = usize::MAX;

/// How far a repeat of a group is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    /// Items matched.
    pub(super) count: u32,
    /// Where the last item began that was not necessary.
    pub(super) last: usize,
}

impl Progress {
    pub(super) const NONE: Self = Self { count: 0, last: NOWHERE };
}

/// An entry of the stack.
#[derive(Clone, Copy, Debug)]
pub(super) enum Frame {
    /// A choice: go on there.
    Try { pc: u32, pos: usize },
    /// A choice: a run shorter than to `pos`, but not shorter than to `low`.
    Shorter { run: u32, low: usize, pos: usize },
    /// A choice: up to `left` characters more of a run.
    Longer { run: u32, left: u32, pos: usize },
    /// A choice: one more item of a lazy repeat.
    Again { number: u32, pos: usize },
    /// To put back: a mark, and the group that was the last one closed.
    Mark { mark: u32, last_index: u32, pos: usize },
    /// To put back: the progress of a repeat.
    Progress { number: u32, progress: Progress },
    /// A section (the instruction tells which) was begun at `pos`.
    Section { pc: u32, pos: usize },
}

/// The stack with the state that it can put back.
#[derive(Debug, Default)]
pub(super) struct Memory {
    frames: Vec<Frame>,
    /// Where the frames of each section under way begin.
    sections: Vec<usize>,
    pub(super) marks: Vec<usize>,
    pub(super) last_index: u32,
    progress: Vec<Progress>,
    steps: u32,
}

impl Memory {
    pub(super) fn new(program: &Program) -> Self {
        Self {
            marks: vec![NOWHERE; program.n_marks],
            progress: vec![Progress::NONE; program.loops.len()],
            ..Self::default()
        }
    }

    /// Forgets the match before.
    pub(super) fn reset(&mut self) {
        self.frames.clear();
        self.sections.clear();
        self.marks.fill(NOWHERE);
        self.last_index = 0;
    }

    #[inline]
    pub(super) fn push(&mut self, cx: &mut Cx, frame: Frame) -> Completion<()> {
        if self.frames.len() == self.frames.capacity() {
            self.grow(cx)?;
        }
        self.frames.push(frame);
        Ok(())
    }

    #[cold]
    fn grow(&mut self, cx: &mut Cx) -> Completion<()> {
        let n = self.frames.len().max(32);
        if n >= MAX_FRAMES || self.frames.try_reserve_exact(n).is_err() {
            return raise!(cx, MemoryError, "regular expression leaves too many choices open");
        }
        Ok(())
    }

    /// As [`Self::push`] for what is to be put back; nobody comes back for it if there is no choice.
    #[inline]
    fn note(&mut self, cx: &mut Cx, frame: Frame) -> Completion<()> {
        if self.frames.is_empty() { Ok(()) } else { self.push(cx, frame) }
    }

    #[inline]
    pub(super) fn set_mark(&mut self, cx: &mut Cx, mark: u32, pos: usize) -> Completion<()> {
        let old = self.marks[mark as usize];
        self.note(cx, Frame::Mark { mark, last_index: self.last_index, pos: old })?;
        self.marks[mark as usize] = pos;
        if mark % 2 == 1 {
            self.last_index = mark / 2 + 1;
        }
        Ok(())
    }

    #[inline]
    pub(super) fn progress(&self, number: u32) -> Progress {
        self.progress[number as usize]
    }

    #[inline]
    pub(super) fn set_progress(
        &mut self,
        cx: &mut Cx,
        number: u32,
        progress: Progress,
    ) -> Completion<()> {
        let old = self.progress[number as usize];
        self.note(cx, Frame::Progress { number, progress: old })?;
        self.progress[number as usize] = progress;
        Ok(())
    }

    pub(super) fn open_section(&mut self, cx: &mut Cx, pc: u32, pos: usize) -> Completion<()> {
        self.sections.push(self.frames.len());
        self.push(cx, Frame::Section { pc, pos })
    }

    /// Ends the innermost section, which has matched; its instruction and where it began, or `None` without one.
    /// What it has changed stays if `keep`, but its choices are gone.
    pub(super) fn close_section(&mut self, keep: impl FnOnce(u32) -> bool) -> Option<Place> {
        let base = self.sections.pop()?;
        let Frame::Section { pc, pos } = self.frames[base] else { return None };
        if keep(pc) {
            let mut to = base;
            for from in base + 1..self.frames.len() {
                // With nothing below there is no choice to go back to.
                if base > 0
                    && matches!(self.frames[from], Frame::Mark { .. } | Frame::Progress { .. })
                {
                    self.frames[to] = self.frames[from];
                    to += 1;
                }
            }
            self.frames.truncate(to);
        } else {
            while self.frames.len() > base {
                self.frames.pop().inspect(|&frame| self.put_back(frame));
            }
        }
        Some(Place { pc, pos })
    }

    #[inline]
    fn put_back(&mut self, frame: Frame) {
        match frame {
            Frame::Mark { mark, last_index, pos } => {
                self.marks[mark as usize] = pos;
                self.last_index = last_index;
            }
            Frame::Progress { number, progress } => self.progress[number as usize] = progress,
            _ => {}
        }
    }

    /// From time to time: signals, other threads.
    #[inline]
    fn step(&mut self, cx: &mut Cx) -> Completion<()> {
        self.steps += 1;
        if self.steps < PATIENCE {
            return Ok(());
        }
        self.steps = 0;
        crate::txn::driver::poll_native(cx)
    }
}

impl Matcher<'_> {
    /// Goes back to the latest choice that has something left; `None` if there is none.
    pub(super) fn back<T: Text>(&mut self, cx: &mut Cx, text: T) -> Completion<Option<Place>> {
        self.memory.step(cx)?;
        while let Some(frame) = self.memory.frames.pop() {
            let place = match frame {
                Frame::Try { pc, pos } => Some(Place { pc, pos }),
                Frame::Shorter { run, low, pos } => self.shorter(cx, text, run, low, pos)?,
                Frame::Longer { run, left, pos } => self.longer(cx, text, run, left, pos)?,
                Frame::Again { number, pos } => Some(self.again(cx, number, pos)?),
                Frame::Section { pc, pos } => self.section_failed(pc, pos),
                Frame::Mark { .. } | Frame::Progress { .. } => {
                    self.memory.put_back(frame);
                    None
                }
            };
            if place.is_some() {
                return Ok(place);
            }
        }
        Ok(None)
    }

    /// The next shorter run that what follows may go with.
    pub(super) fn shorter<T: Text>(
        &mut self,
        cx: &mut Cx,
        text: T,
        number: u32,
        low: usize,
        mut pos: usize,
    ) -> Completion<Option<Place>> {
        let run = &self.program.runs[number as usize];
        while pos > low
            && let Some((_, before)) = text.previous(pos)
        {
            pos = before;
            if run.next.as_ref().is_none_or(|first| text.may_be(pos, first)) {
                if pos > low {
                    self.memory.push(cx, Frame::Shorter { run: number, low, pos })?;
                }
                return Ok(Some(Place { pc: run.tail, pos }));
            }
        }
        Ok(None)
    }

    /// The next longer run that what follows may go with.
    fn longer<T: Text>(
        &mut self,
        cx: &mut Cx,
        text: T,
        number: u32,
        mut left: u32,
        mut pos: usize,
    ) -> Completion<Option<Place>> {
        let run = &self.program.runs[number as usize];
        while left > 0
            && let Some((c, next)) = text.next(pos)
            && run.class.has(c)
        {
            (pos, left) = (next, left - 1);
            if run.next.as_ref().is_none_or(|first| text.may_be(pos, first)) {
                self.memory.push(cx, Frame::Longer { run: number, left, pos })?;
                return Ok(Some(Place { pc: run.tail, pos }));
            }
        }
        Ok(None)
    }

    fn again(&mut self, cx: &mut Cx, number: u32, pos: usize) -> Completion<Place> {
        let progress = Progress { last: pos, ..self.memory.progress(number) };
        self.memory.set_progress(cx, number, progress)?;
        Ok(Place { pc: self.program.loops[number as usize].body, pos })
    }

    /// Nothing is left of the section that was begun at `pos`.
    fn section_failed(&mut self, pc: u32, pos: usize) -> Option<Place> {
        self.memory.sections.pop();
        match self.program.ops[pc as usize] {
            Op::Look { look, end } if self.program.looks[look as usize].negated => {
                Some(Place { pc: end, pos })
            }
            Op::Possessive(l) => {
                let row = &self.program.loops[l as usize];
                let enough = self.memory.progress(l).count >= row.min;
                enough.then_some(Place { pc: row.tail, pos })
            }
            _ => None,
        }
    }
}
