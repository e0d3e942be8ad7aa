//! Scanners (`pattern.scanner`) and match iterators (`finditer`).
//!
//! A match iterator finds matches ahead in growing batches, so that text that is not ASCII is not walked from its start
//! for every match. Conflicts: two threads that advance the same one.

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Kind, NativeDef, Obj, TypeDef, Value, native::GetSetDef,
    protocol::RootVec,
};

use super::{
    engine::{Finder, Mode},
    match_,
    pattern::{Call, Pattern, call},
};

const PATTERN: usize = 2;
const STRING: usize = 3;
const POS: usize = 4;
const END: usize = 5;
/// Where the next match may begin; -1 when done.
const AT: usize = 6;
/// Whether it must not be empty there.
const ADVANCE: usize = 7;
/// Matches found ahead (a tuple), and how many of them were given out.
const AHEAD: usize = 8;
const GIVEN: usize = 9;
const WORDS: u16 = 10;

const BATCH_MAX: usize = 256;

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

static SCANNER: TypeDef = TypeDef {
    name: "SRE_Scanner",
    module: "_sre",
    body: Body::Words(Kind::Record, WORDS),
    methods: &[
        row!("match", "(self, /)", |cx, args| step(cx, args.this_obj(), Mode::Match), ""),
        row!("search", "(self, /)", |cx, args| step(cx, args.this_obj(), Mode::Search), ""),
    ],
    getset: &[GetSetDef {
        name: "pattern",
        get: |_, this| Ok(this.obj().map_or(Value::NONE, |o| o.raw(PATTERN))),
        set: None,
        doc: "",
    }],
    ..TypeDef::BASE
};

static ITERATOR: TypeDef = TypeDef {
    name: "callable_iterator",
    body: Body::Words(Kind::Record, WORDS),
    methods: &[
        row!("__iter__", "(self, /)", |_, args| Ok(args.this()), "Implement iter(self)."),
        row!("__next__", "(self, /)", next, "Implement next(self)."),
    ],
    ..TypeDef::BASE
};

fn make(cx: &mut Cx, def: &'static TypeDef, call: &Call) -> Completion<Value> {
    let class = cx.type_for(def)?;
    let o = cx.new_instance(class)?;
    o.init(PATTERN, call.pattern.object.into());
    o.init(STRING, call.string);
    o.init(POS, Value::small(call.pos as i64));
    o.init(END, Value::small(call.end as i64));
    o.init(AT, Value::small(call.pos as i64));
    o.init(ADVANCE, Value::FALSE);
    o.init(GIVEN, Value::small(0));
    Ok(o.into())
}

pub(super) fn scanner(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let call = call(cx, args)?;
    make(cx, &SCANNER, &call)
}

pub(super) fn finditer(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let call = call(cx, args)?;
    make(cx, &ITERATOR, &call)
}

/// Finds up to `n` more matches and notes where to go on.
fn find_ahead(cx: &mut Cx, o: Obj, mode: Mode, n: usize) -> Completion<RootVec> {
    let mut all = RootVec::new();
    let Ok(at) = usize::try_from(cx.read(o, AT)?.as_small()) else { return Ok(all) };
    let must_advance = cx.read(o, ADVANCE)? == Value::TRUE;
    let pattern = Pattern::of(cx, o.raw(PATTERN))?;
    let string = o.raw(STRING);
    let subject = pattern.subject(cx, string)?;
    let (pos, end) = (o.raw(POS).as_small() as usize, o.raw(END).as_small() as usize);
    let mut finder =
        Finder::new(pattern.code(), &subject, pattern.n_groups(), at, end.min(subject.len()));
    finder.must_advance = must_advance;
    let mut done = false;
    while all.len() < n {
        let Some(found) = finder.next(cx, mode)? else {
            done = true;
            break;
        };
        let m = match_::new(cx, pattern, string, pos, end, &found)?;
        all.push(cx, m)?;
    }
    let (at, advance) = (finder.at, finder.must_advance);
    cx.claim(o)?;
    cx.write(o, AT, Value::small(if done { -1 } else { at as i64 }));
    cx.write(o, ADVANCE, advance.into());
    Ok(all)
}

fn step(cx: &mut Cx, o: Obj, mode: Mode) -> Completion<Value> {
    let found = find_ahead(cx, o, mode, 1)?;
    Ok(found.get(0).bound().unwrap_or(Value::NONE))
}

fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let ahead = cx.read(o, AHEAD)?.obj().map_or(&[][..], Obj::items);
    let given = cx.read(o, GIVEN)?.as_small() as usize;
    if let Some(&m) = ahead.get(given) {
        cx.set(o, GIVEN, Value::small(given as i64 + 1))?;
        return Ok(m);
    }
    let batch = (ahead.len() * 2).clamp(1, BATCH_MAX);
    let found = find_ahead(cx, o, Mode::Search, batch)?;
    let Some(first) = found.get(0).bound() else { return Ok(Value::UNBOUND) };
    let all = cx.new_tuple(found.as_slice())?;
    cx.claim(o)?;
    cx.write(o, AHEAD, all);
    cx.write(o, GIVEN, Value::small(1));
    Ok(first)
}
