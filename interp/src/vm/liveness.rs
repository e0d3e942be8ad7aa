//! Which temporaries of a frame are still going to be read: what an explicit collection may not take for roots otherwise.
//!
//! Registers are not wiped when a statement ends, so a temporary may name an object long after the program has dropped
//! it. Ordinary collections live with that; `gc.collect()` promises that what is unreachable goes now, so it first
//! empties the dead temporaries of its thread's frames. Locals are left alone: frame objects show them.

use std::collections::HashMap;

use taipan_objects::{cx::Cx, value::Value};

use crate::{
    code::{CodeUnit, Effect, Instr, Kind, Op, verify},
    vm::{frame::FRAME_WORDS, state::vm_ref},
};

/// Registers as bits.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
struct Set([u64; 4]);

impl Set {
    fn add(&mut self, first: i32, n: i64) {
        for r in i64::from(first)..i64::from(first) + n {
            if let Some(word) = self.0.get_mut(r as usize / 64) {
                *word |= 1 << (r % 64);
            }
        }
    }

    fn has(&self, r: usize) -> bool {
        self.0.get(r / 64).is_none_or(|word| word >> (r % 64) & 1 != 0)
    }

    fn join(&mut self, other: Set) {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a |= b);
    }

    fn without(mut self, other: Set) -> Set {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a &= !b);
        self
    }
}

/// For each instruction the registers that may be read from it on.
struct Liveness<'a> {
    unit: &'a CodeUnit,
    before: Vec<Set>,
}

impl<'a> Liveness<'a> {
    fn of(unit: &'a CodeUnit) -> Self {
        let mut this = Self { unit, before: vec![Set::default(); unit.instrs.len()] };
        let mut changed = true;
        while changed {
            changed = false;
            for at in (0..unit.instrs.len()).rev() {
                let instr = unit.instrs[at];
                let (uses, writes) = touched(unit, instr);
                let mut live = this.after(at).without(writes);
                live.join(uses);
                live.join(this.in_handler(at));
                if live != this.before[at] {
                    this.before[at] = live;
                    changed = true;
                }
            }
        }
        this
    }

    /// Live behind the instruction, wherever it goes.
    fn after(&self, at: usize) -> Set {
        let instr = self.unit.instrs[at];
        let mut live = Set::default();
        if !instr.op.has(Effect::Ends)
            && let Some(&next) = self.before.get(at + 1)
        {
            live.join(next);
        }
        if instr.op.jumps()
            && let Ok(target) = usize::try_from(at as i64 + 1 + i64::from(instr.imm))
            && let Some(&there) = self.before.get(target)
        {
            live.join(there);
        }
        live
    }

    /// Live in the handler that an exception raised here goes to.
    fn in_handler(&self, at: usize) -> Set {
        let at = at as u32;
        let Some(entry) = self.unit.exceptions.iter().find(|e| e.start <= at && at < e.end) else {
            return Set::default();
        };
        let mut exc = Set::default();
        exc.add(i32::from(entry.exc), 1);
        self.before[entry.handler as usize].without(exc)
    }

    /// Live while the instruction runs, if the frame then goes on behind it or at `next`.
    fn during(&self, at: usize, next: usize) -> Set {
        let mut live = self.before[at];
        live.join(self.after(at));
        live.join(self.before.get(next).copied().unwrap_or_default());
        live
    }
}

/// What an instruction reads, and what it certainly writes.
fn touched(unit: &CodeUnit, instr: Instr) -> (Set, Set) {
    let (mut uses, mut writes) = (Set::default(), Set::default());
    for (field, kind, r) in instr.fields() {
        match kind {
            Kind::Dst => writes.add(r, 1),
            Kind::Src => uses.add(r, 1),
            Kind::Mut => {
                uses.add(r, 1);
                writes.add(r, 1);
            }
            Kind::Win => window(unit, instr, field, r, &mut uses, &mut writes),
            _ => {}
        }
    }
    (uses, writes)
}

fn window(unit: &CodeUnit, i: Instr, field: &str, r: i32, uses: &mut Set, writes: &mut Set) {
    let n = verify::window(unit, i);
    match i.op {
        Op::LoadSuperMethod if field == "args" => uses.add(r, 3),
        Op::LoadMethod | Op::LoadSuperMethod => {
            writes.add(r, 1);
            writes.add(r + 4, 1);
        }
        Op::Call | Op::CallKw | Op::CallEx | Op::CallMethod | Op::CallMethodKw => {
            uses.add(r, 1);
            uses.add(r + 4, n - 4);
        }
        Op::Unpack | Op::UnpackStar | Op::ExcInfo | Op::CopyFree => writes.add(r, n),
        _ => uses.add(r, n),
    }
}

/// Whether code from instruction `to` on reads temporaries that nothing has prepared for code from `from` on.
pub fn needs_more(unit: &CodeUnit, from: usize, to: usize) -> bool {
    let live = Liveness::of(unit);
    let (here, there) = (live.before[from], live.before[to]);
    let temporaries = unit.n_locals as usize..256;
    temporaries.into_iter().any(|r| there.has(r) && !here.has(r))
}

/// Empties the temporaries of this thread's frames that nothing is going to read.
pub fn clear_dead(cx: &mut Cx) {
    let vm = vm_ref(cx);
    let (mut regs, mut pc) = (vm.base, vm.pc);
    let mut known: HashMap<*const CodeUnit, Liveness<'static>> = HashMap::new();
    let mut end = usize::MAX;
    while !regs.is_null() {
        let code = regs.code();
        let live = known.entry(&raw const *code.unit).or_insert_with(|| Liveness::of(&code.unit));
        let live = live.during(code.index_before(pc), code.index_of(pc));
        // The surplus of wide frames is reached through a register that frame objects read, too.
        if code.unit.n_wide == 0 {
            let end = end.min(code.n_regs as usize);
            for r in (code.n_locals as usize..end).filter(|&r| !live.has(r)) {
                regs.set_word(r, Value::UNBOUND);
            }
        }
        let caller = regs.caller();
        if caller == regs {
            return;
        }
        end = regs.distance_from(caller).saturating_sub(FRAME_WORDS);
        pc = regs.return_pc();
        regs = caller;
    }
}
