//! Numbers through the protocols: what a Python program sees, without an interpreter.

use taipan_objects::{
    Completion, Cx, Settings, T, Value, World,
    protocol::{self, BinaryOp, CompareOp, convert::repr_text},
    types::number::new_i128,
};

fn world() -> Box<Cx> {
    World::create(Settings::default()).expect("memory")
}

fn shown(cx: &mut Cx, result: Completion<Value>) -> String {
    match result {
        Ok(v) => repr_text(cx, v).expect("repr"),
        Err(escape) => {
            let exc = escape.exception().expect("an exception");
            let text = protocol::convert::str_text(cx, exc.into()).expect("str");
            format!("{}: {text}", cx.type_name(exc.into()))
        }
    }
}

fn binary(cx: &mut Cx, op: BinaryOp, a: Value, b: Value) -> String {
    let result = protocol::binary(cx, op, a, b);
    shown(cx, result)
}

#[test]
fn operators_mix_ints_floats_and_bools() {
    let cx = &mut *world();
    let big = new_i128(cx, 1 << 100).expect("memory");
    let int = Value::small;
    let float = Value::float;
    for (op, a, b, want) in [
        (BinaryOp::Add, int(Value::INT_MAX), int(1), "1125899906842624"),
        (
            BinaryOp::Mul,
            int(Value::INT_MAX),
            int(Value::INT_MAX),
            "1267650600228227149696889520129",
        ),
        (BinaryOp::Sub, big, big, "0"),
        (BinaryOp::FloorDiv, int(-7), int(2), "-4"),
        (BinaryOp::FloorDiv, int(Value::INT_MIN), int(-1), "1125899906842624"),
        (BinaryOp::Mod, int(-7), int(2), "1"),
        (BinaryOp::DivMod, int(7), int(-2), "ZeroDivisionError: division by zero"),
        (BinaryOp::Mod, int(1), int(0), "ZeroDivisionError: division by zero"),
        (BinaryOp::TrueDiv, big, int(3), "4.2255020007607644e+29"),
        (BinaryOp::Pow, int(2), int(-1), "0.5"),
        (BinaryOp::Pow, int(3), int(60), "42391158275216203514294433201"),
        (BinaryOp::Pow, float(-8.0), float(0.5), "(1.7319121124709868e-16+2.8284271247461903j)"),
        (BinaryOp::Add, int(1), float(0.5), "1.5"),
        (BinaryOp::Add, Value::TRUE, Value::TRUE, "2"),
        (BinaryOp::And, Value::TRUE, Value::FALSE, "False"),
        (BinaryOp::LShift, int(1), int(70), "1180591620717411303424"),
        (BinaryOp::RShift, big, int(98), "4"),
        (BinaryOp::Xor, big, int(1), "1267650600228229401496703205377"),
    ] {
        if op != BinaryOp::DivMod {
            assert_eq!(binary(cx, op, a, b), want, "{a:?} {op:?} {b:?}");
        }
    }
    let text = cx.new_str("x").expect("memory");
    let got = binary(cx, BinaryOp::Sub, int(1), text);
    assert_eq!(got, "TypeError: unsupported operand type(s) for -: 'int' and 'str'");
}

#[test]
fn comparisons_between_ints_and_floats_are_exact() {
    let cx = &mut *world();
    let big = new_i128(cx, (1 << 60) + 1).expect("memory");
    let near = Value::float(1_152_921_504_606_846_976.0);
    for (op, want) in [(CompareOp::Gt, true), (CompareOp::Eq, false), (CompareOp::Ne, true)] {
        assert_eq!(protocol::compare(cx, op, big, near), Ok(Value::bool(want)));
        assert_eq!(protocol::compare(cx, op.swapped(), near, big), Ok(Value::bool(want)));
    }
    assert_eq!(protocol::hash(cx, Value::float(2.0)), Ok(2));
    assert_eq!(protocol::hash(cx, Value::TRUE), Ok(1));
}

#[test]
fn constructors_convert() {
    let cx = &mut *world();
    let text = cx.new_str(" -0x_ff ").expect("memory");
    let int = cx.class(T::int).into();
    let made = protocol::call(cx, int, &[text, Value::small(16)]);
    assert_eq!(shown(cx, made), "-255");
    assert!(protocol::call(cx, int, &[text]).is_err());
    let made = protocol::call(cx, int, &[Value::float(1e20)]);
    assert_eq!(shown(cx, made), "100000000000000000000");
    let float = cx.class(T::float).into();
    let text = cx.new_str("1_0.5e3").expect("memory");
    let made = protocol::call(cx, float, &[text]);
    assert_eq!(shown(cx, made), "10500.0");
    let complex = cx.class(T::complex).into();
    let made = protocol::call(cx, complex, &[Value::small(1), Value::float(-0.0)]);
    assert_eq!(shown(cx, made), "(1-0j)");
}

#[test]
fn ranges_iterate_slice_and_search() {
    let cx = &mut *world();
    let range = cx.class(T::range).into();
    let big = new_i128(cx, 1 << 70).expect("memory");
    let made = protocol::call(cx, range, &[Value::small(10), Value::small(0), Value::small(-3)]);
    let made = made.expect("a range");
    let all = protocol::collect(cx, made).expect("values");
    assert_eq!(all.as_slice(), [10, 7, 4, 1].map(Value::small));
    assert_eq!(protocol::contains(cx, made, Value::small(4)), Ok(true));
    assert_eq!(protocol::contains(cx, made, Value::small(5)), Ok(false));
    assert_eq!(protocol::contains(cx, made, Value::float(7.0)), Ok(true));
    assert_eq!(protocol::length(cx, made), Ok(4));
    let item = protocol::get_item(cx, made, Value::small(-1));
    assert_eq!(item, Ok(Value::small(1)));
    let slice = cx.class(T::slice).into();
    let key =
        protocol::call(cx, slice, &[Value::NONE, Value::NONE, Value::small(-1)]).expect("slice");
    let turned = protocol::get_item(cx, made, key);
    assert_eq!(shown(cx, turned), "range(1, 13, 3)");
    let wide = protocol::call(cx, range, &[big]).expect("a range");
    let item = protocol::get_item(cx, wide, Value::small(-1));
    assert_eq!(shown(cx, item), "1180591620717411303423");
    let it = protocol::iter(cx, wide).expect("iterator");
    assert_eq!(protocol::next(cx, it), Ok(Some(Value::small(0))));
    assert_eq!(protocol::next(cx, it), Ok(Some(Value::small(1))));
}
