//! `_json.make_encoder`.

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Escape, Kind, N, NativeDef, Obj, T, TypeDef, Value,
    protocol::{self, RootVec},
    raise,
    text::{float_repr, json},
    types::{dict, int_type, list, native_fn, number, str as string, text_args},
};

const MARKERS: usize = 1;
const DEFAULT: usize = 2;
const ENCODER: usize = 3;
const INDENT: usize = 4;
const KEY_SEPARATOR: usize = 5;
const ITEM_SEPARATOR: usize = 6;
const SORT_KEYS: usize = 7;
const SKIP_KEYS: usize = 8;
const ALLOW_NAN: usize = 9;

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

/// Immutable settings; calling it gives a tuple with the one finished string.
pub(super) static ENCODER_DEF: TypeDef = TypeDef {
    name: "Encoder",
    module: "_json",
    body: Body::Words(Kind::Frozen, 10),
    methods: &[row!(
        "__call__",
        "(self, obj, _current_indent_level)",
        call,
        "Call self as a function."
    )],
    static_methods: &[row!(
        "__new__",
        "(type, markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)",
        new,
        "Create and return a new object.  See help(type) for accurate signature."
    )],
    doc: "Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)",
    ..TypeDef::BASE
};

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let markers = args.get(1);
    if !markers.is_none() && !cx.is_a(markers, T::dict) {
        let name = cx.type_name(markers);
        return raise!(cx, TypeError, "make_encoder() argument 1 must be dict or None, not {name}");
    }
    let mut flags = [false; 3];
    for (i, flag) in flags.iter_mut().enumerate() {
        *flag = protocol::truth(cx, args.get(SORT_KEYS + i))?;
    }
    let class = cx.type_for(&ENCODER_DEF)?;
    let o = cx.new_instance(class)?;
    for slot in MARKERS..=ITEM_SEPARATOR {
        o.init(slot, args.get(slot));
    }
    for (i, flag) in flags.into_iter().enumerate() {
        o.init(SORT_KEYS + i, flag.into());
    }
    Ok(o.into())
}

/// How strings are quoted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quoting {
    Ascii,
    Unicode,
    Custom,
}

struct Encode {
    settings: Obj,
    quoting: Quoting,
    indent: Option<&'static [u8]>,
    key_separator: &'static [u8],
    item_separator: &'static [u8],
    /// Containers being encoded, to find circles.
    open: Vec<u64>,
    out: Vec<u8>,
}

fn call(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let level = protocol::index_i64(cx, args.get(2))?.max(0) as usize;
    let text = |slot: usize| string::exact(o.raw(slot)).map_or(&b""[..], string::bytes_of);
    let mut encode = Encode {
        settings: o,
        quoting: quoting(o.raw(ENCODER)),
        indent: string::exact(o.raw(INDENT)).map(string::bytes_of),
        key_separator: text(KEY_SEPARATOR),
        item_separator: text(ITEM_SEPARATOR),
        open: Vec::new(),
        out: Vec::new(),
    };
    encode.value(cx, args.get(1), level)?;
    let text = text_args::new_text(cx, &encode.out)?;
    cx.new_tuple(&[text])
}

fn quoting(encoder: Value) -> Quoting {
    match encoder.obj().filter(|o| o.kind() == Kind::Native).map(|o| native_fn::def(o).name) {
        Some("encode_basestring_ascii") => Quoting::Ascii,
        Some("encode_basestring") => Quoting::Unicode,
        _ => Quoting::Custom,
    }
}

impl Encode {
    fn flag(&self, slot: usize) -> bool {
        self.settings.raw(slot) == Value::TRUE
    }

    fn string(&mut self, cx: &mut Cx, v: Value) -> Completion<()> {
        let Some(o) = string::exact(v) else { return Ok(()) };
        if self.quoting != Quoting::Custom {
            json::quote(string::bytes_of(o), self.quoting == Quoting::Ascii, &mut self.out);
            return Ok(());
        }
        let quoted = protocol::call(cx, self.settings.raw(ENCODER), &[v])?;
        match string::exact(quoted) {
            Some(q) => {
                self.out.extend_from_slice(string::bytes_of(q));
                Ok(())
            }
            None => {
                let name = cx.type_name(quoted);
                raise!(cx, TypeError, "encoder() must return a string, not {name}")
            }
        }
    }

    /// The text of a scalar other than a string; `None` for anything else.
    fn scalar(&self, cx: &mut Cx, v: Value) -> Completion<Option<String>> {
        if v.is_none() {
            return Ok(Some("null".to_owned()));
        }
        if v.is_bool() {
            return Ok(Some(if v == Value::TRUE { "true" } else { "false" }.to_owned()));
        }
        if let Some(i) = protocol::convert::as_int(v) {
            return int_type::decimal(cx, i).map(Some);
        }
        match number::float_of(v) {
            Some(x) => self.float(cx, x).map(Some),
            None => Ok(None),
        }
    }

    fn float(&self, cx: &mut Cx, x: f64) -> Completion<String> {
        if x.is_finite() {
            return Ok(float_repr::repr(x));
        }
        if !self.flag(ALLOW_NAN) {
            let shown = float_repr::repr(x);
            return raise!(
                cx,
                ValueError,
                "Out of range float values are not JSON compliant: {shown}"
            );
        }
        Ok(if x.is_nan() {
            "NaN"
        } else if x > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .to_owned())
    }

    fn value(&mut self, cx: &mut Cx, v: Value, level: usize) -> Completion<()> {
        if string::exact(v).is_some() {
            return self.string(cx, v);
        }
        if let Some(text) = self.scalar(cx, v)? {
            self.out.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        cx.enter_native(" while encoding a JSON object")?;
        let r = self.container(cx, v, level);
        cx.leave_native();
        r
    }

    fn container(&mut self, cx: &mut Cx, v: Value, level: usize) -> Completion<()> {
        self.enter(cx, v)?;
        if cx.is_a(v, T::list) || cx.is_a(v, T::tuple) {
            self.array(cx, v, level)?;
        } else if cx.is_a(v, T::dict) {
            self.object(cx, v, level)?;
        } else {
            let replaced = protocol::call(cx, self.settings.raw(DEFAULT), &[v])?;
            if let Err(escape) = self.value(cx, replaced, level) {
                let name = cx.type_name(v);
                return self.noted(cx, escape, &format!("when serializing {name} object"));
            }
        }
        self.open.pop();
        Ok(())
    }

    fn enter(&mut self, cx: &mut Cx, v: Value) -> Completion<()> {
        if !self.settings.raw(MARKERS).is_none() && self.open.contains(&v.bits()) {
            return raise!(cx, ValueError, "Circular reference detected");
        }
        self.open.push(v.bits());
        Ok(())
    }

    /// Passes an exception on with a note about where it came from.
    #[cold]
    fn noted(&self, cx: &mut Cx, escape: Escape, note: &str) -> Completion<()> {
        if let Some(e) = escape.exception() {
            let (note, name) = (cx.new_str(note)?, cx.intern("add_note")?);
            protocol::call_method(cx, e.into(), name, &[note])?;
        }
        Err(escape)
    }

    fn newline(&mut self, level: usize) {
        if let Some(indent) = self.indent {
            self.out.push(b'\n');
            (0..level).for_each(|_| self.out.extend_from_slice(indent));
        }
    }

    fn array(&mut self, cx: &mut Cx, v: Value, level: usize) -> Completion<()> {
        let items = protocol::collect(cx, v)?;
        if items.is_empty() {
            self.out.extend_from_slice(b"[]");
            return Ok(());
        }
        self.out.push(b'[');
        for (i, &item) in items.as_slice().iter().enumerate() {
            if i > 0 {
                self.out.extend_from_slice(self.item_separator);
            }
            self.newline(level + 1);
            if let Err(escape) = self.value(cx, item, level + 1) {
                let name = cx.type_name(v);
                return self.noted(cx, escape, &format!("when serializing {name} item {i}"));
            }
        }
        self.newline(level);
        self.out.push(b']');
        Ok(())
    }

    /// Keys and values, one after the other, in order of output.
    fn pairs(&self, cx: &mut Cx, v: Value) -> Completion<RootVec> {
        let exact = v.obj().filter(|d| d.class() == cx.class(T::dict));
        if let Some(d) = exact.filter(|_| !self.flag(SORT_KEYS)) {
            return dict::items(cx, d);
        }
        let items = cx.name(N::items);
        let view = protocol::call_method(cx, v, items, &[])?;
        let mut rows = protocol::collect(cx, view)?;
        if self.flag(SORT_KEYS) {
            let all = list::from_vec(cx, rows)?;
            let sort = cx.name(N::sort);
            protocol::call_method(cx, all.into(), sort, &[])?;
            rows = protocol::collect(cx, all.into())?;
        }
        let mut flat = RootVec::new();
        for &row in rows.as_slice() {
            let pair = row.obj().and_then(text_args::tuple_items).unwrap_or(&[]);
            let &[key, value] = pair else {
                return raise!(cx, ValueError, "items must return 2-tuples");
            };
            flat.push(cx, key)?;
            flat.push(cx, value)?;
        }
        Ok(flat)
    }

    fn object(&mut self, cx: &mut Cx, v: Value, level: usize) -> Completion<()> {
        let pairs = self.pairs(cx, v)?;
        if pairs.is_empty() {
            self.out.extend_from_slice(b"{}");
            return Ok(());
        }
        self.out.push(b'{');
        let mut first = true;
        for pair in pairs.as_slice().chunks_exact(2) {
            let before = self.out.len();
            if !first {
                self.out.extend_from_slice(self.item_separator);
            }
            self.newline(level + 1);
            if !self.key(cx, pair[0])? {
                self.out.truncate(before);
                continue;
            }
            first = false;
            self.out.extend_from_slice(self.key_separator);
            if let Err(escape) = self.value(cx, pair[1], level + 1) {
                let (name, key) = (cx.type_name(v), protocol::convert::repr_text(cx, pair[0])?);
                return self.noted(cx, escape, &format!("when serializing {name} item {key}"));
            }
        }
        if !first {
            self.newline(level);
        }
        self.out.push(b'}');
        Ok(())
    }

    /// Writes a key; false if it is to be left out.
    fn key(&mut self, cx: &mut Cx, key: Value) -> Completion<bool> {
        if string::exact(key).is_some() {
            self.string(cx, key)?;
            return Ok(true);
        }
        if let Some(text) = self.scalar(cx, key)? {
            let text = cx.new_str(&text)?;
            self.string(cx, text)?;
            return Ok(true);
        }
        if self.flag(SKIP_KEYS) {
            return Ok(false);
        }
        let name = cx.type_name(key);
        raise!(cx, TypeError, "keys must be str, int, float, bool or None, not {name}")
    }
}
