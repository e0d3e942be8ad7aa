//! Which characters can come first in what a place of a program matches, so that paths without hope are not begun.

use super::{
    class::Class,
    program::{Greed, Op, Program, Run, UNLIMITED},
};

/// Instructions looked at for one answer.
const PATIENCE: usize = 64;

/// Characters, one of which comes first.
#[derive(Debug)]
pub(in crate::modules::_sre) struct First {
    pub(super) low: [bool; 256],
    /// Whether it may be one that is not ASCII.
    pub(super) wide: bool,
    beyond: bool,
}

impl First {
    fn add(&mut self, c: u32) {
        match self.low.get_mut(c as usize) {
            Some(here) => *here = true,
            None => self.beyond = true,
        }
    }

    fn add_class(&mut self, class: &Class) {
        self.low.iter_mut().zip(class.low.iter()).for_each(|(here, more)| *here |= more);
        self.beyond |= class.may_go_beyond();
    }

    /// Whether no character of `class` can come first.
    pub(super) fn excludes(&self, class: &Class) -> bool {
        let both = self.low.iter().zip(class.low.iter()).any(|(a, b)| *a && *b);
        !(both || self.beyond && class.may_go_beyond())
    }
}

/// Walks what can be reached from `from` without a character. `visit` is given each instruction: `false` ends the walk.
fn walk(program: &Program, from: u32, mut visit: impl FnMut(Op) -> bool) -> bool {
    let (mut seen, mut open) = (Vec::new(), vec![from]);
    while let Some(at) = open.pop() {
        if seen.contains(&at) {
            continue;
        }
        let op = program.ops[at as usize];
        if seen.len() == PATIENCE || !visit(op) {
            return false;
        }
        seen.push(at);
        match op {
            Op::Fail | Op::Accept | Op::Char(_) | Op::One(_) => {}
            Op::Run(r) if program.runs[r as usize].min > 0 => {}
            Op::Run(_) | Op::At(_) | Op::Mark(_) | Op::Backref { .. } | Op::Atomic { .. } => {
                open.push(at + 1);
            }
            Op::IfGroup { otherwise, .. } => open.extend([otherwise, at + 1]),
            Op::Jump(to) => open.push(to),
            Op::Alternative(a) => {
                open.extend([program.alternatives[a as usize].otherwise, at + 1]);
            }
            Op::Loop(l) | Op::Until(l) | Op::Possessive(l) => {
                let l = &program.loops[l as usize];
                open.push(l.body);
                if l.min == 0 || matches!(op, Op::Until(_)) {
                    open.push(l.tail);
                }
            }
            // Only narrows down what may follow.
            Op::Look { end, .. } => open.push(end),
        }
    }
    true
}

/// What can come first at `from`; `None` for anything, and nothing.
fn first(program: &Program, from: u32) -> Option<Box<First>> {
    let mut all = Box::new(First { low: [false; 256], wide: false, beyond: false });
    let known = walk(program, from, |op| {
        match op {
            Op::Accept | Op::Backref { .. } => return false,
            Op::Char(c) => all.add(c),
            Op::One(class) => all.add_class(&program.classes[class as usize]),
            Op::Run(r) => all.add_class(&program.runs[r as usize].class),
            _ => {}
        }
        true
    });
    all.wide = all.beyond || all.low[128..].contains(&true);
    known.then_some(all)
}

/// Whether an item of the loop may match nothing.
fn may_be_empty(program: &Program, number: u32) -> bool {
    let body = program.loops[number as usize].body;
    !walk(program, body, |op| match op {
        Op::Accept => false,
        Op::Until(l) => l != number,
        _ => true,
    })
}

impl Run {
    /// A run of characters that cannot begin what follows needs no shorter choices.
    fn is_decided(&self) -> bool {
        self.next.as_ref().is_some_and(|first| first.excludes(&self.class))
    }
}

/// Fills in what can be known of what comes first.
pub(super) fn analyse(program: &mut Program) {
    program.first = first(program, 0);
    for i in 0..program.runs.len() {
        let next = first(program, program.runs[i].tail);
        let run = &mut program.runs[i];
        run.next = next;
        if run.greed == Greed::Greedy && run.is_decided() {
            run.greed = Greed::Possessive;
        }
    }
    for at in 0..program.ops.len() {
        if let Op::Alternative(a) = program.ops[at] {
            program.alternatives[a as usize].first = first(program, at as u32 + 1);
        }
    }
    for i in 0..program.loops.len() {
        let l = &program.loops[i];
        let (enters, leaves) = (first(program, l.body), first(program, l.tail));
        let plain = l.min <= 1 && l.max == UNLIMITED && !may_be_empty(program, i as u32);
        let l = &mut program.loops[i];
        (l.enters, l.leaves, l.plain) = (enters, leaves, plain);
    }
}
