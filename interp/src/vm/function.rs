//! Python functions and cells: layout, construction, the `function` and `cell` types.
//!
//! Conflicts: a function's code, defaults and closure are read without barriers; assigning them (`f.__defaults__ = ...`) makes
//! the transaction irrevocable first. Its `__dict__`, name and annotations are ordinary slots. A cell has one header.

use taipan_objects::{
    class,
    cx::Cx,
    exc::Completion,
    heap::{Kind, Obj},
    names::N,
    native::{Args, Effect, GetSetDef, NativeDef},
    protocol, raise,
    types::{Body, T, TypeDef, descr, dict, str as string},
    value::Value,
};

use crate::{
    code::{CodeFlags, operand::make_function},
    vm::{
        frame::Regs,
        loaded::{self, LoadedCode},
    },
};

/// Slots of function objects.
pub mod slot {
    /// Foreign pointer to the `LoadedCode`.
    pub const CODE_PTR: usize = 2;
    /// The code object.
    pub const CODE: usize = 3;
    /// Globals dict.
    pub const GLOBALS: usize = 4;
    /// Tuple of cells, or unbound.
    pub const CLOSURE: usize = 5;
    /// Tuple of positional defaults, or unbound.
    pub const DEFAULTS: usize = 6;
    /// Dict of keyword-only defaults, or unbound.
    pub const KWDEFAULTS: usize = 7;
    /// `__name__`.
    pub const NAME: usize = 8;
    /// `__qualname__`.
    pub const QUALNAME: usize = 9;
    /// `__module__`; unbound until asked for or set.
    pub const MODULE: usize = 10;
    /// `__doc__`; unbound until asked for or set.
    pub const DOC: usize = 11;
    /// Dict of annotations, or unbound.
    pub const ANNOTATIONS: usize = 12;
    /// `__annotate__`, or unbound.
    pub const ANNOTATE: usize = 13;
    /// `__type_params__`, or unbound.
    pub const TYPE_PARAMS: usize = 14;
    /// Words before the overflow word.
    pub const WORDS: u16 = 15;
}

/// Word of a cell's content; unbound when empty.
pub const CELL_CONTENT: usize = 2;

/// The code of a function.
#[inline(always)]
pub fn code(f: Obj) -> &'static LoadedCode {
    let address = f.raw(slot::CODE_PTR).foreign_address();
    // SAFETY: only `new` and `set_code` store this slot, from loaded code whose object is in `slot::CODE`.
    unsafe { &*(address as *const LoadedCode) }
}

/// The word of the running function's globals dict.
#[inline(always)]
pub fn globals_word(regs: Regs) -> u64 {
    globals(regs).bits()
}

/// The running function's globals dict.
#[inline(always)]
pub fn globals(regs: Regs) -> Value {
    match regs.func_value().obj() {
        Some(f) => f.raw(slot::GLOBALS),
        None => Value::UNBOUND,
    }
}

/// A function of the code object `code` over `globals`.
///
/// # Errors
/// `MemoryError`.
pub fn new(cx: &mut Cx, code: Obj, globals: Value) -> Completion<Obj> {
    let Some(loaded) = loaded::of(code) else {
        return raise!(cx, TypeError, "function() argument 'code' must be code");
    };
    let (name, qualname) = (loaded.name, loaded.qualname);
    let f = cx.new_object(T::function)?;
    f.init(slot::CODE_PTR, Value::foreign(std::ptr::from_ref(loaded) as usize));
    f.init(slot::CODE, code.into());
    f.init(slot::GLOBALS, globals);
    f.init(slot::NAME, name);
    f.init(slot::QUALNAME, qualname);
    Ok(f)
}

/// As [`new`], with the parts of `MakeFunction` in flag order.
///
/// # Errors
/// `MemoryError`.
pub fn with_parts(
    cx: &mut Cx,
    code: Obj,
    globals: Value,
    flags: u8,
    parts: &[Value],
) -> Completion<Obj> {
    let f = new(cx, code, globals)?;
    let places = [
        (make_function::DEFAULTS, slot::DEFAULTS),
        (make_function::KWDEFAULTS, slot::KWDEFAULTS),
        (make_function::ANNOTATE, slot::ANNOTATE),
        (make_function::CLOSURE, slot::CLOSURE),
    ];
    let mut parts = parts.iter();
    for (bit, word) in places {
        if flags & bit != 0
            && let Some(&part) = parts.next()
        {
            f.init(word, part);
        }
    }
    Ok(f)
}

/// A new cell.
///
/// # Errors
/// `MemoryError`.
pub fn new_cell(cx: &mut Cx, content: Value) -> Completion<Obj> {
    let cell = cx.new_object(T::cell)?;
    cell.init(CELL_CONTENT, content);
    Ok(cell)
}

/// `T::code`'s constants: the docstring.
fn docstring(f: Obj) -> Value {
    let code = code(f);
    if code.has(CodeFlags::HAS_DOCSTRING) {
        code.consts.first().copied().unwrap_or(Value::NONE)
    } else {
        Value::NONE
    }
}

fn function_of(cx: &mut Cx, v: Value) -> Completion<Obj> {
    match v.obj().filter(|o| o.kind() == Kind::Function) {
        Some(f) => Ok(f),
        None => raise!(cx, TypeError, "descriptor requires a function"),
    }
}

fn get_slot(cx: &mut Cx, v: Value, word: usize) -> Completion<Value> {
    let f = function_of(cx, v)?;
    Ok(cx.read(f, word)?.bound().unwrap_or(Value::NONE))
}

fn get_module(cx: &mut Cx, v: Value) -> Completion<Value> {
    let f = function_of(cx, v)?;
    if let Some(module) = cx.read(f, slot::MODULE)?.bound() {
        return Ok(module);
    }
    match f.raw(slot::GLOBALS).obj() {
        Some(globals) => {
            let name = cx.name(N::name);
            Ok(dict::get_item_name(cx, globals, name)?.bound().unwrap_or(Value::NONE))
        }
        None => Ok(Value::NONE),
    }
}

fn set_plain(cx: &mut Cx, v: Value, word: usize, new: Value) -> Completion<()> {
    let f = function_of(cx, v)?;
    cx.set(f, word, if new.is_unbound() { Value::NONE } else { new })
}

fn set_text(cx: &mut Cx, v: Value, word: usize, new: Value, what: &str) -> Completion<()> {
    if string::text(new).is_none() {
        return raise!(cx, TypeError, "{what} must be set to a string object");
    }
    set_plain(cx, v, word, new)
}

/// Stores a part that calls read without barriers.
fn set_hard(cx: &mut Cx, f: Obj, word: usize, new: Value) -> Completion<()> {
    if !cx.is_solo() {
        (cx.world.upcalls().irrevocable)(cx)?;
    }
    cx.set(f, word, new)
}

fn set_defaults(cx: &mut Cx, v: Value, new: Value) -> Completion<()> {
    let f = function_of(cx, v)?;
    if new.is_unbound() || new.is_none() {
        return set_hard(cx, f, slot::DEFAULTS, Value::UNBOUND);
    }
    if !cx.is_a(new, T::tuple) {
        return raise!(cx, TypeError, "__defaults__ must be set to a tuple object");
    }
    set_hard(cx, f, slot::DEFAULTS, new)
}

fn set_kwdefaults(cx: &mut Cx, v: Value, new: Value) -> Completion<()> {
    let f = function_of(cx, v)?;
    if new.is_unbound() || new.is_none() {
        return set_hard(cx, f, slot::KWDEFAULTS, Value::UNBOUND);
    }
    if !cx.is_a(new, T::dict) {
        return raise!(cx, TypeError, "__kwdefaults__ must be set to a dict object");
    }
    set_hard(cx, f, slot::KWDEFAULTS, new)
}

fn set_code(cx: &mut Cx, v: Value, new: Value) -> Completion<()> {
    let f = function_of(cx, v)?;
    let Some(code) = new.obj() else {
        return raise!(cx, TypeError, "__code__ must be set to a code object");
    };
    let Some(loaded) = loaded::of(code) else {
        return raise!(cx, TypeError, "__code__ must be set to a code object");
    };
    let n_cells = f.raw(slot::CLOSURE).obj().map_or(0, Obj::len);
    let n_free = loaded.unit.freevars.len();
    if n_cells != n_free {
        let name = string::text(f.raw(slot::NAME)).unwrap_or("?");
        return raise!(
            cx,
            ValueError,
            "{name}() requires a code object with {n_cells} free vars, not {n_free}"
        );
    }
    // A frame may still run the old code, and finds its constants through it.
    cx.world.pin(f.raw(slot::CODE));
    set_hard(cx, f, slot::CODE, new)?;
    set_hard(cx, f, slot::CODE_PTR, Value::foreign(std::ptr::from_ref(loaded) as usize))
}

fn get_doc(cx: &mut Cx, v: Value) -> Completion<Value> {
    let f = function_of(cx, v)?;
    Ok(cx.read(f, slot::DOC)?.bound().unwrap_or_else(|| docstring(f)))
}

fn get_annotations(cx: &mut Cx, v: Value) -> Completion<Value> {
    let f = function_of(cx, v)?;
    let now = cx.read(f, slot::ANNOTATIONS)?;
    if now.is_bound() && !now.is_none() {
        return Ok(now);
    }
    let annotate = cx.read(f, slot::ANNOTATE)?;
    let made = if annotate.is_bound() && !annotate.is_none() {
        let made = protocol::call(cx, annotate, &[Value::small(1)])?;
        if !cx.is_a(made, T::dict) {
            let got = cx.type_name(made);
            return raise!(cx, TypeError, "__annotate__() must return a dict, not {got}");
        }
        made
    } else {
        dict::new(cx)?.into()
    };
    cx.set(f, slot::ANNOTATIONS, made)?;
    Ok(made)
}

fn set_annotations(cx: &mut Cx, v: Value, new: Value) -> Completion<()> {
    let f = function_of(cx, v)?;
    let new = if new.is_none() { Value::UNBOUND } else { new };
    if new.is_bound() && !cx.is_a(new, T::dict) {
        return raise!(cx, TypeError, "__annotations__ must be set to a dict object");
    }
    cx.set(f, slot::ANNOTATIONS, new)?;
    cx.set(f, slot::ANNOTATE, Value::UNBOUND)
}

fn set_annotate(cx: &mut Cx, v: Value, new: Value) -> Completion<()> {
    let f = function_of(cx, v)?;
    if new.is_unbound() {
        return raise!(cx, TypeError, "__annotate__ cannot be deleted");
    }
    cx.set(f, slot::ANNOTATE, new)?;
    if !new.is_none() {
        cx.set(f, slot::ANNOTATIONS, Value::UNBOUND)?;
    }
    Ok(())
}

fn get_type_params(cx: &mut Cx, v: Value) -> Completion<Value> {
    let f = function_of(cx, v)?;
    Ok(cx.read(f, slot::TYPE_PARAMS)?.bound().unwrap_or_else(|| cx.world.empty_tuple()))
}

fn set_type_params(cx: &mut Cx, v: Value, new: Value) -> Completion<()> {
    if !cx.is_a(new, T::tuple) {
        return raise!(cx, TypeError, "__type_params__ must be set to a tuple");
    }
    set_plain(cx, v, slot::TYPE_PARAMS, new)
}

fn get_builtins(cx: &mut Cx, v: Value) -> Completion<Value> {
    let f = function_of(cx, v)?;
    let globals = f.raw(slot::GLOBALS);
    super::exec::names::builtins_of(cx, globals)
}

fn read_only(cx: &mut Cx, _: Value, _: Value) -> Completion<()> {
    raise!(cx, AttributeError, "readonly attribute")
}

fn get_dict(cx: &mut Cx, v: Value) -> Completion<Value> {
    let f = function_of(cx, v)?;
    Ok(protocol::attr::materialize_dict(cx, f)?.map_or(Value::NONE, Value::from))
}

fn set_dict(cx: &mut Cx, v: Value, new: Value) -> Completion<()> {
    let f = function_of(cx, v)?;
    match new.obj().filter(|d| d.kind() == Kind::Dict) {
        Some(d) => protocol::attr::replace_dict(cx, f, d),
        None if new.is_unbound() => raise!(cx, TypeError, "cannot delete __dict__"),
        None => {
            let got = cx.type_name(new);
            raise!(cx, TypeError, "__dict__ must be set to a dictionary, not a '{got}'")
        }
    }
}

const FUNCTION_GETSET: [GetSetDef; 9] = [
    GetSetDef { name: "__dict__", get: get_dict, set: Some(set_dict), doc: "" },
    GetSetDef {
        name: "__code__",
        get: |cx, v| get_slot(cx, v, slot::CODE),
        set: Some(set_code),
        doc: "",
    },
    GetSetDef {
        name: "__defaults__",
        get: |cx, v| get_slot(cx, v, slot::DEFAULTS),
        set: Some(set_defaults),
        doc: "",
    },
    GetSetDef {
        name: "__kwdefaults__",
        get: |cx, v| get_slot(cx, v, slot::KWDEFAULTS),
        set: Some(set_kwdefaults),
        doc: "",
    },
    GetSetDef {
        name: "__name__",
        get: |cx, v| get_slot(cx, v, slot::NAME),
        set: Some(|cx, v, new| set_text(cx, v, slot::NAME, new, "__name__")),
        doc: "",
    },
    GetSetDef {
        name: "__qualname__",
        get: |cx, v| get_slot(cx, v, slot::QUALNAME),
        set: Some(|cx, v, new| set_text(cx, v, slot::QUALNAME, new, "__qualname__")),
        doc: "",
    },
    GetSetDef {
        name: "__annotations__",
        get: get_annotations,
        set: Some(set_annotations),
        doc: "",
    },
    GetSetDef {
        name: "__annotate__",
        get: |cx, v| get_slot(cx, v, slot::ANNOTATE),
        set: Some(set_annotate),
        doc: "",
    },
    GetSetDef {
        name: "__type_params__",
        get: get_type_params,
        set: Some(set_type_params),
        doc: "",
    },
];

const FUNCTION_MEMBERS: [GetSetDef; 5] = [
    GetSetDef {
        name: "__globals__",
        get: |cx, v| get_slot(cx, v, slot::GLOBALS),
        set: Some(read_only),
        doc: "",
    },
    GetSetDef {
        name: "__closure__",
        get: |cx, v| get_slot(cx, v, slot::CLOSURE),
        set: Some(read_only),
        doc: "",
    },
    GetSetDef {
        name: "__module__",
        get: get_module,
        set: Some(|cx, v, new| set_plain(cx, v, slot::MODULE, new)),
        doc: "",
    },
    GetSetDef {
        name: "__doc__",
        get: get_doc,
        set: Some(|cx, v, new| set_plain(cx, v, slot::DOC, new)),
        doc: "",
    },
    GetSetDef { name: "__builtins__", get: get_builtins, set: Some(read_only), doc: "" },
];

fn function_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let Some(code) = args.get(1).obj().filter(|o| loaded::of(*o).is_some()) else {
        let got = cx.type_name(args.get(1));
        return raise!(cx, TypeError, "function() argument 'code' must be code, not {got}");
    };
    if !cx.is_a(args.get(2), T::dict) {
        let got = cx.type_name(args.get(2));
        return raise!(cx, TypeError, "function() argument 'globals' must be dict, not {got}");
    }
    let fits = |cx: &Cx, i: usize, t: T| args.not_none(i).is_none_or(|v| cx.is_a(v, t));
    let kinds = [
        (3, T::str, "arg 3 (name) must be None or string"),
        (4, T::tuple, "arg 4 (defaults) must be None or tuple"),
        (6, T::dict, "arg 6 (kwdefaults) must be None or dict"),
    ];
    if let Some((_, _, text)) = kinds.iter().find(|(i, t, _)| !fits(cx, *i, *t)) {
        return raise!(cx, TypeError, "{text}");
    }
    let n_free = loaded::of(code).map_or(0, |c| c.unit.freevars.len());
    let n_cells = match args.not_none(5) {
        Some(closure) if !cx.is_a(closure, T::tuple) => {
            return raise!(cx, TypeError, "arg 5 (closure) must be tuple");
        }
        Some(closure) => closure.obj().map_or(0, Obj::len),
        None if n_free > 0 => return raise!(cx, TypeError, "arg 5 (closure) must be tuple"),
        None => 0,
    };
    if n_cells != n_free {
        let name = loaded::of(code).map_or("?", |c| &c.unit.name);
        return raise!(cx, ValueError, "{name} requires closure of length {n_free}, not {n_cells}");
    }
    let f = new(cx, code, args.get(2))?;
    if let Some(name) = args.not_none(3) {
        f.init(slot::NAME, name);
    }
    if let Some(defaults) = args.not_none(4) {
        f.init(slot::DEFAULTS, defaults);
    }
    if let Some(closure) = args.not_none(5) {
        f.init(slot::CLOSURE, closure);
    }
    if let Some(kwdefaults) = args.not_none(6) {
        f.init(slot::KWDEFAULTS, kwdefaults);
    }
    Ok(f.into())
}

fn function_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let f = function_of(cx, args.this())?;
    let name = cx.read(f, slot::QUALNAME)?;
    let name = string::text(name).unwrap_or("?").to_owned();
    cx.new_str(&format!("<function {name} at {:#x}>", f.to_word()))
}

fn function_get(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    if args.get(1).is_none() {
        if args.get(2).is_none() {
            return raise!(cx, TypeError, "__get__(None, None) is invalid");
        }
        return Ok(args.this());
    }
    descr::new_method(cx, args.this(), args.get(1))
}

fn function_call(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    protocol::call::call_star(cx, args.this(), args.rest(1), args.get(2))
}

/// `function`.
pub static FUNCTION: TypeDef = TypeDef {
    id: Some(T::function),
    name: "function",
    body: Body::WithDict(Kind::Function, slot::WORDS),
    static_methods: &[NativeDef {
        name: "__new__",
        sig: "(cls, code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)",
        effect: Effect::Transactional,
        run: function_new,
        doc: "Create a function object.",
    }],
    methods: &[
        NativeDef {
            name: "__repr__",
            sig: "(self, /)",
            effect: Effect::Transactional,
            run: function_repr,
            doc: "Return repr(self).",
        },
        NativeDef {
            name: "__get__",
            sig: "(self, instance, owner=None, /)",
            effect: Effect::Transactional,
            run: function_get,
            doc: "Return an attribute of instance, which is of type owner.",
        },
        NativeDef {
            name: "__call__",
            sig: "(self, /, *args, **kwargs)",
            effect: Effect::Transactional,
            run: function_call,
            doc: "Call self as a function.",
        },
    ],
    getset: &FUNCTION_GETSET,
    members: &FUNCTION_MEMBERS,
    doc: "Create a function object.",
    ..TypeDef::BASE
};

// ---- cells ----------------------------------------------------------------------------------

fn cell_of(cx: &mut Cx, v: Value) -> Completion<Obj> {
    match v.obj().filter(|o| o.kind() == Kind::Cell) {
        Some(cell) => Ok(cell),
        None => raise!(cx, TypeError, "cell expected"),
    }
}

fn cell_get(cx: &mut Cx, v: Value) -> Completion<Value> {
    let cell = cell_of(cx, v)?;
    match cx.read(cell, CELL_CONTENT)?.bound() {
        Some(v) => Ok(v),
        None => raise!(cx, ValueError, "Cell is empty"),
    }
}

fn cell_set(cx: &mut Cx, v: Value, new: Value) -> Completion<()> {
    let cell = cell_of(cx, v)?;
    cx.set(cell, CELL_CONTENT, new)
}

fn cell_new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    new_cell(cx, args.get(1)).map(Value::from)
}

fn cell_repr(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let cell = cell_of(cx, args.this())?;
    let content = cx.read(cell, CELL_CONTENT)?;
    let at = cell.to_word();
    let text = match content.bound() {
        None => format!("<cell at {at:#x}: empty>"),
        Some(v) => {
            let name = class::name(cx.class_of(v));
            format!("<cell at {at:#x}: {name} object at {:#x}>", v.bits())
        }
    };
    cx.new_str(&text)
}

/// `cell`.
pub static CELL: TypeDef = TypeDef {
    id: Some(T::cell),
    name: "cell",
    body: Body::Words(Kind::Cell, 3),
    static_methods: &[NativeDef {
        name: "__new__",
        sig: "(cls, contents=<unset>, /)",
        effect: Effect::Transactional,
        run: cell_new,
        doc: "Create a new cell object.",
    }],
    methods: &[NativeDef {
        name: "__repr__",
        sig: "(self, /)",
        effect: Effect::Transactional,
        run: cell_repr,
        doc: "Return repr(self).",
    }],
    getset: &[GetSetDef { name: "cell_contents", get: cell_get, set: Some(cell_set), doc: "" }],
    doc: "Create a new cell object.",
    ..TypeDef::BASE
};
