//! Classes, functions and whatever else a pickle names.

use taipan_objects::{
    Completion, Cx, Kind, Obj, T, Value, protocol, raise,
    types::{codec, dict, str as string, tuple},
};

use super::{
    super::{
        errors, opcodes as op,
        pickler::{follow, import, path_of},
        tables,
    },
    load::Load,
};
use crate::audit;

impl Load {
    pub(super) fn global(&mut self, cx: &mut Cx, op: u8) -> Completion<Value> {
        match op {
            op::GLOBAL => {
                let module = self.name(cx, "utf-8")?;
                let name = self.name(cx, "utf-8")?;
                self.find(cx, module, name)
            }
            op::STACK_GLOBAL => {
                let name = self.stack.pop(cx)?;
                let module = self.stack.pop(cx)?;
                let is_text = |v: Value| v.obj().is_some_and(|o| o.kind() == Kind::Str);
                if !is_text(name) || !is_text(module) {
                    return Err(errors::unpickling(cx, "STACK_GLOBAL requires str"));
                }
                self.find(cx, module, name)
            }
            op::EXT1 => {
                let [n] = self.input.array(cx)?;
                self.extension(cx, n.into())
            }
            op::EXT2 => {
                let n = u16::from_le_bytes(self.input.array(cx)?);
                self.extension(cx, n.into())
            }
            _ => {
                let n = i32::from_le_bytes(self.input.array(cx)?);
                self.extension(cx, n.into())
            }
        }
    }

    /// INST names its class in ASCII.
    pub(super) fn ascii_global(&mut self, cx: &mut Cx) -> Completion<Value> {
        let module = self.name(cx, "ascii")?;
        let name = self.name(cx, "ascii")?;
        self.find(cx, module, name)
    }

    fn name(&mut self, cx: &mut Cx, encoding: &str) -> Completion<Value> {
        let line = self.input.text_line(cx)?;
        let encoding = cx.intern(encoding)?;
        codec::decode(cx, Value::UNBOUND, line, Some(encoding), None)
    }

    fn find(&mut self, cx: &mut Cx, module: Value, name: Value) -> Completion<Value> {
        if !self.own_find {
            return find_class(cx, self.unpickler, module, name);
        }
        let method = cx.intern("find_class")?;
        protocol::call_method(cx, self.unpickler.into(), method, &[module, name])
    }

    /// What is registered under a code.
    fn extension(&mut self, cx: &mut Cx, code: i64) -> Completion<Value> {
        if code <= 0 {
            return Err(errors::unpickling(cx, "EXT specifies code <= 0"));
        }
        let key = Value::small(code);
        let cache = tables::find(cx, "copyreg", "_extension_cache")?;
        if let Some(v) = dict::get_item(cx, cache, key)?.bound() {
            return Ok(v);
        }
        let registry = tables::find(cx, "copyreg", "_inverted_registry")?;
        let Some(pair) = dict::get_item(cx, registry, key)?.bound() else {
            return raise!(cx, ValueError, "unregistered extension code {code}");
        };
        let found = match tuple::items_of(pair) {
            Some(&[module, name])
                if string::exact(module).is_some() && string::exact(name).is_some() =>
            {
                self.find(cx, module, name)?
            }
            _ => {
                let what = format!("_inverted_registry[{code}]");
                return raise!(cx, ValueError, "{what} isn't a 2-tuple of strings");
            }
        };
        dict::set_item(cx, cache, key, found)?;
        Ok(found)
    }
}

/// `Unpickler.find_class`.
pub(super) fn find_class(
    cx: &mut Cx,
    unpickler: Obj,
    module: Value,
    name: Value,
) -> Completion<Value> {
    audit::event(cx, "pickle.find_class", &[module, name])?;
    let proto = cx.read(unpickler, super::PROTO)?.small_int().unwrap_or(0);
    let fix_imports = cx.read(unpickler, super::FIX_IMPORTS)? == Value::TRUE;
    let (module, name) = if proto < 3 && fix_imports {
        tables::renamed(cx, "", module, name)?
    } else {
        (module, name)
    };
    let found = import(cx, module)?;
    let path =
        if proto >= 4 { path_of(cx, name)? } else { vec![protocol::attr::name_arg(cx, name)?] };
    match follow(cx, found, &path) {
        Err(escape) if path.len() > 1 && errors::is(cx, escape, T::AttributeError) => {
            let shown = protocol::convert::repr_text(cx, name)?;
            let module = protocol::convert::repr_text(cx, module)?;
            let text = format!("Can't resolve path {shown} on module {module}");
            let new = taipan_objects::exc::raise_message(cx, T::AttributeError, &text);
            Err(errors::chained(cx, new, escape))
        }
        result => result,
    }
}
