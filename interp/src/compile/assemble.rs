//! Makes a unit final: drops dead code and needless checks, resolves labels, computes positions.

use std::collections::HashMap;

use ruff_text_size::TextRange;

use super::{
    Compiler, Result,
    unit::{Home, Label, Unit, Var},
};
use crate::code::{
    CodeUnit, Effect, ExceptionEntry, Hidden, Instr, Kind, LineMark, Op, Place, Position, Variable,
    verify,
};

impl Compiler<'_> {
    /// The finished unit. The compiler's current unit is left empty.
    pub(super) fn assemble(&mut self) -> Result<CodeUnit> {
        let scope = self.u.scope;
        let empty = Unit::new(scope, self.u.kind, self.u.name.clone(), self.u.qualname.clone());
        let mut unit = std::mem::replace(&mut self.u, empty);
        let keep = Flow::new(&unit).needed();
        let finished = self.finish(&mut unit, &keep);
        if cfg!(debug_assertions)
            && let Err(error) = verify::verify(&finished)
        {
            panic!("compiler broke a rule: {error}\n{}", crate::code::disasm::listing(&finished));
        }
        Ok(finished)
    }

    fn finish(&self, unit: &mut Unit<'_>, keep: &[bool]) -> CodeUnit {
        let mut new_index = Vec::with_capacity(keep.len() + 1);
        let mut n = 0_u32;
        for &kept in keep {
            new_index.push(n);
            n += u32::from(kept);
        }
        new_index.push(n);
        let at = |label: Label| unit.labels[label.0].map_or(n, |old| new_index[old]);
        let mut instrs: Vec<Instr> = Vec::with_capacity(n as usize);
        let mut positions = Vec::with_capacity(n as usize);
        for (ins, _) in unit.ins.iter().zip(keep).filter(|&(_, &kept)| kept) {
            let mut instr = ins.instr;
            if let Some(target) = ins.target {
                instr.imm = at(target) as i32 - (instrs.len() as i32 + 1);
                if instr.imm < 0
                    && let Some(back) = instr.op.backward()
                {
                    instr.op = back;
                }
            }
            instrs.push(instr);
            positions.push(if ins.placed { self.position(ins.range) } else { Position::default() });
        }
        let exceptions = unit.guarded.iter().filter_map(|guarded| {
            let (start, end) = (new_index[guarded.start], new_index[guarded.end]);
            let handler = at(guarded.handler);
            let entry = ExceptionEntry { start, end, handler, exc: guarded.exc };
            (start < end && handler < n).then_some(entry)
        });
        // Inner comprehensions end first; `locals()` wants them last.
        let hidden = unit.hidden.iter().rev().filter_map(|(name, var, start, end)| {
            let (start, end) = (new_index[*start], new_index[*end]);
            let variable = variable(name, var);
            (start < end).then_some(Hidden { variable, start, end })
        });
        let marks = unit.marks.iter().filter_map(|&(ins, offset)| {
            let at = new_index[ins];
            (at < n).then(|| LineMark { at, line: self.line_col(offset.into()).0 })
        });
        CodeUnit {
            marks: marks.collect(),
            hidden: hidden.collect(),
            name: unit.name.clone(),
            qualname: unit.qualname.clone(),
            filename: self.filename.clone(),
            first_line: unit.first_line,
            flags: unit.flags,
            n_args: unit.n_args,
            n_posonly: unit.n_posonly,
            n_kwonly: unit.n_kwonly,
            n_params: unit.n_params,
            n_locals: unit.n_locals,
            n_regs: unit.n_regs.max(unit.n_params).max(1),
            n_wide: unit.n_wide,
            instrs: instrs.into(),
            positions: positions.into(),
            exceptions: exceptions.collect(),
            varnames: variables(&unit.varnames, &unit.vars),
            cellvars: variables(&unit.cellvars, &unit.vars),
            freevars: variables(&unit.freevars, &unit.vars),
            consts: std::mem::take(&mut unit.consts).into(),
            sites: std::mem::take(&mut unit.sites).into(),
            names: std::mem::take(&mut unit.names).into(),
        }
    }

    fn position(&self, range: TextRange) -> Position {
        let (line, col) = self.line_col(range.start().into());
        let (end_line, end_col) = self.line_col(range.end().into());
        Position { line, end_line, col, end_col }
    }

    /// Line from 1 and byte column from 0.
    pub(super) fn line_col(&self, offset: u32) -> (u32, u32) {
        let line = self.line_starts.partition_point(|&start| start <= offset);
        let start = line.checked_sub(1).and_then(|at| self.line_starts.get(at)).copied();
        (line.max(1) as u32, offset - start.unwrap_or(0))
    }
}

fn variables(names: &[super::Name], vars: &HashMap<super::Name, Var>) -> Box<[Variable]> {
    names.iter().filter_map(|name| Some(variable(name, vars.get(name)?))).collect()
}

fn variable(name: &super::Name, var: &Var) -> Variable {
    let place = match var.home {
        Home::Reg(r) => Place::Register(r),
        Home::Wide(slot) => Place::Wide(slot),
    };
    // Evaluators call their parameter `format`; the dot keeps it apart from a global of that name.
    let shown = if &**name == ".format" { "format".into() } else { name.clone() };
    Variable { name: shown, place, is_cell: var.is_cell }
}

/// A set of registers.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Regs([u64; 4]);

impl Regs {
    const NONE: Regs = Regs([0; 4]);

    fn set(&mut self, r: u8, on: bool) {
        let bit = 1 << (r % 64);
        let word = &mut self.0[usize::from(r / 64)];
        *word = if on { *word | bit } else { *word & !bit };
    }

    fn has(&self, r: u8) -> bool {
        self.0[usize::from(r / 64)] & (1 << (r % 64)) != 0
    }

    /// Keeps what `other` has too; tells whether that changed anything.
    fn meet(&mut self, other: &Regs) -> bool {
        let before = *self;
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word &= other);
        *self != before
    }
}

/// Forward analysis: what can be reached, and which registers are bound there.
struct Flow<'u, 'a> {
    unit: &'u Unit<'a>,
    /// State before each instruction; None while it has not been reached.
    before: Vec<Option<Regs>>,
    /// Guards by start, for the handlers of an instruction.
    work: Vec<usize>,
    /// Numbers of the guarded stretches that hold each instruction.
    guards_at: Vec<Vec<u32>>,
}

impl<'u, 'a> Flow<'u, 'a> {
    fn new(unit: &'u Unit<'a>) -> Self {
        let mut guards_at = vec![Vec::new(); unit.ins.len()];
        for (number, guarded) in unit.guarded.iter().enumerate() {
            for at in &mut guards_at[guarded.start..guarded.end] {
                at.push(number as u32);
            }
        }
        Flow { unit, before: vec![None; unit.ins.len()], work: Vec::new(), guards_at }
    }

    /// Which instructions must stay.
    fn needed(mut self) -> Vec<bool> {
        let mut entry = Regs::NONE;
        for r in 0..self.unit.n_params.min(256) {
            entry.set(r as u8, true);
        }
        self.reach(0, &entry);
        while let Some(at) = self.work.pop() {
            self.step(at);
        }
        self.select()
    }

    fn reach(&mut self, at: usize, state: &Regs) {
        let Some(before) = self.before.get_mut(at) else { return };
        let changed = match before {
            Some(known) => known.meet(state),
            None => {
                *before = Some(*state);
                true
            }
        };
        if changed {
            self.work.push(at);
        }
    }

    fn step(&mut self, at: usize) {
        let Some(mut state) = self.before[at] else { return };
        for number in self.guards_at[at].clone() {
            let guarded = self.unit.guarded[number as usize];
            if let Some(handler) = self.unit.labels[guarded.handler.0] {
                let mut caught = state;
                caught.set(guarded.exc, true);
                self.reach(handler, &caught);
            }
        }
        let ins = self.unit.ins[at];
        let jumped = state;
        transfer(ins.instr, &mut state);
        if let Some(target) = ins.target.and_then(|label| self.unit.labels[label.0]) {
            // Only `ForIter` writes before it jumps; where it falls through it writes nothing.
            let is_for = ins.instr.op == Op::ForIter;
            self.reach(target, if is_for { &state } else { &jumped });
            if is_for {
                state = jumped;
            }
        }
        if !ins.instr.op.has(Effect::Ends) {
            self.reach(at + 1, &state);
        }
    }

    fn select(&self) -> Vec<bool> {
        let mut checked = Regs::NONE;
        let mut keep: Vec<bool> = Vec::with_capacity(self.before.len());
        for (ins, before) in self.unit.ins.iter().zip(&self.before) {
            let kept = match (ins.instr.op, before) {
                (_, None) => false,
                (Op::CheckBound, Some(before)) => ins.optional || !before.has(ins.instr.a),
                _ => true,
            };
            if kept && ins.instr.op == Op::CheckBound {
                checked.set(ins.instr.a, true);
            }
            keep.push(kept);
        }
        for (at, ins) in self.unit.ins.iter().enumerate() {
            let next = ins.instr.op == Op::Jump && !ins.optional && self.lands_next(at, &keep);
            let idle = ins.instr.op == Op::LoadUnbound && ins.optional && !checked.has(ins.instr.a);
            keep[at] &= !next && !idle;
        }
        keep
    }

    /// Does the jump at `at` go to the next instruction that stays?
    fn lands_next(&self, at: usize, keep: &[bool]) -> bool {
        let target = self.unit.ins[at].target.and_then(|label| self.unit.labels[label.0]);
        target.is_some_and(|target| target > at && !keep[at + 1..target].contains(&true))
    }
}

fn transfer(instr: Instr, state: &mut Regs) {
    match instr.op {
        Op::LoadUnbound | Op::DelLocal => state.set(instr.a, false),
        Op::CheckBound => state.set(instr.a, true),
        Op::Unpack => {
            for r in 0..instr.imm.clamp(0, 255) {
                state.set(instr.a.saturating_add(r as u8), true);
            }
        }
        _ => {
            for (_, kind, value) in instr.fields() {
                if kind == Kind::Dst {
                    state.set(value as u8, true);
                }
            }
        }
    }
}
