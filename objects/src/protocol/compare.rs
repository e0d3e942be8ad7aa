//! Comparison, equality, hashing.

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::Special,
    num::hash::hash_f64,
    raise,
    types::{int_ops, str as string},
    value::Value,
};

use super::call::{call, call_unbound, find_special};

/// A rich comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl CompareOp {
    /// The special method.
    pub const fn special(self) -> Special {
        match self {
            Self::Lt => Special::Lt,
            Self::Le => Special::Le,
            Self::Eq => Special::Eq,
            Self::Ne => Special::Ne,
            Self::Gt => Special::Gt,
            Self::Ge => Special::Ge,
        }
    }

    /// The comparison with its operands exchanged.
    pub const fn swapped(self) -> Self {
        match self {
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
            same => same,
        }
    }

    /// The operator's text.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }

    /// Whether an ordering satisfies the comparison.
    pub const fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
        }
    }
}

/// `a OP b`.
///
/// # Errors
/// `TypeError` when unordered types are ordered, and whatever the methods raise.
pub fn compare(cx: &mut Cx, op: CompareOp, a: Value, b: Value) -> Completion<Value> {
    if let (Some(x), Some(y)) = (a.small_int(), b.small_int()) {
        return Ok(op.holds(x.cmp(&y)).into());
    }
    if int_ops::are_exact(a, b) {
        return Ok(int_ops::compares(op, a, b).into());
    }
    let (class_a, class_b) = (cx.class_of(a), cx.class_of(b));
    let reflected_first = class_a != class_b && class::is_subclass(class_b, class_a);
    if reflected_first {
        let r = try_compare(cx, op.swapped(), b, a)?;
        if r != Value::NOT_IMPLEMENTED {
            return Ok(r);
        }
    }
    let r = try_compare(cx, op, a, b)?;
    if r != Value::NOT_IMPLEMENTED {
        return Ok(r);
    }
    if !reflected_first {
        let r = try_compare(cx, op.swapped(), b, a)?;
        if r != Value::NOT_IMPLEMENTED {
            return Ok(r);
        }
    }
    match op {
        CompareOp::Eq => Ok((a == b).into()),
        CompareOp::Ne => Ok((a != b).into()),
        _ => {
            let (x, y, op) = (class::full_name(class_a), class::full_name(class_b), op.text());
            raise!(cx, TypeError, "'{op}' not supported between instances of '{x}' and '{y}'")
        }
    }
}

fn try_compare(cx: &mut Cx, op: CompareOp, a: Value, b: Value) -> Completion<Value> {
    match find_special(cx, a, op.special()) {
        Some(f) => call_unbound(cx, f, a, &[b], &[]),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `a == b` as a truth value.
///
/// # Errors
/// Whatever `__eq__` or `__bool__` raise.
pub fn equal(cx: &mut Cx, a: Value, b: Value) -> Completion<bool> {
    if let (Some(x), Some(y)) = (a.obj(), b.obj())
        && x.kind() == Kind::Str
        && y.kind() == Kind::Str
    {
        return Ok(x == y || string::bytes_of(x) == string::bytes_of(y));
    }
    let r = compare(cx, CompareOp::Eq, a, b)?;
    super::truth(cx, r)
}

/// `a is b or a == b`: how containers compare their items.
///
/// # Errors
/// Whatever `__eq__` or `__bool__` raise.
#[inline]
pub fn identical_or_equal(cx: &mut Cx, a: Value, b: Value) -> Completion<bool> {
    // NaN is the one value that is identical but unequal; identity wins, as in CPython's containers.
    if a == b { Ok(true) } else { equal(cx, a, b) }
}

/// `hash(v)`; never -1.
///
/// # Errors
/// `TypeError` for unhashable values, and whatever `__hash__` raises.
#[inline]
pub fn hash(cx: &mut Cx, v: Value) -> Completion<i64> {
    if let Some(i) = v.small_int() {
        return Ok(if i == -1 { -2 } else { i });
    }
    if let Some(o) = v.obj()
        && o.kind() == Kind::Str
    {
        return Ok(string::hash(cx, o));
    }
    hash_slow(cx, v)
}

fn hash_slow(cx: &mut Cx, v: Value) -> Completion<i64> {
    if let Some(f) = v.float_value() {
        return Ok(hash_f64(f));
    }
    let class = cx.class_of(v);
    let f = class::special(class, Special::Hash);
    if f.is_unbound() || f.is_none() {
        let name = class::full_name(class);
        return raise!(cx, TypeError, "unhashable type: '{name}'");
    }
    let h = call_unbound(cx, f, v, &[], &[])?;
    match super::convert::hash_number(h) {
        Some(-1) => Ok(-2),
        Some(h) => Ok(h),
        None => raise!(cx, TypeError, "__hash__ method should return an integer"),
    }
}

/// The hash of an object by identity, as `object.__hash__` gives.
pub fn identity_hash(v: Value) -> i64 {
    let h = (v.bits() >> 4) as i64;
    if h == -1 { -2 } else { h }
}

/// Whether `v` is an instance of the class `class`, by its MRO only.
#[inline]
pub fn is_exact_instance(cx: &Cx, v: Value, class: Obj) -> bool {
    class::is_subclass(cx.class_of(v), class)
}

/// Calls `f` with the values, for callers that only want a truth value.
///
/// # Errors
/// Whatever the call or `__bool__` raise.
pub fn call_truth(cx: &mut Cx, f: Value, args: &[Value]) -> Completion<bool> {
    let r = call(cx, f, args)?;
    super::truth(cx, r)
}
