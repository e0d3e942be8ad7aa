//! Classes, functions and whatever else is written by name.

use taipan_objects::{
    Completion, Cx, Escape, N, T, Value, protocol, raise,
    types::{dict, str as string, support, text_args},
};

use super::{
    super::{errors, opcodes as op, tables},
    save::Save,
};

impl Save {
    /// Writes a class whose class is `type`.
    pub(super) fn class(&mut self, cx: &mut Cx, v: Value) -> Completion<()> {
        let singletons = [
            (T::NoneType, Value::NONE),
            (T::ellipsis, Value::ELLIPSIS),
            (T::NotImplementedType, Value::NOT_IMPLEMENTED),
        ];
        for (t, only) in singletons {
            if v == cx.class(t).into() {
                let args = cx.new_tuple(&[only])?;
                return self.made_by(cx, cx.class(T::type_).into(), args, v);
            }
        }
        self.global(cx, v, None)
    }

    /// Writes the name of `v`, or `name`, which it has given itself.
    pub(super) fn global(&mut self, cx: &mut Cx, v: Value, name: Option<Value>) -> Completion<()> {
        let name = match name {
            Some(name) => name,
            None => own_name(cx, v)?,
        };
        let path = path_of(cx, name)?;
        let module = module_of(cx, v, name, &path)?;
        if self.proto >= 2 && self.extension(cx, module, name)? {
            return Ok(());
        }
        if self.proto >= 4 {
            self.save(cx, module)?;
            self.save(cx, name)?;
            self.out.op(op::STACK_GLOBAL);
        } else {
            self.by_lines(cx, module, &path)?;
        }
        self.memoize(cx, v)
    }

    /// Writes the code under which a global is registered, if it is.
    fn extension(&mut self, cx: &mut Cx, module: Value, name: Value) -> Completion<bool> {
        let table = match self.extensions {
            Some(table) => table,
            None => *self.extensions.insert(tables::find(cx, "copyreg", "_extension_registry")?),
        };
        if dict::len(cx, table)? == 0 {
            return Ok(false);
        }
        let key = cx.new_tuple(&[module, name])?;
        let Some(code) = dict::get_item(cx, table, key)?.bound() else { return Ok(false) };
        let n = protocol::index_i64(cx, code)?;
        let Some(n) = i32::try_from(n).ok().filter(|n| *n > 0) else {
            return raise!(cx, RuntimeError, "extension code {n} is out of range");
        };
        let [a, b, c, d] = n.to_le_bytes();
        match n {
            ..=0xff => self.out.put(&[op::EXT1, a]),
            0x100..=0xffff => self.out.put(&[op::EXT2, a, b]),
            _ => self.out.put(&[op::EXT4, a, b, c, d]),
        }
        Ok(true)
    }

    /// For protocols that know only names at the top of a module: further ones are reached through `getattr`.
    fn by_lines(&mut self, cx: &mut Cx, module: Value, path: &[Value]) -> Completion<()> {
        let Some((&first, rest)) = path.split_first() else { return Ok(()) };
        for _ in rest {
            let getattr = support::builtin(cx, "getattr")?;
            self.save(cx, getattr)?;
            if self.proto < 2 {
                self.out.op(op::MARK);
            }
        }
        let (module, first) = if self.fix_imports {
            tables::renamed(cx, "REVERSE_", module, first)?
        } else {
            (module, first)
        };
        let module = self.identifier(cx, module, "module")?;
        let first = self.identifier(cx, first, "global")?;
        self.line(op::GLOBAL, module);
        self.out.put(first);
        self.out.put(b"\n");
        for &name in rest {
            self.save(cx, name)?;
            self.out.op(if self.proto < 2 { op::TUPLE } else { op::TUPLE2 });
            self.out.op(op::REDUCE);
        }
        Ok(())
    }

    fn identifier(&self, cx: &mut Cx, name: Value, what: &str) -> Completion<&'static [u8]> {
        let proto = self.proto;
        if let Some(o) = string::exact(name)
            && let Some(text) = string::text(name)
            && (proto >= 3 || string::is_ascii(o))
        {
            return Ok(text.as_bytes());
        }
        let shown = protocol::convert::repr_text(cx, name)?;
        let text = format!("can't pickle {what} identifier {shown} using pickle protocol {proto}");
        Err(errors::pickling(cx, &text))
    }
}

fn own_name(cx: &mut Cx, v: Value) -> Completion<Value> {
    let name = cx.name(N::qualname);
    if let Some(name) = protocol::get_attr_opt(cx, v, name)? {
        return Ok(name);
    }
    let name = cx.name(N::name);
    protocol::get_attr(cx, v, name)
}

/// The parts of a dotted name, interned.
pub(in super::super) fn path_of(cx: &mut Cx, name: Value) -> Completion<Vec<Value>> {
    let Some(o) = string::exact(name) else {
        let got = cx.type_name(name);
        return raise!(cx, TypeError, "must be str, not {got}");
    };
    let mut path = Vec::new();
    // What is interned lives for ever, so the collector need not see the vector.
    for part in string::bytes_of(o).split(|b| *b == b'.') {
        let part = text_args::new_text(cx, part)?;
        path.push(string::interned(cx, part)?);
    }
    Ok(path)
}

/// What a path leads to from `v`.
pub(in super::super) fn follow(cx: &mut Cx, v: Value, path: &[Value]) -> Completion<Value> {
    path.iter().try_fold(v, |v, name| protocol::get_attr(cx, v, *name))
}

/// The name of the module where `v` is found under `name`.
fn module_of(cx: &mut Cx, v: Value, name: Value, path: &[Value]) -> Completion<Value> {
    let locals = cx.intern("<locals>")?;
    if path.contains(&locals) {
        let shown = protocol::convert::repr_text(cx, v)?;
        let text = format!("Can't pickle local object {shown}");
        return Err(errors::pickling(cx, &text));
    }
    let attribute = cx.name(N::module);
    let module = protocol::get_attr_opt(cx, v, attribute)?.filter(|m| !m.is_none());
    let module = match module {
        Some(module) => module,
        None => searched(cx, v, path)?,
    };
    let found = import(cx, module)
        .map_err(|e| explained(cx, e, &[T::ImportError, T::ValueError], v, None))?;
    let actual = follow(cx, found, path)
        .map_err(|e| explained(cx, e, &[T::AttributeError], v, Some((module, name))))?;
    if actual == v {
        return Ok(module);
    }
    let shown = protocol::convert::repr_text(cx, v)?;
    let place = place_text(cx, module, name)?;
    let text = format!("Can't pickle {shown}: it's not the same object as {place}");
    Err(errors::pickling(cx, &text))
}

fn place_text(cx: &mut Cx, module: Value, name: Value) -> Completion<String> {
    let module = protocol::convert::str_text(cx, module)?;
    Ok(format!("{module}.{}", protocol::convert::str_text(cx, name)?))
}

/// The `PicklingError` for one of these exceptions.
#[cold]
fn explained(
    cx: &mut Cx,
    escape: Escape,
    of: &[T],
    v: Value,
    place: Option<(Value, Value)>,
) -> Escape {
    let Some(e) = escape.exception().filter(|e| of.iter().any(|t| cx.is_a((*e).into(), *t))) else {
        return escape;
    };
    let text = |cx: &mut Cx| -> Completion<String> {
        let shown = protocol::convert::repr_text(cx, v)?;
        Ok(match place {
            Some((module, name)) => {
                let place = place_text(cx, module, name)?;
                format!("Can't pickle {shown}: it's not found as {place}")
            }
            None => {
                format!("Can't pickle {shown}: {}", protocol::convert::str_text(cx, e.into())?)
            }
        })
    };
    match text(cx) {
        Ok(text) => {
            let new = errors::pickling(cx, &text);
            errors::chained(cx, new, escape)
        }
        Err(other) => other,
    }
}

/// Imports a module by the name that an object or a pickle gives.
pub(in super::super) fn import(cx: &mut Cx, name: Value) -> Completion<Value> {
    match string::text(name) {
        Some("") => raise!(cx, ValueError, "Empty module name"),
        Some(text) => cx.world.import_module(cx, text),
        None if string::exact(name).is_some() => {
            let shown = protocol::convert::str_text(cx, name)?;
            raise!(cx, ModuleNotFoundError, "No module named '{shown}'")
        }
        None => {
            let got = cx.type_name(name);
            raise!(cx, TypeError, "module name must be a string, not {got}")
        }
    }
}

/// The name of a module that has `v` under this path; `__main__` if none has.
fn searched(cx: &mut Cx, v: Value, path: &[Value]) -> Completion<Value> {
    let sys = cx.world.import_module(cx, "sys")?;
    let name = cx.name(N::modules);
    let modules = protocol::get_attr(cx, sys, name)?;
    let main = cx.name(N::main);
    let names = protocol::collect(cx, modules)?;
    for &module_name in names.as_slice() {
        let module = protocol::get_item(cx, modules, module_name)?;
        if module.is_none() || string::text(module_name) == Some("__main__") {
            continue;
        }
        let mut found = Some(module);
        for name in path {
            found = match found {
                Some(v) => protocol::get_attr_opt(cx, v, *name)?,
                None => break,
            };
        }
        if found == Some(v) {
            return Ok(module_name);
        }
    }
    Ok(main)
}
