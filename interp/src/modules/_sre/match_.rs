//! `re.Match`: immutable.

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Kind, NativeDef, Obj, TypeDef, Value,
    native::GetSetDef,
    protocol::{self, RootVec, convert::repr_text},
    raise,
    types::{dict, type_},
};

use super::{
    engine::{Found, Subject},
    pattern::Pattern,
    subst,
};

const STRING: usize = 1;
const PATTERN: usize = 2;
const POS: usize = 3;
const END: usize = 4;
const LAST_INDEX: usize = 5;
/// Tuple of start and end of group 0, 1, ...; -1 for a group that took no part.
const SPANS: usize = 6;

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

macro_rules! slot_getter {
    ($name:literal, $slot:expr, $doc:literal) => {
        GetSetDef {
            name: $name,
            get: |_, this| Ok(this.obj().map_or(Value::NONE, |o| o.raw($slot))),
            set: None,
            doc: $doc,
        }
    };
}

pub(super) static MATCH_TYPE: TypeDef = TypeDef {
    name: "Match",
    module: "re",
    body: Body::Words(Kind::Frozen, 7),
    methods: &[
        row!("__copy__", "(self, /)", |_, args| Ok(args.this()), ""),
        row!("__deepcopy__", "(self, memo, /)", |_, args| Ok(args.this()), ""),
        row!("__getitem__", "(self, key, /)", getitem, "Return self[key]."),
        row!("__repr__", "(self, /)", repr, "Return repr(self)."),
        row!(
            "end",
            "(self, group=0, /)",
            |cx, args| bound(cx, args, 1),
            "Return index of the end of the substring matched by group."
        ),
        row!(
            "expand",
            "(self, /, template)",
            subst::expand_method,
            "Return the string obtained by doing backslash substitution on the string template, as done by the sub() method."
        ),
        row!(
            "group",
            "(self, /, *args)",
            group,
            "group([group1, ...]) -> str or tuple.\n\nReturn subgroup(s) of the match by indices or names.\nFor 0 returns the entire match."
        ),
        row!(
            "groupdict",
            "(self, /, default=None)",
            groupdict,
            "Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name.\n\n  default\n    Is used for groups that did not participate in the match."
        ),
        row!(
            "groups",
            "(self, /, default=None)",
            groups,
            "Return a tuple containing all the subgroups of the match, from 1.\n\n  default\n    Is used for groups that did not participate in the match."
        ),
        row!(
            "span",
            "(self, group=0, /)",
            span,
            "For match object m, return the 2-tuple (m.start(group), m.end(group))."
        ),
        row!(
            "start",
            "(self, group=0, /)",
            |cx, args| bound(cx, args, 0),
            "Return index of the start of the substring matched by group."
        ),
    ],
    class_methods: &[row!(
        "__class_getitem__",
        "(type, item, /)",
        |cx, args| type_::generic_alias(cx, args.get(0), args.get(1)),
        "See PEP 585"
    )],
    getset: &[
        slot_getter!("string", STRING, "The string passed to match() or search()."),
        slot_getter!("re", PATTERN, "The regular expression object."),
        slot_getter!(
            "pos",
            POS,
            "The index into the string at which the RE engine started looking for a match."
        ),
        slot_getter!(
            "endpos",
            END,
            "The index into the string beyond which the RE engine will not go."
        ),
        slot_getter!(
            "lastindex",
            LAST_INDEX,
            "The integer index of the last matched capturing group."
        ),
        GetSetDef {
            name: "lastgroup",
            get: lastgroup,
            set: None,
            doc: "The name of the last matched capturing group.",
        },
        GetSetDef { name: "regs", get: regs, set: None, doc: "" },
    ],
    doc: "The result of re.match() and re.search().\nMatch objects always have a boolean value of True.",
    ..TypeDef::BASE
};

pub(super) fn new(
    cx: &mut Cx,
    pattern: Pattern,
    string: Value,
    pos: usize,
    end: usize,
    found: &Found,
) -> Completion<Value> {
    let mut spans: Vec<Value> = Vec::with_capacity(2 * found.groups.len() + 2);
    spans.push(Value::small(found.start as i64));
    spans.push(Value::small(found.end as i64));
    for g in &found.groups {
        let (from, to) = g.map_or((-1, -1), |(i, j)| (i as i64, j as i64));
        spans.push(Value::small(from));
        spans.push(Value::small(to));
    }
    let spans = cx.new_tuple(&spans)?;
    let class = cx.type_for(&MATCH_TYPE)?;
    let o = cx.new_instance(class)?;
    o.init(STRING, string);
    o.init(PATTERN, pattern.object.into());
    o.init(POS, Value::small(pos as i64));
    o.init(END, Value::small(end as i64));
    o.init(LAST_INDEX, found.last_index.map_or(Value::NONE, |i| Value::small(i as i64)));
    o.init(SPANS, spans);
    Ok(o.into())
}

/// A match object with its subject, to read groups from.
pub(super) struct Groups {
    pub(super) pattern: Pattern,
    pub(super) subject: Subject,
    spans: &'static [Value],
}

impl Groups {
    fn of(cx: &mut Cx, m: Obj) -> Completion<Self> {
        let pattern = Pattern::of(cx, m.raw(PATTERN))?;
        let subject = Subject::new(cx, m.raw(STRING), None)?;
        Ok(Self { pattern, subject, spans: spans(m) })
    }

    pub(super) fn span(&self, i: usize) -> Option<(usize, usize)> {
        span_of(self.spans, i)
    }

    fn value(&self, cx: &mut Cx, i: usize, default: Value) -> Completion<Value> {
        match self.span(i) {
            Some((from, to)) => self.subject.value(cx, from, to),
            None => Ok(default),
        }
    }
}

fn spans(m: Obj) -> &'static [Value] {
    m.raw(SPANS).obj().map_or(&[], Obj::items)
}

fn span_of(spans: &[Value], i: usize) -> Option<(usize, usize)> {
    let at = |k: usize| usize::try_from(spans.get(k)?.small_int()?).ok();
    Some((at(2 * i)?, at(2 * i + 1)?))
}

/// The group number that an index or name stands for.
fn number(cx: &mut Cx, m: Obj, v: Value) -> Completion<usize> {
    let n = spans(m).len() / 2;
    if protocol::convert::is_index(cx, v) {
        let i = protocol::index_big(cx, v)?;
        if let Some(i) = usize::try_from(i).ok().filter(|&i| i < n) {
            return Ok(i);
        }
    } else {
        let pattern = Pattern::of(cx, m.raw(PATTERN))?;
        if let Some(d) = pattern.groupindex().obj().filter(|d| d.kind() == Kind::Dict)
            && let Some(i) = lookup(cx, d, v)?.and_then(Value::small_int)
            && let Some(i) = usize::try_from(i).ok().filter(|&i| i < n)
        {
            return Ok(i);
        }
    }
    raise!(cx, IndexError, "no such group")
}

/// An entry of the group index; what cannot be hashed is no group either.
fn lookup(cx: &mut Cx, d: Obj, key: Value) -> Completion<Option<Value>> {
    match dict::get_item(cx, d, key) {
        Ok(v) => Ok(v.bound()),
        Err(escape) if escape.is_abort() => Err(escape),
        Err(_) => Ok(None),
    }
}

fn group(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let m = args.this_obj();
    let g = Groups::of(cx, m)?;
    match args.rest(1) {
        [] => g.value(cx, 0, Value::NONE),
        [one] => {
            let i = number(cx, m, *one)?;
            g.value(cx, i, Value::NONE)
        }
        many => {
            let mut all = RootVec::new();
            for &v in many {
                let i = number(cx, m, v)?;
                let v = g.value(cx, i, Value::NONE)?;
                all.push(cx, v)?;
            }
            cx.new_tuple(all.as_slice())
        }
    }
}

fn getitem(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let m = args.this_obj();
    let i = number(cx, m, args.get(1))?;
    let g = Groups::of(cx, m)?;
    g.value(cx, i, Value::NONE)
}

fn groups(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let g = Groups::of(cx, args.this_obj())?;
    let mut all = RootVec::new();
    for i in 1..g.spans.len() / 2 {
        let v = g.value(cx, i, args.get(1))?;
        all.push(cx, v)?;
    }
    cx.new_tuple(all.as_slice())
}

fn groupdict(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let m = args.this_obj();
    let g = Groups::of(cx, m)?;
    let out = dict::new(cx)?;
    if let Some(d) = g.pattern.groupindex().obj().filter(|d| d.kind() == Kind::Dict) {
        for pair in dict::items(cx, d)?.as_slice().chunks_exact(2) {
            let i = pair[1].small_int().unwrap_or(0).max(0) as usize;
            let v = g.value(cx, i, args.get(1))?;
            dict::set_item(cx, out, pair[0], v)?;
        }
    }
    Ok(out.into())
}

fn bound(cx: &mut Cx, args: Args<'_>, which: usize) -> Completion<Value> {
    let m = args.this_obj();
    let i = number(cx, m, args.get(1))?;
    Ok(spans(m).get(2 * i + which).copied().unwrap_or(Value::small(-1)))
}

fn span(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let m = args.this_obj();
    let i = number(cx, m, args.get(1))?;
    let pair = spans(m).get(2 * i..2 * i + 2).unwrap_or_default();
    cx.new_tuple(pair)
}

fn regs(cx: &mut Cx, this: Value) -> Completion<Value> {
    let mut all = RootVec::new();
    for pair in this.obj().map_or(&[][..], spans).chunks(2) {
        let pair = cx.new_tuple(pair)?;
        all.push(cx, pair)?;
    }
    cx.new_tuple(all.as_slice())
}

fn lastgroup(cx: &mut Cx, this: Value) -> Completion<Value> {
    let Some(m) = this.obj() else { return Ok(Value::NONE) };
    let Some(i) = m.raw(LAST_INDEX).small_int() else { return Ok(Value::NONE) };
    let pattern = Pattern::of(cx, m.raw(PATTERN))?;
    Ok(pattern.indexgroup().get(i.max(0) as usize).copied().unwrap_or(Value::NONE))
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let g = Groups::of(cx, args.this_obj())?;
    let (from, to) = g.span(0).unwrap_or((0, 0));
    let whole = g.value(cx, 0, Value::NONE)?;
    let text = repr_text(cx, whole)?;
    let text: String = text.chars().take(50).collect();
    cx.new_str(&format!("<re.Match object; span=({from}, {to}), match={text}>"))
}

/// Reads the groups of a match object.
pub(super) fn read(cx: &mut Cx, m: Value) -> Completion<Groups> {
    match m.obj() {
        Some(o) => Groups::of(cx, o),
        None => raise!(cx, TypeError, "expected a match object"),
    }
}
