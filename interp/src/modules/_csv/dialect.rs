//! Dialects: immutable once made.

use rustpython_wtf8::Wtf8Buf;
use taipan_objects::{
    Args, Body, Completion, Cx, Effect, GetSetDef, Kind, NativeDef, Obj, T, TypeDef, Value,
    heap::{NativeData, native_data},
    protocol::{self, convert},
    raise,
    types::{dict, str as string},
};

use super::get_dialect;

/// Of `quoting`.
pub(super) mod quote {
    pub(in super::super) const MINIMAL: i64 = 0;
    pub(in super::super) const ALL: i64 = 1;
    pub(in super::super) const NONNUMERIC: i64 = 2;
    pub(in super::super) const NONE: i64 = 3;
    pub(in super::super) const STRINGS: i64 = 4;
    pub(in super::super) const NOTNULL: i64 = 5;
}

/// The rules of one dialect. Characters are code points.
#[derive(Clone, Debug)]
pub(super) struct Dialect {
    pub(super) delimiter: u32,
    pub(super) quotechar: Option<u32>,
    pub(super) escapechar: Option<u32>,
    pub(super) doublequote: bool,
    pub(super) skipinitialspace: bool,
    pub(super) lineterminator: Wtf8Buf,
    pub(super) quoting: i64,
    pub(super) strict: bool,
}

impl NativeData for Dialect {}

impl Dialect {
    /// Whether the character ends lines.
    pub(super) fn ends_line(&self, c: u32) -> bool {
        self.lineterminator.code_points().any(|p| p.to_u32() == c)
    }
}

const NAMES: [&str; 8] = [
    "delimiter",
    "doublequote",
    "escapechar",
    "lineterminator",
    "quotechar",
    "quoting",
    "skipinitialspace",
    "strict",
];

/// The dialect behind an object that [`from_call`] made.
pub(super) fn of(cx: &mut Cx, v: Value) -> Completion<&'static Dialect> {
    match v.obj().and_then(native_data::<Dialect>) {
        Some(d) => Ok(d),
        None => raise!(cx, TypeError, "dialect expected"),
    }
}

fn is_dialect(v: Value) -> bool {
    v.obj().and_then(native_data::<Dialect>).is_some()
}

/// The dialect object for the arguments `dialect` and `**kwargs`.
pub(super) fn from_call(cx: &mut Cx, base: Option<Value>, kwargs: Value) -> Completion<Value> {
    let kwargs = kwargs.obj().filter(|d| d.kind() == Kind::Dict);
    let mut given = [Value::UNBOUND; NAMES.len()];
    let mut n_given = 0;
    if let Some(kwargs) = kwargs {
        for pair in dict::items(cx, kwargs)?.as_slice().chunks_exact(2) {
            let name = string::text(pair[0]).unwrap_or("?");
            match NAMES.iter().position(|known| *known == name) {
                Some(at) => given[at] = pair[1],
                None => {
                    return raise!(
                        cx,
                        TypeError,
                        "this function got an unexpected keyword argument '{name}'"
                    );
                }
            }
            n_given += 1;
        }
    }
    let base = match base.filter(|v| !v.is_none()) {
        Some(name) if string::wtf8(name).is_some() => Some(get_dialect(cx, name)?),
        other => other,
    };
    if let Some(base) = base {
        if n_given == 0 && is_dialect(base) {
            return Ok(base);
        }
        for (slot, name) in given.iter_mut().zip(NAMES) {
            if slot.is_unbound() {
                let name = cx.intern(name)?;
                *slot = protocol::get_attr_opt(cx, base, name)?.unwrap_or_default();
            }
        }
    }
    let dialect = build(cx, given)?;
    let class = cx.type_for(&DIALECT)?;
    cx.new_native(class, dialect).map(Value::from)
}

fn one_char(cx: &mut Cx, v: Value, name: &str, or_none: bool) -> Completion<Option<u32>> {
    if or_none && v.is_none() {
        return Ok(None);
    }
    let Some(text) = string::wtf8(v) else {
        let (what, got) = (if or_none { "string or None" } else { "string" }, cx.type_name(v));
        return raise!(cx, TypeError, "\"{name}\" must be {what}, not {got}");
    };
    let mut points = text.code_points();
    match (points.next(), points.next()) {
        (Some(c), None) => Ok(Some(c.to_u32())),
        _ => raise!(cx, TypeError, "\"{name}\" must be a 1-character string"),
    }
}

fn build(cx: &mut Cx, given: [Value; NAMES.len()]) -> Completion<Dialect> {
    let [delimiter, doublequote, escapechar, lineterminator, quotechar, quoting, skip, strict] =
        given;
    let truth = |cx: &mut Cx, v: Value, default: bool| match v.bound() {
        Some(v) => protocol::truth(cx, v),
        None => Ok(default),
    };
    let delimiter = match delimiter.bound() {
        Some(v) => one_char(cx, v, "delimiter", false)?.unwrap_or(0),
        None => u32::from(','),
    };
    let doublequote = truth(cx, doublequote, true)?;
    let escape = match escapechar.bound() {
        Some(v) => one_char(cx, v, "escapechar", true)?,
        None => None,
    };
    let end = match lineterminator.bound() {
        Some(v) if v.is_none() => return raise!(cx, TypeError, "lineterminator must be set"),
        Some(v) => match string::wtf8(v) {
            Some(text) => text.to_owned(),
            None => return raise!(cx, TypeError, "\"lineterminator\" must be a string"),
        },
        None => Wtf8Buf::from_string("\r\n".to_owned()),
    };
    let quote = match quotechar.bound() {
        Some(v) => one_char(cx, v, "quotechar", true)?,
        None => Some(u32::from('"')),
    };
    let quoting = match quoting.bound() {
        Some(v) if cx.class_of(v) != cx.class(T::int) && !is_int_enum(v) => {
            return raise!(cx, TypeError, "\"quoting\" must be an integer");
        }
        Some(v) => convert::index_i64(cx, v)?,
        None if quotechar.is_none() => quote::NONE,
        None => quote::MINIMAL,
    };
    if !(quote::MINIMAL..=quote::NOTNULL).contains(&quoting) {
        return raise!(cx, TypeError, "bad \"quoting\" value");
    }
    let dialect = Dialect {
        delimiter,
        quotechar: quote,
        escapechar: escape,
        doublequote,
        skipinitialspace: truth(cx, skip, false)?,
        lineterminator: end,
        quoting,
        strict: truth(cx, strict, false)?,
    };
    check(cx, &dialect)?;
    Ok(dialect)
}

fn is_int_enum(v: Value) -> bool {
    !v.is_bool() && convert::as_int(v).is_some()
}

fn check(cx: &mut Cx, d: &Dialect) -> Completion<()> {
    if d.quoting != quote::NONE && d.quotechar.is_none() {
        return raise!(cx, TypeError, "quotechar must be set if quoting enabled");
    }
    let is_bad = |c: u32, space: bool| {
        c == u32::from('\r')
            || c == u32::from('\n')
            || (c == u32::from(' ') && !space)
            || d.ends_line(c)
    };
    let chars = [
        ("delimiter", Some(d.delimiter), true),
        ("escapechar", d.escapechar, !d.skipinitialspace),
        ("quotechar", d.quotechar, !d.skipinitialspace),
    ];
    for (name, c, space) in chars {
        if c.is_some_and(|c| is_bad(c, space)) {
            return raise!(cx, ValueError, "bad {name} value");
        }
    }
    for (i, j) in [(0, 1), (0, 2), (1, 2)] {
        let ((a, x, _), (b, y, _)) = (chars[i], chars[j]);
        if x.is_some() && x == y {
            return raise!(cx, ValueError, "bad {a} or {b} value");
        }
    }
    Ok(())
}

fn text_of(cx: &mut Cx, c: Option<u32>) -> Completion<Value> {
    let Some(point) = c.and_then(rustpython_wtf8::CodePoint::from_u32) else {
        return Ok(Value::NONE);
    };
    let mut text = Wtf8Buf::new();
    text.push(point);
    string::new_str_bytes(cx, text.as_bytes(), 1)
}

/// A read-only attribute.
macro_rules! get {
    ($name:literal, $get:expr) => {
        GetSetDef {
            name: $name,
            get: |cx, v| {
                let d = of(cx, v)?;
                let get: fn(&mut Cx, &Dialect) -> Completion<Value> = $get;
                get(cx, d)
            },
            set: None,
            doc: "",
        }
    };
}

fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    from_call(cx, args.opt(1), args.get(2))
}

/// `_csv.Dialect`.
pub(super) static DIALECT: TypeDef = TypeDef {
    name: "Dialect",
    module: "_csv",
    body: Body::Words(Kind::Record, 3),
    static_methods: &[NativeDef {
        name: "__new__",
        sig: "(cls, dialect=<unset>, **kwargs)",
        effect: Effect::Transactional,
        run: new,
        doc: "",
    }],
    getset: &[
        get!("delimiter", |cx, d| text_of(cx, Some(d.delimiter))),
        get!("quotechar", |cx, d| text_of(cx, d.quotechar)),
        get!("escapechar", |cx, d| text_of(cx, d.escapechar)),
        get!("doublequote", |_, d| Ok(d.doublequote.into())),
        get!("skipinitialspace", |_, d| Ok(d.skipinitialspace.into())),
        get!("strict", |_, d| Ok(d.strict.into())),
        get!("quoting", |_, d| Ok(Value::small(d.quoting))),
        get!("lineterminator", |cx, d| {
            let n = d.lineterminator.code_points().count();
            string::new_str_bytes(cx, d.lineterminator.as_bytes(), n)
        }),
    ],
    doc: "CSV dialect\n\nThe Dialect type records CSV format options.",
    ..TypeDef::BASE
};

/// The dialect in a slot of a reader or writer.
pub(super) fn in_slot(cx: &mut Cx, o: Obj, word: usize) -> Completion<&'static Dialect> {
    let v = cx.read(o, word)?;
    of(cx, v)
}
