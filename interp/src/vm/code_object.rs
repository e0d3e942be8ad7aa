//! `code` as Python sees it.

use taipan_objects::{
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    native::{Args, Effect, GetSetDef, NativeDef},
    protocol::{self, RootVec},
    raise,
    types::{Body, T, TypeDef},
    value::Value,
};

use crate::{
    code::{CodeFlags, CodeUnit, Op, Position, Variable},
    vm::{
        loaded::{self, LoadedCode},
        state::vm_ref,
    },
};

fn this(cx: &mut Cx, v: Value) -> Completion<&'static LoadedCode> {
    match v.obj().and_then(loaded::of) {
        Some(code) => Ok(code),
        None => raise!(cx, TypeError, "code expected"),
    }
}

fn number(n: u32) -> Completion<Value> {
    Ok(Value::small(i64::from(n)))
}

fn names(cx: &mut Cx, variables: &[Variable]) -> Completion<Value> {
    let mut all = RootVec::new();
    for v in variables {
        let name = cx.intern(&v.name)?;
        all.push(cx, name)?;
    }
    cx.new_tuple(all.as_slice())
}

fn text(cx: &mut Cx, v: Value, f: fn(&CodeUnit) -> &str) -> Completion<Value> {
    let code = this(cx, v)?;
    cx.intern(f(&code.unit))
}

fn co_names(cx: &mut Cx, v: Value) -> Completion<Value> {
    let code = this(cx, v)?;
    let mut all = RootVec::new();
    for name in &code.unit.names {
        let name = cx.intern(name)?;
        all.push(cx, name)?;
    }
    cx.new_tuple(all.as_slice())
}

/// Where Python code is told that an instruction is: two units each, behind the two of the function's beginning.
pub fn offset(at: usize) -> i64 {
    (at as i64 + 1) * 2
}

/// The instruction at such an offset.
pub fn index_at(offset: i64) -> i64 {
    (offset / 2 - 1).max(0)
}

/// The line at which a frame of the code begins: a module's is before its first one.
pub fn start_line(unit: &CodeUnit) -> u32 {
    if &*unit.name == "<module>" { 0 } else { unit.first_line }
}

/// Offsets at which lines begin. A line without an instruction has the unit before the one that it precedes; what has no
/// line of its own belongs to the one before it.
fn line_starts(unit: &CodeUnit) -> Vec<(i64, Option<u32>)> {
    let mut all = vec![(0, Some(start_line(unit)))];
    let mut marks = unit.marks.iter().peekable();
    for (at, p) in unit.positions.iter().enumerate() {
        while let Some(mark) = marks.next_if(|mark| mark.at as usize == at) {
            all.push((offset(at) - 1, Some(mark.line)));
        }
        let line = (p.line != 0).then_some(p.line);
        if at == 0 || line.is_some() && all.last().is_none_or(|&(_, last)| last != line) {
            all.push((offset(at), line));
        }
    }
    all
}

fn co_lines(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let code = this(cx, args.this())?;
    let starts = line_starts(&code.unit);
    let ends = starts.iter().skip(1).map(|&(start, _)| start);
    let ends = ends.chain([offset(code.unit.instrs.len())]);
    let mut all = RootVec::new();
    for (&(start, line), end) in starts.iter().zip(ends) {
        let line = line.map_or(Value::NONE, |line| Value::small(i64::from(line)));
        let row = cx.new_tuple(&[Value::small(start), Value::small(end), line])?;
        all.push(cx, row)?;
    }
    let tuple = cx.new_tuple(all.as_slice())?;
    protocol::iter(cx, tuple)
}

fn co_positions(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let code = this(cx, args.this())?;
    let mut all = RootVec::new();
    let without_columns = vm_ref(cx).shared.options.no_debug_ranges;
    let line = start_line(&code.unit);
    let entry = Position { line, end_line: line, col: 0, end_col: 0 };
    for p in std::iter::once(&entry).chain(&code.unit.positions) {
        let part = |n: u32| if p.line == 0 { Value::NONE } else { Value::small(i64::from(n)) };
        let row = if without_columns {
            [part(p.line), part(p.line), Value::NONE, Value::NONE]
        } else {
            [part(p.line), part(p.end_line), part(p.col), part(p.end_col)]
        };
        let row = cx.new_tuple(&row)?;
        all.push(cx, row)?;
    }
    let tuple = cx.new_tuple(all.as_slice())?;
    protocol::iter(cx, tuple)
}

/// Opcodes of CPython's: the beginning of a function, and no operation.
const RESUME: u8 = 128;
const NOP: u8 = 27;

/// Whether an instruction stands before the body of a function.
pub fn is_prologue(op: Op) -> bool {
    matches!(op, Op::StartGen | Op::MakeCell | Op::CopyFree | Op::MakeWide)
}

/// What tools can make of the code: one CPython instruction that does nothing for each, so that offsets and lines are right.
fn co_code(cx: &mut Cx, v: Value) -> Completion<Value> {
    let code = this(cx, v)?;
    let instrs = &code.unit.instrs;
    let mut bytes = [NOP, 0].repeat(instrs.len() + 1);
    // What follows is the first instruction of the body.
    bytes[2 * instrs.iter().take_while(|i| is_prologue(i.op)).count()] = RESUME;
    super::exec::constants::bytes(cx, &bytes)
}

fn empty_bytes(cx: &mut Cx, v: Value) -> Completion<Value> {
    this(cx, v)?;
    super::exec::constants::bytes(cx, &[])
}

fn flags(cx: &mut Cx, v: Value) -> Completion<Value> {
    number(this(cx, v)?.unit.flags.visible())
}

fn repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let code = this(cx, args.this())?;
    let unit = &code.unit;
    let at = args.this().bits();
    cx.new_str(&format!(
        "<code object {} at {at:#x}, file \"{}\", line {}>",
        unit.name, unit.filename, unit.first_line
    ))
}

fn equal(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let a = this(cx, args.this())?;
    match args.get(1).obj().and_then(loaded::of) {
        Some(b) => Ok(Value::bool(std::ptr::eq(a, b) || *a.unit == *b.unit)),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn hash(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let code = this(cx, args.this())?;
    let name = cx.intern(&code.unit.qualname)?;
    let h = protocol::hash(cx, name)?;
    let mixed = h ^ (code.unit.instrs.len() as i64) ^ i64::from(code.unit.first_line) << 20;
    cx.new_int(mixed >> 13)
}

/// `replace`: the attributes that leave the instructions as they are.
fn replace(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let code = this(cx, args.this())?;
    let mut unit = (*code.unit).clone();
    if let Some(kwargs) = args.get(1).obj() {
        let items = taipan_objects::types::dict::items(cx, kwargs)?;
        for pair in items.as_slice().chunks_exact(2) {
            let key = protocol::convert::str_text(cx, pair[0])?;
            match key.as_str() {
                "co_name" => unit.name = protocol::convert::str_text(cx, pair[1])?.into(),
                "co_qualname" => unit.qualname = protocol::convert::str_text(cx, pair[1])?.into(),
                "co_filename" => unit.filename = protocol::convert::str_text(cx, pair[1])?.into(),
                "co_firstlineno" => {
                    unit.first_line =
                        protocol::index_i64(cx, pair[1])?.clamp(0, i64::from(u32::MAX)) as u32;
                }
                "co_flags" => {
                    let new = protocol::index_i64(cx, pair[1])? as u32;
                    unit.flags = CodeFlags(new | (unit.flags.0 & CodeFlags::NAMESPACE.0));
                }
                _ => {
                    return raise!(
                        cx,
                        NotImplementedError,
                        "code.replace() does not support '{key}'"
                    );
                }
            }
        }
    }
    let ids = vm_ref(cx).shared.code_ids.clone();
    loaded::load(cx, &ids, &unit.into()).map(Value::from)
}

fn varname_from_oparg(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let code = this(cx, args.this())?;
    let i = protocol::index_i64(cx, args.get(1))?;
    match usize::try_from(i).ok().and_then(|i| code.unit.varnames.get(i)) {
        Some(v) => cx.intern(&v.name),
        None => raise!(cx, IndexError, "tuple index out of range"),
    }
}

const fn row(
    name: &'static str,
    sig: &'static str,
    run: taipan_objects::native::NativeFn,
    doc: &'static str,
) -> NativeDef {
    NativeDef { name, sig, effect: Effect::Transactional, run, doc }
}

const fn get(name: &'static str, get: fn(&mut Cx, Value) -> Completion<Value>) -> GetSetDef {
    GetSetDef { name, get, set: None, doc: "" }
}

/// `code`.
pub static CODE: TypeDef = TypeDef {
    id: Some(T::code),
    name: "code",
    body: Body::Words(Kind::Code, 4),
    methods: &[
        row("__repr__", "(self, /)", repr, "Return repr(self)."),
        row("__eq__", "(self, value, /)", equal, "Return self==value."),
        row("__hash__", "(self, /)", hash, "Return hash(self)."),
        row(
            "replace",
            "(self, /, **changes)",
            replace,
            "Return a copy of the code object with new values for the specified fields.",
        ),
        row("__replace__", "(self, /, **changes)", replace, "The same as replace()."),
        row("co_lines", "(self, /)", co_lines, ""),
        row("co_positions", "(self, /)", co_positions, ""),
        row("_varname_from_oparg", "(self, oparg)", varname_from_oparg, ""),
    ],
    getset: &[
        get("co_name", |cx, v| text(cx, v, |u| &u.name)),
        get("co_qualname", |cx, v| text(cx, v, |u| &u.qualname)),
        get("co_filename", |cx, v| text(cx, v, |u| &u.filename)),
        get("co_firstlineno", |cx, v| number(this(cx, v)?.unit.first_line)),
        get("co_argcount", |cx, v| number(this(cx, v)?.unit.n_args)),
        get("co_posonlyargcount", |cx, v| number(this(cx, v)?.unit.n_posonly)),
        get("co_kwonlyargcount", |cx, v| number(this(cx, v)?.unit.n_kwonly)),
        get("co_nlocals", |cx, v| number(this(cx, v)?.unit.varnames.len() as u32)),
        get("co_stacksize", |cx, v| number(this(cx, v)?.unit.n_regs)),
        get("co_flags", flags),
        get("co_consts", |cx, v| {
            let code = this(cx, v)?;
            cx.new_tuple(&code.consts)
        }),
        get("co_names", co_names),
        get("co_varnames", |cx, v| {
            let code = this(cx, v)?;
            names(cx, &code.unit.varnames)
        }),
        get("co_cellvars", |cx, v| {
            let code = this(cx, v)?;
            names(cx, &code.unit.cellvars)
        }),
        get("co_freevars", |cx, v| {
            let code = this(cx, v)?;
            names(cx, &code.unit.freevars)
        }),
        get("co_code", co_code),
        get("_co_code_adaptive", co_code),
        get("co_lnotab", empty_bytes),
        get("co_linetable", empty_bytes),
        get("co_exceptiontable", empty_bytes),
    ],
    doc: "Create a code object.  Not for mere mortals.",
    ..TypeDef::BASE
};

/// The code object's first line, for error texts.
pub fn first_line(o: Obj) -> u32 {
    loaded::of(o).map_or(0, |c| c.unit.first_line)
}
