//! What t-strings evaluate to: `string.templatelib.Template` and `Interpolation`. Immutable, no conflicts.

use super::text_args::{new_text, tuple_items};
use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::N,
    native::{Args, Effect, GetSetDef, NativeDef},
    protocol::{self, RootVec, convert::repr_text},
    raise,
    types::{Body, TypeDef, str as string, str_ops},
    value::Value,
};

const MODULE: &str = "string.templatelib";

mod template_slot {
    pub(super) const STRINGS: usize = 1;
    pub(super) const INTERPOLATIONS: usize = 2;
    pub(super) const WORDS: u16 = 3;
}

mod field {
    pub(super) const VALUE: usize = 1;
    pub(super) const EXPRESSION: usize = 2;
    pub(super) const CONVERSION: usize = 3;
    pub(super) const SPEC: usize = 4;
    pub(super) const WORDS: u16 = 5;
}

use template_slot::{INTERPOLATIONS, STRINGS};

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

/// `string.templatelib.Template`.
pub static TEMPLATE: TypeDef = TypeDef {
    name: "Template",
    module: MODULE,
    body: Body::Words(Kind::Frozen, template_slot::WORDS),
    methods: &[
        row!("__add__", "(self, value, /)", add, "Return self+value."),
        row!("__iter__", "(self, /)", iter, "Implement iter(self)."),
        row!("__reduce__", "(self, /)", reduce, "Helper for pickle."),
        row!("__repr__", "(self, /)", template_repr, "Return repr(self)."),
    ],
    class_methods: &[row!("__class_getitem__", "(type, item, /)", generic, "See PEP 585")],
    static_methods: &[row!(
        "__new__",
        "(type, /, *args)",
        template_new,
        "Create and return a new object.  See help(type) for accurate signature."
    )],
    getset: &[
        slot_getter!("strings", STRINGS, "Strings"),
        slot_getter!("interpolations", INTERPOLATIONS, "Interpolations"),
        GetSetDef { name: "values", get: values, set: None, doc: "Values of interpolations" },
    ],
    doc: "Template object",
    ..TypeDef::BASE
};

/// `string.templatelib.Interpolation`.
pub static INTERPOLATION: TypeDef = TypeDef {
    name: "Interpolation",
    module: MODULE,
    body: Body::Words(Kind::Frozen, field::WORDS),
    methods: &[
        row!("__reduce__", "(self, /)", interpolation_reduce, "Helper for pickle."),
        row!("__repr__", "(self, /)", interpolation_repr, "Return repr(self)."),
    ],
    class_methods: &[row!("__class_getitem__", "(type, item, /)", generic, "See PEP 585")],
    static_methods: &[row!(
        "__new__",
        "(type, value, expression='', conversion=None, format_spec='')",
        interpolation_new,
        "Create and return a new object.  See help(type) for accurate signature."
    )],
    getset: &[
        slot_getter!("value", field::VALUE, "Value"),
        slot_getter!("expression", field::EXPRESSION, "Expression"),
        slot_getter!("conversion", field::CONVERSION, "Conversion"),
        slot_getter!("format_spec", field::SPEC, "Format specifier"),
    ],
    doc: "Interpolation object",
    ..TypeDef::BASE
};

static TEMPLATE_ITER: TypeDef = TypeDef {
    name: "TemplateIter",
    module: MODULE,
    body: Body::Words(Kind::Record, 4),
    methods: &[
        row!("__iter__", "(self, /)", |_, args| Ok(args.this()), "Implement iter(self)."),
        row!("__next__", "(self, /)", next, "Implement next(self)."),
    ],
    ..TypeDef::BASE
};

fn generic(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    super::type_::generic_alias(cx, args.get(0), args.get(1))
}

/// The classes, with what their tables cannot express.
fn class_of(cx: &mut Cx, def: &'static TypeDef) -> Completion<Obj> {
    cx.type_for(def)
}

/// An `Interpolation`; `conversion` is `None` or one of the strings `s`, `r`, `a`.
///
/// # Errors
/// `MemoryError`.
pub fn new_interpolation(
    cx: &mut Cx,
    value: Value,
    expression: Value,
    conversion: Value,
    spec: Value,
) -> Completion<Value> {
    let class = interpolation_class(cx)?;
    let o = cx.new_instance(class)?;
    o.init(field::VALUE, value);
    o.init(field::EXPRESSION, expression);
    o.init(field::CONVERSION, conversion);
    o.init(field::SPEC, spec);
    Ok(o.into())
}

fn interpolation_class(cx: &mut Cx) -> Completion<Obj> {
    let made = cx.world.made_type(&INTERPOLATION).is_some();
    let class = class_of(cx, &INTERPOLATION)?;
    if !made {
        let names = ["value", "expression", "conversion", "format_spec"];
        let mut texts = [Value::NONE; 4];
        for (v, name) in texts.iter_mut().zip(names) {
            *v = cx.intern(name)?;
        }
        let names = cx.new_tuple(&texts)?;
        let key = cx.name(N::match_args);
        crate::class::define(cx, class, key, names)?;
    }
    Ok(class)
}

/// A `Template` of a tuple of n+1 strings and a tuple of n interpolations.
///
/// # Errors
/// `MemoryError`.
pub fn new_template(cx: &mut Cx, strings: Value, interpolations: Value) -> Completion<Value> {
    let class = class_of(cx, &TEMPLATE)?;
    let o = cx.new_instance(class)?;
    o.init(STRINGS, strings);
    o.init(INTERPOLATIONS, interpolations);
    Ok(o.into())
}

fn items(o: Obj, slot: usize) -> &'static [Value] {
    o.raw(slot).obj().and_then(tuple_items).unwrap_or(&[])
}

fn template_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = interpolation_class(cx)?;
    let (mut strings, mut found) = (RootVec::new(), RootVec::new());
    let mut text: Option<Value> = None;
    for &v in args.rest(1) {
        if let Some(s) = string::exact(v) {
            text = Some(match text.and_then(string::exact) {
                Some(before) => str_ops::concat(cx, before, s)?,
                None => v,
            });
        } else if cx.class_of(v) == class {
            let before = match text.take() {
                Some(before) => before,
                None => cx.new_str("")?,
            };
            strings.push(cx, before)?;
            found.push(cx, v)?;
        } else {
            let name = cx.type_name(v);
            return raise!(
                cx,
                TypeError,
                "Template.__new__ *args need to be of type 'str' or 'Interpolation', got {name}"
            );
        }
    }
    let last = match text {
        Some(text) => text,
        None => cx.new_str("")?,
    };
    strings.push(cx, last)?;
    let (strings, found) = (cx.new_tuple(strings.as_slice())?, cx.new_tuple(found.as_slice())?);
    new_template(cx, strings, found)
}

fn interpolation_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (expression, conversion, spec) = (args.get(2), args.get(3), args.get(4));
    for (v, name) in [(expression, "expression"), (spec, "format_spec")] {
        if string::exact(v).is_none() {
            let got = cx.type_name(v);
            return raise!(
                cx,
                TypeError,
                "Interpolation() argument '{name}' must be str, not {got}"
            );
        }
    }
    if !conversion.is_none() && !matches!(string::text(conversion), Some("s" | "r" | "a")) {
        if string::exact(conversion).is_none() {
            let got = cx.type_name(conversion);
            return raise!(
                cx,
                TypeError,
                "Interpolation() argument 'conversion' must be str, not {got}"
            );
        }
        return raise!(
            cx,
            ValueError,
            "Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'"
        );
    }
    new_interpolation(cx, args.get(1), expression, conversion, spec)
}

fn add(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_of(cx, &TEMPLATE)?;
    let a = args.this_obj();
    let Some(b) = args.get(1).obj().filter(|o| o.class() == class) else {
        let name = cx.type_name(args.get(1));
        return raise!(
            cx,
            TypeError,
            "can only concatenate string.templatelib.Template (not \"{name}\") to string.templatelib.Template"
        );
    };
    let (left, right) = (items(a, STRINGS), items(b, STRINGS));
    let (Some((&last, head)), Some((&first, tail))) = (left.split_last(), right.split_first())
    else {
        return Ok(a.into());
    };
    let joined = match (string::exact(last), string::exact(first)) {
        (Some(x), Some(y)) => str_ops::concat(cx, x, y)?,
        _ => last,
    };
    let strings = cx.new_tuple(&[head, &[joined], tail].concat())?;
    let found = cx.new_tuple(&[items(a, INTERPOLATIONS), items(b, INTERPOLATIONS)].concat())?;
    new_template(cx, strings, found)
}

const POSITION: usize = 3;

fn iter(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_of(cx, &TEMPLATE_ITER)?;
    let o = cx.new_instance(class)?;
    o.init(2, args.this());
    o.init(POSITION, Value::small(0));
    Ok(o.into())
}

/// Strings at even positions (empty ones left out), interpolations at odd ones.
fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let it = args.this_obj();
    let Some(template) = cx.read(it, 2)?.obj() else { return Ok(Value::UNBOUND) };
    let mut i = cx.read(it, POSITION)?.as_small() as usize;
    loop {
        let slot = if i.is_multiple_of(2) { STRINGS } else { INTERPOLATIONS };
        let Some(&v) = items(template, slot).get(i / 2) else { return Ok(Value::UNBOUND) };
        i += 1;
        if slot == STRINGS && string::exact(v).is_some_and(Obj::is_empty) {
            continue;
        }
        cx.set(it, POSITION, Value::small(i as i64))?;
        return Ok(v);
    }
}

fn values(cx: &mut Cx, this: Value) -> Completion<Value> {
    let Some(o) = this.obj() else { return Ok(Value::NONE) };
    let all: Vec<Value> =
        items(o, INTERPOLATIONS).iter().filter_map(|i| Some(i.obj()?.raw(field::VALUE))).collect();
    cx.new_tuple(&all)
}

fn template_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (strings, found) = (repr_text(cx, o.raw(STRINGS))?, repr_text(cx, o.raw(INTERPOLATIONS))?);
    let text = format!("Template(strings={strings}, interpolations={found})");
    new_text(cx, text.as_bytes())
}

fn interpolation_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let mut parts = Vec::new();
    for slot in field::VALUE..usize::from(field::WORDS) {
        parts.push(repr_text(cx, o.raw(slot))?);
    }
    let text = format!("Interpolation({})", parts.join(", "));
    new_text(cx, text.as_bytes())
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let module = cx.world.import_module(cx, MODULE)?;
    let name = cx.intern("_template_unpickle")?;
    let f = protocol::get_attr(cx, module, name)?;
    let state = cx.new_tuple(&[o.raw(STRINGS), o.raw(INTERPOLATIONS)])?;
    cx.new_tuple(&[f, state])
}

fn interpolation_reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let all: Vec<Value> =
        (field::VALUE..usize::from(field::WORDS)).map(|slot| o.raw(slot)).collect();
    let state = cx.new_tuple(&all)?;
    cx.new_tuple(&[cx.class_of(args.this()).into(), state])
}
