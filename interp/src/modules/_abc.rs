//! `_abc`: the engine of abstract base classes.
//!
//! Each abstract base class has an `_abc_data` object in its attribute `_abc_impl`: dicts with the registered classes, the
//! known subclasses and the known others, and the token under which the latter are valid. The token is one cell per world.
//!
//! Conflicts: a check whose answer is cached only reads; the first check of a class writes the cache of one base class.
//! `register` writes the token and thus conflicts with every check in flight.

use taipan_objects::{
    Body, Completion, Cx, Kind, NativeDef, Obj, Special, TypeDef, Value,
    class::{self, flag},
    native::Args,
    protocol, raise, rows,
    types::{dict, set, tuple},
};

use super::ModuleDef;

const REGISTRY: usize = 2;
const CACHE: usize = 3;
const NEGATIVE: usize = 4;
const NEGATIVE_TOKEN: usize = 5;
const CELL_VALUE: usize = 2;

static ABC_DATA: TypeDef = TypeDef {
    name: "_abc_data",
    module: "_abc",
    body: Body::Words(Kind::Record, 6),
    doc: "Internal state held by ABC machinery.",
    ..TypeDef::BASE
};

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_abc",
    doc: "Module contains faster C implementation of abc.ABCMeta",
    functions: FUNCTIONS,
    ..ModuleDef::BASE
};

const FUNCTIONS: &[NativeDef] = rows! {
    "get_cache_token" "()" |cx, _| { let c = token_cell(cx)?; cx.read(c, CELL_VALUE) },
        "Returns the current ABC cache token.\n\nThe token is an opaque object (supporting equality testing) identifying the\ncurrent version of the ABC cache for virtual subclasses. The token changes\nwith every call to register() on any ABC.";
    "_abc_init" "(self, /)" init, "Internal ABC helper for class set-up. Should be never used outside abc module.";
    "_abc_register" "(self, subclass, /)" register,
        "Internal ABC helper for subclasss registration. Should be never used outside abc module.";
    "_abc_instancecheck" "(self, instance, /)" instance_check,
        "Internal ABC helper for instance checks. Should be never used outside abc module.";
    "_abc_subclasscheck" "(self, subclass, /)" subclass_check,
        "Internal ABC helper for subclasss checks. Should be never used outside abc module.";
    "_get_dump" "(self, /)" get_dump, "Internal ABC helper for cache and registry debugging.";
    "_reset_registry" "(self, /)" reset_registry,
        "Internal ABC helper to reset registry of a given class.\n\nShould be only used by refleak.py";
    "_reset_caches" "(self, /)" reset_caches,
        "Internal ABC helper to reset both caches of a given class.\n\nShould be only used by refleak.py";
};

/// The cell with the token, an attribute of the class `_abc_data`.
fn token_cell(cx: &mut Cx) -> Completion<Obj> {
    let class = cx.type_for(&ABC_DATA)?;
    let name = cx.intern("_token")?;
    if let Some(cell) = class::own(class, name).obj() {
        return Ok(cell);
    }
    class::define_variable(cx, class, name, Value::small(0))
}

fn class_arg(cx: &mut Cx, v: Value) -> Completion<Obj> {
    match v.obj().filter(|o| o.kind() == Kind::Type) {
        Some(class) => Ok(class),
        None => raise!(cx, TypeError, "issubclass() arg 1 must be a class"),
    }
}

/// The `_abc_data` of an abstract base class.
fn data_of(cx: &mut Cx, v: Value) -> Completion<Obj> {
    let name = cx.intern("_abc_impl")?;
    let found = match v.obj().filter(|o| o.kind() == Kind::Type) {
        Some(class) => class::see(cx, class::own(class, name))?,
        None => Value::UNBOUND,
    };
    let data = cx.type_for(&ABC_DATA)?;
    match found.obj().filter(|o| o.class() == data) {
        Some(o) => Ok(o),
        None => raise!(cx, TypeError, "_abc_impl is set to a wrong type"),
    }
}

fn init(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let class = class_arg(cx, args.get(0))?;
    set_abstract_methods(cx, class)?;
    let data_class = cx.type_for(&ABC_DATA)?;
    let data = cx.new_instance(data_class)?;
    let cell = token_cell(cx)?;
    let token = cx.read(cell, CELL_VALUE)?;
    data.init(NEGATIVE_TOKEN, token);
    let name = cx.intern("_abc_impl")?;
    class::define(cx, class, name, data.into())?;
    set_pattern_flags(cx, class)?;
    Ok(Value::NONE)
}

/// `__abc_tpflags__` in a class body says what patterns its subclasses match.
fn set_pattern_flags(cx: &mut Cx, class: Obj) -> Completion<()> {
    let name = cx.intern("__abc_tpflags__")?;
    let Some(bits) = class::own(class, name).small_int() else { return Ok(()) };
    let mut flags = class::flags(class);
    if bits & 1 << 5 != 0 {
        flags |= flag::SEQUENCE;
    }
    if bits & 1 << 6 != 0 {
        flags |= flag::MAPPING;
    }
    class.init(class::slot::FLAGS, Value::small(flags));
    class::define(cx, class, name, Value::UNBOUND)
}

fn is_abstract(cx: &mut Cx, v: Value) -> Completion<bool> {
    let name = cx.name(taipan_objects::N::isabstractmethod);
    match protocol::get_attr_opt(cx, v, name)? {
        Some(mark) => protocol::truth(cx, mark),
        None => Ok(false),
    }
}

fn set_abstract_methods(cx: &mut Cx, class: Obj) -> Completion<()> {
    let names = set::new(cx)?;
    if let Some(map) = taipan_objects::types::class_names(class) {
        let entries: Vec<(Value, Value)> = taipan_objects::name_map::entries(map).collect();
        for (name, v) in entries {
            let v = class::see(cx, v)?;
            if is_abstract(cx, v)? {
                set::add(cx, names, name)?;
            }
        }
    }
    let key = cx.name(taipan_objects::N::abstractmethods);
    let bases = class.raw(class::slot::BASES);
    for &base in tuple::items_of(bases).unwrap_or(&[]) {
        let Some(inherited) = protocol::get_attr_opt(cx, base, key)? else { continue };
        protocol::for_each(cx, inherited, |cx, name| {
            let interned = taipan_objects::types::str::interned(cx, name)?;
            if let Some(v) = protocol::get_attr_opt(cx, class.into(), interned)?
                && is_abstract(cx, v)?
            {
                set::add(cx, names, name)?;
            }
            Ok(())
        })?;
    }
    let any = set::len(cx, names)? > 0;
    let frozen = set::freeze(cx, names)?;
    let bits = class::flags(class) & !flag::ABSTRACT | if any { flag::ABSTRACT } else { 0 };
    class.init(class::slot::FLAGS, Value::small(bits));
    class::define(cx, class, key, frozen.into())
}

/// Whether the dict in `slot` (if there is one) has the class.
fn has(cx: &mut Cx, data: Obj, slot: usize, class: Value) -> Completion<bool> {
    match cx.read(data, slot)?.obj() {
        Some(d) => dict::contains(cx, d, key_of(class)),
        None => Ok(false),
    }
}

/// Classes are entered by identity, whatever their metaclass says about `==`: by address.
fn key_of(class: Value) -> Value {
    Value::small((class.bits() >> 3) as i64)
}

fn enter(cx: &mut Cx, data: Obj, slot: usize, class: Value) -> Completion<()> {
    let d = match cx.read(data, slot)?.obj() {
        Some(d) => d,
        None => {
            let d = dict::new(cx)?;
            cx.set(data, slot, d.into())?;
            d
        }
    };
    dict::set_item(cx, d, key_of(class), class)
}

fn classes_in(cx: &mut Cx, data: Obj, slot: usize) -> Completion<protocol::RootVec> {
    match cx.read(data, slot)?.obj() {
        Some(d) => dict::values(cx, d),
        None => Ok(protocol::RootVec::new()),
    }
}

fn register(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (this, subclass) = (args.get(0), args.get(1));
    let Some(sub) = subclass.obj().filter(|o| o.kind() == Kind::Type) else {
        return raise!(cx, TypeError, "Can only register classes");
    };
    if protocol::is_subclass_of(cx, subclass, this)? {
        return Ok(subclass);
    }
    if protocol::is_subclass_of(cx, this, subclass)? {
        return raise!(cx, RuntimeError, "Refusing to create an inheritance cycle");
    }
    let data = data_of(cx, this)?;
    enter(cx, data, REGISTRY, subclass)?;
    let cell = token_cell(cx)?;
    let token = cx.read(cell, CELL_VALUE)?.as_small();
    cx.set(cell, CELL_VALUE, Value::small(token + 1))?;
    if let Some(class) = this.obj() {
        inherit_patterns(cx, sub, class::flags(class) & (flag::SEQUENCE | flag::MAPPING));
    }
    Ok(subclass)
}

fn inherit_patterns(cx: &Cx, class: Obj, bits: i64) {
    let now = class::flags(class);
    // Builtin classes know by themselves what they match: `str` is registered as a `Sequence`, too.
    if now & flag::HEAP == 0 {
        return;
    }
    if bits == 0 || now & bits == bits || now & (flag::SEQUENCE | flag::MAPPING) != 0 {
        return;
    }
    class.init(class::slot::FLAGS, Value::small(now | bits));
    for sub in class::subclasses(cx, class) {
        inherit_patterns(cx, sub, bits);
    }
}

fn known_not(cx: &mut Cx, data: Obj, subclass: Value) -> Completion<bool> {
    let cell = token_cell(cx)?;
    let token = cx.read(cell, CELL_VALUE)?;
    Ok(cx.read(data, NEGATIVE_TOKEN)? == token && has(cx, data, NEGATIVE, subclass)?)
}

fn instance_check(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (this, instance) = (args.get(0), args.get(1));
    let data = data_of(cx, this)?;
    let name = cx.name(taipan_objects::N::class);
    let subclass = protocol::get_attr(cx, instance, name)?;
    if has(cx, data, CACHE, subclass)? {
        return Ok(Value::TRUE);
    }
    let own = Value::from(cx.class_of(instance));
    if own == subclass && known_not(cx, data, subclass)? {
        return Ok(Value::FALSE);
    }
    let check = cx.special_name(Special::SubclassCheck);
    let result = protocol::call_method(cx, this, check, &[subclass])?;
    if own == subclass || protocol::truth(cx, result)? {
        return Ok(result);
    }
    protocol::call_method(cx, this, check, &[own])
}

fn subclass_check(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (this, subclass) = (args.get(0), args.get(1));
    class_arg(cx, subclass)?;
    let data = data_of(cx, this)?;
    if has(cx, data, CACHE, subclass)? {
        return Ok(Value::TRUE);
    }
    if known_not(cx, data, subclass)? {
        return Ok(Value::FALSE);
    }
    let verdict = decide(cx, this, data, subclass)?;
    if verdict {
        enter(cx, data, CACHE, subclass)?;
        return Ok(Value::TRUE);
    }
    let cell = token_cell(cx)?;
    let token = cx.read(cell, CELL_VALUE)?;
    if cx.read(data, NEGATIVE_TOKEN)? != token {
        cx.set(data, NEGATIVE, Value::UNBOUND)?;
        cx.set(data, NEGATIVE_TOKEN, token)?;
    }
    enter(cx, data, NEGATIVE, subclass)?;
    Ok(Value::FALSE)
}

fn decide(cx: &mut Cx, this: Value, data: Obj, subclass: Value) -> Completion<bool> {
    let hook = cx.name(taipan_objects::N::subclasshook);
    let ok = protocol::call_method(cx, this, hook, &[subclass])?;
    if ok.is_bool() {
        return Ok(ok == Value::TRUE);
    }
    if ok != Value::NOT_IMPLEMENTED {
        return raise!(
            cx,
            AssertionError,
            "__subclasshook__ must return either False, True, or NotImplemented"
        );
    }
    let sub = class_arg(cx, subclass)?;
    if class::mro(sub).contains(&this) {
        return Ok(true);
    }
    let registered = classes_in(cx, data, REGISTRY)?;
    for &class in registered.as_slice() {
        if protocol::is_subclass_of(cx, subclass, class)? {
            return Ok(true);
        }
    }
    let name = cx.intern("__subclasses__")?;
    let derived = protocol::call_method(cx, this, name, &[])?;
    let derived = protocol::collect(cx, derived)?;
    for &class in derived.as_slice() {
        if protocol::is_subclass_of(cx, subclass, class)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn get_dump(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = data_of(cx, args.get(0))?;
    let mut parts = protocol::RootVec::new();
    for slot in [REGISTRY, CACHE, NEGATIVE] {
        let classes = classes_in(cx, data, slot)?;
        let s = set::new(cx)?;
        for &class in classes.as_slice() {
            set::add(cx, s, class)?;
        }
        parts.push(cx, s.into())?;
    }
    let token = cx.read(data, NEGATIVE_TOKEN)?;
    parts.push(cx, token)?;
    cx.new_tuple(parts.as_slice())
}

fn reset_registry(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = data_of(cx, args.get(0))?;
    cx.set(data, REGISTRY, Value::UNBOUND)?;
    Ok(Value::NONE)
}

fn reset_caches(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let data = data_of(cx, args.get(0))?;
    cx.set(data, CACHE, Value::UNBOUND)?;
    cx.set(data, NEGATIVE, Value::UNBOUND)?;
    Ok(Value::NONE)
}
