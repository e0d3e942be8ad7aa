//! Builtin functions about numbers and characters.

use taipan_objects::{
    Completion, Cx, Value,
    names::Special,
    native::{Args, NativeDef},
    protocol::{self, BinaryOp},
    raise,
    types::{T, str as string},
};

use super::row;
use crate::vm::exec::build;

fn abs(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    match protocol::call_special(cx, args.get(0), Special::Abs, &[])? {
        Some(v) => Ok(v),
        None => {
            let name = cx.type_name(args.get(0));
            raise!(cx, TypeError, "bad operand type for abs(): '{name}'")
        }
    }
}

fn in_base(cx: &mut Cx, v: Value, spec: &str) -> Completion<Value> {
    let int = protocol::index_int(cx, v)?;
    let spec = cx.new_str(spec)?;
    build::format(cx, int, spec)
}

fn bin(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    in_base(cx, args.get(0), "#b")
}

fn oct(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    in_base(cx, args.get(0), "#o")
}

fn hex(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    in_base(cx, args.get(0), "#x")
}

fn chr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let i = protocol::index_big(cx, args.get(0))?;
    match u32::try_from(i).ok().and_then(rustpython_wtf8::CodePoint::from_u32) {
        Some(c) => {
            let mut text = rustpython_wtf8::Wtf8Buf::new();
            text.push(c);
            string::new_str_bytes(cx, text.as_bytes(), 1)
        }
        None => raise!(cx, ValueError, "chr() arg not in range(0x110000)"),
    }
}

fn ord(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let v = args.get(0);
    if let Some(text) = string::wtf8(v) {
        let mut points = text.code_points();
        if let (Some(c), None) = (points.next(), points.next()) {
            return Ok(Value::small(i64::from(c.to_u32())));
        }
        let n = text.code_points().count();
        return raise!(cx, TypeError, "ord() expected a character, but string of length {n} found");
    }
    if cx.is_a(v, T::bytes) || cx.is_a(v, T::bytearray) {
        let n = protocol::length(cx, v)?;
        if n == 1 {
            return protocol::get_item(cx, v, Value::small(0));
        }
        return raise!(cx, TypeError, "ord() expected a character, but string of length {n} found");
    }
    let got = cx.type_name(v);
    raise!(cx, TypeError, "ord() expected string of length 1, but {got} found")
}

fn divmod(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    protocol::binary(cx, BinaryOp::DivMod, args.get(0), args.get(1))
}

fn pow(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (base, exp) = (args.get(0), args.get(1));
    let Some(modulus) = args.not_none(2) else {
        return protocol::binary(cx, BinaryOp::Pow, base, exp);
    };
    match protocol::call_special(cx, base, Special::Pow, &[exp, modulus])? {
        Some(v) if v != Value::NOT_IMPLEMENTED => return Ok(v),
        _ => {}
    }
    match protocol::call_special(cx, exp, Special::RPow, &[base, modulus])? {
        Some(v) if v != Value::NOT_IMPLEMENTED => Ok(v),
        _ => {
            let (a, b, c) = (cx.type_name(base), cx.type_name(exp), cx.type_name(modulus));
            raise!(
                cx,
                TypeError,
                "unsupported operand type(s) for ** or pow(): '{a}', '{b}', '{c}'"
            )
        }
    }
}

fn round(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let digits = args.not_none(1);
    let given: &[Value] = match &digits {
        Some(n) => std::slice::from_ref(n),
        None => &[],
    };
    match protocol::call_special(cx, args.get(0), Special::Round, given)? {
        Some(v) => Ok(v),
        None => {
            let name = cx.type_name(args.get(0));
            raise!(cx, TypeError, "type {name} doesn't define __round__ method")
        }
    }
}

/// The functions of this file.
pub const FUNCTIONS: &[NativeDef] = &[
    row("abs", "(x, /)", abs, "Return the absolute value of the argument."),
    row(
        "bin",
        "(number, /)",
        bin,
        "Return the binary representation of an integer.\n\n   >>> bin(2796202)\n   '0b1010101010101010101010'",
    ),
    row(
        "oct",
        "(number, /)",
        oct,
        "Return the octal representation of an integer.\n\n   >>> oct(342391)\n   '0o1234567'",
    ),
    row(
        "hex",
        "(number, /)",
        hex,
        "Return the hexadecimal representation of an integer.\n\n   >>> hex(12648430)\n   '0xc0ffee'",
    ),
    row(
        "chr",
        "(i, /)",
        chr,
        "Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff.",
    ),
    row(
        "ord",
        "(c, /)",
        ord,
        "Return the ordinal value of a character.\n\nIf the argument is a one-character string, return the Unicode code\npoint of that character.",
    ),
    row(
        "divmod",
        "(x, y, /)",
        divmod,
        "Return the tuple (x//y, x%y).  Invariant: div*y + mod == x.",
    ),
    row(
        "pow",
        "(base, exp, mod=None)",
        pow,
        "Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments.\n\nSome types, such as ints, are able to use a more efficient algorithm when\ninvoked using the three argument form.",
    ),
    row(
        "round",
        "(number, ndigits=None)",
        round,
        "Round a number to a given precision in decimal digits.\n\nThe return value is an integer if ndigits is omitted or None.  Otherwise\nthe return value has the same type as the number.  ndigits may be negative.",
    ),
];
