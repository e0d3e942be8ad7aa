//! Making functions, and the rare operations of `Intrinsic`.

use taipan_objects::{cx::Cx, exc::Completion, names::N, protocol, types::dict, value::Value};

use crate::{
    code::{Instr, Intrinsic},
    vm::{
        frame::Regs,
        function::{self, slot},
        state::vm_ref,
    },
};

/// `MakeFunction`.
pub fn make(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let globals = function::globals(regs);
    if let Some(code) = regs.code().constant(i.imm).obj() {
        let parts = regs.window(i.b, i.c.count_ones() as usize);
        let f = function::with_parts(cx, code, globals, i.c, parts)?;
        regs.set(i.a, f.into());
    }
    Ok(())
}

fn typing(cx: &mut Cx, name: &str) -> Completion<Value> {
    let module = cx.world.import_module(cx, "_typing")?;
    let name = cx.intern(name)?;
    protocol::get_attr(cx, module, name)
}

/// Makes a type parameter by the class `kind` of `_typing`, with keyword arguments.
fn type_param(
    cx: &mut Cx,
    regs: Regs,
    kind: &str,
    name: Value,
    extra: &[(&str, Value)],
) -> Completion<Value> {
    let class = typing(cx, kind)?;
    let mut args = vec![name];
    let mut names = Vec::new();
    for (key, value) in extra {
        names.push(cx.intern(key)?);
        args.push(*value);
    }
    if kind != "TypeVarTuple" {
        names.push(cx.intern("infer_variance")?);
        args.push(Value::TRUE);
    }
    let made = protocol::call_kw(cx, class, &args, &names)?;
    if let Some(globals) = function::globals(regs).obj() {
        let name = cx.name(N::name);
        let module = dict::get_item_name(cx, globals, name)?;
        if module.is_bound() {
            let attribute = cx.name(N::module);
            if let Err(escape) = protocol::set_attr(cx, made, attribute, module)
                && escape.is_abort()
            {
                return Err(escape);
            }
        }
    }
    Ok(made)
}

/// `Intrinsic`.
pub fn intrinsic(cx: &mut Cx, regs: Regs, i: &Instr) -> Completion<()> {
    let (x, y) = (regs.get(i.b), regs.get(i.c));
    let Some(which) = Intrinsic::from_imm(i.imm) else { return Ok(()) };
    let v = match which {
        Intrinsic::Print => {
            let sys = vm_ref(cx).shared.sys();
            let hook = cx.name(N::displayhook);
            match dict::get_item_name(cx, sys, hook)?.bound() {
                Some(hook) => {
                    protocol::call(cx, hook, &[x])?;
                    Value::NONE
                }
                None => return taipan_objects::raise!(cx, RuntimeError, "lost sys.displayhook"),
            }
        }
        Intrinsic::TypeVar => type_param(cx, regs, "TypeVar", x, &[])?,
        Intrinsic::TypeVarWithBound => {
            type_param(cx, regs, "TypeVar", x, &[("_evaluate_bound", y)])?
        }
        Intrinsic::TypeVarWithConstraints => {
            type_param(cx, regs, "TypeVar", x, &[("_evaluate_constraints", y)])?
        }
        Intrinsic::ParamSpec => type_param(cx, regs, "ParamSpec", x, &[])?,
        Intrinsic::TypeVarTuple => type_param(cx, regs, "TypeVarTuple", x, &[])?,
        Intrinsic::SetTypeParamDefault => {
            let f = typing(cx, "_set_default")?;
            protocol::call(cx, f, &[x, y])?;
            x
        }
        Intrinsic::SubscriptGeneric => {
            let f = typing(cx, "_subscript_generic")?;
            protocol::call(cx, f, &[x])?
        }
        Intrinsic::SetFunctionTypeParams => {
            if let Some(f) = x.obj() {
                cx.set(f, slot::TYPE_PARAMS, y)?;
            }
            x
        }
        Intrinsic::TypeAlias => {
            let f = typing(cx, "_type_alias")?;
            let parts = x.obj().map_or(&[][..], taipan_objects::heap::Obj::items);
            let module = match function::globals(regs).obj() {
                Some(globals) => {
                    let name = cx.name(N::name);
                    dict::get_item_name(cx, globals, name)?.bound().unwrap_or(Value::NONE)
                }
                None => Value::NONE,
            };
            let mut args = parts.to_vec();
            args.push(module);
            protocol::call(cx, f, &args)?
        }
        Intrinsic::NotImplementedError => {
            let _ = x;
            cx.class(taipan_objects::T::NotImplementedError).into()
        }
        Intrinsic::SetFunctionAnnotations => {
            let d = dict::new(cx)?;
            let items = y.obj().map_or(&[][..], taipan_objects::heap::Obj::items);
            for pair in items.chunks_exact(2) {
                dict::set_item(cx, d, pair[0], pair[1])?;
            }
            if let Some(f) = x.obj() {
                cx.set(f, slot::ANNOTATIONS, d.into())?;
            }
            x
        }
    };
    regs.set(i.a, v);
    Ok(())
}
