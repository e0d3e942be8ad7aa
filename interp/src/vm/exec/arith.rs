//! Operators and comparisons beyond small ints and floats.

use taipan_objects::{
    class,
    cx::Cx,
    exc::Completion,
    heap::Kind,
    names::Special,
    protocol::{self, BinaryOp, CompareOp, UnaryOp},
    types::{T, dict, list, str_ops},
    value::Value,
};

use crate::{code::Instr, vm::frame::Regs};

/// `dst = x OP y`.
pub fn binary(cx: &mut Cx, regs: Regs, i: &Instr, op: BinaryOp) -> Completion<bool> {
    let v = operate(cx, op, regs.get(i.b), regs.get(i.c), i.imm != 0)?;
    regs.set(i.a, v);
    Ok(false)
}

/// `dst = x OP imm`; the byte `c` says whether it was written in place.
pub fn binary_int(cx: &mut Cx, regs: Regs, i: &Instr, op: BinaryOp) -> Completion<bool> {
    let v = operate(cx, op, regs.get(i.b), Value::small(i64::from(i.imm)), i.c != 0)?;
    regs.set(i.a, v);
    Ok(false)
}

fn operate(cx: &mut Cx, op: BinaryOp, x: Value, y: Value, in_place: bool) -> Completion<Value> {
    if let Some(v) = mixed(op, x, y) {
        return Ok(v);
    }
    if op == BinaryOp::Add
        && let (Some(a), Some(b)) = (x.obj(), y.obj())
        && a.kind() == Kind::Str
        && b.kind() == Kind::Str
    {
        return str_ops::concat(cx, a, b);
    }
    if in_place && x.is_obj() {
        protocol::inplace(cx, op, x, y)
    } else if in_place {
        in_place_immediate(cx, op, x, y)
    } else {
        protocol::binary(cx, op, x, y)
    }
}

/// Immediates have no in-place methods, but the error text differs.
fn in_place_immediate(cx: &mut Cx, op: BinaryOp, x: Value, y: Value) -> Completion<Value> {
    match protocol::ops::try_binary(cx, op, x, y)? {
        Value::NOT_IMPLEMENTED => protocol::inplace(cx, op, x, y),
        v => Ok(v),
    }
}

/// Float with small int, for the commonest operators.
fn mixed(op: BinaryOp, x: Value, y: Value) -> Option<Value> {
    let number = |v: Value| {
        if v.is_float() {
            Some(v.as_float())
        } else if v.is_small() {
            Some(v.as_small() as f64)
        } else {
            None
        }
    };
    if !(x.is_float() || y.is_float()) {
        return None;
    }
    let (a, b) = (number(x)?, number(y)?);
    Some(Value::float(match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::TrueDiv if b != 0.0 => a / b,
        _ => return None,
    }))
}

/// Largest magnitude that a float holds exactly.
const EXACT: u64 = 1 << 53;

/// `dst = x / y`.
pub fn true_div(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<bool> {
    let (x, y) = (regs.get(i.b), regs.get(i.c));
    if let (Some(a), Some(b)) = (x.small_int(), y.small_int())
        && b != 0
        && a.unsigned_abs() <= EXACT
        && b.unsigned_abs() <= EXACT
    {
        regs.set(i.a, Value::float(a as f64 / b as f64));
        return Ok(false);
    }
    binary(cx, regs, i, BinaryOp::TrueDiv)
}

/// `dst = x ** y`.
pub fn pow(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<bool> {
    let (x, y) = (regs.get(i.b), regs.get(i.c));
    if let (Some(a), Some(b)) = (x.small_int(), y.small_int())
        && (0..64).contains(&b)
        && let Some(v) = a.checked_pow(b as u32).and_then(Value::try_int)
    {
        regs.set(i.a, v);
        return Ok(false);
    }
    binary(cx, regs, i, BinaryOp::Pow)
}

/// `dst = x << y`.
pub fn shift_left(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<bool> {
    let (x, y) = (regs.get(i.b), regs.get(i.c));
    if let (Some(a), Some(b)) = (x.small_int(), y.small_int())
        && (0..50).contains(&b)
        && a.unsigned_abs() < 1 << (50 - b)
    {
        regs.set(i.a, Value::small(a << b));
        return Ok(false);
    }
    binary(cx, regs, i, BinaryOp::LShift)
}

/// `dst = OP x`.
pub fn unary(cx: &mut Cx, regs: Regs, i: &Instr, op: UnaryOp) -> Completion<()> {
    let x = regs.get(i.b);
    let quick = x.small_int().and_then(|n| match op {
        UnaryOp::Neg => Value::try_int(-n),
        UnaryOp::Pos => Some(x),
        UnaryOp::Invert => Value::try_int(!n),
    });
    let v = match quick {
        Some(v) => v,
        None => protocol::unary(cx, op, x)?,
    };
    regs.set(i.a, v);
    Ok(())
}

fn quick_order(x: Value, y: Value) -> Option<std::cmp::Ordering> {
    let as_float = |v: Value| match v.small_int() {
        Some(n) if n.unsigned_abs() <= EXACT => Some(n as f64),
        Some(_) => None,
        None => v.float_value(),
    };
    if x.is_float() || y.is_float() { as_float(x)?.partial_cmp(&as_float(y)?) } else { None }
}

/// Two exact strings.
fn quick_strings(x: Value, y: Value) -> Option<std::cmp::Ordering> {
    let (a, b) = (x.obj()?, y.obj()?);
    if a.kind() == Kind::Str && b.kind() == Kind::Str {
        // WTF-8 sorts like code points.
        Some(taipan_objects::types::str::bytes_of(a).cmp(taipan_objects::types::str::bytes_of(b)))
    } else {
        None
    }
}

/// `dst = x OP y`, whatever the method gives.
pub fn compare(cx: &mut Cx, regs: Regs, i: &Instr, op: CompareOp) -> Completion<bool> {
    let (x, y) = (regs.get(i.b), regs.get(i.c));
    let v = match quick_strings(x, y).or_else(|| quick_order(x, y)) {
        Some(order) => Value::bool(op.holds(order)),
        None => protocol::compare(cx, op, x, y)?,
    };
    regs.set(i.a, v);
    Ok(false)
}

/// `bool(x OP y)`.
pub fn test(cx: &mut Cx, x: Value, y: Value, op: CompareOp) -> Completion<bool> {
    match quick_strings(x, y).or_else(|| quick_order(x, y)) {
        Some(order) => Ok(op.holds(order)),
        None => {
            let v = protocol::compare(cx, op, x, y)?;
            truth(cx, v)
        }
    }
}

/// `bool(v)`.
pub fn truth(cx: &mut Cx, v: Value) -> Completion<bool> {
    if v.is_bool() {
        return Ok(v == Value::TRUE);
    }
    if let Some(n) = v.small_int() {
        return Ok(n != 0);
    }
    let Some(o) = v.obj() else { return protocol::truth(cx, v) };
    match o.kind() {
        Kind::Instance => {
            let class = o.class();
            if class::special(class, Special::Bool).is_unbound()
                && class::special(class, Special::Len).is_unbound()
            {
                return Ok(true);
            }
        }
        Kind::Str | Kind::Tuple => return Ok(!o.is_empty()),
        Kind::List if o.class() == cx.class(T::list) => return Ok(list::len(cx, o)? != 0),
        Kind::Dict if o.class() == cx.class(T::dict) => return Ok(dict::len(cx, o)? != 0),
        _ => {}
    }
    protocol::truth(cx, v)
}
