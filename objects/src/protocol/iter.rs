//! Iteration, and [`RootVec`], the vector of values that native code may keep across calls into Python.

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::Special,
    native::Args,
    raise,
    types::{T, exception, list, native_fn},
    value::Value,
};

use super::call::{call_unbound, find_special};

/// `iter(v)`.
///
/// # Errors
/// `TypeError` when `v` is not iterable, and whatever `__iter__` raises.
pub fn iter(cx: &mut Cx, v: Value) -> Completion<Value> {
    let class = cx.class_of(v);
    let f = class::special(class, Special::Iter);
    if f.is_bound() && !f.is_none() {
        let it = call_unbound(cx, f, v, &[], &[])?;
        if find_special(cx, it, Special::Next).is_some() {
            return Ok(it);
        }
        let name = cx.type_name(it);
        return raise!(cx, TypeError, "iter() returned non-iterator of type '{name}'");
    }
    if f.is_unbound() && class::special(class, Special::GetItem).is_bound() {
        return crate::types::seq_iter::new(cx, v);
    }
    let name = class::full_name(class);
    raise!(cx, TypeError, "'{name}' object is not iterable")
}

/// The next item of an iterator, `None` at its end (natives that end return `Err(StopIteration)` or, cheaper,
/// `Ok(UNBOUND)`).
///
/// # Errors
/// Whatever `__next__` raises, except `StopIteration`.
#[inline]
pub fn next(cx: &mut Cx, it: Value) -> Completion<Option<Value>> {
    let f = class::special(cx.class_of(it), Special::Next);
    if f.is_unbound() {
        let name = cx.type_name(it);
        return raise!(cx, TypeError, "'{name}' object is not an iterator");
    }
    if let Some(native) = f.obj().filter(|o| o.kind() == Kind::Native) {
        cx.native_depth += 1;
        let sig = native_fn::signature(native);
        let result = if sig.simple && sig.n_positional == 1 {
            (native_fn::def(native).run)(cx, Args(&[it]))
        } else {
            native_fn::call(cx, native, &[it], &[])
        };
        cx.native_depth -= 1;
        return end_of(cx, result);
    }
    let result = call_unbound(cx, f, it, &[], &[]);
    end_of(cx, result)
}

fn end_of(cx: &Cx, result: Completion<Value>) -> Completion<Option<Value>> {
    match result {
        Ok(v) => Ok(v.bound()),
        Err(escape) => match escape.exception() {
            Some(e) if class::is_subclass(e.class(), cx.class(T::StopIteration)) => Ok(None),
            _ => Err(escape),
        },
    }
}

/// Calls `f` with each item of an iterable.
///
/// # Errors
/// Whatever the iteration or `f` raise.
pub fn for_each(
    cx: &mut Cx,
    v: Value,
    mut f: impl FnMut(&mut Cx, Value) -> Completion<()>,
) -> Completion<()> {
    if let Some(items) = exact_tuple(cx, v) {
        return items.iter().try_for_each(|&item| f(cx, item));
    }
    let it = iter(cx, v)?;
    while let Some(item) = next(cx, it)? {
        f(cx, item)?;
    }
    Ok(())
}

fn exact_tuple(cx: &Cx, v: Value) -> Option<&'static [Value]> {
    let o = v.obj()?;
    (o.class() == cx.class(T::tuple)).then(|| o.items())
}

/// All items of an iterable.
///
/// # Errors
/// Whatever the iteration raises.
pub fn collect(cx: &mut Cx, v: Value) -> Completion<RootVec> {
    if let Some(o) = v.obj() {
        if o.class() == cx.class(T::tuple) {
            return RootVec::from_slice(cx, o.items());
        }
        if o.class() == cx.class(T::list) {
            return list::snapshot(cx, o);
        }
    }
    let mut all = RootVec::new();
    for_each(cx, v, |cx, item| all.push(cx, item))?;
    Ok(all)
}

/// The escape for the end of an iterator whose `__next__` is called from Python: natives return `Ok(UNBOUND)` at the end,
/// and the generic caller turns it into this.
pub fn stop_iteration(cx: &mut Cx) -> crate::exc::Escape {
    exception::stop_iteration(cx, Value::NONE)
}

/// A growable vector of values that stays visible to the collector while it lies on the native stack: its storage is a
/// heap buffer. Use it instead of `Vec<Value>` wherever Python code may run before the values are used.
#[derive(Debug, Default)]
pub struct RootVec {
    buf: Option<Obj>,
    len: usize,
}

impl RootVec {
    /// An empty vector.
    pub fn new() -> Self {
        Self::default()
    }

    /// A vector of these values.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn from_slice(cx: &mut Cx, values: &[Value]) -> Completion<Self> {
        if values.is_empty() {
            return Ok(Self::new());
        }
        let buf = cx.new_buf(values.len())?;
        for (i, &v) in values.iter().enumerate() {
            buf.init(2 + i, v);
        }
        Ok(Self::from_buf(buf, values.len()))
    }

    /// The first `len` values of a buffer that nobody else uses.
    pub fn from_buf(buf: Obj, len: usize) -> Self {
        debug_assert!(len <= buf.len());
        Self { len: len.min(buf.len()), buf: Some(buf) }
    }

    /// Appends a value.
    ///
    /// # Errors
    /// `MemoryError`.
    #[inline]
    pub fn push(&mut self, cx: &mut Cx, v: Value) -> Completion<()> {
        let capacity = self.buf.map_or(0, Obj::len);
        if self.len == capacity {
            let grown = cx.new_buf((capacity * 2).max(8))?;
            for (i, &old) in self.as_slice().iter().enumerate() {
                grown.init_item(i, old);
            }
            self.buf = Some(grown);
        }
        if let Some(buf) = self.buf {
            buf.init_item(self.len, v);
            self.len += 1;
        }
        Ok(())
    }

    /// The values.
    #[inline]
    pub fn as_slice(&self) -> &'static [Value] {
        match self.buf {
            Some(buf) => &buf.items()[..self.len],
            None => &[],
        }
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Value `i`; `UNBOUND` beyond the end.
    pub fn get(&self, i: usize) -> Value {
        self.as_slice().get(i).copied().unwrap_or_default()
    }

    /// Replaces value `i`; ignored beyond the end.
    pub fn set(&mut self, i: usize, v: Value) {
        if i < self.len
            && let Some(buf) = self.buf
        {
            buf.init_item(i, v);
        }
    }

    /// Takes the last value off; `UNBOUND` if there is none.
    #[inline]
    pub fn pop(&mut self) -> Value {
        let last = self.get(self.len.wrapping_sub(1));
        self.truncate(self.len.saturating_sub(1));
        last
    }

    /// Drops all values from the `len`th on.
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        if let Some(buf) = self.buf {
            (len..self.len).for_each(|i| buf.init_item(i, Value::UNBOUND));
        }
        self.len = self.len.min(len);
    }

    /// The buffer itself (its items beyond `len` are unbound), to become the storage of a list.
    pub fn into_buf(self) -> (Option<Obj>, usize) {
        (self.buf, self.len)
    }
}
