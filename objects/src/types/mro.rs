//! C3 linearization and the choice of the base whose layout a new class extends.

use crate::{
    class::{self, flag},
    cx::Cx,
    exc::Completion,
    heap::Obj,
    raise,
    shape::Layout,
    value::Value,
};

/// The MRO of a class with these bases, without the class itself.
///
/// # Errors
/// `TypeError` when no consistent order exists or a base is listed twice.
pub fn linearize(cx: &mut Cx, bases: &[Obj]) -> Completion<Vec<Value>> {
    for (i, base) in bases.iter().enumerate() {
        if bases[..i].contains(base) {
            let name = class::name(*base);
            return raise!(cx, TypeError, "duplicate base class {name}");
        }
    }
    let mut sequences: Vec<Vec<Value>> = bases.iter().map(|&b| class::mro(b).to_vec()).collect();
    sequences.push(bases.iter().map(|&b| b.into()).collect());
    let mut order = Vec::new();
    loop {
        sequences.retain(|s| !s.is_empty());
        if sequences.is_empty() {
            return Ok(order);
        }
        let head = sequences
            .iter()
            .map(|s| s[0])
            .find(|&c| sequences.iter().all(|s| !s[1..].contains(&c)));
        let Some(head) = head else {
            let mut heads: Vec<&str> = Vec::new();
            for s in &sequences {
                let name = s[0].obj().map_or("?", class::name);
                if !heads.contains(&name) {
                    heads.push(name);
                }
            }
            let names = heads.join(", ");
            return raise!(
                cx,
                TypeError,
                "Cannot create a consistent method resolution order (MRO) for bases {names}"
            );
        };
        order.push(head);
        for s in &mut sequences {
            if s[0] == head {
                s.remove(0);
            }
        }
    }
}

/// The base whose instances' layout all other bases' layouts are prefixes of.
///
/// # Errors
/// `TypeError` when a base may not be derived from or layouts conflict.
pub fn best_base(cx: &mut Cx, bases: &[Obj]) -> Completion<Obj> {
    let mut best: Option<Obj> = None;
    for &base in bases {
        if !class::has_flag(base, flag::BASETYPE) {
            let name = class::name(base);
            return raise!(cx, TypeError, "type '{name}' is not an acceptable base type");
        }
        let candidate = base;
        match best {
            None => best = Some(candidate),
            Some(b) if extends(b, candidate) => {}
            Some(b) if extends(candidate, b) => best = Some(candidate),
            Some(_) => {
                return raise!(cx, TypeError, "multiple bases have instance lay-out conflict");
            }
        }
    }
    match best {
        Some(best) => Ok(best),
        None => Ok(cx.class(super::T::object)),
    }
}

/// Whether instances of `a` and `b` look alike, so that a class may change from one base to the other.
pub(super) fn same_layout(a: Obj, b: Obj) -> bool {
    let has_dict = |class: Obj| class::root_shape(class).layout().overflow != 0;
    fixed(a) == fixed(b) && has_dict(a) == has_dict(b)
}

/// Whether the layout of `a` is that of `b` or an extension of it.
fn extends(a: Obj, b: Obj) -> bool {
    let (sa, sb) = (solid(a), solid(b));
    sa == sb || class::is_subclass(sa, sb)
}

/// The nearest base that added words of its own to the layout.
fn solid(class: Obj) -> Obj {
    let Some(base) = class.raw(class::slot::BASE).obj() else { return class };
    let (mine, theirs) = (fixed(class), fixed(base));
    // Instances of the first subclass of an immutable builtin hold its value, and nothing else that is their own.
    let holds_value = mine.2 && !theirs.2 && usize::from(mine.1) == class::PAYLOAD + 1;
    if mine == theirs || holds_value { solid(base) } else { class }
}

/// Kind, words and payload of the fixed part of instances.
fn fixed(class: Obj) -> (crate::heap::Kind, u16, bool) {
    let Layout { kind, first, overflow, .. } = class::root_shape(class).layout();
    // The overflow word behind a builtin's fixed words does not make the layouts incompatible.
    let behind = kind != crate::heap::Kind::Instance && overflow != 0 && overflow + 1 == first;
    let words = if behind { overflow } else { first };
    (kind, words, class::has_flag(class, flag::PAYLOAD))
}
