//! Attributes: inline caches, methods, `super()`, special methods of `with`.
//!
//! A cache entry is valid while the object's meta word and the type epoch are those it was made for.

use taipan_objects::{
    class::{self, flag as class_flag},
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::Special,
    protocol, raise,
    shape::Place,
    types::{T, descr, dict, native_fn},
    value::Value,
};

use crate::{
    code::{Instr, operand},
    vm::{
        cache::Cache,
        call::{self, Site},
        exec::names,
        frame::Regs,
        function::{self, CELL_CONTENT},
        state::{vm, vm_ref},
    },
};

/// What a cache entry means (low byte of `Cache::what`; a word number above it).
#[expect(unreachable_pub, reason = "a table of constants")]
mod what {
    /// Attribute in a word of the object.
    pub const INLINE: u64 = 1;
    /// Attribute in an item of the overflow buffer.
    pub const OVERFLOW: u64 = 2;
    /// Method: the function in `value`, nothing of that name in the object.
    pub const METHOD: u64 = 3;
    /// Attribute of the class that binds to nothing.
    pub const CLASS_VALUE: u64 = 4;
    /// Store that adds the attribute in a word of the object.
    pub const ADD: u64 = 5;
    /// Property with a Python getter in `value`.
    pub const PROPERTY: u64 = 6;
    /// Slot of a member descriptor.
    pub const MEMBER: u64 = 7;
    /// Name of a module, or variable of a class: its cell in `value`.
    pub const CELL: u64 = 10;
    /// Nothing that a cache can say: objects of this meta word take the general way.
    pub const GENERAL: u64 = 9;
}

/// The attribute through the cache; `UNBOUND` sends the loop to [`load`].
#[inline(always)]
pub fn cached_get<const TX: bool>(cx: &mut Cx, v: Value, cache: &Cache) -> Value {
    let Some(o) = v.obj() else { return Value::UNBOUND };
    if o.meta() != cache.key {
        return Value::UNBOUND;
    }
    if cache.what & 0xFF == what::INLINE && cache.epoch == cx.world.type_epoch() {
        let word = (cache.what >> 8) as usize;
        // An abort shows as unbound; the slow path meets it again.
        return cx.read_in::<TX>(o, word).unwrap_or_default();
    }
    Value::UNBOUND
}

/// Stores through the cache; `false` sends the loop to [`store`].
#[inline(always)]
pub fn cached_set<const TX: bool>(cx: &mut Cx, v: Value, new: Value, cache: &Cache) -> bool {
    let Some(o) = v.obj() else { return false };
    if o.meta() != cache.key {
        return false;
    }
    let word = (cache.what >> 8) as usize;
    match cache.what & 0xFF {
        what::INLINE if cache.epoch == cx.world.type_epoch() => {
            if TX && (cx.claim_in::<TX>(o).is_err() || o.meta() != cache.key) {
                return false;
            }
            cx.write_in::<TX>(o, word, new);
            true
        }
        what::ADD if cache.epoch == cx.world.type_epoch() => {
            if TX && (cx.claim_in::<TX>(o).is_err() || o.meta() != cache.key) {
                return false;
            }
            cx.write_in::<TX>(o, word, new);
            cx.write_word_in::<TX>(o, o.word(0), cache.number);
            true
        }
        what::OVERFLOW if cache.epoch == cx.world.type_epoch() => {
            set_overflow(cx, o, word, new, cache.key)
        }
        _ => false,
    }
}

/// [`cached_set`] in a transaction. Not part of the loop, on whose stack frame the objects would stay for the collector to see.
#[inline(never)]
pub fn cached_set_logged(cx: &mut Cx, v: Value, new: Value, cache: &Cache) -> bool {
    cached_set::<true>(cx, v, new, cache)
}

/// Stores item `k` of the overflow buffer of an object whose meta word is `key`, if it still is.
#[inline(never)]
fn set_overflow(cx: &mut Cx, o: Obj, k: usize, new: Value, key: u64) -> bool {
    if cx.claim(o).is_err() || o.meta() != key {
        return false;
    }
    match o.shape().overflow().and_then(|w| o.raw(w).obj()) {
        Some(buf) if k < buf.len() => {
            cx.write_item(o, buf, k, new);
            true
        }
        _ => false,
    }
}

/// The function for a method call through the cache; `UNBOUND` sends the loop to [`load_method`].
#[inline(always)]
pub fn cached_method(cx: &mut Cx, v: Value, cache: &Cache) -> Value {
    let key = match v.obj() {
        Some(o) => o.meta(),
        None => return Value::UNBOUND,
    };
    if key == cache.key && cache.what == what::METHOD && cache.epoch == cx.world.type_epoch() {
        return cache.value;
    }
    Value::UNBOUND
}

/// `LoadAttr`, off the fast path.
#[inline(never)]
pub fn load(cx: &mut Cx, regs: Regs, i: &Instr, cache: &mut Cache) -> Completion<bool> {
    let v = regs.get(i.b);
    let name = regs.code().site_name(i.imm);
    if let Some(o) = v.obj() {
        if matches!(o.kind(), Kind::Type | Kind::Module) {
            let found = of_class_or_module(cx, o, name, cache)?;
            regs.set(i.a, found);
            return Ok(false);
        }
        look_up(cx, o, name, cache);
        if o.meta() == cache.key {
            if cache.what & 0xFF == what::PROPERTY {
                return call::invoke(cx, Site::above(regs, i.a), cache.value, v, &[], &[]);
            }
            let found = through(cx, o, cache)?;
            if found.is_bound() {
                regs.set(i.a, found);
                return Ok(false);
            }
        }
    }
    let found = protocol::get_attr(cx, v, name)?;
    regs.set(i.a, found);
    Ok(false)
}

/// An attribute of a class or module, which a cache finds by the object's own address.
#[inline(always)]
fn of_class_or_module(cx: &mut Cx, o: Obj, name: Value, cache: &mut Cache) -> Completion<Value> {
    if cache.key == o.to_word() && cache.epoch == cx.world.type_epoch() {
        if cache.what == what::CLASS_VALUE {
            return Ok(cache.value);
        }
        if let Some(cell) = cache.value.obj() {
            let v = cx.read(cell, CELL_CONTENT)?;
            if v.is_bound() {
                return Ok(v);
            }
        }
    }
    let found = protocol::get_attr(cx, o.into(), name)?;
    *cache = Cache::EMPTY;
    if o.kind() == Kind::Type {
        fill_class(cx, o, name, found, cache);
    } else {
        fill_module(cx, o, name, cache)?;
    }
    Ok(found)
}

fn fill_class(cx: &mut Cx, class: Obj, name: Value, found: Value, cache: &mut Cache) {
    let type_ = cx.class(T::type_);
    let plain = class.class() == type_ && cx.lookup(type_, name).is_unbound();
    let binds = match found.obj() {
        Some(f) => f.kind() != Kind::Function && !descr::binds_to_nothing(cx, f),
        None => false,
    };
    let stored = cx.lookup(class, name);
    let what = match stored.obj() {
        Some(variable) if variable.kind() == Kind::Cell => what::CELL,
        _ if !binds && stored == found => what::CLASS_VALUE,
        _ => return,
    };
    if plain {
        let (key, epoch) = (class.to_word(), cx.world.type_epoch());
        *cache = Cache { key, epoch, what, value: stored, ..Cache::EMPTY };
    }
}

fn fill_module(cx: &mut Cx, module: Obj, name: Value, cache: &mut Cache) -> Completion<()> {
    let class = module.class();
    if class != cx.class(T::module) || cx.lookup(class, name).is_bound() {
        return Ok(());
    }
    if let Some(d) = crate::vm::module::dict_of(cx, module)?
        && d.class() == cx.class(T::dict)
        && let Some(cell) = dict::namespace_cell(cx, d, name, false)?
    {
        names::note_cells(cx);
        let (key, epoch) = (module.to_word(), cx.world.type_epoch());
        *cache = Cache { key, epoch, what: what::CELL, value: cell.into(), ..Cache::EMPTY };
    }
    Ok(())
}

/// Makes the cache fit the object: with the entry that another site made, or a new one.
#[inline(always)]
fn look_up(cx: &mut Cx, o: Obj, name: Value, cache: &mut Cache) {
    let (meta, epoch) = (o.meta(), cx.world.type_epoch());
    if cache.key == meta && cache.epoch == epoch {
        return;
    }
    match vm_ref(cx).tables.shared(meta, name.bits(), epoch) {
        Some(entry) => *cache = *entry,
        None => {
            fill_get(cx, o.into(), name, cache);
            if cache.key == 0 {
                *cache = Cache { key: meta, epoch, what: what::GENERAL, ..Cache::EMPTY };
            }
            vm(cx).tables.share(cache.key, name.bits(), cache);
        }
    }
}

/// The attribute by an entry whose key fits; `UNBOUND` when only the general way can tell.
#[inline(always)]
fn through(cx: &mut Cx, o: Obj, cache: &Cache) -> Completion<Value> {
    let word = (cache.what >> 8) as usize;
    match cache.what & 0xFF {
        what::INLINE | what::MEMBER => cx.read(o, word),
        what::CLASS_VALUE => Ok(cache.value),
        what::METHOD => descr::bind(cx, cache.value, o.into(), o.class()),
        what::CELL => class::see(cx, cache.value),
        what::OVERFLOW => {
            let Some(overflow) = o.shape().overflow() else { return Ok(Value::UNBOUND) };
            cx.bracket(o, || {
                let buf = if o.meta() == cache.key { o.raw(overflow).obj() } else { None };
                buf.and_then(|b| b.item(word)).unwrap_or_default()
            })
        }
        _ => Ok(Value::UNBOUND),
    }
}

/// Makes a cache entry for reading `name`, if what it gives can be known from the object's shape.
fn fill_get(cx: &mut Cx, v: Value, name: Value, cache: &mut Cache) {
    *cache = Cache::EMPTY;
    let Some(o) = v.obj() else { return };
    let class = o.class();
    if !o.kind().has_orec()
        || o.kind() == Kind::Type
        || !class::has_flag(class, class_flag::PLAIN_GETATTR)
    {
        return;
    }
    let shape = o.shape();
    let epoch = cx.world.type_epoch();
    let on_class = cx.lookup(class, name);
    let entry =
        |what: u64, value: Value| Cache { key: o.meta(), epoch, what, value, ..Cache::EMPTY };
    if on_class.is_bound() && descr::is_data(cx, on_class) {
        *cache = match data_entry(cx, class, on_class) {
            Some((what, value)) => entry(what, value),
            None => return,
        };
        return;
    }
    if shape.is_dict_mode() {
        return;
    }
    match shape.find(name) {
        Some(Place::Inline(word)) => {
            *cache = entry(what::INLINE | (word as u64) << 8, Value::UNBOUND)
        }
        Some(Place::Overflow(k)) => {
            *cache = entry(what::OVERFLOW | (k as u64) << 8, Value::UNBOUND)
        }
        None => {
            if let Some(f) = on_class.obj() {
                let is_method =
                    f.kind() == Kind::Function || native_fn::is_method_descriptor(cx, f);
                if f.kind() == Kind::Cell {
                    *cache = entry(what::CELL, on_class);
                } else if is_method {
                    *cache = entry(what::METHOD, on_class);
                } else if descr::binds_to_nothing(cx, f) {
                    *cache = entry(what::CLASS_VALUE, on_class);
                }
            } else if on_class.is_bound() {
                *cache = entry(what::CLASS_VALUE, on_class);
            }
        }
    }
}

fn data_entry(cx: &mut Cx, owner: Obj, descriptor: Value) -> Option<(u64, Value)> {
    let d = descriptor.obj()?;
    // An AttributeError of the getter leads to `__getattr__`: not for a call that leaves this handler.
    if d.class() == cx.class(T::property) && class::special(owner, Special::GetAttr).is_unbound() {
        let getter = d.raw(descr::wrapped_slot::FUNC);
        let is_python = getter.obj().is_some_and(|f| f.kind() == Kind::Function);
        return is_python.then_some((what::PROPERTY, getter));
    }
    if d.class() == cx.class(T::member_descriptor) {
        let word = d.raw(descr::slot::DEF).small_int()?;
        return Some((what::MEMBER | (word as u64) << 8, Value::UNBOUND));
    }
    None
}

/// `StoreAttr`, off the fast path.
#[inline(never)]
pub fn store(cx: &mut Cx, regs: Regs, i: &Instr, cache: &mut Cache) -> Completion<bool> {
    let entered = store_and_fill(cx, regs, i, cache)?;
    if cache.key != 0 {
        let name = regs.code().site_name(i.imm);
        vm(cx).tables.share(cache.key, name.bits() | 1, cache);
    }
    Ok(entered)
}

fn store_and_fill(cx: &mut Cx, regs: Regs, i: &Instr, cache: &mut Cache) -> Completion<bool> {
    let (v, new) = (regs.get(i.a), regs.get(i.b));
    let name = regs.code().site_name(i.imm);
    let before = v.obj().map(|o| (o, o.meta(), o.shape()));
    if let Some((_, meta, _)) = before
        && let Some(entry) = vm_ref(cx).tables.shared(meta, name.bits() | 1, cx.world.type_epoch())
    {
        *cache = *entry;
        let stored = if cx.is_solo() {
            cached_set::<false>(cx, v, new, cache)
        } else {
            cached_set::<true>(cx, v, new, cache)
        };
        if stored {
            return Ok(false);
        }
    }
    *cache = Cache::EMPTY;
    let plain = match v.obj() {
        Some(o) => {
            let class = o.class();
            let setter = class::special(class, Special::SetAttr);
            setter == class::special(cx.class(T::object), Special::SetAttr)
        }
        None => false,
    };
    if plain && let Some((o, ..)) = before {
        let on_class = cx.lookup(o.class(), name);
        if let Some(d) = on_class.obj()
            && d.class() == cx.class(T::property)
            && let Some(setter) = d.raw(descr::wrapped_slot::SET).obj()
            && setter.kind() == Kind::Function
        {
            return call::invoke(cx, Site::discard(regs), setter.into(), v, &[new], &[]);
        }
    }
    protocol::set_attr(cx, v, name, new)?;
    if !plain {
        return Ok(false);
    }
    let Some((o, meta, shape)) = before else { return Ok(false) };
    if !o.kind().has_orec() || o.kind() == Kind::Type || shape.is_dict_mode() {
        return Ok(false);
    }
    let on_class = cx.lookup(o.class(), name);
    if on_class.is_bound() && descr::is_data(cx, on_class) {
        if let Some((w, _)) = data_entry(cx, o.class(), on_class)
            && w & 0xFF == what::MEMBER
        {
            *cache = Cache {
                key: meta,
                epoch: cx.world.type_epoch(),
                what: what::INLINE | (w & !0xFF),
                ..Cache::EMPTY
            };
        }
        return Ok(false);
    }
    let epoch = cx.world.type_epoch();
    match shape.find(name) {
        Some(Place::Inline(word)) => {
            *cache =
                Cache { key: meta, epoch, what: what::INLINE | (word as u64) << 8, ..Cache::EMPTY };
        }
        Some(Place::Overflow(k)) => {
            *cache =
                Cache { key: meta, epoch, what: what::OVERFLOW | (k as u64) << 8, ..Cache::EMPTY };
        }
        None => {
            let after = o.shape();
            if after.is_dict_mode() || meta >> 56 != 0 {
                return Ok(false);
            }
            if let Some(Place::Inline(word)) = after.find(name) {
                *cache = Cache {
                    key: meta,
                    epoch,
                    what: what::ADD | (word as u64) << 8,
                    number: o.meta(),
                    ..Cache::EMPTY
                };
            }
        }
    }
    Ok(false)
}

/// `DelAttr`.
pub fn delete(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    protocol::del_attr(cx, regs.get(i.a), regs.code().site_name(i.imm))
}

/// `LoadMethod`, off the fast path.
#[inline(never)]
pub fn load_method(cx: &mut Cx, regs: Regs, i: &Instr, cache: &mut Cache) -> Completion<bool> {
    let v = regs.get(i.b);
    let name = regs.code().site_name(i.imm);
    let class = cx.class_of(v);
    if let Some(o) = v.obj()
        && matches!(o.kind(), Kind::Type | Kind::Module)
    {
        let f = of_class_or_module(cx, o, name, cache)?;
        regs.set(i.a, f);
        regs.set(i.a + 4, Value::UNBOUND);
        return Ok(false);
    }
    let immediate = match v.obj() {
        Some(o) => !o.kind().has_orec(),
        None => true,
    };
    if immediate && class::has_flag(class, class_flag::PLAIN_GETATTR) {
        // Nothing of its own can hide the method.
        let f = cx.lookup(class, name);
        if let Some(g) = f.obj()
            && (g.kind() == Kind::Function || native_fn::is_method_descriptor(cx, g))
        {
            if let Some(o) = v.obj() {
                let epoch = cx.world.type_epoch();
                *cache =
                    Cache { key: o.meta(), epoch, what: what::METHOD, value: f, ..Cache::EMPTY };
            }
            regs.set(i.a, f);
            regs.set(i.a + 4, v);
            return Ok(false);
        }
    } else {
        if let Some(o) = v.obj() {
            look_up(cx, o, name, cache);
        }
        if cache.what == what::METHOD {
            regs.set(i.a, cache.value);
            regs.set(i.a + 4, v);
            return Ok(false);
        }
        if class::has_flag(class, class_flag::PLAIN_GETATTR)
            && v.obj().is_some_and(|o| o.kind() != Kind::Type)
            && let Some(f) = cx.lookup(class, name).obj()
            && (f.kind() == Kind::Function || native_fn::is_method_descriptor(cx, f))
            && protocol::attr::own_attribute(cx, v, name)?.is_unbound()
        {
            regs.set(i.a, f.into());
            regs.set(i.a + 4, v);
            return Ok(false);
        }
    }
    let f = protocol::get_attr(cx, v, name)?;
    regs.set(i.a, f);
    regs.set(i.a + 4, Value::UNBOUND);
    Ok(false)
}

/// `LoadSpecial`.
pub fn load_special(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let v = regs.get(i.c);
    let (s, other) = match operand::Special::from_imm(i.imm) {
        Some(operand::Special::Exit) => (Special::Exit, Special::AExit),
        Some(operand::Special::AEnter) => (Special::AEnter, Special::Enter),
        Some(operand::Special::AExit) => (Special::AExit, Special::Exit),
        _ => (Special::Enter, Special::AEnter),
    };
    let class = cx.class_of(v);
    let f = class::special(class, s);
    if f.is_unbound() {
        return no_protocol(cx, class, s, class::special(class, other).is_bound());
    }
    match f.obj() {
        Some(g) if g.kind() == Kind::Function || native_fn::is_method_descriptor(cx, g) => {
            regs.set(i.a, f);
            regs.set(i.b, v);
        }
        _ => {
            let bound = descr::bind(cx, f, v, class)?;
            regs.set(i.a, bound);
            regs.set(i.b, Value::UNBOUND);
        }
    }
    Ok(())
}

#[cold]
fn no_protocol(cx: &mut Cx, class: Obj, s: Special, has_other: bool) -> Completion<()> {
    let name = class::name(class);
    let asynchronous = matches!(s, Special::AEnter | Special::AExit);
    let kind = if asynchronous { "asynchronous context manager" } else { "context manager" };
    let missed = match s {
        Special::Exit => " (missed __exit__ method)",
        Special::AExit => " (missed __aexit__ method)",
        _ => "",
    };
    let hint = match (has_other, asynchronous) {
        (false, _) => "",
        (true, false) => {
            " but it supports the asynchronous context manager protocol. Did you mean to use 'async with'?"
        }
        (true, true) => {
            " but it supports the context manager protocol. Did you mean to use 'with'?"
        }
    };
    raise!(cx, TypeError, "'{name}' object does not support the {kind} protocol{missed}{hint}")
}

/// What `super(...).name` finds: the attribute, and whether it still has to be bound to the receiver.
fn super_lookup(
    cx: &mut Cx,
    regs: Regs,
    args: u8,
    name: Value,
) -> Completion<(Value, bool, Value)> {
    let [f, class, this] = [regs.get(args), regs.get(args + 1), regs.get(args + 2)];
    let is_super = f == Value::from(cx.class(T::super_));
    let start = class.obj().filter(|c| c.kind() == Kind::Type);
    if let (true, Some(start)) = (is_super, start) {
        let own_class = cx.class_of(this);
        let as_class =
            this.obj().filter(|o| o.kind() == Kind::Type && class::is_subclass(*o, start));
        let object_type =
            if class::is_subclass(own_class, start) { Some(own_class) } else { as_class };
        if let Some(object_type) = object_type
            && name != cx.name(taipan_objects::names::N::class)
        {
            let mro = class::mro(object_type);
            let at = mro.iter().position(|c| *c == Value::from(start)).map_or(0, |at| at + 1);
            let found = mro[at..].iter().filter_map(|c| class::own(c.obj()?, name).bound()).next();
            if let Some(found) = found {
                if let Some(g) = found.obj() {
                    let method =
                        g.kind() == Kind::Function || native_fn::is_method_descriptor(cx, g);
                    if method && as_class.is_none() {
                        return Ok((found, true, this));
                    }
                }
                let v = if as_class.is_some() {
                    descr::bind_to_class(cx, found, object_type)?
                } else {
                    descr::bind(cx, found, this, object_type)?
                };
                return Ok((v, false, this));
            }
        }
    }
    let proxy =
        if is_super { protocol::call(cx, f, &[class, this])? } else { protocol::call(cx, f, &[])? };
    let v = protocol::get_attr(cx, proxy, name)?;
    Ok((v, false, this))
}

/// `LoadSuperAttr`.
pub fn load_super(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let name = regs.code().site_name(i.imm);
    let (found, to_bind, this) = super_lookup(cx, regs, i.b, name)?;
    let v = if to_bind {
        let class = cx.class_of(this);
        descr::bind(cx, found, this, class)?
    } else {
        found
    };
    regs.set(i.a, v);
    Ok(())
}

/// `LoadSuperMethod`.
pub fn load_super_method(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let name = regs.code().site_name(i.imm);
    let (found, is_method, this) = super_lookup(cx, regs, i.b, name)?;
    regs.set(i.a, found);
    regs.set(i.a + 4, if is_method { this } else { Value::UNBOUND });
    Ok(())
}

/// The running function's `self`-like first argument, for `super()` without arguments called as a function.
pub fn first_argument(regs: Regs) -> Value {
    let v = regs.word(0);
    match v.obj() {
        Some(cell) if cell.kind() == Kind::Cell => cell.raw(function::CELL_CONTENT),
        _ => v,
    }
}
