//! Codecs against results of CPython 3.13.

use super::{utf_wide::Order, *};

const STRICT: Builtin = Builtin(Errors::Strict);

fn text(s: &[u8]) -> String {
    String::from_utf8_lossy(s).into_owned()
}

#[test]
fn utf8_faults_have_the_positions_of_cpython() {
    let fault = |input: &[u8]| {
        let f = utf8::decode(input, true, &mut { STRICT }).unwrap_err();
        (f.start, f.end, f.reason)
    };
    assert_eq!(fault(b"a\xe2\x82"), (1, 3, "unexpected end of data"));
    assert_eq!(fault(b"a\xe2(\x82"), (1, 2, "invalid continuation byte"));
    assert_eq!(fault(b"\xf0\x9f\x98("), (0, 3, "invalid continuation byte"));
    assert_eq!(fault(b"\xed\xa0"), (0, 1, "invalid continuation byte"));
    assert_eq!(fault(b"\x80"), (0, 1, "invalid start byte"));
    assert_eq!(utf8::decode(b"a\xe2\x82", false, &mut { STRICT }).unwrap().1, 1);
    let pass = &mut Builtin(Errors::SurrogatePass);
    assert_eq!(utf8::decode(b"\xed\xa0\x80", true, pass).unwrap().0, b"\xed\xa0\x80");
}

#[test]
fn surrogates_are_escaped_and_restored() {
    let escape = &mut Builtin(Errors::SurrogateEscape);
    let (s, _) = utf8::decode(b"a\xff\x80b", true, escape).unwrap();
    assert_eq!(utf8::encode(&s, escape).unwrap(), b"a\xff\x80b");
    let mixed = crate::text::cp::collect([97, 0xDC80, 0xD800]);
    let fault = utf8::encode(&mixed, escape).unwrap_err();
    assert_eq!((fault.start, fault.end), (2, 3));
}

#[test]
fn wide_codecs_follow_the_mark() {
    let marked = b"\xfe\xff\0a\xd8\x3d\xde\0";
    let r = utf_wide::decode16(marked, Order::Native, true, &mut { STRICT }).unwrap();
    assert_eq!(text(&r.text), "a\u{1F600}");
    let f = utf_wide::decode16(b"\0\xd8a\0", Order::Little, true, &mut { STRICT }).unwrap_err();
    assert_eq!((f.start, f.end, f.reason), (0, 2, "illegal UTF-16 surrogate"));
    let e = utf_wide::encode16(b"a", Order::Native, &mut { STRICT }).unwrap();
    assert_eq!(e, b"\xff\xfea\0");
    let f = utf_wide::decode32(b"\0\0\0\x01", Order::Little, true, &mut { STRICT }).unwrap_err();
    assert_eq!(f.reason, "code point not in range(0x110000)");
}

#[test]
fn single_byte_codecs_replace() {
    let enc = |e| single::encode_ascii("aé€b".as_bytes(), &mut Builtin(e)).map(|v| text(&v));
    assert_eq!(enc(Errors::XmlCharRefReplace).unwrap(), "a&#233;&#8364;b");
    assert_eq!(enc(Errors::BackslashReplace).unwrap(), r"a\xe9\u20acb");
    let named = r"a\N{LATIN SMALL LETTER E WITH ACUTE}\N{EURO SIGN}b";
    assert_eq!(enc(Errors::NameReplace).unwrap(), named);
    assert_eq!(enc(Errors::Replace).unwrap(), "a??b");
    let f = enc(Errors::Strict).unwrap_err();
    assert_eq!((f.start, f.end, f.reason), (1, 3, "ordinal not in range(128)"));
}

#[test]
fn escapes_decode_and_encode() {
    let s = "a\\é€\n\x01\u{1F600}".as_bytes();
    assert_eq!(text(&escape::encode(s)), r"a\\\xe9\u20ac\n\x01\U0001f600");
    let back = escape::decode(&escape::encode(s), true, &mut { STRICT }).unwrap();
    assert_eq!(back.out, s);
    let fault = |input: &[u8]| {
        let f = escape::decode(input, true, &mut { STRICT }).unwrap_err();
        (f.start, f.end, f.reason)
    };
    assert_eq!(fault(br"\x4"), (0, 3, r"truncated \xXX escape"));
    assert_eq!(fault(br"a\u12"), (1, 5, r"truncated \uXXXX escape"));
    assert_eq!(fault(b"\\"), (0, 1, r"\ at end of string"));
    assert_eq!(fault(br"\N{foo}"), (0, 7, "unknown Unicode character name"));
    let r = escape::decode(b"\\777\\08\\q\xe9", true, &mut { STRICT }).unwrap();
    assert_eq!((text(&r.out).as_str(), r.invalid), ("\u{1ff}\08\\qé", Some(1)));
}

#[test]
fn utf7_matches_cpython() {
    let s = "a+é€~\\b-c\u{1F600}".as_bytes();
    assert_eq!(text(&utf7::encode(s)), "a+-+AOkgrAB+AFw-b-c+2D3eAA-");
    assert_eq!(utf7::decode(&utf7::encode(s), true, &mut { STRICT }).unwrap().0, s);
    let fault = |input: &[u8]| {
        let f = utf7::decode(input, true, &mut { STRICT }).unwrap_err();
        (f.start, f.end, f.reason)
    };
    assert_eq!(fault(b"a+AO"), (1, 4, "unterminated shift sequence"));
    assert_eq!(fault(b"a+!"), (1, 3, "ill-formed sequence"));
    assert_eq!(fault(b"a+AOl-"), (1, 6, "non-zero padding bits in shift sequence"));
}
