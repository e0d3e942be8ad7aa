//! `_string`: how format strings fall apart, for `string.Formatter`.

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, Kind, NativeDef, Obj, TypeDef, Value, raise,
    text::markup::{self, Markup, Step},
    types::{str as string, text_args},
};

use super::ModuleDef;

/// `_string`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_string",
    doc: "string helper module",
    functions: &[
        NativeDef {
            name: "formatter_parser",
            sig: "(format_string, /)",
            effect: Effect::Transactional,
            run: formatter_parser,
            doc: "parse the argument as a format string",
        },
        NativeDef {
            name: "formatter_field_name_split",
            sig: "(field_name, /)",
            effect: Effect::Transactional,
            run: field_name_split,
            doc: "split the argument as a field name",
        },
    ],
    ..ModuleDef::BASE
};

const ITEMS: usize = 2;
const INDEX: usize = 3;

macro_rules! iterator {
    ($id:ident, $name:literal) => {
        static $id: TypeDef = TypeDef {
            name: $name,
            module: "_string",
            body: Body::Words(Kind::Record, 4),
            methods: &[
                NativeDef {
                    name: "__iter__",
                    sig: "(self, /)",
                    effect: Effect::Transactional,
                    run: |_, args| Ok(args.this()),
                    doc: "Implement iter(self).",
                },
                NativeDef {
                    name: "__next__",
                    sig: "(self, /)",
                    effect: Effect::Transactional,
                    run: next,
                    doc: "Implement next(self).",
                },
            ],
            ..TypeDef::BASE
        };
    };
}

iterator!(FORMATTER_ITERATOR, "formatteriterator");
iterator!(FIELD_NAME_ITERATOR, "fieldnameiterator");

/// An iterator over a tuple of finished items; `UNBOUND` for an item that raises was never put there.
fn over(cx: &mut Cx, def: &'static TypeDef, items: &[Value]) -> Completion<Value> {
    let class = cx.type_for(def)?;
    let items = cx.new_tuple(items)?;
    let o = cx.new_instance(class)?;
    o.init(ITEMS, items);
    o.init(INDEX, Value::small(0));
    Ok(o.into())
}

fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let i = cx.read(it, INDEX)?;
    let items = cx.read(it, ITEMS)?;
    let at = i.small_int().unwrap_or(0) as usize;
    let Some(&v) = items.obj().map_or(&[][..], Obj::items).get(at) else {
        return Ok(Value::UNBOUND);
    };
    cx.set(it, INDEX, Value::small(at as i64 + 1))?;
    Ok(v)
}

fn text_argument(cx: &mut Cx, v: Value) -> Completion<&'static [u8]> {
    match string::exact(v) {
        Some(o) => Ok(string::bytes_of(o)),
        None => {
            let name = cx.type_name(v);
            raise!(cx, TypeError, "expected str, got {name}")
        }
    }
}

fn formatter_parser(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let mut markup = Markup::new(text_argument(cx, args.get(0))?);
    let mut all = taipan_objects::protocol::RootVec::new();
    loop {
        let chunk = match markup.next_chunk() {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            Err(e) => return Err(text_args::fail(cx, &e)),
        };
        let literal = text_args::new_text(cx, chunk.literal)?;
        let [name, spec, conversion] = match chunk.field {
            None => [Value::NONE; 3],
            Some(field) => {
                let conversion = match field.conversion {
                    None => Value::NONE,
                    Some(c) => text_args::new_text(cx, &taipan_objects::text::cp::collect([c]))?,
                };
                [
                    text_args::new_text(cx, field.name)?,
                    text_args::new_text(cx, field.spec)?,
                    conversion,
                ]
            }
        };
        let item = cx.new_tuple(&[literal, name, spec, conversion])?;
        all.push(cx, item)?;
    }
    over(cx, &FORMATTER_ITERATOR, all.as_slice())
}

fn field_name_split(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = text_argument(cx, args.get(0))?;
    let (first, mut rest) = markup::split_first(name);
    let first = match markup::number(first) {
        Ok(Some(i)) => Value::small(i as i64),
        Ok(None) => text_args::new_text(cx, first)?,
        Err(e) => return Err(text_args::fail(cx, &e)),
    };
    let mut all = taipan_objects::protocol::RootVec::new();
    loop {
        let step = match markup::next_step(&mut rest) {
            Ok(Some(step)) => step,
            Ok(None) => break,
            Err(e) => return Err(text_args::fail(cx, &e)),
        };
        let (is_attribute, key) = match step {
            Step::Attr(name) => (true, text_args::new_text(cx, name)?),
            Step::Key(key) => (false, text_args::new_text(cx, key)?),
            Step::Index(i) => (false, Value::small(i as i64)),
        };
        let item = cx.new_tuple(&[is_attribute.into(), key])?;
        all.push(cx, item)?;
    }
    let steps = over(cx, &FIELD_NAME_ITERATOR, all.as_slice())?;
    cx.new_tuple(&[first, steps])
}
