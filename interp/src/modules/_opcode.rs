//! `_opcode`: facts about the opcodes that the `opcode` module lists.
//!
//! Those are CPython's, kept so that `dis` and `inspect` import; Taipan's own bytecode has other
//! operations, which `taipan -X dis` shows. Where an answer would have to speak of real code, there
//! is none.

use taipan_objects::{
    Args, Completion, Cx, Value,
    protocol::{RootVec, convert},
    raise,
    types::list,
};

use super::{ModuleDef, rows::row};

/// The first operation with an argument is the one after this.
const HAVE_ARGUMENT: i64 = 43;
const CONSTANTS: &[i64] = &[82];
const NAMES: &[i64] = &[61, 64, 65, 72, 73, 80, 91, 92, 93, 96, 110, 115, 116];
const JUMPS: &[i64] = &[68, 70, 75, 76, 77, 100, 101, 102, 103, 106, 257, 258, 259, 260];
const FREE: &[i64] = &[60, 62, 83, 90, 97, 111];
const LOCALS: &[i64] = &[63, 84, 85, 86, 87, 88, 89, 112, 113, 114, 266];
const HANDLERS: &[i64] = &[263, 264, 265];
const LAST: i64 = 266;

const INTRINSICS_1: &[&str] = &[
    "INTRINSIC_1_INVALID",
    "INTRINSIC_PRINT",
    "INTRINSIC_IMPORT_STAR",
    "INTRINSIC_STOPITERATION_ERROR",
    "INTRINSIC_ASYNC_GEN_WRAP",
    "INTRINSIC_UNARY_POSITIVE",
    "INTRINSIC_LIST_TO_TUPLE",
    "INTRINSIC_TYPEVAR",
    "INTRINSIC_PARAMSPEC",
    "INTRINSIC_TYPEVARTUPLE",
    "INTRINSIC_SUBSCRIPT_GENERIC",
    "INTRINSIC_TYPEALIAS",
];
const INTRINSICS_2: &[&str] = &[
    "INTRINSIC_2_INVALID",
    "INTRINSIC_PREP_RERAISE_STAR",
    "INTRINSIC_TYPEVAR_WITH_BOUND",
    "INTRINSIC_TYPEVAR_WITH_CONSTRAINTS",
    "INTRINSIC_SET_FUNCTION_TYPE_PARAMS",
    "INTRINSIC_SET_TYPEPARAM_DEFAULT",
];
const SPECIAL_METHODS: &[&str] = &["__enter__", "__exit__", "__aenter__", "__aexit__"];
const OPERATORS: &[(&str, &str)] = &[
    ("NB_ADD", "+"),
    ("NB_AND", "&"),
    ("NB_FLOOR_DIVIDE", "//"),
    ("NB_LSHIFT", "<<"),
    ("NB_MATRIX_MULTIPLY", "@"),
    ("NB_MULTIPLY", "*"),
    ("NB_REMAINDER", "%"),
    ("NB_OR", "|"),
    ("NB_POWER", "**"),
    ("NB_RSHIFT", ">>"),
    ("NB_SUBTRACT", "-"),
    ("NB_TRUE_DIVIDE", "/"),
    ("NB_XOR", "^"),
    ("NB_INPLACE_ADD", "+="),
    ("NB_INPLACE_AND", "&="),
    ("NB_INPLACE_FLOOR_DIVIDE", "//="),
    ("NB_INPLACE_LSHIFT", "<<="),
    ("NB_INPLACE_MATRIX_MULTIPLY", "@="),
    ("NB_INPLACE_MULTIPLY", "*="),
    ("NB_INPLACE_REMAINDER", "%="),
    ("NB_INPLACE_OR", "|="),
    ("NB_INPLACE_POWER", "**="),
    ("NB_INPLACE_RSHIFT", ">>="),
    ("NB_INPLACE_SUBTRACT", "-="),
    ("NB_INPLACE_TRUE_DIVIDE", "/="),
    ("NB_INPLACE_XOR", "^="),
    ("NB_SUBSCR", "[]"),
];

fn answer(cx: &mut Cx, args: Args<'_>, test: impl Fn(i64) -> bool) -> Completion<Value> {
    let op = convert::index_i64(cx, args.get(0))?;
    Ok(Value::bool(test(op)))
}

fn texts(cx: &mut Cx, all: &[&str]) -> Completion<Value> {
    let mut items = RootVec::new();
    for text in all {
        let text = cx.intern(text)?;
        items.push(cx, text)?;
    }
    list::from_vec(cx, items).map(Into::into)
}

fn operators(cx: &mut Cx, _args: Args<'_>) -> Completion<Value> {
    let mut items = RootVec::new();
    for (name, sign) in OPERATORS {
        let (name, sign) = (cx.intern(name)?, cx.intern(sign)?);
        let pair = cx.new_tuple(&[name, sign])?;
        items.push(cx, pair)?;
    }
    list::from_vec(cx, items).map(Into::into)
}

/// `_opcode`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_opcode",
    doc: "Opcode support module.",
    functions: &[
        row!(
            "is_valid",
            "(opcode)",
            |cx, args| answer(cx, args, |op| (0..=LAST).contains(&op)),
            ""
        ),
        row!("has_arg", "(opcode)", |cx, args| answer(cx, args, |op| op > HAVE_ARGUMENT), ""),
        row!(
            "has_const",
            "(opcode)",
            |cx, args| answer(cx, args, |op| CONSTANTS.contains(&op)),
            ""
        ),
        row!("has_name", "(opcode)", |cx, args| answer(cx, args, |op| NAMES.contains(&op)), ""),
        row!("has_jump", "(opcode)", |cx, args| answer(cx, args, |op| JUMPS.contains(&op)), ""),
        row!("has_free", "(opcode)", |cx, args| answer(cx, args, |op| FREE.contains(&op)), ""),
        row!("has_local", "(opcode)", |cx, args| answer(cx, args, |op| LOCALS.contains(&op)), ""),
        row!("has_exc", "(opcode)", |cx, args| answer(cx, args, |op| HANDLERS.contains(&op)), ""),
        row!(
            "stack_effect",
            "(opcode, oparg=None, /, *, jump=None)",
            |cx, _| raise!(cx, ValueError, "invalid opcode or oparg"),
            "There is no stack: every operation is refused."
        ),
        row!("get_intrinsic1_descs", "()", |cx, _| texts(cx, INTRINSICS_1), ""),
        row!("get_intrinsic2_descs", "()", |cx, _| texts(cx, INTRINSICS_2), ""),
        row!("get_special_method_names", "()", |cx, _| texts(cx, SPECIAL_METHODS), ""),
        row!("get_nb_ops", "()", operators, "Names and signs of the binary operators."),
        row!(
            "get_executor",
            "(*, code, offset)",
            |cx, _| raise!(cx, RuntimeError, "Executors are not available in this build"),
            ""
        ),
        row!("get_specialization_stats", "()", |_, _| Ok(Value::NONE), ""),
    ],
    exec: |cx, module| super::set(cx, module, "ENABLE_SPECIALIZATION", Value::FALSE),
    ..ModuleDef::BASE
};
