//! Class objects: layout, attribute look-up along the MRO, cached special methods, construction.
//!
//! A class is never read through barriers: its slots change only while it is being made or while no other attempt is under
//! way (`type_::mutate`), and each change raises the type epoch, which empties every thread's caches. An attribute that a program
//! sets again and again is a variable, though: it lies in a cell ([`VARIABLE`]), which is read and written as any object.

use crate::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    name_map,
    names::{N, Special},
    shape::{Layout, Shape},
    types::{Body, T, TypeDef, dict::namespace},
    value::Value,
};

/// Slots of a class object.
pub mod slot {
    /// Overflow word, unused (a class's attributes are in `NAMES`).
    pub const UNUSED: usize = 2;
    /// `name_map` of the class's own attributes.
    pub const NAMES: usize = 3;
    /// Tuple: the method resolution order, the class first.
    pub const MRO: usize = 4;
    /// Tuple: the bases.
    pub const BASES: usize = 5;
    /// `__name__`.
    pub const NAME: usize = 6;
    /// `__qualname__`.
    pub const QUALNAME: usize = 7;
    /// Base whose layout is extended; unbound for `object`.
    pub const BASE: usize = 8;
    /// `flag` bits as a small int.
    pub const FLAGS: usize = 9;
    /// Foreign pointer to the root `Shape`.
    pub const SHAPE: usize = 10;
    /// Buffer of special methods by number.
    pub const SPECIALS: usize = 11;
    /// Buffer of subclasses, with gaps (foreign words: weak).
    pub const SUBCLASSES: usize = 12;
    /// What error texts call the class: with its module if it is a builtin one of another module than `builtins`.
    pub const FULL_NAME: usize = 13;
    /// Number of words.
    pub const WORDS: usize = 14;
}

/// Slots of the buffers that are written under the rules of this file only, which the heap relies on (`heap/tenure.rs`).
pub(crate) const TABLES: [usize; 2] = [slot::NAMES, slot::SPECIALS];

/// Bits of `slot::FLAGS`.
pub mod flag {
    /// Made by a class statement: attributes can be set.
    pub const HEAP: i64 = 1;
    /// May be derived from.
    pub const BASETYPE: i64 = 2;
    /// Instances hold an immutable builtin value at word [`super::PAYLOAD`].
    pub const PAYLOAD: i64 = 4;
    /// Has abstract methods.
    pub const ABSTRACT: i64 = 8;
    /// Instances match sequence patterns.
    pub const SEQUENCE: i64 = 16;
    /// Instances match mapping patterns.
    pub const MAPPING: i64 = 32;
    /// Instances have `__weakref__`.
    pub const WEAKREFS: i64 = 64;
    /// `__getattribute__` is `object`'s, so attribute look-up needs no call.
    pub const PLAIN_GETATTR: i64 = 128;
}

/// Word of the builtin value inside an instance of a subclass of an immutable builtin class (`class Name(str)`).
pub const PAYLOAD: usize = 3;

/// Layout of plain instances: word 2 is the overflow word, attributes follow.
pub const PLAIN: Layout = Layout { kind: Kind::Instance, overflow: 0, first: 3, inline: 0 };

/// Inline attributes given to instances of a class when nothing better is known.
pub const INLINE_DEFAULT: u16 = 4;

/// The root shape of `class`: that of its fresh instances.
#[inline(always)]
pub fn root_shape(class: Obj) -> &'static Shape {
    debug_assert!(class.kind() == Kind::Type);
    shape_from(class.raw(slot::SHAPE))
}

fn shape_from(v: Value) -> &'static Shape {
    crate::heap::shape_at(v.foreign_address())
}

/// The special method `s` of `class`, unbound; `UNBOUND` if it has none.
#[inline(always)]
pub fn special(class: Obj, s: Special) -> Value {
    match class.raw(slot::SPECIALS).obj() {
        Some(buf) => buf.item(s as usize).unwrap_or_default(),
        None => Value::UNBOUND,
    }
}

/// The classes of the MRO.
#[inline(always)]
pub fn mro(class: Obj) -> &'static [Value] {
    match class.raw(slot::MRO).obj() {
        Some(tuple) => tuple.items(),
        None => &[],
    }
}

/// Whether `class` is `base` or derives from it (no `__subclasscheck__`).
#[inline]
pub fn is_subclass(class: Obj, base: Obj) -> bool {
    class == base || mro(class).contains(&Value::from(base))
}

/// The flag bits.
#[inline(always)]
pub fn flags(class: Obj) -> i64 {
    class.raw(slot::FLAGS).as_small()
}

/// Whether `bit` is set.
#[inline(always)]
pub fn has_flag(class: Obj, bit: i64) -> bool {
    flags(class) & bit != 0
}

/// `__name__`.
pub fn name(class: Obj) -> &'static str {
    crate::types::str::text(class.raw(slot::NAME)).unwrap_or("?")
}

/// The name for error texts: `collections.deque`, but `Name` for classes made in Python.
pub fn full_name(class: Obj) -> &'static str {
    crate::types::str::text(class.raw(slot::FULL_NAME)).unwrap_or_else(|| name(class))
}

/// Slot of the value of a variable: a `Kind::Cell` object among a class's attributes. A cell that a program stores there is
/// wrapped in another one.
pub const VARIABLE: usize = namespace::CELL_VALUE;

/// The value that a class's attribute, as [`own`] and [`Cx::lookup`] give it, stands for, unbound.
///
/// # Errors
/// The attempt's abort.
#[inline]
pub fn see(cx: &mut Cx, attribute: Value) -> Completion<Value> {
    match namespace::as_cell(attribute) {
        Some(cell) => cx.read(cell, VARIABLE),
        None => Ok(attribute),
    }
}

/// What the class itself defines for `name`, perhaps a variable; `UNBOUND` if nothing.
pub fn own(class: Obj, name: Value) -> Value {
    match class.raw(slot::NAMES).obj() {
        Some(map) => name_map::get(map, name),
        None => Value::UNBOUND,
    }
}

/// First definition of `name` along the MRO, perhaps a variable.
pub fn lookup_uncached(class: Obj, name: Value) -> Value {
    mro(class).iter().filter_map(|c| own(c.obj()?, name).bound()).next().unwrap_or_default()
}

/// Everything needed to make a class object.
pub struct Spec<'a> {
    /// The metaclass.
    pub meta: Obj,
    /// `__name__`.
    pub name: Value,
    /// `__qualname__`.
    pub qualname: Value,
    /// Bases, in order.
    pub bases: &'a [Value],
    /// MRO without the class itself.
    pub mro_tail: &'a [Value],
    /// Base whose layout is extended.
    pub base: Option<Obj>,
    /// `flag` bits.
    pub flags: i64,
    /// Layout of instances.
    pub layout: Layout,
}

/// Makes a class object with no attributes of its own; add them with [`define`], then call [`finish`].
///
/// # Errors
/// `MemoryError`.
pub fn new_class(cx: &mut Cx, spec: &Spec<'_>) -> Completion<Obj> {
    let meta_shape = root_shape(spec.meta);
    let class = cx.alloc(meta_shape, meta_shape.words())?;
    class.init(slot::FLAGS, Value::small(spec.flags));
    class.init(slot::NAME, spec.name);
    class.init(slot::QUALNAME, spec.qualname);
    class.init(slot::BASE, spec.base.map_or(Value::UNBOUND, Value::from));
    let names = name_map::new(cx)?;
    class.init(slot::NAMES, names.into());
    let bases = cx.new_tuple(spec.bases)?;
    class.init(slot::BASES, bases);
    let mro: Vec<Value> =
        std::iter::once(class.into()).chain(spec.mro_tail.iter().copied()).collect();
    let mro = cx.new_tuple(&mro)?;
    class.init(slot::MRO, mro);
    let shape = Shape::root(class, spec.layout);
    class.init(slot::SHAPE, Value::foreign(std::ptr::from_ref(shape) as usize));
    let specials = cx.new_buf(Special::ALL.len())?;
    class.init(slot::SPECIALS, specials.into());
    Ok(class)
}

/// Gives the class the attribute `__dict__` of its instances, unless it has one of its own.
///
/// # Errors
/// `MemoryError`.
pub(crate) fn add_dict_attribute(cx: &mut Cx, class: Obj) -> Completion<()> {
    let name = cx.name(N::dict);
    if own(class, name).is_bound() {
        return Ok(());
    }
    let row = &crate::types::object::DICT_GETSET;
    let d = crate::types::descr::new_getset(cx, class, row, name)?;
    define(cx, class, name, d)
}

/// Gives the class the attribute `name` (interned). Only before others can see the class or with the world stopped.
///
/// # Errors
/// `MemoryError`.
pub fn define(cx: &mut Cx, class: Obj, name: Value, v: Value) -> Completion<()> {
    let v = namespace::stored(cx, v)?;
    enter(cx, class, name, v)
}

/// Makes the attribute `name` of the class a variable that holds `v`, under the rules of [`define`]; gives its cell.
///
/// # Errors
/// `MemoryError`.
pub fn define_variable(cx: &mut Cx, class: Obj, name: Value, v: Value) -> Completion<Obj> {
    let cell = namespace::new_cell(cx, v)?;
    enter(cx, class, name, cell.into())?;
    Ok(cell)
}

fn enter(cx: &mut Cx, class: Obj, name: Value, v: Value) -> Completion<()> {
    if let Some(map) = class.raw(slot::NAMES).obj() {
        cx.world.heap.note_change(map);
        let map = name_map::set(cx, map, name, v)?;
        class.init(slot::NAMES, map.into());
    }
    Ok(())
}

/// Words of a class object that change after it was made, apart from the lists of subclasses.
const CHANGING: [usize; 8] = [
    slot::NAMES,
    slot::MRO,
    slot::BASES,
    slot::NAME,
    slot::QUALNAME,
    slot::BASE,
    slot::FLAGS,
    slot::SPECIALS,
];

/// Puts the words of the class, and of what is below it, into the undo log before they are changed in place.
///
/// # Errors
/// `MemoryError`.
pub(crate) fn log_tree(cx: &mut Cx, class: Obj) -> Completion<()> {
    if !cx.is_born(class) && cx.note_changed(class) {
        cx.claim(class)?;
        for word in CHANGING {
            let mut v = class.raw(word);
            // What they point to changes in place, too: from now on a copy.
            if let Some(buf) = v.obj().filter(|o| o.kind() == Kind::Buf) {
                v = copy_of(cx, buf)?.into();
            }
            cx.write(class, word, v);
        }
    }
    for sub in subclasses(cx, class) {
        log_tree(cx, sub)?;
    }
    Ok(())
}

fn copy_of(cx: &mut Cx, buf: Obj) -> Completion<Obj> {
    let copy = cx.new_buf(buf.len())?;
    for i in 0..buf.len() {
        copy.init_item(i, buf.item(i).unwrap_or_default());
    }
    Ok(copy)
}

/// The undo log has restored these classes, which had these bases: puts the lists of subclasses right. World stopped.
pub(crate) fn restored(cx: &mut Cx, classes: &[Obj], bases: &[Value]) {
    for (i, (&class, &left)) in classes.iter().zip(bases).enumerate() {
        let now = class.raw(slot::BASES);
        if now == left || classes[..i].contains(&class) {
            continue;
        }
        let items = |bases: Value| bases.obj().map_or(&[][..], Obj::items).iter();
        for base in items(left).filter_map(|b| b.obj()) {
            remove_subclass(cx, base, class);
        }
        for base in items(now).filter_map(|b| b.obj()) {
            // Out of memory, a list of subclasses lacks one.
            let _ = add_subclass(cx, base, class);
        }
    }
}

/// Computes the cached special methods and enters the class with its bases.
///
/// # Errors
/// `MemoryError`.
pub fn finish(cx: &mut Cx, class: Obj) -> Completion<()> {
    refresh(cx, class);
    for base in class.raw(slot::BASES).obj().map_or(&[][..], Obj::items) {
        if let Some(base) = base.obj() {
            add_subclass(cx, base, class)?;
        }
    }
    Ok(())
}

/// Computes the cached special methods anew. World stopped, or class not yet visible.
pub fn refresh(cx: &Cx, class: Obj) {
    let Some(specials) = class.raw(slot::SPECIALS).obj() else { return };
    cx.world.heap.note_change(specials);
    for &s in Special::ALL {
        specials.init_item(s as usize, lookup_uncached(class, cx.special_name(s)));
    }
    let plain = special(class, Special::GetAttribute) == cx.world.object_getattribute();
    let bits = if plain {
        flags(class) | flag::PLAIN_GETATTR
    } else {
        flags(class) & !flag::PLAIN_GETATTR
    };
    class.init(slot::FLAGS, Value::small(bits));
}

/// As [`refresh`], for the class and all its subclasses, and only one special method.
pub fn refresh_tree(cx: &Cx, class: Obj) {
    refresh(cx, class);
    for sub in subclasses(cx, class) {
        refresh_tree(cx, sub);
    }
}

pub(crate) fn add_subclass(cx: &mut Cx, base: Obj, class: Obj) -> Completion<()> {
    // Guards the buffers of all classes: several threads may derive from one base at once.
    let lock = cx.world.subclass_lock();
    let _guard = lock.lock();
    let weak = Value::foreign(class.to_word() as usize);
    let old = base.raw(slot::SUBCLASSES).obj();
    if let Some(buf) = old
        && let Some(free) = (0..buf.len()).find(|&i| buf.item(i) == Some(Value::UNBOUND))
    {
        buf.init_item(free, weak);
        return Ok(());
    }
    let len = old.map_or(0, Obj::len);
    let grown = cx.new_buf((len * 2).max(4))?;
    for i in 0..len {
        grown.init_item(i, old.and_then(|b| b.item(i)).unwrap_or_default());
    }
    grown.init_item(len, weak);
    base.init(slot::SUBCLASSES, grown.into());
    Ok(())
}

/// Takes `class` off the list of the subclasses of `base`.
pub(crate) fn remove_subclass(cx: &Cx, base: Obj, class: Obj) {
    let lock = cx.world.subclass_lock();
    let _guard = lock.lock();
    let weak = Value::foreign(class.to_word() as usize);
    if let Some(buf) = base.raw(slot::SUBCLASSES).obj()
        && let Some(i) = (0..buf.len()).find(|&i| buf.item(i) == Some(weak))
    {
        buf.init_item(i, Value::UNBOUND);
    }
}

/// The live direct subclasses.
pub fn subclasses(cx: &Cx, class: Obj) -> Vec<Obj> {
    let lock = cx.world.subclass_lock();
    let _guard = lock.lock();
    let Some(buf) = class.raw(slot::SUBCLASSES).obj() else { return Vec::new() };
    let words = (0..buf.len()).filter_map(|i| buf.item(i)?.bound());
    words.filter_map(|w| Value::from_bits(w.foreign_address() as u64).obj()).collect()
}

/// Makes the class that `def` declares and enters it into the world's tables.
///
/// # Errors
/// `MemoryError`.
pub fn make_type(cx: &mut Cx, def: &'static TypeDef) -> Completion<Obj> {
    let base = cx.class(def.base);
    make_type_under(cx, def, base)
}

/// As [`make_type`], with a base that has no number of its own.
///
/// # Errors
/// `MemoryError`.
pub fn make_type_under(cx: &mut Cx, def: &'static TypeDef, base: Obj) -> Completion<Obj> {
    let class = make_bare_under(cx, def, base)?;
    fill(cx, class, def)?;
    finish(cx, class)?;
    Ok(cx.world.enter_type(def, class))
}

/// The class that `def` declares, without attributes.
///
/// # Errors
/// `MemoryError`.
pub(crate) fn make_bare(cx: &mut Cx, def: &'static TypeDef) -> Completion<Obj> {
    let base = cx.class(def.base);
    make_bare_under(cx, def, base)
}

fn make_bare_under(cx: &mut Cx, def: &'static TypeDef, base: Obj) -> Completion<Obj> {
    let base_layout = root_shape(base).layout();
    let layout = match def.body {
        Body::Inherit => base_layout,
        Body::Words(kind, words) => Layout { kind, overflow: 0, first: words, inline: 0 },
        Body::WithDict(kind, words) => {
            Layout { kind, overflow: words, first: words + 1, inline: 0 }
        }
    };
    let mut flags = if def.subclassable { flag::BASETYPE } else { 0 };
    flags |= def.flags | self::flags(base) & (flag::SEQUENCE | flag::MAPPING);
    let name = cx.intern(def.name)?;
    let meta = cx.class(T::type_);
    let spec = Spec {
        meta,
        name,
        qualname: name,
        bases: &[base.into()],
        mro_tail: mro(base),
        base: Some(base),
        flags,
        layout,
    };
    let class = new_class(cx, &spec)?;
    if def.module != "builtins" {
        let full = cx.intern(&format!("{}.{}", def.module, def.name))?;
        class.init(slot::FULL_NAME, full);
    }
    Ok(class)
}

/// Adds everything `def` declares to the class.
///
/// # Errors
/// `MemoryError`.
pub fn fill(cx: &mut Cx, class: Obj, def: &'static TypeDef) -> Completion<()> {
    class.init(slot::FLAGS, Value::small(flags(class) | def.flags));
    for row in def.methods.iter().chain(def.more_methods) {
        let name = cx.intern(row.name)?;
        let flavor = if row.name.starts_with("__") && Special::TEXTS.contains(&row.name) {
            T::wrapper_descriptor
        } else {
            T::method_descriptor
        };
        let f = cx.new_native_fn(flavor, row, class.into())?;
        define(cx, class, name, f)?;
    }
    for row in def.class_methods {
        let name = cx.intern(row.name)?;
        let f = cx.new_native_fn(T::classmethod_descriptor, row, class.into())?;
        define(cx, class, name, f)?;
    }
    for row in def.static_methods {
        let name = cx.intern(row.name)?;
        let f = cx.new_native_fn(T::builtin_function_or_method, row, class.into())?;
        let f =
            if row.name == "__new__" { f } else { crate::types::descr::new_staticmethod(cx, f)? };
        define(cx, class, name, f)?;
    }
    let computed = def.getset.iter().map(|row| (row, T::getset_descriptor));
    for (row, t) in computed.chain(def.members.iter().map(|row| (row, T::member_descriptor))) {
        let name = cx.intern(row.name)?;
        let d = crate::types::descr::new_computed(cx, t, class, row, name)?;
        define(cx, class, name, d)?;
    }
    if matches!(def.body, Body::WithDict(..)) {
        add_dict_attribute(cx, class)?;
    }
    if own(class, cx.special_name(Special::Eq)).is_bound()
        && own(class, cx.special_name(Special::Hash)).is_unbound()
    {
        define(cx, class, cx.special_name(Special::Hash), Value::NONE)?;
    }
    // Instances of some (functions) compute their own.
    if def.module != "builtins" && own(class, cx.name(N::module)).is_unbound() {
        let module = cx.intern(def.module)?;
        define(cx, class, cx.name(N::module), module)?;
    }
    if own(class, cx.name(N::doc)).is_bound() {
        // Instances compute their own.
        return Ok(());
    }
    let doc = if def.doc.is_empty() { Value::NONE } else { cx.new_str(def.doc)? };
    define(cx, class, cx.name(N::doc), doc)
}
