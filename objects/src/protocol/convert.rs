//! Conversions: truth, length, text, integers.

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::Kind,
    names::Special,
    raise,
    types::{T, int, str as string},
    value::Value,
};

use super::call::{call_special, call_unbound, find_special};

/// `bool(v)`.
///
/// # Errors
/// Whatever `__bool__` or `__len__` raise.
#[inline]
pub fn truth(cx: &mut Cx, v: Value) -> Completion<bool> {
    if v.is_bool() {
        return Ok(v == Value::TRUE);
    }
    if let Some(i) = v.small_int() {
        return Ok(i != 0);
    }
    if v.is_none() {
        return Ok(false);
    }
    truth_slow(cx, v)
}

fn truth_slow(cx: &mut Cx, v: Value) -> Completion<bool> {
    if let Some(f) = v.float_value() {
        return Ok(f != 0.0);
    }
    if let Some(o) = v.obj()
        && matches!(o.kind(), Kind::Str | Kind::Tuple | Kind::Bytes)
    {
        return Ok(!o.is_empty());
    }
    if let Some(r) = call_special(cx, v, Special::Bool, &[])? {
        if r.is_bool() {
            return Ok(r == Value::TRUE);
        }
        let name = class::full_name(cx.class_of(r));
        return raise!(cx, TypeError, "__bool__ should return bool, returned {name}");
    }
    if find_special(cx, v, Special::Len).is_some() {
        return Ok(length(cx, v)? != 0);
    }
    Ok(true)
}

/// `len(v)`.
///
/// # Errors
/// `TypeError` when `v` has no length, and whatever `__len__` raises.
pub fn length(cx: &mut Cx, v: Value) -> Completion<usize> {
    let Some(r) = call_special(cx, v, Special::Len, &[])? else {
        let name = class::full_name(cx.class_of(v));
        return raise!(cx, TypeError, "object of type '{name}' has no len()");
    };
    let r = index_int(cx, r)?;
    match as_i64(r) {
        Some(n) if n >= 0 => Ok(n as usize),
        None if !crate::types::number::big_of(r).is_negative() => {
            raise!(cx, OverflowError, "cannot fit 'int' into an index-sized integer")
        }
        _ => raise!(cx, ValueError, "__len__() should return >= 0"),
    }
}

/// `repr(v)` as a string object.
///
/// # Errors
/// Whatever `__repr__` raises.
pub fn repr(cx: &mut Cx, v: Value) -> Completion<Value> {
    text_through(cx, v, Special::Repr, "__repr__")
}

/// `str(v)` as a string object.
///
/// # Errors
/// Whatever `__str__` raises.
pub fn str_of(cx: &mut Cx, v: Value) -> Completion<Value> {
    if v.obj().is_some_and(|o| o.kind() == Kind::Str) {
        return Ok(v);
    }
    text_through(cx, v, Special::Str, "__str__")
}

fn text_through(cx: &mut Cx, v: Value, s: Special, method: &str) -> Completion<Value> {
    let f = class::special(cx.class_of(v), s);
    let doing = if s == Special::Repr {
        " while getting the repr of an object"
    } else {
        " while getting the str of an object"
    };
    cx.enter_native(doing)?;
    let r = call_unbound(cx, f, v, &[], &[]);
    cx.leave_native();
    let r = r?;
    if string::exact(r).is_some() {
        return Ok(r);
    }
    let name = class::full_name(cx.class_of(r));
    raise!(cx, TypeError, "{method} returned non-string (type {name})")
}

/// `repr(v)` as Rust text (lone surrogates replaced), for messages.
///
/// # Errors
/// Whatever `__repr__` raises.
pub fn repr_text(cx: &mut Cx, v: Value) -> Completion<String> {
    let r = repr(cx, v)?;
    Ok(string::wtf8(r).map(|t| t.to_string()).unwrap_or_default())
}

/// `str(v)` as Rust text (lone surrogates replaced), for messages.
///
/// # Errors
/// Whatever `__str__` raises.
pub fn str_text(cx: &mut Cx, v: Value) -> Completion<String> {
    let r = str_of(cx, v)?;
    Ok(string::wtf8(r).map(|t| t.to_string()).unwrap_or_default())
}

/// Whether `v` can stand for a whole number: it is an int or has `__index__`.
#[inline]
pub fn is_index(cx: &Cx, v: Value) -> bool {
    as_int(v).is_some() || find_special(cx, v, Special::Index).is_some()
}

/// The `int` value of an integer, bool or instance of an int subclass: inline or `Kind::Int`.
#[inline]
pub fn as_int(v: Value) -> Option<Value> {
    if v.is_small() {
        return Some(v);
    }
    if v.is_bool() {
        return Some(Value::small(i64::from(v == Value::TRUE)));
    }
    let o = v.obj()?;
    match o.kind() {
        Kind::Int => Some(v),
        Kind::Instance if class::has_flag(o.class(), class::flag::PAYLOAD) => {
            let payload = o.raw(class::PAYLOAD);
            let is_int = payload.is_small() || payload.obj().is_some_and(|p| p.kind() == Kind::Int);
            is_int.then_some(payload)
        }
        _ => None,
    }
}

/// The 64-bit value of an integer, `None` if it is none or does not fit.
pub fn as_i64(v: Value) -> Option<i64> {
    let v = as_int(v)?;
    if let Some(i) = v.small_int() {
        return Some(i);
    }
    let (negative, limbs) = int::limbs(v.obj()?);
    match (limbs, negative) {
        ([limb], false) => i64::try_from(*limb).ok(),
        ([limb], true) if *limb <= 1 << 63 => Some((*limb as i64).wrapping_neg()),
        _ => None,
    }
}

/// A hash as 64 bits from the `int` that `__hash__` returned (big ones are folded modulo `2**61 - 1`).
pub(crate) fn hash_number(v: Value) -> Option<i64> {
    let v = as_int(v)?;
    if let Some(i) = as_i64(v) {
        return Some(i);
    }
    let (negative, limbs) = int::limbs(v.obj()?);
    const P: u128 = (1 << 61) - 1;
    let mut r: u128 = 0;
    for &limb in limbs.iter().rev() {
        r = ((r << 64) + u128::from(limb)) % P;
    }
    let r = r as i64;
    Some(if negative { -r } else { r })
}

/// `operator.index(v)` as an exact `int` value (inline or `Kind::Int`).
///
/// # Errors
/// `TypeError` when `v` is no integer, and whatever `__index__` raises.
#[inline]
pub fn index_int(cx: &mut Cx, v: Value) -> Completion<Value> {
    if let Some(i) = as_int(v) {
        return Ok(i);
    }
    let name = class::full_name(cx.class_of(v));
    match call_special(cx, v, Special::Index, &[])? {
        None => raise!(cx, TypeError, "'{name}' object cannot be interpreted as an integer"),
        Some(r) => match as_int(r) {
            Some(i) => {
                subclass_returned(cx, "__index__", r, T::int)?;
                Ok(i)
            }
            None => {
                let name = class::full_name(cx.class_of(r));
                raise!(cx, TypeError, "__index__ returned non-int (type {name})")
            }
        },
    }
}

/// Warns if what a conversion method has given is an instance of a subclass of `t`.
///
/// # Errors
/// The warning, where warnings are errors.
pub fn subclass_returned(cx: &mut Cx, method: &str, r: Value, t: T) -> Completion<()> {
    let (class, base) = (cx.class_of(r), cx.class(t));
    if class == base {
        return Ok(());
    }
    let (name, base) = (class::full_name(class), class::name(base));
    let text = format!(
        "{method} returned non-{base} (type {name}).  The ability to return an instance of a strict subclass of {base} is deprecated, and may be removed in a future version of Python."
    );
    super::warn(cx, T::DeprecationWarning, &text)
}

/// `operator.index(v)` as an `i64`.
///
/// # Errors
/// As [`index_int`]; `OverflowError` when it does not fit ("Python int too large to convert to C ssize_t").
pub fn index_i64(cx: &mut Cx, v: Value) -> Completion<i64> {
    let i = index_int(cx, v)?;
    match as_i64(i) {
        Some(i) => Ok(i),
        None => raise!(cx, OverflowError, "Python int too large to convert to C ssize_t"),
    }
}

/// `operator.index(v)`, with values beyond 64 bits pinned to the nearest `i64`: for slices.
///
/// # Errors
/// As [`index_int`].
pub fn index_big(cx: &mut Cx, v: Value) -> Completion<i64> {
    let i = index_int(cx, v)?;
    Ok(as_i64(i).unwrap_or_else(|| {
        let negative = i.obj().is_some_and(|o| int::limbs(o).0);
        if negative { i64::MIN } else { i64::MAX }
    }))
}

/// The text of `v` if it is a string.
///
/// # Errors
/// `TypeError`: "{what} must be str, not {type}".
pub fn expect_str(cx: &mut Cx, v: Value, what: &str) -> Completion<&'static str> {
    match string::text(v) {
        Some(text) => Ok(text),
        None if string::exact(v).is_some() => {
            raise!(cx, UnicodeError, "{what} has lone surrogates")
        }
        None => {
            let name = class::full_name(cx.class_of(v));
            raise!(cx, TypeError, "{what} must be str, not {name}")
        }
    }
}

impl Cx {
    /// Counts one level of native recursion (`repr` of a list of lists, comparison of nested tuples, ...).
    ///
    /// # Errors
    /// `RecursionError` beyond the recursion limit or near the end of the native stack.
    #[inline]
    pub fn enter_native(&mut self, doing: &str) -> Completion<()> {
        self.depth += 1;
        if self.depth > self.recursion_limit || self.native_stack_is_low() {
            self.depth -= 1;
            return raise!(self, RecursionError, "maximum recursion depth exceeded{doing}");
        }
        Ok(())
    }

    /// Ends what [`Cx::enter_native`] began.
    #[inline]
    pub fn leave_native(&mut self) {
        self.depth -= 1;
    }

    /// Runs `f` one level of native recursion deeper.
    ///
    /// # Errors
    /// As [`Cx::enter_native`], and what `f` raises.
    pub fn nested<R>(
        &mut self,
        doing: &str,
        f: impl FnOnce(&mut Self) -> Completion<R>,
    ) -> Completion<R> {
        self.enter_native(doing)?;
        let result = f(self);
        self.leave_native();
        result
    }

    /// Whether less than the reserve of the native stack is left.
    #[inline]
    pub fn native_stack_is_low(&self) -> bool {
        let here = 0_u8;
        (std::ptr::from_ref(&here) as usize) < self.native_floor
    }

    /// Whether `v` is an instance of the well-known class `t` or of a subclass.
    #[inline]
    pub fn is_a(&self, v: Value, t: T) -> bool {
        class::is_subclass(self.class_of(v), self.class(t))
    }

    /// What error texts call the type of `v`.
    #[inline]
    pub fn type_name(&self, v: Value) -> &'static str {
        class::full_name(self.class_of(v))
    }

    /// `type(v).__name__`.
    #[inline]
    pub fn short_type_name(&self, v: Value) -> &'static str {
        class::name(self.class_of(v))
    }
}
