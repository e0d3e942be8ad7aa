//! The instructions that a pattern's code is decoded to. All places are indices of instructions.

use rustpython_sre_engine::SreAtCode;

use super::{
    class::{Class, Fold},
    first::First,
};

/// No upper limit of a repeat.
pub(super) const UNLIMITED: u32 = u32::MAX;

/// One instruction. What it needs more than a word of is in a table of the program.
#[derive(Clone, Copy, Debug)]
pub(super) enum Op {
    Fail,
    /// The end of the pattern, or of the section (lookaround, atomic group, possessive item) under way.
    Accept,
    Char(u32),
    /// A character of a class.
    One(u32),
    /// A repeat of one character.
    Run(u32),
    At(SreAtCode),
    Mark(u32),
    Backref {
        group: u32,
        fold: Fold,
    },
    /// Goes on if the group has matched, else elsewhere.
    IfGroup {
        group: u32,
        otherwise: u32,
    },
    Jump(u32),
    /// Goes on; when that fails, goes elsewhere.
    Alternative(u32),
    /// Enters a repeat; its item follows.
    Loop(u32),
    /// The end of an item.
    Until(u32),
    Look {
        look: u32,
        end: u32,
    },
    Atomic {
        end: u32,
    },
    /// Enters a possessive repeat; its item follows, as a section.
    Possessive(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Greed {
    Greedy,
    Lazy,
    Possessive,
}

#[derive(Debug)]
pub(super) struct Run {
    pub(super) class: Class,
    pub(super) min: u32,
    pub(super) max: u32,
    pub(super) greed: Greed,
    /// What follows.
    pub(super) tail: u32,
    pub(super) next: Option<Box<First>>,
}

#[derive(Debug)]
pub(super) struct Alternative {
    pub(super) otherwise: u32,
    pub(super) first: Option<Box<First>>,
}

#[derive(Debug)]
pub(super) struct Loop {
    pub(super) min: u32,
    pub(super) max: u32,
    pub(super) lazy: bool,
    pub(super) body: u32,
    pub(super) tail: u32,
    /// Needs neither a counter nor a guard against items that match nothing.
    pub(super) plain: bool,
    pub(super) enters: Option<Box<First>>,
    pub(super) leaves: Option<Box<First>>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// Characters to go back first.
    pub(super) back: u32,
    pub(super) negated: bool,
}

/// A decoded pattern.
#[derive(Debug, Default)]
pub(in crate::modules::_sre) struct Program {
    pub(super) ops: Vec<Op>,
    pub(super) classes: Vec<Class>,
    pub(super) runs: Vec<Run>,
    pub(super) alternatives: Vec<Alternative>,
    pub(super) loops: Vec<Loop>,
    pub(super) looks: Vec<Look>,
    pub(super) n_marks: usize,
    /// Characters that every match has at least.
    pub(super) min_width: usize,
    pub(super) first: Option<Box<First>>,
    /// What every match begins with, if it is ASCII: the same bytes in every kind of subject.
    pub(super) prefix: Option<memchr::memmem::Finder<'static>>,
}

impl Program {
    pub(in crate::modules::_sre) fn repeats_groups(&self) -> bool {
        !self.loops.is_empty()
    }
}
