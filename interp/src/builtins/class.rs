//! `__build_class__`.

use taipan_objects::{
    Completion, Cx, Kind, N, Value, class,
    native::{Args, NativeDef},
    protocol::{self, RootVec},
    raise,
    types::{T, dict, str as string},
};

use crate::vm::function::CELL_CONTENT;

use super::row;

/// The bases after `__mro_entries__`, and whether any was replaced.
fn resolve_bases(cx: &mut Cx, bases: &[Value]) -> Completion<(RootVec, bool)> {
    let original = cx.new_tuple(bases)?;
    let mut resolved = RootVec::new();
    let mut replaced = false;
    for &base in bases {
        let is_class = base.obj().is_some_and(|o| o.kind() == Kind::Type);
        let name = cx.name(N::mro_entries);
        let entries = if is_class { None } else { protocol::get_attr_opt(cx, base, name)? };
        match entries {
            None => resolved.push(cx, base)?,
            Some(f) => {
                replaced = true;
                let new = protocol::call(cx, f, &[original])?;
                let Some(items) = new.obj().filter(|t| t.kind() == Kind::Tuple) else {
                    return raise!(cx, TypeError, "__mro_entries__ must return a tuple");
                };
                for &item in items.items() {
                    resolved.push(cx, item)?;
                }
            }
        }
    }
    Ok((resolved, replaced))
}

/// The most derived metaclass.
fn winner(cx: &mut Cx, meta: Value, bases: &[Value]) -> Completion<Value> {
    let Some(mut best) = meta.obj().filter(|m| m.kind() == Kind::Type) else { return Ok(meta) };
    for &base in bases {
        let m = cx.class_of(base);
        if class::is_subclass(best, m) {
            continue;
        }
        if class::is_subclass(m, best) {
            best = m;
            continue;
        }
        return raise!(
            cx,
            TypeError,
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases"
        );
    }
    Ok(best.into())
}

fn build_class(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let given = args.rest(0);
    let [body, name, bases @ ..] = given else {
        return raise!(cx, TypeError, "__build_class__: not enough arguments");
    };
    let Some(body) = body.obj().filter(|f| f.kind() == Kind::Function) else {
        return raise!(cx, TypeError, "__build_class__: func must be a function");
    };
    if string::wtf8(*name).is_none() {
        return raise!(cx, TypeError, "__build_class__: name is not a string");
    }
    let (resolved, replaced) = resolve_bases(cx, bases)?;
    let bases_now = resolved.as_slice();
    let kwargs = args.get(1).obj();
    let mut meta = Value::UNBOUND;
    if let Some(kwargs) = kwargs {
        let key = cx.name(N::metaclass);
        meta = dict::get_item_name(cx, kwargs, key)?;
        if meta.is_bound() {
            dict::del_item(cx, kwargs, key)?;
        }
    }
    if meta.is_unbound() {
        meta = match bases_now.first() {
            Some(&base) => cx.class_of(base).into(),
            None => cx.class(T::type_).into(),
        };
    }
    let meta = winner(cx, meta, bases_now)?;
    let bases_tuple = cx.new_tuple(bases_now)?;
    let (keys, values) = keywords(cx, kwargs)?;
    let ns = prepare(cx, meta, *name, bases_tuple, &keys, &values)?;
    let cell = protocol::call(cx, body.into(), &[ns])?;
    if replaced {
        let key = cx.name(N::orig_bases);
        let original = cx.new_tuple(bases)?;
        protocol::set_item(cx, ns, key, original)?;
    }
    let mut all = vec![*name, bases_tuple, ns];
    all.extend_from_slice(values.as_slice());
    let made = protocol::call_kw(cx, meta, &all, keys.as_slice())?;
    check_cell(cx, cell, made, *name)?;
    Ok(made)
}

fn keywords(cx: &mut Cx, kwargs: Option<taipan_objects::Obj>) -> Completion<(RootVec, RootVec)> {
    let (mut keys, mut values) = (RootVec::new(), RootVec::new());
    if let Some(kwargs) = kwargs {
        let items = dict::items(cx, kwargs)?;
        for pair in items.as_slice().chunks_exact(2) {
            let key = string::interned(cx, pair[0])?;
            keys.push(cx, key)?;
            values.push(cx, pair[1])?;
        }
    }
    Ok((keys, values))
}

fn prepare(
    cx: &mut Cx,
    meta: Value,
    name: Value,
    bases: Value,
    keys: &RootVec,
    values: &RootVec,
) -> Completion<Value> {
    if meta == Value::from(cx.class(T::type_)) {
        return dict::new(cx).map(Value::from);
    }
    let prepare = cx.name(N::prepare);
    let Some(f) = protocol::get_attr_opt(cx, meta, prepare)? else {
        return dict::new(cx).map(Value::from);
    };
    let mut all = vec![name, bases];
    all.extend_from_slice(values.as_slice());
    let ns = protocol::call_kw(cx, f, &all, keys.as_slice())?;
    let is_mapping = class::special(cx.class_of(ns), taipan_objects::Special::GetItem).is_bound();
    if !is_mapping {
        let what = match meta.obj().filter(|m| m.kind() == Kind::Type) {
            Some(m) => class::name(m).to_owned(),
            None => "<metaclass>".to_owned(),
        };
        let got = cx.type_name(ns);
        return raise!(cx, TypeError, "{what}.__prepare__() must return a mapping, not {got}");
    }
    Ok(ns)
}

/// The class body gives its `__class__` cell; the class must have ended up in it.
fn check_cell(cx: &mut Cx, cell: Value, made: Value, name: Value) -> Completion<()> {
    let Some(cell) = cell.obj().filter(|c| c.kind() == Kind::Cell) else { return Ok(()) };
    let is_class = made.obj().is_some_and(|o| o.kind() == Kind::Type);
    if !is_class {
        return Ok(());
    }
    let content = cx.read(cell, CELL_CONTENT)?;
    let shown = protocol::convert::repr_text(cx, name)?;
    if content.is_unbound() {
        let wanted = protocol::convert::repr_text(cx, made)?;
        return raise!(
            cx,
            RuntimeError,
            "__class__ not set defining {shown} as {wanted}. Was __classcell__ propagated to type.__new__?"
        );
    }
    if content != made {
        let got = protocol::convert::repr_text(cx, content)?;
        let wanted = protocol::convert::repr_text(cx, made)?;
        return raise!(cx, TypeError, "__class__ set to {got} defining {shown} as {wanted}");
    }
    Ok(())
}

/// The functions of this file.
pub const FUNCTIONS: &[NativeDef] = &[row(
    "__build_class__",
    "(*args, **kwds)",
    build_class,
    "__build_class__(func, name, /, *bases, [metaclass], **kwds) -> class\n\nInternal helper function used by the class statement.",
)];
