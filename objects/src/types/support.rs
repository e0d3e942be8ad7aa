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

/// A `const` table of natives: `name sig run, doc;` each, or `name sig run, doc => effect;` unless transactional.
#[macro_export]
macro_rules! rows {
    (@effect) => { $crate::native::Effect::Transactional };
    (@effect $effect:ident) => { $crate::native::Effect::$effect };
    ($($name:literal $sig:literal $run:expr, $doc:literal $(=> $effect:ident)?;)*) => {
        &[$($crate::native::NativeDef {
            name: $name,
            sig: $sig,
            effect: $crate::rows!(@effect $($effect)?),
            run: $run,
            doc: $doc,
        }),*]
    };
}
pub use crate::rows;

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

/// Whether `class` has the special method `s` of the builtin class `t`: then only that decides about arguments.
pub fn same_special(cx: &Cx, class: Obj, t: T, s: crate::names::Special) -> bool {
    class::special(class, s) == class::special(cx.class(t), s)
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

/// An index as Python code gives it: `v` as `i64`, clipped.
///
/// # Errors
/// `TypeError`: "slice indices must be integers or None or have an __index__ method".
pub fn slice_index(cx: &mut Cx, v: Value) -> Completion<i64> {
    if let Some(i) = v.small_int() {
        return Ok(i);
    }
    if !protocol::convert::is_index(cx, v) {
        return raise!(cx, TypeError, "slice indices must be integers or have an __index__ method");
    }
    protocol::index_big(cx, v)
}

/// Whether `v` is a slice object.
#[inline]
pub fn as_slice(cx: &Cx, v: Value) -> Option<Obj> {
    v.obj().filter(|o| o.class() == cx.class(T::slice))
}

/// `seq[v]` where `v` is no slice: the index as a number.
///
/// # Errors
/// `TypeError` "{seq} indices must be integers or slices, not {type}"; `IndexError` for absurd numbers.
pub fn item_index(cx: &mut Cx, seq: &str, v: Value) -> Completion<i64> {
    if let Some(i) = v.small_int() {
        return Ok(i);
    }
    if !protocol::convert::is_index(cx, v) {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "{seq} indices must be integers or slices, not {name}");
    }
    let i = protocol::index_int(cx, v)?;
    match protocol::convert::as_i64(i) {
        Some(i) => Ok(i),
        None => raise!(cx, IndexError, "cannot fit 'int' into an index-sized integer"),
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
    if !protocol::convert::is_index(cx, v) {
        return Ok(None);
    }
    let i = protocol::index_int(cx, v)?;
    match protocol::convert::as_i64(i) {
        Some(n) => Ok(Some(n.max(0) as usize)),
        None => raise!(cx, OverflowError, "cannot fit 'int' into an index-sized integer"),
    }
}
