//! From the words that `re._compiler` emits to a [`Program`]: in one pass, since the words of a nested part lie inside its
//! owner's. Places are word indices until the end.

use memchr::memmem;
use rustpython_sre_engine::{SreAtCode, SreInfo, SreOpcode};

use super::{
    class::{Class, Fold, Unit, unit},
    first,
    program::{Alternative, Greed, Look, Loop, Op, Program, Run},
};

/// Code that no compiler emits.
#[derive(Debug)]
pub(in crate::modules::_sre) struct Malformed;

/// The program for `words`.
///
/// # Errors
/// `words` are not a pattern's code.
pub(in crate::modules::_sre) fn decode(words: &[u32]) -> Result<Program, Malformed> {
    let n = words.len();
    let mut decoder = Decoder {
        words,
        at: 0,
        program: Program::default(),
        op_at: vec![None; n],
        is_head: vec![false; n],
        open: Vec::new(),
    };
    decoder.run().ok_or(Malformed)?;
    let mut program = decoder.program;
    first::analyse(&mut program);
    Ok(program)
}

struct Decoder<'w> {
    words: &'w [u32],
    at: usize,
    program: Program,
    /// The instruction that begins at each word.
    op_at: Vec<Option<u32>>,
    /// Words that begin an alternative or end a branch.
    is_head: Vec<bool>,
    /// Repeats whose end was not reached yet.
    open: Vec<u32>,
}

fn push<T>(table: &mut Vec<T>, row: T) -> u32 {
    table.push(row);
    table.len() as u32 - 1
}

impl Decoder<'_> {
    fn run(&mut self) -> Option<()> {
        while self.at < self.words.len() {
            self.op_at[self.at] = Some(self.here());
            if self.is_head[self.at] { self.alternative()? } else { self.op()? }
        }
        let ends = matches!(self.program.ops.last(), Some(Op::Accept)) && self.open.is_empty();
        ends.then_some(())?;
        self.resolve()
    }

    /// Index of the next instruction.
    fn here(&self) -> u32 {
        self.program.ops.len() as u32
    }

    /// Operand `i` of the instruction at hand.
    fn arg(&self, i: usize) -> Option<u32> {
        self.words.get(self.at + 1 + i).copied()
    }

    /// The word that operand `i`, counted from its own place, leads to; always ahead.
    fn target(&self, i: usize) -> Option<u32> {
        let (place, skip) = (self.at + 1 + i, self.arg(i)? as usize);
        (skip > 0 && place + skip < self.words.len()).then_some((place + skip) as u32)
    }

    fn emit(&mut self, op: Op, n_args: usize) {
        self.program.ops.push(op);
        self.at += 1 + n_args;
    }

    fn alternative(&mut self) -> Option<()> {
        if self.words[self.at] == 0 {
            self.emit(Op::Fail, 0);
            return Some(());
        }
        self.at = self.at.checked_sub(1)?;
        let otherwise = self.target(0)?;
        self.at += 1;
        self.is_head[otherwise as usize] = true;
        let a = push(&mut self.program.alternatives, Alternative { otherwise, first: None });
        self.emit(Op::Alternative(a), 0);
        Some(())
    }

    fn op(&mut self) -> Option<()> {
        let op = SreOpcode::try_from(self.words[self.at]).ok()?;
        match op {
            SreOpcode::FAILURE => self.emit(Op::Fail, 0),
            SreOpcode::SUCCESS => self.emit(Op::Accept, 0),
            SreOpcode::INFO => self.info()?,
            SreOpcode::JUMP => self.emit(Op::Jump(self.target(0)?), 1),
            SreOpcode::AT => self.emit(Op::At(SreAtCode::try_from(self.arg(0)?).ok()?), 1),
            SreOpcode::MARK => self.mark()?,
            SreOpcode::BRANCH => {
                *self.is_head.get_mut(self.at + 1)? = true;
                self.at += 1;
            }
            SreOpcode::GROUPREF => self.backref(Fold::Exact)?,
            SreOpcode::GROUPREF_IGNORE => self.backref(Fold::Ascii)?,
            SreOpcode::GROUPREF_UNI_IGNORE => self.backref(Fold::Unicode)?,
            SreOpcode::GROUPREF_LOC_IGNORE => self.backref(Fold::Locale)?,
            SreOpcode::GROUPREF_EXISTS => {
                let (group, skip) = (self.arg(0)?, self.arg(1)?);
                // Counted from the first operand, not from its own place.
                let otherwise = (self.at + 1).checked_add(skip as usize)?;
                (skip > 1 && otherwise < self.words.len()).then_some(())?;
                self.emit(Op::IfGroup { group, otherwise: otherwise as u32 }, 2);
            }
            SreOpcode::REPEAT_ONE => self.run_of_one(Greed::Greedy)?,
            SreOpcode::MIN_REPEAT_ONE => self.run_of_one(Greed::Lazy)?,
            SreOpcode::POSSESSIVE_REPEAT_ONE => self.run_of_one(Greed::Possessive)?,
            SreOpcode::REPEAT => {
                let l = self.new_loop()?;
                self.open.push(l);
                self.emit(Op::Loop(l), 3);
            }
            SreOpcode::MAX_UNTIL | SreOpcode::MIN_UNTIL => {
                let l = self.open.pop()?;
                let row = &mut self.program.loops[l as usize];
                (row.tail as usize == self.at).then_some(())?;
                row.tail += 1;
                row.lazy = op == SreOpcode::MIN_UNTIL;
                self.emit(Op::Until(l), 0);
            }
            SreOpcode::POSSESSIVE_REPEAT => {
                let l = self.new_loop()?;
                let row = &mut self.program.loops[l as usize];
                // The end of the item comes first.
                row.tail += 1;
                self.emit(Op::Possessive(l), 3);
            }
            SreOpcode::ASSERT | SreOpcode::ASSERT_NOT => {
                let look = Look { back: self.arg(1)?, negated: op == SreOpcode::ASSERT_NOT };
                let (end, look) = (self.target(0)?, push(&mut self.program.looks, look));
                self.emit(Op::Look { look, end }, 2);
            }
            SreOpcode::ATOMIC_GROUP => self.emit(Op::Atomic { end: self.target(0)? }, 1),
            _ => self.unit()?,
        }
        Some(())
    }

    fn unit(&mut self) -> Option<()> {
        let (unit, n) = unit(&self.words[self.at..])?;
        let op = match unit {
            Unit::Char(c) => Op::Char(c),
            Unit::Class(class) => Op::One(push(&mut self.program.classes, class)),
        };
        self.emit(op, n - 1);
        Some(())
    }

    /// How wide a match is, and what it begins with.
    fn info(&mut self) -> Option<()> {
        let (flags, behind) = (SreInfo::from_bits_truncate(self.arg(1)?), self.target(0)?);
        self.program.min_width = self.arg(2)? as usize;
        if flags.contains(SreInfo::PREFIX) {
            let prefix = self.words.get(self.at + 7..)?.get(..self.arg(4)? as usize)?;
            let ascii = |&c: &u32| u8::try_from(c).ok().filter(u8::is_ascii);
            let bytes: Option<Vec<u8>> = prefix.iter().map(ascii).collect();
            self.program.prefix = bytes.map(|bytes| memmem::Finder::new(&bytes).into_owned());
        }
        self.at = behind as usize;
        Some(())
    }

    fn mark(&mut self) -> Option<()> {
        let mark = self.arg(0)?;
        // Both marks of each group are somewhere in the code.
        ((mark as usize) < self.words.len()).then_some(())?;
        self.program.n_marks = self.program.n_marks.max(mark as usize + 1);
        self.emit(Op::Mark(mark), 1);
        Some(())
    }

    fn backref(&mut self, fold: Fold) -> Option<()> {
        self.emit(Op::Backref { group: self.arg(0)?, fold }, 1);
        Some(())
    }

    fn run_of_one(&mut self, greed: Greed) -> Option<()> {
        let (tail, min, max) = (self.target(0)?, self.arg(1)?, self.arg(2)?);
        let (unit, n) = unit(self.words.get(self.at + 4..)?)?;
        // The end of the item comes before what follows.
        (tail as usize == self.at + 4 + n + 1 && min <= max).then_some(())?;
        let run = Run { class: Class::from(unit), min, max, greed, tail, next: None };
        let run = push(&mut self.program.runs, run);
        self.emit(Op::Run(run), 0);
        self.at = tail as usize;
        Some(())
    }

    /// A repeat of a group; its tail is where its item ends.
    fn new_loop(&mut self) -> Option<u32> {
        let (tail, min, max) = (self.target(0)?, self.arg(1)?, self.arg(2)?);
        (min <= max).then_some(())?;
        let body = self.here() + 1;
        let row =
            Loop { min, max, lazy: false, body, tail, plain: false, enters: None, leaves: None };
        Some(push(&mut self.program.loops, row))
    }

    /// Word indices become instructions.
    fn resolve(&mut self) -> Option<()> {
        let op_at = &self.op_at;
        let place = |to: &mut u32| {
            *to = (*op_at.get(*to as usize)?)?;
            Some(())
        };
        let program = &mut self.program;
        for op in &mut program.ops {
            match op {
                Op::Jump(to)
                | Op::IfGroup { otherwise: to, .. }
                | Op::Look { end: to, .. }
                | Op::Atomic { end: to } => place(to)?,
                _ => {}
            }
        }
        program.runs.iter_mut().try_for_each(|r| place(&mut r.tail))?;
        program.alternatives.iter_mut().try_for_each(|a| place(&mut a.otherwise))?;
        program.loops.iter_mut().try_for_each(|l| place(&mut l.tail))
    }
}
