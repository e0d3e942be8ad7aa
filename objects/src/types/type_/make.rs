//! Making a class, as `type(name, bases, dict)` and class statements do: metaclass, layout, namespace, then the hooks
//! `__set_name__` and `__init_subclass__`.

use super::{
    class_arg,
    layout::{Plan, plan_layout, slot_list},
};
use crate::{
    class::{self, flag},
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    name_map,
    names::{N, Special},
    native::Args,
    protocol, raise,
    types::{T, descr, dict, mappingproxy, mro, str as string},
    value::Value,
};

/// `type(x)` or `type(name, bases, dict, **kwargs)`.
pub(super) fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let meta = class_arg(cx, args.get(0))?;
    let given = args.rest(1);
    if given.len() == 1 && meta == cx.class(T::type_) {
        return Ok(cx.class_of(given[0]).into());
    }
    let &[name, bases, names] = given else {
        return raise!(
            cx,
            TypeError,
            "type.__new__() takes exactly 3 arguments ({} given)",
            given.len()
        );
    };
    if string::exact(name).is_none() {
        let got = cx.type_name(name);
        return raise!(cx, TypeError, "type.__new__() argument 1 must be str, not {got}");
    }
    let Some(bases) = bases.obj().filter(|b| b.kind() == Kind::Tuple) else {
        let got = cx.type_name(bases);
        return raise!(cx, TypeError, "type.__new__() argument 2 must be tuple, not {got}");
    };
    let Some(names) = names.obj().filter(|d| d.kind() == Kind::Dict) else {
        let got = cx.type_name(names);
        return raise!(cx, TypeError, "type.__new__() argument 3 must be dict, not {got}");
    };
    if string::wtf8(name).is_some_and(|text| text.as_bytes().contains(&0)) {
        return raise!(cx, ValueError, "type name must not contain null characters");
    }
    let winner = winner(cx, meta, bases.items())?;
    if winner != meta {
        // A base's metaclass may have a `__new__` of its own.
        let theirs = class::special(winner, Special::New);
        if theirs != class::special(cx.class(T::type_), Special::New) {
            let f = descr::bind_to_class(cx, theirs, winner)?;
            let all = [winner.into(), name, bases.into(), names.into()];
            return protocol::call::call_star(cx, f, &all, args.get(2));
        }
    }
    make(cx, winner, name, bases.items(), names, args.get(2))
}

/// Makes a class as a class statement does.
///
/// # Errors
/// `TypeError` for impossible bases, and whatever `__set_name__` and `__init_subclass__` raise.
pub fn make(
    cx: &mut Cx,
    meta: Obj,
    name: Value,
    bases: &[Value],
    names: Obj,
    kwargs: Value,
) -> Completion<Value> {
    let meta = winner(cx, meta, bases)?;
    let mut base_classes = Vec::with_capacity(bases.len().max(1));
    for &b in bases {
        match b.obj().filter(|o| o.kind() == Kind::Type) {
            Some(class) => base_classes.push(class),
            None => return raise!(cx, TypeError, "bases must be types"),
        }
    }
    if base_classes.is_empty() {
        base_classes.push(cx.class(T::object));
    }
    let base = mro::best_base(cx, &base_classes)?;
    let tail = mro::linearize(cx, &base_classes)?;
    let slots_name = cx.name(N::slots);
    let slots = dict::get_item_name(cx, names, slots_name)?;
    let slot_names = if slots.is_bound() { Some(slot_list(cx, slots)?) } else { None };
    let plan = plan_layout(cx, base, &base_classes, slot_names.as_deref(), names)?;
    let bases: Vec<Value> = base_classes.iter().map(|&b| b.into()).collect();
    let exact_name = string::interned(cx, name)?;
    let spec = class::Spec {
        meta,
        name: exact_name,
        qualname: exact_name,
        bases: &bases,
        mro_tail: &tail,
        base: Some(base),
        flags: plan.flags,
        layout: plan.layout,
    };
    let class = class::new_class(cx, &spec)?;
    fill(cx, class, names)?;
    add_members(cx, class, &plan)?;
    apply_custom_mro(cx, class, meta)?;
    class::finish(cx, class)?;
    set_names(cx, class)?;
    call_init_subclass(cx, class, kwargs)?;
    Ok(class.into())
}

/// `metaclass.mro()` overridden in Python decides the order.
fn apply_custom_mro(cx: &mut Cx, class: Obj, meta: Obj) -> Completion<()> {
    let name = cx.name(N::mro_plain);
    let custom = cx.lookup(meta, name);
    if custom.is_unbound() || custom == class::own(cx.class(T::type_), name) {
        return Ok(());
    }
    let order = protocol::call::call_unbound(cx, custom, class.into(), &[], &[])?;
    let order = protocol::call(cx, cx.class(T::tuple).into(), &[order])?;
    class.init(class::slot::MRO, order);
    Ok(())
}

/// The most derived metaclass among `meta` and those of the bases.
fn winner(cx: &mut Cx, meta: Obj, bases: &[Value]) -> Completion<Obj> {
    let mut winner = meta;
    for &b in bases {
        let m = cx.class_of(b);
        if class::is_subclass(winner, m) {
            continue;
        }
        if class::is_subclass(m, winner) {
            winner = m;
            continue;
        }
        return raise!(
            cx,
            TypeError,
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases"
        );
    }
    Ok(winner)
}

fn fill(cx: &mut Cx, class: Obj, names: Obj) -> Completion<()> {
    let items = dict::items(cx, names)?;
    let classcell = cx.name(N::classcell);
    let qualname = cx.name(N::qualname);
    for pair in items.as_slice().chunks_exact(2) {
        let (key, mut v) = (pair[0], pair[1]);
        if string::exact(key).is_none() {
            // Only reachable through type(); class bodies have string keys.
            let got = cx.type_name(key);
            return raise!(cx, TypeError, "class attribute names must be str, not {got}");
        }
        let key = string::interned(cx, key)?;
        if string::text(key) == Some("__classdictcell__") {
            // What annotation scopes look into is the class from here on, not what the body has left.
            let shown = mappingproxy::of_class(cx, class)?;
            fill_cell(cx, v, shown, "__classdictcell__ must be a nonlocal cell")?;
            continue;
        }
        if is_layout_descriptor(cx, key, v) {
            continue;
        }
        if key == classcell {
            fill_cell(cx, v, class.into(), "type.__new__ requires a cell __classcell__")?;
            continue;
        }
        if key == qualname {
            if string::exact(v).is_none() {
                let got = cx.type_name(v);
                return raise!(cx, TypeError, "type __qualname__ must be a str, not {got}");
            }
            class.init(class::slot::QUALNAME, v);
            continue;
        }
        v = implicit_wrapper(cx, key, v)?;
        class::define(cx, class, key, v)?;
    }
    let doc = cx.name(N::doc);
    if class::own(class, doc).is_unbound() {
        class::define(cx, class, doc, Value::NONE)?;
    }
    // Made by `type()`, a class belongs to the module that called it.
    let module = cx.name(N::module);
    if class::own(class, module).is_unbound()
        && let Some(name) = (cx.world.current_module())(cx)?.bound()
    {
        class::define(cx, class, module, name)?;
    }
    let (eq, hash) = (cx.special_name(Special::Eq), cx.special_name(Special::Hash));
    if class::own(class, eq).is_bound() && class::own(class, hash).is_unbound() {
        class::define(cx, class, hash, Value::NONE)?;
    }
    Ok(())
}

/// Whether this is another class's `__dict__` or `__weakref__`, copied along with its namespace: the new class gets its
/// own if its instances have any.
fn is_layout_descriptor(cx: &Cx, key: Value, v: Value) -> bool {
    if key != cx.name(N::dict) && key != cx.name(N::weakref) {
        return false;
    }
    v.obj().filter(|o| o.class() == cx.class(T::getset_descriptor)).is_some_and(|o| {
        let owner = o.raw(descr::slot::OWNER).obj();
        o.raw(descr::slot::NAME) == key && owner.is_some_and(|c| class::has_flag(c, flag::HEAP))
    })
}

/// `__new__` becomes a static method, `__init_subclass__` and `__class_getitem__` class methods.
fn implicit_wrapper(cx: &mut Cx, key: Value, v: Value) -> Completion<Value> {
    if v.obj().is_none_or(|f| f.kind() != Kind::Function) {
        return Ok(v);
    }
    if key == cx.special_name(Special::New) {
        return descr::new_staticmethod(cx, v);
    }
    if key == cx.name(N::init_subclass) || key == cx.name(N::class_getitem) {
        return protocol::call(cx, cx.class(T::classmethod).into(), &[v]);
    }
    Ok(v)
}

/// Fills a cell that the class body has left in its namespace; `must` says what is wrong with anything else.
fn fill_cell(cx: &mut Cx, cell: Value, v: Value, must: &str) -> Completion<()> {
    match cell.obj().filter(|c| c.kind() == Kind::Cell) {
        Some(cell) => cx.set(cell, 2, v),
        None => {
            let got = cx.type_name(cell);
            raise!(cx, TypeError, "{must}, not {got}")
        }
    }
}

fn add_members(cx: &mut Cx, class: Obj, plan: &Plan) -> Completion<()> {
    for (i, &name) in plan.members.iter().enumerate() {
        let name = mangle(cx, class, name)?;
        let member = descr::new_member(cx, class, plan.first_member as usize + i, name)?;
        class::define(cx, class, name, member)?;
    }
    if plan.adds_dict {
        class::add_dict_attribute(cx, class)?;
    }
    let weakref = cx.name(N::weakref);
    // Not through the cache, which would keep that there is none.
    if class::has_flag(class, flag::WEAKREFS) && class::lookup_uncached(class, weakref).is_unbound()
    {
        let d = descr::new_getset(cx, class, &crate::gc::WEAKREF_GETSET, weakref)?;
        class::define(cx, class, weakref, d)?;
    }
    Ok(())
}

/// Private names in `__slots__` are mangled like those in the class body.
fn mangle(cx: &mut Cx, class: Obj, name: Value) -> Completion<Value> {
    let text = string::text(name).unwrap_or("");
    let owner = class::name(class).trim_start_matches('_');
    if text.starts_with("__") && !text.ends_with("__") && !owner.is_empty() {
        return cx.intern(&format!("_{owner}{text}"));
    }
    Ok(name)
}

fn set_names(cx: &mut Cx, class: Obj) -> Completion<()> {
    let Some(map) = class.raw(class::slot::NAMES).obj() else { return Ok(()) };
    let entries: Vec<(Value, Value)> = name_map::entries(map).collect();
    for (name, v) in entries {
        if protocol::find_special(cx, v, Special::SetName).is_none() {
            continue;
        }
        if let Err(escape) = protocol::call_special(cx, v, Special::SetName, &[class.into(), name])
        {
            if let Some(e) = escape.exception() {
                let (kind, attribute, owner) =
                    (cx.type_name(v), string::text(name).unwrap_or("?"), class::name(class));
                let note = cx.new_str(&format!(
                    "Error calling __set_name__ on '{kind}' instance '{attribute}' in '{owner}'"
                ))?;
                let add_note = cx.intern("add_note")?;
                protocol::call_method(cx, e.into(), add_note, &[note])?;
            }
            return Err(escape);
        }
    }
    Ok(())
}

fn call_init_subclass(cx: &mut Cx, class: Obj, kwargs: Value) -> Completion<()> {
    let name = cx.name(N::init_subclass);
    let found =
        class::mro(class)[1..].iter().filter_map(|c| class::own(c.obj()?, name).bound()).next();
    let Some(f) = found else { return Ok(()) };
    let bound = descr::bind_to_class(cx, f, class)?;
    protocol::call::call_star(cx, bound, &[], kwargs)?;
    Ok(())
}
