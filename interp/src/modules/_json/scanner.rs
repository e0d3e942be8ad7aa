//! `_json.make_scanner` and `scanstring`.

use std::collections::HashMap;

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Escape, Kind, NativeDef, Obj, T, TypeDef, Value,
    num::big::BigInt,
    protocol::{self, RootVec},
    raise,
    text::{float_repr, json},
    types::{dict, exception, list, number, str as string, text_args},
};

use super::attribute;

const STRICT: usize = 2;
const OBJECT_HOOK: usize = 3;
const PAIRS_HOOK: usize = 4;
const PARSE_FLOAT: usize = 5;
const PARSE_INT: usize = 6;
const PARSE_CONSTANT: usize = 7;

const FIELDS: [(&str, usize); 5] = [
    ("object_hook", OBJECT_HOOK),
    ("object_pairs_hook", PAIRS_HOOK),
    ("parse_float", PARSE_FLOAT),
    ("parse_int", PARSE_INT),
    ("parse_constant", PARSE_CONSTANT),
];

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

/// Immutable: what the decoder's settings were when it was made.
pub(super) static SCANNER: TypeDef = TypeDef {
    name: "Scanner",
    module: "_json",
    body: Body::Words(Kind::Frozen, 8),
    methods: &[row!("__call__", "(self, string, idx)", call, "Call self as a function.")],
    static_methods: &[row!(
        "__new__",
        "(type, context)",
        new,
        "Create and return a new object.  See help(type) for accurate signature."
    )],
    doc: "JSON scanner object",
    ..TypeDef::BASE
};

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let context = args.get(1);
    let strict = attribute(cx, context, "strict")?;
    let strict = protocol::truth(cx, strict)?;
    let class = cx.type_for(&SCANNER)?;
    let mut values = [Value::NONE; FIELDS.len()];
    for (v, (name, _)) in values.iter_mut().zip(FIELDS) {
        *v = attribute(cx, context, name)?;
    }
    let o = cx.new_instance(class)?;
    o.init(STRICT, strict.into());
    for (v, (_, slot)) in values.iter().zip(FIELDS) {
        o.init(slot, *v);
    }
    Ok(o.into())
}

/// Raises `json.JSONDecodeError(message, document, position)`.
#[cold]
fn fail<R>(cx: &mut Cx, doc: Obj, message: &str, at: usize) -> Completion<R> {
    let module = cx.world.import_module(cx, "json.decoder")?;
    let class = attribute(cx, module, "JSONDecodeError")?;
    let text = cx.new_str(message)?;
    let position = Value::small(string::char_index(doc, at.min(doc.len())) as i64);
    let e = protocol::call(cx, class, &[text, doc.into(), position])?;
    Err(e.obj().map_or(Escape::ABORT, Escape::raise))
}

pub(super) fn scanstring(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(doc) = string::exact(args.get(0)) else {
        let name = cx.type_name(args.get(0));
        return raise!(cx, TypeError, "first argument must be a string, not {name}");
    };
    let end = protocol::index_i64(cx, args.get(1))?;
    let strict = protocol::truth(cx, args.get(2))?;
    let Some(end) = usize::try_from(end).ok().filter(|&e| e <= string::n_chars(doc)) else {
        return raise!(cx, ValueError, "end is out of bounds");
    };
    match json::scan_string(string::bytes_of(doc), string::byte_offset(doc, end), strict) {
        Ok((text, at)) => {
            let text = text_args::new_text(cx, &text)?;
            cx.new_tuple(&[text, Value::small(string::char_index(doc, at) as i64)])
        }
        Err((message, at)) => fail(cx, doc, message, at),
    }
}

fn call(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(doc) = string::exact(args.get(1)) else {
        let name = cx.type_name(args.get(1));
        return raise!(cx, TypeError, "first argument must be a string, not {name}");
    };
    let idx = protocol::index_i64(cx, args.get(2))?;
    let Ok(idx) = usize::try_from(idx) else {
        return raise!(cx, ValueError, "idx cannot be negative");
    };
    let mut scan = Scan::new(cx, args.this_obj(), doc);
    if idx > string::n_chars(doc) {
        return Err(exception::stop_iteration(cx, Value::small(idx as i64)));
    }
    scan.at = string::byte_offset(doc, idx);
    let v = scan.value(cx)?;
    let end = Value::small(string::char_index(doc, scan.at) as i64);
    cx.new_tuple(&[v, end])
}

/// One run of the scanner over a document.
struct Scan {
    settings: Obj,
    doc: Obj,
    s: &'static [u8],
    at: usize,
    strict: bool,
    plain_float: bool,
    plain_int: bool,
    /// Keys seen so far: equal keys share one string (and its hash).
    keys: RootVec,
    known: HashMap<&'static [u8], usize>,
}

impl Scan {
    fn new(cx: &Cx, settings: Obj, doc: Obj) -> Self {
        let is = |slot: usize, t: T| settings.raw(slot) == cx.class(t).into();
        Self {
            settings,
            doc,
            s: string::bytes_of(doc),
            at: 0,
            strict: settings.raw(STRICT) == Value::TRUE,
            plain_float: is(PARSE_FLOAT, T::float),
            plain_int: is(PARSE_INT, T::int),
            keys: RootVec::new(),
            known: HashMap::new(),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.s.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn stop(&self, cx: &mut Cx, at: usize) -> Escape {
        let i = string::char_index(self.doc, at.min(self.s.len()));
        exception::stop_iteration(cx, Value::small(i as i64))
    }

    fn word(&mut self, word: &str) -> bool {
        let hit = self.s[self.at..].starts_with(word.as_bytes());
        self.at += if hit { word.len() } else { 0 };
        hit
    }

    fn value(&mut self, cx: &mut Cx) -> Completion<Value> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => {
                self.at += 1;
                return self.text(cx, false);
            }
            Some(b'{') => return self.nested(cx, Self::object),
            Some(b'[') => return self.nested(cx, Self::array),
            Some(b'n') if self.word("null") => return Ok(Value::NONE),
            Some(b't') if self.word("true") => return Ok(Value::TRUE),
            Some(b'f') if self.word("false") => return Ok(Value::FALSE),
            Some(b'N') if self.word("NaN") => return self.constant(cx, "NaN"),
            Some(b'I') if self.word("Infinity") => return self.constant(cx, "Infinity"),
            Some(b'-') if self.word("-Infinity") => return self.constant(cx, "-Infinity"),
            Some(b'-' | b'0'..=b'9') => {
                if let Some(v) = self.number(cx)? {
                    return Ok(v);
                }
            }
            _ => {}
        }
        Err(self.stop(cx, start))
    }

    fn nested(
        &mut self,
        cx: &mut Cx,
        parse: fn(&mut Self, &mut Cx) -> Completion<Value>,
    ) -> Completion<Value> {
        cx.enter_native(" while decoding a JSON document from a unicode string")?;
        self.at += 1;
        let r = parse(self, cx);
        cx.leave_native();
        r
    }

    fn constant(&mut self, cx: &mut Cx, name: &str) -> Completion<Value> {
        let name = cx.intern(name)?;
        protocol::call(cx, self.settings.raw(PARSE_CONSTANT), &[name])
    }

    /// A string literal whose opening quote was just read.
    fn text(&mut self, cx: &mut Cx, is_key: bool) -> Completion<Value> {
        let start = self.at;
        if let Ok(end) = json::plain_end(self.s, start) {
            self.at = end + 1;
            let part = &self.s[start..end];
            return if is_key { self.key(cx, part) } else { self.plain(cx, part) };
        }
        match json::scan_string(self.s, start, self.strict) {
            Ok((text, at)) => {
                self.at = at;
                text_args::new_text(cx, &text)
            }
            Err((message, at)) => fail(cx, self.doc, message, at),
        }
    }

    fn plain(&self, cx: &mut Cx, part: &[u8]) -> Completion<Value> {
        if string::is_ascii(self.doc) {
            string::new_ascii(cx, part)
        } else {
            text_args::new_text(cx, part)
        }
    }

    fn key(&mut self, cx: &mut Cx, part: &'static [u8]) -> Completion<Value> {
        if let Some(&i) = self.known.get(part) {
            return Ok(self.keys.get(i));
        }
        let v = self.plain(cx, part)?;
        self.known.insert(part, self.keys.len());
        self.keys.push(cx, v)?;
        Ok(v)
    }

    fn number(&mut self, cx: &mut Cx) -> Completion<Option<Value>> {
        let s = self.s;
        let start = self.at;
        let digits = |mut i: usize| {
            while s.get(i).is_some_and(u8::is_ascii_digit) {
                i += 1;
            }
            i
        };
        let first = start + usize::from(s[start] == b'-');
        let mut end = match s.get(first) {
            Some(b'0') => first + 1,
            Some(b'1'..=b'9') => digits(first),
            _ => return Ok(None),
        };
        let mut is_float = false;
        if s.get(end) == Some(&b'.') && s.get(end + 1).is_some_and(u8::is_ascii_digit) {
            is_float = true;
            end = digits(end + 1);
        }
        if let Some(b'e' | b'E') = s.get(end) {
            let sign = usize::from(matches!(s.get(end + 1), Some(b'+' | b'-')));
            let exponent = digits(end + 1 + sign);
            if exponent > end + 1 + sign {
                is_float = true;
                end = exponent;
            }
        }
        self.at = end;
        self.number_value(cx, &s[start..end], is_float).map(Some)
    }

    fn number_value(&self, cx: &mut Cx, text: &[u8], is_float: bool) -> Completion<Value> {
        if is_float && self.plain_float {
            return Ok(Value::float(float_repr::parse_ascii(text).unwrap_or(f64::NAN)));
        }
        if !is_float && self.plain_int {
            let digits = std::str::from_utf8(text).unwrap_or("0");
            if let Ok(i) = digits.parse() {
                return cx.new_int(i);
            }
            if digits.len() <= 4300
                && let Some(n) = BigInt::from_decimal(digits)
            {
                return number::new_big(cx, &n);
            }
        }
        let v = string::new_ascii(cx, text)?;
        let f = self.settings.raw(if is_float { PARSE_FLOAT } else { PARSE_INT });
        protocol::call(cx, f, &[v])
    }

    fn array(&mut self, cx: &mut Cx) -> Completion<Value> {
        let mut items = RootVec::new();
        self.skip_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return list::from_vec(cx, items).map(Value::from);
        }
        loop {
            let v = self.value(cx)?;
            items.push(cx, v)?;
            self.skip_space();
            match self.peek() {
                Some(b']') => {
                    self.at += 1;
                    return list::from_vec(cx, items).map(Value::from);
                }
                Some(b',') => {}
                _ => return fail(cx, self.doc, "Expecting ',' delimiter", self.at),
            }
            let comma = self.at;
            self.at += 1;
            self.skip_space();
            if self.peek() == Some(b']') {
                return fail(cx, self.doc, "Illegal trailing comma before end of array", comma);
            }
        }
    }

    fn object(&mut self, cx: &mut Cx) -> Completion<Value> {
        let pairs_hook = self.settings.raw(PAIRS_HOOK);
        let mut pairs = RootVec::new();
        let d = dict::new(cx)?;
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return self.finish_object(cx, d, pairs);
        }
        loop {
            if self.peek() != Some(b'"') {
                return fail(
                    cx,
                    self.doc,
                    "Expecting property name enclosed in double quotes",
                    self.at,
                );
            }
            self.at += 1;
            let key = self.text(cx, true)?;
            self.skip_space();
            if self.peek() != Some(b':') {
                return fail(cx, self.doc, "Expecting ':' delimiter", self.at);
            }
            self.at += 1;
            self.skip_space();
            let v = self.value(cx)?;
            if pairs_hook.is_none() {
                dict::set_item(cx, d, key, v)?;
            } else {
                let pair = cx.new_tuple(&[key, v])?;
                pairs.push(cx, pair)?;
            }
            self.skip_space();
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    return self.finish_object(cx, d, pairs);
                }
                Some(b',') => {}
                _ => return fail(cx, self.doc, "Expecting ',' delimiter", self.at),
            }
            let comma = self.at;
            self.at += 1;
            self.skip_space();
            if self.peek() == Some(b'}') {
                return fail(cx, self.doc, "Illegal trailing comma before end of object", comma);
            }
        }
    }

    fn finish_object(&self, cx: &mut Cx, d: Obj, pairs: RootVec) -> Completion<Value> {
        let pairs_hook = self.settings.raw(PAIRS_HOOK);
        if !pairs_hook.is_none() {
            let pairs = list::from_vec(cx, pairs)?;
            return protocol::call(cx, pairs_hook, &[pairs.into()]);
        }
        let hook = self.settings.raw(OBJECT_HOOK);
        if hook.is_none() { Ok(d.into()) } else { protocol::call(cx, hook, &[d.into()]) }
    }
}
