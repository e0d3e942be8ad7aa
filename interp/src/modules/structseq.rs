//! Named tuples of the operating system modules (`time.struct_time`, `os.stat_result`): tuples with attributes, some of
//! which are hidden behind the visible items. Immutable.

use taipan_objects::{
    Args, Body, Completion, Cx, Effect, NativeDef, Obj, T, TypeDef, Value, class, name_map,
    protocol::{self, RootVec},
    raise,
    types::{descr, dict, list, str as string},
};

/// Declaration of a named tuple class.
#[derive(Debug)]
pub struct SeqDef {
    /// The class.
    pub class: TypeDef,
    /// All fields, visible ones first.
    pub fields: &'static [&'static str],
    /// Number of visible items.
    pub n_visible: usize,
}

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: "" }
    };
}

impl SeqDef {
    /// A declaration.
    pub const fn new(
        module: &'static str,
        name: &'static str,
        fields: &'static [&'static str],
        n_visible: usize,
    ) -> Self {
        let class = TypeDef {
            name,
            module,
            base: T::tuple,
            body: Body::Inherit,
            static_methods: &[row!("__new__", "(type, sequence, dict=None)", construct)],
            methods: &[
                row!("__repr__", "(self, /)", repr),
                row!("__reduce__", "(self, /)", reduce),
                row!("__replace__", "(self, /, **changes)", replace),
            ],
            ..TypeDef::BASE
        };
        Self { class, fields, n_visible }
    }

    /// The class object.
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn class(&'static self, cx: &mut Cx) -> Completion<Obj> {
        let class = cx.type_for(&self.class)?;
        let key = cx.intern("n_fields")?;
        if class::own(class, key).is_bound() {
            return Ok(class);
        }
        for (i, field) in self.fields.iter().enumerate() {
            let name = cx.intern(field)?;
            let member = descr::new_member(cx, class, 2 + i, name)?;
            class::define(cx, class, name, member)?;
        }
        let mut names = RootVec::new();
        for field in &self.fields[..self.n_visible] {
            let name = cx.intern(field)?;
            names.push(cx, name)?;
        }
        let match_args = cx.new_tuple(names.as_slice())?;
        let constants = [
            ("n_sequence_fields", Value::small(self.n_visible as i64)),
            ("n_unnamed_fields", Value::small(0)),
            ("__match_args__", match_args),
            ("n_fields", Value::small(self.fields.len() as i64)),
        ];
        for (name, v) in constants {
            let name = cx.intern(name)?;
            class::define(cx, class, name, v)?;
        }
        Ok(class)
    }

    /// An instance; `values` has one value per field (fewer: the rest is `None`).
    ///
    /// # Errors
    /// `MemoryError`.
    pub fn make(&'static self, cx: &mut Cx, values: &[Value]) -> Completion<Value> {
        let class = self.class(cx)?;
        build(cx, class, values, self.fields.len(), self.n_visible)
    }
}

fn build(
    cx: &mut Cx,
    class: Obj,
    values: &[Value],
    n_fields: usize,
    n_visible: usize,
) -> Completion<Value> {
    let o = cx.alloc_sized(class::root_shape(class).meta(), n_fields, 2)?;
    o.init(1, Value::from_bits(n_visible as u64));
    for i in 0..n_fields {
        o.init(2 + i, values.get(i).copied().unwrap_or(Value::NONE));
    }
    Ok(o.into())
}

fn number(cx: &mut Cx, class: Obj, name: &str) -> Completion<usize> {
    let name = cx.intern(name)?;
    Ok(cx.lookup(class, name).small_int().unwrap_or(0) as usize)
}

fn construct(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(class) = args.get(0).obj() else { return raise!(cx, TypeError, "not a class") };
    let (n_fields, n_visible) =
        (number(cx, class, "n_fields")?, number(cx, class, "n_sequence_fields")?);
    let mut values: RootVec = protocol::collect(cx, args.get(1))?;
    let name = class::full_name(class);
    let hidden = match args.not_none(2) {
        Some(v) if !cx.is_a(v, T::dict) => {
            let text = format!("{name}() takes a dict as second arg, if any");
            return raise!(cx, TypeError, "{text}");
        }
        v => v.and_then(Value::obj),
    };
    if values.len() < n_visible || values.len() > n_fields {
        let got = values.len();
        let (bound, n) = match n_visible == n_fields {
            true => ("a", n_visible),
            false if got < n_visible => ("an at least", n_visible),
            false => ("an at most", n_fields),
        };
        return raise!(cx, TypeError, "{name}() takes {bound} {n}-sequence ({got}-sequence given)");
    }
    if let Some(hidden) = hidden {
        let all = fields(cx, class, n_fields)?;
        let mut used = 0;
        for &field in &all[values.len()..] {
            let v = dict::get_item_name(cx, hidden, field)?;
            used += usize::from(v.is_bound());
            values.push(cx, v.bound().unwrap_or(Value::NONE))?;
        }
        if used < dict::len(cx, hidden)? {
            return raise!(cx, TypeError, "{name}() got duplicate or unexpected field name(s)");
        }
    }
    build(cx, class, values.as_slice(), n_fields, n_visible)
}

/// The names of all fields, in order.
fn fields(cx: &mut Cx, class: Obj, n_fields: usize) -> Completion<Vec<Value>> {
    let mut names = vec![Value::NONE; n_fields];
    for base in class::mro(class).iter().filter_map(|c| c.obj()) {
        let Some(map) = base.raw(class::slot::NAMES).obj() else { continue };
        for (name, v) in name_map::entries(map) {
            let word = v
                .obj()
                .filter(|d| d.class() == cx.class(T::member_descriptor))
                .and_then(|d| d.raw(descr::slot::DEF).small_int());
            let place = word.and_then(|w| names.get_mut((w as usize).wrapping_sub(2)));
            if let Some(place) = place {
                *place = name;
            }
        }
    }
    Ok(names)
}

/// `copy.replace(tuple, field=value)`.
fn replace(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let (n_fields, n_visible) =
        (number(cx, o.class(), "n_fields")?, number(cx, o.class(), "n_sequence_fields")?);
    let mut values: Vec<Value> = (0..n_fields).map(|i| o.raw(2 + i)).collect();
    let names = fields(cx, o.class(), n_fields)?;
    let Some(changes) = args.get(1).obj() else { return Ok(args.this()) };
    let mut unknown = RootVec::new();
    for pair in dict::items(cx, changes)?.as_slice().chunks_exact(2) {
        let name = string::interned(cx, pair[0])?;
        match names.iter().position(|&n| n == name) {
            Some(i) => values[i] = pair[1],
            None => unknown.push(cx, name)?,
        }
    }
    if !unknown.is_empty() {
        let unknown: Value = list::from_vec(cx, unknown)?.into();
        let shown = protocol::convert::repr_text(cx, unknown)?;
        return raise!(cx, TypeError, "Got unexpected field name(s): {shown}");
    }
    build(cx, o.class(), &values, n_fields, n_visible)
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let module = taipan_objects::types::type_::qualified_name(cx, o.class())?;
    let key = cx.intern("__match_args__")?;
    let names = cx.lookup(o.class(), key).obj().map_or(&[][..], Obj::items);
    let mut parts = Vec::new();
    for (name, &v) in names.iter().zip(o.items()) {
        let text = protocol::convert::repr_text(cx, v)?;
        parts.push(format!("{}={text}", string::text(*name).unwrap_or("?")));
    }
    cx.new_str(&format!("{module}({})", parts.join(", ")))
}

fn reduce(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let n_fields = number(cx, o.class(), "n_fields")?;
    let all: Vec<Value> = (0..n_fields).map(|i| o.raw(2 + i)).collect();
    let all = cx.new_tuple(&all)?;
    let all = cx.new_tuple(&[all])?;
    cx.new_tuple(&[o.class().into(), all])
}
