//! The layout of a new class's instances: words for `__slots__`, room for attributes, which flags come from the bases.

use crate::{
    class::{self, flag},
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::N,
    protocol, raise,
    shape::Layout,
    types::{T, dict, str as string},
    value::Value,
};

/// What a new class is going to be like.
pub(super) struct Plan {
    pub(super) layout: Layout,
    pub(super) flags: i64,
    pub(super) members: Vec<Value>,
    pub(super) first_member: u16,
    pub(super) adds_dict: bool,
}

pub(super) fn slot_list(cx: &mut Cx, slots: Value) -> Completion<Vec<Value>> {
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

pub(super) fn plan_layout(
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
