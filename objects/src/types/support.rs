//! Small things that the container types share: rows of method tables, receivers of `__new__`, `repr` with a guard, slices.

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    native::Args,
    protocol, raise,
    types::{T, str as string},
    value::Value,
};

/// A `const` table of transactional natives: `name sig run, doc;` each.
macro_rules! rows {
    ($($name:literal $sig:literal $run:expr, $doc:literal;)*) => {
        &[$($crate::native::NativeDef {
            name: $name,
            sig: $sig,
            effect: $crate::native::Effect::Transactional,
            run: $run,
            doc: $doc,
        }),*]
    };
}
pub(crate) use rows;

/// The class that `__new__` of the builtin class `t` was called for.
///
/// # Errors
/// `TypeError` unless it is `t` or a class derived from it.
pub fn class_for_new(cx: &mut Cx, args: Args<'_>, t: T) -> Completion<Obj> {
    let base = cx.class(t);
    let name = class::name(base);
    match args.get(0).obj().filter(|o| o.kind() == Kind::Type) {
        Some(c) if class::is_subclass(c, base) => Ok(c),
        Some(c) => {
            let got = class::name(c);
            raise!(cx, TypeError, "{name}.__new__({got}): {got} is not a subtype of {name}")
        }
        None => {
            let got = cx.type_name(args.get(0));
            raise!(cx, TypeError, "{name}.__new__(X): X is not a type object ({got})")
        }
    }
}

/// Checks what `__init__` or `__new__` of a class got against at most `max` positional and no keyword arguments.
///
/// # Errors
/// `TypeError`.
pub fn check_args(
    cx: &mut Cx,
    name: &str,
    rest: &[Value],
    kwargs: Value,
    max: usize,
) -> Completion<()> {
    if let Some(d) = kwargs.obj()
        && super::dict::len(cx, d)? > 0
    {
        return raise!(cx, TypeError, "{name}() takes no keyword arguments");
    }
    at_most(cx, name, rest, max)
}

/// Checks the number of positional arguments.
///
/// # Errors
/// `TypeError`.
pub fn at_most(cx: &mut Cx, name: &str, rest: &[Value], max: usize) -> Completion<()> {
    if rest.len() > max {
        let (n, s) = (rest.len(), if max == 1 { "" } else { "s" });
        return raise!(cx, TypeError, "{name} expected at most {max} argument{s}, got {n}");
    }
    Ok(())
}

/// Text under construction (WTF-8).
#[derive(Debug, Default)]
pub struct Text(Vec<u8>);

impl Text {
    /// Starts with `s`.
    pub fn new(s: &str) -> Self {
        Self(s.as_bytes().to_vec())
    }

    /// Appends Rust text.
    pub fn push(&mut self, s: &str) {
        self.0.extend_from_slice(s.as_bytes());
    }

    /// Appends a Python string.
    pub fn push_str(&mut self, v: Value) {
        if let Some(o) = string::exact(v) {
            self.0.extend_from_slice(string::bytes_of(o));
        }
    }

    /// Appends `repr(v)`.
    ///
    /// # Errors
    /// Whatever `__repr__` raises.
    pub fn push_repr(&mut self, cx: &mut Cx, v: Value) -> Completion<()> {
        let r = protocol::repr(cx, v)?;
        self.push_str(r);
        Ok(())
    }

    /// The string object.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn finish(self, cx: &mut Cx) -> Completion<Value> {
        let n_chars = self.0.iter().filter(|b| (**b as i8) >= -64).count();
        string::new_str_bytes(cx, &self.0, n_chars)
    }
}

/// Runs `f` unless the `repr` of `o` is under way already, in which case `inner` is its text.
///
/// # Errors
/// Whatever `f` raises; `RecursionError`.
pub fn guarded_repr(
    cx: &mut Cx,
    o: Obj,
    inner: &str,
    f: impl FnOnce(&mut Cx) -> Completion<Value>,
) -> Completion<Value> {
    if cx.repr_stack.contains(&o) {
        return cx.new_str(inner);
    }
    cx.repr_stack.push(o);
    let depth = cx.repr_stack.len();
    let result = f(cx);
    // An abort may have set the stack aside already.
    cx.repr_stack.truncate(depth.saturating_sub(1));
    result
}

/// `list[int]` and friends.
///
/// # Errors
/// Whatever making the alias raises.
pub fn class_getitem(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    super::type_::generic_alias(cx, args.get(0), args.get(1))
}

/// The receiver itself, for `__iter__` of iterators.
///
/// # Errors
/// None.
pub fn itself(_cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(args.this())
}

/// The builtin function `name`, for `__reduce__`.
///
/// # Errors
/// Whatever the import raises.
pub fn builtin(cx: &mut Cx, name: &str) -> Completion<Value> {
    let module = cx.world.import_module(cx, "builtins")?;
    let name = cx.intern(name)?;
    protocol::get_attr(cx, module, name)
}

/// An index as Python code gives it, `None` for what must not be used: `v` as `i64`, clipped.
///
/// # Errors
/// `TypeError`: "slice indices must be integers or None or have an __index__ method".
pub fn slice_index(cx: &mut Cx, v: Value) -> Completion<i64> {
    if let Some(i) = v.small_int() {
        return Ok(i);
    }
    let is_index = protocol::convert::as_int(v).is_some()
        || protocol::call::find_special(cx, v, crate::names::Special::Index).is_some();
    if !is_index {
        return raise!(
            cx,
            TypeError,
            "slice indices must be integers or None or have an __index__ method"
        );
    }
    protocol::index_big(cx, v)
}

/// Start, stop (both within `0..=len` for step 1) and step of a slice object, and the number of items it selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// First index.
    pub start: i64,
    /// Index to stop before (or after, for negative steps).
    pub stop: i64,
    /// Step, never 0.
    pub step: i64,
    /// Number of selected items.
    pub len: usize,
}

impl Selection {
    /// Item number `i` of the selection as an index into the sequence.
    #[inline]
    pub fn index(&self, i: usize) -> usize {
        (self.start + self.step * i as i64) as usize
    }

    /// The same items in ascending order.
    pub fn ascending(self) -> Self {
        if self.step > 0 || self.len == 0 {
            return self;
        }
        let first = self.start + self.step * (self.len as i64 - 1);
        Self { start: first, stop: self.start + 1, step: -self.step, len: self.len }
    }
}

/// The parts of a slice object as integers, not yet fitted to a length.
#[derive(Clone, Copy, Debug)]
pub struct SliceParts {
    start: Option<i64>,
    stop: Option<i64>,
    step: i64,
}

/// Slot of a slice's `start`; `stop` and `step` follow.
pub const SLICE_START: usize = 1;

/// Whether `v` is a slice object.
#[inline]
pub fn as_slice(cx: &Cx, v: Value) -> Option<Obj> {
    v.obj().filter(|o| o.class() == cx.class(T::slice))
}

/// Converts the parts of a slice object; may run `__index__`, so call it before looking at the sequence's length.
///
/// # Errors
/// `ValueError` for step 0, `TypeError` for parts that are no integers.
pub fn slice_parts(cx: &mut Cx, slice: Obj) -> Completion<SliceParts> {
    let part = |cx: &mut Cx, i: usize| match slice.raw(SLICE_START + i) {
        v if v.is_none() => Ok(None),
        v => slice_index(cx, v).map(Some),
    };
    let step = part(cx, 2)?.unwrap_or(1).max(-i64::MAX);
    if step == 0 {
        return raise!(cx, ValueError, "slice step cannot be zero");
    }
    Ok(SliceParts { start: part(cx, 0)?, stop: part(cx, 1)?, step })
}

impl SliceParts {
    /// Fits the slice to a sequence of `len` items.
    pub fn fit(self, len: usize) -> Selection {
        let len = len as i64;
        let (low, high) = if self.step < 0 { (-1, len - 1) } else { (0, len) };
        let clip = |i: i64| if i < 0 { (i.saturating_add(len)).max(low) } else { i.min(high) };
        let start = self.start.map_or(if self.step < 0 { high } else { low }, clip);
        let stop = self.stop.map_or(if self.step < 0 { low } else { high }, clip);
        let distance = if self.step < 0 { start - stop } else { stop - start };
        let n = if distance <= 0 { 0 } else { (distance - 1) / self.step.saturating_abs() + 1 };
        // With at most one item the step does not matter, and a huge one could overflow.
        let step = if n <= 1 { self.step.signum() } else { self.step };
        Selection { start, stop, step, len: n as usize }
    }

    /// Whether the slice has step 1.
    pub fn is_plain(self) -> bool {
        self.step == 1
    }
}

/// Fits `start` and `stop` arguments of `index()` and the like to a length.
///
/// # Errors
/// `TypeError` for arguments that are no integers.
pub fn search_range(
    cx: &mut Cx,
    start: Value,
    stop: Value,
    len: usize,
) -> Completion<(usize, usize)> {
    let len = len as i64;
    let fit = |i: i64| if i < 0 { i.saturating_add(len).max(0) } else { i };
    let start = if start.is_unbound() { 0 } else { slice_index(cx, start)? };
    let stop = if stop.is_unbound() { i64::MAX } else { slice_index(cx, stop)? };
    Ok((fit(start) as usize, fit(stop) as usize))
}

/// `sequence * n` counts: `n` as a non-negative number.
///
/// # Errors
/// `TypeError` when `v` is no integer; `OverflowError`.
pub fn repeat_count(cx: &mut Cx, v: Value) -> Completion<Option<usize>> {
    let is_index = protocol::convert::as_int(v).is_some()
        || protocol::call::find_special(cx, v, crate::names::Special::Index).is_some();
    if !is_index {
        return Ok(None);
    }
    let i = protocol::index_int(cx, v)?;
    match protocol::convert::as_i64(i) {
        Some(n) => Ok(Some(n.max(0) as usize)),
        None => raise!(cx, OverflowError, "cannot fit 'int' into an index-sized integer"),
    }
}
