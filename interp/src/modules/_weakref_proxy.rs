//! `weakref.proxy`: objects that do what their referents do, for as long as those live.
//!
//! Conflicts: as for references.

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Kind, NativeDef, Special, TypeDef, Value,
    native::NativeFn,
    protocol::{self, BinaryOp, CompareOp, UnaryOp, call::call_unbound},
    raise,
    types::str as string,
};

use super::_weakref::{make, target};

const fn row(name: &'static str, sig: &'static str, run: NativeFn) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc: "" }
}

/// The referent of a proxy.
fn alive(cx: &mut Cx, v: Value) -> Completion<Value> {
    if let Some(o) = v.obj()
        && let Some(referent) = target(cx, o)?
    {
        return Ok(referent.into());
    }
    raise!(cx, ReferenceError, "weakly-referenced object no longer exists")
}

/// The referent of a proxy, and any other value itself.
fn unwrap(cx: &mut Cx, v: Value) -> Completion<Value> {
    if super::is_a(cx, v, &PROXY)? || super::is_a(cx, v, &CALLABLE_PROXY)? {
        alive(cx, v)
    } else {
        Ok(v)
    }
}

/// Receiver and argument, each the referent if it is a proxy.
fn both(cx: &mut Cx, args: Args<'_>) -> Completion<(Value, Value)> {
    Ok((alive(cx, args.this())?, unwrap(cx, args.get(1))?))
}

macro_rules! binary {
    ($name:literal, $op:ident) => {
        row($name, "(self, value, /)", |cx, args| {
            let (a, b) = both(cx, args)?;
            protocol::binary(cx, BinaryOp::$op, a, b)
        })
    };
}

macro_rules! reflected {
    ($name:literal, $op:ident) => {
        row($name, "(self, value, /)", |cx, args| {
            let (a, b) = both(cx, args)?;
            protocol::binary(cx, BinaryOp::$op, b, a)
        })
    };
}

macro_rules! inplace {
    ($name:literal, $op:ident) => {
        row($name, "(self, value, /)", |cx, args| {
            let (a, b) = both(cx, args)?;
            protocol::inplace(cx, BinaryOp::$op, a, b)
        })
    };
}

macro_rules! compared {
    ($name:literal, $op:ident) => {
        row($name, "(self, value, /)", |cx, args| {
            let (a, b) = both(cx, args)?;
            protocol::compare(cx, CompareOp::$op, a, b)
        })
    };
}

macro_rules! unary {
    ($name:literal, $op:ident) => {
        row($name, "(self, /)", |cx, args| {
            let this = alive(cx, args.this())?;
            protocol::unary(cx, UnaryOp::$op, this)
        })
    };
}

/// A special method without arguments, called on the referent.
macro_rules! special {
    ($name:literal, $s:ident) => {
        row($name, "(self, /)", |cx, args| {
            let this = alive(cx, args.this())?;
            match protocol::find_special(cx, this, Special::$s) {
                Some(f) => call_unbound(cx, f, this, &[], &[]),
                None => {
                    let (name, what) = (cx.type_name(this), Special::$s.text());
                    raise!(cx, TypeError, "'{name}' object does not support {what}")
                }
            }
        })
    };
}

fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let this = alive(cx, args.this())?;
    match protocol::find_special(cx, this, Special::Next) {
        Some(f) => call_unbound(cx, f, this, &[], &[]),
        None => {
            let name = cx.type_name(this);
            raise!(cx, TypeError, "Weakref proxy referenced a non-iterator '{name}' object")
        }
    }
}

/// A builtin function applied to the referent.
fn through_builtin(cx: &mut Cx, args: Args<'_>, function: &str) -> Completion<Value> {
    let mut all = protocol::RootVec::new();
    for &v in args.0.iter().filter(|v| v.is_bound()) {
        let v = unwrap(cx, v)?;
        all.push(cx, v)?;
    }
    let f = taipan_objects::types::support::builtin(cx, function)?;
    protocol::call(cx, f, all.as_slice())
}

fn name_of(cx: &mut Cx, args: Args<'_>) -> Completion<(Value, Value)> {
    Ok((alive(cx, args.this())?, string::interned(cx, args.get(1))?))
}

macro_rules! methods {
    ($($rows:tt)*) => {
        &[
            row("__getattribute__", "(self, name, /)", |cx, args| {
                let (this, name) = name_of(cx, args)?;
                protocol::get_attr(cx, this, name)
            }),
            row("__setattr__", "(self, name, value, /)", |cx, args| {
                let (this, name) = name_of(cx, args)?;
                protocol::set_attr(cx, this, name, args.get(2)).map(|()| Value::NONE)
            }),
            row("__delattr__", "(self, name, /)", |cx, args| {
                let (this, name) = name_of(cx, args)?;
                protocol::del_attr(cx, this, name).map(|()| Value::NONE)
            }),
            row("__bool__", "(self, /)", |cx, args| {
                let this = alive(cx, args.this())?;
                Ok(protocol::truth(cx, this)?.into())
            }),
            row("__repr__", "(self, /)", |cx, args| {
                let this = alive(cx, args.this())?;
                let (at, name, to) = (args.this().bits(), cx.short_type_name(this), this.bits());
                cx.new_str(&format!("<weakproxy at {at:#x} to {name} at {to:#x}>"))
            }),
            row("__str__", "(self, /)", |cx, args| {
                let this = alive(cx, args.this())?;
                protocol::str_of(cx, this)
            }),
            row("__bytes__", "(self, /)", |cx, args| {
                let this = alive(cx, args.this())?;
                let name = cx.intern("__bytes__")?;
                protocol::call_method(cx, this, name, &[])
            }),
            row("__reversed__", "(self, /)", |cx, args| through_builtin(cx, args, "reversed")),
            row("__len__", "(self, /)", |cx, args| {
                let this = alive(cx, args.this())?;
                let n = protocol::length(cx, this)?;
                cx.new_int(n as i64)
            }),
            row("__getitem__", "(self, key, /)", |cx, args| {
                let (this, key) = both(cx, args)?;
                protocol::get_item(cx, this, key)
            }),
            row("__setitem__", "(self, key, value, /)", |cx, args| {
                let (this, key) = both(cx, args)?;
                protocol::set_item(cx, this, key, args.get(2)).map(|()| Value::NONE)
            }),
            row("__delitem__", "(self, key, /)", |cx, args| {
                let (this, key) = both(cx, args)?;
                protocol::del_item(cx, this, key).map(|()| Value::NONE)
            }),
            row("__contains__", "(self, key, /)", |cx, args| {
                let (this, item) = both(cx, args)?;
                Ok(protocol::contains(cx, this, item)?.into())
            }),
            row("__iter__", "(self, /)", |cx, args| {
                let this = alive(cx, args.this())?;
                protocol::iter(cx, this)
            }),
            row("__next__", "(self, /)", next),
            row("__divmod__", "(self, value, /)", |cx, args| through_builtin(cx, args, "divmod")),
            row("__rdivmod__", "(self, value, /)", |cx, args| {
                through_builtin(cx, Args(&[args.get(1), args.this()]), "divmod")
            }),
            $($rows)*
        ]
    };
}

const METHODS: &[NativeDef] = methods! {
        compared!("__eq__", Eq), compared!("__ne__", Ne), compared!("__lt__", Lt),
        compared!("__le__", Le), compared!("__gt__", Gt), compared!("__ge__", Ge),
        binary!("__add__", Add), reflected!("__radd__", Add), inplace!("__iadd__", Add),
        binary!("__sub__", Sub), reflected!("__rsub__", Sub), inplace!("__isub__", Sub),
        binary!("__mul__", Mul), reflected!("__rmul__", Mul), inplace!("__imul__", Mul),
        binary!("__matmul__", MatMul), reflected!("__rmatmul__", MatMul), inplace!("__imatmul__", MatMul),
        binary!("__truediv__", TrueDiv), reflected!("__rtruediv__", TrueDiv), inplace!("__itruediv__", TrueDiv),
        binary!("__floordiv__", FloorDiv), reflected!("__rfloordiv__", FloorDiv), inplace!("__ifloordiv__", FloorDiv),
        binary!("__mod__", Mod), reflected!("__rmod__", Mod), inplace!("__imod__", Mod),
        binary!("__lshift__", LShift), reflected!("__rlshift__", LShift), inplace!("__ilshift__", LShift),
        binary!("__rshift__", RShift), reflected!("__rrshift__", RShift), inplace!("__irshift__", RShift),
        binary!("__and__", And), reflected!("__rand__", And), inplace!("__iand__", And),
        binary!("__xor__", Xor), reflected!("__rxor__", Xor), inplace!("__ixor__", Xor),
        binary!("__or__", Or), reflected!("__ror__", Or), inplace!("__ior__", Or),
        binary!("__pow__", Pow), reflected!("__rpow__", Pow), inplace!("__ipow__", Pow),
        unary!("__neg__", Neg), unary!("__pos__", Pos), unary!("__invert__", Invert),
        special!("__abs__", Abs), special!("__int__", Int), special!("__float__", Float),
        special!("__index__", Index),
};

const CALL: &[NativeDef] = &[row("__call__", "(self, /, *args, **kwargs)", |cx, args| {
    let this = alive(cx, args.this())?;
    protocol::call::call_star(cx, this, args.rest(1), args.get(2))
})];

/// `weakref.ProxyType`.
pub(super) static PROXY: TypeDef = TypeDef {
    name: "ProxyType",
    module: "weakref",
    body: Body::Words(Kind::Record, 6),
    methods: METHODS,
    ..TypeDef::BASE
};

/// `weakref.CallableProxyType`.
pub(super) static CALLABLE_PROXY: TypeDef = TypeDef {
    name: "CallableProxyType",
    module: "weakref",
    body: Body::Words(Kind::Record, 6),
    methods: METHODS,
    more_methods: CALL,
    ..TypeDef::BASE
};

/// `proxy(object, callback=None)`.
pub(super) fn proxy(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let callable = protocol::find_special(cx, args.get(0), Special::Call).is_some();
    let class = cx.type_for(if callable { &CALLABLE_PROXY } else { &PROXY })?;
    Ok(make(cx, class, args.get(0), args.get(1))?.into())
}
