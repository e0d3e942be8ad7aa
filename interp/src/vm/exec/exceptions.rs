//! Raising, matching and handling exceptions.

use taipan_objects::{
    class,
    cx::Cx,
    exc::{Completion, Escape, raise_message},
    heap::{Kind, Obj},
    names::N,
    protocol, raise,
    types::{T, exception},
    value::Value,
};

use crate::{
    code::Instr,
    vm::{
        exec::containers,
        frame::{Regs, flag},
        state::vm,
        unwind,
    },
};

/// `PushExc`.
pub fn push(cx: &mut Cx, regs: Regs, i: &Instr) {
    let mut saved = cx.handled;
    let book = regs.book();
    if book.has(flag::GEN) && !book.has(flag::HANDLES) {
        saved = Value::UNBOUND;
        regs.add_flags(flag::HANDLES);
    }
    regs.set(i.a, if saved.is_unbound() { Value::NONE } else { saved });
    cx.handled = regs.get(i.b);
}

/// `PopExc`.
pub fn pop(cx: &mut Cx, regs: Regs, i: &Instr) {
    let saved = regs.get(i.a);
    cx.handled = if !saved.is_none() {
        saved
    } else if regs.book().has(flag::GEN) {
        regs.clear_flags(flag::HANDLES);
        regs.outer_handled()
    } else {
        Value::UNBOUND
    };
}

/// The exception that `raise v` raises.
fn instance(cx: &mut Cx, v: Value) -> Completion<Obj> {
    if let Some(o) = v.obj() {
        if o.kind() == Kind::Exception {
            return Ok(o);
        }
        if o.kind() == Kind::Type && class::is_subclass(o, cx.class(T::BaseException)) {
            let made = protocol::call(cx, v, &[])?;
            if let Some(e) = made.obj().filter(|e| e.kind() == Kind::Exception) {
                return Ok(e);
            }
            let what = protocol::convert::repr_text(cx, v)?;
            let got = cx.class_of(made).into();
            let got = protocol::convert::repr_text(cx, got)?;
            return raise!(
                cx,
                TypeError,
                "calling {what} should have returned an instance of BaseException, not {got}"
            );
        }
    }
    raise!(cx, TypeError, "exceptions must derive from BaseException")
}

/// `Raise`.
#[cold]
pub fn raise(cx: &mut Cx, v: Value) -> Escape {
    match instance(cx, v) {
        Ok(e) => match unwind::set_context(cx, e) {
            Ok(()) => Escape::raise(e),
            Err(escape) => escape,
        },
        Err(escape) => escape,
    }
}

/// `RaiseFrom`.
#[cold]
pub fn raise_from(cx: &mut Cx, v: Value, cause: Value) -> Escape {
    match with_cause(cx, v, cause) {
        Ok(e) => match unwind::set_context(cx, e) {
            Ok(()) => Escape::raise(e),
            Err(escape) => escape,
        },
        Err(escape) => escape,
    }
}

fn with_cause(cx: &mut Cx, v: Value, cause: Value) -> Completion<Obj> {
    let e = instance(cx, v)?;
    let cause = if cause.is_none() {
        Value::UNBOUND
    } else {
        match instance_of_cause(cx, cause)? {
            Some(c) => c.into(),
            None => {
                return raise!(cx, TypeError, "exception causes must derive from BaseException");
            }
        }
    };
    cx.set(e, exception::slot::CAUSE, cause)?;
    cx.set(e, exception::slot::SUPPRESS, Value::TRUE)?;
    Ok(e)
}

fn instance_of_cause(cx: &mut Cx, cause: Value) -> Completion<Option<Obj>> {
    match cause.obj() {
        Some(o) if o.kind() == Kind::Exception => Ok(Some(o)),
        Some(o) if o.kind() == Kind::Type && class::is_subclass(o, cx.class(T::BaseException)) => {
            instance(cx, cause).map(Some)
        }
        _ => Ok(None),
    }
}

/// `RaiseCurrent`.
#[cold]
pub fn raise_current(cx: &mut Cx) -> Escape {
    match cx.handled.obj() {
        Some(e) => {
            vm(cx).driver.reraised = true;
            Escape::raise(e)
        }
        None => raise_message(cx, T::RuntimeError, "No active exception to reraise"),
    }
}

/// `Reraise`.
#[cold]
pub fn reraise(cx: &mut Cx, v: Value) -> Escape {
    match v.obj().filter(|o| o.kind() == Kind::Exception) {
        Some(e) => {
            vm(cx).driver.reraised = true;
            Escape::raise(e)
        }
        None => raise_message(cx, T::SystemError, "no exception to raise again"),
    }
}

const CANNOT_CATCH: &str = "catching classes that do not inherit from BaseException is not allowed";

/// Whether `exc` matches `class`, a class or a tuple of them.
pub fn matches(cx: &mut Cx, exc: Value, class: Value) -> Completion<bool> {
    let Some(c) = class.obj() else { return raise!(cx, TypeError, "{CANNOT_CATCH}") };
    match c.kind() {
        Kind::Type if class::is_subclass(c, cx.class(T::BaseException)) => {
            Ok(class::is_subclass(cx.class_of(exc), c))
        }
        Kind::Tuple => {
            // All are checked first: an offender raises even when an earlier one matches.
            let mut any = false;
            for &item in c.items() {
                if item.obj().is_some_and(|o| o.kind() == Kind::Tuple) {
                    return raise!(cx, TypeError, "{CANNOT_CATCH}");
                }
                any |= matches(cx, exc, item)?;
            }
            Ok(any)
        }
        _ => raise!(cx, TypeError, "{CANNOT_CATCH}"),
    }
}

/// Whether `exc` is a `StopAsyncIteration`.
pub fn is_stop_async(cx: &mut Cx, exc: Value) -> Completion<bool> {
    Ok(class::is_subclass(cx.class_of(exc), cx.class(T::StopAsyncIteration)))
}

fn check_star_class(cx: &mut Cx, class: Value) -> Completion<()> {
    let group = cx.class(T::BaseExceptionGroup);
    let classes: Vec<Value> = match class.obj() {
        Some(t) if t.kind() == Kind::Tuple => t.items().to_vec(),
        _ => vec![class],
    };
    for c in classes {
        let Some(c) = c.obj().filter(|c| {
            c.kind() == Kind::Type && class::is_subclass(*c, cx.class(T::BaseException))
        }) else {
            return raise!(cx, TypeError, "{CANNOT_CATCH}");
        };
        if class::is_subclass(c, group) {
            return raise!(
                cx,
                TypeError,
                "catching ExceptionGroup with except* is not allowed. Use except instead."
            );
        }
    }
    Ok(())
}

/// `SplitGroup`.
pub fn split_group(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let (rest, class) = (regs.get(i.b), regs.get(i.c));
    check_star_class(cx, class)?;
    if rest.is_none() {
        regs.set(i.a, Value::NONE);
        return Ok(());
    }
    let group = cx.class(T::BaseExceptionGroup);
    if matches(cx, rest, class)? {
        let matched = if class::is_subclass(cx.class_of(rest), group) {
            rest
        } else {
            let items = cx.new_tuple(&[rest])?;
            let text = cx.name(N::empty);
            let wrapped = protocol::call(cx, group.into(), &[text, items])?;
            if let (Some(w), Some(r)) = (wrapped.obj(), rest.obj()) {
                let tb = cx.read(r, exception::slot::TRACEBACK)?;
                cx.set(w, exception::slot::TRACEBACK, tb)?;
            }
            wrapped
        };
        regs.set(i.a, matched);
        regs.set(i.b, Value::NONE);
        return Ok(());
    }
    if !class::is_subclass(cx.class_of(rest), group) {
        regs.set(i.a, Value::NONE);
        return Ok(());
    }
    let split = cx.intern("split")?;
    let pair = protocol::call_method(cx, rest, split, &[class])?;
    let Some(&[matched, left]) = pair.obj().filter(|p| p.kind() == Kind::Tuple).map(|p| p.items())
    else {
        let (what, got) = (cx.type_name(rest), cx.type_name(pair));
        return raise!(cx, TypeError, "{what}.split must return a tuple, not {got}");
    };
    regs.set(i.a, matched);
    regs.set(i.b, left);
    Ok(())
}

/// `PrepReraiseStar`.
pub fn prep_reraise_star(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let orig = regs.get(i.b);
    let all = protocol::collect(cx, regs.get(i.c))?;
    let v = reraise_value(cx, orig, all.as_slice())?;
    regs.set(i.a, v);
    Ok(())
}

fn reraise_value(cx: &mut Cx, orig: Value, all: &[Value]) -> Completion<Value> {
    let bound: Vec<Value> = all.iter().copied().filter(|v| !v.is_none()).collect();
    if bound.is_empty() {
        return Ok(Value::NONE);
    }
    let group = cx.class(T::BaseExceptionGroup);
    if !class::is_subclass(cx.class_of(orig), group) {
        // A naked exception was caught; its handler raised, or it is raised again as it is.
        return Ok(bound.first().copied().unwrap_or(Value::NONE));
    }
    let (mut raised, mut again) = (Vec::new(), Vec::new());
    for e in bound {
        if same_metadata(cx, e, orig)? { again.push(e) } else { raised.push(e) }
    }
    let projected = match again.as_slice() {
        [] => Value::NONE,
        [one] => *one,
        many => project(cx, orig, many)?,
    };
    if raised.is_empty() {
        return Ok(projected);
    }
    if !projected.is_none() {
        raised.push(projected);
    }
    if let [one] = raised.as_slice() {
        return Ok(*one);
    }
    let items = containers::new_list(cx, &raised)?;
    let text = cx.name(N::empty);
    protocol::call(cx, group.into(), &[text, items])
}

fn same_metadata(cx: &mut Cx, a: Value, b: Value) -> Completion<bool> {
    let (Some(a), Some(b)) = (a.obj(), b.obj()) else { return Ok(false) };
    if a.kind() != Kind::Exception {
        return Ok(false);
    }
    for word in [exception::slot::TRACEBACK, exception::slot::CAUSE, exception::slot::CONTEXT] {
        if cx.read(a, word)? != cx.read(b, word)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn leaves(cx: &mut Cx, e: Value, out: &mut Vec<Value>) -> Completion<()> {
    let group = cx.class(T::BaseExceptionGroup);
    if !class::is_subclass(cx.class_of(e), group) {
        out.push(e);
        return Ok(());
    }
    let name = cx.intern("exceptions")?;
    let items = protocol::get_attr(cx, e, name)?;
    let items = protocol::collect(cx, items)?;
    for &item in items.as_slice() {
        leaves(cx, item, out)?;
    }
    Ok(())
}

/// The part of the group `orig` whose leaves are those of `parts`.
fn project(cx: &mut Cx, orig: Value, parts: &[Value]) -> Completion<Value> {
    let mut keep = Vec::new();
    for &part in parts {
        leaves(cx, part, &mut keep)?;
    }
    match filter(cx, orig, &keep)? {
        Some(v) => Ok(v),
        None => Ok(Value::NONE),
    }
}

fn filter(cx: &mut Cx, e: Value, keep: &[Value]) -> Completion<Option<Value>> {
    let group = cx.class(T::BaseExceptionGroup);
    if !class::is_subclass(cx.class_of(e), group) {
        return Ok(keep.contains(&e).then_some(e));
    }
    let name = cx.intern("exceptions")?;
    let items = protocol::get_attr(cx, e, name)?;
    let items = protocol::collect(cx, items)?;
    let mut kept = protocol::RootVec::new();
    for &item in items.as_slice() {
        if let Some(v) = filter(cx, item, keep)? {
            kept.push(cx, v)?;
        }
    }
    if kept.is_empty() {
        return Ok(None);
    }
    let list = containers::new_list(cx, kept.as_slice())?;
    let derive = cx.intern("derive")?;
    let made = protocol::call_method(cx, e, derive, &[list])?;
    if let (Some(new), Some(old)) = (made.obj(), e.obj()) {
        for word in [exception::slot::TRACEBACK, exception::slot::CAUSE, exception::slot::CONTEXT] {
            let v = cx.read(old, word)?;
            cx.set(new, word, v)?;
        }
    }
    Ok(Some(made))
}

/// `ExcInfo`.
pub fn exc_info(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let exc = regs.get(i.b);
    let traceback = match exc.obj() {
        Some(e) if e.kind() == Kind::Exception => cx.read(e, exception::slot::TRACEBACK)?,
        _ => Value::UNBOUND,
    };
    regs.set(i.a, cx.class_of(exc).into());
    regs.set(i.a + 1, exc);
    regs.set(i.a + 2, traceback.bound().unwrap_or(Value::NONE));
    Ok(())
}

/// `LoadAssertionError`.
pub fn load_assertion_error(cx: &mut Cx, regs: Regs, i: &Instr) {
    regs.set(i.a, cx.class(T::AssertionError).into());
}
