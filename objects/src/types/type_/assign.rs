//! `object.__class__ = C`: which classes an object may be given, and how.

use super::change::alone;
use crate::{
    class::{self, flag},
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    name_map, protocol, raise,
    types::{T, descr},
    value::Value,
};

/// The slots of instances, by word: two classes with the same ones keep the same things in the same places.
fn members(cx: &Cx, class: Obj) -> Vec<(i64, Value)> {
    let classes = class::mro(class).iter().filter_map(|c| c.obj());
    let maps = classes
        .filter(|c| class::has_flag(*c, flag::HEAP))
        .filter_map(|c| c.raw(class::slot::NAMES).obj());
    let word = |v: Value| {
        let d = v.obj().filter(|d| d.class() == cx.class(T::member_descriptor))?;
        d.raw(descr::slot::DEF).small_int()
    };
    let mut all: Vec<_> = maps
        .flat_map(name_map::entries)
        .filter_map(|(name, v)| word(v).map(|word| (word, name)))
        .collect();
    all.sort_by_key(|(word, _)| *word);
    all
}

/// `v.__class__ = new`.
///
/// # Errors
/// `TypeError` when the layouts differ.
pub(crate) fn set_class(cx: &mut Cx, v: Value, new: Obj) -> Completion<()> {
    let old = cx.class_of(v);
    let (from, to) = (class::root_shape(old).layout(), class::root_shape(new).layout());
    let modules = from.kind == Kind::Module && to.kind == Kind::Module;
    let heap_types = class::has_flag(old, flag::HEAP) && class::has_flag(new, flag::HEAP);
    let Some(o) = v.obj().filter(|_| modules || heap_types) else {
        return raise!(
            cx,
            TypeError,
            "__class__ assignment only supported for mutable types or ModuleType subclasses"
        );
    };
    let compatible = from.kind == to.kind && from.overflow == to.overflow && from.first == to.first;
    if !compatible || members(cx, old) != members(cx, new) {
        let (a, b) = (class::name(new), class::name(old));
        return raise!(
            cx,
            TypeError,
            "__class__ assignment: '{a}' object layout differs from '{b}'"
        );
    }
    let root = class::root_shape(new);
    let change = |cx: &mut Cx| {
        cx.claim(o)?;
        if from.overflow != 0 {
            protocol::attr::materialize_dict(cx, o)?;
        }
        let shape = if from.overflow != 0 { root.dict_mode() } else { root };
        cx.write_word(o, o.word(0), shape.meta());
        Ok(())
    };
    // The class of an object is read without a barrier.
    if cx.is_born(o) { change(cx) } else { alone(cx, change) }
}
