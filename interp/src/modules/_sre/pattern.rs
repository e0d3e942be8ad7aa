//! `re.Pattern`.

use rustpython_sre_engine::SreFlag;
use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Kind, NativeDef, Obj, TypeDef, Value,
    heap::{NativeData, native_data},
    native::GetSetDef,
    protocol::{self, RootVec, convert::repr_text},
    raise,
    types::{bytes, list, mappingproxy, str as string, type_},
};

use super::{
    engine::{Code, Finder, Found, Mode, Subject},
    match_, scanner, subst,
};

/// Slots; word 2 is the native data.
const PATTERN: usize = 3;
const GROUPINDEX: usize = 4;
const INDEXGROUP: usize = 5;

struct Data {
    code: Code,
    flags: i64,
    n_groups: usize,
    /// Whether the pattern is bytes; `None` for a scanner's, which takes both.
    is_bytes: Option<bool>,
}

impl NativeData for Data {}

/// A pattern object taken apart.
#[derive(Clone, Copy)]
pub(super) struct Pattern {
    pub(super) object: Obj,
    data: &'static Data,
}

impl Pattern {
    pub(super) fn of(cx: &mut Cx, v: Value) -> Completion<Self> {
        match v.obj().and_then(|o| Some((o, native_data::<Data>(o)?))) {
            Some((object, data)) => Ok(Self { object, data }),
            None => raise!(cx, TypeError, "expected a compiled pattern"),
        }
    }

    pub(super) fn code(self) -> &'static Code {
        &self.data.code
    }

    pub(super) fn n_groups(self) -> usize {
        self.data.n_groups
    }

    pub(super) fn subject(self, cx: &mut Cx, v: Value) -> Completion<Subject> {
        Subject::new(cx, v, self.data.is_bytes)
    }

    pub(super) fn groupindex(self) -> Value {
        self.object.raw(GROUPINDEX)
    }

    pub(super) fn indexgroup(self) -> &'static [Value] {
        self.object.raw(INDEXGROUP).obj().map_or(&[], Obj::items)
    }
}

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

pub(super) static PATTERN_TYPE: TypeDef = TypeDef {
    name: "Pattern",
    module: "re",
    body: Body::Words(Kind::Record, 6),
    methods: &[
        row!("__copy__", "(self, /)", |_, args| Ok(args.this()), ""),
        row!("__deepcopy__", "(self, memo, /)", |_, args| Ok(args.this()), ""),
        row!("__eq__", "(self, value, /)", eq, "Return self==value."),
        row!("__hash__", "(self, /)", hash, "Return hash(self)."),
        row!("__repr__", "(self, /)", repr, "Return repr(self)."),
        row!(
            "findall",
            "(self, /, string, pos=0, endpos=9223372036854775807)",
            findall,
            "Return a list of all non-overlapping matches of pattern in string."
        ),
        row!(
            "finditer",
            "(self, /, string, pos=0, endpos=9223372036854775807)",
            scanner::finditer,
            "Return an iterator over all non-overlapping matches for the RE pattern in string.\n\nFor each match, the iterator returns a match object."
        ),
        row!(
            "fullmatch",
            "(self, /, string, pos=0, endpos=9223372036854775807)",
            |cx, args| once(cx, args, Mode::FullMatch),
            "Matches against all of the string."
        ),
        row!(
            "match",
            "(self, /, string, pos=0, endpos=9223372036854775807)",
            |cx, args| once(cx, args, Mode::Match),
            "Matches zero or more characters at the beginning of the string."
        ),
        row!(
            "scanner",
            "(self, /, string, pos=0, endpos=9223372036854775807)",
            scanner::scanner,
            ""
        ),
        row!(
            "search",
            "(self, /, string, pos=0, endpos=9223372036854775807)",
            |cx, args| once(cx, args, Mode::Search),
            "Scan through string looking for a match, and return a corresponding match object instance.\n\nReturn None if no position in the string matches."
        ),
        row!(
            "split",
            "(self, /, string, maxsplit=0)",
            subst::split,
            "Split string by the occurrences of pattern."
        ),
        row!(
            "sub",
            "(self, /, repl, string, count=0)",
            subst::sub,
            "Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by the replacement repl."
        ),
        row!(
            "subn",
            "(self, /, repl, string, count=0)",
            subst::subn,
            "Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping occurrences of pattern with the replacement repl."
        ),
    ],
    class_methods: &[row!(
        "__class_getitem__",
        "(type, item, /)",
        |cx, args| type_::generic_alias(cx, args.get(0), args.get(1)),
        "See PEP 585"
    )],
    getset: &[
        GetSetDef {
            name: "pattern",
            get: |_, this| Ok(this.obj().map_or(Value::NONE, |o| o.raw(PATTERN))),
            set: None,
            doc: "The pattern string from which the RE object was compiled.",
        },
        GetSetDef {
            name: "flags",
            get: |cx, this| Ok(Value::small(Pattern::of(cx, this)?.data.flags)),
            set: None,
            doc: "The regex matching flags.",
        },
        GetSetDef {
            name: "groups",
            get: |cx, this| Ok(Value::small(Pattern::of(cx, this)?.n_groups() as i64)),
            set: None,
            doc: "The number of capturing groups in the pattern.",
        },
        GetSetDef {
            name: "groupindex",
            get: |cx, this| {
                let index = Pattern::of(cx, this)?.groupindex();
                mappingproxy::new(cx, index)
            },
            set: None,
            doc: "A dictionary mapping group names to group numbers.",
        },
    ],
    doc: "Compiled regular expression object.",
    ..TypeDef::BASE
};

pub(super) fn compile(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let flags = protocol::index_i64(cx, args.get(1))?;
    let mut codes = Vec::new();
    protocol::for_each(cx, args.get(2), |cx, v| {
        let i = protocol::index_i64(cx, v)?;
        match u32::try_from(i) {
            Ok(code) => {
                codes.push(code);
                Ok(())
            }
            Err(_) => raise!(cx, OverflowError, "regular expression code size limit exceeded"),
        }
    })?;
    let n_groups = protocol::index_i64(cx, args.get(3))?.max(0) as usize;
    let pattern = args.get(0);
    let is_bytes = if pattern.is_none() {
        None
    } else if string::exact(pattern).is_some() {
        Some(false)
    } else {
        taipan_objects::types::buffer::expect_bytes(cx, pattern)?;
        Some(true)
    };
    let indexgroup = protocol::collect(cx, args.get(5))?;
    let indexgroup = cx.new_tuple(indexgroup.as_slice())?;
    let class = cx.type_for(&PATTERN_TYPE)?;
    let Ok(code) = Code::new(codes) else {
        return raise!(cx, RuntimeError, "invalid SRE code");
    };
    let o = cx.new_native(class, Data { code, flags, n_groups, is_bytes })?;
    o.init(PATTERN, pattern);
    o.init(GROUPINDEX, args.get(4));
    o.init(INDEXGROUP, indexgroup);
    Ok(o.into())
}

/// `pos` and `endpos` brought into the subject.
pub(super) fn span(
    cx: &mut Cx,
    pos: Value,
    endpos: Value,
    len: usize,
) -> Completion<(usize, usize)> {
    let pos = protocol::index_big(cx, pos)?;
    // The default does not fit an inline integer, so it arrives unbound.
    let end = if endpos.is_unbound() { i64::MAX } else { protocol::index_big(cx, endpos)? };
    let clamp = |i: i64| usize::try_from(i).unwrap_or(0).min(len);
    Ok((clamp(pos), clamp(end)))
}

/// What the arguments `string, pos, endpos` say.
pub(super) struct Call {
    pub(super) pattern: Pattern,
    pub(super) string: Value,
    pub(super) subject: Subject,
    pub(super) pos: usize,
    pub(super) end: usize,
}

pub(super) fn call(cx: &mut Cx, args: Args<'_>) -> Completion<Call> {
    let pattern = Pattern::of(cx, args.this())?;
    let subject = pattern.subject(cx, args.get(1))?;
    let (pos, end) = span(cx, args.get(2), args.get(3), subject.len())?;
    Ok(Call { pattern, string: args.get(1), subject, pos, end })
}

impl Call {
    pub(super) fn finder(&self) -> Finder<'_> {
        Finder::new(self.pattern.code(), &self.subject, self.pattern.n_groups(), self.pos, self.end)
    }

    pub(super) fn match_value(&self, cx: &mut Cx, found: &Found) -> Completion<Value> {
        match_::new(cx, self.pattern, self.string, self.pos, self.end, found)
    }
}

fn once(cx: &mut Cx, args: Args<'_>, mode: Mode) -> Completion<Value> {
    let call = call(cx, args)?;
    let found = call.finder().next(cx, mode)?;
    match found {
        Some(found) => call.match_value(cx, &found),
        None => Ok(Value::NONE),
    }
}

fn findall(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let call = call(cx, args)?;
    let mut finder = call.finder();
    let mut all = RootVec::new();
    while let Some(found) = finder.next(cx, Mode::Search)? {
        let group = |cx: &mut Cx, i: usize| match found.groups.get(i).copied().flatten() {
            Some((from, to)) => call.subject.value(cx, from, to),
            None => call.subject.empty(cx),
        };
        let v = match found.groups.len() {
            0 => call.subject.value(cx, found.start, found.end)?,
            1 => group(cx, 0)?,
            n => {
                let mut row = RootVec::new();
                for i in 0..n {
                    let v = group(cx, i)?;
                    row.push(cx, v)?;
                }
                cx.new_tuple(row.as_slice())?
            }
        };
        all.push(cx, v)?;
    }
    list::from_vec(cx, all).map(Value::from)
}

const FLAG_NAMES: [(SreFlag, &str); 8] = [
    (SreFlag::IGNORECASE, "re.IGNORECASE"),
    (SreFlag::LOCALE, "re.LOCALE"),
    (SreFlag::MULTILINE, "re.MULTILINE"),
    (SreFlag::DOTALL, "re.DOTALL"),
    (SreFlag::UNICODE, "re.UNICODE"),
    (SreFlag::VERBOSE, "re.VERBOSE"),
    (SreFlag::DEBUG, "re.DEBUG"),
    (SreFlag::ASCII, "re.ASCII"),
];

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let p = Pattern::of(cx, args.this())?;
    let text = repr_text(cx, p.object.raw(PATTERN))?;
    let text: String = text.chars().take(200).collect();
    let mut flags = p.data.flags;
    let kinds = i64::from((SreFlag::LOCALE | SreFlag::UNICODE | SreFlag::ASCII).bits());
    let unicode = i64::from(SreFlag::UNICODE.bits());
    if p.data.is_bytes == Some(false) && flags & kinds == unicode {
        flags &= !unicode;
    }
    let mut shown = Vec::new();
    for (flag, name) in FLAG_NAMES {
        if flags & i64::from(flag.bits()) != 0 {
            flags &= !i64::from(flag.bits());
            shown.push(name.to_owned());
        }
    }
    if flags != 0 {
        shown.push(format!("0x{flags:x}"));
    }
    let flags = if shown.is_empty() { String::new() } else { format!(", {}", shown.join("|")) };
    cx.new_str(&format!("re.compile({text}{flags})"))
}

fn eq(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let a = Pattern::of(cx, args.this())?;
    let Some(b) =
        args.get(1).obj().and_then(|o| Some(Pattern { object: o, data: native_data::<Data>(o)? }))
    else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    if a.object == b.object {
        return Ok(Value::TRUE);
    }
    let same = a.data.flags == b.data.flags
        && a.data.is_bytes == b.data.is_bytes
        && a.code().words() == b.code().words();
    Ok((same && protocol::equal(cx, a.object.raw(PATTERN), b.object.raw(PATTERN))?).into())
}

fn hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let p = Pattern::of(cx, args.this())?;
    let source = p.object.raw(PATTERN);
    let h = if source.is_none() || bytes::exact(source).is_none() && string::exact(source).is_none()
    {
        0
    } else {
        protocol::hash(cx, source)?
    };
    cx.new_int(h ^ p.data.flags ^ (p.n_groups() as i64) << 32)
}
