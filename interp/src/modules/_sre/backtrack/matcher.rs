//! Running a program forward, and looking for where it matches.

use rustpython_sre_engine::SreAtCode;
use taipan_objects::{Completion, Cx};

use super::{
    class::{Fold, is_word},
    first::First,
    program::{Alternative, Greed, Op, Program, UNLIMITED},
    stack::{Frame, Memory, NOWHERE, Progress},
    text::Text,
};
use crate::modules::_sre::engine::Mode;

/// Later alternatives looked at before the way back is remembered.
const LOOK_AHEAD: usize = 4;

/// An instruction and the place in the subject where it is run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) pc: u32,
    pub(super) pos: usize,
}

/// What is asked for.
#[derive(Clone, Copy)]
struct Goal {
    /// The only end, or any.
    end: Option<usize>,
    /// An end that does not count.
    not: usize,
}

impl Goal {
    fn accepts(self, pos: usize) -> bool {
        self.end.is_none_or(|end| end == pos) && pos != self.not
    }
}

/// A program with what it needs to run.
#[derive(Debug)]
pub(in crate::modules::_sre) struct Matcher<'p> {
    pub(super) program: &'p Program,
    pub(super) memory: Memory,
}

fn may_be<T: Text>(text: T, pos: usize, first: Option<&First>) -> bool {
    first.is_none_or(|first| text.may_be(pos, first))
}

impl<'p> Matcher<'p> {
    pub(in crate::modules::_sre) fn new(program: &'p Program) -> Self {
        Self { program, memory: Memory::new(program) }
    }

    /// Where a group matched, in bytes.
    pub(in crate::modules::_sre) fn group(&self, i: usize) -> Option<(usize, usize)> {
        let (&from, &to) = (self.memory.marks.get(2 * i)?, self.memory.marks.get(2 * i + 1)?);
        (from != NOWHERE && to != NOWHERE && from <= to).then_some((from, to))
    }

    /// Number of the last group closed; 0 for none.
    pub(in crate::modules::_sre) fn last_index(&self) -> u32 {
        self.memory.last_index
    }

    /// The match at `at` or, searching, behind it: its bytes.
    ///
    /// # Errors
    /// `MemoryError`; exceptions of signal handlers; the attempt's abort.
    pub(in crate::modules::_sre) fn find<T: Text>(
        &mut self,
        cx: &mut Cx,
        text: T,
        at: usize,
        mode: Mode,
        must_advance: bool,
    ) -> Completion<Option<(usize, usize)>> {
        let len = text.bytes().len();
        let end = (mode == Mode::FullMatch).then_some(len);
        let mut goal = Goal { end, not: if must_advance { at } else { NOWHERE } };
        if mode != Mode::Search {
            if len.saturating_sub(at) < self.program.min_width {
                return Ok(None);
            }
            return Ok(self.run(cx, text, at, goal)?.map(|end| (at, end)));
        }
        let mut at = at;
        while let Some(start) = self.candidate(text, at) {
            if start > at {
                goal.not = NOWHERE;
            }
            if let Some(end) = self.run(cx, text, start, goal)? {
                return Ok(Some((start, end)));
            }
            let Some((_, next)) = text.next(start) else { break };
            at = next;
            goal.not = NOWHERE;
        }
        Ok(None)
    }

    /// The next place from `at` on where a match may begin.
    fn candidate<T: Text>(&self, text: T, at: usize) -> Option<usize> {
        let rest = text.bytes().get(at..)?;
        if rest.len() < self.program.min_width {
            return None;
        }
        if let Some(prefix) = &self.program.prefix {
            return prefix.find(rest).map(|i| at + i);
        }
        match &self.program.first {
            None => Some(at),
            Some(first) => {
                let mut at = at;
                while !text.may_be(at, first) {
                    (_, at) = text.next(at)?;
                }
                Some(at)
            }
        }
    }

    /// Where the match that begins at `pos` ends.
    fn run<T: Text>(
        &mut self,
        cx: &mut Cx,
        text: T,
        pos: usize,
        goal: Goal,
    ) -> Completion<Option<usize>> {
        self.memory.reset();
        let mut place = Place { pc: 0, pos };
        loop {
            if let Some(end) = self.forward(cx, text, place, goal)? {
                return Ok(Some(end));
            }
            match self.back(cx, text)? {
                Some(next) => place = next,
                None => return Ok(None),
            }
        }
    }

    /// Runs on from `place`: to the end of the match, or to where it fails.
    fn forward<T: Text>(
        &mut self,
        cx: &mut Cx,
        text: T,
        place: Place,
        goal: Goal,
    ) -> Completion<Option<usize>> {
        let program = self.program;
        let Place { mut pc, mut pos } = place;
        loop {
            let next = match program.ops[pc as usize] {
                Op::Fail => None,
                Op::Char(want) => text
                    .next(pos)
                    .and_then(|(c, pos)| (c == want).then_some(Place { pc: pc + 1, pos })),
                Op::One(class) => text.next(pos).and_then(|(c, pos)| {
                    program.classes[class as usize].has(c).then_some(Place { pc: pc + 1, pos })
                }),
                Op::Run(run) => self.run_of_one(cx, text, run, pos)?,
                Op::At(at) => is_at(text, at, pos).then_some(Place { pc: pc + 1, pos }),
                Op::Mark(mark) => {
                    self.memory.set_mark(cx, mark, pos)?;
                    Some(Place { pc: pc + 1, pos })
                }
                Op::Backref { group, fold } => {
                    self.backref(text, group, fold, pos).map(|pos| Place { pc: pc + 1, pos })
                }
                Op::IfGroup { group, otherwise } => {
                    let matched = self.group(group as usize).is_some();
                    Some(Place { pc: if matched { pc + 1 } else { otherwise }, pos })
                }
                Op::Jump(pc) => Some(Place { pc, pos }),
                Op::Alternative(a) => {
                    Some(self.alternative(cx, text, &program.alternatives[a as usize], pc, pos)?)
                }
                Op::Loop(l) => self.enter(cx, text, l, pos)?,
                Op::Until(l) => self.until(cx, text, l, pos)?,
                Op::Look { look, end } => self.look(cx, text, pc, look, end, pos)?,
                Op::Atomic { .. } => {
                    self.memory.open_section(cx, pc, pos)?;
                    Some(Place { pc: pc + 1, pos })
                }
                Op::Possessive(l) => {
                    self.memory.set_progress(cx, l, Progress::NONE)?;
                    Some(self.possessive(cx, pc, l, pos)?)
                }
                Op::Accept => match self.accept(cx, pos)? {
                    None => return Ok(goal.accepts(pos).then_some(pos)),
                    Some(next) => next,
                },
            };
            let Some(next) = next else { return Ok(None) };
            Place { pc, pos } = next;
        }
    }

    fn run_of_one<T: Text>(
        &mut self,
        cx: &mut Cx,
        text: T,
        number: u32,
        pos: usize,
    ) -> Completion<Option<Place>> {
        let run = &self.program.runs[number as usize];
        let lazy = run.greed == Greed::Lazy;
        let (end, n) = text.run(&run.class, pos, if lazy { run.min } else { run.max });
        if n < run.min as usize {
            return Ok(None);
        }
        if lazy {
            let left = if run.max == UNLIMITED { UNLIMITED } else { run.max - run.min };
            self.memory.push(cx, Frame::Longer { run: number, left, pos: end })?;
        } else if run.greed == Greed::Greedy && n > run.min as usize {
            let low = match run.min {
                0 => pos,
                min => text.run(&run.class, pos, min).0,
            };
            if !may_be(text, end, run.next.as_deref()) {
                return self.shorter(cx, text, number, low, end);
            }
            self.memory.push(cx, Frame::Shorter { run: number, low, pos: end })?;
        }
        Ok(may_be(text, end, run.next.as_deref()).then_some(Place { pc: run.tail, pos: end }))
    }

    /// The first alternative from `here` on that may match.
    fn alternative<T: Text>(
        &mut self,
        cx: &mut Cx,
        text: T,
        here: &Alternative,
        pc: u32,
        pos: usize,
    ) -> Completion<Place> {
        if !may_be(text, pos, here.first.as_deref()) {
            return Ok(Place { pc: here.otherwise, pos });
        }
        let mut otherwise = here.otherwise;
        for _ in 0..LOOK_AHEAD {
            match self.program.ops[otherwise as usize] {
                Op::Fail => return Ok(Place { pc: pc + 1, pos }),
                Op::Alternative(a) => {
                    let later = &self.program.alternatives[a as usize];
                    if may_be(text, pos, later.first.as_deref()) {
                        break;
                    }
                    otherwise = later.otherwise;
                }
                _ => break,
            }
        }
        self.memory.push(cx, Frame::Try { pc: otherwise, pos })?;
        Ok(Place { pc: pc + 1, pos })
    }

    fn enter<T: Text>(
        &mut self,
        cx: &mut Cx,
        text: T,
        number: u32,
        pos: usize,
    ) -> Completion<Option<Place>> {
        let row = &self.program.loops[number as usize];
        if !row.plain {
            return self.iterate(cx, text, number, pos, Progress::NONE);
        }
        if row.min == 0 {
            return self.more_or_leave(cx, text, number, pos);
        }
        Ok(Some(Place { pc: row.body, pos }))
    }

    fn until<T: Text>(
        &mut self,
        cx: &mut Cx,
        text: T,
        number: u32,
        pos: usize,
    ) -> Completion<Option<Place>> {
        if self.program.loops[number as usize].plain {
            return self.more_or_leave(cx, text, number, pos);
        }
        let Progress { count, last } = self.memory.progress(number);
        self.iterate(cx, text, number, pos, Progress { count: count.saturating_add(1), last })
    }

    /// At the end of an item that never is empty, of a repeat without limits.
    fn more_or_leave<T: Text>(
        &mut self,
        cx: &mut Cx,
        text: T,
        number: u32,
        pos: usize,
    ) -> Completion<Option<Place>> {
        let row = &self.program.loops[number as usize];
        let more = may_be(text, pos, row.enters.as_deref()).then_some(row.body);
        let leave = may_be(text, pos, row.leaves.as_deref()).then_some(row.tail);
        let (now, later) = if row.lazy { (leave, more) } else { (more, leave) };
        if let (Some(_), Some(pc)) = (now, later) {
            self.memory.push(cx, Frame::Try { pc, pos })?;
        }
        Ok(now.or(later).map(|pc| Place { pc, pos }))
    }

    /// Begins the next item of a repeat that is as far as `now`, or leaves it.
    fn iterate<T: Text>(
        &mut self,
        cx: &mut Cx,
        text: T,
        number: u32,
        pos: usize,
        now: Progress,
    ) -> Completion<Option<Place>> {
        let row = &self.program.loops[number as usize];
        let (body, tail) = (Place { pc: row.body, pos }, Place { pc: row.tail, pos });
        if now.count < row.min {
            self.memory.set_progress(cx, number, now)?;
            return Ok(Some(body));
        }
        let more = (now.count < row.max || row.max == UNLIMITED)
            && now.last != pos
            && may_be(text, pos, row.enters.as_deref());
        if !more {
            return Ok(Some(tail));
        }
        if row.lazy {
            self.memory.set_progress(cx, number, now)?;
            self.memory.push(cx, Frame::Again { number, pos })?;
            return Ok(Some(tail));
        }
        // The choice lies above what is to be put back: the tail does not look at the repeat's progress.
        self.memory.set_progress(cx, number, Progress { last: pos, ..now })?;
        self.memory.push(cx, Frame::Try { pc: tail.pc, pos })?;
        Ok(Some(body))
    }

    /// Begins the next item of a possessive repeat, or leaves it.
    fn possessive(&mut self, cx: &mut Cx, pc: u32, number: u32, pos: usize) -> Completion<Place> {
        let row = &self.program.loops[number as usize];
        let now = self.memory.progress(number);
        if now.count >= row.min {
            if now.count >= row.max && row.max != UNLIMITED || now.last == pos {
                return Ok(Place { pc: row.tail, pos });
            }
            self.memory.set_progress(cx, number, Progress { last: pos, ..now })?;
        }
        self.memory.open_section(cx, pc, pos)?;
        Ok(Place { pc: row.body, pos })
    }

    fn look<T: Text>(
        &mut self,
        cx: &mut Cx,
        text: T,
        pc: u32,
        look: u32,
        end: u32,
        pos: usize,
    ) -> Completion<Option<Place>> {
        let look = self.program.looks[look as usize];
        let Some(from) = text.back(pos, look.back as usize) else {
            return Ok(look.negated.then_some(Place { pc: end, pos }));
        };
        self.memory.open_section(cx, pc, pos)?;
        Ok(Some(Place { pc: pc + 1, pos: from }))
    }

    /// The end of the section under way: where to go on, if anywhere. `None` if it is the end of the pattern.
    fn accept(&mut self, cx: &mut Cx, pos: usize) -> Completion<Option<Option<Place>>> {
        let program = self.program;
        let negated = |look: u32| program.looks[look as usize].negated;
        let keep = |pc: u32| match program.ops[pc as usize] {
            Op::Look { look, .. } => !negated(look),
            _ => true,
        };
        let Some(begun) = self.memory.close_section(keep) else { return Ok(None) };
        let next = match program.ops[begun.pc as usize] {
            Op::Look { look, end } => (!negated(look)).then_some(Place { pc: end, pos: begun.pos }),
            Op::Atomic { end } => Some(Place { pc: end, pos }),
            Op::Possessive(l) => {
                let Progress { count, last } = self.memory.progress(l);
                let now = Progress { count: count.saturating_add(1), last };
                self.memory.set_progress(cx, l, now)?;
                Some(self.possessive(cx, begun.pc, l, pos)?)
            }
            _ => None,
        };
        Ok(Some(next))
    }

    /// Behind another occurrence at `pos` of what a group has matched.
    fn backref<T: Text>(&self, text: T, group: u32, fold: Fold, pos: usize) -> Option<usize> {
        let (mut from, to) = self.group(group as usize)?;
        let mut pos = pos;
        if fold == Fold::Exact {
            let want = text.bytes().get(from..to)?;
            return text.bytes().get(pos..)?.starts_with(want).then_some(pos + want.len());
        }
        while from < to {
            let ((a, next_from), (b, next)) = (text.next(from)?, text.next(pos)?);
            if fold.lower(a) != fold.lower(b) {
                return None;
            }
            (from, pos) = (next_from, next);
        }
        Some(pos)
    }
}

fn is_at<T: Text>(text: T, at: SreAtCode, pos: usize) -> bool {
    let newline = u32::from(b'\n');
    let next = || text.next(pos);
    let is_boundary = |unicode| {
        let before = text.previous(pos).is_some_and(|(c, _)| is_word(c, unicode));
        before != next().is_some_and(|(c, _)| is_word(c, unicode))
    };
    match at {
        SreAtCode::BEGINNING | SreAtCode::BEGINNING_STRING => pos == 0,
        SreAtCode::BEGINNING_LINE => text.previous(pos).is_none_or(|(c, _)| c == newline),
        SreAtCode::END => {
            next().is_none_or(|(c, behind)| c == newline && behind == text.bytes().len())
        }
        SreAtCode::END_LINE => next().is_none_or(|(c, _)| c == newline),
        SreAtCode::END_STRING => next().is_none(),
        SreAtCode::BOUNDARY | SreAtCode::LOC_BOUNDARY => is_boundary(false),
        SreAtCode::NON_BOUNDARY | SreAtCode::LOC_NON_BOUNDARY => !is_boundary(false),
        SreAtCode::UNI_BOUNDARY => is_boundary(true),
        SreAtCode::UNI_NON_BOUNDARY => !is_boundary(true),
    }
}
