//! Assignment to `__bases__`: the class and everything below it gets new method resolution orders, all or nothing.

use crate::{
    class::{self, flag},
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    protocol::RootVec,
    raise,
    types::{
        mro,
        type_::{class_arg, mutate},
    },
    value::Value,
};

/// `class.__bases__ = v`.
pub(super) fn set(cx: &mut Cx, this: Value, v: Value) -> Completion<()> {
    let class = class_arg(cx, this)?;
    let name = class::name(class);
    if !class::has_flag(class, flag::HEAP) {
        return raise!(
            cx,
            TypeError,
            "cannot set '__bases__' attribute of immutable type '{name}'"
        );
    }
    if v.is_unbound() {
        return raise!(
            cx,
            TypeError,
            "cannot delete '__bases__' attribute of immutable type '{name}'"
        );
    }
    let bases = checked(cx, class, v)?;
    let base = mro::best_base(cx, &bases)?;
    if let Some(old) = class.raw(class::slot::BASE).obj()
        && !mro::same_layout(old, base)
    {
        let (new, old) = (class::name(base), class::name(old));
        return raise!(
            cx,
            TypeError,
            "__bases__ assignment: '{new}' object layout differs from '{old}'"
        );
    }
    mutate(cx, class, |cx| replace(cx, class, v, base))
}

fn checked(cx: &mut Cx, class: Obj, v: Value) -> Completion<Vec<Obj>> {
    let name = class::name(class);
    let Some(tuple) = v.obj().filter(|o| o.kind() == Kind::Tuple) else {
        let got = cx.type_name(v);
        return raise!(cx, TypeError, "can only assign tuple to {name}.__bases__, not {got}");
    };
    if tuple.is_empty() {
        return raise!(
            cx,
            TypeError,
            "can only assign non-empty tuple to {name}.__bases__, not ()"
        );
    }
    let mut bases = Vec::with_capacity(tuple.len());
    for &item in tuple.items() {
        let Some(base) = item.obj().filter(|o| o.kind() == Kind::Type) else {
            let got = cx.type_name(item);
            return raise!(cx, TypeError, "{name}.__bases__ must be tuple of classes, not '{got}'");
        };
        if class::is_subclass(base, class) {
            return raise!(cx, TypeError, "a __bases__ item causes an inheritance cycle");
        }
        bases.push(base);
    }
    Ok(bases)
}

fn bases_of(class: Obj) -> Vec<Obj> {
    let bases = class.raw(class::slot::BASES).obj();
    bases.map_or(&[][..], Obj::items).iter().filter_map(|b| b.obj()).collect()
}

/// With the world stopped.
fn replace(cx: &mut Cx, class: Obj, bases: Value, base: Obj) -> Completion<()> {
    let (old_bases, old_base) = (class.raw(class::slot::BASES), class.raw(class::slot::BASE));
    for old in bases_of(class) {
        class::remove_subclass(cx, old, class);
    }
    class.init(class::slot::BASES, bases);
    class.init(class::slot::BASE, base.into());
    let mut changed = RootVec::new();
    let mut result = reorder(cx, class, &mut changed);
    if result.is_err() {
        class.init(class::slot::BASES, old_bases);
        class.init(class::slot::BASE, old_base);
        // The latest first: a class may have been reordered twice.
        for pair in changed.as_slice().rchunks_exact(2) {
            if let Some(c) = pair[0].obj() {
                c.init(class::slot::MRO, pair[1]);
            }
        }
    }
    for new in bases_of(class) {
        result = result.and(class::add_subclass(cx, new, class));
    }
    class::refresh_tree(cx, class);
    result
}

/// Computes the orders of `class` and of what derives from it anew; `changed` gets each class and its old order.
fn reorder(cx: &mut Cx, class: Obj, changed: &mut RootVec) -> Completion<()> {
    let mut order = vec![Value::from(class)];
    order.extend(mro::linearize(cx, &bases_of(class))?);
    let order = cx.new_tuple(&order)?;
    changed.push(cx, class.into())?;
    changed.push(cx, class.raw(class::slot::MRO))?;
    class.init(class::slot::MRO, order);
    for sub in class::subclasses(cx, class) {
        reorder(cx, sub, changed)?;
    }
    Ok(())
}
