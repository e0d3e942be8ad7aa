//! Checks that a unit keeps the table's rules, so that the machine may rely on them.
//!
//! Holds afterwards: every register is inside the window, every index inside its table and of the right type of
//! constant, every jump lands on an instruction in the direction its op promises, handlers likewise, and
//! control cannot run off the end.

use crate::code::{
    object::{CodeUnit, Const, Place, Site, Variable},
    operand::{Effect, Intrinsic, Kind, Special, make_function},
    ops::{Instr, Op},
};

/// What is wrong with a unit, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{unit}, instruction {at}: {what}")]
pub struct VerifyError {
    /// Qualified name of the unit.
    pub unit: String,
    /// Instruction index.
    pub at: usize,
    /// The broken rule.
    pub what: String,
}

/// Checks `unit` and the units among its constants.
///
/// # Errors
/// The first broken rule.
pub fn verify(unit: &CodeUnit) -> Result<(), VerifyError> {
    let fail =
        |at: usize, what: String| Err(VerifyError { unit: unit.qualname.to_string(), at, what });
    if let Err(what) = tables(unit) {
        return fail(0, what);
    }
    for (at, instr) in unit.instrs.iter().enumerate() {
        if let Err(what) = instruction(unit, at, *instr) {
            return fail(at, format!("{}: {what}", instr.op.name()));
        }
    }
    for constant in &unit.consts {
        if let Const::Code(inner) = constant {
            verify(inner)?;
        }
    }
    Ok(())
}

fn tables(unit: &CodeUnit) -> Result<(), String> {
    if unit.instrs.len() != unit.positions.len() {
        return Err("positions and instructions differ in number".into());
    }
    match unit.instrs.last() {
        Some(last) if last.op.has(Effect::Ends) => {}
        _ => return Err("control can run off the end".into()),
    }
    if unit.n_params > unit.n_regs || unit.n_locals > unit.n_regs.max(unit.n_params) {
        return Err("parameters or locals outside the window".into());
    }
    for entry in &unit.exceptions {
        let len = unit.instrs.len() as u32;
        if entry.start >= entry.end || entry.end > len || entry.handler >= len {
            return Err(format!("bad exception entry {entry:?}"));
        }
        register(unit, i32::from(entry.exc), 1)?;
    }
    for site in &unit.sites {
        if site.name != Site::NAMELESS {
            name(unit, site.name as usize)?;
        }
    }
    let hidden = unit.hidden.iter().map(|hidden| &hidden.variable);
    let mut variables =
        unit.varnames.iter().chain(&unit.cellvars).chain(&unit.freevars).chain(hidden);
    variables.try_for_each(|variable| place(unit, variable))
}

fn place(unit: &CodeUnit, variable: &Variable) -> Result<(), String> {
    match variable.place {
        Place::Register(r) if u32::from(r) < unit.n_regs => Ok(()),
        Place::Wide(slot) if slot < unit.n_wide => Ok(()),
        place => Err(format!("variable {} has a bad place {place:?}", variable.name)),
    }
}

fn name(unit: &CodeUnit, index: usize) -> Result<(), String> {
    match unit.consts.get(index) {
        Some(Const::Str(_)) => Ok(()),
        _ => Err(format!("constant {index} is not a name")),
    }
}

fn register(unit: &CodeUnit, first: i32, n: i64) -> Result<(), String> {
    if i64::from(first) + n > i64::from(unit.n_regs) {
        return Err(format!("registers r{first}..+{n} of {}", unit.n_regs));
    }
    Ok(())
}

fn instruction(unit: &CodeUnit, at: usize, instr: Instr) -> Result<(), String> {
    for (field, kind, value) in instr.fields() {
        let wrong = |what| format!("{field}: {what}");
        if kind == Kind::Win {
            // One op has two windows.
            let n = if field == "args" && instr.op == Op::LoadSuperMethod {
                3
            } else {
                window(unit, instr)
            };
            register(unit, value, n).map_err(wrong)?;
        }
        operand(unit, at, instr, kind, value).map_err(wrong)?;
    }
    Ok(())
}

fn operand(unit: &CodeUnit, at: usize, instr: Instr, kind: Kind, value: i32) -> Result<(), String> {
    let index = usize::try_from(value);
    match kind {
        Kind::Dst | Kind::Src | Kind::Mut | Kind::Win => register(unit, value, 1),
        Kind::Byte | Kind::I8 | Kind::Int => Ok(()),
        Kind::Sense if value <= 1 => Ok(()),
        Kind::Sense => Err(format!("sense {value}")),
        Kind::Count => index.map(drop).map_err(|_| format!("negative count {value}")),
        Kind::Const => index
            .ok()
            .filter(|&i| i < unit.consts.len())
            .map(drop)
            .ok_or_else(|| format!("no constant {value}")),
        Kind::Name => name(unit, index.unwrap_or(usize::MAX)),
        Kind::Code => match unit.consts.get(index.unwrap_or(usize::MAX)) {
            Some(Const::Code(_)) => Ok(()),
            _ => Err(format!("constant {value} is not code")),
        },
        Kind::Site | Kind::Cache => {
            let site = unit.sites.get(index.unwrap_or(usize::MAX));
            let site = site.ok_or_else(|| format!("no site {value}"))?;
            let nameless = site.name == Site::NAMELESS;
            if nameless == (kind == Kind::Cache) { Ok(()) } else { Err("wrong site".into()) }
        }
        Kind::Jump => jump(unit, at, instr.op, value),
        Kind::Intrinsic => {
            Intrinsic::from_imm(value).map(drop).ok_or_else(|| format!("intrinsic {value}"))
        }
        Kind::Special => {
            Special::from_imm(value).map(drop).ok_or_else(|| format!("special {value}"))
        }
    }
}

fn jump(unit: &CodeUnit, at: usize, op: Op, distance: i32) -> Result<(), String> {
    let backward = op.has(Effect::Safepoint);
    if backward != (distance < 0) {
        return Err(format!("jump {distance} in the wrong direction"));
    }
    let target = at as i64 + 1 + i64::from(distance);
    if target < 0 || target >= unit.instrs.len() as i64 {
        return Err(format!("jump to {target} of {}", unit.instrs.len()));
    }
    Ok(())
}

/// Length of the op's window (of `base` in `LoadSuperMethod`); for calls, with the header.
pub fn window(unit: &CodeUnit, instr: Instr) -> i64 {
    let (nargs, imm) = (i64::from(instr.c), i64::from(instr.imm));
    match instr.op {
        Op::Call | Op::CallKw => 4 + nargs,
        Op::CallEx => 6,
        Op::CallMethod | Op::CallMethodKw => 5 + nargs,
        Op::LoadMethod | Op::LoadSuperMethod => 5,
        Op::LoadSuperAttr | Op::BuildSlice | Op::BuildInterpolation => 3,
        Op::ExcInfo | Op::MatchClass => 3,
        Op::LoadSlice | Op::StoreSlice => 2,
        Op::CopyFree | Op::BuildTuple | Op::BuildList | Op::BuildSet | Op::BuildString => imm,
        Op::BuildMap => 2 * imm,
        Op::Unpack => imm,
        Op::UnpackStar => nargs + 1 + imm,
        Op::MakeFunction => {
            let all = make_function::DEFAULTS
                | make_function::KWDEFAULTS
                | make_function::ANNOTATE
                | make_function::CLOSURE;
            i64::from((instr.c & all).count_ones())
        }
        _ => i64::from(unit.n_regs > 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_op_with_a_window_has_a_length() {
        for &op in Op::ALL {
            let has = op.operands().iter().any(|&(_, kind)| kind == Kind::Win);
            let instr = Instr::new(op, 0, 0, 3, 2);
            let unit = CodeUnit::empty();
            if has {
                assert!(window(&unit, instr) > 0, "{}", op.name());
            }
        }
    }

    #[test]
    fn a_register_outside_the_window_is_refused() {
        let mut unit = CodeUnit::empty();
        unit.instrs = Box::new([Instr::new(Op::Return, 7, 0, 0, 0)]);
        unit.positions = Box::new([Default::default()]);
        assert!(verify(&unit).is_err());
        unit.n_regs = 8;
        assert_eq!(verify(&unit), Ok(()));
    }

    #[test]
    fn a_jump_outside_is_refused() {
        let mut unit = CodeUnit::empty();
        unit.instrs = Box::new([Instr::new(Op::JumpBack, 0, 0, 0, -2)]);
        unit.positions = Box::new([Default::default()]);
        assert!(verify(&unit).is_err());
        unit.instrs[0].imm = -1;
        assert_eq!(verify(&unit), Ok(()));
    }
}
