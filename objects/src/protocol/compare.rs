//! Comparison, equality, hashing, `isinstance`.

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::{N, Special},
    num::hash::hash_f64,
    raise,
    types::{T, int_ops, str as string},
    value::Value,
};

use super::call::{call, call_special, call_unbound, find_special};

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

/// `isinstance(v, class_or_tuple)`.
///
/// # Errors
/// `TypeError` for a second argument that is no class, and whatever `__instancecheck__` raises.
pub fn is_instance(cx: &mut Cx, v: Value, class: Value) -> Completion<bool> {
    if Value::from(cx.class_of(v)) == class {
        return Ok(true);
    }
    if let Some(classes) = tuple_items(class) {
        return any_of(cx, " in __instancecheck__", classes, |cx, c| is_instance(cx, v, c));
    }
    if let Some(o) = class.obj()
        && o.kind() == Kind::Type
        && o.class() == cx.class(T::type_)
    {
        return instance_of_class(cx, v, o);
    }
    if let Some(r) = call_special(cx, class, Special::InstanceCheck, &[v])? {
        return super::truth(cx, r);
    }
    default_instance_check(cx, v, class)
}

fn tuple_items(v: Value) -> Option<&'static [Value]> {
    v.obj().filter(|o| o.kind() == Kind::Tuple).map(Obj::items)
}

/// Whether `f` holds for one of the classes, or tuples of classes.
fn any_of(
    cx: &mut Cx,
    doing: &str,
    classes: &[Value],
    mut f: impl FnMut(&mut Cx, Value) -> Completion<bool>,
) -> Completion<bool> {
    cx.nested(doing, |cx| {
        for &c in classes {
            if f(cx, c)? {
                return Ok(true);
            }
        }
        Ok(false)
    })
}

/// The `__bases__` of something that is no class but stands for one.
fn abstract_bases(cx: &mut Cx, v: Value) -> Completion<Option<&'static [Value]>> {
    let name = cx.name(N::bases);
    Ok(super::get_attr_opt(cx, v, name)?.and_then(tuple_items))
}

/// Whether `base` is among the bases of `v`, and theirs.
fn abstract_subclass(cx: &mut Cx, v: Value, base: Value) -> Completion<bool> {
    let mut v = v;
    loop {
        if v == base {
            return Ok(true);
        }
        match abstract_bases(cx, v)? {
            None | Some([]) => return Ok(false),
            Some(&[one]) => v = one,
            Some(bases) => {
                let doing = " in __issubclass__";
                return any_of(cx, doing, bases, |cx, b| abstract_subclass(cx, b, base));
            }
        }
    }
}

fn instance_of_class(cx: &mut Cx, v: Value, class: Obj) -> Completion<bool> {
    if class::is_subclass(cx.class_of(v), class) {
        return Ok(true);
    }
    // Proxies lie about their class through `__class__`.
    let name = cx.name(N::class);
    match super::get_attr_opt(cx, v, name)?.and_then(Value::obj) {
        Some(c) if c.kind() == Kind::Type => Ok(class::is_subclass(c, class)),
        _ => Ok(false),
    }
}

/// `type.__instancecheck__`.
///
/// # Errors
/// `TypeError` when `class` is no class.
pub fn default_instance_check(cx: &mut Cx, v: Value, class: Value) -> Completion<bool> {
    match class.obj() {
        Some(o) if o.kind() == Kind::Type => instance_of_class(cx, v, o),
        _ if abstract_bases(cx, class)?.is_none() => {
            raise!(cx, TypeError, "isinstance() arg 2 must be a type, a tuple of types, or a union")
        }
        _ => {
            let name = cx.name(N::class);
            match super::get_attr_opt(cx, v, name)? {
                Some(own) => abstract_subclass(cx, own, class),
                None => Ok(false),
            }
        }
    }
}

/// `issubclass(class, class_or_tuple)`.
///
/// # Errors
/// `TypeError` for arguments that are no classes, and whatever `__subclasscheck__` raises.
pub fn is_subclass_of(cx: &mut Cx, class: Value, base: Value) -> Completion<bool> {
    if let Some(classes) = tuple_items(base) {
        return any_of(cx, " in __subclasscheck__", classes, |cx, c| is_subclass_of(cx, class, c));
    }
    if let Some(r) = call_special(cx, base, Special::SubclassCheck, &[class])? {
        return super::truth(cx, r);
    }
    default_subclass_check(cx, class, base)
}

/// `type.__subclasscheck__`.
///
/// # Errors
/// `TypeError` when an argument is no class.
pub fn default_subclass_check(cx: &mut Cx, class: Value, base: Value) -> Completion<bool> {
    let as_class = |v: Value| v.obj().filter(|o| o.kind() == Kind::Type);
    match (as_class(class), as_class(base)) {
        (Some(c), Some(b)) => return Ok(class::is_subclass(c, b)),
        (None, _) if abstract_bases(cx, class)?.is_none() => {
            return raise!(cx, TypeError, "issubclass() arg 1 must be a class");
        }
        (_, None) if abstract_bases(cx, base)?.is_none() => {
            return raise!(
                cx,
                TypeError,
                "issubclass() arg 2 must be a class, a tuple of classes, or a union"
            );
        }
        _ => {}
    }
    abstract_subclass(cx, class, base)
}

/// Calls `f` with the values, for callers that only want a truth value.
///
/// # Errors
/// Whatever the call or `__bool__` raise.
pub fn call_truth(cx: &mut Cx, f: Value, args: &[Value]) -> Completion<bool> {
    let r = call(cx, f, args)?;
    super::truth(cx, r)
}
