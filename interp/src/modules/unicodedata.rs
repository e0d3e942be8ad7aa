//! `unicodedata`: the Unicode character database, current and as of version 3.2.

use rustpython_unicode::{
    data::{LookupResult, Ucd},
    normalize::{self, NormalizeForm},
};
use rustpython_wtf8::CodePoint;
use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Kind, NativeDef, TypeDef, Value,
    native::GetSetDef,
    raise,
    text::cp,
    types::{str as string, text_args},
};

use super::{ModuleDef, set};

macro_rules! row {
    ($name:literal, $sig:expr, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

/// The functions, for the module (current database) or for a `UCD` object, whose rows start with `self`.
macro_rules! functions {
    ($open:literal, $modern:expr, $at:expr) => {
        &[
            row!("bidirectional", concat!($open, "chr, /)"), |cx, args| property(cx, args, $at, $modern, "bidirectional", |u, c| u.bidirectional(c).to_owned()), "Returns the bidirectional class assigned to the character chr as string.\n\nIf no such value is defined, an empty string is returned."),
            row!("category", concat!($open, "chr, /)"), |cx, args| property(cx, args, $at, $modern, "category", |u, c| u.category(c).to_owned()), "Returns the general category assigned to the character chr as string."),
            row!("combining", concat!($open, "chr, /)"), |cx, args| {
                let c = character(cx, args.get($at), "combining")?;
                Ok(Value::small(Ucd::new($modern).combining(c).into()))
            }, "Returns the canonical combining class assigned to the character chr as integer.\n\nReturns 0 if no combining class is defined."),
            row!("decimal", concat!($open, "chr, default=<unrepresentable>, /)"), |cx, args| number(cx, args, $at, "decimal", "not a decimal", |c| Ucd::new($modern).decimal(c).map(|n| Value::small(n as i64))), "Converts a Unicode character into its equivalent decimal value.\n\nReturns the decimal value assigned to the character chr as integer.\nIf no such value is defined, default is returned, or, if not given,\nValueError is raised."),
            row!("decomposition", concat!($open, "chr, /)"), |cx, args| property(cx, args, $at, $modern, "decomposition", |u, c| u.decomposition(c)), "Returns the character decomposition mapping assigned to the character chr as string.\n\nAn empty string is returned in case no such mapping is defined."),
            row!("digit", concat!($open, "chr, default=<unrepresentable>, /)"), |cx, args| number(cx, args, $at, "digit", "not a digit", |c| Ucd::new($modern).digit(c).map(|n| Value::small(n as i64))), "Converts a Unicode character into its equivalent digit value.\n\nReturns the digit value assigned to the character chr as integer.\nIf no such value is defined, default is returned, or, if not given,\nValueError is raised."),
            row!("east_asian_width", concat!($open, "chr, /)"), |cx, args| property(cx, args, $at, $modern, "east_asian_width", |u, c| u.east_asian_width(c).to_owned()), "Returns the east asian width assigned to the character chr as string."),
            row!("is_normalized", concat!($open, "form, unistr, /)"), |cx, args| is_normalized(cx, args, $at), "Return whether the Unicode string unistr is in the normal form 'form'.\n\nValid values for form are 'NFC', 'NFKC', 'NFD', and 'NFKD'."),
            row!("lookup", concat!($open, "name, /)"), |cx, args| lookup(cx, args.get($at), $modern), "Look up character by name.\n\nIf a character with the given name is found, return the\ncorresponding character.  If not found, KeyError is raised."),
            row!("mirrored", concat!($open, "chr, /)"), |cx, args| {
                let c = character(cx, args.get($at), "mirrored")?;
                Ok(Value::small(Ucd::new($modern).mirrored(c).into()))
            }, "Returns the mirrored property assigned to the character chr as integer.\n\nReturns 1 if the character has been identified as a \"mirrored\"\ncharacter in bidirectional text, 0 otherwise."),
            row!("name", concat!($open, "chr, default=<unrepresentable>, /)"), |cx, args| name(cx, args, $at, $modern), "Returns the name assigned to the character chr as a string.\n\nIf no name is defined, default is returned, or, if not given,\nValueError is raised."),
            row!("normalize", concat!($open, "form, unistr, /)"), |cx, args| normalized(cx, args, $at), "Return the normal form 'form' for the Unicode string unistr.\n\nValid values for form are 'NFC', 'NFKC', 'NFD', and 'NFKD'."),
            row!("numeric", concat!($open, "chr, default=<unrepresentable>, /)"), |cx, args| number(cx, args, $at, "numeric", "not a numeric character", |c| Ucd::new($modern).numeric(c).map(Value::float)), "Converts a Unicode character into its equivalent numeric value.\n\nReturns the numeric value assigned to the character chr as float.\nIf no such value is defined, default is returned, or, if not given,\nValueError is raised."),
        ]
    };
}

/// `unicodedata`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "unicodedata",
    doc: "This module provides access to the Unicode Character Database which\ndefines character properties for all Unicode characters.",
    functions: functions!("(", true, 0),
    types: &[&UCD],
    exec: |cx, module| {
        let version = cx.new_str(&Ucd::new(true).unidata_version())?;
        set(cx, module, "unidata_version", version)?;
        let class = cx.type_for(&UCD)?;
        let old = cx.new_instance(class)?;
        set(cx, module, "ucd_3_2_0", old.into())
    },
};

/// The database of version 3.2 as an object.
static UCD: TypeDef = TypeDef {
    name: "UCD",
    module: "unicodedata",
    body: Body::Words(Kind::Frozen, 2),
    methods: functions!("(self, ", false, 1),
    getset: &[GetSetDef {
        name: "unidata_version",
        get: |cx, _| cx.new_str("3.2.0"),
        set: None,
        doc: "",
    }],
    ..TypeDef::BASE
};

fn character(cx: &mut Cx, v: Value, function: &str) -> Completion<CodePoint> {
    if let Some(o) = string::exact(v) {
        if string::n_chars(o) == 1
            && let Some(c) = CodePoint::from_u32(cp::decode(string::bytes_of(o), 0).0)
        {
            return Ok(c);
        }
        return raise!(
            cx,
            TypeError,
            "{function}() argument must be a unicode character, not a string of length {}",
            string::n_chars(o)
        );
    }
    let name = cx.type_name(v);
    raise!(cx, TypeError, "{function}() argument must be a unicode character, not {name}")
}

fn property(
    cx: &mut Cx,
    args: Args<'_>,
    at: usize,
    modern: bool,
    function: &str,
    get: fn(&Ucd, CodePoint) -> String,
) -> Completion<Value> {
    let c = character(cx, args.get(at), function)?;
    cx.new_str(&get(&Ucd::new(modern), c))
}

fn number(
    cx: &mut Cx,
    args: Args<'_>,
    at: usize,
    function: &str,
    missing: &str,
    get: fn(CodePoint) -> Option<Value>,
) -> Completion<Value> {
    let c = character(cx, args.get(at), function)?;
    match get(c).or(args.opt(at + 1)) {
        Some(v) => Ok(v),
        None => raise!(cx, ValueError, "{missing}"),
    }
}

fn name(cx: &mut Cx, args: Args<'_>, at: usize, modern: bool) -> Completion<Value> {
    let c = character(cx, args.get(at), "name")?;
    let known = c.to_char().filter(|&c| Ucd::new(modern).membership(c));
    match known.and_then(rustpython_unicode::data::character_name) {
        Some(name) => cx.new_str(&name),
        None => match args.opt(at + 1) {
            Some(v) => Ok(v),
            None => raise!(cx, ValueError, "no such name"),
        },
    }
}

fn lookup(cx: &mut Cx, v: Value, modern: bool) -> Completion<Value> {
    let Some(name) = string::text(v) else {
        let name = cx.type_name(v);
        return raise!(cx, TypeError, "lookup() argument must be str, not {name}");
    };
    match Ucd::new(modern).lookup(name) {
        Some(LookupResult::Character(c)) => cx.new_str(c.encode_utf8(&mut [0; 4])),
        Some(LookupResult::Sequence(s)) => cx.new_str(s),
        None => raise!(cx, KeyError, "undefined character name '{name}'"),
    }
}

fn form(
    cx: &mut Cx,
    args: Args<'_>,
    at: usize,
    function: &str,
) -> Completion<(NormalizeForm, Value)> {
    let (form, text) = (args.get(at), args.get(at + 1));
    for (i, v) in [(1, form), (2, text)] {
        text_args::str_arg(cx, v, function, i)?;
    }
    match string::text(form).and_then(|f| f.parse().ok()) {
        Some(form) => Ok((form, text)),
        None => raise!(cx, ValueError, "invalid normalization form"),
    }
}

fn normalized(cx: &mut Cx, args: Args<'_>, at: usize) -> Completion<Value> {
    let (form, v) = form(cx, args, at, "normalize")?;
    match string::exact(v).filter(|o| !string::is_ascii(*o)).and_then(|_| string::wtf8(v)) {
        Some(text) => {
            let out = normalize::normalize(form, text);
            text_args::new_text(cx, out.as_bytes())
        }
        None => Ok(v),
    }
}

fn is_normalized(cx: &mut Cx, args: Args<'_>, at: usize) -> Completion<Value> {
    let (form, v) = form(cx, args, at, "is_normalized")?;
    Ok(string::wtf8(v).is_none_or(|text| normalize::is_normalized(form, text)).into())
}
