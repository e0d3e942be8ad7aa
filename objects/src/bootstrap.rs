//! Making a world's first objects, in the one order in which it can be done.
//!
//! The class of classes is an instance of itself, names are strings and need `str`: so the first six classes exist as bare
//! cells with a shape before anything else; then names, then their attributes, then everything else.

use crate::{
    class::{self, PLAIN, flag, slot},
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj, meta_of},
    name_map,
    names::{N, Special},
    shape::{Layout, Shape},
    types::{
        BUILTIN_TYPES, Body, T, TypeDef, exception, object,
        type_::{self, getset},
    },
    value::Value,
};

const FIRST: [(T, &str, Kind, usize); 6] = [
    (T::object, "object", Kind::Instance, 3),
    (T::type_, "type", Kind::Type, slot::WORDS),
    (T::str, "str", Kind::Str, 4),
    (T::tuple, "tuple", Kind::Tuple, 2),
    (T::buf, "buffer of values", Kind::Buf, 2),
    (T::raw, "buffer of bytes", Kind::Raw, 2),
];

/// Fills the world of `cx` with the builtin classes, names and singletons.
///
/// # Errors
/// `MemoryError` (as an escape without exception when not even that exists yet).
pub(crate) fn run(cx: &mut Cx) -> Completion<()> {
    first_classes(cx)?;
    names(cx)?;
    complete_first(cx)?;
    // Bare first: filling any class makes natives and descriptors, whose classes must exist.
    for def in BUILTIN_TYPES {
        if def.id.is_none_or(|t| !cx.world.has_class(t)) {
            let class = class::make_bare(cx, def)?;
            cx.world.enter_type(def, class);
            cx.world.pin(class.into());
        }
    }
    for def in BUILTIN_TYPES {
        if let Some(t) = def.id {
            let class = cx.class(t);
            cx.world.enter_type(def, class);
            class::fill(cx, class, def)?;
            class::finish(cx, class)?;
        }
    }
    for (t, _, kind, _) in FIRST {
        if matches!(kind, Kind::Instance | Kind::Type) {
            let (methods, statics, classes, getset) = match t {
                T::object => {
                    (object::METHODS, object::STATIC_METHODS, object::CLASS_METHODS, object::GETSET)
                }
                _ => (type_::METHODS, type_::STATIC_METHODS, type_::CLASS_METHODS, getset::GETSET),
            };
            let def: &'static TypeDef = Box::leak(Box::new(TypeDef {
                methods,
                static_methods: statics,
                class_methods: classes,
                getset,
                subclassable: true,
                ..TypeDef::BASE
            }));
            let class = cx.class(t);
            class::fill(cx, class, def)?;
        }
    }
    let f = class::own(cx.class(T::object), cx.special_name(Special::GetAttribute));
    cx.world.set_object_getattribute(f);
    exceptions(cx)?;
    refresh_all(cx);
    crate::types::codec::init(cx)?;
    let memory_error = cx.class(T::MemoryError);
    let e = cx.new_exception(memory_error, &[])?;
    cx.world.set_memory_error(e);
    cx.world.pin(e.into());
    Ok(())
}

fn first_classes(cx: &mut Cx) -> Completion<()> {
    for (t, _, kind, words) in FIRST {
        let Ok(class) = cx.local.alloc(1, slot::WORDS) else {
            return Err(crate::exc::Escape::ABORT);
        };
        let layout = match kind {
            Kind::Instance => PLAIN,
            _ => Layout { kind, overflow: 0, first: words as u16, inline: 0 },
        };
        let shape = Shape::root(class, layout);
        class.init(slot::SHAPE, Value::foreign(std::ptr::from_ref(shape) as usize));
        cx.world.set_class(t, class);
    }
    let meta = class_meta(cx);
    for (t, ..) in FIRST {
        cx.class(t).word(0).store(meta, std::sync::atomic::Ordering::Relaxed);
    }
    let shape_of = |cx: &Cx, t: T| class::root_shape(cx.class(t));
    cx.world.set_buffer_shapes(shape_of(cx, T::buf), shape_of(cx, T::raw));
    // The empty tuple is a tuple like any other, but there is only one.
    let tuple_meta = class::root_shape(cx.class(T::tuple)).meta();
    let empty = cx.alloc_sized(tuple_meta, 0, 2)?;
    cx.world.set_empty_tuple(empty.into());
    cx.world.pin(empty.into());
    Ok(())
}

fn class_meta(cx: &Cx) -> u64 {
    let address = cx.class(T::type_).raw(slot::SHAPE).foreign_address();
    meta_of(crate::heap::shape_at(address), Kind::Type)
}

fn names(cx: &mut Cx) -> Completion<()> {
    for (i, text) in N::TEXTS.iter().enumerate() {
        let v = cx.intern(text)?;
        cx.world.set_name(i, v);
    }
    for (i, text) in Special::TEXTS.iter().enumerate() {
        let v = cx.intern(text)?;
        cx.world.set_special_name(i, v);
    }
    Ok(())
}

fn complete_first(cx: &mut Cx) -> Completion<()> {
    let object = cx.class(T::object);
    for (t, name, ..) in FIRST {
        let class = cx.class(t);
        let name = cx.intern(name)?;
        class.init(slot::NAME, name);
        class.init(slot::QUALNAME, name);
        class.init(slot::FLAGS, Value::small(flag::BASETYPE));
        let names = name_map::new(cx)?;
        class.init(slot::NAMES, names.into());
        let is_object = class == object;
        let bases =
            if is_object { cx.world.empty_tuple() } else { cx.new_tuple(&[object.into()])? };
        class.init(slot::BASES, bases);
        let mro = if is_object { vec![class.into()] } else { vec![class.into(), object.into()] };
        let mro = cx.new_tuple(&mro)?;
        class.init(slot::MRO, mro);
        if !is_object {
            class.init(slot::BASE, object.into());
        }
        let specials = cx.new_buf(Special::ALL.len())?;
        class.init(slot::SPECIALS, specials.into());
        cx.world.pin(class.into());
    }
    Ok(())
}

fn exceptions(cx: &mut Cx) -> Completion<()> {
    let base = class::make_type(cx, &exception::BASE_EXCEPTION)?;
    cx.world.pin(base.into());
    for &(t, name, base) in exception::HIERARCHY {
        let def: &'static TypeDef = Box::leak(Box::new(exception::def_of(t, name, base)));
        debug_assert!(def.body == Body::Inherit);
        let class = class::make_type(cx, def)?;
        cx.world.pin(class.into());
        for field in exception::FIELDS.iter().filter(|f| f.class == t) {
            let name = cx.intern(field.name)?;
            let member = crate::types::descr::new_member(cx, class, field.word, name)?;
            class::define(cx, class, name, member)?;
        }
    }
    exception_group(cx)
}

/// `ExceptionGroup` is the one builtin class with two bases.
fn exception_group(cx: &mut Cx) -> Completion<()> {
    let def: &'static TypeDef = Box::leak(Box::new(exception::def_of(
        T::ExceptionGroup,
        "ExceptionGroup",
        T::BaseExceptionGroup,
    )));
    let class = class::make_type(cx, def)?;
    cx.world.pin(class.into());
    let bases = [cx.class(T::BaseExceptionGroup).into(), cx.class(T::Exception).into()];
    let rest = [cx.class(T::BaseException).into(), cx.class(T::object).into()];
    let mro: Vec<Value> = std::iter::once(class.into()).chain(bases).chain(rest).collect();
    let (bases, mro) = (cx.new_tuple(&bases)?, cx.new_tuple(&mro)?);
    class.init(slot::BASES, bases);
    class.init(slot::MRO, mro);
    let exception = cx.class(T::Exception);
    class::add_subclass(cx, exception, class)
}

/// Special methods of all classes, now that `object` has its methods: bases before derived classes.
fn refresh_all(cx: &mut Cx) {
    let made: Vec<Obj> = cx.world.made_types.lock().iter().map(|(_, c)| *c).collect();
    for (t, ..) in FIRST {
        class::refresh(cx, cx.class(t));
    }
    for class in made {
        class::refresh(cx, class);
    }
    cx.world.bump_type_epoch();
}
