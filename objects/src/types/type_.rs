//! `type`: making classes, attributes of classes, calling classes.

use crate::{
    class::{self, flag},
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    name_map,
    names::{N, Special},
    native::{Args, Effect, NativeDef},
    protocol, raise,
    shape::Layout,
    types::{T, construct, descr, dict, mro, str as string},
    value::Value,
};

pub(super) fn class_arg(cx: &mut Cx, v: Value) -> Completion<Obj> {
    match v.obj().filter(|o| o.kind() == Kind::Type) {
        Some(class) => Ok(class),
        None => {
            let name = cx.type_name(v);
            raise!(cx, TypeError, "expected a type object, got '{name}'")
        }
    }
}

/// `type.__getattribute__` without `__getattr__`.
///
/// # Errors
/// Whatever descriptors raise.
pub fn get(cx: &mut Cx, class: Obj, meta: Obj, name: Value) -> Completion<Option<Value>> {
    let on_meta = cx.lookup(meta, name);
    if on_meta.is_bound() && descr::precedes(cx, on_meta) {
        return descr::bind(cx, on_meta, class.into(), meta).map(Some);
    }
    let own = cx.lookup(class, name);
    if own.is_bound() {
        return descr::bind_to_class(cx, own, class).map(Some);
    }
    if on_meta.is_bound() {
        return descr::bind(cx, on_meta, class.into(), meta).map(Some);
    }
    Ok(None)
}

fn getattribute(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_arg(cx, args.this())?;
    let name = string::interned(cx, args.get(1))?;
    match get(cx, class, class.class(), name)? {
        Some(v) => Ok(v),
        None => Err(protocol::attr::missing(cx, args.this(), name)),
    }
}

fn setattr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_arg(cx, args.this())?;
    let name = string::interned(cx, args.get(1))?;
    set_attribute(cx, class, name, args.get(2))?;
    Ok(Value::NONE)
}

fn delattr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_arg(cx, args.this())?;
    let name = string::interned(cx, args.get(1))?;
    set_attribute(cx, class, name, Value::UNBOUND)?;
    Ok(Value::NONE)
}

/// Sets (or deletes, with `UNBOUND`) an attribute of a class.
///
/// # Errors
/// `TypeError` for immutable classes, `AttributeError` when deleting what is not there.
pub fn set_attribute(cx: &mut Cx, class: Obj, name: Value, v: Value) -> Completion<()> {
    let on_meta = cx.lookup(class.class(), name);
    if on_meta.is_bound() && descr::set(cx, on_meta, class.into(), v)? {
        return Ok(());
    }
    let text = string::text(name).unwrap_or("?");
    if !class::has_flag(class, flag::HEAP) {
        let owner = class::name(class);
        return raise!(cx, TypeError, "cannot set '{text}' attribute of immutable type '{owner}'");
    }
    if v.is_unbound() && class::own(class, name).is_unbound() {
        return Err(protocol::attr::missing(cx, class.into(), name));
    }
    if v.is_bound() && !text.starts_with("__") && descr::is_plain(cx, v) {
        let old = class::own(class, name);
        if let Some(variable) = dict::namespace::as_cell(old) {
            return cx.set(variable, class::VARIABLE, v);
        }
        if old.is_bound() && descr::is_plain(cx, old) {
            // Set a second time: not what makes the class what it is, but a variable.
            return mutate(cx, class, |cx| class::define_variable(cx, class, name, v).map(drop));
        }
    }
    mutate(cx, class, |cx| {
        class::define(cx, class, name, v)?;
        if text.starts_with("__") {
            class::refresh_tree(cx, class);
        }
        Ok(())
    })
}

/// Changes a class, or what is below it.
///
/// # Errors
/// The attempt's abort, and whatever `change` returns.
pub fn mutate(
    cx: &mut Cx,
    class: Obj,
    change: impl FnOnce(&mut Cx) -> Completion<()>,
) -> Completion<()> {
    alone(cx, |cx| {
        if cx.has_marks() {
            class::log_tree(cx, class)?;
        }
        let result = change(cx);
        cx.world.bump_type_epoch();
        result
    })
}

/// Changes what is read without a barrier: irrevocable first, then with every other attempt ended, and none begins before
/// the running one has: whoever has read the old state has committed before, whoever reads the new one begins after.
pub(super) fn alone(cx: &mut Cx, change: impl FnOnce(&mut Cx) -> Completion<()>) -> Completion<()> {
    if cx.is_solo() {
        return change(cx);
    }
    let upcalls = cx.world.upcalls();
    // Inside a mark the change is logged.
    let enter = if cx.has_marks() { upcalls.take_token } else { upcalls.irrevocable };
    enter(cx)?;
    let result = crate::gc::alone(cx, change);
    // The others wait.
    (cx.hurry)(cx);
    result
}

/// `module.qualname` of a class as `repr` shows it (`builtins.` left out).
///
/// # Errors
/// Whatever reading `__module__` raises.
pub fn qualified_name(cx: &mut Cx, class: Obj) -> Completion<String> {
    let name = cx.name(N::module);
    let module = cx.lookup(class, name);
    let qualname =
        string::wtf8(class.raw(class::slot::QUALNAME)).map(|t| t.to_string()).unwrap_or_default();
    match string::text(module) {
        None if !class::has_flag(class, flag::HEAP) => Ok(class::full_name(class).to_owned()),
        Some("builtins") | None => Ok(qualname),
        Some(module) => Ok(format!("{module}.{qualname}")),
    }
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_arg(cx, args.this())?;
    let name = qualified_name(cx, class)?;
    cx.new_str(&format!("<class '{name}'>"))
}

/// `type(x)` or `type(name, bases, dict, **kwargs)`.
fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
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

struct Plan {
    layout: Layout,
    flags: i64,
    members: Vec<Value>,
    first_member: u16,
    adds_dict: bool,
}

fn slot_list(cx: &mut Cx, slots: Value) -> Completion<Vec<Value>> {
    if string::exact(slots).is_some() {
        return Ok(vec![string::interned(cx, slots)?]);
    }
    let mut names = Vec::new();
    protocol::for_each(cx, slots, |cx, v| {
        if string::exact(v).is_none() {
            let got = cx.type_name(v);
            return raise!(cx, TypeError, "__slots__ items must be strings, not '{got}'");
        }
        names.push(string::interned(cx, v)?);
        Ok(())
    })?;
    Ok(names)
}

const IMMUTABLE_BASES: [T; 7] =
    [T::str, T::int, T::float, T::complex, T::bytes, T::tuple, T::frozenset];

fn plan_layout(
    cx: &mut Cx,
    base: Obj,
    bases: &[Obj],
    slots: Option<&[Value]>,
    names: Obj,
) -> Completion<Plan> {
    let mut layout = class::root_shape(base).layout();
    let inherited = flag::PAYLOAD | flag::WEAKREFS;
    let collection = flag::SEQUENCE | flag::MAPPING;
    let mut flags = flag::HEAP | flag::BASETYPE;
    for b in bases {
        flags |= class::flags(*b) & inherited;
        if flags & collection == 0 {
            // What patterns take it for: not both, the first base decides.
            flags |= class::flags(*b) & collection;
        }
    }
    if IMMUTABLE_BASES.iter().any(|&t| base == cx.class(t)) {
        layout = Layout {
            kind: Kind::Instance,
            overflow: 0,
            first: class::PAYLOAD as u16 + 1,
            inline: 0,
        };
        flags |= flag::PAYLOAD;
    }
    let mut members = Vec::new();
    // Instances of these have no fixed size in CPython, which leaves no room behind them.
    let var_sized = [T::int, T::bytes, T::tuple, T::type_]
        .iter()
        .any(|&t| class::is_subclass(base, cx.class(t)));
    let base_has_dict = class::root_shape(base).layout().overflow != 0;
    let mut wants_dict =
        slots.is_none() || bases.iter().any(|b| class::root_shape(*b).overflow().is_some());
    let all = slots.unwrap_or(&[]);
    let is_again = |at: usize, name: Value| all[..at].contains(&name);
    for (at, &name) in all.iter().enumerate() {
        match string::text(name) {
            Some(_) if var_sized => {
                let name = class::full_name(base);
                return raise!(
                    cx,
                    TypeError,
                    "nonempty __slots__ not supported for subtype of '{name}'"
                );
            }
            Some("__dict__") if base_has_dict || is_again(at, name) => {
                return raise!(cx, TypeError, "__dict__ slot disallowed: we already got one");
            }
            Some("__dict__") => wants_dict = true,
            Some("__weakref__") if class::has_flag(base, flag::WEAKREFS) || is_again(at, name) => {
                return raise!(cx, TypeError, "__weakref__ slot disallowed: we already got one");
            }
            Some("__weakref__") => flags |= flag::WEAKREFS,
            Some(text) => {
                check_slot(cx, names, name, text)?;
                members.push(name);
            }
            None => return raise!(cx, TypeError, "__slots__ must be identifiers"),
        }
    }
    // Classes with the same slots have the same layout.
    members.sort_by_key(|&name| string::text(name));
    if slots.is_none() && !var_sized {
        flags |= flag::WEAKREFS;
    }
    let had_dict = layout.overflow != 0;
    // Members go behind the words of the base, its overflow word included.
    let first_member = layout.first;
    layout.first += members.len() as u16;
    let mut adds_dict = false;
    if wants_dict && !had_dict && layout.kind != Kind::Type {
        adds_dict = true;
        if layout.kind == Kind::Instance {
            layout.overflow = 2;
        } else {
            layout.overflow = layout.first;
            layout.first += 1;
        }
    }
    if layout.overflow != 0 {
        layout.inline = inline_attributes(cx, names, layout.inline)?;
    }
    Ok(Plan { layout, flags, members, first_member, adds_dict })
}

/// Most inline attributes.
const INLINE_MAX: usize = 32;

/// Inline room: that of the base and what the class's methods assign to `self` besides (`__static_attributes__`).
fn inline_attributes(cx: &mut Cx, names: Obj, inherited: u16) -> Completion<u16> {
    let key = cx.name(N::static_attributes);
    let attributes = dict::get_item_name(cx, names, key)?;
    let own = attributes.obj().filter(|t| t.kind() == Kind::Tuple).map_or(0, Obj::len);
    Ok(match inherited as usize + own {
        0 => class::INLINE_DEFAULT,
        n => n.min(INLINE_MAX.max(inherited as usize)) as u16,
    })
}

fn check_slot(cx: &mut Cx, names: Obj, name: Value, text: &str) -> Completion<()> {
    let mut chars = text.chars();
    let identifier = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_');
    if !identifier {
        return raise!(cx, TypeError, "__slots__ must be identifiers");
    }
    if dict::get_item_name(cx, names, name)?.is_bound() {
        return raise!(cx, ValueError, "'{text}' in __slots__ conflicts with class variable");
    }
    Ok(())
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
            // For the class body's annotation scopes alone.
            continue;
        }
        if is_layout_descriptor(cx, key, v) {
            continue;
        }
        if key == classcell {
            set_class_cell(cx, v, class)?;
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

fn set_class_cell(cx: &mut Cx, cell: Value, class: Obj) -> Completion<()> {
    match cell.obj().filter(|c| c.kind() == Kind::Cell) {
        Some(cell) => cx.set(cell, 2, class.into()),
        None => {
            let got = cx.type_name(cell);
            raise!(cx, TypeError, "type.__new__ requires a cell __classcell__, not {got}")
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

/// Calling a class: `__new__`, then `__init__` if an instance came out.
fn call(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_arg(cx, args.this())?;
    instantiate(cx, class, args.rest(1), args.get(2))
}

/// Whether calling the class means `type.__call__`.
#[inline]
pub fn has_plain_call(cx: &Cx, class: Obj) -> bool {
    let (meta, type_) = (class.class(), cx.class(T::type_));
    meta == type_ || class::special(meta, Special::Call) == class::special(type_, Special::Call)
}

/// `class(*args, **kwargs)` by `type.__call__`'s rules.
///
/// # Errors
/// Whatever `__new__` and `__init__` raise.
pub fn instantiate(cx: &mut Cx, class: Obj, args: &[Value], kwargs: Value) -> Completion<Value> {
    let Some(d) = kwargs.obj() else { return call_class(cx, class, args, &[]) };
    let (mut all, mut names) = (smallvec::SmallVec::from_slice(args), Values::new());
    for pair in dict::items(cx, d)?.as_slice().chunks_exact(2) {
        names.push(string::interned(cx, pair[0])?);
        all.push(pair[1]);
    }
    let all: Values = all;
    call_class(cx, class, &all, &names)
}

type Values = smallvec::SmallVec<[Value; 8]>;

/// As [`instantiate`], with one trailing value per name in `kwnames`.
///
/// # Errors
/// Whatever `__new__` and `__init__` raise.
pub fn call_class(cx: &mut Cx, class: Obj, args: &[Value], kwnames: &[Value]) -> Completion<Value> {
    if class == cx.class(T::type_) && args.len() == 1 && kwnames.is_empty() {
        return Ok(cx.class_of(args[0]).into());
    }
    if class == cx.class(T::type_) && args.len() - kwnames.len() != 3 {
        return raise!(cx, TypeError, "type() takes 1 or 3 arguments");
    }
    if kwnames.is_empty() && !class::has_flag(class, class::flag::HEAP) {
        let made = construct::builtin(cx, class, args)?;
        if made.is_bound() {
            return Ok(made);
        }
    }
    let new = class::special(class, Special::New);
    if new.is_unbound() {
        let name = class::name(class);
        return raise!(cx, TypeError, "cannot create '{name}' instances");
    }
    let new = descr::bind_to_class(cx, new, class)?;
    let mut all = Values::with_capacity(args.len() + 1);
    all.push(class.into());
    all.extend_from_slice(args);
    let made = protocol::call::call_kw(cx, new, &all, kwnames)?;
    if !class::is_subclass(cx.class_of(made), class) {
        return Ok(made);
    }
    let init = class::special(cx.class_of(made), Special::Init);
    if init.is_bound() && init != class::special(cx.class(T::object), Special::Init) {
        let result = protocol::call::call_unbound(cx, init, made, args, kwnames)?;
        if !result.is_none() {
            let name = cx.type_name(result);
            return raise!(cx, TypeError, "__init__() should return None, not '{name}'");
        }
    }
    Ok(made)
}

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let n = args.rest(1).len();
    if n != 1 && n != 3 {
        return raise!(cx, TypeError, "type.__init__() takes 1 or 3 arguments");
    }
    Ok(Value::NONE)
}

fn prepare(cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    Ok(dict::new(cx)?.into())
}

fn mro_method(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_arg(cx, args.this())?;
    let bases: Vec<Obj> = class
        .raw(class::slot::BASES)
        .obj()
        .map_or(&[][..], Obj::items)
        .iter()
        .filter_map(|b| b.obj())
        .collect();
    let mut order = vec![Value::from(class)];
    order.extend(mro::linearize(cx, &bases)?);
    let tuple = cx.new_tuple(&order)?;
    protocol::call(cx, cx.class(T::list).into(), &[tuple])
}

fn subclasses(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_arg(cx, args.this())?;
    let all: Vec<Value> = class::subclasses(cx, class).into_iter().map(Value::from).collect();
    let tuple = cx.new_tuple(&all)?;
    protocol::call(cx, cx.class(T::list).into(), &[tuple])
}

fn instance_check(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(protocol::class_check::default_instance_check(cx, args.get(1), args.this())?.into())
}

fn subclass_check(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    Ok(protocol::class_check::default_subclass_check(cx, args.get(1), args.this())?.into())
}

/// Adds the names of all attributes of `class` and its bases as keys of `names`.
///
/// # Errors
/// The attempt's abort.
pub fn merge_names(cx: &mut Cx, names: Obj, class: Obj) -> Completion<()> {
    for c in class::mro(class) {
        let Some(map) = c.obj().and_then(|c| c.raw(class::slot::NAMES).obj()) else { continue };
        let keys: Vec<Value> = name_map::entries(map).map(|(name, _)| name).collect();
        for key in keys {
            dict::set_item(cx, names, key, Value::NONE)?;
        }
    }
    Ok(())
}

fn dir(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_arg(cx, args.this())?;
    let names = dict::new(cx)?;
    merge_names(cx, names, class)?;
    protocol::call(cx, cx.class(T::list).into(), &[names.into()])
}

/// `type[X]`, `list[int]`: a `types.GenericAlias`.
///
/// # Errors
/// Whatever making it raises.
pub fn generic_alias(cx: &mut Cx, origin: Value, item: Value) -> Completion<Value> {
    super::generic_alias::new(cx, origin, item)
}

macro_rules! row {
    ($name:literal, $sig:literal, $run:expr, $doc:literal) => {
        NativeDef { name: $name, sig: $sig, effect: Effect::Transactional, run: $run, doc: $doc }
    };
}

pub(crate) const STATIC_METHODS: &[NativeDef] =
    &[row!("__new__", "(type, /, *args, **kwargs)", new, "Create and return a new object.")];

pub(crate) const CLASS_METHODS: &[NativeDef] = &[row!(
    "__prepare__",
    "(type, /, *args, **kwargs)",
    prepare,
    "Create the namespace for the class statement"
)];

pub(crate) const METHODS: &[NativeDef] = &[
    row!("__init__", "(self, /, *args, **kwargs)", init, "Initialize self."),
    row!("__call__", "(self, /, *args, **kwargs)", call, "Call self as a function."),
    row!("__repr__", "(self, /)", repr, "Return repr(self)."),
    row!("__getattribute__", "(self, name, /)", getattribute, "Return getattr(self, name)."),
    row!("__setattr__", "(self, name, value, /)", setattr, "Implement setattr(self, name, value)."),
    row!("__delattr__", "(self, name, /)", delattr, "Implement delattr(self, name)."),
    row!(
        "__instancecheck__",
        "(self, instance, /)",
        instance_check,
        "Check if an object is an instance."
    ),
    row!(
        "__subclasscheck__",
        "(self, subclass, /)",
        subclass_check,
        "Check if a class is a subclass."
    ),
    row!("__subclasses__", "(self, /)", subclasses, "Return a list of immediate subclasses."),
    row!("__dir__", "(self, /)", dir, "Specialized __dir__ implementation for types."),
    row!("__or__", "(self, value, /)", super::union::or_method, "Return self|value."),
    row!("__ror__", "(self, value, /)", super::union::ror_method, "Return value|self."),
    row!("mro", "(self, /)", mro_method, "Return a type's method resolution order."),
];
