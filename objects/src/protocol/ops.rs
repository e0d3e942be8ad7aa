//! Operators and subscripts through special methods; the VM tries its fast paths first.

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::Kind,
    names::{N, Special},
    raise,
    types::{T, int_ops},
    value::Value,
};

use super::call::{call, call_special, call_unbound, find_special};

/// A binary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `@`
    MatMul,
    /// `/`
    TrueDiv,
    /// `//`
    FloorDiv,
    /// `%`
    Mod,
    /// `divmod()`
    DivMod,
    /// `**`
    Pow,
    /// `<<`
    LShift,
    /// `>>`
    RShift,
    /// `&`
    And,
    /// `^`
    Xor,
    /// `|`
    Or,
}

use Special as S;

const TABLE: [(S, S, Option<S>, &str); 14] = [
    (S::Add, S::RAdd, Some(S::IAdd), "+"),
    (S::Sub, S::RSub, Some(S::ISub), "-"),
    (S::Mul, S::RMul, Some(S::IMul), "*"),
    (S::MatMul, S::RMatMul, Some(S::IMatMul), "@"),
    (S::TrueDiv, S::RTrueDiv, Some(S::ITrueDiv), "/"),
    (S::FloorDiv, S::RFloorDiv, Some(S::IFloorDiv), "//"),
    (S::Mod, S::RMod, Some(S::IMod), "%"),
    (S::DivMod, S::RDivMod, None, "divmod()"),
    (S::Pow, S::RPow, Some(S::IPow), "** or pow()"),
    (S::LShift, S::RLShift, Some(S::ILShift), "<<"),
    (S::RShift, S::RRShift, Some(S::IRShift), ">>"),
    (S::And, S::RAnd, Some(S::IAnd), "&"),
    (S::Xor, S::RXor, Some(S::IXor), "^"),
    (S::Or, S::ROr, Some(S::IOr), "|"),
];

/// `a OP b`.
///
/// # Errors
/// `TypeError` for unsupported operands, and whatever the methods raise.
pub fn binary(cx: &mut Cx, op: BinaryOp, a: Value, b: Value) -> Completion<Value> {
    if int_ops::are_exact(a, b)
        && let Some(result) = int_ops::binary(cx, op, a, b)
    {
        return result;
    }
    let r = try_binary(cx, op, a, b)?;
    if r != Value::NOT_IMPLEMENTED {
        return Ok(r);
    }
    unsupported(cx, TABLE[op as usize].3, a, b)
}

/// `a OP b`, or `NotImplemented` when neither side supports it.
///
/// # Errors
/// Whatever the methods raise.
pub fn try_binary(cx: &mut Cx, op: BinaryOp, a: Value, b: Value) -> Completion<Value> {
    let (forward, reflected, ..) = TABLE[op as usize];
    let (class_a, class_b) = (cx.class_of(a), cx.class_of(b));
    let f = class::special(class_a, forward);
    let r = class::special(class_b, reflected);
    let differ = class_a != class_b;
    if differ
        && r.is_bound()
        && class::is_subclass(class_b, class_a)
        && r != class::special(class_a, reflected)
    {
        let result = call_unbound(cx, r, b, &[a], &[])?;
        if result != Value::NOT_IMPLEMENTED {
            return Ok(result);
        }
        return call_if_bound(cx, f, a, b);
    }
    let result = call_if_bound(cx, f, a, b)?;
    if result != Value::NOT_IMPLEMENTED || !differ {
        return Ok(result);
    }
    call_if_bound(cx, r, b, a)
}

fn call_if_bound(cx: &mut Cx, f: Value, this: Value, other: Value) -> Completion<Value> {
    if f.is_unbound() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    call_unbound(cx, f, this, &[other], &[])
}

#[cold]
fn unsupported(cx: &mut Cx, text: &str, a: Value, b: Value) -> Completion<Value> {
    let (x, y) = (cx.type_name(a), cx.type_name(b));
    let is_sequence = |cx: &Cx, v: Value| {
        [T::list, T::tuple, T::str, T::bytes, T::bytearray].iter().any(|&t| cx.is_a(v, t))
    };
    match text {
        "+" | "+=" if cx.is_a(a, T::bytes) || cx.is_a(a, T::bytearray) => {
            return raise!(cx, TypeError, "can't concat {y} to {x}");
        }
        "+" | "+=" if is_sequence(cx, a) => {
            return raise!(cx, TypeError, "can only concatenate {x} (not \"{y}\") to {x}");
        }
        "*" | "*=" if is_sequence(cx, a) => {
            return raise!(cx, TypeError, "can't multiply sequence by non-int of type '{y}'");
        }
        "*" | "*=" if is_sequence(cx, b) => {
            return raise!(cx, TypeError, "can't multiply sequence by non-int of type '{x}'");
        }
        _ => {}
    }
    raise!(cx, TypeError, "unsupported operand type(s) for {text}: '{x}' and '{y}'")
}

/// `a OP= b`: the value to store back.
///
/// # Errors
/// As [`binary`].
pub fn inplace(cx: &mut Cx, op: BinaryOp, a: Value, b: Value) -> Completion<Value> {
    if int_ops::are_exact(a, b)
        && let Some(result) = int_ops::binary(cx, op, a, b)
    {
        return result;
    }
    let (.., in_place, text) = TABLE[op as usize];
    if let Some(s) = in_place
        && let Some(f) = find_special(cx, a, s)
    {
        let r = call_unbound(cx, f, a, &[b], &[])?;
        if r != Value::NOT_IMPLEMENTED {
            return Ok(r);
        }
    }
    let r = try_binary(cx, op, a, b)?;
    if r != Value::NOT_IMPLEMENTED {
        return Ok(r);
    }
    let text = if op == BinaryOp::Pow { "** or pow()".to_owned() } else { format!("{text}=") };
    unsupported(cx, &text, a, b)
}

/// A unary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`
    Neg,
    /// `+`
    Pos,
    /// `~`
    Invert,
}

/// `OP a`.
///
/// # Errors
/// `TypeError` for an unsupported operand, and whatever the method raises.
pub fn unary(cx: &mut Cx, op: UnaryOp, a: Value) -> Completion<Value> {
    let (s, text) = match op {
        UnaryOp::Neg => (S::Neg, "unary -"),
        UnaryOp::Pos => (S::Pos, "unary +"),
        UnaryOp::Invert => (S::Invert, "unary ~"),
    };
    match call_special(cx, a, s, &[])? {
        Some(r) => Ok(r),
        None => {
            let name = cx.type_name(a);
            raise!(cx, TypeError, "bad operand type for {text}: '{name}'")
        }
    }
}

/// `v[key]`.
///
/// # Errors
/// `TypeError` when `v` has no items, and whatever `__getitem__` raises.
pub fn get_item(cx: &mut Cx, v: Value, key: Value) -> Completion<Value> {
    if let Some(r) = call_special(cx, v, Special::GetItem, &[key])? {
        return Ok(r);
    }
    if let Some(class) = v.obj().filter(|o| o.kind() == Kind::Type) {
        let name = cx.name(N::class_getitem);
        if let Some(f) = super::get_attr_opt(cx, v, name)? {
            return call(cx, f, &[key]);
        }
        if class == cx.class(T::type_) {
            return crate::types::type_::generic_alias(cx, v, key);
        }
        let name = class::full_name(class);
        return raise!(cx, TypeError, "type '{name}' is not subscriptable");
    }
    let name = cx.type_name(v);
    raise!(cx, TypeError, "'{name}' object is not subscriptable")
}

/// `v[key] = value`.
///
/// # Errors
/// `TypeError` when `v` does not support it, and whatever `__setitem__` raises.
pub fn set_item(cx: &mut Cx, v: Value, key: Value, value: Value) -> Completion<()> {
    match call_special(cx, v, Special::SetItem, &[key, value])? {
        Some(_) => Ok(()),
        None => {
            let name = cx.type_name(v);
            raise!(cx, TypeError, "'{name}' object does not support item assignment")
        }
    }
}

/// `del v[key]`.
///
/// # Errors
/// `TypeError` when `v` does not support it, and whatever `__delitem__` raises.
pub fn del_item(cx: &mut Cx, v: Value, key: Value) -> Completion<()> {
    match call_special(cx, v, Special::DelItem, &[key])? {
        Some(_) => Ok(()),
        None => {
            let name = cx.type_name(v);
            raise!(cx, TypeError, "'{name}' object doesn't support item deletion")
        }
    }
}

/// `item in v`.
///
/// # Errors
/// `TypeError` when `v` is no container, and whatever its methods raise.
pub fn contains(cx: &mut Cx, v: Value, item: Value) -> Completion<bool> {
    let f = class::special(cx.class_of(v), Special::Contains);
    if f.is_bound() && !f.is_none() {
        let r = call_unbound(cx, f, v, &[item], &[])?;
        return super::truth(cx, r);
    }
    let has_items = find_special(cx, v, Special::Iter).is_some()
        || find_special(cx, v, Special::GetItem).is_some();
    if f.is_none() {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "'{name}' object is not a container");
    }
    if !has_items {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "argument of type '{name}' is not a container or iterable");
    }
    let it = super::iter(cx, v)?;
    while let Some(x) = super::next(cx, it)? {
        if super::identical_or_equal(cx, x, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}
