//! The text types through the object protocol, against results of CPython 3.13.

use crate::{
    cx::Cx,
    exc::Escape,
    protocol,
    types::{T, bytes, str as string},
    value::Value,
    world::{Settings, World},
};

fn world() -> Box<Cx> {
    World::create(Settings::default()).expect("a world")
}

fn message(cx: &mut Cx, e: Escape) -> String {
    let e = e.exception().expect("an exception");
    let text = protocol::convert::str_text(cx, e.into()).expect("a message");
    format!("{}: {text}", crate::class::name(e.class()))
}

fn show(cx: &mut Cx, r: crate::exc::Completion<Value>) -> String {
    match r {
        Ok(v) => protocol::convert::repr_text(cx, v).expect("a repr"),
        Err(e) => message(cx, e),
    }
}

/// `this.name(*args)`, shown.
fn call(cx: &mut Cx, this: Value, name: &str, args: &[Value]) -> String {
    let name = cx.intern(name).expect("a name");
    let r = protocol::call_method(cx, this, name, args);
    show(cx, r)
}

fn s(cx: &mut Cx, text: &str) -> Value {
    cx.new_str(text).expect("a string")
}

fn b(cx: &mut Cx, data: &[u8]) -> Value {
    bytes::new(cx, data).expect("bytes")
}

const fn i(n: i64) -> Value {
    Value::small(n)
}

#[test]
fn str_methods_find_and_split() {
    let cx = &mut *world();
    let hay = s(cx, "naïve café, naïve");
    let (na, comma, x) = (s(cx, "naï"), s(cx, ", "), s(cx, "x"));
    assert_eq!(call(cx, hay, "find", &[na, i(1)]), "12");
    assert_eq!(call(cx, hay, "count", &[na]), "2");
    assert_eq!(call(cx, hay, "split", &[comma]), "['naïve café', 'naïve']");
    assert_eq!(call(cx, hay, "rsplit", &[]), "['naïve', 'café,', 'naïve']");
    assert_eq!(call(cx, hay, "partition", &[comma]), "('naïve café', ', ', 'naïve')");
    assert_eq!(call(cx, hay, "index", &[x]), "ValueError: substring not found");
    assert_eq!(call(cx, hay, "find", &[i(1)]), "TypeError: find() argument 1 must be str, not int");
    assert_eq!(call(cx, hay, "__getitem__", &[i(-1)]), "'e'");
    assert_eq!(call(cx, hay, "__getitem__", &[i(2)]), "'ï'");
    assert_eq!(call(cx, hay, "upper", &[]), "'NAÏVE CAFÉ, NAÏVE'");
    assert_eq!(call(cx, hay, "center", &[i(20), x]), "'xnaïve café, naïvexx'");
}

#[test]
fn long_text_is_indexed_by_breadcrumbs() {
    let cx = &mut *world();
    let text: String = (0..1000).map(|k| char::from_u32(0x100 + k).unwrap()).collect();
    let v = s(cx, &text);
    for k in [0, 1, 63, 64, 65, 500, 999] {
        let c = text.chars().nth(k).unwrap();
        let got = call(cx, v, "__getitem__", &[i(k as i64)]);
        assert_eq!(got, format!("'{c}'"));
        let needle = s(cx, &c.to_string());
        assert_eq!(call(cx, v, "find", &[needle]), k.to_string());
    }
}

#[test]
fn formatting_and_percent() {
    let cx = &mut *world();
    let f = s(cx, "{0:>5}|{1!r:^7}|{2:.2f}");
    let (a, e) = (s(cx, "a"), Value::float(2.7193));
    assert_eq!(call(cx, f, "format", &[i(42), a, e]), "\"   42|  'a'  |2.72\"");
    let f = s(cx, "{} {0}");
    let expected =
        "ValueError: cannot switch from automatic field numbering to manual field specification";
    assert_eq!(call(cx, f, "format", &[a]), expected);
    let f = s(cx, "%05.1f %s %x %%");
    let args = cx.new_tuple(&[e, a, i(255)]).expect("a tuple");
    assert_eq!(call(cx, f, "__mod__", &[args]), "'002.7 a ff %'");
    let f = s(cx, "%d");
    assert_eq!(
        call(cx, f, "__mod__", &[a]),
        "TypeError: %d format: a real number is required, not str"
    );
}

#[test]
fn bytes_and_bytearray() {
    let cx = &mut *world();
    let v = b(cx, b"ab\xffc");
    let c = b(cx, b"c");
    assert_eq!(call(cx, v, "find", &[c]), "3");
    assert_eq!(call(cx, v, "hex", &[]), "'6162ff63'");
    let utf8 = s(cx, "utf-8");
    let expected = "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 2: invalid start byte";
    assert_eq!(call(cx, v, "decode", &[utf8]), expected);
    let class = cx.class(T::bytearray);
    let a = protocol::call(cx, class.into(), &[v]).expect("a bytearray");
    assert_eq!(call(cx, a, "append", &[i(120)]), "None");
    assert_eq!(call(cx, a, "extend", &[c]), "None");
    assert_eq!(call(cx, a, "__setitem__", &[i(0), i(65)]), "None");
    assert_eq!(call(cx, a, "insert", &[i(1), i(66)]), "None");
    assert_eq!(call(cx, a, "pop", &[]), "99");
    assert_eq!(call(cx, a, "upper", &[]), "bytearray(b'ABB\\xffCX')");
    assert_eq!(call(cx, a, "append", &[i(256)]), "ValueError: byte must be in range(0, 256)");
    let class = cx.class(T::memoryview);
    let m = protocol::call(cx, class.into(), &[a]).expect("a view");
    assert_eq!(call(cx, m, "tolist", &[]), "[65, 66, 98, 255, 99, 120]");
    assert_eq!(call(cx, m, "__setitem__", &[i(5), i(0)]), "None");
    assert_eq!(show(cx, Ok(a)), "bytearray(b'ABb\\xffc\\x00')");
}

#[test]
fn encoding_by_name() {
    let cx = &mut *world();
    let v = s(cx, "aé€");
    let (latin, ascii, xml) = (s(cx, "latin-1"), s(cx, "ascii"), s(cx, "xmlcharrefreplace"));
    assert_eq!(call(cx, v, "encode", &[]), "b'a\\xc3\\xa9\\xe2\\x82\\xac'");
    assert_eq!(call(cx, v, "encode", &[ascii, xml]), "b'a&#233;&#8364;'");
    let expected = "UnicodeEncodeError: 'latin-1' codec can't encode character '\\u20ac' in position 2: ordinal not in range(256)";
    assert_eq!(call(cx, v, "encode", &[latin]), expected);
}

#[test]
fn joins_and_iterates() {
    let cx = &mut *world();
    let sep = s(cx, "-");
    let parts = s(cx, "héy");
    assert_eq!(call(cx, sep, "join", &[parts]), "'h-é-y'");
    assert_eq!(call(cx, sep, "join", &[i(1)]), "TypeError: can only join an iterable");
    let tuple = cx.new_tuple(&[sep, i(1)]).expect("a tuple");
    let expected = "TypeError: sequence item 1: expected str instance, int found";
    assert_eq!(call(cx, sep, "join", &[tuple]), expected);
    assert_eq!(call(cx, sep, "__mul__", &[i(3)]), "'---'");
    assert!(string::exact(sep).is_some());
}

#[test]
fn growing_text_shares_a_buffer_and_stays_immutable() {
    let cx = &mut *world();
    let mut text = String::new();
    let mut v = s(cx, "");
    let mut kept = Vec::new();
    for k in 0..2000 {
        let piece = format!("é{k},");
        let p = s(cx, &piece);
        let (a, b) = (string::exact(v).unwrap(), string::exact(p).unwrap());
        v = crate::types::str_ops::concat(cx, a, b).expect("memory");
        text.push_str(&piece);
        if k % 500 == 0 {
            kept.push((v, text.clone()));
            // A second continuation of the same string must not disturb the first.
            let other = string::append(cx, string::exact(v).unwrap(), b).expect("memory");
            assert_eq!(string::text(other), Some(format!("{text}{piece}").as_str()));
        }
    }
    assert_eq!(string::text(v), Some(text.as_str()));
    for (v, text) in kept {
        assert_eq!(string::text(v), Some(text.as_str()));
        assert_eq!(string::n_chars(string::exact(v).unwrap()), text.chars().count());
    }
}
