//! One code unit under construction: instructions, labels, registers, constants, guards, blocks.

use std::{collections::HashMap, sync::Arc};

use ruff_python_ast::Stmt;
use ruff_text_size::{TextRange, TextSize};
use rustpython_wtf8::Wtf8Buf;

use super::{
    CompileError, Compiler, Done, Reg, Result,
    scope::{Name, ScopeId},
};
use crate::code::{CodeFlags, Const, Instr, Kind, Op, Site};

/// Most variables that live in registers; the others go to the wide array.
pub(super) const LOCALS_MAX: usize = 120;
/// The same on the second attempt, when expressions needed more temporaries than that leaves.
pub(super) const LOCALS_MAX_TIGHT: usize = 12;
/// Temporaries in use from which on registers are saved at the cost of speed.
const TEMPS_MAX: usize = 90;
/// CPython's limit on loops, `try` and `with` statements within each other.
const BLOCKS_MAX: usize = 21;

/// What the unit is the code of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnitKind {
    Module,
    Class,
    Function,
    Lambda,
    Comprehension,
    /// Annotations, type parameters and their lazily evaluated parts.
    TypeScope,
}

/// A place in the code that jumps name before or after it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Label(pub(super) usize);

/// An instruction whose jump is still a label.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ins {
    pub(super) instr: Instr,
    pub(super) target: Option<Label>,
    pub(super) range: TextRange,
    /// Whether it belongs to a line of its own; if not, to that of what runs before it.
    pub(super) placed: bool,
    /// `LoadUnbound` that is needed only if some check of the register stays; `CheckBound` of what came from the
    /// wide array and `Jump` of a statement, which always stay.
    pub(super) optional: bool,
}

/// Where a variable of the frame lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    Reg(Reg),
    Wide(u32),
}

/// A variable of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Var {
    pub(super) home: Home,
    pub(super) is_cell: bool,
    /// Bound here (not a free variable): decides which error an empty cell gives.
    pub(super) own: bool,
}

/// A finished guarded stretch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guarded {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) handler: Label,
    pub(super) exc: Reg,
}

/// A guard that is open, or suspended (`start` is None) while code that leaves it is emitted.
#[derive(Clone, Copy, Debug)]
struct Guard {
    start: Option<usize>,
    handler: Label,
    exc: Reg,
}

/// A statement whose exit needs work.
#[derive(Clone, Debug)]
pub(super) struct Block<'a> {
    pub(super) kind: BlockKind<'a>,
    /// Guards open outside of the block.
    pub(super) n_guards: usize,
}

#[derive(Clone, Debug)]
pub(super) enum BlockKind<'a> {
    Loop {
        on_break: Label,
        on_continue: Label,
    },
    /// Body of a `try` without `finally`: only its guard is to be left.
    Try,
    /// Body of a `try` with `finally`: leaving runs a copy of it.
    Finally {
        body: &'a [Stmt],
    },
    /// Handler, or `finally` reached by an exception: leaving restores the handled exception.
    Handler {
        saved: Reg,
        name: Option<&'a str>,
    },
    /// Handler of `except*`, which cannot be left by break, continue or return.
    StarHandler,
    With {
        exit: Reg,
        is_async: bool,
        range: TextRange,
    },
}

/// An inlined comprehension that is being compiled.
#[derive(Debug)]
pub(super) struct Inlined {
    pub(super) scope: ScopeId,
    pub(super) vars: HashMap<Name, Var>,
}

/// See the module.
pub(super) struct Unit<'a> {
    pub(super) scope: ScopeId,
    pub(super) kind: UnitKind,
    pub(super) name: Name,
    pub(super) qualname: Name,
    pub(super) first_line: u32,
    pub(super) flags: CodeFlags,
    pub(super) n_args: u32,
    pub(super) n_posonly: u32,
    pub(super) n_kwonly: u32,
    pub(super) n_params: u32,
    pub(super) n_locals: u32,
    pub(super) n_wide: u32,
    /// Register of the wide array.
    pub(super) wide: Reg,
    /// Source range of what is being compiled.
    pub(super) at: TextRange,
    /// Lines that begin before an instruction without having one: its number, and where they are.
    pub(super) marks: Vec<(usize, TextSize)>,
    pub(super) ins: Vec<Ins>,
    pub(super) labels: Vec<Option<usize>>,
    /// Where a label was bound last.
    last_bound: usize,
    pub(super) guarded: Vec<Guarded>,
    guards: Vec<Guard>,
    pub(super) blocks: Vec<Block<'a>>,
    pub(super) inlined: Vec<Inlined>,
    /// Variables of finished inlined comprehensions, with the instructions during which they lived.
    pub(super) hidden: Vec<(Name, Var, usize, usize)>,
    pub(super) vars: HashMap<Name, Var>,
    pub(super) varnames: Vec<Name>,
    pub(super) cellvars: Vec<Name>,
    pub(super) freevars: Vec<Name>,
    pub(super) names: Vec<Arc<str>>,
    pub(super) consts: Vec<Const>,
    strings: HashMap<Wtf8Buf, u32>,
    others: HashMap<String, u32>,
    pub(super) sites: Vec<Site>,
    globals: HashMap<u32, u32>,
    /// First free register.
    pub(super) top: u32,
    /// Registers used at most.
    pub(super) n_regs: u32,
    /// Some annotation or body is under a condition here.
    pub(super) conditional: u32,
    /// Attribute names stored through the first parameter of methods.
    pub(super) static_attributes: Vec<Name>,
}

impl Unit<'_> {
    pub(super) fn new(scope: ScopeId, kind: UnitKind, name: Name, qualname: Name) -> Self {
        Unit {
            scope,
            kind,
            name,
            qualname,
            first_line: 1,
            flags: CodeFlags::default(),
            n_args: 0,
            n_posonly: 0,
            n_kwonly: 0,
            n_params: 0,
            n_locals: 0,
            n_wide: 0,
            wide: 0,
            at: TextRange::default(),
            marks: Vec::new(),
            ins: Vec::new(),
            labels: Vec::new(),
            last_bound: 0,
            guarded: Vec::new(),
            guards: Vec::new(),
            blocks: Vec::new(),
            inlined: Vec::new(),
            hidden: Vec::new(),
            vars: HashMap::new(),
            varnames: Vec::new(),
            cellvars: Vec::new(),
            freevars: Vec::new(),
            names: Vec::new(),
            consts: Vec::new(),
            strings: HashMap::new(),
            others: HashMap::new(),
            sites: Vec::new(),
            globals: HashMap::new(),
            top: 0,
            n_regs: 0,
            conditional: 0,
            static_attributes: Vec::new(),
        }
    }

    /// Is the unit a generator, coroutine or async generator?
    pub(super) fn is_resumable(&self) -> bool {
        const RESUMABLE: u32 =
            CodeFlags::GENERATOR.0 | CodeFlags::COROUTINE.0 | CodeFlags::ASYNC_GENERATOR.0;
        self.flags.0 & RESUMABLE != 0
    }
}

impl<'a> Compiler<'a> {
    // ---- instructions and labels --------------------------------------------------------------

    pub(super) fn op(&mut self, op: Op, a: Reg, b: Reg, c: Reg, imm: i32) {
        let range = self.u.at;
        let instr = Instr::new(op, a, b, c, imm);
        self.u.ins.push(Ins { instr, target: None, range, placed: true, optional: false });
    }

    /// The instructions that `emit` adds belong to the line of what runs before them.
    pub(super) fn unplaced<R>(&mut self, emit: impl FnOnce(&mut Self) -> R) -> R {
        let start = self.u.ins.len();
        let result = emit(self);
        self.u.ins[start..].iter_mut().for_each(|ins| ins.placed = false);
        result
    }

    /// Code for a statement that does nothing but have a line.
    pub(super) fn line_only(&mut self, at: TextSize) {
        let here = std::mem::replace(&mut self.u.at, TextRange::empty(at));
        self.op(Op::Nop, 0, 0, 0, 0);
        self.u.at = here;
    }

    /// What stands at `at` has no instruction, but its line is one that debuggers stop at. Code must
    /// follow that nothing else leads to.
    pub(super) fn mark_line(&mut self, at: TextSize) {
        if let Some(&(ins, earlier)) = self.u.marks.last()
            && ins == self.u.ins.len()
        {
            // One line at a time: the earlier one gets an instruction after all.
            self.u.marks.pop();
            self.line_only(earlier);
        }
        self.u.marks.push((self.u.ins.len(), at));
    }

    pub(super) fn label(&mut self) -> Label {
        self.u.labels.push(None);
        Label(self.u.labels.len() - 1)
    }

    pub(super) fn bind(&mut self, label: Label) {
        self.u.last_bound = self.u.ins.len();
        self.u.labels[label.0] = Some(self.u.last_bound);
    }

    pub(super) fn jump(&mut self, op: Op, a: Reg, b: Reg, c: Reg, to: Label) {
        self.op(op, a, b, c, 0);
        if let Some(last) = self.u.ins.last_mut() {
            last.target = Some(to);
        }
    }

    pub(super) fn goto(&mut self, to: Label) {
        self.jump(Op::Jump, 0, 0, 0, to);
    }

    /// `dst = src`, if they differ.
    pub(super) fn mov(&mut self, dst: Reg, src: Reg) {
        if dst != src {
            self.op(Op::Move, dst, src, 0, 0);
        }
    }

    /// `dst = src` where `src` is not needed any more: if it is a temporary that the last instruction
    /// computed, that instruction writes `dst` instead.
    pub(super) fn mov_dead(&mut self, dst: Reg, src: Reg) {
        if dst != src && !self.retarget(src, dst) {
            self.op(Op::Move, dst, src, 0, 0);
        }
    }

    /// Makes the last instruction write `to` instead of the dead temporary `from`.
    fn retarget(&mut self, from: Reg, to: Reg) -> bool {
        let end = self.u.ins.len();
        if u32::from(from) < self.u.n_locals.max(self.first_temp()) {
            return false;
        }
        if self.u.last_bound == end {
            return false;
        }
        let Some(last) = self.u.ins.last_mut() else { return false };
        let writes = matches!(last.instr.op.operands().first(), Some((_, Kind::Dst)));
        if !writes || last.instr.a != from || last.instr.op == Op::LoadUnbound {
            return false;
        }
        last.instr.a = to;
        true
    }

    /// First register that is not a variable, inlined comprehensions' variables included.
    fn first_temp(&self) -> u32 {
        let vars = self.u.inlined.iter().flat_map(|inlined| inlined.vars.values());
        let registers = vars.filter_map(|var| match var.home {
            Home::Reg(r) => Some(u32::from(r) + 1),
            Home::Wide(_) => None,
        });
        registers.max().unwrap_or(0)
    }

    // ---- registers ------------------------------------------------------------------------------

    pub(super) fn temp(&mut self) -> Result<Reg> {
        self.temps(1)
    }

    /// The first of `n` registers in a row.
    pub(super) fn temps(&mut self, n: usize) -> Result<Reg> {
        let first = self.u.top;
        let end = first as usize + n;
        if end > 256 || first > 255 {
            return Err(CompileError::too_complex(self.u.at));
        }
        self.u.top = end as u32;
        self.u.n_regs = self.u.n_regs.max(self.u.top);
        Ok(first as Reg)
    }

    /// Can `n` more registers be had with enough left for what goes into them? If not, constructs that have a
    /// form with fewer registers take it.
    pub(super) fn has_room(&self, n: usize) -> bool {
        let end = self.u.top as usize + n;
        end <= 236 && end <= self.u.n_locals as usize + TEMPS_MAX
    }

    // ---- constants and sites ----------------------------------------------------------------------

    pub(super) fn string(&mut self, text: &str) -> i32 {
        self.constant(Const::Str(Wtf8Buf::from(text)))
    }

    pub(super) fn constant(&mut self, value: Const) -> i32 {
        let next = self.u.consts.len() as u32;
        let index = match &value {
            Const::Code(_) => next,
            Const::Str(text) => *self.u.strings.entry(text.clone()).or_insert(next),
            other => *self.u.others.entry(format!("{other:?}")).or_insert(next),
        };
        if index == next {
            self.u.consts.push(value);
        }
        index as i32
    }

    pub(super) fn load_const(&mut self, dst: Reg, value: Const) {
        match value {
            Const::None => self.op(Op::LoadNone, dst, 0, 0, 0),
            Const::True => self.op(Op::LoadTrue, dst, 0, 0, 0),
            Const::False => self.op(Op::LoadFalse, dst, 0, 0, 0),
            Const::Int(value) if i32::try_from(value).is_ok() => {
                self.op(Op::LoadInt, dst, 0, 0, value as i32);
            }
            other => {
                let index = self.constant(other);
                self.op(Op::LoadConst, dst, 0, 0, index);
            }
        }
    }

    pub(super) fn load_str(&mut self, dst: Reg, text: &str) {
        self.load_const(dst, Const::Str(Wtf8Buf::from(text)));
    }

    /// A new cache for an attribute.
    pub(super) fn site(&mut self, name: &str) -> i32 {
        let mangled = self.mangled(name);
        self.note_name(&mangled);
        let name = self.string(&mangled) as u32;
        self.u.sites.push(Site { name });
        self.u.sites.len() as i32 - 1
    }

    /// The unit's cache for a global or namespace variable (already mangled).
    pub(super) fn variable_site(&mut self, name: &str) -> i32 {
        self.note_name(name);
        let name = self.string(name) as u32;
        if let Some(&site) = self.u.globals.get(&name) {
            return site as i32;
        }
        let site = self.u.sites.len() as u32;
        self.u.sites.push(Site { name });
        self.u.globals.insert(name, site);
        site as i32
    }

    /// A new cache without a name.
    pub(super) fn cache(&mut self) -> i32 {
        self.u.sites.push(Site { name: Site::NAMELESS });
        self.u.sites.len() as i32 - 1
    }

    fn note_name(&mut self, name: &str) {
        // A linear search would be quadratic in generated code; the constants know already.
        if !self.u.strings.contains_key(rustpython_wtf8::Wtf8::new(name))
            || (self.u.names.len() < 64 && !self.u.names.iter().any(|known| &**known == name))
        {
            self.u.names.push(Arc::from(name));
        }
    }

    // ---- guards and blocks --------------------------------------------------------------------------

    /// From here on exceptions go to `handler`, in register `exc`.
    pub(super) fn guard(&mut self, handler: Label, exc: Reg) {
        let start = Some(self.u.ins.len());
        self.u.guards.push(Guard { start, handler, exc });
    }

    /// Ends the innermost guard.
    pub(super) fn unguard(&mut self) {
        let last = self.u.guards.len().saturating_sub(1);
        self.suspend_one(last);
        self.u.guards.pop();
    }

    fn suspend_one(&mut self, at: usize) -> bool {
        let end = self.u.ins.len();
        let Some(guard) = self.u.guards.get_mut(at) else { return false };
        let Some(start) = guard.start.take() else { return false };
        let (handler, exc) = (guard.handler, guard.exc);
        if start < end {
            self.u.guarded.push(Guarded { start, end, handler, exc });
        }
        true
    }

    /// Suspends all guards from number `keep` on; returns those that were active.
    pub(super) fn suspend_guards(&mut self, keep: usize) -> Vec<usize> {
        (keep..self.u.guards.len()).rev().filter(|&at| self.suspend_one(at)).collect()
    }

    pub(super) fn resume_guards(&mut self, suspended: &[usize]) {
        let here = self.u.ins.len();
        for &at in suspended {
            if let Some(guard) = self.u.guards.get_mut(at) {
                guard.start = Some(here);
            }
        }
    }

    pub(super) fn push_block(&mut self, kind: BlockKind<'a>) -> Done {
        if self.u.blocks.len() >= BLOCKS_MAX {
            return Err(CompileError::syntax("too many statically nested blocks", self.u.at));
        }
        let n_guards = self.u.guards.len();
        self.u.blocks.push(Block { kind, n_guards });
        Ok(())
    }
}
