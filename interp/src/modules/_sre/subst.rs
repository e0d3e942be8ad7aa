//! Replacing and splitting: `sub`, `subn`, `split`, replacement templates.

use taipan_objects::{
    Args, Body, Completion, Cx, Kind, Obj, TypeDef, Value,
    names::Special,
    protocol::{self, RootVec},
    raise,
    types::{buffer, bytes, list, str as string},
};

use super::{
    engine::{Finder, Found, Mode, Subject},
    match_,
    pattern::Pattern,
};

/// Items: literal, group number, literal, group number, ..., literal.
const ITEMS: usize = 1;

static TEMPLATE_TYPE: TypeDef = TypeDef {
    name: "SRE_Template",
    module: "_sre",
    body: Body::Words(Kind::Frozen, 2),
    ..TypeDef::BASE
};

pub(super) fn template(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let items = protocol::collect(cx, args.get(1))?;
    let well_formed = items.len() % 2 == 1
        && items
            .as_slice()
            .iter()
            .skip(1)
            .step_by(2)
            .all(|v| v.small_int().is_some_and(|i| i >= 0));
    if !well_formed {
        return raise!(cx, TypeError, "invalid template");
    }
    let items = cx.new_tuple(items.as_slice())?;
    let class = cx.type_for(&TEMPLATE_TYPE)?;
    let o = cx.new_instance(class)?;
    o.init(ITEMS, items);
    Ok(o.into())
}

/// What stands in place of a match.
enum Replacement {
    Literal(Vec<u8>),
    Template(&'static [Value]),
    Call(Value),
}

fn raw(cx: &mut Cx, v: Value) -> Completion<Vec<u8>> {
    if let Some(o) = string::exact(v) {
        return Ok(string::bytes_of(o).to_vec());
    }
    Ok(buffer::expect_bytes(cx, v)?.into_owned())
}

fn is_callable(cx: &Cx, v: Value) -> bool {
    v.obj().is_some_and(|o| matches!(o.kind(), Kind::Function | Kind::Native | Kind::Type))
        || protocol::find_special(cx, v, Special::Call).is_some()
}

fn replacement(cx: &mut Cx, pattern: Pattern, repl: Value) -> Completion<Replacement> {
    if string::exact(repl).is_none() && bytes::exact(repl).is_none() && is_callable(cx, repl) {
        return Ok(Replacement::Call(repl));
    }
    if string::exact(repl).is_some() || buffer::is_bytes_like(cx, repl) {
        let text = raw(cx, repl)?;
        if memchr::memchr(b'\\', &text).is_none() {
            return Ok(Replacement::Literal(text));
        }
    }
    compiled(cx, pattern, repl)
}

/// The replacement that `re._compile_template` makes of a string with escapes.
fn compiled(cx: &mut Cx, pattern: Pattern, repl: Value) -> Completion<Replacement> {
    let module = cx.world.import_module(cx, "re")?;
    let name = cx.intern("_compile_template")?;
    let f = protocol::get_attr(cx, module, name)?;
    let t = protocol::call(cx, f, &[pattern.object.into(), repl])?;
    let class = cx.type_for(&TEMPLATE_TYPE)?;
    match t.obj() {
        Some(o) if o.class() == class => {
            let items = o.raw(ITEMS).obj().map_or(&[][..], Obj::items);
            match items {
                [literal] => raw(cx, *literal).map(Replacement::Literal),
                items => Ok(Replacement::Template(items)),
            }
        }
        _ => raw(cx, t).map(Replacement::Literal),
    }
}

/// Appends an expanded template; `span` gives the place of a group.
fn expand(
    cx: &mut Cx,
    items: &[Value],
    subject: &Subject,
    span: impl Fn(usize) -> Option<(usize, usize)>,
    n_groups: usize,
    out: &mut Vec<u8>,
) -> Completion<()> {
    for (i, &v) in items.iter().enumerate() {
        if i % 2 == 0 {
            out.extend_from_slice(&raw(cx, v)?);
            continue;
        }
        let group = v.small_int().unwrap_or(0).max(0) as usize;
        if group > n_groups {
            return raise!(cx, IndexError, "no such group");
        }
        if let Some((from, to)) = span(group) {
            out.extend_from_slice(subject.part(from, to));
        }
    }
    Ok(())
}

fn found_span(found: &Found, group: usize) -> Option<(usize, usize)> {
    match group.checked_sub(1) {
        None => Some((found.start, found.end)),
        Some(i) => found.groups.get(i).copied().flatten(),
    }
}

/// `match.expand(template)`.
pub(super) fn expand_method(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let g = match_::read(cx, args.this())?;
    let mut out = Vec::new();
    match compiled(cx, g.pattern, args.get(1))? {
        Replacement::Literal(text) => out = text,
        Replacement::Template(items) => {
            expand(cx, items, &g.subject, |i| g.span(i), g.pattern.n_groups(), &mut out)?;
        }
        Replacement::Call(_) => {}
    }
    g.subject.output(cx, &out)
}

fn substitute(cx: &mut Cx, args: Args<'_>) -> Completion<(Value, i64)> {
    let pattern = Pattern::of(cx, args.this())?;
    let repl = replacement(cx, pattern, args.get(1))?;
    let string = args.get(2);
    let subject = pattern.subject(cx, string)?;
    let fits = matches!(repl, Replacement::Call(_))
        || string::exact(args.get(1)).is_some() != subject.is_bytes();
    let count = protocol::index_i64(cx, args.get(3))?;
    let mut finder = Finder::new(pattern.code(), &subject, pattern.n_groups(), 0, subject.len());
    let (mut out, mut done, mut from) = (Vec::new(), 0, 0);
    while count == 0 || done < count {
        let Some(found) = finder.next(cx, Mode::Search)? else { break };
        out.extend_from_slice(subject.part(from, found.start));
        if !fits {
            let at = i64::from(found.start > 0);
            put_result(cx, &subject, args.get(1), at, &mut out)?;
        }
        match &repl {
            Replacement::Literal(text) => out.extend_from_slice(text),
            Replacement::Template(items) => {
                expand(
                    cx,
                    items,
                    &subject,
                    |i| found_span(&found, i),
                    pattern.n_groups(),
                    &mut out,
                )?;
            }
            Replacement::Call(f) => {
                let m = match_::new(cx, pattern, string, 0, subject.len(), &found)?;
                let v = protocol::call(cx, *f, &[m])?;
                if !v.is_none() {
                    put_result(cx, &subject, v, 2 * done + 1, &mut out)?;
                }
            }
        }
        from = found.end;
        done += 1;
    }
    if done == 0 {
        let whole = subject.value(cx, 0, subject.len())?;
        return Ok((whole, 0));
    }
    out.extend_from_slice(subject.part(from, subject.len()));
    Ok((subject.output(cx, &out)?, done))
}

/// Appends what a replacement function returned.
fn put_result(
    cx: &mut Cx,
    subject: &Subject,
    v: Value,
    at: i64,
    out: &mut Vec<u8>,
) -> Completion<()> {
    if subject.is_bytes() {
        if let Some(b) = buffer::bytes_like(cx, v)? {
            out.extend_from_slice(&b);
            return Ok(());
        }
        let name = cx.type_name(v);
        return raise!(
            cx,
            TypeError,
            "sequence item {at}: expected a bytes-like object, {name} found"
        );
    }
    match string::exact(v) {
        Some(o) => {
            out.extend_from_slice(string::bytes_of(o));
            Ok(())
        }
        None => {
            let name = cx.type_name(v);
            raise!(cx, TypeError, "sequence item {at}: expected str instance, {name} found")
        }
    }
}

pub(super) fn sub(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    substitute(cx, args).map(|(v, _)| v)
}

pub(super) fn subn(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (v, n) = substitute(cx, args)?;
    cx.new_tuple(&[v, Value::small(n)])
}

pub(super) fn split(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let pattern = Pattern::of(cx, args.this())?;
    let subject = pattern.subject(cx, args.get(1))?;
    let max = protocol::index_i64(cx, args.get(2))?;
    let mut finder = Finder::new(pattern.code(), &subject, pattern.n_groups(), 0, subject.len());
    let mut all = RootVec::new();
    let (mut from, mut done) = (0, 0);
    while max == 0 || done < max {
        let Some(found) = finder.next(cx, Mode::Search)? else { break };
        let part = subject.value(cx, from, found.start)?;
        all.push(cx, part)?;
        for g in &found.groups {
            let v = match *g {
                Some((i, j)) => subject.value(cx, i, j)?,
                None => Value::NONE,
            };
            all.push(cx, v)?;
        }
        from = found.end;
        done += 1;
    }
    let rest = subject.value(cx, from, subject.len())?;
    all.push(cx, rest)?;
    list::from_vec(cx, all).map(Value::from)
}
