//! The listing of a unit, one line per instruction.

use std::fmt::Write;

use crate::code::{
    object::{CodeUnit, Const, Site},
    operand::{Intrinsic, Kind, Special},
    ops::Instr,
};

/// The listing of `unit` and of the units among its constants.
pub fn listing(unit: &CodeUnit) -> String {
    let mut out = String::new();
    write_unit(&mut out, unit);
    out
}

fn write_unit(out: &mut String, unit: &CodeUnit) {
    let _ = writeln!(
        out,
        "{} (line {}): {} params, {} locals, {} registers",
        unit.qualname, unit.first_line, unit.n_params, unit.n_locals, unit.n_regs
    );
    let mut line = 0;
    for (at, (instr, position)) in unit.instrs.iter().zip(&unit.positions).enumerate() {
        let shown = if position.line == line { String::new() } else { position.line.to_string() };
        line = position.line;
        let _ = writeln!(out, "{shown:>5} {at:>5}  {}", instruction(unit, at, *instr));
    }
    for entry in &unit.exceptions {
        let (start, end) = (entry.start, entry.end);
        let _ = writeln!(out, "  guard {start}..{end} -> {} in r{}", entry.handler, entry.exc);
    }
    for constant in &unit.consts {
        if let Const::Code(inner) = constant {
            out.push('\n');
            write_unit(out, inner);
        }
    }
}

/// One instruction, as in `Add r2, r0, r1, 0`.
pub fn instruction(unit: &CodeUnit, at: usize, instr: Instr) -> String {
    let mut out = instr.op.name().to_owned();
    for (n, (_, kind, value)) in instr.fields().enumerate() {
        out.push_str(if n == 0 { " " } else { ", " });
        out.push_str(&operand(unit, at, kind, value));
    }
    out
}

fn operand(unit: &CodeUnit, at: usize, kind: Kind, value: i32) -> String {
    let index = usize::try_from(value).unwrap_or(usize::MAX);
    match kind {
        Kind::Dst | Kind::Src | Kind::Mut | Kind::Win => format!("r{value}"),
        Kind::Const | Kind::Name | Kind::Code => constant(unit, index),
        Kind::Site => match unit.sites.get(index) {
            Some(site) => constant(unit, site.name as usize),
            None => format!("site {value}?"),
        },
        Kind::Cache => match unit.sites.get(index) {
            Some(site) if site.name == Site::NAMELESS => format!("#{value}"),
            _ => format!("site {value}?"),
        },
        Kind::Jump => format!("-> {}", at as i64 + 1 + i64::from(value)),
        Kind::Intrinsic => format!("{:?}", Intrinsic::from_imm(value)),
        Kind::Special => format!("{:?}", Special::from_imm(value)),
        Kind::Byte | Kind::I8 | Kind::Sense | Kind::Int | Kind::Count => value.to_string(),
    }
}

fn constant(unit: &CodeUnit, index: usize) -> String {
    match unit.consts.get(index) {
        Some(Const::Str(text)) => format!("{:?}", text.to_string_lossy()),
        Some(Const::Code(inner)) => format!("<code {}>", inner.qualname),
        Some(other) => format!("{other:?}"),
        None => format!("const {index}?"),
    }
}
