//! `globals`, `locals`, `eval`, `exec`, `compile`.

use taipan_objects::{
    Completion, Cx, Kind, N, Obj, Special, Value,
    native::{Args, NativeDef},
    protocol, raise,
    types::{T, dict, str as string},
};

use crate::{
    audit,
    code::CodeFlags,
    compiling::{self, CompileMode, Job},
    modules::_ast,
    vm::{enter, exec::constants, frame_object, function, loaded, state::vm_ref},
};

use super::{machine, row};

/// The running frame's globals.
///
/// # Errors
/// `SystemError` when no frame runs.
pub fn current_globals(cx: &mut Cx) -> Completion<Value> {
    match frame_object::walk(cx, 0) {
        Some((regs, _)) => Ok(function::globals(regs)),
        None => raise!(cx, SystemError, "frame does not exist"),
    }
}

fn globals(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    current_globals(cx)
}

/// `locals()`.
///
/// # Errors
/// `SystemError` when no frame runs.
pub fn locals(cx: &mut Cx, _: Args<'_>) -> Completion<Value> {
    let Some((regs, pc)) = frame_object::walk(cx, 0) else {
        return raise!(cx, SystemError, "frame does not exist");
    };
    if regs.code().has(CodeFlags::NAMESPACE) && regs.code().unit.hidden.is_empty() {
        return Ok(regs.word(0));
    }
    let frame = frame_object::of(cx, regs, pc)?;
    frame_object::locals(cx, frame)
}

struct Namespaces {
    globals: Obj,
    locals: Value,
}

fn namespaces(
    cx: &mut Cx,
    what: &str,
    globals: Option<Value>,
    locals: Option<Value>,
) -> Completion<Namespaces> {
    let globals = match globals {
        Some(g) => match g.obj().filter(|o| o.kind() == Kind::Dict) {
            Some(d) => d,
            None => {
                let got = cx.type_name(g);
                if what == "eval" {
                    let mapping = protocol::find_special(cx, g, Special::GetItem).is_some();
                    let hint = if mapping {
                        "globals must be a real dict; try eval(expr, {}, mapping)"
                    } else {
                        "globals must be a dict"
                    };
                    return raise!(cx, TypeError, "{hint}");
                }
                return raise!(cx, TypeError, "{what}() globals must be a dict, not {got}");
            }
        },
        None => {
            let g = current_globals(cx)?;
            let locals = match locals {
                Some(l) => l,
                None => self::locals(cx, Args(&[]))?,
            };
            return match g.obj() {
                Some(globals) => Ok(Namespaces { globals, locals }),
                None => raise!(cx, SystemError, "globals and locals cannot be NULL"),
            };
        }
    };
    let locals = locals.unwrap_or(globals.into());
    if taipan_objects::class::special(cx.class_of(locals), Special::GetItem).is_unbound() {
        let got = cx.type_name(locals);
        if what == "eval" {
            return raise!(cx, TypeError, "locals must be a mapping");
        }
        return raise!(cx, TypeError, "locals must be a mapping or None, not {got}");
    }
    Ok(Namespaces { globals, locals })
}

/// Gives globals their `__builtins__`, as CPython does.
fn ensure_builtins(cx: &mut Cx, globals: Obj) -> Completion<()> {
    let name = cx.name(N::builtins);
    if dict::get_item_name(cx, globals, name)?.is_unbound() {
        let builtins = vm_ref(cx).shared.builtins();
        dict::set_item(cx, globals, name, builtins.into())?;
    }
    Ok(())
}

fn source_text(cx: &mut Cx, v: Value, what: &str) -> Completion<Vec<u8>> {
    if let Some(text) = string::wtf8(v) {
        return Ok(text.as_bytes().to_vec());
    }
    if cx.is_a(v, T::bytes) || cx.is_a(v, T::bytearray) || cx.is_a(v, T::memoryview) {
        let class = cx.class(T::bytes);
        let bytes = protocol::call(cx, class.into(), &[v])?;
        if let Some(o) = bytes.obj() {
            return Ok(o.raw_bytes().to_vec());
        }
    }
    let last = if what == "compile" { "AST" } else { "code" };
    raise!(cx, TypeError, "{what}() arg 1 must be a string, bytes or {last} object")
}

fn code_of(cx: &mut Cx, v: Value, what: &str, mode: CompileMode) -> Completion<Obj> {
    if let Some(code) = v.obj().filter(|o| loaded::of(*o).is_some()) {
        return Ok(code);
    }
    let source = source_text(cx, v, what)?;
    let is_text = string::wtf8(v).is_some();
    let source = if mode == CompileMode::Eval {
        let start = source.iter().position(|b| !b" \t".contains(b)).unwrap_or(source.len());
        source[start..].to_vec()
    } else {
        source
    };
    let name = cx.intern("<string>")?;
    tell_of_compiling(cx, &source, name)?;
    let flags = inherited_flags(cx);
    let job = Job { flags, is_text, ..Job::new("<string>", mode) };
    compiling::code(cx, &source, &job)
}

/// Tells audit hooks of source text that is about to be compiled.
fn tell_of_compiling(cx: &mut Cx, source: &[u8], filename: Value) -> Completion<()> {
    if audit::is_on(cx) {
        let source = constants::bytes(cx, source)?;
        audit::event(cx, "compile", &[source, filename])?;
    }
    Ok(())
}

fn inherited_flags(cx: &Cx) -> u32 {
    match frame_object::walk(cx, 0) {
        Some((regs, _)) => regs.code().unit.flags.0 & CodeFlags::FUTURE_ANNOTATIONS.0,
        None => 0,
    }
}

/// Runs code in namespaces.
///
/// # Errors
/// Whatever it raises.
pub fn run_code(
    cx: &mut Cx,
    code: Obj,
    globals: Obj,
    locals: Value,
    closure: Value,
) -> Completion<Value> {
    let f = function_of(cx, code, globals, closure)?;
    enter::call_function(cx, f, arguments(f, &locals), &[])
}

/// What the function that runs code is called with: the namespace, unless the code is a function's.
pub fn arguments(f: Obj, locals: &Value) -> &[Value] {
    let takes_it = function::code(f).has(CodeFlags::NAMESPACE);
    if takes_it { std::slice::from_ref(locals) } else { &[] }
}

fn function_of(cx: &mut Cx, code: Obj, globals: Obj, closure: Value) -> Completion<Obj> {
    ensure_builtins(cx, globals)?;
    let f = function::new(cx, code, globals.into())?;
    f.init(function::slot::CLOSURE, closure);
    Ok(f)
}

/// `eval`, called by native code.
pub fn eval(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (f, locals) = prepare_eval(cx, args)?;
    enter::call_function(cx, f, arguments(f, &locals), &[])
}

/// The function that runs what `eval` was given, and the namespace: see [`arguments`].
///
/// # Errors
/// Those of `eval` before anything runs.
pub fn prepare_eval(cx: &mut Cx, args: Args<'_>) -> Completion<(Obj, Value)> {
    let ns = namespaces(cx, "eval", args.not_none(1), args.not_none(2))?;
    let code = code_of(cx, args.get(0), "eval", CompileMode::Eval)?;
    audit::event(cx, "exec", &[code.into()])?;
    if loaded::of(code).is_some_and(|c| !c.unit.freevars.is_empty()) {
        return raise!(
            cx,
            TypeError,
            "code object passed to eval() may not contain free variables"
        );
    }
    let f = function_of(cx, code, ns.globals, Value::UNBOUND)?;
    Ok((f, ns.locals))
}

fn is_of_cells(tuple: Obj) -> bool {
    tuple.items().iter().all(|v| v.obj().is_some_and(|o| o.kind() == Kind::Cell))
}

/// `exec`, called by native code.
pub fn exec(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let (f, locals) = prepare_exec(cx, args)?;
    enter::call_function(cx, f, arguments(f, &locals), &[])?;
    Ok(Value::NONE)
}

/// As [`prepare_eval`], for `exec`.
///
/// # Errors
/// Those of `exec` before anything runs.
pub fn prepare_exec(cx: &mut Cx, args: Args<'_>) -> Completion<(Obj, Value)> {
    let ns = namespaces(cx, "exec", args.not_none(1), args.not_none(2))?;
    let code = code_of(cx, args.get(0), "exec", CompileMode::Exec)?;
    audit::event(cx, "exec", &[code.into()])?;
    let n_free = loaded::of(code).map_or(0, |c| c.unit.freevars.len());
    let closure = args.not_none(3);
    if n_free == 0 {
        if closure.is_some() {
            return raise!(cx, TypeError, "cannot use a closure with this code object");
        }
    } else {
        let fits = closure
            .and_then(Value::obj)
            .is_some_and(|t| t.kind() == Kind::Tuple && t.len() == n_free && is_of_cells(t));
        if !fits {
            return raise!(
                cx,
                TypeError,
                "code object requires a closure of exactly length {n_free}"
            );
        }
    }
    let f = function_of(cx, code, ns.globals, closure.unwrap_or_default())?;
    Ok((f, ns.locals))
}

/// Flags that `compile` knows: futures and `PyCF_*`.
const KNOWN_FLAGS: i64 =
    0x1ff_0000 | (0xffff_ffff & 0xfe_ff00) | 0x200 | 0x400 | 0x1000 | 0x2000 | 0x4000 | 0x8000;

fn mode_of(cx: &mut Cx, v: Value, only_tree: bool) -> Completion<CompileMode> {
    match string::text(v) {
        Some("exec") => Ok(CompileMode::Exec),
        Some("eval") => Ok(CompileMode::Eval),
        Some("single") => Ok(CompileMode::Single),
        Some("func_type") if only_tree => Ok(CompileMode::FuncType),
        Some("func_type") => {
            raise!(cx, ValueError, "compile() mode 'func_type' requires flag PyCF_ONLY_AST")
        }
        Some(_) if only_tree => {
            raise!(cx, ValueError, "compile() mode must be 'exec', 'eval', 'single' or 'func_type'")
        }
        Some(_) => raise!(cx, ValueError, "compile() mode must be 'exec', 'eval' or 'single'"),
        None => {
            let got = cx.type_name(v);
            raise!(cx, TypeError, "compile() argument 'mode' must be str, not {got}")
        }
    }
}

fn file_name(cx: &mut Cx, v: Value) -> Completion<String> {
    let v = match protocol::call_special(cx, v, Special::FsPath, &[])? {
        Some(path) => path,
        None => v,
    };
    if let Some(text) = string::text(v) {
        return Ok(text.to_owned());
    }
    if let Some(text) = string::wtf8(v) {
        return Ok(text.to_string_lossy().into_owned());
    }
    if taipan_objects::types::buffer::is_bytes_like(cx, v) {
        let bytes = taipan_objects::types::buffer::expect_bytes(cx, v)?;
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    let got = cx.type_name(v);
    raise!(cx, TypeError, "expected str, bytes or os.PathLike object, not {got}")
}

fn optimize_of(cx: &mut Cx, v: Option<Value>) -> Completion<Option<u8>> {
    let level = match v {
        Some(v) => protocol::index_i64(cx, v)?,
        None => -1,
    };
    match level {
        -1 => Ok(None),
        0..=2 => Ok(Some(level as u8)),
        _ => raise!(cx, ValueError, "compile(): invalid optimize value"),
    }
}

fn compile(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let filename = file_name(cx, args.get(1))?;
    let flags = match args.opt(3) {
        Some(v) => protocol::index_i64(cx, v)?,
        None => 0,
    };
    if flags & !KNOWN_FLAGS != 0 {
        return raise!(cx, ValueError, "compile(): unrecognised flags");
    }
    let optimize = optimize_of(cx, args.opt(5))?;
    let only_tree = flags & _ast::ONLY_AST != 0;
    let mode = mode_of(cx, args.get(2), only_tree)?;
    if let Some(code) = args.get(0).obj().filter(|o| loaded::of(*o).is_some()) {
        return Ok(code.into());
    }
    let dont_inherit = match args.opt(4) {
        Some(v) => protocol::truth(cx, v)?,
        None => false,
    };
    let is_text = string::wtf8(args.get(0)).is_some();
    let mut job = Job { flags: flags as u32, optimize, is_text, ..Job::new(&filename, mode) };
    if !dont_inherit {
        job.flags |= inherited_flags(cx);
    }
    if _ast::is_tree(cx, args.get(0))? {
        if only_tree {
            _ast::check_root(cx, args.get(0), mode)?;
            return Ok(args.get(0));
        }
        let module = _ast::read(cx, args.get(0), mode)?;
        job.is_tree = true;
        return compiling::code_of_tree(cx, &module, &job).map(Value::from);
    }
    let source = source_text(cx, args.get(0), "compile")?;
    tell_of_compiling(cx, &source, args.get(1))?;
    if only_tree {
        let module = compiling::tree(cx, &source, &job)?;
        return _ast::write(cx, &module);
    }
    compiling::code(cx, &source, &job).map(Value::from)
}

/// The functions of this file.
pub const FUNCTIONS: &[NativeDef] = &[
    row(
        "globals",
        "()",
        globals,
        "Return the dictionary containing the current scope's global variables.\n\nNOTE: Updates to this dictionary *will* affect name lookups in the current\nglobal scope and vice-versa.",
    ),
    row(
        "locals",
        "()",
        locals,
        "Return a dictionary containing the current scope's local variables.\n\nNOTE: Whether or not updates to this dictionary will affect name lookups in\nthe local scope and vice-versa is *implementation dependent* and not\ncovered by any backwards compatibility guarantees.",
    ),
    machine(row(
        "eval",
        "(source, /, globals=None, locals=None)",
        eval,
        "Evaluate the given source in the context of globals and locals.\n\nThe source may be a string representing a Python expression\nor a code object as returned by compile().\nThe globals must be a dictionary and locals can be any mapping,\ndefaulting to the current globals and locals.\nIf only globals is given, locals defaults to it.",
    )),
    machine(row(
        "exec",
        "(source, /, globals=None, locals=None, *, closure=None)",
        exec,
        "Execute the given source in the context of globals and locals.\n\nThe source may be a string representing one or more Python statements\nor a code object as returned by compile().\nThe globals must be a dictionary and locals can be any mapping,\ndefaulting to the current globals and locals.\nIf only globals is given, locals defaults to it.\nThe closure must be a tuple of cellvars, and can only be used\nwhen source is a code object requiring exactly that many cellvars.",
    )),
    row(
        "compile",
        "(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)",
        compile,
        "Compile source into a code object that can be executed by exec() or eval().\n\nThe source code may represent a Python module, statement or expression.\nThe filename will be used for run-time error messages.\nThe mode must be 'exec' to compile a module, 'single' to compile a\nsingle (interactive) statement, or 'eval' to compile an expression.\nThe flags argument, if present, controls which future statements influence\nthe compilation of the code.\nThe dont_inherit argument, if true, stops the compilation inheriting\nthe effects of any future statements in effect in the code calling\ncompile; if absent or false these statements do influence the compilation,\nin addition to any features explicitly specified.",
    ),
];
