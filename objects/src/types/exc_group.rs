//! `BaseExceptionGroup` and `ExceptionGroup`: making, splitting, deriving; what `except*` is built on.

use crate::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::{N, Special},
    native::{Args, Effect, NativeDef},
    protocol::{self, RootVec},
    raise,
    types::{T, exception::slot, str as string},
    value::Value,
};

const MESSAGE: usize = slot::FIELDS;
const EXCEPTIONS: usize = slot::FIELDS + 1;

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: "" }
    };
}

pub(crate) const STATIC_METHODS: &[NativeDef] = &[row!("__new__", "(type, /, *args)", new)];

pub(crate) const CLASS_METHODS: &[NativeDef] = &[row!(
    "__class_getitem__",
    "(type, item, /)",
    |cx, args| super::type_::generic_alias(cx, args.get(0), args.get(1))
)];

pub(crate) const METHODS: &[NativeDef] = &[
    row!("__init__", "(self, /, *args)", |_, _| Ok(Value::NONE)),
    row!("__str__", "(self, /)", str_),
    row!("__repr__", "(self, /)", repr),
    row!("derive", "(self, excs, /)", derive_method),
    row!("split", "(self, matcher_value, /)", split_method),
    row!("subgroup", "(self, matcher_value, /)", subgroup_method),
];

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(mut class) = args.get(0).obj().filter(|o| o.kind() == Kind::Type) else {
        return raise!(cx, TypeError, "BaseExceptionGroup.__new__(X): X is not a type object");
    };
    let &[message, excs] = args.rest(1) else {
        let n = args.rest(1).len();
        return raise!(
            cx,
            TypeError,
            "BaseExceptionGroup.__new__() takes exactly 2 arguments ({n} given)"
        );
    };
    if string::exact(message).is_none() {
        let got = cx.type_name(message);
        return raise!(
            cx,
            TypeError,
            "BaseExceptionGroup.__new__() argument 1 must be str, not {got}"
        );
    }
    let is_sequence = class::has_flag(cx.class_of(excs), class::flag::SEQUENCE)
        || cx.is_a(excs, T::list)
        || cx.is_a(excs, T::tuple);
    if !is_sequence {
        return raise!(cx, TypeError, "second argument (exceptions) must be a sequence");
    }
    let items = protocol::collect(cx, excs)?;
    if items.is_empty() {
        return raise!(cx, ValueError, "second argument (exceptions) must be a non-empty sequence");
    }
    let mut all_plain = true;
    for (i, &e) in items.as_slice().iter().enumerate() {
        if !cx.is_a(e, T::BaseException) {
            return raise!(
                cx,
                ValueError,
                "Item {i} of second argument (exceptions) is not an exception"
            );
        }
        all_plain &= cx.is_a(e, T::Exception);
    }
    if class == cx.class(T::BaseExceptionGroup) && all_plain {
        class = cx.class(T::ExceptionGroup);
    } else if !all_plain && class::is_subclass(class, cx.class(T::Exception)) {
        if class == cx.class(T::ExceptionGroup) {
            return raise!(cx, TypeError, "Cannot nest BaseExceptions in an ExceptionGroup");
        }
        let name = class::name(class);
        return raise!(cx, TypeError, "Cannot nest BaseExceptions in '{name}'");
    }
    let o = cx.new_instance(class)?;
    let tuple = cx.new_tuple(items.as_slice())?;
    let args = cx.new_tuple(&[message, excs])?;
    o.init(slot::ARGS, args);
    o.init(MESSAGE, message);
    o.init(EXCEPTIONS, tuple);
    Ok(o.into())
}

/// The exceptions of a group.
///
/// # Errors
/// The attempt's abort.
pub fn exceptions(cx: &mut Cx, group: Obj) -> Completion<&'static [Value]> {
    let tuple = cx.read(group, EXCEPTIONS)?;
    Ok(tuple.obj().filter(|t| t.kind() == Kind::Tuple).map_or(&[], Obj::items))
}

fn str_(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let message = cx.read(args.this_obj(), MESSAGE)?;
    let message = protocol::convert::str_text(cx, message)?;
    let n = exceptions(cx, args.this_obj())?.len();
    let plural = if n == 1 { "" } else { "s" };
    cx.new_str(&format!("{message} ({n} sub-exception{plural})"))
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let message = cx.read(o, MESSAGE)?;
    let message = protocol::convert::repr_text(cx, message)?;
    let mut excs = cx.read(o, EXCEPTIONS)?;
    let as_tuple = match super::exception::args_of(cx, o)? {
        &[_, given] => cx.is_a(given, T::tuple),
        _ => false,
    };
    if !as_tuple {
        let list = cx.class(T::list).into();
        excs = protocol::call(cx, list, &[excs])?;
    }
    let excs = protocol::convert::repr_text(cx, excs)?;
    let name = class::name(o.class());
    cx.new_str(&format!("{name}({message}, {excs})"))
}

fn derive_method(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let message = cx.read(args.this_obj(), MESSAGE)?;
    let class = cx.class(T::BaseExceptionGroup).into();
    protocol::call(cx, class, &[message, args.get(1)])
}

/// A group like `group` with these exceptions: `derive`, then traceback, cause, context and notes copied.
fn derived(cx: &mut Cx, group: Obj, excs: &RootVec) -> Completion<Value> {
    if excs.is_empty() {
        return Ok(Value::NONE);
    }
    let tuple = cx.new_tuple(excs.as_slice())?;
    let list = cx.class(T::list).into();
    let list = protocol::call(cx, list, &[tuple])?;
    let name = cx.intern("derive")?;
    let made = protocol::call_method(cx, group.into(), name, &[list])?;
    let Some(new) = made.obj().filter(|_| cx.is_a(made, T::BaseExceptionGroup)) else {
        return raise!(cx, TypeError, "derive must return an instance of BaseExceptionGroup");
    };
    for word in [slot::TRACEBACK, slot::CONTEXT, slot::CAUSE, slot::SUPPRESS] {
        let v = cx.read(group, word)?;
        cx.set(new, word, v)?;
    }
    let notes = cx.name(N::notes);
    let sequence = |cx: &mut Cx, v: Value| {
        protocol::find_special(cx, v, Special::GetItem).is_some() && !cx.is_a(v, T::dict)
    };
    if let Some(v) = protocol::get_attr_opt(cx, group.into(), notes)?.filter(|v| sequence(cx, *v)) {
        let list = cx.class(T::list).into();
        let copy = protocol::call(cx, list, &[v])?;
        protocol::set_attr(cx, made, notes, copy)?;
    }
    Ok(made)
}

fn matches(cx: &mut Cx, matcher: Value, e: Value) -> Completion<bool> {
    let by_class = matcher.obj().is_some_and(|o| matches!(o.kind(), Kind::Type | Kind::Tuple));
    if by_class {
        return protocol::is_instance(cx, e, matcher);
    }
    let r = protocol::call(cx, matcher, &[e])?;
    protocol::truth(cx, r)
}

fn check_matcher(cx: &mut Cx, matcher: Value) -> Completion<()> {
    let is_class = |cx: &Cx, v: Value| {
        v.obj().is_some_and(|o| {
            o.kind() == Kind::Type && class::is_subclass(o, cx.class(T::BaseException))
        })
    };
    let ok = match matcher.obj() {
        Some(o) if o.kind() == Kind::Tuple => o.items().iter().all(|&c| is_class(cx, c)),
        Some(o) if o.kind() == Kind::Type => is_class(cx, matcher),
        Some(_) => protocol::find_special(cx, matcher, Special::Call).is_some(),
        None => false,
    };
    if ok {
        return Ok(());
    }
    raise!(
        cx,
        TypeError,
        "expected an exception type, a tuple of exception types, or a callable (other than a class)"
    )
}

/// The part of `e` (an exception or a group) that matches, and the rest; `None` for an empty part.
///
/// # Errors
/// Whatever the matcher or `derive` raise.
pub fn split(cx: &mut Cx, e: Value, matcher: Value) -> Completion<(Value, Value)> {
    if matches(cx, matcher, e)? {
        return Ok((e, Value::NONE));
    }
    let Some(group) = e.obj().filter(|_| cx.is_a(e, T::BaseExceptionGroup)) else {
        return Ok((Value::NONE, e));
    };
    cx.enter_native(" in exceptiongroup_split_recursive")?;
    let parts = split_items(cx, group, matcher);
    cx.leave_native();
    let (hit, rest) = parts?;
    Ok((derived(cx, group, &hit)?, derived(cx, group, &rest)?))
}

fn split_items(cx: &mut Cx, group: Obj, matcher: Value) -> Completion<(RootVec, RootVec)> {
    let (mut hit, mut rest) = (RootVec::new(), RootVec::new());
    for &item in exceptions(cx, group)? {
        let (h, r) = split(cx, item, matcher)?;
        if !h.is_none() {
            hit.push(cx, h)?;
        }
        if !r.is_none() {
            rest.push(cx, r)?;
        }
    }
    Ok((hit, rest))
}

fn split_method(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    check_matcher(cx, args.get(1))?;
    let (hit, rest) = split(cx, args.this(), args.get(1))?;
    cx.new_tuple(&[hit, rest])
}

fn subgroup_method(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    check_matcher(cx, args.get(1))?;
    Ok(split(cx, args.this(), args.get(1))?.0)
}
